"""Lookup, create, link and unlink: RFC 8881, 18.4, 18.9, 18.13, 18.14, 18.25."""

from __future__ import annotations

import pytest

from nfsgw.namespace.model import BLK, DIR, FIFO, LNK, REG, Changes
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire.nfs4 import (
    NFS4ERR_ACCESS,
    NFS4ERR_BADNAME,
    NFS4ERR_BADTYPE,
    NFS4ERR_EXIST,
    NFS4ERR_FBIG,
    NFS4ERR_INVAL,
    NFS4ERR_ISDIR,
    NFS4ERR_MLINK,
    NFS4ERR_NAMETOOLONG,
    NFS4ERR_NOENT,
    NFS4ERR_NOTDIR,
    NFS4ERR_NOTEMPTY,
    NFS4ERR_PERM,
    NFS4ERR_STALE,
    NFS4ERR_SYMLINK,
)

from .tree import ANN, BOB, EVE, ROOT, Tree, fails


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (b"", NFS4ERR_INVAL),
        (b"n" * 256, NFS4ERR_NAMETOOLONG),
        (b"a/b", NFS4ERR_BADNAME),
        (b"a\0b", NFS4ERR_BADNAME),
        (b".", NFS4ERR_BADNAME),
        (b"..", NFS4ERR_BADNAME),
    ],
)
def test_a_name_that_cannot_be_is_refused_by_every_operation(tree: Tree, name: bytes, status: int) -> None:
    root, file = tree.ns.root, tree.file("/file")
    assert tree.ns.peek(root, name) is None
    with fails(status):
        tree.ns.lookup(root, name, ROOT)
    with fails(status):
        tree.ns.create(root, name, REG, Changes(), ROOT, 1)
    with fails(status):
        tree.ns.link(file, root, name, ROOT, 1)
    with fails(status):
        tree.ns.unlink(root, name, ROOT, 1, False)
    with fails(status):
        tree.ns.rename(root, b"file", root, name, ROOT, 1, False)
    with fails(status):
        tree.ns.rename(root, name, root, b"new", ROOT, 1, False)


@pytest.mark.parametrize("name", [b"n" * 255, b"\xff\xfe not UTF-8", b"...", b" ", b"new\nline"])
def test_any_other_bytes_are_a_name(tree: Tree, name: bytes) -> None:
    made, _ = tree.ns.create(tree.ns.root, name, REG, Changes(), ROOT, 1)
    tree.crash_after_commit()
    assert tree.ns.lookup(tree.ns.root, name, ROOT).id == made.id


def test_a_file_is_no_place_to_look_in_and_a_symbolic_link_says_so(tree: Tree) -> None:
    tree.file("/file")
    tree.symlink("/link", b"target")
    with fails(NFS4ERR_NOTDIR):
        tree.at("/file/x")
    with fails(NFS4ERR_SYMLINK):
        tree.at("/link/x")


def test_the_parent_of_a_directory_is_found_and_the_root_has_none(tree: Tree) -> None:
    tree.mkdir("/a")
    below = tree.mkdir("/a/b", mode=0o700)
    assert tree.ns.lookup_parent(below, ROOT) is tree.at("/a")
    with fails(NFS4ERR_NOENT):
        tree.ns.lookup_parent(tree.ns.root, ROOT)
    with fails(NFS4ERR_NOTDIR):
        tree.ns.lookup_parent(tree.file("/file"), ROOT)
    with fails(NFS4ERR_ACCESS):
        tree.ns.lookup_parent(below, EVE)


def test_searching_a_directory_needs_its_execute_bit(tree: Tree) -> None:
    tree.mkdir("/a", 0o744)
    tree.file("/a/file")
    with fails(NFS4ERR_ACCESS):
        tree.at("/a/file", EVE)
    tree.chmod("/a", 0o711)
    assert tree.at("/a/file", EVE).kind == REG


def test_a_name_that_is_taken_is_not_made_again_even_where_writing_is_not_allowed(tree: Tree) -> None:
    tree.file("/file")
    with fails(NFS4ERR_EXIST):
        tree.file("/file", who=EVE)
    with fails(NFS4ERR_ACCESS):
        tree.file("/other", who=EVE)


