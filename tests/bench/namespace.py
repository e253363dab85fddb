"""What the namespace costs, and that a lookup costs the same in a small tree and in one of a million files.

Run it as `python -m tests.bench.namespace [--files N] [--directory D]`. It works on a real file with the real writer
thread and prints µs per operation; durable rates depend on the disk under the directory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nfsgw.namespace import cache
from nfsgw.namespace.model import DIR, REG, Changes, Credential, Inode
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.recovery import NamespaceRecoveryStore
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.suspend import Completion

WHO = Credential(1000, 1000, frozenset({1000}))
PER_DIRECTORY = 1000
SAMPLE = 20_000
SESSION = bytes(16)
REPLY = bytes(420)  # of an OPEN that creates, as Linux sends it


class Bench:
    def __init__(self, place: str, settings: NamespaceSettings) -> None:
        self.path = str(Path(place) / "bench.db")
        self.settings = settings
        settings.root_uid = settings.root_gid = 1000
        init(self.path, settings)

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.ns = Namespace.open(self.path, self.settings, loop.call_soon, loop.call_soon_threadsafe, print)

    async def durable(self) -> None:
        done = asyncio.Event()

        def tell(_: Completion) -> None:
            done.set()

        self.ns.flush().when_done(tell)
        await done.wait()

    async def fill(self, first: int, last: int) -> None:
        """Directories of a thousand files each, a commit per directory."""
        for number in range(first, last):
            folder, _ = self.ns.create(self.ns.root, b"d%06d" % number, DIR, mode(0o755), WHO, number)
            for name in range(PER_DIRECTORY):
                self.ns.create(folder, b"f%06d" % name, REG, mode(0o644), WHO, number)
            await self.durable()

    def lookups(self, directories: int) -> None:
        """Files at random all over the tree, through names that are hardly ever in memory."""
        for _ in range(SAMPLE):
            folder = self.ns.lookup(self.ns.root, b"d%06d" % random.randrange(directories), WHO)
            self.ns.lookup(folder, b"f%06d" % random.randrange(PER_DIRECTORY), WHO)


def mode(bits: int) -> Changes:
    changes = Changes()
    changes.mode = bits
    return changes


def report(what: str, count: int, act: Callable[[], object]) -> None:
    begin = time.perf_counter()
    act()
    print(f"{what:<52}{(time.perf_counter() - begin) / count * 1e6:10.2f} µs")


def hot(bench: Bench) -> None:
    """Everything in memory and durable."""
    ns = bench.ns
    folder = ns.lookup(ns.root, b"d000000", WHO)
    names = [b"f%06d" % name for name in range(PER_DIRECTORY)]
    handles = [ns.handle(ns.lookup(folder, name, WHO)) for name in names]

    def look() -> None:
        for _ in range(20):
            for name in names:
                ns.lookup(folder, name, WHO)

    def resolve() -> None:
        for _ in range(20):
            for handle in handles:
                ns.resolve(handle)

    def pages() -> None:
        for _ in range(20):
            cookie = 0
            while page := ns.readdir(folder, cookie, 100):
                cookie = page[-1].cookie

    report("lookup, hot", SAMPLE, look)
    report("filehandle to object, hot", SAMPLE, resolve)
    pages()
    report("READDIR page of 100, hot", 20 * 11, pages)


async def creates(bench: Bench, together: int, rounds: int, replies: bool) -> None:
    """`together` creates share a turn of the loop; the next ones come when they are durable. `replies`: each stores a
    reply in a slot of its own, as the engine does."""
    name = b"c%d.%d" % (together, bench.ns.latest())
    folder: Inode = bench.ns.create(bench.ns.root, name, DIR, mode(0o755), WHO, 1)[0]
    store = NamespaceRecoveryStore(bench.ns)
    await bench.durable()
    inside = 0.0
    begin = time.perf_counter()
    for number in range(rounds):
        at = time.perf_counter()
        for one in range(together):
            bench.ns.create(folder, b"%d.%d" % (number, one), REG, mode(0o644), WHO, number)
            if replies:
                store.remember_reply(SESSION, one, number.to_bytes(4, "big") + REPLY)
        inside += time.perf_counter() - at
        await bench.durable()
    total = time.perf_counter() - begin
    count = together * rounds
    what = f"durable creates, {together:>3} at a time, {'with' if replies else 'no'} reply"
    print(f"{what:<52}{count / total:10.0f} /s, in the loop {inside / count * 1e6:.1f} µs")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--directory", default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.directory) as place:
        settings = NamespaceSettings()
        settings.cache_inodes = settings.cache_entries = 20_000
        settings.reserve_bytes = 0
        bench = Bench(place, settings)
        bench.open()
        print(f"namespace: {'compiled' if not cache.__file__.endswith('.py') else 'interpreted'}")
        await bench.fill(0, 10)
        hot(bench)
        for together in (1, 16, 64):
            for replies in (False, True, False, True):
                await creates(bench, together, 200, replies)
        directories = 10
        while directories * PER_DIRECTORY <= arguments.files:
            await bench.ns.close()
            bench.open()
            report(f"lookup, cold, in {directories * PER_DIRECTORY} files", SAMPLE, partial(bench.lookups, directories))
            inodes, entries, _ = bench.ns.cache_sizes()
            print(f"{'':<20}in memory after it: {inodes} objects, {entries} names")
            await bench.fill(directories, min(directories * 10, arguments.files // PER_DIRECTORY))
            directories *= 10
        await bench.ns.close()


if __name__ == "__main__":
    asyncio.run(main())
