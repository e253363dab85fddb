"""Reading what is only in the store: shared fetches, read-ahead, damage, loss, outage."""

from __future__ import annotations

import asyncio
import os

import pytest

from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE, Inode
from nfsgw.suspend import Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_IO
from tests.unit.chunks.house import House, over, until


async def remote(house: House, name: str, data: bytes) -> Inode:
    """A file of which nothing is left on the local disk."""
    file = house.create(name)
    await house.write(file, 0, data)
    await house.sync(file)
    await house.uploaded()
    house.chunks.drop_cache()
    assert house.status("cache_bytes") == 0
    return file


def suspended(house: House, file: Inode, offset: int, count: int) -> Suspend:
    with pytest.raises(Suspend) as raised:
        house.chunks.read(file, offset, count)
    return raised.value


async def test_readers_of_one_chunk_share_one_fetch(house: House) -> None:
    file = await remote(house, "f", b"x" * 100_000)
    first = suspended(house, file, 0, 10)
    second = suspended(house, file, 50_000, 10)
    assert first.completion is second.completion
    await over(first.completion)
    assert await house.read(file) == b"x" * 100_000
    assert house.status("fetched") == 1


async def test_a_read_over_a_border_fetches_both_chunks(house: House) -> None:
    data = os.urandom(2 * CHUNK_SIZE)
    file = await remote(house, "f", data)
    assert await house.read(file, CHUNK_SIZE - 10, 20) == data[CHUNK_SIZE - 10 : CHUNK_SIZE + 10]


async def test_a_sequential_reader_finds_the_next_chunks_fetched(house: House) -> None:
    data = os.urandom(8 * CHUNK_SIZE)
    file = await remote(house, "f", data)
    assert await house.read(file, 0, 1000) == data[:1000]
    await until(lambda: house.status("fetches_running") == 0, "read-ahead ends")
    assert house.status("fetched") == 2
    assert await house.read(file, CHUNK_SIZE, 1000) == data[CHUNK_SIZE : CHUNK_SIZE + 1000]
    await until(lambda: house.status("fetches_running") == 0, "read-ahead ends")
    assert house.status("fetched") == 2 + house.settings.read_ahead
    assert b"".join(house.chunks.read(file, 3 * CHUNK_SIZE, 5)) == data[3 * CHUNK_SIZE : 3 * CHUNK_SIZE + 5]


async def test_a_random_reader_fetches_what_it_asks_for(house: House) -> None:
    file = await remote(house, "f", os.urandom(8 * CHUNK_SIZE))
    for index in (5, 2, 7, 1):
        await house.read(file, index * CHUNK_SIZE + 10, 1000)
    await until(lambda: house.status("fetches_running") == 0, "all ends")
    assert house.status("fetched") == 4


async def test_damage_is_an_error_of_that_chunk_alone(house: House) -> None:
    data = os.urandom(2 * CHUNK_SIZE)
    file = await remote(house, "f", data)
    house.damage(house.key_of(file, 0))
    with pytest.raises(NFSError) as refused:
        await house.read(file, 0, 10)
    assert refused.value.status == NFS4ERR_IO
    with pytest.raises(NFSError):
        await house.write(file, 5, b"part")
    assert await house.read(file, CHUNK_SIZE, 10) == data[CHUNK_SIZE : CHUNK_SIZE + 10]
    await house.write(file, 0, b"y" * CHUNK_SIZE)
    assert await house.read(file, 0, 10) == b"y" * 10


async def test_a_lost_object_is_an_error_that_ends_when_it_is_back(house: House) -> None:
    file = await remote(house, "f", b"x" * 100_000)
    path = house.path / "store" / "objects" / house.key_of(file, 0)
    body = path.read_bytes()
    path.unlink()
    with pytest.raises(NFSError) as refused:
        await house.read(file)
    assert refused.value.status == NFS4ERR_IO
    assert house.status("store_down_seconds") is None
    path.write_bytes(body)
    house.pass_time(house.settings.retry_most)
    assert await house.read(file) == b"x" * 100_000


async def test_a_reader_in_an_outage_is_told_to_come_again(house: House) -> None:
    file = await remote(house, "f", b"x" * 100_000)
    house.break_store()
    await over(suspended(house, file, 0, 10).completion)
    with pytest.raises(NFSError) as refused:
        house.chunks.read(file, 0, 10)
    assert refused.value.status == NFS4ERR_DELAY
    house.mend_store()
    house.pass_time(house.settings.retry_most)
    assert await house.read(file) == b"x" * 100_000


async def test_a_mover_that_dies_delays_the_reader(house: House) -> None:
    file = await remote(house, "f", b"x" * 100_000)
    house.hold_mover()
    waiting = suspended(house, file, 0, 10)
    await asyncio.sleep(0.01)
    house.kill_mover()
    await over(waiting.completion)
    with pytest.raises(NFSError) as refused:
        house.chunks.read(file, 0, 10)
    assert refused.value.status == NFS4ERR_DELAY
    house.pass_time(house.settings.retry_most)
    assert await house.read(file) == b"x" * 100_000
    assert house.status("mover_starts") == 2


async def test_the_cache_keeps_to_its_bound(house: House) -> None:
    house.settings.cache_limit = 0
    await house.crash()
    for number in range(20):
        file = house.create(f"f{number}")
        await house.write(file, 0, b"%d" % number * 20_000)
        await house.sync(file)
    await house.uploaded()
    assert house.status("cache_chunks") == 16
    for number in range(20):
        assert await house.read(house.lookup(f"f{number}")) == b"%d" % number * 20_000
    assert house.status("cache_chunks") == 16


async def test_memory_keeps_to_its_bound(house: House) -> None:
    house.settings.memory_chunks = 50
    await house.crash()
    sizes = [20_000 if number % 10 == 0 else 5 for number in range(300)]
    for number, size in enumerate(sizes):
        file = house.create(f"f{number}")
        await house.write(file, 0, (b"%d" % number).ljust(size))
        await house.sync(file)
    for number, size in enumerate(sizes):
        assert await house.read(house.lookup(f"f{number}")) == (b"%d" % number).ljust(size)
    await house.uploaded()
    assert house.namespace.staged(0, -1, 300) == []
    for number, size in enumerate(sizes):
        assert await house.read(house.lookup(f"f{number}")) == (b"%d" % number).ljust(size)
    assert len(house.chunks._table.files) <= 51
