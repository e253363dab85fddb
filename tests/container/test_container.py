"""The Containerfile: built, run and mounted. The base is a Debian made here, as the one of that name is made.

The image is not compiled, which takes minutes and is tested elsewhere.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nfsgw import __version__
from tests.container import base
from tests.kernel.harness import Fleet
from tests.kernel.harness.build import packages

ROOT = Path(__file__).parents[2]
CERTIFICATES = Path("/etc/ssl/certs")
UP_SECONDS = 60.0
PORT = 22973


class Podman:
    """Podman with a store of its own. runc: it runs with the control groups of the first version, too."""

    def __init__(self, folder: Path) -> None:
        places = ("--root", str(folder / "store"), "--runroot", str(folder / "run"), "--storage-driver", "overlay")
        self._command = ("podman", *places, "--runtime", "runc")

    def run(self, *words: str) -> str:
        """Its output. Raises: HarnessError."""
        return packages.run(*self._command, *words)

    def status(self, *words: str) -> int:
        return subprocess.run([*self._command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


@pytest.fixture(scope="module")
def podman() -> Iterator[Podman]:
    """With the image `nfsgw`."""
    packages.install("podman", "runc")
    folder = Path(tempfile.mkdtemp(prefix="nfsgw-container-"))
    made = Podman(folder)
    try:
        made.run("import", str(base.build()), "localhost/debian:trixie-slim")
        made.run(
            *("build", "--format", "docker", "--isolation", "chroot", "--network", "host", "--tag", "nfsgw"),
            *("--build-arg", "BASE=localhost/debian:trixie-slim", "--build-arg", "NFSGW_PURE=1"),
            *(f"--env={name}={value}" for name, value in os.environ.items() if name.startswith("PIP_")),
            *([f"--volume={CERTIFICATES}:{CERTIFICATES}:ro"] if CERTIFICATES.is_dir() else []),
            str(ROOT),
        )
        yield made
    finally:
        made.status("rm", "--all", "--force")
        subprocess.run(["umount", "--recursive", "--quiet", str(folder / "store/overlay")])  # a build that broke off
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def serving(podman: Podman) -> str:
    """The name of a container that serves PORT of this machine."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    podman.run(
        *("run", "--detach", "--name", "gateway", "--network", "host", "--health-interval", "disable"),
        *("--ulimit", f"nofile={files}:{files}", "--ulimit", "nproc=4096:4096"),  # not more than this machine gives
        *(
            "--env",
            "NFSGW_SERVER__LISTEN=127.0.0.1",
            "--env",
            f"NFSGW_SERVER__PORT={PORT}",
            "--env",
            "NFSGW_ADMIN__HTTP=",
        ),
        *("--volume", "data:/var/lib/nfsgw", "nfsgw"),
    )
    until_healthy(podman)
    return "gateway"


def until_healthy(podman: Podman) -> None:
    deadline = time.monotonic() + UP_SECONDS
    while podman.status("healthcheck", "run", "gateway") != 0:
        assert time.monotonic() < deadline, podman.run("logs", "gateway")
        time.sleep(0.5)


def test_the_image_has_a_health_check_and_no_compiler(podman: Podman, serving: str) -> None:
    [image] = json.loads(podman.run("inspect", "nfsgw"))
    assert image["Healthcheck"]["Test"] == ["CMD", "nfsgw", "status", "--json"]
    assert image["Config"]["User"] == "nfsgw"
    for program, status in (("nfsgw", 0), ("litestream", 0), ("cc", 1), ("gcc", 1)):
        assert podman.status("exec", serving, "which", program) == status, program


def test_it_runs_without_root_and_without_a_capability(podman: Podman, serving: str) -> None:
    status = dict(
        line.split(":\t", 1)
        for line in podman.run("exec", serving, "cat", "/proc/1/status").splitlines()
        if ":\t" in line
    )
    assert status["Uid"].split() == ["2049"] * 4
    assert status["Gid"].split() == ["2049"] * 4
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
    assert podman.run("exec", serving, "nfsgw", "version").startswith(f"nfsgw {__version__} (")


def test_a_kernel_mounts_it_and_a_container_that_is_stopped_keeps_its_data(podman: Podman, serving: str) -> None:
    with Fleet(PORT, 1) as fleet:
        fleet.mount()
        fleet[0].shell("echo 'from a container' >/mnt/work/note").expect_success()
        podman.run("stop", serving)
        [stopped] = json.loads(podman.run("inspect", serving))
        assert stopped["State"]["ExitCode"] == 0
        assert podman.status("healthcheck", "run", serving) != 0
        podman.run("start", serving)
        until_healthy(podman)
        assert fleet[0].shell("cat /mnt/work/note").expect_success().output.strip() == "from a container"
        fleet.unmount()
