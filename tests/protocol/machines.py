"""A gateway without sockets, and machines that speak to it: records in, records out.

Everything is the real thing but the transport and the clock, which a test moves by hand.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreOptions
from nfsgw.datadir import DataDirectory
from nfsgw.lineage import recognise
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.recovery import NamespaceRecoveryStore
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.nfs4.callbacks.sender import BackChannels
from nfsgw.nfs4.compound import Services
from nfsgw.nfs4.engine import Engine, release
from nfsgw.nfs4.minor0.callbacks import EitherChannels, OldChannels
from nfsgw.nfs4.settings import EngineSettings
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.state import State
from nfsgw.rpc.core import Connection, Limits
from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, auth_sys
from nfsgw.rpc.records import BufferPool
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_SYS
from nfsgw.wire.runtime import Reader, Writer
from tests.protocol.callbacks import CHANNEL, MACHINE_CREDENTIAL, PROGRAM, CallbackService
from tests.protocol.exchange import Exchange
from tests.support.clock import Clock

MAXIMUM_RECORD = 2 * 1024 * 1024
ANSWER_WITHIN = 20.0
REPLY_HEADER = 24  # xid, REPLY, accepted, verifier (2), SUCCESS
NO_STATEID = w4.stateid4(0, bytes(12))


class House:
    """One gateway in a folder. `crash` drops what is not durable; `restarted` is the next start on the same folder."""

    def __init__(self, folder: Path, clock: Clock | None = None, durability: str = "local") -> None:
        self.folder = folder
        self.durability = durability
        self.failed: list[str] = []
        self.clock = clock or Clock()
        self.crashed = False
        path = str(folder / "namespace.db")
        if not os.path.exists(path):
            init(path)
        self.origin = recognise(DataDirectory(str(folder)), NamespaceSettings())
        self.loop = asyncio.get_running_loop()
        self.names = self.open_names(path)
        os.makedirs(folder / "chunks", exist_ok=True)
        os.makedirs(folder / "objects", exist_ok=True)
        self.durability = durability
        self.chunks = self.make_chunks()
        self.state = State(
            StateSettings(),
            NamespaceRecoveryStore(self.names, self.wall_clock),
            os.urandom,
            self.released,
            self.monotonic(),
            self.clock,
        )
        state = self.state
        self.channels = BackChannels(self.clock, state.settings.lease_seconds, state.refresh_path, state.counts)
        self.pool = BufferPool(MAXIMUM_RECORD)
        self.exchange = Exchange(self.pool)
        self.old_channels = OldChannels(self.exchange, self.clock, state.settings.lease_seconds, state.counts)
        self.state.callbacks = EitherChannels(self.old_channels, self.channels)
        self.state.paths = self.channels
        self.state.minor0.reach = self.old_channels
        self.services = Services(self.names, self.chunks, self.state, EngineSettings(), self.wall_clock, self.monotonic)
        self.engine = Engine(self.services)
        self.connections = 0

    def open_names(self, path: str) -> Namespace:
        return Namespace.open(path, NamespaceSettings(), self.soon, self.post, self.failed.append)

    def make_chunks(self) -> Chunks:
        url = f"file://{self.folder}/objects"
        directory = str(self.folder / "chunks")
        settings = ChunkSettings()
        settings.durability = self.durability
        return Chunks(directory, self.names, url, StoreOptions(), settings, self.failed.append)

    def monotonic(self) -> float:
        return self.clock.seconds

    def wall_clock(self) -> int:
        return 1_700_000_000_000_000_000 + int(self.clock.seconds * 1e9)

    def released(self, inode_id: int) -> None:
        release(self.services, inode_id)

    def soon(self, callback: Callable[[], None]) -> None:
        self.loop.call_soon(self.run, callback)

    def post(self, callback: Callable[[], None]) -> None:
        self.loop.call_soon_threadsafe(self.run, callback)

    def run(self, callback: Callable[[], None]) -> None:
        if not self.crashed:
            callback()

    async def crash(self) -> None:
        """kill -9: what was handed to the writer is durable, nobody hears of it, and nothing else is left."""
        self.crashed = True
        self.names.abandon()
        await self.chunks.abandon()

    async def settled(self) -> None:
        """Returns when everything that was changed so far is durable."""
        done = asyncio.Event()
        self.names.flush().when_done(lambda _: done.set())
        await done.wait()

    async def restarted(self) -> House:
        """After `crash` or `close`: the next instance, at the same time of day."""
        house = House(self.folder, self.clock, self.durability)
        await house.chunks.start()
        return house

    async def close(self) -> None:
        await self.chunks.close()
        await self.names.close()
        assert not self.failed


class Line:
    """One connection of a machine. What comes in is sorted: answers, in order, to who waits for them, and calls to the
    machine's callback service."""

    def __init__(self, machine: Machine) -> None:
        house = machine.house
        house.connections += 1
        self.machine = machine
        self.connection = Connection(
            house.connections,
            (machine.name.decode(), 1),
            {house.engine.number: house.engine},
            house.pool,
            Limits(),
            self.wake,
        )
        self.replies: list[bytes] = []
        self.arrived = asyncio.Event()

    def wake(self, connection: Connection) -> None:
        asyncio.get_running_loop().call_soon(self.settle)

    def settle(self) -> None:
        """What the transport does in a turn of the loop."""
        self.connection.resume()
        data = b"".join(self.connection.output())
        while data:
            size = int.from_bytes(data[:4], "big") & 0x7FFF_FFFF
            self.take(data[4 : 4 + size])
            data = data[4 + size :]
        if self.replies or self.connection.closed:
            self.arrived.set()

    def take(self, message: bytes) -> None:
        if message[4:8] != bytes(4):
            self.replies.append(message)
            return
        reply, drops = self.machine.callbacks.take(message)
        if drops:
            self.drop()
        elif reply:
            self.send(reply)

    def send(self, message: bytes) -> None:
        """Everything that the gateway does for it in one turn of the loop has been done on return."""
        data = (0x8000_0000 | len(message)).to_bytes(4, "big") + message
        while data and not self.connection.closed:
            space = self.connection.space()
            piece = data[: len(space)]
            space[: len(piece)] = piece
            data = data[len(piece) :]
            self.connection.received(len(piece))
        self.wake(self.connection)

    async def answer(self) -> bytes:
        """The next reply; empty when the connection was closed instead."""
        deadline = asyncio.get_running_loop().time() + ANSWER_WITHIN
        while not self.replies:
            if self.connection.closed:
                return b""
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), max(0.0, deadline - asyncio.get_running_loop().time()))
        return self.replies.pop(0)

    def drop(self) -> None:
        """The connection is gone, for both sides."""
        self.connection.lost()


