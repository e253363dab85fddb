"""kill -9 at random instants, many clients at work: what was acknowledged is there, nothing else is there half."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.faults.town import Town

KILLS = int(os.environ.get("NFSGW_TEST_KILLS", "30"))
SEED = int(os.environ.get("NFSGW_TEST_SEED", "0")) or random.randrange(1, 1 << 30)
WORKERS = 6


async def test_kills_at_random_instants_lose_nothing(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        for _ in range(KILLS):
            await town.die_after(chance.uniform(0.02, 1.0))
            await town.rise()
        print(f"{town.deaths} deaths, {town.steps} acknowledged steps")
        await town.gateway.stop()
        await town.check_at_rest()
        await town.gateway.start()
        await town.join()
        await town.verify()
    finally:
        town.gateway.kill()
