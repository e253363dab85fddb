"""What is written is what is read, at every border, before and after sync, upload, cut and crash."""

from __future__ import annotations

import os

import pytest

from nfsgw.chunks.keys import parse_key
from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.wire.nfs4 import NFS4ERR_FBIG
from tests.unit.chunks.house import House

SIZES = [1, 4096, 16 * 1024, 16 * 1024 + 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 5]


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_of_any_size_reads_back_in_every_state(house: House, size: int) -> None:
    data = os.urandom(size)
    file = house.create("f")
    await house.write(file, 0, data)
    assert await house.read(file) == data
    assert file.size == size
    await house.sync(file)
    assert file.stored_size == size
    assert file.used == size
    assert await house.read(file) == data
    await house.uploaded()
    assert await house.read(file) == data
    await house.crash()
    again = house.lookup("f")
    assert again.size == size
    assert await house.read(again) == data
    assert b"".join(house.objects()[key] for key in sorted(house.objects(), key=_index)) == data


def _index(key: str) -> int:
    name = parse_key(key)
    assert name is not None
    return name.index


async def test_what_nobody_wrote_reads_as_zeros(house: House) -> None:
    file = house.create("sparse")
    await house.write(file, 3 * CHUNK_SIZE + 100, b"end")
    await house.write(file, 50, b"start")
    expected = bytes(50) + b"start" + bytes(3 * CHUNK_SIZE + 100 - 55) + b"end"
    assert await house.read(file) == expected
    await house.sync(file)
    assert file.used == 55 + 103
    await house.crash()
    assert await house.read(house.lookup("sparse")) == expected


async def test_a_read_past_the_end_is_cut_or_empty(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"0123456789")
    assert await house.read(file, 8, 100) == b"89"
    assert await house.read(file, 10, 5) == b""
    assert await house.read(file, 1 << 40, 5) == b""


@pytest.mark.parametrize("piece", [100_000, 25_000])
async def test_a_gap_reads_as_zeros_where_other_bytes_lay(house: House, piece: int) -> None:
    file = house.create("f")
    for offset in range(0, 100_000, piece):
        await house.write(file, offset, b"x" * piece)
    await house.sync(file)
    house.truncate(file, 40_000)
    await house.write(file, 90_000, b"y")
    expected = b"x" * 40_000 + bytes(50_000) + b"y"
    assert await house.read(file) == expected
    await house.sync(file)
    await house.crash()
    assert await house.read(house.lookup("f")) == expected


async def test_a_slot_used_again_shows_nothing_of_its_last_owner(house: House) -> None:
    first = house.create("first")
    await house.write(first, 0, b"s" * CHUNK_SIZE)
    await house.sync(first)
    house.truncate(first, 0)
    await house.durable()
    second = house.create("second")
    await house.write(second, 100_000, b"e")
    assert await house.read(second) == bytes(100_000) + b"e"
    house.truncate(second, 200_000)
    assert await house.read(second) == bytes(100_000) + b"e" + bytes(99_999)


@pytest.mark.parametrize("state", ["dirty", "synced", "uploaded"])
@pytest.mark.parametrize("size", [10, 20_000, CHUNK_SIZE, CHUNK_SIZE + 10, 3 * CHUNK_SIZE])
@pytest.mark.parametrize("cut", [0, 5, 10_000, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 5])
async def test_a_cut_file_stays_cut_when_it_is_extended_again(house: House, state: str, size: int, cut: int) -> None:
    data = os.urandom(size)
    file = house.create("f")
    await house.write(file, 0, data)
    if state != "dirty":
        await house.sync(file)
    if state == "uploaded":
        await house.uploaded()
    house.truncate(file, cut)
    kept = (data + bytes(cut))[:cut]
    assert await house.read(file) == kept
    house.truncate(file, size + 1000)
    expected = (kept + bytes(size + 1000))[: size + 1000]
    if cut > size + 1000:
        expected = kept[: size + 1000]
    assert await house.read(file) == expected
    await house.sync(file)
    await house.durable()
    assert file.used == min(size, cut)
    await house.crash()
    again = house.lookup("f")
    assert await house.read(again) == expected
    assert again.used == min(size, cut)


async def test_part_of_an_uploaded_chunk_can_be_written_again(house: House) -> None:
    for name, size in (("small", 100), ("large", CHUNK_SIZE)):
        data = bytearray(os.urandom(size))
        file = house.create(name)
        await house.write(file, 0, bytes(data))
        await house.sync(file)
        await house.uploaded()
        await house.crash()
        file = house.lookup(name)
        await house.write(file, 10, b"new")
        data[10:13] = b"new"
        assert await house.read(file) == bytes(data)
        await house.sync(file)
        await house.uploaded()
        await house.crash()
        assert await house.read(house.lookup(name)) == bytes(data)


async def test_an_uploaded_chunk_replaced_as_a_whole_is_not_fetched(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * 50_000)
    await house.sync(file)
    await house.uploaded()
    await house.crash()
    file = house.lookup("f")
    house.chunks.write(file, 0, b"b" * 60_000, house.now)
    assert house.chunks.status()["fetched"] == 0
    assert await house.read(file) == b"b" * 60_000


async def test_a_small_file_grows_through_every_kind_of_place(house: House) -> None:
    file = house.create("f")
    data = b""
    for size in (1, 1000, 16_000, 1000, 100_000, CHUNK_SIZE):
        piece = os.urandom(size)
        await house.write(file, len(data), piece)
        data += piece
        assert await house.read(file) == data
        await house.sync(file)
        await house.uploaded()
        assert await house.read(file) == data
    await house.crash()
    assert await house.read(house.lookup("f")) == data


async def test_a_file_has_an_end_that_cannot_be_passed(house: House) -> None:
    file = house.create("f")
    with pytest.raises(NFSError) as refused:
        house.chunks.write(file, 1 << 50, b"x", house.now)
    assert refused.value.status == NFS4ERR_FBIG
    assert file.size == 0


async def test_the_bytes_of_a_reply_stay_when_the_file_changes(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * (1 << 20))
    await house.write(file, 2 * CHUNK_SIZE, b"a" * 100)
    kept = house.chunks.read(file, 0, 1 << 20) + house.chunks.read(file, 2 * CHUNK_SIZE, 100)
    for _ in range(200):
        await house.write(file, 0, b"b" * (1 << 20))
        await house.write(file, 2 * CHUNK_SIZE, b"b" * 100)
        assert b"".join(house.chunks.read(file, 0, 1 << 20)) == b"b" * (1 << 20)
    assert b"".join(kept) == b"a" * ((1 << 20) + 100)
