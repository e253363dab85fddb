"""Objects of many chunks: how they are made and read, what is left of them, and how they are rewritten."""

from __future__ import annotations

import os

import pytest

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.packs import FULL, MOST, SMALL, Member, members, offsets, table, table_size
from nfsgw.errors import NFSError
from nfsgw.namespace.check import Inspection
from nfsgw.wire.nfs4 import NFS4ERR_IO
from tests.unit.chunks.house import ROOT, House, until

FILESYSTEM = (7, 9)


def filesystem(house: House) -> tuple[int, int]:
    return house.namespace.fsid_major, house.namespace.fsid_minor


async def fill(house: House, count: int, size: int, prefix: str = "f") -> dict[str, bytes]:
    """So many files of that size, in the store."""
    bodies = {f"{prefix}{number}": os.urandom(size) for number in range(count)}
    for name, body in bodies.items():
        file = house.create(name)
        await house.write(file, 0, body)
        await house.sync(file)
    await house.uploaded()
    return bodies


async def remove(house: House, name: str) -> None:
    file = house.lookup(name)
    house.namespace.unlink(house.namespace.root, name.encode(), ROOT, house.now, False)
    house.chunks.forget(file.id)
    await house.durable()


async def compact(house: House) -> None:
    """One pass of the compactor, and of the sweeper after it."""
    await house.chunks._compactor.compact()
    await house.durable()
    house.now += int((house.settings.dead_age + 1) * 1e9)
    await house.chunks._sweeper.sweep()


async def sound(house: House) -> None:
    async with Inspection(str(house.path / "tree.sqlite")) as inspection:
        assert [finding.rule for finding in await inspection.check()] == []


def test_a_table_says_what_it_was_made_of() -> None:
    starts = offsets([5, 0, 1000])
    made = [Member(3, 0, starts[0], 5, 1), Member(1 << 60, 1 << 28, starts[1], 0, 0xFFFFFFFF)]
    made.append(Member(4, 2, starts[2], 1000, 2))
    data = table(FILESYSTEM, made)
    assert len(data) == table_size(3) == starts[0]
    assert starts[3] == table_size(3) + 1005
    found = members(data + b"bytes", FILESYSTEM)
    assert found is not None
    assert [vars(one) for one in found] == [vars(one) for one in made]


