"""The consistency check: a sound tree has no finding, and each rule finds what breaks it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from nfsgw.namespace.check import Inspection
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.model import REG, Changes, ChunkRow
from nfsgw.namespace.schema import VERSION

from .tree import ROOT, Tree


def populate(tree: Tree) -> None:
    tree.mkdir("/a")
    tree.mkdir("/a/b")
    for name in ("f", "g", "h"):
        tree.file(f"/a/{name}")
    tree.link("/a/f", "/f")
    tree.unlink("/a/g", in_use=True)
    tree.rename("/a/b", "/b")
    staged, stored = ChunkRow(10), ChunkRow(10)
    staged.slot = 3
    stored.key, stored.stored_length = b"key", 10
    file = tree.at("/f")
    tree.ns.wrote(file, 10, tree.tick())
    tree.ns.store_chunks(file, [(0, staged)], 10, 10)
    tree.ns.store_upload(file.id, 0, staged, stored)
    tree.ns.bury(b"dead", 5)
    other = tree.at("/a/h")
    tree.ns.wrote(other, 10, tree.tick())
    tree.ns.store_chunks(other, [(0, staged)], 10, 10)
    tree.ns.setxattr(file, b"x", b"y", 0, ROOT, tree.tick())
    directory = tree.ns.named_directory(file, True, ROOT, tree.tick())
    tree.ns.create(directory, b"named", REG, Changes(), ROOT, tree.tick())
    tree.ns.create(directory, b"other", REG, Changes(), ROOT, tree.tick())
    assert (file.id, directory.id) == (4, 7)


DAMAGES = [
    ("UPDATE inode SET parent = 2 WHERE id = 1", "holds itself"),
    ("UPDATE entry SET inode = 99 WHERE name = x'66'", "its inode exists"),
    ("UPDATE entry SET parent = 4 WHERE name = x'68'", "parent is a directory"),
    ("UPDATE inode SET entries = entries + 1 WHERE id = 2", "agree with its names"),
    ("UPDATE inode SET next_cookie = 3 WHERE id = 1", "agree with its names"),
    ("UPDATE entry SET cookie = 3 WHERE parent = 1", "cookie"),
    ("UPDATE inode SET parent = 2 WHERE id = 3", "calls its parent"),
    ("DELETE FROM entry WHERE inode = 3", "one entry"),
    ("UPDATE entry SET parent = 5 - inode WHERE inode IN (2, 3)", "reached from the root"),
    ("UPDATE inode SET nlink = 7 WHERE id = 4", "nlink"),
    ("UPDATE inode SET nlink = 3 WHERE id = 2", "nlink"),
    ("DELETE FROM orphan", "orphan"),
    ("INSERT INTO orphan VALUES (4)", "orphan"),
    ("UPDATE chunk SET slot = 9, object = 1", "one of them"),
    ("UPDATE chunk SET idx = 5", "below its size"),
    ("UPDATE chunk SET inode = 2 WHERE inode = 4", "belongs to a file"),
    ("INSERT INTO chunk VALUES (4, 1, 1, NULL, 3, NULL, 0, 0, 0)", "slot"),
    ("UPDATE object SET members = 0", "is a pack"),
    ("UPDATE object SET members = 2, live = 9", "knows the bytes"),
    ("UPDATE object SET dead_at = 1", "alive"),
    ("UPDATE object SET dead_at = NULL", "alive"),
    ("DELETE FROM object", "alive"),
    ("UPDATE xattr SET inode = 99", "extended attribute"),
    ("UPDATE inode SET named = NULL WHERE id = 4", "know each other"),
    ("UPDATE inode SET named = 3 WHERE id = 4", "know each other"),
    ("UPDATE inode SET named = 7 WHERE id = 3", "know each other"),
    ("UPDATE inode SET parent = 3 WHERE id = 7", "know each other"),
    ("UPDATE inode SET flags = 0 WHERE id = 7", "know each other"),
    ("UPDATE inode SET flags = 0 WHERE id = 8", "know each other"),
    ("UPDATE inode SET flags = 256 WHERE id = 6", "know each other"),
    ("UPDATE inode SET flags = 0 WHERE id = 4", "know each other"),
    ("UPDATE inode SET flags = 512 WHERE id = 3", "know each other"),
    ("UPDATE inode SET kind = 2 WHERE id = 8", "know each other"),
    ("UPDATE inode SET parent = 1 WHERE id = 8", "know each other"),
    ("INSERT INTO entry VALUES (1, x'99', 1000, 7)", "know each other"),
    ("INSERT INTO entry VALUES (1, x'99', 1000, 8)", "know each other"),
    ("UPDATE entry SET parent = 1, cookie = 1000 WHERE inode = 8", "know each other"),
    ("UPDATE entry SET parent = 7, cookie = 1000 WHERE inode = 6", "know each other"),
    ("DELETE FROM entry WHERE parent = 7", "know each other"),
    ("DELETE FROM inode WHERE id = 7", "know each other"),
    ("UPDATE meta SET value = 3 WHERE key = 'inode_mark'", "marks"),
    ("UPDATE meta SET value = 3 WHERE key = 'change_mark'", "marks"),
    ("UPDATE meta SET value = 0 WHERE key = 'object_mark'", "marks"),
    ("UPDATE meta SET value = 3 WHERE key = 'objects'", "totals"),
    ("UPDATE meta SET value = 3 WHERE key = 'used'", "totals"),
    ("UPDATE inode SET used = 11 WHERE id = 4", "sum of its chunks"),
    ("UPDATE chunk SET length = 11", "past the end"),
    ("UPDATE chunk SET stored_length = 9 WHERE object IS NOT NULL", "past the end"),
]


async def test_a_tree_that_was_worked_in_is_sound_and_counted(tree: Tree) -> None:
    populate(tree)
    await tree.check()
    async with Inspection(tree.path) as inspection:
        summary = await inspection.summary()
    assert summary.counts == {
        "objects": 9,
        "names": 7,
        "chunks": 2,
        "staged_chunks": 1,
        "stored_objects": 1,
        "dead_objects": 1,
        "orphans": 1,
        "xattrs": 1,
        "named_attributes": 2,
        "used_bytes": 20,
    }
    assert (summary.schema, summary.boots, summary.clean) == (VERSION, 1, False)


@pytest.mark.parametrize(("damage", "rule"), DAMAGES)
async def test_each_rule_finds_what_breaks_it(tree: Tree, damage: str, rule: str) -> None:
    populate(tree)
    tree.stop()
    connection = sqlite3.connect(tree.path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    async with Inspection(tree.path) as inspection:
        found = [finding.rule for finding in await inspection.check()]
    assert any(rule in text for text in found), found
    tree.open()


async def test_it_says_where_there_is_nothing_to_inspect(tmp_path: Path) -> None:
    with pytest.raises(NamespaceUnusable, match="no namespace"):
        async with Inspection(str(tmp_path / "nothing")):
            pass
    (tmp_path / "text").write_text("not a database, though long enough to be taken for one " * 20)
    with pytest.raises(NamespaceUnusable, match="text"):
        async with Inspection(str(tmp_path / "text")):
            pass
