"""One machine of the run: workers, each with a slot, that choose operations at random and note what came of them.

It caches a file while it holds a delegation on it, and then reads without asking: a recall that comes too late, or not
at all, shows as a stale read.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random

from nfsgw.wire import nfs4 as w4
from nfsgw.wire import nfs4_cb as cb
from tests.model import words
from tests.model.cells import CELLS
from tests.model.client import Client, LostError
from tests.model.history import Event, Value

NAMES = ("a", "b", "c", "d")
WANT = w4.OPEN4_SHARE_ACCESS_WANT_READ_DELEG
LOCKED_BYTES = 64


class Clock:
    """Ticks, and numbers that are given once: for values, verifiers, lock owners."""

    def __init__(self) -> None:
        self.now = 0
        self.given = 0

    def tick(self) -> int:
        self.now += 1
        return self.now

    def number(self) -> int:
        self.given += 1
        return self.given


class World:
    """What all machines know: handles of what they have met. Data files and the lock file are by index."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.events: list[Event] = []
        self.handles: dict[int, bytes] = {}
        self.kinds: dict[int, str] = {}
        self.directories: list[int] = []  # that operations of this round go to
        self.objects: list[int] = []
        self.files: list[bytes] = []
        self.hot: list[int] = []  # files that are written to in this round
        self.lock_file = b""
        self.ending = False  # the gateway is about to be killed: no more data operations in this round

    def meet(self, fileid: int, kind: str, handle: bytes) -> None:
        self.kinds[fileid] = kind
        self.handles[fileid] = handle


