"""The local disk is full: while staging, while SQLite commits, while caching. A real file system of a few MiB (tmpfs).

Writers are refused with NOSPC or slowed, readers of what is there go on, nothing that was acknowledged is lost, and all
recovers when there is room again. Needs root, as mounting does.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.command import answered
from tests.faults.files import get, put, remove
from tests.faults.machine import Gone, Machine, Refused
from tests.faults.process import GatewayProcess
from tests.faults.worker import mkdir_of
from tests.protocol.machines import ROOT

MIB = 1 << 20
DISK = 64 * MIB
RECOVERS_WITHIN = 60.0


class Disk:
    """`fill` takes all of the room but `leave` bytes, as a neighbour of the gateway may; `give_back` ends that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def free(self) -> int:
        about = os.statvfs(self.path)
        return about.f_bavail * about.f_frsize

    def fill(self, leave: int) -> None:
        with self._ballast.open("ab") as file:
            while (room := self.free() - leave) > 0:
                file.write(bytes(min(room, MIB)))
                file.flush()

    def give_back(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(path)], check=True)
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


class Site:
    """A gateway whose data directory is on that disk, its store and its log elsewhere."""

    def __init__(self, folder: Path, disk: Disk, settings: dict[str, str]) -> None:
        (folder / "objects").mkdir()
        self.gateway = GatewayProcess(disk.path / "data", {"store.url": f"file://{folder}/objects", **settings}, {})
        self.gateway.log = folder / "gateway.log"
        self.machine = Machine(self.gateway.port, "machine")
        self._count = 0
        self.files: dict[bytes, bytes] = {}  # what was acknowledged

    async def rise(self) -> None:
        await self.gateway.start()
        await self.machine.join()

    async def put(self, size: int) -> None:
        self._count += 1
        name, data = b"file%d" % self._count, os.urandom(size)
        await put(self.machine, name, data)
        self.files[name] = data

    async def put_for_ever(self, size: int) -> None:
        """Until that raises. Gone, Refused."""
        while True:
            await self.put(size)

    async def make_directories(self) -> None:
        """Until that raises. Gone, Refused."""
        while True:
            self._count += 1
            await self.machine.run(ROOT, mkdir_of(b"directory%d" % self._count))

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Returns when it holds of the gateway's status."""
        deadline = time.monotonic() + RECOVERS_WITHIN
        while not holds(status := await answered(self.gateway, "status")):
            assert time.monotonic() < deadline, status
            await asyncio.sleep(0.2)

    async def all_is_there(self) -> None:
        for name, data in self.files.items():
            assert await get(self.machine, name, len(data)) == data, name

    async def problems(self) -> str:
        return "\n".join((await answered(self.gateway, "status"))["problems"])


def uploaded(status: dict[str, Any]) -> bool:
    return bool(status["chunks"]["staged_bytes"] == 0)


async def test_a_full_staging_disk_refuses_growth_and_nothing_else(tmp_path: Path, disk: Disk) -> None:
    reserves = {"chunks.disk_reserve": str(16 * MIB), "namespace.free_space_reserve": str(8 * MIB)}
    site = Site(tmp_path, disk, {**reserves, "chunks.upload_after": "3600"})
    try:
        await site.rise()
        with pytest.raises(Refused, match="NFS4ERR_NOSPC"):
            await site.put_for_ever(3 * MIB)
        assert len(site.files) > 8
        assert disk.free() > 8 * MIB, "the reserve is there"
        assert "the staging disk has reached its reserve" in await site.problems()
        await site.all_is_there()
        for name in list(site.files)[:6]:
            await remove(site.machine, name)
            del site.files[name]
        deadline = time.monotonic() + RECOVERS_WITHIN
        while True:
            try:
                await site.put(3 * MIB)
                break
            except Refused:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.2)
        await site.all_is_there()
        assert "reserve" not in await site.problems()
    finally:
        site.gateway.kill()


async def test_a_commit_that_finds_the_disk_full_ends_the_gateway_and_loses_nothing(tmp_path: Path, disk: Disk) -> None:
    """Without a reserve, as a neighbour leaves it that fills the disk faster than one can look."""
    site = Site(tmp_path, disk, {"chunks.upload_after": "3600"})
    try:
        await site.rise()
        await site.put(3 * MIB)
        disk.fill(leave=0)
        with pytest.raises((Gone, Refused)):
            await site.put_for_ever(1000)
        with pytest.raises(Gone):
            await site.make_directories()  # where bytes were refused before there was a commit: names need one
        assert await site.gateway.ended(30)
        assert "the namespace could not be written, stopping" in site.gateway.told()
        disk.give_back()
        await site.rise()
        await site.all_is_there()
        await site.put(1000)
        await site.machine.leave()
        await site.gateway.stop()
        store = ("--set", f"store.url={site.gateway.settings['store.url']}")
        assert (await answered(site.gateway, "fsck", "--deep", *store))["sound"]
    finally:
        site.gateway.kill()


async def test_a_full_disk_while_caching_makes_readers_wait_and_says_so(tmp_path: Path, disk: Disk) -> None:
    site = Site(tmp_path, disk, {"chunks.disk_reserve": str(8 * MIB)})
    try:
        await site.rise()
        await site.put(4 * MIB)
        await site.until(uploaded)
        await site.put(1000)
        await site.machine.leave()
        await site.gateway.stop()
        shutil.rmtree(disk.path / "data" / "chunks")
        await site.rise()
        disk.fill(leave=2 * MIB)  # enough for commits
        reading = asyncio.create_task(get(site.machine, b"file1", 4 * MIB))
        other = Machine(site.gateway.port, "other")
        await other.join()
        await site.until(lambda status: any("the local disk is full" in problem for problem in status["problems"]))
        assert "has not answered" not in await site.problems(), "the store is not to blame"
        assert await get(other, b"file2", 1000) == site.files[b"file2"], "what is in memory can be read"
        assert not reading.done()
        disk.give_back()
        async with asyncio.timeout(60):
            assert await reading == site.files[b"file1"]
        assert "disk" not in await site.problems()
    finally:
        site.gateway.kill()
