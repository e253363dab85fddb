"""The free-space guard: below a reserve nothing may grow, so that a full disk never fails a commit.

Removals always pass: they are how room is made. A failed commit ends the process (docs/invariants.md), hence the
reserve.
"""

from __future__ import annotations

from collections.abc import Callable

from nfsgw.errors import NFSError
from nfsgw.wire.nfs4 import NFS4ERR_NOSPC


class Room:
    """`free` says how many bytes the file system of the database has left."""

    def __init__(self, reserve: int, free: Callable[[], int]) -> None:
        self._reserve = reserve
        self._free = free
        self.tight = False
        self.measure()

    def measure(self) -> None:
        self.tight = self._free() < self._reserve

    def grow(self) -> None:
        """Raises NOSPC when something is about to grow and there is only the reserve left."""
        if self.tight:
            self.measure()
            if self.tight:
                raise NFSError(NFS4ERR_NOSPC, "only the reserve is left on the namespace's disk")
