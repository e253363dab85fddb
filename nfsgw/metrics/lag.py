"""How late the event loop is: a timer that compares when it was due with when it ran.

What it finds is what every client waits besides its own work: a turn that took too long, a thread that kept the
interpreter, a machine without a free core.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from nfsgw.metrics.timings import Timings

EVERY: Final = 0.25
REMEMBERED: Final = 60.0  # seconds that `worst` looks back, to twice that


class LoopLag:
    """`start` on the loop that is to be watched. The clock is the loop's lateness itself, so it is read here."""

    def __init__(self) -> None:
        self.times = Timings()
        self._due = 0.0
        self._worst = [0.0, 0.0]
        self._turn_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def worst(self) -> float:
        """The most, in seconds, of the last minute or two."""
        return max(self._worst)

    def start(self) -> None:
        now = time.monotonic()
        self._turn_at = now + REMEMBERED
        self._next(now)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self, now: float) -> None:
        self._due = now + EVERY
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    def _look(self) -> None:
        now = time.monotonic()
        self.note(max(0.0, now - self._due), now)
        self._next(now)

    def note(self, late: float, now: float) -> None:
        self.times.add(late)
        if now >= self._turn_at:
            self._turn_at = now + REMEMBERED
            self._worst = [0.0, self._worst[0]]
        self._worst[0] = max(self._worst[0], late)
