"""Opens and share reservations. RFC 8881, 8.2, 9.1, 9.7, 9.9, 18.2, 18.16 and 18.18."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.filestate import OpenState
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.stateids import OTHER_ONES, OTHER_ZEROS, SEQID_MAX
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import BOTH, READ, WRITE, Machine, World

FILE = 7
MODE_PAIRS = list(itertools.product((READ, WRITE, BOTH), range(4)))
ANONYMOUS = w4.stateid4(0, OTHER_ZEROS)
READ_BYPASS = w4.stateid4(SEQID_MAX, OTHER_ONES)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def a(world: World) -> Machine:
    return world.machine("a")


@pytest.fixture
def b(world: World) -> Machine:
    return world.machine("b")


def status_of_open(
    machine: Machine, access: int = BOTH, deny: int = 0, owner: bytes = b"owner", inode: int = FILE
) -> int:
    with pytest.raises(NFSError) as error:
        machine.open(inode, access, deny, owner)
    return error.value.status


def status_of_io(machine: Machine, stateid: w4.stateid4, access: int, inode: int = FILE) -> int:
    with pytest.raises(NFSError) as error:
        machine.world.state.for_io(machine.client, stateid, inode, access, machine.world.now)
    return error.value.status


def io(machine: Machine, stateid: w4.stateid4, access: int) -> int:
    return machine.world.state.for_io(machine.client, stateid, FILE, access, machine.world.now)


def status_of_find(machine: Machine, stateid: w4.stateid4, inode: int = FILE) -> int:
    with pytest.raises(NFSError) as error:
        machine.world.state.open_state(machine.client, stateid, inode)
    return error.value.status


class TestOpen:
    def test_the_first_open_has_seqid_one_and_makes_the_file_open(self, world: World, a: Machine) -> None:
        assert not world.state.is_open(FILE)
        assert a.open(FILE).stateid().seqid == 1
        assert world.state.is_open(FILE)

    def test_the_same_owner_again_upgrades_the_same_open(self, a: Machine) -> None:
        first = a.open(FILE, READ)
        before = first.stateid()
        again = a.open(FILE, WRITE)
        assert again is first
        assert again.access == BOTH
        assert again.stateid() == w4.stateid4(2, before.other)
        assert a.open(FILE, READ).stateid().seqid == 3, "also where nothing is added"

    def test_other_owners_and_other_clients_have_opens_of_their_own(self, a: Machine, b: Machine) -> None:
        opens = [a.open(FILE), a.open(FILE, owner=b"other"), b.open(FILE)]
        assert len({opened.other for opened in opens}) == 3

    @pytest.mark.parametrize(("access", "deny"), [(0, 0), (4, 0), (1, 4), (-1, 0)])
    def test_modes_that_do_not_exist_are_invalid(self, a: Machine, access: int, deny: int) -> None:
        assert status_of_open(a, access, deny) == w4.NFS4ERR_INVAL

    def test_opens_are_bounded_and_an_open_more_says_so(self) -> None:
        limits = StateSettings()
        limits.max_states_per_client = 2
        world = World(limits)
        a, b = world.machine("a"), world.machine("b")
        opened = a.open(1)
        a.open(2)
        assert status_of_open(a, inode=3) == w4.NFS4ERR_NOSPC
        b.open(3)
        world.state.close(opened)
        a.open(3)

    def test_the_listing_shows_who_has_what_open_how(self, world: World, a: Machine) -> None:
        opened = a.open(FILE, READ, WRITE)
        assert world.state.opens() == [
            {
                "client": format(a.clientid, "016x"),
                "inode": FILE,
                "owner": b"owner".hex(),
                "access": READ,
                "deny": WRITE,
                "stateid": opened.other.hex(),
            }
        ]


class TestShareReservations:
    @pytest.mark.parametrize("held", MODE_PAIRS)
    @pytest.mark.parametrize("asked", MODE_PAIRS)
    def test_what_one_denies_another_cannot_have(
        self, a: Machine, b: Machine, held: tuple[int, int], asked: tuple[int, int]
    ) -> None:
        a.open(FILE, *held)
        if asked[0] & held[1] or asked[1] & held[0]:
            assert status_of_open(b, *asked) == w4.NFS4ERR_SHARE_DENIED
        else:
            b.open(FILE, *asked)

    def test_an_owner_may_be_denied_by_what_it_holds_itself(self, a: Machine) -> None:
        a.open(FILE, READ, deny=WRITE)
        assert status_of_open(a, WRITE) == w4.NFS4ERR_SHARE_DENIED
        assert status_of_open(a, WRITE, owner=b"other") == w4.NFS4ERR_SHARE_DENIED
        a.open(FILE, READ, deny=WRITE)

    def test_a_reservation_ends_with_its_open(self, world: World, a: Machine, b: Machine) -> None:
        opened = a.open(FILE, READ, deny=WRITE)
        world.state.close(opened)
        b.open(FILE, WRITE)

    def test_it_can_be_asked_without_taking_effect(self, world: World, a: Machine, b: Machine) -> None:
        a.open(FILE, READ, deny=WRITE)
        with pytest.raises(NFSError) as error:
            world.state.check_open(b.client, FILE, WRITE, 0, False, world.now)
        assert error.value.status == w4.NFS4ERR_SHARE_DENIED
        world.state.check_open(b.client, FILE, READ, 0, False, world.now)
        world.state.check_open(b.client, 0, WRITE, 0, False, world.now)
        assert len(world.state.opens()) == 1

    def test_files_do_not_deny_one_another(self, a: Machine, b: Machine) -> None:
        a.open(FILE, BOTH, deny=BOTH)
        b.open(FILE + 1, BOTH, deny=BOTH)


MODES = st.tuples(st.integers(1, 3), st.integers(0, 3))


class TestDowngrade:
    @settings(max_examples=200, deadline=None)
    @given(st.lists(MODES, min_size=1, max_size=5), MODES)
    def test_it_goes_back_to_a_union_of_opens_and_to_nothing_else(
        self, opens: list[tuple[int, int]], target: tuple[int, int]
    ) -> None:
        world = World()
        a = world.machine("a")
        granted: list[tuple[int, int]] = []
        for access, deny in opens:
            held_access = held_deny = 0
            for one_access, one_deny in granted:
                held_access |= one_access
                held_deny |= one_deny
            if not (access & held_deny or deny & held_access):
                a.open(FILE, access, deny)
                granted.append((access, deny))
        opened = a.open(FILE, *granted[0]) if granted[0][0] & granted[0][1] == 0 else None
        if opened is None:
            return
        unions = set()
        for size in range(1, len(granted) + 1):
            for some in itertools.combinations(granted, size):
                union = [0, 0]
                for one_access, one_deny in some:
                    union[0] |= one_access
                    union[1] |= one_deny
                unions.add(tuple(union))
        before = opened.seqid
        if target in unions:
            world.state.downgrade(opened, *target)
            assert (opened.access, opened.deny, opened.seqid) == (*target, before + 1)
        else:
            with pytest.raises(NFSError) as error:
                world.state.downgrade(opened, *target)
            assert error.value.status == w4.NFS4ERR_INVAL
            assert opened.seqid == before

    def test_what_was_given_up_is_free_for_others(self, world: World, a: Machine, b: Machine) -> None:
        a.open(FILE, READ)
        opened = a.open(FILE, WRITE)
        assert status_of_open(b, READ, deny=WRITE) == w4.NFS4ERR_SHARE_DENIED
        world.state.downgrade(opened, READ, 0)
        b.open(FILE, READ, deny=WRITE)

    def test_what_was_given_up_cannot_be_gone_back_to(self, world: World, a: Machine) -> None:
        a.open(FILE, READ)
        opened = a.open(FILE, WRITE)
        world.state.downgrade(opened, READ, 0)
        with pytest.raises(NFSError) as error:
            world.state.downgrade(opened, WRITE, 0)
        assert error.value.status == w4.NFS4ERR_INVAL


class TestClose:
    def test_one_close_undoes_all_opens_of_the_owner(self, world: World, a: Machine) -> None:
        a.open(FILE, READ)
        opened = a.open(FILE, WRITE)
        world.state.close(opened)
        assert not world.state.is_open(FILE)
        assert status_of_find(a, opened.stateid()) == w4.NFS4ERR_BAD_STATEID

    def test_the_file_is_released_with_its_last_open(self, world: World, a: Machine, b: Machine) -> None:
        mine, others = a.open(FILE), b.open(FILE)
        world.state.close(mine)
        assert world.released == []
        world.state.close(others)
        assert world.released == [FILE]

    def test_its_locks_go_with_it(self, world: World, a: Machine, b: Machine) -> None:
        opened = a.open(FILE)
        held = a.locked(opened)
        world.state.close(opened)
        assert a.test(held.stateid()) == w4.NFS4ERR_BAD_STATEID
        b.locked(b.open(FILE))

    def test_nothing_is_left_of_a_file_that_everybody_closed(self, world: World, a: Machine) -> None:
        opened = a.open(FILE)
        a.locked(opened)
        world.state.close(opened)
        assert world.state.files.total == 0
        assert a.client.states == {}
        assert a.client.lock_owners == {}


class TestStateids:
    def test_a_stateid_means_nothing_on_another_file_or_from_another_client(self, a: Machine, b: Machine) -> None:
        stateid = a.open(FILE).stateid()
        assert status_of_find(a, stateid, FILE + 1) == w4.NFS4ERR_BAD_STATEID
        assert status_of_find(b, stateid) == w4.NFS4ERR_BAD_STATEID

    def test_an_old_one_is_told_from_a_bad_one(self, a: Machine) -> None:
        old = a.open(FILE).stateid()
        a.open(FILE)
        assert status_of_find(a, old) == w4.NFS4ERR_OLD_STATEID
        assert status_of_find(a, w4.stateid4(3, old.other)) == w4.NFS4ERR_BAD_STATEID

    def test_seqid_zero_means_the_current_one(self, world: World, a: Machine) -> None:
        opened = a.open(FILE)
        a.open(FILE)
        assert world.state.open_state(a.client, w4.stateid4(0, opened.other), FILE) is opened

    def test_a_lock_stateid_is_no_open_stateid_and_the_other_way_round(self, world: World, a: Machine) -> None:
        opened = a.open(FILE)
        held = a.locked(opened)
        assert status_of_find(a, held.stateid()) == w4.NFS4ERR_BAD_STATEID
        with pytest.raises(NFSError) as error:
            world.state.lock_state(a.client, opened.stateid(), FILE)
        assert error.value.status == w4.NFS4ERR_BAD_STATEID

    @pytest.mark.parametrize("stateid", [ANONYMOUS, READ_BYPASS])
    def test_a_special_stateid_is_no_open(self, a: Machine, stateid: w4.stateid4) -> None:
        assert status_of_find(a, stateid) == w4.NFS4ERR_BAD_STATEID


class TestReadAndWrite:
    def test_an_open_for_writing_may_write_and_may_read_what_it_overwrites(self, a: Machine) -> None:
        opened = a.open(FILE, WRITE)
        assert io(a, opened.stateid(), WRITE) == opened.access
        assert io(a, opened.stateid(), READ) == opened.access

    def test_an_open_for_reading_may_not_write(self, a: Machine) -> None:
        opened = a.open(FILE, READ)
        assert io(a, opened.stateid(), READ) == opened.access
        assert status_of_io(a, opened.stateid(), WRITE) == w4.NFS4ERR_OPENMODE

    def test_an_open_for_writing_may_not_read_what_somebody_denies(self, a: Machine, b: Machine) -> None:
        opened = a.open(FILE, WRITE)
        b.open(FILE, WRITE, deny=READ)
        assert status_of_io(a, opened.stateid(), READ) == w4.NFS4ERR_LOCKED

    def test_a_lock_stateid_stands_for_its_open(self, a: Machine) -> None:
        opened = a.open(FILE, BOTH)
        held = a.locked(opened)
        assert io(a, held.stateid(), WRITE) == opened.access

    def test_without_an_open_the_anonymous_stateid_is_subject_to_denials(
        self, world: World, a: Machine, b: Machine
    ) -> None:
        assert io(b, ANONYMOUS, WRITE) == 0
        opened = a.open(FILE, READ, deny=WRITE)
        assert io(b, ANONYMOUS, READ) == 0
        assert status_of_io(b, ANONYMOUS, WRITE) == w4.NFS4ERR_LOCKED
        world.state.close(opened)
        assert io(b, ANONYMOUS, WRITE) == 0

    def test_the_bypass_stateid_reads_past_denials_but_does_not_write(self, a: Machine, b: Machine) -> None:
        a.open(FILE, READ, deny=BOTH & ~READ)
        a.open(FILE, READ, owner=b"other")
        assert io(b, READ_BYPASS, READ) == 0
        assert status_of_io(b, READ_BYPASS, WRITE) == w4.NFS4ERR_LOCKED

    def test_reserved_and_unknown_stateids_are_bad(self, a: Machine) -> None:
        assert status_of_io(a, w4.stateid4(1, OTHER_ZEROS), READ) == w4.NFS4ERR_BAD_STATEID
        assert status_of_io(a, w4.stateid4(1, b"x" * 12), READ) == w4.NFS4ERR_BAD_STATEID

    def test_old_stateids_and_those_of_other_files_are_refused(self, a: Machine) -> None:
        old = a.open(FILE).stateid()
        a.open(FILE)
        assert status_of_io(a, old, READ) == w4.NFS4ERR_OLD_STATEID
        assert status_of_io(a, w4.stateid4(0, old.other), READ, FILE + 1) == w4.NFS4ERR_BAD_STATEID


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(["open", "close"]), MODES),
        max_size=30,
    )
)
def test_reservations_are_counted_right_whatever_is_opened_and_closed(
    steps: list[tuple[int, int, str, tuple[int, int]]],
) -> None:
    world = World()
    machines = [world.machine(name) for name in "abc"]
    held: dict[tuple[int, int], OpenState] = {}
    for who, number, what, (access, deny) in steps:
        key = (who, number)
        accessed = denied = 0
        for opened in held.values():
            accessed |= opened.access
            denied |= opened.deny
        if what == "close":
            if key in held:
                world.state.close(held.pop(key))
        elif access & denied or deny & accessed:
            assert status_of_open(machines[who], access, deny, b"%d" % number) == w4.NFS4ERR_SHARE_DENIED
        else:
            held[key] = machines[who].open(FILE, access, deny, b"%d" % number)
        assert world.state.is_open(FILE) == bool(held)
        assert world.state.files.total == len(held)
