"""Debian packages: those that this machine needs, and those of other releases, unpacked beside it.

Packages of other releases are fetched with an apt state of their own; the machine's is never changed by them.
"""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.kernel.harness.build.cache import cache_directory, say
from tests.kernel.harness.errors import HarnessError

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def run(*command: str, cwd: Path | None = None) -> str:
    """The command's output. Raises: HarnessError with the last lines that it printed when it fails."""
    try:
        ended = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        )
    except FileNotFoundError as missing:
        raise HarnessError(f"the kernel tests need {command[0]}, which this machine does not have") from missing
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip().splitlines()[-8:]
        raise HarnessError(f"{' '.join(command[:6])} failed ({ended.returncode}):\n" + "\n".join(said))
    return ended.stdout


def install(*wanted: str) -> None:
    """Installs the packages that this machine lacks. Raises: HarnessError without root or without apt."""
    if os.getuid():
        raise HarnessError("the kernel tests boot guests in network namespaces: they must run as root")
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        raise HarnessError("the kernel tests build their guests from Debian packages: they need a Debian machine")
    missing = [name for name in wanted if not _installed(name)]
    if not missing:
        return
    say(f"installing {' '.join(missing)}")
    apt_install = ("apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "-qq", "--no-install-recommends")
    try:
        run(*apt_install, *missing)
    except HarnessError:
        run("apt-get", "update", "-qq")
        run(*apt_install, *missing)


def _installed(name: str) -> bool:
    status = subprocess.run(
        ("dpkg-query", "-W", "-f", "${Status}", name), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return "ok installed" in status.stdout


@functools.cache
def mirror() -> str:
    """The Debian mirror that this machine's own apt uses."""
    targets = ("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    for round_ in range(2):
        for uri in run(*targets).splitlines():
            if uri.rstrip("/").endswith("/debian"):
                return uri
        if round_ == 0:
            run("apt-get", "update", "-qq")
    raise HarnessError("the kernel tests need a Debian mirror, and this machine's apt names none")


class Suite:
    """The packages of one Debian release."""

    def __init__(self, name: str) -> None:
        """Raises: HarnessError when the mirror does not have the release."""
        self.name = name
        state = cache_directory() / "apt" / name
        (state / "lists/partial").mkdir(parents=True, exist_ok=True)
        (state / "archives/partial").mkdir(parents=True, exist_ok=True)
        (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {name} main\n")
        self._options = [
            *("-o", f"Dir::Etc::SourceList={state}/sources.list", "-o", "Dir::Etc::SourceParts=/dev/null"),
            *("-o", f"Dir::State::Lists={state}/lists", "-o", f"Dir::Cache={state}"),
            *("-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"),
        ]
        run("apt-get", *self._options, "update", "-qq")

    def unpack(self, package: str, into: Path) -> None:
        """Lays the package's files in the folder `into`. Raises: HarnessError when the release has no such package."""
        with tempfile.TemporaryDirectory() as folder:
            # the release by name: apt would otherwise weigh it against what is installed here
            run("apt-get", *self._options, "download", "-qq", f"{package}/{self.name}", cwd=Path(folder))
            for archive in Path(folder).glob("*.deb"):
                run("dpkg-deb", "-x", str(archive), str(into))
