"""Named attributes as two machines see them, in all minor versions. RFC 8881, 5.3 and 18.17; RFC 7530, 16.17."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.wire import nfs4 as w4
from tests.protocol.files import (
    BOTH,
    CHANGE,
    GETFH,
    READ,
    SAVEFH,
    SIZE,
    Held,
    Worker,
    attributes,
    bytes_read,
    chmod,
    close,
    cut,
    link,
    open_named,
    opened,
    putfh,
    read,
    rename,
    under_way,
    worker,
    write,
)
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove
from tests.protocol.old import OldMachine
from tests.protocol.operations import handle_of, stateid_of
from tests.protocol.test_listing import readdir
from tests.protocol.town import Town

TYPE, NAMED_ATTR, FILEID = 1 << w4.FATTR4_TYPE, 1 << w4.FATTR4_NAMED_ATTR, 1 << w4.FATTR4_FILEID
LOOKUPP = w4.nfs_argop4(w4.OP_LOOKUPP)
UNCHECKED = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))


def openattr(create: bool = False) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_OPENATTR, opopenattr=w4.OPENATTR4args(create))


@pytest_asyncio.fixture
async def a(house: House) -> AsyncIterator[Worker]:
    yield await worker(house, "a", returns=True)


@pytest_asyncio.fixture
async def b(house: House) -> AsyncIterator[Worker]:
    yield await worker(house, "b", minor=1, returns=True)


@pytest_asyncio.fixture
async def old(house: House) -> OldMachine:
    machine = OldMachine(house, "old")
    await machine.settle_in()
    return machine


@pytest_asyncio.fixture
async def file(a: Worker) -> bytes:
    """Its handle; nobody has it open."""
    handle, stateid, _ = await a.open(b"file", BOTH, create=True, want=w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG)
    await a.ok(putfh(handle), close(stateid))
    return handle


async def attribute(machine: Worker, holder: bytes, name: bytes, data: bytes = b"") -> bytes:
    """Made, written, closed; its handle."""
    no_delegation = READ | 2 | w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG
    done = await machine.ok(putfh(holder), openattr(True), open_named(name, no_delegation, create=True), GETFH)
    handle, stateid, _ = opened(done)
    if data:
        await machine.ok(putfh(handle), write(data, stateid))
    await machine.ok(putfh(handle), close(stateid))
    return handle


async def has_any(machine: Machine, holder: bytes) -> bool:
    return attributes(await machine.ok(putfh(holder), getattr_(NAMED_ATTR))).boolean()


async def names(machine: Machine, holder: bytes) -> list[bytes]:
    done = await machine.ok(putfh(holder), openattr(), readdir(0, 1 << 16))
    answer = done.resarray[-1].opreaddir
    assert answer is not None
    assert answer.resok4 is not None
    return [entry.name for entry in answer.resok4.reply.entries]


async def directory_of(machine: Machine, holder: bytes) -> bytes:
    return handle_of(await machine.ok(putfh(holder), openattr(True), GETFH))


@pytest.mark.parametrize("what", ["file", "directory", "root"])
async def test_what_one_machine_writes_another_reads_lists_and_removes(
    a: Worker, b: Worker, old: OldMachine, file: bytes, what: str
) -> None:
    if what == "directory":
        file = handle_of(await a.ok(ROOT, mkdir(b"folder"), GETFH))
    elif what == "root":
        file = handle_of(await a.ok(ROOT, GETFH))
    for machine in (a, b, old):
        assert not await has_any(machine, file)
    for newer in (a, b):
        assert (await newer.run(putfh(file), openattr())).status == w4.NFS4ERR_NOENT
    assert await old.status(putfh(file), openattr()) == w4.NFS4ERR_NOENT
    handle = await attribute(a, file, b"com.apple.FinderInfo", b"x" * 32)
    await attribute(b, file, b"user.comment", b"hello")
    done = await old.ok(putfh(file), openattr(True), old.open(b"by 4.0", how=UNCHECKED), GETFH)
    mine, stateid = handle_of(done), stateid_of(done)
    sure = await old.ok(putfh(mine), old.confirm_open(stateid))
    confirmed = sure.resarray[1].opopen_confirm
    assert confirmed is not None
    assert confirmed.resok4 is not None
    stateid = confirmed.resok4.open_stateid
    await old.ok(putfh(mine), write(b"old words", stateid), old.close(stateid))
    for machine in (a, b, old):
        assert await has_any(machine, file)
        assert await names(machine, file) == [b"com.apple.FinderInfo", b"user.comment", b"by 4.0"]
        assert bytes_read(await machine.ok(putfh(file), openattr(), lookup(b"by 4.0"), read())) == b"old words"
        assert bytes_read(await machine.ok(putfh(handle), read())) == b"x" * 32
    await b.ok(putfh(file), openattr(), remove(b"com.apple.FinderInfo"))
    await old.ok(putfh(file), openattr(), remove(b"user.comment"))
    await a.ok(putfh(file), openattr(), remove(b"by 4.0"))
    for machine in (a, b, old):
        assert not await has_any(machine, file)
        assert await names(machine, file) == []


async def test_they_have_types_of_their_own_and_lead_back_to_their_object(
    a: Worker, old: OldMachine, file: bytes
) -> None:
    handle = await attribute(a, file, b"x")
    directory = await directory_of(a, file)
    for machine in (a, old):
        types = [attributes(await machine.ok(putfh(one), getattr_(TYPE))).u32() for one in (file, directory, handle)]
        assert types == [w4.NF4REG, w4.NF4ATTRDIR, w4.NF4NAMEDATTR]
        assert handle_of(await machine.ok(putfh(directory), LOOKUPP, GETFH)) == file
        numbers = {
            attributes(await machine.ok(putfh(one), getattr_(FILEID))).u64() for one in (file, directory, handle)
        }
        assert len(numbers) == 3
        assert 0 not in numbers


async def test_one_is_as_large_as_any_file_and_is_cut_like_one(house: House, a: Worker, b: Worker, file: bytes) -> None:
    handle = await attribute(a, file, b"com.apple.ResourceFork")
    await a.ok(putfh(handle), write(b"end", offset=3 * CHUNK_SIZE), write(b"begin"))
    seek = w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(NO_STATEID, 3 * CHUNK_SIZE - 2, 100))
    assert bytes_read(await b.ok(putfh(handle), seek)) == b"\0\0end"
    await b.ok(putfh(handle), cut(3))
    assert bytes_read(await a.ok(putfh(handle), read())) == b"beg"
    assert attributes(await a.ok(putfh(handle), getattr_(SIZE))).u64() == 3


async def test_they_are_not_nested_hold_only_files_and_stay_where_they_are(
    a: Worker, old: OldMachine, file: bytes
) -> None:
    handle = await attribute(a, file, b"x")
    directory = await directory_of(a, file)
    await a.ok(ROOT, mkdir(b"folder"))
    for inside in (handle, directory):
        for create in (False, True):
            assert (await a.run(putfh(inside), openattr(create))).status == w4.NFS4ERR_WRONG_TYPE
            assert await old.status(putfh(inside), openattr(create)) == w4.NFS4ERR_NOTSUPP
    assert (await a.run(putfh(directory), mkdir(b"d"))).status == w4.NFS4ERR_WRONG_TYPE
    for out, back in (((putfh(directory),), (ROOT,)), ((ROOT,), (putfh(directory),))):
        moved = await a.run(*out, SAVEFH, *back, rename(b"x" if out[0] is not ROOT else b"folder", b"y"))
        assert moved.status == w4.NFS4ERR_XDEV
    assert (await a.run(putfh(handle), SAVEFH, ROOT, link(b"y"))).status == w4.NFS4ERR_XDEV
    assert (await a.run(putfh(file), SAVEFH, putfh(directory), link(b"y"))).status == w4.NFS4ERR_XDEV
    assert (await a.run(putfh(handle), SAVEFH, putfh(directory), link(b"y"))).status == w4.NFS4ERR_NOTSUPP
    await a.ok(putfh(directory), SAVEFH, rename(b"x", b"y"))
    assert await names(old, file) == [b"y"]


async def test_no_exclusive_create_of_one(a: Worker, old: OldMachine, file: bytes) -> None:
    directory = await directory_of(a, file)
    both = w4.creatverfattr(b"verifier", w4.fattr4(0, b""))
    how = w4.openflag4(w4.OPEN4_CREATE, w4.createhow4(w4.EXCLUSIVE4_1, ch_createboth=both))
    claim = w4.open_claim4(w4.CLAIM_NULL, file=b"x")
    args = w4.OPEN4args(0, BOTH, 0, w4.open_owner4(0, b"owner"), how, claim)
    assert (await a.run(putfh(directory), w4.nfs_argop4(w4.OP_OPEN, opopen=args))).status == w4.NFS4ERR_INVAL
    exclusive = w4.createhow4(w4.EXCLUSIVE4, createverf=b"verifier")
    assert await old.status(putfh(directory), old.open(b"x", how=exclusive)) == w4.NFS4ERR_INVAL


async def test_the_mode_of_one_is_its_objects_and_the_answer_says_that_another_was_not_set(
    house: House, a: Worker, file: bytes
) -> None:
    await a.ok(putfh(file), chmod(0o640))
    mode = 1 << w4.FATTR4_MODE
    how = w4.openflag4(
        w4.OPEN4_CREATE, w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(mode, (0o777).to_bytes(4, "big")))
    )
    claim = w4.open_claim4(w4.CLAIM_NULL, file=b"x")
    args = w4.OPEN4args(0, BOTH, 0, w4.open_owner4(0, b"owner"), how, claim)
    done = await a.ok(putfh(file), openattr(True), w4.nfs_argop4(w4.OP_OPEN, opopen=args), getattr_(mode))
    answer = done.resarray[-2].opopen
    assert answer is not None
    assert answer.resok4 is not None
    assert answer.resok4.attrset == 0
    assert attributes(done).u32() == 0o640
    stranger = await worker(house, "stranger", uid=1000, returns=True)
    assert (await stranger.run(putfh(file), openattr())).status == w4.NFS4ERR_ACCESS
    await a.ok(putfh(file), chmod(0o644))
    assert await names(stranger, file) == [b"x"]
    assert (await stranger.run(putfh(file), openattr(), remove(b"x"))).status == w4.NFS4ERR_ACCESS


# -- delegations


async def held(machine: Worker, handle: bytes, *path: w4.nfs_argop4, name: bytes) -> Held:
    got, stateid, delegation = opened(await machine.ok(*path, open_named(name, READ), GETFH))
    assert delegation.read is not None, delegation
    assert got == handle
    return Held(got, delegation.read.stateid, stateid, delegation)


async def test_who_trusts_that_an_object_has_none_hears_of_the_first_and_of_the_last(
    a: Worker, b: Worker, file: bytes
) -> None:
    await directory_of(b, file)
    trusted = await held(a, file, ROOT, name=b"file")
    before = attributes(await a.ok(putfh(file), getattr_(CHANGE))).u64()
    await attribute(b, file, b"one")
    assert a.recalled() == [trusted.stateid.other]
    assert attributes(await a.ok(putfh(file), getattr_(CHANGE))).u64() > before
    await a.ok(putfh(file), close(trusted.opened))


async def test_one_that_a_machine_trusts_is_recalled_like_any_file(a: Worker, b: Worker, file: bytes) -> None:
    handle = await attribute(b, file, b"x", b"old")
    trusted = await held(a, handle, putfh(file), openattr(), name=b"x")
    a.returns = False
    writing = await under_way(b.run(putfh(handle), write(b"new")))
    assert a.recalled() == [trusted.stateid.other]
    assert not writing.done()
    await a.give_back(handle, trusted.stateid)
    assert (await writing).status == w4.NFS4_OK
    assert bytes_read(await a.ok(putfh(handle), read())) == b"new"


async def test_their_directory_can_be_delegated_and_a_new_one_recalls_it(a: Worker, b: Worker, file: bytes) -> None:
    await attribute(b, file, b"x")
    watched = await a.hold_directory(lookup(b"file"), openattr())
    await attribute(b, file, b"y")
    assert a.recalled() == [watched.stateid.other]


async def test_a_chmod_of_the_object_recalls_what_is_trusted_of_its_attributes(
    a: Worker, b: Worker, file: bytes
) -> None:
    handle = await attribute(b, file, b"x", b"old")
    trusted = await held(a, handle, putfh(file), openattr(), name=b"x")
    await b.ok(putfh(file), chmod(0o600))
    assert a.recalled() == [trusted.stateid.other]


@pytest.mark.parametrize("how", ["remove", "rename over it"])
async def test_who_trusts_an_attribute_gives_it_back_before_its_object_goes(
    a: Worker, b: Worker, file: bytes, how: str
) -> None:
    handle = await attribute(b, file, b"x", b"bytes")
    trusted = await held(a, handle, putfh(file), openattr(), name=b"x")
    await a.ok(putfh(handle), close(trusted.opened))
    watched = await a.hold_directory(lookup(b"file"), openattr())
    if how == "remove":
        await b.ok(ROOT, remove(b"file"))
    else:
        other, stateid, _ = await b.open(b"other", BOTH, create=True)
        await b.ok(putfh(other), close(stateid))
        await b.ok(ROOT, SAVEFH, rename(b"other", b"file"))
    assert sorted(a.recalled()) == sorted([trusted.stateid.other, watched.stateid.other])
    for gone in (handle, watched.handle):
        assert (await a.run(putfh(gone))).status == w4.NFS4ERR_STALE


async def test_ones_own_delegations_end_with_the_object(house: House, a: Worker, file: bytes) -> None:
    handle = await attribute(a, file, b"x")
    await a.hold_directory(lookup(b"file"), openattr())
    await a.ok(ROOT, remove(b"file"))
    assert a.recalled() == []
    assert (await a.run(putfh(handle))).status == w4.NFS4ERR_STALE
    assert not house.state.files.by_inode


# -- what goes, and when


async def test_one_that_is_open_outlives_its_object_until_it_is_closed(
    house: House, a: Worker, b: Worker, file: bytes
) -> None:
    await attribute(b, file, b"x", b"bytes")
    handle, stateid, _ = opened(
        await a.ok(putfh(file), openattr(), open_named(b"x", READ | w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG), GETFH)
    )
    await b.ok(ROOT, remove(b"file"))
    assert (await b.run(putfh(file))).status == w4.NFS4ERR_STALE
    assert bytes_read(await a.ok(putfh(handle), read(stateid))) == b"bytes"
    await a.ok(putfh(handle), close(stateid))
    assert (await a.run(putfh(handle))).status == w4.NFS4ERR_STALE
    assert house.names.usage()[0] == 1


async def test_they_stay_with_an_object_that_was_removed_while_it_was_open(
    house: House, a: Worker, b: Worker, file: bytes
) -> None:
    handle = await attribute(b, file, b"x", b"bytes")
    _, stateid, _ = await a.open(b"file", READ, want=w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG)
    await b.ok(ROOT, remove(b"file"))
    assert bytes_read(await a.ok(putfh(file), openattr(), lookup(b"x"), read())) == b"bytes"
    await a.ok(putfh(file), close(stateid))
    assert (await a.run(putfh(handle))).status == w4.NFS4ERR_STALE
    assert house.names.usage()[0] == 1


async def test_attributes_and_what_was_written_to_them_are_there_after_a_crash(town: Town) -> None:
    a = await worker(town.house, "a")
    made = (await a.open(b"file", BOTH, create=True))[0]
    handle = await attribute(a, made, b"x", b"bytes")
    await a.ok(putfh(made), openattr(), SAVEFH, rename(b"x", b"y"))
    house = await town.crash()
    house.clock.advance(200)
    house.state.sweep(house.monotonic())
    again = OldMachine(house, "old")
    await again.settle_in()
    assert await has_any(again, made)
    assert await names(again, made) == [b"y"]
    assert bytes_read(await again.ok(putfh(handle), read())) == b"bytes"


async def test_an_openattr_that_is_sent_again_leads_to_the_same_directory(old: OldMachine, file: bytes) -> None:
    first = await old.ok(putfh(file), openattr(True), GETFH)
    assert handle_of(await old.again()) == handle_of(first)
    assert handle_of(await old.ok(putfh(file), openattr(True), GETFH)) == handle_of(first)
