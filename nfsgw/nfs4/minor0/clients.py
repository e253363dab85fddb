"""Clients of NFSv4.0: SETCLIENTID and SETCLIENTID_CONFIRM with all their cases, and what each client has besides the
state that all minor versions share. RFC 7530, 9.1.1, 16.33 and 16.34.

A client is one record of the table of all clients, under a name of its own, for a 4.1 client with the same string is
another one. Nothing that an earlier incarnation holds goes before the new one is confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.minor0.owners import OpenOwner
from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.sessions import Client
from nfsgw.wire.nfs4 import (
    NFS4ERR_CLID_INUSE,
    NFS4ERR_STALE_CLIENTID,
    SETCLIENTID4args,
    SETCLIENTID4resok,
    netaddr4,
)

NAMED: Final = b"NFSv4.0 "  # what the owner of such a client begins with in the table


class CallbackAddress:
    """Where a client takes callbacks, as it said: `netid` and `address` are not looked at here."""

    def __init__(self, program: int, netid: bytes, address: bytes, ident: int) -> None:
        self.program = program
        self.netid = netid
        self.address = address
        self.ident = ident


class OldClient:
    """What hangs on a 4.0 client alone. `confirm`: the verifier that its SETCLIENTID_CONFIRM has, or had; `update`:
    the next one with its callbacks, of a confirmed client that has changed them (case 1 of 16.33)."""

    def __init__(self, confirm: bytes, callback: CallbackAddress) -> None:
        self.confirm = confirm
        self.callback = callback
        self.update: OldClient | None = None
        self.owners: dict[bytes, OpenOwner] = {}  # the one that was used last comes last
        self.unconfirmed: dict[bytes, OpenOwner] = {}
        self.told = -1.0  # since when it can know of what it lost; -1: it has lost nothing


class InUseError(NFSError):
    """CLID_INUSE, with the address of who uses the name: the body of SETCLIENTID's error arm."""

    def __init__(self, using: CallbackAddress) -> None:
        super().__init__(NFS4ERR_CLID_INUSE)
        self.using = netaddr4(using.netid, using.address)


class OldClients:
    """SETCLIENTID and its confirmation over the table of clients. Clients that must go are put into `leaving`."""

    def __init__(self, table: Clients, random_bytes: Callable[[int], bytes]) -> None:
        self._table = table
        self._random_bytes = random_bytes

    def get(self, clientid: int) -> Client:
        """A confirmed 4.0 client. STALE_CLIENTID: of an earlier boot, or never confirmed, or gone."""
        client = self._table.by_id.get(clientid)
        if client is None or client.old is None or not client.confirmed:
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        return client

    def introduce(
        self, args: SETCLIENTID4args, principal: bytes, address: str, now: float, leaving: list[Client]
    ) -> SETCLIENTID4resok:
        """SETCLIENTID. An unconfirmed record of the same name is always replaced (cases 3 and 4). CLID_INUSE, DELAY (no
        room for another client)."""
        table = self._table
        owner = NAMED + args.client.id
        location = args.callback.cb_location
        callback = CallbackAddress(
            args.callback.cb_program, location.na_r_netid, location.na_r_addr, args.callback_ident
        )
        confirmed = table.confirmed.get(owner)
        if (
            confirmed is not None
            and confirmed.old is not None
            and confirmed.principal != principal
            and confirmed.has_state()
            and not table.lapsed(confirmed, now)
        ):
            raise InUseError(confirmed.old.callback)
        earlier = table.unconfirmed.get(owner)
        if earlier is not None:
            table.remove(earlier, leaving)
        new = OldClient(self._random_bytes(8), callback)
        if confirmed is not None and confirmed.old is not None:
            confirmed.old.update = None
            if confirmed.verifier == args.client.verifier and confirmed.principal == principal:
                confirmed.old.update = new  # case 1
                return SETCLIENTID4resok(confirmed.clientid, new.confirm)
        client = table.add(owner, args.client.verifier, principal, now, leaving)  # cases 2 and 5
        client.minor = 0
        client.old = new
        client.address = address
        return SETCLIENTID4resok(client.clientid, new.confirm)

    def confirm(
        self, clientid: int, verifier: bytes, principal: bytes, now: float, leaving: list[Client]
    ) -> tuple[Client, bool]:
        """SETCLIENTID_CONFIRM. The client, and whether it has not merely sent it again. STALE_CLIENTID, CLID_INUSE."""
        table = self._table
        client = table.by_id.get(clientid)
        if client is None or client.old is None:
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        old = client.old
        update = old.update
        if client.confirmed:
            if update is not None and update.confirm == verifier:  # case 1
                require_same(client, principal)
                old.update = None
                old.confirm = verifier
                old.callback = update.callback
                client.renewed = now
                return client, True
            if old.confirm == verifier:  # case 2
                require_same(client, principal)
                client.renewed = now
                return client, False
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        if old.confirm != verifier or table.lapsed(client, now):
            raise NFSError(NFS4ERR_STALE_CLIENTID)
        require_same(client, principal)
        table.confirm(client, leaving)  # cases 3 and 4
        client.renewed = now
        return client, True


def require_same(client: Client, principal: bytes) -> None:
    if client.principal != principal:
        raise NFSError(NFS4ERR_CLID_INUSE)
