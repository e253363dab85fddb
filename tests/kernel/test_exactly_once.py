"""Claims by two machines while the gateway is killed: one winner each, and who won was told so (promise P7)."""

from __future__ import annotations

import signal

import pytest

from tests.kernel.conftest import fleet
from tests.kernel.gateway import Gateway

ITEMS = 300
KILLS = (30, 75, 120, 165, 210, 255)  # items of one kind that one machine has tried before the gateway is killed


@pytest.mark.parametrize("kernel", ["trixie", "bookworm", "sid"])
def test_every_item_has_one_winner_who_knows_it_though_the_gateway_is_killed(gateway: Gateway, kernel: str) -> None:
    with fleet(gateway, clients=2, kernel=kernel) as guests:
        guests.mount()
        guests[0].script("claims", "prepare", f"items={ITEMS}").expect_success()
        claims = [guest.start_script("claims", "claim", f"items={ITEMS}") for guest in guests]
        for kill, item in enumerate(KILLS):
            kind = ("mkdir", "create", "link", "rename")[kill % 4]
            claims[kill % 2].wait_for_line(f"{kind} {item} ")
            for _ in range(1 + kill % 2):  # also while they recover from the last time
                gateway.restart(signal.SIGKILL)
        told: dict[tuple[str, str], list[str]] = {}
        for machine, job in enumerate(claims):
            for line in job.wait(300).expect_success().output.splitlines():
                kind, name, outcome = line.split()
                assert outcome in ("won", "lost"), line
                told.setdefault((kind, name), [])
                if outcome == "won":
                    told[(kind, name)].append(str(machine))
        found = {}
        for line in guests[1].script("claims", "winners", f"items={ITEMS}").expect_success().output.splitlines():
            kind, name, *machines = line.split()
            found[(kind, name)] = machines
        assert len(found) == 4 * ITEMS
        assert [(item, machines) for item, machines in found.items() if len(machines) != 1] == []
        assert [(item, told[item], found[item]) for item in found if told[item] != found[item]] == []
        guests.unmount()
    answered = [line for line in gateway.log.read_text().splitlines() if "answered again" in line]
    print(f"{kernel}: {len(KILLS)} kills", *answered, sep="\n")
