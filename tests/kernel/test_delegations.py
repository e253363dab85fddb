"""Delegations of real kernels: granted, recalled by whatever another machine does, revoked from a machine that does not
answer; and what they save."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nfsgw.admin.protocol import ask
from nfsgw.datadir import DataDirectory
from tests.kernel.conftest import fleet
from tests.kernel.gateway import Gateway, gateway
from tests.kernel.harness import Fleet, Machine

LEASE = 10.0  # what the gateway of these tests says
WITHOUT_DIRECTORIES = {"nfsv4.directory_delegations": "N"}


def delegations(running: Gateway) -> list[dict[str, Any]]:
    rows = ask(DataDirectory(str(running.data)).admin_socket, "delegations")
    assert isinstance(rows, list)
    return rows


def requests(machine: Machine) -> dict[str, int]:
    """How often the machine has sent what, since it mounted."""
    text = machine.shell("cat /proc/self/mountstats", watched=False).output
    sent: dict[str, int] = {}
    for line in text[text.index("per-op") :].splitlines():
        words = line.split()
        if len(words) > 5 and words[0].endswith(":") and words[1].isdigit():
            name = words[0][:-1]
            sent[name] = sent.get(name, 0) + int(words[1])
    return sent


def sent_by(machine: Machine, command: str) -> dict[str, int]:
    """What the machine sends while it runs a command."""
    before = requests(machine)
    machine.shell(command).expect_success()
    return {
        name: count - before.get(name, 0) for name, count in requests(machine).items() if count > before.get(name, 0)
    }


@pytest.fixture(params=["bookworm", "trixie", "sid", "sid without"])
def pair(request: pytest.FixtureRequest, gateway: Gateway) -> Iterator[Fleet]:
    """Two machines of each kernel; the newest with and without directory delegations."""
    kernel, _, without = request.param.partition(" ")
    with fleet(gateway, 2, kernel) as guests:
        guests.mount(parameters=WITHOUT_DIRECTORIES if without else None)
        yield guests
        guests.unmount()


# What B does to a file that A has in its cache, and what A sees then.
DEEDS = (
    ("echo new > f", "cat f", "new"),
    ("echo new >> f", "cat f", "old\nnew"),
    ("truncate -s 2 f", "cat f", "ol"),
    ("chmod 640 f", "stat -c %a f", "640"),
    ("touch -d @1000 f", "stat -c %Y f", "1000"),
    ("rm f", "test -e f || echo gone", "gone"),
    ("echo new > g; mv g f", "cat f", "new"),
    ("mv f g", "test -e f || cat g", "old"),
    ("ln f g", "stat -c %h f", "2"),
)


def test_what_another_machine_does_is_seen_at_once_and_takes_the_delegation(gateway: Gateway, pair: Fleet) -> None:
    a, b = pair
    for number, (deed, look, seen) in enumerate(DEEDS):
        place = f"/mnt/work/{number}"
        a.shell(f"mkdir {place} && cd {place} && echo old > f && cat f && ls -l").expect_success()
        inode = int(a.shell(f"stat -c %i {place}/f").expect_success().output.split()[-1])
        assert [row["inode"] for row in delegations(gateway)].count(inode) == 1, "cached on the strength of it"
        b.shell(f"cd {place} && {deed}").expect_success()
        told = a.shell(f"cd {place} && {look}").expect_success().output.strip()
        assert told == seen, deed
        assert inode not in [row["inode"] for row in delegations(gateway)], deed


def test_bytes_that_a_machine_has_not_written_back_show_in_its_size_and_are_read_when_asked_for(
    gateway: Gateway, pair: Fleet
) -> None:
    a, b = pair
    a.shell("echo old > /mnt/work/f").expect_success()
    writer = a.start(["bash", "-c", "exec 3>>/mnt/work/f; echo more >&3; echo written; sleep 8"])
    writer.wait_for_line("written")
    assert b.shell("stat -c %s /mnt/work/f").expect_success().output.split() == ["9"]
    assert b.shell("cat /mnt/work/f").expect_success().output.split() == ["old", "more"]
    writer.wait().expect_success()


def test_a_file_that_is_read_again_costs_nothing(pair: Fleet) -> None:
    a, _ = pair
    a.shell("mkdir /mnt/work/small; for i in $(seq 200); do echo $i > /mnt/work/small/$i; done").expect_success()
    read = "cd /mnt/work/small && cat $(seq 200) > /dev/null"
    a.shell(read).expect_success()
    again = sent_by(a, read)
    assert not {"OPEN", "OPEN_NOATTR", "READ", "CLOSE", "ACCESS", "LOOKUP", "READDIR"} & set(again), again


def test_a_machine_that_does_not_answer_is_waited_for_no_longer_than_a_lease_and_recovers(tmp_path: Path) -> None:
    running = gateway(tmp_path)
    with fleet(running, 2) as guests:
        guests.mount()
        a, b = guests
        a.shell("echo old > /mnt/work/f && cat /mnt/work/f").expect_success()
        a.freeze()
        began = time.monotonic()
        b.shell("echo new > /mnt/work/f").expect_success()
        assert time.monotonic() - began < 3 * LEASE
        b.shell("cat /mnt/work/f").expect_success()
        a.thaw()
        # It trusts its cache until its first answer tells it what it has lost: no server can tell it earlier.
        a.shell("until [ $(cat /mnt/work/f) = new ]; do sleep 0.1; done", timeout=LEASE).expect_success()
        a.shell("echo newer > /mnt/work/f && cat /mnt/work/f").expect_success()
        assert b.shell("cat /mnt/work/f").expect_success().output.split() == ["newer"]
        guests.unmount()
    running.finish()
