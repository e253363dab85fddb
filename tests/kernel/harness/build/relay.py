"""The relay, compiled from relay.c."""

from pathlib import Path

from tests.kernel.harness.build import cache, packages

SOURCE = Path(__file__).parent.parent / "relay.c"


def build() -> Path:
    """The compiled program. Raises: HarnessError."""
    return cache.part("relay", [SOURCE], _make) / "relay"


def _make(folder: Path) -> None:
    packages.install("gcc", "libc6-dev")
    packages.run("gcc", "-O2", "-Wall", "-o", str(folder / "relay"), str(SOURCE))
