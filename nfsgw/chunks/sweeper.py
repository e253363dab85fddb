"""Deletes from the store the objects that a transaction marked dead long enough ago, then forgets their rows.

It asks the namespace alone what is dead, never a listing. An error ends the pass; the rows stay, so the next pass
tries again. Rows go after the objects: what a crash leaves is a row of an object that is already gone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from nfsgw import failpoints
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.rounds import Rounds
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.suspend import Completion

log = logging.getLogger(__name__)

SECOND = 1_000_000_000


class Sweeper:
    """`clock` is the wall clock, nanoseconds since 1970, by which the namespace dates deaths."""

    def __init__(
        self,
        namespace: NamespaceDoor,
        mover: Mover,
        health: StoreHealth,
        beat: Beat,
        settings: ChunkSettings,
        clock: Callable[[], int],
    ) -> None:
        self._namespace = namespace
        self._mover = mover
        self._settings = settings
        self._clock = clock
        self._rounds = Rounds(self.sweep, settings, beat, health)
        self.deleted = 0

    def beat(self) -> None:
        self._rounds.beat()

    async def sweep(self) -> int:
        """One pass. Returns how many objects it deleted."""
        before = self._clock() - int(self._settings.dead_age * SECOND)
        count = 0
        while True:
            dead = self._namespace.dead_objects(before, self._settings.sweep_batch)
            if not dead:
                return count
            try:
                await self._mover.delete([key.decode("ascii") for _, key in dead])
            except StoreError as error:
                log.warning("dead objects stay for now: %s", error)
                return count
            if failpoints.ARMED:
                failpoints.reached("sweep.deleted")
            seq = self._namespace.forget_objects([number for number, _ in dead])
            await arrival(self._namespace.reach(seq))
            count += len(dead)
            self.deleted += len(dead)

    async def close(self) -> None:
        await self._rounds.close()


async def arrival(completion: Completion) -> None:
    """Waits for a completion in a task; raises what it failed with."""
    event = asyncio.Event()
    completion.when_done(lambda _: event.set())
    await event.wait()
    if completion.error is not None:
        raise completion.error
