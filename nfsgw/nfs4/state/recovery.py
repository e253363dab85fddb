"""The RecoveryStore door: which clients may reclaim after a restart. RFC 8881, 8.4.2.1 and 8.4.3.

One record per client owner, written when the client has sent RECLAIM_COMPLETE (from then on it may hold state), taken
away when it leaves, when its state was given to somebody else, and, at the end of grace, for all who did not come
back. A record that outlives its claim would let a client take back what another one has held since.
"""

from __future__ import annotations

from typing import Protocol


class ClientRecord:
    """`boot`: the instance of the server in which the client last completed its reclaims."""

    def __init__(self, owner: bytes, verifier: bytes, principal: bytes, boot: int) -> None:
        self.owner = owner
        self.verifier = verifier
        self.principal = principal
        self.boot = boot


class RecoveryStore(Protocol):
    """Every change returns the commit that makes it durable (0: it is durable already). The engine holds the reply
    of the compound, and of every compound that grants a lock or an open, until that commit is durable."""

    boot: int
    """This instance's number: greater than that of every earlier one, 1 to 0xFFFFFFFE."""

    def records(self) -> list[ClientRecord]:
        """All records as they stood when this instance started."""
        ...

    def remember(self, record: ClientRecord) -> int:
        """Replaces the owner's record."""
        ...

    def forget(self, owner: bytes) -> int: ...

    def forget_before(self, boot: int) -> int:
        """Drops every record of an earlier instance."""
        ...


class MemoryRecoveryStore:
    """A RecoveryStore that lives as long as the process: for gateways whose clients need not survive it, and for
    tests, which call `restarted` to stand for the next instance."""

    def __init__(self, boot: int = 1) -> None:
        self.boot = boot
        self._records: dict[bytes, ClientRecord] = {}

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
        return 0

    def restarted(self) -> MemoryRecoveryStore:
        successor = MemoryRecoveryStore(self.boot + 1)
        successor._records = dict(self._records)
        return successor
