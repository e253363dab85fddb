"""A gateway process, the machines that work in it, and lives that end badly: work, death, restart, verdict.

After each death the database is checked at rest, the gateway is started again, and each worker looks at its part.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine, Iterable
from pathlib import Path

from nfsgw.chunks.stores.local import LocalStore
from nfsgw.maintenance.fsck import Fsck
from nfsgw.namespace.check import Inspection
from tests.faults.look import walk
from tests.faults.machine import Gone, Machine
from tests.faults.process import GatewayProcess
from tests.faults.worker import SHARED, Step, Worker, mkdir_of

DIES_WITHIN = 30.0


class Town:
    def __init__(
        self,
        folder: Path,
        workers: int,
        seed: int,
        settings: dict[str, str] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.gateway = GatewayProcess(folder / "data", settings or {}, environment or {})
        self.workers = [
            Worker(Machine(self.gateway.port, f"w{number}"), seed * 1000 + number) for number in range(workers)
        ]
        self.deaths = 0
        self._working: list[asyncio.Task[None]] = []

    async def found(self) -> None:
        """The first start: a new filesystem, and a directory for each worker."""
        await self.gateway.start()
        first = self.workers[0].machine
        await first.join()
        await first.run(*walk(()), mkdir_of(SHARED))
        await first.leave()
        await self.join()
        for worker in self.workers:
            await worker.settle_in()

    async def join(self) -> None:
        """Gone when the gateway dies meanwhile."""
        await all_of(worker.machine.join() for worker in self.workers)

    def work(self) -> None:
        """All workers begin, each with its own machine."""
        self._working = [asyncio.create_task(worker.work(self.acknowledged)) for worker in self.workers]

    def acknowledged(self, worker: Worker, step: Step) -> None:
        """Hears of each acknowledged step."""

    async def rest(self) -> None:
        """After the death: until every worker has seen it. Whatever else made one stop is raised."""
        await asyncio.gather(*self._working)
        self._working = []
        for worker in self.workers:
            await worker.machine.leave()
        self.deaths += 1

    async def die_after(self, seconds: float) -> None:
        """kill -9 in the middle of the work."""
        self.work()
        await asyncio.sleep(seconds)
        self.gateway.kill()
        await self.rest()

    async def check_at_rest(self) -> None:
        """All rules of the tree and, where the store is a directory, those of staging files and objects too."""
        data = self.gateway.data
        if self.gateway.settings.get("store.url"):
            async with Inspection(str(data / "namespace.db")) as inspection:
                found = await inspection.check()
        else:
            store = LocalStore(str(data / "objects"))
            check = Fsck(str(data / "namespace.db"), str(data / "chunks" / "staging"), store, False, lambda _: None)
            found = (await check.examine()).findings
        assert not found, [f"{finding.rule}: {finding.examples}" for finding in found]

    async def rise(self) -> None:
        """The database is sound, the gateway starts, and every worker finds what may be there."""
        await self.check_at_rest()
        await self.gateway.start()
        await self.join()
        await self.verify()

    async def verify(self) -> None:
        """Gone when the gateway dies meanwhile: who has not seen his part then still knows what it may be."""
        await all_of(worker.verify() for worker in self.workers)

    async def live_until(self, point: str) -> None:
        """A life that ends at a failpoint, wherever that comes: at the start, when the workers look, when they work."""
        assert await self.lives_until(point), f"{point} was not reached"

    async def lives_until(self, point: str) -> bool:
        """The same. False: it was not reached, and kill -9 has ended that life instead."""
        if await self.gateway.begins(point):
            try:
                await self.join()
                await self.verify()
                self.work()
            except Gone:
                pass
        reached = await self.gateway.ended(DIES_WITHIN)
        if not reached:
            self.gateway.kill()
        await self.rest()
        return reached

    @property
    def steps(self) -> int:
        return sum(worker.acknowledged for worker in self.workers)


class TownOfLostDisks(Town):
    """Each death takes the gateway's staging and cache with it; the database is there again, as of its last commit."""

    async def rest(self) -> None:
        await super().rest()
        shutil.rmtree(self.gateway.data / "chunks", ignore_errors=True)


async def all_of(calls: Iterable[Coroutine[None, None, None]]) -> None:
    """All to their end; then the error that says most, if there was any: Gone only where there is no other."""
    errors = [end for end in await asyncio.gather(*calls, return_exceptions=True) if end is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, Gone)):
        raise error
