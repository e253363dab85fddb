"""Where 4.0 machines take callbacks: addresses that the gateway dials, and how a machine answers there.

What it does instead of an answer is up to the test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nfsgw.rpc.core import Connection, Limits
from nfsgw.rpc.credentials import auth_sys
from nfsgw.rpc.records import BufferPool
from nfsgw.wire import nfs4 as w4
from nfsgw.wire import nfs4_cb as cb
from nfsgw.wire.runtime import Reader, Writer
from tests.protocol.callbacks import accepted, result, status_of
from tests.support.feeding import feed

PROGRAM = 0x40000123
IDENT = 7


class OldCallbackService:
    """Of one machine. `deaf`: takes connections and answers nothing."""

    def __init__(self) -> None:
        self.deaf = False
        self.refuse: list[int] = []  # statuses for the next operations
        self.nulls = 0
        self.recalled: list[cb.CB_RECALL4args] = []
        self.asked: list[cb.CB_GETATTR4args] = []
        self.attributes = w4.fattr4(0, b"")
        self.connections = 0

    def take(self, message: bytes) -> bytes:
        reader = Reader(message)
        xid, call, rpc, program, version, procedure, flavor = (reader.u32() for _ in range(7))
        assert (call, rpc, program, version) == (0, 2, PROGRAM, 1)
        credential = auth_sys(0, 0, (), b"nfsgw")
        assert flavor == int.from_bytes(credential[:4], "big")
        assert reader.opaque(400) == credential[8:]
        reader.u32()
        reader.opaque(400)
        if self.deaf:
            return b""
        if procedure == cb.CB_NULL:
            self.nulls += 1
            return accepted(xid)
        args = cb.unpack_CB_COMPOUND4args(reader)
        reader.finish()
        assert (args.minorversion, args.callback_ident) == (0, IDENT)
        assert len(args.argarray) == 1
        one = self.operate(args.argarray[0])
        writer = Writer()
        cb.pack_CB_COMPOUND4res(writer, cb.CB_COMPOUND4res(status_of(one), args.tag, [one]))
        return accepted(xid) + writer.getvalue()

    def operate(self, operation: cb.nfs_cb_argop4) -> cb.nfs_cb_resop4:
        if self.refuse:
            return result(operation.argop, self.refuse.pop(0))
        if operation.opcbrecall is not None:
            self.recalled.append(operation.opcbrecall)
            return result(operation.argop, w4.NFS4_OK)
        assert operation.opcbgetattr is not None
        self.asked.append(operation.opcbgetattr)
        told = cb.CB_GETATTR4resok(self.attributes)
        return cb.nfs_cb_resop4(operation.argop, opcbgetattr=cb.CB_GETATTR4res(w4.NFS4_OK, told))


class Wire:
    """One connection that the gateway has made."""

    def __init__(self, exchange: Exchange, host: str, port: int, service: OldCallbackService) -> None:
        self.service = service
        self.connection = Connection(0, (host, port), {}, exchange.pool, Limits(), self.wake)
        service.connections += 1

    def wake(self, connection: Connection) -> None:
        asyncio.get_running_loop().call_soon(self.settle)

    def settle(self) -> None:
        """What the transport does in a turn of the loop."""
        connection = self.connection
        connection.resume()
        data = b"".join(connection.output())
        while data:
            size = int.from_bytes(data[:4], "big") & 0x7FFF_FFFF
            reply = self.service.take(data[4 : 4 + size])
            data = data[4 + size :]
            if reply:
                feed(connection, (0x8000_0000 | len(reply)).to_bytes(4, "big") + reply)
        if connection.ending:
            connection.lost()

    def drop(self) -> None:
        self.connection.lost()


class Exchange:
    """The Dialler door: who listens where, and who was called."""

    def __init__(self, pool: BufferPool) -> None:
        self.pool = pool
        self.listening: dict[tuple[str, int], OldCallbackService] = {}
        self.dialled: list[tuple[str, int]] = []
        self.wires: list[Wire] = []

    def dial(self, host: str, port: int, done: Callable[[Connection | None], None]) -> None:
        self.dialled.append((host, port))
        asyncio.get_running_loop().call_soon(self.answer, host, port, done)

    def answer(self, host: str, port: int, done: Callable[[Connection | None], None]) -> None:
        service = self.listening.get((host, port))
        if service is None:
            done(None)
            return
        wire = Wire(self, host, port, service)
        self.wires.append(wire)
        done(wire.connection)
