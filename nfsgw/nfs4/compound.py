"""What one COMPOUND carries from operation to operation, and the services that operations may use.

An operation is a plain function of the Compound and its decoded arguments. It checks, then takes effect, and never
waits: it raises Suspend before its effect, or holds the reply after it. RFC 8881, 16.2.3 (filehandles) and 16.2.3.1.2
(current stateid).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, LNK, REG, Credential, Inode
from nfsgw.nfs4.state.sessions import Grant, SlotGrant
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import (
    NFS4ERR_BAD_STATEID,
    NFS4ERR_DELAY,
    NFS4ERR_GRACE,
    NFS4ERR_INVAL,
    NFS4ERR_ISDIR,
    NFS4ERR_NOFILEHANDLE,
    NFS4ERR_NOTDIR,
    NFS4ERR_OP_NOT_IN_SESSION,
    NFS4ERR_SYMLINK,
    NFS4ERR_WRONG_TYPE,
    stateid4,
)

if TYPE_CHECKING:
    from nfsgw.chunks.door import ChunksDoor
    from nfsgw.namespace.door import NamespaceDoor
    from nfsgw.nfs4.minor0.requests import Request
    from nfsgw.nfs4.settings import EngineSettings
    from nfsgw.nfs4.state.filestate import Delegation, Question
    from nfsgw.nfs4.state.sessions import Client, Session, SlotUse
    from nfsgw.nfs4.state.state import State
    from nfsgw.rpc.core import Connection

READ: Final = 4
WRITE: Final = 2
EXECUTE: Final = 1


class Services:
    """What the engine works with, handed in by the composition root (or a test)."""

    def __init__(
        self,
        names: NamespaceDoor,
        chunks: ChunksDoor,
        state: State,
        settings: EngineSettings,
        wall_clock: Callable[[], int],
        monotonic: Callable[[], float],
    ) -> None:
        self.names = names
        self.chunks = chunks
        self.state = state
        self.settings = settings
        self.wall_clock = wall_clock  # nanoseconds since 1970
        self.monotonic = monotonic  # seconds, never back
        self.counts = state.counts


class Compound:
    """The state of one COMPOUND: current and saved filehandle and stateid, its session and slot, what its reply waits
    for."""

    def __init__(self, services: Services, minor: int, count: int, size: int) -> None:
        self.services = services
        self.names = services.names
        self.chunks = services.chunks
        self.state = services.state
        self.settings = services.settings
        self.minor = minor
        self.count = count  # operations in the request
        self.size = size  # bytes of the whole RPC call, headers included (RFC 8881, 18.36.3: ca_maxrequestsize)
        self.index = 0  # of the operation that runs now
        self.now = 0  # wall clock, nanoseconds
        self.instant = 0.0  # monotonic, seconds
        self.who = NOBODY
        self.principal = b""  # who the RPC credential says the client is (RFC 8881, 2.4.3)
        self.connection: Connection | None = None  # that the call came by
        self.digest = 0  # of the request's bytes and its user: tells a retransmission from a false retry
        self.handle: Inode | None = None
        self.saved: Inode | None = None
        self.stateid: stateid4 | None = None
        self.saved_stateid: stateid4 | None = None
        self.session: Session | None = None
        self.slot: SlotUse | None = None
        self.caller: Client | None = None
        self.request: Request | None = None  # of 4.0: as what it is remembered
        self.granting: Grant | None = None  # of 4.0: the OPEN that runs now
        self.room = NO_BOUND  # bytes that the reply may have where no session says it
        self.lasting = False  # the operation that runs has changed the tree, though its row does not say so
        self.depends = 0  # the commit that the reply must not precede
        self.holds: list[Completion] = []
        self.questions: dict[int, Question] = {}  # to holders of write delegations, by inode id
        self.sizes: dict[int, int] = {}  # what they said of their files: the size to be shown
        self.changed = False  # an operation that changes something has run
        self.waiting_since = -1.0  # when the operation that runs now first waited for delegations; -1: it has not

    # -- filehandles
    def current(self) -> Inode:
        """The current filehandle's object. NOFILEHANDLE."""
        inode = self.handle
        if inode is None:
            raise NFSError(NFS4ERR_NOFILEHANDLE)
        return inode

    def current_directory(self) -> Inode:
        """NOTDIR, or SYMLINK for a symbolic link."""
        inode = self.current()
        if inode.kind != DIR:
            raise NFSError(NFS4ERR_SYMLINK if inode.kind == LNK else NFS4ERR_NOTDIR)
        return inode

    def current_file(self) -> Inode:
        """A regular file for READ, WRITE and their like: ISDIR, SYMLINK, WRONG_TYPE (RFC 8881, 15.1.2.9)."""
        inode = self.current()
        if inode.kind != REG:
            raise NFSError(wrong_type(inode))
        return inode

    def saved_handle(self) -> Inode:
        inode = self.saved
        if inode is None:
            raise NFSError(NFS4ERR_NOFILEHANDLE)
        return inode

    def move_to(self, inode: Inode) -> None:
        """A new current filehandle takes the current stateid away (RFC 8881, 16.2.3.1.2)."""
        self.handle = inode
        self.stateid = None

    # -- who
    def client(self) -> Client:
        """The client whose session this is; of 4.0, the one that the operation or its connection names, or one that
        holds nothing. Only for operations that come after SEQUENCE, where there is one, which the table makes sure
        of."""
        caller = self.caller
        if caller is None:
            raise NFSError(NFS4ERR_OP_NOT_IN_SESSION)
        return caller

    def grant(self) -> Grant | None:
        """This request, as what something is granted to that may be recalled before its reply has arrived."""
        session = self.session
        slot = self.slot
        return self.granting if session is None or slot is None else SlotGrant(session, slot)

    # -- stateids
    def concrete(self, stateid: stateid4) -> stateid4:
        """The stateid that is meant: the current one for the special value (1, zeros). BAD_STATEID when there is none
        (RFC 8881, 8.2.3)."""
        if stateid.seqid == 1 and stateid.other == ZEROS:
            if self.stateid is None:
                raise NFSError(NFS4ERR_BAD_STATEID)
            return self.stateid
        return stateid

    # -- permission and waiting
    def require(self, inode: Inode, bits: int, status: int) -> None:
        if self.names.permitted(inode, self.who) & bits != bits:
            raise NFSError(status)

    def conflicts(self, inode: Inode, only_writers: bool = False) -> list[Delegation]:
        """The delegations of other clients on an object, or only their write delegations. What the client itself
        holds is in nobody's way (RFC 8881, 10.4)."""
        file = self.state.files.by_inode.get(inode.id)
        if file is None or not file.delegations:
            return NO_CONFLICT
        return self.state.delegated.foreign(file, self.client(), only_writers)

    def recall(self, found: list[Delegation]) -> None:
        """Has these returned before the operation takes effect. To be called when nothing else refuses the operation,
        which is run again from its start when they are.

        Raises Suspend; DELAY when they did not come within the bound, while the recall goes on.
        """
        if not found:
            return
        state = self.state
        since = self.waiting_since
        left = state.settings.recall_wait if since < 0 else since + state.settings.recall_wait - self.instant
        if left < TIMER_SLACK:
            raise NFSError(NFS4ERR_DELAY)
        waiter = state.delegated.recall(found, left, self.instant)
        if waiter is not None:
            if since < 0:
                self.waiting_since = self.instant
            raise Suspend(waiter)

    def await_grace(self) -> None:
        """Before a change to the tree. Raises Suspend while a client that has not come back after the restart may trust
        what it has cached; GRACE when that takes longer than one waits for a recall."""
        grace = self.state.grace
        if not grace.trusted(self.instant):
            return
        since = self.waiting_since
        if since < 0:
            since = self.instant
            self.waiting_since = since
        left = since + self.state.settings.recall_wait - self.instant
        if left < TIMER_SLACK:
            raise NFSError(NFS4ERR_GRACE)
        raise Suspend(grace.wait(left))

    def in_use(self, inode: Inode) -> bool:
        """Whether an object that loses its last name must live on for those who have it open."""
        if inode.kind != REG:
            return self.state.is_open(inode.id)
        return self.state.may_be_open(inode.id, self.instant)

    def depend(self, seq: int) -> None:
        """The reply leaves only when this commit is durable."""
        if seq > self.depends:
            self.depends = seq

    def hold(self, completion: Completion | None) -> None:
        """The reply leaves only when this is done too."""
        if completion is not None and not completion.done:
            self.holds.append(completion)


NO_CONFLICT: Final[list[Delegation]] = []
NO_BOUND: Final = 1 << 62
TIMER_SLACK: Final = 0.002  # seconds by which a timer of the event loop may be early
ZEROS: Final = bytes(12)
NOBODY: Final = Credential(65534, 65534, frozenset())


def wrong_type(inode: Inode) -> int:
    """The status for an operation that wants a regular file: RFC 8881, 15.1.2.9 and 18.32.3."""
    if inode.kind == DIR:
        return NFS4ERR_ISDIR
    if inode.kind == LNK:
        return NFS4ERR_SYMLINK
    return NFS4ERR_WRONG_TYPE


def checked_range(offset: int, count: int) -> int:
    """End of a byte range that must fit into 64 bits. INVAL."""
    end = offset + count
    if end > 0xFFFF_FFFF_FFFF_FFFF:
        raise NFSError(NFS4ERR_INVAL)
    return end
