"""ALLOCATE, DEALLOCATE, SEEK and IO_ADVISE, through whole compounds. RFC 7862, 15.1, 15.4, 15.5, 15.11."""

from __future__ import annotations

import os

import pytest

from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.wire import nfs4 as w4
from tests.protocol.files import Worker, under_way
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, lookup, mkdir, turns
from tests.protocol.test_durable import create

FILE = lookup(b"file")
UINT64_MAX = 0xFFFF_FFFF_FFFF_FFFF


def write(offset: int, data: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(NO_STATEID, offset, w4.UNSTABLE4, data))


def allocate(offset: int, length: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_ALLOCATE, opallocate=w4.ALLOCATE4args(NO_STATEID, offset, length))


def deallocate(offset: int, length: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_DEALLOCATE, opdeallocate=w4.DEALLOCATE4args(NO_STATEID, offset, length))


def seek(offset: int, what: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_SEEK, opseek=w4.SEEK4args(NO_STATEID, offset, what))


async def read(machine: Machine, offset: int, count: int) -> bytes:
    args = w4.READ4args(NO_STATEID, offset, count)
    done = await machine.ok(ROOT, FILE, w4.nfs_argop4(w4.OP_READ, opread=args))
    answer = done.resarray[-1].opread
    assert answer is not None
    assert answer.resok4 is not None
    return bytes(answer.resok4.data)


async def sought(machine: Machine, offset: int, what: int) -> tuple[bool, int]:
    done = await machine.ok(ROOT, FILE, seek(offset, what))
    answer = done.resarray[-1].opseek
    assert answer is not None
    assert answer.resok4 is not None
    return answer.resok4.sr_eof, answer.resok4.sr_offset


async def size_of(machine: Machine) -> int:
    args = w4.GETATTR4args(1 << w4.FATTR4_SIZE)
    done = await machine.ok(ROOT, FILE, w4.nfs_argop4(w4.OP_GETATTR, opgetattr=args))
    answer = done.resarray[-1].opgetattr
    assert answer is not None
    assert answer.resok4 is not None
    return int.from_bytes(answer.resok4.obj_attributes.attr_vals, "big")


async def test_allocate_makes_a_file_longer_and_never_shorter(a: Machine, b: Machine) -> None:
    await a.ok(ROOT, create(b"file"))
    await a.ok(ROOT, FILE, allocate(100, 50))
    assert await size_of(b) == 150
    await a.ok(ROOT, FILE, allocate(0, 10))
    assert await size_of(b) == 150
    assert await read(b, 0, 200) == bytes(150)


async def test_allocate_loses_no_data(a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(0, b"data"))
    await a.ok(ROOT, FILE, allocate(0, 100))
    assert await read(a, 0, 200) == b"data".ljust(100, b"\0")


async def test_what_no_store_holds_cannot_be_allocated(house: House, a: Machine) -> None:
    await a.ok(ROOT, create(b"file"))
    assert (await a.run(ROOT, FILE, allocate(0, 1 << 49))).status == w4.NFS4ERR_NOSPC
    largest = house.services.settings.max_file_size
    assert (await a.run(ROOT, FILE, allocate(largest, 1))).status == w4.NFS4ERR_FBIG
    assert await size_of(a) == 0


async def test_the_other_machine_reads_zeros_where_one_has_punched(a: Machine, b: Machine) -> None:
    data = os.urandom(2000)
    await a.ok(ROOT, create(b"file"), write(0, data))
    assert await read(b, 0, 3000) == data
    await a.ok(ROOT, FILE, deallocate(500, 1000))
    assert await read(b, 0, 3000) == data[:500] + bytes(1000) + data[1500:]
    await a.ok(ROOT, FILE, deallocate(1900, 1 << 40))
    assert await read(b, 0, 3000) == data[:500] + bytes(1000) + data[1500:1900] + bytes(100)


async def test_a_punched_hole_is_durable_when_its_reply_leaves(house: House, a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(0, b"x" * 1000), write(CHUNK_SIZE - 1000, b"x" * 1010))
    await a.ok(ROOT, FILE, deallocate(5, CHUNK_SIZE))
    assert house.names.durable == house.names.latest()
    status = house.chunks.status()
    assert (status["dirty_bytes"], status["dirty_files"]) == (0, 0)


