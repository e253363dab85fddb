"""A clock in the test's hand: time that passes only when a test says so, and the timers that go off by it."""

from __future__ import annotations

from collections.abc import Callable


class Clock:
    """The Timers door, moved by `advance`."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def after(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        self._count += 1
        timer = (self.seconds + seconds, self._count, callback)
        self._due.append(timer)

        def cancel() -> None:
            if timer in self._due:
                self._due.remove(timer)

        return cancel

    def advance(self, seconds: float) -> None:
        """Timers go off in their order, each at its time."""
        until = self.seconds + seconds
        while self._due:
            timer = min(self._due)
            if timer[0] > until:
                break
            self._due.remove(timer)
            self.seconds = max(self.seconds, timer[0])
            timer[2]()
        self.seconds = until
