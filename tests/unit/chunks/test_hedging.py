"""A second GET beside a slow one: when there is one, whose answer counts, and how many there may be.

The store is a local one whose requests wait until the test lets them go.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from nfsgw.chunks.mover.hedging import Hedge
from nfsgw.chunks.stores import MissingObject, StoreError
from nfsgw.chunks.stores.local import LocalStore

SOON = 0.001
NEVER = 1e6


class SlowStore(LocalStore):
    """Each GET waits for its own gate; `broken` ones fail then."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.gates: list[asyncio.Event] = []
        self.broken: set[int] = set()
        self.cancelled = 0
        self.arrived = asyncio.Condition()

    async def get(self, key: str, offset: int, length: int) -> bytes:
        number = len(self.gates)
        self.gates.append(asyncio.Event())
        async with self.arrived:
            self.arrived.notify_all()
        try:
            await self.gates[number].wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if number in self.broken:
            raise StoreError(f"request {number} is broken")
        return await super().get(key, offset, length)

    async def requests(self, count: int) -> None:
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.gates) >= count)


@pytest.fixture
async def store(tmp_path: Path) -> SlowStore:
    made = SlowStore(str(tmp_path / "store"))
    await made.probe()
    await made.put("00/a", b"0123456789", {})
    return made


async def test_the_second_request_answers_for_a_slow_first(store: SlowStore) -> None:
    hedge = Hedge(SOON)
    reading = asyncio.create_task(hedge.get(store, "00/a", 2, 5))
    await store.requests(2)
    store.gates[1].set()
    assert await reading == b"23456"
    assert (hedge.doubled, store.cancelled) == (1, 1)


async def test_the_first_may_still_win(store: SlowStore) -> None:
    hedge = Hedge(SOON)
    reading = asyncio.create_task(hedge.get(store, "00/a", 0, 3))
    await store.requests(2)
    store.gates[0].set()
    assert await reading == b"012"
    assert store.cancelled == 1


async def test_a_request_in_time_has_no_second(store: SlowStore) -> None:
    for after in (NEVER, 0.0):
        hedge = Hedge(after)
        reading = asyncio.create_task(hedge.get(store, "00/a", 0, 3))
        await store.requests(len(store.gates) + 1 if after == 0.0 else 1)
        store.gates[-1].set()
        assert await reading == b"012"
        assert hedge.doubled == 0


async def test_an_error_counts_only_when_both_have_failed(store: SlowStore) -> None:
    hedge = Hedge(SOON)
    store.broken = {0}
    reading = asyncio.create_task(hedge.get(store, "00/a", 0, 3))
    await store.requests(2)
    store.gates[0].set()
    await asyncio.sleep(0)
    store.gates[1].set()
    assert await reading == b"012"
    store.broken = {2, 3}
    hedge = Hedge(SOON)
    reading = asyncio.create_task(hedge.get(store, "00/a", 0, 3))
    await store.requests(4)
    store.gates[2].set()
    store.gates[3].set()
    with pytest.raises(StoreError, match="is broken"):
        await reading


async def test_a_missing_object_is_missing(store: SlowStore) -> None:
    reading = asyncio.create_task(Hedge(NEVER).get(store, "00/b", 0, 3))
    await store.requests(1)
    store.gates[0].set()
    with pytest.raises(MissingObject):
        await reading


async def test_no_more_than_a_tenth_of_all_reads_are_doubled(store: SlowStore) -> None:
    hedge = Hedge(SOON)
    readings = [asyncio.create_task(hedge.get(store, "00/a", 0, 1)) for _ in range(100)]
    await store.requests(104)
    await asyncio.sleep(20 * SOON)
    assert hedge.doubled == 4
    for gate in store.gates:
        gate.set()
    assert await asyncio.gather(*readings) == [b"0"] * 100


async def test_who_gives_up_a_read_gives_up_both_requests(store: SlowStore) -> None:
    reading = asyncio.create_task(Hedge(SOON).get(store, "00/a", 0, 1))
    await store.requests(2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert store.cancelled == 2
