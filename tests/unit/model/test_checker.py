"""The checker of the random run finds what it is there to find, each violation planted, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.model.cells import CELLS, CHUNK_BREAK, TORN
from tests.model.checker import check
from tests.model.history import NEVER, Event, Round

X, Y = 3, 4
KINDS = {X: "d", Y: "d", 10: "f", 11: "f", 12: "d", 13: "d"}
ZEROS = [0] * CELLS


def names(events: list[Event], before: dict[tuple[int, str], int], after: dict[tuple[int, str], int]) -> list[str]:
    return check(Round(events, [X, Y], dict(KINDS), before, after))


def data(events: list[Event], before: list[int], after: list[int], killed: int = NEVER) -> list[str]:
    return check(Round(events, cells_before={0: before}, cells_after={0: after}, killed=killed))


def filled(value: int, first: int, count: int) -> list[int]:
    return [value if first <= cell < first + count else 0 for cell in range(CELLS)]


def write(value: int, first: int, count: int, call: int, ret: int, stable: bool = False) -> Event:
    return Event(1, "write", (0, value, first, count, stable), call, ret, ("OK",) if ret != NEVER else ())


def read(call: int, ret: int, *values: int, kind: str = "read") -> Event:
    return Event(2, kind, (0, 0, len(values)), call, ret, ("OK", 0, values))


# -- names


def test_overlapping_operations_are_put_in_whatever_order_explains_them() -> None:
    events = [
        Event(1, "mkdir", (X, "a"), 1, 6, ("OK", 12, True)),
        Event(2, "mkdir", (X, "a"), 2, 5, ("EXIST",)),
        Event(3, "rename", (X, "a", Y, "b"), 3, 8, ("OK", True)),
        Event(2, "lookup", (X, "a"), 7, 9, ("NOENT",)),
        Event(1, "readdir", (Y,), 10, 11, ("OK", (("b", 12),))),
    ]
    assert names(events, {}, {(Y, "b"): 12}) == []


def test_a_negative_lookup_after_the_create_has_returned_is_found() -> None:
    events = [
        Event(1, "guarded", (X, "a"), 1, 2, ("OK", 10, True)),
        Event(2, "lookup", (X, "a"), 3, 4, ("NOENT",)),
    ]
    assert names(events, {}, {(X, "a"): 10})


def test_two_winners_of_one_name_are_found() -> None:
    events = [
        Event(1, "exclusive", (X, "a"), 1, 4, ("OK", 10, True)),
        Event(2, "exclusive", (X, "a"), 2, 3, ("OK", 11, True)),
    ]
    assert names(events, {}, {(X, "a"): 10})


def test_two_winners_of_one_claim_by_rename_are_found() -> None:
    events = [
        Event(1, "rename", (X, "job", X, "a"), 1, 4, ("OK", True)),
        Event(2, "rename", (X, "job", X, "b"), 2, 3, ("OK", True)),
    ]
    assert names(events, {(X, "job"): 10}, {(X, "a"): 10})


def test_a_lost_rename_is_found() -> None:
    events = [Event(1, "rename", (X, "a", Y, "b"), 1, 2, ("OK", True))]
    assert names(events, {(X, "a"): 10}, {(X, "a"): 10})


def test_a_success_that_says_that_it_failed_is_found() -> None:
    """The answer to a retransmission after a kill: the first one had taken effect."""
    events = [Event(1, "remove", (X, "a"), 1, 2, ("NOENT",))]
    assert names(events, {(X, "a"): 10}, {})


def test_a_rename_that_shows_both_names_or_none_is_found() -> None:
    moving = Event(1, "rename", (X, "a", X, "b"), 1, 9, ("OK", True))
    both = Event(2, "readdir", (X,), 2, 3, ("OK", (("a", 10), ("b", 10))))
    none = Event(2, "readdir", (X,), 2, 3, ("OK", ()))
    for seen in (both, none):
        assert names([moving, seen], {(X, "a"): 10}, {(X, "b"): 10})


def test_a_listing_that_goes_back_in_time_is_found() -> None:
    events = [
        Event(1, "remove", (X, "a"), 1, 9, ("OK",)),
        Event(2, "lookup", (X, "a"), 2, 3, ("NOENT",)),
        Event(3, "lookup", (X, "a"), 4, 5, ("OK", 10)),
    ]
    assert names(events, {(X, "a"): 10}, {})


def test_a_wrong_count_of_links_is_found() -> None:
    events = [Event(1, "link", (10, X, "b"), 1, 2, ("OK",)), Event(2, "getattr", (10,), 3, 4, ("OK", 1))]
    assert names(events, {(X, "a"): 10}, {(X, "a"): 10, (X, "b"): 10})


def test_a_directory_that_is_removed_with_something_in_it_is_found() -> None:
    events = [Event(1, "remove", (X, "a"), 1, 2, ("OK",))]
    assert names(events, {(X, "a"): 12, (12, "inside"): 10}, {})


# -- data


def test_a_read_sees_the_latest_or_a_concurrent_write() -> None:
    events = [
        write(1, 0, CELLS, 1, 2),
        write(2, 0, 2, 3, 8),
        read(4, 5, 1, 1),
        read(6, 7, 2, 2),
        read(9, 10, 2, 2, 1),
    ]
    assert data(events, ZEROS, [2, 2, *[1] * (CELLS - 2)]) == []


def test_a_stale_read_from_a_cache_is_found() -> None:
    events = [write(1, 0, 1, 1, 2), write(2, 0, 1, 3, 4), read(5, 6, 1, kind="cached")]
    assert data(events, ZEROS, filled(2, 0, 1))


def test_zeros_in_place_of_written_bytes_are_found() -> None:
    assert data([write(1, 0, 1, 1, 2), read(3, 4, 0)], ZEROS, filled(1, 0, 1))


def test_a_read_that_goes_back_behind_another_one_is_found() -> None:
    events = [write(1, 0, 1, 1, 2), write(2, 0, 1, 3, 10), read(4, 5, 2), read(6, 7, 1)]
    assert data(events, ZEROS, filled(2, 0, 1))


def test_bytes_of_another_file_are_found() -> None:
    assert data([read(1, 2, 77)], ZEROS, ZEROS)


def test_a_torn_cell_is_found() -> None:
    assert data([write(1, 0, 1, 1, 4), write(2, 0, 1, 2, 5), read(3, 6, TORN)], ZEROS, filled(1, 0, 1))


def test_a_torn_write_is_found_in_a_chunk_but_may_be_torn_across_two() -> None:
    two = [write(1, 0, CELLS, 1, 4), write(2, 0, CELLS, 2, 3)]
    torn = [1, 2, *[1] * (CELLS - 2)]
    assert data(two, ZEROS, torn)
    assert data(two, ZEROS, [1] * CHUNK_BREAK + [2] * (CELLS - CHUNK_BREAK)) == []


def test_a_lost_write_is_found_at_rest() -> None:
    assert data([write(1, 0, 3, 1, 2)], ZEROS, filled(1, 0, 2))


def test_a_kill_may_take_what_was_not_stable_and_nothing_else() -> None:
    unstable, stable = write(1, 0, 1, 1, 2), write(1, 0, 1, 1, 2, True)
    committed = [unstable, Event(1, "commit", (0,), 3, 4, ("OK",))]
    assert data([unstable], ZEROS, ZEROS, killed=9) == []
    assert data([stable], ZEROS, ZEROS, killed=9)
    assert data(committed, ZEROS, ZEROS, killed=9)


def test_a_commit_that_began_before_the_write_had_returned_promises_nothing_of_it() -> None:
    events = [write(1, 0, 1, 1, 5), Event(1, "commit", (0,), 2, 6, ("OK",))]
    assert data(events, ZEROS, ZEROS, killed=9) == []


def test_what_was_cut_does_not_come_back() -> None:
    cut = Event(1, "truncate", (0, 0), 3, 4, ("OK",))
    assert data([write(1, 0, 2, 1, 2), cut, read(5, 6, 1, 0)], ZEROS, ZEROS)
    assert data([write(1, 0, 2, 1, 2), cut, read(5, 6, 0, 0)], ZEROS, ZEROS) == []


# -- locks


def test_two_holders_of_one_lock_are_found() -> None:
    one = Event(1, "lock", (0, 0, 10, 1), 1, 2, ("OK",))
    two = Event(2, "lock", (0, 5, 15, 2), 3, 4, ("OK",))
    assert check(Round([one, two, Event(1, "unlock", (0, 0, 10, 1), 5, 6, ("OK",))]))
    assert check(Round([one, Event(1, "unlock", (0, 0, 10, 1), 2, 6, ("OK",)), two])) == []


def test_a_lock_that_is_denied_though_nobody_holds_it_is_found() -> None:
    assert check(Round([Event(2, "lock", (0, 5, 15, 2), 3, 4, ("DENIED",))]))


# -- histories


def test_a_history_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    events = [Event(1, "readdir", (X,), 1, 2, ("OK", (("a", 10),))), write(5, 0, 1, 3, NEVER)]
    found = Round(events, [X], dict(KINDS), {(X, "a"): 10}, {(X, "a"): 10}, {0: ZEROS}, {0: ZEROS}, killed=7)
    assert Round.from_line(found.to_line()) == found
