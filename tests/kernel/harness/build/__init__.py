"""What guests are made of: relay, kernels and file system, built once per machine and kept.

Each part lies in a folder of the cache that is named after a hash of the recipe that made it, so a changed recipe
makes a new part and never touches one that a running guest uses. The cache is $NFSGW_GUEST_CACHE, else
nfsgw-guests in $XDG_CACHE_HOME or ~/.cache. Nothing is built without root: see packages.py.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.kernel.harness.build import image, kernels, relay
from tests.kernel.harness.build.cache import cache_directory
from tests.kernel.harness.build.kernels import Kernel

__all__ = ["Kernel", "Parts", "build", "cache_directory"]


@dataclass(frozen=True)
class Parts:
    """Everything that a guest needs but the scripts it runs."""

    relay: Path
    root: Path
    kernels: tuple[Kernel, ...]

    def kernel(self, wanted: str) -> Kernel:
        """The kernel of a Debian suite ("trixie") or a version or the beginning of one ("6.12").

        Raises: LookupError when there is none, naming those that there are.
        """
        for kernel in self.kernels:
            if wanted == kernel.suite or f"{kernel.version}.".startswith(f"{wanted}."):
                return kernel
        have = ", ".join(f"{kernel.suite} ({kernel.version})" for kernel in self.kernels)
        raise LookupError(f"no kernel {wanted!r}; there are: {have}")


def build() -> Parts:
    """Builds what the cache lacks, and returns all of it. Takes two minutes from nothing, else none.

    Raises: HarnessError when it cannot, saying why.
    """
    return Parts(relay.build(), image.build(), tuple(kernels.build(suite) for suite in kernels.SUITES))
