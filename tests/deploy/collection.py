"""The collection as an operator has it: built and installed; its roles looked at without any machine.

ansible-core and ansible-lint are those of this Python's environment, else of the path.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "ansible"


class Collection:
    """Installed under `folder`. Everything that is run of Ansible is run by command()."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "LC_ALL": "C.UTF-8",
        }
        built = self.command("ansible-galaxy", "collection", "build", str(SOURCES), "--output-path", str(folder))
        assert built.returncode == 0, built.stdout
        archive = next(folder.glob("nfsgw-gateway-*.tar.gz"))
        installed = self.command("ansible-galaxy", "collection", "install", "--offline", str(archive))
        assert installed.returncode == 0, installed.stdout
        self.path = folder / "collections/ansible_collections/nfsgw/gateway"

    def lint(self) -> str:
        """The verdict of ansible-lint at the production profile. Raises: AssertionError with what it finds."""
        tree = self._folder / "lint/ansible_collections/nfsgw/gateway"
        shutil.copytree(SOURCES, tree)
        done = self.command("ansible-lint", "--offline", "--nocolor", "--profile", "production", cwd=tree)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip().splitlines()[-1]

    def options(self, role: str) -> dict[str, dict[str, object]]:
        """The variables of a role as its meta/argument_specs.yml describes them, by name."""
        done = self.command("ansible-doc", "-t", "role", "--json", f"nfsgw.gateway.{role}")
        assert done.returncode == 0, done.stdout
        found: dict[str, dict[str, object]] = json.loads(done.stdout)[f"nfsgw.gateway.{role}"]["entry_points"]["main"][
            "options"
        ]
        return found

    def evaluate(self, role: str, expression: str, *cases: Mapping[str, object]) -> list[object]:
        """A Jinja expression as a task of the role would find it, once for each case: variables that win over the
        role's own, and maybe `ansible_facts`, for no machine is asked."""
        place = self.path / "roles" / role
        results = [self._folder / f"evaluated-{number}.json" for number in range(len(cases))]
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars_files": [str(place / "defaults/main.yml"), str(place / "vars/main.yml")],
            "tasks": [
                {
                    "ansible.builtin.copy": {"content": f"{{{{ ({expression}) | to_json }}}}", "dest": str(result)},
                    "vars": {"role_path": str(place), "ansible_managed": "Ansible managed", **case},
                }
                for result, case in zip(results, cases, strict=True)
            ],
        }
        (self._folder / "evaluate.json").write_text(json.dumps([play]))
        done = self.command("ansible-playbook", str(self._folder / "evaluate.json"))
        assert done.returncode == 0, done.stdout
        return [json.loads(result.read_text()) for result in results]

    def command(
        self, *command: str, cwd: Path | None = None, namespace: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end, in a network namespace when one is named; its output has both streams."""
        inside = ["nsenter", f"--net=/run/netns/{namespace}"] if namespace else []
        return subprocess.run(
            [*inside, *command],
            cwd=cwd,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
