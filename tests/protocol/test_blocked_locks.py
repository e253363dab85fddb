"""Machines that wait for one another's locks: what they are told, and when nobody has to find out by himself. RFC 8881,
9.6, 18.10, 18.16.4 and 20.11."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from nfsgw.nfs4.callbacks.paths import ANSWER_WITHIN
from nfsgw.wire import nfs4 as w4
from tests.protocol.callbacks import Denied, Hangup, OperationError, Silence
from tests.protocol.files import GETFH, Worker, close, open_named, opened, putfh
from tests.protocol.machines import ROOT, House, Machine, turns

NO_DELEGATION = w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG
BOTH = w4.OPEN4_SHARE_ACCESS_BOTH
OWNER = b"lock owner"


class Locker(Worker):
    """A machine with the file open, that asks for locks on it."""

    def __init__(self, house: House, name: str) -> None:
        super().__init__(house, name)
        self.handle = b""
        self.opened = w4.stateid4(0, bytes(12))
        self.locked: w4.stateid4 | None = None
        self.result_flags = 0

    async def begin(self, back: bool = True) -> None:
        await self.join(back)
        await turns()
        await self.open_file()

    async def open_file(self) -> None:
        done = await self.ok(ROOT, open_named(b"file", BOTH | NO_DELEGATION, 0, True, b"owner"), GETFH)
        self.handle, self.opened, _ = opened(done)
        answer = done.resarray[2].opopen
        assert answer is not None
        assert answer.resok4 is not None
        self.result_flags = answer.resok4.rflags

    async def lock(self, kind: int = w4.WRITEW_LT) -> w4.LOCK4denied | None:
        """Bytes 0 to 10. None: it has them."""
        if self.locked is None:
            first = w4.open_to_lock_owner4(0, self.opened, 0, w4.lock_owner4(self.clientid, OWNER))
            locker = w4.locker4(True, open_owner=first)
        else:
            locker = w4.locker4(False, lock_owner=w4.exist_lock_owner4(self.locked, 0))
        args = w4.LOCK4args(kind, False, 0, 10, locker)
        done = await self.run(putfh(self.handle), w4.nfs_argop4(w4.OP_LOCK, oplock=args))
        result = done.resarray[-1].oplock
        assert result is not None
        if result.status == w4.NFS4ERR_DENIED:
            assert result.denied is not None
            return result.denied
        assert result.resok4 is not None, w4.nfsstat4_names[result.status]
        self.locked = result.resok4.lock_stateid
        return None

    async def unlock(self) -> None:
        assert self.locked is not None
        args = w4.LOCKU4args(w4.WRITE_LT, 0, self.locked, 0, 10)
        done = await self.ok(putfh(self.handle), w4.nfs_argop4(w4.OP_LOCKU, oplocku=args))
        result = done.resarray[-1].oplocku
        assert result is not None
        assert result.lock_stateid is not None
        self.locked = result.lock_stateid
        await turns()

    async def notice(self) -> None:
        """Returns when it has been told."""
        for _ in range(10_000):
            if self.told():
                return
            await asyncio.sleep(0)
        raise AssertionError("it was not told")

    def told(self) -> int:
        """How often it was told, since the last look, that it might have its lock."""
        told = self.callbacks.notified[:]
        self.callbacks.notified.clear()
        for one in told:
            assert one.cnla_fh == self.handle
            assert one.cnla_lock_owner == w4.lock_owner4(self.clientid, OWNER)
        return len(told)


@pytest_asyncio.fixture
async def a(house: House) -> AsyncIterator[Locker]:
    machine = Locker(house, "a")
    await machine.begin()
    yield machine


@pytest_asyncio.fixture
async def b(house: House, a: Locker) -> AsyncIterator[Locker]:
    machine = Locker(house, "b")
    await machine.begin()
    yield machine


@pytest_asyncio.fixture
async def c(house: House, b: Locker) -> AsyncIterator[Locker]:
    machine = Locker(house, "c")
    await machine.begin()
    yield machine


async def test_a_lock_goes_from_machine_to_machine_in_the_order_of_asking(a: Locker, b: Locker, c: Locker) -> None:
    assert await a.lock() is None
    assert await b.lock() is not None
    assert await c.lock() is not None
    await a.unlock()
    assert (b.told(), c.told()) == (1, 0)
    denied = await c.lock()
    assert denied is not None
    assert denied.owner == w4.lock_owner4(b.clientid, OWNER)
    assert await a.lock() is not None  # it does not overtake either
    assert await b.lock() is None
    await b.unlock()
    assert (a.told(), b.told(), c.told()) == (0, 0, 1)
    assert await c.lock() is None
    await c.unlock()
    assert (a.told(), b.told(), c.told()) == (1, 0, 0)


async def test_the_notice_is_sent_before_the_answer_to_the_unlock(a: Locker, b: Locker) -> None:
    await a.lock()
    await b.lock()
    assert a.locked is not None
    args = w4.LOCKU4args(w4.WRITE_LT, 0, a.locked, 0, 10)
    a.send(a.message(a.compound(a.next(), putfh(a.handle), w4.nfs_argop4(w4.OP_LOCKU, oplocku=args))))
    assert b.connection.has_output()
    await a.answer()
    await turns()
    assert b.told() == 1


async def test_only_a_client_that_can_be_told_is_promised_to_be_told(house: House, a: Locker) -> None:
    assert a.result_flags & w4.OPEN4_RESULT_MAY_NOTIFY_LOCK
    without = Locker(house, "without")
    await without.begin(back=False)
    assert not without.result_flags & w4.OPEN4_RESULT_MAY_NOTIFY_LOCK
    refusing = Locker(house, "refusing")
    refusing.callbacks.null = Denied()
    await refusing.begin()
    assert not refusing.result_flags & w4.OPEN4_RESULT_MAY_NOTIFY_LOCK


async def test_nothing_is_kept_for_a_client_without_callbacks(house: House, a: Locker, b: Locker) -> None:
    without = Locker(house, "without")
    await without.begin(back=False)
    await a.lock()
    assert await without.lock() is not None
    await a.unlock()
    assert await b.lock() is None


async def test_closing_the_file_lets_the_next_one_in(a: Locker, b: Locker) -> None:
    await a.lock()
    await b.lock()
    await a.ok(putfh(a.handle), close(a.opened))
    await turns()
    assert b.told() == 1
    assert await b.lock() is None


async def test_a_machine_that_was_switched_off_is_waited_for_as_long_as_its_lease(
    house: House, a: Locker, b: Locker
) -> None:
    await a.lock()
    await b.lock()
    a.line.drop()
    house.clock.advance(house.state.settings.lease_seconds + 1)
    await b.ok()
    house.state.sweep(house.monotonic())
    await turns()
    assert b.told() == 1
    assert await b.lock() is None


async def test_a_waiter_that_does_not_answer_costs_the_next_one_its_turn_and_no_more(
    house: House, a: Locker, b: Locker, c: Locker
) -> None:
    b.callbacks.always = Silence()
    await a.lock()
    await b.lock()
    await c.lock()
    await a.unlock()
    assert c.told() == 0
    house.clock.advance(house.state.settings.lock_turn_seconds)
    await turns()
    assert c.told() == 1
    assert await c.lock() is None
    house.clock.advance(ANSWER_WITHIN)  # from here on nobody waits for it again
    assert await b.lock() is not None
    await c.unlock()
    assert await a.lock() is None


async def test_a_waiter_whose_connection_drops_is_told_over_the_next_one(house: House, a: Locker, b: Locker) -> None:
    b.callbacks.script = [Hangup(taken=False)]
    await a.lock()
    await b.lock()
    await a.unlock()
    assert b.told() == 0
    b.connect(house)
    await b.bind()
    house.clock.advance(0)
    await turns()
    assert b.told() == 1
    assert await b.lock() is None


async def test_a_waiter_that_was_away_when_its_turn_came_is_told_when_it_is_back(
    house: House, a: Locker, b: Locker
) -> None:
    await a.lock()
    await b.lock()
    b.line.drop()
    await a.unlock()
    house.clock.advance(30)
    b.connect(house)
    await b.bind()
    await turns()
    assert b.told() == 1
    assert await b.lock() is None


async def test_a_waiter_that_cannot_say_whether_it_was_told_is_told_again(house: House, a: Locker, b: Locker) -> None:
    b.callbacks.script = [OperationError(w4.NFS4ERR_DELAY)]
    await a.lock()
    await b.lock()
    await a.unlock()
    assert b.told() == 0
    house.clock.advance(0.01)
    await turns()
    assert b.told() == 1


async def test_many_machines_count_under_one_lock(house: House) -> None:
    machines = [Locker(house, f"m{number}") for number in range(5)]
    for machine in machines:
        await machine.begin()
    rounds = 6
    inside: list[Machine] = []
    order: list[Machine] = []

    async def work(machine: Locker) -> None:
        for _ in range(rounds):
            while await machine.lock() is not None:
                await machine.notice()
            inside.append(machine)
            assert inside == [machine]
            order.append(machine)
            await turns(3)
            inside.remove(machine)
            await machine.unlock()

    await asyncio.wait_for(asyncio.gather(*(work(machine) for machine in machines)), 60)
    assert len(order) == rounds * len(machines)
    first, last = order[: len(machines)], order[-len(machines) :]
    assert set(first) == set(last) == set(machines)  # nobody went twice while another one waited
