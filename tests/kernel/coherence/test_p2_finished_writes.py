"""P2: a finished write, closed or fsynced, is what others read next, whatever they have cached of the file."""

from __future__ import annotations

import os

import pytest

from tests.kernel.coherence.conftest import on_all_kernels
from tests.kernel.coherence.house import Hand, House, results

SIZES = (1, 4096, 100_000, 5 << 20)  # inline, a page, some pages, more than a chunk
ROUNDS = 12
READS = ("files.read", "files.read_mapped")


def bytes_of(number: int, size: int) -> bytes:
    """Another content of the same size for every number."""
    return (number.to_bytes(2, "big") * (size // 2 + 1))[1 : size + 1]


@on_all_kernels
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("writer", ["files.write", "files.overwrite"], ids=["made anew", "in place"])
def test_p2_a_closed_write_of_the_same_size_is_read_at_once(house: House, size: int, writer: str) -> None:
    a, *others = house
    a.write("x", bytes_of(0, size))
    for number in range(1, ROUNDS if size < 1 << 20 else 5):
        results([hand.begin("files.learn", hand.folder, []) for hand in others])
        data = bytes_of(number, size)
        a.do(writer, a.at("x"), data)
        read = READS[number % 2]
        assert results([hand.begin(read, hand.at("x")) for hand in others]) == [data] * len(others)


@on_all_kernels
def test_p2_a_file_that_is_held_open_shows_what_another_machine_has_closed(house: House) -> None:
    a, *others = house
    for number, size in enumerate((4096, 4096, 100_000, 10, 5_000_000, 4096)):
        data = bytes_of(number, size)
        if number == 0:
            a.write("x", data)
            held = [(hand, hand.do("files.hold", hand.at("x"))) for hand in others]
        else:
            a.write("x", data)
        assert results([hand.begin("files.held", file) for hand, file in held]) == [data] * len(held)
    for hand, file in held:
        hand.do("files.let_go", file)


@on_all_kernels
def test_p2_an_fsynced_write_is_read_at_once_though_its_file_stays_open(house: House) -> None:
    a, *others = house
    a.write("x", bytes(8192))
    file = a.do("os.open", a.at("x"), os.O_RDWR)
    for number in range(1, ROUNDS):
        results([hand.begin("files.learn", hand.folder, []) for hand in others])
        data = bytes_of(number, 8192)
        a.do("os.pwrite", file, data, 0)
        a.do("os.fsync", file)
        assert results([hand.begin("files.read", hand.at("x")) for hand in others]) == [data] * len(others)
    a.do("os.close", file)


@on_all_kernels
def test_p2_every_machine_reads_what_the_one_before_it_wrote(house: House) -> None:
    house.hands[0].write("x", bytes_of(0, 50_000))
    for number in range(1, 40):
        writer, reader = (house.hands[(number + turn) % len(house.hands)] for turn in (0, 1))
        reader.learn()
        (writer.write if number % 3 else writer.overwrite)("x", bytes_of(number, 50_000))
        assert reader.read("x") == bytes_of(number, 50_000)


@on_all_kernels
def test_p2_a_shared_file_that_machines_change_by_turns_under_a_lock_loses_nothing(house: House, a: Hand) -> None:
    a.write("log", b"")
    turns = 15
    house.together("turns.append_lines", a.folder, turns)
    lines = a.read("log").decode().splitlines()
    names = [hand.name for hand in house]
    assert sorted(lines) == sorted(f"{name} {number}" for name in names for number in range(turns))
    assert [hand.read("log") for hand in house] == [a.read("log")] * len(names)


@on_all_kernels
def test_p2_truncating_and_extending_are_seen_at_once(house: House) -> None:
    a, *others = house
    a.write("x", b"a" * 20_000)
    wanted = b"a" * 20_000
    for size in (5_000, 9_000, 0, 4096, 100, 30_000):
        results([hand.begin("files.learn", hand.folder, []) for hand in others])
        a.truncate("x", size)
        wanted = wanted[:size].ljust(size, b"\0")
        assert results([hand.begin("files.read", hand.at("x")) for hand in others]) == [wanted] * len(others)
