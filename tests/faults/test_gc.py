"""`nfsgw gc --delete` beside a gateway that uploads and is killed: it takes orphans, and nothing that is alive."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from nfsgw.failpoints import VARIABLE
from tests.faults.process import GatewayProcess
from tests.faults.town import Town

SEED = 11
WORKERS = 4


async def nfsgw_gc(gateway: GatewayProcess, *options: str, failpoint: str = "") -> tuple[int, str, str]:
    command = [sys.executable, "-m", "nfsgw", "gc", "--data-dir", str(gateway.data), "--age", "0", "--json", *options]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, VARIABLE: failpoint},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def collected(gateway: GatewayProcess, *options: str) -> dict[str, Any]:
    code, out, said = await nfsgw_gc(gateway, *options)
    assert code == 0, said
    report: dict[str, Any] = json.loads(out)
    return report


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
        code, _, said = await nfsgw_gc(gateway, "--delete")
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
            town.work()
            await asyncio.sleep(1.0)
            town.gateway.kill()
            await town.rest()
            town.gateway.launch(point)
            assert await town.gateway.serves()
            await town.join()
            await town.verify()
            town.work()
            assert await town.gateway.ended(20.0)
            await town.rest()
            await town.rise()
        over.set()
        assert await collecting > 0
        await town.gateway.stop()
        report = await collected(town.gateway, "--delete")
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
        town.gateway.launch("upload.answered:3")
        assert await town.gateway.serves()
        await town.join()
        await town.verify()
        town.work()
        assert await town.gateway.ended(20.0)
        await town.rest()
        leaked = stored(town.gateway) - named(town.gateway)
        assert leaked
        report = await collected(town.gateway)
        assert (report["orphans"], report["deleted"]) == (len(leaked), 0)
        assert stored(town.gateway) - named(town.gateway) == leaked
        assert (await collected(town.gateway, "--delete"))["deleted"] == len(leaked)
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
        town.gateway.launch("mover.put:2")
        assert await town.gateway.serves()
        await town.join()
        await town.verify()
        town.work()
        assert await town.gateway.ended(20.0)
        await town.rest()
        code, _, _ = await nfsgw_gc(town.gateway, "--delete", failpoint=point)
        assert code == -9
        await town.rise()
        await town.gateway.stop()
        await collected(town.gateway, "--delete")
        assert no_orphan_and_nothing_missing(town.gateway)
    finally:
        town.gateway.kill()
