"""Delegations: grant, recall before a foreign operation takes effect, return, revocation. RFC 8881, 10.2 and 10.4.

The mechanism; whether to grant is policy.py's. Must never let an operation that conflicts go on while somebody still
trusts the old state: it waits until the delegation is returned or revoked. The machine is in filestate.py.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.metrics.counts import DIRECTORY_DELEGATION, READ_DELEGATION, WRITE_DELEGATION, DelegationCounts
from nfsgw.nfs4.callbacks.door import Callbacks
from nfsgw.nfs4.state.clients import Clients
from nfsgw.nfs4.state.files import Files
from nfsgw.nfs4.state.filestate import (
    BOTH,
    CONFLICT,
    HELD,
    READ,
    RECALLING,
    RETURN,
    RETURNED,
    REVOKE,
    WRITE,
    Delegation,
    FileState,
    Question,
    Waiter,
)
from nfsgw.nfs4.state.grace import Grace
from nfsgw.nfs4.state.policy import NOTHING, WANT_READ, WANT_WRITE, Policy
from nfsgw.nfs4.state.sessions import Client, Grant, Look
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.stateids import DELEGATION
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import (
    FATTR4_CHANGE,
    FATTR4_SIZE,
    NFS4_OK,
    NFS4ERR_BAD_STATEID,
    NFS4ERR_BADHANDLE,
    NFS4ERR_BADXDR,
    NFS4ERR_DELEG_REVOKED,
    NFS4ERR_EXPIRED,
    WND4_CONTENTION,
    WND4_NOT_SUPP_DOWNGRADE,
    WND4_NOT_SUPP_UPGRADE,
    WND4_RESOURCE,
    fattr4,
    stateid4,
)
from nfsgw.wire.runtime import Reader, XdrError

ASKED_OF_HOLDER: Final = (1 << FATTR4_CHANGE) | (1 << FATTR4_SIZE)
BEFORE_SIZE_TOO: Final = (2 << FATTR4_SIZE) - 1
"""Attributes whose values come before or with those."""

ASK_AGAIN: Final[tuple[float, ...]] = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds until a holder that did not take the recall is asked again; then the last of them, until its time is up."""


LOOKS_REMEMBERED: Final = 4096
"""Directories of one client."""

LOOKS_BEFORE_ASKED: Final = 64
"""Of a client that has not asked for a directory's delegation: most never do. Linux asks for the root's once, early."""


