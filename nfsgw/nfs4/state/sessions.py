"""Clients, sessions and slots: the values, and the slot machine that gives exactly-once. RFC 8881, 2.4, 2.10 and 18.46.

A slot is NEVER used, BUSY with one request, or IDLE with the reply of its last one. What a request on it means
follows from that and from how its sequence id relates to the last one that the slot finished; see VERDICTS. The reply
is what the retransmission gets, word for word: it must be kept before the original is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.ranges import LockOwner
from nfsgw.nfs4.state.stateids import StateObject
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import (
    NFS4ERR_DEADSESSION,
    NFS4ERR_DELAY,
    NFS4ERR_RETRY_UNCACHED_REP,
    NFS4ERR_SEQ_FALSE_RETRY,
    NFS4ERR_SEQ_MISORDERED,
    CREATE_SESSION4resok,
    SEQUENCE4resok,
    callback_sec_parms4,
    channel_attrs4,
)
from nfsgw.wire.runtime import Reader, Writer

if TYPE_CHECKING:
    from nfsgw.nfs4.minor0.clients import OldClient

SEQUENCE_MAX: Final = 0xFFFF_FFFF

FORE: Final = 1  # channel_dir_from_server4, as bits of what a connection carries
BACK: Final = 2

KEPT_ANYWAY: Final = 1024
"""Replies of up to this many bytes are kept though nobody asked: cheaper than to make a client start over."""

SEQUENCE_RESULT: Final = 4 + 4 + 16 + 5 * 4
"""Bytes of one encoded SEQUENCE result: number, status, SEQUENCE4resok."""

SMALLEST_REQUEST: Final = 40 + 12 + 4 + 32
"""Bytes of a call that holds one SEQUENCE: RPC header without credentials, COMPOUND without tag, SEQUENCE4args."""

SMALLEST_REPLY: Final = 24 + 12 + SEQUENCE_RESULT
"""Bytes of a reply that holds one SEQUENCE: RPC header, COMPOUND without tag, its result."""

# -- the slot machine
# States:
NEVER: Final = 0
IDLE: Final = 1
BUSY: Final = 2
# How a sequence id relates to the last one that the slot finished (to 0 when it finished none), modulo 2**32:
SAME: Final = 0
NEXT: Final = 1
SECOND: Final = 2
OTHER: Final = 3
# Verdicts:
NEW: Final = 0
REPLAY: Final = 1
WAIT: Final = 2
MISORDERED: Final = 3

# The request after the last finished one is new. The last finished one again is a retransmission. While one is in
# progress, its retransmission (NEXT) and its successor (SECOND: the client has given up on the one in progress) wait
# until the slot is idle and are judged then: an error would tell the client something about a slot that is about to
# change. NFS4ERR_DELAY, which 2.10.6.2 suggests, makes Linux wait 15 seconds for a reply that is milliseconds away. A
# sequence id of 0 on a slot that was never used gets the contrived reply of 18.36.4.
VERDICTS: Final = (
    # SAME      NEXT  SECOND      OTHER
    (MISORDERED, NEW, MISORDERED, MISORDERED),  # NEVER
    (REPLAY, NEW, MISORDERED, MISORDERED),  # IDLE
    (MISORDERED, WAIT, WAIT, MISORDERED),  # BUSY
)

MAX_WAITERS: Final = 4
"""Requests that wait for one busy slot; more get DELAY."""


class SlotUse:
    """A slot, and the request that it is busy with.

    `begin` takes a request; then exactly one of `finish` (its reply is final), `retract` (SEQUENCE itself failed
    after all: the slot is as before) and `abandon` (the outcome is lost) ends it.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.state = NEVER
        self.seqid = 0  # of the last request that finished
        self.digest = 0
        self.reply: bytes | None = None  # COMPOUND4res: of the last finished request, or what stands for it
        self.cache_this = False  # of the request in progress
        self._was = NEVER  # the state to go back to when the request in progress is retracted
        self.next_digest = 0  # of the request in progress
        self._limit = 0  # bytes that may be kept of the reply in progress
        self._idle: Completion | None = None
        self._waiters = 0

    def begin(self, seqid: int, cache_this: bool, digest: int, limit: int) -> int:
        """NEW: the slot is busy with this request now. REPLAY: `reply` is what was answered.

        `digest` tells requests apart: the caller has mixed the user into it, because a retry by another user must
        never see the reply (2.10.6.1.3.1). `limit`: bytes of a reply that may be kept. Raises Suspend while another
        request is in progress; SEQ_MISORDERED, SEQ_FALSE_RETRY, DELAY (too many wait already), DEADSESSION (the
        outcome is lost).
        """
        relation = (seqid - self.seqid) & SEQUENCE_MAX
        verdict = VERDICTS[self.state][relation if relation < OTHER else OTHER]
        if verdict == NEW:
            self._was = self.state
            self.state = BUSY
            self.cache_this = cache_this
            self.next_digest = digest
            self._limit = limit
            return NEW
        if verdict == REPLAY:
            if digest != self.digest:
                raise NFSError(NFS4ERR_SEQ_FALSE_RETRY)
            if self.reply is None:
                raise NFSError(NFS4ERR_DEADSESSION)
            return REPLAY
        if verdict == WAIT:
            if self._waiters >= MAX_WAITERS:
                raise NFSError(NFS4ERR_DELAY)
            if self._idle is None:
                self._idle = Completion()
            self._waiters += 1
            raise Suspend(self._idle)
        raise NFSError(NFS4ERR_SEQ_MISORDERED)

    def finish(self, writer: Writer, start: int, changes: bool) -> None:
        """The reply is complete: COMPOUND4res stands in `writer` from position `start`. To be called before it is sent.

        It is kept where the client asked for it, where any operation of the compound changed something (`changes`),
        or where it is small. Of others a short reply stands for it: SEQUENCE as it was, and RETRY_UNCACHED_REP for
        the operation after it.
        """
        size = writer.length() - start
        keep = self.cache_this or (changes and size <= self._limit) or size <= KEPT_ANYWAY
        if keep:
            self.reply = writer.getvalue()[start:]
        else:
            self.reply = uncached(bytes(writer.segments()[0]), start)
        self._end(True)

    def retract(self) -> None:
        self._end(False)

    def abandon(self) -> None:
        self.reply = None
        self._end(True)

    def _end(self, used: bool) -> None:
        if used:
            self.state = IDLE
            self.seqid = (self.seqid + 1) & SEQUENCE_MAX
            self.digest = self.next_digest
        else:
            self.state = self._was
        self.cache_this = False
        idle = self._idle
        self._idle = None
        self._waiters = 0
        if idle is not None:
            idle.finish()


