"""A peer of the RPC layer, for tests: builds messages by hand, feeds connections in any pieces, reads replies.

Messages are laid out here with `struct`, not with the product's codec, so that both are checked against each other.
"""

from __future__ import annotations

import struct

from nfsgw.rpc.core import Call, Connection, Limits
from nfsgw.rpc.core import Program as ProgramDoor
from nfsgw.rpc.records import BufferPool
from tests.support.feeding import feed

PROGRAM = 400100
MAXIMUM_RECORD = 1024 * 1024 + 4096
NONE = struct.pack(">II", 0, 0)

ECHO = 1
LATER = 2
RAISE = 3
DOUBLE = 4
DROP = 5


def opaque(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data + bytes(-len(data) % 4)


def auth(flavor: int, body: bytes) -> bytes:
    return struct.pack(">I", flavor) + opaque(body)


def auth_sys_body(
    uid: int = 1000, gid: int = 100, gids: tuple[int, ...] = (4, 24), machine: bytes = b"host", stamp: int = 1
) -> bytes:
    return struct.pack(">I", stamp) + opaque(machine) + struct.pack(f">III{len(gids)}I", uid, gid, len(gids), *gids)


def call_message(
    procedure: int = 0,
    args: bytes = b"",
    *,
    xid: int = 0x1234,
    rpcvers: int = 2,
    program: int = PROGRAM,
    version: int = 1,
    credential: bytes = NONE,
    verifier: bytes = NONE,
    kind: int = 0,
) -> bytes:
    return struct.pack(">IIIIII", xid, kind, rpcvers, program, version, procedure) + credential + verifier + args


def record(message: bytes, *fragments: int) -> bytes:
    """The message as one record, cut into fragments of the given sizes and a last one with the rest."""
    out = b""
    for size in fragments:
        out += struct.pack(">I", size) + message[:size]
        message = message[size:]
    return out + struct.pack(">I", 0x80000000 | len(message)) + message


def accepted(xid: int, stat: int, results: bytes = b"") -> bytes:
    return struct.pack(">IIIIII", xid, 1, 0, 0, 0, stat) + results


def denied(xid: int, *words: int) -> bytes:
    return struct.pack(f">III{len(words)}I", xid, 1, 1, *words)


class Program:
    """ECHO returns its opaque, LATER keeps the call, RAISE fails, DOUBLE fails after answering, DROP never answers."""

    def __init__(self) -> None:
        self.number = PROGRAM
        self.versions: tuple[int, ...] = (1, 3)
        self.quiet_on_version_mismatch = False
        self.later: list[Call] = []
        self.seen: list[Call] = []
        self.lost: list[Connection] = []

    def dispatch(self, call: Call) -> None:
        self.seen.append(call)
        if call.procedure == ECHO:
            self.echo(call)
        elif call.procedure == LATER:
            self.later.append(call)
        elif call.procedure == RAISE:
            raise ValueError("on purpose")
        elif call.procedure == DOUBLE:
            call.finish(call.reply())
            raise ValueError("on purpose, after the answer")
        elif call.procedure == DROP:
            call.drop()
        else:
            call.fail(3)

    def echo(self, call: Call) -> None:
        data = bytes(call.args.bulk())
        call.args.finish()
        writer = call.reply()
        writer.opaque(data)
        call.finish(writer)

    def connection_lost(self, connection: Connection) -> None:
        self.lost.append(connection)


class Peer:
    """Both ends of one connection, without a socket."""

    def __init__(self, program: ProgramDoor | None = None, limits: Limits | None = None) -> None:
        self.program = Program()
        self.pool = BufferPool(MAXIMUM_RECORD)
        self.woken = 0
        served = self.program if program is None else program
        self.connection = Connection(
            1, ("127.0.0.1", 800), {served.number: served}, self.pool, limits or Limits(), self.wake
        )
        self.sent = b""

    def wake(self, connection: Connection) -> None:
        self.woken += 1

    def feed(self, data: bytes, most: int = 1 << 30) -> None:
        """Lets the connection read `data`, at most `most` bytes at a time, as a transport does."""
        feed(self.connection, data, most)

    def replies(self) -> list[bytes]:
        """The whole records sent since the last time, without their marks."""
        self.sent += b"".join(self.connection.output())
        found = []
        while self.sent:
            (mark,) = struct.unpack_from(">I", self.sent)
            assert mark & 0x80000000
            size = mark & 0x7FFFFFFF
            assert len(self.sent) >= size + 4
            found.append(self.sent[4 : size + 4])
            self.sent = self.sent[size + 4 :]
        return found
