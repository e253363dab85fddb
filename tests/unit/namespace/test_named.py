"""Named attributes: a directory of files that belongs to an object, has its permissions, and goes when it goes."""

from __future__ import annotations

import sqlite3

import pytest

from nfsgw.namespace.model import DIR, HAS_NAMED, LNK, NAMED, REG, Changes, ChunkRow, Credential, Inode
from nfsgw.namespace.named import MOST
from nfsgw.wire.nfs4 import (
    NFS4ERR_ACCESS,
    NFS4ERR_EXIST,
    NFS4ERR_NOENT,
    NFS4ERR_NOSPC,
    NFS4ERR_NOTSUPP,
    NFS4ERR_PERM,
    NFS4ERR_STALE,
    NFS4ERR_WRONG_TYPE,
    NFS4ERR_XDEV,
)

from .tree import ANN, BOB, EVE, ROOT, Tree, fails


def attributes(tree: Tree, path: str, who: Credential = ROOT, create: bool = True) -> Inode:
    return tree.ns.named_directory(tree.at(path), create, who, tree.tick())


def attribute(tree: Tree, path: str, name: str, who: Credential = ROOT) -> Inode:
    return tree.ns.create(attributes(tree, path, who), name.encode(), REG, Changes(), who, tree.tick())[0]


def drop(tree: Tree, path: str, name: str, who: Credential = ROOT) -> None:
    tree.ns.unlink(attributes(tree, path, who, False), name.encode(), who, tree.tick(), False)


async def test_an_object_has_one_directory_of_them_which_leads_back_to_it(tree: Tree) -> None:
    for made in (tree.file("/f"), tree.mkdir("/d")):
        path = "/f" if made.kind == REG else "/d"
        with fails(NFS4ERR_NOENT):
            attributes(tree, path, create=False)
        directory = attributes(tree, path)
        assert (directory.kind, directory.flags, directory.parent) == (DIR, NAMED, made.id)
        assert attributes(tree, path) is directory
        assert attributes(tree, path, create=False) is directory
        assert tree.ns.lookup_parent(directory, ROOT) is made
    tree.crash_after_commit()
    assert attributes(tree, "/f", create=False).parent == tree.at("/f").id
    await tree.check()


async def test_the_object_shows_whether_it_has_any_and_its_change_moves_with_that_alone(tree: Tree) -> None:
    file = tree.file("/f")
    attributes(tree, "/f")
    before = file.change
    assert file.flags == 0
    attribute(tree, "/f", "one")
    first = file.change
    assert (file.flags, first > before) == (HAS_NAMED, True)
    attribute(tree, "/f", "two")
    drop(tree, "/f", "one")
    assert (file.flags, file.change) == (HAS_NAMED, first)
    tree.crash_after_commit()
    assert tree.at("/f").flags == HAS_NAMED
    drop(tree, "/f", "two")
    assert (tree.at("/f").flags, tree.at("/f").change > first) == (0, True)
    await tree.check()


def test_they_are_listed_like_names_and_in_no_other_listing(tree: Tree) -> None:
    tree.file("/f")
    for name in ("c", "a", "b"):
        attribute(tree, "/f", name)
    directory = attributes(tree, "/f")
    assert [entry.name for entry in tree.ns.readdir(directory, 0, 10)] == [b"c", b"a", b"b"]
    assert tree.listing("/") == ["f"]


async def test_only_files_can_be_in_them(tree: Tree) -> None:
    tree.file("/f")
    for kind in (DIR, LNK):
        with fails(NFS4ERR_WRONG_TYPE):
            tree.ns.create(attributes(tree, "/f"), b"x", kind, Changes(), ROOT, tree.tick(), b"target")
    attribute(tree, "/f", "x")
    with fails(NFS4ERR_EXIST):
        attribute(tree, "/f", "x")
    await tree.check()


