"""What the store holds, by the rows of the tree: compared with what lies in the store."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from nfsgw.chunks.packs import table_size
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.metrics.survey import Survey
from nfsgw.namespace.holdings import Count, Holdings
from nfsgw.namespace.model import CHUNK_SIZE
from tests.unit.chunks.house import House
from tests.unit.chunks.test_packs import fill, remove


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path, ChunkSettings())
    await made.open()
    yield made
    await made.close()


def count(house: House) -> Holdings:
    return Count(str(house.path / "tree.sqlite")).run()


def sizes(house: House) -> list[int]:
    return [len(body) for body in house.objects().values()]


async def test_a_tree_without_bytes_holds_nothing(house: House) -> None:
    found = count(house)
    assert (found.objects, found.held_bytes, found.live_bytes, found.dead_share) == (0, 0, 0, 0.0)


async def test_packs_single_objects_and_what_is_dead_are_told_apart(house: House) -> None:
    await fill(house, 10, 20_000)
    large = house.create("large")
    await house.write(large, 0, os.urandom(2 * CHUNK_SIZE))
    await house.sync(large)
    await house.uploaded()
    for settled in (False, True):
        if settled:
            await house.chunks._compactor.compact()
            await house.durable()
        found = count(house)
        assert (found.packs, found.pack_chunks, found.pack_live) == (1, 10, 200_000)
        assert (found.singles, found.single_bytes, found.dead) == (2, 2 * CHUNK_SIZE, 0)
        assert (found.objects, found.held_bytes) == (len(sizes(house)), sum(sizes(house)))
        assert found.held_bytes - found.live_bytes == table_size(10)
    await remove(house, "f3")
    await remove(house, "large")
    found = count(house)
    assert (found.packs, found.pack_live, found.singles) == (1, 180_000, 0)
    assert (found.dead, found.dead_bytes) == (2, 2 * CHUNK_SIZE)
    assert found.live_bytes == 180_000
    assert found.held_bytes == sum(sizes(house))
    assert found.dead_share == 1 - 180_000 / sum(sizes(house))


async def test_the_counts_of_rewriting_go_with_what_was_done(house: House) -> None:
    await fill(house, 10, 20_000, "a")
    await fill(house, 10, 20_000, "b")
    for prefix in "ab":
        for number in range(7):
            await remove(house, f"{prefix}{number}")
    assert (house.status("packs_made"), house.status("packs_rewritten")) == (2, 0)
    await house.chunks._compactor.compact()
    assert (house.status("packs_made"), house.status("packs_rewritten"), house.status("chunks_repacked")) == (3, 2, 6)
    await house.durable()
    found = count(house)
    assert (found.packs, found.dead, found.pack_live) == (1, 2, 120_000)


async def test_a_survey_keeps_its_last_answer_when_the_database_is_gone(house: House) -> None:
    await fill(house, 3, 1000)
    survey = Survey(str(house.path / "tree.sqlite"), lambda: 1.0)
    assert survey.holdings is None
    await survey.look()
    held = survey.holdings
    assert held is not None
    assert held.pack_live == 3000
    (house.path / "tree.sqlite").rename(house.path / "away")
    await survey.look()
    (house.path / "away").rename(house.path / "tree.sqlite")
    assert survey.holdings is held
    survey.start()
    await survey.stop()
