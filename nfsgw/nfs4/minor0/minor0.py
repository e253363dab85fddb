"""All of NFSv4.0 that is state, as the engine and the operations see it: who calls, what he may do now, and what goes
when nobody asks for it any more.

It keeps bounds for clients that never renew, never confirm or never close. Nothing here waits. RFC 7530, 9.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import islice
from typing import Final, Protocol

from nfsgw.errors import NFSError
from nfsgw.nfs4.minor0.clients import OldClient, OldClients
from nfsgw.nfs4.minor0.owners import OpenOwner
from nfsgw.nfs4.minor0.requests import Requests
from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.clones import Clones
from nfsgw.nfs4.state.files import Files
from nfsgw.nfs4.state.filestate import OpenState
from nfsgw.nfs4.state.grace import Grace
from nfsgw.nfs4.state.recovery import RecoveryStore
from nfsgw.nfs4.state.replays import Replays
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire.nfs4 import (
    NFS4ERR_BAD_STATEID,
    NFS4ERR_EXPIRED,
    NFS4ERR_RESOURCE,
    NFS4ERR_STALE_CLIENTID,
    NFS4ERR_STALE_STATEID,
    SETCLIENTID4args,
    SETCLIENTID4resok,
)

log = logging.getLogger("nfsgw.nfs4")

EXPIRED: Final = 16_384  # stateids of clients that are gone, for which that is still said
LOOKED_AT: Final = 64  # owners, when one that has nothing open is looked for


class Reach(Protocol):
    """Who can reach 4.0 clients: told of them so that it can find out."""

    def confirmed(self, client: Client) -> None:
        """The client is there, and has said where it takes callbacks, perhaps anew."""
        ...

    def left(self, client: Client) -> None: ...

    def broken(self, client: Client) -> bool:
        """Whether callbacks worked once, and do not any more."""
        ...


class NoReach:
    def confirmed(self, client: Client) -> None:
        return

    def left(self, client: Client) -> None:
        return

    def broken(self, client: Client) -> bool:
        return False


class Minor0:
    def __init__(
        self,
        settings: StateSettings,
        table: Clients,
        files: Files,
        grace: Grace,
        clones: Clones,
        replays: Replays,
        recovery: RecoveryStore,
        random_bytes: Callable[[int], bytes],
        dismantle: Callable[[list[Client]], None],
    ) -> None:
        self.clients = OldClients(table, random_bytes)
        self.requests = Requests(recovery, replays)
        self.reach: Reach = NoReach()
        self.nobody = Client(0, b"", b"", b"", 0.0)  # who calls without saying who he is
        self.nobody.minor = 0
        self._settings = settings
        self._table = table
        self._files = files
        self._grace = grace
        self._clones = clones
        self._dismantle = dismantle
        self._boot = grace.boot
        self._expired: dict[bytes, None] = {}
        self.closed: dict[bytes, OpenOwner] = {}  # by the stateid of the open that an owner's last request closed

    # -- clients

    def set_clientid(self, args: SETCLIENTID4args, principal: bytes, address: str, now: float) -> SETCLIENTID4resok:
        leaving: list[Client] = []
        result = self.clients.introduce(args, principal, address, now, leaving)
        self._dismantle(leaving)
        return result

    def confirm(self, clientid: int, verifier: bytes, principal: bytes, address: str, now: float) -> Client:
        leaving: list[Client] = []
        client, news = self.clients.confirm(clientid, verifier, principal, now, leaving)
        for earlier in leaving:
            told = self._clones.replaced(earlier, client, now)
            if told:
                log.warning("%s", told)
        self._dismantle(leaving)
        if news:
            # It begins again, so it asks for nothing any more that it lost.
            self._files.free_revoked(client)
            self._grace.returned(client, now)
            self.requests.established(address, now)
            self.reach.confirmed(client)
        return client

    def left(self, client: Client) -> None:
        """The client is going, and with it all that it holds."""
        old = client.old
        if old is None:
            return
        for other in client.states:
            self._expired[other] = None
        while len(self._expired) > EXPIRED:
            del self._expired[next(iter(self._expired))]
        for owner in list(old.owners.values()):
            self._drop(old, owner)
        self.reach.left(client)

    # -- who calls

    def stranger(self, other: bytes) -> int:
        """The status for a stateid that nobody has: STALE_STATEID when it is of an earlier boot, EXPIRED when it went
        with its client not long ago."""
        if other in self._expired:
            return NFS4ERR_EXPIRED
        boot = int.from_bytes(other[:4], "big")
        return NFS4ERR_STALE_STATEID if 0 < boot < self._boot else NFS4ERR_BAD_STATEID

    def admit(self, client: Client, now: float) -> None:
        """Before an OPEN or a LOCK. There is no RECLAIM_COMPLETE: who comes after grace is done with reclaiming, and
        from now on may reclaim after the next restart. STALE_CLIENTID."""
        if client.gone:
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        if not client.reclaim_complete and not self._grace.running(now):
            client.reclaim_complete = True
        if client.reclaim_complete and not client.recorded and client.revoked == 0:
            self._grace.record(client)

    def reclaimed(self, client: Client) -> None:
        """It holds something of before the restart again, and may reclaim that after another one."""
        if not client.recorded and client.revoked == 0:
            self._grace.record(client)

    # -- owners

    def owner_of(self, client: Client, opened: OpenState) -> OpenOwner:
        """BAD_STATEID."""
        owner = None if client.old is None else client.old.owners.get(opened.owner)
        if owner is None:
            raise NFSError(NFS4ERR_BAD_STATEID)
        return owner

    def make_room(self, client: Client, old: OldClient) -> None:
        """For one more owner. RESOURCE when the client has too many."""
        if len(old.owners) >= self._settings.max_remembered_owners:
            self._forget_idle(old)
        if len(old.owners) >= self._settings.max_states_per_client:
            raise NFSError(NFS4ERR_RESOURCE)
        if len(old.unconfirmed) >= self._settings.max_unconfirmed_owners:
            self.cancel(client, old, next(iter(old.unconfirmed.values())))

    def new_owner(self, old: OldClient, owner: OpenOwner) -> None:
        old.owners[owner.name] = owner
        if not owner.confirmed:
            old.unconfirmed[owner.name] = owner

    def used(self, old: OldClient, owner: OpenOwner, now: float) -> None:
        """Its next request has come: what it closed before is over."""
        owner.used = now
        if owner.closed:
            self.closed.pop(owner.closed, None)
            owner.closed = b""
        if old.owners.pop(owner.name, None) is not None:
            old.owners[owner.name] = owner

    def cancel(self, client: Client, old: OldClient, owner: OpenOwner) -> None:
        """An owner that never confirmed: what it opened goes (9.1.11)."""
        for other in list(owner.opened):
            state = client.states.get(other)
            if isinstance(state, OpenState) and not state.revoked:
                self._files.close(state)
        self._drop(old, owner)

    def _forget_idle(self, old: OldClient) -> None:
        for owner in list(islice(old.owners.values(), LOOKED_AT)):
            if owner.idle():
                self._drop(old, owner)
                return

    def _drop(self, old: OldClient, owner: OpenOwner) -> None:
        owner.gone = True
        if owner.closed:
            self.closed.pop(owner.closed, None)
        old.owners.pop(owner.name, None)
        old.unconfirmed.pop(owner.name, None)

    # -- time

    def sweep(self, now: float) -> None:
        lease = self._settings.lease_seconds
        in_grace = self._grace.running(now)
        for client in list(self._table.by_id.values()):
            old = client.old
            if old is None or not client.confirmed:
                continue
            self._sweep_owners(client, old, now - lease)
            if not client.states and client.recorded and not in_grace:
                # Who holds nothing need not be waited for after a restart.
                self._grace.unrecord(client)
            if client.revoked == 0:
                old.told = -1.0
            elif old.told >= 0 and now - old.told > lease:
                self._files.free_revoked(client)

    def _sweep_owners(self, client: Client, old: OldClient, before: float) -> None:
        """Owners in the order of their last use: those that are silent and hold nothing, or never confirmed."""
        for owner in list(old.unconfirmed.values()):
            if owner.used < before:
                self.cancel(client, old, owner)
        stale: list[OpenOwner] = []
        for owner in old.owners.values():
            if owner.used >= before:
                break
            if owner.idle():
                stale.append(owner)
        for owner in stale:
            self._drop(old, owner)