def test_an_attribute_has_none_of_its_own_and_neither_has_a_link(tree: Tree) -> None:
    tree.file("/f")
    tree.symlink("/l", b"f")
    with fails(NFS4ERR_WRONG_TYPE):
        tree.ns.named_directory(attribute(tree, "/f", "x"), True, ROOT, tree.tick())
    with fails(NFS4ERR_WRONG_TYPE):
        tree.ns.named_directory(attributes(tree, "/f"), True, ROOT, tree.tick())
    with fails(NFS4ERR_NOTSUPP):
        attributes(tree, "/l")


async def test_nothing_is_renamed_or_linked_into_or_out_of_them(tree: Tree) -> None:
    file, other, directory = tree.file("/f"), tree.file("/g"), tree.mkdir("/d")
    inside = attribute(tree, "/f", "x")
    own, others = attributes(tree, "/f"), attributes(tree, "/g")
    root = tree.ns.root
    for source, old, target, new in (
        (own, b"x", root, b"x"),
        (own, b"x", others, b"x"),
        (root, b"g", own, b"g"),
        (root, b"d", own, b"d"),
    ):
        with fails(NFS4ERR_XDEV):
            tree.ns.rename(source, old, target, new, ROOT, tree.tick(), False)
    for what, where in ((inside, root), (inside, others), (other, own)):
        with fails(NFS4ERR_XDEV):
            tree.ns.link(what, where, b"new", ROOT, tree.tick())
    with fails(NFS4ERR_NOTSUPP):
        tree.ns.link(inside, own, b"new", ROOT, tree.tick())
    change = file.change
    tree.ns.rename(own, b"x", own, b"y", ROOT, tree.tick(), False)
    assert tree.ns.lookup(own, b"y", ROOT) is inside
    assert (file.change, directory.nlink) == (change, 2)
    await tree.check()


def test_who_may_read_the_object_may_read_them_and_who_may_write_it_may_make_them(tree: Tree) -> None:
    tree.file("/f", 0o640)
    tree.chown("/f", 1000, 50)
    with fails(NFS4ERR_ACCESS):
        attributes(tree, "/f", BOB)  # reads, by the group
    made = attribute(tree, "/f", "x", ANN)
    assert (made.uid, made.gid, made.mode) == (1000, 50, 0o640)
    assert tree.ns.lookup(attributes(tree, "/f", BOB), b"x", BOB) is made
    with fails(NFS4ERR_ACCESS):
        attribute(tree, "/f", "y", BOB)
    with fails(NFS4ERR_ACCESS):
        drop(tree, "/f", "x", BOB)
    with fails(NFS4ERR_ACCESS):
        attributes(tree, "/f", EVE, create=False)


async def test_they_follow_their_object_when_it_gets_another_owner_or_mode(tree: Tree) -> None:
    tree.file("/f", 0o644)
    tree.chown("/f", 1000, 1000)
    made = attribute(tree, "/f", "x", ANN)
    directory = attributes(tree, "/f")
    seen = tree.ns.lookup(directory, b"x", EVE)
    before = made.change
    tree.chmod("/f", 0o4700, ANN)
    assert (directory.mode, made.mode, made.change > before) == (0o700, 0o600, True)
    assert tree.ns.permitted(seen, EVE) == 0
    tree.chown("/f", 1001, 1001)
    tree.crash_after_commit()
    made = tree.ns.lookup(attributes(tree, "/f", BOB), b"x", BOB)
    assert (made.uid, made.gid) == (1001, 1001)
    with fails(NFS4ERR_PERM):
        changes = Changes()
        changes.mode = 0o777
        tree.ns.setattr(attributes(tree, "/f"), changes, BOB, tree.tick(), False)
    await tree.check()


@pytest.mark.parametrize("path", ["/f", "/d"])
async def test_they_go_with_their_object_in_its_transaction(tree: Tree, path: str) -> None:
    tree.file("/f")
    tree.mkdir("/d")
    objects, used = tree.ns.usage()
    made, directory = attribute(tree, path, "x"), attributes(tree, path)
    row = ChunkRow(10)
    row.slot = 3
    tree.ns.wrote(made, 10, tree.tick())
    tree.ns.store_chunks(made, [(0, row)], 10, 10)
    stored = ChunkRow(10)
    stored.key, stored.stored_length = b"key", 10
    tree.ns.store_upload(made.id, 0, row, stored)
    tree.commit()
    assert tree.ns.usage() == (objects + 2, used + 10)
    tree.unlink(path)
    tree.turn()
    assert tree.in_flight
    tree.commit_one()
    tree.crash()
    assert tree.ns.usage() == (objects - 1, used)
    for gone in (made, directory):
        with fails(NFS4ERR_STALE):
            tree.ns.get(gone.id)
    assert [key for _, key in tree.ns.dead_objects(tree.now + 1, 10)] == [b"key"]
    await tree.check()


