"""What durability costs: the tiers `local` and `object` beside one another, each with a bucket (SeaweedFS here).

Run it as `python -m tests.bench.tiers [--rounds N]`. Two gateways run all the time and take turns. One operation is a
small file as a client writes one: create, write 4 KiB, commit, close, in one compound; alone, and with 16 machines at
once. Then a file of 64 MiB: WRITEs of 1 MiB, eight outstanding, and one COMMIT. Prints medians and 99th percentiles.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from nfsgw.wire import nfs4 as w4
from tests.bench.packing import CLOSE, COMMIT, create, write
from tests.faults.look import walk
from tests.faults.machine import Machine
from tests.faults.process import GatewayProcess
from tests.protocol.machines import NO_STATEID, mkdir
from tests.support.seaweed import Seaweed

TIERS: Final = ("local", "object")
MACHINES: Final = 16
ALONE: Final = 60  # files of one round
TOGETHER: Final = 20  # and of each of many machines
SMALL: Final = os.urandom(4096)
PIECE: Final = os.urandom(1 << 20)
LARGE: Final = 64
WINDOW: Final = 8


class Tier:
    """One gateway, its machines, and the seconds that each operation took."""

    def __init__(self, gateway: GatewayProcess, name: str) -> None:
        self.gateway = gateway
        self.name = name
        self.machines = [Machine(gateway.port, f"m{number}") for number in range(MACHINES)]
        self.alone: list[float] = []
        self.together: list[float] = []
        self.rates: list[float] = []
        self.large: list[float] = []
        self._names = 0

    async def start(self) -> None:
        await self.gateway.start()
        for machine in self.machines:
            await machine.join()
            await machine.run(*walk(()), mkdir(machine.name))

    async def small(self, machine: Machine, count: int, times: list[float]) -> None:
        place = walk((machine.name,))
        for _ in range(count):
            self._names += 1
            begun = time.perf_counter()
            await machine.run(*place, create(b"%d" % self._names), write(SMALL), COMMIT, CLOSE)
            times.append(time.perf_counter() - begun)

    async def round(self) -> None:
        await self.small(self.machines[0], ALONE, self.alone)
        begun = time.perf_counter()
        await asyncio.gather(*(self.small(machine, TOGETHER, self.together) for machine in self.machines))
        self.rates.append(MACHINES * TOGETHER / (time.perf_counter() - begun))
        await self._write_large()

    async def _write_large(self) -> None:
        self._names += 1
        folder = self.machines[0].name
        name = b"%d" % self._names
        await self.machines[0].run(*walk((folder,)), create(name), CLOSE)
        path = walk((folder, name))
        begun = time.perf_counter()
        await asyncio.gather(*(self._pieces(self.machines[at], path, at) for at in range(WINDOW)))
        await self.machines[0].run(*path, COMMIT)
        self.large.append(time.perf_counter() - begun)

    async def _pieces(self, machine: Machine, path: list[w4.nfs_argop4], first: int) -> None:
        for number in range(first, LARGE, WINDOW):
            args = w4.WRITE4args(NO_STATEID, number << 20, w4.UNSTABLE4, PIECE)
            await machine.run(*path, w4.nfs_argop4(w4.OP_WRITE, opwrite=args))

    def figures(self) -> str:
        return (
            f"| `{self.name}` | {spread(self.alone)} | {spread(self.together)} |"
            f" {statistics.median(self.rates):.0f}/s | {statistics.median(self.large):.2f} s |"
        )


def spread(times: list[float]) -> str:
    """Median and 99th percentile."""
    ordered = sorted(times)
    return f"{1000 * statistics.median(ordered):.1f} / {1000 * ordered[len(ordered) * 99 // 100]:.1f} ms"


async def measure(tiers: list[Tier], rounds: int) -> None:
    for tier in tiers:
        await tier.start()
    for turn in range(rounds):
        for tier in tiers if turn % 2 == 0 else reversed(tiers):
            await tier.round()
    print("| tier | 4 KiB alone, p50 / p99 | 16 machines, p50 / p99 | together | 64 MiB and COMMIT |")
    print("|---|---|---|--:|--:|")
    for tier in tiers:
        print(tier.figures())
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for tier in tiers:
        await tier.gateway.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nfsgw-tiers-") as name:
        folder = Path(name)
        with Seaweed(folder / "seaweed") as bucket:
            tiers = []
            for tier in TIERS:
                settings = {**bucket.settings(tier), "chunks.durability": tier}
                settings.update({"chunks.upload_after": "2", "chunks.pack_after": "10", "chunks.flush_after": "2"})
                tiers.append(Tier(GatewayProcess(folder / tier, settings, bucket.environment), tier))
            try:
                asyncio.run(measure(tiers, options.rounds))
            finally:
                for made in tiers:
                    made.gateway.kill()


if __name__ == "__main__":
    main()
