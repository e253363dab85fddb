"""P7: exactly one winner. Claims by O_EXCL, mkdir, link and rename, and locks, work from machine to machine."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.kernel.coherence.conftest import on_all_kernels
from tests.kernel.coherence.house import Hand, House
from tests.kernel.coherence.moves.claims import KINDS
from tests.kernel.coherence.moves.locking import EXCLUSIVE, FREE, SHARED


def expect_one_winner_each(house: House, kind: str, count: int, won: list[list[int]]) -> None:
    """Each item was won by one machine, which is the one that the tree names; and each machine has won some."""
    claimed = Counter(item for items in won for item in items)
    twice = [item for item, times in claimed.items() if times > 1]
    assert not twice, f"won more than once: {twice[:20]}"
    lost = set(range(count)) - claimed.keys()
    assert not lost, f"nobody was told that it won {sorted(lost)[:20]}"
    told = {item: me for me, items in enumerate(won) for item in items}
    reader = house.hands[-1]
    assert reader.do("claims.winners", reader.folder, kind, count, len(won)) == told
    assert min(map(len, won)) > count // 100, f"no race: {list(map(len, won))}"


@on_all_kernels
@pytest.mark.parametrize("kind", KINDS)
def test_p7_of_all_machines_that_claim_a_thing_exactly_one_succeeds(house: House, a: Hand, kind: str) -> None:
    count = 250 * len(house.hands)
    a.do("claims.prepare", a.folder, kind, count, len(house.hands))
    won = house.together("claims.race", a.folder, kind, count, 50)
    expect_one_winner_each(house, kind, count, won)


@on_all_kernels
@pytest.mark.parametrize("waiting", [False, True], ids=["trying", "waiting"])
@pytest.mark.parametrize("how", ["flock", "fcntl"])
def test_p7_a_lock_that_goes_from_machine_to_machine_is_held_by_one_at_a_time(
    house: House, a: Hand, how: str, waiting: bool
) -> None:
    turns = 8 if waiting else 40
    found = house.together("locking.take_turns", a.folder, how, waiting, turns)
    numbers = sorted(number for turns_of_one in found for number, _ in turns_of_one)
    assert numbers == list(range(turns * len(house.hands))), "two machines found the same number, or one was lost"
    for hand in house:
        assert hand.read("lock") == str(turns * len(house.hands)).encode()


@on_all_kernels
@pytest.mark.parametrize("theirs", ["flock", "fcntl"])
@pytest.mark.parametrize("mine", ["flock", "fcntl"])
def test_p7_what_one_machine_has_locked_another_cannot_lock(a: Hand, b: Hand, mine: str, theirs: str) -> None:
    ours, other = (hand.do("locking.opened", hand.at("lock")) for hand in (a, b))
    for held, wanted, granted in (
        (EXCLUSIVE, EXCLUSIVE, False),
        (EXCLUSIVE, SHARED, False),
        (SHARED, EXCLUSIVE, False),
        (SHARED, SHARED, True),
    ):
        assert a.do("locking.take", ours, mine, held, 0, 0, False)
        assert b.do("locking.take", other, theirs, wanted, 0, 0, False) is granted, (held, wanted)
        for hand, file, how in ((a, ours, mine), (b, other, theirs)):
            assert hand.do("locking.take", file, how, FREE)
    for hand, file in ((a, ours), (b, other)):
        hand.do("os.close", file)


@on_all_kernels
def test_p7_machines_lock_different_ranges_and_are_told_what_is_in_the_way(a: Hand, b: Hand) -> None:
    mine, theirs = (hand.do("locking.opened", hand.at("lock")) for hand in (a, b))
    assert a.do("locking.take", mine, "fcntl", EXCLUSIVE, 100, 10, False)
    assert a.do("locking.take", mine, "fcntl", SHARED, 200, 10, False)
    for start, length, granted in ((0, 100, True), (110, 90, True), (95, 6, False), (109, 1, False), (209, 0, False)):
        assert b.do("locking.take", theirs, "fcntl", EXCLUSIVE, start, length, False) is granted, (start, length)
        b.do("locking.take", theirs, "fcntl", FREE)
    assert b.do("locking.in_the_way", theirs, 0, 150) == (EXCLUSIVE, 100, 10)
    assert b.do("locking.in_the_way", theirs, 150, 0) == (SHARED, 200, 10)
    assert a.do("locking.take", mine, "fcntl", FREE, 103, 4)
    assert b.do("locking.take", theirs, "fcntl", EXCLUSIVE, 103, 4, False)
    assert a.do("locking.in_the_way", mine, 0, 0) == (EXCLUSIVE, 103, 4)
    for hand, file in ((a, mine), (b, theirs)):
        hand.do("os.close", file)


@on_all_kernels
def test_p7_a_lock_goes_with_the_process_that_held_it(house: House, a: Hand, b: Hand) -> None:
    for how in ("flock", "fcntl"):
        held = b.do("locking.opened", b.at("lock"))
        assert b.do("locking.take", held, how, EXCLUSIVE, 0, 0, False)
        mine = a.do("locking.opened", a.at("lock"))
        assert not a.do("locking.take", mine, how, EXCLUSIVE, 0, 0, False)
        waiting = a.begin("locking.take", mine, how)
        b.renew()
        assert waiting.result()
        a.do("os.close", mine)
