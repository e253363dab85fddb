"""ALLOCATE, DEALLOCATE, SEEK, IO_ADVISE. RFC 7862, 15.1, 15.4, 15.11, 15.5.

What DEALLOCATE takes away is gone for good when its reply leaves, as with a SETATTR that cuts. ALLOCATE promises what
can be promised where several clients share one store: that there is room now, not that it is kept.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import Changes, Inode
from nfsgw.nfs4.compound import Compound, checked_range
from nfsgw.nfs4.operations.data import clear_set_ids_of, to_read, to_write
from nfsgw.wire import nfs4 as w4

TAKEN_ADVICE: Final = 1 << w4.IO_ADVISE4_WILLNEED | 1 << w4.IO_ADVISE4_WILLNEED_OPPORTUNISTIC


def writable_range(ctx: Compound, stateid: w4.stateid4, offset: int, length: int) -> tuple[Inode, int]:
    """The file, and the end of the range, for an operation that changes it. INVAL for an empty range, as
    fallocate(2)."""
    inode = ctx.current_file()
    end = checked_range(offset, length)
    if not length:
        raise NFSError(w4.NFS4ERR_INVAL)
    to_write(ctx, inode, stateid, end)
    return inode, end


def allocate(ctx: Compound, args: w4.ALLOCATE4args) -> None:
    """ALLOCATE (59): the file reaches to the end of the range at least, and there is room for what it lacks. Raises:
    ISDIR, SYMLINK, WRONG_TYPE, INVAL, ACCESS, OPENMODE, LOCKED, BAD_STATEID, OLD_STATEID, FBIG, NOSPC."""
    inode, end = writable_range(ctx, args.aa_stateid, args.aa_offset, args.aa_length)
    ctx.chunks.require_room(inode, args.aa_offset, end)
    if end > inode.size:
        changes = Changes()
        changes.size = end
        ctx.names.setattr(inode, changes, ctx.who, ctx.now, True)
        ctx.chunks.truncate(inode, end, ctx.now)
    clear_set_ids_of(ctx, inode)


def deallocate(ctx: Compound, args: w4.DEALLOCATE4args) -> None:
    """DEALLOCATE (62): the range reads as zeros, and whole chunks of it take no space. The size stays. Raises: as
    ALLOCATE, and IO."""
    inode, end = writable_range(ctx, args.da_stateid, args.da_offset, args.da_length)
    ctx.chunks.punch(inode, args.da_offset, end, ctx.now)
    clear_set_ids_of(ctx, inode)
    ctx.hold(ctx.chunks.sync(inode))


def seek(ctx: Compound, args: w4.SEEK4args) -> w4.seek_res4:
    """SEEK (69). sr_eof: there is no such thing before the end of the file, where a hole is taken to begin. Raises:
    ISDIR, SYMLINK, WRONG_TYPE, ACCESS, OPENMODE, LOCKED, BAD_STATEID, OLD_STATEID, NXIO, UNION_NOTSUPP."""
    inode = ctx.current_file()
    to_read(ctx, inode, args.sa_stateid)
    if args.sa_offset >= inode.size:
        raise NFSError(w4.NFS4ERR_NXIO)
    if args.sa_what == w4.NFS4_CONTENT_DATA:
        found = ctx.chunks.next_data(inode, args.sa_offset)
    elif args.sa_what == w4.NFS4_CONTENT_HOLE:
        found = ctx.chunks.next_hole(inode, args.sa_offset)
    else:
        raise NFSError(w4.NFS4ERR_UNION_NOTSUPP)
    if found < 0:
        return w4.seek_res4(True, inode.size)
    return w4.seek_res4(found >= inode.size, found)


def io_advise(ctx: Compound, args: w4.IO_ADVISE4args) -> w4.IO_ADVISE4resok:
    """IO_ADVISE (63): who says that he will need a range finds its first chunks fetched. Other advice is not taken, and
    not confirmed. Raises: as SEEK, INVAL."""
    inode = ctx.current_file()
    checked_range(args.iaa_offset, args.iaa_count)
    to_read(ctx, inode, args.iaa_stateid)
    taken = args.iaa_hints & TAKEN_ADVICE
    if taken:
        ctx.chunks.will_need(inode, args.iaa_offset)
    return w4.IO_ADVISE4resok(taken)
