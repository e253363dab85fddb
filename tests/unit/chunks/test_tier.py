"""Durability tier `object`: what a sync has promised is in the store, whatever becomes of the gateway's disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.suspend import Completion
from tests.unit.chunks.house import ROOT, House, over, until

SIZES = [1, 10_000, 100_000, CHUNK_SIZE - 1, CHUNK_SIZE, 3 * CHUNK_SIZE + 17]


@pytest_asyncio.fixture
async def far(tmp_path: Path) -> AsyncIterator[House]:
    settings = ChunkSettings()
    settings.durability = "object"
    settings.mover_stop = 0.5
    made = House(tmp_path, settings)
    await made.open()
    yield made
    assert made.fatal == []
    await made.close()


async def lose_the_disk(house: House) -> None:
    """The gateway dies, and its staging and cache with it; the database is there again, as of its last commit."""
    await house.stop_dead()
    shutil.rmtree(house.path / "work")
    await house.open()


def begin(house: House, completion: Completion | None) -> Completion:
    assert completion is not None
    assert not completion.done
    return completion


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_synced_outlives_the_gateways_disk(far: House, size: int) -> None:
    file, body = far.create("f"), os.urandom(size)
    await far.write(file, 0, body)
    await far.sync(file)
    assert far.namespace.staged(0, -1, 10) == []
    await lose_the_disk(far)
    assert await far.read(far.lookup("f")) == body


async def test_a_sync_is_over_when_the_store_has_every_byte(far: House) -> None:
    file, body = far.create("f"), os.urandom(2 * CHUNK_SIZE + 5)
    await far.write(file, 0, body)
    far.hold_mover()
    sync = begin(far, far.chunks.sync(file))
    await asyncio.sleep(0.2)
    assert not sync.done
    assert far.objects() == {}
    far.let_mover_go()
    await over(sync)
    stored = far.objects()
    assert b"".join(stored[far.key_of(file, index)] for index in range(3)) == body


async def test_the_chunks_of_a_file_go_side_by_side(far: House) -> None:
    far.settings.upload_concurrency = 5
    file = far.create("f")
    await far.write(file, 0, bytes(8 * CHUNK_SIZE))
    far.hold_mover()
    sync = begin(far, far.chunks.sync(file))
    await until(lambda: far.status("uploads_running") == 5, "as many as may are under way")
    far.let_mover_go()
    await over(sync)
    assert len(far.objects()) == 8


async def test_small_files_that_are_synced_together_share_objects(far: House) -> None:
    bodies = {f"f{number}": os.urandom(1000 + number) for number in range(200)}
    syncs = []
    for name, body in bodies.items():
        file = far.create(name)
        await far.write(file, 0, body)
        syncs.append(far.chunks.sync(file))
    for sync in syncs:
        await over(sync)
    assert len(far.objects()) == 1
    await lose_the_disk(far)
    for name, body in bodies.items():
        assert await far.read(far.lookup(name)) == body


async def test_a_sync_waits_for_an_outage_to_end(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"x" * 100)
    far.break_store()
    sync = begin(far, far.chunks.sync(file))
    await until(lambda: far.status("store_down_seconds") is not None, "the store is known to fail")
    far.pass_time(60.0)
    await until(lambda: far.status("uploads_running") == 0, "it was tried again")
    assert not sync.done
    far.mend_store()
    far.pass_time(60.0)
    await over(sync)
    await lose_the_disk(far)
    assert await far.read(far.lookup("f")) == b"x" * 100


async def test_a_later_write_does_not_endanger_what_was_synced(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"a" * CHUNK_SIZE)
    await far.sync(file)
    await far.write(file, 0, b"b" * 100)
    far.hold_mover()
    far.pass_time(far.settings.flush_after + 1)  # nobody asked for it: it is on its way to the store by itself
    await until(lambda: far.status("uploads_running") == 1, "what was written since is on its way")
    far.let_mover_go()
    await lose_the_disk(far)
    found = await far.read(far.lookup("f"))
    assert found[100:] == b"a" * (CHUNK_SIZE - 100)
    assert set(found[:100]) <= set(b"ab")


@pytest.mark.parametrize("size", [100, CHUNK_SIZE])
async def test_a_writer_who_never_rests_does_not_keep_a_sync_waiting(far: House, size: int) -> None:
    file = far.create("f")
    await far.write(file, 0, b"a" * size)
    far.hold_mover()
    sync = begin(far, far.chunks.sync(file))
    await far.write(file, 5, b"b")
    far.let_mover_go()
    await over(sync)
    await far.write(file, 6, b"c")
    assert await far.read(file, 4, 4) == b"abca"
    await lose_the_disk(far)
    found = await far.read(far.lookup("f"))
    assert found[:5] + found[6:] == b"a" * (size - 1)


async def test_what_is_written_during_a_sync_is_the_next_ones(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"first")
    far.hold_mover()
    first = begin(far, far.chunks.sync(file))
    assert far.chunks.sync(file) is first
    await far.write(file, 5, b" and second")
    second = begin(far, far.chunks.sync(file))
    assert second is not first
    far.let_mover_go()
    await over(second)
    assert first.done
    await lose_the_disk(far)
    assert await far.read(far.lookup("f")) == b"first and second"


async def test_a_cut_during_a_sync_stays_cut(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"x" * (2 * CHUNK_SIZE))
    far.hold_mover()
    sync = begin(far, far.chunks.sync(file))
    far.truncate(file, CHUNK_SIZE + 10)
    far.let_mover_go()
    await over(sync)
    await lose_the_disk(far)
    assert await far.read(far.lookup("f")) == b"x" * (CHUNK_SIZE + 10)


async def test_a_file_removed_during_its_sync_leaves_only_dead_objects(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"x" * (CHUNK_SIZE + 10))
    far.hold_mover()
    sync = begin(far, far.chunks.sync(file))
    far.namespace.unlink(far.namespace.root, b"f", ROOT, far.now, False)
    far.chunks.forget(file.id)
    far.let_mover_go()
    await over(sync)
    await far.durable()
    assert len(far.namespace.dead_objects(1 << 62, 10)) == len(far.objects()) == 2
    assert far.chunks.uploads_in_flight() == []


async def test_closing_waits_as_a_sync_does(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"bytes")
    far.hold_mover()
    closed = begin(far, far.chunks.closed(file))
    far.let_mover_go()
    await over(closed)
    await far.durable()
    assert far.chunks.closed(file) is None
    await lose_the_disk(far)
    assert await far.read(far.lookup("f")) == b"bytes"


async def test_closing_waits_for_nothing_in_the_other_tier(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"bytes")
    assert house.chunks.closed(file) is None


async def test_what_an_earlier_life_kept_here_is_synced_too(far: House) -> None:
    far.settings.durability = "local"
    await far.crash()
    bodies = {"inline": b"i" * 100, "slot": os.urandom(100_000), "both": os.urandom(CHUNK_SIZE + 10)}
    far.break_store()
    for name, body in bodies.items():
        file = far.create(name)
        await far.write(file, 0, body)
        await far.sync(file)
    far.settings.durability = "object"
    far.mend_store()
    await far.crash()
    for name in bodies:
        sync = begin(far, far.chunks.sync(far.lookup(name)))
        await over(sync)
    assert far.namespace.staged(0, -1, 10) == []
    await lose_the_disk(far)
    for name, body in bodies.items():
        assert await far.read(far.lookup(name)) == body


async def test_a_stop_does_not_wait_for_a_store_that_is_down(far: House) -> None:
    file = far.create("f")
    await far.write(file, 0, b"synced")
    await far.sync(file)
    await far.write(file, 6, b" and not")
    far.break_store()
    await far.close()
    far.mend_store()
    await far.open()
    assert await far.read(far.lookup("f")) == b"synced"