async def test_seek_finds_data_and_holes_and_says_when_there_are_none(a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(CHUNK_SIZE, b"data"))
    await a.ok(ROOT, FILE, allocate(0, 3 * CHUNK_SIZE))
    assert await sought(a, 0, w4.NFS4_CONTENT_DATA) == (False, CHUNK_SIZE)
    assert await sought(a, 0, w4.NFS4_CONTENT_HOLE) == (False, 0)
    assert await sought(a, CHUNK_SIZE, w4.NFS4_CONTENT_HOLE) == (False, CHUNK_SIZE + 4)
    assert (await sought(a, CHUNK_SIZE + 4, w4.NFS4_CONTENT_DATA))[0] is True
    await a.ok(ROOT, FILE, write(3 * CHUNK_SIZE, b"end"))
    assert await sought(a, 3 * CHUNK_SIZE, w4.NFS4_CONTENT_HOLE) == (True, 3 * CHUNK_SIZE + 3)


REFUSED = {
    "SEEK past the end": (seek(4, w4.NFS4_CONTENT_DATA), w4.NFS4ERR_NXIO),
    "ALLOCATE of nothing": (allocate(0, 0), w4.NFS4ERR_INVAL),
    "DEALLOCATE of nothing": (deallocate(0, 0), w4.NFS4ERR_INVAL),
    "ALLOCATE past 64 bits": (allocate(UINT64_MAX, 1), w4.NFS4ERR_INVAL),
    "DEALLOCATE past 64 bits": (deallocate(UINT64_MAX, 1), w4.NFS4ERR_INVAL),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(a: Machine, what: str) -> None:
    await a.ok(ROOT, create(b"file"), write(0, b"data"))
    operation, status = REFUSED[what]
    assert (await a.run(ROOT, FILE, operation)).status == status
    assert await read(a, 0, 100) == b"data"


@pytest.mark.parametrize("operation", [allocate(0, 1), deallocate(0, 1), seek(0, w4.NFS4_CONTENT_DATA)])
async def test_a_directory_has_no_bytes(a: Machine, operation: w4.nfs_argop4) -> None:
    await a.ok(ROOT, mkdir(b"folder"))
    assert (await a.run(ROOT, lookup(b"folder"), operation)).status == w4.NFS4ERR_ISDIR


async def test_who_may_not_write_may_not_punch(house: House, a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(0, b"data"))
    mode = w4.fattr4(1 << w4.FATTR4_MODE, (0o644).to_bytes(4, "big"))
    await a.ok(ROOT, FILE, w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, mode)))
    other = Machine(house, "other", uid=1000)
    await other.join()
    assert (await other.run(ROOT, FILE, deallocate(0, 4))).status == w4.NFS4ERR_ACCESS
    assert (await other.run(ROOT, FILE, allocate(0, 9))).status == w4.NFS4ERR_ACCESS
    assert await read(other, 0, 9) == b"data"


@pytest.mark.parametrize("operation", [allocate(0, 9), deallocate(0, 2)])
async def test_who_trusts_the_old_bytes_is_asked_first(house: House, operation: w4.nfs_argop4) -> None:
    holder, other = await joined(house, "holder"), await joined(house, "other")
    held = await holder.hold(b"file", create=True)
    waiting = await under_way(other.run(ROOT, FILE, operation))
    assert holder.recalled() == [held.stateid.other]
    assert not waiting.done()
    await holder.give_back(held.handle, held.stateid)
    assert (await waiting).status == w4.NFS4_OK


async def test_where_a_writer_has_data_is_asked_of_nobody_before_he_has_given_it_back(house: House) -> None:
    holder, other = await joined(house, "holder"), await joined(house, "other")
    held = await holder.hold(b"file", w4.OPEN4_SHARE_ACCESS_BOTH, create=True)
    waiting = await under_way(other.run(ROOT, FILE, seek(0, w4.NFS4_CONTENT_DATA)))
    assert holder.recalled() == [held.stateid.other]
    await holder.give_back(held.handle, held.stateid)
    assert (await waiting).status == w4.NFS4ERR_NXIO


async def joined(house: House, name: str) -> Worker:
    machine = Worker(house, name)
    await machine.join(back=True)
    await turns()
    return machine


async def test_only_advice_that_is_taken_is_confirmed(a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(0, b"data"))
    hints = 1 << w4.IO_ADVISE4_WILLNEED | 1 << w4.IO_ADVISE4_SEQUENTIAL
    args = w4.IO_ADVISE4args(NO_STATEID, 0, 4, hints)
    done = await a.ok(ROOT, FILE, w4.nfs_argop4(w4.OP_IO_ADVISE, opio_advise=args))
    answer = done.resarray[-1].opio_advise
    assert answer is not None
    assert answer.resok4 is not None
    assert answer.resok4.ior_hints == 1 << w4.IO_ADVISE4_WILLNEED
