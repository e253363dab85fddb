"""How much memory a process and its children have: VmRSS, and the most of it that was seen.

Pages that they share count in each of them, so a sum is an upper bound.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

EVERY: Final = 0.1


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def resident(pid: int, field: str = "VmRSS") -> int:
    """Bytes; 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0


class Watch:
    """Looks at a process and its children as long as it is entered. `most`: of the process itself, `most_of_children`,
    and `together`, at one instant."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._task: asyncio.Task[None] | None = None
        self.most = 0
        self.most_of_children = 0
        self.together = 0

    def look(self) -> None:
        own = resident(self._pid)
        others = sum(resident(child) for child in children(self._pid)) if own else 0
        self.most = max(self.most, own)
        self.most_of_children = max(self.most_of_children, others)
        self.together = max(self.together, own + others)

    async def _go_on(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    async def __aenter__(self) -> Watch:
        self._task = asyncio.get_running_loop().create_task(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.look()
