"""LOCK, LOCKT and LOCKU: byte-range locks. RFC 8881, 18.10 to 18.12.

The owner is the client's own word; which client it is comes from the session alone. A lock that cannot be had is
DENIED at once, with whom it is held by; who asked with a blocking type is told when he can have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.ranges import HeldRange
from nfsgw.wire.nfs4 import (
    NFS4ERR_BAD_STATEID,
    NFS4ERR_DENIED,
    READ_LT,
    READW_LT,
    WRITE_LT,
    WRITEW_LT,
    LOCK4args,
    LOCK4denied,
    LOCK4resok,
    LOCKT4args,
    LOCKU4args,
    lock_owner4,
    stateid4,
)

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound


class DeniedError(NFSError):
    """DENIED, with the lock that is in the way: the body of LOCK's and LOCKT's error arm."""

    def __init__(self, denied: LOCK4denied) -> None:
        super().__init__(NFS4ERR_DENIED)
        self.denied = denied


def denied_by(held: HeldRange) -> DeniedError:
    return DeniedError(
        LOCK4denied(
            held.start,
            held.length(),
            WRITE_LT if held.write else READ_LT,
            lock_owner4(held.owner.clientid, held.owner.owner),
        )
    )


def lock(ctx: Compound, args: LOCK4args) -> LOCK4resok:
    """LOCK (12). Takes over what the owner held in the range, of either type.

    Raises: DENIED (with its body), INVAL, OPENMODE, GRACE, NO_GRACE, RECLAIM_BAD, RECLAIM_CONFLICT, BAD_STATEID,
    OLD_STATEID, EXPIRED, ISDIR, SYMLINK, WRONG_TYPE.
    """
    inode = ctx.current_file()
    client = ctx.client()
    state = ctx.state
    held = None
    opened = None
    owner = b""
    first = args.locker.open_owner
    again = args.locker.lock_owner
    if first is not None:
        opened = state.open_state(client, ctx.concrete(first.open_stateid), inode.id)
        owner = first.lock_owner.owner
    elif again is not None:
        held = state.lock_state(client, ctx.concrete(again.lock_stateid), inode.id)
    else:
        raise NFSError(NFS4ERR_BAD_STATEID)
    handle = ctx.names.handle(inode) if args.locktype in (READW_LT, WRITEW_LT) else b""
    got = state.lock(
        client, held, opened, owner, args.locktype, args.offset, args.length, args.reclaim, ctx.instant, handle
    )
    if isinstance(got, HeldRange):
        raise denied_by(got)
    ctx.depend(state.barrier)
    ctx.stateid = got.stateid()
    return LOCK4resok(ctx.stateid)


def lockt(ctx: Compound, args: LOCKT4args) -> None:
    """LOCKT (13). Raises: DENIED (with its body), INVAL, GRACE, ISDIR, SYMLINK, WRONG_TYPE."""
    inode = ctx.current_file()
    held = ctx.state.locked(
        ctx.client(), args.owner.owner, inode.id, args.locktype, args.offset, args.length, ctx.instant
    )
    if held is not None:
        raise denied_by(held)
    # A holder may have given locks to its processes by itself. LOCK needs no such look: its open had them returned.
    ctx.recall(ctx.conflicts(inode, args.locktype in (READ_LT, READW_LT)))


def locku(ctx: Compound, args: LOCKU4args) -> stateid4:
    """LOCKU (14). A range that is not locked is no error: POSIX unlocks what there is.

    Raises: INVAL, BAD_STATEID, OLD_STATEID, EXPIRED, ISDIR, SYMLINK, WRONG_TYPE.
    """
    inode = ctx.current_file()
    held = ctx.state.lock_state(ctx.client(), ctx.concrete(args.lock_stateid), inode.id)
    ctx.state.unlock(held, args.offset, args.length)
    ctx.stateid = held.stateid()
    return ctx.stateid
