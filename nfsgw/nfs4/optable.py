"""The operation table: all that the engine knows of an operation, one row each.

Minor versions, place in a compound, filehandles, effect, codec, handler. Nothing else repeats this knowledge: the engine, the
metrics' labels and the table in docs/operations.md come from here. RFC 8881, chapter 17; RFC 7862, 14; RFC 8276, 8.3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from nfsgw.nfs4.minor0 import operations as minor0
from nfsgw.nfs4.operations import (
    attributes,
    data,
    delegations,
    filehandles,
    locking,
    named,
    names,
    opening,
    security,
    sessions,
    sparse,
    xattrs,
)
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader, Writer

# Minor versions that have the operation.
V40: Final = 1
V41: Final = 2
V42: Final = 4

# Place in a compound (RFC 8881, 2.10.1, 18.35.3, 18.46.3).
INSIDE: Final = 0  # only after SEQUENCE
LEADS: Final = 1  # SEQUENCE itself: only as the first
ANYWHERE: Final = 3  # in 4.0, which has no sessions
ALONE: Final = 2  # without a session: only as the one operation of the compound; or after SEQUENCE

# Filehandles that must be there.
NONE: Final = 0
CURRENT: Final = 1
BOTH: Final = 2  # current and saved

# Effect.
READS: Final = 0
CHANGES: Final = 1  # not idempotent, or changes what others see: its reply is kept in the slot whatever the client asks
LASTS: Final = 2  # changes the tree too: its reply is stored in the same transaction, and told after a restart as well;
# in grace it waits for clients that may trust what they have cached.
# (OPEN is one of them where it makes or cuts a file: it says so by `Compound.lasting`.)

# In the grace period: ALLOWED, or RECLAIMS (only what reclaims state; the state layer decides from the arguments).
ALLOWED: Final = 0
RECLAIMS: Final = 1

# What a compound is named after in the metrics: the first of its weightiest operations.
FRAME: Final = 0  # SEQUENCE
HANDLE: Final = 1  # moves filehandles about
LOOKS: Final = 2  # comes with almost everything
LEADS_ON: Final = 3  # asked for by itself, or on the way to something else
MATTERS: Final = 4

SMALL: Final = 256  # bytes: no result of an operation with an effect is larger ...
DENIED: Final = 1280  # ... but a LOCK4denied, with an owner of up to 1024 bytes

Handler = Callable[[Any, Any], Any]


class Row:
    def __init__(
        self,
        number: int,
        minors: int,
        handles: int,
        effect: int,
        handler: Handler | None,
        unpack: Callable[[Reader], Any] | None = None,
        pack: Callable[[Writer, Any], None] | None = None,
        place: int = INSIDE,
        grace: int = ALLOWED,
        reply_bound: int = SMALL,
        absent: str = "",
        weight: int = MATTERS,
        v40: Handler | None = None,
        by_seqid: bool = False,
        repeatable: bool = False,
    ) -> None:
        self.number = number
        self.name = w4.nfs_opnum4_names[number].removeprefix("OP_")
        self.minors = minors
        self.place = place
        self.handles = handles
        self.effect = effect
        self.grace = grace
        self.handler = handler
        self.unpack = unpack
        self.pack = pack
        self.reply_bound = reply_bound
        self.absent = absent  # why there is no handler
        self.weight = weight
        self.v40 = v40  # what handles it in 4.0, where that is not the same
        self.by_seqid = by_seqid  # in 4.0: ordered by an owner's sequence id, and handled to an encoded result
        self.repeatable = repeatable  # though it changes something, 4.0 needs no memory of it

    def of_v40(self) -> Row:
        return Row(
            self.number,
            self.minors,
            self.handles,
            self.effect,
            self.v40 or self.handler,
            self.unpack,
            put_encoded if self.by_seqid else self.pack,
            ANYWHERE,
            self.grace,
            self.reply_bound,
            self.absent,
            self.weight,
            repeatable=self.repeatable,
        )


def put_encoded(w: Writer, encoded: bytes) -> None:
    w.raw(encoded)


def put_mask(w: Writer, mask: int) -> None:
    w.bitmap(mask)


def put_read(w: Writer, result: data.ReadResult) -> None:
    """READ4resok whose data is not copied."""
    w.boolean(result.eof)
    w.bulk_parts(result.buffers)


def put_getxattr(w: Writer, value: bytes) -> None:
    w.bulk(value)


def put_secinfo(w: Writer, flavors: list[w4.secinfo4]) -> None:
    w4.pack_SECINFO4resok(w, flavors)


V41_ON: Final = V41 | V42
ALL: Final = V40 | V41 | V42

# Why an operation answers NOTSUPP.
NO_PREVIOUS: Final = "a delegation does not outlive its client (no CLAIM_DELEGATE_PREV)"
NO_PNFS: Final = "no pNFS: the gateway itself serves all data"
NO_SSV: Final = "no SP4_SSV state protection"
NO_COPY: Final = "no server-side copy: the client copies"
NO_SPARSE: Final = "the client uses READ and WRITE"

# fmt: off
ROWS: Final = [
    Row(w4.OP_ACCESS, ALL, CURRENT, READS, attributes.access, w4.unpack_ACCESS4args, w4.pack_ACCESS4resok, weight=LEADS_ON),
    Row(w4.OP_CLOSE, ALL, CURRENT, CHANGES, opening.close, w4.unpack_CLOSE4args, w4.pack_stateid4, v40=minor0.close, by_seqid=True),
    Row(w4.OP_COMMIT, ALL, CURRENT, READS, data.commit, w4.unpack_COMMIT4args, w4.pack_COMMIT4resok),
    Row(w4.OP_CREATE, ALL, CURRENT, LASTS, names.create, w4.unpack_CREATE4args, w4.pack_CREATE4resok),
    Row(w4.OP_DELEGPURGE, ALL, NONE, CHANGES, None, absent=NO_PREVIOUS),
    Row(w4.OP_DELEGRETURN, ALL, CURRENT, CHANGES, delegations.delegreturn, w4.unpack_DELEGRETURN4args, v40=minor0.delegreturn),
    Row(w4.OP_GETATTR, ALL, CURRENT, READS, attributes.getattr, w4.unpack_GETATTR4args, put_encoded, weight=LOOKS),
    Row(w4.OP_GETFH, ALL, CURRENT, READS, filehandles.getfh, None, w4.pack_GETFH4resok, weight=HANDLE),
    Row(w4.OP_LINK, ALL, BOTH, LASTS, names.link, w4.unpack_LINK4args, w4.pack_LINK4resok),
    Row(w4.OP_LOCK, ALL, CURRENT, CHANGES, locking.lock, w4.unpack_LOCK4args, w4.pack_LOCK4resok, grace=RECLAIMS, reply_bound=DENIED, v40=minor0.lock, by_seqid=True),
    Row(w4.OP_LOCKT, ALL, CURRENT, READS, locking.lockt, w4.unpack_LOCKT4args, grace=RECLAIMS, v40=minor0.lockt),
    Row(w4.OP_LOCKU, ALL, CURRENT, CHANGES, locking.locku, w4.unpack_LOCKU4args, w4.pack_stateid4, v40=minor0.locku, by_seqid=True),
    Row(w4.OP_LOOKUP, ALL, CURRENT, READS, names.lookup, w4.unpack_LOOKUP4args, weight=LEADS_ON),
    Row(w4.OP_LOOKUPP, ALL, CURRENT, READS, names.lookupp, weight=LEADS_ON),
    Row(w4.OP_NVERIFY, ALL, CURRENT, READS, attributes.nverify, w4.unpack_NVERIFY4args),
    Row(w4.OP_OPEN, ALL, CURRENT, CHANGES, opening.open, w4.unpack_OPEN4args, w4.pack_OPEN4resok, grace=RECLAIMS, v40=minor0.open, by_seqid=True),
    Row(w4.OP_OPENATTR, ALL, CURRENT, CHANGES, named.openattr, w4.unpack_OPENATTR4args, weight=LEADS_ON, repeatable=True),
    Row(w4.OP_OPEN_CONFIRM, V40, CURRENT, CHANGES, None, w4.unpack_OPEN_CONFIRM4args, v40=minor0.open_confirm, by_seqid=True),
    Row(w4.OP_OPEN_DOWNGRADE, ALL, CURRENT, CHANGES, opening.open_downgrade, w4.unpack_OPEN_DOWNGRADE4args, w4.pack_OPEN_DOWNGRADE4resok, v40=minor0.open_downgrade, by_seqid=True),
    Row(w4.OP_PUTFH, ALL, NONE, READS, filehandles.putfh, w4.unpack_PUTFH4args, weight=HANDLE),
    Row(w4.OP_PUTPUBFH, ALL, NONE, READS, filehandles.putpubfh, weight=HANDLE),
    Row(w4.OP_PUTROOTFH, ALL, NONE, READS, filehandles.putrootfh, weight=HANDLE),
    Row(w4.OP_READ, ALL, CURRENT, READS, data.read, w4.unpack_READ4args, put_read, v40=minor0.read),
    Row(w4.OP_READDIR, ALL, CURRENT, READS, names.readdir, w4.unpack_READDIR4args, put_encoded),
    Row(w4.OP_READLINK, ALL, CURRENT, READS, names.readlink, None, w4.pack_READLINK4resok),
    Row(w4.OP_REMOVE, ALL, CURRENT, LASTS, names.remove, w4.unpack_REMOVE4args, w4.pack_REMOVE4resok),
    Row(w4.OP_RENAME, ALL, BOTH, LASTS, names.rename, w4.unpack_RENAME4args, w4.pack_RENAME4resok),
    Row(w4.OP_RENEW, V40, NONE, READS, None, w4.unpack_RENEW4args, weight=LOOKS, v40=minor0.renew),
    Row(w4.OP_RESTOREFH, ALL, NONE, READS, filehandles.restorefh, weight=HANDLE),
    Row(w4.OP_SAVEFH, ALL, CURRENT, READS, filehandles.savefh, weight=HANDLE),
    Row(w4.OP_SECINFO, ALL, CURRENT, READS, security.secinfo, w4.unpack_SECINFO4args, put_secinfo, v40=minor0.secinfo),
    Row(w4.OP_SETATTR, ALL, CURRENT, LASTS, attributes.setattr, w4.unpack_SETATTR4args, put_mask, v40=minor0.setattr),
    Row(w4.OP_SETCLIENTID, V40, NONE, CHANGES, None, w4.unpack_SETCLIENTID4args, w4.pack_SETCLIENTID4resok, v40=minor0.setclientid),
    Row(w4.OP_SETCLIENTID_CONFIRM, V40, NONE, CHANGES, None, w4.unpack_SETCLIENTID_CONFIRM4args, v40=minor0.setclientid_confirm),
    Row(w4.OP_VERIFY, ALL, CURRENT, READS, attributes.verify, w4.unpack_VERIFY4args),
    Row(w4.OP_WRITE, ALL, CURRENT, CHANGES, data.write, w4.unpack_WRITE4args, w4.pack_WRITE4resok, v40=minor0.write, repeatable=True),
    Row(w4.OP_RELEASE_LOCKOWNER, V40, NONE, CHANGES, None, w4.unpack_RELEASE_LOCKOWNER4args, v40=minor0.release_lockowner),
    Row(w4.OP_BACKCHANNEL_CTL, V41_ON, NONE, CHANGES, sessions.backchannel_ctl, w4.unpack_BACKCHANNEL_CTL4args),
    Row(w4.OP_BIND_CONN_TO_SESSION, V41_ON, NONE, CHANGES, sessions.bind_conn_to_session, w4.unpack_BIND_CONN_TO_SESSION4args, w4.pack_BIND_CONN_TO_SESSION4resok, place=ALONE),
    Row(w4.OP_EXCHANGE_ID, V41_ON, NONE, CHANGES, sessions.exchange_id, w4.unpack_EXCHANGE_ID4args, w4.pack_EXCHANGE_ID4resok, place=ALONE),
    Row(w4.OP_CREATE_SESSION, V41_ON, NONE, CHANGES, sessions.create_session, w4.unpack_CREATE_SESSION4args, w4.pack_CREATE_SESSION4resok, place=ALONE),
    Row(w4.OP_DESTROY_SESSION, V41_ON, NONE, CHANGES, sessions.destroy_session, w4.unpack_DESTROY_SESSION4args, place=ALONE),
    Row(w4.OP_FREE_STATEID, V41_ON, NONE, CHANGES, sessions.free_stateid, w4.unpack_FREE_STATEID4args),
    Row(w4.OP_GET_DIR_DELEGATION, V41_ON, CURRENT, CHANGES, delegations.get_dir_delegation, w4.unpack_GET_DIR_DELEGATION4args, w4.pack_GET_DIR_DELEGATION4res_non_fatal, weight=HANDLE),
    Row(w4.OP_GETDEVICEINFO, V41_ON, NONE, READS, None, absent=NO_PNFS),
    Row(w4.OP_GETDEVICELIST, V41_ON, CURRENT, READS, None, absent=NO_PNFS),
    Row(w4.OP_LAYOUTCOMMIT, V41_ON, CURRENT, CHANGES, None, absent=NO_PNFS),
    Row(w4.OP_LAYOUTGET, V41_ON, CURRENT, CHANGES, None, absent=NO_PNFS),
    Row(w4.OP_LAYOUTRETURN, V41_ON, CURRENT, CHANGES, None, absent=NO_PNFS),
    Row(w4.OP_SECINFO_NO_NAME, V41_ON, CURRENT, READS, security.secinfo_no_name, w4.unpack_SECINFO_NO_NAME4args, put_secinfo),
    Row(w4.OP_SEQUENCE, V41_ON, NONE, READS, sessions.sequence, w4.unpack_SEQUENCE4args, w4.pack_SEQUENCE4resok, place=LEADS, weight=FRAME),
    Row(w4.OP_SET_SSV, V41_ON, NONE, CHANGES, None, absent=NO_SSV),
    Row(w4.OP_TEST_STATEID, V41_ON, NONE, READS, sessions.test_stateid, w4.unpack_TEST_STATEID4args, w4.pack_TEST_STATEID4resok),
    Row(w4.OP_WANT_DELEGATION, V41_ON, CURRENT, CHANGES, delegations.want_delegation, w4.unpack_WANT_DELEGATION4args, w4.pack_open_delegation4, grace=RECLAIMS),
    Row(w4.OP_DESTROY_CLIENTID, V41_ON, NONE, CHANGES, sessions.destroy_clientid, w4.unpack_DESTROY_CLIENTID4args, place=ALONE),
    Row(w4.OP_RECLAIM_COMPLETE, V41_ON, NONE, CHANGES, sessions.reclaim_complete, w4.unpack_RECLAIM_COMPLETE4args),
    Row(w4.OP_ALLOCATE, V42, CURRENT, CHANGES, sparse.allocate, w4.unpack_ALLOCATE4args),
    Row(w4.OP_COPY, V42, BOTH, CHANGES, None, absent=NO_COPY),
    Row(w4.OP_COPY_NOTIFY, V42, CURRENT, CHANGES, None, absent=NO_COPY),
    Row(w4.OP_DEALLOCATE, V42, CURRENT, CHANGES, sparse.deallocate, w4.unpack_DEALLOCATE4args),
    Row(w4.OP_IO_ADVISE, V42, CURRENT, READS, sparse.io_advise, w4.unpack_IO_ADVISE4args, w4.pack_IO_ADVISE4resok),
    Row(w4.OP_LAYOUTERROR, V42, CURRENT, CHANGES, None, absent=NO_PNFS),
    Row(w4.OP_LAYOUTSTATS, V42, CURRENT, CHANGES, None, absent=NO_PNFS),
    Row(w4.OP_OFFLOAD_CANCEL, V42, CURRENT, CHANGES, None, absent=NO_COPY),
    Row(w4.OP_OFFLOAD_STATUS, V42, CURRENT, READS, None, absent=NO_COPY),
    Row(w4.OP_READ_PLUS, V42, CURRENT, READS, None, absent=NO_SPARSE),
    Row(w4.OP_SEEK, V42, CURRENT, READS, sparse.seek, w4.unpack_SEEK4args, w4.pack_seek_res4),
    Row(w4.OP_WRITE_SAME, V42, CURRENT, CHANGES, None, absent=NO_SPARSE),
    Row(w4.OP_CLONE, V42, BOTH, CHANGES, None, absent=NO_COPY),
    Row(w4.OP_GETXATTR, V42, CURRENT, READS, xattrs.getxattr, w4.unpack_GETXATTR4args, put_getxattr),
    Row(w4.OP_SETXATTR, V42, CURRENT, LASTS, xattrs.setxattr, w4.unpack_SETXATTR4args, w4.pack_change_info4),
    Row(w4.OP_LISTXATTRS, V42, CURRENT, READS, xattrs.listxattrs, w4.unpack_LISTXATTRS4args, w4.pack_LISTXATTRS4resok),
    Row(w4.OP_REMOVEXATTR, V42, CURRENT, LASTS, xattrs.removexattr, w4.unpack_REMOVEXATTR4args, w4.pack_change_info4),
]
# fmt: on

ILLEGAL: Final = Row(w4.OP_ILLEGAL, 0, NONE, READS, None)


def table_of(minor: int) -> list[Row]:
    """Rows by operation number for one minor version. A number that it does not know is ILLEGAL; an operation of 4.0 alone must
    not be implemented by the others and is NOTSUPP there (RFC 8881, 17)."""
    bit = (V40, V41, V42)[minor]
    table = [ILLEGAL] * (w4.OP_REMOVEXATTR + 1)
    for row in ROWS:
        if row.minors & bit or (minor > 0 and row.minors == V40):
            table[row.number] = row if minor else row.of_v40()
    return table


TABLES: Final = [table_of(0), table_of(1), table_of(2)]
