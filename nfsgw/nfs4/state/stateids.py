"""Stateids: what they are made of, the special ones, and the rules of comparing them. RFC 8881, 8.2.

`other` is the boot number (4 bytes), the kind (1) and a counter (7), so it is never used twice, and one of an earlier
boot is simply not found. A StateObject is what a stateid stands for; each client has its own table of them, because a
stateid means something only together with its client (8.2.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.wire.nfs4 import NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID, stateid4

if TYPE_CHECKING:
    from nfsgw.nfs4.state.sessions import Grant

OPEN: Final = 1
LOCK: Final = 2
DELEGATION: Final = 3

SEQID_MAX: Final = 0xFFFF_FFFF
OTHER_ZEROS: Final = b"\x00" * 12
OTHER_ONES: Final = b"\xff" * 12

# What a stateid may be besides a real one (8.2.3). The current stateid is put in its place by the compound, before.
REAL: Final = 0
ANONYMOUS: Final = 1
READ_BYPASS: Final = 2


class StateObject:
    """Something that a client holds under a stateid. `seqid` counts its changes; `revoked` is 0, or the status that
    every use of it gets until FREE_STATEID (EXPIRED, ADMIN_REVOKED, DELEG_REVOKED). `grant`: the request that it was
    given to, where the client may be asked for it back before that has been answered."""

    def __init__(self, kind: int, other: bytes, inode_id: int) -> None:
        self.kind = kind
        self.other = other
        self.inode_id = inode_id
        self.seqid = 1
        self.revoked = 0
        self.grant: Grant | None = None

    def stateid(self) -> stateid4:
        return stateid4(self.seqid, self.other)

    def changed(self) -> None:
        """The next seqid; 0 is left out (8.2.2)."""
        seqid = self.seqid
        self.seqid = 1 if seqid == SEQID_MAX else seqid + 1


class StateidSource:
    """Makes the `other` fields of one boot."""

    def __init__(self, boot: int) -> None:
        self._prefix = boot.to_bytes(4, "big")
        self._count = 0

    def next(self, kind: int) -> bytes:
        count = self._count + 1
        self._count = count
        return self._prefix + ((kind << 56) | count).to_bytes(8, "big")


def special(stateid: stateid4) -> int:
    """ANONYMOUS, READ_BYPASS or REAL. BAD_STATEID for reserved values that mean nothing (or mean the current stateid,
    when there is none)."""
    other = stateid.other
    if other == OTHER_ZEROS:
        if stateid.seqid == 0:
            return ANONYMOUS
        raise NFSError(NFS4ERR_BAD_STATEID)
    if other == OTHER_ONES:
        if stateid.seqid == SEQID_MAX:
            return READ_BYPASS
        raise NFSError(NFS4ERR_BAD_STATEID)
    return REAL


def compare_seqid(given: int, current: int, slots: int) -> None:
    """OLD_STATEID when `given` is an earlier seqid than `current`, BAD_STATEID when it was never given out. 0 stands
    for the current one. `slots`: how many slots the client's sessions have, which bounds how far apart two live
    seqids can be where they wrap (8.2.2)."""
    if given == 0 or given == current:
        return
    wrapped = SEQID_MAX - slots
    if given > wrapped and current <= slots:
        raise NFSError(NFS4ERR_OLD_STATEID)
    if given < current and not (current > wrapped and given <= slots):
        raise NFSError(NFS4ERR_OLD_STATEID)
    raise NFSError(NFS4ERR_BAD_STATEID)
