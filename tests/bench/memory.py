"""How much memory the gateway takes, both of its processes, while many bytes pass through it and many files are open.

Run it as `python -m tests.bench.memory [--gigabytes N] [--opens N] [--limit MIB] [--store local|s3]`. One client opens
so many files and keeps them open; others write files of 64 MiB, read them back and remove them, and small files beside
them, until so much has been written. Prints the most that each process had, and fails above the limit. With --outage
the store is away while small files of that sum are written: what waits must not wait in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from nfsgw.wire import nfs4 as w4
from tests.bench.packing import CLOSE, COMMIT, Site, create, write
from tests.faults.look import walk
from tests.faults.machine import Machine
from tests.faults.process import GatewayProcess
from tests.protocol.machines import NO_STATEID, mkdir, remove
from tests.support.resident import Watch
from tests.support.seaweed import Seaweed

MIB: Final = 1 << 20
PIECE: Final = 1 << 20
LARGE: Final = 64 * MIB
SMALL: Final = 40 * 1024
SMALL_FOR_EACH: Final = 25  # small files for each large one: 1 MB of them for 64
TOGETHER: Final = 10  # files that are made by one compound, where only their number counts
MACHINES: Final = 6
PATTERN: Final = os.urandom(PIECE)
SETTINGS: Final = {
    "chunks.cache_limit": "1GiB",
    "chunks.staging_limit": "2GiB",
    "chunks.dead_age": "1",
    "chunks.sweep_every": "1",
    "chunks.upload_after": "2",
    "chunks.pack_after": "10",
    "chunks.flush_after": "2",
    "nfs.grace_seconds": "5",
    "nfs.lease_seconds": "90",
}


class Load:
    """What the machines do. `written` and `read` count bytes."""

    def __init__(self, gateway: GatewayProcess, total: int) -> None:
        self.gateway = gateway
        self.total = total
        self.begun = 0
        self.written = 0
        self.read = 0

    async def hold_open(self, machine: Machine, count: int) -> None:
        """Opens of so many files that stay open, each with a byte in it."""
        await machine.join()
        await machine.run(*walk(()), mkdir(machine.name))
        place = walk((machine.name,))
        for first in range(0, count, TOGETHER):
            names = [b"%d" % number for number in range(first, min(first + TOGETHER, count))]
            await machine.run(*(one for name in names for one in (*place, create(name), write(b"x"))))

    async def pass_bytes(self, machine: Machine) -> None:
        await machine.join()
        await machine.run(*walk(()), mkdir(machine.name))
        number = 0
        while self.begun < self.total:
            self.begun += LARGE
            await self._large(machine, b"large-%d" % number)
            await self._small(machine, number)
            number += 1
        await machine.leave()

    async def _large(self, machine: Machine, name: bytes) -> None:
        place, path = walk((machine.name,)), walk((machine.name, name))
        await machine.run(*place, create(name), CLOSE)
        for offset in range(0, LARGE, PIECE):
            await machine.run(*path, write_at(offset, PATTERN))
            self.written += PIECE
        await machine.run(*path, COMMIT)
        for offset in range(0, LARGE, PIECE):
            assert await read_at(machine, path, offset) == PATTERN, "what was read is not what was written"
            self.read += PIECE
        await machine.run(*place, remove(name))

    async def _small(self, machine: Machine, turn: int) -> None:
        """Half of them are removed in the next turn, so that packs get thin."""
        place = walk((machine.name,))
        for number in range(SMALL_FOR_EACH):
            await machine.run(*place, create(b"%d-%d" % (turn, number)), write(PATTERN[:SMALL]), COMMIT, CLOSE)
            self.written += SMALL
        for number in range(0, SMALL_FOR_EACH if turn else 0, 2):
            await machine.run(*place, remove(b"%d-%d" % (turn - 1, number)))

    async def only_small(self, machine: Machine) -> None:
        await machine.join()
        await machine.run(*walk(()), mkdir(machine.name))
        place = walk((machine.name,))
        number = 0
        while self.written < self.total:
            steps: list[w4.nfs_argop4] = []
            for _ in range(TOGETHER):
                steps += [*place, create(b"%d" % number), write(PATTERN[:SMALL]), COMMIT, CLOSE]
                number += 1
            self.written += SMALL * TOGETHER
            await machine.run(*steps)
        await machine.leave()


def write_at(offset: int, data: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(NO_STATEID, offset, w4.UNSTABLE4, data))


async def read_at(machine: Machine, path: list[w4.nfs_argop4], offset: int) -> bytes:
    done = await machine.run(*path, w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(NO_STATEID, offset, PIECE)))
    answer = done[-1].opread
    assert answer is not None
    assert answer.resok4 is not None
    return bytes(answer.resok4.data)


async def passing(gateway: GatewayProcess, total: int, opens: int) -> Watch:
    """Starts the gateway; so many bytes pass through it while so many files are open. It serves afterwards."""
    await gateway.start()
    load = Load(gateway, total)
    async with Watch(gateway.pid) as watch:
        holder = Machine(gateway.port, "holder")
        await load.hold_open(holder, opens)
        print(f"{opens} files open: {watch.most // MIB} MiB, and {watch.most_of_children // MIB} MiB in the mover")
        begun = time.monotonic()
        await asyncio.gather(*(load.pass_bytes(Machine(gateway.port, f"m{number}")) for number in range(MACHINES)))
        seconds = time.monotonic() - begun
        print(
            f"{load.written / 1e9:.1f} GB written and {load.read / 1e9:.1f} GB read in {seconds:.0f} s:"
            f" at most {watch.most // MIB} MiB, {watch.most_of_children // MIB} MiB in the mover,"
            f" {watch.together // MIB} MiB together"
        )
        await holder.leave()
    return watch


async def outage(gateway: GatewayProcess, total: int) -> Watch:
    """Small files of that sum, written while the local store is away, then its return. It serves afterwards."""
    await gateway.start()
    load = Load(gateway, total)
    async with Watch(gateway.pid) as watch:
        store, away = gateway.data / "objects", gateway.data / "away"
        os.rename(store, away)
        await asyncio.gather(*(load.only_small(Machine(gateway.port, f"m{number}")) for number in range(MACHINES)))
        print(f"{load.written / 1e9:.1f} GB of small files without a store: at most {watch.most // MIB} MiB")
        if store.exists():
            shutil.rmtree(store)
        os.rename(away, store)
        await Site(gateway).settled()
        print(f"and when it was back: at most {watch.most // MIB} MiB, {watch.together // MIB} MiB together")
    return watch


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gigabytes", type=float, default=20.0)
    parser.add_argument("--opens", type=int, default=10_000)
    parser.add_argument("--limit", type=int, default=512, help="MiB, for both processes together")
    parser.add_argument("--store", choices=("local", "s3"), default="local")
    parser.add_argument("--outage", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the data directory is made")
    options = parser.parse_args()
    total = int(options.gigabytes * 1e9)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nfsgw-memory-", dir=options.folder)))
        settings, environment = dict(SETTINGS), {}
        if options.store == "s3":
            bucket = stack.enter_context(Seaweed(folder / "seaweed", 32))
            settings.update(bucket.settings("memory"))
            environment = bucket.environment
        gateway = GatewayProcess(folder / "data", settings, environment)
        try:
            work = outage(gateway, total) if options.outage else passing(gateway, total, options.opens)
            watch = asyncio.run(work)
        finally:
            gateway.kill()
    if watch.together > options.limit * MIB:
        print(f"more than {options.limit} MiB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
