"""Group commit: what shares a transaction, who waits for what, and what a failure does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from nfsgw.namespace.batch import UPSERT_ENTRY, UPSERT_INODE
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire.nfs4 import NFS4ERR_NOENT, NFS4ERR_STALE

from .tree import ROOT, Tree, fails


def rows(tree: Tree, sql: str) -> int:
    return sum(len(parameters) for statement, parameters in tree.statements if statement == sql)


def test_many_creates_in_one_turn_share_a_commit_and_write_their_directory_once(tree: Tree) -> None:
    for number in range(64):
        tree.file(f"/{number}")
    tree.turn()
    assert (rows(tree, UPSERT_INODE), rows(tree, UPSERT_ENTRY)) == (65, 64)
    tree.commit()
    assert tree.ns.durable == 1


def test_what_changes_while_a_commit_is_in_flight_shares_the_next_one(tree: Tree) -> None:
    tree.file("/a")
    tree.turn()
    tree.file("/b")
    tree.turn()
    tree.file("/c")
    tree.turn()
    assert rows(tree, UPSERT_ENTRY) == 1
    tree.commit()
    assert tree.ns.durable == 2


def test_a_name_that_came_and_went_within_a_commit_leaves_nothing(tree: Tree) -> None:
    file = tree.file("/x")
    tree.unlink("/x")
    tree.crash_after_commit()
    assert tree.ns.peek(tree.ns.root, b"x") is None
    with fails(NFS4ERR_STALE):
        tree.ns.get(file.id)


def test_a_name_that_went_and_came_within_a_commit_is_the_new_one(tree: Tree) -> None:
    tree.file("/x")
    tree.commit()
    tree.unlink("/x")
    new = tree.file("/x")
    tree.crash_after_commit()
    assert tree.at("/x").id == new.id


def test_waiting_ends_when_the_commit_is_durable_and_in_order(tree: Tree) -> None:
    ended: list[str] = []
    tree.file("/a")
    first = tree.ns.latest()
    tree.ns.reach(first).when_done(lambda _: ended.append("first"))
    tree.ns.reach(first).when_done(lambda _: ended.append("also first"))
    tree.turn()
    tree.file("/b")
    second = tree.ns.latest()
    tree.ns.reach(second).when_done(lambda _: ended.append("second"))
    assert (first, second, ended) == (1, 2, [])
    tree.apply_unreported()
    assert ended == []
    tree.commit()
    assert ended == ["first", "also first", "second"]
    assert tree.ns.reach(second).done
    assert tree.ns.latest() == tree.ns.durable == 2
    with pytest.raises(ValueError, match="no commit"):
        tree.ns.reach(7)


def test_whoever_sees_pending_state_waits_for_it_and_nobody_else(tree: Tree) -> None:
    ns = tree.ns
    tree.file("/old")
    tree.commit()
    tree.file("/new")
    tree.unlink("/old")
    pending = ns.latest()

    def met(look: object) -> int:
        assert callable(look)
        ns.met = 0
        look()
        return ns.met

    handle = ns.handle(tree.at("/new"))
    assert met(lambda: ns.lookup(ns.root, b"new", ROOT)) == pending
    assert met(lambda: ns.peek(ns.root, b"old")) == pending  # that it is gone is news too
    assert met(lambda: ns.resolve(handle)) == pending
    assert met(lambda: ns.get(ns.root.id)) == pending
    assert met(lambda: ns.peek(ns.root, b"never was")) == 0
    tree.commit()
    assert met(lambda: ns.resolve(handle)) <= ns.durable


def test_a_refusal_that_rests_on_pending_state_waits_for_it_too(tree: Tree) -> None:
    tree.mkdir("/d")
    tree.commit()
    tree.unlink("/d")
    tree.ns.met = 0
    with fails(NFS4ERR_NOENT):
        tree.at("/d")
    assert tree.ns.met == tree.ns.latest()


def test_flush_ends_when_everything_is_durable(tree: Tree) -> None:
    assert tree.ns.flush().done
    tree.file("/a")
    tree.turn()
    tree.file("/b")
    done = tree.ns.flush()
    assert not done.done
    tree.commit()
    assert done.done
    assert tree.ns.flush().done


def test_other_areas_join_the_transaction_and_the_last_word_per_key_stands(tree: Tree) -> None:
    sql = "INSERT OR REPLACE INTO reply VALUES (?, ?, ?)"
    tree.file("/a")
    assert tree.ns.also(("reply", 1), sql, (b"s", 1, b"one")) == tree.ns.latest()
    tree.ns.also(("drop", 1), "DELETE FROM reply WHERE session = ?", (b"s",))
    tree.ns.also(("reply", 1), sql, (b"s", 1, b"two"))
    tree.ns.also(("reply", 2), sql, (b"s", 2, b"three"))
    assert tree.ns.read("SELECT * FROM reply") == []
    tree.crash_after_commit()
    assert tree.ns.read("SELECT slot, record FROM reply WHERE session = ?", (b"s",)) == [(1, b"two"), (2, b"three")]
    assert tree.at("/a").id


def test_other_areas_share_the_fate_of_the_transaction(tree: Tree) -> None:
    tree.file("/a")
    tree.ns.also("k", "INSERT INTO client VALUES (?, ?)", (b"owner", b"record"))
    tree.turn()
    tree.crash()
    assert tree.ns.read("SELECT * FROM client") == []
    assert tree.ns.peek(tree.ns.root, b"a") is None


def test_a_crash_leaves_what_was_durable_and_nothing_half(tree: Tree) -> None:
    tree.mkdir("/d")
    tree.file("/d/a")
    tree.commit()
    tree.rename("/d/a", "/a")
    tree.unlink("/d")
    tree.file("/b")
    tree.turn()
    tree.crash()
    assert tree.listing("/") == ["d"]
    assert tree.listing("/d") == ["a"]


def test_what_the_disk_has_but_the_loop_does_not_know_is_still_pending(tree: Tree) -> None:
    file = tree.file("/a")
    tree.commit()
    tree.unlink("/a")
    tree.apply_unreported()
    assert tree.ns.peek(tree.ns.root, b"a") is None
    with fails(NFS4ERR_STALE):
        tree.ns.get(file.id)
    tree.ns.met = 0
    tree.ns.peek(tree.ns.root, b"a")
    assert tree.ns.met > tree.ns.durable


def test_after_a_failed_commit_nobody_is_told_anything_and_the_process_is_told_to_stop(tmp_path: Path) -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        path = str(tmp_path / "n.db")
        init(path)
        fatal: asyncio.Future[str] = loop.create_future()
        ns = Namespace.open(path, NamespaceSettings(), loop.call_soon, loop.call_soon_threadsafe, fatal.set_result)
        ns.also("bad", "INSERT INTO meta VALUES (NULL, NULL)", ())
        told = ns.flush()
        message = await asyncio.wait_for(fatal, 10)
        assert "stopping" in message
        assert "NOT NULL" in message
        ns.also("good", "INSERT INTO client VALUES (?, ?)", (b"owner", b"record"))
        await asyncio.sleep(0)
        assert (ns.durable, told.done) == (0, False)
        await ns.close()
        again = Namespace.open(path, NamespaceSettings(), loop.call_soon, loop.call_soon_threadsafe, print)
        assert again.unclean
        assert again.read("SELECT * FROM client") == []
        await again.close()

    asyncio.run(scene())


def test_the_thread_that_writes_makes_changes_durable_and_close_ends_it_in_order(tmp_path: Path) -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        path = str(tmp_path / "n.db")
        init(path)
        ns = Namespace.open(path, NamespaceSettings(), loop.call_soon, loop.call_soon_threadsafe, pytest.fail)
        told: asyncio.Future[None] = loop.create_future()
        ns.setxattr(ns.root, b"k", b"v", 0, ROOT, 1)
        ns.flush().when_done(lambda _: told.set_result(None))
        await asyncio.wait_for(told, 10)
        assert ns.durable == 1
        ns.setxattr(ns.root, b"last", b"word", 0, ROOT, 1)
        await ns.close()
        again = Namespace.open(path, NamespaceSettings(), loop.call_soon, loop.call_soon_threadsafe, pytest.fail)
        assert not again.unclean
        assert again.listxattr(again.root, ROOT) == [b"k", b"last"]
        await again.close()

    asyncio.run(scene())


def test_nothing_changes_after_the_end(tree: Tree) -> None:
    tree.ns.finish()
    tree.commit()
    with pytest.raises(RuntimeError, match="closed"):
        tree.file("/late")
