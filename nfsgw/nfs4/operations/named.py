"""OPENATTR, and what other operations must think of where an object has named attributes.

Their directory and files are opened, read, listed and removed by the same operations as all others; the namespace knows
their rules. RFC 8881, 18.17 and 5.3; RFC 7530, 16.17.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.namespace.model import DIR, NAMED, Inode
from nfsgw.nfs4.compound import Compound
from nfsgw.wire import nfs4 as w4

if TYPE_CHECKING:
    from nfsgw.nfs4.state.filestate import Delegation

NONE: Final[list[Inode]] = []
NO_IDS: Final[frozenset[int]] = frozenset()


def openattr(ctx: Compound, args: w4.OPENATTR4args) -> None:
    """OPENATTR (19): to the directory of the current object's named attributes. That it is made changes nothing that
    anybody sees, so nobody is asked. Raises: NOENT, WRONG_TYPE, NOTSUPP, ACCESS, NOSPC."""
    ctx.move_to(ctx.names.named_directory(ctx.current(), args.createdir, ctx.who, ctx.now))


def showing(ctx: Compound, directory: Inode, entries: int) -> list[Delegation]:
    """Who must hear that an object has its first named attribute, or none any more: the delegations on it, where
    `directory` is one of named attributes and has so many."""
    if not directory.flags & NAMED or directory.entries != entries:
        return []
    return ctx.conflicts(ctx.names.get(directory.parent))


def attached(ctx: Compound, target: Inode | None) -> list[Inode]:
    """What goes with an object when its last name does: the directory of its named attributes and the files in it."""
    if target is None or not target.named or (target.nlink > 1 and target.kind != DIR):
        return NONE
    return ctx.names.named(target)


def held_on(ctx: Compound, found: list[Delegation], attributes: list[Inode]) -> list[Delegation]:
    for inode in attributes:
        found = found + ctx.conflicts(inode)
    return found


def kept_of(ctx: Compound, attributes: list[Inode]) -> frozenset[int]:
    """Those that are open, and live on."""
    if not attributes:
        return NO_IDS
    return frozenset([inode.id for inode in attributes if inode.kind != DIR and ctx.in_use(inode)])


def part(ctx: Compound, attributes: list[Inode]) -> None:
    """Their directory is about to vanish: the client's own delegation on it, the only one left, ends first."""
    for inode in attributes:
        if inode.kind == DIR and ctx.state.is_open(inode.id):
            ctx.state.delegated.vanish(inode.id)


def let_go(ctx: Compound, attributes: list[Inode]) -> None:
    """The bytes of what has vanished need not be kept."""
    for inode in attributes:
        if inode.gone:
            ctx.chunks.forget(inode.id)
