"""Moves chunks to the object store, a bounded number of objects at a time, and turns their slots into cache.

A durable chunk goes when it is full or was not touched for a while, never while it is dirty; one that a sync waits for
goes before all others (`carry`). Small ones share objects, and wait for each other (`gathering.py`). If a chunk changed
while its bytes were on the way, what came of it is refuse. A slot is given up only when the commit that names the
object is durable: until then a crash would look for the bytes there. While the store is down everything waits here.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from nfsgw import failpoints
from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.fetcher import pause_after
from nfsgw.chunks.gathering import Gathering
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.keys import object_key, pack_key
from nfsgw.chunks.loading import take_in
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.packs import FULL, MOST, SMALL, offsets
from nfsgw.chunks.parcels import Parcel
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.stores import StoreError
from nfsgw.chunks.table import Chunk, Table, Wish
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow
from nfsgw.suspend import Completion

REFILL: Final = 256  # chunks that one look at the namespace's list takes up
PACKS_AT_ONCE: Final = 2  # of parcels that syncs wait for: what comes meanwhile shares the next


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
        self._young: deque[tuple[Chunk, float]] = deque()  # until they are old enough; when they were last looked at
        self._ready: deque[Chunk] = deque()
        self._small = Gathering(settings, beat)  # ready as well
        self._urgent: deque[Parcel] = deque()
        self._urgent_small: deque[Parcel] = deque()
        self._packing = 0  # packs of urgent parcels under way
        self._wished: dict[Chunk, None] = {}  # all chunks with wishes
        self._kept = 0  # bytes of chunks in memory that are there because they are queued
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._pumping = False
        self._missed = -1  # the commit that holds the last chunk the queue had no room for; -1: none
        self._looking = False  # walking through the namespace's list
        self._after_inode = 0
        self._after_index = -1
        self._tries = 0
        self._not_before = 0.0
        self._working = False
        self._orderly = False
        self.in_flight: set[str] = set()
        """Keys that were chosen and that no durable row names yet: what the store holds under them may come to life."""
        self.uploaded = 0
        self.superseded = 0  # changed while their bytes were on the way
        self.packs = 0  # objects of several parcels

    @property
    def queued(self) -> int:
        return len(self._young) + len(self._ready) + len(self._small) + len(self._urgent) + len(self._urgent_small)

    @property
    def gathering(self) -> int:
        """Small ones that wait for each other."""
        return len(self._small)

    @property
    def running(self) -> int:
        return len(self._tasks)

    @property
    def waiting_since(self) -> float | None:
        """The beat at which the chunk that was left alone longest, of those queued here, was written; None: there is
        none. Walks the queue."""
        waiting = [chunk for chunk, _ in self._young]
        waiting += self._ready
        waiting += self._small.waiting()
        return min([chunk.touched for chunk in waiting if not chunk.gone], default=None)

    @property
    def idle(self) -> bool:
        """Nothing is left to upload, as far as is known."""
        return not self.queued and not self._tasks and self._missed < 0 and not self._looking

    # -- what is to go

    def clean(self, chunk: Chunk) -> None:
        """The chunk's row says where its bytes are, and the store has not got them yet."""
        row = chunk.row
        if chunk.queued or chunk.uploading or row is None or row.object:
            return
        if self.queued >= self._settings.upload_queue or (
            chunk.data is not None and self._kept >= self._settings.memory_bytes
        ):
            self.look_again()
            return
        self._keep(chunk)
        if chunk.slot is not None and chunk.length == CHUNK_SIZE:
            self._ready.append(chunk)
            self.pump()
        else:
            self._young.append((chunk, chunk.touched))

    def carry(self, parcel: Parcel) -> None:
        """Bytes that a sync waits for. Tried until the store has them."""
        (self._urgent if parcel.alone else self._urgent_small).append(parcel)
        self._pump_soon()

    def urge(self, chunk: Chunk, wish: Wish) -> None:
        """Its row is durable, and somebody waits until the store has those bytes, also when it is dirty again."""
        wish.name()
        if chunk.wishes is None:
            chunk.wishes = []
            self._wished[chunk] = None
        chunk.wishes.append(wish)
        if not chunk.uploading:
            self._make_ready(chunk)
            self._pump_soon()

    def look_again(self) -> None:
        """The namespace holds, or will hold, chunks to upload that are not queued here."""
        self._missed = self._namespace.latest()

    def beat(self) -> None:
        """Chunks that were left alone long enough get ready."""
        if self._wished:
            self._release_gone()
        young = self._young
        old = self._beat.now - self._settings.upload_after
        while young and young[0][1] <= old:
            chunk, _ = young.popleft()
            if chunk.gone or chunk.dirty:
                self._leave(chunk)
            elif chunk.touched <= old:
                self._make_ready(chunk)
            else:
                young.append((chunk, chunk.touched))
        if not self._ready and not self._small.full and self._has_room():
            if not self._looking and 0 <= self._missed <= self._namespace.durable:
                self._looking = True
                self._missed = -1
                self._after_inode = 0
                self._after_index = -1
            if self._looking:
                self._refill()
        self.pump()

    def _has_room(self) -> bool:
        settings = self._settings
        return self.queued <= settings.upload_queue // 2 and self._kept <= settings.memory_bytes // 2

    def _keep(self, chunk: Chunk) -> None:
        """It is in the queue."""
        if not chunk.queued:
            chunk.queued = True
            chunk.kept = 0 if chunk.data is None else len(chunk.data)
            self._kept += chunk.kept

    def _leave(self, chunk: Chunk) -> None:
        chunk.queued = False
        self._kept -= chunk.kept
        chunk.kept = 0

    def _make_ready(self, chunk: Chunk) -> None:
        self._keep(chunk)
        if chunk.length > SMALL:
            self._ready.append(chunk)
        else:
            self._small.add(chunk)

    def _refill(self) -> None:
        most = min(REFILL, self._settings.upload_queue - self.queued)
        found = self._namespace.staged(self._after_inode, self._after_index, most)
        for inode_id, index, row in found:
            self._after_inode = inode_id
            self._after_index = index
            chunk = self._found(inode_id, index, row)
            if chunk is None or chunk.dirty or chunk.queued or chunk.uploading:
                continue
            if chunk.row is not None and not chunk.row.object:
                self._make_ready(chunk)
        if len(found) < most:
            self._looking = False

    def _found(self, inode_id: int, index: int, row: ChunkRow) -> Chunk | None:
        """The chunk of a committed row. None: what is pending has taken it away, or it is nowhere but on the disk."""
        file = self._table.files.get(inode_id)
        chunk = None if file is None else file.chunks.get(index)
        if chunk is not None or row.inline is None:
            return chunk
        try:
            self._namespace.get(inode_id)
        except NFSError:
            return None
        current = self._namespace.chunk(inode_id, index)
        if current is None or current.inline is None:
            return None
        chunk = take_in(self._table, self._table.file(inode_id), index, current)
        chunk.touched = self._beat.now - self._settings.upload_after
        chunk.recent = False  # nobody has asked for it: it goes first when it is in the store
        return chunk

    def _release_gone(self) -> None:
        """What was cut off or removed is not waited for."""
        for chunk in [chunk for chunk in self._wished if chunk.gone]:
            grant(self._take_wishes(chunk))

    def _take_wishes(self, chunk: Chunk) -> list[Wish]:
        wishes = chunk.wishes or []
        chunk.wishes = None
        self._wished.pop(chunk, None)
        return wishes

    # -- sending

    def begin(self) -> None:
        """The store may be used: it was tried, and is not being tidied up any more."""
        self._working = True
        self.pump()

    def _pump_soon(self) -> None:
        """At the end of this turn of the loop, so that all that come in it go together."""
        if not self._pumping:
            self._pumping = True
            self._loop.call_soon(self._pump_now)

    def _pump_now(self) -> None:
        self._pumping = False
        self.pump()

    def pump(self) -> None:
        """Starts what may start now."""
        if not self._working or self._beat.now < self._not_before:
            return
        most = self._settings.upload_concurrency if self._tries == 0 else 1
        while len(self._tasks) < most:
            urgent = False
            if self._urgent:
                parcels = [self._urgent.popleft()]
            elif self._urgent_small and self._packing < PACKS_AT_ONCE:
                urgent = True
                self._packing += 1
                parcels = self._packful(self._next_urgent)
            else:
                parcels = self._packful(self._next_small) if self._packs_now() else []
                if not parcels:
                    large = self._next_large()
                    if large is None:
                        return
                    parcels = [large]
            task = self._loop.create_task(self._upload(parcels))
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, urgent))

    def _ended(self, urgent: bool, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if urgent:
            self._packing -= 1
        if not task.cancelled():
            task.result()
        self.pump()

    def _packful(self, take: Callable[[], Parcel | None]) -> list[Parcel]:
        found: list[Parcel] = []
        room = FULL
        while len(found) < MOST and room >= SMALL:
            parcel = take()
            if parcel is None:
                break
            found.append(parcel)
            room -= parcel.length
        return found

    def _next_urgent(self) -> Parcel | None:
        return self._urgent_small.popleft() if self._urgent_small else None

    def _packs_now(self) -> bool:
        """Small chunks go. Before they are enough for a pack only where somebody waits for them, or might for the room
        that they take, and to find out whether the store works again."""
        small = self._small
        if small.full or small.due or self._wished or self._tries > 0:
            return True
        return self._table.staged_bytes + FULL > self._settings.staging_limit

    def _next_small(self) -> Parcel | None:
        old = self._beat.now - self._settings.upload_after
        while len(self._small):
            chunk = self._small.take()
            if chunk.wishes is None and chunk.touched > old:  # written while it waited
                self._young.append((chunk, chunk.touched))
                continue
            if chunk.length > SMALL:
                self._ready.append(chunk)
                continue
            parcel = self._parcel_of(chunk)
            if parcel is not None:
                return parcel
        return None

    def _next_large(self) -> Parcel | None:
        while self._ready:
            parcel = self._parcel_of(self._ready.popleft())
            if parcel is not None:
                return parcel
        return None

    def _parcel_of(self, chunk: Chunk) -> Parcel | None:
        self._leave(chunk)
        row = chunk.row
        if chunk.gone or chunk.uploading or row is None or row.object or (chunk.dirty and chunk.wishes is None):
            return None
        slot = chunk.slot if row.slot >= 0 else None
        parcel = Parcel(
            chunk.file.inode_id,
            chunk.index,
            row.length,
            partial(self._chunk_arrived, chunk, row, slot, chunk.generation),
        )
        parcel.slot = slot
        parcel.body = row.inline or b""
        parcel.chunk = chunk
        chunk.uploading = True
        return parcel

    async def ship(self, parcels: list[Parcel]) -> None:
        """One object of these parcels, at once and beside those of the queue, tried once. StoreError, OSError."""
        error = await self._move(parcels)
        if error is not None:
            raise error

    async def _upload(self, parcels: list[Parcel]) -> None:
        await self._move(parcels)

    async def _move(self, parcels: list[Parcel]) -> StoreError | OSError | None:
        """One object of these parcels; what went wrong. A small one that is alone is an object of its own."""
        first = parcels[0]
        filesystem = self._namespace.fsid_major
        together = len(parcels) > 1
        key = pack_key(filesystem) if together else object_key(filesystem, first.inode, first.index)
        ends = offsets([parcel.length for parcel in parcels])
        length = ends[-1] if together else first.length
        self.in_flight.add(key)
        for parcel in parcels:
            if parcel.slot is not None:
                self._slots.pin(parcel.slot)
        if failpoints.ARMED:
            failpoints.reached("upload.begun")
        try:
            checksums = await self._put(key, parcels, together)
        except (StoreError, OSError) as error:
            self._failed(parcels, key, length, str(error))
            return error
        except asyncio.CancelledError:
            if self._orderly:
                self._bury(key, length)
            raise
        finally:
            for parcel in parcels:
                if parcel.slot is not None:
                    self._slots.unpin(parcel.slot)
                if parcel.chunk is not None:
                    parcel.chunk.uploading = False
        if failpoints.ARMED:
            failpoints.reached("upload.answered")
        self._tries = 0
        self._health.worked()
        number = self._namespace.new_object(key.encode("ascii"), length, len(parcels)) if together else 0
        for parcel, checksum, offset in zip(parcels, checksums, ends, strict=False):
            row = ChunkRow(parcel.length)
            row.key = key.encode("ascii")
            row.object = number
            row.offset = offset if together else 0
            row.stored_length = parcel.length
            row.checksum = checksum
            parcel.arrived(row)
        if together:
            self.packs += 1
            self.named(key)
        if failpoints.ARMED:
            failpoints.reached("upload.stored")
        return None

    async def _put(self, key: str, parcels: list[Parcel], together: bool) -> list[int]:
        major, minor = self._namespace.fsid_major, self._namespace.fsid_minor
        metadata = {"fsid": f"{major:x}.{minor:x}"}
        if together:
            paths = ["" if parcel.slot is None else self._slots.path(parcel.slot) for parcel in parcels]
            return await self._mover.pack(key, (major, minor), parcels, paths, metadata)
        only = parcels[0]
        metadata["inode"] = str(only.inode)
        metadata["index"] = str(only.index)
        if only.slot is None:
            return [await self._mover.put(key, "", 0, only.length, metadata, only.body)]
        return [await self._mover.put(key, self._slots.path(only.slot), only.start, only.length, metadata)]

    def _failed(self, parcels: list[Parcel], key: str, length: int, why: str) -> None:
        self._health.failed(why)
        self._tries += 1
        self._not_before = self._beat.now + pause_after(
            self._tries, self._settings.retry_first, self._settings.retry_most
        )
        # A put that failed may still have left an object behind.
        self._bury(key, length)
        for parcel in parcels:
            chunk = parcel.chunk
            if parcel.tried_once:
                continue
            if chunk is None:
                (self._urgent if parcel.alone else self._urgent_small).append(parcel)
            elif not chunk.gone and (not chunk.dirty or chunk.wishes is not None) and not chunk.queued:
                self._make_ready(chunk)

    # -- what has arrived

    def _chunk_arrived(
        self, chunk: Chunk, row: ChunkRow, slot: Slot | None, generation: int, uploaded: ChunkRow
    ) -> None:
        """A chunk that went by itself. Whoever waits for it does so for the bytes of this very row, and a row is never
        changed but replaced: what was written since may be in the object too, as it may be in the slot."""
        key = uploaded.key.decode("ascii")
        alone = uploaded.object == 0
        waited_for = chunk.wishes is not None and chunk.row is row
        if chunk.gone or (chunk.generation != generation and not waited_for):
            self.superseded += 1
            if alone:
                self._bury(key, uploaded.stored_length)
            self._again(chunk)
            return
        seq = self._namespace.store_upload(chunk.file.inode_id, chunk.index, row, uploaded)
        if alone:
            self.named(key)
        if seq == 0:
            self._again(chunk)
            return
        self.uploaded += 1
        chunk.row = uploaded
        wishes = self._take_wishes(chunk)
        self._namespace.reach(seq).when_done(partial(self._placed, chunk, slot, uploaded, wishes))

    def _again(self, chunk: Chunk) -> None:
        if chunk.wishes is not None and not chunk.gone:
            self._make_ready(chunk)
        elif not chunk.gone and not chunk.dirty:
            self.clean(chunk)

    def _bury(self, key: str, length: int) -> None:
        self.bury(key.encode("ascii"), length)

    def bury(self, key: bytes, length: int) -> None:
        """The store has, or may have, an object that nothing will ever refer to."""
        self._namespace.bury(key, length)
        self.named(key.decode("ascii"))

    def named(self, key: str) -> None:
        """A row of the open batch, alive or dead, names the key."""
        self._namespace.reach(self._namespace.latest()).when_done(partial(self._landed, key))

    def _landed(self, key: str, completion: Completion) -> None:
        if completion.error is None:
            self.in_flight.discard(key)

    def _placed(
        self, chunk: Chunk, slot: Slot | None, uploaded: ChunkRow, wishes: list[Wish], completion: Completion
    ) -> None:
        if completion.error is not None:
            return
        self.placed(chunk, slot, uploaded)
        grant(wishes)

    def placed(self, chunk: Chunk, slot: Slot | None, uploaded: ChunkRow) -> None:
        """The commit that names the object is durable: the slot is only cache now, unless a writer came back to it."""
        if slot is None or chunk.gone or chunk.dirty or chunk.slot is not slot:
            return
        row = chunk.row
        if row is None or place_of(row) != place_of(uploaded):
            return
        chunk.slot = None
        self._table.staged_bytes -= chunk.length
        self._cache.add(place_of(uploaded), slot, uploaded.stored_length)
        if failpoints.ARMED:
            failpoints.reached("upload.placed")
        self._on_room()

    async def close(self, orderly: bool) -> None:
        """What is under way is given up; the namespace lists it at the next start. An orderly stop notes what half-done
        uploads may leave in the store."""
        self._working = False
        self._orderly = orderly
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def grant(wishes: list[Wish]) -> None:
    for wish in wishes:
        wish.grant()
