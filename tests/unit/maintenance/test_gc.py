"""Collection of orphans: every interleaving with an upload and a crash, and the rules that a listing alone decides."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from nfsgw.chunks.keys import object_key, parse_key
from nfsgw.chunks.stores import Listed, StoreError
from nfsgw.maintenance.gc import Flight, NotNow, Report, collect
from nfsgw.namespace.namespace import init

NOW = 1_000_000.0
OLD = 10.0


class Pause:
    """Hands the turn to whoever drives the coroutine."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Shelf:
    """A store in memory that pauses before each page, each deletion, and at the end of a listing."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[int, float]] = {}
        self.deleted: list[str] = []
        self.fails_at_page = -1

    async def put(self, key: str, body: bytes, metadata: dict[str, str]) -> None:
        self.objects[key] = (len(body), OLD)

    async def get(self, key: str, offset: int, length: int) -> bytes:
        raise StoreError("not asked here")

    async def delete(self, keys: list[str]) -> None:
        await Pause()
        for key in keys:
            self.objects.pop(key, None)
            self.deleted.append(key)

    async def keys(self, prefix: str) -> AsyncIterator[list[Listed]]:
        """A page for each of two halves of the keys, each as of the moment when it is read."""
        for number, low in enumerate((True, False)):
            await Pause()
            if number == self.fails_at_page:
                raise StoreError("the listing broke off")
            yield [Listed(key, *about) for key, about in sorted(self.objects.items()) if (key[:1] < "8") is low]

    async def probe(self) -> None:
        return

    async def close(self) -> None:
        return


class Tree:
    """A database of its own, with rows of `object` put into it as the gateway's commits would."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        init(self.path)
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self.filesystem = int(self._connection.execute("SELECT value FROM meta WHERE key = 'fsid_major'").fetchone()[0])

    def commit(self, key: str) -> None:
        self._connection.execute("INSERT INTO object (key, length) VALUES (?, 4)", (key.encode(),))

    def clear(self) -> None:
        self._connection.execute("DELETE FROM object")

    def named(self) -> set[str]:
        return {row[0].decode() for row in self._connection.execute("SELECT key FROM object")}

    def mark_restored(self) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('restored', 1)")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    made = Tree(tmp_path / "tree.db")
    yield made
    made.close()


class Uploading:
    """The order of an upload in nfsgw/chunks/uploader.py, a step at a time; `die` loses what memory held."""

    def __init__(self, shelf: Shelf, tree: Tree) -> None:
        self.key = object_key(tree.filesystem, 7, 0)
        self.in_flight: set[str] = set()
        self.lives = True
        self._shelf = shelf
        self._tree = tree
        self._done = 0

    def step(self) -> None:
        if not self.lives:
            return
        self._done += 1
        if self._done == 1:
            self.in_flight.add(self.key)
        elif self._done == 2:
            self._shelf.objects[self.key] = (4, OLD)
        elif self._done == 3:
            self._tree.commit(self.key)
        elif self._done == 4:
            self.in_flight.discard(self.key)

    def die(self) -> None:
        """A new gateway has its place at once, with nothing in flight."""
        self.lives = False
        self.in_flight = set()


STEPS_OF_UPLOAD = 4
STEPS_OF_GC = 6  # start, two pages, the end of the listing, the question, the deletion


def collecting(shelf: Shelf, tree: Tree, uploading: Uploading) -> Coroutine[None, None, Report]:
    async def in_flight() -> Flight:
        await Pause()
        return Flight(tree.filesystem, set(uploading.in_flight))

    return collect(shelf, tree.path, in_flight, NOW, 0.0, True, lambda _: None)


def drive(work: Coroutine[Any, Any, Report]) -> Report | None:
    """One step on; the report when it was the last."""
    try:
        work.send(None)
    except StopIteration as over:
        report: Report = over.value
        return report
    return None


@pytest.mark.parametrize("crash_after", range(STEPS_OF_UPLOAD + 1))
def test_no_order_of_events_takes_a_live_object(tree: Tree, crash_after: int) -> None:
    """All orders of an upload's steps and the collection's; the gateway dies after so many of its steps, at once."""
    orders = 0
    for places in itertools.combinations(range(STEPS_OF_UPLOAD + STEPS_OF_GC), STEPS_OF_UPLOAD):
        tree.clear()
        shelf = Shelf()
        uploading = Uploading(shelf, tree)
        work = collecting(shelf, tree, uploading)
        report = None
        done = 0
        if crash_after == 0:
            uploading.die()
        for place in range(STEPS_OF_UPLOAD + STEPS_OF_GC):
            if place in places:
                uploading.step()
                done += 1
                if done == crash_after:
                    uploading.die()
            elif report is None:
                report = drive(work)
        while report is None:
            report = drive(work)
        assert tree.named() <= shelf.objects.keys(), places
        again = collecting(shelf, tree, uploading)
        report = None
        while report is None:
            report = drive(again)
        assert shelf.objects.keys() == tree.named(), places  # and no orphan survives the next collection
        orders += 1
    assert orders == 210


