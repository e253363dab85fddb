"""A histogram of durations: one bisection and two additions for each.

Must never allocate per call, format anything, or look at a clock: a duration is an argument. The bounds are the same
everywhere, so that panels can be laid over one another.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

SHORTEST: Final = 0.00005
BOUNDS: Final[tuple[float, ...]] = (
    SHORTEST,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.25,
    1.0,
    5.0,
    30.0,
)
"""Seconds, each the highest that its bucket holds; the last bucket has none."""

WIDTH: Final = len(BOUNDS) + 1


class Timings:
    """`buckets[n]` counts the durations up to BOUNDS[n] and above the bound before it."""

    def __init__(self) -> None:
        self.buckets = [0] * WIDTH
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    def count(self) -> int:
        return sum(self.buckets)
