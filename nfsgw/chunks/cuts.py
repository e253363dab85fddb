"""What takes bytes away: truncation, holes punched, files forgotten.

Rows go in the same turn of the loop as the memory of their chunks; the slot of one is free only when the commit that
takes its row is durable, for until then a crash brings the chunk back.
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.loading import Loader
from nfsgw.chunks.room import Room
from nfsgw.chunks.slots import Slots
from nfsgw.chunks.syncer import Syncer
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.chunks.uploader import Uploader
from nfsgw.chunks.writes import Writes
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow, Inode

PAGE: Final = 512  # rows read at once
TO_END: Final = 1 << 62  # an index after that of any chunk


class Cuts:
    def __init__(
        self,
        table: Table,
        loader: Loader,
        slots: Slots,
        cache: Cache,
        syncer: Syncer,
        uploader: Uploader,
        writes: Writes,
        room: Room,
        namespace: NamespaceDoor,
    ) -> None:
        self._table = table
        self._loader = loader
        self._slots = slots
        self._cache = cache
        self._syncer = syncer
        self._uploader = uploader
        self._writes = writes
        self._room = room
        self._namespace = namespace

    def truncate(self, inode: Inode, size: int, now: int) -> None:
        """See ChunksDoor.truncate."""
        border = size // CHUNK_SIZE
        cut = size - border * CHUNK_SIZE
        first_gone = border if cut == 0 else border + 1
        file = self._table.files.get(inode.id)
        used = inode.used
        rows: list[tuple[int, ChunkRow | None]] = []
        stored = used > 0
        if stored and size == 0:
            used = 0
        elif stored:
            used -= self._namespace.used_from(inode.id, first_gone)
            if cut:
                row = self._border_row(file, inode.id, border)
                if row is not None and row.length > cut:
                    used -= row.length - cut
                    rows.append((border, shortened(row, cut)))
        changed = bool(rows) or used != inode.used
        seq = 0
        if changed:
            seq = self._namespace.store_chunks(inode, rows, min(inode.stored_size, size), used, first_gone)
        if file is None:
            return
        gone = [chunk for index, chunk in file.chunks.items() if index >= first_gone]
        for chunk in gone:
            self._discard(chunk, seq)
        chunk_at_border = file.chunks.get(border) if cut else None
        if chunk_at_border is not None:
            self._shorten(chunk_at_border, cut, rows[0][1] if rows else None)
        if gone or changed:
            file.cuts += 1
        if not file.dirty:
            self._syncer.release(file)
        self._table.drop_file(file)

    def _border_row(self, file: File | None, inode_id: int, index: int) -> ChunkRow | None:
        chunk = file.chunks.get(index) if file is not None else None
        return chunk.row if chunk is not None else self._namespace.chunk(inode_id, index)

    def _shorten(self, chunk: Chunk, cut: int, row: ChunkRow | None) -> None:
        if row is not None:
            chunk.row = row
        if chunk.length <= cut:
            return
        chunk.generation += 1
        chunk.file.cuts += 1
        if chunk.data is not None:
            self._table.data_bytes -= len(chunk.data) - cut
            del chunk.data[cut:]
        if chunk.slot is not None:
            self._table.staged_bytes -= chunk.length - cut
        chunk.length = cut
        chunk.sent_early = False
        if not chunk.dirty:
            self._uploader.clean(chunk)

    def _discard(self, chunk: Chunk, seq: int) -> None:
        """Out of memory; its slot is free once commit `seq` is durable."""
        row = chunk.row
        slot = chunk.slot
        self._table.remove(chunk)
        if slot is not None:
            self._slots.free(slot, seq)
            self._room.made_room()
        elif row is not None and row.object:
            self._cache.drop(place_of(row))

    def punch(self, inode: Inode, offset: int, end: int, now: int) -> None:
        """See ChunksDoor.punch."""
        size = inode.size
        end = min(end, size)
        if offset >= end:
            return
        table = self._table
        table.trim()
        file = table.file(inode.id)
        try:
            first, last, border = self._punch_edges(file, inode, offset, end, now)
        except OSError as error:
            raise self._room.refusal(error) from error
        finally:
            if not file.chunks:
                table.drop_file(file)
        self._punch_whole(file, inode, first, last, border, offset)

    def _punch_edges(self, file: File, inode: Inode, offset: int, end: int, now: int) -> tuple[int, int, int]:
        """Zeros over what is punched of chunks that keep bytes after it. (first, last) are the chunks that go whole,
        `last` TO_END for all that follow; `border` the chunk that ends where the hole begins, -1."""
        first = offset // CHUNK_SIZE
        last = (end - 1) // CHUNK_SIZE
        written: list[tuple[Chunk, int, int]] = []
        border = -1
        whole_from = first
        whole_to = last
        for index in (first,) if first == last else (first, last):
            base = index * CHUNK_SIZE
            begin = max(offset - base, 0)
            stop = min(end - base, CHUNK_SIZE)
            chunk = file.chunks.get(index)
            if chunk is None:
                chunk = self._loader.load(file, inode, index)
            if chunk.length > stop:
                written.append((self._writes.writable(file, inode, index, begin, stop), begin, stop))
                if index == last:
                    whole_to = last - 1
            elif begin > 0 and chunk.length > begin:
                border = index
            if index == first and begin > 0:
                whole_from = first + 1
        self._namespace.wrote(inode, end, now)  # also where the disk fails in the middle: some of it may be zeros
        for chunk, begin, stop in written:
            self._writes.land(chunk, begin, memoryview(bytes(stop - begin)))
            self._writes.mark(file, inode, chunk)
            file.unsynced += stop - begin
            self._table.dirty_bytes += stop - begin
        if end >= inode.size and whole_to == last:
            return whole_from, TO_END, border
        return whole_from, whole_to, border

    def _punch_whole(self, file: File, inode: Inode, first: int, last: int, border: int, offset: int) -> None:
        """Chunks [first, last] go, the one at the border is shortened, with one unit of work; the change of the inode
        is durable with it."""
        used = inode.used
        rows: list[tuple[int, ChunkRow | None]] = []
        delete_from = -1
        if used > 0:
            if last == TO_END:
                used -= self._namespace.used_from(inode.id, first)
                delete_from = first
            else:
                used -= self._rows_between(inode.id, first, last, rows)
        cut = offset % CHUNK_SIZE
        row: ChunkRow | None = None
        if border >= 0:
            row = self._border_row(file, inode.id, border)
            if row is not None and row.length > cut:
                used -= row.length - cut
                row = shortened(row, cut)
                rows.append((border, row))
            else:
                row = None
        seq = self._namespace.store_chunks(inode, rows, inode.stored_size, used, delete_from)
        gone = [chunk for index, chunk in file.chunks.items() if first <= index <= last]
        for chunk in gone:
            self._discard(chunk, seq)
        at_border = file.chunks.get(border) if border >= 0 else None
        if at_border is not None:
            self._shorten(at_border, cut, row)
        file.cuts += 1
        if not file.dirty:
            self._syncer.release(file)
        self._table.drop_file(file)

    def _rows_between(self, inode_id: int, first: int, last: int, rows: list[tuple[int, ChunkRow | None]]) -> int:
        """Adds the deletion of every row of the chunks [first, last]. Returns the bytes that they defined."""
        total = 0
        position = first
        while position <= last:
            page = self._namespace.chunks(inode_id, position, PAGE)
            for index, row in page:
                if index <= last:
                    rows.append((index, None))
                    total += row.length
            if len(page) < PAGE:
                break
            position = page[-1][0] + 1
        return total

    def forget(self, inode_id: int) -> None:
        """See ChunksDoor.forget."""
        file = self._table.files.get(inode_id)
        if file is None:
            return
        seq = self._namespace.latest()
        for chunk in list(file.chunks.values()):
            self._discard(chunk, seq)
        file.gone = True
        if file.inode is not None:
            self._namespace.unpin(file.inode)
            file.inode = None
        self._table.dirty.pop(inode_id, None)
        self._table.dirty_bytes -= file.unsynced
        file.unsynced = 0
        del self._table.files[inode_id]


def shortened(row: ChunkRow, length: int) -> ChunkRow:
    """The row of a chunk of which only the first `length` bytes are left."""
    result = ChunkRow(length)
    if row.inline is not None:
        result.inline = row.inline[:length]
    result.slot = row.slot
    result.object = row.object
    result.key = row.key
    result.offset = row.offset
    result.stored_length = row.stored_length
    result.checksum = row.checksum
    return result
