"""Timers as a door: bounds on a wait, without knowing of an event loop, so that a test moves time by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timers(Protocol):
    def after(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back once, on the thread of the event loop, when so much time has passed. Returns what cancels it,
        which may be called at any time, also afterwards."""
        ...
