"""Record marking (RFC 5531, 11): from what a TCP stream delivers to whole records, with bounded memory.

A record is handed out as `bytes` while it is small, else as a memoryview of a buffer of its own that no later read
touches, so that a payload is copied once by the kernel and never again but for its first few KiB. It must never wait,
never know a socket, and never hold more than one record of the largest size per connection.
"""

from __future__ import annotations

from typing import Final

SMALL_RECORD: Final = 16 * 1024  # up to here a record is handed out as bytes
WINDOW: Final = 64 * 1024  # what one read asks for, and the size of a connection's own buffer
WINDOW_AFTER_LARGE: Final = (
    4 * 1024
)  # what follows a large record is likely large: take in just its head, so little is moved
MINIMUM_SPACE: Final = 4 * 1024
MEDIUM: Final = 128 * 1024  # the smaller of the two sizes of pooled buffers
MAXIMUM_EMPTY_FRAGMENTS: Final = 1024
LAST_FRAGMENT: Final = 0x80000000
LENGTH_MASK: Final = 0x7FFFFFFF


class RecordError(Exception):
    """The stream breaks record marking or a bound: nothing after it can be trusted, the connection must end."""


class Buffer:
    """Memory for one record larger than SMALL_RECORD."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.memory = bytearray(size)
        self.view = memoryview(self.memory)


class BufferPool:
    """Buffers of two sizes, reused last in, first out, because fresh memory costs a page fault every 4 KiB.

    At most `keep_bytes` lie idle; what is given back beyond that is freed.
    """

    def __init__(self, maximum_record: int, keep_bytes: int = 64 * 1024 * 1024) -> None:
        self.maximum_record = maximum_record
        self.keep_bytes = keep_bytes
        self.idle_bytes = 0
        self._medium: list[Buffer] = []
        self._large: list[Buffer] = []

    def take(self, size: int) -> Buffer:
        if size <= MEDIUM:
            idle, size = self._medium, MEDIUM
        else:
            idle, size = self._large, max(self.maximum_record, MEDIUM + 1)
        if idle:
            self.idle_bytes -= size
            return idle.pop()
        return Buffer(size)

    def give(self, buffer: Buffer) -> None:
        if self.idle_bytes + buffer.size > self.keep_bytes:
            return
        self.idle_bytes += buffer.size
        if buffer.size == MEDIUM:
            self._medium.append(buffer)
        else:
            self._large.append(buffer)


class Receiver:
    """One stream's records. The caller reads into `space()`, says how much with `received`, and takes records with
    `next`.

    After `next` has returned a memoryview, `taken` is the Buffer it lies in: the caller owns it and gives it back to
    the pool. `space` may be asked only after `next` has returned None.
    """

    def __init__(self, pool: BufferPool) -> None:
        self.taken: Buffer | None = None
        self._pool = pool
        self._maximum = pool.maximum_record
        self._memory = bytearray(WINDOW)
        self._view = memoryview(self._memory)
        self._start = 0
        self._end = 0
        self._window = WINDOW
        # a large record that is coming in, and how much of it is there
        self._large: Buffer | None = None
        self._large_size = 0
        self._large_filled = 0
        # a record of several fragments
        self._parts: bytearray | None = None
        self._part_left = 0
        self._part_last = False
        self._empty_fragments = 0

    def space(self) -> memoryview:
        """Where the next bytes of the stream go; never empty."""
        large = self._large
        if large is not None:
            return large.view[self._large_filled : self._large_size]
        if self._start == self._end:
            self._start = 0
            self._end = 0
            if self._window == WINDOW:
                return self._view
        elif WINDOW - self._end < MINIMUM_SPACE or WINDOW - self._start < SMALL_RECORD + 4:
            left = self._end - self._start
            self._view[0:left] = self._view[self._start : self._end]
            self._start = 0
            self._end = left
        return self._view[self._end : min(WINDOW, self._end + self._window)]

    def received(self, count: int) -> None:
        if self._large is not None:
            self._large_filled += count
        else:
            self._end += count

    def is_between_records(self) -> bool:
        return self._large is None and self._parts is None and self._start == self._end

    def next(self) -> bytes | memoryview | None:
        """The next whole record, or None. Raises RecordError."""
        large = self._large
        if large is not None:
            if self._large_filled < self._large_size:
                return None
            self._large = None
            self.taken = large
            return large.view[0 : self._large_size]
        self.taken = None
        while True:
            if self._parts is not None:
                if not self._continue_parts(self._parts):
                    return None
                if self._part_last:
                    return self._whole_of_parts(self._parts)
            start = self._start
            available = self._end - start
            if available < 4:
                return None
            memory = self._memory
            mark = (memory[start] << 24) | (memory[start + 1] << 16) | (memory[start + 2] << 8) | memory[start + 3]
            size = mark & LENGTH_MASK
            if size > self._maximum:
                raise RecordError(f"a record of at least {size} bytes; the most is {self._maximum}")
            if self._parts is None and mark >= LAST_FRAGMENT:
                if size <= SMALL_RECORD:
                    if available < size + 4:
                        return None
                    start += 4
                    self._start = start + size
                    self._window = WINDOW
                    return bytes(self._view[start : start + size])
                if self._begin_large(size):
                    return self.next()
                return None
            self._begin_fragment(size, mark >= LAST_FRAGMENT)

    def close(self) -> None:
        """Gives back what a half-received record holds."""
        if self._large is not None:
            self._pool.give(self._large)
            self._large = None
        self._parts = None

    def _begin_large(self, size: int) -> bool:
        """Moves what is there of a large record to a buffer of its own; true when that is all of it."""
        start = self._start + 4
        there = min(self._end - start, size)
        large = self._pool.take(size)
        large.view[0:there] = self._view[start : start + there]
        self._start = start + there
        self._large = large
        self._large_size = size
        self._large_filled = there
        self._window = WINDOW_AFTER_LARGE
        return there == size

    def _begin_fragment(self, size: int, last: bool) -> None:
        if self._parts is None:
            self._parts = bytearray()
            self._empty_fragments = 0
        if len(self._parts) + size > self._maximum:
            raise RecordError(f"a record of at least {len(self._parts) + size} bytes; the most is {self._maximum}")
        if size == 0 and not last:
            self._empty_fragments += 1
            if self._empty_fragments > MAXIMUM_EMPTY_FRAGMENTS:
                raise RecordError(f"a record with more than {MAXIMUM_EMPTY_FRAGMENTS} empty fragments")
        self._start += 4
        self._part_left = size
        self._part_last = last

    def _continue_parts(self, parts: bytearray) -> bool:
        """Takes over what is there of the current fragment; true when it is complete."""
        count = min(self._end - self._start, self._part_left)
        if count:
            parts += self._view[self._start : self._start + count]
            self._start += count
            self._part_left -= count
        return self._part_left == 0

    def _whole_of_parts(self, parts: bytearray) -> bytes | memoryview:
        size = len(parts)
        self._parts = None
        if size <= SMALL_RECORD:
            return bytes(parts)
        buffer = self._pool.take(size)
        buffer.view[0:size] = parts
        self.taken = buffer
        return buffer.view[0:size]


def record_mark(size: int) -> bytes:
    """The mark of a record of `size` bytes in a single fragment."""
    return (LAST_FRAGMENT | size).to_bytes(4, "big")
