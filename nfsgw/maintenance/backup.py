"""`nfsgw backup` and `restore`: the tree as one SQLite file, with the bytes that are nowhere but on the gateway's disk.

The file is the database as of one commit, staged chunks taken in as inline bytes; what is in the object store stays
there, so a backup is good for as long as dead objects are kept (`chunks.dead_age`). A restored tree says so
(`schema.mark_restored`): nothing that the lost life gave out is given again, and gc waits for fsck.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from nfsgw.chunks.slots import slot_path
from nfsgw.fsync import sync_directory
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.schema import APPLICATION_ID, VERSION, mark_restored
from nfsgw.namespace.settings import NamespaceSettings

ATTEMPTS: Final = 10
INLINE: Final = 64 * 1024  # longer chunks of a backup become staging files again

STAGED: Final = "SELECT inode, idx, slot, length FROM chunk WHERE object IS NULL AND slot IS NOT NULL"
NOW_THERE: Final = (
    "SELECT c.slot, c.object, o.key, o.length, o.members, c.offset, c.stored_length, c.checksum, c.length"
    " FROM chunk c LEFT JOIN object o ON o.id = c.object WHERE c.inode = ? AND c.idx = ?"
)


class BackupFailed(Exception):
    """`str()` is one line for the operator."""


def backup(database: str, staging: str, into: str, progress: Callable[[str], None]) -> int:
    """Makes the file `into`, of a tree at rest or at work; returns its bytes. Each staged chunk has at least the bytes
    that were acknowledged by the commit that the tree is of. BackupFailed, OSError, NamespaceUnusable."""
    if os.path.exists(into):
        raise BackupFailed(f"{into}: there is such a file already")
    building = f"{into}.new"
    live = reading(database)
    try:
        for attempt in range(ATTEMPTS):
            progress(f"copying the tree{', again' if attempt else ''}")
            if _copy(live, building, staging):
                break
        else:
            raise BackupFailed(f"staged chunks moved or went during each of {ATTEMPTS} attempts: try again later")
        _settle(building, into)
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{database}: {error}") from error
    finally:
        live.close()
        if os.path.exists(building):
            os.unlink(building)
    return os.stat(into).st_size


def reading(path: str) -> sqlite3.Connection:
    """A connection that cannot write. NamespaceUnusable: there is no tree that this program knows."""
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None)
        known = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0] if known else 0
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{path}: no namespace that can be read here ({error})") from error
    if version != VERSION:
        connection.close()
        raise NamespaceUnusable(f"{path}: not a namespace of schema version {VERSION}")
    return connection


def _copy(live: sqlite3.Connection, building: str, staging: str) -> bool:
    """One try. False: a chunk that was staged in the copy cannot be had any more."""
    if os.path.exists(building):
        os.unlink(building)
    os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it holds the key of the filehandles
    copy = sqlite3.connect(building, isolation_level=None)
    try:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("BEGIN IMMEDIATE")
        for inode, index, slot, length in copy.execute(STAGED).fetchall():
            data = read_slot(slot_path(staging, slot), length)
            now = live.execute(NOW_THERE, (inode, index)).fetchone()
            if now is None or not _take_in(copy, inode, index, slot, length, data, now):
                return False
        copy.execute("COMMIT")
        return True
    finally:
        copy.close()


def _take_in(
    copy: sqlite3.Connection, inode: int, index: int, slot: int, length: int, data: bytes, now: tuple[Any, ...]
) -> bool:
    """Where the chunk still has its slot after the bytes were read, they are its own: a slot changes hands only after
    the commit that gives it up. Where it has been uploaded meanwhile, the object has them."""
    slot_now, object_now, key, object_length, members, offset, stored_length, checksum, length_now = now
    if slot_now == slot and len(data) == length:
        copy.execute("UPDATE chunk SET inline = ?, slot = NULL WHERE inode = ? AND idx = ?", (data, inode, index))
        return True
    if object_now is None or length_now < length:
        return False
    copy.execute(
        "INSERT OR IGNORE INTO object (id, key, length, members) VALUES (?, ?, ?, ?)",
        (object_now, key, object_length, members),
    )
    copy.execute("UPDATE object SET thinned = 1 WHERE id = ? AND members > 1", (object_now,))
    copy.execute(
        "UPDATE chunk SET slot = NULL, object = ?, offset = ?, stored_length = ?, checksum = ?"
        " WHERE inode = ? AND idx = ?",
        (object_now, offset, stored_length, checksum, inode, index),
    )
    return True


def read_slot(path: str, length: int) -> bytes:
    """Up to so many bytes; fewer, or none, where the file is shorter or gone."""
    try:
        with open(path, "rb") as file:
            return file.read(length)
    except FileNotFoundError:
        return b""


def _settle(building: str, into: str) -> None:
    """The file becomes durable, then gets its name."""
    file = os.open(building, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
    os.rename(building, into)
    sync_directory(os.path.dirname(os.path.abspath(into)))


def restore(
    source: str, database: str, staging: str, settings: NamespaceSettings, progress: Callable[[str], None]
) -> None:
    """Makes a tree of a backup, where there is none. BackupFailed, OSError, NamespaceUnusable."""
    if os.path.exists(database):
        raise BackupFailed(f"{database}: there is a filesystem already; move its data directory away first")
    if os.path.exists(staging) and os.listdir(staging):
        raise BackupFailed(f"{staging}: there are staging files of another filesystem; move them away first")
    building = f"{database}.new"
    saved = reading(source)
    try:
        if os.path.exists(building):
            os.unlink(building)
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        made = sqlite3.connect(building, isolation_level=None)
        try:
            progress("copying the tree")
            saved.backup(made)
            made.execute("BEGIN IMMEDIATE")
            _unpack(made, staging, progress)
            made.execute("COMMIT")
        finally:
            made.close()
        mark_restored(building, settings)
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{source}: {error}") from error
    finally:
        saved.close()
    _settle(building, database)


def _unpack(made: sqlite3.Connection, staging: str, progress: Callable[[str], None]) -> None:
    """Long inline chunks become staging files, durable before a row says so: the gateway keeps inline bytes in
    memory."""
    long = made.execute(
        "SELECT inode, idx FROM chunk WHERE inline IS NOT NULL AND length > ? ORDER BY inode, idx", (INLINE,)
    ).fetchall()
    directories = set()
    for slot, (inode, index) in enumerate(long):
        progress(f"{slot} of {len(long)} staged chunks restored")
        data = made.execute("SELECT inline FROM chunk WHERE inode = ? AND idx = ?", (inode, index)).fetchone()[0]
        path = slot_path(staging, slot)
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        directories.add(os.path.dirname(path))
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(file, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(file)
        made.execute("UPDATE chunk SET inline = NULL, slot = ? WHERE inode = ? AND idx = ?", (slot, inode, index))
    for directory in directories:
        sync_directory(directory)
    if directories:
        sync_directory(staging)
        sync_directory(os.path.dirname(staging))
