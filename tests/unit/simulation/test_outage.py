"""An object store that is down for an hour, with the settings that are shipped."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.simulation.lives import in_virtual_time
from tests.simulation.outage import FILE, HOUR, LIMIT, LOOKS, WRITERS, Outage

HELD = 15.0  # seconds: `chunks.hold_writers`
RETRIES = 30.0  # seconds at most between two tries of the store: `retry_most`


@pytest.fixture(scope="module")
def outage() -> Iterator[Outage]:
    logging.disable(logging.ERROR)
    yield in_virtual_time(lambda folder, loop: Outage(7, folder, loop))
    logging.disable(logging.NOTSET)


def test_writers_go_on_until_the_staging_is_full_and_then_wait(outage: Outage) -> None:
    assert LIMIT - WRITERS * FILE <= outage.written_by_then <= LIMIT + WRITERS * FILE
    assert 60 < outage.held_from < HOUR / 2
    assert all(writer.put_off > HOUR / 60 for writer in outage.writers)


def test_no_answer_keeps_a_client_waiting_longer_than_it_may(outage: Outage) -> None:
    """A held writer is told to come again, so that it keeps its lease; nobody is given an error."""
    assert all(machine.longest < HELD + 2 for machine in outage.machines)


def test_readers_of_what_is_here_notice_nothing(outage: Outage) -> None:
    assert outage.reads > 0.9 * HOUR / LOOKS
    assert outage.reader.put_off == 0
    assert outage.reader.longest < 1.0


def test_names_change_as_ever(outage: Outage) -> None:
    assert outage.renames > 0.9 * HOUR / LOOKS
    assert outage.renamer.put_off == 0
    assert outage.renamer.longest < 1.0


def test_a_reader_of_what_is_only_in_the_store_waits_for_its_end(outage: Outage) -> None:
    assert outage.cold.put_off > 0


def test_the_store_is_asked_again_seldom_and_found_soon(outage: Outage) -> None:
    assert outage.failures < 3 * HOUR / (RETRIES / 2)
    assert outage.down_after < RETRIES + 5


def test_writers_go_on_by_themselves(outage: Outage) -> None:
    assert outage.flowing_after < RETRIES + 5 + 2 * HELD
