"""Exactly-once over a restart: the replies that outlive the instance that gave them. RFC 8881, 2.10.6.

A compound that changed the tree stores its reply in the transaction of the change, one row per slot. An old session
lives on for nothing but to answer, word for word, the retransmission of the last such request of each slot; for
everything else it is gone, and the client makes a new one. Must never answer anything that was not durable.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.recovery import RecoveryStore
from nfsgw.nfs4.state.sessions import SEQUENCE_MAX, Session, SlotUse
from nfsgw.wire.nfs4 import NFS4ERR_BADSESSION

SEQID_BYTES: Final = 4
STORED_LIMIT: Final = 2048
"""Bytes of a reply that are stored. Those of clients' changes have a few hundred; a listing or a read beside one is not
worth a place on the disk."""

HEAD_BYTES: Final = SEQID_BYTES + 8  # sequence id, digest of the request; the COMPOUND4res follows


class Replay(Exception):
    """The compound is a retransmission: `reply`, an encoded COMPOUND4res, is its answer, and nothing of it runs."""

    def __init__(self, reply: bytes) -> None:
        super().__init__()
        self.reply = reply


class OldSession:
    """A session of an earlier instance. `until`: when its replies go."""

    def __init__(self, owner: bytes, until: float) -> None:
        self.owner = owner
        self.until = until


class Replays:
    """`keep` for the sessions of this instance, `find` for those of earlier ones.

    Replies of an old session go a lease time after its owner is established again: most clients let all requests of a
    session end before they make the next one, and those that do not send them again at once. Otherwise they go with
    the courtesy time, or when there are too many sessions, the oldest first.
    """

    def __init__(
        self, recovery: RecoveryStore, lease_seconds: float, courtesy_seconds: float, limit: int, now: float
    ) -> None:
        self.answered = 0
        self._recovery = recovery
        self._lease_seconds = lease_seconds
        self._old: dict[bytes, OldSession] = {}
        self._by_owner: dict[bytes, list[bytes]] = {}
        records = recovery.sessions()
        excess = len(records) - limit
        for record in records:
            if excess > 0:
                excess -= 1
                recovery.forget_session(record.sessionid)
                continue
            self._old[record.sessionid] = OldSession(record.owner, now - record.age + courtesy_seconds)
            self._by_owner.setdefault(record.owner, []).append(record.sessionid)

    def keep(self, session: Session, slot: SlotUse, reply: bytes) -> int:
        """The reply of the request in progress on the slot joins the open transaction. Returns its commit."""
        recovery = self._recovery
        if not session.stored:
            session.stored = True
            recovery.remember_session(session.sessionid, session.client.owner)
        seqid = (slot.seqid + 1) & SEQUENCE_MAX
        record = seqid.to_bytes(SEQID_BYTES, "big") + slot.next_digest.to_bytes(8, "big") + reply
        return recovery.remember_reply(session.sessionid, slot.number, record)

    def find(self, sessionid: bytes, slotid: int, seqid: int, digest: int) -> bytes:
        """What was answered to that request before the restart. BADSESSION: nothing is known of it, so it may not
        have run, and the client recovers as it always does. (Of a request that differs in its bytes too: FALSE_RETRY
        would only come before the same recovery.)"""
        if sessionid in self._old:
            record = self._recovery.reply(sessionid, slotid)
            if (
                record[:SEQID_BYTES] == seqid.to_bytes(SEQID_BYTES, "big")
                and record[SEQID_BYTES:HEAD_BYTES] == digest.to_bytes(8, "big")
            ):  # fmt: skip
                self.answered += 1
                return record[HEAD_BYTES:]
        raise NFSError(NFS4ERR_BADSESSION)

    def ended(self, session: Session) -> None:
        """A session of this instance is over, and with it whatever could be sent again."""
        if session.stored:
            session.stored = False
            self._recovery.forget_session(session.sessionid)

    def destroyed(self, sessionid: bytes) -> None:
        """DESTROY_SESSION of what may be an old session."""
        if sessionid in self._old:
            self._forget(sessionid)

    def established(self, owner: bytes, now: float) -> None:
        """The owner has a session of this instance and has reclaimed what it wanted."""
        for sessionid in self._by_owner.get(owner, []):
            old = self._old[sessionid]
            old.until = min(old.until, now + self._lease_seconds)

    def sessions_of(self, owner: bytes) -> list[bytes]:
        """Those of earlier instances."""
        return list(self._by_owner.get(owner, []))

    def sweep(self, now: float) -> None:
        for sessionid in [sessionid for sessionid, old in self._old.items() if now > old.until]:
            self._forget(sessionid)

    def old_sessions(self) -> int:
        return len(self._old)

    def _forget(self, sessionid: bytes) -> None:
        owner = self._old.pop(sessionid).owner
        siblings = self._by_owner[owner]
        siblings.remove(sessionid)
        if not siblings:
            del self._by_owner[owner]
        self._recovery.forget_session(sessionid)
