"""Two machines with one client identity are noticed, and a machine that rebooted is not taken for two."""

from __future__ import annotations

import logging

import pytest

from tests.unit.state.world import LEASE, Machine, World


@pytest.fixture
def world() -> World:
    return World()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def joined(world: World, verifier: int, address: str, name: str = "a") -> Machine:
    machine = Machine(world, name, verifier)
    machine.address = address
    machine.join()
    return machine


def test_clones_are_named_with_their_addresses_and_the_mend(world: World, caplog: pytest.LogCaptureFixture) -> None:
    joined(world, 1, "192.0.2.1")
    joined(world, 2, "192.0.2.2")
    assert lines(caplog) == [], "a machine that rebooted looks just so"
    joined(world, 1, "192.0.2.1")
    (line,) = lines(caplog)
    assert line.startswith("two machines at 192.0.2.1 and 192.0.2.2 have one client identity (a)")
    assert "nfs4_unique_id" in line


def test_it_is_said_once_a_minute_and_counted_each_time(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for turn in range(121):
        joined(world, turn % 2, f"192.0.2.{turn % 2}")
        world.wait(1)
    assert world.state.clones.found == 119
    assert len(lines(caplog)) == 2


def test_a_machine_that_reboots_all_day_is_one_machine(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for boot in range(100):
        joined(world, boot, f"192.0.2.{boot}")
    assert lines(caplog) == []
    assert world.state.clones.found == 0


def test_a_machine_that_comes_back_after_its_courtesy_is_one_machine(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    joined(world, 1, "192.0.2.1")
    world.wait(world.settings.courtesy_seconds + 1)
    world.state.sweep(world.now)
    joined(world, 1, "192.0.2.1")
    assert lines(caplog) == []


def test_behind_one_address_they_are_named_too(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for verifier in (1, 2, 1):
        joined(world, verifier, "192.0.2.1")
    assert "two machines behind 192.0.2.1" in lines(caplog)[0]


def test_many_identities_are_not_remembered_for_ever(world: World) -> None:
    for name in range(1200):
        for verifier in (1, 2):
            joined(world, verifier, "192.0.2.1", str(name))
    joined(world, 1, "192.0.2.1", "0")
    assert world.state.clones.found == 0, "the oldest was forgotten"
    joined(world, 1, "192.0.2.1", "1199")
    assert world.state.clones.found == 1


def test_sessions_are_bounded_in_all_and_silent_clients_make_room(world: World) -> None:
    world.settings.max_sessions = 4
    first = joined(world, 1, "192.0.2.1", "first")
    world.wait(LEASE + 1)
    others = [joined(world, 1, "192.0.2.1", str(number)) for number in range(3)]
    one_more = joined(world, 1, "192.0.2.1", "one more")
    assert first.sessionid not in world.state.by_sessionid
    assert len(world.state.by_sessionid) == 4
    for machine in (*others, one_more):
        machine.renew()
