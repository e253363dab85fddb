"""Opens, share reservations and byte-range locks of every file that somebody has open. RFC 8881, 8.2, 9 and 18.2,
18.10, 18.16, 18.18.

What a client whose lease has run out still holds is kept as a courtesy: whatever it forbids somebody else is revoked
on the spot, that alone, and the client learns of it when it comes back. Delegations are in delegations.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.filestate import READ, WRITE, Delegation, FileState, LockState, OpenState, mode_bit
from nfsgw.nfs4.state.grace import Grace
from nfsgw.nfs4.state.ranges import END, HeldRange, LockOwner, range_end
from nfsgw.nfs4.state.sessions import Client
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.stateids import (
    ANONYMOUS,
    LOCK,
    OPEN,
    REAL,
    StateidSource,
    StateObject,
    compare_seqid,
    special,
)
from nfsgw.nfs4.state.waiting import Waiting
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import (
    NFS4_OK,
    NFS4ERR_ADMIN_REVOKED,
    NFS4ERR_BAD_STATEID,
    NFS4ERR_DELEG_REVOKED,
    NFS4ERR_EXPIRED,
    NFS4ERR_GRACE,
    NFS4ERR_INVAL,
    NFS4ERR_LOCKED,
    NFS4ERR_LOCKS_HELD,
    NFS4ERR_NOSPC,
    NFS4ERR_OPENMODE,
    NFS4ERR_RECLAIM_CONFLICT,
    NFS4ERR_SERVERFAULT,
    NFS4ERR_SHARE_DENIED,
    OPEN4_SHARE_ACCESS_BOTH,
    OPEN4_SHARE_DENY_BOTH,
    SEQ4_STATUS_ADMIN_STATE_REVOKED,
    SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
    SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
    WRITE_LT,
    WRITEW_LT,
    stateid4,
)

REVOKED_FLAGS: Final = {
    NFS4ERR_EXPIRED: SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
    NFS4ERR_ADMIN_REVOKED: SEQ4_STATUS_ADMIN_STATE_REVOKED,
    NFS4ERR_DELEG_REVOKED: SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
}
"""What SEQUENCE tells the client as long as it has not freed what it lost so (18.46.3)."""


class Files:
    def __init__(
        self,
        settings: StateSettings,
        clients: Clients,
        grace: Grace,
        released: Callable[[int], None],
        timers: Timers,
    ) -> None:
        self._settings = settings
        self.waiting = Waiting(settings, timers)
        self._clients = clients
        self._grace = grace
        self._released = released
        self.stateids = StateidSource(grace.boot)
        self.by_inode: dict[int, FileState] = {}
        self.of_old: dict[bytes, Client] = {}  # by stateid4.other: 4.0 says nowhere else whose a stateid is
        self._emptied: list[FileState] = []
        self.total = 0  # opens and lock states of all clients, revoked ones included
        self.open_count = 0  # those that are not revoked
        self.lock_count = 0

    # -- stateids

    def find(self, client: Client, stateid: stateid4, inode_id: int) -> StateObject:
        """What `stateid` stands for. BAD_STATEID (unknown, another file's, special), OLD_STATEID, and the reason why
        it was revoked, in the order of 8.2.4."""
        found = client.states.get(stateid.other)
        if found is None or found.inode_id != inode_id:
            raise NFSError(NFS4ERR_BAD_STATEID)
        if found.revoked:
            raise NFSError(found.revoked)
        if stateid.seqid != found.seqid and stateid.seqid != 0:
            compare_seqid(stateid.seqid, found.seqid, client.slot_count())
        return found

    def open_state(self, client: Client, stateid: stateid4, inode_id: int) -> OpenState:
        found = self.find(client, stateid, inode_id)
        if not isinstance(found, OpenState):
            raise NFSError(NFS4ERR_BAD_STATEID)
        return found

    def lock_state(self, client: Client, stateid: stateid4, inode_id: int) -> LockState:
        found = self.find(client, stateid, inode_id)
        if not isinstance(found, LockState):
            raise NFSError(NFS4ERR_BAD_STATEID)
        return found

    def test(self, client: Client, stateid: stateid4) -> int:
        """TEST_STATEID's status for one stateid (18.48.3). A stateid of an earlier boot is a bad one, not a stale
        one."""
        found = client.states.get(stateid.other)
        if found is None:
            return NFS4ERR_BAD_STATEID
        if found.revoked:
            return found.revoked
        try:
            compare_seqid(stateid.seqid, found.seqid, client.slot_count())
        except NFSError as error:
            return error.status
        return NFS4_OK

    def free(self, client: Client, stateid: stateid4) -> None:
        """FREE_STATEID (18.38): of a lock state without locks, or of revoked state, which says that its loss is
        known. With an open go the locks that it had."""
        found = client.states.get(stateid.other)
        if found is None:
            raise NFSError(NFS4ERR_BAD_STATEID)
        if found.revoked:
            self._free_revoked(client, found)
            for state in list(client.states.values()):
                if isinstance(state, LockState) and state.opened is found:
                    self._free_revoked(client, state)
            if client.revoked == 0 and client.reclaim_complete:
                self._grace.record(client)
            return
        compare_seqid(stateid.seqid, found.seqid, client.slot_count())
        if not isinstance(found, LockState) or found.opened.file.locks.holds(found.owner):
            raise NFSError(NFS4ERR_LOCKS_HELD)
        self._drop_lock_state(found)

    def free_revoked(self, client: Client) -> None:
        """All that the client lost: it knows of the loss, and has no FREE_STATEID to say so."""
        for state in list(client.states.values()):
            if state.revoked:
                self._free_revoked(client, state)

    def release_owner(self, client: Client, owner: bytes) -> None:
        """RELEASE_LOCKOWNER (RFC 7530, 16.37). LOCKS_HELD."""
        locker = client.lock_owners.get(owner)
        if locker is None:
            return
        found = [state for state in locker.states.values() if isinstance(state, LockState)]
        if any(state.opened.file.locks.holds(locker) for state in found):
            raise NFSError(NFS4ERR_LOCKS_HELD)
        for state in found:
            self._drop_lock_state(state)

    def _free_revoked(self, client: Client, state: StateObject) -> None:
        self.forget(client, state)
        if isinstance(state, Delegation):
            client.lost.pop(state.inode_id, None)
        client.revoked -= 1
        flag = REVOKED_FLAGS[state.revoked]
        left = client.revoked_by_flag[flag] - 1
        client.revoked_by_flag[flag] = left
        if left == 0:
            client.status &= ~flag

    def for_io(self, client: Client, stateid: stateid4, inode_id: int, access: int, now: float) -> int:
        found = client.states.get(stateid.other)
        if found is None:
            kind = special(stateid)
            if kind == REAL:
                raise NFSError(NFS4ERR_BAD_STATEID)
            if kind == ANONYMOUS or access == WRITE:
                if self._grace.running(now):
                    # An open that denies this may be about to be reclaimed.
                    raise NFSError(NFS4ERR_GRACE)
                self._require_not_denied(inode_id, access, now)
            return 0
        found = self.find(client, stateid, inode_id)
        if isinstance(found, OpenState):
            held = found.access
        elif isinstance(found, LockState):
            held = found.opened.access
        elif isinstance(found, Delegation):
            held = found.access
        else:
            raise NFSError(NFS4ERR_BAD_STATEID)
        if held & access == 0:
            if access == WRITE:
                raise NFSError(NFS4ERR_OPENMODE)
            # Clients read what they are about to overwrite in part (9.1.2).
            self._require_not_denied(inode_id, access, now)
        return held

    def _require_not_denied(self, inode_id: int, access: int, now: float) -> None:
        file = self.by_inode.get(inode_id)
        if file is not None and file.denied() & access and self._blocked(file, access, 0, now):
            raise NFSError(NFS4ERR_LOCKED)

    # -- opens

    def check_open(self, client: Client, inode_id: int, access: int, deny: int, reclaim: bool, now: float) -> None:
        if access < 1 or access > OPEN4_SHARE_ACCESS_BOTH or deny < 0 or deny > OPEN4_SHARE_DENY_BOTH:
            raise NFSError(NFS4ERR_INVAL)
        self._admit(client, reclaim, now)
        file = self.by_inode.get(inode_id)
        if file is not None and self._blocked(file, access, deny, now):
            raise NFSError(NFS4ERR_RECLAIM_CONFLICT if reclaim else NFS4ERR_SHARE_DENIED)
        if self.full(client):
            raise NFSError(NFS4ERR_NOSPC, "too many opens")

    def open(
        self, client: Client, owner: bytes, inode_id: int, access: int, deny: int, reclaim: bool, now: float
    ) -> OpenState:
        self.check_open(client, inode_id, access, deny, reclaim, now)
        file = self.attach(inode_id)
        key = (client.clientid, owner)
        opened = file.opens.get(key)
        if opened is None:
            opened = OpenState(client, owner, self.stateids.next(OPEN), file, access, deny)
            file.opens[key] = opened
            self.open_count += 1
            file.count(access, deny, 1)
            self.register(client, opened)
            return opened
        file.count(access & ~opened.access, deny & ~opened.deny, 1)
        opened.access |= access
        opened.deny |= deny
        opened.history |= 1 << mode_bit(access, deny)
        opened.changed()
        return opened

    def downgrade(self, opened: OpenState, access: int, deny: int) -> None:
        """OPEN_DOWNGRADE (18.18.3): the new modes must be the union of some of those that were asked for; those that
        are not within the new modes are over."""
        if access < 1 or access > OPEN4_SHARE_ACCESS_BOTH or deny < 0 or deny > OPEN4_SHARE_DENY_BOTH:
            raise NFSError(NFS4ERR_INVAL)
        kept = 0
        kept_access = 0
        kept_deny = 0
        for one_access in range(1, OPEN4_SHARE_ACCESS_BOTH + 1):
            for one_deny in range(OPEN4_SHARE_DENY_BOTH + 1):
                bit = 1 << mode_bit(one_access, one_deny)
                if opened.history & bit and one_access & ~access == 0 and one_deny & ~deny == 0:
                    kept |= bit
                    kept_access |= one_access
                    kept_deny |= one_deny
        if kept_access != access or kept_deny != deny:
            raise NFSError(NFS4ERR_INVAL)
        opened.file.count(opened.access & ~access, opened.deny & ~deny, -1)
        opened.access = access
        opened.deny = deny
        opened.history = kept
        opened.changed()

    def close(self, opened: OpenState) -> None:
        """The open goes, and with it the locks that were gotten through it, as POSIX has it."""
        self.waiting.left(opened)
        for state in list(opened.lock_states.values()):
            self._drop_lock_state(state)
        self.forget(opened.client, opened)
        self._detach(opened)
        self.settle_file(opened.file)

    # -- byte-range locks

    def lock(
        self,
        client: Client,
        held: LockState | None,
        opened: OpenState | None,
        owner: bytes,
        locktype: int,
        offset: int,
        length: int,
        reclaim: bool,
        now: float,
        handle: bytes = b"",
    ) -> LockState | HeldRange:
        """LOCK (18.10): by a lock state that is there (`held`), or by `owner` through `opened`. The range that
        forbids it, held or kept for one who waited, or the lock state with its next seqid. `handle`: the file's, of
        somebody who would wait. INVAL, OPENMODE, GRACE, NO_GRACE, RECLAIM_BAD, RECLAIM_CONFLICT."""
        end = range_end(offset, length)
        write = locktype in (WRITE_LT, WRITEW_LT)
        if held is not None:
            opened = held.opened
        if opened is None:
            raise NFSError(NFS4ERR_BAD_STATEID)
        if opened.access & (WRITE if write else READ) == 0:
            raise NFSError(NFS4ERR_OPENMODE)
        self._admit(client, reclaim, now)
        file = opened.file
        if held is not None:
            owner = held.owner.owner
        locker = held.owner if held is not None else client.lock_owners.get(owner)
        found = self._conflict(file, locker, write, offset, end, now) or self.waiting.keeper(
            file.inode_id, client, owner, write, offset, end
        )
        if found is not None:
            if reclaim:
                raise NFSError(NFS4ERR_RECLAIM_CONFLICT)
            if handle:
                self.waiting.denied(file.inode_id, file.locks, client, opened, owner, write, offset, end, handle)
            else:
                self.waiting.withdrawn(file.inode_id, client, owner, offset, end)
            return found
        if held is None and locker is not None:
            held = opened.lock_states.get(locker)
        if (held is None and self.full(client)) or file.locks.count() >= self._settings.max_ranges_per_file:
            raise NFSError(NFS4ERR_SERVERFAULT, "too many locks")
        if held is None:
            if locker is None:
                locker = LockOwner(client.clientid, owner)
                client.lock_owners[owner] = locker
            held = LockState(opened, locker, self.stateids.next(LOCK))
            locker.states[held.other] = held
            opened.lock_states[locker] = held
            self.lock_count += 1
            self.register(client, held)
        else:
            held.changed()
        file.locks.lock(held.owner, write, offset, end)
        self.waiting.granted(file.inode_id, client, owner, offset, end)
        return held

    def locked(
        self, client: Client, owner: bytes, inode_id: int, locktype: int, offset: int, length: int, now: float
    ) -> HeldRange | None:
        """LOCKT (18.11): the range that would forbid the lock. INVAL, GRACE."""
        end = range_end(offset, length)
        if self._grace.running(now):
            raise NFSError(NFS4ERR_GRACE)
        file = self.by_inode.get(inode_id)
        if file is None:
            return None
        write = locktype in (WRITE_LT, WRITEW_LT)
        return self._conflict(file, client.lock_owners.get(owner), write, offset, end, now) or self.waiting.keeper(
            inode_id, client, owner, write, offset, end
        )

    def unlock(self, held: LockState, offset: int, length: int) -> None:
        """LOCKU (18.12): the seqid moves even when nothing was locked there."""
        end = range_end(offset, length)
        held.opened.file.locks.unlock(held.owner, offset, end)
        held.changed()
        self.waiting.serve(held.inode_id)

    # -- clients that go

    def drop(self, client: Client) -> None:
        """All that the client holds goes, without a trace."""
        for state in list(client.states.values()):
            if isinstance(state, OpenState) and not state.revoked:
                self.close(state)
        self.total -= len(client.states)
        if client.old is not None:
            for other in client.states:
                del self.of_old[other]
        client.states.clear()
        client.lock_owners.clear()
        client.revoked = 0

    def settle(self) -> None:
        """Files whose last open was revoked, and that nobody has opened since, are released."""
        emptied = self._emptied
        self._emptied = []
        for file in emptied:
            if self.by_inode.get(file.inode_id) is file:
                self.settle_file(file)

    def revoke_for_waiters(self, now: float) -> None:
        """What silent clients hold is in the way of those who wait, as it is of those who ask."""
        for inode_id in list(self.waiting.lists):
            waiting = self.waiting.lists.get(inode_id)
            file = self.by_inode.get(inode_id)
            if waiting is None or file is None:
                continue
            for waiter in list(waiting.waiters):
                if not self._clients.lapsed(waiter.client, now):
                    locker = waiter.client.lock_owners.get(waiter.owner)
                    self._conflict(file, locker, waiter.write, waiter.start, waiter.end, now)

    # -- conflicts

    def _blocked(self, file: FileState, access: int, deny: int, now: float) -> bool:
        """Whether an open with these modes may not be, after what only silent clients have against it was revoked.
        All opens count, those of the same owner too (9.7)."""
        if access & file.denied() == 0 and deny & file.accessed() == 0:
            return False
        for opened in list(file.opens.values()):
            if access & opened.deny or deny & opened.access:
                if not self._clients.lapsed(opened.client, now):
                    return True
                self._revoke_open(opened, NFS4ERR_EXPIRED)
        return False

    def _conflict(
        self, file: FileState, owner: LockOwner | None, write: bool, start: int, end: int, now: float
    ) -> HeldRange | None:
        while True:
            found = file.locks.conflict(owner, write, start, end)
            if found is None:
                return None
            holder = self._clients.by_id.get(found.owner.clientid)
            if holder is None or not self._clients.lapsed(holder, now):
                return found
            # The open goes with its lock: Linux never asks about the lock's stateid when it hears of a loss.
            for opened in list(file.opens.values()):
                if found.owner in opened.lock_states:
                    self._revoke_open(opened, NFS4ERR_EXPIRED)

    def revoke(self, state: StateObject, status: int) -> None:
        """Take it from its holder, who finds `status` (EXPIRED, ADMIN_REVOKED) under its stateid until FREE_STATEID."""
        if isinstance(state, OpenState):
            self._revoke_open(state, status)
        elif isinstance(state, LockState):
            self._revoke_lock(state, status)

    def _revoke_open(self, opened: OpenState, status: int) -> None:
        self.waiting.left(opened)
        for state in list(opened.lock_states.values()):
            self._revoke_lock(state, status)
        self.mark_revoked(opened.client, opened, status)
        self._detach(opened)
        self.settle_later(opened.file)

    def _revoke_lock(self, state: LockState, status: int) -> None:
        client = state.opened.client
        self._release_ranges(state)
        self.mark_revoked(client, state, status)

    def mark_revoked(self, client: Client, state: StateObject, status: int) -> None:
        state.revoked = status
        client.revoked += 1
        flag = REVOKED_FLAGS[status]
        client.revoked_by_flag[flag] = client.revoked_by_flag.get(flag, 0) + 1
        client.status |= flag
        # After a restart the client must not take back what somebody else may hold by then (8.4.3).
        self._grace.unrecord(client)

    # -- parts

    def _admit(self, client: Client, reclaim: bool, now: float) -> None:
        if client.gone:
            # Its compound waited while it was replaced or expired: nothing may grow on it any more.
            raise NFSError(NFS4ERR_EXPIRED)
        if reclaim:
            self._grace.admit_reclaim(client, now)
        else:
            self._grace.admit_new(client, now)

    def attach(self, inode_id: int) -> FileState:
        """The state of an object, new where there was none."""
        file = self.by_inode.get(inode_id)
        if file is None:
            file = FileState(inode_id)
            self.by_inode[inode_id] = file
        return file

    def register(self, client: Client, state: StateObject) -> None:
        client.states[state.other] = state
        if client.old is not None:
            self.of_old[state.other] = client
        self.total += 1

    def settle_file(self, file: FileState) -> None:
        """Something of the file has gone: it is released if that was the last."""
        if not file.used():
            del self.by_inode[file.inode_id]
            self._released(file.inode_id)

    def settle_later(self, file: FileState) -> None:
        """After a revocation the file is not released at once: the operation in whose way it was is about to open
        it, and it may be one without a name."""
        if not file.used():
            self._emptied.append(file)

    def full(self, client: Client) -> bool:
        settings = self._settings
        return len(client.states) >= settings.max_states_per_client or self.total >= settings.max_states

    def forget(self, client: Client, state: StateObject) -> None:
        if client.states.pop(state.other, None) is not None:
            self.of_old.pop(state.other, None)
            self.total -= 1

    def _detach(self, opened: OpenState) -> None:
        file = opened.file
        del file.opens[(opened.client.clientid, opened.owner)]
        self.open_count -= 1
        file.count(opened.access, opened.deny, -1)

    def _drop_lock_state(self, state: LockState) -> None:
        self._release_ranges(state)
        self.forget(state.opened.client, state)

    def _release_ranges(self, state: LockState) -> None:
        owner = state.owner
        state.opened.file.locks.unlock(owner, 0, END)
        state.opened.lock_states.pop(owner, None)
        self.lock_count -= 1
        owner.states.pop(state.other, None)
        if not owner.states:
            state.opened.client.lock_owners.pop(owner.owner, None)
        self.waiting.serve(state.inode_id)
