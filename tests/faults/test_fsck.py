"""`nfsgw fsck` on a gateway that many clients work on: it finds nothing, and disturbs nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.command import answered, run
from tests.faults.town import Town


async def test_a_filesystem_at_work_is_sound_at_every_look(tmp_path: Path) -> None:
    town = Town(tmp_path, 4, 5)
    try:
        await town.found()
        town.work()
        for _ in range(4):
            await asyncio.sleep(0.2)
            verdict = await answered(town.gateway, "fsck", "--deep")
            assert verdict["sound"]
        code, _, said = await run(town.gateway, "fsck", "--repair")
        assert code == 1
        assert "stop it first" in said
        town.gateway.kill()
        await town.rest()
        assert (await answered(town.gateway, "fsck", "--deep", "--repair"))["mended"] == []
        await town.rise()
    finally:
        town.gateway.kill()