def uncached(head: bytes, start: int) -> bytes:
    """What a retransmission gets when the reply was not kept (2.10.6.1.3). `head` holds at least the original's
    SEQUENCE result and the number of the operation after it; only replies of two operations and more get here, one
    SEQUENCE is small."""
    reader = Reader(head[start:])
    reader.u32()
    tag = reader.opaque(len(head))
    reader.u32()
    sequence = reader.fixed(SEQUENCE_RESULT)
    number = reader.u32()
    writer = Writer()
    writer.u32(NFS4ERR_RETRY_UNCACHED_REP)
    writer.opaque(tag)
    writer.u32(2)
    writer.raw(sequence)
    writer.u32(number)
    writer.u32(NFS4ERR_RETRY_UNCACHED_REP)
    return writer.getvalue()


class Session:
    """One session of a client: its channels, its slots, and the connections that carry them."""

    def __init__(
        self,
        sessionid: bytes,
        client: Client,
        flags: int,
        fore: channel_attrs4,
        back: channel_attrs4,
        cb_program: int,
        cb_sec_parms: list[callback_sec_parms4],
        created: float,
    ) -> None:
        self.sessionid = sessionid
        self.client = client
        self.flags = flags  # csr_flags
        self.fore = fore
        self.back = back
        self.cb_program = cb_program
        self.cb_sec_parms = cb_sec_parms
        self.created = created
        self.max_request_size = fore.ca_maxrequestsize
        self.max_response_size = fore.ca_maxresponsesize
        self.max_response_size_cached = fore.ca_maxresponsesize_cached
        self.max_operations = fore.ca_maxoperations
        self.slots = [SlotUse(number) for number in range(fore.ca_maxrequests)]
        self.target_highest_slot = fore.ca_maxrequests - 1
        self._target_told = True
        self.connections: dict[object, int] = {}  # what each carries: FORE, BACK or both
        self.last_connection: object = None
        self.stored = False  # replies of it are on stable storage
        self.wants_back = False  # it has, or had, a connection for callbacks
        self.status = 0  # sr_status_flags of this session alone
        self.gone = False

    def answer(self, slot: SlotUse, seqid: int) -> SEQUENCE4resok:
        self._target_told = True
        status = self.client.status | self.status
        return SEQUENCE4resok(self.sessionid, seqid, slot.number, len(self.slots) - 1, self.target_highest_slot, status)

    def resize(self, slots: int) -> None:
        """From now on the client may use `slots` slots (1 or more). More are there at once. Fewer are asked for first
        (sr_target_highest_slotid), and taken away by `trim` (2.10.6.1)."""
        self.target_highest_slot = slots - 1
        self._target_told = False
        while len(self.slots) < slots:
            self.slots.append(SlotUse(len(self.slots)))

    def trim(self, highest: int) -> None:
        """The client, told of the target, uses no slot above `highest`: those above the target can go, if nothing
        runs on them."""
        target = self.target_highest_slot
        if len(self.slots) == target + 1 or highest > target or not self._target_told:
            return
        for slot in self.slots[target + 1 :]:
            if slot.state == BUSY:
                return
        del self.slots[target + 1 :]

    def carries_back(self) -> bool:
        return any(channels & BACK for channels in self.connections.values())


