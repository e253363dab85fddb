"""The recovery store on the namespace's own transactions: client records and replies that survive a restart.

A record and whatever else its commit holds become durable together. It interprets nothing: who may reclaim is decided
in nfs4/state (grace.py, replays.py). RFC 8881, 2.10.6 and 8.4.2.1.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from nfsgw.namespace.namespace import Namespace
from nfsgw.nfs4.state.recovery import ClientRecord, SessionRecord

BOOT_BYTES: Final = 4  # big endian, first in the record, so that SQL can compare it
VERIFIER_BYTES: Final = 8
DELEGATED: Final = b"\x01"  # after the verifier
NOT_DELEGATED: Final = b"\x00"

UPSERT_REPLY: Final = (
    "INSERT INTO reply (session, slot, record) VALUES (?, ?, ?)"
    " ON CONFLICT (session, slot) DO UPDATE SET record = excluded.record"
)


class NamespaceRecoveryStore:
    """Implements RecoveryStore. One instance for each start of the gateway: its `boot` is the tree's count of
    starts. `clock`: nanoseconds since 1970; sessions age by it while no instance runs."""

    def __init__(self, namespace: Namespace, clock: Callable[[], int] = time.time_ns) -> None:
        self.boot = namespace.boots
        self.rolled_back = bool(namespace.read("SELECT 1 FROM meta WHERE key = 'rolled_back' AND value <> 0"))
        self._namespace = namespace
        self._clock = clock
        if namespace.read("SELECT 1 FROM session WHERE ended IS NULL LIMIT 1"):
            namespace.also("sessions of before", "UPDATE session SET ended = ? WHERE ended IS NULL", (clock(),))

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
        self._namespace.also("grace after a restore", "DELETE FROM meta WHERE key = 'rolled_back'", ())
        return self._namespace.also(
            "clients of before",
            f"DELETE FROM client WHERE substr(record, 1, {BOOT_BYTES}) < ?",
            (boot.to_bytes(BOOT_BYTES, "big"),),
        )

    def sessions(self) -> list[SessionRecord]:
        now = self._clock()
        return [
            SessionRecord(bytes(sessionid), bytes(owner), 0.0 if ended is None else max(0.0, (now - ended) / 1e9))
            for sessionid, owner, ended in self._namespace.read(
                "SELECT id, owner, ended FROM session ORDER BY ended NULLS LAST"
            )
        ]

    def remember_session(self, sessionid: bytes, owner: bytes) -> int:
        return self._namespace.also(
            ("session", sessionid), "INSERT OR REPLACE INTO session (id, owner) VALUES (?, ?)", (sessionid, owner)
        )

    def forget_session(self, sessionid: bytes) -> int:
        self._namespace.also(("replies", sessionid), "DELETE FROM reply WHERE session = ?", (sessionid,))
        return self._namespace.also(("session", sessionid), "DELETE FROM session WHERE id = ?", (sessionid,))

    def remember_reply(self, sessionid: bytes, slot: int, record: bytes) -> int:
        return self._namespace.also((sessionid, slot), UPSERT_REPLY, (sessionid, slot, record))

    def reply(self, sessionid: bytes, slot: int) -> bytes:
        rows = self._namespace.read("SELECT record FROM reply WHERE session = ? AND slot = ?", (sessionid, slot))
        return bytes(rows[0][0]) if rows else b""


def encode(record: ClientRecord) -> bytes:
    head = record.boot.to_bytes(BOOT_BYTES, "big") + record.verifier
    return head + (DELEGATED if record.delegated else NOT_DELEGATED) + record.principal


def decode(owner: bytes, record: bytes) -> ClientRecord:
    at = BOOT_BYTES + VERIFIER_BYTES
    boot = int.from_bytes(record[:BOOT_BYTES], "big")
    return ClientRecord(owner, record[BOOT_BYTES:at], record[at + 1 :], boot, record[at : at + 1] == DELEGATED)
