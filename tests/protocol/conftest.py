from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from hypothesis import settings

from tests.protocol.machines import House, Machine
from tests.protocol.town import Town

settings.register_profile("long", max_examples=100_000, deadline=None, print_blob=True)  # hours, by hand


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    built = House(tmp_path)
    await built.chunks.start()
    yield built
    await built.close()


@pytest_asyncio.fixture
async def a(house: House) -> Machine:
    machine = Machine(house, "a")
    await machine.join()
    return machine


@pytest_asyncio.fixture
async def b(house: House) -> Machine:
    machine = Machine(house, "b")
    await machine.join()
    return machine


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    first = House(tmp_path)
    await first.chunks.start()
    built = Town(first)
    yield built
    await built.house.close()
