"""Counts from time to time what the object store holds (`namespace/holdings.py`), and keeps the last answer.

Reading a metric must be quick, and this is a pass over a table: it runs in a thread, every so often, and the more
seldom the longer it takes. It decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from typing import Final

from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.holdings import Count, Holdings

log = logging.getLogger(__name__)

SHARE: Final = 100  # a pass may take one part in so many of the time


class Survey:
    """`start` on the loop, `stop` at the end. `every`: seconds between two passes, asked each time."""

    def __init__(self, database: str, every: Callable[[], float]) -> None:
        self._database = database
        self._every = every
        self._task: asyncio.Task[None] | None = None
        self._count: Count | None = None
        self.holdings: Holdings | None = None
        """None until the first pass is over."""

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        if self._count is not None:
            self._count.interrupt()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _go_on(self) -> None:
        while True:
            begun = time.monotonic()
            await self.look()
            await asyncio.sleep(max(self._every(), SHARE * (time.monotonic() - begun)))

    async def look(self) -> None:
        """One pass."""
        try:
            self._count = Count(self._database)
            self.holdings = await asyncio.get_running_loop().run_in_executor(None, self._count.run)
        except (sqlite3.Error, NamespaceUnusable) as error:
            log.warning("what the object store holds cannot be counted: %s", error)
        finally:
            self._count = None
