"""What hangs on a file that somebody uses: opens, lock states and delegations, and the FileState where they meet.

Values with the little arithmetic that keeps them consistent; the rules are in files.py and delegations.py. A FileState
lives while there is an open or a delegation. RFC 8881, 8.2, 9 and 10.4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nfsgw.nfs4.state.ranges import LockOwner, RangeLocks
from nfsgw.nfs4.state.sessions import Client, Grant
from nfsgw.nfs4.state.stateids import DELEGATION, LOCK, OPEN, StateObject
from nfsgw.suspend import Completion
from nfsgw.wire.nfs4 import OPEN4_SHARE_ACCESS_BOTH, OPEN4_SHARE_ACCESS_READ, OPEN4_SHARE_ACCESS_WRITE

READ: Final = OPEN4_SHARE_ACCESS_READ
WRITE: Final = OPEN4_SHARE_ACCESS_WRITE
BOTH: Final = OPEN4_SHARE_ACCESS_BOTH

OpenKey = tuple[int, bytes]
"""Client id and open owner."""

# A delegation is HELD until somebody else needs the object. Then it is RECALLING: the holder has been asked for it, or
# is being asked again while nothing can be carried to it, and a lease time runs. It ends RETURNED (by its holder, with
# its holder, or because the holder says that it has none), or, when the time is up or the holder's lease has lapsed,
# REVOKED: then its stateid stays known, so that TEST_STATEID and FREE_STATEID can say so (RFC 8881, 10.2.1, 10.4.6).
HELD: Final = 0
RECALLING: Final = 1
RETURNED: Final = 2
REVOKED: Final = 3

# What may happen to it.
CONFLICT: Final = 0  # somebody else needs the object
RETURN: Final = 1
REVOKE: Final = 2

TRANSITIONS: Final = {
    (HELD, CONFLICT): RECALLING,
    (HELD, RETURN): RETURNED,
    (HELD, REVOKE): REVOKED,
    (RECALLING, RETURN): RETURNED,
    (RECALLING, REVOKE): REVOKED,
}


class OpenState(StateObject):
    """One open owner's open of one file, however often it opened it."""

    def __init__(self, client: Client, owner: bytes, other: bytes, file: FileState, access: int, deny: int) -> None:
        super().__init__(OPEN, other, file.inode_id)
        self.client = client
        self.owner = owner
        self.file = file
        self.access = access
        self.deny = deny
        self.history = 1 << mode_bit(
            access, deny
        )  # the modes that were asked for, as bits: what OPEN_DOWNGRADE may go back to
        self.lock_states: dict[LockOwner, LockState] = {}


class LockState(StateObject):
    """The byte-range locks of one lock owner, as far as they were gotten through one open."""

    def __init__(self, opened: OpenState, owner: LockOwner, other: bytes) -> None:
        super().__init__(LOCK, other, opened.inode_id)
        self.opened = opened
        self.owner = owner


class Delegation(StateObject):
    """What one client may do with an object without asking: `access` is READ (also of a directory), or BOTH for a
    write delegation. `change` is the object's change value at the grant, which the holder of a write delegation takes
    for that of clean data (10.4.3)."""

    def __init__(
        self,
        client: Client,
        other: bytes,
        file: FileState,
        access: int,
        handle: bytes,
        change: int,
        grant: Grant | None,
        born_in: int,
        kind: int,
        now: float,
    ) -> None:
        super().__init__(DELEGATION, other, file.inode_id)
        self.client = client
        self.file = file
        self.access = access
        self.handle = handle
        self.change = change
        self.counted_as = kind
        self.granted = now
        self.born_in = born_in  # the directory, where the file was created by the open that was granted this
        self.phase = HELD
        self.recalled = 0.0  # when the recall began
        self.attempts = 0  # how often the holder has been asked
        self.shown = 0  # the change value with which somebody was told what only the holder's cache bears out
        self.cancel_expiry: Callable[[], None] | None = None
        self.cancel_retry: Callable[[], None] | None = None
        self.grant = grant

    def pass_to(self, event: int) -> None:
        self.phase = TRANSITIONS[(self.phase, event)]

    def received(self) -> bool:
        """Whether the reply that granted it has surely arrived, or never will."""
        return self.grant is None or self.grant.settled()

    def stop_timers(self) -> None:
        for cancel in (self.cancel_expiry, self.cancel_retry):
            if cancel is not None:
                cancel()
        self.cancel_expiry = None
        self.cancel_retry = None


class Waiter(Completion):
    """One operation that waits for delegations, no longer than its bound."""

    def __init__(self) -> None:
        super().__init__()
        self.cancel_bound: Callable[[], None] | None = None

    def release(self) -> None:
        """Goes on now, for whatever reason; later reasons find it done."""
        if self.cancel_bound is not None:
            self.cancel_bound()
            self.cancel_bound = None
        if not self.done:
            self.finish()


class Question(Waiter):
    """CB_GETATTR to the holder of a write delegation; `status` is not NFS4_OK when it did not answer in time."""

    def __init__(self, held: Delegation) -> None:
        super().__init__()
        self.held = held
        self.status = -1
        self.change = 0
        self.size = 0


class FileState:
    """A file that somebody has open, or an object that somebody holds a delegation on."""

    def __init__(self, inode_id: int) -> None:
        self.inode_id = inode_id
        self.opens: dict[OpenKey, OpenState] = {}
        self.delegations: dict[int, Delegation] = {}  # by client id: never two for one client
        self.waiters: list[Waiter] = []  # who waits until none of them is being recalled
        self.locks = RangeLocks()
        self.readers = 0  # opens by what they access and what they deny
        self.writers = 0
        self.read_deniers = 0
        self.write_deniers = 0

    def used(self) -> bool:
        return bool(self.opens) or bool(self.delegations)

    def recalling(self) -> bool:
        return any(held.phase == RECALLING for held in self.delegations.values())

    def opened_by_others(self, client: Client) -> bool:
        return any(opened.client is not client for opened in self.opens.values())

    def accessed(self) -> int:
        """The union of the access modes of all opens."""
        return (READ if self.readers else 0) | (WRITE if self.writers else 0)

    def denied(self) -> int:
        """The union of the deny modes of all opens."""
        return (READ if self.read_deniers else 0) | (WRITE if self.write_deniers else 0)

    def count(self, access: int, deny: int, by: int) -> None:
        if access & READ:
            self.readers += by
        if access & WRITE:
            self.writers += by
        if deny & READ:
            self.read_deniers += by
        if deny & WRITE:
            self.write_deniers += by


def mode_bit(access: int, deny: int) -> int:
    """Number of a pair of modes: access 1 to 3, deny 0 to 3."""
    return (access - 1) * 4 + deny