class Delegations:
    """`written` has the write delegations by inode id: of each object there is one at most, and who asks for the
    attributes of an object looks there first."""

    def __init__(
        self,
        settings: StateSettings,
        clients: Clients,
        grace: Grace,
        files: Files,
        timers: Timers,
        callbacks: Callbacks,
        counts: DelegationCounts,
    ) -> None:
        self._settings = settings
        self._counts = counts
        self._clients = clients
        self._grace = grace
        self._files = files
        self._timers = timers
        self.callbacks = callbacks
        self.policy = Policy()
        self.written: dict[int, Delegation] = {}
        self.suspect: set[int] = set()  # inodes of which attributes were shown that died with their holder
        self.total = 0
        self.freed: list[Waiter] = []  # who can go on, as soon as `wake` is called

    # -- granting

    def grant_at_open(
        self,
        client: Client,
        file: FileState,
        access: int,
        want: int,
        handle: bytes,
        change: int,
        grant: Grant | None,
        born_in: int,
        now: float,
    ) -> Delegation | int:
        """For an OPEN that has just succeeded, or for WANT_DELEGATION (`access` 0): the delegation, or why there is
        none (why_no_delegation4). `want` is policy's."""
        own = file.delegations.get(client.clientid)
        if own is not None:
            if want == WANT_WRITE and own.access == READ:
                return WND4_NOT_SUPP_UPGRADE
            return WND4_NOT_SUPP_DOWNGRADE if want == WANT_READ and own.access == BOTH else WND4_RESOURCE
        if not self.possible(client, now):
            return WND4_RESOURCE
        if file.waiters or file.recalling():
            return WND4_CONTENTION
        chosen = self.policy.choose(file, client, access, want, born_in, now)
        if chosen == NOTHING:
            return WND4_CONTENTION
        return self._grant(client, file, chosen, handle, change, grant, born_in, now)

    def grant_wanted(
        self, client: Client, inode_id: int, want: int, handle: bytes, change: int, grant: Grant | None, now: float
    ) -> Delegation | int:
        """WANT_DELEGATION (18.49), on a file that may not be open."""
        file = self._files.by_inode.get(inode_id)
        if file is not None:
            return self.grant_at_open(client, file, 0, want, handle, change, grant, 0, now)
        file = FileState(inode_id)
        held = self.grant_at_open(client, file, 0, want, handle, change, grant, 0, now)
        if isinstance(held, Delegation):
            self._files.by_inode[inode_id] = file
        return held

    def grant_directory(
        self, client: Client, inode_id: int, handle: bytes, change: int, grant: Grant | None, now: float
    ) -> Delegation | None:
        """GET_DIR_DELEGATION (18.39): the one that the client has, a new one, or None.

        Only to a client that has taken in the directory as it is: one that finds a delegation and a new change value in
        one reply may keep what it knew of the names.
        """
        if not self._settings.directory_delegations:
            return None
        client.watches = True
        file = self._files.by_inode.get(inode_id)
        if file is not None:
            own = file.delegations.get(client.clientid)
            if own is not None:
                return own if own.phase == HELD else None
            if file.waiters or file.recalling():
                return None
        look = client.looks.get(inode_id)
        if look is None or not look.taken_in(change):
            return None
        if not self.possible(client, now) or self.policy.contended(inode_id, now):
            return None
        file = self._files.attach(inode_id)
        return self._grant(client, file, READ, handle, change, grant, 0, now, DIRECTORY_DELEGATION)

    def looked(self, client: Client, inode_id: int, change: int, grant: Grant | None) -> None:
        """The client is about to be shown this change value of a directory."""
        looks = client.looks
        last = looks.get(inode_id)
        if last is not None:
            if last.change == change:
                return
            del looks[inode_id]
        elif not client.watches:
            if len(looks) >= LOOKS_BEFORE_ASKED:
                return
        elif len(looks) >= LOOKS_REMEMBERED:
            del looks[next(iter(looks))]
        looks[inode_id] = Look(change, grant)

    def followed(self, client: Client, inode_id: int, before: int, after: int, grant: Grant | None) -> None:
        """The client itself changes a directory, and is about to be told from which change value to which: who had
        taken in the one before knows the names after it."""
        look = client.looks.get(inode_id)
        if look is None:
            return
        if look.taken_in(before):
            client.looks[inode_id] = Look(after, grant)
        else:
            del client.looks[inode_id]

    def reclaim(
        self, client: Client, file: FileState, access: int, handle: bytes, change: int, grant: Grant | None, now: float
    ) -> Delegation:
        """CLAIM_PREVIOUS of what the client held before the restart (10.2.1): the same one again for each of its
        opens."""
        own = file.delegations.get(client.clientid)
        if own is not None:
            return own
        return self._grant(client, file, access, handle, change, grant, 0, now)

    def reclaim_conflicts(self, client: Client, file: FileState, access: int, deny: int, wanted: int) -> bool:
        """Whether an open that is reclaimed, or the delegation `wanted` (0: none) with it, cannot have been beside
        what other clients have reclaimed."""
        only_writers = not access & WRITE and not deny & READ and not wanted & WRITE
        if self.foreign(file, client, only_writers):
            return True
        for opened in file.opens.values():
            if opened.client is not client and (
                wanted & WRITE or (wanted and (opened.access & WRITE or opened.deny & READ))
            ):
                return True
        return False

    def possible(self, client: Client, now: float) -> bool:
        """Whether this client may be granted anything: what is granted must be possible to recall, and possible to
        reclaim."""
        settings = self._settings
        return (
            settings.delegations
            and client.recorded
            and not client.gone
            and client.delegations < settings.max_delegations_per_client
            and self.total < settings.max_delegations
            and not self._files.full(client)
            and not self._grace.running(now)
            and self.callbacks.proven(client)
        )

    def _grant(
        self,
        client: Client,
        file: FileState,
        access: int,
        handle: bytes,
        change: int,
        grant: Grant | None,
        born_in: int,
        now: float,
        kind: int = READ_DELEGATION,
    ) -> Delegation:
        if access & WRITE:
            kind = WRITE_DELEGATION
        other = self._files.stateids.next(DELEGATION)
        held = Delegation(client, other, file, access, handle, change, grant, born_in, kind, now)
        self._counts.grant(kind)
        file.delegations[client.clientid] = held
        self._files.register(client, held)
        client.delegations += 1
        self.total += 1
        self._grace.delegating(client)
        if access & WRITE:
            self.written[file.inode_id] = held
        self.policy.granted(held)
        return held

    def claimed(self, client: Client, stateid: stateid4, inode_id: int) -> Delegation:
        """What CLAIM_DELEGATE_CUR, CLAIM_DELEG_CUR_FH and DELEGRETURN name. BAD_STATEID, OLD_STATEID, and the reason
        why it was revoked."""
        found = self._files.find(client, stateid, inode_id)
        if not isinstance(found, Delegation):
            raise NFSError(NFS4ERR_BAD_STATEID)
        return found

    # -- conflicts

    def foreign(self, file: FileState, client: Client, only_writers: bool) -> list[Delegation]:
        """What other clients hold on the object."""
        found: list[Delegation] = []
        for held in file.delegations.values():
            if held.client is not client and (not only_writers or held.access & WRITE):
                found.append(held)
        return found

    def recall(self, found: list[Delegation], seconds: float, now: float) -> Waiter | None:
        """Take these back. None where none of them is left: they were those of silent clients, and are revoked.
        Otherwise what is done when one object of them is free, or after `seconds`."""
        waiter: Waiter | None = None
        for held in found:
            if self._clients.lapsed(held.client, now):
                self.revoke(held, NFS4ERR_EXPIRED)
                continue
            if held.phase == HELD:
                self._begin(held, now)
            if held.phase == RECALLING:
                if waiter is None:
                    waiter = Waiter()
                self._add_waiter(held.file, waiter)
        if waiter is not None:
            waiter.cancel_bound = self._timers.after(seconds, waiter.release)
        return waiter

    def _add_waiter(self, file: FileState, waiter: Waiter) -> None:
        """Those whose bound is over are forgotten on the way."""
        file.waiters = [known for known in file.waiters if not known.done and known is not waiter]
        file.waiters.append(waiter)

    def _begin(self, held: Delegation, now: float) -> None:
        held.pass_to(CONFLICT)
        held.recalled = now
        self._counts.recall(held.counted_as)
        self.policy.recalled(held, now)
        held.cancel_expiry = self._timers.after(self._settings.lease_seconds, partial(self._time_is_up, held))
        self._ask(held)

    def _ask(self, held: Delegation) -> None:
        held.attempts += 1
        self.callbacks.recall(held.client, held.stateid(), False, held.handle, partial(self._told, held))

    def _told(self, held: Delegation, status: int) -> None:
        """What the holder said to CB_RECALL. NFS4_OK: it will return it, and the time for that runs.

        BAD_STATEID or BADHANDLE may mean that the reply that grants it is still on its way, perhaps as the
        retransmission that a broken connection makes necessary; so the client is believed only when it has used that
        slot again. Whatever else is tried again.
        """
        if held.phase != RECALLING or status == NFS4_OK:
            return
        if status in (NFS4ERR_BAD_STATEID, NFS4ERR_BADHANDLE) and held.received():
            self._counts.give_back(held.counted_as)
            self._return(held)
            self.wake()
            return
        delay = ASK_AGAIN[min(held.attempts, len(ASK_AGAIN)) - 1]
        held.cancel_retry = self._timers.after(delay, partial(self._ask, held))

    def _time_is_up(self, held: Delegation) -> None:
        if held.phase == RECALLING:
            self._counts.recall_ended(self._settings.lease_seconds)
            self.revoke(held, NFS4ERR_DELEG_REVOKED)
            self.wake()

    def unaware(self, client: Client, inode_id: int, now: float) -> bool:
        """Whether the client may still trust what it holds of the object no more: its delegation was revoked, and it
        has not freed it yet, for no longer than a lease time since it first came back to the object."""
        since = client.lost.get(inode_id)
        if since is None:
            return False
        if since < 0:
            client.lost[inode_id] = now
            return True
        return now - since < self._settings.lease_seconds

    # -- asking for attributes

    def ask(self, held: Delegation, seconds: float) -> Question:
        """CB_GETATTR to the holder of a write delegation: done when it has answered, or after `seconds`."""
        question = Question(held)
        question.cancel_bound = self._timers.after(seconds, question.release)
        self.callbacks.getattr(held.client, held.handle, ASKED_OF_HOLDER, partial(self._heard, question))
        return question

    def _heard(self, question: Question, status: int, attributes: fattr4 | None) -> None:
        """An answer without size and change is none. What comes after them was not asked for: times that the holder of
        a delegation with timestamps (RFC 9754) tells, and nobody reads here."""
        if question.done:
            return
        if status == NFS4_OK and attributes is not None and attributes.attrmask & BEFORE_SIZE_TOO == ASKED_OF_HOLDER:
            try:
                reader = Reader(attributes.attr_vals)
                question.change = reader.u64()
                question.size = reader.u64()
                if attributes.attrmask == ASKED_OF_HOLDER:
                    reader.finish()
                question.status = NFS4_OK
            except XdrError:
                question.status = NFS4ERR_BADXDR
        question.release()

    # -- ends

    def give_back(self, held: Delegation, now: float) -> None:
        """DELEGRETURN (18.6)."""
        if held.phase == RECALLING:
            self._counts.recall_ended(now - held.recalled)
        self._counts.give_back(held.counted_as)
        self.policy.returned(held, now)
        self._return(held)

    def _return(self, held: Delegation) -> None:
        held.pass_to(RETURN)
        self._detach(held)
        self._files.forget(held.client, held)
        self._files.settle_file(held.file)

    def revoke(self, held: Delegation, status: int) -> None:
        """Taken from its holder, who finds `status` under its stateid until FREE_STATEID."""
        held.pass_to(REVOKE)
        self._counts.revoke(held.counted_as)
        self._detach(held)
        self._files.mark_revoked(held.client, held, status)
        held.client.lost[held.inode_id] = -1.0
        self._files.settle_later(held.file)

    def drop(self, client: Client) -> None:
        """The client is gone, and all that it holds."""
        for state in list(client.states.values()):
            if isinstance(state, Delegation) and not state.revoked:
                if state.shown:
                    self.suspect.add(state.inode_id)
                self._counts.drop(state.counted_as)
                self._return(state)

    def vanish(self, inode_id: int) -> None:
        """The directory is about to be removed by the only client that still holds a delegation on it: there is
        nothing left to be returned, for its filehandle is stale."""
        file = self._files.by_inode.get(inode_id)
        if file is not None:
            for held in list(file.delegations.values()):
                self._counts.drop(held.counted_as)
                self._return(held)
            if self._files.by_inode.get(inode_id) is file:
                self._files.settle_file(file)  # its last one was revoked: the sweep would look for what is gone

    def _detach(self, held: Delegation) -> None:
        held.stop_timers()
        file = held.file
        del file.delegations[held.client.clientid]
        held.client.delegations -= 1
        self.total -= 1
        if held.shown and held.phase != RETURNED:
            self.suspect.add(held.inode_id)
        if held.access & WRITE:
            del self.written[held.inode_id]
        if file.waiters and not file.recalling():
            self.freed.extend(file.waiters)
            file.waiters.clear()

    def wake(self) -> None:
        """Lets go on who waited for what is free now. Operations run in here: to be called when no other one is
        running."""
        while self.freed:
            freed = self.freed
            self.freed = []
            for waiter in freed:
                waiter.release()
