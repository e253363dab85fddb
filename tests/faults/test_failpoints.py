"""Death at every named instant of the commit and upload paths, and what is there afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nfsgw.failpoints import NAMES
from tests.faults.process import GatewayProcess
from tests.faults.town import DIES_WITHIN, Town

WORKERS = 4
SEED = 7
AT_START = ("start.marked", "start.recovered")
COMPACTING = ("compact.fetched", "compact.stored")
ELSEWHERE = ("init.linked", "stop.flushed", "gc.listed", "gc.deleted", *COMPACTING, *AT_START)
AT_WORK = [name for name in NAMES if name not in ELSEWHERE]
LATER = {"commit.begun": 40, "commit.written": 50, "commit.durable": 60, "commit.told": 70, "sync.begun": 10}


@pytest.mark.parametrize("point", AT_WORK)
async def test_death_at_work(tmp_path: Path, point: str) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        await town.die_after(0.4)
        await town.check_at_rest()
        await town.live_until(f"{point}:{LATER.get(point, 5)}")
        await town.rise()
        await town.gateway.stop()
        await town.check_at_rest()
    finally:
        town.gateway.kill()


@pytest.mark.parametrize("point", AT_START)
async def test_death_at_the_start_after_a_death(tmp_path: Path, point: str) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        await town.die_after(0.6)
        for _ in range(2):
            town.gateway.launch(point)
            assert not await town.gateway.serves()
        await town.rise()
    finally:
        town.gateway.kill()


async def test_death_in_an_orderly_stop(tmp_path: Path) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        await town.gateway.stop()
        town.gateway.launch("stop.flushed")
        assert await town.gateway.serves()
        for worker in town.workers:
            await worker.machine.leave()
        await town.join()
        await town.verify()
        town.work()
        town.gateway.ask_to_stop()
        assert await town.gateway.ended(DIES_WITHIN)
        await town.rest()
        await town.rise()
    finally:
        town.gateway.kill()


async def test_death_in_the_making_of_a_filesystem(tmp_path: Path) -> None:
    gateway = GatewayProcess(tmp_path / "data", {}, {})
    try:
        gateway.launch("init.linked")
        assert not await gateway.serves()
        assert os.path.exists(tmp_path / "data" / "namespace.db")
        await gateway.start()
        await gateway.stop()
    finally:
        gateway.kill()
