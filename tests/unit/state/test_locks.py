"""LOCK, LOCKT, LOCKU and FREE_STATEID. RFC 8881, 9.1 to 9.4, 18.10 to 18.12 and 18.38."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.operations.locking import denied_by
from nfsgw.nfs4.state.filestate import LockState, OpenState
from nfsgw.nfs4.state.ranges import UINT64_MAX, HeldRange
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import BOTH, READ, WRITE, Machine, World

FILE = 7


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def a(world: World) -> Machine:
    return world.machine("a")


@pytest.fixture
def b(world: World) -> Machine:
    return world.machine("b")


def status_of_lock(
    machine: Machine, opened: OpenState, offset: int = 0, length: int = 10, kind: int = w4.WRITE_LT
) -> int:
    with pytest.raises(NFSError) as error:
        machine.lock(opened, offset, length, kind)
    return error.value.status


def status_of_free(machine: Machine, stateid: w4.stateid4) -> int:
    with pytest.raises(NFSError) as error:
        machine.world.state.free_stateid(machine.client, stateid)
    return error.value.status


def probe(
    machine: Machine, offset: int = 0, length: int = 10, kind: int = w4.WRITE_LT, owner: bytes = b"locker"
) -> HeldRange | None:
    world = machine.world
    return world.state.locked(machine.client, owner, FILE, kind, offset, length, world.now)


class TestLock:
    def test_the_first_lock_of_an_owner_has_seqid_one_and_each_further_one_the_next(
        self, world: World, a: Machine
    ) -> None:
        opened = a.open(FILE)
        held = a.locked(opened)
        assert held.stateid().seqid == 1
        again = world.state.lock(a.client, held, None, b"", w4.WRITE_LT, 50, 10, False, world.now)
        assert again is held
        assert held.stateid().seqid == 2
        assert opened.stateid().seqid == 1, "the open is not touched by its locks"

    def test_an_owner_that_names_its_open_again_goes_on_with_the_lock_stateid_it_has(self, a: Machine) -> None:
        opened = a.open(FILE)
        held = a.locked(opened)
        assert a.locked(opened, 50) is held
        assert held.stateid().seqid == 2

    def test_owners_have_lock_stateids_of_their_own(self, a: Machine, b: Machine) -> None:
        opened = a.open(FILE)
        one, two = a.locked(opened), a.locked(opened, 50, owner=b"two")
        three = b.locked(b.open(FILE), 100)
        assert len({one.other, two.other, three.other}) == 3

    def test_a_lock_that_somebody_holds_is_denied_with_its_owner(self, a: Machine, b: Machine) -> None:
        a.locked(a.open(FILE), 5, 10)
        found = b.lock(b.open(FILE), 0, 6)
        assert isinstance(found, HeldRange)
        denied = denied_by(found).denied
        assert denied == w4.LOCK4denied(5, 10, w4.WRITE_LT, w4.lock_owner4(a.clientid, b"locker"))

    def test_what_was_denied_leaves_no_trace(self, world: World, a: Machine, b: Machine) -> None:
        a.locked(a.open(FILE))
        opened = b.open(FILE)
        total = world.state.files.total
        b.lock(opened)
        assert world.state.files.total == total
        assert b.client.lock_owners == {}
        assert opened.lock_states == {}

    def test_readers_share_and_a_writer_does_not(self, a: Machine, b: Machine) -> None:
        mine, others = a.open(FILE), b.open(FILE)
        a.locked(mine, kind=w4.READ_LT)
        b.locked(others, kind=w4.READW_LT)
        assert isinstance(b.lock(others, kind=w4.WRITEW_LT), HeldRange)
        assert isinstance(a.lock(mine, kind=w4.WRITE_LT), HeldRange)

    def test_two_owners_of_one_client_exclude_each_other(self, a: Machine) -> None:
        opened = a.open(FILE)
        a.locked(opened)
        assert isinstance(a.lock(opened, owner=b"two"), HeldRange)

    def test_an_owner_may_turn_a_write_lock_into_a_read_lock_and_back(self, a: Machine, b: Machine) -> None:
        mine, others = a.open(FILE), b.open(FILE)
        a.locked(mine)
        a.locked(mine, kind=w4.READ_LT)
        held = b.locked(others, kind=w4.READ_LT)
        assert isinstance(a.lock(mine), HeldRange)
        b.world.state.unlock(held, 0, UINT64_MAX)
        a.locked(mine)

    def test_a_lock_wants_an_open_that_could_do_as_much(self, a: Machine) -> None:
        reading, writing = a.open(FILE, READ), a.open(FILE, WRITE, owner=b"writer")
        assert status_of_lock(a, reading, kind=w4.WRITE_LT) == w4.NFS4ERR_OPENMODE
        assert status_of_lock(a, writing, kind=w4.READ_LT) == w4.NFS4ERR_OPENMODE
        a.locked(reading, kind=w4.READ_LT)
        a.locked(writing, 50, kind=w4.WRITE_LT)

    @pytest.mark.parametrize(("offset", "length"), [(0, 0), (1, UINT64_MAX - 1 + 1 - 1), (UINT64_MAX, 1)])
    def test_impossible_ranges_are_invalid(self, a: Machine, offset: int, length: int) -> None:
        opened = a.open(FILE)
        if offset + length <= UINT64_MAX and length:
            a.locked(opened, offset, length)
        else:
            assert status_of_lock(a, opened, offset, length) == w4.NFS4ERR_INVAL

    def test_ranges_are_bounded(self) -> None:
        limits = StateSettings()
        limits.max_ranges_per_file = 2
        world = World(limits)
        a = world.machine("a")
        opened = a.open(FILE)
        a.locked(opened, 0)
        a.locked(opened, 20)
        assert status_of_lock(a, opened, 40) == w4.NFS4ERR_SERVERFAULT

    def test_a_closed_open_has_no_locks_and_its_other_opens_keep_theirs(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        first, second = a.open(FILE), a.open(FILE, owner=b"second")
        a.locked(first, 0, owner=b"one")
        kept = a.locked(second, 50, owner=b"two")
        world.state.close(first)
        others = b.open(FILE)
        b.locked(others, 0)
        assert isinstance(b.lock(others, 50), HeldRange)
        assert a.test(kept.stateid()) == 0

    def test_the_listing_shows_every_range(self, world: World, a: Machine) -> None:
        a.locked(a.open(FILE), 5, UINT64_MAX, kind=w4.READ_LT)
        assert world.state.locks() == [
            {
                "client": format(a.clientid, "016x"),
                "inode": FILE,
                "owner": b"locker".hex(),
                "write": False,
                "offset": 5,
                "length": UINT64_MAX,
            }
        ]


class TestLockt:
    def test_it_tells_who_holds_the_range(self, a: Machine, b: Machine) -> None:
        a.locked(a.open(FILE), 5, 10)
        held = probe(b, 0, 6)
        assert held is not None
        assert (held.start, held.length(), held.owner.clientid) == (5, 10, a.clientid)
        assert probe(b, 0, 5) is None

    def test_it_needs_no_open(self, b: Machine) -> None:
        assert probe(b) is None

    def test_an_owner_is_not_in_its_own_way(self, a: Machine) -> None:
        a.locked(a.open(FILE))
        assert probe(a) is None
        assert probe(a, owner=b"two") is not None

    def test_readers_are_not_in_the_way_of_readers(self, a: Machine, b: Machine) -> None:
        a.locked(a.open(FILE), kind=w4.READ_LT)
        assert probe(b, kind=w4.READW_LT) is None
        assert probe(b, kind=w4.WRITEW_LT) is not None

    def test_impossible_ranges_are_invalid(self, b: Machine) -> None:
        with pytest.raises(NFSError) as error:
            probe(b, 0, 0)
        assert error.value.status == w4.NFS4ERR_INVAL


class TestLocku:
    def test_a_part_may_be_unlocked(self, world: World, a: Machine, b: Machine) -> None:
        held = a.locked(a.open(FILE), 0, 30)
        world.state.unlock(held, 10, 10)
        others = b.open(FILE)
        b.locked(others, 10, 10)
        assert isinstance(b.lock(others, 9, 1), HeldRange)
        assert isinstance(b.lock(others, 20, 1), HeldRange)

    def test_the_seqid_moves_even_where_nothing_was_locked(self, world: World, a: Machine) -> None:
        held = a.locked(a.open(FILE))
        world.state.unlock(held, 1000, 10)
        assert held.stateid().seqid == 2

    def test_impossible_ranges_are_invalid_and_leave_the_seqid_alone(self, world: World, a: Machine) -> None:
        held = a.locked(a.open(FILE))
        with pytest.raises(NFSError) as error:
            world.state.unlock(held, 0, 0)
        assert error.value.status == w4.NFS4ERR_INVAL
        assert held.stateid().seqid == 1

    def test_the_lock_stateid_outlives_its_last_lock(self, world: World, a: Machine) -> None:
        held = a.locked(a.open(FILE))
        world.state.unlock(held, 0, UINT64_MAX)
        assert a.test(held.stateid()) == 0


class TestFreeStateid:
    def test_a_lock_stateid_is_freed_when_nothing_is_locked(self, world: World, a: Machine) -> None:
        opened = a.open(FILE)
        held = a.locked(opened)
        assert status_of_free(a, held.stateid()) == w4.NFS4ERR_LOCKS_HELD
        world.state.unlock(held, 0, UINT64_MAX)
        world.state.free_stateid(a.client, held.stateid())
        assert status_of_free(a, held.stateid()) == w4.NFS4ERR_BAD_STATEID
        assert a.client.lock_owners == {}
        assert a.locked(opened).stateid().seqid == 1

    def test_an_open_stateid_is_not_freed(self, a: Machine) -> None:
        assert status_of_free(a, a.open(FILE).stateid()) == w4.NFS4ERR_LOCKS_HELD

    def test_an_old_stateid_is_not_freed(self, world: World, a: Machine) -> None:
        held = a.locked(a.open(FILE))
        old = held.stateid()
        world.state.unlock(held, 0, UINT64_MAX)
        assert status_of_free(a, old) == w4.NFS4ERR_OLD_STATEID

    def test_another_clients_stateid_is_bad(self, a: Machine, b: Machine) -> None:
        assert status_of_free(b, a.open(FILE).stateid()) == w4.NFS4ERR_BAD_STATEID


def test_one_owner_through_two_opens_is_one_owner(world: World, a: Machine, b: Machine) -> None:
    first, second = a.open(FILE, BOTH), a.open(FILE, BOTH, owner=b"second")
    one = a.locked(first, 0, 10)
    two = a.locked(second, 5, 10)
    assert isinstance(one, LockState)
    assert one.other != two.other
    assert isinstance(b.lock(b.open(FILE), 14, 1), HeldRange)
