"""Moves durable chunks to the object store, a bounded number at a time, and turns their slots into cache.

A chunk goes when it is full or was not touched for a while, never while it is dirty. If it changed while its bytes
were on the way, the object that came of it is refuse. The slot is given up only when the commit that names the object
is durable: until then a crash would look for the bytes there. While the store is down everything waits here, for ever
if need be.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from nfsgw import failpoints
from nfsgw.chunks.cache import Cache
from nfsgw.chunks.fetcher import pause_after
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.keys import object_key
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.stores import StoreError
from nfsgw.chunks.table import Chunk, Table
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow
from nfsgw.suspend import Completion


class Uploader:
    def __init__(
        self,
        table: Table,
        slots: Slots,
        cache: Cache,
        namespace: NamespaceDoor,
        mover: Mover,
        health: StoreHealth,
        beat: Beat,
        settings: ChunkSettings,
        on_room: Callable[[], None],
    ) -> None:
        self._table = table
        self._slots = slots
        self._cache = cache
        self._namespace = namespace
        self._mover = mover
        self._health = health
        self._beat = beat
        self._settings = settings
        self._on_room = on_room
        self._young: deque[Chunk] = deque()  # until they are old enough
        self._ready: deque[Chunk] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._missed = -1  # the commit that holds the last chunk the queue had no room for; -1: none
        self._looking = False  # walking through the namespace's list
        self._after_inode = 0
        self._after_index = -1
        self._tries = 0
        self._not_before = 0.0
        self._closed = False
        self._orderly = False
        self.in_flight: set[str] = set()
        """Keys that were chosen and that no durable row names yet: what the store holds under them may come to life."""
        self.uploaded = 0
        self.superseded = 0  # changed while their bytes were on the way

    @property
    def queued(self) -> int:
        return len(self._young) + len(self._ready)

    @property
    def running(self) -> int:
        return len(self._tasks)

    @property
    def waiting_since(self) -> float | None:
        """The beat at which the chunk that was left alone longest, of those queued here, was written; None: there is
        none. Walks the queue."""
        waiting = [chunk.touched for queue in (self._young, self._ready) for chunk in queue if not chunk.gone]
        return min(waiting, default=None)

    @property
    def idle(self) -> bool:
        """Nothing is left to upload, as far as is known."""
        return not self._young and not self._ready and not self._tasks and self._missed < 0 and not self._looking

    def clean(self, chunk: Chunk) -> None:
        """The chunk's row says where its bytes are, and the store has not got them yet."""
        row = chunk.row
        if chunk.queued or chunk.uploading or row is None or row.object:
            return
        if self.queued >= self._settings.upload_queue:
            self.look_again()
            return
        chunk.queued = True
        if chunk.slot is not None and chunk.length == CHUNK_SIZE:
            self._ready.append(chunk)
            self.pump()
        else:
            self._young.append(chunk)

    def look_again(self) -> None:
        """The namespace holds, or will hold, chunks to upload that are not queued here."""
        self._missed = self._namespace.latest()

    def beat(self) -> None:
        """Chunks that were left alone long enough get ready."""
        young = self._young
        old = self._beat.now - self._settings.upload_after
        for _ in range(len(young)):
            chunk = young[0]
            if chunk.gone or chunk.dirty:
                chunk.queued = False
                young.popleft()
            elif chunk.touched <= old:
                self._ready.append(young.popleft())
            else:
                break
        if not young and not self._ready:
            if not self._looking and 0 <= self._missed <= self._namespace.durable:
                self._looking = True
                self._missed = -1
                self._after_inode = 0
                self._after_index = -1
            if self._looking:
                self._refill()
        self.pump()

    def _refill(self) -> None:
        found = self._namespace.staged(self._after_inode, self._after_index, self._settings.upload_queue)
        for inode_id, index, row in found:
            self._after_inode = inode_id
            self._after_index = index
            file = self._table.file(inode_id)
            chunk = file.chunks.get(index)
            if chunk is None:
                if row.inline is None:
                    continue
                chunk = self._table.add(file, index)
                chunk.row = row
                chunk.length = row.length
                chunk.data = bytearray(row.inline)
                self._table.data_bytes += len(chunk.data)
            current = chunk.row
            if chunk.dirty or chunk.queued or chunk.uploading or current is None or current.object:
                continue
            chunk.queued = True
            self._ready.append(chunk)
        if len(found) < self._settings.upload_queue:
            self._looking = False

    def pump(self) -> None:
        """Starts what may start now."""
        if self._closed or self._beat.now < self._not_before:
            return
        most = self._settings.upload_concurrency if self._tries == 0 else 1
        while self._ready and len(self._tasks) < most:
            chunk = self._ready.popleft()
            chunk.queued = False
            row = chunk.row
            if chunk.gone or chunk.dirty or row is None or row.object:
                continue
            chunk.uploading = True
            task = self._loop.create_task(self._upload(chunk, row, chunk.slot, chunk.generation))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()
        self.pump()

    async def _upload(self, chunk: Chunk, row: ChunkRow, slot: Slot | None, generation: int) -> None:
        key = object_key(self._namespace.fsid_major, chunk.file.inode_id, chunk.index)
        self.in_flight.add(key)
        metadata = {
            "fsid": f"{self._namespace.fsid_major:x}.{self._namespace.fsid_minor:x}",
            "inode": str(chunk.file.inode_id),
            "index": str(chunk.index),
        }
        if failpoints.ARMED:
            failpoints.reached("upload.begun")
        try:
            if slot is None:
                checksum = await self._mover.put(key, "", 0, row.length, metadata, row.inline or b"")
            else:
                self._slots.pin(slot)
                try:
                    checksum = await self._mover.put(key, self._slots.path(slot), 0, row.length, metadata)
                finally:
                    self._slots.unpin(slot)
        except (StoreError, OSError) as error:
            self._failed(chunk, key, row.length, str(error))
            return
        except asyncio.CancelledError:
            if self._orderly:
                self._bury(key, row.length)
            raise
        finally:
            chunk.uploading = False
        if failpoints.ARMED:
            failpoints.reached("upload.answered")
        self._tries = 0
        self._health.worked()
        if chunk.gone or chunk.generation != generation:
            self._refuse(chunk, key, row.length)
            return
        uploaded = ChunkRow(row.length)
        uploaded.key = key.encode("ascii")
        uploaded.stored_length = row.length
        uploaded.checksum = checksum
        seq = self._namespace.store_upload(chunk.file.inode_id, chunk.index, row, uploaded)
        self._named(key)
        if seq == 0:
            return
        if failpoints.ARMED:
            failpoints.reached("upload.stored")
        self.uploaded += 1
        chunk.row = uploaded
        self._namespace.reach(seq).when_done(partial(self._placed, chunk, slot, uploaded))

    def _failed(self, chunk: Chunk, key: str, length: int, why: str) -> None:
        self._health.failed(why)
        self._tries += 1
        self._not_before = self._beat.now + pause_after(
            self._tries, self._settings.retry_first, self._settings.retry_most
        )
        # A put that failed may still have left an object behind.
        self._bury(key, length)
        if not chunk.gone and not chunk.dirty and not chunk.queued:
            chunk.queued = True
            self._ready.append(chunk)

    def _refuse(self, chunk: Chunk, key: str, length: int) -> None:
        self.superseded += 1
        self._bury(key, length)
        if not chunk.gone and not chunk.dirty:
            self.clean(chunk)

    def _bury(self, key: str, length: int) -> None:
        self._namespace.bury(key.encode("ascii"), length)
        self._named(key)

    def _named(self, key: str) -> None:
        """A row of the open batch, alive or dead, names the key."""
        self._namespace.reach(self._namespace.latest()).when_done(partial(self._landed, key))

    def _landed(self, key: str, completion: Completion) -> None:
        if completion.error is None:
            self.in_flight.discard(key)

    def _placed(self, chunk: Chunk, slot: Slot | None, uploaded: ChunkRow, completion: Completion) -> None:
        """The commit that names the object is durable: the slot is only cache now, unless a writer came back to it."""
        if completion.error is not None or slot is None or chunk.gone or chunk.dirty or chunk.slot is not slot:
            return
        row = chunk.row
        if row is None or row.key != uploaded.key:
            return
        chunk.slot = None
        self._table.staged_bytes -= chunk.length
        self._cache.add(uploaded.key, slot, uploaded.stored_length)
        if failpoints.ARMED:
            failpoints.reached("upload.placed")
        self._on_room()

    async def close(self, orderly: bool) -> None:
        """What is under way is given up; the namespace lists it at the next start. An orderly stop notes what half-done
        uploads may leave in the store."""
        self._closed = True
        self._orderly = orderly
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
