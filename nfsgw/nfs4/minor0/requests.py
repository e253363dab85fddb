"""The memory of requests: what a 4.0 client that lost its connection is told when it sends a REMOVE again.

Without sessions a request is known by where it comes from, its xid and its bytes; Linux keeps xid and port when it
reconnects. What changed the tree is stored in the transaction of the change, so that it is told after a restart too. It
must never answer one request with the reply of another. RFC 7530, 3.1.1 (clients retransmit over a new connection).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from nfsgw.nfs4.state.replays import HEAD_BYTES, SEQID_BYTES, STORED_LIMIT, Replays
from nfsgw.suspend import Completion

if TYPE_CHECKING:
    from nfsgw.nfs4.state.recovery import RecoveryStore
    from nfsgw.wire.runtime import Writer

KEPT: Final = 128  # requests of one address
ADDRESSES: Final = 1024
SPREAD: Final = 0x9E37_79B1  # mixes the port into a checksum
WORD: Final = 0xFFFF_FFFF

Key = tuple[int, int]
"""xid, and the digest with the port in it."""


class Request:
    """One request that must not run twice, while it runs and afterwards."""

    def __init__(self, ring: Ring, key: Key, slot: int) -> None:
        self.ring = ring
        self.key = key
        self.slot = slot
        self.reply: bytes | None = None  # COMPOUND4res
        self._over: Completion | None = None

    def over(self) -> Completion:
        """Done when there is a reply, or never will be."""
        if self._over is None:
            self._over = Completion()
        return self._over

    def finish(self, writer: Writer, start: int, moot: bool) -> None:
        """The reply is complete: to be called before it is sent. Who waits for it gets it. It is not kept when it is
        `moot`, which says that nothing has happened and may yet, nor when it is longer than those of changes."""
        self.reply = writer.getvalue()[start:]
        if moot or len(self.reply) > STORED_LIMIT:
            self.abandon()
        else:
            self._end()

    def abandon(self) -> None:
        self.ring.requests.pop(self.key, None)
        self.ring.free.append(self.slot)
        self._end()

    def _end(self) -> None:
        over = self._over
        self._over = None
        if over is not None:
            over.finish()


class Ring:
    """The last requests of one address, the oldest first."""

    def __init__(self, identity: bytes, owner: bytes) -> None:
        self.identity = identity  # as a session id of the recovery store
        self.owner = owner
        self.stored = False
        self.requests: dict[Key, Request] = {}
        self.free = list(range(KEPT))

    def room(self) -> int:
        """A slot for one more request; -1 when all are in progress."""
        if not self.free:
            for key, request in self.requests.items():
                if request.reply is not None:
                    del self.requests[key]
                    self.free.append(request.slot)
                    break
        return self.free.pop() if self.free else -1


class Requests:
    def __init__(self, recovery: RecoveryStore, replays: Replays) -> None:
        self._recovery = recovery
        self._replays = replays
        self._rings: dict[str, Ring] = {}  # the one that was used last comes last
        self.answered = 0

    def find(self, address: str, port: int, xid: int, digest: int) -> Request | None:
        """The same request, if it has come before."""
        ring = self._rings.get(address)
        if ring is None:
            ring = self._begin(address)
        found = ring.requests.get(key_of(port, xid, digest))
        if found is not None:
            self.answered += 1
        return found

    def begin(self, address: str, port: int, xid: int, digest: int) -> Request | None:
        """The request is about to change something. None: this address has too many of them in progress."""
        ring = self._rings.pop(address, None)
        if ring is None:
            ring = self._begin(address)
            del self._rings[address]
        self._rings[address] = ring
        slot = ring.room()
        if slot < 0:
            return None
        request = Request(ring, key_of(port, xid, digest), slot)
        ring.requests[request.key] = request
        return request

    def keep(self, request: Request, reply: bytes) -> None:
        """The reply joins the open transaction, which has the change."""
        ring = request.ring
        if not ring.stored:
            ring.stored = True
            self._recovery.remember_session(ring.identity, ring.owner)
        xid, digest = request.key
        record = xid.to_bytes(SEQID_BYTES, "big") + digest.to_bytes(8, "big") + reply
        self._recovery.remember_reply(ring.identity, request.slot, record)

    def established(self, address: str, now: float) -> None:
        """A client of this address knows of the restart, and goes on."""
        self._replays.established(owner_of(address), now)

    def _begin(self, address: str) -> Ring:
        """What earlier instances answered to the address is what it may ask for first."""
        if len(self._rings) >= ADDRESSES:
            oldest = next(iter(self._rings))
            gone = self._rings.pop(oldest)
            if gone.stored:
                gone.stored = False  # a request of it that is in progress still has to be stored somewhere
                self._recovery.forget_session(gone.identity)
        owner = owner_of(address)
        identity = blake2b(owner + self._recovery.boot.to_bytes(4, "big"), digest_size=16).digest()
        ring = Ring(identity, owner)
        self._rings[address] = ring
        for earlier in self._replays.sessions_of(owner):
            self._recall(ring, earlier)
        return ring

    def _recall(self, ring: Ring, identity: bytes) -> None:
        for slot in range(KEPT):
            record = self._recovery.reply(identity, slot)
            if len(record) > HEAD_BYTES:
                key = (
                    int.from_bytes(record[:SEQID_BYTES], "big"),
                    int.from_bytes(record[SEQID_BYTES:HEAD_BYTES], "big"),
                )
                taken = ring.room()
                if taken < 0:
                    return
                request = Request(ring, key, taken)
                request.reply = record[HEAD_BYTES:]
                ring.requests[key] = request


def owner_of(address: str) -> bytes:
    return b"NFSv4.0 from " + address.encode()


def key_of(port: int, xid: int, digest: int) -> Key:
    return xid, digest ^ (port * SPREAD & WORD)
