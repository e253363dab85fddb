# Copied from xdr/runtime.py by `python -m xdr.generate`: not to be edited by hand.
"""Reading and writing XDR (RFC 4506): what all emitted codecs share.

A `Reader` never copies a large payload and never raises anything but XdrError, whatever the bytes; a `Writer` gathers
segments for `writelines`. Typed for mypyc: the same code runs interpreted and compiled. It must know nothing of the
protocols above it.
"""

from __future__ import annotations

from typing import ClassVar, Final, NoReturn, final

from librt.strings import BytesWriter, read_i32_be, read_i64_be, write_i32_be, write_i64_be
from mypy_extensions import i64 as int64

WHOLE: Final = 16384
"""Records up to this many bytes are copied whole into the window."""

PREFIX: Final = 4096
"""Of a larger record, the window holds this many bytes at a time."""

PAYLOAD: Final = 4096
"""A bulk opaque of at least this many bytes becomes a segment of its own, without a copy."""

OPAQUE_CAP: Final = 1048576
"""The bound, in bytes, of an opaque that is not bulk and that its definition leaves unbounded."""

BITMAP_WORDS: Final = 32
"""The most words that a bitmap may have on the wire."""


class XdrError(Exception):
    """The bytes are not a value of the type that is read, or the value does not fit the type that is written."""


class Struct:
    """Base of all emitted classes: equal when of one class with equal fields, printed with their names."""

    FIELDS: ClassVar[tuple[str, ...]] = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        return all(getattr(self, name) == getattr(other, name) for name in self.FIELDS)

    def __hash__(self) -> int:
        raise TypeError(f"{type(self).__name__} can change, so it has no hash")

    def __repr__(self) -> str:
        shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in self.FIELDS])
        return f"{type(self).__name__}({shown})"


@final
class Reader:
    """Reads one record from its start.

    Reads are served from `window`, a bytes object that holds part of the record from `base` on; a read that needs more
    moves the window forward. A record that is a bytes object is its own window. The record must be contiguous bytes and
    must not change while this reader, or a memoryview that `bulk` returned, is in use.
    """

    def __init__(self, record: bytes | bytearray | memoryview) -> None:
        self._size: int64 = len(record)
        self._base: int64 = 0
        self._at: int64 = 0
        self._record: memoryview | None = None
        if isinstance(record, bytes):
            self.window: bytes = record
        elif self._size <= WHOLE:
            self.window = bytes(record)
        else:
            view = memoryview(record)
            self._record = view
            self.window = bytes(view[:PREFIX])
        self._end: int64 = len(self.window)

    def take(self, size: int64) -> int64:
        """Pass over `size` bytes that lie in the window, and return where in the window they begin.

        The emitted codecs read runs of fixed-size fields with this: one bounds check for all of them.
        """
        at = self._at
        if at + size > self._end:
            self._slide(size)
            at = 0
        self._at = at + size
        return at

    def _slide(self, size: int64) -> None:
        """Move the window so that it begins at the current position and holds at least `size` bytes."""
        start = self._base + self._at
        if self._size - start < size:
            truncated()
        record = self._record
        if record is None:
            truncated()
        length = size if size > PREFIX else PREFIX
        window = bytes(record[start : start + length])
        self.window = window
        self._base = start
        self._at = 0
        self._end = len(window)

    def u32(self) -> int:
        at = self.take(4)
        return u32_at(self.window, at)

    def i32(self) -> int:
        at = self.take(4)
        return read_i32_be(self.window, at)

    def u64(self) -> int:
        at = self.take(8)
        return u64_at(self.window, at)

    def i64(self) -> int:
        at = self.take(8)
        return read_i64_be(self.window, at)

    def boolean(self) -> bool:
        at = self.take(4)
        return bool_at(self.window, at)

    def enum(self, low: int, high: int, name: str) -> int:
        """A member of the enumeration `name`, whose values are `low` to `high` without a gap."""
        at = self.take(4)
        return enum_at(self.window, at, low, high, name)

    def member(self, names: dict[int, str], name: str) -> int:
        """A member of the enumeration `name`, whose values are the keys of `names`."""
        at = self.take(4)
        return member_at(self.window, at, names, name)

    def fixed(self, size: int64) -> bytes:
        """An opaque of exactly `size` bytes."""
        at = self.take((size + 3) & ~3)
        return self.window[at : at + size]

    def opaque(self, limit: int64) -> bytes:
        """An opaque of up to `limit` bytes, copied."""
        size: int64 = self.u32()
        if size > limit:
            too_long(size, limit)
        at = self.take((size + 3) & ~3)
        return self.window[at : at + size]

    def bulk(self) -> bytes | memoryview:
        """An opaque bounded only by the record; a memoryview of the record where a copy would be dear."""
        size: int64 = self.u32()
        padded = (size + 3) & ~3
        at = self._at
        record = self._record
        if at + padded <= self._end or record is None:
            at = self.take(padded)
            if size < WHOLE:
                return self.window[at : at + size]
            return memoryview(self.window)[at : at + size]
        start = self._base + at
        if self._size - start < padded:
            truncated()
        self.window = b""
        self._base = start + padded
        self._at = 0
        self._end = 0
        return record[start : start + size]

    def bitmap(self) -> int:
        """A bitmap4 as one integer: bit n of the map is bit n of the integer."""
        count: int64 = self.u32()
        if count > BITMAP_WORDS:
            too_long(count, BITMAP_WORDS)
        at = self.take(count * 4)
        window = self.window
        mask = 0
        while count > 0:
            count -= 1
            mask = (mask << 32) | u32_at(window, at + count * 4)
        return mask

    def array_length(self, limit: int, minimum: int64) -> int:
        """The length of an array of up to `limit` items, each at least `minimum` bytes on the wire.

        Raises XdrError where what remains cannot hold that many, so that a lie about the length allocates nothing.
        """
        count = self.u32()
        if count > limit:
            too_long(count, limit)
        needed: int64 = count
        if needed * minimum > self._size - self._base - self._at:
            truncated()
        return count

    def remaining(self) -> int:
        return self._size - self._base - self._at

    def position(self) -> int:
        """How many bytes of the record have been read."""
        return self._base + self._at

    def finish(self) -> None:
        """Say that the record must end here. Raises XdrError where bytes are left over."""
        if self._base + self._at != self._size:
            raise XdrError(f"{self.remaining()} bytes left over")


