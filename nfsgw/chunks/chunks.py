"""The chunk layer behind its door: reads, writes and cuts on the loop, everything slow elsewhere.

Plain calls that touch memory and the page cache only. What is not there yet raises Suspend; no call here awaits or
makes a task. See `door.py` for what each promises, `syncer.py`, `uploader.py` and `fetcher.py` for what goes on behind.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from nfsgw import failpoints
from nfsgw.chunks.cache import Cache
from nfsgw.chunks.counts import ReadCounts, StoreCounts
from nfsgw.chunks.door import Buffer, Space
from nfsgw.chunks.extents import Extents
from nfsgw.chunks.fetcher import Fetcher
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.mover.link import MoverLink
from nfsgw.chunks.reading import SlotReader
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots, write_all
from nfsgw.chunks.stores import StoreOptions, local_path
from nfsgw.chunks.sweeper import Sweeper
from nfsgw.chunks.syncer import Syncer
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.chunks.uploader import Uploader
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow, Inode
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_FBIG, NFS4ERR_IO, NFS4ERR_NOSPC

log = logging.getLogger(__name__)

MAX_FILE_SIZE: Final = 1 << 50
ZEROS: Final = bytes(1 << 20)
PAGE: Final = 512  # rows read at once
TO_END: Final = 1 << 62  # an index after that of any chunk


class Chunks:
    """Implements ChunksDoor. Make it on the loop it lives on, `start` it before the first call, `close` it at the
    end."""

    def __init__(
        self,
        directory: str,
        namespace: NamespaceDoor,
        url: str,
        options: StoreOptions,
        settings: ChunkSettings,
        on_fatal: Callable[[str], None],
        wall_clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """`directory` holds the staging files and is this layer's alone. ValueError: no such kind of store."""
        self.verifier = os.urandom(8)
        self._directory = directory
        self._namespace = namespace
        self._settings = settings
        self._on_fatal = on_fatal
        self._loop = asyncio.get_running_loop()
        self._inline_limit = settings.inline_limit
        self._store_path = local_path(url)
        self._beat = Beat(self._loop.time())
        self._health = StoreHealth(self._beat)
        self._table = Table(settings.memory_chunks, settings.memory_bytes)
        self._slots = Slots(os.path.join(directory, "staging"), settings.open_files, settings.spare_slots)
        self._cache = Cache(self._slots, settings.cache_limit)
        self._mover = MoverLink(url, options, settings.mover_stop)
        self._uploader = Uploader(
            self._table,
            self._slots,
            self._cache,
            namespace,
            self._mover,
            self._health,
            self._beat,
            settings,
            self._made_room,
        )
        self._syncer = Syncer(
            self._table,
            self._slots,
            namespace,
            self._loop,
            settings.sync_threads,
            self._beat,
            on_fatal,
            self._uploader.clean,
        )
        self._fetcher = Fetcher(self._cache, self._slots, namespace, self._mover, self._health, self._beat, settings)
        self._sweeper = Sweeper(namespace, self._mover, self._health, self._beat, settings, wall_clock)
        self.reads = ReadCounts()
        self._reader = SlotReader(self._slots, self._syncer)
        self._room: Completion | None = None
        self._full_since: float | None = None
        self._grown = 0  # bytes that went to slots since the disk was last looked at
        self._disk_free = 0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def start(self, probe: bool = True) -> None:
        """Finds the staged chunks again and starts the mover. With `probe`, StoreError when the store cannot be used;
        OSError when the directory cannot."""
        self._recover()
        if failpoints.ARMED:
            failpoints.reached("start.recovered")
        await self._mover.start()
        if probe:
            await self._mover.probe()
        self._look_at_disk()
        self._timer = self._loop.call_later(self._settings.beat, self._tick)

    def _recover(self) -> None:
        rows: list[tuple[int, int, ChunkRow]] = []
        inode_id, index = 0, -1
        inline = False
        while True:
            page = self._namespace.staged(inode_id, index, PAGE)
            for inode_id, index, row in page:
                if row.slot >= 0:
                    rows.append((inode_id, index, row))
                else:
                    inline = True
            if len(page) < PAGE:
                break
        found = self._slots.recover({row.slot for _, _, row in rows})
        for inode_id, index, row in rows:
            slot = found.get(row.slot)
            if slot is None:
                log.error("staging file %d of inode %d, chunk %d is lost", row.slot, inode_id, index)
                continue
            chunk = self._table.add(self._table.file(inode_id), index)
            chunk.row = row
            chunk.slot = slot
            chunk.length = row.length
            chunk.touched = self._beat.now
            self._table.staged_bytes += row.length
            self._uploader.clean(chunk)
        if inline:
            self._uploader.look_again()

    async def close(self) -> None:
        """Makes everything durable that can be, stops the mover. The namespace must still be open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._closed = True
        await self._fetcher.close()
        await self._uploader.close(orderly=True)
        await self._sweeper.close()
        await self.flush()
        await self._mover.close()
        self._syncer.close()
        self._slots.close()

    async def abandon(self) -> None:
        """Stops without making anything durable: what a crash would leave, is left."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._closed = True
        await self._fetcher.close()
        await self._uploader.close(orderly=False)
        await self._sweeper.close()
        await self._mover.close()
        self._syncer.close()
        self._slots.close()

    def uploads_idle(self) -> bool:
        """Nothing is under way to the store, and nothing waits for it, as far as is known here."""
        return self._uploader.idle and not self._table.dirty

    def uploads_in_flight(self) -> list[str]:
        """Keys of objects that may be in the store already, or soon, and that no durable row names yet."""
        return sorted(self._uploader.in_flight)

    def drop_cache(self) -> None:
        """Forgets everything that can be had from the namespace and the store again."""
        self._cache.shrink(0, 0)
        self._table.forget_clean()

    async def flush(self) -> None:
        """Makes everything durable that was written until now."""
        waiting: list[Completion] = []
        for file in list(self._table.dirty.values()):
            if file.inode is not None:
                completion = self._syncer.sync(file.inode)
                if completion is not None:
                    waiting.append(completion)
        for completion in waiting:
            done = self._loop.create_future()
            completion.when_done(partial(_wake, done))
            await done

    # -- reading

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
                    chunk = self._load(file, inode, index)
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
        reads = self.reads
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
                entry = self._cache.get(row.key)
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
                chunk = self._load(file, inode, following)
            row = chunk.row
            if chunk.data is None and chunk.slot is None and row is not None and self._cache.get(row.key) is None:
                self._fetcher.ahead(row)
        return end

    def _load(self, file: File, inode: Inode, index: int) -> Chunk:
        """What the namespace knows of a chunk that is not in memory. NFSError(IO): its staging file is lost."""
        row: ChunkRow | None = None
        if inode.used > 0 and index * CHUNK_SIZE < inode.stored_size:
            row = self._namespace.chunk(inode.id, index)
        if row is not None and row.slot >= 0:
            raise NFSError(NFS4ERR_IO, "its staging file is lost")
        chunk = self._table.add(file, index)
        chunk.touched = self._beat.now
        if row is not None:
            chunk.row = row
            chunk.length = row.length
            if row.inline is not None:
                chunk.data = bytearray(row.inline)
                self._table.data_bytes += len(chunk.data)
        return chunk

    # -- writing

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
                chunk = self._writable(file, inode, index, start, start + count)
                self._land(chunk, start, memoryview(data))
                self._mark(file, inode, chunk)
            else:
                self._write_across(file, inode, offset, memoryview(data), now)
        except OSError as error:
            raise self._refusal(error) from error
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
            places.append((self._writable(file, inode, index, start, start + piece), start, data[:piece]))
            data = data[piece:]
            offset += piece
        landed = begin
        try:
            for chunk, start, part in places:
                self._land(chunk, start, part)
                self._mark(file, inode, chunk)
                landed += len(part)
        except OSError:
            # What has landed before the disk gave out is part of the file: no chunk may reach past the size.
            if landed > begin:
                self._namespace.wrote(inode, landed, now)
            raise

    def _writable(self, file: File, inode: Inode, index: int, start: int, end: int) -> Chunk:
        """The chunk, with what writing [start, end) needs at hand. Changes nothing; raises Suspend or NFSError."""
        chunk = file.chunks.get(index)
        if chunk is None:
            chunk = self._load(file, inode, index)
        chunk.recent = True
        if chunk.slot is None:
            row = chunk.row
            partial_overwrite = chunk.data is None and row is not None and (start > 0 or end < chunk.length)
            if partial_overwrite and row is not None and self._cache.get(row.key) is None:
                self._fetcher.need(row)
            if self._table.staged_bytes >= self._settings.staging_limit:
                self._hold_back()
        if end > chunk.length and self._disk_free - self._grown < self._settings.disk_reserve:
            self._make_space()
        return chunk

    def _land(self, chunk: Chunk, start: int, data: memoryview) -> None:
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
            self._grown += end - chunk.length
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
            self._cache.drop(row.key)
            return None
        slot = self._cache.take(row.key)
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

    def _mark(self, file: File, inode: Inode, chunk: Chunk) -> None:
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

    def _refusal(self, error: OSError) -> NFSError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return NFSError(NFS4ERR_NOSPC, "the staging disk is full")
        log.error("a staging file cannot be written: %s", error)
        return NFSError(NFS4ERR_IO, "a staging file cannot be written")

    def _hold_back(self) -> None:
        """The staging is full. Writers wait for uploads; after a while they are told to come again."""
        now = self._beat.now
        if self._full_since is None:
            self._full_since = now
            log.warning("the staging is full (%d bytes wait for upload): writers are held", self._table.staged_bytes)
        if now - self._full_since >= self._settings.hold_writers:
            raise NFSError(NFS4ERR_DELAY, "the staging is full")
        if self._room is None:
            self._room = Completion()
        raise Suspend(self._room)

    def _made_room(self) -> None:
        if self._table.staged_bytes < self._settings.staging_limit:
            self._full_since = None
            self._let_in()

    def _let_in(self) -> None:
        room = self._room
        if room is not None:
            self._room = None
            room.finish()

    def _make_space(self) -> None:
        """The disk is near its reserve: the cache gives way first. NFSError(NOSPC) when that is not enough."""
        self._look_at_disk()
        if self._disk_free >= self._settings.disk_reserve:
            return
        wanted = self._settings.disk_reserve - self._disk_free + self._settings.disk_reserve // 8
        self._cache.shrink(max(0, self._cache.bytes - wanted))
        self._slots.reclaim(self._namespace.durable)
        self._slots.empty_spare()
        self._look_at_disk()
        if self._disk_free < self._settings.disk_reserve:
            raise NFSError(NFS4ERR_NOSPC, "the staging disk has reached its reserve")

    def _look_at_disk(self) -> None:
        disk = os.statvfs(self._directory)
        self._disk_free = disk.f_bavail * disk.f_frsize
        self._grown = 0

    # -- the rest of the door

    def sync(self, inode: Inode) -> Completion | None:
        """See ChunksDoor.sync."""
        return self._syncer.sync(inode)

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
            self._made_room()
        elif row is not None and row.object:
            self._cache.drop(row.key)

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
            raise self._refusal(error) from error
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
                chunk = self._load(file, inode, index)
            if chunk.length > stop:
                written.append((self._writable(file, inode, index, begin, stop), begin, stop))
                if index == last:
                    whole_to = last - 1
            elif begin > 0 and chunk.length > begin:
                border = index
            if index == first and begin > 0:
                whole_from = first + 1
        self._namespace.wrote(inode, end, now)  # also where the disk fails in the middle: some of it may be zeros
        for chunk, begin, stop in written:
            self._land(chunk, begin, memoryview(bytes(stop - begin)))
            self._mark(file, inode, chunk)
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

    def require_room(self, inode: Inode, offset: int, end: int) -> None:
        """See ChunksDoor.require_room."""
        lacking = self._extents(inode).holes(offset, end)
        if lacking > max(0, self.space().available - self._table.staged_bytes):
            raise NFSError(NFS4ERR_NOSPC, "the store has no room for it")

    def next_data(self, inode: Inode, offset: int) -> int:
        """See ChunksDoor.next_data."""
        return self._extents(inode).next_data(offset)

    def next_hole(self, inode: Inode, offset: int) -> int:
        """See ChunksDoor.next_hole."""
        return self._extents(inode).next_hole(offset)

    def _extents(self, inode: Inode) -> Extents:
        return Extents(inode, self._table.files.get(inode.id), self._namespace)

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

    def space(self) -> Space:
        """Of the disk that holds a local store; of the configured capacity for another."""
        if self._store_path is not None:
            disk = os.statvfs(self._store_path)
            unit = disk.f_frsize
            return Space(disk.f_blocks * unit, disk.f_bfree * unit, disk.f_bavail * unit)
        total = self._settings.capacity
        free = max(0, total - self._namespace.usage()[1])
        return Space(total, free, free)

    # -- what is due

    def _tick(self) -> None:
        if self._closed:
            return
        self._timer = self._loop.call_later(self._settings.beat, self._tick)
        self.beat(self._loop.time())

    def beat(self, now: float) -> None:
        """Looks at what is due at `now`, seconds of a monotonic clock: flushes, uploads, deletions, room."""
        self._beat.now = now
        self._look_at_disk()
        if self._disk_free < self._settings.disk_reserve and len(self._cache) > 0:
            self._cache.shrink(max(0, self._cache.bytes - (self._settings.disk_reserve - self._disk_free)))
        self._flush_old(now)
        self._uploader.beat()
        self._sweeper.beat()
        self._slots.reclaim(self._namespace.durable)
        self._trim_spare()
        if self._full_since is not None:
            if self._table.staged_bytes < self._settings.staging_limit:
                self._made_room()
            elif now - self._full_since >= self._settings.hold_writers:
                self._let_in()

    def _flush_old(self, now: float) -> None:
        table = self._table
        old = now - self._settings.flush_after
        if table.dirty_bytes > self._settings.dirty_limit:
            old = now
        due: list[Inode] = []
        for file in table.dirty.values():
            if file.dirty_since > old:
                break
            if file.inode is not None and not file.syncing:
                due.append(file.inode)
        for inode in due:
            self._syncer.sync(inode)

    def _trim_spare(self) -> None:
        """Gives back the blocks of freed slots that are too many to keep."""
        slots = self._slots.trim
        if not slots:
            return
        self._slots.trim = []
        paths = [self._slots.path(slot) for slot in slots]
        for slot in slots:
            slot.pins += 1
        self._syncer.run(partial(empty_files, paths), partial(self._trimmed, slots))

    def _trimmed(self, slots: list[Slot], error: BaseException | None) -> None:
        if error is not None:
            self._on_fatal(f"a staging file cannot be emptied: {error}")
            return
        self._slots.trimmed(slots)

    @property
    def requests(self) -> StoreCounts:
        """What was asked of the object store so far."""
        return self._mover.counts

    def status(self) -> dict[str, object]:
        """For the status command and the metrics: bytes, counts, and how the store does."""
        health = self._health
        reads = self.reads
        since = self._uploader.waiting_since
        return {
            "staged_bytes": self._table.staged_bytes,
            "staging_limit": self._settings.staging_limit,
            "dirty_bytes": self._table.dirty_bytes,
            "dirty_files": len(self._table.dirty),
            "memory_bytes": self._table.data_bytes,
            "cache_bytes": self._cache.bytes,
            "cache_chunks": len(self._cache),
            "uploads_queued": self._uploader.queued,
            "uploads_running": self._uploader.running,
            "uploaded": self._uploader.uploaded,
            "uploads_superseded": self._uploader.superseded,
            "upload_oldest_seconds": None if since is None else self._beat.now - since,
            "fetches_running": self._fetcher.running,
            "fetched": self._fetcher.fetched,
            "objects_deleted": self._sweeper.deleted,
            "reads": {
                "memory": reads.memory,
                "staging": reads.staged,
                "cache": reads.cached,
                "store": reads.waited,
                "hole": reads.holes,
            },
            "writers_held": self._full_since is not None,
            "disk_free": self._disk_free,
            "store_errors": health.errors,
            "store_last_error": health.last_error,
            "store_down_seconds": health.down_seconds,
            "mover_pid": self._mover.pid,
            "mover_starts": self._mover.starts,
        }


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


def empty_files(paths: list[str]) -> None:
    """In a thread. OSError."""
    for path in paths:
        os.truncate(path, 0)


def _wake(future: asyncio.Future[None], completion: Completion) -> None:
    if not future.done():
        future.set_result(None)
