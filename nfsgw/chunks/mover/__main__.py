"""The mover: puts, gets and deletes objects for the gateway that started it, until that one goes away.

Started as `python -m nfsgw.chunks.mover FD`, FD being one end of a socket pair. The first frame names the store. A put
reads its bytes once, so that the checksum is of what was sent whatever a writer does to the file meanwhile. It keeps
nothing: whatever was under way when it dies is asked for again. It ends when the other end is closed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

from nfsgw import failpoints
from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.mover.frames import Head, Unpacker, pack
from nfsgw.chunks.mover.hedging import Hedge
from nfsgw.chunks.packs import Member, offsets, table
from nfsgw.chunks.stores import MissingObject, ObjectStore, StoreError, StoreOptions, open_store


def read_file(path: str, offset: int, length: int) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        body = os.pread(file, length, offset)
    finally:
        os.close(file)
    if len(body) != length:
        raise StoreError(f"{path} holds {len(body)} of {length} bytes")
    return body


def make_pack(head: Head, body: bytes) -> tuple[bytes, list[int]]:
    """The object, and the checksum of each member. Blocking. OSError, StoreError."""
    parts: list[tuple[int, int, int, str, int]] = head["parts"]
    pieces: list[bytes] = []
    members: list[Member] = []
    taken = 0
    starts = offsets([length for _, _, length, _, _ in parts])
    for (inode, index, length, path, start), offset in zip(parts, starts, strict=False):
        if path:
            piece = read_file(path, start, length)
        else:
            piece = body[taken : taken + length]
            taken += length
        pieces.append(piece)
        members.append(Member(inode, index, offset, length, crc32c(piece)))
    major, minor = head["filesystem"]
    return b"".join([table((major, minor), members), *pieces]), [member.checksum for member in members]


def write_file(path: str, body: bytes) -> None:
    """Replaces what the file holds from its start; it must exist, and keeps what lies behind."""
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        done = 0
        while done < len(body):
            done += os.pwrite(file, memoryview(body)[done:], done)
    finally:
        os.close(file)


class Mover(asyncio.Protocol):
    """Answers each frame with one that carries its `id`; requests run beside one another."""

    def __init__(self, over: asyncio.Future[None]) -> None:
        self._over = over
        self._frames = Unpacker()
        self._transport: asyncio.Transport | None = None
        self._store: ObjectStore | None = None
        self._hedge = Hedge(0.0)
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._frames.feed(data):
            task = asyncio.get_running_loop().create_task(self._answer(head, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._over.done():
            self._over.set_result(None)

    async def _answer(self, head: Head, body: bytes) -> None:
        answer: Head = {"id": head["id"]}
        try:
            answer.update(await self._do(head, body))
        except MissingObject as error:
            answer.update(error=str(error), missing=True)
        except OSError as error:  # of the gateway's own disk: what a store meets is a StoreError
            answer.update(error=f"{error.strerror or error}", local=True)
        except (StoreError, ValueError) as error:
            answer.update(error=str(error) or type(error).__name__)
        transport = self._transport
        if transport is not None and not transport.is_closing():
            transport.writelines(pack(answer))

    async def _do(self, head: Head, body: bytes) -> Head:
        verb = head["do"]
        if verb == "open":
            options = StoreOptions.load(head["options"])
            self._store = open_store(head["url"], options)
            self._hedge = Hedge(options.hedge_after)
            return {}
        store = self._store
        if store is None:
            raise StoreError("no store is open")
        if verb == "put":
            answer: Head = {}
            if "parts" in head:
                body, answer["checksums"] = await asyncio.to_thread(make_pack, head, body)
            elif "path" in head:
                body = await asyncio.to_thread(read_file, head["path"], head["offset"], head["length"])
            checksum = crc32c(body)
            if failpoints.ARMED:
                failpoints.reached("mover.begun", parent=True)
            await store.put(head["key"], body, {**head["metadata"], "crc32c": f"{checksum:08x}"})
            if failpoints.ARMED:
                failpoints.reached("mover.put", parent=True)
            return {**answer, "checksum": checksum}
        if verb == "get":
            fetched = await self._hedge.get(store, head["key"], head["offset"], head["length"])
            await asyncio.to_thread(write_file, head["path"], fetched)
            return {"checksum": crc32c(fetched), "doubled": self._hedge.doubled}
        if verb == "delete":
            await store.delete(head["keys"])
            return {}
        if verb == "probe":
            await store.probe()
            return {}
        raise ValueError(f"unknown request {verb!r}")

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._store is not None:
            await self._store.close()


async def main(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    mover = Mover(over)
    await loop.create_connection(lambda: mover, sock=socket.socket(fileno=descriptor))
    await over
    await mover.close()


if __name__ == "__main__":
    # A terminal's ^C and a service manager's stop go to the whole group: the parent finishes what it began, then
    # hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asyncio.run(main(int(sys.argv[1])))
