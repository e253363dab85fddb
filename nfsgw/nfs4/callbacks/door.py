"""The two doors between state and the back channel: what state asks of clients (Callbacks), and what it tells of their
sessions and connections (Paths).

Every question has exactly one answer, later or at once: the client's, or UNREACHABLE when no path carried it in time.
Whoever waits for what the client then does (a DELEGRETURN) has a bound of its own. RFC 8881, 2.10.3.1 and 20.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from nfsgw.nfs4.state.sessions import Client, Session
    from nfsgw.wire.nfs4 import fattr4, lock_owner4, stateid4

UNREACHABLE: Final = -1
"""No status of NFS: nothing was carried to the client and back, over any of its connections."""


class Callbacks(Protocol):
    def proven(self, client: Client) -> bool:
        """Whether a probe came back over a back channel of the client that is still there: only then may something be
        granted that will have to be recalled."""
        ...

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        """CB_RECALL (20.2). `done` gets NFS4_OK (the client will return it), what else the client said, or
        UNREACHABLE. DELAY has been waited out before."""
        ...

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        """CB_GETATTR (20.1) for some of size and change."""
        ...

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        """CB_NOTIFY_LOCK (20.11): a hint, of which nobody asks what became of it."""
        ...


class Paths(Protocol):
    def bound(self, session: Session, connection: object) -> None:
        """The connection carries the session's back channel from now on, or the client has said so once more."""
        ...

    def lost(self, connection: object) -> None:
        """The connection is gone, and no session knows it any more."""
        ...

    def ended(self, session: Session) -> None:
        """The session is gone. What is being asked over it goes on over another one of the client."""
        ...

    def usable(self, session: Session) -> bool:
        """Whether the session has a connection for callbacks that has not been found broken."""
        ...


class NoCallbacks:
    """Both doors of a state whose clients cannot be reached: nothing is proven, every question is UNREACHABLE."""

    def proven(self, client: Client) -> bool:
        return False

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        done(UNREACHABLE)

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        done(UNREACHABLE, None)

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        return

    def bound(self, session: Session, connection: object) -> None:
        return

    def lost(self, connection: object) -> None:
        return

    def ended(self, session: Session) -> None:
        return

    def usable(self, session: Session) -> bool:
        return session.carries_back()
