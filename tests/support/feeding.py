"""Bytes into a connection without a socket, as a transport hands them over."""

from __future__ import annotations

from nfsgw.rpc.core import Connection


def feed(connection: Connection, data: bytes, most: int = 1 << 30) -> None:
    """Lets the connection read `data`, at most `most` bytes at a time, for as long as it wants to read."""
    rest = memoryview(data)
    while rest and not connection.closed and connection.wants_reading():
        space = connection.space()
        count = min(len(space), len(rest), most)
        space[:count] = rest[:count]
        rest = rest[count:]
        connection.received(count)
