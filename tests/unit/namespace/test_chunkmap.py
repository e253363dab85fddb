"""The chunk map: rows that follow each other, cuts, uploads that come too late, and objects that die."""

from __future__ import annotations

import pytest

from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow, Inode
from nfsgw.wire.nfs4 import NFS4ERR_STALE

from .tree import Tree, fails


def slot(number: int, length: int = CHUNK_SIZE) -> ChunkRow:
    row = ChunkRow(length)
    row.slot = number
    return row


def inline(data: bytes) -> ChunkRow:
    row = ChunkRow(len(data))
    row.inline = data
    return row


def uploaded(key: bytes, length: int = CHUNK_SIZE) -> ChunkRow:
    row = ChunkRow(length)
    row.key, row.stored_length, row.checksum = key, length, 0xFFFFFFFF
    return row


def fill(tree: Tree, file: Inode, rows: dict[int, ChunkRow | None], delete_from: int = -1) -> int:
    """Stores rows as the chunk layer does: the size covers them all, `used` is their sum."""
    end = max([file.size, *((index * CHUNK_SIZE + row.length) for index, row in rows.items() if row)])
    tree.ns.wrote(file, end, tree.tick())
    below = file.used if delete_from < 0 else file.used - tree.ns.used_from(file.id, delete_from)
    old = sum(row.length for row in (tree.ns.chunk(file.id, index) for index in rows) if row)
    used = below - old + sum(row.length for row in rows.values() if row)
    return tree.ns.store_chunks(file, list(rows.items()), end, used, delete_from)


def places(tree: Tree, file: Inode, first: int = 0, limit: int = 100) -> list[tuple[int, int]]:
    return [(index, row.slot) for index, row in tree.ns.chunks(file.id, first, limit)]


def dead(tree: Tree) -> list[bytes]:
    return sorted(key for _, key in tree.ns.dead_objects(1 << 62, 100))


def test_a_row_is_what_it_was_when_it_comes_back(tree: Tree) -> None:
    file = tree.file("/f")
    stored = uploaded(b"key", 99)
    stored.offset, stored.stored_length = 4096, 1000
    fill(tree, file, {0: inline(b"bytes"), 1: slot(7), 2: slot(8, 99)})
    assert tree.ns.store_upload(file.id, 2, slot(8, 99), stored) > 0
    for _ in range(2):
        rows = [
            (index, row.length, row.inline, row.slot, row.key, row.offset, row.stored_length, row.checksum)
            for index, row in tree.ns.chunks(file.id, 0, 10)
        ]
        assert rows == [
            (0, 5, b"bytes", -1, b"", 0, 0, 0),
            (1, CHUNK_SIZE, None, 7, b"", 0, 0, 0),
            (2, 99, None, -1, b"key", 4096, 1000, 0xFFFFFFFF),
        ]
        one = tree.ns.chunk(file.id, 2)
        assert one is not None
        assert one.object == stored.object > 0
        assert tree.ns.chunk(file.id, 3) is None
        tree.crash_after_commit()
    assert tree.at("/f").used == CHUNK_SIZE + 104


def test_unstable_writes_show_in_memory_and_only_stored_ones_survive(tree: Tree) -> None:
    file = tree.file("/f")
    tree.commit()
    tree.ns.wrote(file, 5000, 777)
    assert (file.size, file.stored_size, file.mtime, file.ctime) == (5000, 0, 777, 777)
    tree.chmod("/f", 0o600)
    tree.crash_after_commit()
    assert tree.at("/f").size == 0
    file = tree.at("/f")
    tree.ns.wrote(file, 5000, 778)
    tree.ns.store_chunks(file, [(0, inline(b"x" * 3000))], 3000, 3000)
    tree.crash_after_commit()
    file = tree.at("/f")
    assert (file.size, file.mtime, file.used) == (3000, 778, 3000)
    assert tree.ns.usage() == (2, 3000)


def test_a_size_that_was_set_while_bytes_were_on_their_way_stands(tree: Tree) -> None:
    file = tree.file("/f")
    tree.ns.wrote(file, 50, tree.tick())
    tree.truncate("/f", 100)
    tree.ns.store_chunks(file, [(0, inline(b"x" * 50))], 50, 50)
    tree.crash_after_commit()
    assert tree.at("/f").size == 100


def test_pending_rows_lie_over_committed_ones(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {index: slot(index) for index in range(0, 20, 2)})
    tree.commit()
    fill(tree, file, {4: slot(104), 5: slot(105), 8: None})
    expected = [(0, 0), (2, 2), (4, 104), (5, 105), (6, 6), (10, 10), (12, 12), (14, 14), (16, 16), (18, 18)]
    for _ in range(3):
        assert places(tree, file) == expected
        assert places(tree, file, 5, 3) == expected[3:6]
        assert places(tree, file, 7, 2) == expected[5:7]
        assert tree.ns.used_from(file.id, 5) == 7 * CHUNK_SIZE
        if tree.ns.durable == 1:
            tree.apply_unreported()
        tree.commit()
    tree.crash()
    assert places(tree, tree.at("/f")) == expected


