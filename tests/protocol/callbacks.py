"""How a machine answers callbacks: a client's back channel with its slots and credentials, and scripts for one that
misbehaves.

It judges what it gets as strictly as Linux does: its own count of sequence ids for each slot, AUTH_SYS for all but
CB_NULL, the sizes that it announced. What it does instead of an answer is up to the test.
"""

from __future__ import annotations

from collections.abc import Callable

from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE
from nfsgw.wire import nfs4 as w4
from nfsgw.wire import nfs4_cb as cb
from nfsgw.wire.rpc import AUTH_NONE, AUTH_SYS, AUTH_TOOWEAK, authsys_parms, unpack_authsys_parms
from nfsgw.wire.runtime import Reader, Writer

PROGRAM = 0x40000000
SLOTS = 4
CHANNEL = w4.channel_attrs4(0, 4096, 4096, 0, 2, SLOTS, [])
MACHINE_CREDENTIAL = authsys_parms(0, b"machine", 0, 0, [])


class Script:
    """What happens to the next callback instead of the usual."""


class Silence(Script):
    """Taken, and never answered."""


class Deaf(Script):
    """Neither taken nor answered: it is lost with its connection."""


class Hangup(Script):
    """The connection drops: after the callback was taken, or before."""

    def __init__(self, taken: bool = True) -> None:
        self.taken = taken


class Denied(Script):
    """RPC does not take the credential."""


class Garbled(Script):
    """An answer that is none."""


class SequenceError(Script):
    def __init__(self, status: int) -> None:
        self.status = status


class OperationError(Script):
    def __init__(self, status: int) -> None:
        self.status = status


class CallbackService:
    """Of one machine, for all of its sessions and connections."""

    def __init__(self) -> None:
        self.script: list[Script] = []  # for the next callbacks, in order
        self.always: Script | None = None  # for all that the script says nothing about
        self.null: Script | None = None  # for CB_NULL
        self.sessions: dict[bytes, list[int]] = {}  # sequence ids of the slots
        self.slots = SLOTS
        self.attributes = w4.fattr4(0, b"")
        self.nulls = 0
        self.sequences: list[cb.CB_SEQUENCE4args] = []  # all that came, as they came
        self.minors: list[int] = []
        self.recalled: list[cb.CB_RECALL4args] = []  # those that were taken
        self.asked: list[cb.CB_GETATTR4args] = []
        self.notified: list[cb.CB_NOTIFY_LOCK4args] = []
        self.on_recall: Callable[[cb.CB_RECALL4args], int] | None = None  # the status, and what it sets in motion

    def begin(self, sessionid: bytes) -> None:
        self.sessions[sessionid] = [0] * self.slots

    def take(self, message: bytes) -> tuple[bytes, bool]:
        """The reply, empty when there is none, and whether the connection drops."""
        reader = Reader(message)
        xid = reader.u32()
        assert reader.u32() == 0
        assert reader.u32() == 2
        assert reader.u32() == PROGRAM
        assert reader.u32() == 1
        procedure = reader.u32()
        flavor = reader.u32()
        body = reader.opaque(400)
        assert reader.u32() == AUTH_NONE
        reader.opaque(400)
        if procedure == cb.CB_NULL:
            self.nulls += 1
            return self.answer_null(xid)
        assert len(message) <= CHANNEL.ca_maxrequestsize
        if flavor != AUTH_SYS or not same_user(body):
            return denied(xid), False
        args = cb.unpack_CB_COMPOUND4args(reader)
        reader.finish()
        assert args.callback_ident == 0
        self.minors.append(args.minorversion)
        script = self.script.pop(0) if self.script else self.always
        if isinstance(script, Deaf):
            return b"", False
        if isinstance(script, Denied):
            return denied(xid), False
        if isinstance(script, Garbled):
            return accepted(xid) + b"\0\0\0\0\0\0\0\0\0\0\0\7", False
        if isinstance(script, Hangup) and not script.taken:
            return b"", True
        results = self.run(args, script)
        if isinstance(script, Hangup):
            return b"", True
        if isinstance(script, Silence):
            return b"", False
        writer = Writer()
        cb.pack_CB_COMPOUND4res(writer, cb.CB_COMPOUND4res(status_of(results[-1]), args.tag, results))
        reply = accepted(xid) + writer.getvalue()
        assert len(reply) <= CHANNEL.ca_maxresponsesize
        return reply, False

    def answer_null(self, xid: int) -> tuple[bytes, bool]:
        if isinstance(self.null, Silence | Deaf):
            return b"", False
        if isinstance(self.null, Denied):
            return denied(xid), False
        return accepted(xid), isinstance(self.null, Hangup)

    def run(self, args: cb.CB_COMPOUND4args, script: Script | None) -> list[cb.nfs_cb_resop4]:
        first = args.argarray[0].opcbsequence
        assert first is not None
        self.sequences.append(first)
        if isinstance(script, SequenceError):
            return [sequence_result(script.status)]
        status = self.sequence(first, len(args.argarray))
        replayed = status == w4.NFS4ERR_RETRY_UNCACHED_REP
        if status != w4.NFS4_OK and not (replayed and len(args.argarray) > 1):
            return [sequence_result(status)]
        done = cb.CB_SEQUENCE4resok(
            first.csa_sessionid, first.csa_sequenceid, first.csa_slotid, self.slots - 1, self.slots - 1
        )
        results = [sequence_result(w4.NFS4_OK, done)]
        for operation in args.argarray[1:]:
            if replayed:
                results.append(result(operation.argop, w4.NFS4ERR_RETRY_UNCACHED_REP))
            elif isinstance(script, OperationError):
                results.append(result(operation.argop, script.status))
            else:
                results.append(self.operate(operation))
        return results

    def sequence(self, args: cb.CB_SEQUENCE4args, count: int) -> int:
        seqids = self.sessions.get(args.csa_sessionid)
        if seqids is None:
            return w4.NFS4ERR_BADSESSION
        if args.csa_slotid >= self.slots:
            return w4.NFS4ERR_BADSLOT
        if args.csa_highest_slotid >= self.slots or args.csa_highest_slotid < args.csa_slotid:
            return w4.NFS4ERR_BAD_HIGH_SLOT
        assert count <= CHANNEL.ca_maxoperations
        assert not args.csa_cachethis
        last = seqids[args.csa_slotid]
        if args.csa_sequenceid == last:
            return w4.NFS4ERR_RETRY_UNCACHED_REP
        if args.csa_sequenceid != last + 1:
            return w4.NFS4ERR_SEQ_MISORDERED
        seqids[args.csa_slotid] = args.csa_sequenceid
        return w4.NFS4_OK

    def operate(self, operation: cb.nfs_cb_argop4) -> cb.nfs_cb_resop4:
        if operation.opcbrecall is not None:
            self.recalled.append(operation.opcbrecall)
            status = self.on_recall(operation.opcbrecall) if self.on_recall is not None else w4.NFS4_OK
            return result(operation.argop, status)
        if operation.opcbgetattr is not None:
            self.asked.append(operation.opcbgetattr)
            told = cb.CB_GETATTR4resok(self.attributes)
            return cb.nfs_cb_resop4(operation.argop, opcbgetattr=cb.CB_GETATTR4res(w4.NFS4_OK, told))
        if operation.opcbnotify_lock is not None:
            self.notified.append(operation.opcbnotify_lock)
            return result(operation.argop, w4.NFS4_OK)
        return result(operation.argop, w4.NFS4ERR_NOTSUPP)


