"""Staging files: numbered files of one chunk each, used again and again.

A slot holds a chunk that is being written, one that waits for its upload, or one kept for readers. A freed slot is
taken again only after the commit that freed it is durable and nobody reads it any more; until then its old owner may
come back with a crash. What lies in a slot past its owner's length is undefined: `high` says up to where something
may lie.
"""

from __future__ import annotations

import os
from collections import deque
from typing import Final

from nfsgw.fsync import sync_directory
from nfsgw.namespace.model import CHUNK_SIZE

PER_DIRECTORY: Final = 1024


def slot_path(root: str, number: int) -> str:
    return f"{root}/{number // PER_DIRECTORY:02d}/slot-{number:08d}"


class Slot:
    """One staging file. `pins` counts those who use it off the loop (fdatasync, upload, fetch)."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.descriptor = -1
        self.high = 0  # bytes from here on are zeros
        self.pins = 0
        self.fresh = False  # its directory entry may not be durable yet
        self.warm = False  # was read by a thread just now, for a reader who will come again


class Slots:
    """The pool. Calls on the loop do one system call at most, except where they say otherwise."""

    def __init__(self, root: str, open_files: int, spare: int) -> None:
        self._root = root
        self._open_files = open_files
        self._spare_limit = spare
        self._open: dict[int, Slot] = {}  # in the order of opening
        self._spare: list[Slot] = []
        self._freed: deque[tuple[int, Slot]] = deque()
        self._next = 0
        self._directories: set[int] = set()
        self.trim: list[Slot] = []  # spare ones above the limit: their blocks are to be given back

    def path(self, slot: Slot) -> str:
        return slot_path(self._root, slot.number)

    def directory(self, slot: Slot) -> str:
        return f"{self._root}/{slot.number // PER_DIRECTORY:02d}"

    @property
    def root(self) -> str:
        return self._root

    def recover(self, used: set[int]) -> dict[int, Slot]:
        """Reads the directory at the start (blocking): the slots in `used` as they are, all others become spare."""
        found: dict[int, Slot] = {}
        os.makedirs(self._root, mode=0o700, exist_ok=True)
        sync_directory(os.path.dirname(self._root))  # the syncs to come cover what lies in it, not itself
        for directory in sorted(os.listdir(self._root)):
            if not directory.isdecimal():
                continue
            self._directories.add(int(directory))
            with os.scandir(f"{self._root}/{directory}") as entries:
                for entry in entries:
                    if not entry.name.startswith("slot-"):
                        continue
                    slot = Slot(int(entry.name[5:]))
                    slot.high = min(entry.stat().st_size, CHUNK_SIZE)
                    self._next = max(self._next, slot.number + 1)
                    if slot.number in used:
                        found[slot.number] = slot
                    else:
                        self._keep(slot)
        return found

    def take(self, durable: int) -> Slot:
        """A slot nobody uses. Makes a file when there is no spare one. OSError."""
        if self._freed:
            self.reclaim(durable)
        if self._spare:
            return self._spare.pop()
        return self._make()

    def free(self, slot: Slot, after: int) -> None:
        """Its owner is done with it as soon as commit `after` is durable (0: never stored, at once)."""
        self._freed.append((after, slot))

    def reclaim(self, durable: int) -> None:
        """Makes spare what was freed by commits that are durable now."""
        for _ in range(len(self._freed)):
            after, slot = self._freed.popleft()
            if after > durable or slot.pins:
                self._freed.append((after, slot))
            else:
                self._keep(slot)

    def _keep(self, slot: Slot) -> None:
        if len(self._spare) >= self._spare_limit and slot.high > 0:
            self.trim.append(slot)
        else:
            self._spare.append(slot)

    def empty_spare(self) -> None:
        """Gives the blocks of all spare slots back at once: the disk is nearly full. OSError."""
        for slot in self._spare + self.trim:
            if slot.high > 0:
                os.truncate(self.path(slot), 0)
                slot.high = 0
        self._spare += self.trim
        self.trim = []

    def trimmed(self, slots: list[Slot]) -> None:
        """Their files are empty now."""
        for slot in slots:
            slot.high = 0
            slot.pins -= 1
            self._spare.append(slot)

    def _make(self) -> Slot:
        slot = Slot(self._next)
        directory = slot.number // PER_DIRECTORY
        if directory not in self._directories:
            os.makedirs(self.directory(slot), mode=0o700, exist_ok=True)
            self._directories.add(directory)
        self._hold(slot, os.open(self.path(slot), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._next += 1
        slot.fresh = True
        slot.high = 0
        return slot

    def descriptor(self, slot: Slot) -> int:
        """Valid until the next call of this class, or as long as the slot is pinned. OSError."""
        if slot.descriptor < 0:
            self._hold(slot, os.open(self.path(slot), os.O_RDWR | os.O_CLOEXEC))
        return slot.descriptor

    def pin(self, slot: Slot) -> int:
        """Its descriptor stays open and the slot is not given to another owner until `unpin`."""
        descriptor = self.descriptor(slot)
        slot.pins += 1
        return descriptor

    def unpin(self, slot: Slot) -> None:
        slot.pins -= 1

    def _hold(self, slot: Slot, descriptor: int) -> None:
        if len(self._open) >= self._open_files:
            self._close_one()
        slot.descriptor = descriptor
        self._open[slot.number] = slot

    def _close_one(self) -> None:
        for number, slot in self._open.items():
            if slot.pins == 0:
                del self._open[number]
                os.close(slot.descriptor)
                slot.descriptor = -1
                return

    @property
    def waiting(self) -> int:
        """Freed slots that no commit has let go yet."""
        return len(self._freed)

    def close(self) -> None:
        for slot in self._open.values():
            os.close(slot.descriptor)
            slot.descriptor = -1
        self._open.clear()


def write_all(descriptor: int, data: memoryview, offset: int) -> None:
    """pwrite until all is written. OSError."""
    done = os.pwrite(descriptor, data, offset)
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], offset + done)
