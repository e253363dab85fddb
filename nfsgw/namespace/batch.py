"""One transaction in the making: which objects, names, chunks and other rows are to be written, each once.

State, not operations: what stands here is what is dirty, and its rows are made when the batch is closed, so that
sixty-four creates in one directory write that directory once. Must never decide anything and never read the database.
"""

from __future__ import annotations

from typing import Any, Final

from nfsgw.namespace.model import ChunkRow, Entry, Inode
from nfsgw.namespace.writer import Statements

_LOOSEN: Final = "INSERT OR IGNORE INTO temp.loosened SELECT object FROM chunk WHERE object IS NOT NULL AND "
LOOSEN_FILE: Final = _LOOSEN + "inode = ?"
LOOSEN_TAIL: Final = _LOOSEN + "inode = ? AND idx >= ?"
LOOSEN_CHUNK: Final = _LOOSEN + "inode = ? AND idx = ?"
LOOSEN_OBJECT: Final = "INSERT OR IGNORE INTO temp.loosened VALUES (?)"
BURY: Final = (
    "UPDATE object SET dead_at = ? WHERE id IN (SELECT object FROM temp.loosened) AND dead_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.object = object.id)"
)
THIN: Final = (
    "UPDATE object SET thinned = 1 WHERE id IN (SELECT object FROM temp.loosened) AND members > ? AND thinned = 0"
    " AND dead_at IS NULL"
)
TIGHTEN: Final = "DELETE FROM temp.loosened WHERE ?"

DELETE_ENTRY: Final = "DELETE FROM entry WHERE parent = ? AND name = ?"
DELETE_INODE: Final = "DELETE FROM inode WHERE id = ?"
DELETE_ORPHAN: Final = "DELETE FROM orphan WHERE inode = ?"
DELETE_FILE_CHUNKS: Final = "DELETE FROM chunk WHERE inode = ?"
DELETE_FILE_XATTRS: Final = "DELETE FROM xattr WHERE inode = ?"
DELETE_TAIL: Final = "DELETE FROM chunk WHERE inode = ? AND idx >= ?"
DELETE_CHUNK: Final = "DELETE FROM chunk WHERE inode = ? AND idx = ?"
DELETE_XATTR: Final = "DELETE FROM xattr WHERE inode = ? AND name = ?"
DELETE_OBJECT: Final = "DELETE FROM object WHERE id = ? AND dead_at IS NOT NULL"

UPSERT_INODE: Final = "INSERT OR REPLACE INTO inode VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
UPSERT_ENTRY: Final = (
    "INSERT INTO entry VALUES (?,?,?,?)"
    " ON CONFLICT (parent, name) DO UPDATE SET cookie = excluded.cookie, inode = excluded.inode"
)
UPSERT_ORPHAN: Final = "INSERT OR IGNORE INTO orphan VALUES (?)"
UPSERT_CHUNK: Final = "INSERT OR REPLACE INTO chunk VALUES (?,?,?,?,?,?,?,?,?)"
UPSERT_XATTR: Final = "INSERT OR REPLACE INTO xattr VALUES (?,?,?)"
INSERT_OBJECT: Final = "INSERT INTO object (id, key, length, members) VALUES (?,?,?,?)"
SETTLE_PACK: Final = (
    "UPDATE object SET thinned = 0, live = ? WHERE id = ?"
    " AND (SELECT coalesce(sum(stored_length), 0) FROM chunk WHERE chunk.object = object.id) = ?"
)
UPDATE_META: Final = "UPDATE meta SET value = ? WHERE key = ?"


