"""Connections that the gateway makes itself, to call a program of the other side.

They are connections as any other: what the other side calls over them finds no program. It must never take longer than
its bound to say that there is none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, cast

from nfsgw.rpc.core import Connection, Limits, Program
from nfsgw.rpc.records import BufferPool
from nfsgw.rpc.transport import Stream, prepare_socket

log = logging.getLogger(__name__)

CONNECT_WITHIN: Final = 2.0  # seconds
LARGEST_ANSWER: Final = 64 * 1024  # bytes
MOST_AT_A_TIME: Final = 256  # attempts under way
NO_PROGRAMS: Final[dict[int, Program]] = {}


class SocketDialler:
    """The Dialler door over the event loop, and the keeper of its streams."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pool = BufferPool(LARGEST_ANSWER)
        self._attempts: set[asyncio.Task[None]] = set()
        self._streams: dict[int, Stream] = {}
        self._last_id = 0

    def dial(self, host: str, port: int, done: Callable[[Connection | None], None]) -> None:
        if len(self._attempts) >= MOST_AT_A_TIME:
            self._loop.call_soon(done, None)
            return
        attempt = self._loop.create_task(self._attempt(host, port, done))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._attempts.discard)

    def close(self) -> None:
        for attempt in list(self._attempts):
            attempt.cancel()
        for stream in list(self._streams.values()):
            stream.abort()

    async def _attempt(self, host: str, port: int, done: Callable[[Connection | None], None]) -> None:
        connection: Connection | None = None
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                _, protocol = await self._loop.create_connection(self._new_protocol, host, port)
            connection = cast(Stream, protocol).connection
        except (OSError, TimeoutError) as error:
            log.debug("no connection to %s port %d: %s", host, port, error)
        done(connection)

    # -- what streams call

    def admit(self, stream: Stream, transport: asyncio.Transport) -> Connection | None:
        peer = transport.get_extra_info("peername")
        if peer is None:
            return None
        prepare_socket(transport.get_extra_info("socket"))
        self._streams[stream.id] = stream
        return Connection(stream.id, (str(peer[0]), int(peer[1])), NO_PROGRAMS, self._pool, Limits(), stream.wake)

    def dismiss(self, stream: Stream) -> None:
        self._streams.pop(stream.id, None)

    def soon(self, stream: Stream) -> None:
        self._loop.call_soon(stream.run)

    def _new_protocol(self) -> asyncio.BaseProtocol:
        self._last_id += 1
        return cast(asyncio.BaseProtocol, Stream(self, self._last_id))
