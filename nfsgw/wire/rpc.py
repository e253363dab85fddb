"""XDR codec of `xdr/rpc.x`, emitted by `python -m xdr.generate`: do not edit it.

A type X is a class or an alias X here, with `unpack_X(reader)` and `pack_X(writer, value)`, which raise
XdrError for what is not an X.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeAlias

from nfsgw.wire.runtime import Reader, Struct, Writer, absent, u32_at, unknown

RPC_VERSION: Final = 2
RPC_MAXAUTH: Final = 400
AUTHSYS_MAXMACHINENAME: Final = 255
AUTHSYS_MAXGIDS: Final = 16

auth_flavor: TypeAlias = int

AUTH_NONE: Final = 0
AUTH_SYS: Final = 1
AUTH_SHORT: Final = 2
AUTH_DH: Final = 3
RPCSEC_GSS: Final = 6
AUTH_TLS: Final = 7

auth_flavor_names: Final[dict[int, str]] = {
    AUTH_NONE: "AUTH_NONE",
    AUTH_SYS: "AUTH_SYS",
    AUTH_SHORT: "AUTH_SHORT",
    AUTH_DH: "AUTH_DH",
    RPCSEC_GSS: "RPCSEC_GSS",
    AUTH_TLS: "AUTH_TLS",
}


def unpack_auth_flavor(r: Reader) -> auth_flavor:
    return r.member(auth_flavor_names, "auth_flavor")


def pack_auth_flavor(w: Writer, v: auth_flavor) -> None:
    w.u32(v)


class opaque_auth(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("flavor", "body")

    def __init__(self, flavor: int, body: bytes) -> None:
        self.flavor = flavor
        self.body = body


def unpack_opaque_auth(r: Reader) -> opaque_auth:
    return opaque_auth(r.u32(), r.opaque(400))


def pack_opaque_auth(w: Writer, v: opaque_auth) -> None:
    w.u32(v.flavor)
    w.opaque(v.body, 400)


class authsys_parms(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stamp", "machinename", "uid", "gid", "gids")

    def __init__(self, stamp: int, machinename: bytes, uid: int, gid: int, gids: list[int]) -> None:
        self.stamp = stamp
        self.machinename = machinename
        self.uid = uid
        self.gid = gid
        self.gids = gids


def unpack_authsys_parms(r: Reader) -> authsys_parms:
    stamp = r.u32()
    machinename = r.opaque(255)
    at = r.take(8)
    window = r.window
    return authsys_parms(
        stamp, machinename, u32_at(window, at), u32_at(window, at + 4), [r.u32() for _ in range(r.array_length(16, 4))]
    )


def pack_authsys_parms(w: Writer, v: authsys_parms) -> None:
    w.u32(v.stamp)
    w.opaque(v.machinename, 255)
    w.u32(v.uid)
    w.u32(v.gid)
    w.array_length(len(v.gids), 16)
    for gids_item in v.gids:
        w.u32(gids_item)


msg_type: TypeAlias = int

CALL: Final = 0
REPLY: Final = 1

msg_type_names: Final[dict[int, str]] = {
    CALL: "CALL",
    REPLY: "REPLY",
}


def unpack_msg_type(r: Reader) -> msg_type:
    return r.enum(0, 1, "msg_type")


def pack_msg_type(w: Writer, v: msg_type) -> None:
    w.u32(v)


reply_stat: TypeAlias = int

MSG_ACCEPTED: Final = 0
MSG_DENIED: Final = 1

reply_stat_names: Final[dict[int, str]] = {
    MSG_ACCEPTED: "MSG_ACCEPTED",
    MSG_DENIED: "MSG_DENIED",
}


def unpack_reply_stat(r: Reader) -> reply_stat:
    return r.enum(0, 1, "reply_stat")


def pack_reply_stat(w: Writer, v: reply_stat) -> None:
    w.u32(v)


accept_stat: TypeAlias = int

SUCCESS: Final = 0
PROG_UNAVAIL: Final = 1
PROG_MISMATCH: Final = 2
PROC_UNAVAIL: Final = 3
GARBAGE_ARGS: Final = 4
SYSTEM_ERR: Final = 5

accept_stat_names: Final[dict[int, str]] = {
    SUCCESS: "SUCCESS",
    PROG_UNAVAIL: "PROG_UNAVAIL",
    PROG_MISMATCH: "PROG_MISMATCH",
    PROC_UNAVAIL: "PROC_UNAVAIL",
    GARBAGE_ARGS: "GARBAGE_ARGS",
    SYSTEM_ERR: "SYSTEM_ERR",
}


def unpack_accept_stat(r: Reader) -> accept_stat:
    return r.enum(0, 5, "accept_stat")


def pack_accept_stat(w: Writer, v: accept_stat) -> None:
    w.u32(v)


reject_stat: TypeAlias = int

RPC_MISMATCH: Final = 0
AUTH_ERROR: Final = 1

reject_stat_names: Final[dict[int, str]] = {
    RPC_MISMATCH: "RPC_MISMATCH",
    AUTH_ERROR: "AUTH_ERROR",
}


def unpack_reject_stat(r: Reader) -> reject_stat:
    return r.enum(0, 1, "reject_stat")


def pack_reject_stat(w: Writer, v: reject_stat) -> None:
    w.u32(v)


auth_stat: TypeAlias = int

AUTH_OK: Final = 0
AUTH_BADCRED: Final = 1
AUTH_REJECTEDCRED: Final = 2
AUTH_BADVERF: Final = 3
AUTH_REJECTEDVERF: Final = 4
AUTH_TOOWEAK: Final = 5
AUTH_INVALIDRESP: Final = 6
AUTH_FAILED: Final = 7
AUTH_KERB_GENERIC: Final = 8
AUTH_TIMEEXPIRE: Final = 9
AUTH_TKT_FILE: Final = 10
AUTH_DECODE: Final = 11
AUTH_NET_ADDR: Final = 12
RPCSEC_GSS_CREDPROBLEM: Final = 13
RPCSEC_GSS_CTXPROBLEM: Final = 14

auth_stat_names: Final[dict[int, str]] = {
    AUTH_OK: "AUTH_OK",
    AUTH_BADCRED: "AUTH_BADCRED",
    AUTH_REJECTEDCRED: "AUTH_REJECTEDCRED",
    AUTH_BADVERF: "AUTH_BADVERF",
    AUTH_REJECTEDVERF: "AUTH_REJECTEDVERF",
    AUTH_TOOWEAK: "AUTH_TOOWEAK",
    AUTH_INVALIDRESP: "AUTH_INVALIDRESP",
    AUTH_FAILED: "AUTH_FAILED",
    AUTH_KERB_GENERIC: "AUTH_KERB_GENERIC",
    AUTH_TIMEEXPIRE: "AUTH_TIMEEXPIRE",
    AUTH_TKT_FILE: "AUTH_TKT_FILE",
    AUTH_DECODE: "AUTH_DECODE",
    AUTH_NET_ADDR: "AUTH_NET_ADDR",
    RPCSEC_GSS_CREDPROBLEM: "RPCSEC_GSS_CREDPROBLEM",
    RPCSEC_GSS_CTXPROBLEM: "RPCSEC_GSS_CTXPROBLEM",
}


def unpack_auth_stat(r: Reader) -> auth_stat:
    return r.enum(0, 14, "auth_stat")


def pack_auth_stat(w: Writer, v: auth_stat) -> None:
    w.u32(v)


class call_body(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rpcvers", "prog", "vers", "proc", "cred", "verf")

    def __init__(self, rpcvers: int, prog: int, vers: int, proc: int, cred: opaque_auth, verf: opaque_auth) -> None:
        self.rpcvers = rpcvers
        self.prog = prog
        self.vers = vers
        self.proc = proc
        self.cred = cred
        self.verf = verf


def unpack_call_body(r: Reader) -> call_body:
    at = r.take(16)
    window = r.window
    return call_body(
        u32_at(window, at),
        u32_at(window, at + 4),
        u32_at(window, at + 8),
        u32_at(window, at + 12),
        unpack_opaque_auth(r),
        unpack_opaque_auth(r),
    )


def pack_call_body(w: Writer, v: call_body) -> None:
    w.u32(v.rpcvers)
    w.u32(v.prog)
    w.u32(v.vers)
    w.u32(v.proc)
    pack_opaque_auth(w, v.cred)
    pack_opaque_auth(w, v.verf)


class mismatch_info(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("low", "high")

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high


def unpack_mismatch_info(r: Reader) -> mismatch_info:
    at = r.take(8)
    window = r.window
    return mismatch_info(u32_at(window, at), u32_at(window, at + 4))


def pack_mismatch_info(w: Writer, v: mismatch_info) -> None:
    w.u32(v.low)
    w.u32(v.high)


class reply_data(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stat", "mismatch")

    def __init__(self, stat: accept_stat, mismatch: mismatch_info | None = None) -> None:
        self.stat = stat
        self.mismatch = mismatch


def unpack_reply_data(r: Reader) -> reply_data:
    v = reply_data(r.u32())
    if v.stat == PROG_MISMATCH:
        v.mismatch = unpack_mismatch_info(r)
    return v


def pack_reply_data(w: Writer, v: reply_data) -> None:
    w.u32(v.stat)
    if v.stat == PROG_MISMATCH:
        if v.mismatch is None:
            absent("reply_data", "mismatch")
        pack_mismatch_info(w, v.mismatch)


class accepted_reply(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("verf", "data")

    def __init__(self, verf: opaque_auth, data: reply_data) -> None:
        self.verf = verf
        self.data = data


def unpack_accepted_reply(r: Reader) -> accepted_reply:
    return accepted_reply(unpack_opaque_auth(r), unpack_reply_data(r))


def pack_accepted_reply(w: Writer, v: accepted_reply) -> None:
    pack_opaque_auth(w, v.verf)
    pack_reply_data(w, v.data)


class rejected_reply(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stat", "mismatch", "auth_error")

    def __init__(
        self, stat: reject_stat, mismatch: mismatch_info | None = None, auth_error: auth_stat | None = None
    ) -> None:
        self.stat = stat
        self.mismatch = mismatch
        self.auth_error = auth_error


def unpack_rejected_reply(r: Reader) -> rejected_reply:
    v = rejected_reply(r.u32())
    if v.stat == RPC_MISMATCH:
        v.mismatch = unpack_mismatch_info(r)
    elif v.stat == AUTH_ERROR:
        v.auth_error = r.enum(0, 14, "auth_stat")
    else:
        unknown("rejected_reply", v.stat)
    return v


def pack_rejected_reply(w: Writer, v: rejected_reply) -> None:
    w.u32(v.stat)
    if v.stat == RPC_MISMATCH:
        if v.mismatch is None:
            absent("rejected_reply", "mismatch")
        pack_mismatch_info(w, v.mismatch)
    elif v.stat == AUTH_ERROR:
        if v.auth_error is None:
            absent("rejected_reply", "auth_error")
        w.u32(v.auth_error)
    else:
        unknown("rejected_reply", v.stat)


class reply_body(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stat", "areply", "rreply")

    def __init__(
        self, stat: reply_stat, areply: accepted_reply | None = None, rreply: rejected_reply | None = None
    ) -> None:
        self.stat = stat
        self.areply = areply
        self.rreply = rreply


def unpack_reply_body(r: Reader) -> reply_body:
    v = reply_body(r.u32())
    if v.stat == MSG_ACCEPTED:
        v.areply = unpack_accepted_reply(r)
    elif v.stat == MSG_DENIED:
        v.rreply = unpack_rejected_reply(r)
    else:
        unknown("reply_body", v.stat)
    return v


def pack_reply_body(w: Writer, v: reply_body) -> None:
    w.u32(v.stat)
    if v.stat == MSG_ACCEPTED:
        if v.areply is None:
            absent("reply_body", "areply")
        pack_accepted_reply(w, v.areply)
    elif v.stat == MSG_DENIED:
        if v.rreply is None:
            absent("reply_body", "rreply")
        pack_rejected_reply(w, v.rreply)
    else:
        unknown("reply_body", v.stat)


class msg_body(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("mtype", "cbody", "rbody")

    def __init__(self, mtype: msg_type, cbody: call_body | None = None, rbody: reply_body | None = None) -> None:
        self.mtype = mtype
        self.cbody = cbody
        self.rbody = rbody


def unpack_msg_body(r: Reader) -> msg_body:
    v = msg_body(r.u32())
    if v.mtype == CALL:
        v.cbody = unpack_call_body(r)
    elif v.mtype == REPLY:
        v.rbody = unpack_reply_body(r)
    else:
        unknown("msg_body", v.mtype)
    return v


def pack_msg_body(w: Writer, v: msg_body) -> None:
    w.u32(v.mtype)
    if v.mtype == CALL:
        if v.cbody is None:
            absent("msg_body", "cbody")
        pack_call_body(w, v.cbody)
    elif v.mtype == REPLY:
        if v.rbody is None:
            absent("msg_body", "rbody")
        pack_reply_body(w, v.rbody)
    else:
        unknown("msg_body", v.mtype)


class rpc_msg(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("xid", "body")

    def __init__(self, xid: int, body: msg_body) -> None:
        self.xid = xid
        self.body = body


def unpack_rpc_msg(r: Reader) -> rpc_msg:
    return rpc_msg(r.u32(), unpack_msg_body(r))


def pack_rpc_msg(w: Writer, v: rpc_msg) -> None:
    w.u32(v.xid)
    pack_msg_body(w, v.body)
