"""Delegations: what is granted to whom, and what becomes of each when somebody else needs the file. RFC 8881, 10.2 and
10.4."""

from __future__ import annotations

import itertools

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.callbacks.door import UNREACHABLE
from nfsgw.nfs4.state.filestate import (
    CONFLICT,
    HELD,
    RECALLING,
    RETURN,
    RETURNED,
    REVOKE,
    REVOKED,
    TRANSITIONS,
    Delegation,
    Waiter,
)
from nfsgw.nfs4.state.policy import NO_PREFERENCE, WANT_ANY, WANT_READ, WANT_WRITE
from nfsgw.nfs4.state.sessions import SlotGrant
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire import nfs4 as w4
from tests.unit.state.telephone import Telephone
from tests.unit.state.world import BOTH, LEASE, READ, WRITE, Machine, World, finish

FILE = 7
HANDLE = b"handle of 7"
WAIT = 1.0


@pytest.fixture
def world() -> World:
    return connected(World())


@pytest.fixture
def a(world: World) -> Machine:
    return world.machine("a")


@pytest.fixture
def b(world: World) -> Machine:
    return world.machine("b")


def connected(world: World) -> World:
    world.state.callbacks = Telephone()
    return world


def telephone(world: World) -> Telephone:
    door = world.state.callbacks
    assert isinstance(door, Telephone)
    return door


def ask(
    machine: Machine, access: int = READ, want: int = NO_PREFERENCE, inode: int = FILE, born_in: int = 0
) -> Delegation | int:
    """OPEN and what it answers about a delegation."""
    opened = machine.open(inode, access)
    state = machine.world.state
    return state.delegated.grant_at_open(
        machine.client, opened.file, access, want, HANDLE, 100, None, born_in, machine.world.now
    )


def granted(machine: Machine, access: int = READ, want: int = NO_PREFERENCE, inode: int = FILE) -> Delegation:
    held = ask(machine, access, want, inode)
    assert isinstance(held, Delegation), w4.why_no_delegation4_names[held]
    return held


def recall(machine: Machine, *found: Delegation) -> Waiter | None:
    return machine.world.state.delegated.recall(list(found), WAIT, machine.world.now)


def give_back(held: Delegation, world: World) -> None:
    world.state.delegated.give_back(held, world.now)
    world.state.delegated.wake()


class TestMachine:
    def test_each_way_through_it_ends_returned_or_revoked(self) -> None:
        ends = {TRANSITIONS[(phase, event)] for phase, event in TRANSITIONS if event in (RETURN, REVOKE)}
        assert ends == {RETURNED, REVOKED}
        assert TRANSITIONS[(HELD, CONFLICT)] == RECALLING

    def test_nothing_happens_to_what_has_ended(self) -> None:
        for phase, event in itertools.product((RETURNED, REVOKED), (CONFLICT, RETURN, REVOKE)):
            assert (phase, event) not in TRANSITIONS


