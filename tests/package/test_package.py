"""What is shipped: wheel and sdist, installed where nothing else is, and a kernel that mounts what was installed.

The wheel is built from the sdist, as an index's users get it: whatever is missing from the one is missing here too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nfsgw import __version__
from tests.kernel.gateway import Gateway
from tests.kernel.harness import Fleet

ROOT = Path(__file__).parents[2]
DATA = ("nfsgw/namespace/schema.sql", "nfsgw/client/identity.sh", "nfsgw/py.typed")
SHARED = (
    "share/man/man1/nfsgw.1",
    "share/bash-completion/completions/nfsgw",
    "share/zsh/site-functions/_nfsgw",
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is built from it, not compiled: that takes minutes and is tested
    elsewhere."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, env={**os.environ, "NFSGW_PURE": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True)
    wheel = next(built.glob("*.whl"))
    done = subprocess.run(
        [str(folder / "bin/pip"), "install", "--quiet", str(wheel)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def serving(installed: Path, tmp_path: Path) -> Iterator[Gateway]:
    """The installed gateway, run where no sources are."""
    gateway = Gateway(tmp_path, {}, {}, str(installed / "bin/python"), tmp_path)
    gateway.start()
    yield gateway
    gateway.finish()


def test_wheel_and_sdist_have_what_they_should(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert set(DATA) <= set(names)
    for path in SHARED:
        assert any(name.endswith(f".data/data/{path}") for name in names), path
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "xdr/")) for name in names)
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        inside = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "setup.py", "LICENSE", "README.md", *DATA, *SHARED} <= inside


def test_the_installed_command_says_what_it_is(installed: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [str(installed / "bin/nfsgw"), "version"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith(f"nfsgw {__version__} (")
    assert "missing" not in said
    for path in SHARED:
        assert (installed / path).is_file()


def test_a_kernel_mounts_the_installed_gateway(serving: Gateway) -> None:
    with Fleet(serving.port, 2) as fleet:
        fleet.mount()
        fleet[0].shell("echo 'from the wheel' >/mnt/work/note").expect_success()
        assert fleet[1].shell("cat /mnt/work/note").expect_success().output.strip() == "from the wheel"
        fleet.unmount()
