"""What the protocol layers count while they work: plain integers in objects that are made in advance.

Compiled, and called for every operation. Nothing here knows what becomes of a number; nothing is ever set back, for
who reads it takes differences. The collector turns it into metrics when it is asked.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from nfsgw.metrics.timings import BOUNDS, SHORTEST, WIDTH, Timings
from nfsgw.wire.nfs4 import OP_REMOVEXATTR

NUMBERS: Final = OP_REMOVEXATTR + 1
UNKNOWN: Final = 0
"""Stands for operations that there are not, and for a compound in which none ran. No operation has this number."""

READ_DELEGATION: Final = 0
WRITE_DELEGATION: Final = 1
DIRECTORY_DELEGATION: Final = 2
DELEGATION_KINDS: Final = ("read", "write", "directory")


class DelegationCounts:
    """`held` goes up with each grant and down with each end, of which there are three: returned by the client, revoked,
    or dropped with the client or the object that it was for. A recall ends nothing."""

    def __init__(self) -> None:
        kinds = len(DELEGATION_KINDS)
        self.held = [0] * kinds
        self.granted = [0] * kinds
        self.recalled = [0] * kinds
        self.returned = [0] * kinds
        self.revoked = [0] * kinds
        self.dropped = [0] * kinds
        self.recalls = Timings()  # from the decision to recall to the return, or to the revocation when time was up

    def grant(self, kind: int) -> None:
        self.granted[kind] += 1
        self.held[kind] += 1

    def recall(self, kind: int) -> None:
        self.recalled[kind] += 1

    def recall_ended(self, seconds: float) -> None:
        self.recalls.add(seconds)

    def give_back(self, kind: int) -> None:
        self.returned[kind] += 1
        self.held[kind] -= 1

    def revoke(self, kind: int) -> None:
        self.revoked[kind] += 1
        self.held[kind] -= 1

    def drop(self, kind: int) -> None:
        self.dropped[kind] += 1
        self.held[kind] -= 1


class OperationCounts:
    """Of one operation, in integers that are attributes: an element of a list would be made anew for each addition."""

    def __init__(self) -> None:
        self.done = 0  # that ended NFS4_OK
        # compounds that are named after it, and how long they took
        self.nanoseconds = 0
        self.shortest = 0  # those up to the first bound
        self.longer = [0] * WIDTH  # the others by their bucket

    def buckets(self) -> list[int]:
        return [self.shortest, *self.longer[1:]]


class Counts:
    """One for a gateway; State makes it, and the engine and the operations share it."""

    def __init__(self) -> None:
        self.operations = [OperationCounts() for _ in range(NUMBERS)]  # by number
        self.errors: dict[tuple[int, int], int] = {}  # operations that failed, by number and status
        self.directory_getattrs = 0
        self.replays = 0
        self.suspended = 0
        self.bytes_read = 0
        self.bytes_written = 0
        self.delegations = DelegationCounts()
        self.callbacks: dict[tuple[int, int], int] = {}  # by operation and status; UNREACHABLE (-1) among those

    def fail(self, number: int, status: int) -> None:
        """An operation has been answered with an error. Those that end NFS4_OK the engine adds to `done` itself."""
        key = (number if number < NUMBERS else UNKNOWN, status)
        self.errors[key] = self.errors.get(key, 0) + 1

    def compound(self, number: int, seconds: float) -> None:
        """The reply of a compound has been handed to its connection, `seconds` after its call came. `number`: the
        operation that it is named after."""
        if number >= NUMBERS:
            number = UNKNOWN
        of = self.operations[number]
        of.nanoseconds += int(seconds * 1e9)
        if seconds <= SHORTEST:
            of.shortest += 1
        else:
            of.longer[bisect_left(BOUNDS, seconds)] += 1

    def callback(self, number: int, status: int) -> None:
        """A callback (its operation's number in CB_COMPOUND) has its outcome."""
        key = (number, status)
        self.callbacks[key] = self.callbacks.get(key, 0) + 1
