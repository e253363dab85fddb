"""Reads staging files into buffers for replies: from the page cache on the loop, from the disk in a thread.

Large buffers are used again, for fresh ones cost a page fault per 4 KiB; one is free when nothing exports it any
more, so nobody has to give it back. A read that the page cache cannot serve at once never blocks the loop.
"""

from __future__ import annotations

import errno
import logging
import os
from functools import partial
from typing import Final

from nfsgw.chunks.door import Buffer
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.syncer import Syncer
from nfsgw.errors import NFSError
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import NFS4ERR_IO

log = logging.getLogger(__name__)

LARGE: Final = 1 << 20
SMALL: Final = 64 * 1024
TRIES: Final = 4


class BufferPool:
    """Buffers of LARGE bytes. One is in use as long as a memoryview of it lives: a bytearray that is exported refuses
    to change its size, and that is how it is asked."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._buffers: list[bytearray] = []
        self._next = 0

    def take(self, count: int) -> memoryview:
        buffers = self._buffers
        for _ in range(min(TRIES, len(buffers))):
            self._next += 1
            if self._next >= len(buffers):
                self._next = 0
            buffer = buffers[self._next]
            try:
                buffer.pop()
                buffer.append(0)
            except BufferError:
                continue
            return memoryview(buffer)[:count]
        buffer = bytearray(LARGE)
        if len(buffers) < self._most:
            buffers.append(buffer)
        return memoryview(buffer)[:count]


class SlotReader:
    def __init__(self, slots: Slots, syncer: Syncer) -> None:
        self._slots = slots
        self._syncer = syncer
        self._pool = BufferPool(64)
        self._flags = os.RWF_NOWAIT
        self._warming: dict[int, Completion] = {}

    def read(self, slot: Slot, start: int, count: int, buffers: list[Buffer]) -> None:
        """Appends [start, start + count) of a slot to `buffers`. Suspend while a thread brings it into the page cache;
        NFSError(IO) when the disk fails or the file is too short."""
        try:
            descriptor = self._slots.descriptor(slot)
            flags = 0 if slot.warm else self._flags
            while count > 0:
                piece = min(count, LARGE)
                view = memoryview(bytearray(piece)) if piece <= SMALL else self._pool.take(piece)
                done = os.preadv(descriptor, [view], start, flags)
                while 0 < done < piece:
                    more = os.preadv(descriptor, [view[done:]], start + done, flags)
                    if more == 0:
                        break
                    done += more
                if done < piece:
                    log.error("staging file %d ends before its chunk does", slot.number)
                    raise NFSError(NFS4ERR_IO, "a staging file is too short")
                buffers.append(view)
                start += piece
                count -= piece
        except BlockingIOError:
            raise Suspend(self._warm(slot, start, count)) from None
        except OSError as error:
            if error.errno == errno.EOPNOTSUPP and self._flags:
                self._flags = 0
                self.read(slot, start, count, buffers)
                return
            log.error("staging file %d cannot be read: %s", slot.number, error)
            raise NFSError(NFS4ERR_IO, "a staging file cannot be read") from error
        slot.warm = False

    def _warm(self, slot: Slot, start: int, count: int) -> Completion:
        """Lets a thread read what the page cache has not got. The next read of the slot does not ask again but waits,
        so that a cache under pressure cannot keep a reader for ever."""
        completion = self._warming.get(slot.number)
        if completion is None:
            completion = self._warming[slot.number] = Completion()
            descriptor = self._slots.pin(slot)
            self._syncer.run(partial(touch, descriptor, start, count), partial(self._warmed, slot, completion))
        return completion

    def _warmed(self, slot: Slot, completion: Completion, error: BaseException | None) -> None:
        self._slots.unpin(slot)
        del self._warming[slot.number]
        slot.warm = True
        completion.finish()


def touch(descriptor: int, start: int, count: int) -> None:
    """In a thread. OSError."""
    os.posix_fadvise(descriptor, start, 0, os.POSIX_FADV_WILLNEED)
    os.pread(descriptor, count, start)
