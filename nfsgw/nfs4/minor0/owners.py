"""Sequence ids of open owners and lock owners, and the one reply that is kept for each. RFC 7530, 9.1.7 to 9.1.11.

A request is the next one of its owner, or the last one again, or BAD_SEQID. It must never run twice, and the
retransmission gets the answer word for word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.sessions import Grant
from nfsgw.wire.nfs4 import (
    NFS4_OK,
    NFS4ERR_BAD_SEQID,
    NFS4ERR_BAD_STATEID,
    NFS4ERR_BADXDR,
    NFS4ERR_MOVED,
    NFS4ERR_NOFILEHANDLE,
    NFS4ERR_RESOURCE,
    NFS4ERR_STALE_CLIENTID,
    NFS4ERR_STALE_STATEID,
    LOCK4denied,
)

if TYPE_CHECKING:
    from nfsgw.nfs4.state.sessions import Client

SEQID_MAX: Final = 0xFFFF_FFFF
HALF: Final = 1 << 31

NOT_COUNTED: Final = frozenset(
    (
        NFS4ERR_BAD_SEQID,
        NFS4ERR_BAD_STATEID,
        NFS4ERR_BADXDR,
        NFS4ERR_MOVED,
        NFS4ERR_NOFILEHANDLE,
        NFS4ERR_RESOURCE,
        NFS4ERR_STALE_CLIENTID,
        NFS4ERR_STALE_STATEID,
    )
)
"""Errors after which client and server leave the sequence id as it was (9.1.7)."""


class Sequence:
    """Of one owner: `seqid` is that of the last request that counted; the rest is that request and its answer, as
    values: an exception would keep alive all that it came through. `commit`: what the answer must not precede;
    `inode_id`: the current filehandle that an OPEN left."""

    def __init__(self, seqid: int) -> None:
        self.seqid = seqid
        self.number = 0
        self.digest = 0
        self.result = b""
        self.status = NFS4_OK
        self.denied: LOCK4denied | None = None
        self.commit = 0
        self.inode_id = 0
        self.gone = False

    def repeats(self, seqid: int, number: int, digest: int) -> bool:
        """Whether the request is the last one again. `digest` tells requests of one sequence id apart."""
        return seqid == self.seqid and number == self.number and digest == self.digest

    def require_next(self, seqid: int) -> None:
        """BAD_SEQID."""
        if seqid != (self.seqid + 1) & SEQID_MAX:
            raise NFSError(NFS4ERR_BAD_SEQID)

    def took(self, seqid: int, number: int, digest: int) -> None:
        self.seqid = seqid
        self.number = number
        self.digest = digest
        self.result = b""
        self.status = NFS4_OK
        self.denied = None
        self.commit = 0
        self.inode_id = 0


class OpenOwner(Sequence):
    """An open owner of one client. Until it is `confirmed` what it opened is of no use to it, for its first OPEN may be
    an old one that was under way for long (16.18.5, 9.1.11). `opened`: the stateids of its opens, gone ones maybe
    among them; `closed`: that of the open that its last request closed; `uid`: who did the last one."""

    def __init__(self, client: Client, name: bytes, seqid: int, now: float) -> None:
        super().__init__(seqid)
        self.client = client
        self.name = name
        self.confirmed = False
        self.used = now
        self.opened: set[bytes] = set()
        self.closed = b""
        self.uid = -1

    def idle(self) -> bool:
        """Whether it has nothing open."""
        states = self.client.states
        while self.opened:
            other = next(iter(self.opened))
            if other in states:
                return False
            self.opened.discard(other)
        return True


class OwnerGrant(Grant):
    """An OPEN that grants a delegation. Its reply has arrived when the owner has sent its next request."""

    def __init__(self, sequence: Sequence, seqid: int) -> None:
        self.sequence = sequence
        self.seqid = seqid

    def settled(self) -> bool:
        ahead = (self.sequence.seqid - self.seqid) & SEQID_MAX
        return self.sequence.gone or 0 < ahead < HALF
