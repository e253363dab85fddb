"""The whole of the state, as the engine sees it: one object, one method for each thing that a client may do to it.

It decides and applies at once; nothing here waits, except that a request to a busy slot raises Suspend. All errors are NFSError with the
statuses that RFC 8881 names for the operation. `now` is seconds, monotonic.
"""

from __future__ import annotations

from collections.abc import Callable

from nfsgw.nfs4.state.files import FileState, LockState, OpenState
from nfsgw.nfs4.state.recovery import RecoveryStore
from nfsgw.nfs4.state.sessions import Client, Session, SlotUse
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.stateids import StateObject
from nfsgw.wire import nfs4 as w4


class State:
    """SIGNATURES: being filled in.

    `released(inode_id)` is called whenever the last open of a file is gone, for whatever reason (CLOSE, a client that restarted,
    left, or lost its lease): the engine unpins the inode and tells the namespace. `barrier`: the commit of the recovery store
    that a reply which grants an open or a lock must not precede.
    """

    def __init__(
        self,
        settings: StateSettings,
        recovery: RecoveryStore,
        random_bytes: Callable[[int], bytes],
        released: Callable[[int], None],
        now: float,
    ) -> None: ...

    barrier: int

    # -- clients and sessions (called by operations/sessions.py)
    def exchange_id(self, args: w4.EXCHANGE_ID4args, principal: bytes, minor: int, peer: str, now: float) -> w4.EXCHANGE_ID4resok: ...
    def create_session(self, args: w4.CREATE_SESSION4args, principal: bytes, connection: object, now: float) -> w4.CREATE_SESSION4resok: ...
    def begin(self, args: w4.SEQUENCE4args, connection: object, size: int, count: int, digest: int, now: float) -> SlotUse: ...
    def bind_conn_to_session(self, args: w4.BIND_CONN_TO_SESSION4args, connection: object) -> w4.BIND_CONN_TO_SESSION4resok: ...
    def destroy_session(self, sessionid: bytes, connection: object) -> None: ...
    def destroy_clientid(self, clientid: int, own: Session | None, now: float) -> None: ...
    def reclaim_complete(self, client: Client, now: float) -> None: ...
    def connection_lost(self, connection: object) -> None: ...
    def sweep(self, now: float) -> None:
        """To be called every few seconds: unconfirmed clients, silent clients past the courtesy bound, the end of grace."""
    def in_grace(self, now: float) -> bool: ...

    # -- stateids
    def for_io(self, client: Client, stateid: w4.stateid4, inode_id: int, access: int, now: float) -> OpenState | None:
        """READ, WRITE, SETATTR of size: may this stateid do `access` (OPEN4_SHARE_ACCESS_READ or _WRITE)? The open it belongs to
        (through its lock state too), or None for a special stateid, which has no open: then the caller checks permissions, as it does for
        a READ through an open without READ. BAD_STATEID, OLD_STATEID, EXPIRED, OPENMODE, LOCKED (a foreign deny forbids it)."""
    def open_state(self, client: Client, stateid: w4.stateid4, inode_id: int) -> OpenState:
        """For CLOSE, OPEN_DOWNGRADE, LOCK of a new owner: BAD_STATEID, OLD_STATEID, EXPIRED."""
    def lock_state(self, client: Client, stateid: w4.stateid4, inode_id: int) -> LockState: ...
    def test_stateid(self, client: Client, stateid: w4.stateid4) -> int: ...
    def free_stateid(self, client: Client, stateid: w4.stateid4) -> None: ...

    # -- opens (share access and deny bits already stripped of the WANT bits)
    def check_open(self, client: Client, inode_id: int, access: int, deny: int, reclaim: bool, now: float) -> None:
        """All that can refuse an OPEN, before anything takes effect: INVAL, GRACE, NO_GRACE, SHARE_DENIED, NOSPC. `inode_id` 0: the file does not
        exist yet. Drops conflicting state of clients whose lease has run out. `reclaim`: CLAIM_PREVIOUS."""
    def open(self, client: Client, owner: bytes, inode_id: int, access: int, deny: int, reclaim: bool, now: float) -> OpenState:
        """check_open, then a new open or an upgrade of the one that the owner has."""
    def downgrade(self, opened: OpenState, access: int, deny: int) -> None:
        """INVAL when the modes are not a union of modes it was opened with."""
    def close(self, opened: OpenState) -> None:
        """Its locks go too (18.2.3)."""
    def is_open(self, inode_id: int) -> bool: ...
    def file(self, inode_id: int) -> FileState | None: ...

    # -- for the admin interface
    def clients(self, now: float) -> list[dict[str, object]]: ...
    def sessions(self, now: float) -> list[dict[str, object]]: ...
    def opens(self, now: float) -> list[dict[str, object]]: ...
    def locks(self, now: float) -> list[dict[str, object]]: ...
    def state_object(self, client: Client, stateid: w4.stateid4, inode_id: int) -> StateObject: ...
