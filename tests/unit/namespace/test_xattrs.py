"""Extended attributes: RFC 8276."""

from __future__ import annotations

import pytest

from nfsgw.wire.nfs4 import (
    NFS4ERR_ACCESS,
    NFS4ERR_EXIST,
    NFS4ERR_INVAL,
    NFS4ERR_NAMETOOLONG,
    NFS4ERR_NOSPC,
    NFS4ERR_NOXATTR,
    NFS4ERR_PERM,
    NFS4ERR_XATTR2BIG,
    SETXATTR4_CREATE,
    SETXATTR4_EITHER,
    SETXATTR4_REPLACE,
)

from .tree import ANN, EVE, ROOT, Tree, fails


def test_a_value_is_kept_over_a_crash_and_the_file_tells_of_the_change(tree: Tree) -> None:
    file = tree.file("/f")
    before = file.change
    info = tree.ns.setxattr(file, b"colour", b"\0red\xff", SETXATTR4_EITHER, ROOT, 777)
    assert (info.before, info.after, file.ctime) == (before, file.change, 777)
    assert info.after > before
    tree.crash_after_commit()
    file = tree.at("/f")
    assert tree.ns.getxattr(file, b"colour", ROOT) == b"\0red\xff"
    assert tree.ns.listxattr(file, ROOT) == [b"colour"]
    tree.ns.removexattr(file, b"colour", ROOT, 778)
    tree.crash_after_commit()
    assert tree.ns.listxattr(tree.at("/f"), ROOT) == []


def test_create_wants_a_new_name_and_replace_an_old_one(tree: Tree) -> None:
    file = tree.file("/f")
    with fails(NFS4ERR_NOXATTR):
        tree.ns.setxattr(file, b"a", b"1", SETXATTR4_REPLACE, ROOT, 1)
    tree.ns.setxattr(file, b"a", b"2", SETXATTR4_CREATE, ROOT, 1)
    with fails(NFS4ERR_EXIST):
        tree.ns.setxattr(file, b"a", b"3", SETXATTR4_CREATE, ROOT, 1)
    tree.ns.setxattr(file, b"a", b"4", SETXATTR4_REPLACE, ROOT, 1)
    assert tree.ns.getxattr(file, b"a", ROOT) == b"4"
    with fails(NFS4ERR_INVAL):
        tree.ns.setxattr(file, b"a", b"5", 3, ROOT, 1)


def test_what_is_not_there_is_told_so(tree: Tree) -> None:
    file = tree.file("/f")
    with fails(NFS4ERR_NOXATTR):
        tree.ns.getxattr(file, b"a", ROOT)
    with fails(NFS4ERR_NOXATTR):
        tree.ns.removexattr(file, b"a", ROOT, 1)


@pytest.mark.parametrize(
    ("name", "status"), [(b"", NFS4ERR_INVAL), (b"a\0b", NFS4ERR_INVAL), (b"n" * 251, NFS4ERR_NAMETOOLONG)]
)
def test_names_are_checked(tree: Tree, name: bytes, status: int) -> None:
    file = tree.file("/f")
    with fails(status):
        tree.ns.setxattr(file, name, b"", SETXATTR4_EITHER, ROOT, 1)
    with fails(status):
        tree.ns.getxattr(file, name, ROOT)
    with fails(status):
        tree.ns.removexattr(file, name, ROOT, 1)


def test_values_and_their_number_are_bounded(tree: Tree) -> None:
    file = tree.file("/f")
    tree.ns.setxattr(file, b"largest", b"v" * 65536, SETXATTR4_EITHER, ROOT, 1)
    with fails(NFS4ERR_XATTR2BIG):
        tree.ns.setxattr(file, b"larger", b"v" * 65537, SETXATTR4_EITHER, ROOT, 1)
    for number in range(15):
        tree.ns.setxattr(file, b"%d" % number, b"v" * 65536, SETXATTR4_EITHER, ROOT, 1)
    with fails(NFS4ERR_NOSPC):
        tree.ns.setxattr(file, b"one more", b"v", SETXATTR4_EITHER, ROOT, 1)
    names = tree.file("/g")
    for number in range(256):
        tree.ns.setxattr(names, b"%03d" % number + b"n" * 247, b"", SETXATTR4_EITHER, ROOT, 1)
    with fails(NFS4ERR_NOSPC):
        tree.ns.setxattr(names, b"x", b"", SETXATTR4_EITHER, ROOT, 1)


def test_reading_needs_read_and_changing_needs_write_permission(tree: Tree) -> None:
    file = tree.file("/f", 0o640)
    tree.chown("/f", 1000, 1000)
    tree.ns.setxattr(file, b"a", b"1", SETXATTR4_EITHER, ANN, 1)
    for act in (
        lambda: tree.ns.getxattr(file, b"a", EVE),
        lambda: tree.ns.listxattr(file, EVE),
        lambda: tree.ns.setxattr(file, b"a", b"2", SETXATTR4_EITHER, EVE, 1),
        lambda: tree.ns.removexattr(file, b"a", EVE, 1),
    ):
        with fails(NFS4ERR_ACCESS):
            act()
    tree.chmod("/f", 0o444)
    with fails(NFS4ERR_ACCESS):
        tree.ns.removexattr(file, b"a", ANN, 1)


def test_only_files_and_directories_have_any(tree: Tree) -> None:
    link = tree.symlink("/l", b"t")
    with fails(NFS4ERR_PERM):
        tree.ns.setxattr(link, b"a", b"1", SETXATTR4_EITHER, ROOT, 1)
    with fails(NFS4ERR_NOXATTR):
        tree.ns.getxattr(link, b"a", ROOT)
    assert tree.ns.listxattr(link, ROOT) == []
    sticky = tree.mkdir("/tmp", 0o1777)
    with fails(NFS4ERR_PERM):
        tree.ns.setxattr(sticky, b"a", b"1", SETXATTR4_EITHER, ANN, 1)


def test_whoever_reads_a_pending_value_waits_for_it(tree: Tree) -> None:
    file = tree.file("/f")
    tree.commit()
    tree.ns.setxattr(file, b"a", b"1", SETXATTR4_EITHER, ROOT, 1)
    tree.ns.met = 0
    tree.ns.getxattr(file, b"a", ROOT)
    assert tree.ns.met == tree.ns.latest() > tree.ns.durable


def test_attributes_go_with_their_object(tree: Tree) -> None:
    file = tree.file("/f")
    tree.ns.setxattr(file, b"a", b"1", SETXATTR4_EITHER, ROOT, 1)
    tree.commit()
    tree.ns.setxattr(file, b"b", b"1", SETXATTR4_EITHER, ROOT, 1)
    tree.unlink("/f")
    tree.commit()
    assert tree.ns.read("SELECT * FROM xattr") == []


def test_remembered_sets_are_bounded_and_pending_ones_are_kept(tree: Tree) -> None:
    tree.ns.abandon()
    tree.settings.cache_xattrs = 3
    tree.open()
    files = [tree.file(f"/{number}") for number in range(10)]
    for number, file in enumerate(files):
        tree.ns.setxattr(file, b"n", b"%d" % number, SETXATTR4_EITHER, ROOT, 1)
        if number == 4:
            tree.commit()
    for _ in range(2):
        assert [tree.ns.getxattr(file, b"n", ROOT) for file in files] == [b"%d" % number for number in range(10)]
        tree.commit()
