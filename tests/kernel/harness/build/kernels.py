"""User-mode Linux kernels, each with the C library of its release beside it.

The kernels of newer releases want a newer C library than this machine has. So the loader's path in the program is
made relative, and a guest's kernel is started with its own folder as the working directory.
"""

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.kernel.harness.build import cache, packages
from tests.kernel.harness.errors import HarnessError

SUITES = ("bookworm", "trixie", "sid")  # Linux 6.1, 6.12 and the newest
LOADER = b"/lib64/ld-linux-x86-64.so.2\0"


@dataclass(frozen=True)
class Kernel:
    """One kernel: `folder` has `linux`, its `lib/` and its `modules/`."""

    suite: str
    version: str
    folder: Path

    @property
    def series(self) -> tuple[int, int]:
        """The first two numbers of the version."""
        major, minor = self.version.split(".")[:2]
        return int(major), int("".join(c for c in minor if c.isdigit()))


def build(suite: str) -> Kernel:
    """The kernel of a Debian release. Raises: HarnessError."""
    folder = cache.part(f"kernel-{suite}", [Path(__file__)], functools.partial(_make, suite))
    return Kernel(suite, (folder / "version").read_text().strip(), folder)


def _make(suite: str, folder: Path) -> None:
    release = packages.Suite(suite)
    unpacked = folder / "unpacked"
    release.unpack("user-mode-linux", unpacked)
    release.unpack("libc6", unpacked)
    for place in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"):
        if (unpacked / place).is_dir():
            shutil.copytree(unpacked / place, folder / "lib", symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(folder / "lib/gconv", ignore_errors=True)
    shutil.copy(folder / "lib/ld-linux-x86-64.so.2", folder / "ld.so")
    program = (unpacked / "usr/bin/linux.uml").read_bytes()
    if program.count(LOADER) != 1:
        raise HarnessError(f"user-mode-linux of {suite}: the loader's path is not where it was expected")
    (folder / "linux").write_bytes(program.replace(LOADER, b"./ld.so".ljust(len(LOADER), b"\0")))
    (folder / "linux").chmod(0o755)
    (folder / "ld.so").chmod(0o755)
    (unpacked / "usr/lib/uml/modules").rename(folder / "modules")
    (folder / "version").write_text(next((folder / "modules").iterdir()).name + "\n")
    shutil.rmtree(unpacked)
