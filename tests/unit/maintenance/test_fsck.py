"""The check beyond the tree: staging files, objects, checksums. Each rule finds its fault, and the repair mends it.

The filesystem is a real one: namespace, chunk layer and local store, stopped when it is damaged.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import slot_path
from nfsgw.chunks.stores import StoreError
from nfsgw.chunks.stores.local import LocalStore
from nfsgw.errors import NFSError
from nfsgw.maintenance.fsck import Fsck, Verdict
from nfsgw.namespace.model import CHUNK_SIZE
from nfsgw.namespace.schema import mark_restored
from nfsgw.namespace.settings import NamespaceSettings
from tests.unit.chunks.house import House

NOW = 1_800_000_000_000_000_000
STAGED = os.urandom(CHUNK_SIZE + 100_000)
STORED = os.urandom(300_000)


class Ward:
    """A house at rest, what is done to it, and what the check says."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.key = ""

    async def furnish(self) -> None:
        """`/stored` lies in the store, `/staged` in staging files, `/small` in the database."""
        house = self.house
        stored = house.create("stored")
        await house.write(stored, 0, STORED)
        await house.sync(stored)
        await house.uploaded()
        self.key = house.key_of(stored, 0)
        house.break_store()
        for name, data in (("staged", STAGED), ("small", b"small")):
            file = house.create(name)
            await house.write(file, 0, data)
            await house.sync(file)
        await house.stop_dead()
        house.mend_store()

    def object_file(self) -> Path:
        return self.house.path / "store" / "objects" / self.key

    def slot(self, index: int) -> Path:
        number = self.ask(
            "SELECT slot FROM chunk JOIN entry USING (inode) WHERE name = x'737461676564' AND idx = ?", index
        )
        return Path(slot_path(str(self.house.path / "work" / "staging"), number))

    def ask(self, sql: str, *parameters: object) -> int:
        with closing(sqlite3.connect(self.house.path / "tree.sqlite")) as database:
            return int(database.execute(sql, parameters).fetchone()[0])

    def damage(self, sql: str) -> None:
        with closing(sqlite3.connect(self.house.path / "tree.sqlite")) as database:
            database.executescript(sql)

    def fsck(self, deep: bool = False) -> Fsck:
        path = self.house.path
        store = LocalStore(str(path / "store"))
        return Fsck(str(path / "tree.sqlite"), str(path / "work" / "staging"), store, deep, lambda _: None)

    async def examine(self, deep: bool = False) -> list[str]:
        return [finding.name for finding in (await self.fsck(deep).examine()).findings]

    async def mend(self, accept_loss: bool = False, deep: bool = False) -> Verdict:
        return await self.fsck(deep).mend(NamespaceSettings(), NOW, accept_loss)

    async def read(self, name: str) -> bytes:
        """Through the gateway's own layers, started for that."""
        await self.house.open()
        try:
            return await self.house.read(self.house.lookup(name))
        finally:
            await self.house.stop_dead()


@pytest_asyncio.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    house = House(tmp_path, ChunkSettings())
    await house.open()
    made = Ward(house)
    await made.furnish()
    yield made
    assert house.fatal == []


async def test_a_sound_filesystem_has_no_finding(ward: Ward) -> None:
    verdict = await ward.fsck(deep=True).examine()
    assert verdict.sound
    assert verdict.orphans == 0
    assert (verdict.counts["staged_chunks"], verdict.counts["stored_objects"]) == (3, 1)
    assert (await ward.mend()).mended == []


def remove_slot(ward: Ward) -> None:
    ward.slot(0).unlink()


def cut_slot(ward: Ward) -> None:
    os.truncate(ward.slot(0), CHUNK_SIZE - 1)


def remove_object(ward: Ward) -> None:
    ward.object_file().unlink()


def cut_object(ward: Ward) -> None:
    os.truncate(ward.object_file(), 100)


def damage_object(ward: Ward) -> None:
    ward.house.damage(ward.key)


def forget_object(ward: Ward) -> None:
    """Its row, and the object too: nothing is left to adopt."""
    ward.damage("DELETE FROM object")
    ward.object_file().unlink()


LOSSES = [
    (remove_slot, "staged_slots_are_there", "staged"),
    (cut_slot, "staged_slots_are_there", "staged"),
    (remove_object, "live_objects_are_in_the_store", "stored"),
    (cut_object, "live_objects_are_in_the_store", "stored"),
    (damage_object, "checksums_are_right", "stored"),
    (forget_object, "live_objects_are_in_the_store", "stored"),
]


