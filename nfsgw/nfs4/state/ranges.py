"""Byte-range locks of one file, with POSIX split and merge. RFC 8881, 9.2, 9.3 and 18.10 to 18.12.

A range is [start, end); an end of 2**64 means "to the end of the file, however long". Write ranges of all owners never
overlap, so they live in one sorted list, and a request for a read lock is judged by bisection. Read ranges of
different owners do overlap; each reading owner has a sorted list of its own, which only requests for write locks look
at. So memory grows with the number of ranges that owners hold, never with how they overlap.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from nfsgw.errors import NFSError
from nfsgw.wire.nfs4 import NFS4ERR_INVAL

if TYPE_CHECKING:
    from nfsgw.nfs4.minor0.owners import Sequence
    from nfsgw.nfs4.state.stateids import StateObject

END: Final = 1 << 64
UINT64_MAX: Final = END - 1


class LockOwner:
    """Who locks: opaque bytes that mean something together with the client. Two owners are the same when they are the
    same object. `states`: the lock states that speak for it, by stateid4.other. `sequence`: of its requests, in 4.0."""

    def __init__(self, clientid: int, owner: bytes) -> None:
        self.clientid = clientid
        self.owner = owner
        self.states: dict[bytes, StateObject] = {}
        self.sequence: Sequence | None = None


class HeldRange:
    """A range as somebody holds it."""

    def __init__(self, owner: LockOwner, write: bool, start: int, end: int) -> None:
        self.owner = owner
        self.write = write
        self.start = start
        self.end = end

    def length(self) -> int:
        """As on the wire: all ones for "to the end"."""
        return UINT64_MAX if self.end == END else self.end - self.start


class RangeList:
    """Disjoint ranges, sorted; neighbours of one owner that touch are one range."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.owners: list[LockOwner] = []

    def first_past(self, start: int) -> int:
        """Index of the first range that ends after `start`."""
        index = bisect_right(self.starts, start)
        if index > 0 and self.ends[index - 1] > start:
            return index - 1
        return index

    def overlaps(self, start: int, end: int) -> int:
        """Index of the first range that shares a byte with [start, end), or -1."""
        index = self.first_past(start)
        if index < len(self.starts) and self.starts[index] < end:
            return index
        return -1

    def covers(self, owner: LockOwner, start: int, end: int) -> bool:
        """Whether `owner` holds every byte of [start, end)."""
        index = self.first_past(start)
        return (
            index < len(self.starts)
            and self.owners[index] is owner
            and self.starts[index] <= start
            and self.ends[index] >= end
        )

    def cut(self, owner: LockOwner, start: int, end: int) -> bool:
        """Take [start, end) away from `owner`; what others hold in between stays. False: it held nothing there."""
        first = self.first_past(start)
        last = first
        count = len(self.starts)
        starts: list[int] = []
        ends: list[int] = []
        owners: list[LockOwner] = []
        touched = False
        while last < count and self.starts[last] < end:
            low = self.starts[last]
            high = self.ends[last]
            holder = self.owners[last]
            if holder is not owner:
                starts.append(low)
                ends.append(high)
                owners.append(holder)
            else:
                touched = True
                if low < start:
                    starts.append(low)
                    ends.append(start)
                    owners.append(holder)
                if high > end:
                    starts.append(end)
                    ends.append(high)
                    owners.append(holder)
            last += 1
        if touched:
            self.starts[first:last] = starts
            self.ends[first:last] = ends
            self.owners[first:last] = owners
        return touched

    def put(self, owner: LockOwner, start: int, end: int) -> None:
        """Give [start, end), where nobody holds anything, to `owner`."""
        first = bisect_right(self.starts, start)
        last = first
        if first > 0 and self.ends[first - 1] == start and self.owners[first - 1] is owner:
            first -= 1
            start = self.starts[first]
        if last < len(self.starts) and self.starts[last] == end and self.owners[last] is owner:
            end = self.ends[last]
            last += 1
        self.starts[first:last] = [start]
        self.ends[first:last] = [end]
        self.owners[first:last] = [owner]


class RangeLocks:
    """All byte-range locks of one file."""

    def __init__(self) -> None:
        self.writes = RangeList()
        self.reads: dict[LockOwner, RangeList] = {}

    def count(self) -> int:
        total = len(self.writes.starts)
        for ranges in self.reads.values():
            total += len(ranges.starts)
        return total

    def conflict(self, owner: LockOwner | None, write: bool, start: int, end: int) -> HeldRange | None:
        """A range of somebody else that forbids `owner` (None: an owner that holds nothing anywhere) this lock."""
        writes = self.writes
        index = writes.first_past(start)
        count = len(writes.starts)
        while index < count and writes.starts[index] < end:
            holder = writes.owners[index]
            if holder is not owner:
                return HeldRange(holder, True, writes.starts[index], writes.ends[index])
            index += 1
        if write:
            for reader, ranges in self.reads.items():
                if reader is not owner:
                    index = ranges.overlaps(start, end)
                    if index >= 0:
                        return HeldRange(reader, False, ranges.starts[index], ranges.ends[index])
        return None

    def lock(self, owner: LockOwner, write: bool, start: int, end: int) -> None:
        """Takes effect where `conflict` found none: what the owner held there of either type becomes this lock."""
        if write:
            self._cut_reads(owner, start, end)
            if not self.writes.covers(owner, start, end):
                self.writes.cut(owner, start, end)
                self.writes.put(owner, start, end)
            return
        self.writes.cut(owner, start, end)
        ranges = self.reads.get(owner)
        if ranges is None:
            ranges = RangeList()
            self.reads[owner] = ranges
        if not ranges.covers(owner, start, end):
            ranges.cut(owner, start, end)
            ranges.put(owner, start, end)

    def unlock(self, owner: LockOwner, start: int, end: int) -> bool:
        """False: the owner held nothing there."""
        read = self._cut_reads(owner, start, end)
        return self.writes.cut(owner, start, end) or read

    def holds(self, owner: LockOwner) -> bool:
        return owner in self.reads or owner in self.writes.owners

    def held(self) -> list[HeldRange]:
        """Every range, for listings and tests."""
        writes = self.writes
        found = [
            HeldRange(writes.owners[index], True, writes.starts[index], writes.ends[index])
            for index in range(len(writes.starts))
        ]
        for owner, ranges in self.reads.items():
            for index in range(len(ranges.starts)):
                found.append(HeldRange(owner, False, ranges.starts[index], ranges.ends[index]))
        return found

    def _cut_reads(self, owner: LockOwner, start: int, end: int) -> bool:
        ranges = self.reads.get(owner)
        if ranges is None:
            return False
        touched = ranges.cut(owner, start, end)
        if not ranges.starts:
            del self.reads[owner]
        return touched


def range_end(offset: int, length: int) -> int:
    """End of the range of LOCK, LOCKT, LOCKU. INVAL: no length, or past the last 64-bit offset (18.10.3)."""
    if length == UINT64_MAX:
        return END
    if length == 0 or offset + length > UINT64_MAX:
        raise NFSError(NFS4ERR_INVAL)
    return offset + length
