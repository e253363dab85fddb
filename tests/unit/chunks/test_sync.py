"""Durability: what sync promises, how rounds are shared, and what happens to those under way when a file changes."""

from __future__ import annotations

import os

import pytest

from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.suspend import Completion
from nfsgw.wire.nfs4 import NFS4ERR_IO
from tests.unit.chunks.house import ROOT, House, over


def pending(completion: Completion | None) -> Completion:
    assert completion is not None
    assert not completion.done
    return completion


async def test_written_and_not_synced_is_gone_after_a_crash(house: House) -> None:
    file = house.create("f")
    await house.durable()
    await house.write(file, 0, b"x" * 100_000)
    await house.write(file, CHUNK_SIZE, b"x")
    await house.crash()
    again = house.lookup("f")
    assert again.size == 0
    assert await house.read(again) == b""


async def test_a_file_with_nothing_to_write_needs_no_sync(house: House) -> None:
    file = house.create("f")
    await house.durable()
    assert house.chunks.sync(file) is None
    await house.write(file, 0, b"x")
    await house.sync(file)
    assert house.chunks.sync(file) is None


async def test_a_small_file_is_stored_with_the_batch_that_is_open(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"small", house.now)
    number = house.namespace.latest()
    completion = pending(house.chunks.sync(file))
    assert house.namespace.latest() == number == file.seq
    assert file.stored_size == 5
    await over(completion)
    assert house.namespace.durable == number


async def test_syncs_of_the_same_bytes_share_one_round(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    first = pending(house.chunks.sync(file))
    assert house.chunks.sync(file) is first


async def test_syncs_after_a_new_write_share_the_next_round(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    first = pending(house.chunks.sync(file))
    house.chunks.write(file, 100_000, b"y" * 100_000, house.now)
    second = pending(house.chunks.sync(file))
    assert second is not first
    assert house.chunks.sync(file) is second
    await over(first)
    assert file.stored_size >= 100_000
    await over(second)
    assert file.stored_size == 200_000
    await house.crash()
    assert await house.read(house.lookup("f")) == b"x" * 100_000 + b"y" * 100_000


async def test_a_small_write_during_a_sync_does_not_overtake_it(house: House) -> None:
    """Else the size would be stored before bytes below it are on the disk."""
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    pending(house.chunks.sync(file))
    house.chunks.write(file, CHUNK_SIZE, b"y", house.now)
    second = pending(house.chunks.sync(file))
    assert file.stored_size == 0
    await over(second)
    assert file.stored_size == CHUNK_SIZE + 1


async def test_a_write_during_a_sync_is_stored_by_the_next_one_only(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 50_000, house.now)
    first = pending(house.chunks.sync(file))
    house.chunks.write(file, 0, b"z" * 70_000, house.now)
    await over(first)
    row = house.namespace.chunk(file.id, 0)
    assert row is not None
    assert row.length == 50_000
    assert house.chunks.status()["dirty_files"] == 1
    await house.sync(file)
    row = house.namespace.chunk(file.id, 0)
    assert row is not None
    assert row.length == 70_000
    assert house.chunks.status()["dirty_files"] == 0


async def test_a_sync_stores_the_size_that_it_found(house: House) -> None:
    """Bytes written since are not on the disk: a size that counts them would be zeros after a crash."""
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    completion = pending(house.chunks.sync(file))
    house.chunks.write(file, 100_000, b"y" * 100_000, house.now)
    await over(completion)
    assert (file.size, file.stored_size) == (200_000, 100_000)
    await house.crash()
    assert await house.read(house.lookup("f")) == b"x" * 100_000


@pytest.mark.parametrize("cut", [0, 10, CHUNK_SIZE, CHUNK_SIZE + 10])
async def test_a_cut_during_a_sync_stands(house: House, cut: int) -> None:
    data = os.urandom(2 * CHUNK_SIZE)
    file = house.create("f")
    house.chunks.write(file, 0, data, house.now)
    completion = pending(house.chunks.sync(file))
    house.truncate(file, cut)
    await over(completion)
    await house.durable()
    assert file.stored_size == cut
    assert file.used == cut
    await house.crash()
    again = house.lookup("f")
    assert again.size == cut
    assert await house.read(again) == data[:cut]
    house.truncate(again, 2 * CHUNK_SIZE)
    assert await house.read(again) == data[:cut] + bytes(2 * CHUNK_SIZE - cut)


async def test_a_cut_and_a_new_write_during_a_sync_are_both_synced(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    first = pending(house.chunks.sync(file))
    house.truncate(file, 10)
    house.chunks.write(file, 50_000, b"y", house.now)
    second = pending(house.chunks.sync(file))
    await over(first)
    await over(second)
    await house.crash()
    assert await house.read(house.lookup("f")) == b"x" * 10 + bytes(49_990) + b"y"


async def test_a_file_removed_during_a_sync_ends_it_quietly(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    first = pending(house.chunks.sync(file))
    house.chunks.write(file, 0, b"y", house.now)
    second = pending(house.chunks.sync(file))
    house.namespace.unlink(house.namespace.root, b"f", ROOT, house.now, False)
    house.chunks.forget(file.id)
    await over(first)
    await over(second)
    await house.durable()
    status = house.chunks.status()
    assert (status["dirty_files"], status["dirty_bytes"], status["staged_bytes"]) == (0, 0, 0)


async def test_bytes_nobody_commits_are_flushed_when_they_are_old(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * 30_000)
    house.pass_time(house.settings.flush_after / 2)
    assert house.chunks.status()["dirty_files"] == 1
    house.pass_time(house.settings.flush_after)
    await house.chunks.flush()
    assert file.stored_size == 30_000
    assert house.chunks.status()["dirty_files"] == 0


async def test_too_many_dirty_bytes_are_flushed_at_once(house: House) -> None:
    house.settings.dirty_limit = 1000
    file = house.create("f")
    await house.write(file, 0, b"x" * 1001)
    house.pass_time(0)
    assert file.stored_size == 1001


async def test_a_dirty_inode_is_pinned_until_it_is_synced(house: House) -> None:
    file = house.create("f")
    before = file.pins
    await house.write(file, 0, b"x" * 30_000)
    await house.write(file, 5, b"y")
    assert file.pins == before + 1
    await house.sync(file)
    assert file.pins == before
    await house.write(file, 5, b"z")
    house.truncate(file, 0)
    assert file.pins == before


async def test_a_disk_that_cannot_be_synced_ends_the_process(house: House) -> None:
    file = house.create("f")
    house.chunks.write(file, 0, b"x" * 100_000, house.now)
    reading, writing = os.pipe()
    slot = house.slot_of(file, 0)
    assert slot is not None
    kept, slot.descriptor = slot.descriptor, reading  # a pipe cannot be fsynced: EINVAL
    with pytest.raises(NFSError) as failed:
        await over(house.chunks.sync(file))
    assert failed.value.status == NFS4ERR_IO
    assert len(house.fatal) == 1
    assert "fdatasync" in house.fatal[0]
    assert file.stored_size == 0
    slot.descriptor = kept
    os.close(reading)
    os.close(writing)
    house.fatal.clear()
