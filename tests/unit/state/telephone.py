"""A Callbacks door whose other end is the test: it sees what clients are asked, and says what they answer."""

from __future__ import annotations

from collections.abc import Callable

from nfsgw.nfs4.state.sessions import Client
from nfsgw.wire.nfs4 import NFS4_OK, fattr4, lock_owner4, stateid4


class Question:
    """One CB_RECALL that a client has been sent."""

    def __init__(self, client: Client, stateid: stateid4, handle: bytes, done: Callable[[int], None]) -> None:
        self.client = client
        self.stateid = stateid
        self.handle = handle
        self.answer = done


class Telephone:
    """Every client has a proven path, unless it is in `cut`."""

    def __init__(self) -> None:
        self.cut: set[int] = set()
        self.asked: list[Question] = []

    def proven(self, client: Client) -> bool:
        return client.clientid not in self.cut

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        self.asked.append(Question(client, stateid, handle, done))

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        done(NFS4_OK, None)

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        return