class Grant:
    """The request that something is granted to."""

    def settled(self) -> bool:
        """Whether the client has surely seen the reply, or never will."""
        raise NotImplementedError


class SlotGrant(Grant):
    """A request on a slot, told to the client when what it was granted is recalled before the reply can be sure to have
    arrived (2.10.6.3)."""

    def __init__(self, session: Session, slot: SlotUse) -> None:
        self.session = session
        self.slot = slot
        self.seqid = (slot.seqid + 1) & SEQUENCE_MAX

    def settled(self) -> bool:
        """It has, when it has sent a later request on the slot."""
        slot = self.slot
        last = self.seqid if slot.state == IDLE else (self.seqid - 1) & SEQUENCE_MAX
        return self.session.gone or slot.seqid != last


class Look:
    """The change value of a directory that a client was shown, and the request whose reply showed it; or that its own
    change of the directory led to."""

    def __init__(self, change: int, grant: Grant | None) -> None:
        self.change = change
        self.grant = grant

    def taken_in(self, change: int) -> bool:
        """Whether the client knows the directory as it is with this change value."""
        return self.change == change and (self.grant is None or self.grant.settled())


class Client:
    """A client record (18.35.4), and what hangs on it. `renewed`: when a SEQUENCE last renewed the lease."""

    def __init__(self, clientid: int, owner: bytes, verifier: bytes, principal: bytes, now: float) -> None:
        self.clientid = clientid
        self.owner = owner
        self.verifier = verifier
        self.principal = principal
        self.created = now
        self.renewed = now
        self.confirmed = False
        self.gone = False
        self.address = ""
        self.implementation = b""
        self.minor = 1  # minor version that it speaks, and is spoken to
        self.old: OldClient | None = None  # what it has more, and only it, when that is 0
        self.flags = 0  # eir_flags, without CONFIRMED_R
        # the one-slot reply cache of CREATE_SESSION (18.36.4)
        self.last_sequence = 0
        self.last_session: CREATE_SESSION4resok | None = None
        self.last_failed = False  # the sequence id after last_sequence was used by a request that failed
        # what it has
        self.sessions: list[Session] = []
        self.states: dict[bytes, StateObject] = {}  # by stateid4.other
        self.lock_owners: dict[bytes, LockOwner] = {}
        self.looks: dict[int, Look] = {}  # at directories, by inode id
        self.watches = False  # it has asked for the delegation of a directory
        self.delegations = 0  # of those states: delegations, revoked ones not counted
        # inodes whose delegation was revoked and not yet freed, and since when it has been back to them; -1: not yet
        self.lost: dict[int, float] = {}
        self.revoked = 0  # of those states: revoked and not yet freed
        self.revoked_by_flag: dict[int, int] = {}  # the same, by the status flag that says so
        self.waiting = 0  # locks that it waits for
        self.wants_callbacks = False
        self.status = 0  # sr_status_flags
        self.reclaim_complete = False
        self.delegated = False  # it has been granted a delegation
        self.recorded = False  # in the recovery store, so that it may reclaim after a restart

    def slot_count(self) -> int:
        total = 0
        for session in self.sessions:
            total += len(session.slots)
        return total

    def has_state(self) -> bool:
        return len(self.states) > self.revoked