class Machine:
    """A client machine: its owner, its connections, its session. `call` sends one compound and decodes the reply."""

    def __init__(self, house: House, name: str, uid: int = 0) -> None:
        self.name = name.encode()
        self.credential = auth_sys(uid, uid, (), self.name)
        self.callbacks = CallbackService()
        self.connect(house)
        self.xid = 0
        self.sequence = 0
        self.clientid = 0
        self.sessionid = b""
        self.minor = 2

    def connect(self, house: House) -> None:
        """A new connection in the place of the last one; what the machine knows of its session stays."""
        self.house = house
        self.line = Line(self)

    @property
    def connection(self) -> Connection:
        return self.line.connection

    @property
    def client(self) -> Client:
        return self.house.state.by_sessionid[self.sessionid].client

    async def record(self, message: bytes) -> bytes:
        """What comes back for one RPC message; empty when the connection was closed instead."""
        self.send(message)
        return await self.answer()

    def send(self, message: bytes) -> None:
        """Everything that the gateway does for it in one turn of the loop has been done on return."""
        self.line.send(message)

    async def answer(self) -> bytes:
        return await self.line.answer()

    def message(self, body: bytes) -> bytes:
        self.xid += 1
        head = Writer()
        for word in (self.xid, 0, 2, 100003, 4, 1):
            head.u32(word)
        head.raw(self.credential)
        head.raw(OPAQUE_AUTH_NONE)
        return head.getvalue() + body

    def compound(self, *operations: w4.nfs_argop4) -> bytes:
        writer = Writer()
        w4.pack_COMPOUND4args(writer, w4.COMPOUND4args(b"", self.minor, list(operations)))
        return writer.getvalue()

    async def call(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        reply = await self.record(self.message(self.compound(*operations)))
        return w4.unpack_COMPOUND4res(Reader(reply[REPLY_HEADER:]))

    async def join(self, back: bool = False, channel: w4.channel_attrs4 = CHANNEL) -> None:
        """EXCHANGE_ID, CREATE_SESSION, RECLAIM_COMPLETE: at first, and after a restart of the gateway. `back`: with
        callbacks over this connection."""
        await self.begin_session(await self.exchange(), back, channel)
        await self.complete()

    async def complete(self) -> None:
        """RECLAIM_COMPLETE."""
        complete = w4.RECLAIM_COMPLETE4args(False)
        await self.ok(w4.nfs_argop4(w4.OP_RECLAIM_COMPLETE, opreclaim_complete=complete))

    async def exchange(self) -> w4.EXCHANGE_ID4resok:
        owner = w4.client_owner4(b"verifier", self.name)
        protect = w4.state_protect4_a(w4.SP4_NONE)
        exchange = w4.EXCHANGE_ID4args(owner, 0, protect, [])
        done = await self.call(w4.nfs_argop4(w4.OP_EXCHANGE_ID, opexchange_id=exchange))
        answer = done.resarray[0].opexchange_id
        assert answer is not None
        assert answer.eir_resok4 is not None
        self.clientid = answer.eir_resok4.eir_clientid
        return answer.eir_resok4

    async def begin_session(
        self, exchanged: w4.EXCHANGE_ID4resok, back: bool = False, channel: w4.channel_attrs4 = CHANNEL
    ) -> None:
        """CREATE_SESSION: this is the machine's session from now on."""
        args = w4.CREATE_SESSION4args(
            self.clientid,
            exchanged.eir_sequenceid,
            w4.CREATE_SESSION4_FLAG_CONN_BACK_CHAN if back else 0,
            w4.channel_attrs4(0, 1 << 20, 1 << 20, 8192, 64, 8, []),
            channel,
            PROGRAM,
            [w4.callback_sec_parms4(AUTH_SYS, MACHINE_CREDENTIAL)],
        )
        done = await self.call(w4.nfs_argop4(w4.OP_CREATE_SESSION, opcreate_session=args))
        session = done.resarray[0].opcreate_session
        assert session is not None
        assert session.csr_resok4 is not None
        self.sessionid = session.csr_resok4.csr_sessionid
        self.sequence = 0
        self.callbacks.begin(self.sessionid)

    async def bind(self, direction: int = w4.CDFC4_BACK_OR_BOTH) -> w4.COMPOUND4res:
        """BIND_CONN_TO_SESSION of this connection."""
        args = w4.BIND_CONN_TO_SESSION4args(self.sessionid, direction, False)
        return await self.call(w4.nfs_argop4(w4.OP_BIND_CONN_TO_SESSION, opbind_conn_to_session=args))

    def next(self, cache: bool = False) -> w4.nfs_argop4:
        """SEQUENCE on slot 0."""
        self.sequence += 1
        return w4.nfs_argop4(w4.OP_SEQUENCE, opsequence=w4.SEQUENCE4args(self.sessionid, self.sequence, 0, 0, cache))

    async def flags(self) -> int:
        """sr_status_flags."""
        done = await self.ok()
        first = done.resarray[0].opsequence
        assert first is not None
        assert first.sr_resok4 is not None
        return first.sr_resok4.sr_status_flags

    async def run(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        return await self.call(self.next(), *operations)

    async def ok(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        done = await self.run(*operations)
        assert done.status == w4.NFS4_OK, w4.nfsstat4_names[done.status]
        return done


async def turns(count: int = 10) -> None:
    """Lets what is on its way between machines and gateway arrive."""
    for _ in range(count):
        await asyncio.sleep(0)


ROOT = w4.nfs_argop4(w4.OP_PUTROOTFH)


def lookup(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_LOOKUP, oplookup=w4.LOOKUP4args(name))


def mkdir(name: bytes) -> w4.nfs_argop4:
    kind = w4.createtype4(w4.NF4DIR)
    return w4.nfs_argop4(w4.OP_CREATE, opcreate=w4.CREATE4args(kind, name, w4.fattr4(0, b"")))


def remove(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_REMOVE, opremove=w4.REMOVE4args(name))


def getattr_(mask: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_GETATTR, opgetattr=w4.GETATTR4args(mask))
