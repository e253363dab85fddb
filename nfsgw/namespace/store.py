"""Reads of committed rows, straight from the event loop.

Must never write, and never leave a statement open (an open read would keep the write-ahead log from being reset). A
prepared read of one row takes about 7 µs here; through a thread (aiosqlite) it takes 30 to 120 µs, so the loop does it
itself. What is pending in the open or running transaction is not seen here: the caches lie over it.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from nfsgw.namespace.model import REG, ChunkRow, Entry, Inode, Pack

_INODE: Final = (
    "i.id, i.kind, i.mode, i.uid, i.gid, i.nlink, i.size, i.used, i.atime, i.mtime, i.ctime, i.btime, i.change,"
    " i.flags, i.parent, i.next_cookie, i.entries, i.rdev_major, i.rdev_minor, i.target, i.verifier,"
    " i.named, i.backup"
)
_CHUNK: Final = (
    "c.length, c.inline, c.slot, c.object, o.key, c.offset, c.stored_length, c.checksum"
    " FROM chunk c LEFT JOIN object o ON o.id = c.object"
)
SELECT_INODE: Final = f"SELECT {_INODE} FROM inode i WHERE i.id = ?"
SELECT_NAME: Final = (
    f"SELECT e.cookie, {_INODE} FROM entry e JOIN inode i ON i.id = e.inode WHERE e.parent = ? AND e.name = ?"
)
SELECT_LISTING: Final = (
    f"SELECT e.name, e.cookie, {_INODE} FROM entry e INDEXED BY entry_by_cookie JOIN inode i ON i.id = e.inode"
    " WHERE e.parent = ? AND e.cookie > ? ORDER BY e.cookie LIMIT ?"
)
SELECT_CHUNK: Final = f"SELECT {_CHUNK} WHERE c.inode = ? AND c.idx = ?"
SELECT_CHUNKS: Final = f"SELECT c.idx, {_CHUNK} WHERE c.inode = ? AND c.idx >= ? ORDER BY c.idx LIMIT ?"
SELECT_STAGED: Final = (
    f"SELECT c.inode, c.idx, {_CHUNK}"
    " WHERE c.object IS NULL AND (c.inode, c.idx) > (?, ?) ORDER BY c.inode, c.idx LIMIT ?"
)
SELECT_MEMBERS: Final = f"SELECT c.inode, c.idx, {_CHUNK} WHERE c.object = ? ORDER BY c.offset"
SELECT_STAGED_OF: Final = (
    "SELECT idx FROM chunk INDEXED BY chunk_staged WHERE object IS NULL AND inode = ? ORDER BY idx"
)


class Store:
    """The loop's read-only connection. `floor` and `file_floor` are the least change values that an object and a
    regular file report (docs/invariants.md)."""

    def __init__(self, connection: sqlite3.Connection, floor: int, file_floor: int) -> None:
        self.connection = connection
        self.cursor: Any = connection.cursor()
        self.floor = floor
        self.file_floor = file_floor

    def inode(self, id: int) -> Inode | None:
        row = self.cursor.execute(SELECT_INODE, (id,)).fetchone()
        return None if row is None else self.inode_of(row, 0)

    def name(self, parent: int, name: bytes) -> tuple[Entry, Inode] | None:
        row = self.cursor.execute(SELECT_NAME, (parent, name)).fetchone()
        if row is None:
            return None
        inode = self.inode_of(row, 1)
        return Entry(parent, name, row[0], inode.id, 0), inode

    def listing(self, parent: int, cookie: int, limit: int) -> list[tuple[Any, ...]]:
        """Rows (name, cookie, columns of the inode) after `cookie`; make objects of them with `inode_of(row, 2)`."""
        rows: list[tuple[Any, ...]] = self.cursor.execute(SELECT_LISTING, (parent, cookie, limit)).fetchall()
        return rows

    def inode_of(self, row: tuple[Any, ...], at: int) -> Inode:
        """The Inode whose columns start at `row[at]`."""
        kind: int = row[at + 1]
        inode = Inode(row[at], kind, row[at + 2], row[at + 3], row[at + 4], row[at + 8])
        inode.nlink = row[at + 5]
        size: int = row[at + 6]
        inode.size = size
        inode.stored_size = size
        inode.used = row[at + 7]
        inode.mtime = row[at + 9]
        inode.ctime = row[at + 10]
        inode.btime = row[at + 11]
        change: int = row[at + 12]
        if kind == REG and change < self.file_floor:
            change = self.file_floor
        if change < self.floor:
            change = self.floor
        inode.change = change
        inode.flags = row[at + 13]
        inode.parent = row[at + 14]
        inode.next_cookie = row[at + 15]
        inode.entries = row[at + 16]
        inode.rdev_major = row[at + 17] or 0
        inode.rdev_minor = row[at + 18] or 0
        inode.target = row[at + 19] or b""
        inode.verifier = row[at + 20] or b""
        inode.named = row[at + 21] or 0
        inode.backup = row[at + 22] or 0
        return inode

    def chunk(self, inode: int, index: int) -> ChunkRow | None:
        row = self.cursor.execute(SELECT_CHUNK, (inode, index)).fetchone()
        return None if row is None else _chunk_of(row, 0)

    def chunks(self, inode: int, first: int, limit: int) -> list[tuple[int, ChunkRow]]:
        rows = self.cursor.execute(SELECT_CHUNKS, (inode, first, limit)).fetchall()
        return [(row[0], _chunk_of(row, 1)) for row in rows]

    def used_between(self, inode: int, first: int, end: int) -> int:
        """The sum of the lengths of the chunks from `first` up to, not with, `end` (below 0: up to the last)."""
        row = self.cursor.execute(
            "SELECT sum(length) FROM chunk WHERE inode = ? AND idx >= ? AND idx < ?",
            (inode, first, (1 << 62) if end < 0 else end),
        ).fetchone()
        total: int = row[0] or 0
        return total

    def staged(self, after_inode: int, after_index: int, limit: int) -> list[tuple[int, int, ChunkRow]]:
        rows = self.cursor.execute(SELECT_STAGED, (after_inode, after_index, limit)).fetchall()
        return [(row[0], row[1], _chunk_of(row, 2)) for row in rows]

    def staged_of(self, inode: int) -> list[int]:
        rows = self.cursor.execute(SELECT_STAGED_OF, (inode,)).fetchall()
        return [row[0] for row in rows]

    def thinned_packs(self, after: int, limit: int) -> list[Pack]:
        rows = self.cursor.execute(
            "SELECT id, key, length, members FROM object WHERE thinned = 1 AND dead_at IS NULL AND id > ?"
            " ORDER BY id LIMIT ?",
            (after, limit),
        ).fetchall()
        return [Pack(row[0], row[1], row[2], row[3]) for row in rows]

    def pack_live(self, object: int) -> int:
        row = self.cursor.execute("SELECT sum(stored_length) FROM chunk WHERE object = ?", (object,)).fetchone()
        live: int = row[0] or 0
        return live

    def pack_members(self, object: int) -> list[tuple[int, int, ChunkRow]]:
        rows = self.cursor.execute(SELECT_MEMBERS, (object,)).fetchall()
        return [(row[0], row[1], _chunk_of(row, 2)) for row in rows]

    def xattrs(self, inode: int) -> dict[bytes, bytes]:
        return dict(self.cursor.execute("SELECT name, value FROM xattr WHERE inode = ?", (inode,)).fetchall())

    def orphans(self) -> list[int]:
        return [row[0] for row in self.cursor.execute("SELECT inode FROM orphan ORDER BY inode").fetchall()]

    def dead_objects(self, before: int, limit: int) -> list[tuple[int, bytes]]:
        rows: list[tuple[int, bytes]] = self.cursor.execute(
            "SELECT id, key FROM object WHERE dead_at < ? ORDER BY dead_at LIMIT ?", (before, limit)
        ).fetchall()
        return rows


def _chunk_of(row: tuple[Any, ...], at: int) -> ChunkRow:
    chunk = ChunkRow(row[at])
    chunk.inline = row[at + 1]
    slot = row[at + 2]
    chunk.slot = -1 if slot is None else slot
    chunk.object = row[at + 3] or 0
    chunk.key = row[at + 4] or b""
    chunk.offset = row[at + 5]
    chunk.stored_length = row[at + 6]
    chunk.checksum = row[at + 7]
    return chunk
