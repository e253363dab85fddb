"""Who calls, where no session says it: the client id or the stateid of the operation, or else the client that this
connection has been used by so far. RFC 7530, 9.1.4 and 9.5 (what renews a lease).

Who is not known stands for a client that holds nothing: whatever conflicts with anybody's state is in his way too. A
connection that two clients have used says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.filestate import LockState, OpenState
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.stateids import OTHER_ONES, OTHER_ZEROS, special
from nfsgw.wire.nfs4 import (
    NFS4ERR_BAD_STATEID,
    NFS4ERR_DELEG_REVOKED,
    NFS4ERR_EXPIRED,
    NFS4ERR_OLD_STATEID,
    stateid4,
)

if TYPE_CHECKING:
    from nfsgw.nfs4.compound import Compound
    from nfsgw.nfs4.state.stateids import StateObject
    from nfsgw.rpc.core import Connection


def of_connection(ctx: Compound, connection: Connection) -> Client:
    known = connection.data
    if isinstance(known, Client) and not known.gone:
        return known
    return ctx.state.minor0.nobody


def calls(ctx: Compound, client: Client) -> None:
    """It is this client: its lease is renewed."""
    ctx.caller = client
    client.renewed = ctx.instant
    connection = ctx.connection
    if connection is None or connection.data is client:
        return
    known = connection.data
    if isinstance(known, Client) and not known.gone:
        connection.data = ctx.state.minor0.nobody
    else:
        connection.data = client


def by_clientid(ctx: Compound, clientid: int) -> Client:
    """STALE_CLIENTID."""
    client = ctx.state.minor0.clients.get(clientid)
    calls(ctx, client)
    return client


def by_stateid(ctx: Compound, stateid: stateid4) -> StateObject:
    """What a stateid that is not special stands for, its client being the one that calls. STALE_STATEID, BAD_STATEID,
    OLD_STATEID, EXPIRED, ADMIN_REVOKED."""
    other = stateid.other
    client = ctx.state.files.of_old.get(other)
    if client is None:
        raise NFSError(ctx.state.minor0.stranger(other))
    calls(ctx, client)
    found = client.states[other]
    if found.revoked:
        old = client.old
        if old is not None and old.told < 0:
            old.told = ctx.instant
        raise NFSError(NFS4ERR_EXPIRED if found.revoked == NFS4ERR_DELEG_REVOKED else found.revoked)
    if stateid.seqid == 0:
        raise NFSError(NFS4ERR_OLD_STATEID)
    return found


def by_use(ctx: Compound, stateid: stateid4) -> StateObject | None:
    """For operations that take special stateids too, which stand for nothing. BAD_STATEID also for what an owner
    opened that has not confirmed."""
    other = stateid.other
    if other in (OTHER_ZEROS, OTHER_ONES):
        special(stateid)
        return None
    found = by_stateid(ctx, stateid)
    require_confirmed(ctx, found)
    return found


def require_confirmed(ctx: Compound, found: StateObject) -> None:
    opened = found.opened if isinstance(found, LockState) else found
    if isinstance(opened, OpenState) and not ctx.state.minor0.owner_of(opened.client, opened).confirmed:
        raise NFSError(NFS4ERR_BAD_STATEID)
