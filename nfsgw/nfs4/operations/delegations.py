"""DELEGRETURN and what an OPEN answers about delegations; WANT_DELEGATION, GET_DIR_DELEGATION. RFC 8881, 18.6, 18.16,
18.39, 18.49.

Here the words of the protocol are put to state/delegations.py, which knows none of them.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, REG, Inode
from nfsgw.nfs4.compound import READ as PERMISSION_TO_READ
from nfsgw.nfs4.compound import WRITE as PERMISSION_TO_WRITE
from nfsgw.nfs4.compound import Compound
from nfsgw.nfs4.holders import settle
from nfsgw.nfs4.state.filestate import BOTH, READ, WRITE, Delegation, FileState
from nfsgw.nfs4.state.policy import NO_PREFERENCE, WANT_ANY, WANT_READ, WANT_WRITE
from nfsgw.wire import nfs4 as w4

WANT_MASK: Final = w4.OPEN4_SHARE_ACCESS_WANT_DELEG_MASK
WANT_WHEN: Final = (
    w4.OPEN4_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL | w4.OPEN4_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED
)
WANTS: Final = {
    w4.OPEN4_SHARE_ACCESS_WANT_NO_PREFERENCE: NO_PREFERENCE,
    w4.OPEN4_SHARE_ACCESS_WANT_READ_DELEG: WANT_READ,
    w4.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG: WANT_WRITE,
    w4.OPEN4_SHARE_ACCESS_WANT_ANY_DELEG: WANT_ANY,
}
REFUSED: Final = {
    w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG: w4.WND4_NOT_WANTED,
    w4.OPEN4_SHARE_ACCESS_WANT_CANCEL: w4.WND4_CANCELLED,
}

# Of local access decisions the client is told nothing: it asks ACCESS (10.4.4 lets it).
PERMISSIONS: Final = w4.nfsace4(w4.ACE4_ACCESS_ALLOWED_ACE_TYPE, 0, 0, b"EVERYONE@")
# Room for no byte beyond what the server has: a close flushes, so that a finished write can be read everywhere.
NO_SPACE: Final = w4.nfs_space_limit4(w4.NFS_LIMIT_SIZE, filesize=0)
NO_DELEGATION: Final = w4.open_delegation4(w4.OPEN_DELEGATE_NONE)
KINDS: Final = {w4.OPEN_DELEGATE_READ: READ, w4.OPEN_DELEGATE_WRITE: BOTH}
DIRECTORY_VERIFIER: Final = bytes(8)  # READDIR's, which never changes


def granted(held: Delegation, recall: bool) -> w4.open_delegation4:
    if held.access & WRITE:
        write = w4.open_write_delegation4(held.stateid(), recall, NO_SPACE, PERMISSIONS)
        return w4.open_delegation4(w4.OPEN_DELEGATE_WRITE, write=write)
    read = w4.open_read_delegation4(held.stateid(), recall, PERMISSIONS)
    return w4.open_delegation4(w4.OPEN_DELEGATE_READ, read=read)


def refused(why: int) -> w4.open_delegation4:
    """There is none, and the server will not come back to it: it keeps no list of wishes."""
    none = w4.open_none_delegation4(why)
    if why == w4.WND4_CONTENTION:
        none.ond_server_will_push_deleg = False
    elif why == w4.WND4_RESOURCE:
        none.ond_server_will_signal_avail = False
    return w4.open_delegation4(w4.OPEN_DELEGATE_NONE_EXT, od_whynone=none)


def at_open(ctx: Compound, inode: Inode, file: FileState, access: int, wants: int, born_in: int) -> w4.open_delegation4:
    """What an OPEN that succeeded answers. Why there is none is told only to a client that spoke of delegations
    (18.16.3)."""
    want = wants & WANT_MASK
    spoken = want != 0 or wants & WANT_WHEN != 0
    if want in REFUSED:
        return refused(REFUSED[want])
    held = ctx.state.delegated.grant_at_open(
        ctx.client(),
        file,
        access,
        WANTS[want],
        ctx.names.handle(inode),
        inode.change,
        ctx.grant(),
        born_in,
        ctx.instant,
    )
    if isinstance(held, Delegation):
        return granted(held, False)
    return refused(held) if spoken else NO_DELEGATION


def check_reclaim(ctx: Compound, inode: Inode, access: int, deny: int, kind: int | None) -> None:
    """A reclaim of an open, and of the delegation `kind` with it, beside what others have reclaimed: what cannot have
    been together before the restart is a mistake of one of them. RECLAIM_CONFLICT."""
    wanted = KINDS.get(kind, 0) if kind is not None else 0
    file = ctx.state.file(inode.id)
    if file is not None and ctx.state.delegated.reclaim_conflicts(ctx.client(), file, access, deny, wanted):
        raise NFSError(w4.NFS4ERR_RECLAIM_CONFLICT)


def reclaimed(ctx: Compound, inode: Inode, file: FileState, kind: int | None) -> w4.open_delegation4:
    """CLAIM_PREVIOUS: what was held before the restart is given, and asked back at once where it could not be
    recalled later (10.2.1), or where what the client has cached may be newer than the restored file."""
    if kind is None or kind not in KINDS:
        return NO_DELEGATION
    state = ctx.state
    client = ctx.client()
    handle = ctx.names.handle(inode)
    held = state.delegated.reclaim(client, file, KINDS[kind], handle, inode.change, ctx.grant(), ctx.instant)
    doubtful = state.grace.rolled_back or not state.settings.delegations or not state.callbacks.proven(client)
    return granted(held, doubtful)


def delegreturn(ctx: Compound, args: w4.DELEGRETURN4args) -> None:
    """DELEGRETURN (8): whoever waits for it goes on as soon as this compound has run. Raises: BAD_STATEID,
    OLD_STATEID, DELEG_REVOKED, EXPIRED."""
    inode = ctx.current()
    held = ctx.state.delegated.claimed(ctx.client(), ctx.concrete(args.deleg_stateid), inode.id)
    settle(ctx, inode, held)
    ctx.state.delegated.give_back(held, ctx.instant)
    ctx.stateid = None


def want_delegation(ctx: Compound, args: w4.WANT_DELEGATION4args) -> w4.open_delegation4:
    """WANT_DELEGATION (56): of a file by its handle. Nothing is recalled for it, and wishes are not kept.

    Raises: ACCESS, GRACE, INVAL, NO_GRACE, NOTSUPP (CLAIM_DELEG_PREV_FH), RECLAIM_BAD, RECLAIM_CONFLICT.
    """
    want = args.wda_want & WANT_MASK
    if args.wda_want & ~(WANT_MASK | WANT_WHEN) or (want not in WANTS and want not in REFUSED):
        raise NFSError(w4.NFS4ERR_INVAL)
    inode = ctx.current()
    state = ctx.state
    client = ctx.client()
    claim = args.wda_claim
    reclaim = claim.dc_claim == w4.CLAIM_PREVIOUS
    if not reclaim and claim.dc_claim != w4.CLAIM_FH:
        raise NFSError(w4.NFS4ERR_NOTSUPP)
    state.check_open(client, 0, READ, 0, reclaim, ctx.instant)
    if inode.kind != REG:
        return refused(w4.WND4_IS_DIR if inode.kind == DIR else w4.WND4_NOT_SUPP_FTYPE)
    fresh = not state.is_open(inode.id)
    if reclaim:
        if claim.dc_delegate_type not in KINDS:
            raise NFSError(w4.NFS4ERR_INVAL)
        check_reclaim(ctx, inode, 0, 0, claim.dc_delegate_type)
        answer = reclaimed(ctx, inode, state.files.attach(inode.id), claim.dc_delegate_type)
    else:
        if want in REFUSED:
            return refused(REFUSED[want])
        wish = permitted_wish(ctx, inode, WANTS[want])
        handle = ctx.names.handle(inode)
        held = state.delegated.grant_wanted(client, inode.id, wish, handle, inode.change, ctx.grant(), ctx.instant)
        if not isinstance(held, Delegation):
            return refused(held)
        answer = granted(held, False)
    if fresh:
        ctx.names.pin(inode)
    ctx.depend(state.barrier)
    return answer


def permitted_wish(ctx: Compound, inode: Inode, wish: int) -> int:
    """What of a wish the file's permissions leave. ACCESS where that is nothing."""
    bits = ctx.names.permitted(inode, ctx.who)
    writes = bits & PERMISSION_TO_WRITE
    if wish == WANT_WRITE and not writes:
        raise NFSError(w4.NFS4ERR_ACCESS)
    if not bits & PERMISSION_TO_READ and not writes:
        raise NFSError(w4.NFS4ERR_ACCESS)
    return WANT_READ if wish == WANT_ANY and not writes else wish


def get_dir_delegation(ctx: Compound, args: w4.GET_DIR_DELEGATION4args) -> w4.GET_DIR_DELEGATION4res_non_fatal:
    """GET_DIR_DELEGATION (46): to be recalled before anybody else changes the directory, without notifications.

    Raises: NOTDIR, SYMLINK.
    """
    directory = ctx.current()
    if directory.kind != DIR:
        raise NFSError(w4.NFS4ERR_NOTDIR)
    state = ctx.state
    fresh = not state.is_open(directory.id)
    handle = ctx.names.handle(directory)
    held = state.delegated.grant_directory(
        ctx.client(), directory.id, handle, directory.change, ctx.grant(), ctx.instant
    )
    if held is None:
        return w4.GET_DIR_DELEGATION4res_non_fatal(w4.GDD4_UNAVAIL, gddrnf_will_signal_deleg_avail=False)
    if fresh:
        ctx.names.pin(directory)
    ctx.depend(state.barrier)
    ctx.stateid = held.stateid()
    given = w4.GET_DIR_DELEGATION4resok(DIRECTORY_VERIFIER, held.stateid(), 0, 0, 0)
    return w4.GET_DIR_DELEGATION4res_non_fatal(w4.GDD4_OK, given)
