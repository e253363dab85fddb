"""A client machine over TCP: one connection, one session with many slots, callbacks, and recovery after a restart.

A request that lost its answer is sent again on its old session, as the protocol wants: what took effect before the kill
is told so, and BADSESSION means that it has not happened (LostError). It must never guess.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, auth_sys
from nfsgw.wire import nfs4 as w4
from nfsgw.wire import nfs4_cb as cb
from nfsgw.wire.rpc import AUTH_SYS
from nfsgw.wire.runtime import Reader, Writer
from tests.protocol.callbacks import CHANNEL, MACHINE_CREDENTIAL, PROGRAM, CallbackService

LAST_FRAGMENT = 0x8000_0000
REPLY_HEADER = 24
ANSWER_WITHIN = 90.0
GONE = (w4.NFS4ERR_BADSESSION, w4.NFS4ERR_DEADSESSION)
TRY_AGAIN = (w4.NFS4ERR_DELAY, w4.NFS4ERR_GRACE)


class LostError(Exception):
    """The request was not answered before its session went: it has not happened, or it promised nothing."""


class Client:
    def __init__(self, number: int, port: int, slots: int) -> None:
        self.number = number
        self.name = b"model machine %d" % number
        self.credential = auth_sys(0, 0, (), self.name)
        self.callbacks = CallbackService()
        self.callbacks.on_recall = self._recalled
        self.on_recall: Callable[[cb.CB_RECALL4args], None] = lambda args: None
        self.on_new_session: Callable[[], None] = lambda: None
        self.killed = asyncio.Event()
        self.slots = slots
        self.seqids = [0] * slots
        self.sessionid = b""
        self.clientid = 0
        self.closed = False
        self._port = port
        self._xid = 0
        self._answers: dict[int, asyncio.Future[bytes]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._up = asyncio.Event()
        self._outstanding = 0
        self._quiet = asyncio.Event()
        self._joining = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._reading = asyncio.create_task(self._stay_connected())
        await self._join()

    async def stop(self) -> None:
        self.closed = True
        assert self._reading is not None
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading
        if self._writer is not None:
            self._writer.close()

    async def call(self, slot: int, operations: list[w4.nfs_argop4]) -> w4.COMPOUND4res:
        """One compound, until it is answered with something but DELAY and GRACE. Raises: LostError."""
        while True:
            session = self.sessionid
            self._outstanding += 1
            try:
                done = await self._once(slot, operations)
            finally:
                self._outstanding -= 1
                if not self._outstanding:
                    self._quiet.set()
            if len(done.resarray) == 1 and done.status in GONE:
                await self._renew(session)
                raise LostError(w4.nfsstat4_names[done.status])
            if done.status not in TRY_AGAIN:
                return done
            if self.killed.is_set():
                raise LostError("not tried again after a kill")
            await asyncio.sleep(0.02)

    async def _once(self, slot: int, operations: list[w4.nfs_argop4]) -> w4.COMPOUND4res:
        sequence = w4.SEQUENCE4args(self.sessionid, self.seqids[slot] + 1, slot, self.slots - 1, False)
        body = compound(w4.nfs_argop4(w4.OP_SEQUENCE, opsequence=sequence), *operations)
        session = self.sessionid
        answer = await self._exchange(body)
        if self.sessionid == session:
            self.seqids[slot] += 1
        return w4.unpack_COMPOUND4res(Reader(answer[REPLY_HEADER:]))

    async def _exchange(self, body: bytes) -> bytes:
        """Sends it until it is answered, over whatever connection there is."""
        async with asyncio.timeout(ANSWER_WITHIN):
            while True:
                await self._up.wait()
                writer = self._writer
                assert writer is not None
                self._xid += 1
                xid = self._xid
                answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
                self._answers[xid] = answer
                writer.write(record(self._head(xid) + body))
                try:
                    return await answer
                except ConnectionError:
                    continue

    def _head(self, xid: int) -> bytes:
        head = Writer()
        for word in (xid, 0, 2, 100003, 4, 1):
            head.u32(word)
        head.raw(self.credential)
        head.raw(OPAQUE_AUTH_NONE)
        return head.getvalue()

    # -- the connection

    async def _stay_connected(self) -> None:
        while True:
            try:
                reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            self._up.set()
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._read(reader, self._writer)
            self._up.clear()
            lost = self._answers
            self._answers = {}
            for answer in lost.values():
                if not answer.done():
                    answer.set_exception(ConnectionError())

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            mark = int.from_bytes(await reader.readexactly(4), "big")
            message = await reader.readexactly(mark & ~LAST_FRAGMENT)
            if message[4:8] == bytes(4):
                reply, _ = self.callbacks.take(message)
                writer.write(record(reply))
                continue
            answer = self._answers.pop(int.from_bytes(message[:4], "big"), None)
            if answer is not None and not answer.done():
                answer.set_result(message)

    def _recalled(self, args: cb.CB_RECALL4args) -> int:
        self.on_recall(args)
        return w4.NFS4_OK

    # -- the session

    async def _renew(self, session: bytes) -> None:
        """Once all requests of the old session have their answers, the first one to come makes the new one."""
        while self._outstanding:
            self._quiet.clear()
            await self._quiet.wait()
        async with self._joining:
            if self.sessionid == session:
                await self._join()

    async def _join(self) -> None:
        owner = w4.client_owner4(b"verifier", self.name)
        exchange = w4.EXCHANGE_ID4args(owner, 0, w4.state_protect4_a(w4.SP4_NONE), [])
        done = await self._alone(w4.nfs_argop4(w4.OP_EXCHANGE_ID, opexchange_id=exchange))
        known = done.resarray[0].opexchange_id
        assert known is not None
        assert known.eir_resok4 is not None
        self.clientid = known.eir_resok4.eir_clientid
        args = w4.CREATE_SESSION4args(
            self.clientid,
            known.eir_resok4.eir_sequenceid,
            w4.CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
            w4.channel_attrs4(0, 1 << 20, 1 << 20, 8192, 64, self.slots, []),
            CHANNEL,
            PROGRAM,
            [w4.callback_sec_parms4(AUTH_SYS, MACHINE_CREDENTIAL)],
        )
        done = await self._alone(w4.nfs_argop4(w4.OP_CREATE_SESSION, opcreate_session=args))
        made = done.resarray[0].opcreate_session
        assert made is not None
        if made.csr_resok4 is None:  # killed once more in between
            await self._join()
            return
        self.sessionid = made.csr_resok4.csr_sessionid
        self.seqids = [0] * self.slots
        self.callbacks.begin(self.sessionid)
        self.on_new_session()
        complete = w4.nfs_argop4(w4.OP_RECLAIM_COMPLETE, opreclaim_complete=w4.RECLAIM_COMPLETE4args(False))
        await self._once(0, [complete])

    async def _alone(self, operation: w4.nfs_argop4) -> w4.COMPOUND4res:
        answer = await self._exchange(compound(operation))
        return w4.unpack_COMPOUND4res(Reader(answer[REPLY_HEADER:]))


def record(message: bytes) -> bytes:
    return (LAST_FRAGMENT | len(message)).to_bytes(4, "big") + message


def compound(*operations: w4.nfs_argop4) -> bytes:
    writer = Writer()
    w4.pack_COMPOUND4args(writer, w4.COMPOUND4args(b"", 2, list(operations)))
    return writer.getvalue()
