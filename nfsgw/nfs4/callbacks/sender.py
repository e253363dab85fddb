"""Sends callbacks: picks session, connection and slot, does what the tables of `outcomes` say, answers each question.

Nothing is dropped silently: a question ends with what the client said, or UNREACHABLE within a bound well below the
lease. It must never send one request twice over a connection that stands, nor use a slot whose state is not known.
RFC 8881, 2.10.3.1, 2.10.6 and 20.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from nfsgw.metrics.counts import Counts
from nfsgw.nfs4.callbacks.channel import CALLBACK_VERSION, Channel
from nfsgw.nfs4.callbacks.door import UNREACHABLE
from nfsgw.nfs4.callbacks.operations import (
    encode_getattr,
    encode_notify_lock,
    encode_recall,
    tell_attributes,
    tell_nobody,
    tell_path,
    tell_status,
)
from nfsgw.nfs4.callbacks.outcomes import (
    ANEW,
    ANEW_LATER,
    DENIED,
    ELSEWHERE,
    LOST,
    REFUSED,
    REPEAT,
    SHRINK,
    SILENT,
    STRANGER,
    TELL,
    TRANSPORT,
    Answer,
    read,
)
from nfsgw.nfs4.callbacks.paths import ANSWER_WITHIN, ANSWERED, BROKEN, FAILED, PROVEN, Path
from nfsgw.nfs4.callbacks.question import Question, Tell
from nfsgw.nfs4.callbacks.slots import DISAGREED, GIVEN_UP, TAKE, TAKEN
from nfsgw.nfs4.callbacks.slots import REFUSED as UNTAKEN
from nfsgw.nfs4.state.sessions import BACK, Client, Grant, Session
from nfsgw.rpc.core import DENIED as DENIED_BY_RPC
from nfsgw.rpc.core import LOST as LOST_CONNECTION
from nfsgw.rpc.core import Connection
from nfsgw.timers import Timers
from nfsgw.wire.nfs4 import (
    NFS4_OK,
    NFS4ERR_DELAY,
    SEQ4_STATUS_BACKCHANNEL_FAULT,
    fattr4,
    lock_owner4,
    stateid4,
)
from nfsgw.wire.nfs4_cb import (
    CB_COMPOUND,
    OP_CB_GETATTR,
    OP_CB_NOTIFY_LOCK,
    OP_CB_RECALL,
)
from nfsgw.wire.runtime import Reader, XdrError

log = logging.getLogger("nfsgw.nfs4.callbacks")

LONGEST: Final = 10.0
SHARE_OF_LEASE: Final = 4
MAX_WAITING: Final = 10_000
"""Questions to one client that wait for a slot or a connection; more are UNREACHABLE."""


class BackChannels:
    """Both doors, Callbacks and Paths, over real connections. `path_changed(client)`: a path of the client was proven,
    or found broken."""

    def __init__(
        self, timers: Timers, lease_seconds: float, path_changed: Callable[[Client], None], counts: Counts
    ) -> None:
        self._counts = counts
        self.give_up = min(LONGEST, lease_seconds / SHARE_OF_LEASE)  # seconds
        self.asked = 0
        self.unreachable = 0
        self._timers = timers
        self._path_changed = path_changed
        self._paths: dict[object, Path] = {}
        self._channels: dict[Session, Channel] = {}
        # Questions in order: those that hold a slot of a session; of these, those that wait for a connection; those
        # that wait for a slot.
        self._asking: dict[Session, dict[Question, None]] = {}
        self._stranded: dict[Client, dict[Question, None]] = {}
        self._waiting: dict[Client, dict[Question, None]] = {}

    # -- Callbacks

    def proven(self, client: Client) -> bool:
        for session in client.sessions:
            channel = self._channels.get(session)
            if channel is None or channel.strange or not channel.works() or not channel.takes(OP_CB_RECALL):
                continue
            if any(path.state == PROVEN for path in self._paths_of(session)):
                return True
        return False

    def recall(
        self, client: Client, stateid: stateid4, truncate: bool, handle: bytes, done: Callable[[int], None]
    ) -> None:
        found = client.states.get(stateid.other)
        grant = None if found is None else found.grant
        arguments = encode_recall(stateid, truncate, handle)
        self._ask(client, OP_CB_RECALL, arguments, partial(tell_status, done), grant)

    def getattr(self, client: Client, handle: bytes, mask: int, done: Callable[[int, fattr4 | None], None]) -> None:
        self._ask(client, OP_CB_GETATTR, encode_getattr(handle, mask), partial(tell_attributes, done), None)

    def notify_lock(self, client: Client, handle: bytes, owner: lock_owner4) -> None:
        self._ask(client, OP_CB_NOTIFY_LOCK, encode_notify_lock(handle, owner), tell_nobody, None)

    # -- Paths

    def bound(self, session: Session, connection: object) -> None:
        if not isinstance(connection, Connection):
            return
        channel = self._channels.get(session)
        if channel is None:
            channel = Channel(session)
            self._channels[session] = channel
        channel.broken = False
        channel.strange = False
        path = self._paths.get(connection)
        if path is None:
            path = Path(connection, self._timers, self._changed, self._ask_sequence)
            self._paths[connection] = path
        path.bind(channel)
        self._wake_soon(session.client)

    def lost(self, connection: object) -> None:
        path = self._paths.pop(connection, None)
        if path is not None:
            path.close()

    def ended(self, session: Session) -> None:
        channel = self._channels.pop(session, None)
        if channel is None:
            return
        for path in self._paths.values():
            if channel in path.channels:
                path.channels.remove(channel)
        for question in list(self._asking.get(session, {})):
            question.hang_up()
            self._forget(self._stranded, question)
            self._leave(question, GIVEN_UP)
            self._wait(question)
        self._wake_soon(session.client)

    def usable(self, session: Session) -> bool:
        channel = self._channels.get(session)
        if channel is None or channel.strange or not channel.works():
            return False
        return any(path.state != BROKEN for path in self._paths_of(session))

    def idle(self) -> bool:
        """Whether there is nothing to ask, and nobody to ask it of."""
        return not (self._paths or self._channels or self._asking or self._stranded or self._waiting)

    # -- the way of one question

    def _ask(self, client: Client, number: int, arguments: bytes, tell: Tell, grant: Grant | None) -> None:
        self.asked += 1
        self._begin(Question(client, number, arguments, tell, grant))

    def _ask_sequence(self, path: Path) -> None:
        """A probe that only a client answers which takes callbacks."""
        question = Question(path.channels[0].session.client, 0, b"", partial(tell_path, path), None)
        question.only = path
        self._begin(question)

    def _begin(self, question: Question) -> None:
        question.cancel = self._timers.after(self.give_up, partial(self._expire, question))
        self._go(question)

    def _go(self, question: Question) -> None:
        """The next attempt, over a connection that the request has not been sent over; or it waits until there is
        one."""
        client = question.client
        if client.gone or not client.sessions or not client.wants_callbacks:
            self._end(question, UNREACHABLE, None)
            return
        if question.slot is None:
            self._take_slot(question)
        channel = question.channel
        slot = question.slot
        if channel is None or slot is None:
            self._wait(question)
            return
        path = self._best_path(channel.session, question)
        if path is None:
            self._strand(question)
            return
        if not question.encoded and not question.write(channel, slot):
            log.warning("a callback is larger than its client takes, %d bytes", channel.session.back.ca_maxrequestsize)
            self._leave(question, UNTAKEN)
            self._end(question, UNREACHABLE, None)
            return
        question.hang_up()
        question.path = path
        question.tried.append(path)
        question.timer = self._timers.after(ANSWER_WITHIN, partial(self._silent, question))
        question.xid = path.connection.call_back(
            channel.session.cb_program,
            CALLBACK_VERSION,
            CB_COMPOUND,
            channel.credential(),
            question.encoded,
            partial(self._received, question, path),
        )

    def _take_slot(self, question: Question) -> None:
        """A slot of the session whose best connection is the most trusted one."""
        best: Channel | None = None
        best_rank = 0
        for session in question.client.sessions:
            channel = self._channels.get(session)
            if channel is None or not channel.works() or not channel.takes(question.number):
                continue
            path = self._best_path(session, question)
            if path is None or not channel.slots.available():
                continue
            rank = path.state + (BROKEN + 1 if channel.strange else 0)
            if best is None or rank < best_rank:
                best = channel
                best_rank = rank
        if best is None:
            return
        taken = best.slots.take()
        if taken is not None:
            question.take(best, taken[0], taken[1])
            self._asking.setdefault(best.session, {})[question] = None

    def _best_path(self, session: Session, question: Question) -> Path | None:
        """A broken one is better than none: what is sent over it is as good as a probe."""
        tried = question.tried if question.slot is not None else []
        best: Path | None = None
        for path in self._paths_of(session):
            if path in tried or path in question.refused_by or question.only not in (None, path):
                continue
            if best is None or path.state < best.state:
                best = path
        return best

    def _paths_of(self, session: Session) -> list[Path]:
        found: list[Path] = []
        for connection, channels in session.connections.items():
            if channels & BACK:
                path = self._paths.get(connection)
                if path is not None and not path.connection.closed:
                    found.append(path)
        return found

    # -- waiting

    def _wait(self, question: Question) -> None:
        waiting = self._waiting.setdefault(question.client, {})
        if len(waiting) >= MAX_WAITING and question not in waiting:
            self._end(question, UNREACHABLE, None)
            return
        waiting[question] = None

    def _strand(self, question: Question) -> None:
        self._stranded.setdefault(question.client, {})[question] = None

    def _later(self, question: Question, seconds: float) -> None:
        question.timer = self._timers.after(seconds, partial(self._resume, question))

    def _resume(self, question: Question) -> None:
        question.timer = None
        self._go(question)

    def _wake_soon(self, client: Client) -> None:
        """Not at once: who tells of a connection or a session is in the middle of an operation of his own."""
        if client in self._waiting or client in self._stranded:
            self._timers.after(0.0, partial(self._wake, client))

    def _wake(self, client: Client) -> None:
        """A connection or a slot may be there. First those who hold a slot, else they would keep those who wait for
        one from going on; of these, first come first served, until one has to go on waiting."""
        for question in list(self._stranded.pop(client, {})):
            self._go(question)
        waiting = list(self._waiting.pop(client, {}))
        for index, question in enumerate(waiting):
            if question.over:
                continue
            self._go(question)
            if question.slot is None and not question.over:
                rest = dict.fromkeys(waiting[index + 1 :])
                self._waiting[client] = {**self._waiting.get(client, {}), **rest}
                return

    def _leave(self, question: Question, event: int) -> None:
        """It holds its slot no longer."""
        channel = question.channel
        if channel is not None:
            asking = self._asking[channel.session]
            del asking[question]
            if not asking:
                del self._asking[channel.session]
        question.let_go(event)

    def _forget(self, table: dict[Client, dict[Question, None]], question: Question) -> None:
        questions = table.get(question.client)
        if questions is not None and question in questions:
            del questions[question]
            if not questions:
                del table[question.client]

    def _end(self, question: Question, status: int, reader: Reader | None) -> None:
        """The one answer."""
        question.over = True
        question.hang_up()
        if question.cancel is not None:
            question.cancel()
        self._leave(question, GIVEN_UP)
        self._forget(self._waiting, question)
        self._forget(self._stranded, question)
        if status == UNREACHABLE and question.number:
            self.unreachable += 1
        self._counts.callback(question.number, status)
        self._wake(question.client)
        question.tell(status, reader)

    # -- what becomes of it

    def _expire(self, question: Question) -> None:
        self._end(question, NFS4ERR_DELAY if question.last_status == NFS4ERR_DELAY else UNREACHABLE, None)

    def _silent(self, question: Question) -> None:
        """No answer in time. Without another connection it is still listened for."""
        question.timer = None
        question.unsure = True
        path = question.path
        if path is not None:
            path.unanswered()
        self._follow(question, TRANSPORT[SILENT], None)

    def _received(self, question: Question, path: Path, results: Reader | None, why: str) -> None:
        channel, slot = question.channel, question.slot
        if question.path is not path or channel is None or slot is None:
            return  # a connection that is lost tells all that were ever asked over it, in any order
        question.xid = 0
        question.hang_up()
        self._forget(self._stranded, question)
        if results is None and why == LOST_CONNECTION:
            question.unsure = True
            self._follow(question, TRANSPORT[LOST], None)
            return
        answer: Answer | None = None
        if results is not None:
            try:
                number = 0 if question.settling else question.number
                answer = read(results, channel.session.sessionid, slot.next(), slot.number, number)
            except XdrError as error:
                why = f"malformed answer: {error}"
                question.unsure = True
        if answer is None:
            log.warning("%r: a callback was refused: %s", path.connection, why)
            if why.startswith(DENIED_BY_RPC):
                # A probe may well come back over this very connection: it is the credential that is not taken.
                channel.broken = True
                self._path_changed(question.client)
            path.on(FAILED)
            question.refused_by.append(path)
            self._follow(question, TRANSPORT[DENIED], None)
            return
        path.on(ANSWERED)
        question.last_status = answer.status
        verdict = answer.verdict()
        if answer.sequence == NFS4_OK:
            if channel.strange:
                channel.strange = False
                self._path_changed(question.client)
            channel.slots.shrink(answer.target)
            if question.settling:
                verdict = ANEW
        elif verdict == REFUSED:
            question.refused_by.append(path)
        self._follow(question, verdict, answer)

    def _follow(self, question: Question, verdict: int, answer: Answer | None) -> None:
        """What the tables of `outcomes` say."""
        channel, slot = question.channel, question.slot
        if channel is None or slot is None:
            raise RuntimeError("an outcome of what is not being asked")
        if verdict == TELL and answer is not None:
            self._leave(question, TAKEN if answer.sequence == NFS4_OK else UNTAKEN)
            self._end(question, answer.status, answer.reader)
        elif verdict == ELSEWHERE:
            self._go(question)
        elif verdict == REFUSED:
            if self._best_path(channel.session, question) is None:
                self._leave(question, UNTAKEN)
                self._take_slot(question)
            if question.slot is None:
                self._end(question, UNREACHABLE, None)
            else:
                self._go(question)
        elif verdict == STRANGER:
            channel.strange = True
            self._path_changed(question.client)
            self._leave(question, UNTAKEN)
            self._later(question, question.pause())
        elif verdict == REPEAT:
            question.tried = []
            self._later(question, question.pause())
        elif verdict == ANEW and not question.number:
            self._leave(question, TAKEN)
            self._end(question, NFS4_OK, None)
        elif verdict == ANEW:
            slot.on(TAKEN)
            slot.on(TAKE)
            question.take(channel, slot, False)
            self._later(question, question.renew())
        elif verdict == ANEW_LATER:
            self._leave(question, TAKEN)
            self._later(question, question.pause())
            self._wake(question.client)
        elif verdict == SHRINK and channel.slots.shrink(slot.number):
            question.encoded = []
            question.tried = []
            self._go(question)
        else:
            self._retire(question, channel)

    def _retire(self, question: Question, channel: Channel) -> None:
        self._leave(question, DISAGREED)
        if channel.slots.spent():
            log.warning("%016x: its callback slots are not where we know them", question.client.clientid)
            channel.session.status |= SEQ4_STATUS_BACKCHANNEL_FAULT
            self._path_changed(question.client)
        self._go(question)

    def _changed(self, path: Path) -> None:
        for channel in list(path.channels):
            self._path_changed(channel.session.client)
