"""The promises while the gateway is killed (SIGKILL) and started again, several times in the middle of it."""

from __future__ import annotations

import os
import signal

import pytest

from tests.kernel.coherence.conftest import on_the_main_kernel_and_beside_4_0
from tests.kernel.coherence.house import Hand, House, results
from tests.kernel.coherence.moves.claims import KINDS
from tests.kernel.coherence.moves.locking import EXCLUSIVE
from tests.kernel.coherence.moves.watching import whole
from tests.kernel.coherence.test_p7_one_winner import expect_one_winner_each

RECOVERING = 240.0  # seconds for work that goes through three kills


@on_the_main_kernel_and_beside_4_0
@pytest.mark.parametrize("kind", KINDS)
def test_p7_exactly_one_claim_succeeds_though_the_gateway_is_killed(house: House, a: Hand, kind: str) -> None:
    count, kills = 240, (40, 120, 200)
    a.do("claims.prepare", a.folder, kind, count, len(house.hands))
    with house.killing(len(kills)):
        # They meet often: who is back first after a kill takes what comes until then.
        won = house.together("claims.race", a.folder, kind, count, 8, kills, within=RECOVERING)
    expect_one_winner_each(house, kind, count, won)


@on_the_main_kernel_and_beside_4_0
@pytest.mark.parametrize("how", ["flock", "fcntl"])
def test_p7_a_lock_is_held_by_one_machine_at_a_time_though_the_gateway_is_killed(
    house: House, a: Hand, how: str
) -> None:
    turns, kills = 12, (3, 6, 9)
    with house.killing(len(kills)):
        found = house.together("locking.take_turns", a.folder, how, False, turns, kills, within=RECOVERING)
    numbers = sorted(number for turns_of_one in found for number, _ in turns_of_one)
    assert numbers == list(range(turns * len(house.hands)))


@on_the_main_kernel_and_beside_4_0
def test_p7_a_lock_that_is_held_when_the_gateway_is_killed_is_held_afterwards(house: House, a: Hand, b: Hand) -> None:
    held = b.do("locking.opened", b.at("lock"))
    assert b.do("locking.take", held, "fcntl", EXCLUSIVE, 0, 0, False)
    wanted = a.do("locking.opened", a.at("lock"))
    for _ in range(2):
        house.gateway.restart(signal.SIGKILL)
        assert not a.do("locking.take", wanted, "fcntl", EXCLUSIVE, 0, 0, False)
        b.do("os.pwrite", held, b"mine", 0)
        b.do("os.fsync", held)
    b.do("os.close", held)
    assert a.do("locking.take", wanted, "fcntl", EXCLUSIVE, 0, 0, False)
    a.do("os.close", wanted)
    assert a.read("lock") == b"mine"


@on_the_main_kernel_and_beside_4_0
def test_p6_a_file_that_is_replaced_is_never_missing_though_the_gateway_is_killed(house: House, a: Hand) -> None:
    a.write("result", whole(0, 16))
    readers = [hand.begin("watching.watch_replaced", hand.folder, 60) for hand in house.hands[1:]]
    with house.killing(3):
        a.begin("watching.replace", a.folder, 60, 20_000, (10, 30, 50)).result(RECOVERING)
        assert min(results(readers, RECOVERING)) > 3


@on_the_main_kernel_and_beside_4_0
def test_p6_a_staged_folder_appears_complete_though_the_gateway_is_killed(house: House, a: Hand) -> None:
    a.mkdir("outputs")
    readers = [hand.begin("watching.watch_staged", hand.folder, 6, 20) for hand in house.hands[1:]]
    with house.killing(2):
        a.begin("watching.stage", a.folder, 6, 20, (2, 4)).result(RECOVERING)
        results(readers, RECOVERING)


@on_the_main_kernel_and_beside_4_0
@pytest.mark.parametrize("how", ["direct", "buffered"])
def test_p5_a_growing_file_shows_what_was_acknowledged_though_the_gateway_is_killed(
    house: House, a: Hand, how: str
) -> None:
    size, pieces = 32 * 1024, 60
    a.write("growing", b"")
    a.write("acknowledged", b"0")
    readers = [hand.begin("streams.watch_growing", hand.folder, size) for hand in house.hands[1:]]
    with house.killing(2):
        a.begin("streams.grow", a.folder, pieces, size, how, (15, 40)).result(RECOVERING)
        for lengths in results(readers, RECOVERING):
            assert lengths[-1] == pieces * size


@on_the_main_kernel_and_beside_4_0
def test_p6_an_open_file_that_was_removed_can_be_read_after_a_kill(house: House, a: Hand, b: Hand) -> None:
    data = os.urandom(3_000_000)
    a.write("x", data)
    held = b.do("files.hold", b.at("x"))
    a.unlink("x")
    house.gateway.restart(signal.SIGKILL)
    b.forget()
    assert b.do("files.held", held) == data
    b.do("files.let_go", held)
    assert house.agree() == {}


@on_the_main_kernel_and_beside_4_0
def test_p1_after_a_kill_all_machines_see_what_had_succeeded_before_it(house: House) -> None:
    a, *others = house
    for number in range(3):
        for index in range(10):
            a.write(f"{number}-{index}", b"x" * index)
        for hand in others:
            hand.learn(f"{number}-made", f"{number + 1}-0")
        a.mkdir(f"{number}-made")
        a.unlink(f"{number}-3")
        a.rename(f"{number}-4", f"{number}-5")
        a.chmod(f"{number}-6", 0o600)
        house.gateway.restart(signal.SIGKILL)
        view = house.agree()
        assert len(view) == 9 * (number + 1)
        assert view[f"{number}-6"][1] & 0o777 == 0o600
        assert view[f"{number}-5"][5] == 4
