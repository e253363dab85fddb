"""Whatever comes over the wire: no exception escapes, every call is answered or its connection closed, what is refused
has changed nothing, and memory stays bounded.

`--hypothesis-profile=long` goes on for hours; without it, a minute or two. A failure is printed as the drawn values,
which replay.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import tracemalloc
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nfsgw.nfs4.optable import READS, ROWS
from nfsgw.rpc.core import Connection, Limits
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.protocol.fuzzing.corpus import ANSWERS, CONTENT, Operations, World, compounds, put, write
from tests.protocol.fuzzing.digest import Digest, content, difference, digest_of
from tests.protocol.fuzzing.mutations import compound_mutated, mutated
from tests.protocol.fuzzing.old import OldWorld, compounds_of_old
from tests.protocol.machines import NO_STATEID, REPLY_HEADER, ROOT, House, getattr_
from tests.support.feeding import feed

W = TypeVar("W", bound=World)
CHANGING = {row.number for row in ROWS if row.effect != READS}
RPC_HEADER = 24  # of a call: xid to procedure
COMPOUND_HEADER = 12  # an empty tag, minor version, count
PATIENCE = 0.1  # real seconds without any progress, after which the clock is moved
LONGEST_WAIT = 300.0  # seconds by the House's clock
CALL = 0
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # thousands of syncs that prove nothing here
PLENTY = 24 * 1024 * 1024  # bytes that one message may make the gateway hold for a moment

seeds = st.lists(st.integers(0, (1 << 32) - 1), min_size=15, max_size=50)
"""One number for each message: it decides which one it is, and what happens to it."""


class Errors(logging.Handler):
    """What must not be logged: an exception that nobody expected."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.seen.append(self.format(record))


@contextmanager
def quiet() -> Iterator[None]:
    """Fails when anything was logged with a traceback, or as an error."""
    errors = Errors()
    log = logging.getLogger("nfsgw")
    log.addHandler(errors)
    try:
        yield
    finally:
        log.removeHandler(errors)
    assert not errors.seen, "\n".join(errors.seen)


@asynccontextmanager
async def fuzzed(kind: type[W]) -> AsyncIterator[W]:
    folder = Path(tempfile.mkdtemp(prefix="nfsgw-fuzz-", dir=MEMORY))
    house = House(folder)
    try:
        await house.chunks.start()
        world = kind(house)
        await world.settle_in()
        yield world
        assert house.engine.running == 0
        assert house.pool.idle_bytes <= house.pool.keep_bytes
        await house.close()
    except BaseException:
        await house.crash()
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(test: Coroutine[Any, Any, None]) -> None:
    with quiet():
        asyncio.run(test)


class Tap:
    """A connection of machine `a`'s, to which anything may be sent. Nobody answers what the gateway asks over it."""

    def __init__(self, world: World) -> None:
        house = world.house
        self.world = world
        self.woken = asyncio.Event()
        house.connections += 1
        self.connection = Connection(
            house.connections, ("fuzzer", 1), {house.engine.number: house.engine}, house.pool, Limits(), self.wake
        )
        self.received = b""

    def wake(self, connection: Connection) -> None:
        self.woken.set()

    def feed(self, data: bytes, most: int = 1 << 30) -> None:
        feed(self.connection, data, most)

    async def settle(self) -> list[bytes]:
        """All answers, when none is missing any more; the clock moves when nothing else does. Raises:
        AssertionError when an answer never comes."""
        end = self.world.house.clock.seconds + LONGEST_WAIT
        while self.connection.outstanding and not self.connection.closed:
            self.woken.clear()
            try:
                await asyncio.wait_for(self.woken.wait(), PATIENCE)
            except TimeoutError:
                assert self.world.house.clock.seconds < end, "a call that is never answered"
                self.world.house.clock.advance(1.0)
            self.connection.resume()
        self.received += b"".join(self.connection.output())
        found = []
        while self.received:
            size = int.from_bytes(self.received[:4], "big") & 0x7FFFFFFF
            assert len(self.received) >= size + 4
            if self.received[8:12] != bytes(4):  # a call is the gateway's own: nobody at home
                found.append(self.received[4 : size + 4])
            self.received = self.received[size + 4 :]
        return found

    async def send(self, message: bytes) -> list[bytes]:
        self.feed((0x8000_0000 | len(message)).to_bytes(4, "big") + message)
        return await self.settle()

    def hang_up(self) -> None:
        self.connection.lost()


