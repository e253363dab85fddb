"""The recovery store on the namespace's own transactions: client records that survive a restart.

A record and whatever else its commit holds become durable together. It interprets nothing: who may reclaim is decided
in nfs4/state/grace.py. RFC 8881, 8.4.2.1.
"""

from __future__ import annotations

from typing import Final

from nfsgw.namespace.namespace import Namespace
from nfsgw.nfs4.state.recovery import ClientRecord

BOOT_BYTES: Final = 4  # big endian, first in the record, so that SQL can compare it
VERIFIER_BYTES: Final = 8


class NamespaceRecoveryStore:
    """Implements RecoveryStore. One instance for each start of the gateway: its `boot` is the tree's count of
    starts."""

    def __init__(self, namespace: Namespace) -> None:
        self.boot = namespace.boots
        self._namespace = namespace

    def records(self) -> list[ClientRecord]:
        return [
            decode(bytes(owner), bytes(record))
            for owner, record in self._namespace.read("SELECT owner, record FROM client")
        ]

    def remember(self, record: ClientRecord) -> int:
        return self._namespace.also(
            ("client", record.owner),
            "INSERT OR REPLACE INTO client (owner, record) VALUES (?, ?)",
            (record.owner, encode(record)),
        )

    def forget(self, owner: bytes) -> int:
        return self._namespace.also(("client", owner), "DELETE FROM client WHERE owner = ?", (owner,))

    def forget_before(self, boot: int) -> int:
        return self._namespace.also(
            "clients of before",
            f"DELETE FROM client WHERE substr(record, 1, {BOOT_BYTES}) < ?",
            (boot.to_bytes(BOOT_BYTES, "big"),),
        )


def encode(record: ClientRecord) -> bytes:
    return record.boot.to_bytes(BOOT_BYTES, "big") + record.verifier + record.principal


def decode(owner: bytes, record: bytes) -> ClientRecord:
    at = BOOT_BYTES + VERIFIER_BYTES
    return ClientRecord(owner, record[BOOT_BYTES:at], record[at:], int.from_bytes(record[:BOOT_BYTES], "big"))
