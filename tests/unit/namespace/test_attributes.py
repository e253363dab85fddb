"""SETATTR: RFC 8881, 18.30; chmod(2), chown(2), utimensat(2), truncate(2)."""

from __future__ import annotations

import pytest

from nfsgw.namespace.model import Changes, Credential
from nfsgw.namespace.permissions import permitted
from nfsgw.wire.nfs4 import NFS4ERR_ACCESS, NFS4ERR_FBIG, NFS4ERR_INVAL, NFS4ERR_ISDIR, NFS4ERR_PERM

from .tree import ANN, BOB, EVE, ROOT, Tree, fails


@pytest.mark.parametrize(
    ("who", "bits"),
    [(ANN, 6), (BOB, 4), (EVE, 1), (ROOT, 7), (Credential(1000, 9, frozenset({50})), 6)],
)
def test_the_first_class_that_fits_decides(tree: Tree, who: Credential, bits: int) -> None:
    file = tree.file("/f", 0o641)
    tree.chown("/f", 1000, 50)
    assert permitted(file, who) == bits == tree.ns.permitted(file, who)


def test_the_superuser_executes_only_what_somebody_may_execute(tree: Tree) -> None:
    assert permitted(tree.file("/f", 0o600), ROOT) == 6
    assert permitted(tree.file("/g", 0o601), ROOT) == 7
    assert permitted(tree.mkdir("/d", 0), ROOT) == 7


def test_only_the_owner_changes_the_mode(tree: Tree) -> None:
    tree.chmod("/", 0o777)
    file = tree.file("/f", 0o600, who=ANN)
    before = file.change
    with fails(NFS4ERR_PERM):
        tree.chmod("/f", 0o666, who=BOB)
    assert (file.mode, file.change) == (0o600, before)
    tree.chmod("/f", 0o1640, who=ANN)
    assert (file.mode, file.ctime) == (0o1640, tree.now)
    assert file.change > before
    tree.crash_after_commit()
    assert tree.at("/f").mode == 0o1640


def test_a_masked_mode_leaves_the_other_bits(tree: Tree) -> None:
    file = tree.file("/f", 0o4755)
    changes = Changes()
    changes.mode, changes.mode_mask = 0o020, 0o070
    tree.ns.setattr(file, changes, ROOT, tree.tick(), False)
    assert file.mode == 0o4725


def test_setgid_is_only_for_groups_that_one_is_in(tree: Tree) -> None:
    file = tree.file("/f")
    tree.chown("/f", 1000, 77)
    tree.chmod("/f", 0o2755, who=ANN)
    assert file.mode == 0o755
    tree.chown("/f", None, 50)
    tree.chmod("/f", 0o2755, who=ANN)
    assert file.mode == 0o2755


def test_owners_give_files_to_their_own_groups_only_and_to_nobody_else(tree: Tree) -> None:
    tree.chmod("/", 0o777)
    file = tree.file("/f", who=ANN)
    with fails(NFS4ERR_PERM):
        tree.chown("/f", 1001, None, who=ANN)
    with fails(NFS4ERR_PERM):
        tree.chown("/f", None, 77, who=ANN)
    with fails(NFS4ERR_PERM):
        tree.chown("/f", None, 50, who=BOB)
    tree.chown("/f", 1000, 50, who=ANN)
    assert (file.uid, file.gid) == (1000, 50)
    tree.chown("/f", 1001, 77)
    assert (file.uid, file.gid) == (1001, 77)


def test_a_new_owner_takes_setuid_and_setgid_away_from_programs_not_from_directories(tree: Tree) -> None:
    program, data, folder = tree.file("/p", 0o6755), tree.file("/m", 0o6745), tree.mkdir("/d", 0o6755)
    for path in ("/p", "/m", "/d"):
        tree.chown(path, 1000, 50)
    assert (program.mode, data.mode, folder.mode) == (0o755, 0o2745, 0o6755)


def test_times_of_ones_choice_are_the_owners_and_the_present_is_any_writers(tree: Tree) -> None:
    file = tree.file("/f", 0o664)
    tree.chown("/f", 1000, 50)
    chosen, present = Changes(), Changes()
    chosen.atime, chosen.mtime = 123, 456_000_000_789
    present.atime, present.mtime = Changes.NOW, Changes.NOW
    with fails(NFS4ERR_PERM):
        tree.ns.setattr(file, chosen, BOB, tree.tick(), False)
    with fails(NFS4ERR_ACCESS):
        tree.ns.setattr(file, present, EVE, tree.tick(), False)
    tree.ns.setattr(file, present, BOB, 900, False)
    assert (file.atime, file.mtime, file.ctime) == (900, 900, 900)
    tree.ns.setattr(file, chosen, ANN, 901, False)
    tree.crash_after_commit()
    file = tree.at("/f")
    assert (file.atime, file.mtime, file.ctime) == (123, 456_000_000_789, 901)
    chosen.atime = Changes.NOW
    with fails(NFS4ERR_PERM):
        tree.ns.setattr(file, chosen, BOB, tree.tick(), False)


