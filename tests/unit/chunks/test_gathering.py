"""Small chunks wait for each other on their way to the store, and for nobody and nothing too long."""

from __future__ import annotations

import asyncio
import os

from nfsgw.chunks.packs import FULL, SMALL
from nfsgw.namespace.model import CHUNK_SIZE
from tests.unit.chunks.house import House, over, until

BEAT = 0.25


async def put(house: House, name: str, size: int) -> bytes:
    """A file that is durable here."""
    body = os.urandom(size)
    file = house.create(name)
    await house.write(file, 0, body)
    await house.sync(file)
    return body


async def beats(house: House, seconds: float) -> None:
    """Time passes as it does for a gateway, and what begins meanwhile ends."""
    for _ in range(round(seconds / BEAT)):
        house.pass_time(BEAT)
        await asyncio.sleep(0)
        await until(lambda: house.status("uploads_running") == 0, "uploads end")
        await house.durable()


async def test_files_that_come_slowly_share_objects(house: House) -> None:
    bodies = {f"f{number}": b"" for number in range(60)}
    for name in bodies:
        bodies[name] = await put(house, name, 3000)
        await beats(house, 0.5)
    await house.uploaded()
    assert len(house.objects()) == 3  # of files of 30 s, when each first one has waited for 10
    await house.crash()
    house.chunks.drop_cache()
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body


async def test_a_small_chunk_that_stays_alone_waits_so_long_and_no_longer(house: House) -> None:
    await put(house, "f", 3000)
    await beats(house, house.settings.upload_after + house.settings.pack_after - 2 * BEAT)
    assert house.objects() == {}
    await beats(house, 3 * BEAT)
    assert len(house.objects()) == 1


async def test_enough_for_a_pack_goes_at_once(house: House) -> None:
    for number in range(50):
        await put(house, f"f{number}", 100_000)
    await beats(house, house.settings.upload_after + BEAT)
    (body,) = house.objects().values()
    assert FULL - SMALL <= len(body) <= FULL + SMALL
    assert house.status("uploads_queued") == 50 - len(body) // 100_000
    await beats(house, house.settings.pack_after)
    assert len(house.objects()) == 2


async def test_a_file_that_is_never_left_alone_keeps_no_other_from_the_store(house: House) -> None:
    """Neither while it is too young, as the first in the queue, nor where chunks wait for each other."""
    busy = house.create("busy")
    await house.write(busy, 0, b"0")
    await house.sync(busy)
    await put(house, "other", 3000)
    for number in range(60):
        await house.write(busy, number, b"%d" % (number % 10))
        await house.sync(busy)
        await beats(house, BEAT)
    row = house.namespace.chunk(house.lookup("other").id, 0)
    assert row is not None
    assert row.object
    await house.uploaded()
    assert len(house.objects()) == 2


async def test_a_chunk_that_is_written_while_it_waits_is_left_alone_anew(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * 3000)
    await house.sync(file)
    await beats(house, house.settings.upload_after + house.settings.pack_after - BEAT)
    await house.write(file, 0, b"b")
    await house.sync(file)
    await beats(house, 2 * BEAT)
    assert house.objects() == {}
    await house.uploaded()
    assert list(house.objects().values()) == [b"b" + b"a" * 2999]


async def test_a_chunk_that_grows_while_it_waits_has_an_object_of_its_own(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"a" * 100_000)
    await house.sync(file)
    other = await put(house, "g", 100_000)
    await beats(house, house.settings.upload_after + BEAT)
    await house.write(file, 100_000, b"b" * (CHUNK_SIZE - 100_000))
    await house.sync(file)
    await house.uploaded()
    assert sorted(house.objects().values(), key=len) == [other, b"a" * 100_000 + b"b" * (CHUNK_SIZE - 100_000)]


async def test_nothing_waits_while_the_staging_is_nearly_full(house: House) -> None:
    house.settings.staging_limit = FULL + 50_000
    await put(house, "f", 100_000)
    await beats(house, house.settings.upload_after + BEAT)
    assert len(house.objects()) == 1


async def test_what_a_failure_has_kept_here_goes_when_the_store_is_back(house: House) -> None:
    house.break_store()
    await put(house, "f", 3000)
    await beats(house, house.settings.upload_after + house.settings.pack_after + BEAT)
    assert house.status("store_down_seconds") is not None
    await put(house, "g", 3000)
    house.mend_store()
    await beats(house, house.settings.upload_after + 1)
    assert house.status("store_down_seconds") is None
    assert len(house.objects()) == 1


async def test_somebody_who_begins_to_wait_for_the_store_has_all_of_them_go(house: House) -> None:
    """In the tier `object`, for what was written in the other one."""
    body = await put(house, "f", 3000)
    await beats(house, house.settings.upload_after + BEAT)
    house.settings.durability = "object"
    await house.crash()
    assert house.objects() == {}
    await over(house.chunks.sync(house.lookup("f")))
    assert list(house.objects().values()) == [body]


async def test_what_waits_outlives_a_crash_and_goes_afterwards(house: House) -> None:
    bodies = {f"f{number}": await put(house, f"f{number}", 3000 + number * 20_000) for number in range(10)}
    await beats(house, house.settings.upload_after + BEAT)
    await house.crash()
    assert house.objects() == {}
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
    await beats(house, house.settings.upload_after + house.settings.pack_after + 2 * BEAT)
    assert house.namespace.staged(0, -1, 20) == []
    house.chunks.drop_cache()
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body


async def test_what_the_queue_could_not_hold_goes_while_others_write(house: House) -> None:
    house.settings.upload_queue = 8
    for number in range(12):
        await put(house, f"f{number}", 3000)
    busy = house.create("busy")
    for number in range(100):
        await house.write(busy, 0, b"%d" % (number % 10))
        await house.sync(busy)
        await beats(house, BEAT)
    for number in range(12):
        row = house.namespace.chunk(house.lookup(f"f{number}").id, 0)
        assert row is not None
        assert row.object


async def test_what_waits_for_the_store_in_memory_is_bounded(house: House) -> None:
    house.settings.memory_bytes = 100_000
    house.chunks._table._memory_bytes = 100_000
    house.break_store()
    bodies = {f"f{number}": await put(house, f"f{number}", 10_000) for number in range(60)}
    for _ in range(40):
        house.pass_time(BEAT)
        await asyncio.sleep(0)
    held = house.status("memory_bytes")
    assert isinstance(held, int)
    assert held <= 220_000
    house.mend_store()
    await house.uploaded()
    assert house.namespace.staged(0, -1, 100) == []
    for name, body in bodies.items():
        assert await house.read(house.lookup(name)) == body
