"""One seed: machines, lives of the gateway, and after each death a check at rest and a look of every machine."""

from __future__ import annotations

import asyncio
import random
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreError, StoreOptions
from nfsgw.maintenance.fsck import Fsck
from nfsgw.maintenance.gc import Flight, collect
from nfsgw.namespace.namespace import Namespace, assemble
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.faults.look import walk
from tests.faults.machine import Gone, Machine
from tests.faults.town import all_of
from tests.faults.worker import SHARED, Step, Worker, mkdir_of
from tests.protocol.machines import REPLY_HEADER, House
from tests.protocol.machines import Machine as Caller
from tests.simulation.loop import LoopClock, VirtualLoop
from tests.simulation.world import World, WorldDisk, WorldMover, WorldStore, WorldWriter

MACHINES: Final = 3
LIVES: Final = 3
SWEEP_EVERY: Final = 1.0


class SimulatedHouse(House):
    """One life. `dead` is set when it has died; then nothing of it runs any more."""

    def __init__(self, folder: Path, world: World, dies: int) -> None:
        self.world = world
        self.dead = asyncio.Event()
        self._dies = dies
        self.disk = WorldDisk(world)
        self.timers = LoopClock(world.loop)
        self.lines: list[SimulatedMachine] = []
        super().__init__(folder, self.timers)
        self._sweeping = world.loop.call_later(SWEEP_EVERY, self._sweep)
        self._swept = False

    def open_names(self, path: str) -> Namespace:
        settings = NamespaceSettings()
        settings.reserve_bytes = 0
        settings.cache_inodes = 50
        settings.cache_entries = 50
        settings.checkpoint_pages = 50
        connection, names = assemble(path, settings, self.soon, self.failed.append, self.wall_clock, lambda: 1 << 40)
        self.writer = WorldWriter(self.world, connection, self._dies, self.die)
        self.writer.connect(names.committed)
        names.connect(self.writer.submit, self.writer.stop)
        return names

    def make_chunks(self) -> Chunks:
        return Chunks(
            str(self.folder / "chunks"), self.names, f"file://{self.folder}/objects", StoreOptions(),
            self.chunk_settings(), self.failed.append, self.wall_clock, WorldMover(self.world), self.disk,
        )  # fmt: skip

    def chunk_settings(self) -> ChunkSettings:
        chance = self.world.chance
        settings = ChunkSettings()
        settings.disk_reserve = 0
        settings.inline_limit = chance.choice((256, 4096, 65536))  # mostly so small that files have staging files
        settings.memory_chunks = chance.choice((4, 65536))
        settings.memory_bytes = chance.choice((1 << 16, 1 << 26))
        settings.cache_limit = chance.choice((0, 1 << 20, 1 << 30))
        settings.staging_limit = chance.choice((1 << 20, 1 << 30))
        settings.spare_slots = chance.choice((0, 1, 64))
        settings.upload_after = chance.choice((0.0, 0.3))
        settings.pack_after = chance.choice((0.0, 0.5, 5.0))
        settings.upload_queue = chance.choice((4, 8192))
        settings.flush_after = chance.choice((0.2, 2.0))
        settings.hold_writers = 1.0
        settings.dead_age = 0.0
        settings.sweep_every = 0.5
        settings.retry_most = 1.0
        return settings

    def monotonic(self) -> float:
        return self.world.loop.time()

    def wall_clock(self) -> int:
        return 1_700_000_000_000_000_000 + int(self.world.loop.time() * 1e9)

    def _sweep(self) -> None:
        """As the composition root does."""
        if self.crashed:
            return
        self._sweeping = self.world.loop.call_later(SWEEP_EVERY, self._sweep)
        now = self.monotonic()
        self.state.sweep(now)
        if not self._swept and not self.state.in_grace(now):
            self._swept = True
            for inode in self.names.sweep_orphans():
                self.chunks.forget(inode)

    def die(self) -> None:
        """At once: no reply, no commit and no timer comes after it."""
        self.crashed = True
        self.writer.dead = True
        self.disk.dead = True
        self.timers.stop()
        self._sweeping.cancel()
        for machine in self.lines:
            machine.cut_off()
        self.dead.set()

    async def uploaded(self) -> None:
        """Until the store has everything."""
        for _ in range(2000):
            if self.chunks.uploads_idle() and self.chunks.status()["staged_bytes"] == 0:
                return
            await asyncio.sleep(0.5)
        raise AssertionError(f"the uploads never end: {self.chunks.status()}")

    async def buried(self) -> None:
        await self.crash()
        assert not self.failed, self.failed


