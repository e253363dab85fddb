"""A namespace, a chunk layer and an object store in one directory, for the tests: all real, moved by hand where time
counts.

`crash` drops everything that was not durable, as kill -9 would; time passes only by `pass_time`.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot
from nfsgw.chunks.stores import StoreOptions
from nfsgw.namespace.model import REG, Changes, Credential, Inode
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.suspend import Completion, Suspend

T = TypeVar("T")

ROOT = Credential(0, 0, frozenset())
WAIT = 20.0


async def over(completion: Completion | None) -> None:
    """Until it is done; raises what it failed with."""
    if completion is None:
        return
    event = asyncio.Event()
    completion.when_done(partial(_ring, event))
    await asyncio.wait_for(event.wait(), WAIT)
    if completion.error is not None:
        raise completion.error


def _ring(event: asyncio.Event, completion: Completion) -> None:
    event.set()


async def until(condition: Callable[[], bool], what: str) -> None:
    """Lets the loop, the threads and the mover work until it holds."""
    deadline = asyncio.get_running_loop().time() + WAIT
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"never came true: {what}")
        await asyncio.sleep(0.002)


class House:
    def __init__(self, path: Path, settings: ChunkSettings, url: str = "", options: StoreOptions | None = None) -> None:
        self.path = path
        self.settings = settings
        self.settings.beat = 1e9  # beats come by hand
        self.settings.disk_reserve = 0
        self.settings.inline_limit = 16 * 1024  # the border that the sizes in the tests lie around
        self.url = url or f"file://{path}/store"
        self.options = options or StoreOptions()
        self.fatal: list[str] = []
        self.now = 1_700_000_000_000_000_000
        self.beat = 0.0
        self.namespace: Namespace
        self.chunks: Chunks

    async def open(self, probe: bool = True) -> None:
        loop = asyncio.get_running_loop()
        database = self.path / "tree.sqlite"
        (self.path / "work").mkdir(exist_ok=True)
        if not database.exists():
            init(str(database), NamespaceSettings(), self.now)
        self.namespace = Namespace.open(
            str(database),
            NamespaceSettings(),
            loop.call_soon,
            loop.call_soon_threadsafe,
            self.fatal.append,
            clock=lambda: self.now,
        )
        self.chunks = Chunks(
            str(self.path / "work"),
            self.namespace,
            self.url,
            self.options,
            self.settings,
            self.fatal.append,
            wall_clock=lambda: self.now,
        )
        await self.chunks.start(probe)
        self.beat = max(self.beat, self.chunks._beat.now)  # not the time that the start took on a busy machine

    async def crash(self) -> None:
        """What is not durable is gone; opens again."""
        await self.stop_dead()
        await self.open()

    async def stop_dead(self) -> None:
        self.namespace.abandon()
        await self.chunks.abandon()

    async def close(self) -> None:
        await self.chunks.close()
        await self.namespace.close()

    def pass_time(self, seconds: float) -> None:
        self.beat += seconds
        self.now += int(seconds * 1e9)
        self.chunks.beat(self.beat)

    def create(self, name: str) -> Inode:
        changes = Changes()
        changes.mode = 0o644
        return self.namespace.create(self.namespace.root, name.encode(), REG, changes, ROOT, self.now)[0]

    def lookup(self, name: str) -> Inode:
        return self.namespace.lookup(self.namespace.root, name.encode(), ROOT)

    async def settle(self, call: Callable[[], T]) -> T:
        """Runs an operation again for as long as it suspends."""
        while True:
            try:
                return call()
            except Suspend as suspended:
                event = asyncio.Event()
                suspended.completion.when_done(partial(_ring, event))
                await asyncio.wait_for(event.wait(), WAIT)

    async def write(self, inode: Inode, offset: int, data: bytes) -> None:
        await self.settle(lambda: self.chunks.write(inode, offset, data, self.now))

    async def read(self, inode: Inode, offset: int = 0, count: int = 1 << 40) -> bytes:
        buffers = await self.settle(lambda: self.chunks.read(inode, offset, count))
        return b"".join(buffers)

    async def sync(self, inode: Inode) -> None:
        await over(self.chunks.sync(inode))

    async def punch(self, inode: Inode, offset: int, end: int) -> None:
        await self.settle(lambda: self.chunks.punch(inode, offset, end, self.now))

    def truncate(self, inode: Inode, size: int) -> None:
        changes = Changes()
        changes.size = size
        self.namespace.setattr(inode, changes, ROOT, self.now, True)
        self.chunks.truncate(inode, size, self.now)

    async def durable(self) -> None:
        await over(self.namespace.flush())

    async def uploaded(self) -> None:
        """Everything that is durable goes to the store."""
        deadline = asyncio.get_running_loop().time() + WAIT
        while not self.chunks.uploads_idle():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError("the uploads never ended")
            self.pass_time(self.settings.upload_after + 1)
            await asyncio.sleep(0.002)
        await self.durable()
        self.pass_time(0.0)

    def slot_of(self, inode: Inode, index: int) -> Slot | None:
        """The staging file that a chunk is in now."""
        return self.chunks._table.files[inode.id].chunks[index].slot

    def break_store(self) -> None:
        """An outage of the local store."""
        os.rename(self.path / "store", self.path / "store-away")

    def mend_store(self) -> None:
        os.rename(self.path / "store-away", self.path / "store")

    def _signal_mover(self, number: int) -> None:
        pid = self.status("mover_pid")
        assert isinstance(pid, int)
        assert pid > 0
        os.kill(pid, number)

    def hold_mover(self) -> None:
        """The mover stands still: what is under way to the store stays so."""
        self._signal_mover(signal.SIGSTOP)

    def let_mover_go(self) -> None:
        self._signal_mover(signal.SIGCONT)

    def kill_mover(self) -> None:
        self._signal_mover(signal.SIGKILL)

    def damage(self, key: str) -> None:
        """One bit of an object in the local store turns."""
        path = self.path / "store" / "objects" / key
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(body)

    def key_of(self, inode: Inode, index: int) -> str:
        row = self.namespace.chunk(inode.id, index)
        assert row is not None
        assert row.object
        return row.key.decode()

    def status(self, name: str) -> object:
        return self.chunks.status()[name]

    def objects(self) -> dict[str, bytes]:
        """What lies in the local store, by key."""
        top = self.path / "store" / "objects"
        return {str(file.relative_to(top)): file.read_bytes() for file in top.rglob("*") if file.is_file()}
