"""OPEN, OPEN_DOWNGRADE, CLOSE. RFC 8881, 18.16, 18.18, 18.2.

An OPEN finds or makes the file, asks permission, then takes its share reservation; all refusals come before any effect.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import NAMED, REG, ChangeInfo, Changes, Inode
from nfsgw.nfs4.attributes import SET_ONLY_V42, SETTABLE_BOTH_WAYS, decode_changes, mask_of, suppattr_exclcreat
from nfsgw.nfs4.compound import EXECUTE, READ, WRITE, Compound, wrong_type
from nfsgw.nfs4.operations import delegations
from nfsgw.nfs4.operations.delegations import WANT_MASK, WANT_WHEN
from nfsgw.nfs4.operations.named import showing
from nfsgw.nfs4.operations.names import own_change
from nfsgw.wire import nfs4 as w4

ACCESS_MASK: Final = w4.OPEN4_SHARE_ACCESS_BOTH
WANT_MORE: Final = w4.OPEN4_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS | w4.OPEN4_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION
KNOWN_ACCESS: Final = ACCESS_MASK | WANT_MASK | WANT_WHEN | WANT_MORE
HIGHEST_WANT: Final = w4.OPEN4_SHARE_ACCESS_WANT_CANCEL

RESULT_FLAGS: Final = w4.OPEN4_RESULT_LOCKTYPE_POSIX | w4.OPEN4_RESULT_PRESERVE_UNLINKED

UNTOUCHED: Final = ChangeInfo(0, 0)  # no directory takes part
SETTABLE_AT_OPEN: Final = SETTABLE_BOTH_WAYS | SET_ONLY_V42
OF_ITS_OBJECT: Final = mask_of(
    w4.FATTR4_MODE,
    w4.FATTR4_OWNER,
    w4.FATTR4_OWNER_GROUP,
    w4.FATTR4_MODE_SET_MASKED,
    w4.FATTR4_MODE_UMASK,
)
"""What a new named attribute has of its object, whatever its creator asks for."""

UNSAID: Final = 0o600
"""The mode of a file whose creator says none, which EXCLUSIVE4 leaves no room for. It ought to say one by SETATTR right
after; one that forgets, or dies before, has a file that it alone can use, not one that nobody can."""


class Opened:
    """What an OPEN found or made, before its share reservation. `born_in`: the directory, where it made the file."""

    def __init__(self, inode: Inode, info: ChangeInfo, attributes_set: int, born_in: int = 0) -> None:
        self.inode = inode
        self.info = info
        self.attributes_set = attributes_set
        self.born_in = born_in


def open(ctx: Compound, args: w4.OPEN4args) -> w4.OPEN4resok:
    """OPEN (18). Raises: ACCESS, BADXDR, BAD_STATEID, EXIST, GRACE, INVAL, ISDIR, NO_GRACE, NOENT, NOTDIR, NOTSUPP,
    RECLAIM_BAD, RESOURCE, SHARE_DENIED, SYMLINK, WRONG_TYPE, and those of names and attributes."""
    access = args.share_access & ACCESS_MASK
    deny = args.share_deny
    want = args.share_access & WANT_MASK
    if not access or args.share_access & ~KNOWN_ACCESS or deny & ~w4.OPEN4_SHARE_DENY_BOTH or want > HIGHEST_WANT:
        raise NFSError(w4.NFS4ERR_INVAL)
    claim = args.claim.claim
    if args.openhow.opentype == w4.OPEN4_CREATE and claim != w4.CLAIM_NULL:
        raise NFSError(w4.NFS4ERR_INVAL)
    state = ctx.state
    client = ctx.client()
    reclaim = claim == w4.CLAIM_PREVIOUS
    # Whatever refuses every open of this client comes first: nothing is created for one that cannot be had.
    state.check_open(client, 0, access, deny, reclaim, ctx.instant)
    if claim == w4.CLAIM_NULL:
        opened = open_name(ctx, args, access, deny)
    elif claim == w4.CLAIM_FH:
        opened = open_handle(ctx, access)
        state.check_open(client, opened.inode.id, access, deny, False, ctx.instant)
        make_way(ctx, opened.inode, access, deny)
    elif reclaim:
        opened = open_handle(ctx, 0)
        delegations.check_reclaim(ctx, opened.inode, access, deny, args.claim.delegate_type)
    elif claim == w4.CLAIM_DELEGATE_CUR or claim == w4.CLAIM_DELEG_CUR_FH:
        opened = open_delegated(ctx, args.claim, access)
    else:
        raise NFSError(w4.NFS4ERR_NOTSUPP)
    inode = opened.inode
    fresh = not state.is_open(inode.id)
    taken = state.open(client, args.owner.owner, inode.id, access, deny, reclaim, ctx.instant)
    if fresh:
        ctx.names.pin(inode)  # until `released`
    ctx.depend(state.barrier)
    ctx.move_to(inode)
    ctx.stateid = taken.stateid()
    if claim == w4.CLAIM_NULL or claim == w4.CLAIM_FH:
        delegation = delegations.at_open(ctx, inode, taken.file, access, args.share_access, opened.born_in)
    elif reclaim:
        delegation = delegations.reclaimed(ctx, inode, taken.file, args.claim.delegate_type)
    else:
        delegation = delegations.NO_DELEGATION
    flags = RESULT_FLAGS
    if state.callbacks.proven(client):
        # A client that is promised to be told polls every 30 seconds instead of every second or two.
        flags |= w4.OPEN4_RESULT_MAY_NOTIFY_LOCK
    told = own_change(ctx, opened.born_in, opened.info)  # where nothing was born the directory has not changed
    return w4.OPEN4resok(ctx.stateid, told, flags, opened.attributes_set, delegation)


def make_way(ctx: Compound, inode: Inode, access: int, deny: int) -> None:
    """Delegations that an open with these modes cannot be beside are recalled: those of readers by who writes or
    denies reading, those of writers by everybody (RFC 8881, 10.4)."""
    only_writers = not access & w4.OPEN4_SHARE_ACCESS_WRITE and not deny & w4.OPEN4_SHARE_DENY_READ
    ctx.recall(ctx.conflicts(inode, only_writers))


def open_delegated(ctx: Compound, claim: w4.open_claim4, access: int) -> Opened:
    """An open that the client has given to somebody on the strength of its delegation, which it is about to return:
    so this must never wait for a recall. Permission was the client's to check then (RFC 8881, 10.4.4)."""
    current = claim.delegate_cur_info
    if current is not None:
        inode = ctx.names.lookup(ctx.current_directory(), current.file, ctx.who)
        stateid = current.delegate_stateid
    else:
        inode = ctx.current()
        assert claim.oc_delegate_stateid is not None
        stateid = claim.oc_delegate_stateid
    if inode.kind != REG:
        raise NFSError(wrong_type(inode))
    held = ctx.state.delegated.claimed(ctx.client(), ctx.concrete(stateid), inode.id)
    if access & ~held.access:
        raise NFSError(w4.NFS4ERR_BAD_STATEID)
    return Opened(inode, UNTOUCHED, 0)