class Batch:
    """`number` is the sequence number of its commit. What is in it carries that number as its `seq`."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.inodes: list[Inode] = []
        self.entries: list[Entry] = []
        self.cuts: dict[int, int] = {}  # inode id: rows of chunks from this index on are deleted, before any is written
        self.chunks: dict[tuple[int, int], ChunkRow | None] = {}
        self.objects: list[tuple[int, bytes, int, int]] = []
        self.forgotten: list[tuple[int]] = []
        self.xattrs: dict[tuple[int, bytes], bytes | None] = {}
        self.others: dict[object, tuple[str, tuple[Any, ...]]] = {}

    def also(self, key: object, sql: str, parameters: tuple[Any, ...]) -> None:
        """A row of another area; a later one with the same key takes its place, and its turn."""
        self.others.pop(key, None)
        self.others[key] = (sql, parameters)

    def statements(self, meta: list[tuple[object, str]], now: int) -> Statements:
        """Everything as SQL: what is deleted first, then what is written, so that a name or chunk that was removed and
        made again within the batch ends as it is. `now` dates the objects that nothing refers to any more."""
        dead: list[tuple[int]] = []
        orphans: list[tuple[int]] = []
        rows: list[tuple[Any, ...]] = []
        buried: set[int] = set()
        for inode in self.inodes:
            if inode.gone:
                dead.append((inode.id,))
                buried.add(inode.id)
                continue
            if inode.nlink == 0:
                orphans.append((inode.id,))
            rows.append(_inode_row(inode))
        names: list[tuple[int, bytes, int, int]] = []
        unnamed: list[tuple[int, bytes]] = []
        for entry in self.entries:
            if entry.inode == 0:
                unnamed.append((entry.parent, entry.name))
            else:
                names.append((entry.parent, entry.name, entry.cookie, entry.inode))

        made: Statements = []
        _put(made, DELETE_ENTRY, unnamed)
        refers = self._chunk_statements(made, dead, buried)
        _put(made, DELETE_INODE, dead)
        _put(made, DELETE_ORPHAN, dead)
        _put(made, DELETE_FILE_XATTRS, dead)
        _put(made, UPSERT_INODE, rows)
        _put(made, UPSERT_ENTRY, names)
        _put(made, UPSERT_ORPHAN, orphans)
        if self.xattrs:
            self._xattr_statements(made, buried)
        if refers:
            made.append((BURY, [(now,)]))
            made.append((THIN, [(1,)]))
            made.append((TIGHTEN, [(1,)]))
        _put(made, DELETE_OBJECT, self.forgotten)
        _put(made, UPDATE_META, meta)
        for sql, parameters in self.others.values():
            if made and made[-1][0] == sql:
                made[-1][1].append(parameters)
            else:
                made.append((sql, [parameters]))
        return made

    def _chunk_statements(self, made: Statements, dead: list[tuple[int]], buried: set[int]) -> bool:
        """Rows of the chunk map; every object that a row may have let go of, and every new one, is noted in `loosened`.
        Says whether there is any."""
        cuts = list(self.cuts.items())
        removed: list[tuple[int, int]] = []
        written: list[tuple[Any, ...]] = []
        touched: list[tuple[int, int]] = []
        for place, row in self.chunks.items():
            inode, index = place
            if inode in buried:
                continue
            touched.append(place)
            if row is None:
                removed.append(place)
            else:
                written.append(
                    (
                        inode,
                        index,
                        row.length,
                        row.inline,
                        None if row.slot < 0 else row.slot,
                        row.object or None,
                        row.offset,
                        row.stored_length,
                        row.checksum,
                    )
                )
        _put(made, LOOSEN_FILE, dead)
        _put(made, LOOSEN_TAIL, cuts)
        _put(made, LOOSEN_CHUNK, touched)
        _put(made, LOOSEN_OBJECT, [(object[0],) for object in self.objects])
        _put(made, DELETE_FILE_CHUNKS, dead)
        _put(made, DELETE_TAIL, cuts)
        _put(made, DELETE_CHUNK, removed)
        _put(made, INSERT_OBJECT, list(self.objects))
        _put(made, UPSERT_CHUNK, written)
        return bool(dead or cuts or touched or self.objects)

    def _xattr_statements(self, made: Statements, buried: set[int]) -> None:
        removed: list[tuple[int, bytes]] = []
        written: list[tuple[int, bytes, bytes]] = []
        for place, value in self.xattrs.items():
            if place[0] in buried:
                continue
            if value is None:
                removed.append(place)
            else:
                written.append((place[0], place[1], value))
        _put(made, DELETE_XATTR, removed)
        _put(made, UPSERT_XATTR, written)


def _put(made: Statements, sql: str, rows: list[Any]) -> None:
    if rows:
        made.append((sql, rows))


def _inode_row(inode: Inode) -> tuple[Any, ...]:
    return (
        inode.id,
        inode.kind,
        inode.mode,
        inode.uid,
        inode.gid,
        inode.nlink,
        inode.stored_size,
        inode.used,
        inode.atime,
        inode.mtime,
        inode.ctime,
        inode.btime,
        inode.change,
        inode.flags,
        inode.parent,
        inode.next_cookie,
        inode.entries,
        inode.rdev_major or None,
        inode.rdev_minor or None,
        inode.target or None,
        inode.verifier or None,
        inode.named or None,
        inode.backup or None,
    )
