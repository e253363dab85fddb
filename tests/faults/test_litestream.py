"""Litestream beside a gateway at work, to a real bucket; the disk is lost, and the tree comes back from the bucket."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

from tests.faults.command import answered, run
from tests.faults.files import get, put
from tests.faults.machine import Machine
from tests.faults.process import GatewayProcess
from tests.support.seaweed import Seaweed

CAUGHT_UP_WITHIN = 60.0
SIZES = (1000, 200_000, 5 << 20)


def settings(seaweed: Seaweed) -> dict[str, str]:
    return {
        "store.url": f"s3://{seaweed.bucket}/site",
        "store.endpoint": seaweed.endpoint,
        "store.region": seaweed.region,
        "store.access_key": seaweed.access_key,
        "store.secret_key": seaweed.secret_key,
        "store.path_style": "true",
        "replication.url": f"s3://{seaweed.bucket}/replica",
    }


def options(gateway: GatewayProcess) -> list[str]:
    return [word for key, value in gateway.settings.items() for word in ("--set", f"{key}={value}")]


async def caught_up(gateway: GatewayProcess, folder: Path, names: int) -> None:
    """Returns when the bucket has a state with so many names, all uploaded; found by restoring it."""
    deadline = time.monotonic() + CAUGHT_UP_WITHIN
    while True:
        probe = GatewayProcess(folder / "probe", gateway.settings, {})
        code, _, said = await run(probe, "restore", "--replica", *options(gateway))
        if code == 0:
            verdict = await run(probe, "fsck", "--json", *options(gateway))
            if verdict[0] == 0 and f'"names": {names}' in verdict[1] and '"staged_chunks": 0' in verdict[1]:
                return
            said = verdict[1]
        assert time.monotonic() < deadline, said
        shutil.rmtree(folder / "probe")
        await asyncio.sleep(0.5)


async def test_a_lost_disk_comes_back_from_the_bucket(tmp_path: Path) -> None:
    with Seaweed(tmp_path / "seaweed") as seaweed:
        gateway = GatewayProcess(tmp_path / "data", settings(seaweed), {})
        machine = Machine(gateway.port, "machine")
        replicating = None
        try:
            await gateway.start()
            command = [sys.executable, "-m", "nfsgw", "replicate", "--data-dir", str(gateway.data)]
            with (tmp_path / "litestream.log").open("wb") as log:
                replicating = await asyncio.create_subprocess_exec(*command, *options(gateway), stdout=log, stderr=log)
            await machine.join()
            files = {b"file%d" % number: os.urandom(SIZES[number % 3]) for number in range(30)}
            for name, data in files.items():
                await put(machine, name, data)
            await caught_up(gateway, tmp_path, len(files))
            assert replicating.returncode is None, (tmp_path / "litestream.log").read_text()
            await put(machine, b"too late", b"x")
            gateway.kill()
            replicating.kill()
            await replicating.wait()
            await machine.leave()
            shutil.move(gateway.data, tmp_path / "lost")
            code, _, said = await run(gateway, "restore", "--replica", *options(gateway))
            assert code == 0, said
            code, _, said = await run(gateway, "gc", *options(gateway))
            assert (code, "run `nfsgw fsck` first" in said) == (1, True)
            assert (await answered(gateway, "fsck", "--deep", "--repair", *options(gateway)))["sound"]
            await gateway.start()
            await machine.join()
            for name, data in files.items():
                assert await get(machine, name, len(data)) == data
            await put(machine, b"new", b"after grace")
            await machine.leave()
            await gateway.stop()
        finally:
            gateway.kill()
            if replicating is not None and replicating.returncode is None:
                replicating.kill()
                await replicating.wait()
