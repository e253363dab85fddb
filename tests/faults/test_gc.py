"""`nfsgw gc --delete` beside a gateway that uploads and is killed: it takes orphans, and nothing that is alive."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tests.faults.command import answered, run
from tests.faults.process import GatewayProcess
from tests.faults.town import Town

SEED = 11
WORKERS = 4
COLLECT = ("gc", "--age", "0", "--delete")


def stored(gateway: GatewayProcess) -> set[str]:
    top = gateway.data / "objects" / "objects"
    return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}


def named(gateway: GatewayProcess, only: str = "TRUE") -> set[str]:
    database = sqlite3.connect(f"file:{gateway.data}/namespace.db?mode=ro", uri=True)
    try:
        return {row[0].decode() for row in database.execute(f"SELECT key FROM object WHERE {only}")}
    finally:
        database.close()


def no_orphan_and_nothing_missing(gateway: GatewayProcess) -> bool:
    """Dead objects may be there or not: an upload that failed is noted as one, whatever came of it."""
    return named(gateway, "dead_at IS NULL") <= stored(gateway) <= named(gateway)


async def keep_collecting(gateway: GatewayProcess, over: asyncio.Event) -> int:
    """Collections one after the other, as long as the gateway can be asked. How many ended well."""
    count = 0
    while not over.is_set():
        code, _, said = await run(gateway, *COLLECT)
        assert code == 0 or "cannot be asked" in said, said
        count += code == 0
    return count


async def test_beside_a_gateway_that_uploads_and_dies(tmp_path: Path) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    over = asyncio.Event()
    try:
        await town.found()
        collecting = asyncio.create_task(keep_collecting(town.gateway, over))
        for point in ("upload.answered:3", "mover.put:4", "upload.stored:6"):
            await town.die_after(1.0)
            await town.live_until(point)
            await town.rise()
        over.set()
        assert await collecting > 0
        await town.gateway.stop()
        report = await answered(town.gateway, *COLLECT)
        assert no_orphan_and_nothing_missing(town.gateway)
        assert report["named"] == len(stored(town.gateway))
        await town.rise()
    finally:
        over.set()
        town.gateway.kill()


async def test_a_death_between_put_and_commit_leaves_what_it_finds(tmp_path: Path) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        await town.gateway.stop()
        await town.live_until("upload.answered:3")
        await town.gateway.alone()
        leaked = stored(town.gateway) - named(town.gateway)
        assert leaked
        report = await answered(town.gateway, *COLLECT[:-1])
        assert (report["orphans"], report["deleted"]) == (len(leaked), 0)
        assert stored(town.gateway) - named(town.gateway) == leaked
        assert (await answered(town.gateway, *COLLECT))["deleted"] == len(leaked)
        assert no_orphan_and_nothing_missing(town.gateway)
        await town.rise()
    finally:
        town.gateway.kill()


@pytest.mark.parametrize("point", ["gc.listed", "gc.deleted"])
async def test_its_own_death_harms_nothing(tmp_path: Path, point: str) -> None:
    town = Town(tmp_path, WORKERS, SEED)
    try:
        await town.found()
        await town.gateway.stop()
        await town.live_until("mover.put:2")
        code, _, _ = await run(town.gateway, *COLLECT, failpoint=point)
        assert code == -9
        await town.rise()
        await town.gateway.stop()
        await answered(town.gateway, *COLLECT)
        assert no_orphan_and_nothing_missing(town.gateway)
    finally:
        town.gateway.kill()