class SimulatedMachine(Machine):
    """Speaks to whatever house stands."""

    def __init__(self, name: str) -> None:
        super().__init__(0, name)
        self.house: SimulatedHouse | None = None
        self._caller: Caller | None = None

    async def connect(self) -> None:
        house = self.house
        if house is None or house.crashed:
            raise Gone("nobody is there")
        self._caller = Caller(house, self.name.decode())
        house.lines.append(self)

    def cut_off(self) -> None:
        caller = self._caller
        self._caller = None
        if caller is not None:
            caller.line.replies.clear()
            caller.line.drop()
            caller.line.arrived.set()

    async def call(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        caller = self._caller
        if caller is None:
            raise Gone("not connected")
        reply = await caller.record(caller.message(caller.compound(*operations)))
        if not reply or self._caller is not caller:
            raise Gone("the gateway died")
        return w4.unpack_COMPOUND4res(Reader(reply[REPLY_HEADER:]))

    async def leave(self) -> None:
        self.cut_off()


class Simulation:
    def __init__(self, seed: int, folder: Path, loop: VirtualLoop) -> None:
        self.chance = random.Random(seed)
        random.seed(seed)  # the product's own jitter
        self.world = World(self.chance, loop)
        self.folder = folder
        self.steps = 0
        self.deaths = 0
        self.collected = 0
        self.workers = [Worker(SimulatedMachine(f"m{number}"), seed * 1000 + number) for number in range(MACHINES)]
        self.house: SimulatedHouse

    async def run(self) -> None:
        """AssertionError: something that was acknowledged is not there, or something is that cannot be."""
        await self._rise(dies=0)
        first = self.workers[0].machine
        await first.join()
        await first.run(*walk(()), mkdir_of(SHARED))
        await first.leave()
        await self._join()
        for worker in self.workers:
            await worker.settle_in()
        self.house.die()
        await self._bury()
        for _ in range(LIVES):
            await self._live(dies=self.chance.randint(1, 60))
        await self._end()

    async def _rise(self, dies: int) -> None:
        self.house = SimulatedHouse(self.folder, self.world, dies)
        for worker in self.workers:
            assert isinstance(worker.machine, SimulatedMachine)
            worker.machine.house = self.house
        await self.house.chunks.start()

    async def _join(self) -> None:
        await all_of(worker.machine.join() for worker in self.workers)

    async def _live(self, dies: int) -> None:
        await self._rise(dies)
        collecting = asyncio.ensure_future(self._collect())
        outages = asyncio.ensure_future(self._outages())
        try:
            await self._join()
            await all_of(worker.verify() for worker in self.workers)
            await all_of(worker.work(self._acknowledged) for worker in self.workers)
        except Gone:
            pass
        await self.house.dead.wait()
        outages.cancel()
        await collecting
        await self._bury()

    def _acknowledged(self, worker: Worker, step: Step) -> None:
        self.steps += 1

    async def _outages(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 6))
            self.world.outage_until = self.world.loop.time() + self.chance.uniform(0.2, 3)

    async def _collect(self) -> None:
        """`nfsgw gc --delete --age 0` beside the gateway, until it dies."""
        house = self.house
        while not house.crashed:
            await asyncio.sleep(self.chance.uniform(0.02, 0.6))
            try:
                report = await collect(
                    WorldStore(self.world, calm=False), str(self.folder / "namespace.db"), self._in_flight(house),
                    self.world.loop.time() + 1, 0.0, True, lambda _: None,
                )  # fmt: skip
                self.collected += report.deleted
            except (StoreError, Gone):
                continue

    @staticmethod
    def _in_flight(house: SimulatedHouse) -> Any:
        async def ask() -> Flight:
            if house.crashed:
                raise Gone("a gateway that is dead answers nothing")
            return Flight(house.names.fsid_major, set(house.chunks.uploads_in_flight()))

        return ask

    async def _bury(self) -> None:
        for worker in self.workers:
            await worker.machine.leave()
        await self.house.buried()
        self.deaths += 1
        self._check()

    def _check(self) -> None:
        check_at_rest(self.folder, self.world)

    async def _end(self) -> None:
        """A life in peace: everything goes to the store, and all that is not alive goes from it."""
        self.world.outage_until = 0.0
        await self._rise(dies=0)
        await self._join()
        await all_of(worker.verify() for worker in self.workers)
        house = self.house
        await house.uploaded()
        house.chunks.drop_cache()
        await all_of(worker.verify() for worker in self.workers)
        await house.settled()
        house.die()
        await self._bury()


class Runs(Protocol):
    async def run(self) -> None: ...


def simulate(seed: int) -> Simulation:
    """Runs one seed. AssertionError and whatever else goes wrong."""
    return in_virtual_time(lambda folder, loop: Simulation(seed, folder, loop))


Life = TypeVar("Life", bound=Runs)


def in_virtual_time(make: Callable[[Path, VirtualLoop], Life]) -> Life:
    """Makes it in a folder of its own and runs it to its end."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=memory()) as folder:
        life = make(Path(folder), loop)
        try:
            loop.run_until_complete(life.run())
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()
            asyncio.set_event_loop(None)
    return life


def check_at_rest(folder: Path, world: World) -> None:
    """All rules of fsck, with every checksum. It has a loop and a thread of its own. AssertionError."""
    found: list[str] = []

    def look() -> None:
        staging = str(folder / "chunks" / "staging")
        check = Fsck(str(folder / "namespace.db"), staging, WorldStore(world, calm=True), True, lambda _: None)
        verdict = asyncio.run(check.examine())
        found.extend(f"{finding.rule}: {finding.examples}" for finding in verdict.findings)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert not found, found


def memory() -> str | None:
    """Where files need no disk: what the simulation says of durability it says itself."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
