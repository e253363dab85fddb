"""An event loop in which nothing is waited for: when nobody is ready, the clock goes to whoever is next."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

from tests.support.clock import Clock


class Stuck(AssertionError):
    """Everybody waits, and nothing will ever happen."""


class Instant(selectors.SelectSelector):
    """Its `select` moves `now` instead of sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found:
            if timeout is None:
                raise Stuck("everybody waits, and nothing will ever happen")
            self.now += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._instant = Instant()
        super().__init__(self._instant)

    def time(self) -> float:
        return self._instant.now


class LoopClock(Clock):
    """The Timers door over the loop. After `stop` nothing goes off any more: the process is dead."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._stopped = False

    def after(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        return self._loop.call_later(seconds, self._run, callback).cancel

    def _run(self, callback: Callable[[], Any]) -> None:
        if not self._stopped:
            callback()

    def stop(self) -> None:
        self._stopped = True
