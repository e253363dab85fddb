"""READDIR: cookies that last, pages that miss nothing, committed rows and pending ones as one. RFC 8881, 18.23."""

from __future__ import annotations

from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire.nfs4 import NFS4ERR_NOTDIR

from .tree import Tree, fails


def test_names_come_in_cookie_order_and_an_empty_page_ends_them(tree: Tree) -> None:
    for name in "cab":
        tree.file(f"/{name}")
    entries = tree.entries("/", 2)
    assert [entry.name for entry in entries] == [b"c", b"a", b"b"]
    assert entries[0].cookie >= 3
    assert tree.ns.readdir(tree.ns.root, entries[-1].cookie, 10) == []
    assert tree.ns.readdir(tree.mkdir("/empty"), 0, 10) == []
    with fails(NFS4ERR_NOTDIR):
        tree.ns.readdir(tree.at("/a"), 0, 10)


def test_a_listing_shows_committed_and_pending_names_as_one(tree: Tree) -> None:
    for number in range(10):
        tree.file(f"/{number}")
    tree.commit()
    tree.unlink("/3")
    tree.unlink("/7")
    tree.file("/new")
    tree.rename("/5", "/moved")
    expected = ["0", "1", "2", "4", "6", "8", "9", "new", "moved"]
    for limit in (1, 2, 3, 100):
        assert tree.listing("/", limit) == expected
    tree.apply_unreported()
    tree.chmod("/", 0o777)  # a new change value: nothing is remembered
    for limit in (1, 2, 3, 100):
        assert tree.listing("/", limit) == expected
    tree.commit()
    assert tree.listing("/") == expected


def test_a_name_that_changed_again_while_its_commit_was_in_flight_is_still_pending(tree: Tree) -> None:
    tree.file("/gone")
    tree.file("/a")
    tree.turn()
    tree.unlink("/gone")
    tree.rename("/a", "/b")
    tree.commit_one()
    assert tree.listing("/") == ["b"]
    tree.commit()
    assert tree.listing("/") == ["b"]


def test_a_page_of_nothing_but_removed_names_does_not_end_the_listing(tree: Tree) -> None:
    for number in range(20):
        tree.file(f"/{number}")
    tree.commit()
    for number in range(2, 18):
        tree.unlink(f"/{number}")
    assert tree.listing("/", 3) == ["0", "1", "18", "19"]


def test_a_listing_under_way_misses_and_repeats_nothing_that_was_there_all_along(tree: Tree) -> None:
    for number in range(30):
        tree.file(f"/keep{number}")
        tree.file(f"/drop{number}")
    tree.commit()
    seen: list[str] = []
    cookie, step = 0, 0
    while page := tree.ns.readdir(tree.ns.root, cookie, 4):
        seen += [entry.name.decode() for entry in page]
        cookie = page[-1].cookie
        if step < 30:
            tree.unlink(f"/drop{29 - step}")
            tree.file(f"/extra{step}")
        if step % 3 == 0:
            tree.commit()
        if step % 5 == 4:
            tree.crash_after_commit()
        step += 1
    kept = [name for name in seen if name.startswith("keep")]
    assert kept == [f"keep{number}" for number in range(30)]
    assert len(set(seen)) == len(seen)


def test_a_name_that_comes_back_gets_a_new_cookie(tree: Tree) -> None:
    tree.file("/a")
    tree.file("/b")
    old = {entry.name: entry.cookie for entry in tree.entries("/")}
    tree.unlink("/a")
    tree.file("/a")
    tree.crash_after_commit()
    new = {entry.name: entry.cookie for entry in tree.entries("/")}
    assert new[b"b"] == old[b"b"]
    assert new[b"a"] > max(old.values())


def test_cookies_are_not_given_again_after_the_last_name_was_removed_and_a_crash(tree: Tree) -> None:
    tree.file("/a")
    cookie = tree.entries("/")[0].cookie
    tree.unlink("/a")
    tree.crash_after_commit()
    tree.file("/b")
    assert tree.entries("/")[0].cookie > cookie


def test_a_listing_waits_for_the_commit_of_what_it_shows(tree: Tree) -> None:
    tree.file("/a")
    tree.commit()
    tree.ns.met = 0
    tree.ns.readdir(tree.ns.root, 0, 10)
    assert tree.ns.met <= tree.ns.durable
    tree.unlink("/a")
    tree.ns.met = 0
    assert tree.ns.readdir(tree.ns.root, 0, 10) == []
    assert tree.ns.met == tree.ns.durable + 1


def test_a_page_is_remembered_until_the_directory_changes(tree: Tree) -> None:
    for number in range(5):
        tree.file(f"/{number}")
    tree.crash_after_commit()
    first = tree.ns.readdir(tree.ns.root, 0, 3)
    assert tree.ns.readdir(tree.ns.root, 0, 3) is first
    tree.ns.wrote(tree.at("/1"), 10, tree.tick())
    assert tree.ns.readdir(tree.ns.root, 0, 3) is first
    tree.rename("/1", "/6")
    assert [entry.name for entry in tree.ns.readdir(tree.ns.root, 0, 3)] == [b"0", b"2"]
    assert tree.listing("/") == ["0", "2", "3", "4", "6"]


def test_remembered_pages_are_bounded(tree: Tree) -> None:
    tree.ns.abandon()
    tree.settings = NamespaceSettings()
    tree.settings.cache_listed, tree.settings.reserve_bytes = 30, 0
    tree.open()
    for folder in range(6):
        tree.mkdir(f"/{folder}")
        for name in range(12):
            tree.file(f"/{folder}/{name}")
    tree.commit()
    for _ in range(2):
        for folder in range(6):
            assert tree.listing(f"/{folder}", 5) == [str(name) for name in range(12)]
            assert tree.ns.cache_sizes()[2] <= 30


def test_a_listing_brings_the_objects_along(tree: Tree) -> None:
    ids = [tree.file(f"/{number}").id for number in range(5)]
    tree.crash_after_commit()
    before = tree.ns.cache_sizes()[0]
    tree.ns.readdir(tree.ns.root, 0, 10)
    assert tree.ns.cache_sizes()[0] == before + 5
    assert [entry.inode for entry in tree.ns.readdir(tree.ns.root, 0, 10)] == ids
