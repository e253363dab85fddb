"""Durability tier `object`: no reply that promises bytes leaves before the object store has them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.wire import nfs4 as w4
from tests.protocol.files import bytes_read, close, opened, read
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, lookup, turns
from tests.protocol.test_durable import COMMIT, create

GETFH = w4.nfs_argop4(w4.OP_GETFH)


@pytest_asyncio.fixture
async def far(tmp_path: Path) -> AsyncIterator[House]:
    built = House(tmp_path, durability="object")
    await built.chunks.start()
    yield built
    if not built.crashed:
        await built.close()


def write(stateid: w4.stateid4, stable: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(stateid, 0, stable, b"data"))


def signal_mover(house: House, number: int) -> None:
    pid = house.chunks.status()["mover_pid"]
    assert isinstance(pid, int)
    assert pid > 0
    os.kill(pid, number)


@pytest.mark.parametrize("promise", ["WRITE FILE_SYNC", "WRITE DATA_SYNC", "COMMIT", "CLOSE"])
async def test_a_reply_that_promises_bytes_waits_for_the_store(far: House, promise: str) -> None:
    a = Machine(far, "a")
    await a.join()
    _, stateid, _ = opened(await a.ok(ROOT, create(b"f"), GETFH))
    made = [ROOT, lookup(b"f")]
    operations = {
        "WRITE FILE_SYNC": [*made, write(stateid, w4.FILE_SYNC4)],
        "WRITE DATA_SYNC": [*made, write(stateid, w4.DATA_SYNC4)],
        "COMMIT": [*made, write(stateid, w4.UNSTABLE4), COMMIT],
        "CLOSE": [*made, write(stateid, w4.UNSTABLE4), close(stateid)],
    }[promise]
    signal_mover(far, signal.SIGSTOP)
    try:
        a.send(a.message(a.compound(a.next(), *operations)))
        await far.settled()
        await turns()
        assert not a.line.replies
        assert not list((far.folder / "objects").rglob("*-*-*-*"))
    finally:
        signal_mover(far, signal.SIGCONT)
    reply = await a.answer()
    assert reply[24:28] == w4.NFS4_OK.to_bytes(4, "big")
    await far.crash()
    shutil.rmtree(far.folder / "chunks")
    next_life = await far.restarted()
    again = Machine(next_life, "a")
    await again.join()
    assert bytes_read(await again.ok(ROOT, lookup(b"f"), read(NO_STATEID))) == b"data"
    await next_life.close()


async def test_an_unstable_write_and_a_reader_do_not_wait_for_it(far: House) -> None:
    a = Machine(far, "a")
    await a.join()
    _, stateid, _ = opened(await a.ok(ROOT, create(b"f"), GETFH))
    signal_mover(far, signal.SIGSTOP)
    try:
        await a.ok(ROOT, lookup(b"f"), write(stateid, w4.UNSTABLE4))
        assert bytes_read(await a.ok(ROOT, lookup(b"f"), read(NO_STATEID))) == b"data"
    finally:
        signal_mover(far, signal.SIGCONT)