def permit(ctx: Compound, inode: Inode, access: int) -> None:
    """Permission bits for a share access. Execute alone lets a file be opened for reading: a client's kernel must
    read what it may run, and asks ACCESS for the difference (RFC 8881, 6.2.1.3.2)."""
    bits = ctx.names.permitted(inode, ctx.who)
    if access & w4.OPEN4_SHARE_ACCESS_READ and not bits & (READ | EXECUTE):
        raise NFSError(w4.NFS4ERR_ACCESS)
    if access & w4.OPEN4_SHARE_ACCESS_WRITE and not bits & WRITE:
        raise NFSError(w4.NFS4ERR_ACCESS)


def open_handle(ctx: Compound, access: int) -> Opened:
    inode = ctx.current()
    if inode.kind != REG:
        raise NFSError(wrong_type(inode))
    permit(ctx, inode, access)
    return Opened(inode, UNTOUCHED, 0)


def open_name(ctx: Compound, args: w4.OPEN4args, access: int, deny: int) -> Opened:
    directory = ctx.current_directory()
    name = args.claim.file
    assert name is not None
    how = args.openhow.how
    if how is None:
        return open_existing(ctx, ctx.names.lookup(directory, name, ctx.who), directory, access, deny, None)
    mode = how.mode
    verifier = b""
    attributes = how.createattrs
    allowed = SETTABLE_AT_OPEN
    if mode == w4.EXCLUSIVE4:
        verifier = how.createverf or b""
    elif mode == w4.EXCLUSIVE4_1:
        both = how.ch_createboth
        assert both is not None
        verifier = both.cva_verf
        attributes = both.cva_attrs
        allowed = suppattr_exclcreat(ctx.minor)
    changes = Changes() if attributes is None else decode_changes(ctx, attributes, allowed)
    attributes_set = 0 if attributes is None else attributes.attrmask
    if directory.flags & NAMED:
        if verifier:
            raise NFSError(w4.NFS4ERR_INVAL)  # no exclusive create of a named attribute (RFC 8881, 18.16.3)
        attributes_set &= ~OF_ITS_OBJECT
    if verifier:
        verifier = creation_mark(ctx, verifier)
    existing = find(ctx, directory, name)
    if existing is not None:
        if mode == w4.GUARDED4:
            raise NFSError(w4.NFS4ERR_EXIST)
        if verifier:
            if existing.verifier != verifier:
                raise NFSError(w4.NFS4ERR_EXIST)
            ctx.state.check_open(ctx.client(), existing.id, access, deny, False, ctx.instant)
            make_way(ctx, existing, access, deny)
            return Opened(existing, ChangeInfo(directory.change, directory.change), attributes_set)
        return open_existing(ctx, existing, directory, access, deny, changes.size)
    if changes.mode is None:
        changes.mode = UNSAID
    size = changes.size
    changes.size = None
    found = ctx.conflicts(directory)
    if directory.flags & NAMED:
        found = found + showing(ctx, directory, 0)
    if found:
        ctx.names.check_create(directory, name, REG, changes, ctx.who, ctx.now, b"")
        ctx.recall(found)
    inode, info = ctx.names.create(directory, name, REG, changes, ctx.who, ctx.now, verifier=verifier)
    ctx.lasting = True
    if size:
        grow = Changes()
        grow.size = size
        ctx.names.setattr(inode, grow, ctx.who, ctx.now, True)
        ctx.chunks.truncate(inode, size, ctx.now)
    return Opened(inode, info, attributes_set, directory.id)


