"""Operations as machines send them, one function each."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import NO_STATEID


def rename(old: bytes, new: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_RENAME, oprename=w4.RENAME4args(old, new))


def link(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_LINK, oplink=w4.LINK4args(name))


def open_file(name: bytes, how: w4.createhow4 | None) -> w4.nfs_argop4:
    flag = w4.openflag4(w4.OPEN4_NOCREATE) if how is None else w4.openflag4(w4.OPEN4_CREATE, how)
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
    both = w4.OPEN4_SHARE_ACCESS_BOTH
    return w4.nfs_argop4(w4.OP_OPEN, opopen=w4.OPEN4args(0, both, 0, w4.open_owner4(0, b"owner"), flag, claim))


def open_wanting_delegation(name: bytes) -> w4.nfs_argop4:
    """To read, and to be trusted with it."""
    access = w4.OPEN4_SHARE_ACCESS_READ | w4.OPEN4_SHARE_ACCESS_WANT_READ_DELEG
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
    args = w4.OPEN4args(0, access, 0, w4.open_owner4(0, b"owner"), w4.openflag4(w4.OPEN4_NOCREATE), claim)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


def guarded(name: bytes) -> w4.nfs_argop4:
    return open_file(name, w4.createhow4(w4.GUARDED4, createattrs=w4.fattr4(0, b"")))


def exclusive(name: bytes) -> w4.nfs_argop4:
    both = w4.creatverfattr(b"verifier", w4.fattr4(0, b""))
    return open_file(name, w4.createhow4(w4.EXCLUSIVE4_1, ch_createboth=both))


def setattr_(mask: int, values: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, w4.fattr4(mask, values)))


def set_xattr(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_SETXATTR, opsetxattr=w4.SETXATTR4args(w4.SETXATTR4_CREATE, name, b"value"))


def write(stable: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(NO_STATEID, 0, stable, b"data"))


def putfh(handle: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_PUTFH, opputfh=w4.PUTFH4args(handle))


GETFH = w4.nfs_argop4(w4.OP_GETFH)


def reclaim_open(delegation: int = w4.OPEN_DELEGATE_NONE) -> w4.nfs_argop4:
    """CLAIM_PREVIOUS of the current file."""
    claim = w4.open_claim4(w4.CLAIM_PREVIOUS, delegate_type=delegation)
    owner = w4.open_owner4(0, b"owner")
    both = w4.OPEN4_SHARE_ACCESS_BOTH
    args = w4.OPEN4args(0, both, 0, owner, w4.openflag4(w4.OPEN4_NOCREATE), claim)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


def read(stateid: w4.stateid4, count: int = 100) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(stateid, 0, count))


def stateid_of(done: w4.COMPOUND4res) -> w4.stateid4:
    """OPEN's, wherever it stands in the compound."""
    for result in done.resarray:
        if result.opopen is not None and result.opopen.resok4 is not None:
            return result.opopen.resok4.stateid
    raise AssertionError("no OPEN succeeded")


def handle_of(done: w4.COMPOUND4res) -> bytes:
    """GETFH's."""
    for result in done.resarray:
        if result.opgetfh is not None and result.opgetfh.resok4 is not None:
            return result.opgetfh.resok4.object
    raise AssertionError("no GETFH succeeded")
