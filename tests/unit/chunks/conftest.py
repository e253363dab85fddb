"""The fixture of the chunk tests: a house with a local store, closed at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from nfsgw.chunks.settings import ChunkSettings
from tests.unit.chunks.house import House


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path, ChunkSettings())
    await made.open()
    yield made
    assert made.fatal == []
    await made.close()
