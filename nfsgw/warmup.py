"""`nfsgw warmup`: brings what a part of the tree has in the object store to the gateway's disk before it is read.

Runs in the gateway, a page of names or rows at a time between turns of the loop, and gives way to readers: it never has
more than half of the fetches. What does not fit into the cache is counted and not fetched, for it would only push out
what came before. It changes nothing that is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from nfsgw.admin.protocol import AdminError
from nfsgw.chunks.chunks import Chunks
from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, REG, Credential, Inode
from nfsgw.namespace.namespace import Namespace
from nfsgw.suspend import Completion
from nfsgw.wire.nfs4 import nfsstat4_names

PAGE: Final = 256  # names or rows read at once
AT_ONCE: Final = 4  # runs
ROOT: Final = Credential(0, 0, frozenset())


class Warmup:
    """One run over a file or a directory and all below it. Make it on the loop it runs on."""

    def __init__(self, namespace: Namespace, chunks: Chunks, path: str) -> None:
        """AdminError: there is no such object."""
        self._namespace = namespace
        self._chunks = chunks
        self._path = path
        self._gate = asyncio.Semaphore(chunks.fetches_at_once)
        self._top = self._find(path)
        self._fetching: set[asyncio.Task[None]] = set()
        self.files = 0
        self.wanted = 0  # bytes in the store that are not here, as far as the walk has come
        self.fetched = 0  # of them, by this run
        self.failed = 0  # chunks that could not be had
        self.left_out = 0  # bytes for which the cache has no room
        self.walked = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def over(self) -> bool:
        return self._task.done()

    def report(self) -> dict[str, object]:
        return {
            "path": self._path,
            "over": self.over,
            "walked": self.walked,
            "files": self.files,
            "wanted_bytes": self.wanted,
            "fetched_bytes": self.fetched,
            "failed_chunks": self.failed,
            "left_out_bytes": self.left_out,
        }

    async def close(self) -> None:
        """Ends it where it is."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _find(self, path: str) -> Inode:
        inode = self._namespace.root
        for name in path.encode("utf-8", "surrogateescape").split(b"/"):
            if name:
                try:
                    inode = self._namespace.lookup(inode, name, ROOT)
                except NFSError as error:
                    raise AdminError(f"{path}: {nfsstat4_names[error.status]}") from error
        return inode

    async def _run(self) -> None:
        try:
            await self._walk(self._top.id)
            self.walked = True
            await asyncio.gather(*self._fetching)
        finally:
            for task in self._fetching:
                task.cancel()
            await asyncio.gather(*self._fetching, return_exceptions=True)

    async def _walk(self, top: int) -> None:
        """By id: an inode that is held over a turn of the loop may be dropped from the cache meanwhile."""
        waiting = [top]
        while waiting:
            inode = self._known(waiting.pop())
            if inode is None:
                continue
            if inode.kind == REG:
                await self._file(inode.id)
            elif inode.kind == DIR:
                waiting += await self._names(inode.id)

    def _known(self, inode_id: int) -> Inode | None:
        """None: removed since its name was read."""
        try:
            return self._namespace.get(inode_id)
        except NFSError:
            return None

    async def _names(self, directory: int) -> list[int]:
        found: list[int] = []
        cookie = 0
        while (inode := self._known(directory)) is not None:
            entries = self._namespace.readdir(inode, cookie, PAGE)
            if not entries:
                break
            cookie = entries[-1].cookie
            found += [entry.inode for entry in entries]
            await asyncio.sleep(0)
        return found

    async def _file(self, inode_id: int) -> None:
        self.files += 1
        position = 0
        while True:
            rows = self._namespace.chunks(inode_id, position, PAGE)
            for index, row in rows:
                position = index + 1
                if not row.object or self._chunks.is_here(row):
                    continue
                self.wanted += row.stored_length
                if self.wanted - self.left_out > self._chunks.cache_limit:
                    self.left_out += row.stored_length
                    continue
                await self._gate.acquire()
                task = asyncio.get_running_loop().create_task(self._fetch(inode_id, index, row.stored_length))
                self._fetching.add(task)
                task.add_done_callback(self._fetching.discard)
            if len(rows) < PAGE:
                return
            await asyncio.sleep(0)

    async def _fetch(self, inode_id: int, index: int, length: int) -> None:
        try:
            row = self._namespace.chunk(inode_id, index)
            if row is None or not row.object:
                self.wanted -= length
                return
            arrived = asyncio.Event()
            self._chunks.bring(row).when_done(partial(_ring, arrived))
            await arrived.wait()
            if self._chunks.is_here(row):
                self.fetched += length
            else:
                self.failed += 1
        finally:
            self._gate.release()


def _ring(event: asyncio.Event, completion: Completion) -> None:
    event.set()


class Warmups:
    """The runs of one gateway. `{"path": P}` begins one, `{"number": N}` asks how it does, and forgets it when it is
    over; with `"end": true` it ends where it is."""

    def __init__(self, begin: Callable[[str], Warmup]) -> None:
        self._begin = begin
        self._runs: dict[int, Warmup] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._last = 0

    def order(self, asked: dict[str, Any]) -> object:
        """AdminError: there is no such path or run, or there are too many."""
        number, path = asked.get("number"), asked.get("path")
        if isinstance(number, int):
            return self._asked(number, bool(asked.get("end")))
        if not isinstance(path, str):
            raise AdminError("a warmup wants a path, or the number of a run")
        for other in [number for number, run in self._runs.items() if run.over]:
            del self._runs[other]  # whoever began it does not ask any more
        if len(self._runs) >= AT_ONCE:
            raise AdminError(f"{AT_ONCE} warmups run already")
        run = self._begin(path)
        self._last += 1
        self._runs[self._last] = run
        return {"number": self._last, **run.report()}

    def _asked(self, number: int, end: bool) -> object:
        run = self._runs.get(number)
        if run is None:
            raise AdminError(f"there is no warmup {number}")
        if end or run.over:
            del self._runs[number]
            task = asyncio.get_running_loop().create_task(run.close())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        return {"number": number, **run.report()}

    async def close(self) -> None:
        for run in self._runs.values():
            await run.close()
        await asyncio.gather(*self._ending)
        self._runs.clear()
