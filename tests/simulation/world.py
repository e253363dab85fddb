"""What outlives the gateway and what it waits for: an object store, a disk, a writer; each takes random time.

The store is a dictionary. A request may fail before its effect or after it, as over a network; outages are stretches in
which everything fails. What is under way when its task is cancelled is done or not, by chance.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from random import Random
from typing import Any, Final

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.counts import StoreCounts
from nfsgw.chunks.packs import Member, offsets, table
from nfsgw.chunks.parcels import Parcel
from nfsgw.chunks.stores import Listed, MissingObject, StoreError
from nfsgw.namespace.writer import Statements, apply

FAILS: Final = 0.04  # of the requests, before their effect, and as many after it


class World:
    """`outage_until`: seconds of the loop's time."""

    def __init__(self, chance: Random, loop: asyncio.AbstractEventLoop) -> None:
        self.chance = chance
        self.loop = loop
        self.objects: dict[str, tuple[bytes, float]] = {}
        self.places: dict[str, float] = {}  # of every key ever used, in listings: keys themselves are no seed's
        self.outage_until = 0.0
        self.failures = 0

    async def wait(self, most: float) -> None:
        await asyncio.sleep(self.chance.random() ** 2 * most)

    def may_fail(self) -> None:
        if self.loop.time() < self.outage_until or self.chance.random() < FAILS:
            self.failures += 1
            raise StoreError("the store fails")

    def place(self, key: str, body: bytes) -> None:
        assert key not in self.places, f"{key} was used twice"
        self.places[key] = self.chance.random()
        self.objects[key] = (body, self.loop.time())


class WorldStore:
    """The ObjectStore door, for fsck and gc. Without faults when it is asked at rest (`calm`)."""

    def __init__(self, world: World, calm: bool) -> None:
        self._world = world
        self._calm = calm

    async def put(self, key: str, body: bytes, metadata: dict[str, str]) -> None:
        raise AssertionError("nobody but the mover puts")

    async def get(self, key: str, offset: int, length: int) -> bytes:
        if not self._calm:
            await self._world.wait(0.2)
            self._world.may_fail()
        found = self._world.objects.get(key)
        if found is None:
            raise MissingObject(f"there is no object {key}")
        return found[0][offset : offset + length]

    async def delete(self, keys: list[str]) -> None:
        for key in keys:
            if not self._calm:
                await self._world.wait(0.1)
                self._world.may_fail()
            self._world.objects.pop(key, None)

    async def keys(self, prefix: str) -> AsyncIterator[list[Listed]]:
        """In pages of three, so that much happens between the first and the last."""
        after = -1.0
        while True:
            if not self._calm:
                await self._world.wait(0.05)
                if self._world.loop.time() < self._world.outage_until:
                    raise StoreError("the store fails")
            places = self._world.places
            names = sorted((key for key in self._world.objects if places[key] > after), key=places.__getitem__)[:3]
            if not names:
                return
            yield [Listed(key, len(self._world.objects[key][0]), self._world.objects[key][1]) for key in names]
            after = places[names[-1]]

    async def probe(self) -> None:
        return

    async def close(self) -> None:
        return


class WorldMover:
    """The Mover door of one life."""

    def __init__(self, world: World) -> None:
        self.counts = StoreCounts()
        self.starts = 1
        self.doubled = 0
        self._world = world
        self._store = WorldStore(world, calm=False)

    @property
    def pid(self) -> int:
        return 0

    async def start(self) -> None:
        return

    async def probe(self) -> None:
        return

    async def close(self) -> None:
        return

    async def put(
        self, key: str, path: str, offset: int, length: int, metadata: dict[str, str], body: bytes | None = None
    ) -> int:
        await self._world.wait(0.1)
        data = body if body is not None else read_file(path, offset, length)
        await self._send(key, data)
        return crc32c(data)

    async def pack(
        self, key: str, filesystem: tuple[int, int], parcels: list[Parcel], paths: list[str], metadata: dict[str, str]
    ) -> list[int]:
        await self._world.wait(0.1)
        pieces = [
            read_file(path, parcel.start, parcel.length) if path else parcel.body
            for parcel, path in zip(parcels, paths, strict=True)
        ]
        starts = offsets([len(piece) for piece in pieces])
        members = [
            Member(parcel.inode, parcel.index, start, len(piece), crc32c(piece))
            for parcel, piece, start in zip(parcels, pieces, starts, strict=False)
        ]
        await self._send(key, table(filesystem, members) + b"".join(pieces))
        return [member.checksum for member in members]

    async def _send(self, key: str, data: bytes) -> None:
        world = self._world
        try:
            await world.wait(1.0)
        except asyncio.CancelledError:
            if world.chance.random() < 0.5:
                world.place(key, data)
            raise
        world.may_fail()
        world.place(key, data)
        await world.wait(world.chance.choice((0.05, 3.0)))  # for so long an object is there that no row names
        world.may_fail()

    async def get(self, key: str, offset: int, length: int, path: str) -> int:
        body = await self._store.get(key, offset, length)
        if len(body) != length:
            raise StoreError(f"{key} has {len(body)} of {length} bytes")
        file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            half = len(body) // 2
            os.pwrite(file, body[:half], 0)
            await self._world.wait(0.1)
            os.pwrite(file, body[half:], half)
        finally:
            os.close(file)
        return crc32c(body)

    async def delete(self, keys: list[str]) -> None:
        await self._store.delete(keys)


def read_file(path: str, offset: int, length: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(length)


class WorldDisk(Executor):
    """What threads do for the gateway, done at a random time on the one thread. A dead one does nothing more."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.dead = False

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._world.loop.call_later(self._world.chance.random() ** 2 * 0.05, self._do, future, call, args, kwargs)
        return future

    def _do(self, future: Future[Any], call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if self.dead:
            return
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)


BEFORE, DURABLE, NEVER = 0, 1, 2


class WorldWriter:
    """The writer of one life: each commit is durable some time after it was handed over, and told some time later.

    `dies` in that many commits: before one is durable, or after it and before anybody is told.
    """

    def __init__(self, world: World, connection: sqlite3.Connection, dies: int, on_death: Callable[[], None]) -> None:
        self._world = world
        self._connection = connection
        self._left = dies
        self._phase = world.chance.choice((BEFORE, DURABLE))
        self._on_death = on_death
        self._committed: Callable[[int], None] | None = None
        self.dead = False

    def connect(self, committed: Callable[[int], None]) -> None:
        self._committed = committed

    def submit(self, number: int, statements: Statements) -> None:
        chance = self._world.chance
        self._world.loop.call_later(chance.random() ** 2 * chance.choice((0.01, 0.3)), self._apply, number, statements)

    def _apply(self, number: int, statements: Statements) -> None:
        if self.dead:
            return
        self._left -= 1
        if self._left == 0 and self._phase == BEFORE:
            self._on_death()
            return
        apply(self._connection, statements)
        if self._left == 0:
            self._on_death()
            return
        self._world.loop.call_later(self._world.chance.random() ** 2 * 0.01, self._tell, number)

    def _tell(self, number: int) -> None:
        if not self.dead and self._committed is not None:
            self._committed(number)

    def stop(self) -> None:
        self.dead = True
        self._connection.close()
