"""The repair: whatever breaks a rule of the tree, afterwards all rules hold, and what had no name any more has one."""

from __future__ import annotations

import sqlite3

import pytest

from nfsgw.namespace.check import Inspection
from nfsgw.namespace.repair import Repair
from nfsgw.namespace.settings import NamespaceSettings

from .test_check import DAMAGES, populate
from .tree import ROOT, Tree

LOSES_BYTES = "DELETE FROM object"  # that is for maintenance/fsck.py
NOW = 1_800_000_000_000_000_000


def damaged(tree: Tree, sql: str) -> None:
    tree.stop()
    connection = sqlite3.connect(tree.path)
    connection.executescript(sql)
    connection.close()


def mended(tree: Tree) -> list[str]:
    with Repair(tree.path, NamespaceSettings(), NOW) as repair:
        repair.mend()
    return repair.done


async def is_sound(tree: Tree) -> bool:
    async with Inspection(tree.path) as inspection:
        found = await inspection.check()
    assert found == [], [(finding.rule, finding.examples) for finding in found]
    return True


@pytest.mark.parametrize("damage", [damage for damage, _ in DAMAGES if damage != LOSES_BYTES])
async def test_it_mends_what_the_check_finds(tree: Tree, damage: str) -> None:
    populate(tree)
    damaged(tree, damage)
    async with Inspection(tree.path) as inspection:
        assert await inspection.check() != []
    assert mended(tree) != []
    assert await is_sound(tree)
    assert mended(tree) == []
    tree.open()


async def test_it_does_nothing_to_a_sound_tree(tree: Tree) -> None:
    populate(tree)
    tree.stop()
    assert mended(tree) == []
    tree.open()


async def test_what_has_lost_its_name_is_found_again(tree: Tree) -> None:
    populate(tree)
    folder, file = tree.at("/a").id, tree.at("/a/h").id
    damaged(tree, f"DELETE FROM entry WHERE inode = {folder}; DELETE FROM entry WHERE inode = {file}")
    mended(tree)
    assert await is_sound(tree)
    tree.open()
    assert tree.at(f"/lost+found/#{folder}").id == folder
    assert tree.at(f"/lost+found/#{file}").id == file
    assert tree.at(f"/lost+found/#{folder}/f").nlink == 2


async def test_a_ring_of_directories_is_opened(tree: Tree) -> None:
    tree.mkdir("/a")
    tree.mkdir("/a/b")
    tree.mkdir("/a/b/c")
    outer, inner = tree.at("/a").id, tree.at("/a/b").id
    damaged(
        tree,
        f"UPDATE entry SET parent = {inner} WHERE inode = {outer};UPDATE inode SET parent = {inner} WHERE id = {outer}",
    )
    mended(tree)
    assert await is_sound(tree)
    tree.open()
    assert tree.at(f"/lost+found/#{outer}/b/c").kind == tree.ns.root.kind


async def test_a_name_that_is_taken_does_not_keep_things_from_being_found(tree: Tree) -> None:
    tree.file("/lost+found")
    tree.file("/f")
    taken, file = tree.at("/lost+found").id, tree.at("/f").id
    damaged(tree, f"DELETE FROM entry WHERE inode = {file}")
    mended(tree)
    assert await is_sound(tree)
    tree.open()
    assert tree.at(f"/lost+found/#{file}").id == file
    assert tree.at("/lost+found/lost+found").id == taken


async def test_who_has_cached_what_was_mended_sees_that_it_changed(tree: Tree) -> None:
    populate(tree)
    before = tree.at("/a").change
    damaged(tree, "DELETE FROM inode WHERE id = (SELECT inode FROM entry WHERE name = x'68')")
    mended(tree)
    tree.open()
    assert tree.at("/a").change > before
    assert [entry.name for entry in tree.ns.readdir(tree.at("/a"), 0, 10)] == [b"f"]
    assert tree.ns.getxattr(tree.at("/f"), b"x", ROOT) == b"y"
