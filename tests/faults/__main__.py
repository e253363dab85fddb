"""`python -m tests.faults --kills 500`: deaths of the gateway at random instants and at every named one, one after the
other.

Towns take turns: with a local store, with a bucket, and in the tier `object` with the local disk lost at each death;
each gets a new filesystem and DEATHS of them. Every second death is at a failpoint, all of them in turn. After each one
the tree is checked at rest, and every machine looks at its whole part. The seed is printed; the same seed makes the
same choices, though not the same instants.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nfsgw.failpoints import NAMES
from tests.faults.command import run
from tests.faults.test_failpoints import AT_START, COMPACTING, LATER, WORKERS
from tests.faults.town import DIES_WITHIN, Town, TownOfLostDisks
from tests.support.seaweed import Seaweed

DEATHS: Final = 24  # of one town
KINDS: Final = ("local", "bucket", "object")
OF_THE_DISK: Final = ("sync.begun", "sync.settled")  # which no sync waits for in the tier `object`
OF_GC: Final = ("gc.listed", "gc.deleted")
COLLECT: Final = ("gc", "--delete", "--age", "0", "--json")


class Run:
    """All of it. `reached` and `missed` count the named instants."""

    def __init__(self, seed: int, kills: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.left = kills
        self.folder = folder
        self.reached: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.deaths: Counter[str] = Counter()
        self.steps = 0
        self._points = {kind: self._in_turn(kind) for kind in KINDS}

    def _in_turn(self, kind: str) -> Iterator[str]:
        left_out = {"init.linked", *(OF_THE_DISK if kind == "object" else ()), *(() if kind == "local" else OF_GC)}
        points = [name for name in NAMES if name not in left_out]
        while True:
            self.chance.shuffle(points)
            yield from points

    async def all(self) -> None:
        """AssertionError: something is lost, or there though it cannot be."""
        with Seaweed(self.folder / "seaweed") as bucket:
            number = 0
            while self.left > 0:
                kind = KINDS[number % len(KINDS)]
                await self._town(number, kind, bucket)
                number += 1
                done = sum(self.deaths.values())
                print(f"{done} deaths, {self.steps} acknowledged steps; {self.left} to come", flush=True)

    async def _town(self, number: int, kind: str, bucket: Seaweed) -> None:
        seed = self.chance.randrange(1 << 30)
        with tempfile.TemporaryDirectory(prefix=f"town-{number}-", dir=self.folder) as name:
            folder = Path(name)
            if kind == "local":
                town = Town(folder, WORKERS, seed)
            elif kind == "bucket":
                town = Town(folder, WORKERS, seed, bucket.settings(f"town-{number}"), bucket.environment)
            else:
                town = TownOfLostDisks(folder, WORKERS, seed, {"chunks.durability": "object"})
            try:
                town.gateway.launch("init.linked")
                assert not await town.gateway.serves(), "a filesystem was made without dying"
                self._count(kind, "init.linked")
                await town.found()
                for _ in range(min(DEATHS - 1, self.left)):
                    await self._death(town, kind)
                    await town.rise()
                await town.gateway.stop()
                await town.rise()
                self.steps += town.steps
            except BaseException:
                print(f"town {number} ({kind}), after {town.deaths} deaths:\n{town.gateway.told()}", file=sys.stderr)
                raise
            finally:
                town.gateway.kill()

    def _count(self, kind: str, point: str = "") -> None:
        self.left -= 1
        self.deaths[kind] += 1
        if point:
            self.reached[point] += 1

    async def _death(self, town: Town, kind: str) -> None:
        if self.chance.random() < 0.5:
            await town.die_after(self.chance.uniform(0.02, 1.0))
            self._count(kind)
            return
        point = next(self._points[kind])
        town.gateway.kill()  # the life that looked after the last death
        for worker in town.workers:
            await worker.machine.leave()
        reached = await self._dies_at(town, point)
        town.gateway.kill()  # where it was not reached
        if not reached:
            self.missed[point] += 1
        self._count(kind, point if reached else "")

    async def _dies_at(self, town: Town, point: str) -> bool:
        if point in AT_START:
            town.gateway.launch(point)
            return not await town.gateway.serves()
        if point in OF_GC:
            await town.lives_until("mover.put:2")  # leaves an orphan
            await town.gateway.alone()
            code, _, _ = await run(town.gateway, *COLLECT, failpoint=point)
            return code == -9
        if point == "stop.flushed":
            return await self._dies_in_its_stop(town, point)
        count = self.chance.randint(1, 1 if point in COMPACTING else LATER.get(point, 5))
        return await town.lives_until(f"{point}:{count}")

    async def _dies_in_its_stop(self, town: Town, point: str) -> bool:
        town.gateway.launch(point)
        assert await town.gateway.serves(), town.gateway.told()
        await town.join()
        await town.verify()
        town.work()
        await asyncio.sleep(self.chance.uniform(0.02, 0.5))
        town.gateway.ask_to_stop()
        reached = await town.gateway.ended(DIES_WITHIN)
        town.gateway.kill()
        await town.rest()
        return reached


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0, help="0: any")
    parser.add_argument("--folder", type=Path, help="where the towns are built; a temporary one unless it is given")
    options = parser.parse_args()
    seed = options.seed or random.randrange(1, 1 << 30)
    print(f"seed {seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nfsgw-kills-", dir=options.folder) as folder:
        whole = Run(seed, options.kills, Path(folder))
        asyncio.run(whole.all())
    by_kind = ", ".join(f"{count} {kind}" for kind, count in whole.deaths.items())
    print(f"seed {seed}: {sum(whole.deaths.values())} deaths ({by_kind}), {whole.steps} acknowledged steps,", end=" ")
    print(f"nothing lost, in {time.monotonic() - begun:.0f} s")
    print("at named instants: " + ", ".join(f"{whole.reached[name]} {name}" for name in NAMES))
    if whole.missed:
        print("not reached in time: " + ", ".join(f"{count} {name}" for name, count in whole.missed.items()))
    never = [name for name in NAMES if not whole.reached[name]]
    if never and options.kills >= 500:
        print("never reached: " + ", ".join(never), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
