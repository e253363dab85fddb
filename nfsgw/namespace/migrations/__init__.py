"""The steps from one schema version to the next, in order: a fresh tree runs them all, an old one the rest.

A step is never changed once it was released; it runs inside a transaction that also records the version it leads to, so
an interrupted migration leaves the old version. What they lead to is schema.sql.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib.resources import files

Step = Callable[[sqlite3.Connection], None]


def statements(script: str) -> list[str]:
    """The statements of an SQL script, whole, without what is only comment. (`executescript` would commit the
    transaction.)"""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        if not pending and (not line.strip() or line.lstrip().startswith("--")):
            continue
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    if pending.strip():
        raise ValueError(f"an SQL script ends inside a statement: {pending[:60]!r}")
    return found


def first(connection: sqlite3.Connection) -> None:
    """The schema as it was born."""
    script = files("nfsgw.namespace.migrations").joinpath("version1.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        connection.execute(statement)


def second(connection: sqlite3.Connection) -> None:
    """Whose replies are stored, and since when they wait for their client. Client records say in a byte after boot (4)
    and verifier (8) whether there were delegations; of those that did not say, there may have been."""
    connection.execute(
        "CREATE TABLE session (id BLOB NOT NULL PRIMARY KEY, owner BLOB NOT NULL, ended INTEGER) STRICT, WITHOUT ROWID"
    )
    connection.execute("UPDATE client SET record = CAST(substr(record, 1, 12) || X'01' || substr(record, 13) AS BLOB)")


def third(connection: sqlite3.Connection) -> None:
    """Objects that hold many chunks. Those of earlier versions hold one."""
    connection.execute("ALTER TABLE object ADD COLUMN members INTEGER NOT NULL DEFAULT 1")
    connection.execute("ALTER TABLE object ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE object ADD COLUMN live INTEGER NOT NULL DEFAULT 0")
    connection.execute("CREATE INDEX object_thinned ON object (id) WHERE thinned = 1")


def fourth(connection: sqlite3.Connection) -> None:
    """Named attributes, and the time of the last backup. Objects of earlier versions have neither."""
    connection.execute("ALTER TABLE inode ADD COLUMN named INTEGER")
    connection.execute("ALTER TABLE inode ADD COLUMN backup INTEGER")


STEPS: tuple[Step, ...] = (first, second, third, fourth)
"""STEPS[n] leads from version n to version n + 1."""
