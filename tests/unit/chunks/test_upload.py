"""What goes to the store and when, what happens when it changes on the way, and how an outage passes."""

from __future__ import annotations

import asyncio
import os

import pytest

from nfsgw.chunks.packs import SMALL
from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.suspend import Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_NOSPC
from tests.unit.chunks.house import ROOT, House, over, until


async def test_a_full_chunk_goes_at_once_and_another_when_it_is_left_alone(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * (CHUNK_SIZE + SMALL + 1))
    await house.sync(file)
    await until(lambda: house.status("uploaded") == 1, "the full chunk is uploaded")
    house.pass_time(house.settings.upload_after / 2)
    await asyncio.sleep(0.05)
    assert house.status("uploaded") == 1
    house.pass_time(house.settings.upload_after)
    await until(lambda: house.status("uploaded") == 2, "the rest is uploaded")
    assert sorted(len(body) for body in house.objects().values()) == [SMALL + 1, CHUNK_SIZE]


async def test_an_uploaded_chunk_is_read_from_the_local_disk(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * CHUNK_SIZE)
    await house.sync(file)
    await house.uploaded()
    assert (house.status("staged_bytes"), house.status("cache_bytes")) == (0, CHUNK_SIZE)
    assert await house.read(file) == b"x" * CHUNK_SIZE
    assert house.status("fetched") == 0


async def test_a_chunk_that_changes_on_the_way_leaves_a_dead_object(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * CHUNK_SIZE)
    house.hold_mover()
    await house.sync(file)
    assert house.status("uploads_running") == 1
    house.chunks.write(file, 5, b"b", house.now)
    house.let_mover_go()
    await until(lambda: house.status("uploads_running") == 0, "the upload ends")
    assert await house.read(file, 4, 3) == b"aba"
    assert house.status("uploaded") == 0
    await house.sync(file)
    await house.uploaded()
    await house.durable()
    expected = b"a" * 5 + b"b" + b"a" * (CHUNK_SIZE - 6)
    assert len(house.objects()) == 2
    assert house.objects()[house.key_of(file, 0)] == expected
    house.now += int((house.settings.dead_age + 1) * 1e9)
    house.pass_time(house.settings.sweep_every + 1)
    await until(lambda: len(house.objects()) == 1, "the dead object is deleted")
    await house.crash()
    assert await house.read(house.lookup("f")) == expected


async def test_a_chunk_cut_or_removed_on_the_way_leaves_a_dead_object(house: House) -> None:
    for name, cut in (("cut", 100), ("emptied", 0), ("removed", -1)):
        file = house.create(name)
        await house.write(file, 0, b"a" * CHUNK_SIZE)
        house.hold_mover()
        await house.sync(file)
        assert house.status("uploads_running") == 1
        if cut >= 0:
            house.truncate(file, cut)
        else:
            house.namespace.unlink(house.namespace.root, b"removed", ROOT, house.now, False)
            house.chunks.forget(file.id)
        house.let_mover_go()
        await until(lambda: house.status("uploads_running") == 0, "the upload ends")
        await house.durable()
    await house.uploaded()
    assert await house.read(house.lookup("cut")) == b"a" * 100
    dead = house.namespace.dead_objects(house.now + 1, 10)
    assert len(dead) == 3
    assert len(house.objects()) == 4


async def test_a_write_between_upload_and_its_commit_is_kept(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * CHUNK_SIZE)
    await house.sync(file)
    loop = asyncio.get_running_loop()
    seen: list[object] = []

    def write_at_once() -> None:
        if house.status("uploaded") == 0:
            loop.call_soon(write_at_once)
            return
        seen.append(house.status("staged_bytes"))
        house.chunks.write(file, 0, b"b", house.now)

    write_at_once()
    await until(lambda: seen != [], "the object is stored")
    assert seen == [CHUNK_SIZE]  # the commit that names the object was still under way
    await house.durable()
    assert house.slot_of(file, 0) is not None
    assert await house.read(file, 0, 2) == b"ba"
    await house.sync(file)
    await house.uploaded()
    await house.crash()
    assert await house.read(house.lookup("f"), 0, 2) == b"ba"


async def test_an_outage_keeps_everything_here_and_passes_by_itself(house: House) -> None:
    house.break_store()
    data = {name: os.urandom(20_000) for name in ("one", "two", "three")}
    for name, body in data.items():
        file = house.create(name)
        await house.write(file, 0, body)
        await house.sync(file)
    house.pass_time(house.settings.upload_after + 1)
    house.pass_time(house.settings.pack_after)
    await until(lambda: house.status("store_errors") != 0 and house.status("uploads_running") == 0, "the store fails")
    assert house.status("store_down_seconds") is not None
    assert "store" in str(house.status("store_last_error"))
    errors = house.status("store_errors")
    house.pass_time(0.01)
    await asyncio.sleep(0.05)
    assert house.status("store_errors") == errors  # not before the pause is over
    for name, body in data.items():
        assert await house.read(house.lookup(name)) == body
    house.mend_store()
    await house.uploaded()
    assert house.status("store_down_seconds") is None
    assert house.status("staged_bytes") == 0
    await house.crash()
    for name, body in data.items():
        assert await house.read(house.lookup(name)) == body


async def test_a_restart_goes_on_with_what_was_staged(house: House) -> None:
    house.break_store()
    bodies = {f"f{number}": os.urandom(size) for number, size in enumerate([10, 16_000, 20_000, CHUNK_SIZE, 5_000_000])}
    for name, body in bodies.items():
        file = house.create(name)
        await house.write(file, 0, body)
        await house.sync(file)
    await house.stop_dead()
    house.mend_store()
    await house.open()
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
    await house.uploaded()
    assert house.namespace.staged(0, -1, 10) == []
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body


