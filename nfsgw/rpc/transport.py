"""ONC RPC on TCP sockets: listening, reading, writing and ending, for the connections of `core`.

One receive per wake-up into the connection's buffer, one `writelines` for all replies of a wake-up. It needs a loop
that asks no base class of a protocol (uvloop), since compiled classes have none. It must never decide anything about a
call.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Final, Protocol, cast

from nfsgw.rpc.core import Connection, Limits, Program
from nfsgw.rpc.records import BufferPool

log = logging.getLogger(__name__)

WRITE_HIGH_WATER: Final = 8 * 1024 * 1024  # a peer that leaves so much unread is not read from
WRITE_LOW_WATER: Final = 2 * 1024 * 1024
KEEP_ALIVE_IDLE: Final = 60
KEEP_ALIVE_INTERVAL: Final = 10
KEEP_ALIVE_COUNT: Final = 6
BACKLOG: Final = 1024


class Keeper(Protocol):
    """Who keeps streams, and lets them run."""

    def admit(self, stream: Stream, transport: asyncio.Transport) -> Connection | None:
        """The connection of a new stream; None refuses it."""
        ...

    def dismiss(self, stream: Stream) -> None: ...

    def soon(self, stream: Stream) -> None:
        """Calls `stream.run` from the loop."""
        ...


class Stream:
    """A BufferedProtocol in all but its base class: moves bytes between one transport and one Connection."""

    def __init__(self, server: Keeper, id: int) -> None:
        self.server = server
        self.id = id
        self.connection: Connection | None = None
        self.transport: asyncio.Transport | None = None
        self._reading = True
        self._due = False
        self._eof = False

    # -- what the loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(WRITE_HIGH_WATER, WRITE_LOW_WATER)
        self.connection = self.server.admit(self, transport)
        if self.connection is None:
            transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:
        connection = self.connection
        if connection is None:
            return memoryview(bytearray(1))
        return connection.space()

    def buffer_updated(self, nbytes: int) -> None:
        connection = self.connection
        if connection is not None:
            connection.received(nbytes)
            self._settle(connection)

    def eof_received(self) -> bool:
        """The peer sends no more; what was begun is still answered."""
        self._eof = True
        connection = self.connection
        if connection is None:
            return False
        connection.draining = True
        return connection.outstanding > 0 or connection.has_output()  # an answer may be on its way to `run`

    def pause_writing(self) -> None:
        connection = self.connection
        if connection is not None:
            connection.congested = True

    def resume_writing(self) -> None:
        connection = self.connection
        if connection is not None:
            connection.congested = False
            self.wake(connection)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        connection = self.connection
        if connection is not None:
            if error is not None:
                log.info("%r was lost: %s", connection, error)
            connection.lost()
            self.server.dismiss(self)

    # -- what the server and the connection call

    def wake(self, connection: Connection) -> None:
        """Something is to be sent or decided: before long, from the loop."""
        if not self._due:
            self._due = True
            self.server.soon(self)

    def run(self) -> None:
        self._due = False
        connection = self.connection
        if connection is not None and self.transport is not None:
            connection.resume()
            self._settle(connection)

    def drain(self) -> None:
        """Takes no further call; closes when what was begun is answered and sent."""
        connection = self.connection
        if connection is not None:
            connection.draining = True
            self._settle(connection)

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def _settle(self, connection: Connection) -> None:
        """Sends what there is, and starts or stops reading, or closes, as the connection stands."""
        transport = self.transport
        if transport is None:
            return
        if connection.closed:
            transport.abort()
            return
        if connection.has_output():
            transport.writelines(connection.output())
        wants = connection.wants_reading()
        if wants and connection.blocked:
            self.wake(connection)
        if connection.draining and connection.outstanding == 0:
            transport.close()
        elif wants != self._reading:
            self._reading = wants
            if wants:
                transport.resume_reading()
            else:
                transport.pause_reading()


class Server:
    """All connections of the programs it is given: on one loop, on any number of listening sockets."""

    def __init__(
        self,
        programs: list[Program],
        maximum_record: int,
        maximum_connections: int = 4096,
        limits: Limits | None = None,
    ) -> None:
        self.connections: dict[int, Stream] = {}
        self.pool = BufferPool(maximum_record)
        self._programs = {program.number: program for program in programs}
        self._maximum_connections = maximum_connections
        self._limits = Limits() if limits is None else limits
        self._last_id = 0
        self._due: list[Stream] = []
        self._listeners: list[asyncio.Server] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._draining = False
        self._all_gone: asyncio.Event | None = None

    async def listen(self, listening: socket.socket) -> None:
        """Accepts on a bound socket (of `bind`, or inherited). Raises OSError (another process was faster)."""
        self._loop = asyncio.get_running_loop()
        listening.listen(BACKLOG)  # uvloop's own goes on as if nothing were when it fails
        listener = await self._loop.create_server(self._new_protocol, sock=listening, backlog=BACKLOG)
        self._listeners.append(listener)

    async def shut_down(self, seconds: float) -> int:
        """Stops accepting and reading, gives what was begun `seconds` to be answered and sent, then closes. Returns how
        many connections had to be cut off."""
        self._draining = True
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        cut_off = 0
        if self.connections:
            self._all_gone = asyncio.Event()
            for stream in list(self.connections.values()):
                stream.drain()
            try:
                await asyncio.wait_for(self._all_gone.wait(), seconds)
            except TimeoutError:
                cut_off = len(self.connections)
                for stream in list(self.connections.values()):
                    stream.abort()
                await self._all_gone.wait()
        return cut_off

    # -- what streams call

    def admit(self, stream: Stream, transport: asyncio.Transport) -> Connection | None:
        peer = transport.get_extra_info("peername")
        if len(self.connections) >= self._maximum_connections:
            log.warning("a connection from %s is refused: %d are open, which is the most", peer, len(self.connections))
            return None
        if self._draining or peer is None:
            return None
        prepare_socket(transport.get_extra_info("socket"))
        connection = Connection(
            stream.id,
            (str(peer[0]), int(peer[1])),
            self._programs,
            self.pool,
            self._limits,
            stream.wake,
        )
        self.connections[stream.id] = stream
        log.debug("%r is open", connection)
        return connection

    def dismiss(self, stream: Stream) -> None:
        self.connections.pop(stream.id, None)
        if self._all_gone is not None and not self.connections:
            self._all_gone.set()

    def soon(self, stream: Stream) -> None:
        self._due.append(stream)
        if len(self._due) == 1 and self._loop is not None:
            self._loop.call_soon(self._run_due)

    def _run_due(self) -> None:
        due = self._due
        self._due = []
        for stream in due:
            stream.run()

    def _new_protocol(self) -> asyncio.BaseProtocol:
        self._last_id += 1
        # not a subclass: a compiled class cannot have an interpreted base, and uvloop asks for the methods only
        return cast(asyncio.BaseProtocol, Stream(self, self._last_id))


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to an address, IPv4 or IPv6. Raises OSError (the port is in use, no such address, not
    permitted)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


def prepare_socket(connected: socket.socket) -> None:
    """Small replies leave at once, and a peer that is gone is noticed within two minutes."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEP_ALIVE_IDLE)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEP_ALIVE_INTERVAL)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEP_ALIVE_COUNT)
