"""A process that works in a tree and says, line by line, what it was told is durable; the test kills it in the middle.

Each step renames a file over another, makes a pair of names for one new file, and counts up an attribute: three things
that must survive together or not at all.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial

from nfsgw.namespace.model import REG, Changes, Credential
from nfsgw.namespace.namespace import Namespace
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.suspend import Completion

WHO = Credential(0, 0, frozenset())


async def work(path: str) -> None:
    loop = asyncio.get_running_loop()
    settings = NamespaceSettings()
    settings.checkpoint_pages = 20  # so that kills also meet a log being written back
    ns = Namespace.open(path, settings, loop.call_soon, loop.call_soon_threadsafe, sys.exit)
    step = 0
    while True:
        step += 1
        file, _ = ns.create(ns.root, b"new", REG, Changes(), WHO, step)
        ns.link(file, ns.root, b"twin%d" % step, WHO, step)
        ns.rename(ns.root, b"new", ns.root, b"current", WHO, step, False)
        ns.setxattr(ns.root, b"step", b"%d" % step, 0, WHO, step)
        told = asyncio.Event()
        ns.flush().when_done(partial(tell, told))
        await told.wait()
        print(step, flush=True)


def tell(told: asyncio.Event, flushed: Completion) -> None:
    told.set()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
