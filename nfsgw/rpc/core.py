"""Calls and replies of ONC RPC (RFC 5531) on one connection, sans-IO: bytes in, calls to programs, replies as segments
out.

A call is checked here (message, RPC version, credential, program, version) and answered by its program, at once or
later. Nothing that a peer sends, and nothing that a program raises, escapes `Connection.received`. It must never touch
a socket, a loop or a clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol

from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, RpcCredential, anonymous, parse_auth_sys
from nfsgw.rpc.records import LAST_FRAGMENT, Buffer, BufferPool, Receiver, RecordError
from nfsgw.wire.rpc import (
    AUTH_BADCRED,
    AUTH_ERROR,
    AUTH_NONE,
    AUTH_REJECTEDCRED,
    AUTH_SYS,
    CALL,
    GARBAGE_ARGS,
    MSG_ACCEPTED,
    MSG_DENIED,
    PROG_MISMATCH,
    PROG_UNAVAIL,
    REPLY,
    RPC_MAXAUTH,
    RPC_MISMATCH,
    RPC_VERSION,
    SUCCESS,
    SYSTEM_ERR,
    accept_stat_names,
    auth_stat_names,
)
from nfsgw.wire.runtime import Reader, Writer, XdrError, u32_at

log = logging.getLogger(__name__)

# A reply accepted with SUCCESS, after its xid: REPLY, MSG_ACCEPTED, a verifier of AUTH_NONE, SUCCESS.
SUCCESS_HEADER: Final = b"\0\0\0\1" + b"\0\0\0\0" + OPAQUE_AUTH_NONE + b"\0\0\0\0"
LOST: Final = "connection lost"  # why a call back has no answer, when nobody can tell whether it was taken
DENIED: Final = "denied"  # how the reason begins when the peer does not take the credential
JOIN_BELOW: Final = 64 * 1024  # replies smaller than this together are sent as one buffer: cheaper than a vector


class Limits:
    """Bounds on what one peer can make us hold."""

    def __init__(
        self,
        outstanding_calls: int = 1024,
        outstanding_bytes: int = 64 * 1024 * 1024,
        output_bytes: int = 16 * 1024 * 1024,
    ) -> None:
        self.outstanding_calls = outstanding_calls  # calls that are not answered yet
        self.outstanding_bytes = outstanding_bytes  # and the size of their messages
        self.output_bytes = output_bytes  # replies that the transport has not taken yet


class Program(Protocol):
    """One RPC program. Procedure 0 is answered for it; everything else of its versions comes to `dispatch`."""

    number: int
    versions: tuple[int, ...]
    quiet_on_version_mismatch: bool  # close the connection instead of answering PROG_MISMATCH

    def dispatch(self, call: Call) -> None:
        """Answers the call now or later, exactly once: `finish`, `fail` or `drop`. XdrError answers GARBAGE_ARGS, any
        other exception SYSTEM_ERR."""
        ...

    def connection_lost(self, connection: Connection) -> None: ...


class Dialler(Protocol):
    """Makes connections to others."""

    def dial(self, host: str, port: int, done: Callable[[Connection | None], None]) -> None:
        """`done` gets a connection that stands, or None, within a few seconds, and not before `dial` has returned."""
        ...


class Call:
    """One call of a peer, until it is answered.

    `record` is the whole RPC message and `args` reads it, positioned at the procedure's arguments; both are valid until
    the call is answered, so a reply must not refer to them.
    """

    def __init__(
        self,
        connection: Connection,
        xid: int,
        program: int,
        version: int,
        procedure: int,
        credential: RpcCredential,
        args: Reader,
        record: bytes | memoryview,
    ) -> None:
        self.connection = connection
        self.xid = xid
        self.program = program
        self.version = version
        self.procedure = procedure
        self.credential = credential
        self.args = args
        self.record = record
        self.size = len(record)
        self.answered = False
        self.buffer: Buffer | None = None  # the memory of `record`, while this call owns it

    def reply(self) -> Writer:
        """A writer that holds everything before the procedure's results; more than one may be asked for, one is
        finished."""
        writer = Writer()
        writer.u32(LAST_FRAGMENT)
        writer.u32(self.xid)
        writer.raw(SUCCESS_HEADER)
        return writer

    def finish(self, writer: Writer) -> None:
        """Sends what `reply` began. RuntimeError when the call was answered before."""
        self._answer()
        size = writer.length()
        writer.patch_u32(0, LAST_FRAGMENT | (size - 4))
        self.connection._send(writer.segments(), size)
        self.connection._ended(self)

    def fail(self, accept_stat: int) -> None:
        """Answers with an accept_stat other than SUCCESS and PROG_MISMATCH."""
        self._answer()
        self.connection._send_accepted(self.xid, accept_stat, 0, 0)
        self.connection._ended(self)

    def drop(self) -> None:
        """Never answers: the peer will send again on another connection."""
        self._answer()
        self.connection._ended(self)

    def _answer(self) -> None:
        if self.answered:
            raise RuntimeError("a call is answered once")
        self.answered = True


class Connection:
    """One peer's stream of calls.

    The transport reads into `space()`, reports with `received`, takes `output()` and stops reading while
    `wants_reading` is false. `wake` is called, outside of `received`, when there is output to send or something to
    decide anew; the transport then calls `resume`, from its loop.
    """

    def __init__(
        self,
        id: int,
        peer: tuple[str, int],
        programs: dict[int, Program],
        pool: BufferPool,
        limits: Limits,
        wake: Callable[[Connection], None],
    ) -> None:
        self.id = id
        self.peer = peer
        self.data: object = None  # the program's
        self.closed = False  # the peer is gone, or must go: nothing is sent any more
        self.ending = ""  # why the transport must close the connection; empty while it need not
        self.outstanding = 0
        self.outstanding_bytes = 0
        self.draining = False  # no further call is taken
        self.congested = False  # set by the transport: the peer does not read its replies
        self.blocked = False  # something received may be waiting: `resume` when `wants_reading` is true again
        self._programs = programs
        self._pool = pool
        self._limits = limits
        self._wake = wake
        self._woken = False
        self._inside = False
        self._receiver = Receiver(pool)
        self._output: list[bytes | memoryview] = []
        self._output_size = 0
        self._credential_body: bytes | None = None
        self._credential = anonymous()
        self._anonymous = anonymous()
        self._next_xid = 1
        self._call_backs: dict[int, Callable[[Reader | None, str], None]] = {}

    def __repr__(self) -> str:
        return f"connection {self.id} from {self.peer[0]}:{self.peer[1]}"

    # -- what the transport does

    def space(self) -> memoryview:
        """Where the transport reads into; never empty while `wants_reading`."""
        return self._receiver.space()

    def received(self, count: int) -> None:
        """Takes in `count` bytes that were read into `space()`: runs their calls. Raises nothing."""
        self._receiver.received(count)
        self.resume()

    def resume(self) -> None:
        """Goes on with what was received and had to wait for the limits."""
        self._woken = False
        if self._inside:
            return
        self._inside = True
        try:
            self.blocked = False
            while not self.closed:
                if not self.wants_reading():
                    self.blocked = True
                    break
                record = self._receiver.next()
                if record is None:
                    break
                self._take(record)
        except RecordError as error:
            self.end(str(error))
        finally:
            self._inside = False

    def wants_reading(self) -> bool:
        return (
            self.outstanding < self._limits.outstanding_calls
            and self.outstanding_bytes < self._limits.outstanding_bytes
            and self._output_size < self._limits.output_bytes
            and not self.congested
            and not self.draining
        )

    def output(self) -> list[bytes | memoryview]:
        """What is to be sent, in order; the caller has it."""
        segments = self._output
        size = self._output_size
        self._output = []
        self._output_size = 0
        if len(segments) > 1 and size < JOIN_BELOW:
            return [b"".join(segments)]
        return segments

    def has_output(self) -> bool:
        return self._output_size > 0

    def end(self, why: str) -> None:
        """The connection is to be closed: nothing is read or sent any more."""
        if not self.ending:
            self.ending = why
            log.warning("%r is closed: %s", self, why)
        self._quit()

    def lost(self) -> None:
        """The stream is gone. Programs are told, once, and every call back that waits for its answer."""
        self._quit()
        self._receiver.close()
        waiting = self._call_backs
        self._call_backs = {}
        for on_reply in waiting.values():
            self._tell(on_reply, None, LOST)
        for program in self._programs.values():
            try:
                program.connection_lost(self)
            except Exception:
                log.exception("program %d failed to take note of the loss of %r", program.number, self)

    # -- what programs do

    def call_back(
        self,
        program: int,
        version: int,
        procedure: int,
        credential: bytes,
        segments: list[bytes | memoryview],
        on_reply: Callable[[Reader | None, str], None],
    ) -> int:
        """Calls a program of the peer over this connection, and returns the xid.

        `credential` is an encoded opaque_auth (`credentials.auth_sys`, `OPAQUE_AUTH_NONE`), `segments` the encoded
        arguments. `on_reply(results, "")` gets a reader at the results of a SUCCESS; `on_reply(None, why)` says why
        there is none: denied, not accepted, malformed, connection lost. It is called once, at once when the connection
        is closed already. There is no time limit here: see `forget_call_back`.
        """
        xid = self._next_xid
        self._next_xid = (xid + 1) & 0xFFFFFFFF
        if self.closed:
            self._tell(on_reply, None, LOST)
            return xid
        writer = Writer()
        writer.u32(LAST_FRAGMENT)
        writer.u32(xid)
        writer.u32(CALL)
        writer.u32(RPC_VERSION)
        writer.u32(program)
        writer.u32(version)
        writer.u32(procedure)
        writer.raw(credential)
        writer.raw(OPAQUE_AUTH_NONE)
        size = writer.length()
        for segment in segments:
            size += len(segment)
        writer.patch_u32(0, LAST_FRAGMENT | (size - 4))
        self._call_backs[xid] = on_reply
        self._send(writer.segments() + segments, size)
        return xid

    def forget_call_back(self, xid: int) -> None:
        """An answer that still comes is dropped; `on_reply` is not called any more."""
        self._call_backs.pop(xid, None)

    # -- calls

    def _take(self, record: bytes | memoryview) -> None:
        """One whole record. Raises nothing."""
        buffer = self._receiver.taken
        call: Call | None = None
        try:
            call = self._read_message(record)
            if call is not None:
                self._dispatch(call)
        except XdrError as error:
            if call is None:
                self.end(f"a message that is none: {error}")
            elif not call.answered:
                log.debug("%r: arguments of program %d, procedure %d: %s", self, call.program, call.procedure, error)
                call.fail(GARBAGE_ARGS)
        except Exception:
            if call is None:
                log.exception("%r: a message of %d bytes could not be taken", self, len(record))
                self.end("internal error")
            else:
                log.exception(
                    "internal error in program %d, procedure %d",
                    call.program,
                    call.procedure,
                    extra={"connection": repr(self), "xid": hex(call.xid)},
                )
                if not call.answered:
                    call.fail(SYSTEM_ERR)
        if buffer is not None:
            if call is not None and not call.answered:
                call.buffer = buffer
            else:
                self._pool.give(buffer)

    def _read_message(self, record: bytes | memoryview) -> Call | None:
        """The call in a record; None when it was answered here (refused, or itself an answer). Raises XdrError."""
        reader = Reader(record)
        at = reader.take(8)
        xid = u32_at(reader.window, at)
        kind = u32_at(reader.window, at + 4)
        if kind == REPLY:
            self._read_reply(xid, reader)
            return None
        if kind != CALL:
            raise XdrError(f"{kind} is not a msg_type")
        if reader.u32() != RPC_VERSION:
            self._send_denied(xid, RPC_MISMATCH, RPC_VERSION, RPC_VERSION)
            return None
        at = reader.take(16)
        window = reader.window
        number = u32_at(window, at)
        version = u32_at(window, at + 4)
        procedure = u32_at(window, at + 8)
        flavor = u32_at(window, at + 12)
        credential = self._read_credential(flavor, reader)
        if credential is None:
            self._send_denied(xid, AUTH_ERROR, refusal(flavor), 0)
            return None
        reader.u32()  # verifier: AUTH_NONE and AUTH_SYS have none, what stands there is passed over
        reader.opaque(RPC_MAXAUTH)
        program = self._programs.get(number)
        if program is None:
            self._send_accepted(xid, PROG_UNAVAIL, 0, 0)
            return None
        if version not in program.versions:
            if program.quiet_on_version_mismatch:
                log.info("%r asked for version %d of program %d, which is not served", self, version, number)
                self.ending = "unknown version"
                self._quit()
            else:
                self._send_accepted(xid, PROG_MISMATCH, min(program.versions), max(program.versions))
            return None
        self.outstanding += 1
        self.outstanding_bytes += len(record)
        return Call(self, xid, number, version, procedure, credential, reader, record)

    def _dispatch(self, call: Call) -> None:
        if call.procedure == 0:
            call.args.finish()
            call.finish(call.reply())
        else:
            self._programs[call.program].dispatch(call)

    def _read_credential(self, flavor: int, reader: Reader) -> RpcCredential | None:
        """The credential that comes next, or None when it is to be refused."""
        size = reader.u32()
        if size > RPC_MAXAUTH:
            return None
        body = reader.fixed(size)
        if flavor == AUTH_SYS:
            if body == self._credential_body:
                return self._credential
            try:
                credential = parse_auth_sys(body)
            except XdrError as error:
                log.debug("%r: credential of AUTH_SYS: %s", self, error)
                return None
            self._credential = credential
            self._credential_body = body
            return credential
        if flavor == AUTH_NONE:
            return self._anonymous
        return None

    # -- answers of the peer

    def _read_reply(self, xid: int, reader: Reader) -> None:
        on_reply = self._call_backs.pop(xid, None)
        if on_reply is None:
            log.debug("%r: an answer to nothing that waits, xid %#x", self, xid)
            return
        why = "malformed answer"
        try:
            why = read_reply_header(reader)
        except XdrError as error:
            why = f"malformed answer: {error}"
        self._tell(on_reply, None if why else reader, why)

    def _tell(self, on_reply: Callable[[Reader | None, str], None], results: Reader | None, why: str) -> None:
        try:
            on_reply(results, why)
        except Exception:
            log.exception("%r: the answer of a call back could not be taken", self)

    # -- sending

    def _send_accepted(self, xid: int, stat: int, low: int, high: int) -> None:
        writer = Writer()
        writer.u32(0)
        writer.u32(xid)
        writer.u32(REPLY)
        writer.u32(MSG_ACCEPTED)
        writer.raw(OPAQUE_AUTH_NONE)
        writer.u32(stat)
        if stat == PROG_MISMATCH:
            writer.u32(low)
            writer.u32(high)
        self._send_small(writer)

    def _send_denied(self, xid: int, stat: int, first: int, second: int) -> None:
        writer = Writer()
        writer.u32(0)
        writer.u32(xid)
        writer.u32(REPLY)
        writer.u32(MSG_DENIED)
        writer.u32(stat)
        writer.u32(first)
        if stat == RPC_MISMATCH:
            writer.u32(second)
        self._send_small(writer)

    def _send_small(self, writer: Writer) -> None:
        size = writer.length()
        writer.patch_u32(0, LAST_FRAGMENT | (size - 4))
        self._send(writer.segments(), size)

    def _send(self, segments: list[bytes | memoryview], size: int) -> None:
        if self.closed:
            return
        self._output.extend(segments)
        self._output_size += size
        self._notify()

    def _ended(self, call: Call) -> None:
        self.outstanding -= 1
        self.outstanding_bytes -= call.size
        buffer = call.buffer
        if buffer is not None:
            call.buffer = None
            self._pool.give(buffer)
        self._notify()

    def _notify(self) -> None:
        if not self._inside and not self._woken:
            self._woken = True
            self._wake(self)

    def _quit(self) -> None:
        self.closed = True
        self._output = []
        self._output_size = 0
        self._notify()


def refusal(flavor: int) -> int:
    """The auth_stat for a credential of this flavor that is not taken. AUTH_TLS is among the unknown ones (RFC 9289,
    4.1)."""
    return AUTH_BADCRED if flavor in (AUTH_NONE, AUTH_SYS) else AUTH_REJECTEDCRED


def read_reply_header(reader: Reader) -> str:
    """Passes over a reply's header from its reply_stat on. Empty when it was accepted with SUCCESS and the results come
    next, else why not. Raises XdrError."""
    stat = reader.u32()
    if stat == MSG_ACCEPTED:
        reader.u32()
        reader.opaque(RPC_MAXAUTH)
        accepted = reader.u32()
        if accepted == SUCCESS:
            return ""
        return "not accepted: " + accept_stat_names.get(accepted, str(accepted))
    if stat == MSG_DENIED:
        if reader.u32() == AUTH_ERROR:
            why = reader.u32()
            return DENIED + ": " + auth_stat_names.get(why, str(why))
        return DENIED + ": RPC_MISMATCH"
    raise XdrError(f"{stat} is not a reply_stat")
