"""The gateway's side of the mover: starts it, asks it, starts it again when it dies.

Requests that were under way when it died fail with StoreError, like those of a store that is down: the callers try
again. Never blocks the loop; waits for no disk.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from contextlib import suppress

from nfsgw.chunks.counts import StoreCounts
from nfsgw.chunks.mover.frames import Head, Unpacker, pack
from nfsgw.chunks.packs import table_size
from nfsgw.chunks.parcels import Parcel
from nfsgw.chunks.stores import MissingObject, StoreError, StoreOptions

log = logging.getLogger(__name__)


class _Wire(asyncio.Protocol):
    def __init__(self, link: MoverLink) -> None:
        self._link = link
        self._frames = Unpacker()

    def data_received(self, data: bytes) -> None:
        for head, _ in self._frames.feed(data):
            self._link.answered(head)

    def connection_lost(self, error: Exception | None) -> None:
        self._link.lost(self)


class MoverLink:
    """One mover process for one store. `start` before the first request, `close` at the end."""

    def __init__(self, url: str, options: StoreOptions, stop_within: float) -> None:
        self._url = url
        self._options = options
        self._stop_within = stop_within
        self._waiting: dict[int, asyncio.Future[Head]] = {}
        self._next = 1
        self._wire: _Wire | None = None
        self._transport: asyncio.Transport | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Lock = asyncio.Lock()
        self._closed = False
        self.starts = 0
        self.doubled = 0  # reads that the process which runs now has sent a second time, as they were slow
        self.counts = StoreCounts()

    @property
    def pid(self) -> int:
        """Of the process that runs now, 0 when none does."""
        return self._process.pid if self._process is not None and self._process.returncode is None else 0

    async def start(self) -> None:
        """StoreError when the process cannot be started or does not know the store's URL."""
        async with self._starting:
            if self._transport is not None or self._closed:
                return
            await self._reap()
            loop = asyncio.get_running_loop()
            ours, theirs = socket.socketpair()
            try:
                ours.setblocking(False)
                for end in (ours, theirs):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                descriptor = theirs.fileno()
                arguments = [sys.executable, "-m", "nfsgw.chunks.mover", str(descriptor)]
                self._process = await asyncio.create_subprocess_exec(
                    *arguments, pass_fds=[descriptor], stdin=asyncio.subprocess.DEVNULL, env=_environment()
                )
            except OSError as error:
                ours.close()
                raise StoreError(f"cannot start the mover: {error}") from error
            finally:
                theirs.close()
            wire = _Wire(self)
            transport, _ = await loop.create_connection(lambda: wire, sock=ours)
            self._wire = wire
            self._transport = transport
            self.starts += 1
        await self._ask({"do": "open", "url": self._url, "options": self._options.dump()})

    async def put(
        self, key: str, path: str, offset: int, length: int, metadata: dict[str, str], body: bytes | None = None
    ) -> int:
        """Stores [offset, offset + length) of a file, or `body`. Returns the CRC-32C of what was stored."""
        head: Head = {"do": "put", "key": key, "metadata": metadata}
        if body is None:
            head.update(path=path, offset=offset, length=length)
        return int((await self._request(head, body or b"", length))["checksum"])

    async def pack(
        self, key: str, filesystem: tuple[int, int], parcels: list[Parcel], paths: list[str], metadata: dict[str, str]
    ) -> list[int]:
        """Stores many chunks as one object (`packs.py`); `paths` are of the files that hold them, empty where a parcel
        has its bytes itself. Returns the CRC-32C of each."""
        parts = [
            [parcel.inode, parcel.index, parcel.length, path, parcel.start]
            for parcel, path in zip(parcels, paths, strict=True)
        ]
        body = b"".join(parcel.body for parcel in parcels if parcel.slot is None)
        head: Head = {"do": "put", "key": key, "metadata": metadata, "filesystem": filesystem, "parts": parts}
        size = table_size(len(parcels)) + sum(parcel.length for parcel in parcels)
        return [int(checksum) for checksum in (await self._request(head, body, size))["checksums"]]

    async def get(self, key: str, offset: int, length: int, path: str) -> int:
        """Writes a part of an object to the start of a file. Returns the CRC-32C of what came. OSError: the file could
        not be written."""
        head: Head = {"do": "get", "key": key, "offset": offset, "length": length, "path": path}
        answer = await self._request(head, b"", length)
        self.doubled = int(answer["doubled"])
        return int(answer["checksum"])

    async def delete(self, keys: list[str]) -> None:
        await self._request({"do": "delete", "keys": keys})

    async def probe(self) -> None:
        await self._request({"do": "probe"})

    async def close(self) -> None:
        """Hangs up and waits for the process to end; what is under way fails."""
        self._closed = True
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        self._fail_all("the gateway is closing")
        await self._reap()

    def answered(self, head: Head) -> None:
        future = self._waiting.pop(head["id"], None)
        if future is None or future.done():
            return
        if "error" not in head:
            future.set_result(head)
        elif head.get("missing"):
            future.set_exception(MissingObject(head["error"]))
        elif head.get("local"):
            future.set_exception(OSError(head["error"]))
        else:
            future.set_exception(StoreError(head["error"]))

    def lost(self, wire: _Wire) -> None:
        if wire is not self._wire:
            return
        self._wire = None
        self._transport = None
        if not self._closed:
            log.error("the mover process has ended; it is started again with the next request")
        self._fail_all("the mover process has ended")

    async def _request(self, head: Head, body: bytes = b"", size: int = 0) -> Head:
        """`size`: bytes that go to the store or come from it."""
        if self._closed:
            raise StoreError("the gateway is closing")
        clock = asyncio.get_running_loop().time
        kind, begun, outcome = str(head["do"]), clock(), "failed"
        try:
            if self._transport is None:
                await self.start()
            answer = await self._ask(head, body)
            outcome = "done"
            return answer
        except MissingObject:
            outcome = "missing"
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self.counts.add(kind, outcome, clock() - begun, size)

    async def _ask(self, head: Head, body: bytes = b"") -> Head:
        if self._transport is None:
            raise StoreError("the mover process has ended")
        number = self._next
        self._next += 1
        head["id"] = number
        future: asyncio.Future[Head] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._transport.writelines(pack(head, body))
        try:
            return await future
        finally:
            self._waiting.pop(number, None)

    def _fail_all(self, why: str) -> None:
        waiting = self._waiting
        self._waiting = {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(StoreError(why))

    async def _reap(self) -> None:
        process = self._process
        if process is None:
            return
        try:
            await asyncio.wait_for(process.wait(), self._stop_within)
        except TimeoutError:
            with suppress(ProcessLookupError):  # it ended in that very moment
                process.kill()
            await process.wait()
        self._process = None


def _environment() -> dict[str, str]:
    """The child finds the package where the parent found it, installed or not."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    known = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{known}" if known else here}
