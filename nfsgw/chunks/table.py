"""What is known in memory of files and their chunks.

A chunk's current bytes are in exactly one place: `data` (memory), `slot` (a staging file), or, when both are None,
where `row` says (an object, or nothing: a hole). Chunks with a slot are always here; the others are forgotten when
there are too many of them, and read from the namespace again. This module moves no bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from nfsgw.chunks.slots import Slot
from nfsgw.namespace.model import ChunkRow, Inode
from nfsgw.suspend import Completion

STEPS: Final = 16
TIDYING: Final = 128  # times so many steps, four times a second


class Wish:
    """Somebody waits until the store has some chunks; `arrived` is called once, when it has the last of them."""

    def __init__(self, arrived: Callable[[], None]) -> None:
        self._arrived = arrived
        self._left = 1

    def name(self) -> None:
        """One more chunk."""
        self._left += 1

    def grant(self) -> None:
        """One of them is there, or is not part of its file any more."""
        self._left -= 1
        if self._left == 0:
            self._arrived()

    def all_named(self) -> None:
        self.grant()


class Chunk:
    """One chunk of one file. `generation` moves with every change of its bytes or its length."""

    def __init__(self, file: File, index: int) -> None:
        self.file = file
        self.index = index
        self.length = 0  # bytes past it read as zeros
        self.row: ChunkRow | None = None  # what the namespace holds for it, pending rows included
        self.data: bytearray | None = None
        self.slot: Slot | None = None
        self.dirty = False  # the row does not say it all
        self.generation = 0
        self.settled = -1  # the generation whose bytes are known to be on disk in `slot`
        self.sent_early = False  # to the disk, when it was full for the first time
        self.touched = 0.0  # beat of the last write
        self.queued = False  # in the upload queue
        self.kept = 0  # bytes that the queue keeps in memory with it
        self.uploading = False
        self.wishes: list[Wish] | None = None  # whoever waits until the store has the bytes of its row
        self.gone = False  # cut off, forgotten, or removed from memory
        self.recent = True


class File:
    """The chunks of one inode. `inode` is set, and pinned, only while something is to be written."""

    def __init__(self, inode_id: int) -> None:
        self.inode_id = inode_id
        self.inode: Inode | None = None
        self.chunks: dict[int, Chunk] = {}
        self.dirty: dict[int, Chunk] = {}
        self.dirty_since = 0.0
        self.unsynced = 0  # bytes written since the last sync began
        self.cuts = 0  # how often it was truncated: a sync that began before one starts over
        self.gone = False
        self.syncing = False
        self.running: Completion | None = None  # of the sync under way
        self.stale = False  # written since that sync began
        self.following: Completion | None = None  # of the sync that will follow it
        self.last_index = -2  # where the last read ended: tells a sequential reader
        self.streak = 0
        self.ahead = 0  # chunks before this index were fetched ahead


class Table:
    """All files and chunks in memory, and the bound on those that could be forgotten."""

    def __init__(self, memory_chunks: int, memory_bytes: int) -> None:
        self._memory_chunks = memory_chunks
        self._memory_bytes = memory_bytes
        self.files: dict[int, File] = {}
        self.dirty: dict[int, File] = {}  # in the order of their first unsynced write
        self._clock: deque[Chunk] = deque()
        self.data_bytes = 0  # in bytearrays
        self.staged_bytes = 0  # in slots
        self.dirty_bytes = 0  # written since the last sync, an upper bound

    def file(self, inode_id: int) -> File:
        file = self.files.get(inode_id)
        if file is None:
            file = self.files[inode_id] = File(inode_id)
        return file

    def add(self, file: File, index: int) -> Chunk:
        """A new chunk, a hole until told otherwise."""
        chunk = Chunk(file, index)
        file.chunks[index] = chunk
        self._clock.append(chunk)
        return chunk

    def trim(self) -> None:
        """Forgets what is over the bounds. Never called while an operation holds a chunk: it would write to a ghost."""
        if len(self._clock) > self._memory_chunks or self.data_bytes > self._memory_bytes:
            self._shrink()

    def tidy(self) -> None:
        """The same, of more at once: where nobody does anything, nothing else would. As for `trim`: never within an
        operation."""
        for _ in range(TIDYING):
            self.trim()

    def remove(self, chunk: Chunk) -> None:
        """Out of memory, whatever it holds; its slot is the caller's to free."""
        if chunk.gone:
            return
        chunk.gone = True
        file = chunk.file
        del file.chunks[chunk.index]
        file.dirty.pop(chunk.index, None)
        if chunk.data is not None:
            self.data_bytes -= len(chunk.data)
        if chunk.slot is not None:
            self.staged_bytes -= chunk.length
        chunk.generation += 1

    def drop_file(self, file: File) -> None:
        """Forgets an empty file that has nothing under way."""
        if not file.chunks and not file.syncing and file.inode is None and self.files.get(file.inode_id) is file:
            del self.files[file.inode_id]

    def forget_clean(self) -> None:
        """Forgets all that may be forgotten. As for `trim`: never within an operation."""
        for chunk in list(self._clock):
            if not chunk.gone and not self._needed(chunk):
                self.remove(chunk)
                self.drop_file(chunk.file)
        self._clock = deque(chunk for chunk in self._clock if not chunk.gone)

    @staticmethod
    def _needed(chunk: Chunk) -> bool:
        return chunk.dirty or chunk.slot is not None or chunk.queued or chunk.uploading or chunk.wishes is not None

    def _shrink(self) -> None:
        """Second chance: forgets the oldest chunks that were not used since the hand passed, a few at a time."""
        clock = self._clock
        steps = STEPS
        while steps > 0 and len(clock) > 1:
            steps -= 1
            chunk = clock.popleft()
            if chunk.gone:
                continue
            if chunk.recent or self._needed(chunk):
                chunk.recent = False
                clock.append(chunk)
                continue
            self.remove(chunk)
            self.drop_file(chunk.file)
            if len(clock) <= self._memory_chunks and self.data_bytes <= self._memory_bytes:
                return
