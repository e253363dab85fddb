"""What the object store holds for this tree, counted from the rows of objects: how much of it files still refer to.

One pass over the table, for the metrics and `nfsgw status`. It takes a second for some million objects, so it must run
in a thread, on a connection of its own, and never on the loop. Objects that no row names (`nfsgw gc`) are not in it.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from nfsgw.namespace.schema import connect
from nfsgw.namespace.settings import NamespaceSettings

ALIVE: Final = (
    "SELECT members > 1, count(*), sum(length), sum(members), sum(CASE thinned WHEN 0 THEN live ELSE 0 END)"
    " FROM object WHERE dead_at IS NULL GROUP BY 1"
)
THINNED: Final = (
    "SELECT coalesce(sum(c.stored_length), 0) FROM object o JOIN chunk c ON c.object = o.id"
    " WHERE o.thinned = 1 AND o.dead_at IS NULL"
)
DEAD: Final = "SELECT count(*), coalesce(sum(length), 0) FROM object WHERE dead_at IS NOT NULL"


class Holdings:
    """Counts of objects, and bytes. A pack is an object of many chunks; what is dead waits for its deletion."""

    def __init__(self) -> None:
        self.packs = 0
        self.pack_bytes = 0
        self.pack_live = 0  # of these, bytes that chunks refer to
        self.pack_chunks = 0  # that the packs were made of
        self.singles = 0
        self.single_bytes = 0
        self.dead = 0
        self.dead_bytes = 0

    @property
    def objects(self) -> int:
        return self.packs + self.singles + self.dead

    @property
    def held_bytes(self) -> int:
        return self.pack_bytes + self.single_bytes + self.dead_bytes

    @property
    def live_bytes(self) -> int:
        return self.pack_live + self.single_bytes

    @property
    def dead_share(self) -> float:
        """Of the bytes held, what no file refers to; the tables of packs are among it."""
        return (self.held_bytes - self.live_bytes) / self.held_bytes if self.held_bytes else 0.0

    def plain(self) -> dict[str, float]:
        """For the status command."""
        return {
            "objects": self.objects,
            "packs": self.packs,
            "pack_chunks": self.pack_chunks,
            "dead": self.dead,
            "held_bytes": self.held_bytes,
            "live_bytes": self.live_bytes,
            "dead_share": self.dead_share,
        }


class Count:
    """One pass: `run` in a thread; `interrupt` from another one makes it raise sqlite3.OperationalError soon."""

    def __init__(self, path: str) -> None:
        """NamespaceUnusable."""
        settings = NamespaceSettings()
        settings.database_cache_bytes = 1 << 20
        self._connection = connect(path, settings, writer=False)

    def run(self) -> Holdings:
        """Closes the connection at its end. sqlite3.Error."""
        found = Holdings()
        connection = self._connection
        try:
            connection.execute("BEGIN")
            for packs, count, size, chunks, live in connection.execute(ALIVE):
                if packs:
                    found.packs, found.pack_bytes, found.pack_chunks, found.pack_live = count, size, chunks, live
                else:
                    found.singles, found.single_bytes = count, size
            found.pack_live += connection.execute(THINNED).fetchone()[0]
            found.dead, found.dead_bytes = connection.execute(DEAD).fetchone()
        finally:
            connection.close()
        return found

    def interrupt(self) -> None:
        try:
            self._connection.interrupt()
        except sqlite3.ProgrammingError:
            return  # it is over already
