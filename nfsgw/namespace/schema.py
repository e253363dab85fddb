"""Opening the SQLite file: connections with the settings that durability rests on, creation, migration, the meta table.

Must never touch rows that operations work on. The schema is schema.sql; the steps between its versions are in
`migrations`. SQLite: WAL with synchronous=FULL, so that a commit returns when a crash can no longer take it back.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from typing import Final

from nfsgw import failpoints
from nfsgw.fsync import sync_directory
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.migrations import STEPS, Step
from nfsgw.namespace.model import DIR
from nfsgw.namespace.settings import NamespaceSettings

APPLICATION_ID: Final = 0x6E667367  # "nfsg": tells our files from other SQLite files
VERSION: Final = len(STEPS)
ROOT: Final = 1
LOST_BOOTS: Final = 1 << 16
LOST_IDS: Final = 1 << 40
DIRECTORY_SIZE: Final = 4096


def connect(path: str, settings: NamespaceSettings, writer: bool) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun by hand. Raises NamespaceUnusable."""
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=10, cached_statements=256
        )
        connection.execute(f"PRAGMA cache_size = {-(settings.database_cache_bytes // 1024)}")
        connection.execute("PRAGMA temp_store = MEMORY")
        if writer:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            if mode != "wal":
                raise NamespaceUnusable(f"{path}: the file system does not support SQLite's write-ahead log")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {settings.checkpoint_pages}")
            connection.execute("CREATE TEMP TABLE loosened (object INTEGER NOT NULL PRIMARY KEY)")
        else:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{path}: {error}") from error
    return connection


def create(path: str, settings: NamespaceSettings, now: int) -> None:
    """A new tree with its root directory. Raises NamespaceUnusable where something is in the way."""
    if os.path.exists(path):
        raise NamespaceUnusable(f"{path}: there is a namespace already")
    building = f"{path}.new"  # named last, so that an interrupted init leaves nothing that looks like a tree
    try:
        if os.path.exists(building):
            os.unlink(building)
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it holds the key of the filehandles
        _build(building, settings, now)
        os.link(building, path)
        if failpoints.ARMED:
            failpoints.reached("init.linked")
        os.unlink(building)
        sync_directory(os.path.dirname(os.path.abspath(path)))
    except OSError as error:
        raise NamespaceUnusable(f"{path}: {error.strerror}") from error


def _build(path: str, settings: NamespaceSettings, now: int) -> None:
    connection = connect(path, settings, writer=True)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _run(connection, STEPS, 0)
        connection.executemany(
            "INSERT INTO meta (key, value) VALUES (?, ?)",
            [
                ("fsid_major", secrets.randbits(62)),
                ("fsid_minor", secrets.randbits(62)),
                ("mac_key", secrets.token_bytes(32)),
                ("inode_mark", ROOT + 1),
                ("object_mark", 1),
                ("change_mark", 2),
                ("change_floor", 0),
                ("epoch", 0),
                ("clean", 1),
                ("boots", 0),
                ("objects", 1),
                ("used", 0),
            ],
        )
        connection.execute(
            "INSERT INTO inode (id, kind, mode, uid, gid, nlink, size, used, atime, mtime, ctime, btime, change, flags,"
            " parent, next_cookie, entries) VALUES (?, ?, ?, ?, ?, 2, ?, 0, ?, ?, ?, ?, 1, 0, ?, 3, 0)",
            (
                ROOT,
                DIR,
                settings.root_mode,
                settings.root_uid,
                settings.root_gid,
                DIRECTORY_SIZE,
                now,
                now,
                now,
                now,
                ROOT,
            ),
        )
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{path}: {error}") from error
    finally:
        connection.close()


def open_writer(path: str, settings: NamespaceSettings) -> sqlite3.Connection:
    """The writing connection of an existing tree, migrated to this program's schema. Raises NamespaceUnusable."""
    if not os.path.exists(path):
        raise NamespaceUnusable(f"{path}: no namespace here (run `nfsgw init` first)")
    connection = connect(path, settings, writer=True)
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NamespaceUnusable(f"{path}: this is not the namespace of a gateway")
        migrate(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise NamespaceUnusable(f"{path}: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection, path: str, steps: tuple[Step, ...] = STEPS) -> None:
    """Brings the schema up to the last of `steps` in one transaction. Raises NamespaceUnusable for a newer one."""
    version = int(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])
    if version > len(steps):
        raise NamespaceUnusable(
            f"{path}: schema version {version} is newer than this program's {len(steps)}; run the nfsgw that wrote it"
        )
    if version < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _run(connection, steps, version)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _run(connection: sqlite3.Connection, steps: tuple[Step, ...], version: int) -> None:
    for step in steps[version:]:
        step(connection)
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?)", (len(steps),))


class Meta:
    """The meta table as it stood when it was read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._values: dict[str, object] = dict(connection.execute("SELECT key, value FROM meta"))

    def number(self, key: str) -> int:
        """Raises NamespaceUnusable where the key is missing or no number."""
        value = self._values.get(key)
        if not isinstance(value, int):
            raise NamespaceUnusable(f"the namespace's meta table lacks the number {key!r}")
        return value

    def flag(self, key: str) -> bool:
        """A missing key is False."""
        return self._values.get(key, 0) == 1

    def blob(self, key: str) -> bytes:
        """Raises NamespaceUnusable where the key is missing or no bytes."""
        value = self._values.get(key)
        if not isinstance(value, bytes):
            raise NamespaceUnusable(f"the namespace's meta table lacks the bytes {key!r}")
        return value


def mark_restored(path: str, settings: NamespaceSettings) -> None:
    """Says that the file is an older state put back: what was given out after that state was saved is never given
    again.

    Change values go on in a new epoch, ids and starts above everything the lost life can have used, and the next
    start begins with a grace period for everybody. Raises NamespaceUnusable.
    """
    connection = open_writer(path, settings)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'epoch'")
        connection.execute("UPDATE meta SET value = value + ? WHERE key IN ('inode_mark', 'object_mark')", (LOST_IDS,))
        connection.execute("UPDATE meta SET value = value + ? WHERE key = 'boots'", (LOST_BOOTS,))
        connection.execute("UPDATE meta SET value = 0 WHERE key = 'clean'")
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('restored', 1), ('rolled_back', 1)")
        connection.execute("COMMIT")
    finally:
        connection.close()
