"""ACCESS, GETATTR, SETATTR, VERIFY, NVERIFY. RFC 8881, 18.1, 18.7, 18.30, 18.31, 18.15; RFC 8276, 8.4 (ACCESS bits of
xattrs)."""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, Changes, Inode
from nfsgw.nfs4.attributes import (
    SET_ONLY_ANY,
    decode_changes,
    fattr_of,
    mask_of,
    readable,
    settable,
    supported,
    values_of,
)
from nfsgw.nfs4.compound import EXECUTE, READ, WRITE, Compound
from nfsgw.nfs4.holders import concerned, consult
from nfsgw.nfs4.operations.data import may_write
from nfsgw.nfs4.operations.named import held_on
from nfsgw.wire import nfs4 as w4

OF_DIRECTORIES: Final = w4.ACCESS4_READ | w4.ACCESS4_LOOKUP | w4.ACCESS4_MODIFY | w4.ACCESS4_EXTEND | w4.ACCESS4_DELETE
OF_OTHERS: Final = w4.ACCESS4_READ | w4.ACCESS4_MODIFY | w4.ACCESS4_EXTEND | w4.ACCESS4_EXECUTE
OF_XATTRS: Final = w4.ACCESS4_XAREAD | w4.ACCESS4_XAWRITE | w4.ACCESS4_XALIST

SHOWS_CHANGE: Final = mask_of(w4.FATTR4_CHANGE)
NOT_COMPARABLE: Final = mask_of(w4.FATTR4_RDATTR_ERROR)


def access(ctx: Compound, args: w4.ACCESS4args) -> w4.ACCESS4resok:
    """ACCESS (3): what the caller may do, of the bits that mean something for the object's type."""
    inode = ctx.current()
    bits = ctx.names.permitted(inode, ctx.who)
    granted = 0
    if inode.kind == DIR:
        known = OF_DIRECTORIES
        if bits & READ:
            granted |= w4.ACCESS4_READ
        if bits & EXECUTE:
            granted |= w4.ACCESS4_LOOKUP
            if bits & WRITE:
                granted |= w4.ACCESS4_MODIFY | w4.ACCESS4_EXTEND | w4.ACCESS4_DELETE
    else:
        known = OF_OTHERS
        if bits & READ:
            granted |= w4.ACCESS4_READ
        if bits & WRITE:
            granted |= w4.ACCESS4_MODIFY | w4.ACCESS4_EXTEND
        if bits & EXECUTE:
            granted |= w4.ACCESS4_EXECUTE
    if ctx.minor >= 2:
        known |= OF_XATTRS
        if bits & READ:
            granted |= w4.ACCESS4_XAREAD | w4.ACCESS4_XALIST
        if bits & WRITE:
            granted |= w4.ACCESS4_XAWRITE
    asked = args.access & known
    return w4.ACCESS4resok(asked, granted & asked)


def getattr(ctx: Compound, args: w4.GETATTR4args) -> bytes:
    """GETATTR (9): fattr4, encoded. Raises: INVAL for attributes that can only be set."""
    inode = ctx.current()
    if concerned(ctx):
        consult(ctx, [inode], args.attr_request)
    if inode.kind == DIR:
        ctx.services.counts.directory_getattrs += 1
        if args.attr_request & SHOWS_CHANGE:
            ctx.state.delegated.looked(ctx.client(), inode.id, inode.change, ctx.grant())
    return fattr_of(ctx, inode, args.attr_request)


def setattr(ctx: Compound, args: w4.SETATTR4args) -> int:
    """SETATTR (34): the mask of what was set, which is all or nothing here.

    A new size needs a stateid that may write, or write permission. Raises: ATTRNOTSUPP, INVAL, BADXDR, PERM, ACCESS,
    ISDIR, BADOWNER, FBIG, NOSPC, OPENMODE, BAD_STATEID, LOCKED.
    """
    inode = ctx.current()
    changes = decode_changes(ctx, args.obj_attributes, settable(ctx.minor))
    apply_changes(ctx, inode, changes, args.stateid)
    return args.obj_attributes.attrmask


def apply_changes(ctx: Compound, inode: Inode, changes: Changes, stateid: w4.stateid4) -> None:
    size = changes.size
    if size is None:
        make_way(ctx, inode, changes, False)
        ctx.names.setattr(inode, changes, ctx.who, ctx.now, False)
        return
    if inode.kind == DIR:
        raise NFSError(w4.NFS4ERR_ISDIR)
    ctx.current_file()
    opened_for_writing = may_write(ctx, inode, stateid)
    make_way(ctx, inode, changes, opened_for_writing)
    ctx.names.setattr(inode, changes, ctx.who, ctx.now, opened_for_writing)
    ctx.chunks.truncate(inode, size, ctx.now)


def make_way(ctx: Compound, inode: Inode, changes: Changes, opened_for_writing: bool) -> None:
    """No other client may trust attributes of the object any more; what is refused recalls nothing."""
    found = ctx.conflicts(inode)
    if inode.named and (changes.mode is not None or changes.uid is not None or changes.gid is not None):
        found = held_on(ctx, found, ctx.names.named(inode))  # they follow
    if found:
        ctx.names.check_setattr(inode, changes, ctx.who, opened_for_writing)
        ctx.recall(found)


def compare(ctx: Compound, attributes: w4.fattr4) -> bool:
    """Whether the object has just these attribute values. ATTRNOTSUPP for one that does not exist, INVAL for one that
    cannot be compared (RFC 8881, 18.31.3)."""
    mask = attributes.attrmask
    if mask & ~supported(ctx.minor):
        raise NFSError(w4.NFS4ERR_ATTRNOTSUPP)
    if mask & (SET_ONLY_ANY | NOT_COMPARABLE) or mask & ~readable(ctx.minor):
        raise NFSError(w4.NFS4ERR_INVAL)
    consult(ctx, [ctx.current()], mask)
    return values_of(ctx, ctx.current(), mask) == attributes.attr_vals


def verify(ctx: Compound, args: w4.VERIFY4args) -> None:
    """VERIFY (37). Raises: NOT_SAME."""
    if not compare(ctx, args.obj_attributes):
        raise NFSError(w4.NFS4ERR_NOT_SAME)


def nverify(ctx: Compound, args: w4.NVERIFY4args) -> None:
    """NVERIFY (17). Raises: SAME."""
    if compare(ctx, args.obj_attributes):
        raise NFSError(w4.NFS4ERR_SAME)
