"""Death while packs are rewritten: every chunk is in its old place or in its new one, and the next life finishes it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nfsgw.failpoints import NAMES
from nfsgw.wire import nfs4 as w4
from tests.faults.command import answered
from tests.faults.look import look, walk
from tests.faults.machine import Machine
from tests.faults.process import END_WITHIN, TICK, GatewayProcess
from tests.faults.test_failpoints import COMPACTING
from tests.faults.town import DIES_WITHIN
from tests.protocol.machines import remove
from tests.protocol.test_durable import create

FILES = 60
KEPT = 10
NEVER = {"chunks.sweep_every": "86400"}
POINTS = [*COMPACTING, "upload.begun", "mover.put", "upload.answered", "upload.stored"]


def written(data: bytes) -> w4.nfs_argop4:
    current = w4.stateid4(1, bytes(12))
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(current, 0, w4.FILE_SYNC4, data))


def asked(gateway: GatewayProcess, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{gateway.data}/namespace.db?mode=ro", uri=True)) as database:
        return int(database.execute(sql).fetchone()[0])


async def until(condition: Callable[[], bool], gateway: GatewayProcess) -> None:
    deadline = asyncio.get_running_loop().time() + END_WITHIN
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, gateway.told()
        await asyncio.sleep(TICK)


def stored(gateway: GatewayProcess) -> int:
    return sum(path.is_file() for path in (gateway.data / "objects" / "objects").rglob("*"))


async def leave_thin_packs(gateway: GatewayProcess) -> dict[bytes, bytes]:
    """A life that packs small files and removes most of them. What is left."""
    bodies = {b"%d" % number: os.urandom(2000 + number) for number in range(FILES)}
    await gateway.start()
    machine = Machine(gateway.port, "m")
    await machine.join()
    for name, body in bodies.items():
        await machine.run(*walk(()), create(name), written(body))
    await until(lambda: asked(gateway, "SELECT count(*) FROM chunk WHERE object IS NULL") == 0, gateway)
    kept = list(bodies)[:: FILES // KEPT]  # of every pack the same share, whichever files it took
    for name in [name for name in bodies if name not in kept]:
        await machine.run(*walk(()), remove(name))
        del bodies[name]
    await machine.leave()
    gateway.kill()
    assert asked(gateway, "SELECT count(*) FROM object WHERE thinned = 1") > 0
    return bodies


@pytest.mark.parametrize("point", POINTS)
async def test_a_death_while_packs_are_rewritten(tmp_path: Path, point: str) -> None:
    assert point in NAMES
    # young chunks wait a little, so that the files of one burst share packs
    gateway = GatewayProcess(tmp_path / "data", {**NEVER, "chunks.upload_after": "2"}, {})
    try:
        bodies = await leave_thin_packs(gateway)
        gateway.settings["chunks.sweep_every"] = "1"
        gateway.launch(point)
        await gateway.serves()
        assert await gateway.ended(DIES_WITHIN), f"{point} was not reached"
        gateway.settings["chunks.sweep_every"] = "86400"
        await gateway.start()
        machine = Machine(gateway.port, "m")
        await machine.join()
        seen = await look(machine, ())
        assert {name: node.data for name, node in seen.children.items()} == bodies
        await machine.leave()
        gateway.kill()
        gateway.settings["chunks.sweep_every"] = "1"
        await gateway.start()
        await until(
            lambda: asked(gateway, "SELECT count(*) FROM object WHERE thinned = 1 OR dead_at > 0") == 0, gateway
        )
        machine = Machine(gateway.port, "n")
        await machine.join()
        seen = await look(machine, ())
        assert {name: node.data for name, node in seen.children.items()} == bodies
        await machine.leave()
        await gateway.stop()
        assert (await answered(gateway, "fsck", "--deep"))["findings"] == []
        report = await answered(gateway, "gc", "--age", "0", "--delete")
        assert report["named"] == stored(gateway) == asked(gateway, "SELECT count(*) FROM object")
    finally:
        gateway.kill()
