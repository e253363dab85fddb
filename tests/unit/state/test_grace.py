"""Grace after a restart, reclaims, and what the recovery store must know. RFC 8881, 8.4.2, 8.4.3 and 18.51."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.recovery import ClientRecord, MemoryRecoveryStore, SessionRecord
from nfsgw.nfs4.state.stateids import OTHER_ONES, OTHER_ZEROS, SEQID_MAX
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import LEASE, READ, WRITE, Machine, World

FILE = 7
GRACE = 90.0


def back(world: World, name: str, verifier: int = 1, uid: int = 0) -> Machine:
    """A client that has come back after a restart, and has not said yet that it is done."""
    machine = Machine(world, name, verifier, uid)
    machine.join()
    return machine


def status_of_open(machine: Machine, reclaim: bool = False, access: int = READ, deny: int = 0) -> int:
    with pytest.raises(NFSError) as error:
        machine.open(FILE, access, deny, reclaim=reclaim)
    return error.value.status


def status_of_complete(machine: Machine) -> int:
    with pytest.raises(NFSError) as error:
        machine.complete()
    return error.value.status


@pytest.fixture
def restarted() -> World:
    """Two machines, a and b, had the file open when the server went."""
    world = World()
    world.machine("a").open(FILE)
    world.machine("b").open(FILE)
    return world.restart()


def test_a_server_that_knows_of_nobody_has_no_grace() -> None:
    world = World()
    assert not world.state.in_grace(world.now)
    world.machine("a").open(FILE)


def test_a_client_must_say_that_it_is_done_before_its_first_new_open() -> None:
    world = World()
    a = back(world, "a")
    assert status_of_open(a) == w4.NFS4ERR_GRACE
    a.complete()
    a.open(FILE)


def test_it_may_say_so_once() -> None:
    world = World()
    a = world.machine("a")
    assert status_of_complete(a) == w4.NFS4ERR_COMPLETE_ALREADY


def test_opens_and_locks_are_reclaimed_in_grace(restarted: World) -> None:
    a = back(restarted, "a")
    opened = a.open(FILE, WRITE, reclaim=True)
    a.locked(opened, reclaim=True)
    a.complete()
    assert restarted.state.is_open(FILE)


def test_nothing_new_is_granted_while_others_may_reclaim(restarted: World) -> None:
    a = back(restarted, "a")
    opened = a.open(FILE, WRITE, reclaim=True)
    a.complete()
    new = restarted.machine("c")
    assert status_of_open(a) == w4.NFS4ERR_GRACE
    assert status_of_open(new) == w4.NFS4ERR_GRACE
    with pytest.raises(NFSError) as error:
        a.lock(opened)
    assert error.value.status == w4.NFS4ERR_GRACE
    with pytest.raises(NFSError) as error:
        restarted.state.locked(new.client, b"x", FILE, w4.READ_LT, 0, 1, restarted.now)
    assert error.value.status == w4.NFS4ERR_GRACE


def test_grace_ends_when_all_who_were_there_are_done(restarted: World) -> None:
    a, b = back(restarted, "a"), back(restarted, "b")
    a.complete()
    assert restarted.state.in_grace(restarted.now)
    b.complete()
    assert not restarted.state.in_grace(restarted.now)
    b.open(FILE)


def test_a_client_that_leaves_in_grace_is_not_waited_for(restarted: World) -> None:
    back(restarted, "a").complete()
    b = back(restarted, "b")
    assert restarted.state.in_grace(restarted.now)
    restarted.state.destroy_session(b.sessionid, b.connection)
    restarted.state.destroy_clientid(b.clientid, None, restarted.now)
    assert not restarted.state.in_grace(restarted.now)
    third = restarted.restart()
    assert third.state.grace.awaited == {b"a"}


def test_grace_ends_when_its_time_is_up(restarted: World) -> None:
    restarted.wait(GRACE - 1)
    assert restarted.state.in_grace(restarted.now)
    restarted.wait(1)
    assert not restarted.state.in_grace(restarted.now)
    restarted.machine("c").open(FILE)


def test_who_is_reclaiming_when_the_time_is_up_may_finish(restarted: World) -> None:
    a = back(restarted, "a")
    restarted.wait(GRACE - 1)
    for inode in range(100, 150):
        a.open(inode, READ, reclaim=True)
        restarted.wait(1)
    a.complete()
    restarted.wait(3)
    assert not restarted.state.in_grace(restarted.now)


def test_but_not_for_ever(restarted: World) -> None:
    a = back(restarted, "a")
    for inode in range(100, 100 + int(2 * GRACE)):
        a.open(inode, READ, reclaim=True)
        restarted.wait(1)
    assert not restarted.state.in_grace(restarted.now)


def test_after_grace_nothing_can_be_reclaimed(restarted: World) -> None:
    a = back(restarted, "a")
    restarted.wait(GRACE)
    assert status_of_open(a, reclaim=True) == w4.NFS4ERR_NO_GRACE


def test_who_is_done_cannot_reclaim_though_grace_goes_on(restarted: World) -> None:
    a = back(restarted, "a")
    a.complete()
    assert status_of_open(a, reclaim=True) == w4.NFS4ERR_NO_GRACE
    assert status_of_complete(back(restarted, "a")) == w4.NFS4ERR_COMPLETE_ALREADY


def test_a_lock_cannot_be_reclaimed_out_of_grace() -> None:
    world = World()
    a = world.machine("a")
    opened = a.open(FILE)
    with pytest.raises(NFSError) as error:
        a.lock(opened, reclaim=True)
    assert error.value.status == w4.NFS4ERR_NO_GRACE


@pytest.mark.parametrize(("name", "verifier", "uid"), [("c", 1, 0), ("a", 2, 0), ("a", 1, 5)])
def test_only_the_incarnation_that_was_there_can_reclaim(restarted: World, name: str, verifier: int, uid: int) -> None:
    assert status_of_open(back(restarted, name, verifier, uid), reclaim=True) == w4.NFS4ERR_RECLAIM_BAD


def test_a_client_that_was_never_done_is_not_waited_for() -> None:
    world = World()
    back(world, "a")
    after = world.restart()
    assert not after.state.in_grace(after.now)


def test_reclaims_that_contradict_each_other_conflict(restarted: World) -> None:
    a, b = back(restarted, "a"), back(restarted, "b")
    opened = a.open(FILE, READ | WRITE, deny=WRITE, reclaim=True)
    assert status_of_open(b, reclaim=True, access=WRITE) == w4.NFS4ERR_RECLAIM_CONFLICT
    other = b.open(FILE, READ, reclaim=True)
    a.locked(opened, reclaim=True)
    with pytest.raises(NFSError) as error:
        b.lock(other, kind=w4.READ_LT, reclaim=True)
    assert error.value.status == w4.NFS4ERR_RECLAIM_CONFLICT


def test_without_an_open_nothing_is_read_or_written_in_grace_but_by_the_bypass_stateid(restarted: World) -> None:
    a = back(restarted, "a")
    anonymous, bypass = w4.stateid4(0, OTHER_ZEROS), w4.stateid4(SEQID_MAX, OTHER_ONES)
    for stateid, access in ((anonymous, READ), (anonymous, WRITE), (bypass, WRITE)):
        with pytest.raises(NFSError) as error:
            restarted.state.for_io(a.client, stateid, FILE, access, restarted.now)
        assert error.value.status == w4.NFS4ERR_GRACE
    assert restarted.state.for_io(a.client, bypass, FILE, READ, restarted.now) == 0
    opened = a.open(FILE, WRITE, reclaim=True)
    assert restarted.state.for_io(a.client, opened.stateid(), FILE, WRITE, restarted.now) == opened.access


def test_who_did_not_come_back_in_grace_cannot_reclaim_after_the_next_restart(restarted: World) -> None:
    back(restarted, "b").complete()
    restarted.wait(GRACE)
    restarted.state.sweep(restarted.now)
    third = restarted.restart()
    assert third.state.in_grace(third.now), "b is awaited"
    assert status_of_open(back(third, "a"), reclaim=True) == w4.NFS4ERR_RECLAIM_BAD
    back(third, "b").open(FILE, reclaim=True)


def test_a_restart_in_the_middle_of_grace_takes_nothing_from_those_who_were_not_back_yet(restarted: World) -> None:
    a = back(restarted, "a")
    a.open(FILE, reclaim=True)
    a.complete()
    third = restarted.restart()
    for name in "ab":
        machine = back(third, name)
        machine.open(FILE, reclaim=True)
        machine.complete()
    assert not third.state.in_grace(third.now)


def test_a_client_that_left_its_courtesy_behind_cannot_reclaim() -> None:
    world = World()
    world.machine("a").open(FILE)
    world.wait(world.settings.courtesy_seconds + 1)
    world.state.sweep(world.now)
    assert not world.restart().state.in_grace(world.now)


class Slow:
    """A recovery store whose changes are durable later: each is a commit with a number of its own."""

    def __init__(self) -> None:
        self.boot = 1
        self.rolled_back = False
        self.commits = 0

    def records(self) -> list[ClientRecord]:
        return []

    def remember(self, record: ClientRecord) -> int:
        self.commits += 1
        return self.commits

    def forget(self, owner: bytes) -> int:
        self.commits += 1
        return self.commits

    def forget_before(self, boot: int) -> int:
        self.commits += 1
        return self.commits

    def sessions(self) -> list[SessionRecord]:
        return []

    def remember_session(self, sessionid: bytes, owner: bytes) -> int:
        self.commits += 1
        return self.commits

    def forget_session(self, sessionid: bytes) -> int:
        self.commits += 1
        return self.commits

    def remember_reply(self, sessionid: bytes, slot: int, record: bytes) -> int:
        self.commits += 1
        return self.commits

    def reply(self, sessionid: bytes, slot: int) -> bytes:
        return b""


def test_replies_can_wait_for_the_commit_that_decides_who_may_reclaim() -> None:
    world = World(slow=Slow())
    assert world.state.barrier == 0
    a = world.machine("a")
    assert world.state.barrier == 1
    a.open(FILE, READ, deny=WRITE)
    assert world.state.barrier == 1, "an open is not recorded"
    b = world.machine("b")
    world.wait(LEASE + 1)
    b.renew()
    b.open(FILE, WRITE)
    assert world.state.barrier == 3, (
        "a lost its open to b: it must not reclaim, and b must not hear of its open before that is sure"
    )


# -- after a restore: the records are those of an older state


@pytest.fixture
def rolled_back() -> World:
    """Nobody is known who held anything."""
    return World(store=MemoryRecoveryStore(boot=5, rolled_back=True))


def test_after_a_restore_grace_takes_its_whole_time_though_nobody_is_known(rolled_back: World) -> None:
    a = rolled_back.machine("a")
    rolled_back.wait(GRACE - 1)
    assert status_of_open(a) == w4.NFS4ERR_GRACE
    assert rolled_back.state.grace.trusted(rolled_back.now), "somebody may trust what he has cached"
    rolled_back.wait(1)
    a.open(FILE)
    assert not rolled_back.state.grace.trusted(rolled_back.now)


def test_after_a_restore_who_is_not_known_may_reclaim_too(rolled_back: World) -> None:
    a, b = back(rolled_back, "a"), back(rolled_back, "b")
    opened = a.open(FILE, WRITE, reclaim=True)
    a.locked(opened, reclaim=True)
    a.complete()
    with pytest.raises(NFSError) as error:
        b.open(FILE, READ, WRITE, reclaim=True)
    assert error.value.status == w4.NFS4ERR_RECLAIM_CONFLICT


def test_a_crash_in_that_grace_makes_the_next_one_as_long(rolled_back: World) -> None:
    rolled_back.machine("a")
    again = rolled_back.restart()
    again.machine("a")
    assert again.state.in_grace(again.now)
    again.wait(GRACE)
    assert not again.state.in_grace(again.now)
    assert not again.restart().store.rolled_back


def test_the_boot_after_a_restart_in_peace_is_not_rolled_back(restarted: World) -> None:
    assert not restarted.store.rolled_back
