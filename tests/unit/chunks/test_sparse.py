"""Holes: what punching frees, and where data is said to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.wire.nfs4 import NFS4ERR_NOSPC
from tests.unit.chunks.house import House

PIECE = 100_000


async def opened(path: Path) -> House:
    house = House(path, ChunkSettings())
    await house.open()
    return house


async def test_whole_chunks_that_are_punched_take_no_space_and_their_objects_die(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    await house.write(file, 0, os.urandom(4 * CHUNK_SIZE))
    await house.sync(file)
    await house.uploaded()
    assert len(house.objects()) == 4
    await house.punch(file, CHUNK_SIZE, 3 * CHUNK_SIZE)
    await house.durable()
    assert file.size == 4 * CHUNK_SIZE
    assert file.used == 2 * CHUNK_SIZE
    assert [index for index, _ in house.namespace.chunks(file.id, 0, 10)] == [0, 3]
    assert len(house.namespace.dead_objects(1 << 62, 10)) == 2
    await house.close()


async def test_punching_to_the_end_keeps_the_size_and_shortens_the_chunk_where_it_begins(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    data = os.urandom(3 * CHUNK_SIZE)
    await house.write(file, 0, data)
    await house.sync(file)
    await house.punch(file, PIECE, 1 << 62)
    await house.durable()
    assert (file.size, file.used) == (3 * CHUNK_SIZE, PIECE)
    assert await house.read(file) == data[:PIECE].ljust(3 * CHUNK_SIZE, b"\0")
    await house.crash()
    file = house.lookup("f")
    assert await house.read(file) == data[:PIECE].ljust(3 * CHUNK_SIZE, b"\0")
    await house.close()


async def test_a_hole_that_is_punched_once_more_stays_one_and_moves_change(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    await house.write(file, 2 * CHUNK_SIZE, b"end")
    await house.sync(file)
    before = file.change
    await house.punch(file, 0, CHUNK_SIZE)
    assert file.change > before
    assert file.used == 3
    await house.close()


async def test_what_was_punched_before_it_was_ever_stored_is_never_stored(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    await house.write(file, 0, os.urandom(2 * CHUNK_SIZE))
    await house.punch(file, 0, CHUNK_SIZE)
    await house.sync(file)
    await house.durable()
    assert [index for index, _ in house.namespace.chunks(file.id, 0, 10)] == [1]
    assert house.chunks.status()["staged_bytes"] == CHUNK_SIZE
    await house.close()


@pytest.mark.parametrize("state", ["written", "synced", "uploaded", "forgotten"])
async def test_seeking_tells_the_same_wherever_the_bytes_are(tmp_path: Path, state: str) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    await house.write(file, CHUNK_SIZE, os.urandom(CHUNK_SIZE + PIECE))
    await house.write(file, 600 * CHUNK_SIZE, b"far")
    if state != "written":
        await house.sync(file)
        await house.durable()
    if state in ("uploaded", "forgotten"):
        await house.uploaded()
    if state == "forgotten":
        house.chunks.drop_cache()
    chunks = house.chunks
    end = 2 * CHUNK_SIZE + PIECE
    assert chunks.next_data(file, 0) == CHUNK_SIZE
    assert chunks.next_data(file, CHUNK_SIZE + 5) == CHUNK_SIZE + 5
    assert chunks.next_hole(file, 0) == 0
    assert chunks.next_hole(file, CHUNK_SIZE) == end
    assert chunks.next_data(file, end) == 600 * CHUNK_SIZE
    assert chunks.next_hole(file, 600 * CHUNK_SIZE) == file.size
    assert chunks.next_data(file, file.size) == -1
    await house.close()


async def test_room_is_asked_for_what_the_file_lacks_only(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    file = house.create("f")
    await house.write(file, 0, bytes(CHUNK_SIZE))
    free = house.chunks.space().available
    house.chunks.require_room(file, 0, CHUNK_SIZE)
    with pytest.raises(NFSError) as refused:
        house.chunks.require_room(file, 0, free + 2 * CHUNK_SIZE)
    assert refused.value.status == NFS4ERR_NOSPC
    await house.close()