@final
class Writer:
    """Builds one record: everything but large payloads in one buffer, the payloads beside it, in order.

    Positions are those of the record (payloads included), as `length` returns them. Buffers given to `bulk` are kept,
    not copied: they must not change before the segments are sent.
    """

    def __init__(self) -> None:
        self._buffer: BytesWriter = BytesWriter()
        self._payload: int64 = 0
        self._splices: list[Splice] | None = None

    def u32(self, value: int) -> None:
        if value < 0 or value > 0xFFFFFFFF:
            out_of_range(value)
        write_i32_be(self._buffer, value if value <= 0x7FFFFFFF else value - 0x100000000)

    def i32(self, value: int) -> None:
        if value < -0x80000000 or value > 0x7FFFFFFF:
            out_of_range(value)
        write_i32_be(self._buffer, value)

    def u64(self, value: int) -> None:
        if value < 0 or value > 0xFFFFFFFFFFFFFFFF:
            out_of_range(value)
        write_i64_be(self._buffer, value if value <= 0x7FFFFFFFFFFFFFFF else value - 0x10000000000000000)

    def i64(self, value: int) -> None:
        if value < -0x8000000000000000 or value > 0x7FFFFFFFFFFFFFFF:
            out_of_range(value)
        write_i64_be(self._buffer, value)

    def boolean(self, value: bool) -> None:
        write_i32_be(self._buffer, 1 if value else 0)

    def fixed(self, value: bytes, size: int) -> None:
        """An opaque of exactly `size` bytes."""
        if len(value) != size:
            raise XdrError(f"{len(value)} bytes where {size} are due")
        self._buffer.write(value)
        self._pad(size)

    def opaque(self, value: bytes, limit: int = 0xFFFFFFFF) -> None:
        """An opaque of up to `limit` bytes, copied."""
        size = len(value)
        if size > limit:
            too_long(size, limit)
        self.u32(size)
        self._buffer.write(value)
        self._pad(size)

    def bulk(self, value: bytes | bytearray | memoryview) -> None:
        """An opaque of any length, not copied where it is large."""
        size = len(value)
        self.u32(size)
        self._part(value, size)
        self._pad(size)

    def bulk_parts(self, parts: list[bytes | bytearray | memoryview]) -> None:
        """One opaque whose content is the parts, one after the other."""
        size = 0
        for part in parts:
            size += len(part)
        self.u32(size)
        for part in parts:
            self._part(part, len(part))
        self._pad(size)

    def _part(self, value: bytes | bytearray | memoryview, size: int) -> None:
        if size >= PAYLOAD:
            splices = self._splices
            if splices is None:
                splices = []
                self._splices = splices
            splices.append(Splice(len(self._buffer), self.length(), memoryview(value)))
            self._payload += size
        elif isinstance(value, bytes):
            self._buffer.write(value)
        else:
            self._buffer.write(bytes(value))

    def _pad(self, size: int) -> None:
        over = size & 3
        if over == 1:
            self._buffer.write(b"\0\0\0")
        elif over == 2:
            self._buffer.write(b"\0\0")
        elif over == 3:
            self._buffer.write(b"\0")

    def raw(self, value: bytes) -> None:
        """Bytes that are already encoded: whole XDR units."""
        if len(value) & 3:
            raise XdrError(f"{len(value)} bytes are not whole XDR units")
        self._buffer.write(value)

    def bitmap(self, mask: int) -> None:
        """A bitmap4 in as few words as it takes; 0 is no word at all."""
        if mask < 0:
            out_of_range(mask)
        count = 0
        rest = mask
        while rest:
            rest >>= 32
            count += 1
        if count > BITMAP_WORDS:
            too_long(count, BITMAP_WORDS)
        self.u32(count)
        while count:
            self.u32(mask & 0xFFFFFFFF)
            mask >>= 32
            count -= 1

    def array_length(self, count: int, limit: int = 0xFFFFFFFF) -> None:
        """The length of an array of up to `limit` items."""
        if count > limit:
            too_long(count, limit)
        self.u32(count)

    def length(self) -> int:
        """Bytes of the record so far, payloads included."""
        return len(self._buffer) + self._payload

    def patch_u32(self, position: int, value: int) -> None:
        """Overwrite the word at `position`, which must have been written by this writer's own calls (not a payload)."""
        if value < 0 or value > 0xFFFFFFFF:
            out_of_range(value)
        at: int64 = position
        if self._splices is not None:
            for splice in self._splices:
                if position >= splice.position + splice.size:
                    at -= splice.size
                elif position + 4 > splice.position:
                    raise XdrError(f"position {position} is in a payload")
        buffer = self._buffer
        if at < 0 or at + 4 > len(buffer):
            raise XdrError(f"position {position} is not written yet")
        buffer[at] = value >> 24
        buffer[at + 1] = (value >> 16) & 0xFF
        buffer[at + 2] = (value >> 8) & 0xFF
        buffer[at + 3] = value & 0xFF

    def truncate(self, length: int) -> None:
        """Go back to an earlier `length`, forgetting what was written since."""
        if length < 0 or length > self.length():
            raise XdrError(f"length {length} was never reached")
        splices = self._splices
        while splices:
            last = splices[-1]
            if last.position < length:
                if length < last.position + last.size:
                    raise XdrError(f"length {length} is in a payload")
                break
            splices.pop()
            self._payload -= last.size
        self._buffer.truncate(length - self._payload)

    def segments(self) -> list[bytes | memoryview]:
        """The whole record, in order, as buffers for `writelines`."""
        encoded = self._buffer.getvalue()
        splices = self._splices
        if not splices:
            return [encoded]
        found: list[bytes | memoryview] = []
        done = 0
        for splice in splices:
            if splice.at > done:
                found.append(encoded[done : splice.at])
                done = splice.at
            found.append(splice.payload)
        if done < len(encoded):
            found.append(encoded[done:])
        return found

    def getvalue(self) -> bytes:
        """The whole record as one bytes object: copies payloads."""
        if not self._splices:
            return self._buffer.getvalue()
        return b"".join(self.segments())


