"""`nfsgw backup` of a gateway that many clients work on: each copy is sound, with every byte that it speaks of."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.command import answered, run
from tests.faults.process import GatewayProcess
from tests.faults.town import Town

KEPT = {"chunks.dead_age": "3600"}  # for as long as the backups are wanted


async def test_a_backup_of_a_filesystem_at_work_is_sound(tmp_path: Path) -> None:
    town = Town(tmp_path, 4, 9, KEPT)
    try:
        await town.found()
        town.work()
        for number in range(3):
            await asyncio.sleep(0.3)
            code, _, said = await run(town.gateway, "backup", str(tmp_path / f"backup{number}"))
            assert code == 0, said
        town.gateway.kill()
        await town.rest()
    finally:
        town.gateway.kill()
    for number in range(3):
        copy = GatewayProcess(tmp_path / f"data{number}", {}, {})
        code, _, said = await run(copy, "restore", str(tmp_path / f"backup{number}"))
        assert code == 0, said
        store = f"store.url=file://{town.gateway.data}/objects"
        assert (await answered(copy, "fsck", "--deep", "--set", store))["sound"]


async def test_a_backup_at_rest_is_what_was_there(tmp_path: Path) -> None:
    town = Town(tmp_path, 4, 9, KEPT)
    try:
        await town.found()
        await town.die_after(0.8)
        code, _, said = await run(town.gateway, "backup", str(tmp_path / "backup"))
        assert code == 0, said
        town.gateway.data.rename(tmp_path / "lost")
        code, _, said = await run(town.gateway, "restore", str(tmp_path / "backup"))
        assert code == 0, said
        (town.gateway.data / "objects").rmdir()
        (tmp_path / "lost" / "objects").rename(town.gateway.data / "objects")
        assert (await answered(town.gateway, "fsck", "--deep", "--repair"))["sound"]
        await town.rise()
        await town.gateway.stop()
    finally:
        town.gateway.kill()
