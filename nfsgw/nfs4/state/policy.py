"""Whether to grant a delegation: a reading that nobody disturbs, a writer who is alone, and nothing that was in
somebody's way lately.

Only the decision and what it remembers; how to grant and recall is in delegations.py. A wrong decision costs a round
trip, never coherence. After the adaptive schemes of RFC 8881, 10.4 ("past history").
"""

from __future__ import annotations

from typing import Final

from nfsgw.nfs4.state.filestate import BOTH, READ, WRITE, Delegation, FileState
from nfsgw.nfs4.state.sessions import Client

NOTHING: Final = 0

# What the client said that it wants (the WANT bits of an OPEN, or WANT_DELEGATION).
NO_PREFERENCE: Final = 0
WANT_READ: Final = 1
WANT_WRITE: Final = 2
WANT_ANY: Final = 3

QUIET: Final = 2.0  # seconds without a grant after the first recall of a file; doubled by each that follows soon
QUIET_AT_MOST: Final = 64.0
FORGET_AFTER: Final = 120.0  # seconds after which a recall counts as the first again

SHORT_LIFE: Final = 10.0  # seconds: a delegation on a new file that ends before was not worth its return
SHORT_LIVES: Final = 16  # so many of them in one directory, and more than half of all: no more for a while
PAUSE: Final = 60.0  # seconds

REMEMBERED: Final = 16_384  # files, and directories


class Contention:
    """Of one file or directory: until when nothing is granted, and how many recalls led to that."""

    def __init__(self) -> None:
        self.times = 0
        self.until = 0.0


class Nursery:
    """Of one directory: what became of the delegations that were granted on files as they were created in it."""

    def __init__(self) -> None:
        self.granted = 0
        self.short_lived = 0
        self.paused_until = 0.0


class Policy:
    """One memory for all clients. Times are `now` of the calls, in seconds."""

    def __init__(self) -> None:
        self._contended: dict[int, Contention] = {}
        self._nurseries: dict[int, Nursery] = {}

    # -- the decision

    def choose(self, file: FileState, client: Client, access: int, want: int, born_in: int, now: float) -> int:
        """READ, BOTH (a write delegation) or NOTHING, for a client that opens the file with `access` (which is
        counted in `file` already; 0 where it does not open it). `born_in`: the directory, where the file is new."""
        if self.contended(file.inode_id, now):
            return NOTHING
        if born_in and want == NO_PREFERENCE and self.paused(born_in, now):
            return NOTHING
        if self.wants_to_write(access, want) and self.alone(file, client):
            return BOTH
        if want == WANT_WRITE or file.writers or file.read_deniers:
            return NOTHING
        for held in file.delegations.values():
            if held.access & WRITE:
                return NOTHING
        return READ

    def wants_to_write(self, access: int, want: int) -> bool:
        if want == NO_PREFERENCE:
            return access & WRITE != 0
        return want != WANT_READ

    def alone(self, file: FileState, client: Client) -> bool:
        return not file.delegations and not file.opened_by_others(client)

    def contended(self, inode_id: int, now: float) -> bool:
        known = self._contended.get(inode_id)
        return known is not None and now < known.until

    def paused(self, directory_id: int, now: float) -> bool:
        """Whether files that are created there have lately been given away or returned at once: it would be one
        DELEGRETURN more for each."""
        nursery = self._nurseries.get(directory_id)
        return nursery is not None and now < nursery.paused_until

    # -- what it learns from

    def granted(self, held: Delegation) -> None:
        if held.born_in:
            nursery = self._nurseries.get(held.born_in)
            if nursery is None:
                nursery = Nursery()
                self._nurseries[held.born_in] = nursery
                if len(self._nurseries) > REMEMBERED:
                    del self._nurseries[next(iter(self._nurseries))]
            nursery.granted += 1

    def recalled(self, held: Delegation, now: float) -> None:
        known = self._contended.pop(held.inode_id, None)
        if known is None or now - known.until > FORGET_AFTER:
            known = Contention()
        self._contended[held.inode_id] = known  # the last in the order in which they are forgotten
        known.until = now + min(QUIET * float(1 << min(known.times, 16)), QUIET_AT_MOST)
        known.times += 1
        if len(self._contended) > REMEMBERED:
            del self._contended[next(iter(self._contended))]

    def returned(self, held: Delegation, now: float) -> None:
        if not held.born_in or now - held.granted > SHORT_LIFE:
            return
        nursery = self._nurseries.get(held.born_in)
        if nursery is None:
            return
        nursery.short_lived += 1
        if nursery.short_lived >= SHORT_LIVES and nursery.short_lived * 2 > nursery.granted:
            nursery.paused_until = now + PAUSE
            nursery.granted = nursery.short_lived = 0
