"""A silent client keeps what nobody else wants, and loses what somebody does. RFC 8881, 8.3, 8.4.3 and 18.46."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.filestate import OpenState
from nfsgw.nfs4.state.ranges import HeldRange
from nfsgw.nfs4.state.stateids import OTHER_ZEROS
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import LEASE, READ, WRITE, Machine, World

FILE = 7
SOME_REVOKED = w4.SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def a(world: World) -> Machine:
    return world.machine("a")


@pytest.fixture
def b(world: World) -> Machine:
    return world.machine("b")


def fall_silent(*machines: Machine) -> None:
    """The lease of everybody but these machines runs out."""
    world = machines[0].world
    world.wait(LEASE + 1)
    for machine in machines:
        machine.renew()
    world.state.sweep(world.now)


def free(machine: Machine, stateid: w4.stateid4) -> None:
    machine.world.state.free_stateid(machine.client, stateid)


def status_of_find(machine: Machine, opened: OpenState) -> int:
    with pytest.raises(NFSError) as error:
        machine.world.state.open_state(machine.client, opened.stateid(), FILE)
    return error.value.status


def test_a_client_that_was_silent_for_hours_goes_on_where_it_was(world: World, a: Machine, b: Machine) -> None:
    opened = a.open(FILE, deny=WRITE)
    held = a.locked(opened)
    for _ in range(10):
        fall_silent(b)
    world.wait(3 * 3600)
    assert a.renew() == 0
    assert a.test(opened.stateid()) == 0
    assert a.test(held.stateid()) == 0
    b.renew()
    assert isinstance(b.lock(b.open(FILE, READ), kind=w4.READ_LT), HeldRange)


def test_a_lock_of_a_silent_client_goes_to_whoever_wants_it(a: Machine, b: Machine) -> None:
    opened = a.open(FILE)
    held = a.locked(opened)
    fall_silent(b)
    b.locked(b.open(FILE))
    assert a.test(held.stateid()) == w4.NFS4ERR_EXPIRED
    assert a.test(opened.stateid()) == w4.NFS4ERR_EXPIRED, "clients ask about opens alone, and must learn of the loss"


def test_who_frees_a_lost_open_has_freed_the_locks_that_it_had(a: Machine, b: Machine) -> None:
    opened = a.open(FILE)
    held = a.locked(opened)
    other = a.open(FILE + 1)
    fall_silent(b)
    b.locked(b.open(FILE))
    assert a.renew() == w4.SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED
    a.world.state.free_stateid(a.client, opened.stateid())
    assert a.renew() == 0
    assert a.test(held.stateid()) == w4.NFS4ERR_BAD_STATEID
    assert a.test(other.stateid()) == 0


def test_a_read_lock_of_a_silent_client_is_in_no_readers_way(a: Machine, b: Machine) -> None:
    held = a.locked(a.open(FILE), kind=w4.READ_LT)
    fall_silent(b)
    b.locked(b.open(FILE), kind=w4.READ_LT)
    assert a.test(held.stateid()) == 0


def test_a_test_of_a_lock_takes_it_from_a_silent_client_too(a: Machine, b: Machine) -> None:
    held = a.locked(a.open(FILE))
    fall_silent(b)
    assert b.world.state.locked(b.client, b"x", FILE, w4.WRITE_LT, 0, 1, b.world.now) is None
    assert a.test(held.stateid()) == w4.NFS4ERR_EXPIRED


def test_a_live_client_in_the_way_is_still_in_the_way(world: World, a: Machine, b: Machine) -> None:
    a.locked(a.open(FILE), 0, 5)
    live = world.machine("c")
    live.locked(live.open(FILE), 5, 5)
    fall_silent(b, live)
    found = b.lock(b.open(FILE), 0, 10)
    assert isinstance(found, HeldRange)
    assert found.owner.clientid == live.clientid


@pytest.mark.parametrize(
    ("held", "wanted"), [((READ, WRITE), (WRITE, 0)), ((WRITE, 0), (READ, WRITE)), ((WRITE, READ), (READ, 0))]
)
def test_a_share_reservation_of_a_silent_client_goes_when_it_is_in_the_way(
    a: Machine, b: Machine, held: tuple[int, int], wanted: tuple[int, int]
) -> None:
    opened = a.open(FILE, *held)
    fall_silent(b)
    b.open(FILE, *wanted)
    assert status_of_find(a, opened) == w4.NFS4ERR_EXPIRED


def test_many_silent_clients_are_swept_aside_at_once(world: World, b: Machine) -> None:
    for number in range(100):
        world.machine(f"silent {number}").open(FILE, WRITE)
    fall_silent(b)
    b.open(FILE, READ, deny=WRITE)
    assert len(world.state.opens()) == 1


def test_an_anonymous_write_takes_a_denial_from_a_silent_client(a: Machine, b: Machine) -> None:
    opened = a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    anonymous = w4.stateid4(0, OTHER_ZEROS)
    assert b.world.state.for_io(b.client, anonymous, FILE, WRITE, b.world.now) == 0
    assert status_of_find(a, opened) == w4.NFS4ERR_EXPIRED


def test_with_an_open_its_locks_are_revoked(a: Machine, b: Machine) -> None:
    opened = a.open(FILE, READ | WRITE, deny=WRITE)
    held = a.locked(opened)
    fall_silent(b)
    b.locked(b.open(FILE, WRITE))
    assert a.test(held.stateid()) == w4.NFS4ERR_EXPIRED
    assert a.test(opened.stateid()) == w4.NFS4ERR_EXPIRED


def test_the_client_is_told_until_it_has_freed_all_that_it_lost(a: Machine, b: Machine) -> None:
    opened = a.open(FILE, READ | WRITE, deny=WRITE)
    held = a.locked(opened)
    fall_silent(b)
    b.open(FILE, WRITE)
    assert a.renew() == SOME_REVOKED
    free(a, held.stateid())
    assert a.renew() == SOME_REVOKED
    free(a, opened.stateid())
    assert a.renew() == 0
    assert a.test(opened.stateid()) == w4.NFS4ERR_BAD_STATEID
    assert a.client.states == {}


def test_what_was_revoked_does_not_keep_the_file_open(world: World, a: Machine, b: Machine) -> None:
    a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    opened = b.open(FILE, WRITE)
    world.state.close(opened)
    assert world.released == [FILE]


def test_a_file_that_passes_from_a_silent_client_to_another_is_open_all_the_while(
    world: World, a: Machine, b: Machine
) -> None:
    a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    world.state.check_open(b.client, FILE, WRITE, 0, False, world.now)
    assert world.state.is_open(FILE)
    b.open(FILE, WRITE)
    world.state.sweep(world.now)
    assert world.released == []


def test_a_file_that_a_silent_client_lost_and_nobody_opened_is_released_by_the_next_sweep(
    world: World, a: Machine, b: Machine
) -> None:
    a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    world.state.check_open(b.client, FILE, WRITE, 0, False, world.now)
    assert world.released == []
    world.state.sweep(world.now)
    assert world.released == [FILE]
    assert not world.state.is_open(FILE)


def test_the_owner_may_open_and_lock_anew_before_it_frees_what_it_lost(a: Machine, b: Machine) -> None:
    opened = a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    b.world.state.close(b.open(FILE, WRITE))
    a.renew()
    again = a.open(FILE, READ)
    assert again.other != opened.other
    a.locked(again, kind=w4.READ_LT)


def test_a_client_that_lost_something_cannot_reclaim_until_it_knows(world: World, a: Machine, b: Machine) -> None:
    opened = a.open(FILE, READ, deny=WRITE)
    fall_silent(b)
    b.open(FILE, WRITE)
    assert recorded(world) == {b"b"}
    a.renew()
    free(a, opened.stateid())
    assert recorded(world) == {b"a", b"b"}


def recorded(world: World) -> set[bytes]:
    return {record.owner for record in world.store.records()}


def test_a_day_later_the_client_is_gone(world: World, a: Machine, b: Machine) -> None:
    a.open(FILE)
    world.wait(world.settings.courtesy_seconds + 1)
    b.renew()
    world.state.sweep(world.now)
    assert world.released == [FILE]
    assert recorded(world) == {b"b"}
    assert a.sessionid not in world.state.by_sessionid
    assert [row["owner"] for row in world.state.clients(world.now)] == ["b"]


def test_a_compound_that_waited_while_its_client_was_replaced_gets_nothing(world: World, a: Machine) -> None:
    old = a.client
    again = Machine(world, "a", verifier=2)
    again.join()
    again.complete()
    with pytest.raises(NFSError) as error:
        world.state.open(old, b"owner", FILE, READ, 0, False, world.now)
    assert error.value.status == w4.NFS4ERR_EXPIRED
    assert world.state.files.total == 0


def test_the_listing_says_who_is_silent(world: World, a: Machine, b: Machine) -> None:
    fall_silent(b)
    assert [(row["owner"], row["courtesy"]) for row in world.state.clients(world.now)] == [("a", True), ("b", False)]


def test_state_can_be_revoked_by_decision(world: World, a: Machine) -> None:
    opened = a.open(FILE)
    world.state.files.revoke(opened, w4.NFS4ERR_ADMIN_REVOKED)
    assert status_of_find(a, opened) == w4.NFS4ERR_ADMIN_REVOKED
    assert a.renew() != 0
    free(a, opened.stateid())
    assert a.renew() == 0
