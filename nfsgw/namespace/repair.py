"""Mends a tree at rest: one method per rule of check.py, named like it, each making its rule hold again.

Only where no gateway runs, in one transaction. Never invents a name, never frees an object that has none: what nothing
leads to any more is put into `/lost+found` as `#ID`. Bytes that are lost are not its business (maintenance/fsck.py):
a chunk that cannot be read stays an I/O error until somebody accepts the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nfsgw.namespace.model import CHUNK_SIZE, DIR, HAS_NAMED, NAMED, REG
from nfsgw.namespace.schema import DIRECTORY_SIZE, ROOT, open_writer
from nfsgw.namespace.settings import NamespaceSettings

LOST_AND_FOUND: Final = b"lost+found"
FIRST_COOKIE: Final = 3


class Repair:
    """`with Repair(path, settings, now)`: the transaction is committed at the end, rolled back by an exception.
    `now`: nanoseconds since 1970. Raises NamespaceUnusable."""

    def __init__(self, path: str, settings: NamespaceSettings, now: int) -> None:
        self._connection = open_writer(path, settings)
        self._now = now
        self._changed: set[int] = set()
        self._lost_and_found = 0
        self.done: list[str] = []  # what was mended, a line each

    def __enter__(self) -> Repair:
        self._connection.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._move_changes()
                self._connection.execute("COMMIT")
            else:
                self._connection.execute("ROLLBACK")
        finally:
            self._connection.close()

    def mend(self) -> None:
        """All rules of the tree, in an order in which none breaks one that was mended before."""
        rules: tuple[Callable[[], None], ...] = (
            self.file_is_sound,
            self.root_is_a_directory_that_holds_itself,
            self.numbers_lie_below_their_marks,
            self.entries_name_objects_in_directories,
            self.named_attributes_belong_to_objects,
            self.cookies_are_given_once,
            self.directories_have_one_name_and_know_their_parent,
            self.directories_hang_from_the_root,
            self.orphans_are_what_has_no_name,
            self.links_are_counted,
            self.directories_know_their_entries,
            self.chunks_belong_to_files_and_say_where_they_are,
            self.chunks_end_within_their_files,
            self.objects_live_as_long_as_they_are_used,
            self.packs_know_what_is_left_of_them,
            self.xattrs_belong_to_objects,
            self.used_is_what_the_chunks_hold,
            self.totals_are_right,
        )
        for rule in rules:
            rule()

    # -- small tools
    def _rows(self, sql: str, *parameters: object) -> list[tuple[int, ...]]:
        return self._connection.execute(sql, parameters).fetchall()

    def _run(self, what: str, sql: str, *parameters: object) -> None:
        """Notes it when it changes anything."""
        count = self._connection.execute(sql, parameters).rowcount
        if count > 0:
            self.done.append(f"{what}: {count}")

    def _take(self, mark: str) -> int:
        """A number that was never given. The marks are above all that were."""
        number = self._rows("SELECT value FROM meta WHERE key = ?", mark)[0][0]
        self._connection.execute("UPDATE meta SET value = ? WHERE key = ?", (number + 1, mark))
        return number

    def _move_changes(self) -> None:
        """Whoever has cached what was mended must see that it is not the same any more."""
        for inode in sorted(self._changed):
            change = self._take("change_mark")
            self._connection.execute("UPDATE inode SET change = ? WHERE id = ?", (change, inode))

    def _enter(self, parent: int, name: bytes, inode: int) -> None:
        cookie = self._rows("SELECT next_cookie FROM inode WHERE id = ?", parent)[0][0]
        self._connection.execute("UPDATE inode SET next_cookie = ? WHERE id = ?", (cookie + 1, parent))
        self._connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (parent, name, cookie, inode))
        self._changed.add(parent)

    def _directory(self, id: int, parent: int, mode: int) -> None:
        self._connection.execute(
            "INSERT INTO inode (id, kind, mode, uid, gid, nlink, size, used, atime, mtime, ctime, btime, change, flags,"
            " parent, next_cookie, entries) VALUES (?, ?, ?, 0, 0, 2, ?, 0, ?, ?, ?, ?, 1, 0, ?, ?, 0)",
            (id, DIR, mode, DIRECTORY_SIZE, self._now, self._now, self._now, self._now, parent, FIRST_COOKIE),
        )
        self._changed.add(id)

    def _keep(self, inode: int) -> None:
        """Gives a name to what has none."""
        taken: list[tuple[int, ...]] = []
        if not self._lost_and_found:
            found = self._rows(
                "SELECT i.id FROM entry e JOIN inode i ON i.id = e.inode"
                " WHERE e.parent = ? AND e.name = ? AND i.kind = ?",
                ROOT,
                LOST_AND_FOUND,
                DIR,
            )
            if found:
                self._lost_and_found = found[0][0]
            else:
                self._lost_and_found = self._take("inode_mark")
                self._directory(self._lost_and_found, ROOT, 0o700)
                here = "FROM entry WHERE parent = ? AND name = ?"
                taken = self._rows(f"SELECT inode {here}", ROOT, LOST_AND_FOUND)
                self._connection.execute(f"DELETE {here}", (ROOT, LOST_AND_FOUND))
                self._enter(ROOT, LOST_AND_FOUND, self._lost_and_found)
        self._enter(self._lost_and_found, b"#%d" % inode, inode)
        self._connection.execute(
            "UPDATE inode SET parent = ? WHERE id = ? AND kind = ?", (self._lost_and_found, inode, DIR)
        )
        self._changed.add(inode)
        self.done.append(f"put into /lost+found: object {inode}")
        for (other,) in taken:
            self._enter(self._lost_and_found, LOST_AND_FOUND, other)  # the file that had the directory's name
            self._changed.add(other)

    # -- one for each rule
    def file_is_sound(self) -> None:
        """Indices can be made anew from their tables; a damaged table cannot."""
        if self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            self._connection.execute("REINDEX")
            self.done.append("indices made anew")

    def root_is_a_directory_that_holds_itself(self) -> None:
        if not self._rows("SELECT 1 FROM inode WHERE id = ?", ROOT):
            self._directory(ROOT, ROOT, 0o755)
            self.done.append("a new root directory")
        self._run(
            "root directory",
            "UPDATE inode SET kind = ?2, parent = id WHERE id = ?1 AND (kind != ?2 OR parent != id)",
            ROOT,
            DIR,
        )

    def numbers_lie_below_their_marks(self) -> None:
        for mark, highest in (
            ("inode_mark", "SELECT max(id) FROM inode"),
            ("object_mark", "SELECT coalesce(max(id), 0) FROM object"),
            ("change_mark", "SELECT max(change) FROM inode"),
        ):
            self._run(
                f"{mark} raised",
                f"UPDATE meta SET value = ({highest}) + 1 WHERE key = ? AND value <= ({highest})",
                mark,
            )

    def entries_name_objects_in_directories(self) -> None:
        """A name that leads nowhere, or lies nowhere, goes; its object, if there is one, is kept by other rules."""
        broken = (
            "FROM entry WHERE inode NOT IN (SELECT id FROM inode)"
            " OR parent NOT IN (SELECT id FROM inode WHERE kind = ?)"
        )
        self._changed.update(row[0] for row in self._rows(f"SELECT parent {broken}", DIR))
        self._run("names that lead nowhere removed", f"DELETE {broken}", DIR)

    def named_attributes_belong_to_objects(self) -> None:
        """Attributes whose object is not known become ordinary files in an ordinary directory, which other rules put
        into `/lost+found`."""
        self._run(
            "directories of named attributes without an object made ordinary ones",
            "UPDATE inode SET flags = flags & ~?2 WHERE kind = ?1 AND flags & ?2 AND NOT EXISTS (SELECT 1 FROM inode o"
            " WHERE o.id = inode.parent AND o.named = inode.id AND o.flags & ?2 = 0)",
            DIR,
            NAMED,
        )
        self._run(
            "objects that name no directory of named attributes any more",
            "UPDATE inode SET named = NULL WHERE named IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inode d"
            " WHERE d.id = inode.named AND d.kind = ? AND d.flags & ? AND d.parent = inode.id)",
            DIR,
            NAMED,
        )
        misplaced = (
            "FROM entry WHERE inode IN (SELECT id FROM inode WHERE kind = ?1 AND flags & ?2)"
            " OR (parent IN (SELECT id FROM inode WHERE flags & ?2) AND NOT EXISTS (SELECT 1 FROM inode i"
            " WHERE i.id = entry.inode AND i.kind = ?3 AND i.flags & ?2 AND i.parent = entry.parent))"
        )
        self._changed.update(row[0] for row in self._rows(f"SELECT parent {misplaced}", DIR, NAMED, REG))
        self._run("names that cannot be those of named attributes removed", f"DELETE {misplaced}", DIR, NAMED, REG)
        self._run(
            "named attributes made ordinary files",
            "UPDATE inode SET flags = flags & ~?2, parent = 0 WHERE kind = ?1 AND flags & ?2"
            " AND id NOT IN (SELECT inode FROM orphan) AND NOT EXISTS (SELECT 1 FROM entry e JOIN inode d"
            " ON d.id = e.parent AND d.flags & ?2 WHERE e.inode = inode.id)",
            REG,
            NAMED,
        )
        self._run(
            "names of named attributes outside of their directories removed",
            "DELETE FROM entry WHERE inode IN (SELECT id FROM inode WHERE flags & ?1)"
            " AND parent IN (SELECT id FROM inode WHERE flags & ?1 = 0)",
            NAMED,
        )
        has = "EXISTS (SELECT 1 FROM entry e WHERE e.parent = inode.named)"
        self._run(
            "objects that know whether they have named attributes",
            f"UPDATE inode SET flags = CASE WHEN {has} THEN flags | ?1 ELSE flags & ~?1 END"
            f" WHERE (flags & ?1 != 0) != {has}",
            HAS_NAMED,
        )

    def cookies_are_given_once(self) -> None:
        self._raise_cookies()
        again = self._connection.execute(
            "SELECT parent, name FROM (SELECT parent, name, cookie,"
            " row_number() OVER (PARTITION BY parent, cookie ORDER BY name) AS n FROM entry) WHERE n > 1 OR cookie < ?",
            (FIRST_COOKIE,),
        ).fetchall()
        for parent, name in again:
            cookie = self._rows("SELECT next_cookie FROM inode WHERE id = ?", parent)[0][0]
            self._connection.execute("UPDATE inode SET next_cookie = ? WHERE id = ?", (cookie + 1, parent))
            self._connection.execute(
                "UPDATE entry SET cookie = ? WHERE parent = ? AND name = ?", (cookie, parent, name)
            )
            self._changed.add(parent)
        if again:
            self.done.append(f"new cookies: {len(again)}")

    def _raise_cookies(self) -> None:
        self._run(
            "next_cookie raised",
            "UPDATE inode SET next_cookie = (SELECT max(3, coalesce(max(e.cookie) + 1, 3)) FROM entry e"
            " WHERE e.parent = inode.id) WHERE next_cookie <= (SELECT coalesce(max(e.cookie), 2) FROM entry e"
            " WHERE e.parent = inode.id)",
        )

    def directories_have_one_name_and_know_their_parent(self) -> None:
        self._run("names of the root removed", "DELETE FROM entry WHERE inode = ?", ROOT)
        every = "SELECT id, parent FROM inode WHERE kind = ? AND id != ? AND flags & ? = 0"
        for directory, parent in self._rows(every, DIR, ROOT, NAMED):
            names = self._connection.execute(
                "SELECT parent, name FROM entry WHERE inode = ? ORDER BY parent != ?, parent, name", (directory, parent)
            ).fetchall()
            if not names:
                self._keep(directory)
                continue
            for other, name in names[1:]:
                self._connection.execute("DELETE FROM entry WHERE parent = ? AND name = ?", (other, name))
                self._changed.update((other, directory))
                self.done.append(f"a second name of directory {directory} removed")
            if names[0][0] != parent:
                self._connection.execute("UPDATE inode SET parent = ? WHERE id = ?", (names[0][0], directory))
                self._changed.add(directory)
                self.done.append(f"parent of directory {directory} set")

    def directories_hang_from_the_root(self) -> None:
        """A ring of directories is opened at one of them, which is kept."""
        while True:
            away = self._rows(
                "WITH RECURSIVE reached(id) AS (SELECT ?1 UNION"
                " SELECT e.inode FROM reached r JOIN entry e ON e.parent = r.id"
                " JOIN inode i ON i.id = e.inode AND i.kind = ?2)"
                " SELECT id, parent FROM inode WHERE kind = ?2 AND flags & ?3 = 0"
                " AND id NOT IN (SELECT id FROM reached) LIMIT 1",
                ROOT,
                DIR,
                NAMED,
            )
            if not away:
                return
            directory, parent = away[0]
            self._connection.execute("DELETE FROM entry WHERE inode = ?", (directory,))
            self._changed.add(parent)
            self._keep(directory)

    def orphans_are_what_has_no_name(self) -> None:
        """What stands in `orphan` by right is left to the gateway, which removes it after grace."""
        self._run(
            "rows of `orphan` without right removed",
            "DELETE FROM orphan WHERE inode NOT IN (SELECT id FROM inode) OR inode IN (SELECT inode FROM entry)",
        )
        nameless = self._rows(
            "SELECT id FROM inode WHERE kind != ? AND id NOT IN (SELECT inode FROM entry)"
            " AND id NOT IN (SELECT inode FROM orphan)",
            DIR,
        )
        for (inode,) in nameless:
            self._keep(inode)

    def links_are_counted(self) -> None:
        """Counted as in check.py."""
        wrong = self._rows(
            "WITH names(id, n) AS (SELECT inode, count(*) FROM entry GROUP BY inode),"
            " subdirectories(id, n) AS (SELECT e.parent, count(*) FROM entry e JOIN inode i ON i.id = e.inode"
            " WHERE i.kind = ?1 GROUP BY e.parent), counted(id, n) AS (SELECT i.id,"
            " CASE WHEN i.kind = ?1 THEN 2 + coalesce(s.n, 0) ELSE coalesce(n.n, 0) END FROM inode i"
            " LEFT JOIN names n ON n.id = i.id LEFT JOIN subdirectories s ON s.id = i.id)"
            " SELECT i.id, c.n FROM inode i JOIN counted c ON c.id = i.id WHERE i.nlink != c.n",
            DIR,
        )
        for inode, count in wrong:
            self._connection.execute("UPDATE inode SET nlink = ? WHERE id = ?", (count, inode))
            self._changed.add(inode)
        if wrong:
            self.done.append(f"links counted: {len(wrong)}")

    def directories_know_their_entries(self) -> None:
        self._raise_cookies()
        self._run(
            "entries counted",
            "UPDATE inode SET entries = (SELECT count(*) FROM entry e WHERE e.parent = inode.id)"
            " WHERE entries != (SELECT count(*) FROM entry e WHERE e.parent = inode.id)",
        )

    def chunks_belong_to_files_and_say_where_they_are(self) -> None:
        """Of a chunk that claims several places the most durable one is kept. One that claims none has lost its bytes:
        it stays."""
        self._run(
            "chunks of no file removed",
            "DELETE FROM chunk WHERE inode NOT IN (SELECT id FROM inode WHERE kind = ?1) OR idx < 0 OR length <= 0"
            " OR idx * ?2 >= (SELECT size FROM inode WHERE inode.id = chunk.inode)",
            REG,
            CHUNK_SIZE,
        )
        alive = "stored_length >= length AND object IN (SELECT id FROM object WHERE dead_at IS NULL)"
        several = "(inline IS NOT NULL) + (slot IS NOT NULL) + (object IS NOT NULL) > 1"
        kept_slot = f"slot IS NOT NULL AND NOT coalesce({alive}, FALSE)"
        for keeps, sets in (
            (alive, "slot = NULL, inline = NULL"),
            (kept_slot, "object = NULL, inline = NULL"),
            ("inline IS NOT NULL", "object = NULL, slot = NULL"),
        ):
            self._run("chunks that are in one place now", f"UPDATE chunk SET {sets} WHERE {several} AND {keeps}")

    def chunks_end_within_their_files(self) -> None:
        self._run(
            "chunks shortened",
            "UPDATE chunk SET length = min(length, ?1, (SELECT size FROM inode i WHERE i.id = chunk.inode) - idx * ?1,"
            " CASE WHEN object IS NOT NULL THEN stored_length WHEN inline IS NOT NULL THEN length(inline) ELSE ?1 END)"
            " WHERE length > ?1 OR length > (SELECT size FROM inode i WHERE i.id = chunk.inode) - idx * ?1"
            " OR (object IS NOT NULL AND length > stored_length) OR (inline IS NOT NULL AND length > length(inline))",
            CHUNK_SIZE,
        )
        self._run(
            "inline bytes shortened",
            "UPDATE chunk SET inline = substr(inline, 1, length) WHERE inline IS NOT NULL AND length(inline) > length",
        )
        end = "(SELECT max(c.offset + c.stored_length) FROM chunk c WHERE c.object = object.id)"
        self._run("lengths of objects set", f"UPDATE object SET length = {end} WHERE length < {end}")

    def objects_live_as_long_as_they_are_used(self) -> None:
        """An object that a chunk refers to and that has no row is lost or adopted, elsewhere."""
        self._run(
            "objects brought back to life",
            "UPDATE object SET dead_at = NULL WHERE dead_at IS NOT NULL"
            " AND id IN (SELECT object FROM chunk WHERE object IS NOT NULL)",
        )
        self._run(
            "objects that nothing refers to marked dead",
            "UPDATE object SET dead_at = ? WHERE dead_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM chunk c WHERE c.object = object.id)",
            self._now,
        )

    def packs_know_what_is_left_of_them(self) -> None:
        """The gateway looks at what is thinned."""
        held = "(SELECT count(*) FROM chunk c WHERE c.object = object.id)"
        bytes = "(SELECT coalesce(sum(stored_length), 0) FROM chunk c WHERE c.object = object.id)"
        self._run("members of objects counted", f"UPDATE object SET members = {held} WHERE {held} > members")
        self._run(
            "packs to be looked at",
            f"UPDATE object SET thinned = 1 WHERE members > 1 AND thinned = 0 AND dead_at IS NULL AND live != {bytes}",
        )

    def xattrs_belong_to_objects(self) -> None:
        self._run("attributes of nothing removed", "DELETE FROM xattr WHERE inode NOT IN (SELECT id FROM inode)")

    def used_is_what_the_chunks_hold(self) -> None:
        held = "coalesce((SELECT sum(c.length) FROM chunk c WHERE c.inode = inode.id), 0)"
        self._run("`used` of objects", f"UPDATE inode SET used = {held} WHERE used != {held}")

    def totals_are_right(self) -> None:
        for key, total in (
            ("objects", "SELECT count(*) FROM inode"),
            ("used", "SELECT coalesce(sum(used), 0) FROM inode"),
        ):
            self._run(f"total of {key}", f"UPDATE meta SET value = ({total}) WHERE key = ? AND value != ({total})", key)

    # -- what somebody else has found out
    def adopt(self, number: int, key: str, length: int) -> None:
        """The object that a chunk refers to by number, and whose row is gone, was found in the store."""
        self._connection.execute(
            "INSERT INTO object (id, key, length) VALUES (?, ?, ?)", (number, key.encode(), length)
        )
        self.done.append(f"object {number} found again in the store as {key}")

    def give_up(self, inode: int, index: int) -> None:
        """The bytes of a chunk are lost, and somebody has accepted that they read as zeros."""
        self._connection.execute("DELETE FROM chunk WHERE inode = ? AND idx = ?", (inode, index))
        self._changed.add(inode)
        self.done.append(f"given up: chunk {index} of object {inode}")

    def slots_have_one_owner(self) -> None:
        """A slot with two owners holds the bytes of one of them, and which is not known: both have lost theirs."""
        self._run(
            "chunks that shared a staging file given up",
            "DELETE FROM chunk WHERE object IS NULL AND slot IN (SELECT slot FROM chunk WHERE object IS NULL"
            " AND slot IS NOT NULL GROUP BY slot HAVING count(*) > 1)",
        )

    def was_checked(self) -> None:
        """After a restore: the state and the store agree."""
        self._connection.execute("DELETE FROM meta WHERE key = 'restored'")
