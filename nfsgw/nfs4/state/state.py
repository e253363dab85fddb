"""The whole of the state, as the engine sees it: one object, one method for each thing that a client may do to it.

It decides and applies at once; nothing here waits, except that a request to a busy slot raises Suspend. All errors
are NFSError with the statuses that RFC 8881 names for the operation. `now` is seconds, monotonic.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.metrics.counts import Counts
from nfsgw.nfs4.callbacks.door import Callbacks, NoCallbacks, Paths
from nfsgw.nfs4.minor0.minor0 import Minor0
from nfsgw.nfs4.state import listings
from nfsgw.nfs4.state.channels import back_channel, fore_channel, require_usable
from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.clones import Clones
from nfsgw.nfs4.state.delegations import Delegations
from nfsgw.nfs4.state.files import Files
from nfsgw.nfs4.state.filestate import FileState, LockState, OpenState
from nfsgw.nfs4.state.grace import Grace
from nfsgw.nfs4.state.listings import Row
from nfsgw.nfs4.state.ranges import HeldRange
from nfsgw.nfs4.state.recovery import RecoveryStore
from nfsgw.nfs4.state.replays import Replay, Replays
from nfsgw.nfs4.state.sessions import (
    BACK,
    FORE,
    NEW,
    SMALLEST_REPLY,
    Client,
    Session,
    SlotUse,
)
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import (
    CDFC4_BACK,
    CDFC4_BACK_OR_BOTH,
    CDFC4_FORE,
    CDFC4_FORE_OR_BOTH,
    CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
    CREATE_SESSION4_FLAG_CONN_RDMA,
    CREATE_SESSION4_FLAG_PERSIST,
    NFS4ERR_BAD_HIGH_SLOT,
    NFS4ERR_BADSESSION,
    NFS4ERR_BADSLOT,
    NFS4ERR_CLID_INUSE,
    NFS4ERR_CLIENTID_BUSY,
    NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
    NFS4ERR_INVAL,
    NFS4ERR_NOSPC,
    NFS4ERR_REP_TOO_BIG_TO_CACHE,
    NFS4ERR_REQ_TOO_BIG,
    NFS4ERR_SEQ_MISORDERED,
    NFS4ERR_STALE_CLIENTID,
    NFS4ERR_TOO_MANY_OPS,
    SEQ4_STATUS_CB_PATH_DOWN,
    SEQ4_STATUS_CB_PATH_DOWN_SESSION,
    BIND_CONN_TO_SESSION4args,
    BIND_CONN_TO_SESSION4resok,
    CREATE_SESSION4args,
    CREATE_SESSION4resok,
    EXCHANGE_ID4args,
    EXCHANGE_ID4resok,
    SEQUENCE4args,
    callback_sec_parms4,
    stateid4,
)

SESSION_FLAGS: Final = (
    CREATE_SESSION4_FLAG_PERSIST | CREATE_SESSION4_FLAG_CONN_BACK_CHAN | CREATE_SESSION4_FLAG_CONN_RDMA
)

log = logging.getLogger("nfsgw.nfs4")

UINT32_MAX: Final = 0xFFFF_FFFF


class State:
    """`released(inode_id)` is called whenever the last open of a file is gone, for whatever reason (CLOSE, a client
    that restarted, left, or lost its lease): the engine unpins the inode and tells the namespace. `random_bytes(n)`
    makes session ids. Who can reach clients is put into `callbacks` and `paths` before the first of them comes."""

    def __init__(
        self,
        settings: StateSettings,
        recovery: RecoveryStore,
        random_bytes: Callable[[int], bytes],
        released: Callable[[int], None],
        now: float,
        timers: Timers,
    ) -> None:
        self.settings = settings
        self.timers = timers
        self.counts = Counts()
        nobody = NoCallbacks()
        self.paths: Paths = nobody
        self.grace = Grace(recovery, settings.grace_seconds, now, timers)
        self.table = Clients(settings, recovery.boot)
        self.files = Files(settings, self.table, self.grace, released, timers)
        self.clones = Clones()
        self.replays = Replays(
            recovery, settings.lease_seconds, settings.courtesy_seconds, settings.max_old_sessions, now
        )
        self.delegated = Delegations(
            settings, self.table, self.grace, self.files, timers, nobody, self.counts.delegations
        )
        self.minor0 = Minor0(
            settings,
            self.table,
            self.files,
            self.grace,
            self.clones,
            self.replays,
            recovery,
            random_bytes,
            self._dismantle,
        )
        self.by_sessionid: dict[bytes, Session] = {}
        self._random_bytes = random_bytes
        self._bound: dict[object, list[Session]] = {}

    @property
    def callbacks(self) -> Callbacks:
        return self.delegated.callbacks

    @callbacks.setter
    def callbacks(self, door: Callbacks) -> None:
        self.delegated.callbacks = door
        self.files.waiting.callbacks = door

    @property
    def barrier(self) -> int:
        """The commit of the recovery store that a reply which grants an open or a lock, or answers RECLAIM_COMPLETE,
        must not precede."""
        return self.grace.barrier

    def in_grace(self, now: float) -> bool:
        return self.grace.running(now)

    # -- SEQUENCE

    def begin(
        self, args: SEQUENCE4args, connection: object, size: int, count: int, digest: int, now: float
    ) -> tuple[Session, SlotUse, bool]:
        """The session, its slot, and whether the request is new; if not, `slot.reply` is the answer to it.

        `size`: bytes of the whole call; `count`: its operations; `digest`: of its bytes and its user. Renews the
        lease, and associates the connection with the fore channel (2.10.3.1). Raises Suspend while another request is
        in progress on the slot, Replay when an earlier instance has answered it; BADSESSION, BADSLOT, BAD_HIGH_SLOT,
        TOO_MANY_OPS, REQ_TOO_BIG, REP_TOO_BIG_TO_CACHE, SEQ_MISORDERED, SEQ_FALSE_RETRY, DELAY, DEADSESSION. After an
        error the slot is as it was (2.10.6.1.2).
        """
        session = self.by_sessionid.get(args.sa_sessionid)
        if session is None:
            raise Replay(self.replays.find(args.sa_sessionid, args.sa_slotid, args.sa_sequenceid, digest))
        slots = session.slots
        if args.sa_slotid >= len(slots):
            raise NFSError(NFS4ERR_BADSLOT)
        if args.sa_highest_slotid >= len(slots):
            raise NFSError(NFS4ERR_BAD_HIGH_SLOT)
        if count > session.max_operations:
            raise NFSError(NFS4ERR_TOO_MANY_OPS)
        if size > session.max_request_size:
            raise NFSError(NFS4ERR_REQ_TOO_BIG)
        if args.sa_cachethis and session.max_response_size_cached < SMALLEST_REPLY:
            raise NFSError(NFS4ERR_REP_TOO_BIG_TO_CACHE)
        slot = slots[args.sa_slotid]
        new = slot.begin(args.sa_sequenceid, args.sa_cachethis, digest, self.settings.max_response_size_cached) == NEW
        session.client.renewed = now
        if session.last_connection is not connection:
            session.last_connection = connection
            if connection not in session.connections:
                self._bind(session, connection, FORE)
        if new:
            session.trim(args.sa_highest_slotid)
        return session, slot, new

    # -- clients

    def exchange_id(
        self, args: EXCHANGE_ID4args, principal: bytes, minor: int, address: str, now: float
    ) -> EXCHANGE_ID4resok:
        """EXCHANGE_ID (18.35). `principal`: who the RPC credential says the client is. INVAL, CLID_INUSE, NOENT,
        NOT_SAME, PERM, ENCR_ALG_UNSUPP, DELAY (no room for another client)."""
        leaving: list[Client] = []
        result = self.table.exchange_id(args, principal, minor, address, now, leaving)
        self._dismantle(leaving)
        return result

    def create_session(
        self, args: CREATE_SESSION4args, principal: bytes, connection: object, now: float
    ) -> CREATE_SESSION4resok:
        """CREATE_SESSION (18.36). The first one confirms the client, and what its earlier incarnation held goes.

        The one-slot reply cache moves only on success. A request that failed may or may not have used up its sequence
        id in the client's eyes (the RFC says it did, knfsd that it did not, and clients and test suites rely on
        either), so both go on. STALE_CLIENTID, SEQ_MISORDERED, INVAL, TOOSMALL, NOENT (only RPCSEC_GSS callbacks, of
        a context that is not known here), CLID_INUSE, NOSPC (too many sessions of this client), DELAY
        (too many in all).
        """
        client = self.table.get(args.csa_clientid, now)
        ahead = (args.csa_sequence - client.last_sequence) & UINT32_MAX
        if ahead == 0:
            if client.last_session is None:
                raise NFSError(NFS4ERR_SEQ_MISORDERED)
            return client.last_session
        if ahead != 1 and not (ahead == 2 and client.last_failed):
            raise NFSError(NFS4ERR_SEQ_MISORDERED)
        client.last_failed = True
        if args.csa_flags & ~SESSION_FLAGS:
            raise NFSError(NFS4ERR_INVAL)
        require_usable(args.csa_sec_parms)
        fore = fore_channel(self.settings, args.csa_fore_chan_attrs)
        back = back_channel(args.csa_back_chan_attrs)
        if not client.confirmed and client.principal != principal:
            raise NFSError(NFS4ERR_CLID_INUSE)
        if len(client.sessions) >= self.settings.max_sessions_per_client:
            raise NFSError(NFS4ERR_NOSPC)
        leaving: list[Client] = []
        if len(self.by_sessionid) >= self.settings.max_sessions:
            client.renewed = now  # it is here, so it is not the one to go
            self.table.make_room(now, leaving)
            self._dismantle(leaving)
            leaving = []
        if not client.confirmed:
            earlier = self.table.confirm(client, leaving)
            self._dismantle(leaving)
            if earlier is not None:
                told = self.clones.replaced(earlier, client, now)
                if told:
                    log.warning("%s", told)
        flags = args.csa_flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN
        session = Session(
            self._random_bytes(16), client, flags, fore, back, args.csa_cb_program, args.csa_sec_parms, now
        )
        client.sessions.append(session)
        client.renewed = now
        self.by_sessionid[session.sessionid] = session
        self._bind(session, connection, FORE | BACK if flags else FORE)
        client.last_sequence = args.csa_sequence
        client.last_failed = False
        client.last_session = CREATE_SESSION4resok(session.sessionid, args.csa_sequence, flags, fore, back)
        return client.last_session

    def destroy_clientid(self, clientid: int, own: Session | None, now: float) -> None:
        """DESTROY_CLIENTID (18.50). `own`: the session of the compound, if it has one. STALE_CLIENTID,
        CLIENTID_BUSY."""
        client = self.table.by_id.get(clientid)
        if client is None:
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        if own is not None and own.client is client:
            raise NFSError(NFS4ERR_CLIENTID_BUSY)
        if (client.sessions or client.has_state()) and not self.table.lapsed(client, now):
            raise NFSError(NFS4ERR_CLIENTID_BUSY)
        self._remove(client, now)

    def evict(self, clientid: int, now: float) -> bool:
        """An operator's order: the client and all that it holds are gone at once, as if its lease had run out and
        somebody had wanted it. It may come back as a new one, without its locks. False: there is no such client."""
        client = self.table.by_id.get(clientid)
        if client is None:
            return False
        self._remove(client, now)
        return True

    def _remove(self, client: Client, now: float) -> None:
        leaving: list[Client] = []
        self.table.remove(client, leaving)
        self._dismantle(leaving)
        if client.confirmed:
            self.grace.left(client, now)

    def reclaim_complete(self, client: Client, now: float) -> None:
        """RECLAIM_COMPLETE for the whole server (18.51). COMPLETE_ALREADY."""
        self.grace.complete(client, now)
        self.replays.established(client.owner, now)

    def sweep(self, now: float) -> None:
        """To be called every few seconds: clients that did not confirm, silent ones past the courtesy time, the end
        of grace."""
        leaving: list[Client] = []
        self.table.sweep(now, leaving)
        self._dismantle(leaving)
        self.minor0.sweep(now)
        self.files.settle()
        self.files.revoke_for_waiters(now)
        self.grace.running(now)
        self.replays.sweep(now)
        self.delegated.wake()

    # -- sessions and connections

    def bind_conn_to_session(self, args: BIND_CONN_TO_SESSION4args, connection: object) -> BIND_CONN_TO_SESSION4resok:
        """BIND_CONN_TO_SESSION (18.34). Who would take both channels gets both, on a connection that carried one so
        far too: it is how a client that reconnected gets its callbacks back. BADSESSION; INVAL when a bound
        connection is to carry something else."""
        session = self.by_sessionid.get(args.bctsa_sessid)
        if session is None:
            raise NFSError(NFS4ERR_BADSESSION)
        wanted = args.bctsa_dir
        bound = session.connections.get(connection, 0)
        if wanted in (CDFC4_FORE_OR_BOTH, CDFC4_BACK_OR_BOTH):
            channels = FORE | BACK
        elif wanted == CDFC4_FORE:
            channels = FORE
        elif wanted == CDFC4_BACK:
            channels = BACK
        else:
            raise NFSError(NFS4ERR_INVAL)
        if bound & ~channels or (bound and wanted == CDFC4_BACK and bound != BACK):
            raise NFSError(NFS4ERR_INVAL)
        self._bind(session, connection, channels)
        return BIND_CONN_TO_SESSION4resok(session.sessionid, channels, False)

    def backchannel_ctl(self, session: Session, cb_program: int, sec_parms: list[callback_sec_parms4]) -> None:
        """BACKCHANNEL_CTL (18.33). NOENT as for CREATE_SESSION."""
        require_usable(sec_parms)
        session.cb_program = cb_program
        session.cb_sec_parms = sec_parms
        self.refresh_path(session.client)

    def destroy_session(self, sessionid: bytes, connection: object) -> None:
        """DESTROY_SESSION (18.37). BADSESSION, CONN_NOT_BOUND_TO_SESSION."""
        session = self.by_sessionid.get(sessionid)
        if session is None:
            self.replays.destroyed(sessionid)
            raise NFSError(NFS4ERR_BADSESSION)
        if connection not in session.connections:
            raise NFSError(NFS4ERR_CONN_NOT_BOUND_TO_SESSION)
        session.client.sessions.remove(session)
        self._end_session(session)
        self.refresh_path(session.client)

    def connection_lost(self, connection: object) -> None:
        sessions = self._bound.pop(connection, [])
        for session in sessions:
            session.connections.pop(connection, None)
            if session.last_connection is connection:
                session.last_connection = None
        self.paths.lost(connection)
        for session in sessions:
            self.refresh_path(session.client)

    def _bind(self, session: Session, connection: object, channels: int) -> None:
        if connection not in session.connections:
            self._bound.setdefault(connection, []).append(session)
        session.connections[connection] = channels
        if channels & BACK:
            session.wants_back = True
            session.client.wants_callbacks = True
            self.paths.bound(session, connection)
        self.refresh_path(session.client)

    def refresh_path(self, client: Client) -> None:
        """CB_PATH_DOWN_SESSION for a session that once had a back channel and has none that works, CB_PATH_DOWN for a
        client that has no other session either (18.46.3). To be called when a path comes, goes or is found broken."""
        down = client.wants_callbacks
        for session in client.sessions:
            if session.gone:
                continue
            if self.paths.usable(session):
                down = False
                session.status &= ~SEQ4_STATUS_CB_PATH_DOWN_SESSION
            elif session.wants_back:
                session.status |= SEQ4_STATUS_CB_PATH_DOWN_SESSION
        if down:
            client.status |= SEQ4_STATUS_CB_PATH_DOWN
        else:
            client.status &= ~SEQ4_STATUS_CB_PATH_DOWN
            if self.callbacks.proven(client):
                self.files.waiting.reachable(client)

    def _end_session(self, session: Session) -> None:
        session.gone = True
        self.replays.ended(session)
        del self.by_sessionid[session.sessionid]
        for connection in session.connections:
            sessions = self._bound[connection]
            sessions.remove(session)
            if not sessions:
                del self._bound[connection]
        session.connections.clear()
        session.last_connection = None
        self.paths.ended(session)

    def _dismantle(self, leaving: list[Client]) -> None:
        for client in leaving:
            self.minor0.left(client)
            for session in client.sessions:
                self._end_session(session)
            client.sessions.clear()
            self.delegated.drop(client)
            self.files.drop(client)
            self.grace.unrecord(client)

    # -- stateids, opens and locks

    def for_io(self, client: Client, stateid: stateid4, inode_id: int, access: int, now: float) -> int:
        """READ, WRITE, SETATTR of size: may this stateid do `access` (OPEN4_SHARE_ACCESS_READ or _WRITE)?

        The access of the open that it belongs to (through its lock state too) or of the delegation, or 0 for a
        special stateid, which has none: then the caller checks permissions and recalls delegations, as it checks
        permissions for READ through an open whose access has no READ. BAD_STATEID,
        OLD_STATEID, EXPIRED and its like, OPENMODE, LOCKED (an open denies it), GRACE (a special stateid, while an
        open that denies it may be reclaimed).
        """
        return self.files.for_io(client, stateid, inode_id, access, now)

    def open_state(self, client: Client, stateid: stateid4, inode_id: int) -> OpenState:
        """For CLOSE, OPEN_DOWNGRADE and LOCK. BAD_STATEID, OLD_STATEID, EXPIRED and its like."""
        return self.files.open_state(client, stateid, inode_id)

    def lock_state(self, client: Client, stateid: stateid4, inode_id: int) -> LockState:
        """For LOCK and LOCKU. BAD_STATEID, OLD_STATEID, EXPIRED and its like."""
        return self.files.lock_state(client, stateid, inode_id)

    def test_stateid(self, client: Client, stateid: stateid4) -> int:
        return self.files.test(client, stateid)

    def free_stateid(self, client: Client, stateid: stateid4) -> None:
        """BAD_STATEID, OLD_STATEID, LOCKS_HELD."""
        self.files.free(client, stateid)

    def check_open(self, client: Client, inode_id: int, access: int, deny: int, reclaim: bool, now: float) -> None:
        """All that can refuse an OPEN, before anything takes effect. `access` and `deny` without the WANT bits;
        `inode_id` 0: the file does not exist yet; `reclaim`: CLAIM_PREVIOUS. State of silent clients that forbids it
        is revoked.

        INVAL, GRACE, NO_GRACE, RECLAIM_BAD, RECLAIM_CONFLICT, SHARE_DENIED, NOSPC (too many opens; NFSv4.1 has no
        RESOURCE).
        """
        self.files.check_open(client, inode_id, access, deny, reclaim, now)

    def open(
        self, client: Client, owner: bytes, inode_id: int, access: int, deny: int, reclaim: bool, now: float
    ) -> OpenState:
        """What check_open says, and then a new open, or an upgrade of the one that the owner has: `stateid()` is
        OPEN's stateid."""
        return self.files.open(client, owner, inode_id, access, deny, reclaim, now)

    def downgrade(self, opened: OpenState, access: int, deny: int) -> None:
        """INVAL when the modes are not a union of modes that it was opened with (18.18.3)."""
        self.files.downgrade(opened, access, deny)

    def close(self, opened: OpenState) -> None:
        """Its locks go with it (18.2.3). Calls `released` when it was the file's last open."""
        self.files.close(opened)

    def may_be_open(self, inode_id: int, now: float) -> bool:
        """Whether it is open, or somebody may be about to reclaim that it was."""
        return inode_id in self.files.by_inode or self.grace.running(now)

    def is_open(self, inode_id: int) -> bool:
        return inode_id in self.files.by_inode

    def file(self, inode_id: int) -> FileState | None:
        return self.files.by_inode.get(inode_id)

    def lock(
        self,
        client: Client,
        held: LockState | None,
        opened: OpenState | None,
        owner: bytes,
        locktype: int,
        offset: int,
        length: int,
        reclaim: bool,
        now: float,
        handle: bytes = b"",
    ) -> LockState | HeldRange:
        """LOCK by a lock state that is there (`held`), or by `owner` through `opened`: the lock state with its new
        seqid, or the range that forbids it. `handle`: the file's, given by who would wait: if denied, he is told when
        he can have it, and it is kept for him a while. INVAL, OPENMODE, GRACE, NO_GRACE, RECLAIM_BAD,
        RECLAIM_CONFLICT."""
        return self.files.lock(client, held, opened, owner, locktype, offset, length, reclaim, now, handle)

    def locked(
        self, client: Client, owner: bytes, inode_id: int, locktype: int, offset: int, length: int, now: float
    ) -> HeldRange | None:
        """LOCKT: the range that would forbid the lock. INVAL, GRACE."""
        return self.files.locked(client, owner, inode_id, locktype, offset, length, now)

    def unlock(self, held: LockState, offset: int, length: int) -> None:
        """LOCKU. INVAL."""
        self.files.unlock(held, offset, length)

    def without_callbacks(self) -> list[Client]:
        """Clients that had a back channel and have none now."""
        return [client for client in self.table.by_id.values() if client.status & SEQ4_STATUS_CB_PATH_DOWN]

    # -- listings

    def clients(self, now: float) -> list[Row]:
        return listings.clients(self.table, now)

    def sessions(self, now: float) -> list[Row]:
        return listings.sessions(self.by_sessionid.values(), now)

    def opens(self) -> list[Row]:
        return listings.opens(self.files)

    def delegations(self, now: float) -> list[Row]:
        return listings.delegations(self.files, now)

    def locks(self) -> list[Row]:
        return listings.locks(self.files)