async def test_they_stay_while_the_object_has_another_name_or_is_open(tree: Tree) -> None:
    tree.file("/f")
    tree.link("/f", "/g")
    made = attribute(tree, "/f", "x")
    tree.unlink("/f")
    assert not made.gone
    file = tree.at("/g")
    tree.unlink("/g", in_use=True)
    assert not made.gone
    assert tree.ns.lookup(tree.ns.named_directory(file, False, ROOT, 1), b"x", ROOT) is made
    await tree.check()
    tree.ns.release(file)
    assert made.gone
    await tree.check()


async def test_one_that_is_open_outlives_its_object_until_it_is_closed(tree: Tree) -> None:
    tree.file("/f")
    kept, lost = attribute(tree, "/f", "kept"), attribute(tree, "/f", "lost")
    tree.ns.pin(kept)
    tree.ns.unlink(tree.ns.root, b"f", ROOT, tree.tick(), False, frozenset([kept.id]))
    assert (kept.gone, kept.nlink, lost.gone) == (False, 0, True)
    await tree.check()
    tree.ns.release(kept)
    await tree.check()
    assert tree.ns.usage()[0] == 1


async def test_after_a_restart_what_nobody_has_reclaimed_goes_with_its_attributes(tree: Tree) -> None:
    file = tree.file("/f")
    reclaimed, lost = attribute(tree, "/f", "reclaimed"), attribute(tree, "/f", "lost")
    tree.unlink("/f", in_use=True)
    tree.crash_after_commit()
    tree.ns.pin(tree.ns.get(reclaimed.id))
    swept = tree.ns.sweep_orphans()
    assert file.id in swept
    assert lost.id in swept
    assert reclaimed.id not in swept
    await tree.check()
    tree.ns.release(tree.ns.get(reclaimed.id))
    await tree.check()
    assert tree.ns.usage()[0] == 1


async def test_a_file_that_replaces_another_by_rename_keeps_its_own_and_ends_the_others(tree: Tree) -> None:
    tree.file("/old")
    tree.file("/new")
    old, new = attribute(tree, "/old", "x"), attribute(tree, "/new", "x")
    tree.rename("/new", "/old")
    assert (old.gone, new.gone) == (True, False)
    assert tree.ns.lookup(attributes(tree, "/old"), b"x", ROOT) is new
    await tree.check()


def test_there_is_a_bound_to_them(tree: Tree) -> None:
    tree.file("/f")
    directory = attributes(tree, "/f")
    for number in range(MOST):
        tree.ns.create(directory, b"%d" % number, REG, Changes(), ROOT, tree.tick())
    with fails(NFS4ERR_NOSPC):
        tree.ns.create(directory, b"more", REG, Changes(), ROOT, tree.tick())
    assert len(tree.ns.named(tree.at("/f"))) == MOST + 1
    tree.unlink("/f")
    assert tree.ns.usage()[0] == 1


def test_the_time_of_the_backup_is_kept(tree: Tree) -> None:
    tree.file("/f")
    tree.chown("/f", 1000, 1000)
    changes = Changes()
    changes.backup = 1_700_000_000_123_456_789
    with fails(NFS4ERR_PERM):
        tree.ns.setattr(tree.at("/f"), changes, EVE, tree.tick(), False)
    tree.ns.setattr(tree.at("/f"), changes, ANN, tree.tick(), False)
    tree.crash_after_commit()
    assert tree.at("/f").backup == 1_700_000_000_123_456_789
    rows = sqlite3.connect(tree.path).execute("SELECT count(*) FROM inode WHERE backup IS NOT NULL").fetchall()
    assert rows == [(1,)]
