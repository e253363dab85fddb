"""What a new start finds: committed bytes, free slots, and a clear error where a staging file is lost."""

from __future__ import annotations

import asyncio
import os

import pytest

from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.wire.nfs4 import NFS4ERR_IO
from tests.unit.chunks.house import ROOT, House, until


def slot_files(house: House) -> list[str]:
    return sorted(str(path) for path in (house.path / "work" / "staging").rglob("slot-*"))


async def test_the_write_verifier_is_new_at_every_start(house: House) -> None:
    before = house.chunks.verifier
    assert len(before) == 8
    await house.crash()
    assert house.chunks.verifier != before


async def test_slots_of_bytes_that_were_lost_are_used_again(house: House) -> None:
    house.break_store()
    kept = house.create("kept")
    await house.write(kept, 0, b"k" * CHUNK_SIZE)
    await house.sync(kept)
    lost = house.create("lost")
    await house.durable()
    await house.write(lost, 0, b"l" * 3 * CHUNK_SIZE)
    files = slot_files(house)
    assert len(files) == 4
    await house.stop_dead()
    house.mend_store()
    await house.open()
    again = house.lookup("lost")
    assert again.size == 0
    await house.write(again, 10, b"n" * CHUNK_SIZE)
    await house.write(again, 2 * CHUNK_SIZE + 10, b"n" * CHUNK_SIZE)
    assert await house.read(again, 0, 12) == bytes(10) + b"nn"
    assert await house.read(again, CHUNK_SIZE + 10, CHUNK_SIZE + 2) == bytes(CHUNK_SIZE) + b"nn"
    assert await house.read(house.lookup("kept")) == b"k" * CHUNK_SIZE
    assert len(slot_files(house)) == 4


async def test_a_removed_file_gives_its_slots_back_when_that_is_durable(house: House) -> None:
    house.break_store()
    first = house.create("first")
    await house.write(first, 0, b"a" * CHUNK_SIZE)
    await house.sync(first)
    await until(lambda: house.status("uploads_running") == 0, "nobody reads the first file's slot")
    house.namespace.unlink(house.namespace.root, b"first", ROOT, house.now, False)
    house.chunks.forget(first.id)
    second = house.create("second")
    house.chunks.write(second, 0, b"b" * CHUNK_SIZE, house.now)
    assert len(slot_files(house)) == 2  # a crash now would bring the first file back
    await house.durable()
    house.chunks.write(second, CHUNK_SIZE, b"b" * CHUNK_SIZE, house.now)
    assert len(slot_files(house)) == 2
    house.mend_store()


async def test_a_lost_staging_file_is_an_error_of_its_chunk_alone(house: House) -> None:
    house.break_store()
    file = house.create("f")
    await house.write(file, 0, b"a" * CHUNK_SIZE)
    await house.write(file, CHUNK_SIZE, b"b" * CHUNK_SIZE)
    await house.sync(file)
    slot = house.slot_of(file, 0)
    assert slot is not None
    await house.stop_dead()
    os.unlink(house.path / "work" / "staging" / "00" / f"slot-{slot.number:08d}")
    house.mend_store()
    await house.open()
    file = house.lookup("f")
    with pytest.raises(NFSError) as refused:
        await house.read(file, 0, 10)
    assert refused.value.status == NFS4ERR_IO
    assert await house.read(file, CHUNK_SIZE, 10) == b"b" * 10
    house.truncate(file, 0)
    assert await house.read(file) == b""


async def test_many_freed_slots_give_their_blocks_back(house: House) -> None:
    house.settings.spare_slots = 2
    await house.crash()
    file = house.create("f")
    for index in range(6):
        await house.write(file, index * CHUNK_SIZE, b"x" * CHUNK_SIZE)
    house.truncate(file, 0)
    await house.durable()

    def given_back() -> bool:
        house.pass_time(0)
        return sorted(os.stat(path).st_size for path in slot_files(house)) == [0, 0, 0, 0, CHUNK_SIZE, CHUNK_SIZE]

    await until(given_back, "all but two are empty")


async def test_an_orderly_stop_loses_nothing(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * 5_000_000)
    await house.close()
    await house.open()
    assert await house.read(house.lookup("f")) == b"x" * 5_000_000


async def test_few_files_are_held_open(house: House) -> None:
    house.settings.open_files = 3
    await house.crash()
    files = [house.create(f"f{number}") for number in range(10)]
    for turn in range(3):
        for number, file in enumerate(files):
            await house.write(file, turn * 30_000, b"%d" % number * 30_000)
    held = [name for name in os.listdir("/proc/self/fd") if "slot-" in _target(name)]
    assert len(held) <= 3
    for number, file in enumerate(files):
        assert await house.read(file) == b"%d" % number * 90_000
        await house.sync(file)


def _target(name: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{name}")
    except FileNotFoundError:
        return ""


async def test_what_is_cut_as_the_list_of_staged_chunks_is_walked_does_not_come_back(house: House) -> None:
    for name in ("f", "g"):
        file = house.create(name)
        await house.write(file, 0, b"a" * 3000)
        await house.sync(file)
    await house.crash()
    cut, removed = house.lookup("f"), house.lookup("g")
    house.truncate(cut, 0)
    house.namespace.unlink(house.namespace.root, b"g", ROOT, house.now, False)
    house.chunks.forget(removed.id)
    house.pass_time(0.25)  # in the same turn of the loop: the database still has the rows
    await house.write(cut, 100, b"b")
    assert await house.read(cut) == bytes(100) + b"b"
    await house.sync(cut)
    await house.uploaded()
    assert list(house.objects().values()) == [bytes(100) + b"b"]


async def test_nothing_is_uploaded_before_the_store_was_tried(house: House) -> None:
    """The probe of a local store clears away what is half-written."""
    house.break_store()
    file = house.create("f")
    await house.write(file, 0, b"x" * CHUNK_SIZE)
    await house.sync(file)
    await house.stop_dead()
    house.mend_store()
    before = house.chunks
    opening = asyncio.create_task(house.open())
    while not opening.done():
        assert house.chunks is before or house.status("uploads_running") == 0
        await asyncio.sleep(0)
    await opening
    await until(lambda: house.status("uploaded") == 1, "it is uploaded without a beat")
