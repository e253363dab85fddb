"""What only the holder of a write delegation knows of its file: size and change, asked for with CB_GETATTR when another
client wants the attributes.

Must never let the inode itself grow by what is not written yet: the size is shown in that answer only, and a reader
who opens the file has it recalled first. RFC 8881, 10.4.3 and 20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import Inode
from nfsgw.nfs4.state.filestate import HELD, Delegation
from nfsgw.suspend import Suspend
from nfsgw.wire import nfs4 as w4

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound

CONCERNED: Final = (
    (1 << w4.FATTR4_CHANGE)
    | (1 << w4.FATTR4_SIZE)
    | (1 << w4.FATTR4_SPACE_USED)
    | (1 << w4.FATTR4_TIME_METADATA)
    | (1 << w4.FATTR4_TIME_MODIFY)
)
"""Attributes that writes which are still in the holder's cache would change."""

SHARE_OF_WAIT: Final = 0.5
"""Of the time for which an operation waits in place, what the holder has for its answer; the rest is for the recall."""


def consult(ctx: Compound, inodes: list[Inode], requested: int) -> None:
    """To be called before the attributes `requested` of these objects are shown. Holders that do not answer have their
    delegation recalled. Raises Suspend; DELAY as Compound.recall does."""
    delegated = ctx.state.delegated
    if not requested & CONCERNED:
        return
    if ctx.client().lost:
        spare_the_unaware(ctx, inodes)
    unanswered: list[Delegation] = []
    waits = False
    for inode in inodes:
        held = delegated.written.get(inode.id)
        if held is None or held.client is ctx.client():
            ctx.sizes.pop(inode.id, None)
            continue
        question = ctx.questions.get(inode.id)
        if question is not None and question.held is held and inode.id in ctx.sizes:
            continue
        if question is None or question.held is not held:
            if held.phase != HELD or ctx.state.table.lapsed(held.client, ctx.instant):
                unanswered.append(held)
                continue
            question = delegated.ask(held, ctx.state.settings.recall_wait * SHARE_OF_WAIT)
            ctx.questions[inode.id] = question
        if not question.done:
            waits = True
        elif question.status == w4.NFS4_OK:
            believe(ctx, inode, held, question.change, question.size)
        else:
            unanswered.append(held)
    if waits:
        if ctx.waiting_since < 0:
            ctx.waiting_since = ctx.instant
        for question in ctx.questions.values():
            if not question.done:
                raise Suspend(question)
    ctx.recall(unanswered)
    for inode in inodes:
        if inode.id in delegated.suspect:
            # Attributes were shown that its holder then did not make true: they must not be those of this change.
            delegated.suspect.discard(inode.id)
            ctx.names.wrote(inode, 0, ctx.now)


def concerned(ctx: Compound) -> bool:
    """Whether `consult` may have anything to do."""
    delegated = ctx.state.delegated
    return bool(delegated.written) or bool(delegated.suspect) or bool(ctx.sizes) or bool(ctx.client().lost)


def dubious(ctx: Compound, inode_id: int) -> bool:
    """Whether its inode alone does not say all about the attributes of an object."""
    delegated = ctx.state.delegated
    return (
        inode_id in delegated.written
        or inode_id in delegated.suspect
        or inode_id in ctx.sizes
        or inode_id in ctx.client().lost
    )


def spare_the_unaware(ctx: Compound, inodes: list[Inode]) -> None:
    """A client that had its delegation revoked hears of it in the SEQUENCE of its next reply. Were there a change value
    in that reply, Linux, which still trusts its cache then, would take it for that of the data that it has, and keep
    them for good. So it is told to come again once it knows, though not after an effect, which would be repeated.

    Raises: DELAY; ACCESS before another operation, which may be the DELEGRETURN by which it gets to know: then Linux
    sends that one without the question.
    """
    if ctx.changed:
        return
    for inode in inodes:
        if ctx.state.delegated.unaware(ctx.client(), inode.id, ctx.instant):
            raise NFSError(w4.NFS4ERR_DELAY if ctx.index == ctx.count - 1 else w4.NFS4ERR_ACCESS)


def believe(ctx: Compound, inode: Inode, held: Delegation, change: int, size: int) -> None:
    """A change value other than that of the grant says that the holder has written: then the file has changed now, and
    once more each time that somebody asks, for it may have written again (10.4.3)."""
    if change == held.change:
        return
    ctx.names.wrote(inode, 0, ctx.now)
    held.shown = inode.change
    ctx.sizes[inode.id] = size


def settle(ctx: Compound, inode: Inode, held: Delegation) -> None:
    """The holder is about to return it. Had it not written what was shown of it, that must not have been this change of
    the file."""
    if held.shown and inode.change == held.shown:
        ctx.names.wrote(inode, 0, ctx.now)
