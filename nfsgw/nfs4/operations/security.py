"""SECINFO and SECINFO_NO_NAME: AUTH_SYS is what the gateway takes for files. RFC 8881, 18.29 and 18.45."""

from __future__ import annotations

from nfsgw.nfs4.compound import Compound
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_NONE, AUTH_SYS


def flavors() -> list[w4.secinfo4]:
    return [w4.secinfo4(AUTH_SYS), w4.secinfo4(AUTH_NONE)]


def secinfo(ctx: Compound, args: w4.SECINFO4args) -> list[w4.secinfo4]:
    """SECINFO (33): consumes the current filehandle (2.6.3.1.1.8). Raises as LOOKUP does."""
    ctx.names.lookup(ctx.current_directory(), args.name, ctx.who)
    leave(ctx)
    return flavors()


def secinfo_no_name(ctx: Compound, style: int) -> list[w4.secinfo4]:
    """SECINFO_NO_NAME (52): of the current filehandle or of its parent. Consumes the current filehandle."""
    if style == w4.SECINFO_STYLE4_PARENT:
        ctx.names.lookup_parent(ctx.current_directory(), ctx.who)
    else:
        ctx.current()
    leave(ctx)
    return flavors()


def leave(ctx: Compound) -> None:
    ctx.handle = None
    ctx.stateid = None