def test_a_cut_takes_all_rows_from_there_on_and_rows_stored_with_it_stay(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {index: slot(index) for index in range(10)})
    tree.commit()
    fill(tree, file, {12: slot(12)})
    tree.truncate("/f", 4 * CHUNK_SIZE + 10)
    tree.ns.store_chunks(file, [(4, slot(4, 10))], file.size, 4 * CHUNK_SIZE + 10, 5)
    assert places(tree, file) == [(index, index) for index in range(5)]
    assert tree.ns.chunk(file.id, 7) is None
    assert tree.ns.chunk(file.id, 12) is None
    fill(tree, file, {7: slot(70)})
    assert places(tree, file, 4) == [(4, 4), (7, 70)]
    assert tree.ns.used_from(file.id, 4) == CHUNK_SIZE + 10
    tree.crash_after_commit()
    file = tree.at("/f")
    assert places(tree, file, 4) == [(4, 4), (7, 70)]
    assert file.used == tree.ns.used_from(file.id, 0)


def test_two_cuts_in_different_commits_hide_what_each_of_them_hides(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {index: slot(index) for index in range(30)})
    tree.commit()
    fill(tree, file, {}, delete_from=10)
    fill(tree, file, {12: slot(120), 25: slot(250)})
    tree.turn()
    fill(tree, file, {}, delete_from=20)
    expected = [(index, index) for index in range(10)] + [(12, 120)]
    for _ in range(3):
        assert places(tree, file) == expected
        assert [tree.ns.chunk(file.id, index) for index in (10, 20, 25)] == [None, None, None]
        if tree.ns.durable == 1:
            tree.apply_unreported()
            assert places(tree, file) == expected
        tree.commit()


def test_a_file_that_is_gone_takes_nothing_more(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1)})
    tree.commit()
    tree.unlink("/f")
    tree.ns.store_chunks(file, [(1, slot(2))], CHUNK_SIZE, CHUNK_SIZE)
    assert tree.ns.store_upload(file.id, 0, slot(1), uploaded(b"late")) == 0
    tree.crash_after_commit()
    assert tree.ns.read("SELECT * FROM chunk") == []
    assert dead(tree) == [b"late"]
    assert tree.ns.usage() == (1, 0)
    with fails(NFS4ERR_STALE):
        tree.ns.get(file.id)


def test_an_upload_takes_the_place_of_what_it_was_made_of(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1), 1: inline(b"small")})
    times = file.mtime, file.ctime, file.change
    one, two = uploaded(b"one"), uploaded(b"two", 5)
    assert tree.ns.store_upload(file.id, 0, slot(1), one) == tree.ns.latest()
    tree.commit()
    assert tree.ns.store_upload(file.id, 1, inline(b"small"), two) == tree.ns.latest()
    assert (file.mtime, file.ctime, file.change) == times
    assert 0 < one.object < two.object
    tree.crash_after_commit()
    row = tree.ns.chunk(file.id, 1)
    assert row is not None
    assert (row.key, row.object, row.length, row.stored_length, row.checksum) == (b"two", two.object, 5, 5, 0xFFFFFFFF)
    assert (row.inline, row.slot, tree.ns.staged(0, -1, 10), dead(tree)) == (None, -1, [], [])


@pytest.mark.parametrize(
    "moved_on", [slot(2), slot(1, 10), inline(b"now inline"), None], ids=["slot", "length", "inline", "hole"]
)
def test_an_upload_that_comes_too_late_is_refuse(tree: Tree, moved_on: ChunkRow | None) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1)})
    tree.commit()
    fill(tree, file, {0: moved_on})
    assert tree.ns.store_upload(file.id, 0, slot(1), uploaded(b"late")) == 0
    tree.crash_after_commit()
    row = tree.ns.chunk(file.id, 0)
    assert (row is None) == (moved_on is None)
    assert row is None or row.object == 0
    assert dead(tree) == [b"late"]


