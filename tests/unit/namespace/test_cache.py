"""The cache: bounded, never dropping what is pending, pinned or in use by an operation under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from nfsgw.namespace.settings import NamespaceSettings

from .tree import Tree

BOUND = 64


@pytest.fixture
def small(tmp_path: Path) -> Tree:
    settings = NamespaceSettings()
    settings.cache_inodes = settings.cache_entries = settings.cache_listed = BOUND
    return Tree(tmp_path / "small.db", settings)


def test_objects_and_names_in_memory_stay_within_their_bounds(small: Tree) -> None:
    for number in range(1000):
        small.file(f"/{number}")
        if number % 50 == 49:
            small.commit()
    small.commit()
    for number in range(2000):
        small.ns.peek(small.ns.root, b"%d" % number)  # half of them are not there
        if number % 20 == 19:
            small.turn()
    inodes, entries, _ = small.ns.cache_sizes()
    assert inodes <= BOUND + BOUND // 64 + 20
    assert entries <= BOUND + BOUND // 64 + 20
    assert sorted(small.listing("/", 100)) == sorted(str(number) for number in range(1000))


def test_what_is_pending_is_never_dropped(small: Tree) -> None:
    for number in range(500):
        small.file(f"/{number}")
    for _ in range(5):
        for number in range(500, 700):
            small.ns.peek(small.ns.root, b"%d" % number)
        small.turn()
    assert small.ns.cache_sizes()[0] == 501
    for number in range(500):
        assert small.at(f"/{number}").seq > small.ns.durable
    small.commit()
    small.at("/1")
    for number in range(700, 800):
        small.ns.peek(small.ns.root, b"%d" % number)
        small.turn()
    for number in range(200):
        small.at(f"/{number}")
        small.turn()
    assert small.ns.cache_sizes()[0] <= BOUND + 2


def test_what_is_pinned_stays_the_one_and_only(small: Tree) -> None:
    pinned = small.file("/pinned")
    loose = small.file("/loose")
    small.ns.pin(pinned)
    for number in range(300):
        small.file(f"/{number}")
        small.commit()
    assert small.at("/pinned") is pinned
    assert small.at("/loose") is not loose
    small.ns.unpin(pinned)
    for number in range(300):
        small.at(f"/{number}")
        small.turn()
    assert small.at("/pinned") is not pinned
    with pytest.raises(RuntimeError, match="pinned"):
        small.ns.unpin(pinned)


def test_nothing_is_dropped_while_an_operation_runs(small: Tree) -> None:
    small.mkdir("/d")
    for number in range(300):
        small.file(f"/{number}")
    small.restart()
    folder = small.at("/d")
    for number in range(300):
        small.at(f"/{number}")  # one turn of the loop, however much it reads
    assert small.at("/d") is folder
    small.turn()
    assert small.ns.cache_sizes()[0] <= BOUND


def test_a_change_to_a_small_cache_is_never_lost(small: Tree) -> None:
    for number in range(200):
        small.file(f"/{number}")
    small.restart()
    for number in range(200):
        small.chmod(f"/{number}", 0o600 + number % 64)
        if number % 7 == 0:
            small.commit()
    small.crash_after_commit()
    assert [small.at(f"/{number}").mode for number in range(200)] == [0o600 + number % 64 for number in range(200)]
