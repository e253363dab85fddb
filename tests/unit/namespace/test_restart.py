"""What survives: change values, ids and handles over crashes, orderly stops and restored states."""

from __future__ import annotations

import shutil

import pytest

from nfsgw.namespace.handles import LENGTH
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.schema import mark_restored
from nfsgw.wire.nfs4 import NFS4ERR_BADHANDLE, NFS4ERR_STALE

from .tree import Tree, fails


def test_change_values_are_unique_in_the_tree_and_always_grow(tree: Tree) -> None:
    seen = {tree.ns.root.change}
    for number in range(5):
        file = tree.file(f"/{number}")
        tree.ns.wrote(file, 1, tree.tick())
        seen |= {file.change, tree.ns.root.change}
    assert len(seen) == 11
    assert max(seen) == tree.at("/4").change


def test_after_a_crash_a_file_never_shows_a_change_value_twice_with_different_contents(tree: Tree) -> None:
    file = tree.file("/f")
    tree.commit()
    stored = file.change
    tree.ns.wrote(file, 100, tree.tick())  # shown to anyone who asks, and then lost
    shown = file.change
    assert shown > stored
    tree.crash()
    file = tree.at("/f")
    assert file.size == 0
    assert file.change > shown
    again = file.change
    tree.ns.wrote(file, 50, tree.tick())
    assert file.change > again


def test_the_floor_of_a_crash_still_holds_after_an_orderly_restart(tree: Tree) -> None:
    tree.file("/f")
    tree.commit()
    tree.crash()
    shown = tree.at("/f").change
    tree.restart()
    assert not tree.ns.unclean
    assert tree.at("/f").change >= shown


def test_an_orderly_restart_changes_no_change_value(tree: Tree) -> None:
    shown = tree.file("/f").change, tree.mkdir("/d").change, tree.ns.root.change
    tree.restart()
    assert (tree.at("/f").change, tree.at("/d").change, tree.ns.root.change) == shown
    assert tree.file("/g").change > max(shown)


def test_ids_are_never_given_again(tree: Tree) -> None:
    ids = [tree.file("/a").id]
    tree.crash()  # before it was durable
    ids.append(tree.file("/a").id)
    tree.unlink("/a")
    tree.restart()
    ids.append(tree.file("/a").id)
    assert sorted(set(ids)) == ids
    assert 0 not in ids


def test_starts_are_counted_and_an_unclean_one_is_known(tree: Tree) -> None:
    assert (tree.ns.boots, tree.ns.unclean) == (1, False)
    tree.crash()
    assert (tree.ns.boots, tree.ns.unclean) == (2, True)
    tree.restart()
    assert (tree.ns.boots, tree.ns.unclean) == (3, False)


def test_a_handle_is_the_same_for_ever(tree: Tree) -> None:
    tree.mkdir("/d")
    file = tree.file("/f")
    handle = tree.ns.handle(file)
    assert len(handle) == LENGTH
    tree.rename("/f", "/d/g")
    tree.crash_after_commit()
    assert tree.ns.resolve(handle).id == file.id
    assert tree.ns.handle(tree.at("/d/g")) == handle


def test_a_handle_that_was_not_given_out_opens_nothing(tree: Tree) -> None:
    one, two = tree.ns.handle(tree.file("/1")), tree.ns.handle(tree.file("/2"))
    forged = [one[:17] + two[17:], one[:-1], one + b"\0", b"", b"\2" + one[1:], one[:-1] + bytes([one[-1] ^ 1])]
    for handle in forged:
        for _ in range(2):
            with fails(NFS4ERR_BADHANDLE):
                tree.ns.resolve(handle)
    assert tree.ns.resolve(one) is tree.at("/1")


def test_a_handle_of_another_filesystem_is_stale(tree: Tree) -> None:
    handle = tree.ns.handle(tree.file("/f"))
    other = handle[:1] + bytes([handle[1] ^ 1]) + handle[2:]
    with fails(NFS4ERR_STALE):
        tree.ns.resolve(other)


def test_handles_stay_bounded_in_memory_and_right(tree: Tree) -> None:
    tree.ns.abandon()
    tree.settings.cache_inodes = 4
    tree.open()
    handles = [tree.ns.handle(tree.file(f"/{number}")) for number in range(20)]
    for _ in range(2):
        assert [tree.ns.resolve(handle) for handle in handles] == [tree.at(f"/{number}") for number in range(20)]


def test_a_restored_state_gives_no_number_that_the_lost_life_gave(tree: Tree) -> None:
    file = tree.file("/f")
    tree.stop()
    shutil.copy(tree.path, tree.path + ".backup")
    tree.open()
    tree.chmod("/f", 0o600)
    lost = tree.file("/lost")
    handle, shown = tree.ns.handle(lost), max(lost.change, tree.at("/f").change, tree.ns.root.change)
    tree.stop()
    shutil.copy(tree.path + ".backup", tree.path)
    mark_restored(tree.path, tree.settings)
    tree.open()
    with fails(NFS4ERR_STALE):
        tree.ns.resolve(handle)
    assert min(tree.at("/f").change, tree.ns.root.change) > shown
    assert tree.file("/new").id > lost.id
    with fails(NFS4ERR_STALE):
        tree.ns.resolve(handle)
    assert tree.at("/f").id == file.id


@pytest.mark.parametrize("key", ["change_mark", "inode_mark"])
def test_marks_are_raised_before_they_are_reached(tree: Tree, key: str) -> None:
    mark = tree.ns.read("SELECT value FROM meta WHERE key = ?", (key,))[0][0]
    counter = tree.ns.counter(key)
    counter.value = counter.alarm + 1
    if key == "change_mark":
        tree.ns.wrote(tree.ns.root, 0, tree.tick())  # no row of its own, but the mark must move
    else:
        tree.file("/f")
    tree.commit()
    assert tree.ns.read("SELECT value FROM meta WHERE key = ?", (key,))[0][0] > mark


def test_two_trees_have_different_handles(tree: Tree) -> None:
    init(tree.path + "2", tree.settings)
    other: Namespace
    path, tree.path = tree.path, tree.path + "2"
    handle = tree.ns.handle(tree.ns.root)
    tree.ns.abandon()
    tree.open()
    other = tree.ns
    assert other.handle(other.root) != handle
    tree.path = path
