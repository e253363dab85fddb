"""Whether the database in a data directory is the one that was served from there last, or an older state put back.

Beside the database lies a second name of the same file, the anchor. A database that Litestream or an operator put in
its place is another file; one on a new machine comes without an anchor. Must be asked before anything is given out.
What cannot be seen here, the rollback of a whole disk, is declared: `nfsgw restore --in-place`.
"""

from __future__ import annotations

import filecmp
import os
import sqlite3
from contextlib import closing
from typing import Final
from urllib.parse import quote

from nfsgw.datadir import DataDirectory
from nfsgw.fsync import sync_directory
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.schema import mark_restored
from nfsgw.namespace.settings import NamespaceSettings

OWN: Final = "own"  # the file that was here, or a copy of it that came with its anchor
FOREIGN: Final = "foreign"  # it comes from elsewhere, without the directory that it belonged to
REPLACED: Final = "replaced"  # another file lies in the place of the one that the staging files belong to


def recognise(directory: DataDirectory, settings: NamespaceSettings) -> str:
    """OWN, FOREIGN or REPLACED. What is not OWN is marked as restored; of a database that was replaced the staging
    files are set aside, for a slot may hold another chunk by now. NamespaceUnusable, OSError."""
    origin = origin_of(directory)
    if origin != OWN:
        mark_restored(directory.database, settings)
    if origin == REPLACED:
        set_aside(directory.staging)
    settle(directory)
    return origin


def origin_of(directory: DataDirectory) -> str:
    """Changes nothing. NamespaceUnusable, OSError."""
    database, anchor = directory.database, directory.anchor
    if not os.path.exists(anchor):
        return FOREIGN if _was_opened(database) else OWN
    if os.path.samefile(database, anchor) or filecmp.cmp(database, anchor, shallow=False):
        return OWN
    return REPLACED


def settle(directory: DataDirectory) -> None:
    """From now on the database is the directory's own. OSError."""
    database, anchor = directory.database, directory.anchor
    if os.path.exists(anchor) and os.path.samefile(database, anchor):
        return
    making = f"{anchor}.new"
    if os.path.exists(making):
        os.unlink(making)
    os.link(database, making)
    os.rename(making, anchor)
    sync_directory(directory.path)


def set_aside(staging: str) -> str:
    """Where the files are now; empty where there were none. OSError."""
    if not os.path.isdir(staging) or not os.listdir(staging):
        return ""
    number = 1
    while os.path.exists(f"{staging}.lost{number}"):
        number += 1
    os.rename(staging, f"{staging}.lost{number}")
    sync_directory(os.path.dirname(staging))
    return f"{staging}.lost{number}"


def _was_opened(database: str) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{quote(database)}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'boots'").fetchone()
    except sqlite3.Error as error:
        raise NamespaceUnusable(f"{database}: no namespace that can be read here ({error})") from error
    return row is None or row[0] != 0
