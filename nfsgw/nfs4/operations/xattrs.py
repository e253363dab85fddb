"""Extended attributes of users: GETXATTR, SETXATTR, LISTXATTRS, REMOVEXATTR. RFC 8276, 8.4."""

from __future__ import annotations

from nfsgw.errors import NFSError
from nfsgw.nfs4.compound import Compound
from nfsgw.nfs4.operations.names import change_info
from nfsgw.wire import nfs4 as w4

OVERHEAD_OF_LIST = 16  # cookie and eof, bytes


def getxattr(ctx: Compound, args: w4.GETXATTR4args) -> bytes:
    """GETXATTR (72): the value. Raises: NOXATTR, ACCESS, TOOSMALL never (there is no room to state)."""
    return ctx.names.getxattr(ctx.current(), args.gxa_name, ctx.who)


def setxattr(ctx: Compound, args: w4.SETXATTR4args) -> w4.change_info4:
    """SETXATTR (73). Raises: EXIST, NOXATTR, XATTR2BIG, NOSPC, ACCESS, INVAL."""
    value = bytes(args.sxa_value)
    inode = ctx.current()
    found = ctx.conflicts(inode)
    if found:
        ctx.names.check_setxattr(inode, args.sxa_key, value, args.sxa_option, ctx.who)
        ctx.recall(found)
    return change_info(ctx.names.setxattr(inode, args.sxa_key, value, args.sxa_option, ctx.who, ctx.now))


def listxattrs(ctx: Compound, args: w4.LISTXATTRS4args) -> w4.LISTXATTRS4resok:
    """LISTXATTRS (74): names after a cookie, which is a position in the sorted list. Raises: TOOSMALL, ACCESS,
    BAD_COOKIE."""
    names = ctx.names.listxattr(ctx.current(), ctx.who)
    start = args.lxa_cookie
    if start > len(names):
        raise NFSError(w4.NFS4ERR_BAD_COOKIE)
    room = args.lxa_maxcount - OVERHEAD_OF_LIST
    chosen: list[bytes] = []
    for name in names[start:]:
        room -= 4 + (len(name) + 3 & ~3)
        if room < 0:
            break
        chosen.append(name)
    end = start + len(chosen)
    if not chosen and end < len(names):
        raise NFSError(w4.NFS4ERR_TOOSMALL)
    return w4.LISTXATTRS4resok(end, chosen, end == len(names))


def removexattr(ctx: Compound, args: w4.REMOVEXATTR4args) -> w4.change_info4:
    """REMOVEXATTR (75). Raises: NOXATTR, ACCESS."""
    inode = ctx.current()
    found = ctx.conflicts(inode)
    if found:
        ctx.names.check_removexattr(inode, args.rxa_name, ctx.who)
        ctx.recall(found)
    return change_info(ctx.names.removexattr(inode, args.rxa_name, ctx.who, ctx.now))