def same_user(body: bytes) -> bool:
    reader = Reader(body)
    parms = unpack_authsys_parms(reader)
    reader.finish()
    return parms == MACHINE_CREDENTIAL


def sequence_result(status: int, done: cb.CB_SEQUENCE4resok | None = None) -> cb.nfs_cb_resop4:
    return cb.nfs_cb_resop4(cb.OP_CB_SEQUENCE, opcbsequence=cb.CB_SEQUENCE4res(status, done))


def result(number: int, status: int) -> cb.nfs_cb_resop4:
    if number == cb.OP_CB_RECALL:
        return cb.nfs_cb_resop4(number, opcbrecall=cb.CB_RECALL4res(status))
    if number == cb.OP_CB_GETATTR:
        return cb.nfs_cb_resop4(number, opcbgetattr=cb.CB_GETATTR4res(status))
    if number == cb.OP_CB_NOTIFY_LOCK:
        return cb.nfs_cb_resop4(number, opcbnotify_lock=cb.CB_NOTIFY_LOCK4res(status))
    return cb.nfs_cb_resop4(cb.OP_CB_ILLEGAL, opcbillegal=cb.CB_ILLEGAL4res(w4.NFS4ERR_OP_ILLEGAL))


def status_of(one: cb.nfs_cb_resop4) -> int:
    for answer in (one.opcbrecall, one.opcbgetattr):
        if answer is not None:
            return answer.status
    if one.opcbsequence is not None:
        return one.opcbsequence.csr_status
    if one.opcbnotify_lock is not None:
        return one.opcbnotify_lock.cnlr_status
    return w4.NFS4ERR_OP_ILLEGAL


def accepted(xid: int) -> bytes:
    writer = Writer()
    for word in (xid, 1, 0):
        writer.u32(word)
    writer.raw(OPAQUE_AUTH_NONE)
    writer.u32(0)
    return writer.getvalue()


def denied(xid: int) -> bytes:
    writer = Writer()
    for word in (xid, 1, 1, 1, AUTH_TOOWEAK):
        writer.u32(word)
    return writer.getvalue()
