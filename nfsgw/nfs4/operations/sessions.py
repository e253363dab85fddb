"""Clients and sessions: EXCHANGE_ID to RECLAIM_COMPLETE, SEQUENCE, and what a client asks about its stateids.

The rules live in nfs4/state; here a compound's context is put to them. RFC 8881, 18.33 to 18.38, 18.46, 18.48, 18.50,
18.51.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.replays import Replay
from nfsgw.wire.nfs4 import (
    NFS4ERR_NOFILEHANDLE,
    NFS4ERR_NOT_ONLY_OP,
    NFS4ERR_OP_NOT_IN_SESSION,
    BACKCHANNEL_CTL4args,
    BIND_CONN_TO_SESSION4args,
    BIND_CONN_TO_SESSION4resok,
    CREATE_SESSION4args,
    CREATE_SESSION4resok,
    DESTROY_CLIENTID4args,
    DESTROY_SESSION4args,
    EXCHANGE_ID4args,
    EXCHANGE_ID4resok,
    FREE_STATEID4args,
    RECLAIM_COMPLETE4args,
    SEQUENCE4args,
    SEQUENCE4resok,
    TEST_STATEID4args,
    TEST_STATEID4resok,
)

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound


def sequence(ctx: Compound, args: SEQUENCE4args) -> SEQUENCE4resok:
    """SEQUENCE (53). From here on the compound has a session and is the one request of its slot.

    Raises: Replay, Suspend (another request is in progress on the slot), BADSESSION, BADSLOT, BAD_HIGH_SLOT,
    TOO_MANY_OPS, REQ_TOO_BIG, REP_TOO_BIG_TO_CACHE, SEQ_MISORDERED, SEQ_FALSE_RETRY, DELAY, DEADSESSION.
    """
    session, slot, new = ctx.state.begin(args, ctx.connection, ctx.size, ctx.count, ctx.digest, ctx.instant)
    if not new and slot.reply is not None:
        raise Replay(slot.reply)
    ctx.session = session
    ctx.slot = slot
    ctx.caller = session.client
    return session.answer(slot, args.sa_sequenceid)


def exchange_id(ctx: Compound, args: EXCHANGE_ID4args) -> EXCHANGE_ID4resok:
    """EXCHANGE_ID (42). Raises: INVAL, CLID_INUSE, NOENT, NOT_SAME, PERM, ENCR_ALG_UNSUPP, DELAY."""
    connection = ctx.connection
    address = "" if connection is None else connection.peer[0]
    return ctx.state.exchange_id(args, ctx.principal, ctx.minor, address, ctx.instant)


def create_session(ctx: Compound, args: CREATE_SESSION4args) -> CREATE_SESSION4resok:
    """CREATE_SESSION (43). Raises: STALE_CLIENTID, SEQ_MISORDERED, INVAL, TOOSMALL, NOENT, CLID_INUSE, NOSPC."""
    return ctx.state.create_session(args, ctx.principal, ctx.connection, ctx.instant)


def bind_conn_to_session(ctx: Compound, args: BIND_CONN_TO_SESSION4args) -> BIND_CONN_TO_SESSION4resok:
    """BIND_CONN_TO_SESSION (41). Raises: BADSESSION, INVAL."""
    return ctx.state.bind_conn_to_session(args, ctx.connection)


def backchannel_ctl(ctx: Compound, args: BACKCHANNEL_CTL4args) -> None:
    """BACKCHANNEL_CTL (40). Raises: NOENT."""
    session = ctx.session
    if session is None:
        raise NFSError(NFS4ERR_OP_NOT_IN_SESSION)
    ctx.state.backchannel_ctl(session, args.bca_cb_program, args.bca_sec_parms)


def destroy_session(ctx: Compound, args: DESTROY_SESSION4args) -> None:
    """DESTROY_SESSION (44). The compound's own session may go only with its last operation: the slot goes too.

    Raises: BADSESSION, NOT_ONLY_OP, CONN_NOT_BOUND_TO_SESSION.
    """
    own = ctx.session
    if own is not None and own.sessionid == args.dsa_sessionid and ctx.index != ctx.count - 1:
        raise NFSError(NFS4ERR_NOT_ONLY_OP)
    ctx.state.destroy_session(args.dsa_sessionid, ctx.connection)


def destroy_clientid(ctx: Compound, args: DESTROY_CLIENTID4args) -> None:
    """DESTROY_CLIENTID (57). Raises: STALE_CLIENTID, CLIENTID_BUSY."""
    state = ctx.state
    state.destroy_clientid(args.dca_clientid, ctx.session, ctx.instant)
    ctx.depend(state.barrier)


def reclaim_complete(ctx: Compound, args: RECLAIM_COMPLETE4args) -> None:
    """RECLAIM_COMPLETE (58). For one filesystem only it says nothing new: none has ever come here from another server.

    Raises: COMPLETE_ALREADY, NOFILEHANDLE.
    """
    if args.rca_one_fs:
        if ctx.handle is None:
            raise NFSError(NFS4ERR_NOFILEHANDLE)
        return
    state = ctx.state
    state.reclaim_complete(ctx.client(), ctx.instant)
    ctx.depend(state.barrier)


def free_stateid(ctx: Compound, args: FREE_STATEID4args) -> None:
    """FREE_STATEID (45). Raises: BAD_STATEID, OLD_STATEID, LOCKS_HELD."""
    state = ctx.state
    state.free_stateid(ctx.client(), ctx.concrete(args.fsa_stateid))
    ctx.depend(state.barrier)


def test_stateid(ctx: Compound, args: TEST_STATEID4args) -> TEST_STATEID4resok:
    """TEST_STATEID (55). Never fails: each stateid has its status."""
    client = ctx.client()
    state = ctx.state
    return TEST_STATEID4resok([state.test_stateid(client, stateid) for stateid in args.ts_stateids])
