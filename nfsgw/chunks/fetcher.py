"""Brings objects from the store to the local disk, once however many readers wait, and checks them.

A fetch that the store refuses is not tried for ever: the readers are told to come again (DELAY) and the first who
does after the pause starts the next try. What is damaged or missing is an I/O error of that chunk alone.
"""

from __future__ import annotations

import asyncio
import logging
import random

from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.room import Room
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slots
from nfsgw.chunks.stores import MissingObject, StoreError
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import ChunkRow
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_IO

log = logging.getLogger(__name__)

REMEMBERED = 1024


class Failure:
    def __init__(self, status: int, until: float, tries: int) -> None:
        self.status = status
        self.until = until
        self.tries = tries


class Fetcher:
    def __init__(
        self,
        cache: Cache,
        slots: Slots,
        room: Room,
        namespace: NamespaceDoor,
        mover: Mover,
        health: StoreHealth,
        beat: Beat,
        settings: ChunkSettings,
    ) -> None:
        self._cache = cache
        self._slots = slots
        self._room = room
        self._namespace = namespace
        self._mover = mover
        self._health = health
        self._beat = beat
        self._settings = settings
        self._running: dict[bytes, Completion] = {}
        self._failures: dict[bytes, Failure] = {}
        self._gate = asyncio.Semaphore(settings.fetch_concurrency)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self.fetched = 0
        self.disk_error = ""  # of the local disk, when the last fetch could not be kept

    @property
    def running(self) -> int:
        return len(self._running)

    def need(self, row: ChunkRow) -> None:
        """Raises Suspend until the object is in the cache, or NFSError (DELAY, IO) when the last try failed a moment
        ago."""
        place = place_of(row)
        completion = self._running.get(place)
        if completion is None:
            failure = self._failures.get(place)
            if failure is not None and self._beat.now < failure.until:
                raise NFSError(failure.status, "the object cannot be fetched")
            completion = self._start(row)
        raise Suspend(completion)

    def bring(self, row: ChunkRow) -> Completion:
        """Done when the object is in the cache, or cannot be had."""
        return self._running.get(place_of(row)) or self._start(row)

    def ahead(self, row: ChunkRow) -> None:
        """The object will probably be read soon. Gives way to those who wait for theirs."""
        busy = len(self._running) >= self._settings.fetch_concurrency
        place = place_of(row)
        if not busy and place not in self._running and place not in self._failures:
            self._start(row)

    def _start(self, row: ChunkRow) -> Completion:
        completion = Completion()
        self._running[place_of(row)] = completion
        task = self._loop.create_task(self._fetch(row, completion))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return completion

    async def _fetch(self, row: ChunkRow, completion: Completion) -> None:
        try:
            async with self._gate:
                await self._fetch_once(row)
            self._failures.pop(place_of(row), None)
        except (StoreError, OSError) as error:
            self._fail(row, error)
        finally:
            del self._running[place_of(row)]
            completion.finish()

    async def _fetch_once(self, row: ChunkRow) -> None:
        """What does not match its checksum is fetched again before it counts as damaged. StoreError, OSError."""
        key = row.key.decode("ascii")
        for last in (False, True):
            slot = self._slots.take(self._namespace.durable)
            self._slots.pin(slot)
            good = False
            try:
                self._room.admit_fetch(max(0, row.stored_length - slot.high))
                slot.high = max(slot.high, row.stored_length)
                checksum = await self._mover.get(key, row.offset, row.stored_length, self._slots.path(slot))
                good = checksum == row.checksum
            finally:
                self._slots.unpin(slot)
                if good:
                    self._cache.add(place_of(row), slot, row.stored_length)
                else:
                    self._slots.free(slot, 0)
            self._health.worked()
            if good:
                self.fetched += 1
                self.disk_error = ""
                return
            if last:
                raise DamagedObject(f"object {key} has checksum {checksum:08x}, {row.checksum:08x} was stored")

    def _fail(self, row: ChunkRow, error: StoreError | OSError) -> None:
        old = self._failures.get(place_of(row))
        tries = old.tries + 1 if old is not None else 1
        hopeless = isinstance(error, (MissingObject, DamagedObject))
        if hopeless:
            log.error("a chunk cannot be read: %s", error)
        elif isinstance(error, OSError):
            if not self.disk_error:
                log.warning("nothing can be fetched: %s", error.strerror or error)
            self.disk_error = error.strerror or str(error)
            self._cache.shrink(max(0, self._cache.bytes - 2 * row.stored_length))
        else:
            self._health.failed(str(error))
        if len(self._failures) >= REMEMBERED:
            self._failures.clear()
        pause = pause_after(tries, self._settings.retry_first, self._settings.retry_most)
        self._failures[place_of(row)] = Failure(
            NFS4ERR_IO if hopeless else NFS4ERR_DELAY, self._beat.now + pause, tries
        )

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class DamagedObject(StoreError):
    """The store gave back other bytes than it was given."""


def pause_after(tries: int, first: float, most: float) -> float:
    """Seconds to wait after the given number of failures in a row: doubling, bounded, jittered."""
    bound = min(most, first * 2.0 ** min(tries - 1, 30))
    return bound * (0.5 + random.random() / 2)
