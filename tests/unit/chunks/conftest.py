"""Fixtures of the chunk tests: a house with a local store, closed at the end, and an S3 server for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.settings import ChunkSettings
from tests.support.seaweed import Seaweed
from tests.unit.chunks.house import House


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path, ChunkSettings())
    await made.open()
    yield made
    assert made.fatal == []
    await made.close()


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    with Seaweed(tmp_path_factory.mktemp("seaweed")) as server:
        yield server
