"""One hour in which the object store is down, and what the machines see of it: a gateway with its shipped settings (the
staging limit alone is smaller), writers that fill the staging and go on, readers, somebody who renames.

Time is virtual, so the hour is a real one for everything that counts seconds. The machines wait after DELAY as Linux
does: a tenth of a second, doubled up to 15 s.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nfsgw.admin.health import shortages
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.wire import nfs4 as w4
from tests.faults.look import look, walk
from tests.faults.worker import CLOSE, COMMIT, create, mkdir_of, rename, write
from tests.protocol.machines import NO_STATEID
from tests.simulation.lives import SimulatedHouse, SimulatedMachine, check_at_rest
from tests.simulation.loop import VirtualLoop
from tests.simulation.world import World

HOUR: Final = 3600.0
LIMIT: Final = 32 << 20
FILE: Final = 256 << 10  # long enough for a staging file
WRITERS: Final = 2
EVERY: Final = 5.0  # seconds between two files of a writer: the staging is full after some minutes
LOOKS: Final = 10.0  # seconds between two reads, or renames
BEFORE: Final = 6  # files that are in the store, and cached, when it goes down


class PatientMachine(SimulatedMachine):
    """While it is watched it notes how long each answer took, and how often it was put off."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.watched = False
        self.longest = 0.0  # for one answer, DELAY or not
        self.put_off = 0

    async def call(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        done = await super().call(*operations)
        if self.watched:
            self.longest = max(self.longest, loop.time() - begun)
        return done

    async def pause(self, tries: int) -> None:
        self.put_off += self.watched
        await asyncio.sleep(min(15.0, 0.1 * 2.0 ** (tries - 1)))


class ShippedHouse(SimulatedHouse):
    def chunk_settings(self) -> ChunkSettings:
        settings = ChunkSettings()
        settings.staging_limit = LIMIT
        settings.disk_reserve = 0
        return settings

    def words(self) -> str:
        return "\n".join(shortages({"disk_tight": False, "chunks": self.chunks.status()}))


class Outage:
    """`run` raises AssertionError; afterwards the figures of the hour are here."""

    def __init__(self, seed: int, folder: Path, loop: VirtualLoop) -> None:
        random.seed(seed)
        self.chance = random.Random(seed)
        self.world = World(self.chance, loop)
        self.folder = folder
        self.loop = loop
        self.writers = [PatientMachine(f"w{number}") for number in range(WRITERS)]
        self.reader, self.cold, self.renamer = PatientMachine("reader"), PatientMachine("cold"), PatientMachine("r")
        self.files: dict[tuple[bytes, bytes], bytes] = {}  # what was acknowledged
        self.held_from = 0.0  # when the staging was full, after the beginning of the outage
        self.written_by_then = 0
        self.failures = 0  # of the store, in the hour
        self.down_after = 0.0  # seconds from its end until the store is known to answer
        self.flowing_after = 0.0  # until both writers' files are acknowledged again
        self.reads = self.renames = 0
        self._over = False

    @property
    def machines(self) -> list[PatientMachine]:
        return [*self.writers, self.reader, self.cold, self.renamer]

    async def run(self) -> None:
        self.house = ShippedHouse(self.folder, self.world, dies=0)
        await self.house.chunks.start()
        for machine in self.machines:
            machine.house = self.house
            await machine.join()
            await machine.run(*walk(()), mkdir_of(machine.name))
        for number in range(BEFORE):
            await self._put(self.reader, b"%d" % number)
        await self._put(self.cold, b"cold")
        await self.house.uploaded()
        self.house.chunks.drop_cache()
        for number in range(BEFORE):
            await self._get(self.reader, (self.reader.name, b"%d" % number))
        await self._hour()
        await self.house.uploaded()
        self.house.chunks.drop_cache()
        for machine in self.machines:
            seen = await look(machine, (machine.name,))
            expected = {name: data for (folder, name), data in self.files.items() if folder == machine.name}
            assert {name: node.data for name, node in seen.children.items()} == expected
        await self.house.settled()
        self.house.die()
        await self.house.buried()
        check_at_rest(self.folder, self.world)

    async def _hour(self) -> None:
        world, loop = self.world, self.loop
        for machine in self.machines:
            machine.watched = True
        begun = loop.time()
        failures = world.failures
        world.outage_until = begun + HOUR
        working = [
            asyncio.ensure_future(one)
            for one in (*(self._writes(writer) for writer in self.writers), self._reads(), self._renames())
        ]
        cold = asyncio.ensure_future(self._get(self.cold, (self.cold.name, b"cold")))
        await until(lambda: self._status("writers_held") is True, HOUR / 2, "the staging is full")
        self.held_from = loop.time() - begun
        self.written_by_then = self._acknowledged()
        assert "writers are held until uploads make room" in self.house.words()
        await asyncio.sleep(begun + HOUR - 1.0 - loop.time())
        assert self._acknowledged() == self.written_by_then, "nothing more fits"
        assert not cold.done(), "its bytes are nowhere but in the store"
        down = self._status("store_down_seconds")
        assert isinstance(down, float)
        assert down > HOUR - 60
        self.failures = world.failures - failures
        await asyncio.sleep(1.0)
        await until(lambda: self._status("store_down_seconds") is None, HOUR, "the store is known to be back")
        self.down_after = loop.time() - begun - HOUR
        await until(
            lambda: all(self._files_of(writer) > self._before[writer] for writer in self.writers), HOUR, "writers go on"
        )
        self.flowing_after = loop.time() - begun - HOUR
        await cold
        self._over = True
        await asyncio.gather(*working)
        for machine in self.machines:
            machine.watched = False

    def _status(self, name: str) -> object:
        return self.house.chunks.status()[name]

    def _acknowledged(self) -> int:
        self._before = {writer: self._files_of(writer) for writer in self.writers}
        return sum(self._before.values()) * FILE

    def _files_of(self, machine: PatientMachine) -> int:
        return sum(1 for folder, _ in self.files if folder == machine.name)

    async def _writes(self, writer: PatientMachine) -> None:
        number = 0
        while not self._over:
            await self._put(writer, b"%d" % number)
            number += 1
            await asyncio.sleep(EVERY)

    async def _reads(self) -> None:
        """What is cached, and what is in the staging: in the store or not."""
        while not self._over:
            known = [name for name in self.files if name[0] not in (self.cold.name, self.renamer.name)]
            await self._get(self.reader, self.chance.choice(known))
            self.reads += 1
            await asyncio.sleep(LOOKS)

    async def _renames(self) -> None:
        place = walk((self.renamer.name,))
        await self.renamer.run(*place, mkdir_of(b"0"))
        while not self._over:
            name = b"%d" % self.renames
            self.renames += 1
            saved = w4.nfs_argop4(w4.OP_SAVEFH)
            await self.renamer.run(*place, saved, rename(name, b"%d" % self.renames))
            await asyncio.sleep(LOOKS)
        await self.renamer.run(*place, w4.nfs_argop4(w4.OP_REMOVE, opremove=w4.REMOVE4args(b"%d" % self.renames)))

    async def _put(self, machine: PatientMachine, name: bytes) -> None:
        """As a client writes a small file: create, write, commit, close; each WRITE by itself, for it may have to
        wait."""
        data = self.chance.randbytes(FILE)
        place = walk((machine.name,))
        await machine.run(*place, create(name), CLOSE)
        lookup = walk((machine.name, name))
        await machine.run(*lookup, write(NO_STATEID, 0, data, w4.UNSTABLE4))
        await machine.run(*lookup, COMMIT)
        self.files[(machine.name, name)] = data

    async def _get(self, machine: PatientMachine, path: tuple[bytes, bytes]) -> None:
        args = w4.READ4args(NO_STATEID, 0, FILE)
        done = await machine.run(*walk(path), w4.nfs_argop4(w4.OP_READ, opread=args))
        answer = done[-1].opread
        assert answer is not None
        assert answer.resok4 is not None
        assert bytes(answer.resok4.data) == self.files[path]


async def until(condition: Callable[[], bool], within: float, what: str) -> None:
    for _ in range(int(within * 10)):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"never came true: {what}")
