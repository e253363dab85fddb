"""The consistency check of a tree: one method per invariant of schema.sql, each a query that finds what breaks it.

Reads only, through aiosqlite on a thread of its own, because these queries walk whole tables: a gateway that serves
goes on serving. It sees one committed state, the same for all methods. Repairs nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote

import aiosqlite

from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.model import CHUNK_SIZE, DIR, HAS_NAMED, NAMED, REG
from nfsgw.namespace.schema import ROOT, VERSION

SHOWN: Final = 20


class Finding:
    """A rule that does not hold: what it says, how many rows break it, and some of them. `name` is that of the method
    that checks it, and of the one in repair.py that mends it."""

    def __init__(self, rule: str, count: int, examples: list[str], name: str = "") -> None:
        self.name = name
        self.rule = rule
        self.count = count
        self.examples = examples


class Summary:
    """What the tree holds, counted."""

    def __init__(self, schema: int, boots: int, clean: bool, counts: dict[str, int]) -> None:
        self.schema = schema
        self.boots = boots
        self.clean = clean
        self.counts = counts  # per table, and objects that are dead, chunks that are staged


class Inspection:
    """`async with Inspection(path)`; raises NamespaceUnusable where there is no tree that this program knows."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: aiosqlite.Connection | None = None

    async def __aenter__(self) -> Inspection:
        try:
            connection = await aiosqlite.connect(f"file:{quote(self._path)}?mode=ro", uri=True, isolation_level=None)
        except aiosqlite.Error as error:
            raise NamespaceUnusable(f"{self._path}: no namespace that can be read here ({error})") from error
        self._connection = connection
        try:
            await connection.execute("PRAGMA query_only = ON")
            await connection.execute("BEGIN")  # one state for all that is asked
            version = int((await self._rows("SELECT value FROM meta WHERE key = 'schema'"))[0][0])
            if version != VERSION:
                raise NamespaceUnusable(f"{self._path}: schema version {version}, this program inspects {VERSION}")
        except aiosqlite.Error as error:
            await connection.close()
            raise NamespaceUnusable(f"{self._path}: {error}") from error
        except BaseException:
            await connection.close()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _rows(self, sql: str, *parameters: object) -> list[Any]:
        if self._connection is None:
            raise RuntimeError("an inspection is used inside `async with`")
        async with self._connection.execute(sql, parameters) as cursor:
            return list(await cursor.fetchall())

    async def summary(self) -> Summary:
        meta = dict(await self._rows("SELECT key, value FROM meta"))
        counts: dict[str, int] = {}
        for name, source in (
            ("objects", "inode"),
            ("names", "entry"),
            ("chunks", "chunk"),
            ("staged_chunks", "chunk WHERE object IS NULL"),
            ("stored_objects", "object WHERE dead_at IS NULL"),
            ("dead_objects", "object WHERE dead_at IS NOT NULL"),
            ("orphans", "orphan"),
            ("xattrs", "xattr"),
            ("named_attributes", f"inode WHERE kind = {REG} AND flags & {NAMED}"),
        ):
            counts[name] = (await self._rows(f"SELECT count(*) FROM {source}"))[0][0]
        counts["used_bytes"] = meta["used"]
        return Summary(meta["schema"], meta["boots"], bool(meta["clean"]), counts)

    async def check(self, progress: Callable[[str], None] | None = None) -> list[Finding]:
        """Every rule that does not hold; an empty list for a sound tree. `progress` hears what is checked next."""
        rules: tuple[Callable[[], Awaitable[Finding | None]], ...] = (
            self.file_is_sound,
            self.root_is_a_directory_that_holds_itself,
            self.entries_name_objects_in_directories,
            self.directories_know_their_entries,
            self.cookies_are_given_once,
            self.directories_have_one_name_and_know_their_parent,
            self.directories_hang_from_the_root,
            self.named_attributes_belong_to_objects,
            self.links_are_counted,
            self.orphans_are_what_has_no_name,
            self.chunks_belong_to_files_and_say_where_they_are,
            self.chunks_end_within_their_files,
            self.used_is_what_the_chunks_hold,
            self.slots_have_one_owner,
            self.objects_live_as_long_as_they_are_used,
            self.packs_know_what_is_left_of_them,
            self.xattrs_belong_to_objects,
            self.numbers_lie_below_their_marks,
            self.totals_are_right,
        )
        found: list[Finding] = []
        for number, rule in enumerate(rules):
            if progress is not None:
                progress(f"the tree, rule {number + 1} of {len(rules)}")
            finding = await rule()
            if finding is not None:
                finding.name = rule.__name__
                found.append(finding)
        return found

    async def _broken(self, rule: str, sql: str, *parameters: object) -> Finding | None:
        rows = await self._rows(sql, *parameters)
        if not rows:
            return None
        return Finding(rule, len(rows), [", ".join(str(value) for value in row) for row in rows[:SHOWN]])

    async def file_is_sound(self) -> Finding | None:
        rows = [row for row in await self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        return Finding("SQLite's own structures are sound", len(rows), [row[0] for row in rows]) if rows else None

    async def root_is_a_directory_that_holds_itself(self) -> Finding | None:
        rows = await self._rows("SELECT 1 FROM inode WHERE id = ? AND kind = ? AND parent = id", ROOT, DIR)
        return None if rows else Finding("inode 1 is a directory that holds itself", 1, [])

    async def entries_name_objects_in_directories(self) -> Finding | None:
        return await self._broken(
            "an entry's parent is a directory and its inode exists",
            "SELECT e.parent, e.name, e.inode FROM entry e LEFT JOIN inode p ON p.id = e.parent"
            " LEFT JOIN inode i ON i.id = e.inode WHERE p.kind IS NOT ? OR i.id IS NULL",
            DIR,
        )

    async def directories_know_their_entries(self) -> Finding | None:
        return await self._broken(
            "`entries` and `next_cookie` of a directory agree with its names",
            "SELECT i.id, i.entries, i.next_cookie FROM inode i WHERE"
            " i.entries != (SELECT count(*) FROM entry e WHERE e.parent = i.id)"
            " OR i.next_cookie <= (SELECT coalesce(max(e.cookie), 2) FROM entry e WHERE e.parent = i.id)",
        )

    async def cookies_are_given_once(self) -> Finding | None:
        return await self._broken(
            "a cookie is at least 3 and unique in its directory",
            "SELECT parent, cookie, count(*) FROM entry GROUP BY parent, cookie HAVING count(*) > 1 OR cookie < 3",
        )

    async def directories_have_one_name_and_know_their_parent(self) -> Finding | None:
        return await self._broken(
            "a directory has one entry, in the directory that it calls its parent; the root has none",
            "SELECT i.id, i.parent FROM inode i LEFT JOIN entry e ON e.parent = i.parent AND e.inode = i.id"
            " WHERE i.kind = ?1 AND i.id != ?2 AND i.flags & ?3 = 0 GROUP BY i.id HAVING count(e.name) != 1"
            " UNION ALL SELECT i.id, e.parent FROM entry e JOIN inode i ON i.id = e.inode"
            " WHERE i.kind = ?1 AND i.flags & ?3 = 0 AND (e.parent != i.parent OR i.id = ?2)",
            DIR,
            ROOT,
            NAMED,
        )

    async def directories_hang_from_the_root(self) -> Finding | None:
        return await self._broken(
            "every directory can be reached from the root",
            "WITH RECURSIVE reached(id) AS (SELECT ?1 UNION"
            " SELECT e.inode FROM reached r JOIN entry e ON e.parent = r.id"
            " JOIN inode i ON i.id = e.inode AND i.kind = ?2)"
            " SELECT id FROM inode WHERE kind = ?2 AND flags & ?3 = 0 AND id NOT IN (SELECT id FROM reached)",
            ROOT,
            DIR,
            NAMED,
        )

    async def named_attributes_belong_to_objects(self) -> Finding | None:
        return await self._broken(
            "a directory of named attributes and its object know each other; it holds named attributes alone, which are"
            " nowhere else, and its object says whether it holds any",
            "SELECT d.id, d.parent FROM inode d LEFT JOIN inode o ON o.id = d.parent"
            " WHERE d.kind = ?1 AND d.flags & ?3 AND (o.named IS NOT d.id OR o.flags & ?3)"
            " UNION ALL SELECT o.id, o.named FROM inode o LEFT JOIN inode d ON d.id = o.named WHERE o.named IS NOT NULL"
            " AND (d.kind IS NOT ?1 OR d.flags & ?3 = 0 OR d.parent != o.id)"
            " UNION ALL SELECT i.id, p.id FROM entry e JOIN inode p ON p.id = e.parent JOIN inode i ON i.id = e.inode"
            " WHERE (p.flags | i.flags) & ?3 AND (i.kind != ?2 OR i.parent != p.id OR p.flags & i.flags & ?3 = 0)"
            " UNION ALL SELECT o.id, o.named FROM inode o WHERE (o.named IS NOT NULL OR o.flags & ?4)"
            " AND (o.flags & ?4 != 0) != EXISTS (SELECT 1 FROM entry e WHERE e.parent = o.named)",
            DIR,
            REG,
            NAMED,
            HAS_NAMED,
        )

    async def links_are_counted(self) -> Finding | None:
        return await self._broken(
            "nlink is the number of names, of a directory 2 and its subdirectories",
            "WITH names(id, n) AS (SELECT inode, count(*) FROM entry GROUP BY inode),"
            " subdirectories(id, n) AS (SELECT e.parent, count(*) FROM entry e JOIN inode i ON i.id = e.inode"
            " WHERE i.kind = ?1 GROUP BY e.parent)"
            " SELECT i.id, i.nlink FROM inode i"
            " LEFT JOIN names n ON n.id = i.id LEFT JOIN subdirectories s ON s.id = i.id"
            " WHERE i.nlink != CASE WHEN i.kind = ?1 THEN 2 + coalesce(s.n, 0) ELSE coalesce(n.n, 0) END",
            DIR,
        )

    async def orphans_are_what_has_no_name(self) -> Finding | None:
        return await self._broken(
            "an object without links stands in `orphan`, and only such",
            "SELECT id FROM inode WHERE nlink = 0 AND id NOT IN (SELECT inode FROM orphan)"
            " UNION ALL SELECT o.inode FROM orphan o LEFT JOIN inode i ON i.id = o.inode WHERE i.nlink IS NOT 0",
        )

    async def chunks_belong_to_files_and_say_where_they_are(self) -> Finding | None:
        return await self._broken(
            "a chunk belongs to a file, lies below its size, and is inline, staged or stored, one of them",
            "SELECT c.inode, c.idx FROM chunk c LEFT JOIN inode i ON i.id = c.inode WHERE i.kind IS NOT 1"
            " OR c.idx < 0 OR c.idx * ?1 >= i.size OR c.length <= 0 OR c.length > ?1"
            " OR (c.inline IS NOT NULL) + (c.slot IS NOT NULL) + (c.object IS NOT NULL) != 1",
            CHUNK_SIZE,
        )

    async def chunks_end_within_their_files(self) -> Finding | None:
        return await self._broken(
            "no chunk ends past the end of its file or of its stored bytes",
            "SELECT c.inode, c.idx, c.length FROM chunk c JOIN inode i ON i.id = c.inode"
            " LEFT JOIN object o ON o.id = c.object"
            " WHERE c.idx * ?1 + c.length > i.size OR (c.inline IS NOT NULL AND length(c.inline) != c.length)"
            " OR (o.id IS NOT NULL AND (c.length > c.stored_length OR c.offset + c.stored_length > o.length))",
            CHUNK_SIZE,
        )

    async def used_is_what_the_chunks_hold(self) -> Finding | None:
        return await self._broken(
            "`used` of an object is the sum of its chunks' lengths",
            "WITH held(id, n) AS (SELECT inode, sum(length) FROM chunk GROUP BY inode)"
            " SELECT i.id, i.used, h.n FROM inode i LEFT JOIN held h ON h.id = i.id WHERE i.used != coalesce(h.n, 0)",
        )

    async def slots_have_one_owner(self) -> Finding | None:
        return await self._broken(
            "a staging slot belongs to one chunk",
            "SELECT slot, count(*) FROM chunk WHERE object IS NULL AND slot IS NOT NULL"
            " GROUP BY slot HAVING count(*) > 1",
        )

    async def objects_live_as_long_as_they_are_used(self) -> Finding | None:
        return await self._broken(
            "an object that a chunk refers to is alive, any other one dead",
            "SELECT c.object, c.inode FROM chunk c LEFT JOIN object o ON o.id = c.object"
            " WHERE c.object IS NOT NULL AND (o.id IS NULL OR o.dead_at IS NOT NULL)"
            " UNION ALL SELECT o.id, NULL FROM object o WHERE o.dead_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM chunk c WHERE c.object = o.id)",
        )

    async def packs_know_what_is_left_of_them(self) -> Finding | None:
        return await self._broken(
            "a pack that is not thinned knows the bytes that chunks refer to; what holds several chunks is a pack",
            "WITH held(id, n, bytes) AS (SELECT object, count(*), sum(stored_length) FROM chunk"
            " WHERE object IS NOT NULL GROUP BY object)"
            " SELECT o.id, o.members, o.live, h.n, h.bytes FROM object o JOIN held h ON h.id = o.id"
            " WHERE h.n > o.members OR (o.members > 1 AND o.thinned = 0 AND o.live != h.bytes)",
        )

    async def xattrs_belong_to_objects(self) -> Finding | None:
        return await self._broken(
            "an extended attribute belongs to an object",
            "SELECT inode, name FROM xattr WHERE inode NOT IN (SELECT id FROM inode)",
        )

    async def numbers_lie_below_their_marks(self) -> Finding | None:
        return await self._broken(
            "ids and change values lie below the marks in meta",
            "SELECT m.key, m.value FROM meta m WHERE"
            " (m.key = 'inode_mark' AND m.value <= (SELECT max(id) FROM inode))"
            " OR (m.key = 'object_mark' AND m.value <= (SELECT coalesce(max(id), 0) FROM object))"
            " OR (m.key = 'change_mark' AND m.value <= (SELECT max(change) FROM inode))",
        )

    async def totals_are_right(self) -> Finding | None:
        return await self._broken(
            "meta's totals agree with the inodes",
            "SELECT m.key, m.value FROM meta m WHERE (m.key = 'objects' AND m.value != (SELECT count(*) FROM inode))"
            " OR (m.key = 'used' AND m.value != (SELECT coalesce(sum(used), 0) FROM inode))",
        )
