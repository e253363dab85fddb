"""The file: creation, versions, and one clear line for everything that is in the way."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from nfsgw.namespace import migrations, schema
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.migrations import statements
from nfsgw.namespace.namespace import init
from nfsgw.namespace.schema import Meta, connect, open_writer
from nfsgw.namespace.settings import NamespaceSettings

from .tree import ROOT, Tree


def test_a_new_tree_is_a_root_directory(tmp_path: Path) -> None:
    settings = NamespaceSettings()
    settings.root_uid, settings.root_gid, settings.root_mode = 1000, 50, 0o1777
    tree = Tree(tmp_path / "n.db", settings)
    root = tree.ns.root
    assert (root.id, root.uid, root.gid, root.mode, root.nlink, root.parent) == (1, 1000, 50, 0o1777, 2, 1)
    assert (root.mtime, tree.ns.usage(), tree.listing("/")) == (tree.now, (1, 0), [])


def test_the_file_with_the_key_is_its_owners_alone(tree: Tree) -> None:
    assert stat.S_IMODE(os.stat(tree.path).st_mode) == 0o600


def test_init_never_writes_over_a_tree(tree: Tree) -> None:
    with pytest.raises(NamespaceUnusable, match="already"):
        init(tree.path)


def test_an_interrupted_init_leaves_no_tree_and_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    (tmp_path / "n.db.new").write_bytes(b"half")
    with pytest.raises(NamespaceUnusable, match="nfsgw init"):
        open_writer(str(path), NamespaceSettings())
    init(str(path))
    assert sorted(os.listdir(tmp_path)) == ["n.db"]


def test_init_says_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(NamespaceUnusable, match="nowhere"):
        init(str(tmp_path / "nowhere" / "n.db"))


def test_a_file_that_is_no_tree_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no database at all, but long enough to have a header " * 50)
    with pytest.raises(NamespaceUnusable, match="text"):
        open_writer(str(text), NamespaceSettings())
    other = tmp_path / "other"
    sqlite3.connect(other).executescript("CREATE TABLE t (x); PRAGMA user_version = 3;")
    with pytest.raises(NamespaceUnusable, match="not the namespace"):
        open_writer(str(other), NamespaceSettings())


def test_a_newer_schema_is_refused_and_left_alone(tree: Tree) -> None:
    tree.stop()
    connection = sqlite3.connect(tree.path)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (schema.VERSION + 1,))
    connection.commit()
    connection.close()
    with pytest.raises(NamespaceUnusable, match=r"schema version 5 is newer than this program's 4"):
        tree.open()


def test_an_older_schema_is_brought_up_in_one_transaction(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.stop()

    def another(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE later (x INTEGER) STRICT")

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE never (x INTEGER) STRICT")
        connection.execute("SELECT * FROM nothing")

    settings = tree.settings
    connection = connect(tree.path, settings, writer=True)
    with pytest.raises(sqlite3.Error):
        schema.migrate(connection, tree.path, (*migrations.STEPS, another, broken))
    assert Meta(connection).number("schema") == schema.VERSION
    tables = "SELECT name FROM sqlite_schema WHERE name IN ('later', 'never')"
    assert connection.execute(tables).fetchall() == []
    schema.migrate(connection, tree.path, (*migrations.STEPS, another))
    assert Meta(connection).number("schema") == schema.VERSION + 1
    assert connection.execute(tables).fetchall() == [("later",)]
    schema.migrate(connection, tree.path, (*migrations.STEPS, another))
    connection.close()


def test_the_steps_lead_to_the_schema_that_is_documented(tree: Tree) -> None:
    documented = sqlite3.connect(":memory:")
    documented.executescript(Path(schema.__file__).with_name("schema.sql").read_text())
    assert shape(sqlite3.connect(tree.path)) == shape(documented)


def test_objects_of_the_version_before_have_no_named_attributes(tree: Tree) -> None:
    tree.file("/f")
    tree.stop()
    connection = sqlite3.connect(tree.path, isolation_level=None)
    connection.execute("ALTER TABLE inode DROP COLUMN named")
    connection.execute("ALTER TABLE inode DROP COLUMN backup")
    connection.execute("UPDATE meta SET value = 3 WHERE key = 'schema'")
    connection.close()
    tree.open()
    file = tree.at("/f")
    assert (file.named, file.backup, tree.ns.named(file)) == (0, 0, [])
    directory = tree.ns.named_directory(file, True, ROOT, tree.tick())
    tree.restart()
    assert tree.at("/f").named == directory.id


def shape(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every table and index with its columns."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).fetchall()
    return {
        name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
        + connection.execute(f"PRAGMA index_xinfo({name})").fetchall()
        for (name,) in names
    }


def test_commits_are_synced(tree: Tree) -> None:
    connection = open_writer(tree.path, tree.settings)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_loop_can_only_read(tree: Tree) -> None:
    with pytest.raises(sqlite3.OperationalError, match=r"readonly|read-only"):
        tree.ns.read("DELETE FROM inode")


def test_a_script_is_split_into_whole_statements() -> None:
    script = (
        "-- a comment; with a semicolon\nCREATE TABLE t (\n  x TEXT -- why; so\n);\n\nINSERT INTO t VALUES ('a;b');\n"
    )
    found = statements(script)
    assert [statement.split()[0] for statement in found] == ["CREATE", "INSERT"]
    with pytest.raises(ValueError, match="inside a statement"):
        statements("CREATE TABLE t (x)")


def test_a_meta_table_that_lacks_something_is_refused(tree: Tree) -> None:
    tree.stop()
    connection = sqlite3.connect(tree.path)
    connection.execute("DELETE FROM meta WHERE key = 'mac_key'")
    connection.commit()
    connection.close()
    with pytest.raises(NamespaceUnusable, match="mac_key"):
        tree.open()
