"""What one machine does with whole files, each step acknowledged as durable: the words of the outage tests."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from tests.faults.look import walk
from tests.faults.machine import Machine
from tests.protocol.files import close, open_named
from tests.protocol.machines import NO_STATEID, ROOT

PIECE = 1 << 19


def write_at(offset: int, data: bytes) -> w4.nfs_argop4:
    args = w4.WRITE4args(NO_STATEID, offset, w4.FILE_SYNC4, data)
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=args)


async def put(machine: Machine, name: bytes, data: bytes) -> None:
    """Returns when all of it is acknowledged; waits as long as the gateway says DELAY. Refused for anything else."""
    opened = (await machine.run(ROOT, open_named(name, 3, create=True)))[-1].opopen
    assert opened is not None
    assert opened.resok4 is not None
    for offset in range(0, len(data), PIECE):
        await machine.run(*walk((name,)), write_at(offset, data[offset : offset + PIECE]))
    await machine.run(*walk((name,)), close(opened.resok4.stateid))


async def get(machine: Machine, name: bytes, size: int) -> bytes:
    """All of it. Refused."""
    data = b""
    while len(data) < size:
        args = w4.READ4args(NO_STATEID, len(data), PIECE)
        done = await machine.run(*walk((name,)), w4.nfs_argop4(w4.OP_READ, opread=args))
        answer = done[-1].opread
        assert answer is not None
        assert answer.resok4 is not None
        assert answer.resok4.data, f"{name!r} ends at {len(data)} of {size}"
        data += bytes(answer.resok4.data)
    return data


async def remove(machine: Machine, name: bytes) -> None:
    await machine.run(ROOT, w4.nfs_argop4(w4.OP_REMOVE, opremove=w4.REMOVE4args(name)))
