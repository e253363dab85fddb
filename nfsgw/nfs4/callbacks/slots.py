"""Slots of a session's back channel, as the one who sends uses them. RFC 8881, 2.10.6.1.

A slot that is not sure where it stands is never used as if it were: a guess that is wrong would be answered
SEQ_MISORDERED for ever after, or worse, with the reply of another request. It knows nothing of connections.
"""

from __future__ import annotations

from typing import Final

MAX_SLOTS: Final = 32
"""As many are used at most, whatever the client offers: a client's kernel keeps a buffer for each."""

SEQUENCE_MAX: Final = 0xFFFF_FFFF

# States. `seqid` is that of the last request that the client is known to have taken (0: none).
FREE: Final = 0
BUSY: Final = 1  # a request with seqid + 1 is being asked
UNSURE: Final = 2  # one was given up: the client has taken seqid + 1, or has not
RETIRED: Final = 3  # the client has another seqid than we have, or does not want the slot: never used again

# Events:
TAKE: Final = 0
TAKEN: Final = 1  # the client has taken the request, whatever it said to it
REFUSED: Final = 2  # CB_SEQUENCE itself failed, or nothing was sent: the slot is as it was (18.46.3)
GIVEN_UP: Final = 3  # sent, and no answer
DISAGREED: Final = 4

# An UNSURE slot is BUSY again with a lone CB_SEQUENCE of the same sequence id first: when that has been answered, be it
# as a retransmission or as something new, the client has taken it, and both agree again.
TRANSITIONS: Final = {
    (FREE, TAKE): BUSY,
    (UNSURE, TAKE): BUSY,
    (BUSY, TAKEN): FREE,
    (BUSY, REFUSED): FREE,
    (BUSY, GIVEN_UP): UNSURE,
    (BUSY, DISAGREED): RETIRED,
}


class BackSlot:
    def __init__(self, number: int) -> None:
        self.number = number
        self.state = FREE
        self.seqid = 0

    def next(self) -> int:
        """The sequence id of the request in progress."""
        return (self.seqid + 1) & SEQUENCE_MAX

    def on(self, event: int) -> None:
        """KeyError for what cannot happen."""
        self.state = TRANSITIONS[(self.state, event)]
        if event == TAKEN:
            self.seqid = self.next()


class BackSlots:
    """All slots of one session: `count` is ca_maxrequests of its back channel."""

    def __init__(self, count: int) -> None:
        self.limit = min(count, MAX_SLOTS)  # slots below this may be used
        self._slots: list[BackSlot] = []

    def take(self) -> tuple[BackSlot, bool] | None:
        """The lowest free slot, and whether it is UNSURE where it stands. Those come last. None: all are in use."""
        unsure: BackSlot | None = None
        for slot in self._slots[: self.limit]:
            if slot.state == FREE:
                slot.on(TAKE)
                return slot, False
            if slot.state == UNSURE and unsure is None:
                unsure = slot
        if len(self._slots) < self.limit:
            slot = BackSlot(len(self._slots))
            self._slots.append(slot)
            slot.on(TAKE)
            return slot, False
        if unsure is None:
            return None
        unsure.on(TAKE)
        return unsure, True

    def available(self) -> bool:
        if len(self._slots) < self.limit:
            return True
        return any(slot.state in (FREE, UNSURE) for slot in self._slots[: self.limit])

    def highest(self) -> int:
        """csa_highest_slotid: the highest slot with a request in progress."""
        highest = 0
        for slot in self._slots[: self.limit]:
            if slot.state == BUSY:
                highest = slot.number
        return highest

    def shrink(self, highest: int) -> bool:
        """The client wants no slot above `highest` to be used. Slot 0 always may be. False: that was so before."""
        limit = max(1, min(self.limit, highest + 1))
        shrunk = limit < self.limit
        self.limit = limit
        return shrunk

    def spent(self) -> bool:
        """Whether every slot that may be used is RETIRED: the session can carry no callback any more."""
        return len(self._slots) >= self.limit and all(slot.state == RETIRED for slot in self._slots[: self.limit])
