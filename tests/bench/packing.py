"""How many objects small files become: creates them, waits for the uploads, and counts the PUTs and the bytes.

Run it as `python -m tests.bench.packing [--files N] [--bytes N] [--machines N] [--durability local|object]`. It starts
this tree's gateway on a local store and speaks to it as clients do; what it prints is said by the gateway itself. Then
it removes most of the files and prints what is stored before and after the packs are rewritten.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from nfsgw.admin.protocol import ask
from nfsgw.wire import nfs4 as w4
from tests.faults.look import walk
from tests.faults.machine import Machine
from tests.faults.process import GatewayProcess
from tests.protocol.machines import mkdir, remove

CURRENT = w4.stateid4(1, bytes(12))
COMMIT = w4.nfs_argop4(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))
CLOSE = w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, CURRENT))
KEPT = 10  # one file of so many survives the removal
WITHIN = 600.0


def create(name: bytes) -> w4.nfs_argop4:
    how = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))
    args = w4.OPEN4args(
        0,
        w4.OPEN4_SHARE_ACCESS_BOTH,
        0,
        w4.open_owner4(0, b"owner"),
        w4.openflag4(w4.OPEN4_CREATE, how),
        w4.open_claim4(w4.CLAIM_NULL, file=name),
    )
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


def write(data: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(CURRENT, 0, w4.UNSTABLE4, data))


class Site:
    """The gateway, and what it says of itself."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self.gateway = gateway

    def status(self) -> dict[str, Any]:
        answer = ask(str(self.gateway.data / "admin.sock"), "status")
        assert isinstance(answer, dict)
        chunks: dict[str, Any] = answer["chunks"]
        return chunks

    async def settled(self) -> None:
        """Until nothing is left to upload."""
        deadline = time.monotonic() + WITHIN
        while True:
            chunks = self.status()
            if not any(chunks[name] for name in ("uploads_queued", "uploads_running", "dirty_files", "staged_bytes")):
                return
            if time.monotonic() > deadline:
                raise SystemExit("the uploads do not end")
            await asyncio.sleep(0.2)

    async def compacted(self, most: float) -> None:
        """Until no more than so many bytes are stored."""
        deadline = time.monotonic() + WITHIN
        while True:
            if self.stored()[1] <= most:
                return
            if time.monotonic() > deadline:
                raise SystemExit("the packs are not rewritten")
            await asyncio.sleep(0.5)

    def stored(self) -> tuple[int, int]:
        """Objects and bytes in the store."""
        sizes = [
            path.stat().st_size for path in (self.gateway.data / "objects" / "objects").rglob("*") if path.is_file()
        ]
        return len(sizes), sum(sizes)


async def work(machine: Machine, files: int, size: int) -> None:
    """Each file as a client writes one: create, write, commit, close."""
    await machine.join()
    await machine.run(*walk(()), mkdir(machine.name))
    for number in range(files):
        place = walk((machine.name,))
        await machine.run(*place, create(b"%d" % number), write(os.urandom(size)), COMMIT, CLOSE)


async def clear(machine: Machine, files: int) -> None:
    for number in range(files):
        if number % KEPT:
            await machine.run(*walk((machine.name,)), remove(b"%d" % number))


async def measure(files: int, size: int, machines: int, durability: str) -> None:
    with tempfile.TemporaryDirectory(prefix="nfsgw-packing-") as folder:
        settings = {
            "chunks.durability": durability,
            "chunks.upload_after": "2",
            "chunks.pack_after": "10",
            "chunks.sweep_every": "2",
            "chunks.dead_age": "1",
            "nfs.grace_seconds": "5",
        }
        gateway = GatewayProcess(Path(folder) / "data", settings, {})
        site = Site(gateway)
        try:
            await gateway.start()
            workers = [Machine(gateway.port, f"m{number}") for number in range(machines)]
            begun = time.monotonic()
            await asyncio.gather(*(work(worker, files // machines, size) for worker in workers))
            written = time.monotonic() - begun
            await site.settled()
            uploaded = time.monotonic() - begun
            puts = site.status()["puts"]
            objects, stored = site.stored()
            live = files // machines * machines * size
            rate = files / written
            print(f"tier {durability}: {files} files of {size} bytes by {machines} machines")
            print(f"  acknowledged in {written:.1f} s ({rate:.0f} files/s), in the store after {uploaded:.1f} s")
            print(f"  {puts} PUTs, {objects} objects, {stored / live:.3f} bytes stored for each that lives")
            await asyncio.gather(*(clear(worker, files // machines) for worker in workers))
            live = sum(1 for number in range(files // machines) if number % KEPT == 0) * machines * size
            objects, stored = site.stored()
            gone = 100 - 100 // KEPT
            print(f"  {gone} % removed: {objects} objects, {stored / live:.2f} bytes stored for each that lives")
            await site.compacted(2.2 * live)
            objects, stored = site.stored()
            more = site.status()["puts"] - puts
            print(
                f"  packs rewritten: {objects} objects, {stored / live:.2f} bytes for each that lives, {more} more PUTs"
            )
            for worker in workers:
                await worker.leave()
            await gateway.stop()
        finally:
            gateway.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=4096)
    parser.add_argument("--machines", type=int, default=16)
    parser.add_argument("--durability", choices=("local", "object"), default="local")
    options = parser.parse_args()
    asyncio.run(measure(options.files, options.bytes, options.machines, options.durability))


if __name__ == "__main__":
    main()
