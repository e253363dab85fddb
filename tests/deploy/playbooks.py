"""The collection as an operator uses it: built, installed, and its playbooks run against the guests of a site."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.guests import Site

COLLECTION = Path(__file__).parents[2] / "ansible"
GATEWAY, CLIENTS = "gateway", ("one", "two")


@dataclass(frozen=True)
class Run:
    """What a playbook did. `changed` and `failed` are numbers of tasks by guest."""

    output: str
    status: int
    changed: dict[str, int]
    failed: dict[str, int]

    def expect_success(self) -> "Run":
        """Raises: AssertionError with the transcript."""
        assert self.status == 0, self.output
        return self


class Playbooks:
    """Runs the collection's playbooks; ansible-core is that of this Python's environment, else of the path."""

    def __init__(self, folder: Path, site: Site) -> None:
        self._folder, self._site = folder, site
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "LC_ALL": "C.UTF-8",
        }
        built = self._command("ansible-galaxy", "collection", "build", str(COLLECTION), "--output-path", str(folder))
        assert built.returncode == 0, built.stdout
        archive = next(folder.glob("nfsgw-gateway-*.tar.gz"))
        installed = self._command("ansible-galaxy", "collection", "install", "--offline", str(archive))
        assert installed.returncode == 0, installed.stdout
        self._playbooks = folder / "collections/ansible_collections/nfsgw/gateway/playbooks"
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
        (folder / "hosts.json").write_text(json.dumps(inventory))

    def run(self, playbook: str, variables: dict[str, object], *words: str) -> Run:
        """Runs site, rollback or remove. `variables` are extra variables; `words` more of the command line."""
        done = self._command(
            *("ansible-playbook", "-i", str(self._folder / "hosts.json"), str(self._playbooks / f"{playbook}.yml")),
            *("--extra-vars", json.dumps(variables), *words),
        )
        recap = re.findall(r"^(\w+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", done.stdout, re.M)
        return Run(
            done.stdout,
            done.returncode,
            {name: int(changed) for name, changed, _, _ in recap},
            {name: int(unreachable) + int(failed) for name, _, unreachable, failed in recap},
        )

    def lint(self) -> str:
        """The verdict of ansible-lint at the production profile. Raises: AssertionError with what it finds."""
        tree = self._folder / "lint/ansible_collections/nfsgw/gateway"
        shutil.copytree(COLLECTION, tree)
        done = self._command("ansible-lint", "--offline", "--nocolor", "--profile", "production", cwd=tree)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip().splitlines()[-1]

    def _command(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["nsenter", f"--net=/run/netns/{self._site.namespace}", *command],
            cwd=cwd,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
