"""The chunk layer behind its door: puts the parts together, starts and ends them, and looks at what is due.

Plain calls that touch memory and the page cache only. What is not there yet raises Suspend; no call here awaits or
makes a task. See `door.py` for what each promises; `reads.py`, `writes.py` and `cuts.py` do it on the loop,
`syncer.py`, `uploader.py` and `fetcher.py` go on behind.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Final

from nfsgw import failpoints
from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.compactor import Compactor
from nfsgw.chunks.counts import ReadCounts, StoreCounts
from nfsgw.chunks.cuts import Cuts
from nfsgw.chunks.door import Buffer, Space
from nfsgw.chunks.extents import Extents
from nfsgw.chunks.fetcher import Fetcher
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.loading import Loader
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.mover.link import MoverLink
from nfsgw.chunks.reading import SlotReader
from nfsgw.chunks.reads import Reads
from nfsgw.chunks.room import Room
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.stores import StoreOptions, local_path
from nfsgw.chunks.sweeper import Sweeper
from nfsgw.chunks.syncer import Syncer
from nfsgw.chunks.table import Table
from nfsgw.chunks.tier import ObjectTier
from nfsgw.chunks.uploader import Uploader
from nfsgw.chunks.writes import Writes
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import ChunkRow, Inode
from nfsgw.suspend import Completion
from nfsgw.wire.nfs4 import NFS4ERR_NOSPC

log = logging.getLogger(__name__)

PAGE: Final = 512  # rows read at once


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
        mover: Mover | None = None,
        pool: Executor | None = None,
    ) -> None:
        """`directory` holds the staging files and is this layer's alone. `mover` and `pool` (what waits for the disk)
        are this layer's to close; none: a process for the store at `url`, and threads. ValueError: no such kind of
        store."""
        self.verifier = os.urandom(8)
        self._directory = directory
        self._namespace = namespace
        self._settings = settings
        self._on_fatal = on_fatal
        self._loop = asyncio.get_running_loop()
        self._store_path = local_path(url)
        self._beat = Beat(self._loop.time())
        self._health = StoreHealth(self._beat)
        self._table = Table(settings.memory_chunks, settings.memory_bytes)
        self._slots = Slots(os.path.join(directory, "staging"), settings.open_files, settings.spare_slots)
        self._cache = Cache(self._slots, settings.cache_limit)
        self._room = Room(directory, self._table, self._slots, self._cache, namespace, settings, self._beat)
        self._mover: Mover = mover or MoverLink(url, options, settings.mover_stop)
        self._uploader = Uploader(
            self._table,
            self._slots,
            self._cache,
            namespace,
            self._mover,
            self._health,
            self._beat,
            settings,
            self._room.made_room,
        )
        self._syncer = Syncer(
            self._table,
            self._slots,
            namespace,
            self._loop,
            settings.sync_threads,
            pool or ThreadPoolExecutor(settings.sync_threads, "nfsgw-fdatasync"),
            self._beat,
            on_fatal,
            self._uploader,
            settings.durability == "object",
        )
        self._tier: ObjectTier | None = None
        if settings.durability == "object":
            self._tier = ObjectTier(self._table, self._syncer, self._uploader, namespace)
        self._fetcher = Fetcher(
            self._cache, self._slots, self._room, namespace, self._mover, self._health, self._beat, settings
        )
        self._sweeper = Sweeper(namespace, self._mover, self._health, self._beat, settings, wall_clock)
        self._compactor = Compactor(
            self._table,
            self._slots,
            self._cache,
            self._room,
            namespace,
            self._mover,
            self._uploader,
            self._health,
            self._beat,
            settings,
        )
        loader = Loader(self._table, namespace, self._beat)
        reader = SlotReader(self._slots, self._syncer)
        self._reads = Reads(self._table, loader, self._cache, self._fetcher, reader, settings)
        self._writes = Writes(
            self._table,
            loader,
            self._slots,
            self._cache,
            self._fetcher,
            self._syncer,
            self._room,
            namespace,
            settings,
            self._beat,
        )
        self._cuts = Cuts(
            self._table,
            loader,
            self._slots,
            self._cache,
            self._syncer,
            self._uploader,
            self._writes,
            self._room,
            namespace,
        )
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
        self._uploader.begin()
        self._room.look_at_disk()
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
        if self._tier is not None:
            await self._flush_to_store()
        await self._uploader.close(orderly=True)
        await self._compactor.close()
        await self._sweeper.close()
        if self._tier is None:
            await self.flush()
        await self._mover.close()
        self._syncer.close()
        self._slots.close()

    async def _flush_to_store(self) -> None:
        """Nobody was told that what is left is safe: a store that does not take it in time keeps nobody."""
        try:
            await asyncio.wait_for(self.flush(), self._settings.mover_stop)
        except TimeoutError:
            log.warning("the object store has not taken all that was written and not committed; clients send it again")

    async def abandon(self) -> None:
        """Stops without making anything durable: what a crash would leave, is left."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._closed = True
        await self._fetcher.close()
        await self._uploader.close(orderly=False)
        await self._compactor.close()
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

    # -- the door: see ChunksDoor for each

    def read(self, inode: Inode, offset: int, count: int) -> list[Buffer]:
        return self._reads.read(inode, offset, count)

    def write(self, inode: Inode, offset: int, data: Buffer, now: int) -> None:
        self._writes.write(inode, offset, data, now)

    def sync(self, inode: Inode) -> Completion | None:
        return self._syncer.sync(inode) if self._tier is None else self._tier.sync(inode)

    def closed(self, inode: Inode) -> Completion | None:
        return None if self._tier is None else self._tier.sync(inode)

    def truncate(self, inode: Inode, size: int, now: int) -> None:
        self._cuts.truncate(inode, size, now)

    def punch(self, inode: Inode, offset: int, end: int, now: int) -> None:
        self._cuts.punch(inode, offset, end, now)

    def forget(self, inode_id: int) -> None:
        self._cuts.forget(inode_id)

    def will_need(self, inode: Inode, offset: int) -> None:
        self._reads.will_need(inode, offset)

    def require_room(self, inode: Inode, offset: int, end: int) -> None:
        lacking = self._extents(inode).holes(offset, end)
        if lacking > max(0, self.space().available - self._table.staged_bytes):
            raise NFSError(NFS4ERR_NOSPC, "the store has no room for it")

    def next_data(self, inode: Inode, offset: int) -> int:
        return self._extents(inode).next_data(offset)

    def next_hole(self, inode: Inode, offset: int) -> int:
        return self._extents(inode).next_hole(offset)

    def _extents(self, inode: Inode) -> Extents:
        return Extents(inode, self._table.files.get(inode.id), self._namespace)

    def space(self) -> Space:
        """Of the disk that holds a local store; of the configured capacity for another."""
        if self._store_path is not None:
            disk = os.statvfs(self._store_path)
            unit = disk.f_frsize
            return Space(disk.f_blocks * unit, disk.f_bfree * unit, disk.f_bavail * unit)
        total = self._settings.capacity
        free = max(0, total - self._namespace.usage()[1])
        return Space(total, free, free)

    # -- for a warmup

    @property
    def cache_limit(self) -> int:
        return self._settings.cache_limit

    @property
    def fetches_at_once(self) -> int:
        """How many may be asked for by `bring`, so that readers have as many again."""
        return max(1, self._settings.fetch_concurrency // 2)

    def is_here(self, row: ChunkRow) -> bool:
        """Whether the bytes of a stored chunk are in the cache."""
        return self._cache.get(place_of(row)) is not None

    def bring(self, row: ChunkRow) -> Completion:
        """Done when a stored chunk is in the cache, or cannot be had."""
        return self._fetcher.bring(row)

    # -- what is due

    def _tick(self) -> None:
        if self._closed:
            return
        self._timer = self._loop.call_later(self._settings.beat, self._tick)
        self.beat(self._loop.time())

    def beat(self, now: float) -> None:
        """Looks at what is due at `now`, seconds of a monotonic clock: flushes, uploads, deletions, room."""
        self._beat.now = now
        self._room.beat()
        self._flush_old(now)
        self._table.tidy()
        self._uploader.beat()
        self._sweeper.beat()
        self._compactor.beat()
        self._slots.reclaim(self._namespace.durable)
        self._trim_spare()
        self._room.release(now)

    def _flush_old(self, now: float) -> None:
        table = self._table
        old = now - self._settings.flush_after
        if table.dirty_bytes > self._settings.dirty_limit or table.data_bytes > 2 * self._settings.memory_bytes:
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

    @property
    def reads(self) -> ReadCounts:
        """Chunks that reads touched, by where their bytes were."""
        return self._reads.counts

    def status(self) -> dict[str, object]:
        """For the status command and the metrics: bytes, counts, and how the store does."""
        health = self._health
        reads = self._reads.counts
        since = self._uploader.waiting_since
        return {
            "staged_bytes": self._table.staged_bytes,
            "staging_limit": self._settings.staging_limit,
            "dirty_bytes": self._table.dirty_bytes,
            "dirty_files": len(self._table.dirty),
            "memory_bytes": self._table.data_bytes,
            "cache_bytes": self._cache.bytes,
            "cache_chunks": len(self._cache),
            "durability": self._settings.durability,
            "syncs_waiting": 0 if self._tier is None else self._syncer.rounds,
            "uploads_queued": self._uploader.queued,
            "uploads_gathering": self._uploader.gathering,
            "uploads_running": self._uploader.running,
            "uploaded": self._uploader.uploaded,
            "uploads_superseded": self._uploader.superseded,
            "upload_oldest_seconds": None if since is None else self._beat.now - since,
            "fetches_running": self._fetcher.running,
            "fetches_doubled": self._mover.doubled,
            "fetched": self._fetcher.fetched,
            "puts": self._mover.counts.outcomes[("put", "done")],
            "packs_made": self._uploader.packs,
            "packs_rewritten": self._compactor.rewritten,
            "packs_damaged": self._compactor.damaged,
            "chunks_repacked": self._compactor.moved,
            "objects_deleted": self._sweeper.deleted,
            "reads": {
                "memory": reads.memory,
                "staging": reads.staged,
                "cache": reads.cached,
                "store": reads.waited,
                "hole": reads.holes,
            },
            "writers_held": self._room.full_since is not None,
            "disk_free": self._room.disk_free,
            "disk_reserve": self._settings.disk_reserve,
            "disk_error": self._fetcher.disk_error,
            "store_errors": health.errors,
            "store_last_error": health.last_error,
            "store_down_seconds": health.down_seconds,
            "mover_pid": self._mover.pid,
            "mover_starts": self._mover.starts,
        }


def empty_files(paths: list[str]) -> None:
    """In a thread. OSError."""
    for path in paths:
        os.truncate(path, 0)


def _wake(future: asyncio.Future[None], completion: Completion) -> None:
    if not future.done():
        future.set_result(None)
