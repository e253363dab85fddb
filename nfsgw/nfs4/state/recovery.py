"""The RecoveryStore door: what of the state is on stable storage. RFC 8881, 2.10.6, 8.4.2.1 and 8.4.3.

Client records say who may reclaim after a restart: one per client owner, written when the client has sent
RECLAIM_COMPLETE (from then on it may hold state), taken away when it leaves, when its state was given to somebody else,
and, at the end of grace, for all who did not come back. A record that outlives its claim would let a client take back
what another one has held since. Replies are those of replays.py, which alone knows what is in their records.
"""

from __future__ import annotations

from typing import Protocol


class ClientRecord:
    """`boot`: the instance of the server in which the client last completed its reclaims. `delegated`: it has been
    granted delegations, so until it is back it may trust what it has cached."""

    def __init__(self, owner: bytes, verifier: bytes, principal: bytes, boot: int, delegated: bool) -> None:
        self.owner = owner
        self.verifier = verifier
        self.principal = principal
        self.boot = boot
        self.delegated = delegated


class SessionRecord:
    """A session of an earlier instance that stored replies. `age`: seconds since the first start without it."""

    def __init__(self, sessionid: bytes, owner: bytes, age: float) -> None:
        self.sessionid = sessionid
        self.owner = owner
        self.age = age


class RecoveryStore(Protocol):
    """Every change returns the commit that makes it durable (0: it is durable already). The engine holds the reply
    of the compound, and of every compound that grants a lock or an open, until that commit is durable."""

    boot: int
    """This instance's number: greater than that of every earlier one, 1 to 0xFFFFFFFE."""

    rolled_back: bool
    """The records are those of an older state that was put back: who has held what since is not known."""

    def records(self) -> list[ClientRecord]:
        """All records as they stood when this instance started."""
        ...

    def remember(self, record: ClientRecord) -> int:
        """Replaces the owner's record."""
        ...

    def forget(self, owner: bytes) -> int: ...

    def forget_before(self, boot: int) -> int:
        """Drops every record of an earlier instance. The next one is not `rolled_back` any more."""
        ...

    def sessions(self) -> list[SessionRecord]:
        """The sessions of earlier instances that have replies here, the oldest first."""
        ...

    def remember_session(self, sessionid: bytes, owner: bytes) -> int:
        """Before its first reply."""
        ...

    def forget_session(self, sessionid: bytes) -> int:
        """And its replies."""
        ...

    def remember_reply(self, sessionid: bytes, slot: int, record: bytes) -> int:
        """Replaces the slot's record, in the transaction of what the engine has just changed."""
        ...

    def reply(self, sessionid: bytes, slot: int) -> bytes:
        """Of a session of an earlier instance: the record as it is durable, empty where there is none."""
        ...


class MemoryRecoveryStore:
    """A RecoveryStore that lives as long as the process: for gateways whose clients need not survive it, and for
    tests, which call `restarted` to stand for the next instance."""

    def __init__(self, boot: int = 1, rolled_back: bool = False) -> None:
        self.boot = boot
        self.rolled_back = rolled_back
        self._settled = not rolled_back
        self._records: dict[bytes, ClientRecord] = {}
        self._sessions: dict[bytes, tuple[int, bytes]] = {}  # boot, owner
        self._replies: dict[tuple[bytes, int], bytes] = {}

    def records(self) -> list[ClientRecord]:
        return list(self._records.values())

    def remember(self, record: ClientRecord) -> int:
        self._records[record.owner] = record
        return 0

    def forget(self, owner: bytes) -> int:
        self._records.pop(owner, None)
        return 0

    def forget_before(self, boot: int) -> int:
        self._records = {owner: record for owner, record in self._records.items() if record.boot >= boot}
        self._settled = True
        return 0

    def sessions(self) -> list[SessionRecord]:
        return [
            SessionRecord(sessionid, owner, 0.0)
            for sessionid, (boot, owner) in self._sessions.items()
            if boot < self.boot
        ]

    def remember_session(self, sessionid: bytes, owner: bytes) -> int:
        self._sessions[sessionid] = (self.boot, owner)
        return 0

    def forget_session(self, sessionid: bytes) -> int:
        self._sessions.pop(sessionid, None)
        for key in [key for key in self._replies if key[0] == sessionid]:
            del self._replies[key]
        return 0

    def remember_reply(self, sessionid: bytes, slot: int, record: bytes) -> int:
        self._replies[(sessionid, slot)] = record
        return 0

    def reply(self, sessionid: bytes, slot: int) -> bytes:
        return self._replies.get((sessionid, slot), b"")

    def restarted(self) -> MemoryRecoveryStore:
        successor = MemoryRecoveryStore(self.boot + 1, not self._settled)
        successor._records = dict(self._records)
        successor._sessions = dict(self._sessions)
        successor._replies = dict(self._replies)
        return successor
