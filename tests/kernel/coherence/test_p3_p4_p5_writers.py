"""P3, P4, P5: many machines write: files of their own, one file at once, and a file that others read meanwhile."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.kernel.coherence.conftest import on_all_kernels
from tests.kernel.coherence.house import Hand, House, results
from tests.kernel.coherence.moves.streams import BLOCK, words

WRITERS, EACH = 50, 2


@on_all_kernels
def test_p3_fifty_writers_on_each_machine_write_files_of_their_own_into_one_folder(house: House, a: Hand) -> None:
    machines = len(house.hands)
    results([hand.begin("streams.write_own", a.folder, me, WRITERS, EACH) for me, hand in enumerate(house)])
    for forgetting in (False, True):
        if forgetting:
            house.together("files.forget")
        read = house.together("streams.check_own", a.folder, machines, WRITERS, EACH)
        assert read == [machines * WRITERS * EACH] * machines
    house.agree()


FIRST = (0, 0)  # the write that the file begins with


def explained(shown: list[list[tuple[int, int]]], writes: dict[int, list[tuple[int, int]]], size: int) -> None:
    """Raises: AssertionError unless an order of the writes explains each block.

    Each block shows one write that covers it. That one came after all others that cover it, and each writer's writes
    came in its own order: an order of all exists unless a WRITE was torn.
    """
    covering: dict[int, set[tuple[int, int]]] = {block: {FIRST} for block in range(len(shown))}
    after: TopologicalSorter[tuple[int, int]] = TopologicalSorter()
    for writer, done in writes.items():
        for offset, number in done:
            after.add((writer, number), (writer, number - 1) if number > 1 else FIRST)
            for block in blocks_of(offset, size):
                covering[block].add((writer, number))
    for block, stamps in enumerate(shown):
        assert len(stamps) == 1, f"block {block} shows {stamps}"
        assert stamps[0] in covering[block], f"block {block} shows {stamps[0]}, which was not written there"
        after.add(stamps[0], *(covering[block] - {stamps[0]}))
    try:
        after.prepare()
    except CycleError as torn:
        raise AssertionError(f"no order of the writes explains the file: {torn.args[1]}") from torn


def blocks_of(offset: int, size: int) -> range:
    """The blocks that a write covers."""
    return range(offset // BLOCK, (offset + size) // BLOCK)


def written_by_both(house: House, size: int, blocks: int, count: int, direct: bool) -> dict[int, list[tuple[int, int]]]:
    """Two machines write to `shared` at once. Returns (offset, number) of the writes of each."""
    a, b = house.hands[:2]
    a.write("shared", words(*FIRST, 0, blocks * BLOCK))
    writers = {1: a, 2: b}
    begun = [
        hand.begin("streams.write_over", hand.at("shared"), me, count, blocks, size, direct)
        for me, hand in writers.items()
    ]
    return dict(zip(writers, results(begun), strict=True))


@on_all_kernels
@pytest.mark.parametrize("size", [BLOCK, 64 * 1024, 1 << 20], ids=["4 KiB", "64 KiB", "1 MiB"])
def test_p4_of_two_writers_on_one_file_every_write_is_whole(house: House, b: Hand, size: int) -> None:
    blocks = 3 * size // BLOCK  # 3 MiB at most: within one chunk, where writes are atomic
    writes = written_by_both(house, size, blocks, 60 if size < 1 << 20 else 15, direct=True)
    explained(b.do("streams.read_blocks", b.at("shared")), writes, size)


@on_all_kernels
def test_p4_of_buffered_writers_on_one_file_every_byte_is_from_one_of_them(house: House, a: Hand, b: Hand) -> None:
    size, blocks = 64 * 1024, 2048  # 8 MiB: two chunks
    writes = written_by_both(house, size, blocks, 100, direct=False)
    house.together("files.forget")
    for block, stamps in enumerate(a.do("streams.read_blocks", a.at("shared"))):
        last = {
            (writer, max(number for offset, number in done if block in blocks_of(offset, size)))
            for writer, done in writes.items()
            if any(block in blocks_of(offset, size) for offset, _ in done)
        }
        assert set(stamps) <= (last or {FIRST}), f"block {block} shows {stamps}, not {last}"
    assert a.read("shared") == b.read("shared")


@on_all_kernels
@pytest.mark.parametrize("how", ["direct", "buffered"])
def test_p5_a_file_that_is_read_while_it_is_written_shows_what_was_written(house: House, a: Hand, how: str) -> None:
    size, pieces = 32 * 1024, 240
    a.write("growing", b"")
    a.write("acknowledged", b"0")
    readers = [hand.begin("streams.watch_growing", hand.folder, size) for hand in house.hands[1:]]
    a.do("streams.grow", a.folder, pieces, size, how)
    for lengths in results(readers):
        assert lengths[-1] == pieces * size
        assert len(set(lengths)) > 4, "the reader did not see it grow"
