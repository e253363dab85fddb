"""Writes: bytes land in memory while a chunk is small, else in its staging file, and are seen by every reader.

Everything that can refuse or must wait is made sure of before the first byte lands. A chunk that lies in the object
store comes back into a staging file; the object stays as it is.
"""

from __future__ import annotations

import os
from typing import Final

from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.door import Buffer
from nfsgw.chunks.fetcher import Fetcher
from nfsgw.chunks.health import Beat
from nfsgw.chunks.loading import Loader
from nfsgw.chunks.reads import ZEROS
from nfsgw.chunks.room import Room
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots, write_all
from nfsgw.chunks.syncer import Syncer
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, Inode
from nfsgw.wire.nfs4 import NFS4ERR_FBIG

MAX_FILE_SIZE: Final = 1 << 50


class Writes:
    def __init__(
        self,
        table: Table,
        loader: Loader,
        slots: Slots,
        cache: Cache,
        fetcher: Fetcher,
        syncer: Syncer,
        room: Room,
        namespace: NamespaceDoor,
        settings: ChunkSettings,
        beat: Beat,
    ) -> None:
        self._table = table
        self._loader = loader
        self._slots = slots
        self._cache = cache
        self._fetcher = fetcher
        self._syncer = syncer
        self._room = room
        self._namespace = namespace
        self._settings = settings
        self._beat = beat
        self._inline_limit = settings.inline_limit

    def write(self, inode: Inode, offset: int, data: Buffer, now: int) -> None:
        """See ChunksDoor.write."""
        count = len(data)
        if count == 0:
            return
        end = offset + count
        if end > MAX_FILE_SIZE:
            raise NFSError(NFS4ERR_FBIG)
        table = self._table
        table.trim()
        file = table.file(inode.id)
        index = offset // CHUNK_SIZE
        start = offset - index * CHUNK_SIZE
        try:
            if start + count <= CHUNK_SIZE:
                chunk = self.writable(file, inode, index, start, start + count)
                self.land(chunk, start, memoryview(data))
                self.mark(file, inode, chunk)
            else:
                self._write_across(file, inode, offset, memoryview(data), now)
        except OSError as error:
            raise self._room.refusal(error) from error
        finally:
            if not file.chunks:
                table.drop_file(file)
        file.unsynced += count
        table.dirty_bytes += count
        self._namespace.wrote(inode, end, now)

    def _write_across(self, file: File, inode: Inode, offset: int, data: memoryview, now: int) -> None:
        """A write over the border of chunks: all of them are ready before the first byte lands."""
        begin = offset
        places: list[tuple[Chunk, int, memoryview]] = []
        while len(data) > 0:
            index = offset // CHUNK_SIZE
            start = offset - index * CHUNK_SIZE
            piece = min(CHUNK_SIZE - start, len(data))
            places.append((self.writable(file, inode, index, start, start + piece), start, data[:piece]))
            data = data[piece:]
            offset += piece
        landed = begin
        try:
            for chunk, start, part in places:
                self.land(chunk, start, part)
                self.mark(file, inode, chunk)
                landed += len(part)
        except OSError:
            # What has landed before the disk gave out is part of the file: no chunk may reach past the size.
            if landed > begin:
                self._namespace.wrote(inode, landed, now)
            raise

    def writable(self, file: File, inode: Inode, index: int, start: int, end: int) -> Chunk:
        """The chunk, with what writing [start, end) needs at hand. Changes nothing; raises Suspend or NFSError."""
        chunk = file.chunks.get(index)
        if chunk is None:
            chunk = self._loader.load(file, inode, index)
        chunk.recent = True
        if chunk.slot is None:
            row = chunk.row
            partial_overwrite = chunk.data is None and row is not None and (start > 0 or end < chunk.length)
            if partial_overwrite and row is not None and self._cache.get(place_of(row)) is None:
                self._fetcher.need(row)
            if self._table.staged_bytes >= self._settings.staging_limit:
                self._room.hold_back(end - start)
        if end > chunk.length and self._room.disk_free - self._room.grown < self._settings.disk_reserve:
            self._room.make_space()
        return chunk

    def land(self, chunk: Chunk, start: int, data: memoryview) -> None:
        """The bytes take effect, or OSError and the chunk reads as before but for bytes of this very range."""
        end = start + len(data)
        slot = chunk.slot
        if slot is None:
            if chunk.data is None and chunk.length > 0:
                slot = self._bring_back(chunk, start, end)
            if slot is None:
                if end <= self._inline_limit and (chunk.data is not None or chunk.length <= end):
                    self._land_inline(chunk, start, data)
                    return
                slot = self._promote(chunk, start, data)
                self._grow(chunk, end)
                return
        descriptor = self._slots.descriptor(slot)
        if start > chunk.length and slot.high > chunk.length:
            self._clear(slot, descriptor, chunk.length, min(start, slot.high))
        if end > slot.high:
            slot.high = end  # before the bytes: a write that fails may leave some of them
        write_all(descriptor, data, start)
        self._grow(chunk, end)

    def _grow(self, chunk: Chunk, end: int) -> None:
        if end > chunk.length:
            self._table.staged_bytes += end - chunk.length
            self._room.grown += end - chunk.length
            chunk.length = end

    def _land_inline(self, chunk: Chunk, start: int, data: memoryview) -> None:
        held = chunk.data
        if held is None:
            held = chunk.data = bytearray()
        before = len(held)
        if start > before:
            held.extend(ZEROS[: start - before])
        held[start : start + len(data)] = data
        self._table.data_bytes += len(held) - before
        chunk.length = len(held)

    def _promote(self, chunk: Chunk, start: int, data: memoryview) -> Slot:
        """Bytes that were in memory, or nowhere, go to a staging file with what is written now. The caller counts the
        growth."""
        slot = self._slots.take(self._namespace.durable)
        try:
            descriptor = self._slots.descriptor(slot)
            held = chunk.data
            before = len(held) if held is not None else 0
            if held is not None and before > 0:
                write_all(descriptor, memoryview(bytes(held)), 0)
            if start > before and slot.high > before:
                self._clear(slot, descriptor, before, min(start, slot.high))
            write_all(descriptor, data, start)
        except OSError:
            slot.high = CHUNK_SIZE
            self._slots.free(slot, 0)
            raise
        slot.high = max(slot.high, start + len(data), before)
        if chunk.data is not None:
            self._table.data_bytes -= len(chunk.data)
            chunk.data = None
        chunk.slot = slot
        chunk.settled = -1
        self._table.staged_bytes += chunk.length
        return slot

    def _bring_back(self, chunk: Chunk, start: int, end: int) -> Slot | None:
        """A chunk that is in the object store is written again: its cached slot becomes its staging file. None:
        nothing of its bytes is needed, they are all replaced."""
        row = chunk.row
        if row is None:
            raise AssertionError("a hole with a length")
        if start == 0 and end >= chunk.length:
            self._cache.drop(place_of(row))
            return None
        slot = self._cache.take(place_of(row))
        if chunk.length <= self._inline_limit and end <= self._inline_limit:
            try:
                held = os.pread(self._slots.descriptor(slot), chunk.length, 0)
            finally:
                self._slots.free(slot, 0)
            chunk.data = bytearray(held)
            self._table.data_bytes += len(held)
            return None
        chunk.slot = slot
        chunk.settled = -1
        self._table.staged_bytes += chunk.length
        return slot

    def _clear(self, slot: Slot, descriptor: int, start: int, end: int) -> None:
        """Zeros over what an earlier owner, or the chunk before it was cut, left in [start, end)."""
        zeros = memoryview(ZEROS)
        while start < end:
            piece = min(len(zeros), end - start)
            write_all(descriptor, zeros[:piece], start)
            start += piece

    def mark(self, file: File, inode: Inode, chunk: Chunk) -> None:
        chunk.generation += 1
        chunk.touched = self._beat.now
        if not chunk.dirty:
            chunk.dirty = True
            file.dirty[chunk.index] = chunk
        if chunk.length == CHUNK_SIZE and not chunk.sent_early:
            chunk.sent_early = True
            self._syncer.settle_early(chunk)
        file.stale = True
        if file.inode is None:
            file.inode = inode
            file.dirty_since = self._beat.now
            self._namespace.pin(inode)
            self._table.dirty[file.inode_id] = file
