"""Reads: bytes from memory, staging or cache; what is only in the store is fetched, and what comes next fetched ahead.

Touches memory and the page cache only. A chunk that is not there yet raises Suspend, and the read is run again from its
start: it must have no effect that a second run would double.
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.counts import ReadCounts
from nfsgw.chunks.door import Buffer
from nfsgw.chunks.fetcher import Fetcher
from nfsgw.chunks.loading import Loader
from nfsgw.chunks.reading import SlotReader
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.namespace.model import CHUNK_SIZE, Inode

ZEROS: Final = bytes(1 << 20)


class Reads:
    def __init__(
        self,
        table: Table,
        loader: Loader,
        cache: Cache,
        fetcher: Fetcher,
        reader: SlotReader,
        settings: ChunkSettings,
    ) -> None:
        self._table = table
        self._loader = loader
        self._cache = cache
        self._fetcher = fetcher
        self._reader = reader
        self._settings = settings
        self.counts = ReadCounts()

    def read(self, inode: Inode, offset: int, count: int) -> list[Buffer]:
        """See ChunksDoor.read."""
        size = inode.size
        if offset >= size or count <= 0:
            return []
        if offset + count > size:
            count = size - offset
        table = self._table
        table.trim()
        file = table.file(inode.id)
        buffers: list[Buffer] = []
        index = offset // CHUNK_SIZE
        start = offset - index * CHUNK_SIZE
        try:
            if index != file.last_index:
                self._read_ahead(file, inode, index)
            while count > 0:
                piece = CHUNK_SIZE - start
                if piece > count:
                    piece = count
                chunk = file.chunks.get(index)
                if chunk is None:
                    chunk = self._loader.load(file, inode, index)
                chunk.recent = True
                self._read_chunk(chunk, start, piece, buffers)
                count -= piece
                index += 1
                start = 0
        finally:
            if not file.chunks:
                table.drop_file(file)
        return buffers

    def _read_chunk(self, chunk: Chunk, start: int, count: int, buffers: list[Buffer]) -> None:
        defined = chunk.length - start
        if defined > count:
            defined = count
        reads = self.counts
        if defined <= 0:
            reads.holes += 1
        else:
            data = chunk.data
            if data is not None:
                buffers.append(bytes(data[start : start + defined]))
                reads.memory += 1
            elif chunk.slot is not None:
                self._reader.read(chunk.slot, start, defined, buffers)
                reads.staged += 1
            else:
                row = chunk.row
                if row is None:
                    raise AssertionError("a hole with a length")
                entry = self._cache.get(place_of(row))
                if entry is None:
                    reads.waited += 1
                    self._fetcher.need(row)
                else:
                    self._reader.read(entry.slot, start, defined, buffers)
                    reads.cached += 1
            count -= defined
        while count > 0:
            piece = len(ZEROS)
            if piece > count:
                buffers.append(memoryview(ZEROS)[:count])
                return
            buffers.append(ZEROS)
            count -= piece

    def _read_ahead(self, file: File, inode: Inode, index: int) -> None:
        """A read has come to another chunk. One reader after another chunk in order is sequential: the next ones are
        fetched."""
        if index == file.last_index + 1:
            file.streak += 1
        else:
            file.streak = 1 if index == 0 else 0
            file.ahead = index + 1
        file.last_index = index
        if file.streak == 0 or inode.used == 0:
            return
        end = index + 1 + (self._settings.read_ahead if file.streak > 1 else 1)
        file.ahead = max(file.ahead, self._fetch_ahead(file, inode, max(file.ahead, index + 1), end))

    def _fetch_ahead(self, file: File, inode: Inode, first: int, end: int) -> int:
        """Chunks [first, end), as far as the file reaches. Returns the end."""
        last = (inode.size + CHUNK_SIZE - 1) // CHUNK_SIZE
        if end > last:
            end = last
        for following in range(first, end):
            chunk = file.chunks.get(following)
            if chunk is None:
                chunk = self._loader.load(file, inode, following)
            row = chunk.row
            if chunk.data is None and chunk.slot is None and row is not None and self._cache.get(place_of(row)) is None:
                self._fetcher.ahead(row)
        return end

    def will_need(self, inode: Inode, offset: int) -> None:
        """See ChunksDoor.will_need."""
        if offset >= inode.size or inode.used == 0:
            return
        table = self._table
        table.trim()
        file = table.file(inode.id)
        first = offset // CHUNK_SIZE
        try:
            self._fetch_ahead(file, inode, first, first + max(1, self._settings.read_ahead))
        finally:
            if not file.chunks:
                table.drop_file(file)
