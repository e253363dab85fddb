"""Credentials of RPC calls: AUTH_NONE and AUTH_SYS (RFC 5531, 8.2, 10.1 and appendix A).

Says who a caller claims to be; what he may do is not decided here. It must never trust a length: 16 groups, 255 bytes
of machine name, 400 bytes in all.
"""

from __future__ import annotations

from typing import Final

from nfsgw.wire.rpc import (
    AUTH_NONE,
    AUTH_SYS,
    authsys_parms,
    opaque_auth,
    pack_authsys_parms,
    pack_opaque_auth,
    unpack_authsys_parms,
)
from nfsgw.wire.runtime import Reader, Writer

NOBODY: Final = 65534  # who a caller without a credential is
OPAQUE_AUTH_NONE: Final = b"\0\0\0\0\0\0\0\0"


class RpcCredential:
    """What one call's credential says. Equal credentials in a row on one connection are one object, so that a program
    may keep what it derives from it in `data`."""

    def __init__(self, flavor: int, uid: int, gid: int, gids: tuple[int, ...], machine_name: bytes) -> None:
        self.flavor = flavor
        self.uid = uid
        self.gid = gid
        self.gids = gids
        self.machine_name = machine_name
        self.data: object = None

    def __repr__(self) -> str:
        return f"RpcCredential({self.flavor}, uid={self.uid}, gid={self.gid}, gids={self.gids}, {self.machine_name!r})"


def anonymous() -> RpcCredential:
    """Who calls with AUTH_NONE."""
    return RpcCredential(AUTH_NONE, NOBODY, NOBODY, (), b"")


def parse_auth_sys(body: bytes) -> RpcCredential:
    """The credential in the body of an AUTH_SYS opaque_auth. Raises XdrError where it breaks a bound or bytes are left
    over."""
    reader = Reader(body)
    parms = unpack_authsys_parms(reader)
    reader.finish()
    return RpcCredential(AUTH_SYS, parms.uid, parms.gid, tuple(parms.gids), parms.machinename)


def auth_sys(uid: int, gid: int, gids: tuple[int, ...], machine_name: bytes) -> bytes:
    """An encoded opaque_auth of AUTH_SYS, as `Connection.call_back` takes it."""
    body = Writer()
    pack_authsys_parms(body, authsys_parms(0, machine_name, uid, gid, list(gids)))
    writer = Writer()
    pack_opaque_auth(writer, opaque_auth(AUTH_SYS, body.getvalue()))
    return writer.getvalue()
