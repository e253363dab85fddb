"""Rounds of many requests at once against a gateway of the run's own, each checked before the next one begins."""

from __future__ import annotations

import asyncio
import random
import signal
import tempfile
import time
from pathlib import Path

from nfsgw.wire import nfs4 as w4
from tests.kernel.gateway import Gateway
from tests.model import words
from tests.model.cells import CELLS
from tests.model.checker import check
from tests.model.client import Client, LostError
from tests.model.history import Event, Round
from tests.model.machine import Clock, Machine, World

WORKERS = 3  # of each machine: so many of its requests are on their way at once
OPERATIONS = 12  # of each worker in a round
ROUNDS_OF_AN_AGE = 12  # then everything begins anew in a new folder, before names and histories grow
FILES = 5
HOT = 2
ROOTS = ("x", "y", "z")
SOON = 0.15  # seconds: within this time of a round's start the gateway is killed, where it is killed
TIMING = {"nfs.lease_seconds": "6", "nfs.grace_seconds": "6"}


class Violation(Exception):
    """The gateway has broken a promise."""


class Run:
    def __init__(self, seed: int, machines: int, kill_every: int, history: Path) -> None:
        self.seed = seed
        self.count = machines
        self.kill_every = kill_every  # rounds; 0: never
        self.history = history
        self.clock = Clock()
        self.world = World(self.clock)
        self.machines: list[Machine] = []
        self.roots: list[int] = []
        self.names: dict[tuple[int, str], int] = {}
        self.cells: dict[int, list[int]] = {}
        self.rounds = 0
        self.operations = 0
        self.kills = 0

    async def run(self, seconds: float) -> None:
        """Raises: Violation, Undecided; AssertionError for an answer that nothing can explain."""
        folder = tempfile.TemporaryDirectory(prefix="nfsgw-model-", ignore_cleanup_errors=True)
        gateway = Gateway(Path(folder.name), TIMING, {})
        await asyncio.to_thread(gateway.start)
        try:
            for number in range(self.count):
                client = Client(number, gateway.port, WORKERS + 1)
                self.machines.append(Machine(client, self.world))
                await client.start()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                await self.round(gateway)
            for machine in self.machines:
                await machine.client.stop()
        finally:
            await asyncio.to_thread(gateway.finish)
            folder.cleanup()

    async def round(self, gateway: Gateway) -> None:
        if self.rounds % ROUNDS_OF_AN_AGE == 0:
            await self.begin_age()
        chance = random.Random(f"{self.seed} {self.rounds}")
        found = Round(roots=self.roots, names_before=self.names, cells_before=self.cells)
        world = self.world
        world.events = found.events
        world.ending = False
        self.choose(chance)
        killed = self.kill_every and self.rounds % self.kill_every == self.kill_every - 1
        kill = asyncio.create_task(self.kill(gateway, chance.random() * SOON, found)) if killed else None
        async with asyncio.TaskGroup() as group:
            for machine in self.machines:
                for slot in range(WORKERS):
                    own = random.Random(f"{self.seed} {self.rounds} {machine.client.number} {slot}")
                    group.create_task(machine.work(slot, own, OPERATIONS))
        if kill is not None:
            await kill
        for machine in self.machines:
            machine.client.killed.clear()
            while machine.tasks:
                await asyncio.gather(*machine.tasks)
        await self.look_at_all(found)
        self.rounds += 1
        self.operations += len(found.events)
        self.judge(found)
        self.names, self.cells = found.names_after, found.cells_after

    def judge(self, found: Round) -> None:
        found.kinds = dict(self.world.kinds)
        with self.history.open("a") as out:
            out.write(found.to_line() + "\n")
        wrong = check(found)
        if wrong:
            raise Violation(f"round {self.rounds - 1}:\n" + "\n".join(wrong[:10]))

    async def kill(self, gateway: Gateway, after: float, found: Round) -> None:
        await asyncio.sleep(after)
        self.world.ending = True
        for machine in self.machines:
            machine.client.killed.set()
        found.killed = self.clock.tick()
        self.kills += 1
        await asyncio.to_thread(gateway.restart, signal.SIGKILL)

    def choose(self, chance: random.Random) -> None:
        world = self.world
        there = sorted(set(self.names.values()))
        inner = [id for id in there if world.kinds[id] == "d"]
        world.directories = self.roots * 2 + chance.sample(inner, min(3, len(inner)))
        world.objects = there or self.roots
        world.hot = chance.sample(range(FILES), HOT)

    async def begin_age(self) -> None:
        """A folder with three directories, data files full of nothing, and a file for locks."""
        world = self.world
        base = f"age{self.rounds}"
        done = await self.plainly([words.ROOT, words.mkdir(base), words.GETFH])
        place = words.put(words.handle(done))
        world.kinds.clear()
        world.handles.clear()
        self.roots.clear()
        self.roots = []
        for name in ROOTS:
            done = await self.plainly([place, words.mkdir(name), words.GETATTR, words.GETFH])
            fileid, kind, _ = words.shape(done)
            world.meet(fileid, kind, words.handle(done))
            self.roots.append(fileid)
        files = []
        for number in range(FILES + 1):
            made = words.create(b"founder", f"file{number}", "guarded", 0)
            files.append(words.handle(await self.plainly([place, made, words.GETFH, words.close(words.CURRENT)])))
        world.lock_file = files.pop()
        world.files = files
        self.names, self.cells = {}, {number: [0] * CELLS for number in range(FILES)}
        for machine in self.machines:
            machine.forget()

    async def plainly(self, operations: words.Operations) -> w4.COMPOUND4res:
        """At rest, by the first machine."""
        while True:
            try:
                done = await self.machines[0].client.call(0, operations)
            except LostError:
                continue
            assert done.status == w4.NFS4_OK, words.status(done)
            return done

    async def look_at_all(self, found: Round) -> None:
        """The tree from the roots down, and every data file, by another machine in every round."""
        client = self.machines[self.rounds % self.count].client
        world = self.world
        pending = list(self.roots)
        while pending:
            directory = pending.pop()
            call = self.clock.tick()
            done = await self.sure(client, [words.put(world.handles[directory]), words.readdir()])
            entries = words.listing(done)
            inside = tuple(sorted((name, fileid) for name, fileid, _, _ in entries))
            found.events.append(Event(client.number, "readdir", (directory,), call, self.clock.tick(), ("OK", inside)))
            for name, fileid, kind, handle in entries:
                world.meet(fileid, kind, handle)
                found.names_after[(directory, name)] = fileid
                if kind == "d":
                    pending.append(fileid)
        for number, file in enumerate(world.files):
            done = await self.sure(client, [words.put(file), words.COMMIT, words.read(0, CELLS)])
            found.cells_after[number] = list(words.cells(done, CELLS))

    async def sure(self, client: Client, operations: words.Operations) -> w4.COMPOUND4res:
        while True:
            try:
                done = await client.call(0, operations)
            except LostError:
                continue
            assert done.status == w4.NFS4_OK, words.status(done)
            return done
