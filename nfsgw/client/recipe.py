"""The options to mount with, by system. Why each is there: docs/mount.md.

What a system does not know is left out or replaced, so that the same command works on all of them; never what a promise
rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LINUX: Final = (
    "vers=4.2",
    "actimeo=0",
    "noatime",
    "hard",
    "nconnect=4",
    "noresvport",
    "rsize=1048576",
    "wsize=1048576",
)
DARWIN: Final = (
    "vers=4.1",
    "actimeo=0",
    "nonegnamecache",
    "namedattr",
    "hard",
    "noresvport",
    "rsize=1048576",
    "wsize=1048576",
)

NFS_PORT: Final = 2049
NCONNECT_SINCE: Final = (5, 3)
DARWIN_41_SINCE: Final = 26  # the macOS that speaks 4.1 when asked to

DELEGATION_WATERMARK: Final = 100_000
"""Delegations that a Linux client keeps before it gives back the oldest; its own default is 5,000, fewer than a
checked-out tree has files. As many as the gateway gives to one client (nfs.max_delegations_per_client)."""


def version_of(release: str) -> tuple[int, int]:
    """(6, 12) of "6.12.113+deb13". (0, 0) of what is no version."""
    numbers = [int(part) for part in release.split("-")[0].split("+")[0].split(".")[:2] if part.isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)


def linux(release: str, port: int, more: Sequence[str] = ()) -> list[str]:
    """For a kernel of that release. `more` comes last and wins."""
    options = [option for option in LINUX if version_of(release) >= NCONNECT_SINCE or not option.startswith("nconnect")]
    return merged(options + ported(port), more)


def darwin(release: str, port: int, more: Sequence[str] = ()) -> list[str]:
    """For that macOS ("26.1"). Earlier ones than 26 speak 4.0 only."""
    major = release.split(".")[0]
    old = major.isdigit() and int(major) < DARWIN_41_SINCE
    return merged(["vers=4.0" if old and option == "vers=4.1" else option for option in DARWIN] + ported(port), more)


def ported(port: int) -> list[str]:
    return [] if port == NFS_PORT else [f"port={port}"]


def merged(options: Sequence[str], more: Sequence[str]) -> list[str]:
    """A later option replaces an earlier one of its name."""
    found: dict[str, str] = {}
    for option in [*options, *more]:
        name = option.partition("=")[0]
        found.pop(name, None)
        found[name] = option
    return list(found.values())