def find(ctx: Compound, directory: Inode, name: bytes) -> Inode | None:
    """The object of a name, with LOOKUP's checks; None where there is none."""
    try:
        return ctx.names.lookup(directory, name, ctx.who)
    except NFSError as error:
        if error.status == w4.NFS4ERR_NOENT:
            return None
        raise


def open_existing(ctx: Compound, inode: Inode, directory: Inode, access: int, deny: int, size: int | None) -> Opened:
    """Of the attributes of an UNCHECKED create only a size of 0 counts for a file that is there (RFC 8881, 18.16.3)."""
    if inode.kind != REG:
        raise NFSError(wrong_type(inode))
    truncates = size == 0
    permit(ctx, inode, access | (w4.OPEN4_SHARE_ACCESS_WRITE if truncates else 0))
    wanted = access | (w4.OPEN4_SHARE_ACCESS_WRITE if truncates else 0)
    ctx.state.check_open(ctx.client(), inode.id, wanted, deny, False, ctx.instant)
    make_way(ctx, inode, wanted, deny)
    mask = 0
    if truncates:
        cut = Changes()
        cut.size = 0
        ctx.names.setattr(inode, cut, ctx.who, ctx.now, True)
        ctx.chunks.truncate(inode, 0, ctx.now)
        mask = 1 << w4.FATTR4_SIZE
        ctx.lasting = True
    return Opened(inode, ChangeInfo(directory.change, directory.change), mask)


def creation_mark(ctx: Compound, verifier: bytes) -> bytes:
    """The verifier of an exclusive create counts only together with the client that sent it: machines cloned from one
    image and booted together make equal verifiers (docs/invariants.md)."""
    return blake2b(ctx.client().owner, digest_size=8).digest() + verifier


def open_downgrade(ctx: Compound, args: w4.OPEN_DOWNGRADE4args) -> w4.OPEN_DOWNGRADE4resok:
    """OPEN_DOWNGRADE (21). Raises: INVAL for what was never opened so, BAD_STATEID, OLD_STATEID."""
    access = args.share_access & ACCESS_MASK
    if not access or args.share_access & ~KNOWN_ACCESS or args.share_deny & ~w4.OPEN4_SHARE_DENY_BOTH:
        raise NFSError(w4.NFS4ERR_INVAL)
    inode = ctx.current()
    opened = ctx.state.open_state(ctx.client(), ctx.concrete(args.open_stateid), inode.id)
    ctx.state.downgrade(opened, access, args.share_deny)
    stateid = opened.stateid()
    ctx.stateid = stateid
    return w4.OPEN_DOWNGRADE4resok(stateid)


def close(ctx: Compound, args: w4.CLOSE4args) -> w4.stateid4:
    """CLOSE (4): its locks go too (RFC 8881, 18.2.3). Raises: BAD_STATEID, OLD_STATEID. What it returns is no stateid
    any more."""
    inode = ctx.current()
    opened = ctx.state.open_state(ctx.client(), ctx.concrete(args.open_stateid), inode.id)
    written = opened.access & w4.OPEN4_SHARE_ACCESS_WRITE
    ctx.state.close(opened)
    if written:
        ctx.hold(ctx.chunks.closed(inode))
    ctx.stateid = None
    return w4.stateid4(0xFFFF_FFFF, bytes(12))
