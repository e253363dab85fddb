"""Recovery of real kernels after kill -9: what was held is held again, what was lost is said to be lost, and nothing
else. RFC 8881, 8.4.2 and 8.4.3."""

from __future__ import annotations

import signal
import time

import pytest

from nfsgw.admin.protocol import ask
from nfsgw.datadir import DataDirectory
from tests.kernel.conftest import fleet
from tests.kernel.gateway import LEASE, Gateway
from tests.kernel.harness.job import Job, Result

KERNELS = ["trixie", "bookworm", "sid"]
LEASE_SECONDS = float(LEASE["nfs.lease_seconds"])
GRACE_SECONDS = float(LEASE["nfs.grace_seconds"])
LOCKED = "locked"


def said(job: Job, timeout: float = 120) -> dict[str, str]:
    """Its lines of the form WHAT: HOW."""
    return lines_of(job.wait(timeout).expect_success())


def lines_of(result: Result) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in result.output.splitlines() if ": " in line)


@pytest.mark.parametrize("kernel", KERNELS)
def test_locks_nameless_files_and_opens_survive_the_restart(gateway: Gateway, kernel: str) -> None:
    with fleet(gateway, clients=2, kernel=kernel) as guests:
        guests.mount()
        a, b = guests
        holder = a.start_script("recovering", "hold", LOCKED, "25")
        holder.wait_for_line("ready")
        assert lines_of(b.script("recovering", "attempt", LOCKED))["attempt"].startswith("EAGAIN")
        gateway.restart(signal.SIGKILL)
        attempt = lines_of(b.script("recovering", "attempt", LOCKED))["attempt"]
        assert attempt.startswith("EAGAIN"), "a has the lock"
        found = said(holder)
        print(f"\n{kernel}: {found}; from the other machine {attempt}")
        assert (found["locked"], found["nameless"], found["steady"]) == ("ok", "ok", "ok")
        assert lines_of(b.script("recovering", "attempt", LOCKED))["attempt"].startswith("ok")
        guests.unmount()


@pytest.mark.parametrize("kernel", KERNELS)
def test_who_was_away_all_the_grace_period_loses_what_others_have_taken_and_only_that(
    gateway: Gateway, kernel: str
) -> None:
    with fleet(gateway, clients=2, kernel=kernel) as guests:
        guests.mount()
        a, b = guests
        b.shell("touch /mnt/work/of-b").expect_success()
        holder = a.start_script("recovering", "hold", LOCKED, "5")
        holder.wait_for_line("ready")
        a.network.stop()
        gateway.restart(signal.SIGKILL)
        taken = b.start_script("recovering", "hold", LOCKED, str(GRACE_SECONDS + 20))
        taken.wait_for_line("ready", 120)
        a.network.resume()
        found = said(holder)
        print(f"\n{kernel}: {found}")
        assert (found["locked"], found["steady"]) == ("EIO", "ok")
        assert said(taken)["locked"] == "ok", "b's lock is its own"
        guests.unmount()


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_lock_that_went_to_another_machine_is_not_reclaimed_after_the_restart(gateway: Gateway, kernel: str) -> None:
    with fleet(gateway, clients=2, kernel=kernel) as guests:
        guests.mount()
        a, b = guests
        holder = a.start_script("recovering", "hold", LOCKED, "5")
        holder.wait_for_line("ready")
        a.network.stop()
        time.sleep(LEASE_SECONDS + 1)
        taken = b.start_script("recovering", "hold", LOCKED, "40")
        taken.wait_for_line("ready")
        gateway.end(signal.SIGKILL)
        a.network.resume()
        gateway.start()
        found = said(holder)
        print(f"\n{kernel}: {found}")
        assert (found["locked"], found["steady"]) == ("EIO", "ok")
        assert said(taken)["locked"] == "ok", "b's lock is its own"
        guests.unmount()


def test_two_machines_with_one_identity_are_named_in_the_log(gateway: Gateway) -> None:
    with fleet(gateway, clients=2) as guests:
        for guest in guests:
            guest.shell("echo clone > /proc/sys/kernel/hostname").expect_success()
        guests.mount()
        for guest in guests:
            guest.start(["bash", "-c", "while :; do date > /mnt/work/of-$CLIENT_ID; sleep 0.2; done"])
        deadline = time.monotonic() + 60
        named: list[str] = []
        while not named and time.monotonic() < deadline:
            time.sleep(0.5)
            named = [line for line in gateway.log.read_text().splitlines() if "have one client identity" in line]
        assert named, gateway.log.read_text()
        print("", *named, sep="\n")
        assert ".10 and " in named[0] or ".11 and " in named[0]
        assert "Linux NFSv4.2 clone" in named[0]


def test_a_machine_that_is_evicted_loses_its_lock_and_goes_on_as_a_new_client(gateway: Gateway) -> None:
    socket = DataDirectory(str(gateway.data)).admin_socket
    with fleet(gateway, clients=2) as guests:
        guests.mount()
        a, b = guests
        holder = a.start_script("recovering", "hold", LOCKED, "10")
        holder.wait_for_line("ready")
        assert lines_of(b.script("recovering", "attempt", LOCKED))["attempt"].startswith("EAGAIN")
        locks = ask(socket, "locks")  # until somebody asked for it, a's delegation covered its lock
        assert isinstance(locks, list)
        ask(socket, "evict", client=locks[0]["client"])
        assert lines_of(b.script("recovering", "attempt", LOCKED))["attempt"].startswith("ok")
        assert said(holder)["locked"] != "ok"
        a.shell("echo again >/mnt/work/again && sync /mnt/work/again").expect_success()
        assert b.shell("cat /mnt/work/again").expect_success().output == "again"
        guests.unmount()
