"""The life of a byte, with a bucket: small and large files are written, staging and cache are wiped after the upload,
and everything is read back from the bucket and compared.

Run it as `python -m tests.bench.life [--small N] [--bytes N] [--large N] [--mebibytes N] [--deep]`; without options it
is 100,000 files of 4 KiB and 200 of 64 MiB, which needs 15 GB of disk. It speaks to this tree's gateway as clients do;
the bucket is SeaweedFS. Prints PUTs, bytes stored for each that lives, and the time of each part, of fsck and of gc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

from nfsgw.wire import nfs4 as w4
from tests.bench.packing import CLOSE, COMMIT, Site, create, write
from tests.faults.look import walk
from tests.faults.machine import Machine
from tests.faults.process import GatewayProcess
from tests.protocol.machines import NO_STATEID, mkdir
from tests.support.resident import Watch
from tests.support.seaweed import Seaweed

MIB: Final = 1 << 20
PIECE: Final = 1 << 20  # of one READ or WRITE
MACHINES: Final = 16
FOLDER: Final = 1000  # small files in one directory
AT_ONCE: Final = 8  # small files read by one compound
SOURCE: Final = random.Random(1).randbytes(2 * PIECE)
SETTINGS: Final = {
    "chunks.cache_limit": "1GiB",
    "chunks.staging_limit": "4GiB",
    "chunks.upload_after": "2",
    "chunks.pack_after": "10",
    "chunks.flush_after": "2",
    "chunks.dead_age": "3600",
    "chunks.sweep_every": "60",
    "nfs.grace_seconds": "5",
    "nfs.lease_seconds": "90",
}


def content(kind: int, number: int, at: int, length: int) -> bytes:
    """Other bytes for each file and each piece, known without keeping them."""
    start = (kind * 524287 + number * 7919 + at // PIECE * 104729) % PIECE
    return number.to_bytes(4, "big")[:length] + SOURCE[start : start + max(0, length - 4)]


class Life:
    def __init__(self, gateway: GatewayProcess, small: int, size: int, large: int, length: int) -> None:
        self.gateway = gateway
        self.small = small
        self.size = size
        self.large = large
        self.length = length
        self.live = small * size + large * length

    async def all_machines(self, work: Callable[[Machine, int], Coroutine[Any, Any, None]], named: str) -> float:
        """Seconds until each of them has done its part."""
        machines = [Machine(self.gateway.port, f"{named}{number}") for number in range(MACHINES)]
        begun = time.monotonic()
        await asyncio.gather(*(work(machine, number) for number, machine in enumerate(machines)))
        seconds = time.monotonic() - begun
        for machine in machines:
            await machine.leave()
        return seconds

    async def write_small(self, machine: Machine, part: int) -> None:
        await machine.join()
        for number in range(part, self.small, MACHINES):
            place = walk((folder_of(number),))
            data = content(0, number, 0, self.size)
            await machine.run(*place, create(b"%d" % number), write(data), COMMIT, CLOSE)

    async def write_large(self, machine: Machine, part: int) -> None:
        await machine.join()
        for number in range(part, self.large, MACHINES):
            await machine.run(*walk((b"large",)), create(b"%d" % number), CLOSE)
            path = walk((b"large", b"%d" % number))
            for at in range(0, self.length, PIECE):
                data = content(1, number, at, min(PIECE, self.length - at))
                args = w4.WRITE4args(NO_STATEID, at, w4.UNSTABLE4, data)
                await machine.run(*path, w4.nfs_argop4(w4.OP_WRITE, opwrite=args))
            await machine.run(*path, COMMIT)

    async def folders(self) -> None:
        machine = Machine(self.gateway.port, "first")
        await machine.join()
        for name in [b"large", *sorted({folder_of(number) for number in range(self.small)})]:
            await machine.run(*walk(()), mkdir(name))
        await machine.leave()

    async def read_small(self, machine: Machine, part: int) -> None:
        await machine.join()
        mine = range(part, self.small, MACHINES)
        for first in range(0, len(mine), AT_ONCE):
            numbers = mine[first : first + AT_ONCE]
            steps = [one for number in numbers for one in (*walk((folder_of(number), b"%d" % number)), read(0))]
            done = await machine.run(*steps)
            for number, result in zip(numbers, bytes_of(done), strict=True):
                assert result == content(0, number, 0, self.size), f"small file {number} is not what was written"

    async def read_large(self, machine: Machine, part: int) -> None:
        await machine.join()
        for number in range(part, self.large, MACHINES):
            path = walk((b"large", b"%d" % number))
            for at in range(0, self.length, PIECE):
                (result,) = bytes_of(await machine.run(*path, read(at)))
                expected = content(1, number, at, min(PIECE, self.length - at))
                assert result == expected, f"large file {number} is not what was written, at {at}"


def folder_of(number: int) -> bytes:
    return b"small-%d" % (number // FOLDER)


def read(offset: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(NO_STATEID, offset, PIECE))


def bytes_of(results: list[w4.nfs_resop4]) -> list[bytes]:
    found: list[bytes] = []
    for result in results:
        if result.opread is not None:
            assert result.opread.resok4 is not None
            found.append(bytes(result.opread.resok4.data))
    return found


def in_bucket(bucket: Seaweed) -> tuple[int, int]:
    """Objects, and their bytes."""
    count = size = 0
    for page in bucket.client().get_paginator("list_objects_v2").paginate(Bucket=bucket.bucket, Prefix="life/"):
        for entry in page.get("Contents", []):
            count += 1
            size += entry["Size"]
    return count, size


async def command(gateway: GatewayProcess, *arguments: str) -> tuple[float, dict[str, Any]]:
    """`nfsgw ... --json` on the gateway's directory: its seconds, and what it says."""
    settings = [word for key, value in gateway.settings.items() for word in ("--set", f"{key}={value}")]
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "nfsgw", arguments[0], "--data-dir", str(gateway.data), *arguments[1:], "--json"],
        *settings,
        env={**os.environ, **gateway.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    seconds = time.monotonic() - begun
    if process.returncode:
        raise SystemExit(f"nfsgw {' '.join(arguments)} ended with {process.returncode}: {out.decode()}")
    answer: dict[str, Any] = json.loads(out)
    return seconds, answer


async def measure(life: Life, bucket: Seaweed, deep: bool) -> None:
    gateway, site = life.gateway, Site(life.gateway)
    await gateway.start()
    await life.folders()
    async with Watch(gateway.pid) as watch:
        begun = time.monotonic()
        seconds = await life.all_machines(life.write_small, "s")
        print(f"{life.small} files of {life.size} bytes acknowledged in {seconds:.0f} s", flush=True)
        seconds = await life.all_machines(life.write_large, "l")
        print(f"{life.large} files of {life.length // MIB} MiB acknowledged in {seconds:.0f} s", flush=True)
        await site.settled()
        seconds = time.monotonic() - begun
        print(f"everything in the bucket {seconds:.0f} s after the first write", flush=True)
    puts = site.status()["puts"]
    count, size = in_bucket(bucket)
    print(f"{puts} PUTs, {count} objects, {size / life.live:.4f} bytes stored for each that lives")
    print(f"memory: at most {watch.together // MIB} MiB in both processes together", flush=True)
    await gateway.stop()
    shutil.rmtree(gateway.data / "chunks")
    await gateway.start()
    async with Watch(gateway.pid) as watch:
        small = await life.all_machines(life.read_small, "rs")
        large = await life.all_machines(life.read_large, "rl")
    fetched = site.status()["fetched"]
    print(f"staging and cache wiped: small files read in {small:.0f} s, large ones in {large:.0f} s, {fetched} fetches")
    print(f"memory: at most {watch.together // MIB} MiB in both processes together", flush=True)
    checks = [("fsck",), ("gc",), *([("fsck", "--deep")] if deep else [])]
    for check in checks:
        seconds, answer = await command(gateway, *check)
        said = {key: value for key, value in answer.items() if isinstance(value, int | float) or not value}
        print(f"nfsgw {' '.join(check)}: {seconds:.1f} s {said}", flush=True)
        assert not answer.get("findings")
        assert not answer.get("orphans")
    await gateway.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--small", type=int, default=100_000, help="small files (100000)")
    parser.add_argument("--bytes", type=int, default=4096, help="of each small file (4096)")
    parser.add_argument("--large", type=int, default=200, help="large files (200)")
    parser.add_argument("--mebibytes", type=int, default=64, help="of each large file (64)")
    parser.add_argument("--deep", action="store_true", help="nfsgw fsck --deep as well: every object is read once more")
    parser.add_argument("--folder", type=Path, help="where bucket and data directory are made")
    options = parser.parse_args()
    length = options.mebibytes * MIB
    room = 2 + (options.small * options.bytes + options.large * length) * 5 // 4 // 10**9
    with tempfile.TemporaryDirectory(prefix="nfsgw-life-", dir=options.folder) as name:
        folder = Path(name)
        with Seaweed(folder / "seaweed", max(4, room)) as bucket:
            gateway = GatewayProcess(folder / "data", {**SETTINGS, **bucket.settings("life")}, bucket.environment)
            try:
                asyncio.run(
                    measure(Life(gateway, options.small, options.bytes, options.large, length), bucket, options.deep)
                )
            finally:
                gateway.kill()


if __name__ == "__main__":
    main()
