"""Grace after a restart, and the records that make it possible. RFC 8881, 8.4.2, 8.4.3 and 18.51.

Grace is RUNNING while clients that held state in an earlier instance may take it back, and OVER once all of them have
said that they are done, or the time is up. Until then nothing new is granted, for it could be what somebody is about
to reclaim; from then on nothing can be reclaimed, for it could have been granted to somebody else in between. A client
that held delegations trusts what it has cached until it is back, so until then nobody may change the tree.

After a restore (`rolled_back`) it is not known who held what, so anybody may come and reclaim, and grace takes its
whole time. What two clients reclaim is compared with each other, as ever.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.recovery import ClientRecord, RecoveryStore
from nfsgw.nfs4.state.sessions import Client
from nfsgw.suspend import Completion
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import (
    NFS4ERR_COMPLETE_ALREADY,
    NFS4ERR_GRACE,
    NFS4ERR_NO_GRACE,
    NFS4ERR_RECLAIM_BAD,
)

RUNNING: Final = 0
OVER: Final = 1

REST: Final = 2.0  # seconds that grace lasts after each reclaim, up to twice its time

MANY_WAITS: Final = 256  # then those whose time is over are forgotten


class GraceWait:
    """One operation that waits: over once, with the reason for it or with its time."""

    def __init__(self) -> None:
        self.completion = Completion()

    def end(self) -> None:
        if not self.completion.done:
            self.completion.finish()


class Grace:
    def __init__(self, recovery: RecoveryStore, seconds: float, now: float, timers: Timers) -> None:
        self._recovery = recovery
        self._timers = timers
        self._waits: list[GraceWait] = []
        self.boot = recovery.boot
        self.rolled_back = recovery.rolled_back
        self.barrier = 0  # the last commit that took a record away or wrote one
        self.ends = now + seconds
        self._latest = now + 2 * seconds
        self._records: dict[bytes, ClientRecord] = {}
        for record in recovery.records():
            if record.boot < self.boot:
                self._records[record.owner] = record
        self.awaited = set(self._records)
        self.trusting = {record.owner for record in self._records.values() if record.delegated}
        self.state = RUNNING if self.awaited or self.rolled_back else OVER

    def running(self, now: float) -> bool:
        if self.state == OVER:
            return False
        if now >= self.ends or not (self.awaited or self.rolled_back):
            self._finish()
            return False
        return True

    def admit_new(self, client: Client, now: float) -> None:
        """A lock or an open that is not a reclaim. GRACE while others may reclaim, and before the client's own
        RECLAIM_COMPLETE."""
        if not client.reclaim_complete or (self.state == RUNNING and self.running(now)):
            raise NFSError(NFS4ERR_GRACE)

    def admit_reclaim(self, client: Client, now: float) -> None:
        """NO_GRACE when it is too late, RECLAIM_BAD for a client that held nothing when the last instance ended:
        another incarnation, another principal, or one whose state went to somebody else."""
        if client.reclaim_complete or not self.running(now):
            raise NFSError(NFS4ERR_NO_GRACE)
        if not self.rolled_back:
            record = self._records.get(client.owner)
            if record is None or record.verifier != client.verifier or record.principal != client.principal:
                raise NFSError(NFS4ERR_RECLAIM_BAD)
        # Who has begun may finish: a client with thousands of opens that came late would lose half of them.
        self.ends = max(self.ends, min(now + REST, self._latest))

    def complete(self, client: Client, now: float) -> None:
        """RECLAIM_COMPLETE for all of the server. COMPLETE_ALREADY."""
        if client.reclaim_complete:
            raise NFSError(NFS4ERR_COMPLETE_ALREADY)
        client.reclaim_complete = True
        self.record(client)
        self._arrived(client.owner, now)

    def returned(self, client: Client, now: float) -> None:
        """A 4.0 client is back, which never says that it is done. One that restarted too has nothing to reclaim."""
        record = self._records.get(client.owner)
        if record is not None and (record.verifier != client.verifier or record.principal != client.principal):
            self.left(client, now)

    def left(self, client: Client, now: float) -> None:
        """The client has gone for good, maybe before it said that it was done."""
        if client.owner in self.awaited:
            self._reach(self._recovery.forget(client.owner))
            self._arrived(client.owner, now)

    def _arrived(self, owner: bytes, now: float) -> None:
        self.awaited.discard(owner)
        if owner in self.trusting:
            self.trusting.discard(owner)
            if not self.trusting and not self.rolled_back:
                self._release()
        self.running(now)

    def trusted(self, now: float) -> bool:
        """Whether somebody who has not come back may trust what he has cached: then a change to the tree must wait
        (RFC 8881, 10.2.1), as it would for the return of a delegation."""
        return self.state == RUNNING and (len(self.trusting) > 0 or self.rolled_back) and self.running(now)

    def wait(self, seconds: float) -> Completion:
        """Over when nobody is `trusted` any more, or after so many seconds."""
        one = GraceWait()
        if len(self._waits) >= MANY_WAITS:
            self._waits = [other for other in self._waits if not other.completion.done]
        self._waits.append(one)
        self._timers.after(seconds, one.end)
        return one.completion

    def _release(self) -> None:
        """In a turn of the loop of its own: what waits changes the tree, and whoever ended it may be in the middle of
        an operation."""
        waits = self._waits
        self._waits = []
        for one in waits:
            self._timers.after(0.0, one.end)

    def delegating(self, client: Client) -> None:
        """The client is being granted a delegation."""
        if not client.delegated:
            client.delegated = True
            if client.recorded:
                self.record(client)

    def record(self, client: Client) -> None:
        """From now on the client may reclaim after a restart."""
        client.recorded = True
        record = ClientRecord(client.owner, client.verifier, client.principal, self.boot, client.delegated)
        self._reach(self._recovery.remember(record))

    def unrecord(self, client: Client) -> None:
        """The client holds nothing any more, or something of it went to somebody else: it must not reclaim."""
        if client.recorded:
            client.recorded = False
            self._reach(self._recovery.forget(client.owner))

    def _finish(self) -> None:
        self.state = OVER
        self.awaited.clear()
        self.trusting.clear()
        self._release()
        self._records.clear()
        self._reach(self._recovery.forget_before(self.boot))

    def _reach(self, commit: int) -> None:
        if commit > self.barrier:
            self.barrier = commit