def test_what_is_no_sound_table_of_the_filesystem_says_nothing() -> None:
    data = table(FILESYSTEM, [Member(3, 0, table_size(1), 5, 1)])
    assert members(data, (7, 10)) is None
    assert members(b"x" + data[1:], FILESYSTEM) is None
    assert members(data[:-1], FILESYSTEM) is None
    assert members(b"", FILESYSTEM) is None
    for place in range(28, len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1
        assert members(bytes(damaged), FILESYSTEM) is None


async def test_small_chunks_share_an_object_that_says_what_they_are(house: House) -> None:
    bodies = await fill(house, 50, 3000)
    (body,) = house.objects().values()
    found = members(body, filesystem(house))
    assert found is not None
    inodes = {house.lookup(name).id: bytes_ for name, bytes_ in bodies.items()}
    assert {one.inode for one in found} == set(inodes)
    for one in found:
        piece = body[one.offset : one.offset + one.length]
        assert (one.index, piece, one.checksum) == (0, inodes[one.inode], crc32c(piece))
    await sound(house)


@pytest.mark.parametrize("size", [1, 3000, 100_000, SMALL])
async def test_a_packed_chunk_is_fetched_by_its_range(house: House, size: int) -> None:
    bodies = await fill(house, 5, size)
    assert await house.read(house.lookup("f3")) == bodies["f3"]
    await house.crash()
    house.chunks.drop_cache()
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
    assert house.chunks.requests.bytes["get"] == 5 * size


async def test_a_packed_chunk_is_written_over_and_cut_as_any_other(house: House) -> None:
    bodies = await fill(house, 4, 100_000)
    house.chunks.drop_cache()
    await house.write(house.lookup("f1"), 50, b"new")
    house.truncate(house.lookup("f2"), 10)
    await house.sync(house.lookup("f1"))
    await house.uploaded()
    await house.crash()
    assert await house.read(house.lookup("f0")) == bodies["f0"]
    assert await house.read(house.lookup("f1")) == bodies["f1"][:50] + b"new" + bodies["f1"][53:]
    assert await house.read(house.lookup("f2")) == bodies["f2"][:10]
    await sound(house)


async def test_packs_keep_to_their_bounds(house: House) -> None:
    await fill(house, 12, SMALL - 1)
    sizes = [len(body) for body in house.objects().values()]
    assert len(sizes) == 3
    assert max(sizes) <= FULL + table_size(MOST)
    await fill(house, MOST + 10, 1, "g")
    assert len(house.objects()) == 5


async def test_damage_to_one_member_is_an_error_of_that_one_alone(house: House) -> None:
    bodies = await fill(house, 3, 1000)
    await house.crash()
    house.chunks.drop_cache()
    (key,) = house.objects()
    path = house.path / "store" / "objects" / key
    row = house.namespace.chunk(house.lookup("f1").id, 0)
    assert row is not None
    body = bytearray(path.read_bytes())
    body[row.offset] ^= 1
    path.write_bytes(body)
    with pytest.raises(NFSError) as refused:
        await house.read(house.lookup("f1"))
    assert refused.value.status == NFS4ERR_IO
    assert await house.read(house.lookup("f0")) == bodies["f0"]
    assert await house.read(house.lookup("f2")) == bodies["f2"]


async def test_a_pack_lives_until_its_last_member_goes(house: House) -> None:
    await fill(house, 3, 1000)
    (key,) = house.objects()
    await remove(house, "f0")
    await compact(house)
    assert list(house.objects()) == [key]
    await sound(house)
    await remove(house, "f1")
    await remove(house, "f2")
    await compact(house)
    assert house.objects() == {}
    await sound(house)


async def test_what_lives_in_mostly_dead_packs_moves_together(house: House) -> None:
    bodies: dict[str, bytes] = {}
    for batch in range(4):
        for number in range(10):
            name = f"{batch}-{number}"
            bodies[name] = os.urandom(20_000)
            file = house.create(name)
            await house.write(file, 0, bodies[name])
            await house.sync(file)
        await house.uploaded()
    before = house.objects()
    assert len(before) == 4
    for name in list(bodies):
        if name[2:] not in ("3", "7"):
            await remove(house, name)
            del bodies[name]
    await compact(house)
    (key,) = house.objects()
    assert key not in before
    assert len(house.objects()[key]) == table_size(8) + 8 * 20_000
    await sound(house)
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
    assert house.status("fetched") == 0  # what was cached still is
    await house.crash()
    house.chunks.drop_cache()
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
    await compact(house)
    assert list(house.objects()) == [key]


async def test_a_member_that_changes_while_its_pack_is_rewritten_keeps_its_change(house: House) -> None:
    bodies = await fill(house, 10, 20_000)
    for number in range(7):
        await remove(house, f"f{number}")
    house.chunks.drop_cache()
    house.hold_mover()
    house.pass_time(house.settings.sweep_every + 1)
    house.truncate(house.lookup("f8"), 15)
    house.namespace.unlink(house.namespace.root, b"f9", ROOT, house.now, False)
    house.let_mover_go()
    await until(lambda: house.status("chunks_repacked") != 0, "the pack is rewritten")
    await house.durable()
    assert await house.read(house.lookup("f7")) == bodies["f7"]
    assert await house.read(house.lookup("f8")) == bodies["f8"][:15]
    await compact(house)
    await house.crash()
    assert await house.read(house.lookup("f7")) == bodies["f7"]
    assert await house.read(house.lookup("f8")) == bodies["f8"][:15]
    await sound(house)


async def test_a_damaged_member_stays_where_it_is_when_its_pack_is_rewritten(house: House) -> None:
    bodies = await fill(house, 10, 1000)
    (key,) = house.objects()
    row = house.namespace.chunk(house.lookup("f9").id, 0)
    assert row is not None
    for number in range(7):
        await remove(house, f"f{number}")
    path = house.path / "store" / "objects" / key
    body = bytearray(path.read_bytes())
    body[row.offset + 1] ^= 1
    path.write_bytes(body)
    await compact(house)
    house.chunks.drop_cache()
    assert await house.read(house.lookup("f8")) == bodies["f8"]
    assert house.key_of(house.lookup("f9"), 0) == key
    assert house.key_of(house.lookup("f8"), 0) != key
    with pytest.raises(NFSError):
        await house.read(house.lookup("f9"))
    assert house.chunks.requests.outcomes[("put", "done")] == 2
    await compact(house)
    assert house.chunks.requests.outcomes[("put", "done")] == 2


async def test_a_pack_that_is_lost_does_not_keep_others_from_being_rewritten(house: House) -> None:
    await fill(house, 10, 1000, "a")
    bodies = await fill(house, 10, 1000, "b")
    lost = house.key_of(house.lookup("a0"), 0)
    (house.path / "store" / "objects" / lost).unlink()
    for number in range(7):
        await remove(house, f"a{number}")
        await remove(house, f"b{number}")
    await compact(house)
    (key,) = house.objects()
    assert len(house.objects()[key]) == table_size(3) + 3000
    house.chunks.drop_cache()
    assert await house.read(house.lookup("b9")) == bodies["b9"]


async def test_an_outage_while_packs_are_rewritten_changes_nothing(house: House) -> None:
    bodies = await fill(house, 10, 20_000)
    for number in range(8):
        await remove(house, f"f{number}")
    house.break_store()
    await house.chunks._compactor.compact()
    house.mend_store()
    await house.durable()
    assert len(house.objects()) == 1
    await compact(house)
    house.chunks.drop_cache()
    assert await house.read(house.lookup("f9")) == bodies["f9"]
    assert len(house.objects()) == 1
    await sound(house)
