"""`nfsgw fsck`: the rules of the tree (namespace/check.py), and those that bind it to staging files and store.

Reads only; on a gateway that serves too. What is found missing is looked up again in a fresh state before it counts,
for the gateway may have moved a chunk, or removed a file, between two looks. `mend` writes, and only where no gateway
runs.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.keys import parse_key
from nfsgw.chunks.packs import Member, head_count, members, table_size
from nfsgw.chunks.slots import slot_path
from nfsgw.chunks.stores import MissingObject, ObjectStore, StoreError
from nfsgw.maintenance.listing import Listing
from nfsgw.namespace.check import SHOWN, Finding, Inspection
from nfsgw.namespace.repair import Repair
from nfsgw.namespace.schema import ROOT
from nfsgw.namespace.settings import NamespaceSettings

READS: Final = 8  # objects read at once by a deep check
PASSES: Final = 3  # a repair may bring to light what it hid before

OBJECT_CHUNKS: Final = (
    "SELECT c.inode, c.idx, c.object, CAST(o.key AS TEXT), c.offset, c.stored_length, c.checksum"
    " FROM tree.chunk c LEFT JOIN tree.object o ON o.id = c.object WHERE c.object IS NOT NULL"
)


class Lost:
    """A chunk whose bytes are nowhere to be had, or not those that were stored."""

    def __init__(self, inode: int, index: int, path: str, why: str) -> None:
        self.inode = inode
        self.index = index
        self.path = path
        self.why = why


class Stray:
    """A chunk's object that has no row: it may still lie in the store, under a key that names the chunk, or as a pack
    whose table does."""

    def __init__(self, inode: int, index: int, object: int, offset: int, stored_length: int, checksum: int) -> None:
        self.inode = inode
        self.index = index
        self.object = object
        self.offset = offset
        self.stored_length = stored_length
        self.checksum = checksum


class Verdict:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.lost: list[Lost] = []
        self.counts: dict[str, int] = {}
        self.orphans = 0  # objects in the store that no row names: `nfsgw gc` has its own way to be sure of them
        self.mended: list[str] = []

    @property
    def sound(self) -> bool:
        return not self.findings


class Fsck:
    """One filesystem at rest or at work. `staging` is the directory of its slots."""

    def __init__(
        self, database: str, staging: str, store: ObjectStore, deep: bool, progress: Callable[[str], None]
    ) -> None:
        self._database = database
        self._staging = staging
        self._store = store
        self._deep = deep
        self._progress = progress
        self._listing = Listing()

    async def examine(self) -> Verdict:
        """All rules. StoreError: the store cannot be listed or read; NamespaceUnusable."""
        verdict = Verdict()
        async with Inspection(self._database) as inspection:
            verdict.findings = await inspection.check(self._progress)
            verdict.counts = (await inspection.summary()).counts
        self._listing = Listing()
        try:
            self._listing.attach(self._database)
            self._remember_what_is_live()
            await self._listing.read(self._store, self._progress)
            rules = (self.staged_slots_are_there(), self.live_objects_are_in_the_store())
            for found in rules:
                self._note(verdict, *found)
            if self._deep:
                self._note(verdict, *await self.checksums_are_right())
            verdict.orphans = self._count_orphans()
        finally:
            self._listing.close()
        return verdict

    def _rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Outside of a transaction: each look sees the newest committed state."""
        return self._listing.database.execute(sql, parameters).fetchall()

    def _remember_what_is_live(self) -> None:
        """Before the listing: what was there then was put before, so a whole listing shows it."""
        self._listing.database.execute(
            "CREATE TEMP TABLE live AS SELECT DISTINCT o.id, CAST(o.key AS TEXT) AS key, o.length FROM tree.object o"
            " JOIN tree.chunk c ON c.object = o.id"
        )

    def _note(self, verdict: Verdict, name: str, rule: str, lost: Iterable[Lost]) -> None:
        found = list(lost)
        if found:
            shown = [f"{one.path}, chunk {one.index}: {one.why}" for one in found[:SHOWN]]
            verdict.findings.append(Finding(rule, len(found), shown, name))
            verdict.lost += found

    def _lost(self, inode: int, index: int, why: str) -> Lost:
        return Lost(inode, index, path_of(self._listing.database, inode), why)

    # -- one method for each rule
    def staged_slots_are_there(self) -> tuple[str, str, list[Lost]]:
        rule = "the staging file of a chunk is there and holds its bytes"
        lost = []
        staged = "SELECT inode, idx, slot, length FROM tree.chunk WHERE object IS NULL AND slot IS NOT NULL"
        for inode, index, slot, length in self._rows(staged):
            size = file_size(slot_path(self._staging, slot))
            again = "SELECT 1 FROM tree.chunk WHERE inode = ? AND idx = ? AND slot = ? AND length = ?"
            if size < length and self._rows(again, inode, index, slot, length):
                why = f"staging file {slot} " + ("is missing" if size < 0 else f"has {size} of {length} bytes")
                lost.append(self._lost(inode, index, why))
        return "staged_slots_are_there", rule, lost

    def live_objects_are_in_the_store(self) -> tuple[str, str, list[Lost]]:
        rule = "the object of a chunk is in the store, with all its bytes"
        lost = []
        missing = (
            "SELECT a.key, a.length, l.size FROM temp.live a LEFT JOIN listed l ON l.key = a.key"
            " WHERE l.key IS NULL OR l.size < a.length"
        )
        for key, length, size in self._rows(missing):
            for inode, index, *_ in self._rows(f"{OBJECT_CHUNKS} AND o.key = CAST(? AS BLOB)", key):
                what = "is not in the store" if size is None else f"has {size} of {length} bytes"
                lost.append(self._lost(inode, index, f"object {key} {what}"))
        for inode, index, number, *_ in self._rows(f"{OBJECT_CHUNKS} AND o.id IS NULL"):
            lost.append(self._lost(inode, index, f"object {number} is not known"))
        return "live_objects_are_in_the_store", rule, lost

    async def checksums_are_right(self) -> tuple[str, str, list[Lost]]:
        """Reads every live object. What is missing is another rule's."""
        rule = "the stored bytes of a chunk have the checksum that was stored with them"
        lost: list[Lost] = []
        rows = self._rows(f"{OBJECT_CHUNKS} AND o.id IS NOT NULL")
        for first in range(0, len(rows), READS):
            self._progress(f"{first} of {len(rows)} chunks read")
            found = await asyncio.gather(*(self._damage(row) for row in rows[first : first + READS]))
            lost += [one for one in found if one is not None]
        return "checksums_are_right", rule, lost

    async def _damage(self, row: tuple[Any, ...]) -> Lost | None:
        inode, index, _, key, offset, length, checksum = row
        try:
            body = await self._store.get(key, offset, length)
        except MissingObject:
            return None
        except StoreError:
            if self._rows("SELECT 1 FROM listed WHERE key = ? AND size < ?", key, offset + length):
                return None
            raise
        found = crc32c(body)
        if found == checksum or not self._rows(
            f"{OBJECT_CHUNKS} AND c.inode = ? AND c.idx = ? AND o.key = CAST(? AS BLOB)", inode, index, key
        ):
            return None
        return self._lost(inode, index, f"object {key} has checksum {found:08x}, {checksum:08x} was stored")

    def _count_orphans(self) -> int:
        filesystem = self._listing.meta("fsid_major")
        unnamed = "SELECT key FROM listed WHERE key NOT IN (SELECT CAST(key AS TEXT) FROM tree.object)"
        names = (parse_key(key) for (key,) in self._rows(unnamed))
        return sum(name is not None and name.filesystem == filesystem for name in names)

    # -- mending
    async def mend(self, settings: NamespaceSettings, now: int, accept_loss: bool) -> Verdict:
        """Examines and repairs until nothing is left that can be repaired. No gateway may run. With `accept_loss`, lost
        chunks become holes; without, they stay and are errors when they are read. The verdict is of what is left."""
        mended: list[str] = []
        verdict = await self.examine()
        for _ in range(PASSES):
            if verdict.sound:
                break
            strays = await self._find_strays() if self._has_strays(verdict) else []
            with Repair(self._database, settings, now) as repair:
                for object, (key, size) in {stray.object: (key, size) for stray, key, size in strays}.items():
                    repair.adopt(object, key, size)
                if accept_loss:
                    found_again = {(stray.inode, stray.index) for stray, _, _ in strays}
                    for lost in verdict.lost:
                        if (lost.inode, lost.index) not in found_again:
                            repair.give_up(lost.inode, lost.index)
                    repair.slots_have_one_owner()
                repair.mend()
            mended += repair.done
            if not repair.done:
                break
            verdict = await self.examine()
        if verdict.sound:
            with Repair(self._database, settings, now) as repair:
                repair.was_checked()
        verdict.mended = mended
        return verdict

    async def table_of(self, key: str, size: int) -> list[Member]:
        """What a pack says it holds; nothing, where it is none of this filesystem or is damaged. StoreError."""
        major, minor = self._listing.meta("fsid_major"), self._listing.meta("fsid_minor")
        if not isinstance(major, int) or not isinstance(minor, int) or size < table_size(0):
            return []
        count = head_count(await self._store.get(key, 0, table_size(0)), (major, minor))
        if count is None or size < table_size(count):
            return []
        return members(await self._store.get(key, 0, table_size(count)), (major, minor)) or []

    @staticmethod
    def _has_strays(verdict: Verdict) -> bool:
        return any(lost.why.endswith("is not known") for lost in verdict.lost)

    async def _find_strays(self) -> list[tuple[Stray, str, int]]:
        """Objects without a row that the listing shows under the name of their chunk, with the right bytes."""
        self._listing = Listing()
        try:
            self._listing.attach(self._database)
            await self._listing.read(self._store, self._progress)
            filesystem = self._listing.meta("fsid_major")
            wanted = {
                (row[0], row[1]): Stray(row[0], row[1], row[2], row[4], row[5], row[6])
                for row in self._rows(f"{OBJECT_CHUNKS} AND o.id IS NULL")
            }
            found: list[tuple[Stray, str, int]] = []
            unnamed = "SELECT key, size FROM listed WHERE key NOT IN (SELECT CAST(key AS TEXT) FROM tree.object)"
            for key, size in self._rows(unnamed):
                name = parse_key(key)
                if name is None or name.filesystem != filesystem:
                    continue
                named = await self.table_of(key, size) if name.pack else [Member(name.inode, name.index, 0, size, 0)]
                for member in named:
                    stray = wanted.get((member.inode, member.index))
                    if stray is None or (member.offset, member.length) != (stray.offset, stray.stored_length):
                        continue
                    if crc32c(await self._store.get(key, member.offset, member.length)) == stray.checksum:
                        found.append((stray, key, size))
                        del wanted[member.inode, member.index]
            return found
        finally:
            self._listing.close()


def file_size(path: str) -> int:
    """-1: there is none."""
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return -1


def path_of(database: sqlite3.Connection, inode: int) -> str:
    """One path of an object, for people; as far as it can be followed."""
    parts: list[str] = []
    seen = set()
    while inode != ROOT and inode not in seen:
        seen.add(inode)
        row = database.execute("SELECT parent, name FROM tree.entry WHERE inode = ? LIMIT 1", (inode,)).fetchone()
        if row is None:
            parts.append(f"(object {inode})")
            break
        inode = row[0]
        parts.append(bytes(row[1]).decode(errors="backslashreplace"))
    return "/" + "/".join(reversed(parts))