def test_objects_die_with_the_last_row_that_refers_to_them(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {index: slot(index) for index in range(4)})
    for index in range(4):
        tree.ns.store_upload(file.id, index, slot(index), uploaded(b"object%d" % index))
    tree.commit()
    assert dead(tree) == []
    fill(tree, file, {0: slot(10)})  # overwritten
    tree.commit()
    assert dead(tree) == [b"object0"]
    fill(tree, file, {1: None})  # punched
    tree.commit()
    assert dead(tree) == [b"object0", b"object1"]
    fill(tree, file, {}, delete_from=3)  # cut
    tree.commit()
    assert dead(tree) == [b"object0", b"object1", b"object3"]
    tree.unlink("/f")  # removed
    tree.commit()
    assert dead(tree) == [b"object0", b"object1", b"object2", b"object3"]


def test_an_object_that_is_replaced_in_the_commit_that_brought_it_dies_too(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1), 1: slot(2), 2: slot(3)})
    for index in range(3):
        tree.ns.store_upload(file.id, index, slot(index + 1), uploaded(b"%d" % index))
    fill(tree, file, {0: slot(4)})
    fill(tree, file, {}, delete_from=2)
    tree.commit()
    assert dead(tree) == [b"0", b"2"]
    tree.unlink("/f")
    tree.commit()
    assert dead(tree) == [b"0", b"1", b"2"]


def test_a_shortened_row_keeps_its_object(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1)})
    row = uploaded(b"object")
    tree.ns.store_upload(file.id, 0, slot(1), row)
    tree.commit()
    short = uploaded(b"object")
    short.object, short.length = row.object, 10
    tree.truncate("/f", 10)
    tree.ns.store_chunks(file, [(0, short)], 10, 10, 1)
    tree.crash_after_commit()
    kept = tree.ns.chunk(file.id, 0)
    assert kept is not None
    assert (kept.object, kept.length, kept.stored_length, kept.key) == (row.object, 10, CHUNK_SIZE, b"object")
    assert dead(tree) == []


def test_an_object_that_two_chunks_share_lives_as_long_as_one_of_them(tree: Tree) -> None:
    one, two = tree.file("/1"), tree.file("/2")
    fill(tree, one, {0: inline(b"a")})
    fill(tree, two, {0: inline(b"b")})
    packed = uploaded(b"packed", 1)
    tree.ns.store_upload(one.id, 0, inline(b"a"), packed)
    second = uploaded(b"packed", 1)
    second.object, second.offset = packed.object, 1
    tree.ns.store_upload(two.id, 0, inline(b"b"), second)
    tree.commit()
    tree.unlink("/1")
    tree.commit()
    assert dead(tree) == []
    tree.unlink("/2")
    tree.commit()
    assert dead(tree) == [b"packed"]


def test_dead_objects_are_dated_found_by_age_and_forgotten(tree: Tree) -> None:
    tree.now = 5000
    tree.ns.bury(b"first", 10)
    tree.commit()
    tree.now = 9000
    tree.ns.bury(b"second", 10)
    tree.commit()
    assert tree.ns.dead_objects(5000, 10) == []
    first = tree.ns.dead_objects(5001, 10)
    assert [key for _, key in first] == [b"first"]
    assert [key for _, key in tree.ns.dead_objects(1 << 62, 1)] == [b"first"]
    assert tree.ns.forget_objects([id for id, _ in first]) == tree.ns.latest()
    tree.commit()
    assert dead(tree) == [b"second"]


def test_an_object_that_lives_is_not_forgotten(tree: Tree) -> None:
    file = tree.file("/f")
    fill(tree, file, {0: slot(1)})
    row = uploaded(b"alive")
    tree.ns.store_upload(file.id, 0, slot(1), row)
    tree.commit()
    tree.ns.forget_objects([row.object])
    tree.crash_after_commit()
    found = tree.ns.chunk(file.id, 0)
    assert found is not None
    assert found.key == b"alive"


def test_what_is_staged_is_found_page_by_page(tree: Tree) -> None:
    files = [tree.file(f"/{name}") for name in "abc"]
    for file in files:
        fill(tree, file, {0: slot(file.id), 3: inline(b"x")})
    tree.ns.store_upload(files[1].id, 0, slot(files[1].id), uploaded(b"stored"))
    tree.crash_after_commit()
    found: list[tuple[int, int]] = []
    after = (0, -1)
    while page := tree.ns.staged(*after, 2):
        found += [(inode, index) for inode, index, _ in page]
        after = found[-1]
    a, b, c = (file.id for file in files)
    assert found == [(a, 0), (a, 3), (b, 3), (c, 0), (c, 3)]


def test_a_file_of_many_chunks_is_removed_by_a_handful_of_statements(tree: Tree) -> None:
    file = tree.file("/big")
    fill(tree, file, {index: slot(index) for index in range(5000)})
    tree.commit()
    tree.unlink("/big")
    tree.turn()
    assert sum(len(rows) for _, rows in tree.statements) < 15
    tree.commit()
    assert tree.ns.read("SELECT count(*) FROM chunk") == [(0,)]
