"""RENAME: RFC 8881, 18.26, and rename(2)."""

from __future__ import annotations

from nfsgw.wire.nfs4 import (
    NFS4ERR_ACCESS,
    NFS4ERR_EXIST,
    NFS4ERR_INVAL,
    NFS4ERR_NOENT,
    NFS4ERR_NOTDIR,
    NFS4ERR_NOTEMPTY,
    NFS4ERR_STALE,
)

from .tree import ANN, ROOT, Tree, fails


def test_a_file_moves_and_takes_the_place_of_another(tree: Tree) -> None:
    tree.mkdir("/staging")
    new = tree.file("/staging/result")
    old = tree.file("/result")
    assert tree.rename("/staging/result", "/result") is old
    assert tree.at("/result") is new
    assert tree.listing("/staging") == []
    with fails(NFS4ERR_STALE):
        tree.ns.get(old.id)
    tree.crash_after_commit()
    assert tree.at("/result").id == new.id


def test_an_open_file_that_is_replaced_lives_on(tree: Tree) -> None:
    tree.file("/new")
    old = tree.file("/result")
    tree.rename("/new", "/result", in_use=True)
    assert (tree.ns.get(old.id).nlink, old.gone) == (0, False)
    tree.commit()
    assert tree.ns.orphans() == [old.id]


def test_a_replaced_file_with_another_name_only_loses_one(tree: Tree) -> None:
    tree.file("/new")
    old = tree.file("/result")
    tree.link("/result", "/kept")
    tree.rename("/new", "/result")
    assert (old.nlink, tree.at("/kept")) == (1, old)


def test_two_names_of_one_file_stay_both(tree: Tree) -> None:
    file = tree.file("/a")
    tree.link("/a", "/b")
    change = tree.ns.root.change
    info, other, replaced = tree.ns.rename(tree.ns.root, b"a", tree.ns.root, b"b", ROOT, 9, False)
    assert replaced is None
    assert {info.before, info.after, other.before, other.after} == {change}
    assert tree.listing("/") == ["a", "b"]
    assert file.nlink == 2
    tree.rename("/a", "/a")
    assert tree.at("/a") is file


def test_directories_know_their_new_parent_and_count_their_subdirectories(tree: Tree) -> None:
    tree.mkdir("/from")
    tree.mkdir("/to")
    moved = tree.mkdir("/from/d")
    tree.mkdir("/to/d")
    source, target = tree.at("/from"), tree.at("/to")
    assert (source.nlink, target.nlink) == (3, 3)
    tree.rename("/from/d", "/to/d")
    assert (source.nlink, target.nlink, moved.nlink) == (2, 3, 2)
    assert tree.ns.lookup_parent(moved, ROOT) is target
    tree.crash_after_commit()
    assert tree.at("/to").nlink == 3
    assert tree.ns.lookup_parent(tree.at("/to/d"), ROOT).id == target.id


def test_both_directories_and_the_object_tell_of_the_change(tree: Tree) -> None:
    source, target = tree.mkdir("/from"), tree.mkdir("/to")
    file = tree.file("/from/f")
    before = source.change, target.change, file.change
    one, two, _ = tree.ns.rename(source, b"f", target, b"g", ROOT, 777, False)
    assert (one.before, two.before) == before[:2]
    assert (one.after, two.after) == (source.change, target.change)
    assert (source.mtime, target.ctime, file.ctime) == (777, 777, 777)
    assert file.change > before[2]
    assert len({one.after, two.after, file.change}) == 3


def test_a_directory_does_not_move_into_itself(tree: Tree) -> None:
    tree.mkdir("/a")
    tree.mkdir("/a/b")
    tree.mkdir("/a/b/c")
    with fails(NFS4ERR_INVAL):
        tree.rename("/a", "/a/b/c/d")
    with fails(NFS4ERR_INVAL):
        tree.rename("/a", "/a/x")
    tree.rename("/a/b/c", "/c")
    tree.rename("/a", "/c/a")
    assert tree.listing("/c/a") == ["b"]


def test_only_like_takes_the_place_of_like_and_only_of_an_empty_directory(tree: Tree) -> None:
    tree.mkdir("/d")
    tree.mkdir("/full")
    tree.file("/full/f")
    tree.file("/f")
    with fails(NFS4ERR_EXIST):
        tree.rename("/f", "/d")
    with fails(NFS4ERR_EXIST):
        tree.rename("/d", "/f")
    with fails(NFS4ERR_NOTEMPTY):
        tree.rename("/d", "/full")
    with fails(NFS4ERR_NOTEMPTY):
        tree.rename("/d", "/full", who=ROOT)
    with fails(NFS4ERR_NOENT):
        tree.rename("/nothing", "/d")
    with fails(NFS4ERR_NOTDIR):
        tree.rename("/d", "/f/x")
    assert tree.listing("/") == ["d", "full", "f"]


def test_moving_a_directory_elsewhere_needs_write_permission_on_it(tree: Tree) -> None:
    tree.mkdir("/a", 0o777)
    tree.mkdir("/b", 0o777)
    tree.mkdir("/a/locked", 0o555, who=ANN)
    tree.rename("/a/locked", "/a/renamed", who=ANN)
    with fails(NFS4ERR_ACCESS):
        tree.rename("/a/renamed", "/b/renamed", who=ANN)
    with fails(NFS4ERR_ACCESS):
        tree.rename("/a/renamed", "/renamed", who=ANN)


def test_a_name_that_is_replaced_keeps_its_place_in_a_listing(tree: Tree) -> None:
    for name in "abc":
        tree.file(f"/{name}")
    cookies = {entry.name: entry.cookie for entry in tree.entries("/")}
    tree.file("/new")
    tree.rename("/new", "/b")
    assert {entry.name: entry.cookie for entry in tree.entries("/")} == cookies
    tree.crash_after_commit()
    assert {entry.name: entry.cookie for entry in tree.entries("/")} == cookies
