"""XDR codec of `xdr/nfs4_cb.x`, emitted by `python -m xdr.generate`: do not edit it.

A type X is a class or an alias X here, with `unpack_X(reader)` and `pack_X(writer, value)`, which raise
XdrError for what is not an X.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeAlias

from nfsgw.wire.nfs4 import (
    NFS4_OK,
    bitmap4,
    component4,
    deviceid4,
    fattr4,
    fsid4,
    layoutiomode4,
    layouttype4,
    length4,
    lock_owner4,
    nfs_cookie4,
    nfs_fh4,
    nfsstat4,
    nfsstat4_names,
    offset4,
    open_delegation4,
    pack_fattr4,
    pack_fsid4,
    pack_open_delegation4,
    pack_state_owner4,
    pack_stateid4,
    pack_write_response4,
    sequenceid4,
    sessionid4,
    slotid4,
    stateid4,
    unpack_fattr4,
    unpack_fsid4,
    unpack_open_delegation4,
    unpack_state_owner4,
    unpack_stateid4,
    unpack_write_response4,
    utf8str_cs,
    verifier4,
    write_response4,
)
from nfsgw.wire.runtime import (
    OPAQUE_CAP,
    Reader,
    Struct,
    Writer,
    absent,
    bool_at,
    bytes_at,
    enum_at,
    u32_at,
    u64_at,
    unknown,
)

RCA4_TYPE_MASK_RDATA_DLG: Final = 0
RCA4_TYPE_MASK_WDATA_DLG: Final = 1
RCA4_TYPE_MASK_DIR_DLG: Final = 2
RCA4_TYPE_MASK_FILE_LAYOUT: Final = 3
RCA4_TYPE_MASK_BLK_LAYOUT: Final = 4
RCA4_TYPE_MASK_OBJ_LAYOUT_MIN: Final = 8
RCA4_TYPE_MASK_OBJ_LAYOUT_MAX: Final = 9
RCA4_TYPE_MASK_OTHER_LAYOUT_MIN: Final = 12
RCA4_TYPE_MASK_OTHER_LAYOUT_MAX: Final = 15
NFS4_CALLBACK: Final = 0x40000000
NFS_CB: Final = 1
CB_NULL: Final = 0
CB_COMPOUND: Final = 1


class CB_GETATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fh", "attr_request")

    def __init__(self, fh: nfs_fh4, attr_request: bitmap4) -> None:
        self.fh = fh
        self.attr_request = attr_request


def unpack_CB_GETATTR4args(r: Reader) -> CB_GETATTR4args:
    return CB_GETATTR4args(r.opaque(128), r.bitmap())


def pack_CB_GETATTR4args(w: Writer, v: CB_GETATTR4args) -> None:
    w.opaque(v.fh, 128)
    w.bitmap(v.attr_request)


class CB_GETATTR4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("obj_attributes",)

    def __init__(self, obj_attributes: fattr4) -> None:
        self.obj_attributes = obj_attributes


def unpack_CB_GETATTR4resok(r: Reader) -> CB_GETATTR4resok:
    return CB_GETATTR4resok(unpack_fattr4(r))


def pack_CB_GETATTR4resok(w: Writer, v: CB_GETATTR4resok) -> None:
    pack_fattr4(w, v.obj_attributes)


class CB_GETATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: CB_GETATTR4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_CB_GETATTR4res(r: Reader) -> CB_GETATTR4res:
    v = CB_GETATTR4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_CB_GETATTR4resok(r)
    return v


def pack_CB_GETATTR4res(w: Writer, v: CB_GETATTR4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("CB_GETATTR4res", "resok4")
        pack_CB_GETATTR4resok(w, v.resok4)


class CB_RECALL4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "truncate", "fh")

    def __init__(self, stateid: stateid4, truncate: bool, fh: nfs_fh4) -> None:
        self.stateid = stateid
        self.truncate = truncate
        self.fh = fh


def unpack_CB_RECALL4args(r: Reader) -> CB_RECALL4args:
    at = r.take(20)
    window = r.window
    return CB_RECALL4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), bool_at(window, at + 16), r.opaque(128)
    )


def pack_CB_RECALL4args(w: Writer, v: CB_RECALL4args) -> None:
    pack_stateid4(w, v.stateid)
    w.boolean(v.truncate)
    w.opaque(v.fh, 128)


class CB_RECALL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_CB_RECALL4res(r: Reader) -> CB_RECALL4res:
    return CB_RECALL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_RECALL4res(w: Writer, v: CB_RECALL4res) -> None:
    w.u32(v.status)


class CB_ILLEGAL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_CB_ILLEGAL4res(r: Reader) -> CB_ILLEGAL4res:
    return CB_ILLEGAL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_ILLEGAL4res(w: Writer, v: CB_ILLEGAL4res) -> None:
    w.u32(v.status)


layoutrecall_type4: TypeAlias = int

LAYOUTRECALL4_FILE: Final = 1
LAYOUTRECALL4_FSID: Final = 2
LAYOUTRECALL4_ALL: Final = 3

layoutrecall_type4_names: Final[dict[int, str]] = {
    LAYOUTRECALL4_FILE: "LAYOUTRECALL4_FILE",
    LAYOUTRECALL4_FSID: "LAYOUTRECALL4_FSID",
    LAYOUTRECALL4_ALL: "LAYOUTRECALL4_ALL",
}


def unpack_layoutrecall_type4(r: Reader) -> layoutrecall_type4:
    return r.enum(1, 3, "layoutrecall_type4")


def pack_layoutrecall_type4(w: Writer, v: layoutrecall_type4) -> None:
    w.u32(v)


class layoutrecall_file4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lor_fh", "lor_offset", "lor_length", "lor_stateid")

    def __init__(self, lor_fh: nfs_fh4, lor_offset: offset4, lor_length: length4, lor_stateid: stateid4) -> None:
        self.lor_fh = lor_fh
        self.lor_offset = lor_offset
        self.lor_length = lor_length
        self.lor_stateid = lor_stateid


def unpack_layoutrecall_file4(r: Reader) -> layoutrecall_file4:
    lor_fh = r.opaque(128)
    at = r.take(32)
    window = r.window
    return layoutrecall_file4(
        lor_fh,
        u64_at(window, at),
        u64_at(window, at + 8),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
    )


def pack_layoutrecall_file4(w: Writer, v: layoutrecall_file4) -> None:
    w.opaque(v.lor_fh, 128)
    w.u64(v.lor_offset)
    w.u64(v.lor_length)
    pack_stateid4(w, v.lor_stateid)


class layoutrecall4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lor_recalltype", "lor_layout", "lor_fsid")

    def __init__(
        self,
        lor_recalltype: layoutrecall_type4,
        lor_layout: layoutrecall_file4 | None = None,
        lor_fsid: fsid4 | None = None,
    ) -> None:
        self.lor_recalltype = lor_recalltype
        self.lor_layout = lor_layout
        self.lor_fsid = lor_fsid


def unpack_layoutrecall4(r: Reader) -> layoutrecall4:
    v = layoutrecall4(r.u32())
    if v.lor_recalltype == LAYOUTRECALL4_FILE:
        v.lor_layout = unpack_layoutrecall_file4(r)
    elif v.lor_recalltype == LAYOUTRECALL4_FSID:
        v.lor_fsid = unpack_fsid4(r)
    elif v.lor_recalltype == LAYOUTRECALL4_ALL:
        pass
    else:
        unknown("layoutrecall4", v.lor_recalltype)
    return v


def pack_layoutrecall4(w: Writer, v: layoutrecall4) -> None:
    w.u32(v.lor_recalltype)
    if v.lor_recalltype == LAYOUTRECALL4_FILE:
        if v.lor_layout is None:
            absent("layoutrecall4", "lor_layout")
        pack_layoutrecall_file4(w, v.lor_layout)
    elif v.lor_recalltype == LAYOUTRECALL4_FSID:
        if v.lor_fsid is None:
            absent("layoutrecall4", "lor_fsid")
        pack_fsid4(w, v.lor_fsid)
    elif v.lor_recalltype == LAYOUTRECALL4_ALL:
        pass
    else:
        unknown("layoutrecall4", v.lor_recalltype)


class CB_LAYOUTRECALL4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clora_type", "clora_iomode", "clora_changed", "clora_recall")

    def __init__(
        self, clora_type: layouttype4, clora_iomode: layoutiomode4, clora_changed: bool, clora_recall: layoutrecall4
    ) -> None:
        self.clora_type = clora_type
        self.clora_iomode = clora_iomode
        self.clora_changed = clora_changed
        self.clora_recall = clora_recall


def unpack_CB_LAYOUTRECALL4args(r: Reader) -> CB_LAYOUTRECALL4args:
    at = r.take(12)
    window = r.window
    return CB_LAYOUTRECALL4args(
        u32_at(window, at),
        enum_at(window, at + 4, 1, 3, "layoutiomode4"),
        bool_at(window, at + 8),
        unpack_layoutrecall4(r),
    )


def pack_CB_LAYOUTRECALL4args(w: Writer, v: CB_LAYOUTRECALL4args) -> None:
    w.u32(v.clora_type)
    w.u32(v.clora_iomode)
    w.boolean(v.clora_changed)
    pack_layoutrecall4(w, v.clora_recall)


class CB_LAYOUTRECALL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clorr_status",)

    def __init__(self, clorr_status: nfsstat4) -> None:
        self.clorr_status = clorr_status


def unpack_CB_LAYOUTRECALL4res(r: Reader) -> CB_LAYOUTRECALL4res:
    return CB_LAYOUTRECALL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_LAYOUTRECALL4res(w: Writer, v: CB_LAYOUTRECALL4res) -> None:
    w.u32(v.clorr_status)


notify_type4: TypeAlias = int

NOTIFY4_CHANGE_CHILD_ATTRS: Final = 0
NOTIFY4_CHANGE_DIR_ATTRS: Final = 1
NOTIFY4_REMOVE_ENTRY: Final = 2
NOTIFY4_ADD_ENTRY: Final = 3
NOTIFY4_RENAME_ENTRY: Final = 4
NOTIFY4_CHANGE_COOKIE_VERIFIER: Final = 5

notify_type4_names: Final[dict[int, str]] = {
    NOTIFY4_CHANGE_CHILD_ATTRS: "NOTIFY4_CHANGE_CHILD_ATTRS",
    NOTIFY4_CHANGE_DIR_ATTRS: "NOTIFY4_CHANGE_DIR_ATTRS",
    NOTIFY4_REMOVE_ENTRY: "NOTIFY4_REMOVE_ENTRY",
    NOTIFY4_ADD_ENTRY: "NOTIFY4_ADD_ENTRY",
    NOTIFY4_RENAME_ENTRY: "NOTIFY4_RENAME_ENTRY",
    NOTIFY4_CHANGE_COOKIE_VERIFIER: "NOTIFY4_CHANGE_COOKIE_VERIFIER",
}


def unpack_notify_type4(r: Reader) -> notify_type4:
    return r.enum(0, 5, "notify_type4")


def pack_notify_type4(w: Writer, v: notify_type4) -> None:
    w.u32(v)


class notify_entry4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ne_file", "ne_attrs")

    def __init__(self, ne_file: component4, ne_attrs: fattr4) -> None:
        self.ne_file = ne_file
        self.ne_attrs = ne_attrs


def unpack_notify_entry4(r: Reader) -> notify_entry4:
    return notify_entry4(r.opaque(OPAQUE_CAP), unpack_fattr4(r))


def pack_notify_entry4(w: Writer, v: notify_entry4) -> None:
    w.opaque(v.ne_file)
    pack_fattr4(w, v.ne_attrs)


class prev_entry4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("pe_prev_entry", "pe_prev_entry_cookie")

    def __init__(self, pe_prev_entry: notify_entry4, pe_prev_entry_cookie: nfs_cookie4) -> None:
        self.pe_prev_entry = pe_prev_entry
        self.pe_prev_entry_cookie = pe_prev_entry_cookie


def unpack_prev_entry4(r: Reader) -> prev_entry4:
    return prev_entry4(unpack_notify_entry4(r), r.u64())


def pack_prev_entry4(w: Writer, v: prev_entry4) -> None:
    pack_notify_entry4(w, v.pe_prev_entry)
    w.u64(v.pe_prev_entry_cookie)


class notify_remove4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nrm_old_entry", "nrm_old_entry_cookie")

    def __init__(self, nrm_old_entry: notify_entry4, nrm_old_entry_cookie: nfs_cookie4) -> None:
        self.nrm_old_entry = nrm_old_entry
        self.nrm_old_entry_cookie = nrm_old_entry_cookie


def unpack_notify_remove4(r: Reader) -> notify_remove4:
    return notify_remove4(unpack_notify_entry4(r), r.u64())


def pack_notify_remove4(w: Writer, v: notify_remove4) -> None:
    pack_notify_entry4(w, v.nrm_old_entry)
    w.u64(v.nrm_old_entry_cookie)


class notify_add4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "nad_old_entry",
        "nad_new_entry",
        "nad_new_entry_cookie",
        "nad_prev_entry",
        "nad_last_entry",
    )

    def __init__(
        self,
        nad_old_entry: list[notify_remove4],
        nad_new_entry: notify_entry4,
        nad_new_entry_cookie: list[nfs_cookie4],
        nad_prev_entry: list[prev_entry4],
        nad_last_entry: bool,
    ) -> None:
        self.nad_old_entry = nad_old_entry
        self.nad_new_entry = nad_new_entry
        self.nad_new_entry_cookie = nad_new_entry_cookie
        self.nad_prev_entry = nad_prev_entry
        self.nad_last_entry = nad_last_entry


def unpack_notify_add4(r: Reader) -> notify_add4:
    return notify_add4(
        [unpack_notify_remove4(r) for _ in range(r.array_length(1, 20))],
        unpack_notify_entry4(r),
        [r.u64() for _ in range(r.array_length(1, 8))],
        [unpack_prev_entry4(r) for _ in range(r.array_length(1, 20))],
        r.boolean(),
    )


def pack_notify_add4(w: Writer, v: notify_add4) -> None:
    w.array_length(len(v.nad_old_entry), 1)
    for nad_old_entry_item in v.nad_old_entry:
        pack_notify_remove4(w, nad_old_entry_item)
    pack_notify_entry4(w, v.nad_new_entry)
    w.array_length(len(v.nad_new_entry_cookie), 1)
    for nad_new_entry_cookie_item in v.nad_new_entry_cookie:
        w.u64(nad_new_entry_cookie_item)
    w.array_length(len(v.nad_prev_entry), 1)
    for nad_prev_entry_item in v.nad_prev_entry:
        pack_prev_entry4(w, nad_prev_entry_item)
    w.boolean(v.nad_last_entry)


class notify_attr4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("na_changed_entry",)

    def __init__(self, na_changed_entry: notify_entry4) -> None:
        self.na_changed_entry = na_changed_entry


def unpack_notify_attr4(r: Reader) -> notify_attr4:
    return notify_attr4(unpack_notify_entry4(r))


def pack_notify_attr4(w: Writer, v: notify_attr4) -> None:
    pack_notify_entry4(w, v.na_changed_entry)


class notify_rename4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nrn_old_entry", "nrn_new_entry")

    def __init__(self, nrn_old_entry: notify_remove4, nrn_new_entry: notify_add4) -> None:
        self.nrn_old_entry = nrn_old_entry
        self.nrn_new_entry = nrn_new_entry


def unpack_notify_rename4(r: Reader) -> notify_rename4:
    return notify_rename4(unpack_notify_remove4(r), unpack_notify_add4(r))


def pack_notify_rename4(w: Writer, v: notify_rename4) -> None:
    pack_notify_remove4(w, v.nrn_old_entry)
    pack_notify_add4(w, v.nrn_new_entry)


class notify_verifier4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nv_old_cookieverf", "nv_new_cookieverf")

    def __init__(self, nv_old_cookieverf: verifier4, nv_new_cookieverf: verifier4) -> None:
        self.nv_old_cookieverf = nv_old_cookieverf
        self.nv_new_cookieverf = nv_new_cookieverf


def unpack_notify_verifier4(r: Reader) -> notify_verifier4:
    at = r.take(16)
    window = r.window
    return notify_verifier4(bytes_at(window, at, 8), bytes_at(window, at + 8, 8))


def pack_notify_verifier4(w: Writer, v: notify_verifier4) -> None:
    w.fixed(v.nv_old_cookieverf, 8)
    w.fixed(v.nv_new_cookieverf, 8)


notifylist4: TypeAlias = bytes


def unpack_notifylist4(r: Reader) -> notifylist4:
    return r.opaque(OPAQUE_CAP)


def pack_notifylist4(w: Writer, v: notifylist4) -> None:
    w.opaque(v)


class notify4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("notify_mask", "notify_vals")

    def __init__(self, notify_mask: bitmap4, notify_vals: notifylist4) -> None:
        self.notify_mask = notify_mask
        self.notify_vals = notify_vals


def unpack_notify4(r: Reader) -> notify4:
    return notify4(r.bitmap(), r.opaque(OPAQUE_CAP))


def pack_notify4(w: Writer, v: notify4) -> None:
    w.bitmap(v.notify_mask)
    w.opaque(v.notify_vals)


class CB_NOTIFY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cna_stateid", "cna_fh", "cna_changes")

    def __init__(self, cna_stateid: stateid4, cna_fh: nfs_fh4, cna_changes: list[notify4]) -> None:
        self.cna_stateid = cna_stateid
        self.cna_fh = cna_fh
        self.cna_changes = cna_changes


def unpack_CB_NOTIFY4args(r: Reader) -> CB_NOTIFY4args:
    return CB_NOTIFY4args(
        unpack_stateid4(r), r.opaque(128), [unpack_notify4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))]
    )


def pack_CB_NOTIFY4args(w: Writer, v: CB_NOTIFY4args) -> None:
    pack_stateid4(w, v.cna_stateid)
    w.opaque(v.cna_fh, 128)
    w.array_length(len(v.cna_changes))
    for cna_changes_item in v.cna_changes:
        pack_notify4(w, cna_changes_item)


class CB_NOTIFY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnr_status",)

    def __init__(self, cnr_status: nfsstat4) -> None:
        self.cnr_status = cnr_status


def unpack_CB_NOTIFY4res(r: Reader) -> CB_NOTIFY4res:
    return CB_NOTIFY4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_NOTIFY4res(w: Writer, v: CB_NOTIFY4res) -> None:
    w.u32(v.cnr_status)


class CB_PUSH_DELEG4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cpda_fh", "cpda_delegation")

    def __init__(self, cpda_fh: nfs_fh4, cpda_delegation: open_delegation4) -> None:
        self.cpda_fh = cpda_fh
        self.cpda_delegation = cpda_delegation


def unpack_CB_PUSH_DELEG4args(r: Reader) -> CB_PUSH_DELEG4args:
    return CB_PUSH_DELEG4args(r.opaque(128), unpack_open_delegation4(r))


def pack_CB_PUSH_DELEG4args(w: Writer, v: CB_PUSH_DELEG4args) -> None:
    w.opaque(v.cpda_fh, 128)
    pack_open_delegation4(w, v.cpda_delegation)


class CB_PUSH_DELEG4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cpdr_status",)

    def __init__(self, cpdr_status: nfsstat4) -> None:
        self.cpdr_status = cpdr_status


def unpack_CB_PUSH_DELEG4res(r: Reader) -> CB_PUSH_DELEG4res:
    return CB_PUSH_DELEG4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_PUSH_DELEG4res(w: Writer, v: CB_PUSH_DELEG4res) -> None:
    w.u32(v.cpdr_status)


class CB_RECALL_ANY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("craa_objects_to_keep", "craa_type_mask")

    def __init__(self, craa_objects_to_keep: int, craa_type_mask: bitmap4) -> None:
        self.craa_objects_to_keep = craa_objects_to_keep
        self.craa_type_mask = craa_type_mask


def unpack_CB_RECALL_ANY4args(r: Reader) -> CB_RECALL_ANY4args:
    return CB_RECALL_ANY4args(r.u32(), r.bitmap())


def pack_CB_RECALL_ANY4args(w: Writer, v: CB_RECALL_ANY4args) -> None:
    w.u32(v.craa_objects_to_keep)
    w.bitmap(v.craa_type_mask)


class CB_RECALL_ANY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("crar_status",)

    def __init__(self, crar_status: nfsstat4) -> None:
        self.crar_status = crar_status


def unpack_CB_RECALL_ANY4res(r: Reader) -> CB_RECALL_ANY4res:
    return CB_RECALL_ANY4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_RECALL_ANY4res(w: Writer, v: CB_RECALL_ANY4res) -> None:
    w.u32(v.crar_status)


CB_RECALLABLE_OBJ_AVAIL4args: TypeAlias = CB_RECALL_ANY4args


def unpack_CB_RECALLABLE_OBJ_AVAIL4args(r: Reader) -> CB_RECALLABLE_OBJ_AVAIL4args:
    return unpack_CB_RECALL_ANY4args(r)


def pack_CB_RECALLABLE_OBJ_AVAIL4args(w: Writer, v: CB_RECALLABLE_OBJ_AVAIL4args) -> None:
    pack_CB_RECALL_ANY4args(w, v)


class CB_RECALLABLE_OBJ_AVAIL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("croa_status",)

    def __init__(self, croa_status: nfsstat4) -> None:
        self.croa_status = croa_status


def unpack_CB_RECALLABLE_OBJ_AVAIL4res(r: Reader) -> CB_RECALLABLE_OBJ_AVAIL4res:
    return CB_RECALLABLE_OBJ_AVAIL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_RECALLABLE_OBJ_AVAIL4res(w: Writer, v: CB_RECALLABLE_OBJ_AVAIL4res) -> None:
    w.u32(v.croa_status)


class CB_RECALL_SLOT4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rsa_target_highest_slotid",)

    def __init__(self, rsa_target_highest_slotid: slotid4) -> None:
        self.rsa_target_highest_slotid = rsa_target_highest_slotid


def unpack_CB_RECALL_SLOT4args(r: Reader) -> CB_RECALL_SLOT4args:
    return CB_RECALL_SLOT4args(r.u32())


def pack_CB_RECALL_SLOT4args(w: Writer, v: CB_RECALL_SLOT4args) -> None:
    w.u32(v.rsa_target_highest_slotid)


class CB_RECALL_SLOT4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rsr_status",)

    def __init__(self, rsr_status: nfsstat4) -> None:
        self.rsr_status = rsr_status


def unpack_CB_RECALL_SLOT4res(r: Reader) -> CB_RECALL_SLOT4res:
    return CB_RECALL_SLOT4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_RECALL_SLOT4res(w: Writer, v: CB_RECALL_SLOT4res) -> None:
    w.u32(v.rsr_status)


class referring_call4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rc_sequenceid", "rc_slotid")

    def __init__(self, rc_sequenceid: sequenceid4, rc_slotid: slotid4) -> None:
        self.rc_sequenceid = rc_sequenceid
        self.rc_slotid = rc_slotid


def unpack_referring_call4(r: Reader) -> referring_call4:
    at = r.take(8)
    window = r.window
    return referring_call4(u32_at(window, at), u32_at(window, at + 4))


def pack_referring_call4(w: Writer, v: referring_call4) -> None:
    w.u32(v.rc_sequenceid)
    w.u32(v.rc_slotid)


class referring_call_list4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rcl_sessionid", "rcl_referring_calls")

    def __init__(self, rcl_sessionid: sessionid4, rcl_referring_calls: list[referring_call4]) -> None:
        self.rcl_sessionid = rcl_sessionid
        self.rcl_referring_calls = rcl_referring_calls


def unpack_referring_call_list4(r: Reader) -> referring_call_list4:
    return referring_call_list4(r.fixed(16), [unpack_referring_call4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))])


def pack_referring_call_list4(w: Writer, v: referring_call_list4) -> None:
    w.fixed(v.rcl_sessionid, 16)
    w.array_length(len(v.rcl_referring_calls))
    for rcl_referring_calls_item in v.rcl_referring_calls:
        pack_referring_call4(w, rcl_referring_calls_item)


class CB_SEQUENCE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "csa_sessionid",
        "csa_sequenceid",
        "csa_slotid",
        "csa_highest_slotid",
        "csa_cachethis",
        "csa_referring_call_lists",
    )

    def __init__(
        self,
        csa_sessionid: sessionid4,
        csa_sequenceid: sequenceid4,
        csa_slotid: slotid4,
        csa_highest_slotid: slotid4,
        csa_cachethis: bool,
        csa_referring_call_lists: list[referring_call_list4],
    ) -> None:
        self.csa_sessionid = csa_sessionid
        self.csa_sequenceid = csa_sequenceid
        self.csa_slotid = csa_slotid
        self.csa_highest_slotid = csa_highest_slotid
        self.csa_cachethis = csa_cachethis
        self.csa_referring_call_lists = csa_referring_call_lists


def unpack_CB_SEQUENCE4args(r: Reader) -> CB_SEQUENCE4args:
    at = r.take(32)
    window = r.window
    return CB_SEQUENCE4args(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u32_at(window, at + 24),
        bool_at(window, at + 28),
        [unpack_referring_call_list4(r) for _ in range(r.array_length(0xFFFFFFFF, 20))],
    )


def pack_CB_SEQUENCE4args(w: Writer, v: CB_SEQUENCE4args) -> None:
    w.fixed(v.csa_sessionid, 16)
    w.u32(v.csa_sequenceid)
    w.u32(v.csa_slotid)
    w.u32(v.csa_highest_slotid)
    w.boolean(v.csa_cachethis)
    w.array_length(len(v.csa_referring_call_lists))
    for csa_referring_call_lists_item in v.csa_referring_call_lists:
        pack_referring_call_list4(w, csa_referring_call_lists_item)


class CB_SEQUENCE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "csr_sessionid",
        "csr_sequenceid",
        "csr_slotid",
        "csr_highest_slotid",
        "csr_target_highest_slotid",
    )

    def __init__(
        self,
        csr_sessionid: sessionid4,
        csr_sequenceid: sequenceid4,
        csr_slotid: slotid4,
        csr_highest_slotid: slotid4,
        csr_target_highest_slotid: slotid4,
    ) -> None:
        self.csr_sessionid = csr_sessionid
        self.csr_sequenceid = csr_sequenceid
        self.csr_slotid = csr_slotid
        self.csr_highest_slotid = csr_highest_slotid
        self.csr_target_highest_slotid = csr_target_highest_slotid


def unpack_CB_SEQUENCE4resok(r: Reader) -> CB_SEQUENCE4resok:
    at = r.take(32)
    window = r.window
    return CB_SEQUENCE4resok(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u32_at(window, at + 24),
        u32_at(window, at + 28),
    )


def pack_CB_SEQUENCE4resok(w: Writer, v: CB_SEQUENCE4resok) -> None:
    w.fixed(v.csr_sessionid, 16)
    w.u32(v.csr_sequenceid)
    w.u32(v.csr_slotid)
    w.u32(v.csr_highest_slotid)
    w.u32(v.csr_target_highest_slotid)


class CB_SEQUENCE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("csr_status", "csr_resok4")

    def __init__(self, csr_status: nfsstat4, csr_resok4: CB_SEQUENCE4resok | None = None) -> None:
        self.csr_status = csr_status
        self.csr_resok4 = csr_resok4


def unpack_CB_SEQUENCE4res(r: Reader) -> CB_SEQUENCE4res:
    v = CB_SEQUENCE4res(r.u32())
    if v.csr_status == NFS4_OK:
        v.csr_resok4 = unpack_CB_SEQUENCE4resok(r)
    return v


def pack_CB_SEQUENCE4res(w: Writer, v: CB_SEQUENCE4res) -> None:
    w.u32(v.csr_status)
    if v.csr_status == NFS4_OK:
        if v.csr_resok4 is None:
            absent("CB_SEQUENCE4res", "csr_resok4")
        pack_CB_SEQUENCE4resok(w, v.csr_resok4)


class CB_WANTS_CANCELLED4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cwca_contended_wants_cancelled", "cwca_resourced_wants_cancelled")

    def __init__(self, cwca_contended_wants_cancelled: bool, cwca_resourced_wants_cancelled: bool) -> None:
        self.cwca_contended_wants_cancelled = cwca_contended_wants_cancelled
        self.cwca_resourced_wants_cancelled = cwca_resourced_wants_cancelled


def unpack_CB_WANTS_CANCELLED4args(r: Reader) -> CB_WANTS_CANCELLED4args:
    at = r.take(8)
    window = r.window
    return CB_WANTS_CANCELLED4args(bool_at(window, at), bool_at(window, at + 4))


def pack_CB_WANTS_CANCELLED4args(w: Writer, v: CB_WANTS_CANCELLED4args) -> None:
    w.boolean(v.cwca_contended_wants_cancelled)
    w.boolean(v.cwca_resourced_wants_cancelled)


class CB_WANTS_CANCELLED4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cwcr_status",)

    def __init__(self, cwcr_status: nfsstat4) -> None:
        self.cwcr_status = cwcr_status


def unpack_CB_WANTS_CANCELLED4res(r: Reader) -> CB_WANTS_CANCELLED4res:
    return CB_WANTS_CANCELLED4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_WANTS_CANCELLED4res(w: Writer, v: CB_WANTS_CANCELLED4res) -> None:
    w.u32(v.cwcr_status)


class CB_NOTIFY_LOCK4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnla_fh", "cnla_lock_owner")

    def __init__(self, cnla_fh: nfs_fh4, cnla_lock_owner: lock_owner4) -> None:
        self.cnla_fh = cnla_fh
        self.cnla_lock_owner = cnla_lock_owner


def unpack_CB_NOTIFY_LOCK4args(r: Reader) -> CB_NOTIFY_LOCK4args:
    return CB_NOTIFY_LOCK4args(r.opaque(128), unpack_state_owner4(r))


def pack_CB_NOTIFY_LOCK4args(w: Writer, v: CB_NOTIFY_LOCK4args) -> None:
    w.opaque(v.cnla_fh, 128)
    pack_state_owner4(w, v.cnla_lock_owner)


class CB_NOTIFY_LOCK4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnlr_status",)

    def __init__(self, cnlr_status: nfsstat4) -> None:
        self.cnlr_status = cnlr_status


def unpack_CB_NOTIFY_LOCK4res(r: Reader) -> CB_NOTIFY_LOCK4res:
    return CB_NOTIFY_LOCK4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_NOTIFY_LOCK4res(w: Writer, v: CB_NOTIFY_LOCK4res) -> None:
    w.u32(v.cnlr_status)


notify_deviceid_type4: TypeAlias = int

NOTIFY_DEVICEID4_CHANGE: Final = 1
NOTIFY_DEVICEID4_DELETE: Final = 2

notify_deviceid_type4_names: Final[dict[int, str]] = {
    NOTIFY_DEVICEID4_CHANGE: "NOTIFY_DEVICEID4_CHANGE",
    NOTIFY_DEVICEID4_DELETE: "NOTIFY_DEVICEID4_DELETE",
}


def unpack_notify_deviceid_type4(r: Reader) -> notify_deviceid_type4:
    return r.enum(1, 2, "notify_deviceid_type4")


def pack_notify_deviceid_type4(w: Writer, v: notify_deviceid_type4) -> None:
    w.u32(v)


class notify_deviceid_delete4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ndd_layouttype", "ndd_deviceid")

    def __init__(self, ndd_layouttype: layouttype4, ndd_deviceid: deviceid4) -> None:
        self.ndd_layouttype = ndd_layouttype
        self.ndd_deviceid = ndd_deviceid


def unpack_notify_deviceid_delete4(r: Reader) -> notify_deviceid_delete4:
    at = r.take(20)
    window = r.window
    return notify_deviceid_delete4(u32_at(window, at), bytes_at(window, at + 4, 16))


def pack_notify_deviceid_delete4(w: Writer, v: notify_deviceid_delete4) -> None:
    w.u32(v.ndd_layouttype)
    w.fixed(v.ndd_deviceid, 16)


class notify_deviceid_change4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ndc_layouttype", "ndc_deviceid", "ndc_immediate")

    def __init__(self, ndc_layouttype: layouttype4, ndc_deviceid: deviceid4, ndc_immediate: bool) -> None:
        self.ndc_layouttype = ndc_layouttype
        self.ndc_deviceid = ndc_deviceid
        self.ndc_immediate = ndc_immediate


def unpack_notify_deviceid_change4(r: Reader) -> notify_deviceid_change4:
    at = r.take(24)
    window = r.window
    return notify_deviceid_change4(u32_at(window, at), bytes_at(window, at + 4, 16), bool_at(window, at + 20))


def pack_notify_deviceid_change4(w: Writer, v: notify_deviceid_change4) -> None:
    w.u32(v.ndc_layouttype)
    w.fixed(v.ndc_deviceid, 16)
    w.boolean(v.ndc_immediate)


class CB_NOTIFY_DEVICEID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnda_changes",)

    def __init__(self, cnda_changes: list[notify4]) -> None:
        self.cnda_changes = cnda_changes


def unpack_CB_NOTIFY_DEVICEID4args(r: Reader) -> CB_NOTIFY_DEVICEID4args:
    return CB_NOTIFY_DEVICEID4args([unpack_notify4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))])


def pack_CB_NOTIFY_DEVICEID4args(w: Writer, v: CB_NOTIFY_DEVICEID4args) -> None:
    w.array_length(len(v.cnda_changes))
    for cnda_changes_item in v.cnda_changes:
        pack_notify4(w, cnda_changes_item)


class CB_NOTIFY_DEVICEID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cndr_status",)

    def __init__(self, cndr_status: nfsstat4) -> None:
        self.cndr_status = cndr_status


def unpack_CB_NOTIFY_DEVICEID4res(r: Reader) -> CB_NOTIFY_DEVICEID4res:
    return CB_NOTIFY_DEVICEID4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_NOTIFY_DEVICEID4res(w: Writer, v: CB_NOTIFY_DEVICEID4res) -> None:
    w.u32(v.cndr_status)


class offload_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("coa_status", "coa_resok4", "coa_bytes_copied")

    def __init__(
        self, coa_status: nfsstat4, coa_resok4: write_response4 | None = None, coa_bytes_copied: length4 | None = None
    ) -> None:
        self.coa_status = coa_status
        self.coa_resok4 = coa_resok4
        self.coa_bytes_copied = coa_bytes_copied


def unpack_offload_info4(r: Reader) -> offload_info4:
    v = offload_info4(r.u32())
    if v.coa_status == NFS4_OK:
        v.coa_resok4 = unpack_write_response4(r)
    else:
        v.coa_bytes_copied = r.u64()
    return v


def pack_offload_info4(w: Writer, v: offload_info4) -> None:
    w.u32(v.coa_status)
    if v.coa_status == NFS4_OK:
        if v.coa_resok4 is None:
            absent("offload_info4", "coa_resok4")
        pack_write_response4(w, v.coa_resok4)
    else:
        if v.coa_bytes_copied is None:
            absent("offload_info4", "coa_bytes_copied")
        w.u64(v.coa_bytes_copied)


class CB_OFFLOAD4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("coa_fh", "coa_stateid", "coa_offload_info")

    def __init__(self, coa_fh: nfs_fh4, coa_stateid: stateid4, coa_offload_info: offload_info4) -> None:
        self.coa_fh = coa_fh
        self.coa_stateid = coa_stateid
        self.coa_offload_info = coa_offload_info


def unpack_CB_OFFLOAD4args(r: Reader) -> CB_OFFLOAD4args:
    return CB_OFFLOAD4args(r.opaque(128), unpack_stateid4(r), unpack_offload_info4(r))


def pack_CB_OFFLOAD4args(w: Writer, v: CB_OFFLOAD4args) -> None:
    w.opaque(v.coa_fh, 128)
    pack_stateid4(w, v.coa_stateid)
    pack_offload_info4(w, v.coa_offload_info)


class CB_OFFLOAD4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cor_status",)

    def __init__(self, cor_status: nfsstat4) -> None:
        self.cor_status = cor_status


def unpack_CB_OFFLOAD4res(r: Reader) -> CB_OFFLOAD4res:
    return CB_OFFLOAD4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CB_OFFLOAD4res(w: Writer, v: CB_OFFLOAD4res) -> None:
    w.u32(v.cor_status)


nfs_cb_opnum4: TypeAlias = int

OP_CB_GETATTR: Final = 3
OP_CB_RECALL: Final = 4
OP_CB_LAYOUTRECALL: Final = 5
OP_CB_NOTIFY: Final = 6
OP_CB_PUSH_DELEG: Final = 7
OP_CB_RECALL_ANY: Final = 8
OP_CB_RECALLABLE_OBJ_AVAIL: Final = 9
OP_CB_RECALL_SLOT: Final = 10
OP_CB_SEQUENCE: Final = 11
OP_CB_WANTS_CANCELLED: Final = 12
OP_CB_NOTIFY_LOCK: Final = 13
OP_CB_NOTIFY_DEVICEID: Final = 14
OP_CB_OFFLOAD: Final = 15
OP_CB_ILLEGAL: Final = 10044

nfs_cb_opnum4_names: Final[dict[int, str]] = {
    OP_CB_GETATTR: "OP_CB_GETATTR",
    OP_CB_RECALL: "OP_CB_RECALL",
    OP_CB_LAYOUTRECALL: "OP_CB_LAYOUTRECALL",
    OP_CB_NOTIFY: "OP_CB_NOTIFY",
    OP_CB_PUSH_DELEG: "OP_CB_PUSH_DELEG",
    OP_CB_RECALL_ANY: "OP_CB_RECALL_ANY",
    OP_CB_RECALLABLE_OBJ_AVAIL: "OP_CB_RECALLABLE_OBJ_AVAIL",
    OP_CB_RECALL_SLOT: "OP_CB_RECALL_SLOT",
    OP_CB_SEQUENCE: "OP_CB_SEQUENCE",
    OP_CB_WANTS_CANCELLED: "OP_CB_WANTS_CANCELLED",
    OP_CB_NOTIFY_LOCK: "OP_CB_NOTIFY_LOCK",
    OP_CB_NOTIFY_DEVICEID: "OP_CB_NOTIFY_DEVICEID",
    OP_CB_OFFLOAD: "OP_CB_OFFLOAD",
    OP_CB_ILLEGAL: "OP_CB_ILLEGAL",
}


def unpack_nfs_cb_opnum4(r: Reader) -> nfs_cb_opnum4:
    return r.member(nfs_cb_opnum4_names, "nfs_cb_opnum4")


def pack_nfs_cb_opnum4(w: Writer, v: nfs_cb_opnum4) -> None:
    w.u32(v)


class nfs_cb_argop4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "argop",
        "opcbgetattr",
        "opcbrecall",
        "opcblayoutrecall",
        "opcbnotify",
        "opcbpush_deleg",
        "opcbrecall_any",
        "opcbrecallable_obj_avail",
        "opcbrecall_slot",
        "opcbsequence",
        "opcbwants_cancelled",
        "opcbnotify_lock",
        "opcbnotify_deviceid",
        "opcboffload",
    )

    def __init__(
        self,
        argop: nfs_cb_opnum4,
        opcbgetattr: CB_GETATTR4args | None = None,
        opcbrecall: CB_RECALL4args | None = None,
        opcblayoutrecall: CB_LAYOUTRECALL4args | None = None,
        opcbnotify: CB_NOTIFY4args | None = None,
        opcbpush_deleg: CB_PUSH_DELEG4args | None = None,
        opcbrecall_any: CB_RECALL_ANY4args | None = None,
        opcbrecallable_obj_avail: CB_RECALLABLE_OBJ_AVAIL4args | None = None,
        opcbrecall_slot: CB_RECALL_SLOT4args | None = None,
        opcbsequence: CB_SEQUENCE4args | None = None,
        opcbwants_cancelled: CB_WANTS_CANCELLED4args | None = None,
        opcbnotify_lock: CB_NOTIFY_LOCK4args | None = None,
        opcbnotify_deviceid: CB_NOTIFY_DEVICEID4args | None = None,
        opcboffload: CB_OFFLOAD4args | None = None,
    ) -> None:
        self.argop = argop
        self.opcbgetattr = opcbgetattr
        self.opcbrecall = opcbrecall
        self.opcblayoutrecall = opcblayoutrecall
        self.opcbnotify = opcbnotify
        self.opcbpush_deleg = opcbpush_deleg
        self.opcbrecall_any = opcbrecall_any
        self.opcbrecallable_obj_avail = opcbrecallable_obj_avail
        self.opcbrecall_slot = opcbrecall_slot
        self.opcbsequence = opcbsequence
        self.opcbwants_cancelled = opcbwants_cancelled
        self.opcbnotify_lock = opcbnotify_lock
        self.opcbnotify_deviceid = opcbnotify_deviceid
        self.opcboffload = opcboffload


def unpack_nfs_cb_argop4(r: Reader) -> nfs_cb_argop4:
    v = nfs_cb_argop4(r.u32())
    if v.argop == OP_CB_GETATTR:
        v.opcbgetattr = unpack_CB_GETATTR4args(r)
    elif v.argop == OP_CB_RECALL:
        v.opcbrecall = unpack_CB_RECALL4args(r)
    elif v.argop == OP_CB_LAYOUTRECALL:
        v.opcblayoutrecall = unpack_CB_LAYOUTRECALL4args(r)
    elif v.argop == OP_CB_NOTIFY:
        v.opcbnotify = unpack_CB_NOTIFY4args(r)
    elif v.argop == OP_CB_PUSH_DELEG:
        v.opcbpush_deleg = unpack_CB_PUSH_DELEG4args(r)
    elif v.argop == OP_CB_RECALL_ANY:
        v.opcbrecall_any = unpack_CB_RECALL_ANY4args(r)
    elif v.argop == OP_CB_RECALLABLE_OBJ_AVAIL:
        v.opcbrecallable_obj_avail = unpack_CB_RECALL_ANY4args(r)
    elif v.argop == OP_CB_RECALL_SLOT:
        v.opcbrecall_slot = unpack_CB_RECALL_SLOT4args(r)
    elif v.argop == OP_CB_SEQUENCE:
        v.opcbsequence = unpack_CB_SEQUENCE4args(r)
    elif v.argop == OP_CB_WANTS_CANCELLED:
        v.opcbwants_cancelled = unpack_CB_WANTS_CANCELLED4args(r)
    elif v.argop == OP_CB_NOTIFY_LOCK:
        v.opcbnotify_lock = unpack_CB_NOTIFY_LOCK4args(r)
    elif v.argop == OP_CB_NOTIFY_DEVICEID:
        v.opcbnotify_deviceid = unpack_CB_NOTIFY_DEVICEID4args(r)
    elif v.argop == OP_CB_OFFLOAD:
        v.opcboffload = unpack_CB_OFFLOAD4args(r)
    elif v.argop == OP_CB_ILLEGAL:
        pass
    else:
        unknown("nfs_cb_argop4", v.argop)
    return v


def pack_nfs_cb_argop4(w: Writer, v: nfs_cb_argop4) -> None:
    w.u32(v.argop)
    if v.argop == OP_CB_GETATTR:
        if v.opcbgetattr is None:
            absent("nfs_cb_argop4", "opcbgetattr")
        pack_CB_GETATTR4args(w, v.opcbgetattr)
    elif v.argop == OP_CB_RECALL:
        if v.opcbrecall is None:
            absent("nfs_cb_argop4", "opcbrecall")
        pack_CB_RECALL4args(w, v.opcbrecall)
    elif v.argop == OP_CB_LAYOUTRECALL:
        if v.opcblayoutrecall is None:
            absent("nfs_cb_argop4", "opcblayoutrecall")
        pack_CB_LAYOUTRECALL4args(w, v.opcblayoutrecall)
    elif v.argop == OP_CB_NOTIFY:
        if v.opcbnotify is None:
            absent("nfs_cb_argop4", "opcbnotify")
        pack_CB_NOTIFY4args(w, v.opcbnotify)
    elif v.argop == OP_CB_PUSH_DELEG:
        if v.opcbpush_deleg is None:
            absent("nfs_cb_argop4", "opcbpush_deleg")
        pack_CB_PUSH_DELEG4args(w, v.opcbpush_deleg)
    elif v.argop == OP_CB_RECALL_ANY:
        if v.opcbrecall_any is None:
            absent("nfs_cb_argop4", "opcbrecall_any")
        pack_CB_RECALL_ANY4args(w, v.opcbrecall_any)
    elif v.argop == OP_CB_RECALLABLE_OBJ_AVAIL:
        if v.opcbrecallable_obj_avail is None:
            absent("nfs_cb_argop4", "opcbrecallable_obj_avail")
        pack_CB_RECALL_ANY4args(w, v.opcbrecallable_obj_avail)
    elif v.argop == OP_CB_RECALL_SLOT:
        if v.opcbrecall_slot is None:
            absent("nfs_cb_argop4", "opcbrecall_slot")
        pack_CB_RECALL_SLOT4args(w, v.opcbrecall_slot)
    elif v.argop == OP_CB_SEQUENCE:
        if v.opcbsequence is None:
            absent("nfs_cb_argop4", "opcbsequence")
        pack_CB_SEQUENCE4args(w, v.opcbsequence)
    elif v.argop == OP_CB_WANTS_CANCELLED:
        if v.opcbwants_cancelled is None:
            absent("nfs_cb_argop4", "opcbwants_cancelled")
        pack_CB_WANTS_CANCELLED4args(w, v.opcbwants_cancelled)
    elif v.argop == OP_CB_NOTIFY_LOCK:
        if v.opcbnotify_lock is None:
            absent("nfs_cb_argop4", "opcbnotify_lock")
        pack_CB_NOTIFY_LOCK4args(w, v.opcbnotify_lock)
    elif v.argop == OP_CB_NOTIFY_DEVICEID:
        if v.opcbnotify_deviceid is None:
            absent("nfs_cb_argop4", "opcbnotify_deviceid")
        pack_CB_NOTIFY_DEVICEID4args(w, v.opcbnotify_deviceid)
    elif v.argop == OP_CB_OFFLOAD:
        if v.opcboffload is None:
            absent("nfs_cb_argop4", "opcboffload")
        pack_CB_OFFLOAD4args(w, v.opcboffload)
    elif v.argop == OP_CB_ILLEGAL:
        pass
    else:
        unknown("nfs_cb_argop4", v.argop)


class nfs_cb_resop4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "resop",
        "opcbgetattr",
        "opcbrecall",
        "opcblayoutrecall",
        "opcbnotify",
        "opcbpush_deleg",
        "opcbrecall_any",
        "opcbrecallable_obj_avail",
        "opcbrecall_slot",
        "opcbsequence",
        "opcbwants_cancelled",
        "opcbnotify_lock",
        "opcbnotify_deviceid",
        "opcboffload",
        "opcbillegal",
    )

    def __init__(
        self,
        resop: nfs_cb_opnum4,
        opcbgetattr: CB_GETATTR4res | None = None,
        opcbrecall: CB_RECALL4res | None = None,
        opcblayoutrecall: CB_LAYOUTRECALL4res | None = None,
        opcbnotify: CB_NOTIFY4res | None = None,
        opcbpush_deleg: CB_PUSH_DELEG4res | None = None,
        opcbrecall_any: CB_RECALL_ANY4res | None = None,
        opcbrecallable_obj_avail: CB_RECALLABLE_OBJ_AVAIL4res | None = None,
        opcbrecall_slot: CB_RECALL_SLOT4res | None = None,
        opcbsequence: CB_SEQUENCE4res | None = None,
        opcbwants_cancelled: CB_WANTS_CANCELLED4res | None = None,
        opcbnotify_lock: CB_NOTIFY_LOCK4res | None = None,
        opcbnotify_deviceid: CB_NOTIFY_DEVICEID4res | None = None,
        opcboffload: CB_OFFLOAD4res | None = None,
        opcbillegal: CB_ILLEGAL4res | None = None,
    ) -> None:
        self.resop = resop
        self.opcbgetattr = opcbgetattr
        self.opcbrecall = opcbrecall
        self.opcblayoutrecall = opcblayoutrecall
        self.opcbnotify = opcbnotify
        self.opcbpush_deleg = opcbpush_deleg
        self.opcbrecall_any = opcbrecall_any
        self.opcbrecallable_obj_avail = opcbrecallable_obj_avail
        self.opcbrecall_slot = opcbrecall_slot
        self.opcbsequence = opcbsequence
        self.opcbwants_cancelled = opcbwants_cancelled
        self.opcbnotify_lock = opcbnotify_lock
        self.opcbnotify_deviceid = opcbnotify_deviceid
        self.opcboffload = opcboffload
        self.opcbillegal = opcbillegal


def unpack_nfs_cb_resop4(r: Reader) -> nfs_cb_resop4:
    v = nfs_cb_resop4(r.u32())
    if v.resop == OP_CB_GETATTR:
        v.opcbgetattr = unpack_CB_GETATTR4res(r)
    elif v.resop == OP_CB_RECALL:
        v.opcbrecall = unpack_CB_RECALL4res(r)
    elif v.resop == OP_CB_LAYOUTRECALL:
        v.opcblayoutrecall = unpack_CB_LAYOUTRECALL4res(r)
    elif v.resop == OP_CB_NOTIFY:
        v.opcbnotify = unpack_CB_NOTIFY4res(r)
    elif v.resop == OP_CB_PUSH_DELEG:
        v.opcbpush_deleg = unpack_CB_PUSH_DELEG4res(r)
    elif v.resop == OP_CB_RECALL_ANY:
        v.opcbrecall_any = unpack_CB_RECALL_ANY4res(r)
    elif v.resop == OP_CB_RECALLABLE_OBJ_AVAIL:
        v.opcbrecallable_obj_avail = unpack_CB_RECALLABLE_OBJ_AVAIL4res(r)
    elif v.resop == OP_CB_RECALL_SLOT:
        v.opcbrecall_slot = unpack_CB_RECALL_SLOT4res(r)
    elif v.resop == OP_CB_SEQUENCE:
        v.opcbsequence = unpack_CB_SEQUENCE4res(r)
    elif v.resop == OP_CB_WANTS_CANCELLED:
        v.opcbwants_cancelled = unpack_CB_WANTS_CANCELLED4res(r)
    elif v.resop == OP_CB_NOTIFY_LOCK:
        v.opcbnotify_lock = unpack_CB_NOTIFY_LOCK4res(r)
    elif v.resop == OP_CB_NOTIFY_DEVICEID:
        v.opcbnotify_deviceid = unpack_CB_NOTIFY_DEVICEID4res(r)
    elif v.resop == OP_CB_OFFLOAD:
        v.opcboffload = unpack_CB_OFFLOAD4res(r)
    elif v.resop == OP_CB_ILLEGAL:
        v.opcbillegal = unpack_CB_ILLEGAL4res(r)
    else:
        unknown("nfs_cb_resop4", v.resop)
    return v


def pack_nfs_cb_resop4(w: Writer, v: nfs_cb_resop4) -> None:
    w.u32(v.resop)
    if v.resop == OP_CB_GETATTR:
        if v.opcbgetattr is None:
            absent("nfs_cb_resop4", "opcbgetattr")
        pack_CB_GETATTR4res(w, v.opcbgetattr)
    elif v.resop == OP_CB_RECALL:
        if v.opcbrecall is None:
            absent("nfs_cb_resop4", "opcbrecall")
        pack_CB_RECALL4res(w, v.opcbrecall)
    elif v.resop == OP_CB_LAYOUTRECALL:
        if v.opcblayoutrecall is None:
            absent("nfs_cb_resop4", "opcblayoutrecall")
        pack_CB_LAYOUTRECALL4res(w, v.opcblayoutrecall)
    elif v.resop == OP_CB_NOTIFY:
        if v.opcbnotify is None:
            absent("nfs_cb_resop4", "opcbnotify")
        pack_CB_NOTIFY4res(w, v.opcbnotify)
    elif v.resop == OP_CB_PUSH_DELEG:
        if v.opcbpush_deleg is None:
            absent("nfs_cb_resop4", "opcbpush_deleg")
        pack_CB_PUSH_DELEG4res(w, v.opcbpush_deleg)
    elif v.resop == OP_CB_RECALL_ANY:
        if v.opcbrecall_any is None:
            absent("nfs_cb_resop4", "opcbrecall_any")
        pack_CB_RECALL_ANY4res(w, v.opcbrecall_any)
    elif v.resop == OP_CB_RECALLABLE_OBJ_AVAIL:
        if v.opcbrecallable_obj_avail is None:
            absent("nfs_cb_resop4", "opcbrecallable_obj_avail")
        pack_CB_RECALLABLE_OBJ_AVAIL4res(w, v.opcbrecallable_obj_avail)
    elif v.resop == OP_CB_RECALL_SLOT:
        if v.opcbrecall_slot is None:
            absent("nfs_cb_resop4", "opcbrecall_slot")
        pack_CB_RECALL_SLOT4res(w, v.opcbrecall_slot)
    elif v.resop == OP_CB_SEQUENCE:
        if v.opcbsequence is None:
            absent("nfs_cb_resop4", "opcbsequence")
        pack_CB_SEQUENCE4res(w, v.opcbsequence)
    elif v.resop == OP_CB_WANTS_CANCELLED:
        if v.opcbwants_cancelled is None:
            absent("nfs_cb_resop4", "opcbwants_cancelled")
        pack_CB_WANTS_CANCELLED4res(w, v.opcbwants_cancelled)
    elif v.resop == OP_CB_NOTIFY_LOCK:
        if v.opcbnotify_lock is None:
            absent("nfs_cb_resop4", "opcbnotify_lock")
        pack_CB_NOTIFY_LOCK4res(w, v.opcbnotify_lock)
    elif v.resop == OP_CB_NOTIFY_DEVICEID:
        if v.opcbnotify_deviceid is None:
            absent("nfs_cb_resop4", "opcbnotify_deviceid")
        pack_CB_NOTIFY_DEVICEID4res(w, v.opcbnotify_deviceid)
    elif v.resop == OP_CB_OFFLOAD:
        if v.opcboffload is None:
            absent("nfs_cb_resop4", "opcboffload")
        pack_CB_OFFLOAD4res(w, v.opcboffload)
    elif v.resop == OP_CB_ILLEGAL:
        if v.opcbillegal is None:
            absent("nfs_cb_resop4", "opcbillegal")
        pack_CB_ILLEGAL4res(w, v.opcbillegal)
    else:
        unknown("nfs_cb_resop4", v.resop)


class CB_COMPOUND4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("tag", "minorversion", "callback_ident", "argarray")

    def __init__(self, tag: utf8str_cs, minorversion: int, callback_ident: int, argarray: list[nfs_cb_argop4]) -> None:
        self.tag = tag
        self.minorversion = minorversion
        self.callback_ident = callback_ident
        self.argarray = argarray


def unpack_CB_COMPOUND4args(r: Reader) -> CB_COMPOUND4args:
    tag = r.opaque(OPAQUE_CAP)
    at = r.take(8)
    window = r.window
    return CB_COMPOUND4args(
        tag,
        u32_at(window, at),
        u32_at(window, at + 4),
        [unpack_nfs_cb_argop4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))],
    )


def pack_CB_COMPOUND4args(w: Writer, v: CB_COMPOUND4args) -> None:
    w.opaque(v.tag)
    w.u32(v.minorversion)
    w.u32(v.callback_ident)
    w.array_length(len(v.argarray))
    for argarray_item in v.argarray:
        pack_nfs_cb_argop4(w, argarray_item)


class CB_COMPOUND4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "tag", "resarray")

    def __init__(self, status: nfsstat4, tag: utf8str_cs, resarray: list[nfs_cb_resop4]) -> None:
        self.status = status
        self.tag = tag
        self.resarray = resarray


def unpack_CB_COMPOUND4res(r: Reader) -> CB_COMPOUND4res:
    return CB_COMPOUND4res(
        r.member(nfsstat4_names, "nfsstat4"),
        r.opaque(OPAQUE_CAP),
        [unpack_nfs_cb_resop4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))],
    )


def pack_CB_COMPOUND4res(w: Writer, v: CB_COMPOUND4res) -> None:
    w.u32(v.status)
    w.opaque(v.tag)
    w.array_length(len(v.resarray))
    for resarray_item in v.resarray:
        pack_nfs_cb_resop4(w, resarray_item)
