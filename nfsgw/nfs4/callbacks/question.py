"""One callback from the asking to its one answer. RFC 8881, 20.

Holds what must stay the same over retransmissions: session, slot, sequence id and bytes. Where it goes next is decided
by `sender`; here is how it is written and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nfsgw.nfs4.callbacks.channel import Channel
from nfsgw.nfs4.callbacks.outcomes import FIRST_PAUSE, LONGEST_PAUSE
from nfsgw.nfs4.callbacks.slots import GIVEN_UP, REFUSED, BackSlot
from nfsgw.nfs4.state.sessions import Client, Grant, SlotGrant
from nfsgw.wire.nfs4_cb import (
    OP_CB_SEQUENCE,
    CB_SEQUENCE4args,
    pack_CB_SEQUENCE4args,
    referring_call4,
    referring_call_list4,
)
from nfsgw.wire.runtime import Reader, Writer

if TYPE_CHECKING:
    from nfsgw.nfs4.callbacks.paths import Path

Tell = Callable[[int, Reader | None], None]
"""Status and, after NFS4_OK, a reader at what the operation returned."""


class Question:
    """`number` 0: a lone CB_SEQUENCE. `only`: the one path that it is about."""

    def __init__(self, client: Client, number: int, arguments: bytes, tell: Tell, grant: Grant | None) -> None:
        self.client = client
        self.number = number
        self.arguments = arguments
        self.tell = tell
        self.grant = grant
        self.only: Path | None = None
        self.over = False
        self.cancel: Callable[[], None] | None = None  # the timer that ends it all
        self.last_status = 0  # what the client said last, if that was not the answer
        self.refused_by: list[Path] = []
        # the request in progress
        self.channel: Channel | None = None
        self.slot: BackSlot | None = None
        self.settling = False  # a lone CB_SEQUENCE, to find out where the slot stands
        self.unsure = False  # it was sent, and nobody knows whether the client has taken it
        self.encoded: list[bytes | memoryview] = []
        self.tried: list[Path] = []  # connections that it has been sent over
        # where it is
        self.path: Path | None = None
        self.xid = 0
        self.timer: Callable[[], None] | None = (
            None  # cancels what comes next: the connection is silent, the pause over
        )
        self._pause = FIRST_PAUSE
        self._renewals = 0

    def pause(self) -> float:
        """Seconds to wait before the next attempt."""
        seconds = self._pause
        self._pause = min(seconds * 2, LONGEST_PAUSE)
        return seconds

    def renew(self) -> float:
        """Seconds to wait before it is asked anew because a reply was lost: none the first time."""
        self._renewals += 1
        return 0.0 if self._renewals == 1 else self.pause()

    def take(self, channel: Channel, slot: BackSlot, settling: bool) -> None:
        """The next request is in progress in this slot."""
        self.channel = channel
        self.slot = slot
        self.settling = settling
        self.unsure = False
        self.encoded = []
        self.tried = []

    def let_go(self, event: int) -> None:
        """The slot, if it has one, is what `event` makes of it."""
        slot = self.slot
        self.slot = None
        self.channel = None
        if slot is not None:
            slot.on(GIVEN_UP if self.unsure and event == REFUSED else event)

    def hang_up(self) -> None:
        """No answer is listened for any more, and nothing comes next by itself."""
        if self.timer is not None:
            self.timer()
            self.timer = None
        if self.path is not None and self.xid:
            self.path.connection.forget_call_back(self.xid)
        self.path = None
        self.xid = 0

    def write(self, channel: Channel, slot: BackSlot) -> bool:
        """Encodes the request in progress. False: it is larger than the client takes."""
        session = channel.session
        writer = Writer()
        writer.opaque(b"")
        writer.u32(session.client.minor)
        writer.u32(0)  # callback_ident: of NFSv4.0
        lone = self.settling or not self.number
        writer.u32(1 if lone else 2)
        writer.u32(OP_CB_SEQUENCE)
        # Nothing is cached for us: Linux refuses csa_cachethis, and all that is asked here may be asked twice.
        sequence = CB_SEQUENCE4args(
            session.sessionid, slot.next(), slot.number, channel.slots.highest(), False, self.referring()
        )
        pack_CB_SEQUENCE4args(writer, sequence)
        if not lone:
            writer.u32(self.number)
            writer.raw(self.arguments)
        self.encoded = writer.segments()
        return channel.fits(writer.length())

    def referring(self) -> list[referring_call_list4]:
        """The request that granted what is asked about, while its reply may not have arrived (2.10.6.3)."""
        grant = self.grant
        if not isinstance(grant, SlotGrant) or self.settling or grant.settled():
            return []
        calls = [referring_call4(grant.seqid, grant.slot.number)]
        return [referring_call_list4(grant.session.sessionid, calls)]
