"""Where a file has data and where holes, as far as its chunks say: for SEEK and ALLOCATE. Moves no bytes.

A chunk is data from its start to its defined length; what lies after that, and chunks that there are not, are holes.
Zeros inside of the defined length count as data, which a server may do (RFC 7862, 15.11.3).
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.table import File
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, Inode

PAGE: Final = 256  # rows read at once


class Extents:
    """One file as it is in this turn of the loop: what is in memory, over what the namespace has."""

    def __init__(self, inode: Inode, file: File | None, namespace: NamespaceDoor) -> None:
        self._inode = inode
        self._file = file
        self._namespace = namespace
        self._page: dict[int, int] = {}  # lengths by index, of the rows in [page_from, page_to)
        self._page_from = 0
        self._page_to = 0

    def _length(self, index: int) -> int:
        """Defined bytes of a chunk."""
        file = self._file
        if file is not None:
            chunk = file.chunks.get(index)
            if chunk is not None:
                return chunk.length
        if index < self._page_from or index >= self._page_to:
            self._read_page(index)
        return self._page.get(index, 0)

    def _read_page(self, first: int) -> None:
        rows = self._namespace.chunks(self._inode.id, first, PAGE)
        self._page = {index: row.length for index, row in rows}
        self._page_from = first
        self._page_to = rows[-1][0] + 1 if len(rows) == PAGE else 1 << 63

    def next_data(self, offset: int) -> int:
        """The first byte of data from `offset` on; -1 where there is none."""
        size = self._inode.size
        if offset >= size:
            return -1
        index = offset // CHUNK_SIZE
        if self._length(index) > offset - index * CHUNK_SIZE:
            return offset
        index = self._next_index(index + 1)
        return index * CHUNK_SIZE if 0 <= index * CHUNK_SIZE < size else -1

    def _next_index(self, first: int) -> int:
        """The first chunk from there on that has data; -1."""
        best = -1
        file = self._file
        if file is not None:
            for index, chunk in file.chunks.items():
                if index >= first and chunk.length > 0 and (best < 0 or index < best):
                    best = index
        position = first
        while True:
            rows = self._namespace.chunks(self._inode.id, position, PAGE)
            for index, row in rows:
                if 0 <= best <= index:
                    return best
                if row.length > 0 and (file is None or index not in file.chunks):
                    return index
            if len(rows) < PAGE:
                return best
            position = rows[-1][0] + 1

    def next_hole(self, offset: int) -> int:
        """The first byte of a hole from `offset` on; there is one at the end of the file."""
        size = self._inode.size
        index = offset // CHUNK_SIZE
        while index * CHUNK_SIZE < size:
            length = self._length(index)
            if length < CHUNK_SIZE:
                return max(offset, min(index * CHUNK_SIZE + length, size))
            index += 1
        return max(offset, size)

    def holes(self, offset: int, end: int) -> int:
        """Bytes of [offset, end) that are in holes, or past the end of the file."""
        total = 0
        while offset < end:
            hole = self.next_hole(offset)
            if hole >= end:
                break
            data = self.next_data(hole)
            offset = end if data < 0 or data > end else data
            total += offset - hole
        return total
