"""A few seeds of the simulation each time; `python -m tests.simulation --seeds 1000` for many."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.simulation.lives import Simulation, simulate

SEEDS = range(1, 4)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The store fails all the time, and says so."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_acknowledged_step_is_lost_in_any_schedule(seed: int) -> None:
    assert simulate(seed).steps > 0


def test_the_same_seed_is_the_same_schedule() -> None:
    assert seen(simulate(99)) == seen(simulate(99))


def seen(lived: Simulation) -> tuple[object, ...]:
    world = lived.world
    return lived.steps, lived.deaths, world.failures, len(world.places), world.loop.time(), world.chance.random()
