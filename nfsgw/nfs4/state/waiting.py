"""Blocked locks: who was denied one and waits to be told, in which order, and whose turn it is. RFC 8881, 9.6, 20.11.

A waiter is WAITING until nothing forbids his range; then he is CALLED: told (CB_NOTIFY_LOCK), and the range is kept for
him against whoever came later, for a bounded time. It must never give a lock: only the waiter's own LOCK does, and who
does not come loses his place. Deadlocks are the clients' to find (9.6).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from nfsgw.nfs4.callbacks.door import Callbacks, NoCallbacks
from nfsgw.nfs4.state.ranges import HeldRange, LockOwner, RangeLocks
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import lock_owner4

if TYPE_CHECKING:
    from nfsgw.nfs4.state.sessions import Client
    from nfsgw.nfs4.state.stateids import StateObject

WAITING: Final = 0
CALLED: Final = 1


class Waiter:
    """One lock that somebody waits for: by whom, through which open, and how the client knows the file."""

    def __init__(
        self, client: Client, opened: StateObject, owner: bytes, write: bool, start: int, end: int, handle: bytes
    ) -> None:
        self.client = client
        self.opened = opened
        self.owner = owner
        self.write = write
        self.start = start
        self.end = end
        self.handle = handle
        self.state = WAITING
        self.cancel: Callable[[], None] | None = None  # of the timer that ends his turn

    def same(self, client: Client, owner: bytes, start: int, end: int) -> bool:
        return self.start == start and self.end == end and self.client is client and self.owner == owner

    def forbids(self, client: Client, owner: bytes, write: bool, start: int, end: int) -> bool:
        """Whether his having this range forbids it to that owner."""
        if self.start >= end or start >= self.end or not (self.write or write):
            return False
        return self.client is not client or self.owner != owner


class WaitingList:
    """Of one file, first come first."""

    def __init__(self, locks: RangeLocks) -> None:
        self.locks = locks
        self.waiters: list[Waiter] = []
        self.called = 0


class Waiting:
    """All lists. `callbacks` is set by whoever can reach clients."""

    def __init__(self, settings: StateSettings, timers: Timers) -> None:
        self.callbacks: Callbacks = NoCallbacks()
        self._settings = settings
        self._timers = timers
        self.lists: dict[int, WaitingList] = {}  # by inode id

    # -- what LOCK asks

    def keeper(
        self, inode_id: int, client: Client, owner: bytes, write: bool, start: int, end: int
    ) -> HeldRange | None:
        """The range that is kept for somebody else and forbids this one. He stands in it as if he held it."""
        waiting = self.lists.get(inode_id)
        if waiting is None or waiting.called == 0:
            return None
        for waiter in waiting.waiters:
            if waiter.state == CALLED and waiter.forbids(client, owner, write, start, end):
                return HeldRange(
                    LockOwner(waiter.client.clientid, waiter.owner), waiter.write, waiter.start, waiter.end
                )
        return None

    def denied(
        self,
        inode_id: int,
        locks: RangeLocks,
        client: Client,
        opened: StateObject,
        owner: bytes,
        write: bool,
        start: int,
        end: int,
        handle: bytes,
    ) -> None:
        """Somebody who would wait was denied the lock. Who asks again keeps his place."""
        waiting = self.lists.get(inode_id)
        if waiting is None:
            waiting = WaitingList(locks)
            self.lists[inode_id] = waiting
        for waiter in waiting.waiters:
            if waiter.same(client, owner, start, end):
                waiter.write = write
                if waiter.state == CALLED:
                    self._stop(waiting, waiter)
                    self.serve(inode_id)
                return
        settings = self._settings
        if len(waiting.waiters) < settings.max_waiters_per_file and client.waiting < settings.max_waiters_per_client:
            client.waiting += 1
            waiting.waiters.append(Waiter(client, opened, owner, write, start, end, handle))
        self._tidy(inode_id, waiting)

    def withdrawn(self, inode_id: int, client: Client, owner: bytes, start: int, end: int) -> None:
        """The owner has asked for this very range without wanting to wait."""
        waiting = self.lists.get(inode_id)
        if waiting is None:
            return
        for waiter in waiting.waiters:
            if waiter.same(client, owner, start, end):
                self._remove(waiting, waiter)
                break
        self.serve(inode_id)

    def granted(self, inode_id: int, client: Client, owner: bytes, start: int, end: int) -> None:
        """The owner has this range now, and need not wait for any part of it. What it had of another type there may
        have become free for others."""
        waiting = self.lists.get(inode_id)
        if waiting is None:
            return
        for waiter in list(waiting.waiters):
            if waiter.client is client and waiter.owner == owner and start <= waiter.start and waiter.end <= end:
                self._remove(waiting, waiter)
        self.serve(inode_id)

    # -- what makes it somebody's turn

    def serve(self, inode_id: int) -> None:
        """Something of the file may have become free: everybody, from the head of the list, whose range nothing
        forbids is called. A client that cannot be told is not, for the range would be kept in vain."""
        waiting = self.lists.get(inode_id)
        if waiting is None:
            return
        wall: HeldRange | None = None  # the range that was last found in the way: likely in the next one's too
        for waiter in list(waiting.waiters):
            if waiter.state == CALLED:
                continue
            if wall is not None and in_the_way(wall, waiter):
                continue
            client = waiter.client
            wall = waiting.locks.conflict(
                client.lock_owners.get(waiter.owner), waiter.write, waiter.start, waiter.end
            ) or self.keeper(inode_id, client, waiter.owner, waiter.write, waiter.start, waiter.end)
            if wall is None and self.callbacks.proven(client):
                self._call(inode_id, waiting, waiter)
        self._tidy(inode_id, waiting)

    def reachable(self, client: Client) -> None:
        """Callbacks of the client are known to work, perhaps anew: it may have missed its turns."""
        if client.waiting == 0:
            return
        for inode_id in list(self.lists):
            self.serve(inode_id)

    def left(self, opened: StateObject) -> None:
        """The open is gone, and with it all that was to be locked through it."""
        inode_id = opened.inode_id
        waiting = self.lists.get(inode_id)
        if waiting is None:
            return
        for waiter in list(waiting.waiters):
            if waiter.opened is opened:
                self._remove(waiting, waiter)
        self.serve(inode_id)

    # -- parts

    def _call(self, inode_id: int, waiting: WaitingList, waiter: Waiter) -> None:
        waiter.state = CALLED
        waiting.called += 1
        waiter.cancel = self._timers.after(
            self._settings.lock_turn_seconds, partial(self._over, inode_id, waiting, waiter)
        )
        self.callbacks.notify_lock(waiter.client, waiter.handle, lock_owner4(waiter.client.clientid, waiter.owner))

    def _over(self, inode_id: int, waiting: WaitingList, waiter: Waiter) -> None:
        """He did not come: the next one's turn. If he still wants it he will ask, and be the last in the list."""
        waiter.cancel = None
        self._remove(waiting, waiter)
        self.serve(inode_id)

    def _stop(self, waiting: WaitingList, waiter: Waiter) -> None:
        """His turn is over, if it was."""
        if waiter.state == CALLED:
            waiter.state = WAITING
            waiting.called -= 1
        if waiter.cancel is not None:
            waiter.cancel()
            waiter.cancel = None

    def _remove(self, waiting: WaitingList, waiter: Waiter) -> None:
        self._stop(waiting, waiter)
        waiting.waiters.remove(waiter)
        waiter.client.waiting -= 1

    def _tidy(self, inode_id: int, waiting: WaitingList) -> None:
        if not waiting.waiters and self.lists.get(inode_id) is waiting:
            del self.lists[inode_id]


def in_the_way(held: HeldRange, waiter: Waiter) -> bool:
    """Whether the range, held or kept by somebody, forbids the waiter's."""
    if held.start >= waiter.end or waiter.start >= held.end or not (held.write or waiter.write):
        return False
    return held.owner.clientid != waiter.client.clientid or held.owner.owner != waiter.owner