def test_every_type_is_made_with_what_belongs_to_it(tree: Tree) -> None:
    tree.symlink("/link", b"some/where")
    tree.ns.create(tree.ns.root, b"disk", BLK, Changes(), ROOT, 5, rdev_major=8, rdev_minor=1)
    tree.make("/pipe", FIFO, 0o600)
    tree.crash_after_commit()
    link, disk = tree.at("/link"), tree.at("/disk")
    assert (link.kind, link.target, link.size, link.mode) == (LNK, b"some/where", 10, 0o777)
    assert (disk.kind, disk.rdev_major, disk.rdev_minor, disk.mode) == (BLK, 8, 1, 0)
    assert tree.at("/pipe").kind == FIFO
    with fails(NFS4ERR_BADTYPE):
        tree.make("/odd", 9, 0o600)
    with fails(NFS4ERR_INVAL):
        tree.symlink("/empty", b"")
    with fails(NFS4ERR_NAMETOOLONG):
        tree.symlink("/long", b"t" * 4096)


def test_what_a_creator_asks_for_is_what_the_object_has(tree: Tree) -> None:
    tree.chmod("/", 0o777)
    changes = Changes()
    changes.mode, changes.size, changes.gid = 0o640, 12345, 50
    changes.atime, changes.mtime, changes.btime, changes.flags_set = 7, Changes.NOW, 9, 2
    made, _ = tree.ns.create(tree.ns.root, b"f", REG, changes, ANN, 100, verifier=b"client-and-verifier")
    tree.crash_after_commit()
    f = tree.at("/f")
    assert (f.mode, f.size, f.uid, f.gid, f.flags) == (0o640, 12345, 1000, 50, 2)
    assert (f.atime, f.mtime, f.ctime, f.btime, f.verifier) == (7, 100, 100, 9, b"client-and-verifier")
    changes.uid = 1001
    with fails(NFS4ERR_PERM):
        tree.ns.create(tree.ns.root, b"g", REG, changes, ANN, 100)
    changes.uid, changes.gid = None, 77
    with fails(NFS4ERR_PERM):
        tree.ns.create(tree.ns.root, b"g", REG, changes, ANN, 100)
    changes.gid, changes.size = None, 1 << 60
    with fails(NFS4ERR_FBIG):
        tree.ns.create(tree.ns.root, b"g", REG, changes, ANN, 100)
    assert tree.listing("/") == ["f"]
    assert made.id == f.id


def test_a_setgid_directory_hands_down_its_group(tree: Tree) -> None:
    tree.mkdir("/shared", 0o2777)
    tree.chown("/shared", None, 77)
    file = tree.file("/shared/file", 0o2755, who=ANN)
    below = tree.mkdir("/shared/below", 0o755, who=ANN)
    assert (file.gid, file.mode) == (77, 0o755)  # no setgid program for a group that one is not in
    assert (below.gid, below.mode) == (77, 0o2755)
    assert tree.file("/shared/data", 0o2644, who=ANN).mode == 0o2644


def test_the_directory_tells_that_a_name_came_or_went(tree: Tree) -> None:
    root = tree.ns.root
    changes = Changes()
    before, entries = root.change, root.entries
    made, info = tree.ns.create(root, b"d", DIR, changes, ROOT, 500)
    assert (info.before, info.after) == (before, root.change)
    assert info.after > info.before
    assert (root.mtime, root.ctime, root.nlink, root.entries) == (500, 500, 3, entries + 1)
    assert made.nlink == 2
    info, gone = tree.ns.unlink(root, b"d", ROOT, 600, False)
    assert (info.before < info.after, info.after) == (True, root.change)
    assert (root.mtime, root.nlink, root.entries, gone) == (600, 2, entries, made)


def test_a_file_lives_while_it_has_a_name(tree: Tree) -> None:
    file = tree.file("/a")
    tree.link("/a", "/b")
    assert file.nlink == 2
    tree.unlink("/a")
    assert (file.nlink, file.gone) == (1, False)
    tree.crash_after_commit()
    assert tree.at("/b").id == file.id
    tree.unlink("/b")
    for _ in range(2):
        with fails(NFS4ERR_STALE):
            tree.ns.get(file.id)
        tree.crash_after_commit()


def test_a_link_is_refused_for_directories_taken_names_too_many_links_and_objects_without_a_name(tree: Tree) -> None:
    tree.mkdir("/d")
    file = tree.file("/f")
    with fails(NFS4ERR_ISDIR):
        tree.link("/d", "/d2")
    with fails(NFS4ERR_EXIST):
        tree.link("/f", "/d")
    with fails(NFS4ERR_ACCESS):
        tree.link("/f", "/g", who=EVE)
    tree.unlink("/f", in_use=True)
    with fails(NFS4ERR_NOENT):
        tree.ns.link(file, tree.ns.root, b"again", ROOT, 1)
    assert tree.listing("/") == ["d"]


