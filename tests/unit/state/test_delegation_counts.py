"""Each delegation is counted once when it is granted, once when it is recalled, and once when it ends, however it
does."""

from __future__ import annotations

import pytest

from nfsgw.metrics.counts import DIRECTORY_DELEGATION, READ_DELEGATION, WRITE_DELEGATION, DelegationCounts
from nfsgw.wire import nfs4 as w4
from tests.unit.state.test_delegations import FILE, HANDLE, connected, give_back, granted, recall, telephone
from tests.unit.state.world import LEASE, WRITE, Machine, World


@pytest.fixture
def world() -> World:
    return connected(World())


@pytest.fixture
def a(world: World) -> Machine:
    return world.machine("a")


@pytest.fixture
def counts(world: World) -> DelegationCounts:
    return world.state.counts.delegations


def ends(counts: DelegationCounts) -> tuple[int, int, int]:
    """Returned, revoked, dropped."""
    return sum(counts.returned), sum(counts.revoked), sum(counts.dropped)


def test_grants_are_counted_by_kind(world: World, a: Machine, counts: DelegationCounts) -> None:
    granted(a)
    granted(a, WRITE, inode=FILE + 1)
    delegated = world.state.delegated
    assert delegated.grant_directory(a.client, FILE + 2, HANDLE, 100, None, world.now) is None, "not looked at yet"
    delegated.looked(a.client, FILE + 2, 100, None)
    directory = delegated.grant_directory(a.client, FILE + 2, HANDLE, 100, None, world.now)
    assert directory is not None
    assert [counts.granted[kind] for kind in (READ_DELEGATION, WRITE_DELEGATION, DIRECTORY_DELEGATION)] == [1, 1, 1]
    assert sum(counts.held) == world.state.delegated.total == 3


def test_one_that_is_given_back_unasked_took_no_recall(world: World, a: Machine, counts: DelegationCounts) -> None:
    give_back(granted(a), world)
    assert (ends(counts), sum(counts.held), counts.recalls.count()) == ((1, 0, 0), 0, 0)


def test_a_recall_takes_as_long_as_the_holder_lets_others_wait(
    world: World, a: Machine, counts: DelegationCounts
) -> None:
    held = granted(a)
    recall(a, held)
    recall(a, held)
    assert sum(counts.recalled) == 1
    world.clock.advance(0.5)
    give_back(held, world)
    assert (ends(counts), counts.recalls.count(), counts.recalls.seconds) == ((1, 0, 0), 1, 0.5)


def test_one_that_is_not_given_back_in_time_is_revoked(world: World, a: Machine, counts: DelegationCounts) -> None:
    recall(a, granted(a))
    world.clock.advance(LEASE + 1)
    assert (ends(counts), sum(counts.held), counts.recalls.seconds) == ((0, 1, 0), 0, LEASE)


def test_one_that_its_holder_does_not_know_is_returned(world: World, a: Machine, counts: DelegationCounts) -> None:
    recall(a, granted(a))
    telephone(world).asked[0].answer(w4.NFS4ERR_BAD_STATEID)
    assert (ends(counts), sum(counts.held)) == ((1, 0, 0), 0)


def test_those_of_a_client_that_is_gone_are_dropped(world: World, a: Machine, counts: DelegationCounts) -> None:
    granted(a)
    granted(a, inode=FILE + 1)
    world.clock.advance(world.state.settings.courtesy_seconds + 1)
    world.state.sweep(world.now)
    assert (ends(counts), sum(counts.held), world.state.delegated.total) == ((0, 0, 2), 0, 0)
