"""What can become of one callback, and what is done about it: the whole of the policy, as tables. RFC 8881, 20.9.

Reads the answer to a CB_COMPOUND. It must never take an answer for another request's, and never fail on bytes.
"""

from __future__ import annotations

from typing import Final

from nfsgw.wire.nfs4 import (
    NFS4_OK,
    NFS4ERR_BAD_HIGH_SLOT,
    NFS4ERR_BADSESSION,
    NFS4ERR_BADSLOT,
    NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
    NFS4ERR_DEADSESSION,
    NFS4ERR_DELAY,
    NFS4ERR_RETRY_UNCACHED_REP,
    NFS4ERR_SEQ_FALSE_RETRY,
    NFS4ERR_SEQ_MISORDERED,
)
from nfsgw.wire.nfs4_cb import OP_CB_ILLEGAL, OP_CB_SEQUENCE, unpack_CB_SEQUENCE4resok
from nfsgw.wire.runtime import Reader, XdrError

TAG_LIMIT: Final = 1024

# Verdicts:
TELL: Final = 0
"""This is the answer. It is up to who asked."""

ELSEWHERE: Final = 1
"""Nobody knows whether the client has taken it: the same request, in the same slot with the same sequence id, over
another connection of the session; never again over one that still stands (2.10.6.2). Without another one: wait for the
answer, or for a connection, until the time is up."""

REFUSED: Final = 2
"""This connection carries no callback, though it stands: another one, and where there is none, UNREACHABLE at once."""

STRANGER: Final = 3
"""The client does not know this session (any more, or not yet: the reply to CREATE_SESSION may be on its way). Another
session of the client, or this one again after a pause."""

REPEAT: Final = 4
"""The slot is as it was: the same request again, after a pause."""

ANEW: Final = 5
"""The client has taken it, but its reply is lost: again as a new request, at once. All that is asked here may be asked
twice."""

ANEW_LATER: Final = 6
"""The client cannot do it yet: again as a new request, after a pause."""

RETIRE: Final = 7
"""The slot is of no more use: another one. When the last is gone, SEQ4_STATUS_BACKCHANNEL_FAULT asks the client for a
new session."""

SHRINK: Final = 8
"""The client takes fewer slots than we thought: the same request again, with no higher slot than its own."""

# No answer of the program at all. SILENT: none within the time. LOST: the connection went. DENIED: not accepted by RPC
# (a credential that the client does not take, a program that it does not have) or an answer that is none.
SILENT: Final = -1
LOST: Final = -2
DENIED: Final = -3
TRANSPORT: Final = {SILENT: ELSEWHERE, LOST: ELSEWHERE, DENIED: REFUSED}

# What CB_SEQUENCE says. After an error the slot is as it was, so what is repeated keeps its sequence id.
SEQUENCE: Final = {
    NFS4ERR_DELAY: REPEAT,
    NFS4ERR_BADSESSION: STRANGER,
    NFS4ERR_DEADSESSION: STRANGER,
    NFS4ERR_CONN_NOT_BOUND_TO_SESSION: REFUSED,
    NFS4ERR_SEQ_MISORDERED: RETIRE,
    NFS4ERR_BADSLOT: RETIRE,
    NFS4ERR_BAD_HIGH_SLOT: SHRINK,
    NFS4ERR_RETRY_UNCACHED_REP: ANEW,
    NFS4ERR_SEQ_FALSE_RETRY: ANEW,
}

# What the operation says, where it is not the answer.
OPERATION: Final = {
    NFS4ERR_DELAY: ANEW_LATER,
    NFS4ERR_RETRY_UNCACHED_REP: ANEW,
}

FIRST_PAUSE: Final = 0.010
LONGEST_PAUSE: Final = 0.640


class Answer:
    """One CB_COMPOUND4res. `sequence`: the status of CB_SEQUENCE, `target`: the highest slot that the client wants used
    (after OK only). `status`: of the operation after it; NFS4_OK when there was none to come. `reader` stands behind
    that status."""

    def __init__(self, sequence: int, target: int, status: int, reader: Reader) -> None:
        self.sequence = sequence
        self.target = target
        self.status = status
        self.reader = reader

    def verdict(self) -> int:
        if self.sequence != NFS4_OK:
            return SEQUENCE.get(self.sequence, TELL)
        return OPERATION.get(self.status, TELL)


def read(reader: Reader, sessionid: bytes, seqid: int, slot: int, number: int) -> Answer:
    """`number`: the operation after CB_SEQUENCE; 0 for none. Raises XdrError for what is no answer to that request."""
    status = reader.u32()
    reader.opaque(TAG_LIMIT)
    count = reader.u32()
    if count == 0:
        if status == NFS4_OK:
            raise XdrError("no results and no error")
        return Answer(status, 0, status, reader)
    if reader.u32() != OP_CB_SEQUENCE:
        raise XdrError("the first result is not of CB_SEQUENCE")
    sequence = reader.u32()
    if sequence != NFS4_OK:
        return Answer(sequence, 0, sequence, reader)
    result = unpack_CB_SEQUENCE4resok(reader)
    if result.csr_sessionid != sessionid or result.csr_sequenceid != seqid or result.csr_slotid != slot:
        raise XdrError("the result of another CB_SEQUENCE")
    if count == 1:
        if number and status == NFS4_OK:
            raise XdrError("a result is missing")
        return Answer(NFS4_OK, result.csr_target_highest_slotid, status, reader)
    if number and reader.u32() not in (number, OP_CB_ILLEGAL):
        raise XdrError("the result of another operation")
    return Answer(NFS4_OK, result.csr_target_highest_slotid, reader.u32() if number else NFS4_OK, reader)
