"""A client machine that speaks to a gateway process over TCP: one connection, one session, one compound at a time.

It never repeats anything by itself: when the gateway dies, `call` raises Gone and the caller knows that its last
compound was not answered.
"""

from __future__ import annotations

import asyncio
import os

from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, auth_sys
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader, Writer

REPLY_HEADER = 24  # xid, REPLY, accepted, verifier (2), SUCCESS
ANSWER_WITHIN = 30.0
RETRY_AFTER = 0.02
BACK_CHANNEL = 0x40000000  # program number of the callbacks, which nobody answers here


class Gone(Exception):
    """The gateway has closed the connection, or nobody listens."""


class Refused(AssertionError):
    """A compound was answered with an error that nothing explains."""


class Machine:
    """`join` before the first `run`. Its owner stays the same over restarts, its verifier does not: to the gateway it
    is a client that has restarted."""

    def __init__(self, port: int, name: str) -> None:
        self.port = port
        self.name = name.encode()
        self.credential = auth_sys(0, 0, (), self.name)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._xid = 0
        self._sequence = 0
        self._session = b""

    async def call(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        """One compound and its answer. Gone; Refused when no answer comes though the connection stands."""
        if self._reader is None or self._writer is None:
            raise Gone("not connected")
        self._xid += 1
        writer = Writer()
        for word in (self._xid, 0, 2, 100003, 4, 1):
            writer.u32(word)
        writer.raw(self.credential)
        writer.raw(OPAQUE_AUTH_NONE)
        w4.pack_COMPOUND4args(writer, w4.COMPOUND4args(b"", 2, list(operations)))
        message = writer.getvalue()
        try:
            self._writer.write((0x8000_0000 | len(message)).to_bytes(4, "big") + message)
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._writer.drain()
                while True:
                    reply = await self._record()
                    if reply[:8] == self._xid.to_bytes(4, "big") + b"\0\0\0\1":
                        break  # what else comes is a call back, which this machine does not answer
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.leave()
            raise Gone(str(error)) from error
        except TimeoutError as error:
            raise Refused(f"no answer in {ANSWER_WITHIN:g} seconds") from error
        return w4.unpack_COMPOUND4res(Reader(reply[REPLY_HEADER:]))

    async def _record(self) -> bytes:
        assert self._reader is not None
        record = b""
        while True:
            mark = int.from_bytes(await self._reader.readexactly(4), "big")
            record += await self._reader.readexactly(mark & 0x7FFF_FFFF)
            if mark & 0x8000_0000:
                return record

    async def connect(self) -> None:
        """Gone."""
        try:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        except OSError as error:
            raise Gone(str(error)) from error

    async def join(self) -> None:
        """Connects; EXCHANGE_ID, CREATE_SESSION, RECLAIM_COMPLETE. Gone."""
        await self.connect()
        self._sequence = 0
        owner = w4.client_owner4(os.urandom(8), self.name)
        exchange = w4.EXCHANGE_ID4args(owner, 0, w4.state_protect4_a(w4.SP4_NONE), [])
        done = await self.call(w4.nfs_argop4(w4.OP_EXCHANGE_ID, opexchange_id=exchange))
        answer = done.resarray[0].opexchange_id
        if answer is None or answer.eir_resok4 is None:
            raise Refused(f"EXCHANGE_ID: {w4.nfsstat4_names[done.status]}")
        channel = w4.channel_attrs4(0, 1 << 21, 1 << 21, 8192, 64, 8, [])
        create = w4.CREATE_SESSION4args(
            answer.eir_resok4.eir_clientid,
            answer.eir_resok4.eir_sequenceid,
            0,
            channel,
            channel,
            BACK_CHANNEL,
            [w4.callback_sec_parms4(0)],
        )
        done = await self.call(w4.nfs_argop4(w4.OP_CREATE_SESSION, opcreate_session=create))
        session = done.resarray[0].opcreate_session
        if session is None or session.csr_resok4 is None:
            raise Refused(f"CREATE_SESSION: {w4.nfsstat4_names[done.status]}")
        self._session = session.csr_resok4.csr_sessionid
        complete = w4.RECLAIM_COMPLETE4args(False)
        await self.run(w4.nfs_argop4(w4.OP_RECLAIM_COMPLETE, opreclaim_complete=complete))

    async def run(self, *operations: w4.nfs_argop4) -> list[w4.nfs_resop4]:
        """The operations in the session, again for as long as the answer is DELAY or GRACE. The results after
        SEQUENCE. Gone, Refused."""
        tries = 0
        while True:
            self._sequence += 1
            sequence = w4.SEQUENCE4args(self._session, self._sequence, 0, 0, False)
            done = await self.call(w4.nfs_argop4(w4.OP_SEQUENCE, opsequence=sequence), *operations)
            if done.status == w4.NFS4_OK:
                return list(done.resarray[1:])
            if done.status not in (w4.NFS4ERR_DELAY, w4.NFS4ERR_GRACE):
                at = len(done.resarray) - 1
                names = [w4.nfs_opnum4_names.get(operation.argop, "?") for operation in operations]
                raise Refused(f"{w4.nfsstat4_names[done.status]} of operation {at} (SEQUENCE, {', '.join(names)})")
            tries += 1
            await self.pause(tries)

    async def pause(self, tries: int) -> None:
        """Before a compound that was put off so many times is sent again."""
        await asyncio.sleep(RETRY_AFTER)

    async def leave(self) -> None:
        """Closes the connection; what was not answered stays so."""
        writer = self._writer
        self._reader = self._writer = None
        if writer is not None:
            writer.close()