@pytest.mark.parametrize("steps", range(STEPS_OF_GC))
def test_a_collection_that_dies_leaves_only_less_to_do(tree: Tree, steps: int) -> None:
    shelf = Shelf()
    live = [object_key(tree.filesystem, 1, index) for index in range(20)]
    for key in live:
        tree.commit(key)
        shelf.objects[key] = (4, OLD)
    for index in range(1200):
        shelf.objects[object_key(tree.filesystem, 2, index)] = (4, OLD)
    uploading = Uploading(shelf, tree)
    work = collecting(shelf, tree, uploading)
    for _ in range(steps + 2):
        drive(work)
    work.close()
    assert set(live) <= shelf.objects.keys()
    again = collecting(shelf, tree, uploading)
    report = None
    while report is None:
        report = drive(again)
    assert shelf.objects.keys() == set(live)


async def nobody() -> None:
    return None


async def run(shelf: Shelf, tree: Tree, age: float = 0.0, delete: bool = True) -> Report:
    return await collect(shelf, tree.path, nobody, NOW, age, delete, lambda _: None)


async def stocked(tree: Tree, key: str) -> Shelf:
    shelf = Shelf()
    await shelf.put(key, b"1234", {})
    return shelf


async def test_without_delete_it_only_counts(tree: Tree) -> None:
    shelf = await stocked(tree, object_key(tree.filesystem, 5, 0))
    report = await run(shelf, tree, delete=False)
    assert (report.listed, report.orphans, report.orphan_bytes, report.deleted) == (1, 1, 4, 0)
    assert shelf.deleted == []


async def test_an_error_of_the_listing_ends_it_before_anything_is_deleted(tree: Tree) -> None:
    shelf = await stocked(tree, "0" + object_key(tree.filesystem, 5, 0)[1:])
    shelf.fails_at_page = 1
    with pytest.raises(StoreError, match="broke off"):
        await run(shelf, tree)
    assert shelf.deleted == []


async def test_what_is_younger_than_was_asked_for_stays(tree: Tree) -> None:
    shelf = await stocked(tree, object_key(tree.filesystem, 5, 0))
    report = await run(shelf, tree, age=NOW - OLD + 1)
    assert (report.young, report.orphans, shelf.deleted) == (1, 0, [])
    assert (await run(shelf, tree, age=NOW - OLD)).deleted == 1


@pytest.mark.parametrize("key", ["ab/7-0-0123456789abcdef", "notes.txt", "", "other"])
async def test_what_is_not_ours_stays(tree: Tree, key: str) -> None:
    shelf = await stocked(tree, object_key(tree.filesystem ^ 1, 5, 0) if key == "other" else key)
    report = await run(shelf, tree)
    assert (report.foreign, report.orphans, shelf.deleted) == (1, 0, [])


async def test_dead_objects_are_the_sweepers(tree: Tree) -> None:
    key = object_key(tree.filesystem, 5, 0)
    shelf = await stocked(tree, key)
    tree.commit(key)
    report = await run(shelf, tree)
    assert (report.named, shelf.deleted) == (1, [])


async def test_a_restored_filesystem_is_checked_first(tree: Tree) -> None:
    shelf = await stocked(tree, object_key(tree.filesystem, 5, 0))
    tree.mark_restored()
    with pytest.raises(NotNow, match="fsck"):
        await run(shelf, tree)
    assert shelf.deleted == []


async def test_the_answer_of_another_gateway_counts_for_nothing(tree: Tree) -> None:
    shelf = await stocked(tree, object_key(tree.filesystem, 5, 0))

    async def other() -> Flight:
        return Flight(tree.filesystem + 1, set())

    with pytest.raises(NotNow, match="another filesystem"):
        await collect(shelf, tree.path, other, NOW, 0.0, True, lambda _: None)
    assert shelf.deleted == []


def test_a_key_tells_whose_object_it_is_and_which_chunk_it_was_made_for() -> None:
    name = parse_key(object_key(0xABC, 77, 3))
    assert name is not None
    assert (name.filesystem, name.inode, name.index) == (0xABC, 77, 3)
    assert object_key(1, 2, 3) != object_key(1, 2, 3)
