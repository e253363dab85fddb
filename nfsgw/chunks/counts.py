"""What the chunk layer counts: requests to the object store by kind and outcome, reads by where their bytes were.

Only ever added to. A request counts once, when it is over, however many attempts the mover made of it.
"""

from __future__ import annotations

from typing import Final

from nfsgw.metrics.timings import Timings

KINDS: Final = ("put", "get", "delete", "probe")
OUTCOMES: Final = ("done", "failed", "missing", "cancelled")


class StoreCounts:
    """Requests to the object store."""

    def __init__(self) -> None:
        self.outcomes = {(kind, outcome): 0 for kind in KINDS for outcome in OUTCOMES}
        self.times = {kind: Timings() for kind in KINDS}
        self.bytes = dict.fromkeys(KINDS, 0)  # of requests that were done

    def add(self, kind: str, outcome: str, seconds: float, size: int) -> None:
        self.outcomes[(kind, outcome)] += 1
        self.times[kind].add(seconds)
        if outcome == "done":
            self.bytes[kind] += size


class ReadCounts:
    """Chunks that reads touched. One that waits is run again and then counts where it found its bytes, too."""

    def __init__(self) -> None:
        self.memory = 0
        self.staged = 0
        self.cached = 0
        self.waited = 0  # for a fetch
        self.holes = 0
