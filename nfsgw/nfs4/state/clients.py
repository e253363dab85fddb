"""The table of clients: EXCHANGE_ID with all its cases, and what CREATE_SESSION does to a client record.

For each client owner there is at most one confirmed record and at most one unconfirmed one; the unconfirmed one takes
the place of the other when its CREATE_SESSION succeeds, and only then does what the earlier incarnation held go away.
RFC 8881, 18.35.4 and 18.36.4.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire.nfs4 import (
    EXCHGID4_FLAG_BIND_PRINC_STATEID,
    EXCHGID4_FLAG_CONFIRMED_R,
    EXCHGID4_FLAG_MASK_PNFS,
    EXCHGID4_FLAG_SUPP_MOVED_MIGR,
    EXCHGID4_FLAG_SUPP_MOVED_REFER,
    EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
    EXCHGID4_FLAG_USE_NON_PNFS,
    NFS4ERR_CLID_INUSE,
    NFS4ERR_DELAY,
    NFS4ERR_ENCR_ALG_UNSUPP,
    NFS4ERR_INVAL,
    NFS4ERR_NOENT,
    NFS4ERR_NOT_SAME,
    NFS4ERR_PERM,
    NFS4ERR_STALE_CLIENTID,
    SP4_MACH_CRED,
    SP4_NONE,
    SP4_SSV,
    EXCHANGE_ID4args,
    EXCHANGE_ID4resok,
    nfs_impl_id4,
    nfstime4,
    server_owner4,
    state_protect4_r,
)

# SUPP_FENCE_OPS (RFC 7862, 13.3) is not among them: there are no fenced copies here, and no client is known to send it.
FLAGS: Final = (
    EXCHGID4_FLAG_SUPP_MOVED_REFER
    | EXCHGID4_FLAG_SUPP_MOVED_MIGR
    | EXCHGID4_FLAG_BIND_PRINC_STATEID
    | EXCHGID4_FLAG_MASK_PNFS
    | EXCHGID4_FLAG_UPD_CONFIRMED_REC_A
)

# What the confirmed record of the owner, if there is one, has in common with the request: verifier (the incarnation
# of the client) and principal (who it is).
NO_RECORD: Final = 0
SAME: Final = 1
OTHER_VERIFIER: Final = 2
OTHER_PRINCIPAL: Final = 3
BOTH_OTHER: Final = 4

# What to do about it; a status where that is the answer.
ADD: Final = 0  # a new record, unconfirmed: the owner is new
ADD_BESIDE: Final = -1  # the same, while the earlier incarnation lives on until this one is confirmed
KEEP: Final = -2  # the record as it is: a retransmission, or a look for trunking
UPDATE: Final = -3
COLLIDE: Final = -4  # two clients with one owner string: the first keeps it while it holds state

# The numbers are those of the list in 18.35.4. Case 4, an unconfirmed record that is replaced, comes before: it is
# dropped, and the rest judged as if it had never been there.
CASES: Final = {
    (False, NO_RECORD): ADD,  # 1
    (False, SAME): KEEP,  # 2
    (False, OTHER_PRINCIPAL): COLLIDE,  # 3
    (False, BOTH_OTHER): COLLIDE,  # 3
    (False, OTHER_VERIFIER): ADD_BESIDE,  # 5
    (True, SAME): UPDATE,  # 6
    (True, NO_RECORD): NFS4ERR_NOENT,  # 7
    (True, OTHER_VERIFIER): NFS4ERR_NOT_SAME,  # 8
    (True, BOTH_OTHER): NFS4ERR_NOT_SAME,  # 8
    (True, OTHER_PRINCIPAL): NFS4ERR_PERM,  # 9
}


class Clients:
    """`by_id` holds every client, `confirmed` and `unconfirmed` those records by owner. Clients that must go are put
    into `leaving`; who called takes apart what hangs on them."""

    def __init__(self, settings: StateSettings, boot: int) -> None:
        self._settings = settings
        self._boot = boot
        self._count = 0
        self.by_id: dict[int, Client] = {}
        self.confirmed: dict[bytes, Client] = {}
        self.unconfirmed: dict[bytes, Client] = {}

    def lapsed(self, client: Client, now: float) -> bool:
        """Whether the lease has run out: what the client holds is kept as a courtesy, until somebody else wants it."""
        return now - client.renewed > self._settings.lease_seconds

    def get(self, clientid: int, now: float) -> Client:
        """STALE_CLIENTID: unknown, of an earlier boot, or not confirmed within a lease time."""
        client = self.by_id.get(clientid)
        if client is None or (not client.confirmed and self.lapsed(client, now)):
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        return client

    def relation(self, confirmed: Client | None, verifier: bytes, principal: bytes) -> int:
        if confirmed is None:
            return NO_RECORD
        if confirmed.principal == principal:
            return SAME if confirmed.verifier == verifier else OTHER_VERIFIER
        return OTHER_PRINCIPAL if confirmed.verifier == verifier else BOTH_OTHER

    def exchange_id(
        self, args: EXCHANGE_ID4args, principal: bytes, minor: int, address: str, now: float, leaving: list[Client]
    ) -> EXCHANGE_ID4resok:
        flags = args.eia_flags
        if flags & ~FLAGS:
            raise NFSError(NFS4ERR_INVAL)
        how = args.eia_state_protect.spa_how
        if how == SP4_SSV:
            # No encryption algorithm is offered, so none of the client's can be supported (18.35.3).
            raise NFSError(NFS4ERR_ENCR_ALG_UNSUPP)
        if how == SP4_MACH_CRED:
            # A machine credential is one of RPCSEC_GSS with integrity, which this call cannot have come with (18.35.3).
            raise NFSError(NFS4ERR_INVAL)
        owner = args.eia_clientowner.co_ownerid
        verifier = args.eia_clientowner.co_verifier
        update = flags & EXCHGID4_FLAG_UPD_CONFIRMED_REC_A != 0
        if not update:
            earlier = self.unconfirmed.get(owner)
            if earlier is not None:
                self.remove(earlier, leaving)
        confirmed = self.confirmed.get(owner)
        case = CASES[(update, self.relation(confirmed, verifier, principal))]
        if case > 0:
            raise NFSError(case)
        if case == COLLIDE and confirmed is not None:
            if confirmed.has_state() and not self.lapsed(confirmed, now):
                raise NFSError(NFS4ERR_CLID_INUSE)
            self.remove(confirmed, leaving)
        client = confirmed
        if client is None or case in (COLLIDE, ADD_BESIDE):
            client = self.add(owner, verifier, principal, now, leaving)
        client.minor = minor
        if case != KEEP:
            client.address = address
            client.implementation = args.eia_client_impl_id[0].nii_name if args.eia_client_impl_id else b""
            client.flags = EXCHGID4_FLAG_USE_NON_PNFS
        return self._result(client)

    def confirm(self, client: Client, leaving: list[Client]) -> Client | None:
        """The first session of a client that is unconfirmed: it takes the place of its earlier incarnation, which is
        returned."""
        earlier = self.confirmed.get(client.owner)
        if earlier is not None:
            self.remove(earlier, leaving)
        del self.unconfirmed[client.owner]
        self.confirmed[client.owner] = client
        client.confirmed = True
        return earlier

    def remove(self, client: Client, leaving: list[Client]) -> None:
        client.gone = True
        del self.by_id[client.clientid]
        table = self.confirmed if client.confirmed else self.unconfirmed
        del table[client.owner]
        leaving.append(client)

    def sweep(self, now: float, leaving: list[Client]) -> None:
        """Unconfirmed clients live for a lease time, silent ones for the courtesy time."""
        settings = self._settings
        for client in list(self.by_id.values()):
            bound = settings.courtesy_seconds if client.confirmed else settings.lease_seconds
            if now - client.renewed > bound:
                self.remove(client, leaving)

    def add(self, owner: bytes, verifier: bytes, principal: bytes, now: float, leaving: list[Client]) -> Client:
        """A new record, unconfirmed. DELAY."""
        if len(self.by_id) >= self._settings.max_clients:
            self.make_room(now, leaving)
        count = self._count + 1
        self._count = count
        client = Client((self._boot << 32) | count, owner, verifier, principal, now)
        self.by_id[client.clientid] = client
        self.unconfirmed[owner] = client
        return client

    def make_room(self, now: float, leaving: list[Client]) -> None:
        """The client that was silent longest, of those whose lease has run out or that never had one, goes. DELAY."""
        oldest: Client | None = None
        for client in self.by_id.values():
            if (not client.confirmed or self.lapsed(client, now)) and (
                oldest is None or client.renewed < oldest.renewed
            ):
                oldest = client
        if oldest is None:
            raise NFSError(NFS4ERR_DELAY)
        self.remove(oldest, leaving)

    def _result(self, client: Client) -> EXCHANGE_ID4resok:
        settings = self._settings
        return EXCHANGE_ID4resok(
            client.clientid,
            (client.last_sequence + 1) & 0xFFFF_FFFF,
            client.flags | (EXCHGID4_FLAG_CONFIRMED_R if client.confirmed else 0),
            state_protect4_r(SP4_NONE),
            server_owner4(0, settings.server_owner),
            settings.server_scope,
            [nfs_impl_id4(settings.implementation_domain, settings.implementation_name, nfstime4(0, 0))],
        )
