"""Blocked locks: who is told, in which order, and for whom a range is kept. RFC 8881, 9.6 and 20.11."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.filestate import LockState, OpenState
from nfsgw.nfs4.state.ranges import HeldRange
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import LEASE, READ, Machine, World

FILE = 7
HANDLE = b"the file"


class Reach:
    """Callbacks that reach everybody who is not in `deaf`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.deaf: set[str] = set()

    def proven(self, client: Client) -> bool:
        return client.owner.decode() not in self.deaf

    def recall(
        self, client: Client, stateid: w4.stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        raise AssertionError("nothing is recalled here")

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, w4.fattr4 | None], None]) -> None:
        raise AssertionError("nobody is asked here")

    def notify_lock(self, client: Client, handle: bytes, owner: w4.lock_owner4) -> None:
        assert handle == HANDLE
        assert owner.clientid == client.clientid
        self.told.append((client.owner.decode(), owner.owner))

    def names(self) -> list[str]:
        """Who was told since the last look."""
        names = [name for name, _ in self.told]
        self.told.clear()
        return names


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def reach(world: World) -> Reach:
    reach = Reach()
    world.state.callbacks = reach
    return reach


class Locker:
    """One owner on one machine with the file open."""

    def __init__(self, world: World, name: str, owner: bytes = b"owner") -> None:
        self.world = world
        self.machine: Machine = world.machine(name)
        self.owner = owner
        self.opened: OpenState = self.machine.open(FILE)
        self.held: LockState | None = None

    def lock(self, offset: int = 0, length: int = 10, kind: int = w4.WRITEW_LT, waits: bool = True) -> HeldRange | None:
        """None: it has it."""
        state = self.world.state
        got = state.lock(
            self.machine.client,
            self.held,
            self.opened,
            self.owner,
            kind,
            offset,
            length,
            False,
            self.world.now,
            HANDLE if waits else b"",
        )
        if isinstance(got, HeldRange):
            return got
        self.held = got
        return None

    def unlock(self, offset: int = 0, length: int = 10) -> None:
        assert self.held is not None
        self.world.state.unlock(self.held, offset, length)


def lockers(world: World, *names: str) -> list[Locker]:
    return [Locker(world, name) for name in names]


