"""Whether the object store answers, and since when not: for the log, for `status()`, and for those who would ask it
again.

Holds the time too: one beat, moved by whoever owns the layer, so that a test moves it and nothing sleeps.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


class Beat:
    """The time of the last beat, seconds of a monotonic clock: the only time the chunk layer goes by."""

    def __init__(self, now: float) -> None:
        self.now = now


class StoreHealth:
    def __init__(self, beat: Beat) -> None:
        self._beat = beat
        self.down_since: float | None = None
        self.last_error = ""
        self.errors = 0

    def failed(self, why: str) -> None:
        self.errors += 1
        if self.down_since is None:
            self.down_since = self._beat.now
            log.warning("the object store fails; everything is kept here and tried again: %s", why)
        self.last_error = why

    def worked(self) -> None:
        if self.down_since is not None:
            log.warning("the object store answers again after %.0f s", self._beat.now - self.down_since)
            self.down_since = None

    @property
    def down_seconds(self) -> float | None:
        return None if self.down_since is None else self._beat.now - self.down_since
