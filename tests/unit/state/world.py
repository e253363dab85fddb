"""A server's state with a clock in the test's hand, and machines that speak to it: the words the state tests are
written in."""

from __future__ import annotations

from nfsgw.nfs4.state.filestate import LockState, OpenState
from nfsgw.nfs4.state.ranges import HeldRange
from nfsgw.nfs4.state.recovery import MemoryRecoveryStore, RecoveryStore
from nfsgw.nfs4.state.sessions import Client, Session, SlotUse
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.state import State
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Writer
from tests.support.clock import Clock

READ, WRITE, BOTH = 1, 2, 3
LEASE = 90.0


class World:
    """One server. `restart` makes the next instance, which knows of the last one only what the recovery store kept."""

    def __init__(
        self,
        settings: StateSettings | None = None,
        store: MemoryRecoveryStore | None = None,
        slow: RecoveryStore | None = None,
    ) -> None:
        self.settings = settings or StateSettings()
        self.store = store or MemoryRecoveryStore()
        self.clock = Clock()
        self.released: list[int] = []
        self._sessions = 0
        self.state = State(self.settings, slow or self.store, self.random, self.released.append, self.now, self.clock)

    @property
    def now(self) -> float:
        return self.clock.seconds

    def random(self, size: int) -> bytes:
        self._sessions += 1
        return self._sessions.to_bytes(size, "big")

    def restart(self) -> World:
        after = World(self.settings, self.store.restarted())
        after._sessions = self._sessions  # no session id is given twice
        return after

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def machine(self, name: str, verifier: int = 1, uid: int = 0) -> Machine:
        """A client that is ready to work: client id, session, RECLAIM_COMPLETE."""
        machine = Machine(self, name, verifier, uid)
        machine.join()
        machine.complete()
        return machine


def channel(
    request: int = 8192, response: int = 8192, cached: int = 8192, operations: int = 16, slots: int = 8
) -> w4.channel_attrs4:
    return w4.channel_attrs4(0, request, response, cached, operations, slots, [])


def parms(flavor: int) -> w4.callback_sec_parms4:
    return w4.callback_sec_parms4(flavor)


class Machine:
    """A client, as far as the state sees it."""

    def __init__(self, world: World, name: str, verifier: int = 1, uid: int = 0) -> None:
        self.world = world
        self.name = name.encode()
        self.verifier = verifier.to_bytes(8, "big")
        self.principal = b"uid %d" % uid
        self.address = "192.0.2.1"
        self.connection = object()
        self.clientid = 0
        self.sequence = 0
        self.sessionid = b""
        self._seqids: dict[tuple[bytes, int], int] = {}

    # -- who it is

    def exchange_id(self, flags: int = 0, how: int = w4.SP4_NONE, minor: int = 1) -> w4.EXCHANGE_ID4resok:
        protect = w4.state_protect4_a(how)
        args = w4.EXCHANGE_ID4args(w4.client_owner4(self.verifier, self.name), flags, protect, [])
        result = self.world.state.exchange_id(args, self.principal, minor, self.address, self.world.now)
        self.clientid = result.eir_clientid
        self.sequence = result.eir_sequenceid
        return result

    def create_session(
        self,
        sequence: int | None = None,
        flags: int = w4.CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
        fore: w4.channel_attrs4 | None = None,
        back: w4.channel_attrs4 | None = None,
        sec_parms: list[w4.callback_sec_parms4] | None = None,
    ) -> w4.CREATE_SESSION4resok:
        args = w4.CREATE_SESSION4args(
            self.clientid,
            self.sequence if sequence is None else sequence,
            flags,
            fore or channel(),
            back or channel(),
            0x40000000,
            [parms(0)] if sec_parms is None else sec_parms,
        )
        result = self.world.state.create_session(args, self.principal, self.connection, self.world.now)
        self.sequence = result.csr_sequence + 1
        self.sessionid = result.csr_sessionid
        return result

    def join(self) -> None:
        self.exchange_id()
        self.create_session()

    def complete(self) -> None:
        self.world.state.reclaim_complete(self.client, self.world.now)

    @property
    def client(self) -> Client:
        return self.session.client

    @property
    def session(self) -> Session:
        return self.world.state.by_sessionid[self.sessionid]

    # -- SEQUENCE

    def begin(
        self,
        slot: int = 0,
        seqid: int | None = None,
        cache_this: bool = False,
        digest: int = 0,
        highest: int | None = None,
        size: int = 200,
        count: int = 2,
        connection: object = None,
    ) -> tuple[Session, SlotUse, bool]:
        key = (self.sessionid, slot)
        if seqid is None:
            seqid = self._seqids.get(key, 0) + 1
        args = w4.SEQUENCE4args(self.sessionid, seqid, slot, slot if highest is None else highest, cache_this)
        begun = self.world.state.begin(args, connection or self.connection, size, count, digest, self.world.now)
        self._seqids[key] = seqid
        return begun

    def renew(self) -> int:
        """A lone SEQUENCE: its status flags."""
        session, slot, _ = self.begin()
        answer = session.answer(slot, self._seqids[(self.sessionid, 0)])
        finish(slot)
        return answer.sr_status_flags

    # -- files

    def open(
        self, inode: int, access: int = BOTH, deny: int = 0, owner: bytes = b"owner", reclaim: bool = False
    ) -> OpenState:
        return self.world.state.open(self.client, owner, inode, access, deny, reclaim, self.world.now)

    def lock(
        self,
        opened: OpenState,
        offset: int = 0,
        length: int = 10,
        kind: int = w4.WRITE_LT,
        owner: bytes = b"locker",
        reclaim: bool = False,
    ) -> LockState | HeldRange:
        return self.world.state.lock(self.client, None, opened, owner, kind, offset, length, reclaim, self.world.now)

    def locked(
        self,
        opened: OpenState,
        offset: int = 0,
        length: int = 10,
        kind: int = w4.WRITE_LT,
        owner: bytes = b"locker",
        reclaim: bool = False,
    ) -> LockState:
        """A lock that must be had."""
        got = self.lock(opened, offset, length, kind, owner, reclaim)
        assert isinstance(got, LockState), f"held from {got.start} to {got.end} by {got.owner.owner!r}"
        return got

    def test(self, stateid: w4.stateid4) -> int:
        return self.world.state.test_stateid(self.client, stateid)


def reply(*results: tuple[int, int, bytes], tag: bytes = b"tag", status: int = 0) -> Writer:
    """A COMPOUND4res of these results (operation, status, body), as the engine encodes one."""
    writer = Writer()
    writer.u32(status)
    writer.opaque(tag)
    writer.u32(len(results))
    for number, result, body in results:
        writer.u32(number)
        writer.u32(result)
        writer.raw(body)
    return writer


SEQUENCE_BODY = bytes(36)


def finish(slot: SlotUse, writer: Writer | None = None, changes: bool = False) -> bytes:
    writer = writer or reply((w4.OP_SEQUENCE, 0, SEQUENCE_BODY))
    slot.finish(writer, 0, changes)
    return writer.getvalue()
