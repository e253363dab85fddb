"""Work that comes round: one pass at a time, begun from the beat, every so often, while the store answers.

A pass that fails must be heard of: its error is raised from the next beat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.settings import ChunkSettings


class Rounds:
    """`settings.sweep_every`: seconds from the beginning of one pass to that of the next, if that is over by then."""

    def __init__(
        self,
        work: Callable[[], Coroutine[None, None, object]],
        settings: ChunkSettings,
        beat: Beat,
        health: StoreHealth,
    ) -> None:
        self._work = work
        self._settings = settings
        self._beat = beat
        self._health = health
        self._due = 0.0
        self._task: asyncio.Task[object] | None = None

    def beat(self) -> None:
        if self._task is not None and self._task.done():
            if not self._task.cancelled():
                self._task.result()
            self._task = None
        if self._task is None and self._beat.now >= self._due and self._health.down_since is None:
            self._due = self._beat.now + self._settings.sweep_every
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Gives up the pass under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
