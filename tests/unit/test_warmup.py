"""A warmup fetches what lies under a path and nothing else, as far as the cache has room, beside everything else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from nfsgw.admin.protocol import AdminError
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.cli.warm import bar, text
from nfsgw.namespace.model import CHUNK_SIZE, DIR, REG, Changes, Inode
from nfsgw.warmup import AT_ONCE, Warmup, Warmups
from tests.unit.chunks.house import ROOT, House, until

BODIES = {
    ("top",): os.urandom(100),
    ("a", "small"): os.urandom(5000),
    ("a", "empty"): b"",
    ("a", "large"): os.urandom(2 * CHUNK_SIZE + 7),
    ("a", "b", "deep"): os.urandom(200_000),
}


def make(house: House, directory: Inode, name: str, kind: int) -> Inode:
    changes = Changes()
    changes.mode = 0o755
    return house.namespace.create(directory, name.encode(), kind, changes, ROOT, house.now)[0]


def find(house: House, path: tuple[str, ...]) -> Inode:
    inode = house.namespace.root
    for name in path:
        inode = house.namespace.lookup(inode, name.encode(), ROOT)
    return inode


@pytest_asyncio.fixture
async def cold(tmp_path: Path) -> AsyncIterator[House]:
    """A tree that is in the store and not here."""
    house = House(tmp_path, ChunkSettings())
    await house.open()
    a = make(house, house.namespace.root, "a", DIR)
    make(house, a, "b", DIR)
    for path, body in BODIES.items():
        file = make(house, find(house, path[:-1]), path[-1], REG)
        await house.write(file, 0, body)
        await house.sync(file)
        await house.uploaded()  # each by itself, so that each is an object of its own
    await house.crash()
    yield house
    assert house.fatal == []
    await house.close()


async def through(warmup: Warmup) -> dict[str, Any]:
    await until(lambda: warmup.over, "the warmup is over")
    return warmup.report()


async def test_everything_under_a_directory_is_here_afterwards(cold: House) -> None:
    report = await through(Warmup(cold.namespace, cold.chunks, "/a"))
    size = sum(len(body) for path, body in BODIES.items() if path[0] == "a")
    assert (report["walked"], report["files"], report["failed_chunks"]) == (True, 4, 0)
    assert report["wanted_bytes"] == report["fetched_bytes"] == size
    assert cold.status("fetched") == 5
    for path, body in BODIES.items():
        if path[0] == "a":
            assert await cold.read(find(cold, path)) == body
    assert cold.status("fetched") == 5
    assert await cold.read(find(cold, ("top",))) == BODIES[("top",)]
    assert cold.status("fetched") == 6
    again = await through(Warmup(cold.namespace, cold.chunks, "/"))
    assert (again["files"], again["wanted_bytes"]) == (5, 0)


async def test_a_file_is_warmed_by_its_path(cold: House) -> None:
    report = await through(Warmup(cold.namespace, cold.chunks, "a/b/deep"))
    assert (report["files"], report["fetched_bytes"]) == (1, 200_000)


async def test_what_the_cache_has_no_room_for_is_left_out(cold: House) -> None:
    cold.settings.cache_limit = CHUNK_SIZE + 300_000
    report = await through(Warmup(cold.namespace, cold.chunks, "/a"))
    assert report["walked"]
    assert report["fetched_bytes"] + report["left_out_bytes"] == report["wanted_bytes"]
    assert report["left_out_bytes"] >= CHUNK_SIZE
    assert "left out" in text(report)


async def test_a_chunk_that_cannot_be_had_is_counted(cold: House) -> None:
    cold.damage(cold.key_of(find(cold, ("a", "b", "deep")), 0))
    report = await through(Warmup(cold.namespace, cold.chunks, "/a"))
    assert (report["walked"], report["failed_chunks"]) == (True, 1)
    assert "1 chunks could not be fetched" in text(report)


async def test_a_path_that_is_not_there_is_refused(cold: House) -> None:
    with pytest.raises(AdminError, match=r"/a/none: NFS4ERR_NOENT"):
        Warmup(cold.namespace, cold.chunks, "/a/none")
    with pytest.raises(AdminError, match="NOTDIR"):
        Warmup(cold.namespace, cold.chunks, "/top/x")


async def test_a_run_is_asked_by_its_number_and_can_be_ended(cold: House) -> None:
    warmups = Warmups(lambda path: Warmup(cold.namespace, cold.chunks, path))
    cold.hold_mover()
    begun = warmups.order({"ask": "warmup", "path": "/"})
    assert isinstance(begun, dict)
    number = begun["number"]
    await until(lambda: cold.status("fetches_running") != 0, "fetches run")
    report = warmups.order({"ask": "warmup", "number": number})
    assert isinstance(report, dict)
    assert not report["over"]
    assert bar(report).startswith("[---")
    warmups.order({"ask": "warmup", "number": number, "end": True})
    with pytest.raises(AdminError, match=f"no warmup {number}"):
        warmups.order({"ask": "warmup", "number": number})
    cold.let_mover_go()
    await warmups.close()


async def test_only_so_many_run_at_once(cold: House) -> None:
    warmups = Warmups(lambda path: Warmup(cold.namespace, cold.chunks, path))
    cold.hold_mover()
    for _ in range(AT_ONCE):
        warmups.order({"path": "/"})
    with pytest.raises(AdminError, match="run already"):
        warmups.order({"path": "/"})
    with pytest.raises(AdminError, match="wants a path"):
        warmups.order({})
    cold.let_mover_go()
    await warmups.close()
    await asyncio.sleep(0)
    warmups.order({"path": "/a"})
    await warmups.close()


def test_the_bar_says_how_far_it_is() -> None:
    report = {"wanted_bytes": 300, "left_out_bytes": 100, "fetched_bytes": 100, "files": 7, "walked": False}
    assert bar(report) == f"[{'#' * 15}{'-' * 15}] 100 B of 200 B so far, 7 files"
