"""Operations of NFSv4.0 where they differ: who calls is found out, an owner's sequence id is judged, and the rest is
done by the operation of all minor versions. RFC 7530, 16.

What an owner's sequence id orders is answered with the encoded result, which is kept before it is sent. No operation
changes anything before its sequence id is the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.compound import READ, WRITE
from nfsgw.nfs4.minor0.callers import by_clientid, by_stateid, by_use, require_confirmed
from nfsgw.nfs4.minor0.owners import NOT_COUNTED, OpenOwner, OwnerGrant, Sequence
from nfsgw.nfs4.minor0.statuses import of_minor0
from nfsgw.nfs4.operations import attributes, data, delegations, locking, opening, security
from nfsgw.nfs4.state.filestate import LockState, OpenState
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Writer

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound
    from nfsgw.nfs4.state.stateids import StateObject

SEQID_MAX: Final = 0xFFFF_FFFF
RESULT_FLAGS: Final = w4.OPEN4_RESULT_CONFIRM | w4.OPEN4_RESULT_LOCKTYPE_POSIX
UNBLOCKED: Final = {w4.READW_LT: w4.READ_LT, w4.WRITEW_LT: w4.WRITE_LT}
CLAIMS: Final = (w4.CLAIM_NULL, w4.CLAIM_PREVIOUS, w4.CLAIM_DELEGATE_CUR, w4.CLAIM_DELEGATE_PREV)


# -- clients


def setclientid(ctx: Compound, args: w4.SETCLIENTID4args) -> w4.SETCLIENTID4resok:
    """SETCLIENTID (35). Raises: CLID_INUSE (with its body), DELAY."""
    connection = ctx.connection
    address = "" if connection is None else connection.peer[0]
    return ctx.state.minor0.set_clientid(args, ctx.principal, address, ctx.instant)


def setclientid_confirm(ctx: Compound, args: w4.SETCLIENTID_CONFIRM4args) -> None:
    """SETCLIENTID_CONFIRM (36). Raises: STALE_CLIENTID, CLID_INUSE."""
    connection = ctx.connection
    address = "" if connection is None else connection.peer[0]
    state = ctx.state
    client = state.minor0.confirm(args.clientid, args.setclientid_confirm, ctx.principal, address, ctx.instant)
    by_clientid(ctx, client.clientid)
    ctx.depend(state.barrier)


def renew(ctx: Compound, args: w4.RENEW4args) -> None:
    """RENEW (30). Raises: STALE_CLIENTID; EXPIRED, of a client that lost something while it was silent; CB_PATH_DOWN,
    of one that holds delegations which could not be recalled."""
    client = by_clientid(ctx, args.clientid)
    if client.revoked:
        if client.old is not None and client.old.told < 0:
            client.old.told = ctx.instant
        raise NFSError(w4.NFS4ERR_EXPIRED)
    if client.delegations and ctx.state.minor0.reach.broken(client):
        raise NFSError(w4.NFS4ERR_CB_PATH_DOWN)


def release_lockowner(ctx: Compound, args: w4.RELEASE_LOCKOWNER4args) -> None:
    """RELEASE_LOCKOWNER (39). Raises: STALE_CLIENTID, LOCKS_HELD."""
    client = by_clientid(ctx, args.lock_owner.clientid)
    ctx.state.files.release_owner(client, args.lock_owner.owner)


# -- what a stateid says of who calls


def read(ctx: Compound, args: w4.READ4args) -> data.ReadResult:
    require_opener(ctx, by_use(ctx, args.stateid), READ)
    return data.read(ctx, args)


def write(ctx: Compound, args: w4.WRITE4args) -> w4.WRITE4resok:
    require_opener(ctx, by_use(ctx, args.stateid), WRITE)
    return data.write(ctx, args)


def require_opener(ctx: Compound, found: StateObject | None, bits: int) -> None:
    """Whoever opened the file may go on, whatever became of its mode. Another user of the client, for whom stateids are
    no secret, needs permission of his own. ACCESS."""
    opened = found.opened if isinstance(found, LockState) else found
    if not isinstance(opened, OpenState):
        return
    owner = ctx.state.minor0.owner_of(opened.client, opened)
    inode = ctx.current()
    if ctx.who.uid != owner.uid and ctx.who.uid != inode.uid:
        ctx.require(inode, bits, w4.NFS4ERR_ACCESS)


def setattr(ctx: Compound, args: w4.SETATTR4args) -> int:
    """Where the size stays the stateid does not matter (16.32.3)."""
    if args.obj_attributes.attrmask & (1 << w4.FATTR4_SIZE):
        by_use(ctx, args.stateid)
    return attributes.setattr(ctx, args)


def delegreturn(ctx: Compound, args: w4.DELEGRETURN4args) -> None:
    by_stateid(ctx, args.deleg_stateid)
    delegations.delegreturn(ctx, args)


def secinfo(ctx: Compound, args: w4.SECINFO4args) -> list[w4.secinfo4]:
    """SECINFO (33): leaves the current filehandle as it was (16.31.3)."""
    handle = ctx.handle
    flavors = security.secinfo(ctx, args)
    ctx.handle = handle
    return flavors


# -- opens


def open(ctx: Compound, args: w4.OPEN4args) -> bytes:
    """OPEN (18). Raises: STALE_CLIENTID, BAD_SEQID, RESOURCE, BADXDR (what only later minor versions know), and those
    of later minor versions."""
    client = by_clientid(ctx, args.owner.clientid)
    claim = args.claim.claim
    how = args.openhow.how
    if claim not in CLAIMS or (how is not None and how.mode == w4.EXCLUSIVE4_1):
        raise NFSError(w4.NFS4ERR_BADXDR)
    state = ctx.state
    minor0 = state.minor0
    old = client.old
    assert old is not None
    owner = old.owners.get(args.owner.owner)
    if owner is not None:
        if owner.repeats(args.seqid, w4.OP_OPEN, ctx.digest):
            return again(ctx, owner)
        if owner.confirmed:
            owner.require_next(args.seqid)
            minor0.used(old, owner, ctx.instant)
        else:
            minor0.cancel(client, old, owner)
            owner = None
    known = owner is not None
    if owner is None:
        owner = OpenOwner(client, args.owner.owner, (args.seqid - 1) & SEQID_MAX, ctx.instant)
    ctx.granting = OwnerGrant(owner, args.seqid)
    try:
        if args.share_access & ~w4.OPEN4_SHARE_ACCESS_BOTH:
            raise NFSError(w4.NFS4ERR_INVAL)
        current = args.claim.delegate_cur_info
        if current is not None:
            by_stateid(ctx, current.delegate_stateid)
        minor0.admit(client, ctx.instant)
        if not known:
            owner.confirmed = claim == w4.CLAIM_PREVIOUS
            if not owner.confirmed:
                # What an old request that was long under way opens must cost nobody a recall.
                args.share_access |= w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG
            minor0.make_room(client, old)
        result = opening.open(ctx, args)
    except NFSError as error:
        failed(ctx, owner, args.seqid, w4.OP_OPEN, error)
        raise
    finally:
        args.share_access &= w4.OPEN4_SHARE_ACCESS_BOTH
        ctx.granting = None
    if not known:
        minor0.new_owner(old, owner)
    owner.opened.add(result.stateid.other)
    owner.uid = ctx.who.uid
    if claim == w4.CLAIM_PREVIOUS:
        minor0.reclaimed(client)
        ctx.depend(state.barrier)
    result.rflags &= RESULT_FLAGS
    if not owner.confirmed:
        result.rflags |= w4.OPEN4_RESULT_CONFIRM
    if result.delegation.delegation_type == w4.OPEN_DELEGATE_NONE_EXT:
        result.delegation = delegations.NO_DELEGATION
    writer = Writer()
    w4.pack_OPEN4resok(writer, result)
    done(ctx, owner, args.seqid, w4.OP_OPEN, writer.getvalue())
    owner.inode_id = ctx.current().id
    return owner.result


def open_confirm(ctx: Compound, args: w4.OPEN_CONFIRM4args) -> bytes:
    """OPEN_CONFIRM (20): from now on the owner's opens count. Raises: BAD_SEQID, and BAD_STATEID for an owner that is
    confirmed."""
    opened, owner = of_open(ctx, args.open_stateid)
    if owner.repeats(args.seqid, w4.OP_OPEN_CONFIRM, ctx.digest):
        return again(ctx, owner)
    if owner.confirmed:
        raise NFSError(w4.NFS4ERR_BAD_STATEID)
    require_own_file(ctx, opened)
    owner.require_next(args.seqid)
    try:
        ctx.state.open_state(opened.client, args.open_stateid, opened.inode_id)
    except NFSError as error:
        failed(ctx, owner, args.seqid, w4.OP_OPEN_CONFIRM, error)
        raise
    owner.confirmed = True
    old = opened.client.old
    if old is not None:
        old.unconfirmed.pop(owner.name, None)
        ctx.state.minor0.used(old, owner, ctx.instant)
    opened.changed()
    writer = Writer()
    w4.pack_stateid4(writer, opened.stateid())
    return done(ctx, owner, args.seqid, w4.OP_OPEN_CONFIRM, writer.getvalue())


def open_downgrade(ctx: Compound, args: w4.OPEN_DOWNGRADE4args) -> bytes:
    """OPEN_DOWNGRADE (21). Raises: BAD_SEQID, and those of later minor versions."""
    opened, owner = of_open(ctx, args.open_stateid)
    if owner.repeats(args.seqid, w4.OP_OPEN_DOWNGRADE, ctx.digest):
        return again(ctx, owner)
    begin(ctx, opened, owner, args.seqid)
    try:
        if args.share_access & ~w4.OPEN4_SHARE_ACCESS_BOTH:
            raise NFSError(w4.NFS4ERR_INVAL)
        result = opening.open_downgrade(ctx, args)
    except NFSError as error:
        failed(ctx, owner, args.seqid, w4.OP_OPEN_DOWNGRADE, error)
        raise
    writer = Writer()
    w4.pack_OPEN_DOWNGRADE4resok(writer, result)
    return done(ctx, owner, args.seqid, w4.OP_OPEN_DOWNGRADE, writer.getvalue())


def close(ctx: Compound, args: w4.CLOSE4args) -> bytes:
    """CLOSE (4). Raises: BAD_SEQID, and those of later minor versions. The stateid is remembered until the owner's next
    request: only by it the retransmission says whose it is."""
    minor0 = ctx.state.minor0
    other = args.open_stateid.other
    before = minor0.closed.get(other)
    if before is not None and before.repeats(args.seqid, w4.OP_CLOSE, ctx.digest):
        return again(ctx, before)
    opened, owner = of_open(ctx, args.open_stateid)
    begin(ctx, opened, owner, args.seqid)
    try:
        opening.close(ctx, args)
    except NFSError as error:
        failed(ctx, owner, args.seqid, w4.OP_CLOSE, error)
        raise
    owner.opened.discard(other)
    owner.closed = other
    minor0.closed[other] = owner
    opened.changed()
    writer = Writer()
    w4.pack_stateid4(writer, opened.stateid())
    return done(ctx, owner, args.seqid, w4.OP_CLOSE, writer.getvalue())


def of_open(ctx: Compound, stateid: w4.stateid4) -> tuple[OpenState, OpenOwner]:
    """STALE_STATEID, BAD_STATEID, OLD_STATEID, EXPIRED."""
    found = by_stateid(ctx, stateid)
    if not isinstance(found, OpenState):
        raise NFSError(w4.NFS4ERR_BAD_STATEID)
    return found, ctx.state.minor0.owner_of(found.client, found)


def begin(ctx: Compound, opened: OpenState, owner: OpenOwner, seqid: int) -> None:
    """A new request of an open owner, about what it has open. BAD_STATEID, BAD_SEQID."""
    require_confirmed(ctx, opened)
    require_own_file(ctx, opened)
    owner.require_next(seqid)
    old = opened.client.old
    if old is not None:
        ctx.state.minor0.used(old, owner, ctx.instant)


def require_own_file(ctx: Compound, found: OpenState | LockState) -> None:
    if found.inode_id != ctx.current().id:
        raise NFSError(w4.NFS4ERR_BAD_STATEID)


# -- locks


def lock(ctx: Compound, args: w4.LOCK4args) -> bytes:
    """LOCK (12). A client that would wait polls: 4.0 has no way to tell it.

    Raises: BAD_SEQID, STALE_CLIENTID, and those of later minor versions.
    """
    args.locktype = UNBLOCKED.get(args.locktype, args.locktype)
    first = args.locker.open_owner
    if first is not None:
        return lock_first(ctx, args, first)
    known = args.locker.lock_owner
    assert known is not None
    held, sequence = of_lock(ctx, known.lock_stateid)
    if sequence.repeats(known.lock_seqid, w4.OP_LOCK, ctx.digest):
        return again(ctx, sequence)
    require_own_file(ctx, held)
    sequence.require_next(known.lock_seqid)
    return lock_by(ctx, args, sequence, known.lock_seqid)


def lock_first(ctx: Compound, args: w4.LOCK4args, first: w4.open_to_lock_owner4) -> bytes:
    """By an open: it is the open owner's request, and begins the lock owner's sequence, or is in it where the lock
    owner is known by another open."""
    named = by_clientid(ctx, first.lock_owner.clientid)
    opened, owner = of_open(ctx, first.open_stateid)
    if owner.repeats(first.open_seqid, w4.OP_LOCK, ctx.digest):
        return again(ctx, owner)
    if opened.client is not named:
        raise NFSError(w4.NFS4ERR_BAD_STATEID)
    begin(ctx, opened, owner, first.open_seqid)
    locker = named.lock_owners.get(first.lock_owner.owner)
    sequence = None if locker is None else locker.sequence
    if sequence is not None:
        sequence.require_next(first.lock_seqid)
    result = lock_by(ctx, args, owner, first.open_seqid)
    locker = named.lock_owners[first.lock_owner.owner]
    if locker.sequence is None:
        locker.sequence = Sequence(first.lock_seqid)
    else:
        locker.sequence.took(first.lock_seqid, 0, 0)
    return result


def lock_by(ctx: Compound, args: w4.LOCK4args, sequence: Sequence, seqid: int) -> bytes:
    client = ctx.client()
    try:
        ctx.state.minor0.admit(client, ctx.instant)
        result = locking.lock(ctx, args)
    except NFSError as error:
        failed(ctx, sequence, seqid, w4.OP_LOCK, error)
        raise
    if args.reclaim:
        ctx.state.minor0.reclaimed(client)
        ctx.depend(ctx.state.barrier)
    writer = Writer()
    w4.pack_LOCK4resok(writer, result)
    return done(ctx, sequence, seqid, w4.OP_LOCK, writer.getvalue())


def lockt(ctx: Compound, args: w4.LOCKT4args) -> None:
    """LOCKT (13). Raises: STALE_CLIENTID, and those of later minor versions."""
    by_clientid(ctx, args.owner.clientid)
    locking.lockt(ctx, args)


def locku(ctx: Compound, args: w4.LOCKU4args) -> bytes:
    """LOCKU (14). Raises: BAD_SEQID, and those of later minor versions."""
    held, sequence = of_lock(ctx, args.lock_stateid)
    if sequence.repeats(args.seqid, w4.OP_LOCKU, ctx.digest):
        return again(ctx, sequence)
    require_own_file(ctx, held)
    sequence.require_next(args.seqid)
    try:
        result = locking.locku(ctx, args)
    except NFSError as error:
        failed(ctx, sequence, args.seqid, w4.OP_LOCKU, error)
        raise
    writer = Writer()
    w4.pack_stateid4(writer, result)
    return done(ctx, sequence, args.seqid, w4.OP_LOCKU, writer.getvalue())


def of_lock(ctx: Compound, stateid: w4.stateid4) -> tuple[LockState, Sequence]:
    """STALE_STATEID, BAD_STATEID, OLD_STATEID, EXPIRED."""
    found = by_stateid(ctx, stateid)
    if not isinstance(found, LockState) or found.owner.sequence is None:
        raise NFSError(w4.NFS4ERR_BAD_STATEID)
    return found, found.owner.sequence


# -- what an owner's last request was answered


def again(ctx: Compound, sequence: Sequence) -> bytes:
    """The last answer, with the current filehandle that it left. It is told when the first one may be."""
    ctx.depend(sequence.commit)
    if sequence.denied is not None:
        raise locking.DeniedError(sequence.denied)
    if sequence.status != w4.NFS4_OK:
        raise NFSError(sequence.status)
    if sequence.inode_id:
        ctx.move_to(ctx.names.get(sequence.inode_id))
    return sequence.result


def done(ctx: Compound, sequence: Sequence, seqid: int, number: int, result: bytes) -> bytes:
    sequence.took(seqid, number, ctx.digest)
    sequence.result = result
    sequence.commit = max(ctx.depends, ctx.names.met)
    return result


def failed(ctx: Compound, sequence: Sequence, seqid: int, number: int, error: NFSError) -> None:
    if of_minor0(number, error.status) in NOT_COUNTED:
        return
    sequence.took(seqid, number, ctx.digest)
    sequence.status = error.status
    if isinstance(error, locking.DeniedError):
        sequence.denied = error.denied
    sequence.commit = max(ctx.depends, ctx.names.met)