class TestGrant:
    def test_a_reader_gets_a_read_delegation_and_a_lone_writer_a_write_delegation(self, a: Machine) -> None:
        assert granted(a, READ).access == READ
        assert granted(a, WRITE, inode=8).access == BOTH

    def test_readers_on_many_machines_have_one_each(self, a: Machine, b: Machine) -> None:
        assert granted(a).client is a.client
        assert granted(b).client is b.client

    def test_there_are_never_two_for_one_client(self, world: World, a: Machine) -> None:
        granted(a)
        assert not isinstance(ask(a), Delegation)
        assert ask(a, WRITE, WANT_WRITE) == w4.WND4_NOT_SUPP_UPGRADE
        assert len(world.state.delegations(world.now)) == 1

    def test_nobody_reads_undisturbed_beside_a_writer(self, a: Machine, b: Machine) -> None:
        a.open(FILE, WRITE)
        assert ask(b, READ) == w4.WND4_CONTENTION

    def test_a_writer_beside_others_has_none(self, a: Machine, b: Machine) -> None:
        a.open(FILE, READ)
        assert ask(b, WRITE) == w4.WND4_CONTENTION

    @pytest.mark.parametrize(
        ("access", "want", "expected"),
        [(READ, WANT_WRITE, BOTH), (READ, WANT_ANY, BOTH), (READ, WANT_READ, READ), (READ, NO_PREFERENCE, READ)],
    )
    def test_a_client_that_says_what_it_wants_gets_that(
        self, a: Machine, access: int, want: int, expected: int
    ) -> None:
        assert granted(a, access, want).access == expected

    def test_none_without_a_proven_path_back(self, world: World, a: Machine) -> None:
        telephone(world).cut.add(a.clientid)
        assert ask(a) == w4.WND4_RESOURCE

    def test_none_before_the_client_may_reclaim(self, world: World) -> None:
        early = Machine(world, "early")
        early.join()
        assert not world.state.delegated.possible(early.client, world.now)

    def test_none_where_the_operator_wants_none(self) -> None:
        settings = StateSettings()
        settings.delegations = False
        assert ask(connected(World(settings)).machine("a")) == w4.WND4_RESOURCE

    def test_they_are_bounded_for_one_client_and_for_all(self) -> None:
        settings = StateSettings()
        settings.max_delegations_per_client = 2
        settings.max_delegations = 3
        world = connected(World(settings))
        a, b = world.machine("a"), world.machine("b")
        first = granted(a, inode=1)
        granted(a, inode=2)
        assert ask(a, inode=3) == w4.WND4_RESOURCE
        granted(b, inode=4)
        assert ask(b, inode=5) == w4.WND4_RESOURCE
        give_back(first, world)
        granted(b, inode=6)

    def test_the_listing_shows_who_has_what_since_when(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        world.wait(3)
        recall(b, held)
        world.wait(0.5)
        assert world.state.delegations(world.now) == [
            {
                "client": format(a.clientid, "016x"),
                "inode": FILE,
                "write": False,
                "stateid": held.other.hex(),
                "age_seconds": 3.5,
                "recalling_seconds": 0.5,
            }
        ]

    def test_a_directory_has_one_to_be_recalled_like_a_file(self, world: World, a: Machine) -> None:
        grant = world.state.delegated.grant_directory
        assert grant(a.client, FILE, HANDLE, 1, None, world.now) is None, "a directory is looked at first"
        world.state.delegated.looked(a.client, FILE, 1, None)
        assert grant(a.client, FILE, HANDLE, 2, None, world.now) is None, "and has not changed since"
        held = grant(a.client, FILE, HANDLE, 1, None, world.now)
        assert held is not None
        assert grant(a.client, FILE, HANDLE, 1, None, world.now) is held, "asked again: the same one"
        give_back(held, world)
        assert world.released == [FILE]


class TestRecall:
    def test_the_holder_is_asked_once_however_many_wait(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        waiters = [recall(b, held), recall(world.machine("c"), held)]
        assert [(one.client, one.stateid, one.handle) for one in telephone(world).asked] == [
            (a.client, held.stateid(), HANDLE)
        ]
        give_back(held, world)
        assert all(waiter is not None and waiter.done for waiter in waiters)

    def test_who_waits_goes_on_when_the_last_of_all_readers_has_returned_his(self, world: World, b: Machine) -> None:
        held = [granted(world.machine(f"reader {number}")) for number in range(5)]
        waiter = recall(b, *held)
        assert len(telephone(world).asked) == 5, "all at once"
        for one in held:
            assert waiter is not None
            assert not waiter.done
            give_back(one, world)
        assert waiter is not None
        assert waiter.done

    def test_a_wait_has_a_bound_and_the_recall_goes_on(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        waiter = recall(b, held)
        world.wait(WAIT)
        assert waiter is not None
        assert waiter.done
        assert held.phase == RECALLING
        give_back(held, world)

    def test_nothing_is_granted_on_a_file_that_is_being_recalled_nor_for_a_while_after(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        held = granted(a)
        recall(b, held)
        assert ask(b) == w4.WND4_CONTENTION
        give_back(held, world)
        assert ask(b) == w4.WND4_CONTENTION
        world.wait(3)
        granted(b)

    def test_each_recall_that_follows_soon_doubles_the_quiet_time(self, world: World, a: Machine, b: Machine) -> None:
        quiet = []
        for _ in range(4):
            held = granted(a)
            recall(b, held)
            give_back(held, world)
            began = world.now
            while not isinstance(ask(a), Delegation):
                world.wait(1)
            quiet.append(world.now - began)
            for state in list(a.client.states.values()):
                if isinstance(state, Delegation):
                    give_back(state, world)
        assert quiet == [2, 4, 8, 16]

    def test_one_that_was_not_answered_is_revoked_a_lease_time_later(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        held = granted(a)
        recall(b, held)
        for _ in range(9):
            world.wait(LEASE / 10)
            a.renew()
            assert held.phase == RECALLING
        world.wait(LEASE / 10)
        assert held.phase == REVOKED
        assert a.renew() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED
        assert a.test(held.stateid()) == w4.NFS4ERR_DELEG_REVOKED
        with pytest.raises(NFSError) as error:
            world.state.delegated.claimed(a.client, held.stateid(), FILE)
        assert error.value.status == w4.NFS4ERR_DELEG_REVOKED
        world.state.free_stateid(a.client, held.stateid())
        assert a.renew() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED == 0
        assert a.test(held.stateid()) == w4.NFS4ERR_BAD_STATEID

    def test_who_lost_one_may_not_reclaim_until_he_has_seen_it(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        recall(b, held)
        for _ in range(10):
            world.wait(LEASE / 10)
            a.renew()
        assert [record.owner for record in world.store.records()] == [b"b"]
        world.state.free_stateid(a.client, held.stateid())
        assert {record.owner for record in world.store.records()} == {b"a", b"b"}

    def test_that_of_a_silent_client_is_revoked_at_once(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        world.wait(LEASE + 1)
        b.renew()
        assert recall(b, held) is None
        assert telephone(world).asked == []
        assert a.renew() & w4.SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED
        assert a.test(held.stateid()) == w4.NFS4ERR_EXPIRED

    def test_a_client_that_falls_silent_while_it_is_asked_loses_it_to_the_next_who_asks(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        granted(a)
        world.wait(LEASE - 10)
        b.renew()
        held = next(iter(world.state.files.by_inode[FILE].delegations.values()))
        assert recall(b, held) is not None
        world.wait(11)
        assert recall(b, held) is None
        assert held.phase == REVOKED

    def test_who_waits_goes_on_when_the_client_goes(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        waiter = recall(b, held)
        again = Machine(world, "a", verifier=2)
        again.join()
        world.state.delegated.wake()
        assert waiter is not None
        assert waiter.done
        assert world.state.delegations(world.now) == []


class TestAnswers:
    def test_a_promise_is_waited_for(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        recall(b, held)
        telephone(world).asked[0].answer(w4.NFS4_OK)
        world.wait(LEASE / 2)
        assert len(telephone(world).asked) == 1
        assert held.phase == RECALLING

    @pytest.mark.parametrize("status", [UNREACHABLE, w4.NFS4ERR_SERVERFAULT, w4.NFS4ERR_RESOURCE])
    def test_a_holder_that_was_not_reached_is_asked_again_until_its_time_is_up(
        self, world: World, a: Machine, b: Machine, status: int
    ) -> None:
        held = granted(a)
        recall(b, held)
        door = telephone(world)
        seconds = 0.0
        while held.phase == RECALLING and seconds < 2 * LEASE:
            door.asked[-1].answer(status)
            world.wait(2)
            a.renew()
            seconds += 2
        assert held.phase == REVOKED
        assert seconds == LEASE
        assert len(door.asked) > LEASE / 4

    def test_a_holder_that_comes_back_in_time_keeps_what_it_promised(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        held = granted(a)
        recall(b, held)
        telephone(world).asked[0].answer(UNREACHABLE)
        world.wait(1)
        telephone(world).asked[1].answer(w4.NFS4_OK)
        give_back(held, world)
        assert a.renew() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED == 0

    @pytest.mark.parametrize("status", [w4.NFS4ERR_BAD_STATEID, w4.NFS4ERR_BADHANDLE])
    def test_a_holder_that_does_not_know_it_yet_is_asked_again_and_believed_when_the_grant_has_arrived(
        self, world: World, a: Machine, b: Machine, status: int
    ) -> None:
        opened = a.open(FILE, READ)
        session, slot, _ = a.begin()
        held = world.state.delegated.grant_at_open(
            a.client, opened.file, READ, NO_PREFERENCE, HANDLE, 100, SlotGrant(session, slot), 0, world.now
        )
        assert isinstance(held, Delegation)
        waiter = recall(b, held)
        assert waiter is not None
        door = telephone(world)
        door.asked[0].answer(status)
        finish(slot)  # the reply leaves, and may be lost
        world.wait(0.2)
        door.asked[1].answer(status)
        assert held.phase == RECALLING
        assert not waiter.done
        _, slot, _ = a.begin()  # the client uses the slot again: it has had the reply
        finish(slot)
        world.wait(0.3)
        door.asked[2].answer(status)
        assert held.phase == RETURNED
        assert waiter.done
        assert a.renew() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED == 0, "nothing was taken from it"


class TestReturn:
    def test_the_file_lives_while_there_are_opens_or_delegations(self, world: World, a: Machine) -> None:
        held = granted(a)
        for opened in list(world.state.files.by_inode[FILE].opens.values()):
            world.state.close(opened)
        assert world.released == []
        assert world.state.is_open(FILE)
        give_back(held, world)
        assert world.released == [FILE]

    def test_a_stateid_that_is_no_delegation_cannot_be_returned(self, world: World, a: Machine) -> None:
        opened = a.open(FILE)
        with pytest.raises(NFSError) as error:
            world.state.delegated.claimed(a.client, opened.stateid(), FILE)
        assert error.value.status == w4.NFS4ERR_BAD_STATEID

    def test_another_clients_is_unknown(self, world: World, a: Machine, b: Machine) -> None:
        held = granted(a)
        with pytest.raises(NFSError) as error:
            world.state.delegated.claimed(b.client, held.stateid(), FILE)
        assert error.value.status == w4.NFS4ERR_BAD_STATEID

    def test_reading_and_writing_with_it(self, world: World, a: Machine) -> None:
        reader = granted(a, READ)
        state = world.state
        assert state.for_io(a.client, reader.stateid(), FILE, READ, world.now) == READ
        with pytest.raises(NFSError) as error:
            state.for_io(a.client, reader.stateid(), FILE, WRITE, world.now)
        assert error.value.status == w4.NFS4ERR_OPENMODE
        writer = granted(a, WRITE, inode=8)
        assert state.for_io(a.client, writer.stateid(), 8, WRITE, world.now) == BOTH

    def test_one_that_is_not_revoked_is_not_freed(self, world: World, a: Machine) -> None:
        held = granted(a)
        with pytest.raises(NFSError) as error:
            world.state.free_stateid(a.client, held.stateid())
        assert error.value.status == w4.NFS4ERR_LOCKS_HELD

    def test_all_figures_are_at_nothing_when_all_is_returned_revoked_and_gone(self, world: World) -> None:
        machines = [world.machine(f"m{number}") for number in range(3)]
        held = [granted(machine, WRITE, inode=number + 1) for number, machine in enumerate(machines)]
        give_back(held[0], world)
        world.state.delegated.revoke(held[1], w4.NFS4ERR_DELEG_REVOKED)
        world.wait(world.settings.courtesy_seconds + 1)
        world.state.sweep(world.now)
        assert world.state.delegated.total == 0
        assert world.state.delegated.written == {}
        assert world.state.files.total == 0
        assert world.state.files.by_inode == {}


class TestReclaim:
    def test_what_was_held_is_given_again(self, world: World, a: Machine) -> None:
        world = connected(world.restart())
        a = Machine(world, "a")
        a.join()
        opened = a.open(FILE, READ, reclaim=True)
        again = world.state.delegated.reclaim(a.client, opened.file, READ, HANDLE, 100, None, world.now)
        assert again.access == READ
        assert world.state.delegated.reclaim(a.client, opened.file, READ, HANDLE, 100, None, world.now) is again

    def test_what_cannot_have_been_together_is_a_conflict(self, world: World, a: Machine, b: Machine) -> None:
        world = connected(world.restart())
        a, b = Machine(world, "a"), Machine(world, "b")
        a.join()
        b.join()
        file = a.open(FILE, READ, reclaim=True).file
        conflicts = world.state.delegated.reclaim_conflicts
        assert conflicts(b.client, file, READ, 0, BOTH)
        assert not conflicts(b.client, file, READ, 0, READ)
        world.state.delegated.reclaim(a.client, file, READ, HANDLE, 100, None, world.now)
        assert conflicts(b.client, file, WRITE, 0, 0)
        assert not conflicts(b.client, file, READ, 0, READ)


class TestNursery:
    def test_new_files_that_are_given_away_at_once_end_the_grants_in_their_directory_for_a_while(
        self, world: World, a: Machine
    ) -> None:
        directory = 5
        number = 0
        for number in range(100, 200):
            held = ask(a, WRITE, inode=number, born_in=directory)
            if not isinstance(held, Delegation):
                break
            give_back(held, world)
        assert number - 100 == 16
        assert isinstance(ask(a, WRITE, inode=300, born_in=directory + 1), Delegation), "only there"
        granted(a, READ, inode=301)
        world.wait(61)
        assert isinstance(ask(a, WRITE, inode=302, born_in=directory), Delegation)

    def test_a_checkout_whose_files_stay_is_not_taken_for_that(self, world: World, a: Machine) -> None:
        for number in range(100, 200):
            held = ask(a, WRITE, inode=number, born_in=5)
            assert isinstance(held, Delegation)
            if number % 3 == 0:
                give_back(held, world)
