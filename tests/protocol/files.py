"""What two machines do with files, in the words of tests: open, read, write, rename; and how each answers a recall."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from nfsgw.wire import nfs4 as w4
from nfsgw.wire import nfs4_cb as cb
from nfsgw.wire.runtime import Reader, Writer
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, turns

READ, WRITE, BOTH = 1, 2, 3
CHANGE, SIZE, MTIME = 1 << w4.FATTR4_CHANGE, 1 << w4.FATTR4_SIZE, 1 << w4.FATTR4_TIME_MODIFY
MODE = 1 << w4.FATTR4_MODE


def putfh(handle: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_PUTFH, opputfh=w4.PUTFH4args(handle))


GETFH = w4.nfs_argop4(w4.OP_GETFH)
SAVEFH = w4.nfs_argop4(w4.OP_SAVEFH)


def open_claim(
    claim: w4.open_claim4, access: int, deny: int, create: bool, owner: bytes, truncate: bool = False
) -> w4.nfs_argop4:
    values = w4.fattr4(SIZE, bytes(8)) if truncate else w4.fattr4(0, b"")
    how = w4.openflag4(w4.OPEN4_CREATE, w4.createhow4(w4.UNCHECKED4, values)) if create else w4.openflag4(0)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=w4.OPEN4args(0, access, deny, w4.open_owner4(0, owner), how, claim))


def open_named(
    name: bytes,
    access: int = READ,
    deny: int = 0,
    create: bool = False,
    owner: bytes = b"owner",
    truncate: bool = False,
) -> w4.nfs_argop4:
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
    return open_claim(claim, access, deny, create or truncate, owner, truncate)


def rename(old: bytes, new: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_RENAME, oprename=w4.RENAME4args(old, new))


def link(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_LINK, oplink=w4.LINK4args(name))


def chmod(mode: int) -> w4.nfs_argop4:
    values = w4.fattr4(MODE, mode.to_bytes(4, "big"))
    return w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, values))


def cut(size: int) -> w4.nfs_argop4:
    values = w4.fattr4(SIZE, size.to_bytes(8, "big"))
    return w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, values))


def setxattr(name: bytes, value: bytes) -> w4.nfs_argop4:
    args = w4.SETXATTR4args(w4.SETXATTR4_EITHER, name, value)
    return w4.nfs_argop4(w4.OP_SETXATTR, opsetxattr=args)


def removexattr(name: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_REMOVEXATTR, opremovexattr=w4.REMOVEXATTR4args(name))


def write(data: bytes, stateid: w4.stateid4 = NO_STATEID, offset: int = 0) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(stateid, offset, w4.FILE_SYNC4, data))


def read(stateid: w4.stateid4 = NO_STATEID, count: int = 100) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(stateid, 0, count))


def lockt(kind: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_LOCKT, oplockt=w4.LOCKT4args(kind, 0, 10, w4.lock_owner4(0, b"locker")))


def close(stateid: w4.stateid4) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, stateid))


def delegreturn(stateid: w4.stateid4) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_DELEGRETURN, opdelegreturn=w4.DELEGRETURN4args(stateid))


def get_dir_delegation() -> w4.nfs_argop4:
    nothing = w4.nfstime4(0, 0)
    args = w4.GET_DIR_DELEGATION4args(False, 0, nothing, nothing, 0, 0)
    return w4.nfs_argop4(w4.OP_GET_DIR_DELEGATION, opget_dir_delegation=args)


class Held:
    """A delegation as its holder knows it, and the open that it came with."""

    def __init__(
        self, handle: bytes, stateid: w4.stateid4, opened: w4.stateid4, answer: w4.open_delegation4 | None
    ) -> None:
        self.handle = handle
        self.stateid = stateid
        self.opened = opened
        self.answer = answer


class Worker(Machine):
    """A machine with a back channel that keeps its delegations until it is asked for them: then it says that it will
    return them, and does when `returns` is set."""

    def __init__(self, house: House, name: str, uid: int = 0) -> None:
        super().__init__(house, name, uid)
        self.returns = False
        self.callbacks.on_recall = self.asked_back
        self.returning: list[asyncio.Task[None]] = []

    def asked_back(self, args: cb.CB_RECALL4args) -> int:
        if self.returns:
            self.returning.append(asyncio.ensure_future(self.give_back(args.fh, args.stateid)))
        return w4.NFS4_OK

    async def give_back(self, handle: bytes, stateid: w4.stateid4) -> None:
        await self.ok(putfh(handle), delegreturn(stateid))

    async def open(
        self,
        name: bytes,
        access: int = READ,
        create: bool = False,
        owner: bytes = b"owner",
        want: int = 0,
    ) -> tuple[bytes, w4.stateid4, w4.open_delegation4]:
        """Handle, stateid and what is said of a delegation."""
        return opened(await self.ok(ROOT, open_named(name, access | want, 0, create, owner), GETFH))

    async def hold(self, name: bytes, access: int = READ, create: bool = False) -> Held:
        handle, stateid, delegation = await self.open(name, access, create)
        granted = delegation.write or delegation.read
        assert granted is not None, delegation
        return Held(handle, granted.stateid, stateid, delegation)

    async def watch(self, *path: w4.nfs_argop4) -> w4.GET_DIR_DELEGATION4res_non_fatal:
        """As Linux asks: the delegation, then the attributes."""
        done = await self.ok(ROOT, *path, get_dir_delegation(), getattr_(CHANGE))
        answer = done.resarray[-2].opget_dir_delegation
        assert answer is not None
        assert answer.gddr_res_non_fatal4 is not None
        return answer.gddr_res_non_fatal4

    async def hold_directory(self, *path: w4.nfs_argop4) -> Held:
        await self.watch(*path)  # which shows it; only then may it be given
        given = (await self.watch(*path)).gddrnf_resok4
        assert given is not None
        got = (await self.ok(ROOT, *path, GETFH)).resarray[-1].opgetfh
        assert got is not None
        assert got.resok4 is not None
        return Held(got.resok4.object, given.gddr_stateid, NO_STATEID, None)

    def recalled(self) -> list[bytes]:
        return [args.stateid.other for args in self.callbacks.recalled]


async def worker(house: House, name: str, uid: int = 0, minor: int = 2, returns: bool = False) -> Worker:
    """One that has joined, with a back channel that was tried."""
    machine = Worker(house, name, uid)
    machine.minor = minor
    machine.returns = returns
    await machine.join(back=True)
    await turns()
    return machine


def opened(done: w4.COMPOUND4res) -> tuple[bytes, w4.stateid4, w4.open_delegation4]:
    answer = done.resarray[-2].opopen
    got = done.resarray[-1].opgetfh
    assert answer is not None
    assert answer.resok4 is not None
    assert got is not None
    assert got.resok4 is not None
    return got.resok4.object, answer.resok4.stateid, answer.resok4.delegation


def attributes(done: w4.COMPOUND4res) -> Reader:
    """The values of the compound's last operation, a GETATTR."""
    answer = done.resarray[-1].opgetattr
    assert answer is not None
    assert answer.resok4 is not None
    return Reader(answer.resok4.obj_attributes.attr_vals)


def told(change: int, size: int) -> w4.fattr4:
    writer = Writer()
    writer.u64(change)
    writer.u64(size)
    return w4.fattr4(CHANGE | SIZE, writer.getvalue())


def bytes_read(done: w4.COMPOUND4res) -> bytes:
    answer = done.resarray[-1].opread
    assert answer is not None
    assert answer.resok4 is not None
    return bytes(answer.resok4.data)


async def under_way(coroutine: Coroutine[object, object, w4.COMPOUND4res]) -> asyncio.Task[w4.COMPOUND4res]:
    """Something that a machine does and that may have to wait: begun, and everything done that can be done without
    anybody's help."""
    task = asyncio.ensure_future(coroutine)
    await turns(30)
    return task


async def change_of(machine: Machine, name: bytes) -> tuple[int, int]:
    """Change and size."""
    values = attributes(
        await machine.ok(ROOT, lookup(name), w4.nfs_argop4(w4.OP_GETATTR, opgetattr=w4.GETATTR4args(CHANGE | SIZE)))
    )
    return values.u64(), values.u64()