@final
class Splice:
    """A payload that stands at `position` of the record, after the first `at` bytes of the buffer."""

    def __init__(self, at: int, position: int, payload: memoryview) -> None:
        self.at = at
        self.position = position
        self.payload = payload
        self.size = len(payload)


def u32_at(window: bytes, at: int64) -> int:
    value: int = read_i32_be(window, at)
    return value if value >= 0 else value + 0x100000000


def i32_at(window: bytes, at: int64) -> int:
    return read_i32_be(window, at)


def u64_at(window: bytes, at: int64) -> int:
    value: int = read_i64_be(window, at)
    return value if value >= 0 else value + 0x10000000000000000


def i64_at(window: bytes, at: int64) -> int:
    return read_i64_be(window, at)


def bool_at(window: bytes, at: int64) -> bool:
    value: int = read_i32_be(window, at)
    if value == 0:
        return False
    if value != 1:
        raise XdrError(f"{value} is not a bool")
    return True


def enum_at(window: bytes, at: int64, low: int, high: int, name: str) -> int:
    value: int = read_i32_be(window, at)
    if value < low or value > high:
        unknown(name, value)
    return value


def member_at(window: bytes, at: int64, names: dict[int, str], name: str) -> int:
    value: int = read_i32_be(window, at)
    if value not in names:
        unknown(name, value)
    return value


def bytes_at(window: bytes, at: int64, size: int64) -> bytes:
    return window[at : at + size]


def truncated() -> NoReturn:
    raise XdrError("the record ends too early")


def too_long(size: int, limit: int) -> NoReturn:
    raise XdrError(f"{size} items or bytes where at most {limit} may be")


def out_of_range(value: int) -> NoReturn:
    raise XdrError(f"{value} is out of range")


def unknown(name: str, value: int) -> NoReturn:
    raise XdrError(f"{value} is not a value of {name}")


def absent(union: str, arm: str) -> NoReturn:
    raise XdrError(f"{union} without its {arm}")