def test_times_before_1970_are_kept(tree: Tree) -> None:
    changes = Changes()
    changes.mtime = -1_500_000_000
    tree.ns.setattr(tree.file("/f"), changes, ROOT, tree.tick(), False)
    tree.crash_after_commit()
    assert tree.at("/f").mtime == -1_500_000_000


def test_a_new_size_needs_write_permission_or_an_open_for_writing(tree: Tree) -> None:
    file = tree.file("/f", 0o444)
    tree.chown("/f", 1000, 50)
    with fails(NFS4ERR_ACCESS):
        tree.truncate("/f", 10, who=ANN)
    tree.truncate("/f", 10, who=ANN, may_write=True)
    assert (file.size, file.stored_size, file.mtime, file.ctime) == (10, 10, tree.now, tree.now)


def test_only_files_have_a_size_to_set_and_it_is_bounded(tree: Tree) -> None:
    tree.mkdir("/d")
    tree.symlink("/l", b"t")
    tree.file("/f")
    with fails(NFS4ERR_ISDIR):
        tree.truncate("/d", 0)
    with fails(NFS4ERR_INVAL):
        tree.truncate("/l", 0)
    with fails(NFS4ERR_FBIG):
        tree.truncate("/f", tree.ns.max_file_size + 1)
    tree.truncate("/f", tree.ns.max_file_size)


def test_only_a_cut_tells_the_chunk_layer_to_start_over(tree: Tree) -> None:
    file = tree.file("/f")
    tree.truncate("/f", 100)
    tree.truncate("/f", 100)
    assert file.truncations == 0
    tree.truncate("/f", 99)
    assert file.truncations == 1


def test_a_new_size_by_anyone_but_the_superuser_takes_setuid_away(tree: Tree) -> None:
    file = tree.file("/f", 0o6777)
    tree.truncate("/f", 1)
    assert file.mode == 0o6777
    tree.truncate("/f", 2, who=EVE)
    assert file.mode == 0o777


def test_an_error_in_one_attribute_sets_none(tree: Tree) -> None:
    file = tree.file("/f", 0o644)
    tree.chown("/f", 1000, 1000)
    changes = Changes()
    changes.mode, changes.size, changes.gid = 0o600, 5, 77
    with fails(NFS4ERR_PERM):
        tree.ns.setattr(file, changes, ANN, tree.tick(), False)
    assert (file.mode, file.size, file.gid) == (0o644, 0, 1000)
    with fails(NFS4ERR_PERM):
        tree.ns.check_setattr(file, changes, ANN, False)


def test_setting_nothing_changes_nothing(tree: Tree) -> None:
    file = tree.file("/f")
    before = file.change, file.ctime
    tree.ns.setattr(file, Changes(), EVE, tree.tick(), False)
    assert (file.change, file.ctime) == before


def test_flags_are_set_and_cleared_by_the_owner(tree: Tree) -> None:
    file = tree.file("/f")
    changes = Changes()
    changes.flags_set, changes.flags_clear = 0b101, 0
    tree.ns.setattr(file, changes, ROOT, tree.tick(), False)
    changes.flags_set, changes.flags_clear = 0b010, 0b001
    tree.ns.setattr(file, changes, ROOT, tree.tick(), False)
    assert file.flags == 0b110
    with fails(NFS4ERR_PERM):
        tree.ns.setattr(file, changes, EVE, tree.tick(), False)


def test_whatever_changes_an_object_drops_its_encoded_attributes(tree: Tree) -> None:
    file, root = tree.file("/f"), tree.ns.root
    for act in (
        lambda: tree.chmod("/f", 0o600),
        lambda: tree.truncate("/f", 3),
        lambda: tree.link("/f", "/g"),
        lambda: tree.unlink("/g"),
        lambda: tree.ns.wrote(file, 10, tree.tick()),
        lambda: tree.ns.store_chunks(file, [], 10, 10),
        lambda: tree.ns.setxattr(file, b"x", b"y", 0, ROOT, tree.tick()),
    ):
        file.attrs_blob = b"old"
        act()
        assert file.attrs_blob is None
    root.attrs_blob = b"old"
    tree.file("/h")
    assert root.attrs_blob is None
