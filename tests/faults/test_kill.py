"""kill -9 at random instants, many clients at work: what was acknowledged is there, nothing else is there half.

30 deaths by default; NFSGW_TEST_KILLS and NFSGW_TEST_SEED ask for more of them, or for the same ones again.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.faults.town import Town, TownOfLostDisks
from tests.support.seaweed import Seaweed

KILLS = int(os.environ.get("NFSGW_TEST_KILLS", "30"))
SEED = int(os.environ.get("NFSGW_TEST_SEED", "0")) or random.randrange(1, 1 << 30)
WORKERS = 6


async def live_and_die(town: Town, deaths: int) -> None:
    """So many lives; then an orderly one, after which everything is still there."""
    chance = random.Random(SEED)
    try:
        await town.found()
        for _ in range(deaths):
            await town.die_after(chance.uniform(0.02, 1.0))
            await town.rise()
        print(f"seed {SEED}: {town.deaths} deaths, {town.steps} acknowledged steps")
        await town.gateway.stop()
        await town.rise()
    finally:
        town.gateway.kill()


async def test_kills_at_random_instants_lose_nothing(tmp_path: Path) -> None:
    await live_and_die(Town(tmp_path, WORKERS, SEED), KILLS - KILLS // 3)


async def test_in_tier_object_they_lose_nothing_though_the_local_disk_is_lost_with_them(tmp_path: Path) -> None:
    town = TownOfLostDisks(tmp_path, WORKERS, SEED, {"chunks.durability": "object"})
    await live_and_die(town, KILLS // 3)


@pytest.fixture
def seaweed(tmp_path: Path) -> Seaweed:
    return Seaweed(tmp_path / "seaweed")


async def test_they_lose_nothing_with_a_bucket_either(tmp_path: Path, seaweed: Seaweed) -> None:
    with seaweed:
        town = Town(tmp_path, WORKERS, SEED, seaweed.settings("town"), seaweed.environment)
        await live_and_die(town, KILLS // 3)
        assert seaweed.objects("town/"), "nothing has reached the bucket"