async def test_what_the_queue_cannot_hold_is_uploaded_all_the_same(house: House) -> None:
    house.settings.upload_queue = 4
    for number in range(30):
        file = house.create(f"f{number}")
        await house.write(file, 0, b"%d" % number)
        await house.sync(file)
    await house.uploaded()
    assert house.namespace.staged(0, -1, 30) == []
    assert len(house.objects()) == 8


async def test_the_mover_is_started_again_when_it_dies(house: House) -> None:
    pid = house.status("mover_pid")
    file = house.create("f")
    await house.write(file, 0, b"x" * CHUNK_SIZE)
    house.hold_mover()
    await house.sync(file)
    assert house.status("uploads_running") == 1
    house.kill_mover()
    await until(lambda: house.status("uploads_running") == 0, "the upload fails")
    await house.uploaded()
    assert house.status("mover_starts") == 2
    assert house.status("mover_pid") not in (0, pid)
    assert house.objects()[house.key_of(file, 0)] == b"x" * CHUNK_SIZE


async def test_writers_wait_when_the_staging_is_full_and_readers_do_not(house: House) -> None:
    house.break_store()
    house.settings.staging_limit = 100_000
    file = house.create("f")
    await house.write(file, 0, b"x" * 100_000)
    await house.sync(file)
    other = house.create("g")
    with pytest.raises(Suspend) as held:
        house.chunks.write(other, 0, b"y" * 50_000, house.now)
    assert other.size == 0
    assert house.status("writers_held") is True
    assert await house.read(file, 0, 5) == b"xxxxx"
    house.chunks.write(file, 3, b"z", house.now)  # needs no more room
    house.mend_store()
    await house.sync(file)
    await house.uploaded()
    await over(held.value.completion)
    await house.write(other, 0, b"y" * 50_000)
    assert house.status("writers_held") is False


async def test_writers_held_too_long_are_told_to_come_again(house: House) -> None:
    house.break_store()
    house.settings.staging_limit = 1
    file = house.create("f")
    await house.write(file, 0, b"x" * 20_000)
    await house.sync(file)
    other = house.create("g")
    with pytest.raises(Suspend) as held:
        house.chunks.write(other, 0, b"y", house.now)
    house.pass_time(house.settings.hold_writers + 1)
    await over(held.value.completion)
    with pytest.raises(NFSError) as refused:
        house.chunks.write(other, 0, b"y", house.now)
    assert refused.value.status == NFS4ERR_DELAY
    house.mend_store()
    await house.uploaded()
    await house.write(other, 0, b"y")


async def test_a_disk_at_its_reserve_refuses_growth_and_nothing_else(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * 100_000)
    house.settings.disk_reserve = 1 << 60
    house.pass_time(0)
    with pytest.raises(NFSError) as refused:
        house.chunks.write(file, 100_000, b"y", house.now)
    assert refused.value.status == NFS4ERR_NOSPC
    house.chunks.write(file, 0, b"y", house.now)
    assert await house.read(file, 0, 2) == b"yx"
    await house.sync(file)
    house.settings.disk_reserve = 0


async def test_dead_objects_stay_for_their_grace_age(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * 100)
    await house.sync(file)
    await house.uploaded()
    house.namespace.unlink(house.namespace.root, b"f", ROOT, house.now, False)
    house.chunks.forget(file.id)
    await house.durable()
    house.now += int((house.settings.dead_age - 100) * 1e9)
    house.pass_time(house.settings.sweep_every + 0.5)
    await asyncio.sleep(0.1)
    assert len(house.objects()) == 1
    house.now += int(100e9)
    house.pass_time(house.settings.sweep_every + 0.5)
    await until(lambda: house.objects() == {}, "the dead object is deleted")
    await until(lambda: house.status("objects_deleted") == 1, "its row is forgotten")
    assert house.namespace.dead_objects(house.now * 2, 10) == []


async def test_an_error_ends_a_pass_and_forgets_nothing(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * 100)
    await house.sync(file)
    await house.uploaded()
    house.namespace.unlink(house.namespace.root, b"f", ROOT, house.now, False)
    house.chunks.forget(file.id)
    await house.durable()
    house.hold_mover()
    house.now += int((house.settings.dead_age + 1) * 1e9)
    house.pass_time(house.settings.sweep_every + 1)
    await asyncio.sleep(0.02)
    house.kill_mover()
    await asyncio.sleep(0.1)
    assert len(house.namespace.dead_objects(house.now, 10)) == 1
    house.pass_time(house.settings.sweep_every + 1)
    await until(lambda: house.status("objects_deleted") == 1, "the next pass deletes it")
    assert house.objects() == {}


async def test_only_so_many_bytes_of_held_writes_are_kept_in_memory(house: House) -> None:
    house.break_store()
    house.settings.staging_limit = 20_000
    house.settings.held_bytes = 100_000
    file = house.create("f")
    await house.write(file, 0, b"x" * 20_000)
    await house.sync(file)
    other = house.create("g")
    held = []
    for number in range(4):
        with pytest.raises(Suspend) as waits:
            house.chunks.write(other, number * 30_000, b"y" * 25_000, house.now)
        held.append(waits.value.completion)
    with pytest.raises(NFSError) as refused:
        house.chunks.write(other, 0, b"y", house.now)
    assert refused.value.status == NFS4ERR_DELAY
    house.mend_store()
    await house.uploaded()
    for completion in held:
        await over(completion)
    await house.write(other, 0, b"y")
