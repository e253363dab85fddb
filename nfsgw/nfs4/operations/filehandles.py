"""Operations that move the current and the saved filehandle. RFC 8881, 18.8, 18.19 to 18.21, 18.27, 18.28."""

from __future__ import annotations

from nfsgw.nfs4.compound import Compound
from nfsgw.wire.nfs4 import GETFH4resok, PUTFH4args


def putfh(ctx: Compound, args: PUTFH4args) -> None:
    """PUTFH (22). Raises: BADHANDLE, STALE."""
    ctx.move_to(ctx.names.resolve(args.object))


def putrootfh(ctx: Compound, args: None) -> None:
    """PUTROOTFH (24)."""
    ctx.move_to(ctx.names.get(ctx.names.root.id))


def putpubfh(ctx: Compound, args: None) -> None:
    """PUTPUBFH (23): the public filehandle is the root's."""
    putrootfh(ctx, args)


def getfh(ctx: Compound, args: None) -> GETFH4resok:
    """GETFH (10)."""
    return GETFH4resok(ctx.names.handle(ctx.current()))


def savefh(ctx: Compound, args: None) -> None:
    """SAVEFH (32): the current stateid is saved with it."""
    ctx.saved = ctx.current()
    ctx.saved_stateid = ctx.stateid


def restorefh(ctx: Compound, args: None) -> None:
    """RESTOREFH (31). Raises: NOFILEHANDLE where nothing was saved (RFC 8881, 18.27.3)."""
    ctx.handle = ctx.saved_handle()
    ctx.stateid = ctx.saved_stateid
