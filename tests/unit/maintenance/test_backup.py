"""A backup has every acknowledged byte, also those that only staging files hold; a restored tree knows what it is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores.local import LocalStore
from nfsgw.errors import NFSError
from nfsgw.maintenance.backup import BackupFailed, backup, restore
from nfsgw.maintenance.fsck import Fsck
from nfsgw.maintenance.gc import NotNow, collect
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire.nfs4 import NFS4ERR_STALE
from tests.unit.chunks.house import House

STORED = os.urandom(300_000)
STAGED = os.urandom(CHUNK_SIZE + 100_000)
FILES = {"stored": STORED, "staged": STAGED, "small": b"small"}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """At work, with a file in the store, one in staging files, one in the database."""
    (tmp_path / "old").mkdir()
    made = House(tmp_path / "old", ChunkSettings())
    await made.open()
    for name in FILES:
        file = made.create(name)
        await made.write(file, 0, FILES[name])
        await made.sync(file)
        if name == "stored":
            await made.uploaded()
            made.hold_mover()
    yield made
    made.let_mover_go()
    await made.close()


def saved(house: House, name: str = "backup") -> str:
    into = str(house.path.parent / name)
    assert backup(str(house.path / "tree.sqlite"), str(house.path / "work" / "staging"), into, lambda _: None) > 0
    return into


def restored(house: House, source: str) -> House:
    """Not opened yet; the same store."""
    path = house.path.parent / "new"
    (path / "work").mkdir(parents=True)
    restore(source, str(path / "tree.sqlite"), str(path / "work" / "staging"), NamespaceSettings(), lambda _: None)
    return House(path, ChunkSettings(), house.url)


async def test_every_byte_comes_back(house: House) -> None:
    new = restored(house, saved(house))
    await new.open()
    for name, data in FILES.items():
        assert await new.read(new.lookup(name)) == data
    await new.uploaded()
    await new.crash()
    assert await new.read(new.lookup("staged")) == STAGED
    await new.close()


async def test_what_came_after_it_is_not_there_and_its_handle_is_stale(house: House) -> None:
    handle_of_old = house.namespace.handle(house.lookup("small"))
    source = saved(house)
    late = house.create("late")
    handle = house.namespace.handle(late)
    change = house.lookup("small").change
    await house.durable()
    new = restored(house, source)
    await new.open()
    with pytest.raises(NFSError) as refused:
        new.namespace.resolve(handle)
    assert refused.value.status == NFS4ERR_STALE
    assert new.create("other").id > late.id
    assert new.namespace.resolve(handle_of_old).change > change
    with pytest.raises(NFSError):
        new.lookup("late")
    await new.close()


async def test_collection_waits_for_the_check(house: House) -> None:
    new = restored(house, saved(house))
    store = LocalStore(str(house.path / "store"))
    database = str(new.path / "tree.sqlite")

    async def nobody() -> None:
        return None

    with pytest.raises(NotNow):
        await collect(store, database, nobody, 0.0, 0.0, True, lambda _: None)
    check = Fsck(database, str(new.path / "work" / "staging"), store, True, lambda _: None)
    assert (await check.mend(NamespaceSettings(), 1, False)).sound
    assert (await collect(store, database, nobody, 0.0, 0.0, True, lambda _: None)).named == 1


async def test_a_chunk_that_was_removed_while_it_was_copied_is_no_hole(house: House) -> None:
    """The copy is of one commit; a staged chunk that is gone when its turn comes makes the next try."""
    source = saved(house)
    with closing(sqlite3.connect(source)) as copy:
        assert copy.execute("SELECT count(*) FROM chunk WHERE slot IS NOT NULL").fetchone()[0] == 0
        held = copy.execute("SELECT sum(length(inline)) FROM chunk").fetchone()[0]
    assert held == len(STAGED) + len(b"small")
    os.truncate(house.chunks._slots.path(house.slot_of(house.lookup("staged"), 1) or pytest.fail("no slot")), 10)
    with pytest.raises(BackupFailed, match="moved or went"):
        saved(house, "second")
    assert not (house.path.parent / "second").exists()


async def test_nothing_is_written_over(house: House) -> None:
    source = saved(house)
    with pytest.raises(BackupFailed, match="already"):
        saved(house)
    new = restored(house, source)
    with pytest.raises(BackupFailed, match="already"):
        restore(source, str(new.path / "tree.sqlite"), str(new.path / "none"), NamespaceSettings(), lambda _: None)
    with pytest.raises(BackupFailed, match="staging files"):
        restore(source, str(new.path / "x"), str(new.path / "work" / "staging"), NamespaceSettings(), lambda _: None)


async def test_what_is_no_backup_is_refused(house: House) -> None:
    other = house.path.parent / "text"
    other.write_text("not a database, though long enough to be taken for one " * 20)
    with pytest.raises(NamespaceUnusable):
        restored(house, str(other))
