"""Objects whose bytes are on the local disk too, least recently used first.

An entry is a slot that holds, from its start, the bytes of one chunk as the store has them: a whole object, or a place
in a pack. Objects are immutable, so an entry is never wrong, only unneeded; it can be given up at any time by nobody
but this class and the writer who takes its slot over.
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.slots import Slot, Slots
from nfsgw.namespace.model import ChunkRow

KEPT: Final = 16


def place_of(row: ChunkRow) -> bytes:
    """What the bytes of a stored chunk are known by. Nothing but a table starts a pack, so offset 0 says whole
    object."""
    return row.key if row.offset == 0 else b"%b@%d" % (row.key, row.offset)


class Cached:
    def __init__(self, key: bytes, slot: Slot, length: int) -> None:
        self.key = key
        self.slot = slot
        self.length = length
        self.recent = False


class Cache:
    """Bounded by bytes, never below a handful of chunks, which a read that spans several needs at once."""

    def __init__(self, slots: Slots, limit: int) -> None:
        self._slots = slots
        self.limit = limit
        self.bytes = 0
        self._entries: dict[bytes, Cached] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: bytes) -> Cached | None:
        entry = self._entries.get(key)
        if entry is not None:
            entry.recent = True
        return entry

    def add(self, key: bytes, slot: Slot, length: int) -> None:
        """The slot is the cache's from now on."""
        old = self._entries.pop(key, None)
        if old is not None:
            self._release(old)
        self._entries[key] = Cached(key, slot, length)
        self.bytes += length
        if self.bytes > self.limit:
            self.shrink(self.limit)

    def rename(self, key: bytes, other: bytes) -> None:
        """The same bytes lie in another place of the store now."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            entry.key = other
            self._entries[other] = entry

    def take(self, key: bytes) -> Slot:
        """Gives the slot of an entry to a writer; the entry is gone. KeyError."""
        entry = self._entries.pop(key)
        self.bytes -= entry.length
        return entry.slot

    def shrink(self, limit: int, kept: int = KEPT) -> int:
        """Gives up entries until no more than `limit` bytes, or only `kept` entries, are left. Returns how many it
        gave up."""
        given = 0
        while self.bytes > limit and len(self._entries) > kept:
            key = next(iter(self._entries))
            entry = self._entries.pop(key)
            if entry.recent:
                entry.recent = False
                self._entries[key] = entry
                continue
            self._release(entry)
            given += 1
        return given

    def drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._release(entry)

    def _release(self, entry: Cached) -> None:
        self.bytes -= entry.length
        self._slots.free(entry.slot, 0)