class Machine:
    def __init__(self, client: Client, world: World) -> None:
        self.client = client
        self.world = world
        self.opened: w4.stateid4 | None = None  # of the lock file
        self.opening = asyncio.Lock()
        self.returning = asyncio.Lock()  # the last slot carries one return at a time
        self.held: dict[int, w4.stateid4] = {}  # delegations, by file
        self.caches: dict[int, list[int]] = {}
        # how often what was known of a file has ended: a read begun before fills nothing
        self.outdated: Counter[int] = Counter()
        self.writing: Counter[int] = Counter()  # own changes on their way: others may see one before its answer is here
        self.recalls = 0
        self.cached_reads = 0
        self.tasks: set[asyncio.Task[None]] = set()
        client.on_recall = self.recalled
        client.on_new_session = self.forget

    def forget(self) -> None:
        """After a restart nothing is held but what would be reclaimed, and this machine reclaims nothing."""
        self.opened = None
        self.held.clear()
        for number in range(len(self.world.files)):
            self.drop(number)

    def drop(self, number: int) -> None:
        self.caches.pop(number, None)
        self.outdated[number] += 1

    # -- one worker

    async def work(self, slot: int, chance: Random, count: int) -> None:
        for _ in range(count):
            if chance.random() < 0.55:
                await self.change_names(slot, chance)
            elif not self.world.ending:
                await self.touch_data(slot, chance)

    async def ask(self, slot: int, event: Event, operations: words.Operations) -> w4.COMPOUND4res | None:
        """None when nobody heard the outcome; the event is then as it was. The caller has to note what it means."""
        event.call = self.world.clock.tick()
        try:
            done = await self.client.call(slot, operations)
        except LostError:
            return None
        event.ret = self.world.clock.tick()
        return done

    def event(self, kind: str, *args: Value) -> Event:
        return Event(self.client.number, kind, args, 0)

    # -- names: what was lost with a session has not happened, and is left out

    async def change_names(self, slot: int, chance: Random) -> None:
        world = self.world
        directory, other = chance.choice(world.directories), chance.choice(world.directories)
        name, new = chance.choice(NAMES), chance.choice(NAMES)
        place = words.put(world.handles[directory])
        kind = chance.choices(
            [
                "lookup",
                "readdir",
                "getattr",
                "mkdir",
                "symlink",
                "unchecked",
                "guarded",
                "exclusive",
                "remove",
                "rename",
                "link",
            ],
            [14, 10, 5, 9, 3, 7, 7, 6, 16, 18, 8],
        )[0]
        if kind in ("rename", "link", "getattr"):
            await self.move(slot, chance, kind, (directory, name, other, new))
            return
        event = self.event(kind, directory) if kind == "readdir" else self.event(kind, directory, name)
        operations = {
            "lookup": [words.lookup(name), words.GETATTR, words.GETFH],
            "readdir": [words.readdir()],
            "mkdir": [words.mkdir(name), words.GETATTR, words.GETFH],
            "symlink": [words.symlink(name), words.GETATTR, words.GETFH],
            "remove": [words.remove(name)],
        }.get(kind) or [
            words.create(b"worker %d" % slot, name, kind, world.clock.number()),
            words.GETATTR,
            words.GETFH,
            words.close(words.CURRENT),
        ]
        done = await self.ask(slot, event, [place, *operations])
        if done is not None:
            event.result = self.understood(kind, done)
            world.events.append(event)

    async def move(self, slot: int, chance: Random, kind: str, chosen: tuple[int, str, int, str]) -> None:
        world = self.world
        directory, name, other, new = chosen
        target = chance.choice(world.objects)
        place, there = words.put(world.handles[directory]), words.put(world.handles[other])
        thing = words.put(world.handles[target])
        if kind == "rename":
            event = self.event(kind, directory, name, other, new)
            operations = [place, words.SAVE, there, words.rename(name, new)]
        elif kind == "link":
            event = self.event(kind, target, other, new)
            operations = [thing, words.SAVE, there, words.link(new)]
        else:
            event = self.event(kind, target)
            operations = [thing, words.GETATTR]
        done = await self.ask(slot, event, operations)
        if done is not None:
            event.result = self.understood(kind, done)
            world.events.append(event)

    def understood(self, kind: str, done: w4.COMPOUND4res) -> tuple[Value, ...]:
        if done.status != w4.NFS4_OK:
            return (words.status(done),)
        last = done.resarray[-1]
        if kind == "readdir":
            entries = words.listing(done)
            for _, fileid, what, handle in entries:
                self.world.meet(fileid, what, handle)
            return ("OK", tuple(sorted((name, fileid) for name, fileid, _, _ in entries)))
        if kind == "getattr":
            return ("OK", words.shape(done)[2])
        if kind == "rename":
            assert last.oprename is not None
            assert last.oprename.resok4 is not None
            return ("OK", words.changed(last.oprename.resok4.target_cinfo))
        if kind in ("remove", "link"):
            return ("OK",)
        fileid, what, _ = words.shape(done)
        self.world.meet(fileid, what, words.handle(done))
        if kind == "lookup":
            return ("OK", fileid)
        return ("OK", fileid, made(done))

    # -- data and locks: what was lost may have happened

    async def touch_data(self, slot: int, chance: Random) -> None:
        world = self.world
        first = chance.randrange(CELLS)
        count = chance.randint(1, CELLS - first)
        kind = chance.choices(["write", "read", "cached", "truncate", "commit", "lock"], [26, 24, 24, 3, 9, 14])[0]
        if kind == "lock":
            await self.lock(slot, chance)
            return
        if kind == "cached":
            await self.cached(slot, chance.randrange(len(world.files)))
            return
        number = chance.randrange(len(world.files)) if kind == "read" else chance.choice(world.hot)
        place = words.put(world.files[number])
        if kind == "read":
            await self.read(slot, number, first, count)
            return
        if kind == "write":
            value, stable = world.clock.number(), chance.random() < 0.4
            event = self.event(kind, number, value, first, count, stable)
            operation = words.write(value, first, count, stable)
        elif kind == "truncate":
            event, operation = self.event(kind, number, first), words.truncate(first)
        else:
            event, operation = self.event(kind, number), words.COMMIT
        world.events.append(event)
        if kind == "commit":
            done = await self.ask(slot, event, [place, operation])
        else:  # nobody recalls a machine's delegation for its own writing
            self.writing[number] += 1
            self.drop(number)
            done = await self.ask(slot, event, [place, operation])
            self.writing[number] -= 1
            self.drop(number)
        if done is not None:
            assert done.status == w4.NFS4_OK, f"{event}: {words.status(done)}"
            event.result = ("OK",)
        elif kind == "truncate":
            world.events.remove(event)  # it changes the tree: BADSESSION says that it has not happened

    async def read(self, slot: int, number: int, first: int, count: int) -> tuple[int, ...]:
        event = self.event("read", number, first, count)
        done = await self.ask(slot, event, [words.put(self.world.files[number]), words.read(first, count)])
        if done is None:
            return ()
        assert done.status == w4.NFS4_OK, f"{event}: {words.status(done)}"
        seen = words.cells(done, count)
        event.result = ("OK", first, seen)
        self.world.events.append(event)
        return seen

    async def cached(self, slot: int, number: int) -> None:
        """From the cache where a delegation is held; else it is asked for, and the cache filled."""
        kept = self.caches.get(number)
        if kept is not None:
            self.cached_reads += 1
            now = self.world.clock.tick()
            event = Event(self.client.number, "cached", (number,), now, self.world.clock.tick(), ("OK", 0, tuple(kept)))
            self.world.events.append(event)
            return
        if number not in self.held and not await self.delegation(slot, number):
            return
        known = self.outdated[number]
        seen = await self.read(slot, number, 0, CELLS)
        if seen and number in self.held and self.outdated[number] == known and not self.writing[number]:
            self.caches[number] = list(seen)

    async def delegation(self, slot: int, number: int) -> bool:
        """Opens the file for reading with the wish for a delegation, which outlives the open."""
        claim = w4.open_claim4(w4.CLAIM_FH)
        access = w4.OPEN4_SHARE_ACCESS_READ | WANT
        operations = [words.put(self.world.files[number]), words.open_(b"reader %d" % slot, access, claim)]
        early = len(self.client.callbacks.recalled)
        try:
            done = await self.client.call(slot, [*operations, words.close(words.CURRENT)])
        except LostError:
            return False
        assert done.status == w4.NFS4_OK, words.status(done)
        opened = done.resarray[2].opopen
        assert opened is not None
        assert opened.resok4 is not None
        granted = opened.resok4.delegation.read
        if granted is None:
            return False
        stateid = granted.stateid
        if any(args.stateid.other == stateid.other for args in self.client.callbacks.recalled[early:]):
            return False  # the recall has overtaken the grant
        self.held[number] = stateid
        return True

    def recalled(self, args: cb.CB_RECALL4args) -> None:
        """From now on nothing is read from the cache; then the delegation goes back, also one that this machine has not
        been told of yet, or did not ask for."""
        self.recalls += 1
        for number, stateid in list(self.held.items()):
            if stateid.other == args.stateid.other:
                del self.held[number]
                self.drop(number)
        self.give_back(args.fh, args.stateid)

    def give_back(self, file: bytes, stateid: w4.stateid4) -> None:
        task = asyncio.create_task(self.returned(file, stateid))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def returned(self, file: bytes, stateid: w4.stateid4) -> None:
        operation = w4.nfs_argop4(w4.OP_DELEGRETURN, opdelegreturn=w4.DELEGRETURN4args(stateid))
        async with self.returning:
            try:
                done = await self.client.call(self.client.slots - 1, [words.put(file), operation])
            except LostError:
                return
            assert done.status in (w4.NFS4_OK, w4.NFS4ERR_BAD_STATEID), words.status(done)

    async def lock(self, slot: int, chance: Random) -> None:
        world = self.world
        first = chance.randrange(LOCKED_BYTES)
        end = chance.randint(first + 1, LOCKED_BYTES)
        opened = await self.open_lock_file(slot)
        if opened is None or world.ending:
            return
        owner = world.clock.number()
        event = self.event("lock", 0, first, end, owner)
        world.events.append(event)
        place = words.put(world.lock_file)
        done = await self.ask(slot, event, [place, words.lock(opened, self.client.clientid, owner, first, end)])
        if done is None:
            return
        if done.status in (w4.NFS4ERR_BAD_STATEID, w4.NFS4ERR_EXPIRED, w4.NFS4ERR_STALE_CLIENTID):
            world.events.remove(event)  # of the session before a restart
            return
        event.result = (words.status(done),)
        if done.status != w4.NFS4_OK:
            assert done.status == w4.NFS4ERR_DENIED, words.status(done)
            return
        got = done.resarray[-1].oplock
        assert got is not None
        assert got.resok4 is not None
        if chance.random() < 0.7:
            await self.read(slot, chance.randrange(len(world.files)), 0, 1)
        ended = self.event("unlock", 0, first, end, owner)
        world.events.append(ended)
        stateid = got.resok4.lock_stateid
        latest = w4.stateid4(0, stateid.other)
        free = w4.nfs_argop4(w4.OP_FREE_STATEID, opfree_stateid=w4.FREE_STATEID4args(latest))
        done = await self.ask(slot, ended, [place, words.unlock(stateid, first, end), free])
        if done is not None:
            ended.result = (words.status(done),)

    async def open_lock_file(self, slot: int) -> w4.stateid4 | None:
        async with self.opening:
            if self.opened is None:
                both = w4.OPEN4_SHARE_ACCESS_BOTH
                claim = w4.open_claim4(w4.CLAIM_FH)
                operations = [words.put(self.world.lock_file), words.open_(b"locker", both, claim)]
                try:
                    done = await self.client.call(slot, operations)
                except LostError:
                    return None
                assert done.status == w4.NFS4_OK, words.status(done)
                got = done.resarray[-1].opopen
                assert got is not None
                assert got.resok4 is not None
                self.opened = got.resok4.stateid
            return self.opened


def made(done: w4.COMPOUND4res) -> bool:
    """Whether CREATE or OPEN has made a name, as the directory's change says."""
    for result in done.resarray:
        if result.opcreate is not None and result.opcreate.resok4 is not None:
            return words.changed(result.opcreate.resok4.cinfo)
        if result.opopen is not None and result.opopen.resok4 is not None:
            return words.changed(result.opopen.resok4.cinfo)
    raise AssertionError("nothing was made")
