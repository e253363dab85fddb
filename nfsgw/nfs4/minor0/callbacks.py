"""Callbacks to 4.0 clients, over connections of the gateway's own: the probe, what is asked, and what comes of it.
RFC 7530, 10.2 and 15.

A client whose address cannot be reached gets no delegations, and costs one attempt at intervals that double. Nothing
waits for an attempt but what is asked meanwhile, and that has one answer within a bound, as the door says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from nfsgw.metrics.counts import Counts
from nfsgw.nfs4.callbacks.channel import CALLBACK_VERSION
from nfsgw.nfs4.callbacks.door import UNREACHABLE, Callbacks
from nfsgw.nfs4.callbacks.operations import encode_getattr, encode_recall, tell_attributes, tell_status
from nfsgw.nfs4.callbacks.outcomes import FIRST_PAUSE, LONGEST_PAUSE, TAG_LIMIT
from nfsgw.nfs4.callbacks.question import Tell
from nfsgw.nfs4.minor0.addresses import parsed
from nfsgw.nfs4.minor0.clients import CallbackAddress
from nfsgw.nfs4.state.sessions import Client
from nfsgw.rpc.core import LOST, Connection, Dialler
from nfsgw.rpc.credentials import auth_sys
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, fattr4, lock_owner4, stateid4
from nfsgw.wire.nfs4_cb import CB_COMPOUND, CB_NULL, OP_CB_GETATTR, OP_CB_ILLEGAL, OP_CB_RECALL
from nfsgw.wire.runtime import Reader, Writer, XdrError

log = logging.getLogger("nfsgw.nfs4.callbacks")

ANSWER_WITHIN: Final = 2.0  # seconds
LONGEST: Final = 10.0  # seconds that a question takes
SHARE_OF_LEASE: Final = 4
ATTEMPTS: Final = 3  # connections over which one thing is asked
MAX_ASKED: Final = 10_000  # questions to one client at a time; more are UNREACHABLE
FIRST_INTERVAL: Final = 8.0  # seconds until an address that does not work is tried again
LONGEST_INTERVAL: Final = 1024.0

CREDENTIAL: Final = auth_sys(0, 0, (), b"nfsgw")  # Linux takes AUTH_NONE for CB_NULL only

# A line is UNPROVEN until a probe comes back; then it is PROVEN, also while its connection is closed, for the next
# question makes a new one. BROKEN: it was proven, and something asked was not answered. DEAD: it never worked.
UNPROVEN: Final = 0
PROVEN: Final = 1
BROKEN: Final = 2
DEAD: Final = 3


class Asked:
    """One thing that is asked of a client, until its one answer."""

    def __init__(self, number: int, body: bytes, tell: Tell) -> None:
        self.number = number
        self.body = body
        self.tell = tell
        self.attempts = 0
        self.delayed = False  # the client's last word was DELAY
        self.over = False
        self.xid = 0
        self.cancel_end: Callable[[], None] | None = None
        self.cancel_next: Callable[[], None] | None = None  # of the silence, or the pause
        self._pause = FIRST_PAUSE

    def pause(self) -> float:
        seconds = self._pause
        self._pause = min(seconds * 2, LONGEST_PAUSE)
        return seconds

    def stop(self) -> None:
        if self.cancel_next is not None:
            self.cancel_next()
            self.cancel_next = None


class Line:
    """To one client, as it last said where it is."""

    def __init__(self, client: Client, address: CallbackAddress, host: str, port: int) -> None:
        self.client = client
        self.address = address
        self.host = host
        self.port = port
        self.state = UNPROVEN
        self.gone = False
        self.connection: Connection | None = None
        self.dialling = False
        self.asked: dict[Asked, None] = {}
        self.waiting: dict[Asked, None] = {}  # of these: for the connection
        self.interval = FIRST_INTERVAL
        self.cancel: Callable[[], None] | None = None  # of the probe that is out, or the next attempt
        self.probe = 0

    def stop(self) -> None:
        if self.cancel is not None:
            self.cancel()
            self.cancel = None


class OldChannels:
    """Implements Callbacks for 4.0 clients, and Reach."""

    def __init__(self, dialler: Dialler, timers: Timers, lease_seconds: float, counts: Counts) -> None:
        self.give_up = min(LONGEST, lease_seconds / SHARE_OF_LEASE)
        self.unreachable = 0
        self._dialler = dialler
        self._timers = timers
        self._counts = counts
        self._lines: dict[Client, Line] = {}

    # -- Reach

    def confirmed(self, client: Client) -> None:
        old = client.old
        if old is None:
            return
        address = old.callback
        found = parsed(address.netid, address.address)
        line = self._lines.get(client)
        if line is not None:
            same = found == (line.host, line.port) and address.program == line.address.program
            if same and line.state == PROVEN:
                line.address = address
                return
            self._drop(line)
        if found is None or address.program == 0:
            return
        line = Line(client, address, found[0], found[1])
        self._lines[client] = line
        self._dial(line)

    def left(self, client: Client) -> None:
        line = self._lines.get(client)
        if line is not None:
            self._drop(line)

    def broken(self, client: Client) -> bool:
        line = self._lines.get(client)
        return line is None or line.state == BROKEN

    # -- Callbacks

    def proven(self, client: Client) -> bool:
        line = self._lines.get(client)
        return line is not None and line.state == PROVEN

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        self._ask(client, OP_CB_RECALL, encode_recall(stateid, truncate, handle), partial(tell_status, done))

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        self._ask(client, OP_CB_GETATTR, encode_getattr(handle, mask), partial(tell_attributes, done))

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        """4.0 has no such callback: its clients poll."""
        return

    # -- asking

    def _ask(self, client: Client, number: int, arguments: bytes, tell: Tell) -> None:
        line = self._lines.get(client)
        if line is None or len(line.asked) >= MAX_ASKED:
            self._count(number, UNREACHABLE)
            tell(UNREACHABLE, None)
            return
        writer = Writer()
        writer.opaque(b"")
        writer.u32(0)
        writer.u32(line.address.ident)
        writer.u32(1)
        writer.u32(number)
        writer.raw(arguments)
        asked = Asked(number, writer.getvalue(), tell)
        line.asked[asked] = None
        asked.cancel_end = self._timers.after(self.give_up, partial(self._late, line, asked))
        self._send(line, asked)

    def _send(self, line: Line, asked: Asked) -> None:
        asked.cancel_next = None
        if asked.over:
            return
        connection = line.connection
        if connection is None or connection.closed:
            line.waiting[asked] = None
            self._dial(line)
            return
        asked.attempts += 1
        asked.cancel_next = self._timers.after(ANSWER_WITHIN, partial(self._silent, line, asked))
        asked.xid = connection.call_back(
            line.address.program,
            CALLBACK_VERSION,
            CB_COMPOUND,
            CREDENTIAL,
            [asked.body],
            partial(self._received, line, asked),
        )

    def _received(self, line: Line, asked: Asked, results: Reader | None, why: str) -> None:
        if asked.over:
            return
        asked.stop()
        if results is None:
            if why == LOST:
                self._again(line, asked)
            else:
                self._fail(line, asked, why)
            return
        try:
            status = read(results, asked.number)
        except XdrError as error:
            self._fail(line, asked, f"malformed answer: {error}")
            return
        if status == NFS4ERR_DELAY:
            asked.delayed = True
            asked.attempts = 0
            asked.cancel_next = self._timers.after(asked.pause(), partial(self._send, line, asked))
            return
        line.state = PROVEN
        self._end(line, asked, status, results)

    def _silent(self, line: Line, asked: Asked) -> None:
        """A connection that answers nothing may be one that a firewall has forgotten: another one."""
        connection = line.connection
        if connection is not None:
            connection.forget_call_back(asked.xid)
            connection.end("callbacks are not answered")
        asked.cancel_next = None
        self._again(line, asked)

    def _again(self, line: Line, asked: Asked) -> None:
        if asked.attempts >= ATTEMPTS:
            self._fail(line, asked, "no answer")
        else:
            self._send(line, asked)

    def _fail(self, line: Line, asked: Asked, why: str) -> None:
        self._break(line, why)
        self._end(line, asked, UNREACHABLE, None)

    def _late(self, line: Line, asked: Asked) -> None:
        asked.cancel_end = None
        if asked.delayed:
            self._end(line, asked, NFS4ERR_DELAY, None)
        else:
            self._fail(line, asked, "no answer in time")

    def _end(self, line: Line, asked: Asked, status: int, results: Reader | None) -> None:
        if asked.over:
            return
        asked.over = True
        asked.stop()
        if asked.cancel_end is not None:
            asked.cancel_end()
            asked.cancel_end = None
        line.asked.pop(asked, None)
        line.waiting.pop(asked, None)
        self._count(asked.number, status)
        asked.tell(status, results)

    def _count(self, number: int, status: int) -> None:
        if status == UNREACHABLE:
            self.unreachable += 1
        self._counts.callback(number, status)

    # -- connections

    def _dial(self, line: Line) -> None:
        if line.dialling or line.gone:
            return
        line.dialling = True
        line.stop()
        self._dialler.dial(line.host, line.port, partial(self._dialled, line))

    def _dialled(self, line: Line, connection: Connection | None) -> None:
        line.dialling = False
        if line.gone:
            if connection is not None:
                connection.end("its client is gone")
            return
        if connection is None:
            self._break(line, "no connection")
            for asked in list(line.waiting):
                self._end(line, asked, UNREACHABLE, None)
            return
        line.connection = connection
        if line.state != PROVEN:
            line.cancel = self._timers.after(ANSWER_WITHIN, partial(self._unproven, line, "no answer"))
            line.probe = connection.call_back(
                line.address.program, CALLBACK_VERSION, CB_NULL, CREDENTIAL, [], partial(self._probed, line)
            )
        waiting = list(line.waiting)
        line.waiting.clear()
        for asked in waiting:
            self._send(line, asked)

    def _probed(self, line: Line, results: Reader | None, why: str) -> None:
        if line.gone or not line.probe:
            return
        line.probe = 0
        line.stop()
        if results is None:
            self._unproven(line, why)
            return
        if line.state != PROVEN:
            log.info("callbacks to %s port %d come back", line.host, line.port)
        line.state = PROVEN
        line.interval = FIRST_INTERVAL

    def _unproven(self, line: Line, why: str) -> None:
        line.cancel = None
        line.probe = 0
        connection = line.connection
        line.connection = None
        if connection is not None:
            connection.end("callbacks are not answered")
        self._break(line, why)

    def _break(self, line: Line, why: str) -> None:
        """No delegations from now on; the next attempt is made by itself, after a while."""
        if line.state in (UNPROVEN, PROVEN):
            log.info("callbacks to %s port %d do not come back: %s", line.host, line.port, why)
            line.state = BROKEN if line.state == PROVEN else DEAD
        if line.gone or line.cancel is not None:
            return
        line.cancel = self._timers.after(line.interval, partial(self._try_again, line))
        line.interval = min(line.interval * 2, LONGEST_INTERVAL)

    def _try_again(self, line: Line) -> None:
        line.cancel = None
        connection = line.connection
        line.connection = None
        if connection is not None:
            connection.end("another one is made")
        self._dial(line)

    def _drop(self, line: Line) -> None:
        line.gone = True
        line.stop()
        del self._lines[line.client]
        for asked in list(line.asked):
            self._end(line, asked, UNREACHABLE, None)
        if line.connection is not None:
            line.connection.end("its client is gone, or somewhere else")


def read(reader: Reader, number: int) -> int:
    """The status of the one operation of a CB_COMPOUND; the reader stands behind it. XdrError for what is no answer."""
    status = reader.u32()
    reader.opaque(TAG_LIMIT)
    count = reader.u32()
    if count == 0:
        if status == 0:
            raise XdrError("no result and no error")
        return status
    if reader.u32() not in (number, OP_CB_ILLEGAL):
        raise XdrError("the result of another operation")
    return reader.u32()


class EitherChannels:
    """Callbacks of all clients: each by the way of its minor version."""

    def __init__(self, old: Callbacks, new: Callbacks) -> None:
        self._old = old
        self._new = new

    def _of(self, client: Client) -> Callbacks:
        return self._new if client.old is None else self._old

    def proven(self, client: Client) -> bool:
        return self._of(client).proven(client)

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        self._of(client).recall(client, stateid, truncate, handle, done)

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        self._of(client).getattr(client, handle, mask, done)

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        self._of(client).notify_lock(client, handle, owner)
