"""What is counted, and the buckets of durations."""

from __future__ import annotations

import pytest

from nfsgw.metrics.counts import (
    DIRECTORY_DELEGATION,
    READ_DELEGATION,
    UNKNOWN,
    WRITE_DELEGATION,
    Counts,
)
from nfsgw.metrics.lag import REMEMBERED, LoopLag
from nfsgw.metrics.timings import BOUNDS, Timings
from nfsgw.wire import nfs4 as w4


@pytest.mark.parametrize("at", range(len(BOUNDS)))
def test_a_duration_of_just_a_bound_is_in_its_bucket_and_a_longer_one_in_the_next(at: int) -> None:
    timings = Timings()
    timings.add(BOUNDS[at])
    timings.add(BOUNDS[at] * 1.0001)
    assert [timings.buckets[at], timings.buckets[at + 1]] == [1, 1]
    assert timings.count() == 2
    assert timings.seconds == pytest.approx(BOUNDS[at] * 2.0001)


def test_bounds_rise() -> None:
    assert list(BOUNDS) == sorted(set(BOUNDS))


def test_failures_count_by_operation_and_status() -> None:
    counts = Counts()
    counts.fail(w4.OP_REMOVE, w4.NFS4ERR_NOENT)
    counts.fail(w4.OP_REMOVE, w4.NFS4ERR_NOENT)
    counts.fail(w4.OP_REMOVE, w4.NFS4ERR_ACCESS)
    assert counts.errors == {(w4.OP_REMOVE, w4.NFS4ERR_NOENT): 2, (w4.OP_REMOVE, w4.NFS4ERR_ACCESS): 1}


def test_every_operation_of_the_protocol_has_its_place() -> None:
    counts = Counts()
    for number in w4.nfs_opnum4_names:
        counts.fail(number, w4.NFS4ERR_IO)
        counts.compound(number, 0.001)
        place = UNKNOWN if number == w4.OP_ILLEGAL else number
        assert counts.errors[(place, w4.NFS4ERR_IO)] == 1
        assert counts.operations[place].done == 0
        assert sum(counts.operations[place].buckets()) == 1
    assert sum(sum(of.buckets()) for of in counts.operations) == len(w4.nfs_opnum4_names)


@pytest.mark.parametrize("seconds", [0.0, *BOUNDS, *(bound * 1.0001 for bound in BOUNDS)])
def test_compounds_are_in_the_buckets_that_timings_have(seconds: float) -> None:
    counts, timings = Counts(), Timings()
    counts.compound(w4.OP_READ, seconds)
    timings.add(seconds)
    assert counts.operations[w4.OP_READ].buckets() == timings.buckets
    assert counts.operations[w4.OP_READ].nanoseconds == pytest.approx(seconds * 1e9, abs=1)


def test_no_operation_has_the_number_that_stands_for_none() -> None:
    assert UNKNOWN not in w4.nfs_opnum4_names


def test_held_delegations_are_those_granted_less_those_that_ended() -> None:
    counts = Counts().delegations
    for kind in (READ_DELEGATION, READ_DELEGATION, READ_DELEGATION, WRITE_DELEGATION, DIRECTORY_DELEGATION):
        counts.grant(kind)
    counts.recall(READ_DELEGATION)
    assert counts.held == [3, 1, 1]
    counts.give_back(READ_DELEGATION)
    counts.revoke(WRITE_DELEGATION)
    counts.drop(READ_DELEGATION)
    assert counts.held == [1, 0, 1]
    assert (counts.granted, counts.recalled) == ([3, 1, 1], [1, 0, 0])
    assert (counts.returned, counts.revoked, counts.dropped) == ([1, 0, 0], [0, 1, 0], [1, 0, 0])


def test_the_worst_lateness_is_forgotten_after_two_minutes_not_after_one() -> None:
    lag = LoopLag()
    lag.note(0.5, 0.0)
    lag.note(0.1, REMEMBERED)
    assert lag.worst == 0.5
    lag.note(0.2, 2 * REMEMBERED)
    assert lag.worst == 0.2
    assert lag.times.count() == 3