def test_links_are_bounded(tmp_path: object, tree: Tree) -> None:
    settings = NamespaceSettings()
    settings.max_links = 3
    tree.ns.abandon()
    tree.settings = settings
    settings.reserve_bytes = 0
    tree.open()
    tree.file("/1")
    tree.link("/1", "/2")
    tree.link("/1", "/3")
    with fails(NFS4ERR_MLINK):
        tree.link("/1", "/4")


def test_what_does_not_exist_or_is_not_empty_is_not_removed(tree: Tree) -> None:
    tree.mkdir("/d")
    tree.file("/d/f")
    with fails(NFS4ERR_NOENT):
        tree.unlink("/nothing")
    with fails(NFS4ERR_NOTEMPTY):
        tree.unlink("/d")
    with fails(NFS4ERR_ACCESS):
        tree.unlink("/d/f", who=EVE)
    tree.unlink("/d/f")
    tree.unlink("/d")
    assert tree.listing("/") == []


def test_in_a_sticky_directory_only_an_owner_takes_names_away(tree: Tree) -> None:
    tree.mkdir("/tmp", 0o1777)
    tree.chown("/tmp", 1000, None)
    tree.file("/tmp/bobs", who=BOB)
    tree.file("/tmp/eves", who=EVE)
    with fails(NFS4ERR_PERM):
        tree.unlink("/tmp/bobs", who=EVE)
    with fails(NFS4ERR_PERM):
        tree.rename("/tmp/bobs", "/tmp/mine", who=EVE)
    with fails(NFS4ERR_PERM):
        tree.rename("/tmp/eves", "/tmp/bobs", who=EVE)
    tree.unlink("/tmp/bobs", who=BOB)
    tree.unlink("/tmp/eves", who=ANN)


def test_nothing_is_made_in_a_directory_that_was_removed(tree: Tree) -> None:
    removed = tree.mkdir("/d")
    tree.unlink("/d")
    with fails(NFS4ERR_STALE):
        tree.ns.create(removed, b"f", REG, Changes(), ROOT, 1)
    with fails(NFS4ERR_STALE):
        tree.ns.readdir(removed, 0, 10)
    assert tree.ns.peek(removed, b"f") is None


def test_an_open_file_without_a_name_lives_until_it_is_released(tree: Tree) -> None:
    file = tree.file("/f")
    handle = tree.ns.handle(file)
    tree.unlink("/f", in_use=True)
    tree.crash_after_commit()
    assert tree.ns.orphans() == [file.id]
    assert tree.ns.resolve(handle).nlink == 0
    tree.ns.release(tree.ns.resolve(handle))
    with fails(NFS4ERR_STALE):
        tree.ns.resolve(handle)
    tree.crash_after_commit()
    assert tree.ns.orphans() == []
    with fails(NFS4ERR_STALE):
        tree.ns.resolve(handle)


def test_release_does_nothing_to_what_has_a_name(tree: Tree) -> None:
    file = tree.file("/f")
    tree.ns.release(file)
    assert tree.at("/f") is file


def test_the_sweep_after_grace_takes_the_orphans_that_nobody_reclaimed(tree: Tree) -> None:
    ids = [tree.file(f"/{name}").id for name in "abc"]
    for name in "abc":
        tree.unlink(f"/{name}", in_use=True)
    tree.crash_after_commit()
    tree.ns.pin(tree.ns.get(ids[0]))
    assert tree.ns.sweep_orphans(frozenset({ids[1]})) == [ids[2]]
    tree.commit()
    assert tree.ns.orphans() == ids[:2]
    assert tree.ns.sweep_orphans(frozenset({ids[1]})) == []


def test_peek_asks_for_no_permission_and_says_none_for_nothing(tree: Tree) -> None:
    tree.mkdir("/private", 0)
    file = tree.file("/private/f")
    assert tree.ns.peek(tree.at("/private"), b"f") is file
    assert tree.ns.peek(tree.at("/private"), b"g") is None
    assert tree.ns.peek(file, b"g") is None


def test_usage_counts_objects_and_is_right_after_a_crash(tree: Tree) -> None:
    tree.file("/a")
    tree.mkdir("/d")
    tree.link("/a", "/b")
    tree.commit()
    assert tree.ns.usage() == (3, 0)
    tree.unlink("/a")
    tree.unlink("/b")
    assert tree.ns.usage() == (2, 0)
    tree.crash()
    assert tree.ns.usage() == (3, 0)