def changed(answers: list[bytes], message: bytes) -> bool:
    """Whether some operation that changes something says that it has. Every answer must be one, to the last byte."""
    did = False
    for answer in answers:
        assert answer[:4] == message[:4], "an answer to another call"
        if answer[4:RPC_HEADER] != bytes([0, 0, 0, 1]) + bytes(16) or message[20:24] == bytes(4):
            continue  # refused by the RPC layer, or NULL
        reader = Reader(answer[REPLY_HEADER:])
        result = w4.unpack_COMPOUND4res(reader)
        reader.finish()
        ran = result.resarray
        assert result.status in w4.nfsstat4_names
        for place, one in enumerate(ran):
            failed = place == len(ran) - 1 and result.status != w4.NFS4_OK
            did = did or (one.resop in CHANGING and not failed)
    return did


async def idle(house: House) -> None:
    """What was begun for a peer that has gone is brought to its end all the same."""
    for _ in range(20_000):
        if house.engine.running == 0:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("a compound that never ends")


def is_call(message: bytes) -> bool:
    return message[4:8] == CALL.to_bytes(4, "big")


class Fuzzer:
    """Sends mutated messages one after the other, and looks at everything after each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.line = Tap(world)
        self.before: Digest | None = None
        self.digested = (b"", 0)

    def sequence(self) -> w4.nfs_argop4:
        a = self.world.a
        slot = self.world.house.state.by_sessionid[a.sessionid].slots[0]
        args = w4.SEQUENCE4args(a.sessionid, (slot.seqid + 1) & 0xFFFF_FFFF, 0, 0, False)
        return w4.nfs_argop4(w4.OP_SEQUENCE, opsequence=args)

    def message(self, operations: Operations) -> bytes:
        a = self.world.a
        return a.message(a.compound(self.sequence(), *operations))

    def valid(self, chance: Random) -> bytes:
        return self.message(chance.choice(compounds(self.world)))

    def starts(self, operations: Operations) -> list[int]:
        """Where in the last message SEQUENCE and these operations begin, and its end."""
        a = self.world.a
        at = len(a.message(b"")) + COMPOUND_HEADER
        found = [at]
        for operation in [self.sequence(), *operations]:
            at += len(a.compound(operation)) - COMPOUND_HEADER
            found.append(at)
        return found

    async def send(self, message: bytes) -> bool:
        """Whether something changed, as the answer said. Raises: AssertionError."""
        house = self.world.house
        used = (self.world.a.sessionid, 0)
        before = self.before
        if before is None or self.digested != used:
            before = await digest_of(house, used)
        answers = await self.line.send(message)
        closed = self.line.connection.closed
        assert len(answers) == 1 or closed or not is_call(message), "neither answered nor closed"
        did = changed(answers, message)
        after = await digest_of(house, used)
        if not did:
            assert before == after, "a refused message has changed something:\n" + difference(before, after)
        self.before, self.digested = after, used
        if closed:
            self.line.hang_up()
            self.line = Tap(self.world)
        if did:
            await self.recover()
        return did

    async def recover(self) -> None:
        """Furniture and sessions, for what comes next, where a message that was taken has cost them."""
        world = self.world
        self.before = None
        for machine in (world.a, world.b):
            session = world.house.state.by_sessionid.get(machine.sessionid)
            if session is None:
                machine.sequence = 0
                machine.name += b"'"
                await machine.join()
            else:
                machine.sequence = session.slots[0].seqid
        await world.furnish()

    async def still_serves(self) -> None:
        world = self.world
        world.b.sequence = world.house.state.by_sessionid[world.b.sessionid].slots[0].seqid
        done = await world.b.ok(ROOT, getattr_(1 << w4.FATTR4_CHANGE))
        assert done.status == w4.NFS4_OK


class OldFuzzer(Fuzzer):
    """The same with the messages of a 4.0 machine."""

    def __init__(self, world: OldWorld) -> None:
        super().__init__(world)
        self.old_world = world

    def old_message(self, operations: Operations) -> bytes:
        old = self.old_world.old
        return old.message(old.compound(*operations))

    def old_starts(self, operations: Operations) -> list[int]:
        """As `starts`, with the header of the compound in the place of SEQUENCE."""
        old = self.old_world.old
        at = len(old.message(b"")) + COMPOUND_HEADER
        found = [at]
        for operation in operations:
            at += len(old.compound(operation)) - COMPOUND_HEADER
            found.append(at)
        return found


fuzz = settings(
    max_examples=settings().max_examples // 5,  # of the profile: an example is a gateway and many messages
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


async def test_every_operation_has_a_valid_compound_that_gets_past_the_checks() -> None:
    async with fuzzed(World) as world:
        fuzzer = Fuzzer(world)
        reached = {w4.OP_SEQUENCE}
        for which in range(len(compounds(world))):
            a = world.a
            a.sequence = world.house.state.by_sessionid[a.sessionid].slots[0].seqid
            last = compounds(world)[which][-1].argop
            done = await a.run(*compounds(world)[which])
            unbuilt = any(row.number == last and row.handler is None for row in ROWS)
            wanted = w4.NFS4ERR_NOTSUPP if unbuilt else ANSWERS.get(last, w4.NFS4_OK)
            assert done.status == wanted, (w4.nfs_opnum4_names[last], w4.nfsstat4_names[done.status])
            reached |= {result.resop for result in done.resarray}
            await fuzzer.recover()
        missing = {row.name for row in ROWS if row.handler is not None and row.number not in reached}
        assert not missing


@fuzz
@given(seeds)
def test_a_mutated_compound_is_answered_and_what_is_refused_changes_nothing(drawn: list[int]) -> None:
    async def story() -> None:
        async with fuzzed(World) as world:
            fuzzer = Fuzzer(world)
            for chance in map(Random, drawn):
                operations = chance.choice(compounds(world))
                starts = fuzzer.starts(operations)
                await fuzzer.send(compound_mutated(fuzzer.message(operations), starts, chance))
            await fuzzer.still_serves()

    run(story())


async def test_every_operation_of_4_0_has_a_valid_compound_too() -> None:
    async with fuzzed(OldWorld) as world:
        fuzzer = OldFuzzer(world)
        reached = set()
        for which in range(len(compounds_of_old(world))):
            operations = compounds_of_old(world)[which]
            last = operations[-1].argop
            done = await world.old.call(*operations)
            assert done.status == ANSWERS.get(last, w4.NFS4_OK), (
                w4.nfs_opnum4_names[last],
                w4.nfsstat4_names[done.status],
            )
            reached |= {result.resop for result in done.resarray}
            await fuzzer.recover()
        missing = {row.name for row in ROWS if row.v40 is not None and row.number not in reached}
        assert not missing


@fuzz
@given(seeds)
def test_a_mutated_compound_of_4_0_is_answered_and_what_is_refused_changes_nothing(drawn: list[int]) -> None:
    async def story() -> None:
        async with fuzzed(OldWorld) as world:
            fuzzer = OldFuzzer(world)
            for chance in map(Random, drawn):
                operations = chance.choice(compounds_of_old(world))
                if chance.random() < 0.3:
                    operations = operations + chance.choice(compounds_of_old(world))
                starts = fuzzer.old_starts(operations)
                await fuzzer.send(compound_mutated(fuzzer.old_message(operations), starts, chance))
            await fuzzer.still_serves()

    run(story())


@fuzz
@given(seeds)
def test_operations_of_valid_compounds_in_any_order_are_answered(drawn: list[int]) -> None:
    """Handles meet operations that are not for them, stateids other files, and sessions end in the middle."""

    async def story() -> None:
        async with fuzzed(World) as world:
            fuzzer = Fuzzer(world)
            for chance in map(Random, drawn):
                choice = compounds(world)
                first, second, third = chance.choices(choice, k=3)
                operations = [*first[: chance.randint(0, 2)], *second[-chance.randint(1, 3) :], *third]
                world.a.minor = chance.choice((2, 2, 2, 1, 0))
                message = fuzzer.message(operations)
                world.a.minor = 2
                await fuzzer.send(message)
            await fuzzer.still_serves()

    run(story())


@fuzz
@given(seeds)
def test_a_mutated_rpc_header_is_answered_or_ends_the_connection(drawn: list[int]) -> None:
    async def story() -> None:
        async with fuzzed(World) as world:
            fuzzer = Fuzzer(world)
            for chance in map(Random, drawn):
                message = fuzzer.valid(chance)
                await fuzzer.send(mutated(message, chance, 0, len(world.a.message(b""))))
            await fuzzer.still_serves()

    run(story())


WRITTEN = st.integers(0, 300_000)
PIECES = st.lists(st.integers(0, 5000), max_size=8)


def as_record(message: bytes, fragments: list[int]) -> bytes:
    out = b""
    for size in fragments:
        piece, message = message[:size], message[size:]
        out += len(piece).to_bytes(4, "big") + piece
    return out + (0x8000_0000 | len(message)).to_bytes(4, "big") + message


@fuzz
@given(st.lists(st.tuples(WRITTEN, PIECES), min_size=1, max_size=6), st.integers(1, 70_000))
def test_records_in_any_fragments_and_reads_are_the_same_calls(drawn: list[tuple[int, list[int]]], most: int) -> None:
    """Large and small WRITEs follow each other in one stream; every byte must arrive where it belongs."""

    async def story() -> None:
        async with fuzzed(World) as world:
            line, a = Tap(world), world.a
            stream = b""
            wanted = bytearray(CONTENT)
            for number, (size, fragments) in enumerate(drawn):
                data = bytes([number + 1]) * size
                sequence = a.next()
                stream += as_record(
                    a.message(a.compound(sequence, put(world.file), write(NO_STATEID, number * 7, data))), fragments
                )
                wanted[number * 7 : number * 7 + size] = data
            line.feed(stream, most)
            answers = await line.settle()
            assert [int.from_bytes(answer[:4], "big") for answer in answers] == [
                a.xid - len(drawn) + 1 + place for place in range(len(drawn))
            ]
            assert all(answer[RPC_HEADER : RPC_HEADER + 4] == bytes(4) for answer in answers)
            inode = world.house.names.resolve(world.file)
            assert inode.size == len(wanted)
            got = b"".join(bytes(piece) for piece in world.house.chunks.read(inode, 0, inode.size))
            assert got == wanted
            assert (await content(world.house, inode))[:100] == wanted[:100]

    run(story())


@fuzz
@given(
    st.lists(st.tuples(st.integers(0, (1 << 32) - 1), PIECES), min_size=1, max_size=12),
    st.integers(1, 9000),
    st.booleans(),
)
def test_a_mutated_stream_never_reaches_another_connection(
    drawn: list[tuple[int, list[int]]], most: int, cut: bool
) -> None:
    """Record marks and all are mutated. The stream may end anywhere; what it held must be given back."""

    async def story() -> None:
        async with fuzzed(World) as world:
            fuzzer = Fuzzer(world)
            for seed, fragments in drawn:
                line = Tap(world)
                chance = Random(seed)
                stream = mutated(as_record(fuzzer.valid(chance), fragments), chance)
                line.feed(stream, most)
                if cut:
                    line.hang_up()
                    await line.settle()
                else:
                    await line.settle()
                    line.hang_up()
                assert line.connection.outstanding == 0 or line.connection.closed
                await idle(world.house)
                await fuzzer.recover()
            await fuzzer.still_serves()

    run(story())


@fuzz
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bytes_that_mean_nothing_end_the_connection_or_wait(drawn: list[bytes]) -> None:
    async def story() -> None:
        async with fuzzed(World) as world:
            before = await digest_of(world.house, (b"", 0))
            for noise in drawn:
                line = Tap(world)
                line.feed(noise)
                await line.settle()
                line.hang_up()
            assert before == await digest_of(world.house, (b"", 0))
            await Fuzzer(world).still_serves()

    run(story())


HUGE = (0xFFFF_FFFF, 0x7FFF_FFFF, 0x00FF_FFFF)


async def test_no_length_makes_the_gateway_hold_more_than_the_message_can() -> None:
    """Every word of every valid compound in turn is made huge."""
    async with fuzzed(World) as world:
        fuzzer = Fuzzer(world)
        with quiet():
            tracemalloc.start()
            try:
                for which in range(len(compounds(world))):
                    await make_huge(fuzzer, which)
            finally:
                tracemalloc.stop()


async def make_huge(fuzzer: Fuzzer, which: int) -> None:
    end = fuzzer.starts(compounds(fuzzer.world)[which])[-1]
    for at in range(RPC_HEADER, min(end, 512) - 3, 4):
        message = fuzzer.message(compounds(fuzzer.world)[which])
        value = HUGE[(which + at // 4) % len(HUGE)].to_bytes(4, "big")
        tracemalloc.reset_peak()
        held = tracemalloc.get_traced_memory()[0]
        answers = await fuzzer.line.send(message[:at] + value + message[at + 4 :])
        assert tracemalloc.get_traced_memory()[1] - held < PLENTY
        if fuzzer.line.connection.closed:
            fuzzer.line.hang_up()
            fuzzer.line = Tap(fuzzer.world)
        if changed(answers, message):
            await fuzzer.recover()
