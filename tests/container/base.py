"""The base of the container: a Debian made as the image of that name is, for no registry of images is asked."""

from __future__ import annotations

from pathlib import Path

from tests.kernel.harness.build import cache, packages


def build() -> Path:
    """The archive of its files. Raises: HarnessError."""
    return cache.part("container-base", [Path(__file__)], _make) / "base.tar"


def _make(folder: Path) -> None:
    packages.install("mmdebstrap")
    packages.run(
        *("mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates"),
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("man", "doc", "locale")),
        *("trixie", str(folder / "base.tar"), packages.mirror()),
    )
