"""READ, WRITE, COMMIT. RFC 8881, 18.22, 18.32, 18.3.

Bytes go between the receive buffer and the chunk layer; what COMMIT or a stable WRITE promises is kept by holding the
reply.
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.door import Buffer
from nfsgw.errors import NFSError
from nfsgw.namespace.model import Changes, Credential, Inode
from nfsgw.nfs4.compound import READ, WRITE, Compound, checked_range
from nfsgw.wire import nfs4 as w4

SET_ID_BITS: Final = 0o6000
ROOT: Final = Credential(0, 0, frozenset())


class ReadResult:
    """READ4resok: `buffers` are its data, in order."""

    def __init__(self, eof: bool, buffers: list[Buffer]) -> None:
        self.eof = eof
        self.buffers = buffers


def read(ctx: Compound, args: w4.READ4args) -> ReadResult:
    """READ (25). Raises: ISDIR, SYMLINK, WRONG_TYPE, ACCESS, OPENMODE, LOCKED, BAD_STATEID, OLD_STATEID, IO."""
    inode = ctx.current_file()
    to_read(ctx, inode, args.stateid)
    offset = args.offset
    size = inode.size
    if offset >= size:
        return ReadResult(True, [])
    count = min(args.count, ctx.settings.max_read, size - offset)
    if not count:
        return ReadResult(False, [])
    buffers = ctx.chunks.read(inode, offset, count)
    ctx.services.counts.bytes_read += count
    return ReadResult(offset + count >= size, buffers)


def to_read(ctx: Compound, inode: Inode, stateid: w4.stateid4) -> None:
    """The caller may read by this stateid, and nobody hides anything from him. Raises: ACCESS, OPENMODE, LOCKED,
    BAD_STATEID, OLD_STATEID."""
    access = w4.OPEN4_SHARE_ACCESS_READ
    held = ctx.state.for_io(ctx.client(), ctx.concrete(stateid), inode.id, access, ctx.instant)
    if not held & access:
        if not may_read_bytes(ctx, inode):
            raise NFSError(w4.NFS4ERR_ACCESS)
        ctx.recall(ctx.conflicts(inode, True))


def may_read_bytes(ctx: Compound, inode: Inode) -> bool:
    """Without an open: read permission, or execute alone, for a client's kernel must read what it may run (RFC 8881,
    6.2.1.3.2). The owner reads what he owns, as where he had opened it before he changed the mode."""
    return ctx.names.permitted(inode, ctx.who) & (READ | 1) != 0 or ctx.who.uid == inode.uid


def may_write(ctx: Compound, inode: Inode, stateid: w4.stateid4) -> bool:
    """Whether the stateid stands for an open that may write. A special stateid says no: then permission bits decide.
    Raises: OPENMODE, BAD_STATEID, OLD_STATEID, LOCKED (a share reservation denies it)."""
    access = w4.OPEN4_SHARE_ACCESS_WRITE
    return ctx.state.for_io(ctx.client(), ctx.concrete(stateid), inode.id, access, ctx.instant) != 0


def write(ctx: Compound, args: w4.WRITE4args) -> w4.WRITE4resok:
    """WRITE (38). Raises: ISDIR, SYMLINK, WRONG_TYPE, ACCESS, OPENMODE, LOCKED, BAD_STATEID, OLD_STATEID, FBIG,
    NOSPC."""
    inode = ctx.current_file()
    data = args.data
    count = len(data)
    to_write(ctx, inode, args.stateid, checked_range(args.offset, count))
    if count:
        ctx.chunks.write(inode, args.offset, data, ctx.now)
        ctx.services.counts.bytes_written += count
        clear_set_ids_of(ctx, inode)
    committed = w4.UNSTABLE4
    if args.stable != w4.UNSTABLE4:
        ctx.hold(ctx.chunks.sync(inode))
        committed = w4.FILE_SYNC4
    return w4.WRITE4resok(count, committed, ctx.chunks.verifier)


def to_write(ctx: Compound, inode: Inode, stateid: w4.stateid4, end: int) -> None:
    """The caller may change bytes up to `end` by this stateid, and nobody trusts the old ones. Raises: ACCESS,
    OPENMODE, LOCKED, BAD_STATEID, OLD_STATEID, FBIG."""
    opened = may_write(ctx, inode, stateid)
    if not opened and ctx.who.uid != inode.uid:
        ctx.require(inode, WRITE, w4.NFS4ERR_ACCESS)
    if end > ctx.settings.max_file_size:
        raise NFSError(w4.NFS4ERR_FBIG)
    if not opened:
        ctx.recall(ctx.conflicts(inode))


def clear_set_ids_of(ctx: Compound, inode: Inode) -> None:
    """A write by another than root takes set-user-ID away, and set-group-ID where the group may execute (write(2))."""
    if not inode.mode & SET_ID_BITS or ctx.who.uid == 0:
        return
    mode = inode.mode & ~0o4000
    if mode & 0o010:
        mode &= ~0o2000
    if mode != inode.mode:
        changes = Changes()
        changes.mode = mode
        ctx.names.setattr(inode, changes, ROOT, ctx.now, True)


def commit(ctx: Compound, args: w4.COMMIT4args) -> w4.COMMIT4resok:
    """COMMIT (5): everything written to the file so far becomes durable, whatever the range. Raises: ISDIR, SYMLINK,
    WRONG_TYPE, INVAL (a range past 64 bits)."""
    inode = ctx.current_file()
    checked_range(args.offset, args.count)
    ctx.hold(ctx.chunks.sync(inode))
    return w4.COMMIT4resok(ctx.chunks.verifier)
