"""A full listing of the object store, held in a temporary SQLite database so that its size does not matter.

It is complete or it is not made: an error of the store ends it (StoreError). What was put or deleted while it was read
may be in it or not; whoever draws conclusions must say why that does not hurt.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from urllib.parse import quote

from nfsgw.chunks.stores import ObjectStore
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.schema import VERSION


class Listing:
    """`database` has the table listed(key, size, modified), and after `attach` the tree as the schema `tree`."""

    def __init__(self) -> None:
        self.database = sqlite3.connect("", isolation_level=None, uri=True)  # a private file that SQLite deletes
        self.database.execute(
            "CREATE TABLE listed (key TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, modified REAL NOT NULL)"
            " STRICT, WITHOUT ROWID"
        )
        self.objects = 0
        self.bytes = 0

    async def read(self, store: ObjectStore, progress: Callable[[str], None]) -> None:
        """StoreError: the listing is not complete, and nothing may be concluded from it."""
        async for page in store.keys(""):
            self.database.executemany("INSERT OR REPLACE INTO listed VALUES (?, ?, ?)", page)
            progress(f"{self.count()} objects listed")
        self.objects = self.count()
        self.bytes = int(self.database.execute("SELECT coalesce(sum(size), 0) FROM listed").fetchone()[0])

    def count(self) -> int:
        return int(self.database.execute("SELECT count(*) FROM listed").fetchone()[0])

    def attach(self, path: str) -> None:
        """The tree's committed rows become readable, as of the first read of a transaction. NamespaceUnusable."""
        try:
            self.database.execute(f"ATTACH 'file:{quote(path)}?mode=ro' AS tree")
            version = self.database.execute("SELECT value FROM tree.meta WHERE key = 'schema'").fetchone()[0]
        except sqlite3.Error as error:
            raise NamespaceUnusable(f"{path}: no namespace that can be read here ({error})") from error
        if version != VERSION:
            raise NamespaceUnusable(f"{path}: schema version {version}, this program knows {VERSION}")

    def meta(self, key: str) -> object:
        """A value of the tree's meta table, None where there is none."""
        row = self.database.execute("SELECT value FROM tree.meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        self.database.close()
