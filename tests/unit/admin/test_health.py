"""What is wrong, in words."""

from __future__ import annotations

from typing import Any

import pytest

from nfsgw.admin.health import problems, unready
from nfsgw.admin.words import duration, near

GIB = 1 << 30


def well() -> dict[str, Any]:
    return {
        "stopping": False,
        "database_error": "",
        "disk_tight": False,
        "loop_lag_seconds": 0.01,
        "in_grace": False,
        "grace": {"seconds_left": 0.0, "awaited": 0, "after_restore": False},
        "unchecked_restore": False,
        "log_bytes": 0,
        "clients": 3,
        "without_callbacks": [],
        "http_error": "",
        "chunks": {
            "store_down_seconds": None,
            "store_last_error": "",
            "staged_bytes": 0,
            "staging_limit": 64 * GIB,
            "writers_held": False,
            "disk_free": 50 * GIB,
            "disk_reserve": GIB,
            "disk_error": "",
            "packs_damaged": 0,
        },
    }


def test_a_gateway_that_is_well_has_no_problems() -> None:
    assert problems(well()) == []
    assert unready(well()) == []


WRONG: list[tuple[str, object, str, bool]] = [
    ("stopping", True, "stopping", True),
    ("database_error", "disk I/O error", "the database cannot be used: disk I/O error", True),
    ("chunks.store_down_seconds", 182.0, "the object store has not answered for 3 min 2 s", True),
    ("chunks.staged_bytes", 60 * GIB, "the staging area is 93 % full", False),
    ("chunks.writers_held", True, "the staging area is full", False),
    ("chunks.disk_free", GIB // 2, "the staging disk has reached its reserve (512 MiB are free)", False),
    ("chunks.disk_error", "No space left on device", "the local disk is full or fails (No space left", False),
    ("chunks.packs_damaged", 2, "2 packs of small files are damaged or lost", False),
    ("disk_tight", True, "NFS4ERR_NOSPC", False),
    ("in_grace", True, "in grace", False),
    ("log_bytes", 3 * GIB, "the database's log has grown to 3 GiB", False),
    ("unchecked_restore", True, "`nfsgw gc` collects nothing", False),
    ("without_callbacks", ["Linux NFSv4.2 one"], "no way for callbacks to 1 of 3 clients (Linux NFSv4.2 one)", False),
    ("loop_lag_seconds", 1.5, "1.50 s late", False),
    ("http_error", "admin.http 127.0.0.1:9290: Address already in use", "Address already in use", False),
]


@pytest.mark.parametrize(("key", "value", "said", "is_unready"), WRONG)
def test_each_thing_that_is_wrong_is_said_once(key: str, value: object, said: str, is_unready: bool) -> None:
    status = well()
    place = status
    *path, last = key.split(".")
    for step in path:
        place = place[step]
    place[last] = value
    found = problems(status)
    assert len(found) == 1
    assert said in found[0]
    assert unready(status) == (found if is_unready else [])


def test_what_stops_the_service_comes_before_what_does_not() -> None:
    status = well()
    status["in_grace"] = True
    status["chunks"]["store_down_seconds"] = 5.0
    assert ["object store" in problem for problem in problems(status)] == [True, False]


def test_a_grace_after_a_restore_says_so() -> None:
    status = well()
    status["in_grace"] = True
    status["grace"] = {"seconds_left": 80.0, "awaited": 0, "after_restore": True}
    assert problems(status)[0].startswith("in grace after a restore for 1 min 20 s: every client may reclaim")


def test_many_clients_are_not_all_named() -> None:
    status = well()
    status["without_callbacks"] = [f"client {number}" for number in range(9)]
    assert "client 4 and others" in problems(status)[0]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.25, "0.2 s"), (59.0, "59.0 s"), (61.0, "1 min 1 s"), (7300.0, "2 h 1 min")]
)
def test_durations_are_in_their_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1000 << 20, "1000 MiB"), (64 << 30, "64 GiB")]
)
def test_sizes_have_three_digits(size: int, words: str) -> None:
    assert near(size) == words
