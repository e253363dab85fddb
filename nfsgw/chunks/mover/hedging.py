"""Hedged reads: a GET that is slow gets a second one beside it, and the first answer counts.

For a store that is fast but for a few requests. Of all reads at most one in ten is doubled, so that a store which is
slow for everybody is not given twice the work. Objects never change, so both answers are the same bytes.
"""

from __future__ import annotations

import asyncio
from typing import Final

from nfsgw.chunks.stores import ObjectStore, StoreError

SHARE: Final = 0.1  # of a doubled read that each read pays for
SAVED: Final = 4.0  # doubled reads that may be saved up


class Hedge:
    """`after`: seconds that a GET may take before the second one; 0: there is never one."""

    def __init__(self, after: float) -> None:
        self._after = after
        self._saved = 1.0
        self.doubled = 0

    async def get(self, store: ObjectStore, key: str, offset: int, length: int) -> bytes:
        """As `store.get`. Raises what the last of the requests raised."""
        self._saved = min(SAVED, self._saved + SHARE)
        if self._after <= 0:
            return await store.get(key, offset, length)
        pending = {asyncio.ensure_future(store.get(key, offset, length))}
        running = set(pending)
        try:
            done, pending = await asyncio.wait(pending, timeout=self._after)
            if not done and self._saved >= 1.0:
                self._saved -= 1.0
                self.doubled += 1
                pending.add(asyncio.ensure_future(store.get(key, offset, length)))
                running |= pending
            while True:
                for finished in done:
                    if finished.exception() is None or not pending:
                        return finished.result()
                    if not isinstance(finished.exception(), StoreError):
                        return finished.result()
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for request in running:
                request.cancel()
            await asyncio.gather(*running, return_exceptions=True)