class TestTurns:
    def test_who_waits_is_told_when_the_lock_can_be_had(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        assert a.lock() is None
        assert b.lock() is not None
        assert reach.names() == []
        a.unlock()
        assert reach.told == [("b", b"owner")]
        assert b.lock() is None

    def test_first_come_first_served(self, world: World, reach: Reach) -> None:
        a, b, c, d = lockers(world, "a", "b", "c", "d")
        a.lock()
        for waiter in (c, b, d):
            waiter.lock()
        b.lock()  # asks again, and keeps its place
        for holder, following in ((a, "c"), (c, "b"), (b, "d")):
            holder.unlock()
            assert reach.names() == [following]
            assert next(one for one in (b, c, d) if one.machine.name == following.encode()).lock() is None

    def test_what_is_kept_for_one_is_denied_to_others_in_his_name(self, world: World, reach: Reach) -> None:
        a, b, c = lockers(world, "a", "b", "c")
        a.lock()
        b.lock()
        a.unlock()
        for asker in (a, c):
            kept = asker.lock(5, 100, waits=False, kind=w4.READ_LT)
            assert kept is not None
            assert (kept.owner.clientid, kept.owner.owner) == (b.machine.clientid, b"owner")
            assert (kept.start, kept.end, kept.write) == (0, 10, True)
        probed = world.state.locked(c.machine.client, b"owner", FILE, w4.WRITE_LT, 0, 1, world.now)
        assert probed is not None
        assert probed.owner.clientid == b.machine.clientid
        assert world.state.locked(b.machine.client, b"owner", FILE, w4.WRITE_LT, 0, 1, world.now) is None
        assert c.lock(10, 5, waits=False) is None
        assert b.lock() is None

    def test_who_does_not_come_loses_his_turn_to_the_next(self, world: World, reach: Reach) -> None:
        a, b, c = lockers(world, "a", "b", "c")
        a.lock()
        b.lock()
        c.lock()
        a.unlock()
        assert reach.names() == ["b"]
        world.wait(world.settings.lock_turn_seconds)
        assert reach.names() == ["c"]
        assert c.lock() is None
        assert b.lock() is not None  # late, and the last in the list
        c.unlock()
        assert reach.names() == ["b"]

    def test_a_range_is_kept_for_nobody_for_ever(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        a.lock()
        b.lock()
        a.unlock()
        assert a.lock(waits=False) is not None
        world.wait(world.settings.lock_turn_seconds)
        assert a.lock(waits=False) is None
        assert world.state.files.waiting.lists == {}

    def test_readers_are_told_together_and_the_writer_after_the_last_of_them(self, world: World, reach: Reach) -> None:
        a, b, c, d = lockers(world, "a", "b", "c", "d")
        a.lock()
        b.lock(kind=w4.READW_LT)
        d.lock()
        c.lock(kind=w4.READW_LT)
        a.unlock()
        assert reach.names() == ["b", "c"]
        assert b.lock(kind=w4.READW_LT) is None
        assert c.lock(kind=w4.READW_LT) is None
        assert reach.names() == []
        b.unlock()
        assert reach.names() == []
        c.unlock()
        assert reach.names() == ["d"]

    def test_only_who_waits_for_what_became_free_is_told(self, world: World, reach: Reach) -> None:
        a, b, c, d = lockers(world, "a", "b", "c", "d")
        a.lock(0, 100)
        b.lock(50, 100)
        c.lock(10, 5)
        d.lock(0, 20)
        a.unlock(10, 5)
        assert reach.names() == ["c"]
        a.unlock(50, 50)
        assert reach.names() == ["b"]
        a.unlock(0, 100)
        assert reach.names() == []
        assert c.lock(10, 5) is None
        c.unlock(10, 5)
        assert reach.names() == ["d"]

    def test_two_ranges_of_one_owner_are_two_waits(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        a.lock(0, 100)
        b.lock(0, 10)
        b.lock(50, 10)
        a.unlock(50, 10)
        assert reach.names() == ["b"]
        assert b.lock(50, 10) is None
        a.unlock(0, 10)
        assert reach.names() == ["b"]

    def test_who_gets_a_larger_range_waits_no_longer_for_its_parts(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        a.lock()
        b.lock()
        a.unlock()
        assert b.lock(0, 100) is None
        b.unlock(0, 100)
        assert reach.names() == ["b"]
        assert world.state.files.waiting.lists == {}

    def test_one_who_was_called_and_is_denied_after_all_keeps_his_place_and_no_range(
        self, world: World, reach: Reach
    ) -> None:
        a, b, c = lockers(world, "a", "b", "c")
        a.lock(0, 20)
        b.lock(0, 20)
        c.lock(10, 10)
        a.unlock(0, 20)
        assert reach.names() == ["b"]
        file = world.state.file(FILE)
        assert file is not None
        assert a.held is not None
        file.locks.lock(a.held.owner, True, 0, 5)  # as a reclaim would come in between
        assert b.lock(0, 20) is not None
        assert reach.names() == ["c"]
        assert c.lock(10, 10) is None
        c.unlock(10, 10)
        a.unlock(0, 20)
        assert reach.names() == ["b"]


class TestEveryWayToBecomeFree:
    def waiting(self, world: World) -> tuple[Locker, Locker]:
        a, b = lockers(world, "a", "b")
        a.lock()
        b.lock()
        return a, b

    def test_close(self, world: World, reach: Reach) -> None:
        a, _ = self.waiting(world)
        world.state.close(a.opened)
        assert reach.names() == ["b"]

    def test_a_write_lock_that_becomes_a_read_lock(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        a.lock()
        b.lock(kind=w4.READW_LT)
        a.lock(kind=w4.READ_LT, waits=False)
        assert reach.names() == ["b"]

    def test_a_client_that_goes(self, world: World, reach: Reach) -> None:
        a, _ = self.waiting(world)
        world.wait(LEASE + 1)
        world.state.destroy_clientid(a.machine.clientid, None, world.now)
        assert reach.names() == ["b"]

    def test_a_client_that_restarted(self, world: World, reach: Reach) -> None:
        self.waiting(world)
        again = Machine(world, "a", verifier=2)
        again.join()
        assert reach.names() == ["b"]

    def test_a_lease_that_runs_out_while_others_wait(self, world: World, reach: Reach) -> None:
        _, b = self.waiting(world)
        world.wait(LEASE + 1)
        b.machine.renew()
        assert reach.names() == []
        world.state.sweep(world.now)
        assert reach.names() == ["b"]
        assert b.lock() is None

    def test_a_lease_that_runs_out_is_not_ended_by_one_whose_own_has(self, world: World, reach: Reach) -> None:
        a, _ = self.waiting(world)
        world.wait(LEASE + 1)
        world.state.sweep(world.now)
        assert reach.names() == []
        assert a.held is not None
        assert a.held.revoked == 0

    def test_a_lock_that_is_revoked(self, world: World, reach: Reach) -> None:
        a, _ = self.waiting(world)
        assert a.held is not None
        world.state.files.revoke(a.held, w4.NFS4ERR_ADMIN_REVOKED)
        assert reach.names() == ["b"]

    def test_an_open_that_is_revoked(self, world: World, reach: Reach) -> None:
        a, _ = self.waiting(world)
        world.state.files.revoke(a.opened, w4.NFS4ERR_ADMIN_REVOKED)
        assert reach.names() == ["b"]

    def test_a_waiter_before_him_who_goes(self, world: World, reach: Reach) -> None:
        a, b = self.waiting(world)
        c = Locker(world, "c")
        c.lock()
        a.unlock()
        assert reach.names() == ["b"]
        world.state.close(b.opened)
        assert reach.names() == ["c"]

    def test_a_waiter_before_him_who_asks_without_waiting(self, world: World, reach: Reach) -> None:
        a, b = self.waiting(world)
        b.lock(waits=False, kind=w4.WRITE_LT)
        a.unlock()
        assert reach.names() == []
        assert a.lock() is None

    def test_a_waiter_before_him_whose_turn_is_used_for_something_smaller(self, world: World, reach: Reach) -> None:
        a, b, c = lockers(world, "a", "b", "c")
        a.lock()
        b.lock()
        c.lock(kind=w4.READW_LT)
        a.unlock()
        assert reach.names() == ["b"]
        assert b.lock(kind=w4.READ_LT, waits=False) is None
        assert reach.names() == ["c"]


class TestWhoIsNotWaitedFor:
    def test_nothing_is_kept_for_a_client_that_cannot_be_told(self, world: World, reach: Reach) -> None:
        a, b, c = lockers(world, "a", "b", "c")
        reach.deaf.add("b")
        a.lock()
        b.lock()
        c.lock()
        a.unlock()
        assert reach.names() == ["c"]

    def test_it_is_told_when_its_callbacks_work_again_and_the_lock_is_still_to_be_had(
        self, world: World, reach: Reach
    ) -> None:
        a, b = lockers(world, "a", "b")
        reach.deaf.add("b")
        a.lock()
        b.lock()
        a.unlock()
        reach.deaf.clear()
        world.state.refresh_path(b.machine.client)
        assert reach.names() == ["b"]

    def test_who_never_asked_to_wait_is_not_told(self, world: World, reach: Reach) -> None:
        a, b = lockers(world, "a", "b")
        a.lock()
        b.lock(waits=False, kind=w4.WRITE_LT)
        a.unlock()
        assert reach.names() == []

    def test_a_list_is_bounded_per_client_and_per_file(self, reach: Reach) -> None:
        settings = StateSettings()
        settings.max_waiters_per_client = 3
        settings.max_waiters_per_file = 5
        world = World(settings)
        world.state.callbacks = reach
        a, b, c = lockers(world, "a", "b", "c")
        a.lock(0, 1000)
        for waiter in (b, c):
            for number in range(4):
                waiter.lock(number * 10, 10)
        assert (b.machine.client.waiting, c.machine.client.waiting) == (3, 2)
        world.state.close(b.opened)
        assert b.machine.client.waiting == 0
        world.state.close(a.opened)
        assert reach.names() == ["c", "c"]

    def test_nothing_is_left_when_all_is_closed(self, world: World, reach: Reach) -> None:
        every = lockers(world, "a", "b", "c")
        for one in every:
            one.lock()
        for one in every:
            world.state.close(one.opened)
        assert world.state.files.waiting.lists == {}
        assert [one.machine.client.waiting for one in every] == [0, 0, 0]
        world.wait(10)
        assert world.released == [FILE]

    def test_a_lock_that_an_open_mode_forbids_is_not_waited_for(self, world: World, reach: Reach) -> None:
        a = Locker(world, "a")
        a.lock()
        b = world.machine("b")
        opened = b.open(FILE, access=READ)
        with pytest.raises(NFSError):
            world.state.lock(b.client, None, opened, b"owner", w4.WRITEW_LT, 0, 10, False, world.now, HANDLE)
        assert b.client.waiting == 0
