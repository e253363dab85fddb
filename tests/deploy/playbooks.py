"""The collection's playbooks, run against the guests of a site."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.collection import Collection
from tests.deploy.guests import Site

GATEWAY, CLIENTS = "gateway", ("one", "two")


@dataclass(frozen=True)
class Run:
    """What a playbook did. `changed` and `failed` are numbers of tasks by guest."""

    output: str
    status: int
    changed: dict[str, int]
    failed: dict[str, int]

    def expect_success(self) -> Run:
        """Raises: AssertionError with the transcript."""
        assert self.status == 0, self.output
        return self


class Playbooks:
    """Runs them from the site's namespace, over SSH."""

    def __init__(self, folder: Path, collection: Collection, site: Site) -> None:
        self._collection, self._site = collection, site
        hosts = {name: {"ansible_host": guest.place.address} for name, guest in site.guests.items()}
        ssh = {
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(site.key),
            "ansible_ssh_common_args": "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ServerAliveInterval=5",
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        inventory = {
            "all": {"vars": ssh},
            "gateways": {"hosts": {GATEWAY: hosts[GATEWAY]}},
            "clients": {"hosts": {name: hosts[name] for name in CLIENTS}},
        }
        self._inventory = folder / "hosts.json"
        self._inventory.write_text(json.dumps(inventory))

    def run(self, playbook: str, variables: dict[str, object], *words: str) -> Run:
        """Runs site, rollback or remove. `variables` are extra variables; `words` more of the command line."""
        book = self._collection.path / f"playbooks/{playbook}.yml"
        done = self._collection.command(
            *("ansible-playbook", "-i", str(self._inventory), str(book), "--extra-vars", json.dumps(variables), *words),
            namespace=self._site.namespace,
        )
        recap = re.findall(r"^(\w+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", done.stdout, re.M)
        return Run(
            done.stdout,
            done.returncode,
            {name: int(changed) for name, changed, _, _ in recap},
            {name: int(unreachable) + int(failed) for name, _, unreachable, failed in recap},
        )
