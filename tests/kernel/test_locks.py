"""Blocked locks between machines: handed on in milliseconds, first come first served, whatever happens to a holder or a
waiter. A client that was promised to be told looks for itself after 30 seconds only: every wait beyond a few is a
notification that was lost."""

from __future__ import annotations

import re
import time

import pytest

from tests.kernel.conftest import fleet
from tests.kernel.gateway import LEASE, Gateway
from tests.kernel.harness.job import Job
from tests.kernel.harness.machine import Machine

FILE = "/mnt/work/lock"
HOW = {"fcntl": "how=0", "flock": "how=1"}
LEASE_SECONDS = float(LEASE["nfs.lease_seconds"])
TOLD_WITHIN = 4.0
HAS_IT = re.compile(r"has it after ([0-9.]+) s")


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("machines", "kernel"), [(2, "trixie"), (3, "trixie"), (2, "bookworm"), (2, "sid")])
def test_a_lock_goes_from_machine_to_machine_and_nothing_is_lost_under_it(
    gateway: Gateway, how: str, machines: int, kernel: str
) -> None:
    with fleet(gateway, machines, kernel) as guests:
        guests.mount()
        arguments = (HOW[how], f"machines={machines}", "rounds=40")
        jobs = [guest.start_script("handing_on", *arguments) for guest in guests]
        results = [job.wait(180) for job in jobs]
        for result in results:
            result.expect_checks()
        figures = [line for result in results for line in result.lines if line.startswith(("hand-over", "counting"))]
        print(f"\n{kernel}, {machines} machines:", *figures, sep="\n  ")
        guests.unmount()


def hold(machine: Machine, seconds: float) -> Job:
    """The machine asks for the lock, and keeps it so long when it has it."""
    job = machine.start_script("handing_on", "hold", FILE, str(seconds))
    job.wait_for_line("asking")
    return job


def holder(machine: Machine, seconds: float = 600) -> Job:
    job = hold(machine, seconds)
    job.wait_for_line("has it")
    return job


def waiter(machine: Machine) -> Job:
    """Returns when it has surely been denied the lock."""
    job = hold(machine, 0)
    time.sleep(1)
    return job


def seconds_until_told(job: Job, since: float) -> float:
    """How long after `since` (monotonic) the waiter had the lock, at the latest."""
    job.wait_for_line("has it", 40)
    return time.monotonic() - since


def test_the_lock_of_a_process_that_is_killed_is_handed_on(gateway: Gateway) -> None:
    with fleet(gateway, 2) as guests:
        guests.mount()
        a, b = guests
        holder(a)
        job = waiter(b)
        started = time.monotonic()
        a.shell("pkill -KILL -f 'hold /mnt/work/loc[k]'")
        assert seconds_until_told(job, started) < TOLD_WITHIN
        job.wait().expect_success()
        guests.unmount()


def test_the_lock_of_a_machine_that_is_switched_off_is_handed_on_when_its_lease_is_over(gateway: Gateway) -> None:
    with fleet(gateway, 2) as guests:
        guests.mount()
        a, b = guests
        holder(a)
        job = waiter(b)
        started = time.monotonic()
        a.crash()
        waited = seconds_until_told(job, started)
        assert LEASE_SECONDS / 2 < waited < LEASE_SECONDS + TOLD_WITHIN
        job.wait().expect_success()
        b.unmount()


def test_a_waiter_whose_machine_stands_still_costs_the_next_one_a_moment_and_gets_the_lock_after_it(
    gateway: Gateway,
) -> None:
    with fleet(gateway, 3) as guests:
        guests.mount()
        a, b, c = guests
        has_it = holder(a, 5)
        frozen = waiter(b)
        following = waiter(c)
        b.freeze()
        has_it.wait().expect_success()
        started = time.monotonic()
        waited = seconds_until_told(following, started)
        b.thaw()
        assert waited < TOLD_WITHIN
        assert seconds_until_told(frozen, time.monotonic()) < TOLD_WITHIN
        for job in (following, frozen):
            job.wait().expect_success()
        guests.unmount()


def test_waiters_get_the_lock_in_the_order_in_which_they_asked(gateway: Gateway) -> None:
    with fleet(gateway, 3) as guests:
        guests.mount()
        a, b, c = guests
        first = holder(a, 4)
        following = hold(b, 2)
        time.sleep(1)
        last = hold(c, 0)
        times = [float(HAS_IT.findall(job.wait().expect_success().output)[0]) for job in (first, following, last)]
        assert times[0] < 1
        assert 2 < times[1] < 4 + TOLD_WITHIN
        assert 3 < times[2] < 6 + TOLD_WITHIN
        guests.unmount()


def test_a_process_that_was_killed_while_it_waited_costs_the_next_one_a_moment(gateway: Gateway) -> None:
    with fleet(gateway, 3) as guests:
        guests.mount()
        a, b, c = guests
        has_it = holder(a, 6)
        waiter(b)
        following = waiter(c)
        b.shell("pkill -KILL -f 'hold /mnt/work/loc[k]'")
        has_it.wait().expect_success()
        assert seconds_until_told(following, time.monotonic()) < TOLD_WITHIN
        following.wait().expect_success()
        guests.unmount()
