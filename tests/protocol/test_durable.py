"""No reply precedes the commit of what it did or shows: the promise that nothing acknowledged is lost."""

from __future__ import annotations

import pytest

from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove

SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
MODE = w4.fattr4(1 << w4.FATTR4_MODE, (0o700).to_bytes(4, "big"))
SETATTR = w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, MODE))
CUT = w4.fattr4(1 << w4.FATTR4_SIZE, (2).to_bytes(8, "big"))
TRUNCATE = w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, CUT))
RENAME = w4.nfs_argop4(w4.OP_RENAME, oprename=w4.RENAME4args(b"folder", b"renamed"))
LINK = w4.nfs_argop4(w4.OP_LINK, oplink=w4.LINK4args(b"linked"))
SETXATTR = w4.nfs_argop4(w4.OP_SETXATTR, opsetxattr=w4.SETXATTR4args(w4.SETXATTR4_EITHER, b"name", b"value"))
REMOVEXATTR = w4.nfs_argop4(w4.OP_REMOVEXATTR, opremovexattr=w4.REMOVEXATTR4args(b"there"))
SIZE = 1 << w4.FATTR4_SIZE


def write(stable: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(NO_STATEID, 0, stable, b"data"))


def create(name: bytes) -> w4.nfs_argop4:
    how = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
    owner = w4.open_owner4(0, b"owner")
    both = w4.OPEN4_SHARE_ACCESS_BOTH
    args = w4.OPEN4args(0, both, 0, owner, w4.openflag4(w4.OPEN4_CREATE, how), claim)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


COMMIT = w4.nfs_argop4(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))


async def furnish(machine: Machine) -> None:
    await machine.ok(ROOT, mkdir(b"folder"))
    await machine.ok(ROOT, create(b"file"), write(w4.FILE_SYNC4))
    there = w4.SETXATTR4args(w4.SETXATTR4_EITHER, b"there", b"value")
    await machine.ok(ROOT, lookup(b"file"), w4.nfs_argop4(w4.OP_SETXATTR, opsetxattr=there))


CHANGES = {
    "CREATE": [ROOT, mkdir(b"new")],
    "REMOVE": [ROOT, remove(b"folder")],
    "RENAME": [ROOT, SAVE, RENAME],
    "LINK": [ROOT, lookup(b"file"), SAVE, ROOT, LINK],
    "SETATTR": [ROOT, lookup(b"file"), SETATTR],
    "SETATTR of size": [ROOT, lookup(b"file"), TRUNCATE],
    "OPEN that creates": [ROOT, create(b"new file")],
    "WRITE FILE_SYNC": [ROOT, lookup(b"file"), write(w4.FILE_SYNC4)],
    "COMMIT": [ROOT, lookup(b"file"), write(w4.UNSTABLE4), COMMIT],
    "SETXATTR": [ROOT, lookup(b"file"), SETXATTR],
    "REMOVEXATTR": [ROOT, lookup(b"file"), REMOVEXATTR],
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_is_answered_when_its_commit_is_durable(house: House, a: Machine, what: str) -> None:
    await furnish(a)
    before = house.names.durable
    a.send(a.message(a.compound(a.next(), *CHANGES[what])))
    assert not a.connection.has_output()
    reply = await a.answer()
    assert reply[24:28] == w4.NFS4_OK.to_bytes(4, "big")
    assert house.names.durable > before


LOOKS = {
    "LOOKUP of the new": [ROOT, lookup(b"new")],
    "LOOKUP of the old": [ROOT, lookup(b"folder")],
    "GETATTR of the directory": [ROOT, getattr_(1 << w4.FATTR4_CHANGE)],
    "a CREATE that comes second": [ROOT, mkdir(b"new")],
}


@pytest.mark.parametrize("look", LOOKS)
async def test_who_sees_a_change_waits_for_it_too(house: House, a: Machine, b: Machine, look: str) -> None:
    await furnish(a)
    a.send(a.message(a.compound(a.next(), ROOT, mkdir(b"new"), remove(b"folder"))))
    b.send(b.message(b.compound(b.next(), *LOOKS[look])))
    assert not b.connection.has_output()
    await a.answer()
    await b.answer()


async def test_who_looks_elsewhere_does_not_wait(house: House, a: Machine, b: Machine) -> None:
    await furnish(a)
    await a.ok(ROOT, lookup(b"folder"), mkdir(b"inner"))
    a.send(a.message(a.compound(a.next(), ROOT, lookup(b"folder"), lookup(b"inner"), mkdir(b"new"))))
    b.send(b.message(b.compound(b.next(), ROOT, lookup(b"file"), getattr_(SIZE))))
    assert b.connection.has_output()
    await b.answer()
    await a.answer()
