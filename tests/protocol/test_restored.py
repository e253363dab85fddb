"""An older state was put back: what machines that know the lost one may do, and what they find. RFC 8881, 8.4.2.1.

The lost life went on after the backup: its last handles, change values, client ids and stateids must mean nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from nfsgw.chunks.slots import slot_path
from nfsgw.chunks.stores.local import LocalStore
from nfsgw.datadir import DataDirectory
from nfsgw.lineage import FOREIGN, OWN, REPLACED, settle
from nfsgw.maintenance.backup import backup, restore
from nfsgw.maintenance.gc import NotNow, collect
from nfsgw.namespace.schema import mark_restored
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire import nfs4 as w4
from tests.protocol.files import CHANGE, Worker, change_of, open_named
from tests.protocol.machines import ROOT, House, Machine, getattr_, lookup, mkdir, turns
from tests.protocol.operations import (
    GETFH,
    guarded,
    handle_of,
    open_wanting_delegation,
    putfh,
    reclaim_open,
    stateid_of,
    write,
)
from tests.protocol.town import Town, joined


def saved(town: Town) -> str:
    into = str(town.house.folder / "saved")
    backup(str(town.house.folder / "namespace.db"), str(town.house.folder / "chunks" / "staging"), into, lambda _: None)
    return into


async def risen(town: Town, folder: Path) -> House:
    """The gateway on what lies there, after the death of the one that stands."""
    town.house = House(folder, town.house.clock)
    await town.house.chunks.start()
    return town.house


async def with_backup(town: Town, source: str) -> House:
    """On a new disk, by `nfsgw restore`."""
    await town.house.crash()
    folder = town.house.folder / "new"
    folder.mkdir()
    directory = DataDirectory(str(folder))
    restore(source, directory.database, directory.staging, NamespaceSettings(), lambda _: None)
    settle(directory)
    return await risen(town, folder)


async def with_database_of(town: Town, source: str) -> House:
    """By hand, in the place of the database that was there: as Litestream or an operator does it."""
    await town.house.crash()
    database = town.house.folder / "namespace.db"
    for end in ("", "-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
    shutil.copy(source, database)
    return await risen(town, town.house.folder)


async def status(machine: Machine, *operations: w4.nfs_argop4) -> str:
    """Operations that change the tree wait for a while in grace before they are refused."""
    machine.send(machine.message(machine.compound(machine.next(), *operations)))
    await turns()
    machine.house.clock.advance(machine.house.state.settings.recall_wait + 0.01)
    return w4.nfsstat4_names[int.from_bytes((await machine.answer())[24:28], "big")]


@pytest.mark.parametrize("bring_back", [with_backup, with_database_of])
async def test_everybody_gets_a_whole_grace_period(
    town: Town, bring_back: Callable[[Town, str], Awaitable[House]]
) -> None:
    a = await joined(town, "a")
    handle = handle_of(await a.ok(ROOT, guarded(b"file"), GETFH))
    source = saved(town)
    b = await joined(town, "b")  # the backup does not know it
    await b.ok(ROOT, open_named(b"file"))
    house = await bring_back(town, source)
    for machine in (a, b):
        machine.connect(house)
        await machine.begin_session(await machine.exchange())
    await b.ok(putfh(handle), reclaim_open())
    for machine in (a, b):
        await machine.complete()
    assert await status(a, ROOT, open_named(b"file")) == "NFS4ERR_GRACE", "who else comes is not known"
    assert await status(a, ROOT, mkdir(b"new")) == "NFS4ERR_GRACE", "somebody may trust what he has cached"
    house.clock.advance(house.state.settings.grace_seconds)
    await a.ok(ROOT, mkdir(b"new"))
    await a.ok(ROOT, open_named(b"file"))
    await house.settled()
    a.connect(await town.crash())
    assert not town.house.state.grace.rolled_back, "it was the grace of one restore"


async def test_handles_newer_than_the_state_are_stale_for_ever(town: Town) -> None:
    a = await joined(town, "a")
    old = handle_of(await a.ok(ROOT, guarded(b"old"), GETFH))
    source = saved(town)
    late = handle_of(await a.ok(ROOT, guarded(b"late"), GETFH))
    house = await with_database_of(town, source)
    a.connect(house)
    await a.join()
    house.clock.advance(house.state.settings.grace_seconds)
    await a.ok(putfh(old), getattr_(CHANGE))
    for _ in range(2):
        assert (await a.run(putfh(late), getattr_(CHANGE))).status == w4.NFS4ERR_STALE
        await a.ok(ROOT, guarded(b"late"))
        await a.ok(ROOT, w4.nfs_argop4(w4.OP_REMOVE, opremove=w4.REMOVE4args(b"late")))


async def test_change_values_go_on_above_all_that_the_lost_life_has_shown(town: Town) -> None:
    a = await joined(town, "a")
    await a.ok(ROOT, guarded(b"file"))
    source = saved(town)
    for _ in range(5):
        await a.ok(ROOT, lookup(b"file"), write(w4.FILE_SYNC4))
    shown, _ = await change_of(a, b"file")
    house = await with_database_of(town, source)
    a.connect(house)
    await a.join()
    now, size = await change_of(a, b"file")
    assert (now > shown, size) == (True, 0)


async def test_names_of_the_lost_life_stand_for_nothing_in_the_new_one(town: Town) -> None:
    """Client ids, session ids and stateids hold the number of the start; the restored state has an older one."""
    source = saved(town)
    await town.crash()
    a = await joined(town, "a")
    state = stateid_of(await a.ok(ROOT, guarded(b"file")))
    house = await with_backup(town, source)
    b = await joined(town, "b")
    house.clock.advance(house.state.settings.grace_seconds)
    new = stateid_of(await b.ok(ROOT, guarded(b"file")))
    assert (b.clientid != a.clientid, new.other != state.other) == (True, True)
    a.connect(house)
    assert (await a.run()).status == w4.NFS4ERR_BADSESSION


async def test_a_delegation_that_is_reclaimed_is_asked_back_at_once(town: Town) -> None:
    """What its holder has cached may be newer than the file that was put back."""
    a = Worker(town.house, "a")
    await a.join(back=True)
    await a.ok(ROOT, guarded(b"file"))
    source = saved(town)
    handle = handle_of(await a.ok(ROOT, open_wanting_delegation(b"file"), GETFH))
    a.connect(await with_database_of(town, source))
    await a.begin_session(await a.exchange(), back=True)
    done = await a.ok(putfh(handle), reclaim_open(w4.OPEN_DELEGATE_READ))
    opened = done.resarray[-1].opopen
    assert opened is not None
    assert opened.resok4 is not None
    assert opened.resok4.delegation.read is not None
    assert opened.resok4.delegation.read.recall


async def test_staging_files_of_the_lost_life_are_not_taken_for_those_of_the_older_state(town: Town) -> None:
    """A slot that the older state names holds another chunk by now: wrong bytes would be worse than an error."""
    a = await joined(town, "a")
    await a.ok(ROOT, guarded(b"file"))
    await a.ok(ROOT, lookup(b"file"), written(b"a" * 100_000))
    older = town.house.folder / "older"
    shutil.copytree(town.house.folder, older)
    await a.ok(ROOT, lookup(b"file"), written(b"b" * 100_000))
    await town.house.crash()
    staging = town.house.folder / "chunks" / "staging"
    assert Path(slot_path(str(staging), 0)).exists()
    for end in ("", "-wal", "-shm"):
        Path(f"{town.house.folder}/namespace.db{end}").unlink(missing_ok=True)
        if Path(f"{older}/namespace.db{end}").exists():
            shutil.copy(f"{older}/namespace.db{end}", f"{town.house.folder}/namespace.db{end}")
    house = await risen(town, town.house.folder)
    assert house.origin == REPLACED
    assert os.listdir(f"{staging}.lost1")
    a.connect(house)
    await a.join()
    house.clock.advance(house.state.settings.grace_seconds)
    read = w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(w4.stateid4(0, bytes(12)), 0, 100_000))
    assert (await a.run(ROOT, lookup(b"file"), read)).status == w4.NFS4ERR_IO


def written(data: bytes) -> w4.nfs_argop4:
    args = w4.WRITE4args(w4.stateid4(0, bytes(12)), 0, w4.FILE_SYNC4, data)
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=args)


async def test_the_own_database_is_known_again(town: Town) -> None:
    await joined(town, "a")
    for _ in range(2):
        assert (await town.crash()).origin == OWN
    await town.house.crash()
    copy = town.house.folder / "copy"
    shutil.copytree(town.house.folder, copy, ignore=lambda *_: ["copy"])
    assert (await risen(town, copy)).origin == OWN, "a whole data directory may move"


async def test_a_database_without_its_directory_is_an_older_state(town: Town) -> None:
    source = saved(town)
    await town.house.crash()
    new = town.house.folder / "new"
    new.mkdir()
    shutil.copy(source, new / "namespace.db")
    house = await risen(town, new)
    assert (house.origin, house.names.restored, house.state.grace.rolled_back) == (FOREIGN, True, True)


async def test_the_rollback_of_a_whole_disk_is_declared(town: Town) -> None:
    await town.house.settled()
    await town.house.crash()
    directory = DataDirectory(str(town.house.folder))
    mark_restored(directory.database, NamespaceSettings())
    settle(directory)
    house = await risen(town, town.house.folder)
    assert (house.origin, house.names.restored, house.state.grace.rolled_back) == (OWN, True, True)


async def test_collection_refuses_before_the_check(town: Town) -> None:
    house = await with_database_of(town, saved(town))

    async def nobody() -> None:
        return None

    with pytest.raises(NotNow, match="fsck"):
        await collect(house_store(house), str(house.folder / "namespace.db"), nobody, 0.0, 0.0, True, lambda _: None)


def house_store(house: House) -> LocalStore:
    return LocalStore(str(house.folder / "objects"))