@pytest.mark.parametrize(("lose", "rule", "name"), LOSSES)
async def test_lost_bytes_are_found_and_stay_an_error_until_the_loss_is_accepted(
    ward: Ward, lose: Callable[[Ward], None], rule: str, name: str
) -> None:
    lose(ward)
    verdict = await ward.fsck(deep=True).examine()
    assert rule in [finding.name for finding in verdict.findings]
    assert [(lost.path, lost.index) for lost in verdict.lost] == [(f"/{name}", 0)]
    kept = await ward.mend(deep=True)
    assert [finding.name for finding in kept.findings if finding.name == rule] == [rule]
    if lose is not cut_slot and lose is not forget_object:  # what the gateway itself can tell from whole bytes
        with pytest.raises(NFSError):
            await ward.read(name)
    accepted = await ward.mend(accept_loss=True, deep=True)
    assert accepted.sound
    assert accepted.mended
    data = await ward.read(name)
    if name == "stored":
        assert data == bytes(len(STORED))
    else:
        assert data == bytes(CHUNK_SIZE) + STAGED[CHUNK_SIZE:]
    assert await ward.read("small") == b"small"


async def test_a_damaged_object_is_found_only_when_it_is_read(ward: Ward) -> None:
    damage_object(ward)
    assert await ward.examine() == []
    assert await ward.examine(deep=True) == ["checksums_are_right"]


async def test_an_object_that_is_only_not_known_any_more_is_found_again(ward: Ward) -> None:
    ward.damage("DELETE FROM object")
    assert "live_objects_are_in_the_store" in await ward.examine()
    verdict = await ward.mend()
    assert verdict.sound
    assert await ward.read("stored") == STORED


async def test_a_pack_that_is_only_not_known_any_more_is_found_again_by_its_table(ward: Ward) -> None:
    house = ward.house
    await house.open()
    bodies = {f"packed{number}": os.urandom(1000 + number) for number in range(20)}
    for name, body in bodies.items():
        file = house.create(name)
        await house.write(file, 0, body)
        await house.sync(file)
    await house.uploaded()
    await house.stop_dead()
    ward.damage("DELETE FROM object")
    verdict = await ward.mend(deep=True)
    assert verdict.sound
    for name, body in bodies.items():
        assert await ward.read(name) == body
    assert await ward.read("stored") == STORED


async def test_a_pack_whose_table_is_damaged_is_not_taken(ward: Ward) -> None:
    house = ward.house
    await house.open()
    await house.uploaded()
    for name in ("one", "two"):
        file = house.create(name)
        await house.write(file, 0, name.encode())
        await house.sync(file)
    await house.uploaded()
    key = house.key_of(house.lookup("one"), 0)
    await house.stop_dead()
    ward.damage("DELETE FROM object")
    path = house.path / "store" / "objects" / key
    body = bytearray(path.read_bytes())
    body[40] ^= 1
    path.write_bytes(body)
    verdict = await ward.mend()
    assert sorted(lost.path for lost in verdict.lost) == ["/one", "/two"]


async def test_an_object_of_the_right_name_and_other_bytes_is_not_taken(ward: Ward) -> None:
    damage_object(ward)
    ward.damage("DELETE FROM object")
    assert not (await ward.mend()).sound


async def test_an_object_that_was_marked_dead_and_is_in_use_comes_back_to_life(ward: Ward) -> None:
    ward.damage("UPDATE object SET dead_at = 1")
    assert await ward.examine() == ["objects_live_as_long_as_they_are_used"]
    assert (await ward.mend()).sound
    assert ward.ask("SELECT count(*) FROM object WHERE dead_at IS NULL") == 1
    assert await ward.read("stored") == STORED


async def test_a_staging_file_with_two_owners_is_nobodys(ward: Ward) -> None:
    ward.damage("UPDATE chunk SET slot = (SELECT min(slot) FROM chunk) WHERE slot IS NOT NULL")
    assert "slots_have_one_owner" in await ward.examine()
    assert not (await ward.mend()).sound
    assert (await ward.mend(accept_loss=True)).sound
    assert await ward.read("staged") == bytes(len(STAGED))


async def test_orphans_in_the_store_are_counted(ward: Ward) -> None:
    orphan = ward.object_file().with_name(ward.object_file().name[:-4] + "ffff")
    orphan.write_bytes(b"orphan")
    verdict = await ward.fsck().examine()
    assert verdict.sound
    assert verdict.orphans == 1


async def test_a_store_that_cannot_be_listed_is_no_finding_but_an_error(ward: Ward) -> None:
    ward.house.break_store()
    with pytest.raises(StoreError):
        await ward.examine()


async def test_a_restored_filesystem_counts_as_checked_once_nothing_is_broken(ward: Ward) -> None:
    database = str(ward.house.path / "tree.sqlite")
    mark_restored(database, NamespaceSettings())
    remove_object(ward)
    await ward.mend()
    assert ward.ask("SELECT count(*) FROM meta WHERE key = 'restored'") == 1
    await ward.mend(accept_loss=True)
    assert ward.ask("SELECT count(*) FROM meta WHERE key = 'restored'") == 0
