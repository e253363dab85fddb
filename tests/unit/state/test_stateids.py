"""Stateids: structure, special values, comparison of seqids. RFC 8881, 8.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.stateids import (
    ANONYMOUS,
    LOCK,
    OPEN,
    OTHER_ONES,
    OTHER_ZEROS,
    READ_BYPASS,
    REAL,
    SEQID_MAX,
    StateidSource,
    StateObject,
    compare_seqid,
    special,
)
from nfsgw.wire.nfs4 import NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID, stateid4
from tests.unit.state.world import World


def test_no_two_stateids_share_their_other_field_not_even_over_a_restart() -> None:
    first, second = StateidSource(1), StateidSource(2)
    others = [source.next(kind) for source in (first, second) for kind in (OPEN, LOCK) for _ in range(3)]
    assert len(set(others)) == len(others)
    assert all(len(other) == 12 for other in others)


def test_the_special_stateids_are_told_apart() -> None:
    assert special(stateid4(0, OTHER_ZEROS)) == ANONYMOUS
    assert special(stateid4(SEQID_MAX, OTHER_ONES)) == READ_BYPASS
    assert special(stateid4(7, b"\x01" * 12)) == REAL


@pytest.mark.parametrize(
    "stateid",
    [stateid4(1, OTHER_ZEROS), stateid4(SEQID_MAX, OTHER_ZEROS), stateid4(5, OTHER_ZEROS), stateid4(0, OTHER_ONES)],
)
def test_reserved_values_without_a_meaning_are_bad(stateid: stateid4) -> None:
    with pytest.raises(NFSError) as error:
        special(stateid)
    assert error.value.status == NFS4ERR_BAD_STATEID


def test_after_the_last_seqid_comes_one_not_zero() -> None:
    state = StateObject(OPEN, b"x" * 12, 7)
    assert state.stateid().seqid == 1
    state.seqid = SEQID_MAX
    state.changed()
    assert state.stateid().seqid == 1


@pytest.mark.parametrize(
    ("given_seqid", "current", "status"),
    [
        (0, 5, 0),  # whatever is current
        (5, 5, 0),
        (4, 5, NFS4ERR_OLD_STATEID),
        (6, 5, NFS4ERR_BAD_STATEID),
        (SEQID_MAX, 3, NFS4ERR_OLD_STATEID),  # before the wrap
        (SEQID_MAX - 5, 3, NFS4ERR_OLD_STATEID),
        (3, SEQID_MAX, NFS4ERR_BAD_STATEID),  # after a wrap that has not happened
        (SEQID_MAX - 100, 3, NFS4ERR_BAD_STATEID),  # too far to be a wrap of 64 slots
    ],
)
def test_an_earlier_seqid_is_old_and_one_never_given_is_bad(given_seqid: int, current: int, status: int) -> None:
    if status == 0:
        compare_seqid(given_seqid, current, 64)
        return
    with pytest.raises(NFSError) as error:
        compare_seqid(given_seqid, current, 64)
    assert error.value.status == status


@given(st.integers(1, SEQID_MAX), st.integers(1, 60))
def test_a_seqid_that_is_some_changes_behind_is_old_wherever_it_wraps(start: int, changes: int) -> None:
    state = StateObject(OPEN, b"x" * 12, 7)
    state.seqid = start
    for _ in range(changes):
        state.changed()
    with pytest.raises(NFSError) as error:
        compare_seqid(start, state.seqid, 64)
    assert error.value.status == NFS4ERR_OLD_STATEID


def test_test_stateid_calls_a_stateid_of_an_earlier_boot_bad() -> None:
    world = World()
    before = world.machine("a").open(7).stateid()
    after = world.restart().machine("a")
    assert after.test(before) == NFS4ERR_BAD_STATEID


def test_test_stateid_reports_valid_old_future_foreign_and_special_stateids() -> None:
    world = World()
    a, b = world.machine("a"), world.machine("b")
    opened = a.open(7)
    first = opened.stateid()
    a.open(7)
    second = opened.stateid()
    assert a.test(second) == 0
    assert a.test(stateid4(0, second.other)) == 0
    assert a.test(first) == NFS4ERR_OLD_STATEID
    assert a.test(stateid4(9, second.other)) == NFS4ERR_BAD_STATEID
    assert b.test(second) == NFS4ERR_BAD_STATEID
    assert a.test(stateid4(0, OTHER_ZEROS)) == NFS4ERR_BAD_STATEID
