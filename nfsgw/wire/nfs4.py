"""XDR codec of `xdr/nfs4.x`, emitted by `python -m xdr.generate`: do not edit it.

A type X is a class or an alias X here, with `unpack_X(reader)` and `pack_X(writer, value)`, which raise
XdrError for what is not an X.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeAlias

from nfsgw.wire.rpc import AUTH_NONE, AUTH_SYS, RPCSEC_GSS, authsys_parms, pack_authsys_parms, unpack_authsys_parms
from nfsgw.wire.runtime import (
    OPAQUE_CAP,
    Reader,
    Struct,
    Writer,
    absent,
    bool_at,
    bytes_at,
    enum_at,
    i32_at,
    i64_at,
    member_at,
    u32_at,
    u64_at,
    unknown,
)

NFS4_FHSIZE: Final = 128
NFS4_VERIFIER_SIZE: Final = 8
NFS4_OPAQUE_LIMIT: Final = 1024
NFS4_SESSIONID_SIZE: Final = 16
NFS4_OTHER_SIZE: Final = 12
NFS4_INT64_MAX: Final = 0x7FFFFFFFFFFFFFFF
NFS4_UINT64_MAX: Final = 0xFFFFFFFFFFFFFFFF
NFS4_INT32_MAX: Final = 0x7FFFFFFF
NFS4_UINT32_MAX: Final = 0xFFFFFFFF
NFS4_MAXFILELEN: Final = 0xFFFFFFFFFFFFFFFF
NFS4_MAXFILEOFF: Final = 0xFFFFFFFFFFFFFFFE
ACL4_SUPPORT_ALLOW_ACL: Final = 0x00000001
ACL4_SUPPORT_DENY_ACL: Final = 0x00000002
ACL4_SUPPORT_AUDIT_ACL: Final = 0x00000004
ACL4_SUPPORT_ALARM_ACL: Final = 0x00000008
ACE4_ACCESS_ALLOWED_ACE_TYPE: Final = 0x00000000
ACE4_ACCESS_DENIED_ACE_TYPE: Final = 0x00000001
ACE4_SYSTEM_AUDIT_ACE_TYPE: Final = 0x00000002
ACE4_SYSTEM_ALARM_ACE_TYPE: Final = 0x00000003
ACE4_FILE_INHERIT_ACE: Final = 0x00000001
ACE4_DIRECTORY_INHERIT_ACE: Final = 0x00000002
ACE4_NO_PROPAGATE_INHERIT_ACE: Final = 0x00000004
ACE4_INHERIT_ONLY_ACE: Final = 0x00000008
ACE4_SUCCESSFUL_ACCESS_ACE_FLAG: Final = 0x00000010
ACE4_FAILED_ACCESS_ACE_FLAG: Final = 0x00000020
ACE4_IDENTIFIER_GROUP: Final = 0x00000040
ACE4_INHERITED_ACE: Final = 0x00000080
ACE4_READ_DATA: Final = 0x00000001
ACE4_LIST_DIRECTORY: Final = 0x00000001
ACE4_WRITE_DATA: Final = 0x00000002
ACE4_ADD_FILE: Final = 0x00000002
ACE4_APPEND_DATA: Final = 0x00000004
ACE4_ADD_SUBDIRECTORY: Final = 0x00000004
ACE4_READ_NAMED_ATTRS: Final = 0x00000008
ACE4_WRITE_NAMED_ATTRS: Final = 0x00000010
ACE4_EXECUTE: Final = 0x00000020
ACE4_DELETE_CHILD: Final = 0x00000040
ACE4_READ_ATTRIBUTES: Final = 0x00000080
ACE4_WRITE_ATTRIBUTES: Final = 0x00000100
ACE4_WRITE_RETENTION: Final = 0x00000200
ACE4_WRITE_RETENTION_HOLD: Final = 0x00000400
ACE4_DELETE: Final = 0x00010000
ACE4_READ_ACL: Final = 0x00020000
ACE4_WRITE_ACL: Final = 0x00040000
ACE4_WRITE_OWNER: Final = 0x00080000
ACE4_SYNCHRONIZE: Final = 0x00100000
ACE4_GENERIC_READ: Final = 0x00120081
ACE4_GENERIC_WRITE: Final = 0x00160106
ACE4_GENERIC_EXECUTE: Final = 0x001200A0
ACL4_AUTO_INHERIT: Final = 0x00000001
ACL4_PROTECTED: Final = 0x00000002
ACL4_DEFAULTED: Final = 0x00000004
MODE4_SUID: Final = 0x800
MODE4_SGID: Final = 0x400
MODE4_SVTX: Final = 0x200
MODE4_RUSR: Final = 0x100
MODE4_WUSR: Final = 0x080
MODE4_XUSR: Final = 0x040
MODE4_RGRP: Final = 0x020
MODE4_WGRP: Final = 0x010
MODE4_XGRP: Final = 0x008
MODE4_ROTH: Final = 0x004
MODE4_WOTH: Final = 0x002
MODE4_XOTH: Final = 0x001
FH4_PERSISTENT: Final = 0x00000000
FH4_NOEXPIRE_WITH_OPEN: Final = 0x00000001
FH4_VOLATILE_ANY: Final = 0x00000002
FH4_VOL_MIGRATION: Final = 0x00000004
FH4_VOL_RENAME: Final = 0x00000008
LAYOUT4_NFSV4_1_FILES: Final = 1
LAYOUT4_OSD2_OBJECTS: Final = 2
LAYOUT4_BLOCK_VOLUME: Final = 3
LAYOUT4_FLEX_FILES: Final = 4
LAYOUT4_SCSI: Final = 5
NFS4_DEVICEID4_SIZE: Final = 16
LAYOUT4_RET_REC_FILE: Final = 1
LAYOUT4_RET_REC_FSID: Final = 2
LAYOUT4_RET_REC_ALL: Final = 3
TH4_READ_SIZE: Final = 0
TH4_WRITE_SIZE: Final = 1
TH4_READ_IOSIZE: Final = 2
TH4_WRITE_IOSIZE: Final = 3
RET4_DURATION_INFINITE: Final = 0xFFFFFFFFFFFFFFFF
FSCHARSET_CAP4_CONTAINS_NON_UTF8: Final = 0x1
FSCHARSET_CAP4_ALLOWS_ONLY_UTF8: Final = 0x2
FATTR4_SUPPORTED_ATTRS: Final = 0
FATTR4_TYPE: Final = 1
FATTR4_FH_EXPIRE_TYPE: Final = 2
FATTR4_CHANGE: Final = 3
FATTR4_SIZE: Final = 4
FATTR4_LINK_SUPPORT: Final = 5
FATTR4_SYMLINK_SUPPORT: Final = 6
FATTR4_NAMED_ATTR: Final = 7
FATTR4_FSID: Final = 8
FATTR4_UNIQUE_HANDLES: Final = 9
FATTR4_LEASE_TIME: Final = 10
FATTR4_RDATTR_ERROR: Final = 11
FATTR4_FILEHANDLE: Final = 19
FATTR4_SUPPATTR_EXCLCREAT: Final = 75
FATTR4_ACL: Final = 12
FATTR4_ACLSUPPORT: Final = 13
FATTR4_ARCHIVE: Final = 14
FATTR4_CANSETTIME: Final = 15
FATTR4_CASE_INSENSITIVE: Final = 16
FATTR4_CASE_PRESERVING: Final = 17
FATTR4_CHOWN_RESTRICTED: Final = 18
FATTR4_FILEID: Final = 20
FATTR4_FILES_AVAIL: Final = 21
FATTR4_FILES_FREE: Final = 22
FATTR4_FILES_TOTAL: Final = 23
FATTR4_FS_LOCATIONS: Final = 24
FATTR4_HIDDEN: Final = 25
FATTR4_HOMOGENEOUS: Final = 26
FATTR4_MAXFILESIZE: Final = 27
FATTR4_MAXLINK: Final = 28
FATTR4_MAXNAME: Final = 29
FATTR4_MAXREAD: Final = 30
FATTR4_MAXWRITE: Final = 31
FATTR4_MIMETYPE: Final = 32
FATTR4_MODE: Final = 33
FATTR4_NO_TRUNC: Final = 34
FATTR4_NUMLINKS: Final = 35
FATTR4_OWNER: Final = 36
FATTR4_OWNER_GROUP: Final = 37
FATTR4_QUOTA_AVAIL_HARD: Final = 38
FATTR4_QUOTA_AVAIL_SOFT: Final = 39
FATTR4_QUOTA_USED: Final = 40
FATTR4_RAWDEV: Final = 41
FATTR4_SPACE_AVAIL: Final = 42
FATTR4_SPACE_FREE: Final = 43
FATTR4_SPACE_TOTAL: Final = 44
FATTR4_SPACE_USED: Final = 45
FATTR4_SYSTEM: Final = 46
FATTR4_TIME_ACCESS: Final = 47
FATTR4_TIME_ACCESS_SET: Final = 48
FATTR4_TIME_BACKUP: Final = 49
FATTR4_TIME_CREATE: Final = 50
FATTR4_TIME_DELTA: Final = 51
FATTR4_TIME_METADATA: Final = 52
FATTR4_TIME_MODIFY: Final = 53
FATTR4_TIME_MODIFY_SET: Final = 54
FATTR4_MOUNTED_ON_FILEID: Final = 55
FATTR4_DIR_NOTIF_DELAY: Final = 56
FATTR4_DIRENT_NOTIF_DELAY: Final = 57
FATTR4_DACL: Final = 58
FATTR4_SACL: Final = 59
FATTR4_CHANGE_POLICY: Final = 60
FATTR4_FS_STATUS: Final = 61
FATTR4_FS_LAYOUT_TYPES: Final = 62
FATTR4_LAYOUT_HINT: Final = 63
FATTR4_LAYOUT_TYPES: Final = 64
FATTR4_LAYOUT_BLKSIZE: Final = 65
FATTR4_LAYOUT_ALIGNMENT: Final = 66
FATTR4_FS_LOCATIONS_INFO: Final = 67
FATTR4_MDSTHRESHOLD: Final = 68
FATTR4_RETENTION_GET: Final = 69
FATTR4_RETENTION_SET: Final = 70
FATTR4_RETENTEVT_GET: Final = 71
FATTR4_RETENTEVT_SET: Final = 72
FATTR4_RETENTION_HOLD: Final = 73
FATTR4_MODE_SET_MASKED: Final = 74
FATTR4_FS_CHARSET_CAP: Final = 76
FATTR4_CLONE_BLKSIZE: Final = 77
FATTR4_SPACE_FREED: Final = 78
FATTR4_CHANGE_ATTR_TYPE: Final = 79
FATTR4_SEC_LABEL: Final = 80
FATTR4_MODE_UMASK: Final = 81
FATTR4_XATTR_SUPPORT: Final = 82
FATTR4_OFFLINE: Final = 83
FATTR4_TIME_DELEG_ACCESS: Final = 84
FATTR4_TIME_DELEG_MODIFY: Final = 85
FATTR4_OPEN_ARGUMENTS: Final = 86
FSLI4BX_GFLAGS: Final = 0
FSLI4BX_TFLAGS: Final = 1
FSLI4BX_CLSIMUL: Final = 2
FSLI4BX_CLHANDLE: Final = 3
FSLI4BX_CLFILEID: Final = 4
FSLI4BX_CLWRITEVER: Final = 5
FSLI4BX_CLCHANGE: Final = 6
FSLI4BX_CLREADDIR: Final = 7
FSLI4BX_READRANK: Final = 8
FSLI4BX_WRITERANK: Final = 9
FSLI4BX_READORDER: Final = 10
FSLI4BX_WRITEORDER: Final = 11
FSLI4GF_WRITABLE: Final = 0x01
FSLI4GF_CUR_REQ: Final = 0x02
FSLI4GF_ABSENT: Final = 0x04
FSLI4GF_GOING: Final = 0x08
FSLI4GF_SPLIT: Final = 0x10
FSLI4TF_RDMA: Final = 0x01
FSLI4IF_VAR_SUB: Final = 0x00000001
NFL4_UFLG_MASK: Final = 0x0000003F
NFL4_UFLG_DENSE: Final = 0x00000001
NFL4_UFLG_COMMIT_THRU_MDS: Final = 0x00000002
NFL4_UFLG_STRIPE_UNIT_SIZE_MASK: Final = 0xFFFFFFC0
ACCESS4_READ: Final = 0x00000001
ACCESS4_LOOKUP: Final = 0x00000002
ACCESS4_MODIFY: Final = 0x00000004
ACCESS4_EXTEND: Final = 0x00000008
ACCESS4_DELETE: Final = 0x00000010
ACCESS4_EXECUTE: Final = 0x00000020
ACCESS4_XAREAD: Final = 0x00000040
ACCESS4_XAWRITE: Final = 0x00000080
ACCESS4_XALIST: Final = 0x00000100
OPEN4_SHARE_ACCESS_READ: Final = 0x00000001
OPEN4_SHARE_ACCESS_WRITE: Final = 0x00000002
OPEN4_SHARE_ACCESS_BOTH: Final = 0x00000003
OPEN4_SHARE_DENY_NONE: Final = 0x00000000
OPEN4_SHARE_DENY_READ: Final = 0x00000001
OPEN4_SHARE_DENY_WRITE: Final = 0x00000002
OPEN4_SHARE_DENY_BOTH: Final = 0x00000003
OPEN4_SHARE_ACCESS_WANT_DELEG_MASK: Final = 0xFF00
OPEN4_SHARE_ACCESS_WANT_NO_PREFERENCE: Final = 0x0000
OPEN4_SHARE_ACCESS_WANT_READ_DELEG: Final = 0x0100
OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG: Final = 0x0200
OPEN4_SHARE_ACCESS_WANT_ANY_DELEG: Final = 0x0300
OPEN4_SHARE_ACCESS_WANT_NO_DELEG: Final = 0x0400
OPEN4_SHARE_ACCESS_WANT_CANCEL: Final = 0x0500
OPEN4_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL: Final = 0x10000
OPEN4_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED: Final = 0x20000
OPEN4_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS: Final = 0x100000
OPEN4_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION: Final = 0x200000
OPEN4_RESULT_CONFIRM: Final = 0x00000002
OPEN4_RESULT_LOCKTYPE_POSIX: Final = 0x00000004
OPEN4_RESULT_PRESERVE_UNLINKED: Final = 0x00000008
OPEN4_RESULT_NO_OPEN_STATEID: Final = 0x00000010
OPEN4_RESULT_MAY_NOTIFY_LOCK: Final = 0x00000020
EXCHGID4_FLAG_SUPP_MOVED_REFER: Final = 0x00000001
EXCHGID4_FLAG_SUPP_MOVED_MIGR: Final = 0x00000002
EXCHGID4_FLAG_SUPP_FENCE_OPS: Final = 0x00000004
EXCHGID4_FLAG_BIND_PRINC_STATEID: Final = 0x00000100
EXCHGID4_FLAG_USE_NON_PNFS: Final = 0x00010000
EXCHGID4_FLAG_USE_PNFS_MDS: Final = 0x00020000
EXCHGID4_FLAG_USE_PNFS_DS: Final = 0x00040000
EXCHGID4_FLAG_MASK_PNFS: Final = 0x00070000
EXCHGID4_FLAG_UPD_CONFIRMED_REC_A: Final = 0x40000000
EXCHGID4_FLAG_CONFIRMED_R: Final = 0x80000000
CREATE_SESSION4_FLAG_PERSIST: Final = 0x00000001
CREATE_SESSION4_FLAG_CONN_BACK_CHAN: Final = 0x00000002
CREATE_SESSION4_FLAG_CONN_RDMA: Final = 0x00000004
SEQ4_STATUS_CB_PATH_DOWN: Final = 0x00000001
SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING: Final = 0x00000002
SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED: Final = 0x00000004
SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED: Final = 0x00000008
SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED: Final = 0x00000010
SEQ4_STATUS_ADMIN_STATE_REVOKED: Final = 0x00000020
SEQ4_STATUS_RECALLABLE_STATE_REVOKED: Final = 0x00000040
SEQ4_STATUS_LEASE_MOVED: Final = 0x00000080
SEQ4_STATUS_RESTART_RECLAIM_NEEDED: Final = 0x00000100
SEQ4_STATUS_CB_PATH_DOWN_SESSION: Final = 0x00000200
SEQ4_STATUS_BACKCHANNEL_FAULT: Final = 0x00000400
SEQ4_STATUS_DEVID_CHANGED: Final = 0x00000800
SEQ4_STATUS_DEVID_DELETED: Final = 0x00001000
NFS4_PROGRAM: Final = 100003
NFS_V4: Final = 4
NFSPROC4_NULL: Final = 0
NFSPROC4_COMPOUND: Final = 1

nfs_ftype4: TypeAlias = int

NF4REG: Final = 1
NF4DIR: Final = 2
NF4BLK: Final = 3
NF4CHR: Final = 4
NF4LNK: Final = 5
NF4SOCK: Final = 6
NF4FIFO: Final = 7
NF4ATTRDIR: Final = 8
NF4NAMEDATTR: Final = 9

nfs_ftype4_names: Final[dict[int, str]] = {
    NF4REG: "NF4REG",
    NF4DIR: "NF4DIR",
    NF4BLK: "NF4BLK",
    NF4CHR: "NF4CHR",
    NF4LNK: "NF4LNK",
    NF4SOCK: "NF4SOCK",
    NF4FIFO: "NF4FIFO",
    NF4ATTRDIR: "NF4ATTRDIR",
    NF4NAMEDATTR: "NF4NAMEDATTR",
}


def unpack_nfs_ftype4(r: Reader) -> nfs_ftype4:
    return r.enum(1, 9, "nfs_ftype4")


def pack_nfs_ftype4(w: Writer, v: nfs_ftype4) -> None:
    w.u32(v)


nfsstat4: TypeAlias = int

NFS4_OK: Final = 0
NFS4ERR_PERM: Final = 1
NFS4ERR_NOENT: Final = 2
NFS4ERR_IO: Final = 5
NFS4ERR_NXIO: Final = 6
NFS4ERR_ACCESS: Final = 13
NFS4ERR_EXIST: Final = 17
NFS4ERR_XDEV: Final = 18
NFS4ERR_NOTDIR: Final = 20
NFS4ERR_ISDIR: Final = 21
NFS4ERR_INVAL: Final = 22
NFS4ERR_FBIG: Final = 27
NFS4ERR_NOSPC: Final = 28
NFS4ERR_ROFS: Final = 30
NFS4ERR_MLINK: Final = 31
NFS4ERR_NAMETOOLONG: Final = 63
NFS4ERR_NOTEMPTY: Final = 66
NFS4ERR_DQUOT: Final = 69
NFS4ERR_STALE: Final = 70
NFS4ERR_BADHANDLE: Final = 10001
NFS4ERR_BAD_COOKIE: Final = 10003
NFS4ERR_NOTSUPP: Final = 10004
NFS4ERR_TOOSMALL: Final = 10005
NFS4ERR_SERVERFAULT: Final = 10006
NFS4ERR_BADTYPE: Final = 10007
NFS4ERR_DELAY: Final = 10008
NFS4ERR_SAME: Final = 10009
NFS4ERR_DENIED: Final = 10010
NFS4ERR_EXPIRED: Final = 10011
NFS4ERR_LOCKED: Final = 10012
NFS4ERR_GRACE: Final = 10013
NFS4ERR_FHEXPIRED: Final = 10014
NFS4ERR_SHARE_DENIED: Final = 10015
NFS4ERR_WRONGSEC: Final = 10016
NFS4ERR_CLID_INUSE: Final = 10017
NFS4ERR_RESOURCE: Final = 10018
NFS4ERR_MOVED: Final = 10019
NFS4ERR_NOFILEHANDLE: Final = 10020
NFS4ERR_MINOR_VERS_MISMATCH: Final = 10021
NFS4ERR_STALE_CLIENTID: Final = 10022
NFS4ERR_STALE_STATEID: Final = 10023
NFS4ERR_OLD_STATEID: Final = 10024
NFS4ERR_BAD_STATEID: Final = 10025
NFS4ERR_BAD_SEQID: Final = 10026
NFS4ERR_NOT_SAME: Final = 10027
NFS4ERR_LOCK_RANGE: Final = 10028
NFS4ERR_SYMLINK: Final = 10029
NFS4ERR_RESTOREFH: Final = 10030
NFS4ERR_LEASE_MOVED: Final = 10031
NFS4ERR_ATTRNOTSUPP: Final = 10032
NFS4ERR_NO_GRACE: Final = 10033
NFS4ERR_RECLAIM_BAD: Final = 10034
NFS4ERR_RECLAIM_CONFLICT: Final = 10035
NFS4ERR_BADXDR: Final = 10036
NFS4ERR_LOCKS_HELD: Final = 10037
NFS4ERR_OPENMODE: Final = 10038
NFS4ERR_BADOWNER: Final = 10039
NFS4ERR_BADCHAR: Final = 10040
NFS4ERR_BADNAME: Final = 10041
NFS4ERR_BAD_RANGE: Final = 10042
NFS4ERR_LOCK_NOTSUPP: Final = 10043
NFS4ERR_OP_ILLEGAL: Final = 10044
NFS4ERR_DEADLOCK: Final = 10045
NFS4ERR_FILE_OPEN: Final = 10046
NFS4ERR_ADMIN_REVOKED: Final = 10047
NFS4ERR_CB_PATH_DOWN: Final = 10048
NFS4ERR_BADIOMODE: Final = 10049
NFS4ERR_BADLAYOUT: Final = 10050
NFS4ERR_BAD_SESSION_DIGEST: Final = 10051
NFS4ERR_BADSESSION: Final = 10052
NFS4ERR_BADSLOT: Final = 10053
NFS4ERR_COMPLETE_ALREADY: Final = 10054
NFS4ERR_CONN_NOT_BOUND_TO_SESSION: Final = 10055
NFS4ERR_DELEG_ALREADY_WANTED: Final = 10056
NFS4ERR_BACK_CHAN_BUSY: Final = 10057
NFS4ERR_LAYOUTTRYLATER: Final = 10058
NFS4ERR_LAYOUTUNAVAILABLE: Final = 10059
NFS4ERR_NOMATCHING_LAYOUT: Final = 10060
NFS4ERR_RECALLCONFLICT: Final = 10061
NFS4ERR_UNKNOWN_LAYOUTTYPE: Final = 10062
NFS4ERR_SEQ_MISORDERED: Final = 10063
NFS4ERR_SEQUENCE_POS: Final = 10064
NFS4ERR_REQ_TOO_BIG: Final = 10065
NFS4ERR_REP_TOO_BIG: Final = 10066
NFS4ERR_REP_TOO_BIG_TO_CACHE: Final = 10067
NFS4ERR_RETRY_UNCACHED_REP: Final = 10068
NFS4ERR_UNSAFE_COMPOUND: Final = 10069
NFS4ERR_TOO_MANY_OPS: Final = 10070
NFS4ERR_OP_NOT_IN_SESSION: Final = 10071
NFS4ERR_HASH_ALG_UNSUPP: Final = 10072
NFS4ERR_CLIENTID_BUSY: Final = 10074
NFS4ERR_PNFS_IO_HOLE: Final = 10075
NFS4ERR_SEQ_FALSE_RETRY: Final = 10076
NFS4ERR_BAD_HIGH_SLOT: Final = 10077
NFS4ERR_DEADSESSION: Final = 10078
NFS4ERR_ENCR_ALG_UNSUPP: Final = 10079
NFS4ERR_PNFS_NO_LAYOUT: Final = 10080
NFS4ERR_NOT_ONLY_OP: Final = 10081
NFS4ERR_WRONG_CRED: Final = 10082
NFS4ERR_WRONG_TYPE: Final = 10083
NFS4ERR_DIRDELEG_UNAVAIL: Final = 10084
NFS4ERR_REJECT_DELEG: Final = 10085
NFS4ERR_RETURNCONFLICT: Final = 10086
NFS4ERR_DELEG_REVOKED: Final = 10087
NFS4ERR_PARTNER_NOTSUPP: Final = 10088
NFS4ERR_PARTNER_NO_AUTH: Final = 10089
NFS4ERR_UNION_NOTSUPP: Final = 10090
NFS4ERR_OFFLOAD_DENIED: Final = 10091
NFS4ERR_WRONG_LFS: Final = 10092
NFS4ERR_BADLABEL: Final = 10093
NFS4ERR_OFFLOAD_NO_REQS: Final = 10094
NFS4ERR_NOXATTR: Final = 10095
NFS4ERR_XATTR2BIG: Final = 10096

nfsstat4_names: Final[dict[int, str]] = {
    NFS4_OK: "NFS4_OK",
    NFS4ERR_PERM: "NFS4ERR_PERM",
    NFS4ERR_NOENT: "NFS4ERR_NOENT",
    NFS4ERR_IO: "NFS4ERR_IO",
    NFS4ERR_NXIO: "NFS4ERR_NXIO",
    NFS4ERR_ACCESS: "NFS4ERR_ACCESS",
    NFS4ERR_EXIST: "NFS4ERR_EXIST",
    NFS4ERR_XDEV: "NFS4ERR_XDEV",
    NFS4ERR_NOTDIR: "NFS4ERR_NOTDIR",
    NFS4ERR_ISDIR: "NFS4ERR_ISDIR",
    NFS4ERR_INVAL: "NFS4ERR_INVAL",
    NFS4ERR_FBIG: "NFS4ERR_FBIG",
    NFS4ERR_NOSPC: "NFS4ERR_NOSPC",
    NFS4ERR_ROFS: "NFS4ERR_ROFS",
    NFS4ERR_MLINK: "NFS4ERR_MLINK",
    NFS4ERR_NAMETOOLONG: "NFS4ERR_NAMETOOLONG",
    NFS4ERR_NOTEMPTY: "NFS4ERR_NOTEMPTY",
    NFS4ERR_DQUOT: "NFS4ERR_DQUOT",
    NFS4ERR_STALE: "NFS4ERR_STALE",
    NFS4ERR_BADHANDLE: "NFS4ERR_BADHANDLE",
    NFS4ERR_BAD_COOKIE: "NFS4ERR_BAD_COOKIE",
    NFS4ERR_NOTSUPP: "NFS4ERR_NOTSUPP",
    NFS4ERR_TOOSMALL: "NFS4ERR_TOOSMALL",
    NFS4ERR_SERVERFAULT: "NFS4ERR_SERVERFAULT",
    NFS4ERR_BADTYPE: "NFS4ERR_BADTYPE",
    NFS4ERR_DELAY: "NFS4ERR_DELAY",
    NFS4ERR_SAME: "NFS4ERR_SAME",
    NFS4ERR_DENIED: "NFS4ERR_DENIED",
    NFS4ERR_EXPIRED: "NFS4ERR_EXPIRED",
    NFS4ERR_LOCKED: "NFS4ERR_LOCKED",
    NFS4ERR_GRACE: "NFS4ERR_GRACE",
    NFS4ERR_FHEXPIRED: "NFS4ERR_FHEXPIRED",
    NFS4ERR_SHARE_DENIED: "NFS4ERR_SHARE_DENIED",
    NFS4ERR_WRONGSEC: "NFS4ERR_WRONGSEC",
    NFS4ERR_CLID_INUSE: "NFS4ERR_CLID_INUSE",
    NFS4ERR_RESOURCE: "NFS4ERR_RESOURCE",
    NFS4ERR_MOVED: "NFS4ERR_MOVED",
    NFS4ERR_NOFILEHANDLE: "NFS4ERR_NOFILEHANDLE",
    NFS4ERR_MINOR_VERS_MISMATCH: "NFS4ERR_MINOR_VERS_MISMATCH",
    NFS4ERR_STALE_CLIENTID: "NFS4ERR_STALE_CLIENTID",
    NFS4ERR_STALE_STATEID: "NFS4ERR_STALE_STATEID",
    NFS4ERR_OLD_STATEID: "NFS4ERR_OLD_STATEID",
    NFS4ERR_BAD_STATEID: "NFS4ERR_BAD_STATEID",
    NFS4ERR_BAD_SEQID: "NFS4ERR_BAD_SEQID",
    NFS4ERR_NOT_SAME: "NFS4ERR_NOT_SAME",
    NFS4ERR_LOCK_RANGE: "NFS4ERR_LOCK_RANGE",
    NFS4ERR_SYMLINK: "NFS4ERR_SYMLINK",
    NFS4ERR_RESTOREFH: "NFS4ERR_RESTOREFH",
    NFS4ERR_LEASE_MOVED: "NFS4ERR_LEASE_MOVED",
    NFS4ERR_ATTRNOTSUPP: "NFS4ERR_ATTRNOTSUPP",
    NFS4ERR_NO_GRACE: "NFS4ERR_NO_GRACE",
    NFS4ERR_RECLAIM_BAD: "NFS4ERR_RECLAIM_BAD",
    NFS4ERR_RECLAIM_CONFLICT: "NFS4ERR_RECLAIM_CONFLICT",
    NFS4ERR_BADXDR: "NFS4ERR_BADXDR",
    NFS4ERR_LOCKS_HELD: "NFS4ERR_LOCKS_HELD",
    NFS4ERR_OPENMODE: "NFS4ERR_OPENMODE",
    NFS4ERR_BADOWNER: "NFS4ERR_BADOWNER",
    NFS4ERR_BADCHAR: "NFS4ERR_BADCHAR",
    NFS4ERR_BADNAME: "NFS4ERR_BADNAME",
    NFS4ERR_BAD_RANGE: "NFS4ERR_BAD_RANGE",
    NFS4ERR_LOCK_NOTSUPP: "NFS4ERR_LOCK_NOTSUPP",
    NFS4ERR_OP_ILLEGAL: "NFS4ERR_OP_ILLEGAL",
    NFS4ERR_DEADLOCK: "NFS4ERR_DEADLOCK",
    NFS4ERR_FILE_OPEN: "NFS4ERR_FILE_OPEN",
    NFS4ERR_ADMIN_REVOKED: "NFS4ERR_ADMIN_REVOKED",
    NFS4ERR_CB_PATH_DOWN: "NFS4ERR_CB_PATH_DOWN",
    NFS4ERR_BADIOMODE: "NFS4ERR_BADIOMODE",
    NFS4ERR_BADLAYOUT: "NFS4ERR_BADLAYOUT",
    NFS4ERR_BAD_SESSION_DIGEST: "NFS4ERR_BAD_SESSION_DIGEST",
    NFS4ERR_BADSESSION: "NFS4ERR_BADSESSION",
    NFS4ERR_BADSLOT: "NFS4ERR_BADSLOT",
    NFS4ERR_COMPLETE_ALREADY: "NFS4ERR_COMPLETE_ALREADY",
    NFS4ERR_CONN_NOT_BOUND_TO_SESSION: "NFS4ERR_CONN_NOT_BOUND_TO_SESSION",
    NFS4ERR_DELEG_ALREADY_WANTED: "NFS4ERR_DELEG_ALREADY_WANTED",
    NFS4ERR_BACK_CHAN_BUSY: "NFS4ERR_BACK_CHAN_BUSY",
    NFS4ERR_LAYOUTTRYLATER: "NFS4ERR_LAYOUTTRYLATER",
    NFS4ERR_LAYOUTUNAVAILABLE: "NFS4ERR_LAYOUTUNAVAILABLE",
    NFS4ERR_NOMATCHING_LAYOUT: "NFS4ERR_NOMATCHING_LAYOUT",
    NFS4ERR_RECALLCONFLICT: "NFS4ERR_RECALLCONFLICT",
    NFS4ERR_UNKNOWN_LAYOUTTYPE: "NFS4ERR_UNKNOWN_LAYOUTTYPE",
    NFS4ERR_SEQ_MISORDERED: "NFS4ERR_SEQ_MISORDERED",
    NFS4ERR_SEQUENCE_POS: "NFS4ERR_SEQUENCE_POS",
    NFS4ERR_REQ_TOO_BIG: "NFS4ERR_REQ_TOO_BIG",
    NFS4ERR_REP_TOO_BIG: "NFS4ERR_REP_TOO_BIG",
    NFS4ERR_REP_TOO_BIG_TO_CACHE: "NFS4ERR_REP_TOO_BIG_TO_CACHE",
    NFS4ERR_RETRY_UNCACHED_REP: "NFS4ERR_RETRY_UNCACHED_REP",
    NFS4ERR_UNSAFE_COMPOUND: "NFS4ERR_UNSAFE_COMPOUND",
    NFS4ERR_TOO_MANY_OPS: "NFS4ERR_TOO_MANY_OPS",
    NFS4ERR_OP_NOT_IN_SESSION: "NFS4ERR_OP_NOT_IN_SESSION",
    NFS4ERR_HASH_ALG_UNSUPP: "NFS4ERR_HASH_ALG_UNSUPP",
    NFS4ERR_CLIENTID_BUSY: "NFS4ERR_CLIENTID_BUSY",
    NFS4ERR_PNFS_IO_HOLE: "NFS4ERR_PNFS_IO_HOLE",
    NFS4ERR_SEQ_FALSE_RETRY: "NFS4ERR_SEQ_FALSE_RETRY",
    NFS4ERR_BAD_HIGH_SLOT: "NFS4ERR_BAD_HIGH_SLOT",
    NFS4ERR_DEADSESSION: "NFS4ERR_DEADSESSION",
    NFS4ERR_ENCR_ALG_UNSUPP: "NFS4ERR_ENCR_ALG_UNSUPP",
    NFS4ERR_PNFS_NO_LAYOUT: "NFS4ERR_PNFS_NO_LAYOUT",
    NFS4ERR_NOT_ONLY_OP: "NFS4ERR_NOT_ONLY_OP",
    NFS4ERR_WRONG_CRED: "NFS4ERR_WRONG_CRED",
    NFS4ERR_WRONG_TYPE: "NFS4ERR_WRONG_TYPE",
    NFS4ERR_DIRDELEG_UNAVAIL: "NFS4ERR_DIRDELEG_UNAVAIL",
    NFS4ERR_REJECT_DELEG: "NFS4ERR_REJECT_DELEG",
    NFS4ERR_RETURNCONFLICT: "NFS4ERR_RETURNCONFLICT",
    NFS4ERR_DELEG_REVOKED: "NFS4ERR_DELEG_REVOKED",
    NFS4ERR_PARTNER_NOTSUPP: "NFS4ERR_PARTNER_NOTSUPP",
    NFS4ERR_PARTNER_NO_AUTH: "NFS4ERR_PARTNER_NO_AUTH",
    NFS4ERR_UNION_NOTSUPP: "NFS4ERR_UNION_NOTSUPP",
    NFS4ERR_OFFLOAD_DENIED: "NFS4ERR_OFFLOAD_DENIED",
    NFS4ERR_WRONG_LFS: "NFS4ERR_WRONG_LFS",
    NFS4ERR_BADLABEL: "NFS4ERR_BADLABEL",
    NFS4ERR_OFFLOAD_NO_REQS: "NFS4ERR_OFFLOAD_NO_REQS",
    NFS4ERR_NOXATTR: "NFS4ERR_NOXATTR",
    NFS4ERR_XATTR2BIG: "NFS4ERR_XATTR2BIG",
}


def unpack_nfsstat4(r: Reader) -> nfsstat4:
    return r.member(nfsstat4_names, "nfsstat4")


def pack_nfsstat4(w: Writer, v: nfsstat4) -> None:
    w.u32(v)


attrlist4: TypeAlias = bytes


def unpack_attrlist4(r: Reader) -> attrlist4:
    return r.opaque(OPAQUE_CAP)


def pack_attrlist4(w: Writer, v: attrlist4) -> None:
    w.opaque(v)


bitmap4: TypeAlias = int


def unpack_bitmap4(r: Reader) -> bitmap4:
    return r.bitmap()


def pack_bitmap4(w: Writer, v: bitmap4) -> None:
    w.bitmap(v)


changeid4: TypeAlias = int


def unpack_changeid4(r: Reader) -> changeid4:
    return r.u64()


def pack_changeid4(w: Writer, v: changeid4) -> None:
    w.u64(v)


clientid4: TypeAlias = int


def unpack_clientid4(r: Reader) -> clientid4:
    return r.u64()


def pack_clientid4(w: Writer, v: clientid4) -> None:
    w.u64(v)


count4: TypeAlias = int


def unpack_count4(r: Reader) -> count4:
    return r.u32()


def pack_count4(w: Writer, v: count4) -> None:
    w.u32(v)


length4: TypeAlias = int


def unpack_length4(r: Reader) -> length4:
    return r.u64()


def pack_length4(w: Writer, v: length4) -> None:
    w.u64(v)


mode4: TypeAlias = int


def unpack_mode4(r: Reader) -> mode4:
    return r.u32()


def pack_mode4(w: Writer, v: mode4) -> None:
    w.u32(v)


policy4: TypeAlias = int


def unpack_policy4(r: Reader) -> policy4:
    return r.u32()


def pack_policy4(w: Writer, v: policy4) -> None:
    w.u32(v)


nfs_cookie4: TypeAlias = int


def unpack_nfs_cookie4(r: Reader) -> nfs_cookie4:
    return r.u64()


def pack_nfs_cookie4(w: Writer, v: nfs_cookie4) -> None:
    w.u64(v)


nfs_fh4: TypeAlias = bytes


def unpack_nfs_fh4(r: Reader) -> nfs_fh4:
    return r.opaque(128)


def pack_nfs_fh4(w: Writer, v: nfs_fh4) -> None:
    w.opaque(v, 128)


offset4: TypeAlias = int


def unpack_offset4(r: Reader) -> offset4:
    return r.u64()


def pack_offset4(w: Writer, v: offset4) -> None:
    w.u64(v)


qop4: TypeAlias = int


def unpack_qop4(r: Reader) -> qop4:
    return r.u32()


def pack_qop4(w: Writer, v: qop4) -> None:
    w.u32(v)


sec_oid4: TypeAlias = bytes


def unpack_sec_oid4(r: Reader) -> sec_oid4:
    return r.opaque(OPAQUE_CAP)


def pack_sec_oid4(w: Writer, v: sec_oid4) -> None:
    w.opaque(v)


sequenceid4: TypeAlias = int


def unpack_sequenceid4(r: Reader) -> sequenceid4:
    return r.u32()


def pack_sequenceid4(w: Writer, v: sequenceid4) -> None:
    w.u32(v)


seqid4: TypeAlias = int


def unpack_seqid4(r: Reader) -> seqid4:
    return r.u32()


def pack_seqid4(w: Writer, v: seqid4) -> None:
    w.u32(v)


sessionid4: TypeAlias = bytes


def unpack_sessionid4(r: Reader) -> sessionid4:
    return r.fixed(16)


def pack_sessionid4(w: Writer, v: sessionid4) -> None:
    w.fixed(v, 16)


slotid4: TypeAlias = int


def unpack_slotid4(r: Reader) -> slotid4:
    return r.u32()


def pack_slotid4(w: Writer, v: slotid4) -> None:
    w.u32(v)


utf8string: TypeAlias = bytes


def unpack_utf8string(r: Reader) -> utf8string:
    return r.opaque(OPAQUE_CAP)


def pack_utf8string(w: Writer, v: utf8string) -> None:
    w.opaque(v)


utf8str_cis: TypeAlias = utf8string


def unpack_utf8str_cis(r: Reader) -> utf8str_cis:
    return r.opaque(OPAQUE_CAP)


def pack_utf8str_cis(w: Writer, v: utf8str_cis) -> None:
    w.opaque(v)


utf8str_cs: TypeAlias = utf8string


def unpack_utf8str_cs(r: Reader) -> utf8str_cs:
    return r.opaque(OPAQUE_CAP)


def pack_utf8str_cs(w: Writer, v: utf8str_cs) -> None:
    w.opaque(v)


utf8str_mixed: TypeAlias = utf8string


def unpack_utf8str_mixed(r: Reader) -> utf8str_mixed:
    return r.opaque(OPAQUE_CAP)


def pack_utf8str_mixed(w: Writer, v: utf8str_mixed) -> None:
    w.opaque(v)


component4: TypeAlias = utf8str_cs


def unpack_component4(r: Reader) -> component4:
    return r.opaque(OPAQUE_CAP)


def pack_component4(w: Writer, v: component4) -> None:
    w.opaque(v)


linktext4: TypeAlias = utf8str_cs


def unpack_linktext4(r: Reader) -> linktext4:
    return r.opaque(OPAQUE_CAP)


def pack_linktext4(w: Writer, v: linktext4) -> None:
    w.opaque(v)


pathname4: TypeAlias = list[component4]


def unpack_pathname4(r: Reader) -> pathname4:
    return [r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))]


def pack_pathname4(w: Writer, v: pathname4) -> None:
    w.array_length(len(v))
    for item in v:
        w.opaque(item)


verifier4: TypeAlias = bytes


def unpack_verifier4(r: Reader) -> verifier4:
    return r.fixed(8)


def pack_verifier4(w: Writer, v: verifier4) -> None:
    w.fixed(v, 8)


class nfstime4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("seconds", "nseconds")

    def __init__(self, seconds: int, nseconds: int) -> None:
        self.seconds = seconds
        self.nseconds = nseconds


def unpack_nfstime4(r: Reader) -> nfstime4:
    at = r.take(12)
    window = r.window
    return nfstime4(i64_at(window, at), u32_at(window, at + 8))


def pack_nfstime4(w: Writer, v: nfstime4) -> None:
    w.i64(v.seconds)
    w.u32(v.nseconds)


time_how4: TypeAlias = int

SET_TO_SERVER_TIME4: Final = 0
SET_TO_CLIENT_TIME4: Final = 1

time_how4_names: Final[dict[int, str]] = {
    SET_TO_SERVER_TIME4: "SET_TO_SERVER_TIME4",
    SET_TO_CLIENT_TIME4: "SET_TO_CLIENT_TIME4",
}


def unpack_time_how4(r: Reader) -> time_how4:
    return r.enum(0, 1, "time_how4")


def pack_time_how4(w: Writer, v: time_how4) -> None:
    w.u32(v)


class settime4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("set_it", "time")

    def __init__(self, set_it: time_how4, time: nfstime4 | None = None) -> None:
        self.set_it = set_it
        self.time = time


def unpack_settime4(r: Reader) -> settime4:
    v = settime4(r.u32())
    if v.set_it == SET_TO_CLIENT_TIME4:
        v.time = unpack_nfstime4(r)
    return v


def pack_settime4(w: Writer, v: settime4) -> None:
    w.u32(v.set_it)
    if v.set_it == SET_TO_CLIENT_TIME4:
        if v.time is None:
            absent("settime4", "time")
        pack_nfstime4(w, v.time)


nfs_lease4: TypeAlias = int


def unpack_nfs_lease4(r: Reader) -> nfs_lease4:
    return r.u32()


def pack_nfs_lease4(w: Writer, v: nfs_lease4) -> None:
    w.u32(v)


class fsid4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("major", "minor")

    def __init__(self, major: int, minor: int) -> None:
        self.major = major
        self.minor = minor


def unpack_fsid4(r: Reader) -> fsid4:
    at = r.take(16)
    window = r.window
    return fsid4(u64_at(window, at), u64_at(window, at + 8))


def pack_fsid4(w: Writer, v: fsid4) -> None:
    w.u64(v.major)
    w.u64(v.minor)


class change_policy4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cp_major", "cp_minor")

    def __init__(self, cp_major: int, cp_minor: int) -> None:
        self.cp_major = cp_major
        self.cp_minor = cp_minor


def unpack_change_policy4(r: Reader) -> change_policy4:
    at = r.take(16)
    window = r.window
    return change_policy4(u64_at(window, at), u64_at(window, at + 8))


def pack_change_policy4(w: Writer, v: change_policy4) -> None:
    w.u64(v.cp_major)
    w.u64(v.cp_minor)


class fs_location4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("server", "rootpath")

    def __init__(self, server: list[utf8str_cis], rootpath: pathname4) -> None:
        self.server = server
        self.rootpath = rootpath


def unpack_fs_location4(r: Reader) -> fs_location4:
    return fs_location4([r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))], unpack_pathname4(r))


def pack_fs_location4(w: Writer, v: fs_location4) -> None:
    w.array_length(len(v.server))
    for server_item in v.server:
        w.opaque(server_item)
    pack_pathname4(w, v.rootpath)


class fs_locations4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fs_root", "locations")

    def __init__(self, fs_root: pathname4, locations: list[fs_location4]) -> None:
        self.fs_root = fs_root
        self.locations = locations


def unpack_fs_locations4(r: Reader) -> fs_locations4:
    return fs_locations4(unpack_pathname4(r), [unpack_fs_location4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))])


def pack_fs_locations4(w: Writer, v: fs_locations4) -> None:
    pack_pathname4(w, v.fs_root)
    w.array_length(len(v.locations))
    for locations_item in v.locations:
        pack_fs_location4(w, locations_item)


acetype4: TypeAlias = int


def unpack_acetype4(r: Reader) -> acetype4:
    return r.u32()


def pack_acetype4(w: Writer, v: acetype4) -> None:
    w.u32(v)


aceflag4: TypeAlias = int


def unpack_aceflag4(r: Reader) -> aceflag4:
    return r.u32()


def pack_aceflag4(w: Writer, v: aceflag4) -> None:
    w.u32(v)


acemask4: TypeAlias = int


def unpack_acemask4(r: Reader) -> acemask4:
    return r.u32()


def pack_acemask4(w: Writer, v: acemask4) -> None:
    w.u32(v)


class nfsace4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("type", "flag", "access_mask", "who")

    def __init__(self, type: acetype4, flag: aceflag4, access_mask: acemask4, who: utf8str_mixed) -> None:
        self.type = type
        self.flag = flag
        self.access_mask = access_mask
        self.who = who


def unpack_nfsace4(r: Reader) -> nfsace4:
    at = r.take(12)
    window = r.window
    return nfsace4(u32_at(window, at), u32_at(window, at + 4), u32_at(window, at + 8), r.opaque(OPAQUE_CAP))


def pack_nfsace4(w: Writer, v: nfsace4) -> None:
    w.u32(v.type)
    w.u32(v.flag)
    w.u32(v.access_mask)
    w.opaque(v.who)


aclflag4: TypeAlias = int


def unpack_aclflag4(r: Reader) -> aclflag4:
    return r.u32()


def pack_aclflag4(w: Writer, v: aclflag4) -> None:
    w.u32(v)


class nfsacl41(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("na41_flag", "na41_aces")

    def __init__(self, na41_flag: aclflag4, na41_aces: list[nfsace4]) -> None:
        self.na41_flag = na41_flag
        self.na41_aces = na41_aces


def unpack_nfsacl41(r: Reader) -> nfsacl41:
    return nfsacl41(r.u32(), [unpack_nfsace4(r) for _ in range(r.array_length(0xFFFFFFFF, 16))])


def pack_nfsacl41(w: Writer, v: nfsacl41) -> None:
    w.u32(v.na41_flag)
    w.array_length(len(v.na41_aces))
    for na41_aces_item in v.na41_aces:
        pack_nfsace4(w, na41_aces_item)


class mode_masked4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("mm_value_to_set", "mm_mask_bits")

    def __init__(self, mm_value_to_set: mode4, mm_mask_bits: mode4) -> None:
        self.mm_value_to_set = mm_value_to_set
        self.mm_mask_bits = mm_mask_bits


def unpack_mode_masked4(r: Reader) -> mode_masked4:
    at = r.take(8)
    window = r.window
    return mode_masked4(u32_at(window, at), u32_at(window, at + 4))


def pack_mode_masked4(w: Writer, v: mode_masked4) -> None:
    w.u32(v.mm_value_to_set)
    w.u32(v.mm_mask_bits)


class specdata4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("specdata1", "specdata2")

    def __init__(self, specdata1: int, specdata2: int) -> None:
        self.specdata1 = specdata1
        self.specdata2 = specdata2


def unpack_specdata4(r: Reader) -> specdata4:
    at = r.take(8)
    window = r.window
    return specdata4(u32_at(window, at), u32_at(window, at + 4))


def pack_specdata4(w: Writer, v: specdata4) -> None:
    w.u32(v.specdata1)
    w.u32(v.specdata2)


class netaddr4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("na_r_netid", "na_r_addr")

    def __init__(self, na_r_netid: bytes, na_r_addr: bytes) -> None:
        self.na_r_netid = na_r_netid
        self.na_r_addr = na_r_addr


def unpack_netaddr4(r: Reader) -> netaddr4:
    return netaddr4(r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_netaddr4(w: Writer, v: netaddr4) -> None:
    w.opaque(v.na_r_netid)
    w.opaque(v.na_r_addr)


class nfs_impl_id4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nii_domain", "nii_name", "nii_date")

    def __init__(self, nii_domain: utf8str_cis, nii_name: utf8str_cs, nii_date: nfstime4) -> None:
        self.nii_domain = nii_domain
        self.nii_name = nii_name
        self.nii_date = nii_date


def unpack_nfs_impl_id4(r: Reader) -> nfs_impl_id4:
    return nfs_impl_id4(r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP), unpack_nfstime4(r))


def pack_nfs_impl_id4(w: Writer, v: nfs_impl_id4) -> None:
    w.opaque(v.nii_domain)
    w.opaque(v.nii_name)
    pack_nfstime4(w, v.nii_date)


class stateid4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("seqid", "other")

    def __init__(self, seqid: int, other: bytes) -> None:
        self.seqid = seqid
        self.other = other


def unpack_stateid4(r: Reader) -> stateid4:
    at = r.take(16)
    window = r.window
    return stateid4(u32_at(window, at), bytes_at(window, at + 4, 12))


def pack_stateid4(w: Writer, v: stateid4) -> None:
    w.u32(v.seqid)
    w.fixed(v.other, 12)


layouttype4: TypeAlias = int


def unpack_layouttype4(r: Reader) -> layouttype4:
    return r.u32()


def pack_layouttype4(w: Writer, v: layouttype4) -> None:
    w.u32(v)


class layout_content4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("loc_type", "loc_body")

    def __init__(self, loc_type: layouttype4, loc_body: bytes) -> None:
        self.loc_type = loc_type
        self.loc_body = loc_body


def unpack_layout_content4(r: Reader) -> layout_content4:
    return layout_content4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_layout_content4(w: Writer, v: layout_content4) -> None:
    w.u32(v.loc_type)
    w.opaque(v.loc_body)


class layouthint4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("loh_type", "loh_body")

    def __init__(self, loh_type: layouttype4, loh_body: bytes) -> None:
        self.loh_type = loh_type
        self.loh_body = loh_body


def unpack_layouthint4(r: Reader) -> layouthint4:
    return layouthint4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_layouthint4(w: Writer, v: layouthint4) -> None:
    w.u32(v.loh_type)
    w.opaque(v.loh_body)


layoutiomode4: TypeAlias = int

LAYOUTIOMODE4_READ: Final = 1
LAYOUTIOMODE4_RW: Final = 2
LAYOUTIOMODE4_ANY: Final = 3

layoutiomode4_names: Final[dict[int, str]] = {
    LAYOUTIOMODE4_READ: "LAYOUTIOMODE4_READ",
    LAYOUTIOMODE4_RW: "LAYOUTIOMODE4_RW",
    LAYOUTIOMODE4_ANY: "LAYOUTIOMODE4_ANY",
}


def unpack_layoutiomode4(r: Reader) -> layoutiomode4:
    return r.enum(1, 3, "layoutiomode4")


def pack_layoutiomode4(w: Writer, v: layoutiomode4) -> None:
    w.u32(v)


class layout4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lo_offset", "lo_length", "lo_iomode", "lo_content")

    def __init__(
        self, lo_offset: offset4, lo_length: length4, lo_iomode: layoutiomode4, lo_content: layout_content4
    ) -> None:
        self.lo_offset = lo_offset
        self.lo_length = lo_length
        self.lo_iomode = lo_iomode
        self.lo_content = lo_content


def unpack_layout4(r: Reader) -> layout4:
    at = r.take(20)
    window = r.window
    return layout4(
        u64_at(window, at),
        u64_at(window, at + 8),
        enum_at(window, at + 16, 1, 3, "layoutiomode4"),
        unpack_layout_content4(r),
    )


def pack_layout4(w: Writer, v: layout4) -> None:
    w.u64(v.lo_offset)
    w.u64(v.lo_length)
    w.u32(v.lo_iomode)
    pack_layout_content4(w, v.lo_content)


deviceid4: TypeAlias = bytes


def unpack_deviceid4(r: Reader) -> deviceid4:
    return r.fixed(16)


def pack_deviceid4(w: Writer, v: deviceid4) -> None:
    w.fixed(v, 16)


class device_addr4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("da_layout_type", "da_addr_body")

    def __init__(self, da_layout_type: layouttype4, da_addr_body: bytes) -> None:
        self.da_layout_type = da_layout_type
        self.da_addr_body = da_addr_body


def unpack_device_addr4(r: Reader) -> device_addr4:
    return device_addr4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_device_addr4(w: Writer, v: device_addr4) -> None:
    w.u32(v.da_layout_type)
    w.opaque(v.da_addr_body)


class layoutupdate4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lou_type", "lou_body")

    def __init__(self, lou_type: layouttype4, lou_body: bytes) -> None:
        self.lou_type = lou_type
        self.lou_body = lou_body


def unpack_layoutupdate4(r: Reader) -> layoutupdate4:
    return layoutupdate4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_layoutupdate4(w: Writer, v: layoutupdate4) -> None:
    w.u32(v.lou_type)
    w.opaque(v.lou_body)


layoutreturn_type4: TypeAlias = int

LAYOUTRETURN4_FILE: Final = 1
LAYOUTRETURN4_FSID: Final = 2
LAYOUTRETURN4_ALL: Final = 3

layoutreturn_type4_names: Final[dict[int, str]] = {
    LAYOUTRETURN4_FILE: "LAYOUTRETURN4_FILE",
    LAYOUTRETURN4_FSID: "LAYOUTRETURN4_FSID",
    LAYOUTRETURN4_ALL: "LAYOUTRETURN4_ALL",
}


def unpack_layoutreturn_type4(r: Reader) -> layoutreturn_type4:
    return r.enum(1, 3, "layoutreturn_type4")


def pack_layoutreturn_type4(w: Writer, v: layoutreturn_type4) -> None:
    w.u32(v)


class layoutreturn_file4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lrf_offset", "lrf_length", "lrf_stateid", "lrf_body")

    def __init__(self, lrf_offset: offset4, lrf_length: length4, lrf_stateid: stateid4, lrf_body: bytes) -> None:
        self.lrf_offset = lrf_offset
        self.lrf_length = lrf_length
        self.lrf_stateid = lrf_stateid
        self.lrf_body = lrf_body


def unpack_layoutreturn_file4(r: Reader) -> layoutreturn_file4:
    at = r.take(32)
    window = r.window
    return layoutreturn_file4(
        u64_at(window, at),
        u64_at(window, at + 8),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
        r.opaque(OPAQUE_CAP),
    )


def pack_layoutreturn_file4(w: Writer, v: layoutreturn_file4) -> None:
    w.u64(v.lrf_offset)
    w.u64(v.lrf_length)
    pack_stateid4(w, v.lrf_stateid)
    w.opaque(v.lrf_body)


class layoutreturn4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lr_returntype", "lr_layout")

    def __init__(self, lr_returntype: layoutreturn_type4, lr_layout: layoutreturn_file4 | None = None) -> None:
        self.lr_returntype = lr_returntype
        self.lr_layout = lr_layout


def unpack_layoutreturn4(r: Reader) -> layoutreturn4:
    v = layoutreturn4(r.u32())
    if v.lr_returntype == LAYOUTRETURN4_FILE:
        v.lr_layout = unpack_layoutreturn_file4(r)
    return v


def pack_layoutreturn4(w: Writer, v: layoutreturn4) -> None:
    w.u32(v.lr_returntype)
    if v.lr_returntype == LAYOUTRETURN4_FILE:
        if v.lr_layout is None:
            absent("layoutreturn4", "lr_layout")
        pack_layoutreturn_file4(w, v.lr_layout)


fs4_status_type: TypeAlias = int

STATUS4_FIXED: Final = 1
STATUS4_UPDATED: Final = 2
STATUS4_VERSIONED: Final = 3
STATUS4_WRITABLE: Final = 4
STATUS4_REFERRAL: Final = 5

fs4_status_type_names: Final[dict[int, str]] = {
    STATUS4_FIXED: "STATUS4_FIXED",
    STATUS4_UPDATED: "STATUS4_UPDATED",
    STATUS4_VERSIONED: "STATUS4_VERSIONED",
    STATUS4_WRITABLE: "STATUS4_WRITABLE",
    STATUS4_REFERRAL: "STATUS4_REFERRAL",
}


def unpack_fs4_status_type(r: Reader) -> fs4_status_type:
    return r.enum(1, 5, "fs4_status_type")


def pack_fs4_status_type(w: Writer, v: fs4_status_type) -> None:
    w.u32(v)


class fs4_status(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "fss_absent",
        "fss_type",
        "fss_source",
        "fss_current",
        "fss_age",
        "fss_version",
    )

    def __init__(
        self,
        fss_absent: bool,
        fss_type: fs4_status_type,
        fss_source: utf8str_cs,
        fss_current: utf8str_cs,
        fss_age: int,
        fss_version: nfstime4,
    ) -> None:
        self.fss_absent = fss_absent
        self.fss_type = fss_type
        self.fss_source = fss_source
        self.fss_current = fss_current
        self.fss_age = fss_age
        self.fss_version = fss_version


def unpack_fs4_status(r: Reader) -> fs4_status:
    at = r.take(8)
    window = r.window
    fss_absent = bool_at(window, at)
    fss_type = enum_at(window, at + 4, 1, 5, "fs4_status_type")
    fss_source = r.opaque(OPAQUE_CAP)
    fss_current = r.opaque(OPAQUE_CAP)
    at = r.take(16)
    window = r.window
    return fs4_status(
        fss_absent,
        fss_type,
        fss_source,
        fss_current,
        i32_at(window, at),
        nfstime4(i64_at(window, at + 4), u32_at(window, at + 12)),
    )


def pack_fs4_status(w: Writer, v: fs4_status) -> None:
    w.boolean(v.fss_absent)
    w.u32(v.fss_type)
    w.opaque(v.fss_source)
    w.opaque(v.fss_current)
    w.i32(v.fss_age)
    pack_nfstime4(w, v.fss_version)


threshold4_read_size: TypeAlias = length4


def unpack_threshold4_read_size(r: Reader) -> threshold4_read_size:
    return r.u64()


def pack_threshold4_read_size(w: Writer, v: threshold4_read_size) -> None:
    w.u64(v)


threshold4_write_size: TypeAlias = length4


def unpack_threshold4_write_size(r: Reader) -> threshold4_write_size:
    return r.u64()


def pack_threshold4_write_size(w: Writer, v: threshold4_write_size) -> None:
    w.u64(v)


threshold4_read_iosize: TypeAlias = length4


def unpack_threshold4_read_iosize(r: Reader) -> threshold4_read_iosize:
    return r.u64()


def pack_threshold4_read_iosize(w: Writer, v: threshold4_read_iosize) -> None:
    w.u64(v)


threshold4_write_iosize: TypeAlias = length4


def unpack_threshold4_write_iosize(r: Reader) -> threshold4_write_iosize:
    return r.u64()


def pack_threshold4_write_iosize(w: Writer, v: threshold4_write_iosize) -> None:
    w.u64(v)


class threshold_item4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("thi_layout_type", "thi_hintset", "thi_hintlist")

    def __init__(self, thi_layout_type: layouttype4, thi_hintset: bitmap4, thi_hintlist: bytes) -> None:
        self.thi_layout_type = thi_layout_type
        self.thi_hintset = thi_hintset
        self.thi_hintlist = thi_hintlist


def unpack_threshold_item4(r: Reader) -> threshold_item4:
    return threshold_item4(r.u32(), r.bitmap(), r.opaque(OPAQUE_CAP))


def pack_threshold_item4(w: Writer, v: threshold_item4) -> None:
    w.u32(v.thi_layout_type)
    w.bitmap(v.thi_hintset)
    w.opaque(v.thi_hintlist)


class mdsthreshold4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("mth_hints",)

    def __init__(self, mth_hints: list[threshold_item4]) -> None:
        self.mth_hints = mth_hints


def unpack_mdsthreshold4(r: Reader) -> mdsthreshold4:
    return mdsthreshold4([unpack_threshold_item4(r) for _ in range(r.array_length(0xFFFFFFFF, 12))])


def pack_mdsthreshold4(w: Writer, v: mdsthreshold4) -> None:
    w.array_length(len(v.mth_hints))
    for mth_hints_item in v.mth_hints:
        pack_threshold_item4(w, mth_hints_item)


class retention_get4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rg_duration", "rg_begin_time")

    def __init__(self, rg_duration: int, rg_begin_time: list[nfstime4]) -> None:
        self.rg_duration = rg_duration
        self.rg_begin_time = rg_begin_time


def unpack_retention_get4(r: Reader) -> retention_get4:
    return retention_get4(r.u64(), [unpack_nfstime4(r) for _ in range(r.array_length(1, 12))])


def pack_retention_get4(w: Writer, v: retention_get4) -> None:
    w.u64(v.rg_duration)
    w.array_length(len(v.rg_begin_time), 1)
    for rg_begin_time_item in v.rg_begin_time:
        pack_nfstime4(w, rg_begin_time_item)


class retention_set4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rs_enable", "rs_duration")

    def __init__(self, rs_enable: bool, rs_duration: list[int]) -> None:
        self.rs_enable = rs_enable
        self.rs_duration = rs_duration


def unpack_retention_set4(r: Reader) -> retention_set4:
    return retention_set4(r.boolean(), [r.u64() for _ in range(r.array_length(1, 8))])


def pack_retention_set4(w: Writer, v: retention_set4) -> None:
    w.boolean(v.rs_enable)
    w.array_length(len(v.rs_duration), 1)
    for rs_duration_item in v.rs_duration:
        w.u64(rs_duration_item)


fs_charset_cap4: TypeAlias = int


def unpack_fs_charset_cap4(r: Reader) -> fs_charset_cap4:
    return r.u32()


def pack_fs_charset_cap4(w: Writer, v: fs_charset_cap4) -> None:
    w.u32(v)


netloc_type4: TypeAlias = int

NL4_NAME: Final = 1
NL4_URL: Final = 2
NL4_NETADDR: Final = 3

netloc_type4_names: Final[dict[int, str]] = {
    NL4_NAME: "NL4_NAME",
    NL4_URL: "NL4_URL",
    NL4_NETADDR: "NL4_NETADDR",
}


def unpack_netloc_type4(r: Reader) -> netloc_type4:
    return r.enum(1, 3, "netloc_type4")


def pack_netloc_type4(w: Writer, v: netloc_type4) -> None:
    w.u32(v)


class netloc4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nl_type", "nl_name", "nl_url", "nl_addr")

    def __init__(
        self,
        nl_type: netloc_type4,
        nl_name: utf8str_cis | None = None,
        nl_url: utf8str_cis | None = None,
        nl_addr: netaddr4 | None = None,
    ) -> None:
        self.nl_type = nl_type
        self.nl_name = nl_name
        self.nl_url = nl_url
        self.nl_addr = nl_addr


def unpack_netloc4(r: Reader) -> netloc4:
    v = netloc4(r.u32())
    if v.nl_type == NL4_NAME:
        v.nl_name = r.opaque(OPAQUE_CAP)
    elif v.nl_type == NL4_URL:
        v.nl_url = r.opaque(OPAQUE_CAP)
    elif v.nl_type == NL4_NETADDR:
        v.nl_addr = unpack_netaddr4(r)
    else:
        unknown("netloc4", v.nl_type)
    return v


def pack_netloc4(w: Writer, v: netloc4) -> None:
    w.u32(v.nl_type)
    if v.nl_type == NL4_NAME:
        if v.nl_name is None:
            absent("netloc4", "nl_name")
        w.opaque(v.nl_name)
    elif v.nl_type == NL4_URL:
        if v.nl_url is None:
            absent("netloc4", "nl_url")
        w.opaque(v.nl_url)
    elif v.nl_type == NL4_NETADDR:
        if v.nl_addr is None:
            absent("netloc4", "nl_addr")
        pack_netaddr4(w, v.nl_addr)
    else:
        unknown("netloc4", v.nl_type)


change_attr_type4: TypeAlias = int

NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR: Final = 0
NFS4_CHANGE_TYPE_IS_VERSION_COUNTER: Final = 1
NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS: Final = 2
NFS4_CHANGE_TYPE_IS_TIME_METADATA: Final = 3
NFS4_CHANGE_TYPE_IS_UNDEFINED: Final = 4

change_attr_type4_names: Final[dict[int, str]] = {
    NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR: "NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR",
    NFS4_CHANGE_TYPE_IS_VERSION_COUNTER: "NFS4_CHANGE_TYPE_IS_VERSION_COUNTER",
    NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS: "NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS",
    NFS4_CHANGE_TYPE_IS_TIME_METADATA: "NFS4_CHANGE_TYPE_IS_TIME_METADATA",
    NFS4_CHANGE_TYPE_IS_UNDEFINED: "NFS4_CHANGE_TYPE_IS_UNDEFINED",
}


def unpack_change_attr_type4(r: Reader) -> change_attr_type4:
    return r.enum(0, 4, "change_attr_type4")


def pack_change_attr_type4(w: Writer, v: change_attr_type4) -> None:
    w.u32(v)


class labelformat_spec4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lfs_lfs", "lfs_pi")

    def __init__(self, lfs_lfs: policy4, lfs_pi: policy4) -> None:
        self.lfs_lfs = lfs_lfs
        self.lfs_pi = lfs_pi


def unpack_labelformat_spec4(r: Reader) -> labelformat_spec4:
    at = r.take(8)
    window = r.window
    return labelformat_spec4(u32_at(window, at), u32_at(window, at + 4))


def pack_labelformat_spec4(w: Writer, v: labelformat_spec4) -> None:
    w.u32(v.lfs_lfs)
    w.u32(v.lfs_pi)


class sec_label4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("slai_lfs", "slai_data")

    def __init__(self, slai_lfs: labelformat_spec4, slai_data: bytes) -> None:
        self.slai_lfs = slai_lfs
        self.slai_data = slai_data


def unpack_sec_label4(r: Reader) -> sec_label4:
    return sec_label4(unpack_labelformat_spec4(r), r.opaque(OPAQUE_CAP))


def pack_sec_label4(w: Writer, v: sec_label4) -> None:
    pack_labelformat_spec4(w, v.slai_lfs)
    w.opaque(v.slai_data)


class mode_umask4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("mu_mode", "mu_umask")

    def __init__(self, mu_mode: mode4, mu_umask: mode4) -> None:
        self.mu_mode = mu_mode
        self.mu_umask = mu_umask


def unpack_mode_umask4(r: Reader) -> mode_umask4:
    at = r.take(8)
    window = r.window
    return mode_umask4(u32_at(window, at), u32_at(window, at + 4))


def pack_mode_umask4(w: Writer, v: mode_umask4) -> None:
    w.u32(v.mu_mode)
    w.u32(v.mu_umask)


data_content4: TypeAlias = int

NFS4_CONTENT_DATA: Final = 0
NFS4_CONTENT_HOLE: Final = 1

data_content4_names: Final[dict[int, str]] = {
    NFS4_CONTENT_DATA: "NFS4_CONTENT_DATA",
    NFS4_CONTENT_HOLE: "NFS4_CONTENT_HOLE",
}


def unpack_data_content4(r: Reader) -> data_content4:
    return r.enum(0, 1, "data_content4")


def pack_data_content4(w: Writer, v: data_content4) -> None:
    w.u32(v)


class data4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("d_offset", "d_data")

    def __init__(self, d_offset: offset4, d_data: bytes | memoryview) -> None:
        self.d_offset = d_offset
        self.d_data = d_data


def unpack_data4(r: Reader) -> data4:
    return data4(r.u64(), r.bulk())


def pack_data4(w: Writer, v: data4) -> None:
    w.u64(v.d_offset)
    w.bulk(v.d_data)


class data_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("di_offset", "di_length")

    def __init__(self, di_offset: offset4, di_length: length4) -> None:
        self.di_offset = di_offset
        self.di_length = di_length


def unpack_data_info4(r: Reader) -> data_info4:
    at = r.take(16)
    window = r.window
    return data_info4(u64_at(window, at), u64_at(window, at + 8))


def pack_data_info4(w: Writer, v: data_info4) -> None:
    w.u64(v.di_offset)
    w.u64(v.di_length)


class app_data_block4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "adb_offset",
        "adb_block_size",
        "adb_block_count",
        "adb_reloff_blocknum",
        "adb_block_num",
        "adb_reloff_pattern",
        "adb_pattern",
    )

    def __init__(
        self,
        adb_offset: offset4,
        adb_block_size: length4,
        adb_block_count: length4,
        adb_reloff_blocknum: length4,
        adb_block_num: count4,
        adb_reloff_pattern: length4,
        adb_pattern: bytes,
    ) -> None:
        self.adb_offset = adb_offset
        self.adb_block_size = adb_block_size
        self.adb_block_count = adb_block_count
        self.adb_reloff_blocknum = adb_reloff_blocknum
        self.adb_block_num = adb_block_num
        self.adb_reloff_pattern = adb_reloff_pattern
        self.adb_pattern = adb_pattern


def unpack_app_data_block4(r: Reader) -> app_data_block4:
    at = r.take(44)
    window = r.window
    return app_data_block4(
        u64_at(window, at),
        u64_at(window, at + 8),
        u64_at(window, at + 16),
        u64_at(window, at + 24),
        u32_at(window, at + 32),
        u64_at(window, at + 36),
        r.opaque(OPAQUE_CAP),
    )


def pack_app_data_block4(w: Writer, v: app_data_block4) -> None:
    w.u64(v.adb_offset)
    w.u64(v.adb_block_size)
    w.u64(v.adb_block_count)
    w.u64(v.adb_reloff_blocknum)
    w.u32(v.adb_block_num)
    w.u64(v.adb_reloff_pattern)
    w.opaque(v.adb_pattern)


fattr4_supported_attrs: TypeAlias = bitmap4


def unpack_fattr4_supported_attrs(r: Reader) -> fattr4_supported_attrs:
    return r.bitmap()


def pack_fattr4_supported_attrs(w: Writer, v: fattr4_supported_attrs) -> None:
    w.bitmap(v)


fattr4_type: TypeAlias = nfs_ftype4


def unpack_fattr4_type(r: Reader) -> fattr4_type:
    return r.enum(1, 9, "nfs_ftype4")


def pack_fattr4_type(w: Writer, v: fattr4_type) -> None:
    w.u32(v)


fattr4_fh_expire_type: TypeAlias = int


def unpack_fattr4_fh_expire_type(r: Reader) -> fattr4_fh_expire_type:
    return r.u32()


def pack_fattr4_fh_expire_type(w: Writer, v: fattr4_fh_expire_type) -> None:
    w.u32(v)


fattr4_change: TypeAlias = changeid4


def unpack_fattr4_change(r: Reader) -> fattr4_change:
    return r.u64()


def pack_fattr4_change(w: Writer, v: fattr4_change) -> None:
    w.u64(v)


fattr4_size: TypeAlias = int


def unpack_fattr4_size(r: Reader) -> fattr4_size:
    return r.u64()


def pack_fattr4_size(w: Writer, v: fattr4_size) -> None:
    w.u64(v)


fattr4_link_support: TypeAlias = bool


def unpack_fattr4_link_support(r: Reader) -> fattr4_link_support:
    return r.boolean()


def pack_fattr4_link_support(w: Writer, v: fattr4_link_support) -> None:
    w.boolean(v)


fattr4_symlink_support: TypeAlias = bool


def unpack_fattr4_symlink_support(r: Reader) -> fattr4_symlink_support:
    return r.boolean()


def pack_fattr4_symlink_support(w: Writer, v: fattr4_symlink_support) -> None:
    w.boolean(v)


fattr4_named_attr: TypeAlias = bool


def unpack_fattr4_named_attr(r: Reader) -> fattr4_named_attr:
    return r.boolean()


def pack_fattr4_named_attr(w: Writer, v: fattr4_named_attr) -> None:
    w.boolean(v)


fattr4_fsid: TypeAlias = fsid4


def unpack_fattr4_fsid(r: Reader) -> fattr4_fsid:
    return unpack_fsid4(r)


def pack_fattr4_fsid(w: Writer, v: fattr4_fsid) -> None:
    pack_fsid4(w, v)


fattr4_unique_handles: TypeAlias = bool


def unpack_fattr4_unique_handles(r: Reader) -> fattr4_unique_handles:
    return r.boolean()


def pack_fattr4_unique_handles(w: Writer, v: fattr4_unique_handles) -> None:
    w.boolean(v)


fattr4_lease_time: TypeAlias = nfs_lease4


def unpack_fattr4_lease_time(r: Reader) -> fattr4_lease_time:
    return r.u32()


def pack_fattr4_lease_time(w: Writer, v: fattr4_lease_time) -> None:
    w.u32(v)


fattr4_rdattr_error: TypeAlias = nfsstat4


def unpack_fattr4_rdattr_error(r: Reader) -> fattr4_rdattr_error:
    return r.member(nfsstat4_names, "nfsstat4")


def pack_fattr4_rdattr_error(w: Writer, v: fattr4_rdattr_error) -> None:
    w.u32(v)


fattr4_acl: TypeAlias = list[nfsace4]


def unpack_fattr4_acl(r: Reader) -> fattr4_acl:
    return [unpack_nfsace4(r) for _ in range(r.array_length(0xFFFFFFFF, 16))]


def pack_fattr4_acl(w: Writer, v: fattr4_acl) -> None:
    w.array_length(len(v))
    for item in v:
        pack_nfsace4(w, item)


fattr4_aclsupport: TypeAlias = int


def unpack_fattr4_aclsupport(r: Reader) -> fattr4_aclsupport:
    return r.u32()


def pack_fattr4_aclsupport(w: Writer, v: fattr4_aclsupport) -> None:
    w.u32(v)


fattr4_archive: TypeAlias = bool


def unpack_fattr4_archive(r: Reader) -> fattr4_archive:
    return r.boolean()


def pack_fattr4_archive(w: Writer, v: fattr4_archive) -> None:
    w.boolean(v)


fattr4_cansettime: TypeAlias = bool


def unpack_fattr4_cansettime(r: Reader) -> fattr4_cansettime:
    return r.boolean()


def pack_fattr4_cansettime(w: Writer, v: fattr4_cansettime) -> None:
    w.boolean(v)


fattr4_case_insensitive: TypeAlias = bool


def unpack_fattr4_case_insensitive(r: Reader) -> fattr4_case_insensitive:
    return r.boolean()


def pack_fattr4_case_insensitive(w: Writer, v: fattr4_case_insensitive) -> None:
    w.boolean(v)


fattr4_case_preserving: TypeAlias = bool


def unpack_fattr4_case_preserving(r: Reader) -> fattr4_case_preserving:
    return r.boolean()


def pack_fattr4_case_preserving(w: Writer, v: fattr4_case_preserving) -> None:
    w.boolean(v)


fattr4_chown_restricted: TypeAlias = bool


def unpack_fattr4_chown_restricted(r: Reader) -> fattr4_chown_restricted:
    return r.boolean()


def pack_fattr4_chown_restricted(w: Writer, v: fattr4_chown_restricted) -> None:
    w.boolean(v)


fattr4_fileid: TypeAlias = int


def unpack_fattr4_fileid(r: Reader) -> fattr4_fileid:
    return r.u64()


def pack_fattr4_fileid(w: Writer, v: fattr4_fileid) -> None:
    w.u64(v)


fattr4_files_avail: TypeAlias = int


def unpack_fattr4_files_avail(r: Reader) -> fattr4_files_avail:
    return r.u64()


def pack_fattr4_files_avail(w: Writer, v: fattr4_files_avail) -> None:
    w.u64(v)


fattr4_filehandle: TypeAlias = nfs_fh4


def unpack_fattr4_filehandle(r: Reader) -> fattr4_filehandle:
    return r.opaque(128)


def pack_fattr4_filehandle(w: Writer, v: fattr4_filehandle) -> None:
    w.opaque(v, 128)


fattr4_files_free: TypeAlias = int


def unpack_fattr4_files_free(r: Reader) -> fattr4_files_free:
    return r.u64()


def pack_fattr4_files_free(w: Writer, v: fattr4_files_free) -> None:
    w.u64(v)


fattr4_files_total: TypeAlias = int


def unpack_fattr4_files_total(r: Reader) -> fattr4_files_total:
    return r.u64()


def pack_fattr4_files_total(w: Writer, v: fattr4_files_total) -> None:
    w.u64(v)


fattr4_fs_locations: TypeAlias = fs_locations4


def unpack_fattr4_fs_locations(r: Reader) -> fattr4_fs_locations:
    return unpack_fs_locations4(r)


def pack_fattr4_fs_locations(w: Writer, v: fattr4_fs_locations) -> None:
    pack_fs_locations4(w, v)


fattr4_hidden: TypeAlias = bool


def unpack_fattr4_hidden(r: Reader) -> fattr4_hidden:
    return r.boolean()


def pack_fattr4_hidden(w: Writer, v: fattr4_hidden) -> None:
    w.boolean(v)


fattr4_homogeneous: TypeAlias = bool


def unpack_fattr4_homogeneous(r: Reader) -> fattr4_homogeneous:
    return r.boolean()


def pack_fattr4_homogeneous(w: Writer, v: fattr4_homogeneous) -> None:
    w.boolean(v)


fattr4_maxfilesize: TypeAlias = int


def unpack_fattr4_maxfilesize(r: Reader) -> fattr4_maxfilesize:
    return r.u64()


def pack_fattr4_maxfilesize(w: Writer, v: fattr4_maxfilesize) -> None:
    w.u64(v)


fattr4_maxlink: TypeAlias = int


def unpack_fattr4_maxlink(r: Reader) -> fattr4_maxlink:
    return r.u32()


def pack_fattr4_maxlink(w: Writer, v: fattr4_maxlink) -> None:
    w.u32(v)


fattr4_maxname: TypeAlias = int


def unpack_fattr4_maxname(r: Reader) -> fattr4_maxname:
    return r.u32()


def pack_fattr4_maxname(w: Writer, v: fattr4_maxname) -> None:
    w.u32(v)


fattr4_maxread: TypeAlias = int


def unpack_fattr4_maxread(r: Reader) -> fattr4_maxread:
    return r.u64()


def pack_fattr4_maxread(w: Writer, v: fattr4_maxread) -> None:
    w.u64(v)


fattr4_maxwrite: TypeAlias = int


def unpack_fattr4_maxwrite(r: Reader) -> fattr4_maxwrite:
    return r.u64()


def pack_fattr4_maxwrite(w: Writer, v: fattr4_maxwrite) -> None:
    w.u64(v)


fattr4_mimetype: TypeAlias = utf8str_cs


def unpack_fattr4_mimetype(r: Reader) -> fattr4_mimetype:
    return r.opaque(OPAQUE_CAP)


def pack_fattr4_mimetype(w: Writer, v: fattr4_mimetype) -> None:
    w.opaque(v)


fattr4_mode: TypeAlias = mode4


def unpack_fattr4_mode(r: Reader) -> fattr4_mode:
    return r.u32()


def pack_fattr4_mode(w: Writer, v: fattr4_mode) -> None:
    w.u32(v)


fattr4_mode_set_masked: TypeAlias = mode_masked4


def unpack_fattr4_mode_set_masked(r: Reader) -> fattr4_mode_set_masked:
    return unpack_mode_masked4(r)


def pack_fattr4_mode_set_masked(w: Writer, v: fattr4_mode_set_masked) -> None:
    pack_mode_masked4(w, v)


fattr4_mounted_on_fileid: TypeAlias = int


def unpack_fattr4_mounted_on_fileid(r: Reader) -> fattr4_mounted_on_fileid:
    return r.u64()


def pack_fattr4_mounted_on_fileid(w: Writer, v: fattr4_mounted_on_fileid) -> None:
    w.u64(v)


fattr4_no_trunc: TypeAlias = bool


def unpack_fattr4_no_trunc(r: Reader) -> fattr4_no_trunc:
    return r.boolean()


def pack_fattr4_no_trunc(w: Writer, v: fattr4_no_trunc) -> None:
    w.boolean(v)


fattr4_numlinks: TypeAlias = int


def unpack_fattr4_numlinks(r: Reader) -> fattr4_numlinks:
    return r.u32()


def pack_fattr4_numlinks(w: Writer, v: fattr4_numlinks) -> None:
    w.u32(v)


fattr4_owner: TypeAlias = utf8str_mixed


def unpack_fattr4_owner(r: Reader) -> fattr4_owner:
    return r.opaque(OPAQUE_CAP)


def pack_fattr4_owner(w: Writer, v: fattr4_owner) -> None:
    w.opaque(v)


fattr4_owner_group: TypeAlias = utf8str_mixed


def unpack_fattr4_owner_group(r: Reader) -> fattr4_owner_group:
    return r.opaque(OPAQUE_CAP)


def pack_fattr4_owner_group(w: Writer, v: fattr4_owner_group) -> None:
    w.opaque(v)


fattr4_quota_avail_hard: TypeAlias = int


def unpack_fattr4_quota_avail_hard(r: Reader) -> fattr4_quota_avail_hard:
    return r.u64()


def pack_fattr4_quota_avail_hard(w: Writer, v: fattr4_quota_avail_hard) -> None:
    w.u64(v)


fattr4_quota_avail_soft: TypeAlias = int


def unpack_fattr4_quota_avail_soft(r: Reader) -> fattr4_quota_avail_soft:
    return r.u64()


def pack_fattr4_quota_avail_soft(w: Writer, v: fattr4_quota_avail_soft) -> None:
    w.u64(v)


fattr4_quota_used: TypeAlias = int


def unpack_fattr4_quota_used(r: Reader) -> fattr4_quota_used:
    return r.u64()


def pack_fattr4_quota_used(w: Writer, v: fattr4_quota_used) -> None:
    w.u64(v)


fattr4_rawdev: TypeAlias = specdata4


def unpack_fattr4_rawdev(r: Reader) -> fattr4_rawdev:
    return unpack_specdata4(r)


def pack_fattr4_rawdev(w: Writer, v: fattr4_rawdev) -> None:
    pack_specdata4(w, v)


fattr4_space_avail: TypeAlias = int


def unpack_fattr4_space_avail(r: Reader) -> fattr4_space_avail:
    return r.u64()


def pack_fattr4_space_avail(w: Writer, v: fattr4_space_avail) -> None:
    w.u64(v)


fattr4_space_free: TypeAlias = int


def unpack_fattr4_space_free(r: Reader) -> fattr4_space_free:
    return r.u64()


def pack_fattr4_space_free(w: Writer, v: fattr4_space_free) -> None:
    w.u64(v)


fattr4_space_total: TypeAlias = int


def unpack_fattr4_space_total(r: Reader) -> fattr4_space_total:
    return r.u64()


def pack_fattr4_space_total(w: Writer, v: fattr4_space_total) -> None:
    w.u64(v)


fattr4_space_used: TypeAlias = int


def unpack_fattr4_space_used(r: Reader) -> fattr4_space_used:
    return r.u64()


def pack_fattr4_space_used(w: Writer, v: fattr4_space_used) -> None:
    w.u64(v)


fattr4_system: TypeAlias = bool


def unpack_fattr4_system(r: Reader) -> fattr4_system:
    return r.boolean()


def pack_fattr4_system(w: Writer, v: fattr4_system) -> None:
    w.boolean(v)


fattr4_time_access: TypeAlias = nfstime4


def unpack_fattr4_time_access(r: Reader) -> fattr4_time_access:
    return unpack_nfstime4(r)


def pack_fattr4_time_access(w: Writer, v: fattr4_time_access) -> None:
    pack_nfstime4(w, v)


fattr4_time_access_set: TypeAlias = settime4


def unpack_fattr4_time_access_set(r: Reader) -> fattr4_time_access_set:
    return unpack_settime4(r)


def pack_fattr4_time_access_set(w: Writer, v: fattr4_time_access_set) -> None:
    pack_settime4(w, v)


fattr4_time_backup: TypeAlias = nfstime4


def unpack_fattr4_time_backup(r: Reader) -> fattr4_time_backup:
    return unpack_nfstime4(r)


def pack_fattr4_time_backup(w: Writer, v: fattr4_time_backup) -> None:
    pack_nfstime4(w, v)


fattr4_time_create: TypeAlias = nfstime4


def unpack_fattr4_time_create(r: Reader) -> fattr4_time_create:
    return unpack_nfstime4(r)


def pack_fattr4_time_create(w: Writer, v: fattr4_time_create) -> None:
    pack_nfstime4(w, v)


fattr4_time_delta: TypeAlias = nfstime4


def unpack_fattr4_time_delta(r: Reader) -> fattr4_time_delta:
    return unpack_nfstime4(r)


def pack_fattr4_time_delta(w: Writer, v: fattr4_time_delta) -> None:
    pack_nfstime4(w, v)


fattr4_time_metadata: TypeAlias = nfstime4


def unpack_fattr4_time_metadata(r: Reader) -> fattr4_time_metadata:
    return unpack_nfstime4(r)


def pack_fattr4_time_metadata(w: Writer, v: fattr4_time_metadata) -> None:
    pack_nfstime4(w, v)


fattr4_time_modify: TypeAlias = nfstime4


def unpack_fattr4_time_modify(r: Reader) -> fattr4_time_modify:
    return unpack_nfstime4(r)


def pack_fattr4_time_modify(w: Writer, v: fattr4_time_modify) -> None:
    pack_nfstime4(w, v)


fattr4_time_modify_set: TypeAlias = settime4


def unpack_fattr4_time_modify_set(r: Reader) -> fattr4_time_modify_set:
    return unpack_settime4(r)


def pack_fattr4_time_modify_set(w: Writer, v: fattr4_time_modify_set) -> None:
    pack_settime4(w, v)


fattr4_suppattr_exclcreat: TypeAlias = bitmap4


def unpack_fattr4_suppattr_exclcreat(r: Reader) -> fattr4_suppattr_exclcreat:
    return r.bitmap()


def pack_fattr4_suppattr_exclcreat(w: Writer, v: fattr4_suppattr_exclcreat) -> None:
    w.bitmap(v)


fattr4_dir_notif_delay: TypeAlias = nfstime4


def unpack_fattr4_dir_notif_delay(r: Reader) -> fattr4_dir_notif_delay:
    return unpack_nfstime4(r)


def pack_fattr4_dir_notif_delay(w: Writer, v: fattr4_dir_notif_delay) -> None:
    pack_nfstime4(w, v)


fattr4_dirent_notif_delay: TypeAlias = nfstime4


def unpack_fattr4_dirent_notif_delay(r: Reader) -> fattr4_dirent_notif_delay:
    return unpack_nfstime4(r)


def pack_fattr4_dirent_notif_delay(w: Writer, v: fattr4_dirent_notif_delay) -> None:
    pack_nfstime4(w, v)


fattr4_fs_layout_types: TypeAlias = list[layouttype4]


def unpack_fattr4_fs_layout_types(r: Reader) -> fattr4_fs_layout_types:
    return [r.u32() for _ in range(r.array_length(0xFFFFFFFF, 4))]


def pack_fattr4_fs_layout_types(w: Writer, v: fattr4_fs_layout_types) -> None:
    w.array_length(len(v))
    for item in v:
        w.u32(item)


fattr4_fs_status: TypeAlias = fs4_status


def unpack_fattr4_fs_status(r: Reader) -> fattr4_fs_status:
    return unpack_fs4_status(r)


def pack_fattr4_fs_status(w: Writer, v: fattr4_fs_status) -> None:
    pack_fs4_status(w, v)


fattr4_fs_charset_cap: TypeAlias = fs_charset_cap4


def unpack_fattr4_fs_charset_cap(r: Reader) -> fattr4_fs_charset_cap:
    return r.u32()


def pack_fattr4_fs_charset_cap(w: Writer, v: fattr4_fs_charset_cap) -> None:
    w.u32(v)


fattr4_layout_alignment: TypeAlias = int


def unpack_fattr4_layout_alignment(r: Reader) -> fattr4_layout_alignment:
    return r.u32()


def pack_fattr4_layout_alignment(w: Writer, v: fattr4_layout_alignment) -> None:
    w.u32(v)


fattr4_layout_blksize: TypeAlias = int


def unpack_fattr4_layout_blksize(r: Reader) -> fattr4_layout_blksize:
    return r.u32()


def pack_fattr4_layout_blksize(w: Writer, v: fattr4_layout_blksize) -> None:
    w.u32(v)


fattr4_layout_hint: TypeAlias = layouthint4


def unpack_fattr4_layout_hint(r: Reader) -> fattr4_layout_hint:
    return unpack_layouthint4(r)


def pack_fattr4_layout_hint(w: Writer, v: fattr4_layout_hint) -> None:
    pack_layouthint4(w, v)


fattr4_layout_types: TypeAlias = list[layouttype4]


def unpack_fattr4_layout_types(r: Reader) -> fattr4_layout_types:
    return [r.u32() for _ in range(r.array_length(0xFFFFFFFF, 4))]


def pack_fattr4_layout_types(w: Writer, v: fattr4_layout_types) -> None:
    w.array_length(len(v))
    for item in v:
        w.u32(item)


fattr4_mdsthreshold: TypeAlias = mdsthreshold4


def unpack_fattr4_mdsthreshold(r: Reader) -> fattr4_mdsthreshold:
    return unpack_mdsthreshold4(r)


def pack_fattr4_mdsthreshold(w: Writer, v: fattr4_mdsthreshold) -> None:
    pack_mdsthreshold4(w, v)


fattr4_retention_get: TypeAlias = retention_get4


def unpack_fattr4_retention_get(r: Reader) -> fattr4_retention_get:
    return unpack_retention_get4(r)


def pack_fattr4_retention_get(w: Writer, v: fattr4_retention_get) -> None:
    pack_retention_get4(w, v)


fattr4_retention_set: TypeAlias = retention_set4


def unpack_fattr4_retention_set(r: Reader) -> fattr4_retention_set:
    return unpack_retention_set4(r)


def pack_fattr4_retention_set(w: Writer, v: fattr4_retention_set) -> None:
    pack_retention_set4(w, v)


fattr4_retentevt_get: TypeAlias = retention_get4


def unpack_fattr4_retentevt_get(r: Reader) -> fattr4_retentevt_get:
    return unpack_retention_get4(r)


def pack_fattr4_retentevt_get(w: Writer, v: fattr4_retentevt_get) -> None:
    pack_retention_get4(w, v)


fattr4_retentevt_set: TypeAlias = retention_set4


def unpack_fattr4_retentevt_set(r: Reader) -> fattr4_retentevt_set:
    return unpack_retention_set4(r)


def pack_fattr4_retentevt_set(w: Writer, v: fattr4_retentevt_set) -> None:
    pack_retention_set4(w, v)


fattr4_retention_hold: TypeAlias = int


def unpack_fattr4_retention_hold(r: Reader) -> fattr4_retention_hold:
    return r.u64()


def pack_fattr4_retention_hold(w: Writer, v: fattr4_retention_hold) -> None:
    w.u64(v)


fattr4_dacl: TypeAlias = nfsacl41


def unpack_fattr4_dacl(r: Reader) -> fattr4_dacl:
    return unpack_nfsacl41(r)


def pack_fattr4_dacl(w: Writer, v: fattr4_dacl) -> None:
    pack_nfsacl41(w, v)


fattr4_sacl: TypeAlias = nfsacl41


def unpack_fattr4_sacl(r: Reader) -> fattr4_sacl:
    return unpack_nfsacl41(r)


def pack_fattr4_sacl(w: Writer, v: fattr4_sacl) -> None:
    pack_nfsacl41(w, v)


fattr4_change_policy: TypeAlias = change_policy4


def unpack_fattr4_change_policy(r: Reader) -> fattr4_change_policy:
    return unpack_change_policy4(r)


def pack_fattr4_change_policy(w: Writer, v: fattr4_change_policy) -> None:
    pack_change_policy4(w, v)


fattr4_clone_blksize: TypeAlias = int


def unpack_fattr4_clone_blksize(r: Reader) -> fattr4_clone_blksize:
    return r.u32()


def pack_fattr4_clone_blksize(w: Writer, v: fattr4_clone_blksize) -> None:
    w.u32(v)


fattr4_space_freed: TypeAlias = length4


def unpack_fattr4_space_freed(r: Reader) -> fattr4_space_freed:
    return r.u64()


def pack_fattr4_space_freed(w: Writer, v: fattr4_space_freed) -> None:
    w.u64(v)


fattr4_change_attr_type: TypeAlias = change_attr_type4


def unpack_fattr4_change_attr_type(r: Reader) -> fattr4_change_attr_type:
    return r.enum(0, 4, "change_attr_type4")


def pack_fattr4_change_attr_type(w: Writer, v: fattr4_change_attr_type) -> None:
    w.u32(v)


fattr4_sec_label: TypeAlias = sec_label4


def unpack_fattr4_sec_label(r: Reader) -> fattr4_sec_label:
    return unpack_sec_label4(r)


def pack_fattr4_sec_label(w: Writer, v: fattr4_sec_label) -> None:
    pack_sec_label4(w, v)


fattr4_mode_umask: TypeAlias = mode_umask4


def unpack_fattr4_mode_umask(r: Reader) -> fattr4_mode_umask:
    return unpack_mode_umask4(r)


def pack_fattr4_mode_umask(w: Writer, v: fattr4_mode_umask) -> None:
    pack_mode_umask4(w, v)


fattr4_xattr_support: TypeAlias = bool


def unpack_fattr4_xattr_support(r: Reader) -> fattr4_xattr_support:
    return r.boolean()


def pack_fattr4_xattr_support(w: Writer, v: fattr4_xattr_support) -> None:
    w.boolean(v)


open_args_share_access4: TypeAlias = int

OPEN_ARGS_SHARE_ACCESS_READ: Final = 1
OPEN_ARGS_SHARE_ACCESS_WRITE: Final = 2
OPEN_ARGS_SHARE_ACCESS_BOTH: Final = 3

open_args_share_access4_names: Final[dict[int, str]] = {
    OPEN_ARGS_SHARE_ACCESS_READ: "OPEN_ARGS_SHARE_ACCESS_READ",
    OPEN_ARGS_SHARE_ACCESS_WRITE: "OPEN_ARGS_SHARE_ACCESS_WRITE",
    OPEN_ARGS_SHARE_ACCESS_BOTH: "OPEN_ARGS_SHARE_ACCESS_BOTH",
}


def unpack_open_args_share_access4(r: Reader) -> open_args_share_access4:
    return r.enum(1, 3, "open_args_share_access4")


def pack_open_args_share_access4(w: Writer, v: open_args_share_access4) -> None:
    w.u32(v)


open_args_share_deny4: TypeAlias = int

OPEN_ARGS_SHARE_DENY_NONE: Final = 0
OPEN_ARGS_SHARE_DENY_READ: Final = 1
OPEN_ARGS_SHARE_DENY_WRITE: Final = 2
OPEN_ARGS_SHARE_DENY_BOTH: Final = 3

open_args_share_deny4_names: Final[dict[int, str]] = {
    OPEN_ARGS_SHARE_DENY_NONE: "OPEN_ARGS_SHARE_DENY_NONE",
    OPEN_ARGS_SHARE_DENY_READ: "OPEN_ARGS_SHARE_DENY_READ",
    OPEN_ARGS_SHARE_DENY_WRITE: "OPEN_ARGS_SHARE_DENY_WRITE",
    OPEN_ARGS_SHARE_DENY_BOTH: "OPEN_ARGS_SHARE_DENY_BOTH",
}


def unpack_open_args_share_deny4(r: Reader) -> open_args_share_deny4:
    return r.enum(0, 3, "open_args_share_deny4")


def pack_open_args_share_deny4(w: Writer, v: open_args_share_deny4) -> None:
    w.u32(v)


open_args_share_access_want4: TypeAlias = int

OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG: Final = 3
OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG: Final = 4
OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL: Final = 5
OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL: Final = 17
OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED: Final = 18
OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS: Final = 20
OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION: Final = 21

open_args_share_access_want4_names: Final[dict[int, str]] = {
    OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG: "OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG",
    OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG: "OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG",
    OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL: "OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL",
    OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL: "OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL",
    OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED: "OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED",
    OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS: "OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS",
    OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION: "OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION",
}


def unpack_open_args_share_access_want4(r: Reader) -> open_args_share_access_want4:
    return r.member(open_args_share_access_want4_names, "open_args_share_access_want4")


def pack_open_args_share_access_want4(w: Writer, v: open_args_share_access_want4) -> None:
    w.u32(v)


open_args_open_claim4: TypeAlias = int

OPEN_ARGS_OPEN_CLAIM_NULL: Final = 0
OPEN_ARGS_OPEN_CLAIM_PREVIOUS: Final = 1
OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR: Final = 2
OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV: Final = 3
OPEN_ARGS_OPEN_CLAIM_FH: Final = 4
OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH: Final = 5
OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH: Final = 6

open_args_open_claim4_names: Final[dict[int, str]] = {
    OPEN_ARGS_OPEN_CLAIM_NULL: "OPEN_ARGS_OPEN_CLAIM_NULL",
    OPEN_ARGS_OPEN_CLAIM_PREVIOUS: "OPEN_ARGS_OPEN_CLAIM_PREVIOUS",
    OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR: "OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR",
    OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV: "OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV",
    OPEN_ARGS_OPEN_CLAIM_FH: "OPEN_ARGS_OPEN_CLAIM_FH",
    OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH: "OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH",
    OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH: "OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH",
}


def unpack_open_args_open_claim4(r: Reader) -> open_args_open_claim4:
    return r.enum(0, 6, "open_args_open_claim4")


def pack_open_args_open_claim4(w: Writer, v: open_args_open_claim4) -> None:
    w.u32(v)


open_args_createmode4: TypeAlias = int

OPEN_ARGS_CREATEMODE_UNCHECKED4: Final = 0
OPEN_ARGS_CREATE_MODE_GUARDED: Final = 1
OPEN_ARGS_CREATEMODE_EXCLUSIVE4: Final = 2
OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1: Final = 3

open_args_createmode4_names: Final[dict[int, str]] = {
    OPEN_ARGS_CREATEMODE_UNCHECKED4: "OPEN_ARGS_CREATEMODE_UNCHECKED4",
    OPEN_ARGS_CREATE_MODE_GUARDED: "OPEN_ARGS_CREATE_MODE_GUARDED",
    OPEN_ARGS_CREATEMODE_EXCLUSIVE4: "OPEN_ARGS_CREATEMODE_EXCLUSIVE4",
    OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1: "OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1",
}


def unpack_open_args_createmode4(r: Reader) -> open_args_createmode4:
    return r.enum(0, 3, "open_args_createmode4")


def pack_open_args_createmode4(w: Writer, v: open_args_createmode4) -> None:
    w.u32(v)


class open_arguments4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "oa_share_access",
        "oa_share_deny",
        "oa_share_access_want",
        "oa_open_claim",
        "oa_create_mode",
    )

    def __init__(
        self,
        oa_share_access: bitmap4,
        oa_share_deny: bitmap4,
        oa_share_access_want: bitmap4,
        oa_open_claim: bitmap4,
        oa_create_mode: bitmap4,
    ) -> None:
        self.oa_share_access = oa_share_access
        self.oa_share_deny = oa_share_deny
        self.oa_share_access_want = oa_share_access_want
        self.oa_open_claim = oa_open_claim
        self.oa_create_mode = oa_create_mode


def unpack_open_arguments4(r: Reader) -> open_arguments4:
    return open_arguments4(r.bitmap(), r.bitmap(), r.bitmap(), r.bitmap(), r.bitmap())


def pack_open_arguments4(w: Writer, v: open_arguments4) -> None:
    w.bitmap(v.oa_share_access)
    w.bitmap(v.oa_share_deny)
    w.bitmap(v.oa_share_access_want)
    w.bitmap(v.oa_open_claim)
    w.bitmap(v.oa_create_mode)


fattr4_open_arguments: TypeAlias = open_arguments4


def unpack_fattr4_open_arguments(r: Reader) -> fattr4_open_arguments:
    return unpack_open_arguments4(r)


def pack_fattr4_open_arguments(w: Writer, v: fattr4_open_arguments) -> None:
    pack_open_arguments4(w, v)


class fattr4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("attrmask", "attr_vals")

    def __init__(self, attrmask: bitmap4, attr_vals: attrlist4) -> None:
        self.attrmask = attrmask
        self.attr_vals = attr_vals


def unpack_fattr4(r: Reader) -> fattr4:
    return fattr4(r.bitmap(), r.opaque(OPAQUE_CAP))


def pack_fattr4(w: Writer, v: fattr4) -> None:
    w.bitmap(v.attrmask)
    w.opaque(v.attr_vals)


class change_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("atomic", "before", "after")

    def __init__(self, atomic: bool, before: changeid4, after: changeid4) -> None:
        self.atomic = atomic
        self.before = before
        self.after = after


def unpack_change_info4(r: Reader) -> change_info4:
    at = r.take(20)
    window = r.window
    return change_info4(bool_at(window, at), u64_at(window, at + 4), u64_at(window, at + 12))


def pack_change_info4(w: Writer, v: change_info4) -> None:
    w.boolean(v.atomic)
    w.u64(v.before)
    w.u64(v.after)


clientaddr4: TypeAlias = netaddr4


def unpack_clientaddr4(r: Reader) -> clientaddr4:
    return unpack_netaddr4(r)


def pack_clientaddr4(w: Writer, v: clientaddr4) -> None:
    pack_netaddr4(w, v)


class cb_client4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cb_program", "cb_location")

    def __init__(self, cb_program: int, cb_location: netaddr4) -> None:
        self.cb_program = cb_program
        self.cb_location = cb_location


def unpack_cb_client4(r: Reader) -> cb_client4:
    return cb_client4(r.u32(), unpack_netaddr4(r))


def pack_cb_client4(w: Writer, v: cb_client4) -> None:
    w.u32(v.cb_program)
    pack_netaddr4(w, v.cb_location)


class nfs_client_id4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("verifier", "id")

    def __init__(self, verifier: verifier4, id: bytes) -> None:
        self.verifier = verifier
        self.id = id


def unpack_nfs_client_id4(r: Reader) -> nfs_client_id4:
    return nfs_client_id4(r.fixed(8), r.opaque(1024))


def pack_nfs_client_id4(w: Writer, v: nfs_client_id4) -> None:
    w.fixed(v.verifier, 8)
    w.opaque(v.id, 1024)


class client_owner4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("co_verifier", "co_ownerid")

    def __init__(self, co_verifier: verifier4, co_ownerid: bytes) -> None:
        self.co_verifier = co_verifier
        self.co_ownerid = co_ownerid


def unpack_client_owner4(r: Reader) -> client_owner4:
    return client_owner4(r.fixed(8), r.opaque(1024))


def pack_client_owner4(w: Writer, v: client_owner4) -> None:
    w.fixed(v.co_verifier, 8)
    w.opaque(v.co_ownerid, 1024)


class server_owner4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("so_minor_id", "so_major_id")

    def __init__(self, so_minor_id: int, so_major_id: bytes) -> None:
        self.so_minor_id = so_minor_id
        self.so_major_id = so_major_id


def unpack_server_owner4(r: Reader) -> server_owner4:
    return server_owner4(r.u64(), r.opaque(1024))


def pack_server_owner4(w: Writer, v: server_owner4) -> None:
    w.u64(v.so_minor_id)
    w.opaque(v.so_major_id, 1024)


class state_owner4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clientid", "owner")

    def __init__(self, clientid: clientid4, owner: bytes) -> None:
        self.clientid = clientid
        self.owner = owner


def unpack_state_owner4(r: Reader) -> state_owner4:
    return state_owner4(r.u64(), r.opaque(1024))


def pack_state_owner4(w: Writer, v: state_owner4) -> None:
    w.u64(v.clientid)
    w.opaque(v.owner, 1024)


open_owner4: TypeAlias = state_owner4


def unpack_open_owner4(r: Reader) -> open_owner4:
    return unpack_state_owner4(r)


def pack_open_owner4(w: Writer, v: open_owner4) -> None:
    pack_state_owner4(w, v)


lock_owner4: TypeAlias = state_owner4


def unpack_lock_owner4(r: Reader) -> lock_owner4:
    return unpack_state_owner4(r)


def pack_lock_owner4(w: Writer, v: lock_owner4) -> None:
    pack_state_owner4(w, v)


nfs_lock_type4: TypeAlias = int

READ_LT: Final = 1
WRITE_LT: Final = 2
READW_LT: Final = 3
WRITEW_LT: Final = 4

nfs_lock_type4_names: Final[dict[int, str]] = {
    READ_LT: "READ_LT",
    WRITE_LT: "WRITE_LT",
    READW_LT: "READW_LT",
    WRITEW_LT: "WRITEW_LT",
}


def unpack_nfs_lock_type4(r: Reader) -> nfs_lock_type4:
    return r.enum(1, 4, "nfs_lock_type4")


def pack_nfs_lock_type4(w: Writer, v: nfs_lock_type4) -> None:
    w.u32(v)


ssv_subkey4: TypeAlias = int

SSV4_SUBKEY_MIC_I2T: Final = 1
SSV4_SUBKEY_MIC_T2I: Final = 2
SSV4_SUBKEY_SEAL_I2T: Final = 3
SSV4_SUBKEY_SEAL_T2I: Final = 4

ssv_subkey4_names: Final[dict[int, str]] = {
    SSV4_SUBKEY_MIC_I2T: "SSV4_SUBKEY_MIC_I2T",
    SSV4_SUBKEY_MIC_T2I: "SSV4_SUBKEY_MIC_T2I",
    SSV4_SUBKEY_SEAL_I2T: "SSV4_SUBKEY_SEAL_I2T",
    SSV4_SUBKEY_SEAL_T2I: "SSV4_SUBKEY_SEAL_T2I",
}


def unpack_ssv_subkey4(r: Reader) -> ssv_subkey4:
    return r.enum(1, 4, "ssv_subkey4")


def pack_ssv_subkey4(w: Writer, v: ssv_subkey4) -> None:
    w.u32(v)


class ssv_mic_plain_tkn4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("smpt_ssv_seq", "smpt_orig_plain")

    def __init__(self, smpt_ssv_seq: int, smpt_orig_plain: bytes) -> None:
        self.smpt_ssv_seq = smpt_ssv_seq
        self.smpt_orig_plain = smpt_orig_plain


def unpack_ssv_mic_plain_tkn4(r: Reader) -> ssv_mic_plain_tkn4:
    return ssv_mic_plain_tkn4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_ssv_mic_plain_tkn4(w: Writer, v: ssv_mic_plain_tkn4) -> None:
    w.u32(v.smpt_ssv_seq)
    w.opaque(v.smpt_orig_plain)


class ssv_mic_tkn4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("smt_ssv_seq", "smt_hmac")

    def __init__(self, smt_ssv_seq: int, smt_hmac: bytes) -> None:
        self.smt_ssv_seq = smt_ssv_seq
        self.smt_hmac = smt_hmac


def unpack_ssv_mic_tkn4(r: Reader) -> ssv_mic_tkn4:
    return ssv_mic_tkn4(r.u32(), r.opaque(OPAQUE_CAP))


def pack_ssv_mic_tkn4(w: Writer, v: ssv_mic_tkn4) -> None:
    w.u32(v.smt_ssv_seq)
    w.opaque(v.smt_hmac)


class ssv_seal_plain_tkn4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sspt_confounder", "sspt_ssv_seq", "sspt_orig_plain", "sspt_pad")

    def __init__(self, sspt_confounder: bytes, sspt_ssv_seq: int, sspt_orig_plain: bytes, sspt_pad: bytes) -> None:
        self.sspt_confounder = sspt_confounder
        self.sspt_ssv_seq = sspt_ssv_seq
        self.sspt_orig_plain = sspt_orig_plain
        self.sspt_pad = sspt_pad


def unpack_ssv_seal_plain_tkn4(r: Reader) -> ssv_seal_plain_tkn4:
    return ssv_seal_plain_tkn4(r.opaque(OPAQUE_CAP), r.u32(), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_ssv_seal_plain_tkn4(w: Writer, v: ssv_seal_plain_tkn4) -> None:
    w.opaque(v.sspt_confounder)
    w.u32(v.sspt_ssv_seq)
    w.opaque(v.sspt_orig_plain)
    w.opaque(v.sspt_pad)


class ssv_seal_cipher_tkn4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ssct_ssv_seq", "ssct_iv", "ssct_encr_data", "ssct_hmac")

    def __init__(self, ssct_ssv_seq: int, ssct_iv: bytes, ssct_encr_data: bytes, ssct_hmac: bytes) -> None:
        self.ssct_ssv_seq = ssct_ssv_seq
        self.ssct_iv = ssct_iv
        self.ssct_encr_data = ssct_encr_data
        self.ssct_hmac = ssct_hmac


def unpack_ssv_seal_cipher_tkn4(r: Reader) -> ssv_seal_cipher_tkn4:
    return ssv_seal_cipher_tkn4(r.u32(), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_ssv_seal_cipher_tkn4(w: Writer, v: ssv_seal_cipher_tkn4) -> None:
    w.u32(v.ssct_ssv_seq)
    w.opaque(v.ssct_iv)
    w.opaque(v.ssct_encr_data)
    w.opaque(v.ssct_hmac)


class fs_locations_server4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fls_currency", "fls_info", "fls_server")

    def __init__(self, fls_currency: int, fls_info: bytes, fls_server: utf8str_cis) -> None:
        self.fls_currency = fls_currency
        self.fls_info = fls_info
        self.fls_server = fls_server


def unpack_fs_locations_server4(r: Reader) -> fs_locations_server4:
    return fs_locations_server4(r.i32(), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_fs_locations_server4(w: Writer, v: fs_locations_server4) -> None:
    w.i32(v.fls_currency)
    w.opaque(v.fls_info)
    w.opaque(v.fls_server)


class fs_locations_item4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fli_entries", "fli_rootpath")

    def __init__(self, fli_entries: list[fs_locations_server4], fli_rootpath: pathname4) -> None:
        self.fli_entries = fli_entries
        self.fli_rootpath = fli_rootpath


def unpack_fs_locations_item4(r: Reader) -> fs_locations_item4:
    return fs_locations_item4(
        [unpack_fs_locations_server4(r) for _ in range(r.array_length(0xFFFFFFFF, 12))], unpack_pathname4(r)
    )


def pack_fs_locations_item4(w: Writer, v: fs_locations_item4) -> None:
    w.array_length(len(v.fli_entries))
    for fli_entries_item in v.fli_entries:
        pack_fs_locations_server4(w, fli_entries_item)
    pack_pathname4(w, v.fli_rootpath)


class fs_locations_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fli_flags", "fli_valid_for", "fli_fs_root", "fli_items")

    def __init__(
        self, fli_flags: int, fli_valid_for: int, fli_fs_root: pathname4, fli_items: list[fs_locations_item4]
    ) -> None:
        self.fli_flags = fli_flags
        self.fli_valid_for = fli_valid_for
        self.fli_fs_root = fli_fs_root
        self.fli_items = fli_items


def unpack_fs_locations_info4(r: Reader) -> fs_locations_info4:
    at = r.take(8)
    window = r.window
    return fs_locations_info4(
        u32_at(window, at),
        i32_at(window, at + 4),
        unpack_pathname4(r),
        [unpack_fs_locations_item4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))],
    )


def pack_fs_locations_info4(w: Writer, v: fs_locations_info4) -> None:
    w.u32(v.fli_flags)
    w.i32(v.fli_valid_for)
    pack_pathname4(w, v.fli_fs_root)
    w.array_length(len(v.fli_items))
    for fli_items_item in v.fli_items:
        pack_fs_locations_item4(w, fli_items_item)


fattr4_fs_locations_info: TypeAlias = fs_locations_info4


def unpack_fattr4_fs_locations_info(r: Reader) -> fattr4_fs_locations_info:
    return unpack_fs_locations_info4(r)


def pack_fattr4_fs_locations_info(w: Writer, v: fattr4_fs_locations_info) -> None:
    pack_fs_locations_info4(w, v)


nfl_util4: TypeAlias = int


def unpack_nfl_util4(r: Reader) -> nfl_util4:
    return r.u32()


def pack_nfl_util4(w: Writer, v: nfl_util4) -> None:
    w.u32(v)


filelayout_hint_care4: TypeAlias = int

NFLH4_CARE_DENSE: Final = 1
NFLH4_CARE_COMMIT_THRU_MDS: Final = 2
NFLH4_CARE_STRIPE_UNIT_SIZE: Final = 64
NFLH4_CARE_STRIPE_COUNT: Final = 128

filelayout_hint_care4_names: Final[dict[int, str]] = {
    NFLH4_CARE_DENSE: "NFLH4_CARE_DENSE",
    NFLH4_CARE_COMMIT_THRU_MDS: "NFLH4_CARE_COMMIT_THRU_MDS",
    NFLH4_CARE_STRIPE_UNIT_SIZE: "NFLH4_CARE_STRIPE_UNIT_SIZE",
    NFLH4_CARE_STRIPE_COUNT: "NFLH4_CARE_STRIPE_COUNT",
}


def unpack_filelayout_hint_care4(r: Reader) -> filelayout_hint_care4:
    return r.member(filelayout_hint_care4_names, "filelayout_hint_care4")


def pack_filelayout_hint_care4(w: Writer, v: filelayout_hint_care4) -> None:
    w.u32(v)


class nfsv4_1_file_layouthint4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nflh_care", "nflh_util", "nflh_stripe_count")

    def __init__(self, nflh_care: int, nflh_util: nfl_util4, nflh_stripe_count: count4) -> None:
        self.nflh_care = nflh_care
        self.nflh_util = nflh_util
        self.nflh_stripe_count = nflh_stripe_count


def unpack_nfsv4_1_file_layouthint4(r: Reader) -> nfsv4_1_file_layouthint4:
    at = r.take(12)
    window = r.window
    return nfsv4_1_file_layouthint4(u32_at(window, at), u32_at(window, at + 4), u32_at(window, at + 8))


def pack_nfsv4_1_file_layouthint4(w: Writer, v: nfsv4_1_file_layouthint4) -> None:
    w.u32(v.nflh_care)
    w.u32(v.nflh_util)
    w.u32(v.nflh_stripe_count)


multipath_list4: TypeAlias = list[netaddr4]


def unpack_multipath_list4(r: Reader) -> multipath_list4:
    return [unpack_netaddr4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))]


def pack_multipath_list4(w: Writer, v: multipath_list4) -> None:
    w.array_length(len(v))
    for item in v:
        pack_netaddr4(w, item)


class nfsv4_1_file_layout_ds_addr4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nflda_stripe_indices", "nflda_multipath_ds_list")

    def __init__(self, nflda_stripe_indices: list[int], nflda_multipath_ds_list: list[multipath_list4]) -> None:
        self.nflda_stripe_indices = nflda_stripe_indices
        self.nflda_multipath_ds_list = nflda_multipath_ds_list


def unpack_nfsv4_1_file_layout_ds_addr4(r: Reader) -> nfsv4_1_file_layout_ds_addr4:
    return nfsv4_1_file_layout_ds_addr4(
        [r.u32() for _ in range(r.array_length(0xFFFFFFFF, 4))],
        [unpack_multipath_list4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))],
    )


def pack_nfsv4_1_file_layout_ds_addr4(w: Writer, v: nfsv4_1_file_layout_ds_addr4) -> None:
    w.array_length(len(v.nflda_stripe_indices))
    for nflda_stripe_indices_item in v.nflda_stripe_indices:
        w.u32(nflda_stripe_indices_item)
    w.array_length(len(v.nflda_multipath_ds_list))
    for nflda_multipath_ds_list_item in v.nflda_multipath_ds_list:
        pack_multipath_list4(w, nflda_multipath_ds_list_item)


class nfsv4_1_file_layout4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "nfl_deviceid",
        "nfl_util",
        "nfl_first_stripe_index",
        "nfl_pattern_offset",
        "nfl_fh_list",
    )

    def __init__(
        self,
        nfl_deviceid: deviceid4,
        nfl_util: nfl_util4,
        nfl_first_stripe_index: int,
        nfl_pattern_offset: offset4,
        nfl_fh_list: list[nfs_fh4],
    ) -> None:
        self.nfl_deviceid = nfl_deviceid
        self.nfl_util = nfl_util
        self.nfl_first_stripe_index = nfl_first_stripe_index
        self.nfl_pattern_offset = nfl_pattern_offset
        self.nfl_fh_list = nfl_fh_list


def unpack_nfsv4_1_file_layout4(r: Reader) -> nfsv4_1_file_layout4:
    at = r.take(32)
    window = r.window
    return nfsv4_1_file_layout4(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u64_at(window, at + 24),
        [r.opaque(128) for _ in range(r.array_length(0xFFFFFFFF, 4))],
    )


def pack_nfsv4_1_file_layout4(w: Writer, v: nfsv4_1_file_layout4) -> None:
    w.fixed(v.nfl_deviceid, 16)
    w.u32(v.nfl_util)
    w.u32(v.nfl_first_stripe_index)
    w.u64(v.nfl_pattern_offset)
    w.array_length(len(v.nfl_fh_list))
    for nfl_fh_list_item in v.nfl_fh_list:
        w.opaque(nfl_fh_list_item, 128)


class ACCESS4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("access",)

    def __init__(self, access: int) -> None:
        self.access = access


def unpack_ACCESS4args(r: Reader) -> ACCESS4args:
    return ACCESS4args(r.u32())


def pack_ACCESS4args(w: Writer, v: ACCESS4args) -> None:
    w.u32(v.access)


class ACCESS4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("supported", "access")

    def __init__(self, supported: int, access: int) -> None:
        self.supported = supported
        self.access = access


def unpack_ACCESS4resok(r: Reader) -> ACCESS4resok:
    at = r.take(8)
    window = r.window
    return ACCESS4resok(u32_at(window, at), u32_at(window, at + 4))


def pack_ACCESS4resok(w: Writer, v: ACCESS4resok) -> None:
    w.u32(v.supported)
    w.u32(v.access)


class ACCESS4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: ACCESS4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_ACCESS4res(r: Reader) -> ACCESS4res:
    v = ACCESS4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_ACCESS4resok(r)
    return v


def pack_ACCESS4res(w: Writer, v: ACCESS4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("ACCESS4res", "resok4")
        pack_ACCESS4resok(w, v.resok4)


class CLOSE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("seqid", "open_stateid")

    def __init__(self, seqid: seqid4, open_stateid: stateid4) -> None:
        self.seqid = seqid
        self.open_stateid = open_stateid


def unpack_CLOSE4args(r: Reader) -> CLOSE4args:
    at = r.take(20)
    window = r.window
    return CLOSE4args(u32_at(window, at), stateid4(u32_at(window, at + 4), bytes_at(window, at + 8, 12)))


def pack_CLOSE4args(w: Writer, v: CLOSE4args) -> None:
    w.u32(v.seqid)
    pack_stateid4(w, v.open_stateid)


class CLOSE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "open_stateid")

    def __init__(self, status: nfsstat4, open_stateid: stateid4 | None = None) -> None:
        self.status = status
        self.open_stateid = open_stateid


def unpack_CLOSE4res(r: Reader) -> CLOSE4res:
    v = CLOSE4res(r.u32())
    if v.status == NFS4_OK:
        v.open_stateid = unpack_stateid4(r)
    return v


def pack_CLOSE4res(w: Writer, v: CLOSE4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.open_stateid is None:
            absent("CLOSE4res", "open_stateid")
        pack_stateid4(w, v.open_stateid)


class COMMIT4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("offset", "count")

    def __init__(self, offset: offset4, count: count4) -> None:
        self.offset = offset
        self.count = count


def unpack_COMMIT4args(r: Reader) -> COMMIT4args:
    at = r.take(12)
    window = r.window
    return COMMIT4args(u64_at(window, at), u32_at(window, at + 8))


def pack_COMMIT4args(w: Writer, v: COMMIT4args) -> None:
    w.u64(v.offset)
    w.u32(v.count)


class COMMIT4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("writeverf",)

    def __init__(self, writeverf: verifier4) -> None:
        self.writeverf = writeverf


def unpack_COMMIT4resok(r: Reader) -> COMMIT4resok:
    return COMMIT4resok(r.fixed(8))


def pack_COMMIT4resok(w: Writer, v: COMMIT4resok) -> None:
    w.fixed(v.writeverf, 8)


class COMMIT4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: COMMIT4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_COMMIT4res(r: Reader) -> COMMIT4res:
    v = COMMIT4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_COMMIT4resok(r)
    return v


def pack_COMMIT4res(w: Writer, v: COMMIT4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("COMMIT4res", "resok4")
        pack_COMMIT4resok(w, v.resok4)


class createtype4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("type", "linkdata", "devdata")

    def __init__(self, type: nfs_ftype4, linkdata: linktext4 | None = None, devdata: specdata4 | None = None) -> None:
        self.type = type
        self.linkdata = linkdata
        self.devdata = devdata


def unpack_createtype4(r: Reader) -> createtype4:
    v = createtype4(r.u32())
    if v.type == NF4LNK:
        v.linkdata = r.opaque(OPAQUE_CAP)
    elif v.type in (NF4BLK, NF4CHR):
        v.devdata = unpack_specdata4(r)
    return v


def pack_createtype4(w: Writer, v: createtype4) -> None:
    w.u32(v.type)
    if v.type == NF4LNK:
        if v.linkdata is None:
            absent("createtype4", "linkdata")
        w.opaque(v.linkdata)
    elif v.type in (NF4BLK, NF4CHR):
        if v.devdata is None:
            absent("createtype4", "devdata")
        pack_specdata4(w, v.devdata)


class CREATE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("objtype", "objname", "createattrs")

    def __init__(self, objtype: createtype4, objname: component4, createattrs: fattr4) -> None:
        self.objtype = objtype
        self.objname = objname
        self.createattrs = createattrs


def unpack_CREATE4args(r: Reader) -> CREATE4args:
    return CREATE4args(unpack_createtype4(r), r.opaque(OPAQUE_CAP), unpack_fattr4(r))


def pack_CREATE4args(w: Writer, v: CREATE4args) -> None:
    pack_createtype4(w, v.objtype)
    w.opaque(v.objname)
    pack_fattr4(w, v.createattrs)


class CREATE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cinfo", "attrset")

    def __init__(self, cinfo: change_info4, attrset: bitmap4) -> None:
        self.cinfo = cinfo
        self.attrset = attrset


def unpack_CREATE4resok(r: Reader) -> CREATE4resok:
    return CREATE4resok(unpack_change_info4(r), r.bitmap())


def pack_CREATE4resok(w: Writer, v: CREATE4resok) -> None:
    pack_change_info4(w, v.cinfo)
    w.bitmap(v.attrset)


class CREATE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: CREATE4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_CREATE4res(r: Reader) -> CREATE4res:
    v = CREATE4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_CREATE4resok(r)
    return v


def pack_CREATE4res(w: Writer, v: CREATE4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("CREATE4res", "resok4")
        pack_CREATE4resok(w, v.resok4)


class DELEGPURGE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clientid",)

    def __init__(self, clientid: clientid4) -> None:
        self.clientid = clientid


def unpack_DELEGPURGE4args(r: Reader) -> DELEGPURGE4args:
    return DELEGPURGE4args(r.u64())


def pack_DELEGPURGE4args(w: Writer, v: DELEGPURGE4args) -> None:
    w.u64(v.clientid)


class DELEGPURGE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_DELEGPURGE4res(r: Reader) -> DELEGPURGE4res:
    return DELEGPURGE4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_DELEGPURGE4res(w: Writer, v: DELEGPURGE4res) -> None:
    w.u32(v.status)


class DELEGRETURN4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("deleg_stateid",)

    def __init__(self, deleg_stateid: stateid4) -> None:
        self.deleg_stateid = deleg_stateid


def unpack_DELEGRETURN4args(r: Reader) -> DELEGRETURN4args:
    return DELEGRETURN4args(unpack_stateid4(r))


def pack_DELEGRETURN4args(w: Writer, v: DELEGRETURN4args) -> None:
    pack_stateid4(w, v.deleg_stateid)


class DELEGRETURN4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_DELEGRETURN4res(r: Reader) -> DELEGRETURN4res:
    return DELEGRETURN4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_DELEGRETURN4res(w: Writer, v: DELEGRETURN4res) -> None:
    w.u32(v.status)


class GETATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("attr_request",)

    def __init__(self, attr_request: bitmap4) -> None:
        self.attr_request = attr_request


def unpack_GETATTR4args(r: Reader) -> GETATTR4args:
    return GETATTR4args(r.bitmap())


def pack_GETATTR4args(w: Writer, v: GETATTR4args) -> None:
    w.bitmap(v.attr_request)


class GETATTR4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("obj_attributes",)

    def __init__(self, obj_attributes: fattr4) -> None:
        self.obj_attributes = obj_attributes


def unpack_GETATTR4resok(r: Reader) -> GETATTR4resok:
    return GETATTR4resok(unpack_fattr4(r))


def pack_GETATTR4resok(w: Writer, v: GETATTR4resok) -> None:
    pack_fattr4(w, v.obj_attributes)


class GETATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: GETATTR4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_GETATTR4res(r: Reader) -> GETATTR4res:
    v = GETATTR4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_GETATTR4resok(r)
    return v


def pack_GETATTR4res(w: Writer, v: GETATTR4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("GETATTR4res", "resok4")
        pack_GETATTR4resok(w, v.resok4)


class GETFH4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("object",)

    def __init__(self, object: nfs_fh4) -> None:
        self.object = object


def unpack_GETFH4resok(r: Reader) -> GETFH4resok:
    return GETFH4resok(r.opaque(128))


def pack_GETFH4resok(w: Writer, v: GETFH4resok) -> None:
    w.opaque(v.object, 128)


class GETFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: GETFH4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_GETFH4res(r: Reader) -> GETFH4res:
    v = GETFH4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_GETFH4resok(r)
    return v


def pack_GETFH4res(w: Writer, v: GETFH4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("GETFH4res", "resok4")
        pack_GETFH4resok(w, v.resok4)


class LINK4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("newname",)

    def __init__(self, newname: component4) -> None:
        self.newname = newname


def unpack_LINK4args(r: Reader) -> LINK4args:
    return LINK4args(r.opaque(OPAQUE_CAP))


def pack_LINK4args(w: Writer, v: LINK4args) -> None:
    w.opaque(v.newname)


class LINK4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cinfo",)

    def __init__(self, cinfo: change_info4) -> None:
        self.cinfo = cinfo


def unpack_LINK4resok(r: Reader) -> LINK4resok:
    return LINK4resok(unpack_change_info4(r))


def pack_LINK4resok(w: Writer, v: LINK4resok) -> None:
    pack_change_info4(w, v.cinfo)


class LINK4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: LINK4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_LINK4res(r: Reader) -> LINK4res:
    v = LINK4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_LINK4resok(r)
    return v


def pack_LINK4res(w: Writer, v: LINK4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("LINK4res", "resok4")
        pack_LINK4resok(w, v.resok4)


class open_to_lock_owner4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("open_seqid", "open_stateid", "lock_seqid", "lock_owner")

    def __init__(self, open_seqid: seqid4, open_stateid: stateid4, lock_seqid: seqid4, lock_owner: lock_owner4) -> None:
        self.open_seqid = open_seqid
        self.open_stateid = open_stateid
        self.lock_seqid = lock_seqid
        self.lock_owner = lock_owner


def unpack_open_to_lock_owner4(r: Reader) -> open_to_lock_owner4:
    at = r.take(24)
    window = r.window
    return open_to_lock_owner4(
        u32_at(window, at),
        stateid4(u32_at(window, at + 4), bytes_at(window, at + 8, 12)),
        u32_at(window, at + 20),
        unpack_state_owner4(r),
    )


def pack_open_to_lock_owner4(w: Writer, v: open_to_lock_owner4) -> None:
    w.u32(v.open_seqid)
    pack_stateid4(w, v.open_stateid)
    w.u32(v.lock_seqid)
    pack_state_owner4(w, v.lock_owner)


class exist_lock_owner4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lock_stateid", "lock_seqid")

    def __init__(self, lock_stateid: stateid4, lock_seqid: seqid4) -> None:
        self.lock_stateid = lock_stateid
        self.lock_seqid = lock_seqid


def unpack_exist_lock_owner4(r: Reader) -> exist_lock_owner4:
    at = r.take(20)
    window = r.window
    return exist_lock_owner4(stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u32_at(window, at + 16))


def pack_exist_lock_owner4(w: Writer, v: exist_lock_owner4) -> None:
    pack_stateid4(w, v.lock_stateid)
    w.u32(v.lock_seqid)


class locker4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("new_lock_owner", "open_owner", "lock_owner")

    def __init__(
        self,
        new_lock_owner: bool,
        open_owner: open_to_lock_owner4 | None = None,
        lock_owner: exist_lock_owner4 | None = None,
    ) -> None:
        self.new_lock_owner = new_lock_owner
        self.open_owner = open_owner
        self.lock_owner = lock_owner


def unpack_locker4(r: Reader) -> locker4:
    v = locker4(r.boolean())
    if v.new_lock_owner:
        v.open_owner = unpack_open_to_lock_owner4(r)
    elif not v.new_lock_owner:
        v.lock_owner = unpack_exist_lock_owner4(r)
    return v


def pack_locker4(w: Writer, v: locker4) -> None:
    w.boolean(v.new_lock_owner)
    if v.new_lock_owner:
        if v.open_owner is None:
            absent("locker4", "open_owner")
        pack_open_to_lock_owner4(w, v.open_owner)
    elif not v.new_lock_owner:
        if v.lock_owner is None:
            absent("locker4", "lock_owner")
        pack_exist_lock_owner4(w, v.lock_owner)


class LOCK4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("locktype", "reclaim", "offset", "length", "locker")

    def __init__(
        self, locktype: nfs_lock_type4, reclaim: bool, offset: offset4, length: length4, locker: locker4
    ) -> None:
        self.locktype = locktype
        self.reclaim = reclaim
        self.offset = offset
        self.length = length
        self.locker = locker


def unpack_LOCK4args(r: Reader) -> LOCK4args:
    at = r.take(24)
    window = r.window
    return LOCK4args(
        enum_at(window, at, 1, 4, "nfs_lock_type4"),
        bool_at(window, at + 4),
        u64_at(window, at + 8),
        u64_at(window, at + 16),
        unpack_locker4(r),
    )


def pack_LOCK4args(w: Writer, v: LOCK4args) -> None:
    w.u32(v.locktype)
    w.boolean(v.reclaim)
    w.u64(v.offset)
    w.u64(v.length)
    pack_locker4(w, v.locker)


class LOCK4denied(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("offset", "length", "locktype", "owner")

    def __init__(self, offset: offset4, length: length4, locktype: nfs_lock_type4, owner: lock_owner4) -> None:
        self.offset = offset
        self.length = length
        self.locktype = locktype
        self.owner = owner


def unpack_LOCK4denied(r: Reader) -> LOCK4denied:
    at = r.take(20)
    window = r.window
    return LOCK4denied(
        u64_at(window, at),
        u64_at(window, at + 8),
        enum_at(window, at + 16, 1, 4, "nfs_lock_type4"),
        unpack_state_owner4(r),
    )


def pack_LOCK4denied(w: Writer, v: LOCK4denied) -> None:
    w.u64(v.offset)
    w.u64(v.length)
    w.u32(v.locktype)
    pack_state_owner4(w, v.owner)


class LOCK4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lock_stateid",)

    def __init__(self, lock_stateid: stateid4) -> None:
        self.lock_stateid = lock_stateid


def unpack_LOCK4resok(r: Reader) -> LOCK4resok:
    return LOCK4resok(unpack_stateid4(r))


def pack_LOCK4resok(w: Writer, v: LOCK4resok) -> None:
    pack_stateid4(w, v.lock_stateid)


class LOCK4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4", "denied")

    def __init__(self, status: nfsstat4, resok4: LOCK4resok | None = None, denied: LOCK4denied | None = None) -> None:
        self.status = status
        self.resok4 = resok4
        self.denied = denied


def unpack_LOCK4res(r: Reader) -> LOCK4res:
    v = LOCK4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_LOCK4resok(r)
    elif v.status == NFS4ERR_DENIED:
        v.denied = unpack_LOCK4denied(r)
    return v


def pack_LOCK4res(w: Writer, v: LOCK4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("LOCK4res", "resok4")
        pack_LOCK4resok(w, v.resok4)
    elif v.status == NFS4ERR_DENIED:
        if v.denied is None:
            absent("LOCK4res", "denied")
        pack_LOCK4denied(w, v.denied)


class LOCKT4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("locktype", "offset", "length", "owner")

    def __init__(self, locktype: nfs_lock_type4, offset: offset4, length: length4, owner: lock_owner4) -> None:
        self.locktype = locktype
        self.offset = offset
        self.length = length
        self.owner = owner


def unpack_LOCKT4args(r: Reader) -> LOCKT4args:
    at = r.take(20)
    window = r.window
    return LOCKT4args(
        enum_at(window, at, 1, 4, "nfs_lock_type4"),
        u64_at(window, at + 4),
        u64_at(window, at + 12),
        unpack_state_owner4(r),
    )


def pack_LOCKT4args(w: Writer, v: LOCKT4args) -> None:
    w.u32(v.locktype)
    w.u64(v.offset)
    w.u64(v.length)
    pack_state_owner4(w, v.owner)


class LOCKT4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "denied")

    def __init__(self, status: nfsstat4, denied: LOCK4denied | None = None) -> None:
        self.status = status
        self.denied = denied


def unpack_LOCKT4res(r: Reader) -> LOCKT4res:
    v = LOCKT4res(r.u32())
    if v.status == NFS4ERR_DENIED:
        v.denied = unpack_LOCK4denied(r)
    return v


def pack_LOCKT4res(w: Writer, v: LOCKT4res) -> None:
    w.u32(v.status)
    if v.status == NFS4ERR_DENIED:
        if v.denied is None:
            absent("LOCKT4res", "denied")
        pack_LOCK4denied(w, v.denied)


class LOCKU4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("locktype", "seqid", "lock_stateid", "offset", "length")

    def __init__(
        self, locktype: nfs_lock_type4, seqid: seqid4, lock_stateid: stateid4, offset: offset4, length: length4
    ) -> None:
        self.locktype = locktype
        self.seqid = seqid
        self.lock_stateid = lock_stateid
        self.offset = offset
        self.length = length


def unpack_LOCKU4args(r: Reader) -> LOCKU4args:
    at = r.take(40)
    window = r.window
    return LOCKU4args(
        enum_at(window, at, 1, 4, "nfs_lock_type4"),
        u32_at(window, at + 4),
        stateid4(u32_at(window, at + 8), bytes_at(window, at + 12, 12)),
        u64_at(window, at + 24),
        u64_at(window, at + 32),
    )


def pack_LOCKU4args(w: Writer, v: LOCKU4args) -> None:
    w.u32(v.locktype)
    w.u32(v.seqid)
    pack_stateid4(w, v.lock_stateid)
    w.u64(v.offset)
    w.u64(v.length)


class LOCKU4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "lock_stateid")

    def __init__(self, status: nfsstat4, lock_stateid: stateid4 | None = None) -> None:
        self.status = status
        self.lock_stateid = lock_stateid


def unpack_LOCKU4res(r: Reader) -> LOCKU4res:
    v = LOCKU4res(r.u32())
    if v.status == NFS4_OK:
        v.lock_stateid = unpack_stateid4(r)
    return v


def pack_LOCKU4res(w: Writer, v: LOCKU4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.lock_stateid is None:
            absent("LOCKU4res", "lock_stateid")
        pack_stateid4(w, v.lock_stateid)


class LOOKUP4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("objname",)

    def __init__(self, objname: component4) -> None:
        self.objname = objname


def unpack_LOOKUP4args(r: Reader) -> LOOKUP4args:
    return LOOKUP4args(r.opaque(OPAQUE_CAP))


def pack_LOOKUP4args(w: Writer, v: LOOKUP4args) -> None:
    w.opaque(v.objname)


class LOOKUP4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_LOOKUP4res(r: Reader) -> LOOKUP4res:
    return LOOKUP4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_LOOKUP4res(w: Writer, v: LOOKUP4res) -> None:
    w.u32(v.status)


class LOOKUPP4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_LOOKUPP4res(r: Reader) -> LOOKUPP4res:
    return LOOKUPP4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_LOOKUPP4res(w: Writer, v: LOOKUPP4res) -> None:
    w.u32(v.status)


class NVERIFY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("obj_attributes",)

    def __init__(self, obj_attributes: fattr4) -> None:
        self.obj_attributes = obj_attributes


def unpack_NVERIFY4args(r: Reader) -> NVERIFY4args:
    return NVERIFY4args(unpack_fattr4(r))


def pack_NVERIFY4args(w: Writer, v: NVERIFY4args) -> None:
    pack_fattr4(w, v.obj_attributes)


class NVERIFY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_NVERIFY4res(r: Reader) -> NVERIFY4res:
    return NVERIFY4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_NVERIFY4res(w: Writer, v: NVERIFY4res) -> None:
    w.u32(v.status)


createmode4: TypeAlias = int

UNCHECKED4: Final = 0
GUARDED4: Final = 1
EXCLUSIVE4: Final = 2
EXCLUSIVE4_1: Final = 3

createmode4_names: Final[dict[int, str]] = {
    UNCHECKED4: "UNCHECKED4",
    GUARDED4: "GUARDED4",
    EXCLUSIVE4: "EXCLUSIVE4",
    EXCLUSIVE4_1: "EXCLUSIVE4_1",
}


def unpack_createmode4(r: Reader) -> createmode4:
    return r.enum(0, 3, "createmode4")


def pack_createmode4(w: Writer, v: createmode4) -> None:
    w.u32(v)


class creatverfattr(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cva_verf", "cva_attrs")

    def __init__(self, cva_verf: verifier4, cva_attrs: fattr4) -> None:
        self.cva_verf = cva_verf
        self.cva_attrs = cva_attrs


def unpack_creatverfattr(r: Reader) -> creatverfattr:
    return creatverfattr(r.fixed(8), unpack_fattr4(r))


def pack_creatverfattr(w: Writer, v: creatverfattr) -> None:
    w.fixed(v.cva_verf, 8)
    pack_fattr4(w, v.cva_attrs)


class createhow4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("mode", "createattrs", "createverf", "ch_createboth")

    def __init__(
        self,
        mode: createmode4,
        createattrs: fattr4 | None = None,
        createverf: verifier4 | None = None,
        ch_createboth: creatverfattr | None = None,
    ) -> None:
        self.mode = mode
        self.createattrs = createattrs
        self.createverf = createverf
        self.ch_createboth = ch_createboth


def unpack_createhow4(r: Reader) -> createhow4:
    v = createhow4(r.u32())
    if v.mode in (UNCHECKED4, GUARDED4):
        v.createattrs = unpack_fattr4(r)
    elif v.mode == EXCLUSIVE4:
        v.createverf = r.fixed(8)
    elif v.mode == EXCLUSIVE4_1:
        v.ch_createboth = unpack_creatverfattr(r)
    else:
        unknown("createhow4", v.mode)
    return v


def pack_createhow4(w: Writer, v: createhow4) -> None:
    w.u32(v.mode)
    if v.mode in (UNCHECKED4, GUARDED4):
        if v.createattrs is None:
            absent("createhow4", "createattrs")
        pack_fattr4(w, v.createattrs)
    elif v.mode == EXCLUSIVE4:
        if v.createverf is None:
            absent("createhow4", "createverf")
        w.fixed(v.createverf, 8)
    elif v.mode == EXCLUSIVE4_1:
        if v.ch_createboth is None:
            absent("createhow4", "ch_createboth")
        pack_creatverfattr(w, v.ch_createboth)
    else:
        unknown("createhow4", v.mode)


opentype4: TypeAlias = int

OPEN4_NOCREATE: Final = 0
OPEN4_CREATE: Final = 1

opentype4_names: Final[dict[int, str]] = {
    OPEN4_NOCREATE: "OPEN4_NOCREATE",
    OPEN4_CREATE: "OPEN4_CREATE",
}


def unpack_opentype4(r: Reader) -> opentype4:
    return r.enum(0, 1, "opentype4")


def pack_opentype4(w: Writer, v: opentype4) -> None:
    w.u32(v)


class openflag4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("opentype", "how")

    def __init__(self, opentype: opentype4, how: createhow4 | None = None) -> None:
        self.opentype = opentype
        self.how = how


def unpack_openflag4(r: Reader) -> openflag4:
    v = openflag4(r.u32())
    if v.opentype == OPEN4_CREATE:
        v.how = unpack_createhow4(r)
    return v


def pack_openflag4(w: Writer, v: openflag4) -> None:
    w.u32(v.opentype)
    if v.opentype == OPEN4_CREATE:
        if v.how is None:
            absent("openflag4", "how")
        pack_createhow4(w, v.how)


limit_by4: TypeAlias = int

NFS_LIMIT_SIZE: Final = 1
NFS_LIMIT_BLOCKS: Final = 2

limit_by4_names: Final[dict[int, str]] = {
    NFS_LIMIT_SIZE: "NFS_LIMIT_SIZE",
    NFS_LIMIT_BLOCKS: "NFS_LIMIT_BLOCKS",
}


def unpack_limit_by4(r: Reader) -> limit_by4:
    return r.enum(1, 2, "limit_by4")


def pack_limit_by4(w: Writer, v: limit_by4) -> None:
    w.u32(v)


class nfs_modified_limit4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("num_blocks", "bytes_per_block")

    def __init__(self, num_blocks: int, bytes_per_block: int) -> None:
        self.num_blocks = num_blocks
        self.bytes_per_block = bytes_per_block


def unpack_nfs_modified_limit4(r: Reader) -> nfs_modified_limit4:
    at = r.take(8)
    window = r.window
    return nfs_modified_limit4(u32_at(window, at), u32_at(window, at + 4))


def pack_nfs_modified_limit4(w: Writer, v: nfs_modified_limit4) -> None:
    w.u32(v.num_blocks)
    w.u32(v.bytes_per_block)


class nfs_space_limit4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("limitby", "filesize", "mod_blocks")

    def __init__(
        self, limitby: limit_by4, filesize: int | None = None, mod_blocks: nfs_modified_limit4 | None = None
    ) -> None:
        self.limitby = limitby
        self.filesize = filesize
        self.mod_blocks = mod_blocks


def unpack_nfs_space_limit4(r: Reader) -> nfs_space_limit4:
    v = nfs_space_limit4(r.u32())
    if v.limitby == NFS_LIMIT_SIZE:
        v.filesize = r.u64()
    elif v.limitby == NFS_LIMIT_BLOCKS:
        v.mod_blocks = unpack_nfs_modified_limit4(r)
    else:
        unknown("nfs_space_limit4", v.limitby)
    return v


def pack_nfs_space_limit4(w: Writer, v: nfs_space_limit4) -> None:
    w.u32(v.limitby)
    if v.limitby == NFS_LIMIT_SIZE:
        if v.filesize is None:
            absent("nfs_space_limit4", "filesize")
        w.u64(v.filesize)
    elif v.limitby == NFS_LIMIT_BLOCKS:
        if v.mod_blocks is None:
            absent("nfs_space_limit4", "mod_blocks")
        pack_nfs_modified_limit4(w, v.mod_blocks)
    else:
        unknown("nfs_space_limit4", v.limitby)


open_delegation_type4: TypeAlias = int

OPEN_DELEGATE_NONE: Final = 0
OPEN_DELEGATE_READ: Final = 1
OPEN_DELEGATE_WRITE: Final = 2
OPEN_DELEGATE_NONE_EXT: Final = 3

open_delegation_type4_names: Final[dict[int, str]] = {
    OPEN_DELEGATE_NONE: "OPEN_DELEGATE_NONE",
    OPEN_DELEGATE_READ: "OPEN_DELEGATE_READ",
    OPEN_DELEGATE_WRITE: "OPEN_DELEGATE_WRITE",
    OPEN_DELEGATE_NONE_EXT: "OPEN_DELEGATE_NONE_EXT",
}


def unpack_open_delegation_type4(r: Reader) -> open_delegation_type4:
    return r.enum(0, 3, "open_delegation_type4")


def pack_open_delegation_type4(w: Writer, v: open_delegation_type4) -> None:
    w.u32(v)


open_claim_type4: TypeAlias = int

CLAIM_NULL: Final = 0
CLAIM_PREVIOUS: Final = 1
CLAIM_DELEGATE_CUR: Final = 2
CLAIM_DELEGATE_PREV: Final = 3
CLAIM_FH: Final = 4
CLAIM_DELEG_CUR_FH: Final = 5
CLAIM_DELEG_PREV_FH: Final = 6

open_claim_type4_names: Final[dict[int, str]] = {
    CLAIM_NULL: "CLAIM_NULL",
    CLAIM_PREVIOUS: "CLAIM_PREVIOUS",
    CLAIM_DELEGATE_CUR: "CLAIM_DELEGATE_CUR",
    CLAIM_DELEGATE_PREV: "CLAIM_DELEGATE_PREV",
    CLAIM_FH: "CLAIM_FH",
    CLAIM_DELEG_CUR_FH: "CLAIM_DELEG_CUR_FH",
    CLAIM_DELEG_PREV_FH: "CLAIM_DELEG_PREV_FH",
}


def unpack_open_claim_type4(r: Reader) -> open_claim_type4:
    return r.enum(0, 6, "open_claim_type4")


def pack_open_claim_type4(w: Writer, v: open_claim_type4) -> None:
    w.u32(v)


class open_claim_delegate_cur4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("delegate_stateid", "file")

    def __init__(self, delegate_stateid: stateid4, file: component4) -> None:
        self.delegate_stateid = delegate_stateid
        self.file = file


def unpack_open_claim_delegate_cur4(r: Reader) -> open_claim_delegate_cur4:
    return open_claim_delegate_cur4(unpack_stateid4(r), r.opaque(OPAQUE_CAP))


def pack_open_claim_delegate_cur4(w: Writer, v: open_claim_delegate_cur4) -> None:
    pack_stateid4(w, v.delegate_stateid)
    w.opaque(v.file)


class open_claim4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "claim",
        "file",
        "delegate_type",
        "delegate_cur_info",
        "file_delegate_prev",
        "oc_delegate_stateid",
    )

    def __init__(
        self,
        claim: open_claim_type4,
        file: component4 | None = None,
        delegate_type: open_delegation_type4 | None = None,
        delegate_cur_info: open_claim_delegate_cur4 | None = None,
        file_delegate_prev: component4 | None = None,
        oc_delegate_stateid: stateid4 | None = None,
    ) -> None:
        self.claim = claim
        self.file = file
        self.delegate_type = delegate_type
        self.delegate_cur_info = delegate_cur_info
        self.file_delegate_prev = file_delegate_prev
        self.oc_delegate_stateid = oc_delegate_stateid


def unpack_open_claim4(r: Reader) -> open_claim4:
    v = open_claim4(r.u32())
    if v.claim == CLAIM_NULL:
        v.file = r.opaque(OPAQUE_CAP)
    elif v.claim == CLAIM_PREVIOUS:
        v.delegate_type = r.enum(0, 3, "open_delegation_type4")
    elif v.claim == CLAIM_DELEGATE_CUR:
        v.delegate_cur_info = unpack_open_claim_delegate_cur4(r)
    elif v.claim == CLAIM_DELEGATE_PREV:
        v.file_delegate_prev = r.opaque(OPAQUE_CAP)
    elif v.claim == CLAIM_DELEG_CUR_FH:
        v.oc_delegate_stateid = unpack_stateid4(r)
    elif v.claim in (CLAIM_FH, CLAIM_DELEG_PREV_FH):
        pass
    else:
        unknown("open_claim4", v.claim)
    return v


def pack_open_claim4(w: Writer, v: open_claim4) -> None:
    w.u32(v.claim)
    if v.claim == CLAIM_NULL:
        if v.file is None:
            absent("open_claim4", "file")
        w.opaque(v.file)
    elif v.claim == CLAIM_PREVIOUS:
        if v.delegate_type is None:
            absent("open_claim4", "delegate_type")
        w.u32(v.delegate_type)
    elif v.claim == CLAIM_DELEGATE_CUR:
        if v.delegate_cur_info is None:
            absent("open_claim4", "delegate_cur_info")
        pack_open_claim_delegate_cur4(w, v.delegate_cur_info)
    elif v.claim == CLAIM_DELEGATE_PREV:
        if v.file_delegate_prev is None:
            absent("open_claim4", "file_delegate_prev")
        w.opaque(v.file_delegate_prev)
    elif v.claim == CLAIM_DELEG_CUR_FH:
        if v.oc_delegate_stateid is None:
            absent("open_claim4", "oc_delegate_stateid")
        pack_stateid4(w, v.oc_delegate_stateid)
    elif v.claim in (CLAIM_FH, CLAIM_DELEG_PREV_FH):
        pass
    else:
        unknown("open_claim4", v.claim)


class OPEN4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("seqid", "share_access", "share_deny", "owner", "openhow", "claim")

    def __init__(
        self,
        seqid: seqid4,
        share_access: int,
        share_deny: int,
        owner: open_owner4,
        openhow: openflag4,
        claim: open_claim4,
    ) -> None:
        self.seqid = seqid
        self.share_access = share_access
        self.share_deny = share_deny
        self.owner = owner
        self.openhow = openhow
        self.claim = claim


def unpack_OPEN4args(r: Reader) -> OPEN4args:
    at = r.take(12)
    window = r.window
    return OPEN4args(
        u32_at(window, at),
        u32_at(window, at + 4),
        u32_at(window, at + 8),
        unpack_state_owner4(r),
        unpack_openflag4(r),
        unpack_open_claim4(r),
    )


def pack_OPEN4args(w: Writer, v: OPEN4args) -> None:
    w.u32(v.seqid)
    w.u32(v.share_access)
    w.u32(v.share_deny)
    pack_state_owner4(w, v.owner)
    pack_openflag4(w, v.openhow)
    pack_open_claim4(w, v.claim)


class open_read_delegation4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "recall", "permissions")

    def __init__(self, stateid: stateid4, recall: bool, permissions: nfsace4) -> None:
        self.stateid = stateid
        self.recall = recall
        self.permissions = permissions


def unpack_open_read_delegation4(r: Reader) -> open_read_delegation4:
    at = r.take(20)
    window = r.window
    return open_read_delegation4(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), bool_at(window, at + 16), unpack_nfsace4(r)
    )


def pack_open_read_delegation4(w: Writer, v: open_read_delegation4) -> None:
    pack_stateid4(w, v.stateid)
    w.boolean(v.recall)
    pack_nfsace4(w, v.permissions)


class open_write_delegation4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "recall", "space_limit", "permissions")

    def __init__(self, stateid: stateid4, recall: bool, space_limit: nfs_space_limit4, permissions: nfsace4) -> None:
        self.stateid = stateid
        self.recall = recall
        self.space_limit = space_limit
        self.permissions = permissions


def unpack_open_write_delegation4(r: Reader) -> open_write_delegation4:
    at = r.take(20)
    window = r.window
    return open_write_delegation4(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        bool_at(window, at + 16),
        unpack_nfs_space_limit4(r),
        unpack_nfsace4(r),
    )


def pack_open_write_delegation4(w: Writer, v: open_write_delegation4) -> None:
    pack_stateid4(w, v.stateid)
    w.boolean(v.recall)
    pack_nfs_space_limit4(w, v.space_limit)
    pack_nfsace4(w, v.permissions)


why_no_delegation4: TypeAlias = int

WND4_NOT_WANTED: Final = 0
WND4_CONTENTION: Final = 1
WND4_RESOURCE: Final = 2
WND4_NOT_SUPP_FTYPE: Final = 3
WND4_WRITE_DELEG_NOT_SUPP_FTYPE: Final = 4
WND4_NOT_SUPP_UPGRADE: Final = 5
WND4_NOT_SUPP_DOWNGRADE: Final = 6
WND4_CANCELLED: Final = 7
WND4_IS_DIR: Final = 8

why_no_delegation4_names: Final[dict[int, str]] = {
    WND4_NOT_WANTED: "WND4_NOT_WANTED",
    WND4_CONTENTION: "WND4_CONTENTION",
    WND4_RESOURCE: "WND4_RESOURCE",
    WND4_NOT_SUPP_FTYPE: "WND4_NOT_SUPP_FTYPE",
    WND4_WRITE_DELEG_NOT_SUPP_FTYPE: "WND4_WRITE_DELEG_NOT_SUPP_FTYPE",
    WND4_NOT_SUPP_UPGRADE: "WND4_NOT_SUPP_UPGRADE",
    WND4_NOT_SUPP_DOWNGRADE: "WND4_NOT_SUPP_DOWNGRADE",
    WND4_CANCELLED: "WND4_CANCELLED",
    WND4_IS_DIR: "WND4_IS_DIR",
}


def unpack_why_no_delegation4(r: Reader) -> why_no_delegation4:
    return r.enum(0, 8, "why_no_delegation4")


def pack_why_no_delegation4(w: Writer, v: why_no_delegation4) -> None:
    w.u32(v)


class open_none_delegation4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ond_why", "ond_server_will_push_deleg", "ond_server_will_signal_avail")

    def __init__(
        self,
        ond_why: why_no_delegation4,
        ond_server_will_push_deleg: bool | None = None,
        ond_server_will_signal_avail: bool | None = None,
    ) -> None:
        self.ond_why = ond_why
        self.ond_server_will_push_deleg = ond_server_will_push_deleg
        self.ond_server_will_signal_avail = ond_server_will_signal_avail


def unpack_open_none_delegation4(r: Reader) -> open_none_delegation4:
    v = open_none_delegation4(r.u32())
    if v.ond_why == WND4_CONTENTION:
        v.ond_server_will_push_deleg = r.boolean()
    elif v.ond_why == WND4_RESOURCE:
        v.ond_server_will_signal_avail = r.boolean()
    return v


def pack_open_none_delegation4(w: Writer, v: open_none_delegation4) -> None:
    w.u32(v.ond_why)
    if v.ond_why == WND4_CONTENTION:
        if v.ond_server_will_push_deleg is None:
            absent("open_none_delegation4", "ond_server_will_push_deleg")
        w.boolean(v.ond_server_will_push_deleg)
    elif v.ond_why == WND4_RESOURCE:
        if v.ond_server_will_signal_avail is None:
            absent("open_none_delegation4", "ond_server_will_signal_avail")
        w.boolean(v.ond_server_will_signal_avail)


class open_delegation4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("delegation_type", "read", "write", "od_whynone")

    def __init__(
        self,
        delegation_type: open_delegation_type4,
        read: open_read_delegation4 | None = None,
        write: open_write_delegation4 | None = None,
        od_whynone: open_none_delegation4 | None = None,
    ) -> None:
        self.delegation_type = delegation_type
        self.read = read
        self.write = write
        self.od_whynone = od_whynone


def unpack_open_delegation4(r: Reader) -> open_delegation4:
    v = open_delegation4(r.u32())
    if v.delegation_type == OPEN_DELEGATE_READ:
        v.read = unpack_open_read_delegation4(r)
    elif v.delegation_type == OPEN_DELEGATE_WRITE:
        v.write = unpack_open_write_delegation4(r)
    elif v.delegation_type == OPEN_DELEGATE_NONE_EXT:
        v.od_whynone = unpack_open_none_delegation4(r)
    elif v.delegation_type == OPEN_DELEGATE_NONE:
        pass
    else:
        unknown("open_delegation4", v.delegation_type)
    return v


def pack_open_delegation4(w: Writer, v: open_delegation4) -> None:
    w.u32(v.delegation_type)
    if v.delegation_type == OPEN_DELEGATE_READ:
        if v.read is None:
            absent("open_delegation4", "read")
        pack_open_read_delegation4(w, v.read)
    elif v.delegation_type == OPEN_DELEGATE_WRITE:
        if v.write is None:
            absent("open_delegation4", "write")
        pack_open_write_delegation4(w, v.write)
    elif v.delegation_type == OPEN_DELEGATE_NONE_EXT:
        if v.od_whynone is None:
            absent("open_delegation4", "od_whynone")
        pack_open_none_delegation4(w, v.od_whynone)
    elif v.delegation_type == OPEN_DELEGATE_NONE:
        pass
    else:
        unknown("open_delegation4", v.delegation_type)


class OPEN4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "cinfo", "rflags", "attrset", "delegation")

    def __init__(
        self, stateid: stateid4, cinfo: change_info4, rflags: int, attrset: bitmap4, delegation: open_delegation4
    ) -> None:
        self.stateid = stateid
        self.cinfo = cinfo
        self.rflags = rflags
        self.attrset = attrset
        self.delegation = delegation


def unpack_OPEN4resok(r: Reader) -> OPEN4resok:
    at = r.take(40)
    window = r.window
    return OPEN4resok(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        change_info4(bool_at(window, at + 16), u64_at(window, at + 20), u64_at(window, at + 28)),
        u32_at(window, at + 36),
        r.bitmap(),
        unpack_open_delegation4(r),
    )


def pack_OPEN4resok(w: Writer, v: OPEN4resok) -> None:
    pack_stateid4(w, v.stateid)
    pack_change_info4(w, v.cinfo)
    w.u32(v.rflags)
    w.bitmap(v.attrset)
    pack_open_delegation4(w, v.delegation)


class OPEN4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: OPEN4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_OPEN4res(r: Reader) -> OPEN4res:
    v = OPEN4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_OPEN4resok(r)
    return v


def pack_OPEN4res(w: Writer, v: OPEN4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("OPEN4res", "resok4")
        pack_OPEN4resok(w, v.resok4)


class OPENATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("createdir",)

    def __init__(self, createdir: bool) -> None:
        self.createdir = createdir


def unpack_OPENATTR4args(r: Reader) -> OPENATTR4args:
    return OPENATTR4args(r.boolean())


def pack_OPENATTR4args(w: Writer, v: OPENATTR4args) -> None:
    w.boolean(v.createdir)


class OPENATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_OPENATTR4res(r: Reader) -> OPENATTR4res:
    return OPENATTR4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_OPENATTR4res(w: Writer, v: OPENATTR4res) -> None:
    w.u32(v.status)


class OPEN_CONFIRM4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("open_stateid", "seqid")

    def __init__(self, open_stateid: stateid4, seqid: seqid4) -> None:
        self.open_stateid = open_stateid
        self.seqid = seqid


def unpack_OPEN_CONFIRM4args(r: Reader) -> OPEN_CONFIRM4args:
    at = r.take(20)
    window = r.window
    return OPEN_CONFIRM4args(stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u32_at(window, at + 16))


def pack_OPEN_CONFIRM4args(w: Writer, v: OPEN_CONFIRM4args) -> None:
    pack_stateid4(w, v.open_stateid)
    w.u32(v.seqid)


class OPEN_CONFIRM4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("open_stateid",)

    def __init__(self, open_stateid: stateid4) -> None:
        self.open_stateid = open_stateid


def unpack_OPEN_CONFIRM4resok(r: Reader) -> OPEN_CONFIRM4resok:
    return OPEN_CONFIRM4resok(unpack_stateid4(r))


def pack_OPEN_CONFIRM4resok(w: Writer, v: OPEN_CONFIRM4resok) -> None:
    pack_stateid4(w, v.open_stateid)


class OPEN_CONFIRM4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: OPEN_CONFIRM4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_OPEN_CONFIRM4res(r: Reader) -> OPEN_CONFIRM4res:
    v = OPEN_CONFIRM4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_OPEN_CONFIRM4resok(r)
    return v


def pack_OPEN_CONFIRM4res(w: Writer, v: OPEN_CONFIRM4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("OPEN_CONFIRM4res", "resok4")
        pack_OPEN_CONFIRM4resok(w, v.resok4)


class OPEN_DOWNGRADE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("open_stateid", "seqid", "share_access", "share_deny")

    def __init__(self, open_stateid: stateid4, seqid: seqid4, share_access: int, share_deny: int) -> None:
        self.open_stateid = open_stateid
        self.seqid = seqid
        self.share_access = share_access
        self.share_deny = share_deny


def unpack_OPEN_DOWNGRADE4args(r: Reader) -> OPEN_DOWNGRADE4args:
    at = r.take(28)
    window = r.window
    return OPEN_DOWNGRADE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u32_at(window, at + 24),
    )


def pack_OPEN_DOWNGRADE4args(w: Writer, v: OPEN_DOWNGRADE4args) -> None:
    pack_stateid4(w, v.open_stateid)
    w.u32(v.seqid)
    w.u32(v.share_access)
    w.u32(v.share_deny)


class OPEN_DOWNGRADE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("open_stateid",)

    def __init__(self, open_stateid: stateid4) -> None:
        self.open_stateid = open_stateid


def unpack_OPEN_DOWNGRADE4resok(r: Reader) -> OPEN_DOWNGRADE4resok:
    return OPEN_DOWNGRADE4resok(unpack_stateid4(r))


def pack_OPEN_DOWNGRADE4resok(w: Writer, v: OPEN_DOWNGRADE4resok) -> None:
    pack_stateid4(w, v.open_stateid)


class OPEN_DOWNGRADE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: OPEN_DOWNGRADE4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_OPEN_DOWNGRADE4res(r: Reader) -> OPEN_DOWNGRADE4res:
    v = OPEN_DOWNGRADE4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_OPEN_DOWNGRADE4resok(r)
    return v


def pack_OPEN_DOWNGRADE4res(w: Writer, v: OPEN_DOWNGRADE4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("OPEN_DOWNGRADE4res", "resok4")
        pack_OPEN_DOWNGRADE4resok(w, v.resok4)


class PUTFH4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("object",)

    def __init__(self, object: nfs_fh4) -> None:
        self.object = object


def unpack_PUTFH4args(r: Reader) -> PUTFH4args:
    return PUTFH4args(r.opaque(128))


def pack_PUTFH4args(w: Writer, v: PUTFH4args) -> None:
    w.opaque(v.object, 128)


class PUTFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_PUTFH4res(r: Reader) -> PUTFH4res:
    return PUTFH4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_PUTFH4res(w: Writer, v: PUTFH4res) -> None:
    w.u32(v.status)


class PUTPUBFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_PUTPUBFH4res(r: Reader) -> PUTPUBFH4res:
    return PUTPUBFH4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_PUTPUBFH4res(w: Writer, v: PUTPUBFH4res) -> None:
    w.u32(v.status)


class PUTROOTFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_PUTROOTFH4res(r: Reader) -> PUTROOTFH4res:
    return PUTROOTFH4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_PUTROOTFH4res(w: Writer, v: PUTROOTFH4res) -> None:
    w.u32(v.status)


class READ4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "offset", "count")

    def __init__(self, stateid: stateid4, offset: offset4, count: count4) -> None:
        self.stateid = stateid
        self.offset = offset
        self.count = count


def unpack_READ4args(r: Reader) -> READ4args:
    at = r.take(28)
    window = r.window
    return READ4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u64_at(window, at + 16), u32_at(window, at + 24)
    )


def pack_READ4args(w: Writer, v: READ4args) -> None:
    pack_stateid4(w, v.stateid)
    w.u64(v.offset)
    w.u32(v.count)


class READ4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("eof", "data")

    def __init__(self, eof: bool, data: bytes | memoryview) -> None:
        self.eof = eof
        self.data = data


def unpack_READ4resok(r: Reader) -> READ4resok:
    return READ4resok(r.boolean(), r.bulk())


def pack_READ4resok(w: Writer, v: READ4resok) -> None:
    w.boolean(v.eof)
    w.bulk(v.data)


class READ4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: READ4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_READ4res(r: Reader) -> READ4res:
    v = READ4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_READ4resok(r)
    return v


def pack_READ4res(w: Writer, v: READ4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("READ4res", "resok4")
        pack_READ4resok(w, v.resok4)


class READDIR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cookie", "cookieverf", "dircount", "maxcount", "attr_request")

    def __init__(
        self, cookie: nfs_cookie4, cookieverf: verifier4, dircount: count4, maxcount: count4, attr_request: bitmap4
    ) -> None:
        self.cookie = cookie
        self.cookieverf = cookieverf
        self.dircount = dircount
        self.maxcount = maxcount
        self.attr_request = attr_request


def unpack_READDIR4args(r: Reader) -> READDIR4args:
    at = r.take(24)
    window = r.window
    return READDIR4args(
        u64_at(window, at), bytes_at(window, at + 8, 8), u32_at(window, at + 16), u32_at(window, at + 20), r.bitmap()
    )


def pack_READDIR4args(w: Writer, v: READDIR4args) -> None:
    w.u64(v.cookie)
    w.fixed(v.cookieverf, 8)
    w.u32(v.dircount)
    w.u32(v.maxcount)
    w.bitmap(v.attr_request)


class entry4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cookie", "name", "attrs")

    def __init__(self, cookie: nfs_cookie4, name: component4, attrs: fattr4) -> None:
        self.cookie = cookie
        self.name = name
        self.attrs = attrs


def unpack_entry4(r: Reader) -> entry4:
    return entry4(r.u64(), r.opaque(OPAQUE_CAP), unpack_fattr4(r))


def pack_entry4(w: Writer, v: entry4) -> None:
    w.u64(v.cookie)
    w.opaque(v.name)
    pack_fattr4(w, v.attrs)


def unpack_entry4_list(r: Reader) -> list[entry4]:
    found: list[entry4] = []
    while r.boolean():
        found.append(unpack_entry4(r))
    return found


def pack_entry4_list(w: Writer, v: list[entry4]) -> None:
    for item in v:
        w.boolean(True)
        pack_entry4(w, item)
    w.boolean(False)


class dirlist4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("entries", "eof")

    def __init__(self, entries: list[entry4], eof: bool) -> None:
        self.entries = entries
        self.eof = eof


def unpack_dirlist4(r: Reader) -> dirlist4:
    return dirlist4(unpack_entry4_list(r), r.boolean())


def pack_dirlist4(w: Writer, v: dirlist4) -> None:
    pack_entry4_list(w, v.entries)
    w.boolean(v.eof)


class READDIR4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cookieverf", "reply")

    def __init__(self, cookieverf: verifier4, reply: dirlist4) -> None:
        self.cookieverf = cookieverf
        self.reply = reply


def unpack_READDIR4resok(r: Reader) -> READDIR4resok:
    return READDIR4resok(r.fixed(8), unpack_dirlist4(r))


def pack_READDIR4resok(w: Writer, v: READDIR4resok) -> None:
    w.fixed(v.cookieverf, 8)
    pack_dirlist4(w, v.reply)


class READDIR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: READDIR4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_READDIR4res(r: Reader) -> READDIR4res:
    v = READDIR4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_READDIR4resok(r)
    return v


def pack_READDIR4res(w: Writer, v: READDIR4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("READDIR4res", "resok4")
        pack_READDIR4resok(w, v.resok4)


class READLINK4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("link",)

    def __init__(self, link: linktext4) -> None:
        self.link = link


def unpack_READLINK4resok(r: Reader) -> READLINK4resok:
    return READLINK4resok(r.opaque(OPAQUE_CAP))


def pack_READLINK4resok(w: Writer, v: READLINK4resok) -> None:
    w.opaque(v.link)


class READLINK4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: READLINK4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_READLINK4res(r: Reader) -> READLINK4res:
    v = READLINK4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_READLINK4resok(r)
    return v


def pack_READLINK4res(w: Writer, v: READLINK4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("READLINK4res", "resok4")
        pack_READLINK4resok(w, v.resok4)


class REMOVE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("target",)

    def __init__(self, target: component4) -> None:
        self.target = target


def unpack_REMOVE4args(r: Reader) -> REMOVE4args:
    return REMOVE4args(r.opaque(OPAQUE_CAP))


def pack_REMOVE4args(w: Writer, v: REMOVE4args) -> None:
    w.opaque(v.target)


class REMOVE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cinfo",)

    def __init__(self, cinfo: change_info4) -> None:
        self.cinfo = cinfo


def unpack_REMOVE4resok(r: Reader) -> REMOVE4resok:
    return REMOVE4resok(unpack_change_info4(r))


def pack_REMOVE4resok(w: Writer, v: REMOVE4resok) -> None:
    pack_change_info4(w, v.cinfo)


class REMOVE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: REMOVE4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_REMOVE4res(r: Reader) -> REMOVE4res:
    v = REMOVE4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_REMOVE4resok(r)
    return v


def pack_REMOVE4res(w: Writer, v: REMOVE4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("REMOVE4res", "resok4")
        pack_REMOVE4resok(w, v.resok4)


class RENAME4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("oldname", "newname")

    def __init__(self, oldname: component4, newname: component4) -> None:
        self.oldname = oldname
        self.newname = newname


def unpack_RENAME4args(r: Reader) -> RENAME4args:
    return RENAME4args(r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_RENAME4args(w: Writer, v: RENAME4args) -> None:
    w.opaque(v.oldname)
    w.opaque(v.newname)


class RENAME4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("source_cinfo", "target_cinfo")

    def __init__(self, source_cinfo: change_info4, target_cinfo: change_info4) -> None:
        self.source_cinfo = source_cinfo
        self.target_cinfo = target_cinfo


def unpack_RENAME4resok(r: Reader) -> RENAME4resok:
    at = r.take(40)
    window = r.window
    return RENAME4resok(
        change_info4(bool_at(window, at), u64_at(window, at + 4), u64_at(window, at + 12)),
        change_info4(bool_at(window, at + 20), u64_at(window, at + 24), u64_at(window, at + 32)),
    )


def pack_RENAME4resok(w: Writer, v: RENAME4resok) -> None:
    pack_change_info4(w, v.source_cinfo)
    pack_change_info4(w, v.target_cinfo)


class RENAME4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: RENAME4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_RENAME4res(r: Reader) -> RENAME4res:
    v = RENAME4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_RENAME4resok(r)
    return v


def pack_RENAME4res(w: Writer, v: RENAME4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("RENAME4res", "resok4")
        pack_RENAME4resok(w, v.resok4)


class RENEW4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clientid",)

    def __init__(self, clientid: clientid4) -> None:
        self.clientid = clientid


def unpack_RENEW4args(r: Reader) -> RENEW4args:
    return RENEW4args(r.u64())


def pack_RENEW4args(w: Writer, v: RENEW4args) -> None:
    w.u64(v.clientid)


class RENEW4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_RENEW4res(r: Reader) -> RENEW4res:
    return RENEW4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_RENEW4res(w: Writer, v: RENEW4res) -> None:
    w.u32(v.status)


class RESTOREFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_RESTOREFH4res(r: Reader) -> RESTOREFH4res:
    return RESTOREFH4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_RESTOREFH4res(w: Writer, v: RESTOREFH4res) -> None:
    w.u32(v.status)


class SAVEFH4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_SAVEFH4res(r: Reader) -> SAVEFH4res:
    return SAVEFH4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_SAVEFH4res(w: Writer, v: SAVEFH4res) -> None:
    w.u32(v.status)


class SECINFO4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, name: component4) -> None:
        self.name = name


def unpack_SECINFO4args(r: Reader) -> SECINFO4args:
    return SECINFO4args(r.opaque(OPAQUE_CAP))


def pack_SECINFO4args(w: Writer, v: SECINFO4args) -> None:
    w.opaque(v.name)


rpc_gss_svc_t: TypeAlias = int

RPC_GSS_SVC_NONE: Final = 1
RPC_GSS_SVC_INTEGRITY: Final = 2
RPC_GSS_SVC_PRIVACY: Final = 3

rpc_gss_svc_t_names: Final[dict[int, str]] = {
    RPC_GSS_SVC_NONE: "RPC_GSS_SVC_NONE",
    RPC_GSS_SVC_INTEGRITY: "RPC_GSS_SVC_INTEGRITY",
    RPC_GSS_SVC_PRIVACY: "RPC_GSS_SVC_PRIVACY",
}


def unpack_rpc_gss_svc_t(r: Reader) -> rpc_gss_svc_t:
    return r.enum(1, 3, "rpc_gss_svc_t")


def pack_rpc_gss_svc_t(w: Writer, v: rpc_gss_svc_t) -> None:
    w.u32(v)


class rpcsec_gss_info(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("oid", "qop", "service")

    def __init__(self, oid: sec_oid4, qop: qop4, service: rpc_gss_svc_t) -> None:
        self.oid = oid
        self.qop = qop
        self.service = service


def unpack_rpcsec_gss_info(r: Reader) -> rpcsec_gss_info:
    oid = r.opaque(OPAQUE_CAP)
    at = r.take(8)
    window = r.window
    return rpcsec_gss_info(oid, u32_at(window, at), enum_at(window, at + 4, 1, 3, "rpc_gss_svc_t"))


def pack_rpcsec_gss_info(w: Writer, v: rpcsec_gss_info) -> None:
    w.opaque(v.oid)
    w.u32(v.qop)
    w.u32(v.service)


class secinfo4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("flavor", "flavor_info")

    def __init__(self, flavor: int, flavor_info: rpcsec_gss_info | None = None) -> None:
        self.flavor = flavor
        self.flavor_info = flavor_info


def unpack_secinfo4(r: Reader) -> secinfo4:
    v = secinfo4(r.u32())
    if v.flavor == RPCSEC_GSS:
        v.flavor_info = unpack_rpcsec_gss_info(r)
    return v


def pack_secinfo4(w: Writer, v: secinfo4) -> None:
    w.u32(v.flavor)
    if v.flavor == RPCSEC_GSS:
        if v.flavor_info is None:
            absent("secinfo4", "flavor_info")
        pack_rpcsec_gss_info(w, v.flavor_info)


SECINFO4resok: TypeAlias = list[secinfo4]


def unpack_SECINFO4resok(r: Reader) -> SECINFO4resok:
    return [unpack_secinfo4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))]


def pack_SECINFO4resok(w: Writer, v: SECINFO4resok) -> None:
    w.array_length(len(v))
    for item in v:
        pack_secinfo4(w, item)


class SECINFO4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: SECINFO4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_SECINFO4res(r: Reader) -> SECINFO4res:
    v = SECINFO4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_SECINFO4resok(r)
    return v


def pack_SECINFO4res(w: Writer, v: SECINFO4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("SECINFO4res", "resok4")
        pack_SECINFO4resok(w, v.resok4)


class SETATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "obj_attributes")

    def __init__(self, stateid: stateid4, obj_attributes: fattr4) -> None:
        self.stateid = stateid
        self.obj_attributes = obj_attributes


def unpack_SETATTR4args(r: Reader) -> SETATTR4args:
    return SETATTR4args(unpack_stateid4(r), unpack_fattr4(r))


def pack_SETATTR4args(w: Writer, v: SETATTR4args) -> None:
    pack_stateid4(w, v.stateid)
    pack_fattr4(w, v.obj_attributes)


class SETATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "attrsset")

    def __init__(self, status: nfsstat4, attrsset: bitmap4) -> None:
        self.status = status
        self.attrsset = attrsset


def unpack_SETATTR4res(r: Reader) -> SETATTR4res:
    return SETATTR4res(r.member(nfsstat4_names, "nfsstat4"), r.bitmap())


def pack_SETATTR4res(w: Writer, v: SETATTR4res) -> None:
    w.u32(v.status)
    w.bitmap(v.attrsset)


class SETCLIENTID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("client", "callback", "callback_ident")

    def __init__(self, client: nfs_client_id4, callback: cb_client4, callback_ident: int) -> None:
        self.client = client
        self.callback = callback
        self.callback_ident = callback_ident


def unpack_SETCLIENTID4args(r: Reader) -> SETCLIENTID4args:
    return SETCLIENTID4args(unpack_nfs_client_id4(r), unpack_cb_client4(r), r.u32())


def pack_SETCLIENTID4args(w: Writer, v: SETCLIENTID4args) -> None:
    pack_nfs_client_id4(w, v.client)
    pack_cb_client4(w, v.callback)
    w.u32(v.callback_ident)


class SETCLIENTID4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clientid", "setclientid_confirm")

    def __init__(self, clientid: clientid4, setclientid_confirm: verifier4) -> None:
        self.clientid = clientid
        self.setclientid_confirm = setclientid_confirm


def unpack_SETCLIENTID4resok(r: Reader) -> SETCLIENTID4resok:
    at = r.take(16)
    window = r.window
    return SETCLIENTID4resok(u64_at(window, at), bytes_at(window, at + 8, 8))


def pack_SETCLIENTID4resok(w: Writer, v: SETCLIENTID4resok) -> None:
    w.u64(v.clientid)
    w.fixed(v.setclientid_confirm, 8)


class SETCLIENTID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4", "client_using")

    def __init__(
        self, status: nfsstat4, resok4: SETCLIENTID4resok | None = None, client_using: clientaddr4 | None = None
    ) -> None:
        self.status = status
        self.resok4 = resok4
        self.client_using = client_using


def unpack_SETCLIENTID4res(r: Reader) -> SETCLIENTID4res:
    v = SETCLIENTID4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_SETCLIENTID4resok(r)
    elif v.status == NFS4ERR_CLID_INUSE:
        v.client_using = unpack_netaddr4(r)
    return v


def pack_SETCLIENTID4res(w: Writer, v: SETCLIENTID4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("SETCLIENTID4res", "resok4")
        pack_SETCLIENTID4resok(w, v.resok4)
    elif v.status == NFS4ERR_CLID_INUSE:
        if v.client_using is None:
            absent("SETCLIENTID4res", "client_using")
        pack_netaddr4(w, v.client_using)


class SETCLIENTID_CONFIRM4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("clientid", "setclientid_confirm")

    def __init__(self, clientid: clientid4, setclientid_confirm: verifier4) -> None:
        self.clientid = clientid
        self.setclientid_confirm = setclientid_confirm


def unpack_SETCLIENTID_CONFIRM4args(r: Reader) -> SETCLIENTID_CONFIRM4args:
    at = r.take(16)
    window = r.window
    return SETCLIENTID_CONFIRM4args(u64_at(window, at), bytes_at(window, at + 8, 8))


def pack_SETCLIENTID_CONFIRM4args(w: Writer, v: SETCLIENTID_CONFIRM4args) -> None:
    w.u64(v.clientid)
    w.fixed(v.setclientid_confirm, 8)


class SETCLIENTID_CONFIRM4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_SETCLIENTID_CONFIRM4res(r: Reader) -> SETCLIENTID_CONFIRM4res:
    return SETCLIENTID_CONFIRM4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_SETCLIENTID_CONFIRM4res(w: Writer, v: SETCLIENTID_CONFIRM4res) -> None:
    w.u32(v.status)


class VERIFY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("obj_attributes",)

    def __init__(self, obj_attributes: fattr4) -> None:
        self.obj_attributes = obj_attributes


def unpack_VERIFY4args(r: Reader) -> VERIFY4args:
    return VERIFY4args(unpack_fattr4(r))


def pack_VERIFY4args(w: Writer, v: VERIFY4args) -> None:
    pack_fattr4(w, v.obj_attributes)


class VERIFY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_VERIFY4res(r: Reader) -> VERIFY4res:
    return VERIFY4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_VERIFY4res(w: Writer, v: VERIFY4res) -> None:
    w.u32(v.status)


stable_how4: TypeAlias = int

UNSTABLE4: Final = 0
DATA_SYNC4: Final = 1
FILE_SYNC4: Final = 2

stable_how4_names: Final[dict[int, str]] = {
    UNSTABLE4: "UNSTABLE4",
    DATA_SYNC4: "DATA_SYNC4",
    FILE_SYNC4: "FILE_SYNC4",
}


def unpack_stable_how4(r: Reader) -> stable_how4:
    return r.enum(0, 2, "stable_how4")


def pack_stable_how4(w: Writer, v: stable_how4) -> None:
    w.u32(v)


class WRITE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("stateid", "offset", "stable", "data")

    def __init__(self, stateid: stateid4, offset: offset4, stable: stable_how4, data: bytes | memoryview) -> None:
        self.stateid = stateid
        self.offset = offset
        self.stable = stable
        self.data = data


def unpack_WRITE4args(r: Reader) -> WRITE4args:
    at = r.take(28)
    window = r.window
    return WRITE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        u64_at(window, at + 16),
        enum_at(window, at + 24, 0, 2, "stable_how4"),
        r.bulk(),
    )


def pack_WRITE4args(w: Writer, v: WRITE4args) -> None:
    pack_stateid4(w, v.stateid)
    w.u64(v.offset)
    w.u32(v.stable)
    w.bulk(v.data)


class WRITE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("count", "committed", "writeverf")

    def __init__(self, count: count4, committed: stable_how4, writeverf: verifier4) -> None:
        self.count = count
        self.committed = committed
        self.writeverf = writeverf


def unpack_WRITE4resok(r: Reader) -> WRITE4resok:
    at = r.take(16)
    window = r.window
    return WRITE4resok(u32_at(window, at), enum_at(window, at + 4, 0, 2, "stable_how4"), bytes_at(window, at + 8, 8))


def pack_WRITE4resok(w: Writer, v: WRITE4resok) -> None:
    w.u32(v.count)
    w.u32(v.committed)
    w.fixed(v.writeverf, 8)


class WRITE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "resok4")

    def __init__(self, status: nfsstat4, resok4: WRITE4resok | None = None) -> None:
        self.status = status
        self.resok4 = resok4


def unpack_WRITE4res(r: Reader) -> WRITE4res:
    v = WRITE4res(r.u32())
    if v.status == NFS4_OK:
        v.resok4 = unpack_WRITE4resok(r)
    return v


def pack_WRITE4res(w: Writer, v: WRITE4res) -> None:
    w.u32(v.status)
    if v.status == NFS4_OK:
        if v.resok4 is None:
            absent("WRITE4res", "resok4")
        pack_WRITE4resok(w, v.resok4)


class RELEASE_LOCKOWNER4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lock_owner",)

    def __init__(self, lock_owner: lock_owner4) -> None:
        self.lock_owner = lock_owner


def unpack_RELEASE_LOCKOWNER4args(r: Reader) -> RELEASE_LOCKOWNER4args:
    return RELEASE_LOCKOWNER4args(unpack_state_owner4(r))


def pack_RELEASE_LOCKOWNER4args(w: Writer, v: RELEASE_LOCKOWNER4args) -> None:
    pack_state_owner4(w, v.lock_owner)


class RELEASE_LOCKOWNER4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_RELEASE_LOCKOWNER4res(r: Reader) -> RELEASE_LOCKOWNER4res:
    return RELEASE_LOCKOWNER4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_RELEASE_LOCKOWNER4res(w: Writer, v: RELEASE_LOCKOWNER4res) -> None:
    w.u32(v.status)


class ILLEGAL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status",)

    def __init__(self, status: nfsstat4) -> None:
        self.status = status


def unpack_ILLEGAL4res(r: Reader) -> ILLEGAL4res:
    return ILLEGAL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_ILLEGAL4res(w: Writer, v: ILLEGAL4res) -> None:
    w.u32(v.status)


gsshandle4_t: TypeAlias = bytes


def unpack_gsshandle4_t(r: Reader) -> gsshandle4_t:
    return r.opaque(OPAQUE_CAP)


def pack_gsshandle4_t(w: Writer, v: gsshandle4_t) -> None:
    w.opaque(v)


class gss_cb_handles4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gcbp_service", "gcbp_handle_from_server", "gcbp_handle_from_client")

    def __init__(
        self, gcbp_service: rpc_gss_svc_t, gcbp_handle_from_server: gsshandle4_t, gcbp_handle_from_client: gsshandle4_t
    ) -> None:
        self.gcbp_service = gcbp_service
        self.gcbp_handle_from_server = gcbp_handle_from_server
        self.gcbp_handle_from_client = gcbp_handle_from_client


def unpack_gss_cb_handles4(r: Reader) -> gss_cb_handles4:
    return gss_cb_handles4(r.enum(1, 3, "rpc_gss_svc_t"), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_gss_cb_handles4(w: Writer, v: gss_cb_handles4) -> None:
    w.u32(v.gcbp_service)
    w.opaque(v.gcbp_handle_from_server)
    w.opaque(v.gcbp_handle_from_client)


class callback_sec_parms4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cb_secflavor", "cbsp_sys_cred", "cbsp_gss_handles")

    def __init__(
        self,
        cb_secflavor: int,
        cbsp_sys_cred: authsys_parms | None = None,
        cbsp_gss_handles: gss_cb_handles4 | None = None,
    ) -> None:
        self.cb_secflavor = cb_secflavor
        self.cbsp_sys_cred = cbsp_sys_cred
        self.cbsp_gss_handles = cbsp_gss_handles


def unpack_callback_sec_parms4(r: Reader) -> callback_sec_parms4:
    v = callback_sec_parms4(r.u32())
    if v.cb_secflavor == AUTH_SYS:
        v.cbsp_sys_cred = unpack_authsys_parms(r)
    elif v.cb_secflavor == RPCSEC_GSS:
        v.cbsp_gss_handles = unpack_gss_cb_handles4(r)
    elif v.cb_secflavor == AUTH_NONE:
        pass
    else:
        unknown("callback_sec_parms4", v.cb_secflavor)
    return v


def pack_callback_sec_parms4(w: Writer, v: callback_sec_parms4) -> None:
    w.u32(v.cb_secflavor)
    if v.cb_secflavor == AUTH_SYS:
        if v.cbsp_sys_cred is None:
            absent("callback_sec_parms4", "cbsp_sys_cred")
        pack_authsys_parms(w, v.cbsp_sys_cred)
    elif v.cb_secflavor == RPCSEC_GSS:
        if v.cbsp_gss_handles is None:
            absent("callback_sec_parms4", "cbsp_gss_handles")
        pack_gss_cb_handles4(w, v.cbsp_gss_handles)
    elif v.cb_secflavor == AUTH_NONE:
        pass
    else:
        unknown("callback_sec_parms4", v.cb_secflavor)


class BACKCHANNEL_CTL4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("bca_cb_program", "bca_sec_parms")

    def __init__(self, bca_cb_program: int, bca_sec_parms: list[callback_sec_parms4]) -> None:
        self.bca_cb_program = bca_cb_program
        self.bca_sec_parms = bca_sec_parms


def unpack_BACKCHANNEL_CTL4args(r: Reader) -> BACKCHANNEL_CTL4args:
    return BACKCHANNEL_CTL4args(r.u32(), [unpack_callback_sec_parms4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))])


def pack_BACKCHANNEL_CTL4args(w: Writer, v: BACKCHANNEL_CTL4args) -> None:
    w.u32(v.bca_cb_program)
    w.array_length(len(v.bca_sec_parms))
    for bca_sec_parms_item in v.bca_sec_parms:
        pack_callback_sec_parms4(w, bca_sec_parms_item)


class BACKCHANNEL_CTL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("bcr_status",)

    def __init__(self, bcr_status: nfsstat4) -> None:
        self.bcr_status = bcr_status


def unpack_BACKCHANNEL_CTL4res(r: Reader) -> BACKCHANNEL_CTL4res:
    return BACKCHANNEL_CTL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_BACKCHANNEL_CTL4res(w: Writer, v: BACKCHANNEL_CTL4res) -> None:
    w.u32(v.bcr_status)


channel_dir_from_client4: TypeAlias = int

CDFC4_FORE: Final = 1
CDFC4_BACK: Final = 2
CDFC4_FORE_OR_BOTH: Final = 3
CDFC4_BACK_OR_BOTH: Final = 7

channel_dir_from_client4_names: Final[dict[int, str]] = {
    CDFC4_FORE: "CDFC4_FORE",
    CDFC4_BACK: "CDFC4_BACK",
    CDFC4_FORE_OR_BOTH: "CDFC4_FORE_OR_BOTH",
    CDFC4_BACK_OR_BOTH: "CDFC4_BACK_OR_BOTH",
}


def unpack_channel_dir_from_client4(r: Reader) -> channel_dir_from_client4:
    return r.member(channel_dir_from_client4_names, "channel_dir_from_client4")


def pack_channel_dir_from_client4(w: Writer, v: channel_dir_from_client4) -> None:
    w.u32(v)


class BIND_CONN_TO_SESSION4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("bctsa_sessid", "bctsa_dir", "bctsa_use_conn_in_rdma_mode")

    def __init__(
        self, bctsa_sessid: sessionid4, bctsa_dir: channel_dir_from_client4, bctsa_use_conn_in_rdma_mode: bool
    ) -> None:
        self.bctsa_sessid = bctsa_sessid
        self.bctsa_dir = bctsa_dir
        self.bctsa_use_conn_in_rdma_mode = bctsa_use_conn_in_rdma_mode


def unpack_BIND_CONN_TO_SESSION4args(r: Reader) -> BIND_CONN_TO_SESSION4args:
    at = r.take(24)
    window = r.window
    return BIND_CONN_TO_SESSION4args(
        bytes_at(window, at, 16),
        member_at(window, at + 16, channel_dir_from_client4_names, "channel_dir_from_client4"),
        bool_at(window, at + 20),
    )


def pack_BIND_CONN_TO_SESSION4args(w: Writer, v: BIND_CONN_TO_SESSION4args) -> None:
    w.fixed(v.bctsa_sessid, 16)
    w.u32(v.bctsa_dir)
    w.boolean(v.bctsa_use_conn_in_rdma_mode)


channel_dir_from_server4: TypeAlias = int

CDFS4_FORE: Final = 1
CDFS4_BACK: Final = 2
CDFS4_BOTH: Final = 3

channel_dir_from_server4_names: Final[dict[int, str]] = {
    CDFS4_FORE: "CDFS4_FORE",
    CDFS4_BACK: "CDFS4_BACK",
    CDFS4_BOTH: "CDFS4_BOTH",
}


def unpack_channel_dir_from_server4(r: Reader) -> channel_dir_from_server4:
    return r.enum(1, 3, "channel_dir_from_server4")


def pack_channel_dir_from_server4(w: Writer, v: channel_dir_from_server4) -> None:
    w.u32(v)


class BIND_CONN_TO_SESSION4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("bctsr_sessid", "bctsr_dir", "bctsr_use_conn_in_rdma_mode")

    def __init__(
        self, bctsr_sessid: sessionid4, bctsr_dir: channel_dir_from_server4, bctsr_use_conn_in_rdma_mode: bool
    ) -> None:
        self.bctsr_sessid = bctsr_sessid
        self.bctsr_dir = bctsr_dir
        self.bctsr_use_conn_in_rdma_mode = bctsr_use_conn_in_rdma_mode


def unpack_BIND_CONN_TO_SESSION4resok(r: Reader) -> BIND_CONN_TO_SESSION4resok:
    at = r.take(24)
    window = r.window
    return BIND_CONN_TO_SESSION4resok(
        bytes_at(window, at, 16), enum_at(window, at + 16, 1, 3, "channel_dir_from_server4"), bool_at(window, at + 20)
    )


def pack_BIND_CONN_TO_SESSION4resok(w: Writer, v: BIND_CONN_TO_SESSION4resok) -> None:
    w.fixed(v.bctsr_sessid, 16)
    w.u32(v.bctsr_dir)
    w.boolean(v.bctsr_use_conn_in_rdma_mode)


class BIND_CONN_TO_SESSION4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("bctsr_status", "bctsr_resok4")

    def __init__(self, bctsr_status: nfsstat4, bctsr_resok4: BIND_CONN_TO_SESSION4resok | None = None) -> None:
        self.bctsr_status = bctsr_status
        self.bctsr_resok4 = bctsr_resok4


def unpack_BIND_CONN_TO_SESSION4res(r: Reader) -> BIND_CONN_TO_SESSION4res:
    v = BIND_CONN_TO_SESSION4res(r.u32())
    if v.bctsr_status == NFS4_OK:
        v.bctsr_resok4 = unpack_BIND_CONN_TO_SESSION4resok(r)
    return v


def pack_BIND_CONN_TO_SESSION4res(w: Writer, v: BIND_CONN_TO_SESSION4res) -> None:
    w.u32(v.bctsr_status)
    if v.bctsr_status == NFS4_OK:
        if v.bctsr_resok4 is None:
            absent("BIND_CONN_TO_SESSION4res", "bctsr_resok4")
        pack_BIND_CONN_TO_SESSION4resok(w, v.bctsr_resok4)


class state_protect_ops4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("spo_must_enforce", "spo_must_allow")

    def __init__(self, spo_must_enforce: bitmap4, spo_must_allow: bitmap4) -> None:
        self.spo_must_enforce = spo_must_enforce
        self.spo_must_allow = spo_must_allow


def unpack_state_protect_ops4(r: Reader) -> state_protect_ops4:
    return state_protect_ops4(r.bitmap(), r.bitmap())


def pack_state_protect_ops4(w: Writer, v: state_protect_ops4) -> None:
    w.bitmap(v.spo_must_enforce)
    w.bitmap(v.spo_must_allow)


class ssv_sp_parms4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "ssp_ops",
        "ssp_hash_algs",
        "ssp_encr_algs",
        "ssp_window",
        "ssp_num_gss_handles",
    )

    def __init__(
        self,
        ssp_ops: state_protect_ops4,
        ssp_hash_algs: list[sec_oid4],
        ssp_encr_algs: list[sec_oid4],
        ssp_window: int,
        ssp_num_gss_handles: int,
    ) -> None:
        self.ssp_ops = ssp_ops
        self.ssp_hash_algs = ssp_hash_algs
        self.ssp_encr_algs = ssp_encr_algs
        self.ssp_window = ssp_window
        self.ssp_num_gss_handles = ssp_num_gss_handles


def unpack_ssv_sp_parms4(r: Reader) -> ssv_sp_parms4:
    ssp_ops = unpack_state_protect_ops4(r)
    ssp_hash_algs = [r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))]
    ssp_encr_algs = [r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))]
    at = r.take(8)
    window = r.window
    return ssv_sp_parms4(ssp_ops, ssp_hash_algs, ssp_encr_algs, u32_at(window, at), u32_at(window, at + 4))


def pack_ssv_sp_parms4(w: Writer, v: ssv_sp_parms4) -> None:
    pack_state_protect_ops4(w, v.ssp_ops)
    w.array_length(len(v.ssp_hash_algs))
    for ssp_hash_algs_item in v.ssp_hash_algs:
        w.opaque(ssp_hash_algs_item)
    w.array_length(len(v.ssp_encr_algs))
    for ssp_encr_algs_item in v.ssp_encr_algs:
        w.opaque(ssp_encr_algs_item)
    w.u32(v.ssp_window)
    w.u32(v.ssp_num_gss_handles)


state_protect_how4: TypeAlias = int

SP4_NONE: Final = 0
SP4_MACH_CRED: Final = 1
SP4_SSV: Final = 2

state_protect_how4_names: Final[dict[int, str]] = {
    SP4_NONE: "SP4_NONE",
    SP4_MACH_CRED: "SP4_MACH_CRED",
    SP4_SSV: "SP4_SSV",
}


def unpack_state_protect_how4(r: Reader) -> state_protect_how4:
    return r.enum(0, 2, "state_protect_how4")


def pack_state_protect_how4(w: Writer, v: state_protect_how4) -> None:
    w.u32(v)


class state_protect4_a(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("spa_how", "spa_mach_ops", "spa_ssv_parms")

    def __init__(
        self,
        spa_how: state_protect_how4,
        spa_mach_ops: state_protect_ops4 | None = None,
        spa_ssv_parms: ssv_sp_parms4 | None = None,
    ) -> None:
        self.spa_how = spa_how
        self.spa_mach_ops = spa_mach_ops
        self.spa_ssv_parms = spa_ssv_parms


def unpack_state_protect4_a(r: Reader) -> state_protect4_a:
    v = state_protect4_a(r.u32())
    if v.spa_how == SP4_MACH_CRED:
        v.spa_mach_ops = unpack_state_protect_ops4(r)
    elif v.spa_how == SP4_SSV:
        v.spa_ssv_parms = unpack_ssv_sp_parms4(r)
    elif v.spa_how == SP4_NONE:
        pass
    else:
        unknown("state_protect4_a", v.spa_how)
    return v


def pack_state_protect4_a(w: Writer, v: state_protect4_a) -> None:
    w.u32(v.spa_how)
    if v.spa_how == SP4_MACH_CRED:
        if v.spa_mach_ops is None:
            absent("state_protect4_a", "spa_mach_ops")
        pack_state_protect_ops4(w, v.spa_mach_ops)
    elif v.spa_how == SP4_SSV:
        if v.spa_ssv_parms is None:
            absent("state_protect4_a", "spa_ssv_parms")
        pack_ssv_sp_parms4(w, v.spa_ssv_parms)
    elif v.spa_how == SP4_NONE:
        pass
    else:
        unknown("state_protect4_a", v.spa_how)


class EXCHANGE_ID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("eia_clientowner", "eia_flags", "eia_state_protect", "eia_client_impl_id")

    def __init__(
        self,
        eia_clientowner: client_owner4,
        eia_flags: int,
        eia_state_protect: state_protect4_a,
        eia_client_impl_id: list[nfs_impl_id4],
    ) -> None:
        self.eia_clientowner = eia_clientowner
        self.eia_flags = eia_flags
        self.eia_state_protect = eia_state_protect
        self.eia_client_impl_id = eia_client_impl_id


def unpack_EXCHANGE_ID4args(r: Reader) -> EXCHANGE_ID4args:
    return EXCHANGE_ID4args(
        unpack_client_owner4(r),
        r.u32(),
        unpack_state_protect4_a(r),
        [unpack_nfs_impl_id4(r) for _ in range(r.array_length(1, 20))],
    )


def pack_EXCHANGE_ID4args(w: Writer, v: EXCHANGE_ID4args) -> None:
    pack_client_owner4(w, v.eia_clientowner)
    w.u32(v.eia_flags)
    pack_state_protect4_a(w, v.eia_state_protect)
    w.array_length(len(v.eia_client_impl_id), 1)
    for eia_client_impl_id_item in v.eia_client_impl_id:
        pack_nfs_impl_id4(w, eia_client_impl_id_item)


class ssv_prot_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "spi_ops",
        "spi_hash_alg",
        "spi_encr_alg",
        "spi_ssv_len",
        "spi_window",
        "spi_handles",
    )

    def __init__(
        self,
        spi_ops: state_protect_ops4,
        spi_hash_alg: int,
        spi_encr_alg: int,
        spi_ssv_len: int,
        spi_window: int,
        spi_handles: list[gsshandle4_t],
    ) -> None:
        self.spi_ops = spi_ops
        self.spi_hash_alg = spi_hash_alg
        self.spi_encr_alg = spi_encr_alg
        self.spi_ssv_len = spi_ssv_len
        self.spi_window = spi_window
        self.spi_handles = spi_handles


def unpack_ssv_prot_info4(r: Reader) -> ssv_prot_info4:
    spi_ops = unpack_state_protect_ops4(r)
    at = r.take(16)
    window = r.window
    return ssv_prot_info4(
        spi_ops,
        u32_at(window, at),
        u32_at(window, at + 4),
        u32_at(window, at + 8),
        u32_at(window, at + 12),
        [r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))],
    )


def pack_ssv_prot_info4(w: Writer, v: ssv_prot_info4) -> None:
    pack_state_protect_ops4(w, v.spi_ops)
    w.u32(v.spi_hash_alg)
    w.u32(v.spi_encr_alg)
    w.u32(v.spi_ssv_len)
    w.u32(v.spi_window)
    w.array_length(len(v.spi_handles))
    for spi_handles_item in v.spi_handles:
        w.opaque(spi_handles_item)


class state_protect4_r(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("spr_how", "spr_mach_ops", "spr_ssv_info")

    def __init__(
        self,
        spr_how: state_protect_how4,
        spr_mach_ops: state_protect_ops4 | None = None,
        spr_ssv_info: ssv_prot_info4 | None = None,
    ) -> None:
        self.spr_how = spr_how
        self.spr_mach_ops = spr_mach_ops
        self.spr_ssv_info = spr_ssv_info


def unpack_state_protect4_r(r: Reader) -> state_protect4_r:
    v = state_protect4_r(r.u32())
    if v.spr_how == SP4_MACH_CRED:
        v.spr_mach_ops = unpack_state_protect_ops4(r)
    elif v.spr_how == SP4_SSV:
        v.spr_ssv_info = unpack_ssv_prot_info4(r)
    elif v.spr_how == SP4_NONE:
        pass
    else:
        unknown("state_protect4_r", v.spr_how)
    return v


def pack_state_protect4_r(w: Writer, v: state_protect4_r) -> None:
    w.u32(v.spr_how)
    if v.spr_how == SP4_MACH_CRED:
        if v.spr_mach_ops is None:
            absent("state_protect4_r", "spr_mach_ops")
        pack_state_protect_ops4(w, v.spr_mach_ops)
    elif v.spr_how == SP4_SSV:
        if v.spr_ssv_info is None:
            absent("state_protect4_r", "spr_ssv_info")
        pack_ssv_prot_info4(w, v.spr_ssv_info)
    elif v.spr_how == SP4_NONE:
        pass
    else:
        unknown("state_protect4_r", v.spr_how)


class EXCHANGE_ID4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "eir_clientid",
        "eir_sequenceid",
        "eir_flags",
        "eir_state_protect",
        "eir_server_owner",
        "eir_server_scope",
        "eir_server_impl_id",
    )

    def __init__(
        self,
        eir_clientid: clientid4,
        eir_sequenceid: sequenceid4,
        eir_flags: int,
        eir_state_protect: state_protect4_r,
        eir_server_owner: server_owner4,
        eir_server_scope: bytes,
        eir_server_impl_id: list[nfs_impl_id4],
    ) -> None:
        self.eir_clientid = eir_clientid
        self.eir_sequenceid = eir_sequenceid
        self.eir_flags = eir_flags
        self.eir_state_protect = eir_state_protect
        self.eir_server_owner = eir_server_owner
        self.eir_server_scope = eir_server_scope
        self.eir_server_impl_id = eir_server_impl_id


def unpack_EXCHANGE_ID4resok(r: Reader) -> EXCHANGE_ID4resok:
    at = r.take(16)
    window = r.window
    return EXCHANGE_ID4resok(
        u64_at(window, at),
        u32_at(window, at + 8),
        u32_at(window, at + 12),
        unpack_state_protect4_r(r),
        unpack_server_owner4(r),
        r.opaque(1024),
        [unpack_nfs_impl_id4(r) for _ in range(r.array_length(1, 20))],
    )


def pack_EXCHANGE_ID4resok(w: Writer, v: EXCHANGE_ID4resok) -> None:
    w.u64(v.eir_clientid)
    w.u32(v.eir_sequenceid)
    w.u32(v.eir_flags)
    pack_state_protect4_r(w, v.eir_state_protect)
    pack_server_owner4(w, v.eir_server_owner)
    w.opaque(v.eir_server_scope, 1024)
    w.array_length(len(v.eir_server_impl_id), 1)
    for eir_server_impl_id_item in v.eir_server_impl_id:
        pack_nfs_impl_id4(w, eir_server_impl_id_item)


class EXCHANGE_ID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("eir_status", "eir_resok4")

    def __init__(self, eir_status: nfsstat4, eir_resok4: EXCHANGE_ID4resok | None = None) -> None:
        self.eir_status = eir_status
        self.eir_resok4 = eir_resok4


def unpack_EXCHANGE_ID4res(r: Reader) -> EXCHANGE_ID4res:
    v = EXCHANGE_ID4res(r.u32())
    if v.eir_status == NFS4_OK:
        v.eir_resok4 = unpack_EXCHANGE_ID4resok(r)
    return v


def pack_EXCHANGE_ID4res(w: Writer, v: EXCHANGE_ID4res) -> None:
    w.u32(v.eir_status)
    if v.eir_status == NFS4_OK:
        if v.eir_resok4 is None:
            absent("EXCHANGE_ID4res", "eir_resok4")
        pack_EXCHANGE_ID4resok(w, v.eir_resok4)


class channel_attrs4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "ca_headerpadsize",
        "ca_maxrequestsize",
        "ca_maxresponsesize",
        "ca_maxresponsesize_cached",
        "ca_maxoperations",
        "ca_maxrequests",
        "ca_rdma_ird",
    )

    def __init__(
        self,
        ca_headerpadsize: count4,
        ca_maxrequestsize: count4,
        ca_maxresponsesize: count4,
        ca_maxresponsesize_cached: count4,
        ca_maxoperations: count4,
        ca_maxrequests: count4,
        ca_rdma_ird: list[int],
    ) -> None:
        self.ca_headerpadsize = ca_headerpadsize
        self.ca_maxrequestsize = ca_maxrequestsize
        self.ca_maxresponsesize = ca_maxresponsesize
        self.ca_maxresponsesize_cached = ca_maxresponsesize_cached
        self.ca_maxoperations = ca_maxoperations
        self.ca_maxrequests = ca_maxrequests
        self.ca_rdma_ird = ca_rdma_ird


def unpack_channel_attrs4(r: Reader) -> channel_attrs4:
    at = r.take(24)
    window = r.window
    return channel_attrs4(
        u32_at(window, at),
        u32_at(window, at + 4),
        u32_at(window, at + 8),
        u32_at(window, at + 12),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        [r.u32() for _ in range(r.array_length(1, 4))],
    )


def pack_channel_attrs4(w: Writer, v: channel_attrs4) -> None:
    w.u32(v.ca_headerpadsize)
    w.u32(v.ca_maxrequestsize)
    w.u32(v.ca_maxresponsesize)
    w.u32(v.ca_maxresponsesize_cached)
    w.u32(v.ca_maxoperations)
    w.u32(v.ca_maxrequests)
    w.array_length(len(v.ca_rdma_ird), 1)
    for ca_rdma_ird_item in v.ca_rdma_ird:
        w.u32(ca_rdma_ird_item)


class CREATE_SESSION4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "csa_clientid",
        "csa_sequence",
        "csa_flags",
        "csa_fore_chan_attrs",
        "csa_back_chan_attrs",
        "csa_cb_program",
        "csa_sec_parms",
    )

    def __init__(
        self,
        csa_clientid: clientid4,
        csa_sequence: sequenceid4,
        csa_flags: int,
        csa_fore_chan_attrs: channel_attrs4,
        csa_back_chan_attrs: channel_attrs4,
        csa_cb_program: int,
        csa_sec_parms: list[callback_sec_parms4],
    ) -> None:
        self.csa_clientid = csa_clientid
        self.csa_sequence = csa_sequence
        self.csa_flags = csa_flags
        self.csa_fore_chan_attrs = csa_fore_chan_attrs
        self.csa_back_chan_attrs = csa_back_chan_attrs
        self.csa_cb_program = csa_cb_program
        self.csa_sec_parms = csa_sec_parms


def unpack_CREATE_SESSION4args(r: Reader) -> CREATE_SESSION4args:
    at = r.take(16)
    window = r.window
    return CREATE_SESSION4args(
        u64_at(window, at),
        u32_at(window, at + 8),
        u32_at(window, at + 12),
        unpack_channel_attrs4(r),
        unpack_channel_attrs4(r),
        r.u32(),
        [unpack_callback_sec_parms4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))],
    )


def pack_CREATE_SESSION4args(w: Writer, v: CREATE_SESSION4args) -> None:
    w.u64(v.csa_clientid)
    w.u32(v.csa_sequence)
    w.u32(v.csa_flags)
    pack_channel_attrs4(w, v.csa_fore_chan_attrs)
    pack_channel_attrs4(w, v.csa_back_chan_attrs)
    w.u32(v.csa_cb_program)
    w.array_length(len(v.csa_sec_parms))
    for csa_sec_parms_item in v.csa_sec_parms:
        pack_callback_sec_parms4(w, csa_sec_parms_item)


class CREATE_SESSION4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "csr_sessionid",
        "csr_sequence",
        "csr_flags",
        "csr_fore_chan_attrs",
        "csr_back_chan_attrs",
    )

    def __init__(
        self,
        csr_sessionid: sessionid4,
        csr_sequence: sequenceid4,
        csr_flags: int,
        csr_fore_chan_attrs: channel_attrs4,
        csr_back_chan_attrs: channel_attrs4,
    ) -> None:
        self.csr_sessionid = csr_sessionid
        self.csr_sequence = csr_sequence
        self.csr_flags = csr_flags
        self.csr_fore_chan_attrs = csr_fore_chan_attrs
        self.csr_back_chan_attrs = csr_back_chan_attrs


def unpack_CREATE_SESSION4resok(r: Reader) -> CREATE_SESSION4resok:
    at = r.take(24)
    window = r.window
    return CREATE_SESSION4resok(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        unpack_channel_attrs4(r),
        unpack_channel_attrs4(r),
    )


def pack_CREATE_SESSION4resok(w: Writer, v: CREATE_SESSION4resok) -> None:
    w.fixed(v.csr_sessionid, 16)
    w.u32(v.csr_sequence)
    w.u32(v.csr_flags)
    pack_channel_attrs4(w, v.csr_fore_chan_attrs)
    pack_channel_attrs4(w, v.csr_back_chan_attrs)


class CREATE_SESSION4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("csr_status", "csr_resok4")

    def __init__(self, csr_status: nfsstat4, csr_resok4: CREATE_SESSION4resok | None = None) -> None:
        self.csr_status = csr_status
        self.csr_resok4 = csr_resok4


def unpack_CREATE_SESSION4res(r: Reader) -> CREATE_SESSION4res:
    v = CREATE_SESSION4res(r.u32())
    if v.csr_status == NFS4_OK:
        v.csr_resok4 = unpack_CREATE_SESSION4resok(r)
    return v


def pack_CREATE_SESSION4res(w: Writer, v: CREATE_SESSION4res) -> None:
    w.u32(v.csr_status)
    if v.csr_status == NFS4_OK:
        if v.csr_resok4 is None:
            absent("CREATE_SESSION4res", "csr_resok4")
        pack_CREATE_SESSION4resok(w, v.csr_resok4)


class DESTROY_SESSION4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dsa_sessionid",)

    def __init__(self, dsa_sessionid: sessionid4) -> None:
        self.dsa_sessionid = dsa_sessionid


def unpack_DESTROY_SESSION4args(r: Reader) -> DESTROY_SESSION4args:
    return DESTROY_SESSION4args(r.fixed(16))


def pack_DESTROY_SESSION4args(w: Writer, v: DESTROY_SESSION4args) -> None:
    w.fixed(v.dsa_sessionid, 16)


class DESTROY_SESSION4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dsr_status",)

    def __init__(self, dsr_status: nfsstat4) -> None:
        self.dsr_status = dsr_status


def unpack_DESTROY_SESSION4res(r: Reader) -> DESTROY_SESSION4res:
    return DESTROY_SESSION4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_DESTROY_SESSION4res(w: Writer, v: DESTROY_SESSION4res) -> None:
    w.u32(v.dsr_status)


class FREE_STATEID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fsa_stateid",)

    def __init__(self, fsa_stateid: stateid4) -> None:
        self.fsa_stateid = fsa_stateid


def unpack_FREE_STATEID4args(r: Reader) -> FREE_STATEID4args:
    return FREE_STATEID4args(unpack_stateid4(r))


def pack_FREE_STATEID4args(w: Writer, v: FREE_STATEID4args) -> None:
    pack_stateid4(w, v.fsa_stateid)


class FREE_STATEID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("fsr_status",)

    def __init__(self, fsr_status: nfsstat4) -> None:
        self.fsr_status = fsr_status


def unpack_FREE_STATEID4res(r: Reader) -> FREE_STATEID4res:
    return FREE_STATEID4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_FREE_STATEID4res(w: Writer, v: FREE_STATEID4res) -> None:
    w.u32(v.fsr_status)


attr_notice4: TypeAlias = nfstime4


def unpack_attr_notice4(r: Reader) -> attr_notice4:
    return unpack_nfstime4(r)


def pack_attr_notice4(w: Writer, v: attr_notice4) -> None:
    pack_nfstime4(w, v)


class GET_DIR_DELEGATION4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "gdda_signal_deleg_avail",
        "gdda_notification_types",
        "gdda_child_attr_delay",
        "gdda_dir_attr_delay",
        "gdda_child_attributes",
        "gdda_dir_attributes",
    )

    def __init__(
        self,
        gdda_signal_deleg_avail: bool,
        gdda_notification_types: bitmap4,
        gdda_child_attr_delay: attr_notice4,
        gdda_dir_attr_delay: attr_notice4,
        gdda_child_attributes: bitmap4,
        gdda_dir_attributes: bitmap4,
    ) -> None:
        self.gdda_signal_deleg_avail = gdda_signal_deleg_avail
        self.gdda_notification_types = gdda_notification_types
        self.gdda_child_attr_delay = gdda_child_attr_delay
        self.gdda_dir_attr_delay = gdda_dir_attr_delay
        self.gdda_child_attributes = gdda_child_attributes
        self.gdda_dir_attributes = gdda_dir_attributes


def unpack_GET_DIR_DELEGATION4args(r: Reader) -> GET_DIR_DELEGATION4args:
    gdda_signal_deleg_avail = r.boolean()
    gdda_notification_types = r.bitmap()
    at = r.take(24)
    window = r.window
    return GET_DIR_DELEGATION4args(
        gdda_signal_deleg_avail,
        gdda_notification_types,
        nfstime4(i64_at(window, at), u32_at(window, at + 8)),
        nfstime4(i64_at(window, at + 12), u32_at(window, at + 20)),
        r.bitmap(),
        r.bitmap(),
    )


def pack_GET_DIR_DELEGATION4args(w: Writer, v: GET_DIR_DELEGATION4args) -> None:
    w.boolean(v.gdda_signal_deleg_avail)
    w.bitmap(v.gdda_notification_types)
    pack_nfstime4(w, v.gdda_child_attr_delay)
    pack_nfstime4(w, v.gdda_dir_attr_delay)
    w.bitmap(v.gdda_child_attributes)
    w.bitmap(v.gdda_dir_attributes)


class GET_DIR_DELEGATION4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "gddr_cookieverf",
        "gddr_stateid",
        "gddr_notification",
        "gddr_child_attributes",
        "gddr_dir_attributes",
    )

    def __init__(
        self,
        gddr_cookieverf: verifier4,
        gddr_stateid: stateid4,
        gddr_notification: bitmap4,
        gddr_child_attributes: bitmap4,
        gddr_dir_attributes: bitmap4,
    ) -> None:
        self.gddr_cookieverf = gddr_cookieverf
        self.gddr_stateid = gddr_stateid
        self.gddr_notification = gddr_notification
        self.gddr_child_attributes = gddr_child_attributes
        self.gddr_dir_attributes = gddr_dir_attributes


def unpack_GET_DIR_DELEGATION4resok(r: Reader) -> GET_DIR_DELEGATION4resok:
    at = r.take(24)
    window = r.window
    return GET_DIR_DELEGATION4resok(
        bytes_at(window, at, 8),
        stateid4(u32_at(window, at + 8), bytes_at(window, at + 12, 12)),
        r.bitmap(),
        r.bitmap(),
        r.bitmap(),
    )


def pack_GET_DIR_DELEGATION4resok(w: Writer, v: GET_DIR_DELEGATION4resok) -> None:
    w.fixed(v.gddr_cookieverf, 8)
    pack_stateid4(w, v.gddr_stateid)
    w.bitmap(v.gddr_notification)
    w.bitmap(v.gddr_child_attributes)
    w.bitmap(v.gddr_dir_attributes)


gddrnf4_status: TypeAlias = int

GDD4_OK: Final = 0
GDD4_UNAVAIL: Final = 1

gddrnf4_status_names: Final[dict[int, str]] = {
    GDD4_OK: "GDD4_OK",
    GDD4_UNAVAIL: "GDD4_UNAVAIL",
}


def unpack_gddrnf4_status(r: Reader) -> gddrnf4_status:
    return r.enum(0, 1, "gddrnf4_status")


def pack_gddrnf4_status(w: Writer, v: gddrnf4_status) -> None:
    w.u32(v)


class GET_DIR_DELEGATION4res_non_fatal(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gddrnf_status", "gddrnf_resok4", "gddrnf_will_signal_deleg_avail")

    def __init__(
        self,
        gddrnf_status: gddrnf4_status,
        gddrnf_resok4: GET_DIR_DELEGATION4resok | None = None,
        gddrnf_will_signal_deleg_avail: bool | None = None,
    ) -> None:
        self.gddrnf_status = gddrnf_status
        self.gddrnf_resok4 = gddrnf_resok4
        self.gddrnf_will_signal_deleg_avail = gddrnf_will_signal_deleg_avail


def unpack_GET_DIR_DELEGATION4res_non_fatal(r: Reader) -> GET_DIR_DELEGATION4res_non_fatal:
    v = GET_DIR_DELEGATION4res_non_fatal(r.u32())
    if v.gddrnf_status == GDD4_OK:
        v.gddrnf_resok4 = unpack_GET_DIR_DELEGATION4resok(r)
    elif v.gddrnf_status == GDD4_UNAVAIL:
        v.gddrnf_will_signal_deleg_avail = r.boolean()
    else:
        unknown("GET_DIR_DELEGATION4res_non_fatal", v.gddrnf_status)
    return v


def pack_GET_DIR_DELEGATION4res_non_fatal(w: Writer, v: GET_DIR_DELEGATION4res_non_fatal) -> None:
    w.u32(v.gddrnf_status)
    if v.gddrnf_status == GDD4_OK:
        if v.gddrnf_resok4 is None:
            absent("GET_DIR_DELEGATION4res_non_fatal", "gddrnf_resok4")
        pack_GET_DIR_DELEGATION4resok(w, v.gddrnf_resok4)
    elif v.gddrnf_status == GDD4_UNAVAIL:
        if v.gddrnf_will_signal_deleg_avail is None:
            absent("GET_DIR_DELEGATION4res_non_fatal", "gddrnf_will_signal_deleg_avail")
        w.boolean(v.gddrnf_will_signal_deleg_avail)
    else:
        unknown("GET_DIR_DELEGATION4res_non_fatal", v.gddrnf_status)


class GET_DIR_DELEGATION4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gddr_status", "gddr_res_non_fatal4")

    def __init__(
        self, gddr_status: nfsstat4, gddr_res_non_fatal4: GET_DIR_DELEGATION4res_non_fatal | None = None
    ) -> None:
        self.gddr_status = gddr_status
        self.gddr_res_non_fatal4 = gddr_res_non_fatal4


def unpack_GET_DIR_DELEGATION4res(r: Reader) -> GET_DIR_DELEGATION4res:
    v = GET_DIR_DELEGATION4res(r.u32())
    if v.gddr_status == NFS4_OK:
        v.gddr_res_non_fatal4 = unpack_GET_DIR_DELEGATION4res_non_fatal(r)
    return v


def pack_GET_DIR_DELEGATION4res(w: Writer, v: GET_DIR_DELEGATION4res) -> None:
    w.u32(v.gddr_status)
    if v.gddr_status == NFS4_OK:
        if v.gddr_res_non_fatal4 is None:
            absent("GET_DIR_DELEGATION4res", "gddr_res_non_fatal4")
        pack_GET_DIR_DELEGATION4res_non_fatal(w, v.gddr_res_non_fatal4)


class GETDEVICEINFO4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdia_device_id", "gdia_layout_type", "gdia_maxcount", "gdia_notify_types")

    def __init__(
        self,
        gdia_device_id: deviceid4,
        gdia_layout_type: layouttype4,
        gdia_maxcount: count4,
        gdia_notify_types: bitmap4,
    ) -> None:
        self.gdia_device_id = gdia_device_id
        self.gdia_layout_type = gdia_layout_type
        self.gdia_maxcount = gdia_maxcount
        self.gdia_notify_types = gdia_notify_types


def unpack_GETDEVICEINFO4args(r: Reader) -> GETDEVICEINFO4args:
    at = r.take(24)
    window = r.window
    return GETDEVICEINFO4args(bytes_at(window, at, 16), u32_at(window, at + 16), u32_at(window, at + 20), r.bitmap())


def pack_GETDEVICEINFO4args(w: Writer, v: GETDEVICEINFO4args) -> None:
    w.fixed(v.gdia_device_id, 16)
    w.u32(v.gdia_layout_type)
    w.u32(v.gdia_maxcount)
    w.bitmap(v.gdia_notify_types)


class GETDEVICEINFO4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdir_device_addr", "gdir_notification")

    def __init__(self, gdir_device_addr: device_addr4, gdir_notification: bitmap4) -> None:
        self.gdir_device_addr = gdir_device_addr
        self.gdir_notification = gdir_notification


def unpack_GETDEVICEINFO4resok(r: Reader) -> GETDEVICEINFO4resok:
    return GETDEVICEINFO4resok(unpack_device_addr4(r), r.bitmap())


def pack_GETDEVICEINFO4resok(w: Writer, v: GETDEVICEINFO4resok) -> None:
    pack_device_addr4(w, v.gdir_device_addr)
    w.bitmap(v.gdir_notification)


class GETDEVICEINFO4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdir_status", "gdir_resok4", "gdir_mincount")

    def __init__(
        self, gdir_status: nfsstat4, gdir_resok4: GETDEVICEINFO4resok | None = None, gdir_mincount: count4 | None = None
    ) -> None:
        self.gdir_status = gdir_status
        self.gdir_resok4 = gdir_resok4
        self.gdir_mincount = gdir_mincount


def unpack_GETDEVICEINFO4res(r: Reader) -> GETDEVICEINFO4res:
    v = GETDEVICEINFO4res(r.u32())
    if v.gdir_status == NFS4_OK:
        v.gdir_resok4 = unpack_GETDEVICEINFO4resok(r)
    elif v.gdir_status == NFS4ERR_TOOSMALL:
        v.gdir_mincount = r.u32()
    return v


def pack_GETDEVICEINFO4res(w: Writer, v: GETDEVICEINFO4res) -> None:
    w.u32(v.gdir_status)
    if v.gdir_status == NFS4_OK:
        if v.gdir_resok4 is None:
            absent("GETDEVICEINFO4res", "gdir_resok4")
        pack_GETDEVICEINFO4resok(w, v.gdir_resok4)
    elif v.gdir_status == NFS4ERR_TOOSMALL:
        if v.gdir_mincount is None:
            absent("GETDEVICEINFO4res", "gdir_mincount")
        w.u32(v.gdir_mincount)


class GETDEVICELIST4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdla_layout_type", "gdla_maxdevices", "gdla_cookie", "gdla_cookieverf")

    def __init__(
        self,
        gdla_layout_type: layouttype4,
        gdla_maxdevices: count4,
        gdla_cookie: nfs_cookie4,
        gdla_cookieverf: verifier4,
    ) -> None:
        self.gdla_layout_type = gdla_layout_type
        self.gdla_maxdevices = gdla_maxdevices
        self.gdla_cookie = gdla_cookie
        self.gdla_cookieverf = gdla_cookieverf


def unpack_GETDEVICELIST4args(r: Reader) -> GETDEVICELIST4args:
    at = r.take(24)
    window = r.window
    return GETDEVICELIST4args(
        u32_at(window, at), u32_at(window, at + 4), u64_at(window, at + 8), bytes_at(window, at + 16, 8)
    )


def pack_GETDEVICELIST4args(w: Writer, v: GETDEVICELIST4args) -> None:
    w.u32(v.gdla_layout_type)
    w.u32(v.gdla_maxdevices)
    w.u64(v.gdla_cookie)
    w.fixed(v.gdla_cookieverf, 8)


class GETDEVICELIST4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdlr_cookie", "gdlr_cookieverf", "gdlr_deviceid_list", "gdlr_eof")

    def __init__(
        self, gdlr_cookie: nfs_cookie4, gdlr_cookieverf: verifier4, gdlr_deviceid_list: list[deviceid4], gdlr_eof: bool
    ) -> None:
        self.gdlr_cookie = gdlr_cookie
        self.gdlr_cookieverf = gdlr_cookieverf
        self.gdlr_deviceid_list = gdlr_deviceid_list
        self.gdlr_eof = gdlr_eof


def unpack_GETDEVICELIST4resok(r: Reader) -> GETDEVICELIST4resok:
    at = r.take(16)
    window = r.window
    return GETDEVICELIST4resok(
        u64_at(window, at),
        bytes_at(window, at + 8, 8),
        [r.fixed(16) for _ in range(r.array_length(0xFFFFFFFF, 16))],
        r.boolean(),
    )


def pack_GETDEVICELIST4resok(w: Writer, v: GETDEVICELIST4resok) -> None:
    w.u64(v.gdlr_cookie)
    w.fixed(v.gdlr_cookieverf, 8)
    w.array_length(len(v.gdlr_deviceid_list))
    for gdlr_deviceid_list_item in v.gdlr_deviceid_list:
        w.fixed(gdlr_deviceid_list_item, 16)
    w.boolean(v.gdlr_eof)


class GETDEVICELIST4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gdlr_status", "gdlr_resok4")

    def __init__(self, gdlr_status: nfsstat4, gdlr_resok4: GETDEVICELIST4resok | None = None) -> None:
        self.gdlr_status = gdlr_status
        self.gdlr_resok4 = gdlr_resok4


def unpack_GETDEVICELIST4res(r: Reader) -> GETDEVICELIST4res:
    v = GETDEVICELIST4res(r.u32())
    if v.gdlr_status == NFS4_OK:
        v.gdlr_resok4 = unpack_GETDEVICELIST4resok(r)
    return v


def pack_GETDEVICELIST4res(w: Writer, v: GETDEVICELIST4res) -> None:
    w.u32(v.gdlr_status)
    if v.gdlr_status == NFS4_OK:
        if v.gdlr_resok4 is None:
            absent("GETDEVICELIST4res", "gdlr_resok4")
        pack_GETDEVICELIST4resok(w, v.gdlr_resok4)


class newtime4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("nt_timechanged", "nt_time")

    def __init__(self, nt_timechanged: bool, nt_time: nfstime4 | None = None) -> None:
        self.nt_timechanged = nt_timechanged
        self.nt_time = nt_time


def unpack_newtime4(r: Reader) -> newtime4:
    v = newtime4(r.boolean())
    if v.nt_timechanged:
        v.nt_time = unpack_nfstime4(r)
    return v


def pack_newtime4(w: Writer, v: newtime4) -> None:
    w.boolean(v.nt_timechanged)
    if v.nt_timechanged:
        if v.nt_time is None:
            absent("newtime4", "nt_time")
        pack_nfstime4(w, v.nt_time)


class newoffset4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("no_newoffset", "no_offset")

    def __init__(self, no_newoffset: bool, no_offset: offset4 | None = None) -> None:
        self.no_newoffset = no_newoffset
        self.no_offset = no_offset


def unpack_newoffset4(r: Reader) -> newoffset4:
    v = newoffset4(r.boolean())
    if v.no_newoffset:
        v.no_offset = r.u64()
    return v


def pack_newoffset4(w: Writer, v: newoffset4) -> None:
    w.boolean(v.no_newoffset)
    if v.no_newoffset:
        if v.no_offset is None:
            absent("newoffset4", "no_offset")
        w.u64(v.no_offset)


class LAYOUTCOMMIT4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "loca_offset",
        "loca_length",
        "loca_reclaim",
        "loca_stateid",
        "loca_last_write_offset",
        "loca_time_modify",
        "loca_layoutupdate",
    )

    def __init__(
        self,
        loca_offset: offset4,
        loca_length: length4,
        loca_reclaim: bool,
        loca_stateid: stateid4,
        loca_last_write_offset: newoffset4,
        loca_time_modify: newtime4,
        loca_layoutupdate: layoutupdate4,
    ) -> None:
        self.loca_offset = loca_offset
        self.loca_length = loca_length
        self.loca_reclaim = loca_reclaim
        self.loca_stateid = loca_stateid
        self.loca_last_write_offset = loca_last_write_offset
        self.loca_time_modify = loca_time_modify
        self.loca_layoutupdate = loca_layoutupdate


def unpack_LAYOUTCOMMIT4args(r: Reader) -> LAYOUTCOMMIT4args:
    at = r.take(36)
    window = r.window
    return LAYOUTCOMMIT4args(
        u64_at(window, at),
        u64_at(window, at + 8),
        bool_at(window, at + 16),
        stateid4(u32_at(window, at + 20), bytes_at(window, at + 24, 12)),
        unpack_newoffset4(r),
        unpack_newtime4(r),
        unpack_layoutupdate4(r),
    )


def pack_LAYOUTCOMMIT4args(w: Writer, v: LAYOUTCOMMIT4args) -> None:
    w.u64(v.loca_offset)
    w.u64(v.loca_length)
    w.boolean(v.loca_reclaim)
    pack_stateid4(w, v.loca_stateid)
    pack_newoffset4(w, v.loca_last_write_offset)
    pack_newtime4(w, v.loca_time_modify)
    pack_layoutupdate4(w, v.loca_layoutupdate)


class newsize4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ns_sizechanged", "ns_size")

    def __init__(self, ns_sizechanged: bool, ns_size: length4 | None = None) -> None:
        self.ns_sizechanged = ns_sizechanged
        self.ns_size = ns_size


def unpack_newsize4(r: Reader) -> newsize4:
    v = newsize4(r.boolean())
    if v.ns_sizechanged:
        v.ns_size = r.u64()
    return v


def pack_newsize4(w: Writer, v: newsize4) -> None:
    w.boolean(v.ns_sizechanged)
    if v.ns_sizechanged:
        if v.ns_size is None:
            absent("newsize4", "ns_size")
        w.u64(v.ns_size)


class LAYOUTCOMMIT4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("locr_newsize",)

    def __init__(self, locr_newsize: newsize4) -> None:
        self.locr_newsize = locr_newsize


def unpack_LAYOUTCOMMIT4resok(r: Reader) -> LAYOUTCOMMIT4resok:
    return LAYOUTCOMMIT4resok(unpack_newsize4(r))


def pack_LAYOUTCOMMIT4resok(w: Writer, v: LAYOUTCOMMIT4resok) -> None:
    pack_newsize4(w, v.locr_newsize)


class LAYOUTCOMMIT4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("locr_status", "locr_resok4")

    def __init__(self, locr_status: nfsstat4, locr_resok4: LAYOUTCOMMIT4resok | None = None) -> None:
        self.locr_status = locr_status
        self.locr_resok4 = locr_resok4


def unpack_LAYOUTCOMMIT4res(r: Reader) -> LAYOUTCOMMIT4res:
    v = LAYOUTCOMMIT4res(r.u32())
    if v.locr_status == NFS4_OK:
        v.locr_resok4 = unpack_LAYOUTCOMMIT4resok(r)
    return v


def pack_LAYOUTCOMMIT4res(w: Writer, v: LAYOUTCOMMIT4res) -> None:
    w.u32(v.locr_status)
    if v.locr_status == NFS4_OK:
        if v.locr_resok4 is None:
            absent("LAYOUTCOMMIT4res", "locr_resok4")
        pack_LAYOUTCOMMIT4resok(w, v.locr_resok4)


class LAYOUTGET4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "loga_signal_layout_avail",
        "loga_layout_type",
        "loga_iomode",
        "loga_offset",
        "loga_length",
        "loga_minlength",
        "loga_stateid",
        "loga_maxcount",
    )

    def __init__(
        self,
        loga_signal_layout_avail: bool,
        loga_layout_type: layouttype4,
        loga_iomode: layoutiomode4,
        loga_offset: offset4,
        loga_length: length4,
        loga_minlength: length4,
        loga_stateid: stateid4,
        loga_maxcount: count4,
    ) -> None:
        self.loga_signal_layout_avail = loga_signal_layout_avail
        self.loga_layout_type = loga_layout_type
        self.loga_iomode = loga_iomode
        self.loga_offset = loga_offset
        self.loga_length = loga_length
        self.loga_minlength = loga_minlength
        self.loga_stateid = loga_stateid
        self.loga_maxcount = loga_maxcount


def unpack_LAYOUTGET4args(r: Reader) -> LAYOUTGET4args:
    at = r.take(56)
    window = r.window
    return LAYOUTGET4args(
        bool_at(window, at),
        u32_at(window, at + 4),
        enum_at(window, at + 8, 1, 3, "layoutiomode4"),
        u64_at(window, at + 12),
        u64_at(window, at + 20),
        u64_at(window, at + 28),
        stateid4(u32_at(window, at + 36), bytes_at(window, at + 40, 12)),
        u32_at(window, at + 52),
    )


def pack_LAYOUTGET4args(w: Writer, v: LAYOUTGET4args) -> None:
    w.boolean(v.loga_signal_layout_avail)
    w.u32(v.loga_layout_type)
    w.u32(v.loga_iomode)
    w.u64(v.loga_offset)
    w.u64(v.loga_length)
    w.u64(v.loga_minlength)
    pack_stateid4(w, v.loga_stateid)
    w.u32(v.loga_maxcount)


class LAYOUTGET4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("logr_return_on_close", "logr_stateid", "logr_layout")

    def __init__(self, logr_return_on_close: bool, logr_stateid: stateid4, logr_layout: list[layout4]) -> None:
        self.logr_return_on_close = logr_return_on_close
        self.logr_stateid = logr_stateid
        self.logr_layout = logr_layout


def unpack_LAYOUTGET4resok(r: Reader) -> LAYOUTGET4resok:
    at = r.take(20)
    window = r.window
    return LAYOUTGET4resok(
        bool_at(window, at),
        stateid4(u32_at(window, at + 4), bytes_at(window, at + 8, 12)),
        [unpack_layout4(r) for _ in range(r.array_length(0xFFFFFFFF, 28))],
    )


def pack_LAYOUTGET4resok(w: Writer, v: LAYOUTGET4resok) -> None:
    w.boolean(v.logr_return_on_close)
    pack_stateid4(w, v.logr_stateid)
    w.array_length(len(v.logr_layout))
    for logr_layout_item in v.logr_layout:
        pack_layout4(w, logr_layout_item)


class LAYOUTGET4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("logr_status", "logr_resok4", "logr_will_signal_layout_avail")

    def __init__(
        self,
        logr_status: nfsstat4,
        logr_resok4: LAYOUTGET4resok | None = None,
        logr_will_signal_layout_avail: bool | None = None,
    ) -> None:
        self.logr_status = logr_status
        self.logr_resok4 = logr_resok4
        self.logr_will_signal_layout_avail = logr_will_signal_layout_avail


def unpack_LAYOUTGET4res(r: Reader) -> LAYOUTGET4res:
    v = LAYOUTGET4res(r.u32())
    if v.logr_status == NFS4_OK:
        v.logr_resok4 = unpack_LAYOUTGET4resok(r)
    elif v.logr_status == NFS4ERR_LAYOUTTRYLATER:
        v.logr_will_signal_layout_avail = r.boolean()
    return v


def pack_LAYOUTGET4res(w: Writer, v: LAYOUTGET4res) -> None:
    w.u32(v.logr_status)
    if v.logr_status == NFS4_OK:
        if v.logr_resok4 is None:
            absent("LAYOUTGET4res", "logr_resok4")
        pack_LAYOUTGET4resok(w, v.logr_resok4)
    elif v.logr_status == NFS4ERR_LAYOUTTRYLATER:
        if v.logr_will_signal_layout_avail is None:
            absent("LAYOUTGET4res", "logr_will_signal_layout_avail")
        w.boolean(v.logr_will_signal_layout_avail)


class LAYOUTRETURN4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lora_reclaim", "lora_layout_type", "lora_iomode", "lora_layoutreturn")

    def __init__(
        self,
        lora_reclaim: bool,
        lora_layout_type: layouttype4,
        lora_iomode: layoutiomode4,
        lora_layoutreturn: layoutreturn4,
    ) -> None:
        self.lora_reclaim = lora_reclaim
        self.lora_layout_type = lora_layout_type
        self.lora_iomode = lora_iomode
        self.lora_layoutreturn = lora_layoutreturn


def unpack_LAYOUTRETURN4args(r: Reader) -> LAYOUTRETURN4args:
    at = r.take(12)
    window = r.window
    return LAYOUTRETURN4args(
        bool_at(window, at),
        u32_at(window, at + 4),
        enum_at(window, at + 8, 1, 3, "layoutiomode4"),
        unpack_layoutreturn4(r),
    )


def pack_LAYOUTRETURN4args(w: Writer, v: LAYOUTRETURN4args) -> None:
    w.boolean(v.lora_reclaim)
    w.u32(v.lora_layout_type)
    w.u32(v.lora_iomode)
    pack_layoutreturn4(w, v.lora_layoutreturn)


class layoutreturn_stateid(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lrs_present", "lrs_stateid")

    def __init__(self, lrs_present: bool, lrs_stateid: stateid4 | None = None) -> None:
        self.lrs_present = lrs_present
        self.lrs_stateid = lrs_stateid


def unpack_layoutreturn_stateid(r: Reader) -> layoutreturn_stateid:
    v = layoutreturn_stateid(r.boolean())
    if v.lrs_present:
        v.lrs_stateid = unpack_stateid4(r)
    return v


def pack_layoutreturn_stateid(w: Writer, v: layoutreturn_stateid) -> None:
    w.boolean(v.lrs_present)
    if v.lrs_present:
        if v.lrs_stateid is None:
            absent("layoutreturn_stateid", "lrs_stateid")
        pack_stateid4(w, v.lrs_stateid)


class LAYOUTRETURN4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lorr_status", "lorr_stateid")

    def __init__(self, lorr_status: nfsstat4, lorr_stateid: layoutreturn_stateid | None = None) -> None:
        self.lorr_status = lorr_status
        self.lorr_stateid = lorr_stateid


def unpack_LAYOUTRETURN4res(r: Reader) -> LAYOUTRETURN4res:
    v = LAYOUTRETURN4res(r.u32())
    if v.lorr_status == NFS4_OK:
        v.lorr_stateid = unpack_layoutreturn_stateid(r)
    return v


def pack_LAYOUTRETURN4res(w: Writer, v: LAYOUTRETURN4res) -> None:
    w.u32(v.lorr_status)
    if v.lorr_status == NFS4_OK:
        if v.lorr_stateid is None:
            absent("LAYOUTRETURN4res", "lorr_stateid")
        pack_layoutreturn_stateid(w, v.lorr_stateid)


secinfo_style4: TypeAlias = int

SECINFO_STYLE4_CURRENT_FH: Final = 0
SECINFO_STYLE4_PARENT: Final = 1

secinfo_style4_names: Final[dict[int, str]] = {
    SECINFO_STYLE4_CURRENT_FH: "SECINFO_STYLE4_CURRENT_FH",
    SECINFO_STYLE4_PARENT: "SECINFO_STYLE4_PARENT",
}


def unpack_secinfo_style4(r: Reader) -> secinfo_style4:
    return r.enum(0, 1, "secinfo_style4")


def pack_secinfo_style4(w: Writer, v: secinfo_style4) -> None:
    w.u32(v)


SECINFO_NO_NAME4args: TypeAlias = secinfo_style4


def unpack_SECINFO_NO_NAME4args(r: Reader) -> SECINFO_NO_NAME4args:
    return r.enum(0, 1, "secinfo_style4")


def pack_SECINFO_NO_NAME4args(w: Writer, v: SECINFO_NO_NAME4args) -> None:
    w.u32(v)


SECINFO_NO_NAME4res: TypeAlias = SECINFO4res


def unpack_SECINFO_NO_NAME4res(r: Reader) -> SECINFO_NO_NAME4res:
    return unpack_SECINFO4res(r)


def pack_SECINFO_NO_NAME4res(w: Writer, v: SECINFO_NO_NAME4res) -> None:
    pack_SECINFO4res(w, v)


class SEQUENCE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "sa_sessionid",
        "sa_sequenceid",
        "sa_slotid",
        "sa_highest_slotid",
        "sa_cachethis",
    )

    def __init__(
        self,
        sa_sessionid: sessionid4,
        sa_sequenceid: sequenceid4,
        sa_slotid: slotid4,
        sa_highest_slotid: slotid4,
        sa_cachethis: bool,
    ) -> None:
        self.sa_sessionid = sa_sessionid
        self.sa_sequenceid = sa_sequenceid
        self.sa_slotid = sa_slotid
        self.sa_highest_slotid = sa_highest_slotid
        self.sa_cachethis = sa_cachethis


def unpack_SEQUENCE4args(r: Reader) -> SEQUENCE4args:
    at = r.take(32)
    window = r.window
    return SEQUENCE4args(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u32_at(window, at + 24),
        bool_at(window, at + 28),
    )


def pack_SEQUENCE4args(w: Writer, v: SEQUENCE4args) -> None:
    w.fixed(v.sa_sessionid, 16)
    w.u32(v.sa_sequenceid)
    w.u32(v.sa_slotid)
    w.u32(v.sa_highest_slotid)
    w.boolean(v.sa_cachethis)


class SEQUENCE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "sr_sessionid",
        "sr_sequenceid",
        "sr_slotid",
        "sr_highest_slotid",
        "sr_target_highest_slotid",
        "sr_status_flags",
    )

    def __init__(
        self,
        sr_sessionid: sessionid4,
        sr_sequenceid: sequenceid4,
        sr_slotid: slotid4,
        sr_highest_slotid: slotid4,
        sr_target_highest_slotid: slotid4,
        sr_status_flags: int,
    ) -> None:
        self.sr_sessionid = sr_sessionid
        self.sr_sequenceid = sr_sequenceid
        self.sr_slotid = sr_slotid
        self.sr_highest_slotid = sr_highest_slotid
        self.sr_target_highest_slotid = sr_target_highest_slotid
        self.sr_status_flags = sr_status_flags


def unpack_SEQUENCE4resok(r: Reader) -> SEQUENCE4resok:
    at = r.take(36)
    window = r.window
    return SEQUENCE4resok(
        bytes_at(window, at, 16),
        u32_at(window, at + 16),
        u32_at(window, at + 20),
        u32_at(window, at + 24),
        u32_at(window, at + 28),
        u32_at(window, at + 32),
    )


def pack_SEQUENCE4resok(w: Writer, v: SEQUENCE4resok) -> None:
    w.fixed(v.sr_sessionid, 16)
    w.u32(v.sr_sequenceid)
    w.u32(v.sr_slotid)
    w.u32(v.sr_highest_slotid)
    w.u32(v.sr_target_highest_slotid)
    w.u32(v.sr_status_flags)


class SEQUENCE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sr_status", "sr_resok4")

    def __init__(self, sr_status: nfsstat4, sr_resok4: SEQUENCE4resok | None = None) -> None:
        self.sr_status = sr_status
        self.sr_resok4 = sr_resok4


def unpack_SEQUENCE4res(r: Reader) -> SEQUENCE4res:
    v = SEQUENCE4res(r.u32())
    if v.sr_status == NFS4_OK:
        v.sr_resok4 = unpack_SEQUENCE4resok(r)
    return v


def pack_SEQUENCE4res(w: Writer, v: SEQUENCE4res) -> None:
    w.u32(v.sr_status)
    if v.sr_status == NFS4_OK:
        if v.sr_resok4 is None:
            absent("SEQUENCE4res", "sr_resok4")
        pack_SEQUENCE4resok(w, v.sr_resok4)


class ssa_digest_input4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sdi_seqargs",)

    def __init__(self, sdi_seqargs: SEQUENCE4args) -> None:
        self.sdi_seqargs = sdi_seqargs


def unpack_ssa_digest_input4(r: Reader) -> ssa_digest_input4:
    return ssa_digest_input4(unpack_SEQUENCE4args(r))


def pack_ssa_digest_input4(w: Writer, v: ssa_digest_input4) -> None:
    pack_SEQUENCE4args(w, v.sdi_seqargs)


class SET_SSV4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ssa_ssv", "ssa_digest")

    def __init__(self, ssa_ssv: bytes, ssa_digest: bytes) -> None:
        self.ssa_ssv = ssa_ssv
        self.ssa_digest = ssa_digest


def unpack_SET_SSV4args(r: Reader) -> SET_SSV4args:
    return SET_SSV4args(r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_SET_SSV4args(w: Writer, v: SET_SSV4args) -> None:
    w.opaque(v.ssa_ssv)
    w.opaque(v.ssa_digest)


class ssr_digest_input4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sdi_seqres",)

    def __init__(self, sdi_seqres: SEQUENCE4res) -> None:
        self.sdi_seqres = sdi_seqres


def unpack_ssr_digest_input4(r: Reader) -> ssr_digest_input4:
    return ssr_digest_input4(unpack_SEQUENCE4res(r))


def pack_ssr_digest_input4(w: Writer, v: ssr_digest_input4) -> None:
    pack_SEQUENCE4res(w, v.sdi_seqres)


class SET_SSV4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ssr_digest",)

    def __init__(self, ssr_digest: bytes) -> None:
        self.ssr_digest = ssr_digest


def unpack_SET_SSV4resok(r: Reader) -> SET_SSV4resok:
    return SET_SSV4resok(r.opaque(OPAQUE_CAP))


def pack_SET_SSV4resok(w: Writer, v: SET_SSV4resok) -> None:
    w.opaque(v.ssr_digest)


class SET_SSV4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ssr_status", "ssr_resok4")

    def __init__(self, ssr_status: nfsstat4, ssr_resok4: SET_SSV4resok | None = None) -> None:
        self.ssr_status = ssr_status
        self.ssr_resok4 = ssr_resok4


def unpack_SET_SSV4res(r: Reader) -> SET_SSV4res:
    v = SET_SSV4res(r.u32())
    if v.ssr_status == NFS4_OK:
        v.ssr_resok4 = unpack_SET_SSV4resok(r)
    return v


def pack_SET_SSV4res(w: Writer, v: SET_SSV4res) -> None:
    w.u32(v.ssr_status)
    if v.ssr_status == NFS4_OK:
        if v.ssr_resok4 is None:
            absent("SET_SSV4res", "ssr_resok4")
        pack_SET_SSV4resok(w, v.ssr_resok4)


class TEST_STATEID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ts_stateids",)

    def __init__(self, ts_stateids: list[stateid4]) -> None:
        self.ts_stateids = ts_stateids


def unpack_TEST_STATEID4args(r: Reader) -> TEST_STATEID4args:
    return TEST_STATEID4args([unpack_stateid4(r) for _ in range(r.array_length(0xFFFFFFFF, 16))])


def pack_TEST_STATEID4args(w: Writer, v: TEST_STATEID4args) -> None:
    w.array_length(len(v.ts_stateids))
    for ts_stateids_item in v.ts_stateids:
        pack_stateid4(w, ts_stateids_item)


class TEST_STATEID4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("tsr_status_codes",)

    def __init__(self, tsr_status_codes: list[nfsstat4]) -> None:
        self.tsr_status_codes = tsr_status_codes


def unpack_TEST_STATEID4resok(r: Reader) -> TEST_STATEID4resok:
    return TEST_STATEID4resok([r.member(nfsstat4_names, "nfsstat4") for _ in range(r.array_length(0xFFFFFFFF, 4))])


def pack_TEST_STATEID4resok(w: Writer, v: TEST_STATEID4resok) -> None:
    w.array_length(len(v.tsr_status_codes))
    for tsr_status_codes_item in v.tsr_status_codes:
        w.u32(tsr_status_codes_item)


class TEST_STATEID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("tsr_status", "tsr_resok4")

    def __init__(self, tsr_status: nfsstat4, tsr_resok4: TEST_STATEID4resok | None = None) -> None:
        self.tsr_status = tsr_status
        self.tsr_resok4 = tsr_resok4


def unpack_TEST_STATEID4res(r: Reader) -> TEST_STATEID4res:
    v = TEST_STATEID4res(r.u32())
    if v.tsr_status == NFS4_OK:
        v.tsr_resok4 = unpack_TEST_STATEID4resok(r)
    return v


def pack_TEST_STATEID4res(w: Writer, v: TEST_STATEID4res) -> None:
    w.u32(v.tsr_status)
    if v.tsr_status == NFS4_OK:
        if v.tsr_resok4 is None:
            absent("TEST_STATEID4res", "tsr_resok4")
        pack_TEST_STATEID4resok(w, v.tsr_resok4)


class deleg_claim4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dc_claim", "dc_delegate_type")

    def __init__(self, dc_claim: open_claim_type4, dc_delegate_type: open_delegation_type4 | None = None) -> None:
        self.dc_claim = dc_claim
        self.dc_delegate_type = dc_delegate_type


def unpack_deleg_claim4(r: Reader) -> deleg_claim4:
    v = deleg_claim4(r.u32())
    if v.dc_claim == CLAIM_PREVIOUS:
        v.dc_delegate_type = r.enum(0, 3, "open_delegation_type4")
    elif v.dc_claim in (CLAIM_FH, CLAIM_DELEG_PREV_FH):
        pass
    else:
        unknown("deleg_claim4", v.dc_claim)
    return v


def pack_deleg_claim4(w: Writer, v: deleg_claim4) -> None:
    w.u32(v.dc_claim)
    if v.dc_claim == CLAIM_PREVIOUS:
        if v.dc_delegate_type is None:
            absent("deleg_claim4", "dc_delegate_type")
        w.u32(v.dc_delegate_type)
    elif v.dc_claim in (CLAIM_FH, CLAIM_DELEG_PREV_FH):
        pass
    else:
        unknown("deleg_claim4", v.dc_claim)


class WANT_DELEGATION4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("wda_want", "wda_claim")

    def __init__(self, wda_want: int, wda_claim: deleg_claim4) -> None:
        self.wda_want = wda_want
        self.wda_claim = wda_claim


def unpack_WANT_DELEGATION4args(r: Reader) -> WANT_DELEGATION4args:
    return WANT_DELEGATION4args(r.u32(), unpack_deleg_claim4(r))


def pack_WANT_DELEGATION4args(w: Writer, v: WANT_DELEGATION4args) -> None:
    w.u32(v.wda_want)
    pack_deleg_claim4(w, v.wda_claim)


class WANT_DELEGATION4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("wdr_status", "wdr_resok4")

    def __init__(self, wdr_status: nfsstat4, wdr_resok4: open_delegation4 | None = None) -> None:
        self.wdr_status = wdr_status
        self.wdr_resok4 = wdr_resok4


def unpack_WANT_DELEGATION4res(r: Reader) -> WANT_DELEGATION4res:
    v = WANT_DELEGATION4res(r.u32())
    if v.wdr_status == NFS4_OK:
        v.wdr_resok4 = unpack_open_delegation4(r)
    return v


def pack_WANT_DELEGATION4res(w: Writer, v: WANT_DELEGATION4res) -> None:
    w.u32(v.wdr_status)
    if v.wdr_status == NFS4_OK:
        if v.wdr_resok4 is None:
            absent("WANT_DELEGATION4res", "wdr_resok4")
        pack_open_delegation4(w, v.wdr_resok4)


class DESTROY_CLIENTID4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dca_clientid",)

    def __init__(self, dca_clientid: clientid4) -> None:
        self.dca_clientid = dca_clientid


def unpack_DESTROY_CLIENTID4args(r: Reader) -> DESTROY_CLIENTID4args:
    return DESTROY_CLIENTID4args(r.u64())


def pack_DESTROY_CLIENTID4args(w: Writer, v: DESTROY_CLIENTID4args) -> None:
    w.u64(v.dca_clientid)


class DESTROY_CLIENTID4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dcr_status",)

    def __init__(self, dcr_status: nfsstat4) -> None:
        self.dcr_status = dcr_status


def unpack_DESTROY_CLIENTID4res(r: Reader) -> DESTROY_CLIENTID4res:
    return DESTROY_CLIENTID4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_DESTROY_CLIENTID4res(w: Writer, v: DESTROY_CLIENTID4res) -> None:
    w.u32(v.dcr_status)


class RECLAIM_COMPLETE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rca_one_fs",)

    def __init__(self, rca_one_fs: bool) -> None:
        self.rca_one_fs = rca_one_fs


def unpack_RECLAIM_COMPLETE4args(r: Reader) -> RECLAIM_COMPLETE4args:
    return RECLAIM_COMPLETE4args(r.boolean())


def pack_RECLAIM_COMPLETE4args(w: Writer, v: RECLAIM_COMPLETE4args) -> None:
    w.boolean(v.rca_one_fs)


class RECLAIM_COMPLETE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rcr_status",)

    def __init__(self, rcr_status: nfsstat4) -> None:
        self.rcr_status = rcr_status


def unpack_RECLAIM_COMPLETE4res(r: Reader) -> RECLAIM_COMPLETE4res:
    return RECLAIM_COMPLETE4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_RECLAIM_COMPLETE4res(w: Writer, v: RECLAIM_COMPLETE4res) -> None:
    w.u32(v.rcr_status)


class ALLOCATE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("aa_stateid", "aa_offset", "aa_length")

    def __init__(self, aa_stateid: stateid4, aa_offset: offset4, aa_length: length4) -> None:
        self.aa_stateid = aa_stateid
        self.aa_offset = aa_offset
        self.aa_length = aa_length


def unpack_ALLOCATE4args(r: Reader) -> ALLOCATE4args:
    at = r.take(32)
    window = r.window
    return ALLOCATE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u64_at(window, at + 16), u64_at(window, at + 24)
    )


def pack_ALLOCATE4args(w: Writer, v: ALLOCATE4args) -> None:
    pack_stateid4(w, v.aa_stateid)
    w.u64(v.aa_offset)
    w.u64(v.aa_length)


class ALLOCATE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ar_status",)

    def __init__(self, ar_status: nfsstat4) -> None:
        self.ar_status = ar_status


def unpack_ALLOCATE4res(r: Reader) -> ALLOCATE4res:
    return ALLOCATE4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_ALLOCATE4res(w: Writer, v: ALLOCATE4res) -> None:
    w.u32(v.ar_status)


class write_response4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("wr_callback_id", "wr_count", "wr_committed", "wr_writeverf")

    def __init__(
        self, wr_callback_id: list[stateid4], wr_count: length4, wr_committed: stable_how4, wr_writeverf: verifier4
    ) -> None:
        self.wr_callback_id = wr_callback_id
        self.wr_count = wr_count
        self.wr_committed = wr_committed
        self.wr_writeverf = wr_writeverf


def unpack_write_response4(r: Reader) -> write_response4:
    wr_callback_id = [unpack_stateid4(r) for _ in range(r.array_length(1, 16))]
    at = r.take(20)
    window = r.window
    return write_response4(
        wr_callback_id, u64_at(window, at), enum_at(window, at + 8, 0, 2, "stable_how4"), bytes_at(window, at + 12, 8)
    )


def pack_write_response4(w: Writer, v: write_response4) -> None:
    w.array_length(len(v.wr_callback_id), 1)
    for wr_callback_id_item in v.wr_callback_id:
        pack_stateid4(w, wr_callback_id_item)
    w.u64(v.wr_count)
    w.u32(v.wr_committed)
    w.fixed(v.wr_writeverf, 8)


class COPY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "ca_src_stateid",
        "ca_dst_stateid",
        "ca_src_offset",
        "ca_dst_offset",
        "ca_count",
        "ca_consecutive",
        "ca_synchronous",
        "ca_source_server",
    )

    def __init__(
        self,
        ca_src_stateid: stateid4,
        ca_dst_stateid: stateid4,
        ca_src_offset: offset4,
        ca_dst_offset: offset4,
        ca_count: length4,
        ca_consecutive: bool,
        ca_synchronous: bool,
        ca_source_server: list[netloc4],
    ) -> None:
        self.ca_src_stateid = ca_src_stateid
        self.ca_dst_stateid = ca_dst_stateid
        self.ca_src_offset = ca_src_offset
        self.ca_dst_offset = ca_dst_offset
        self.ca_count = ca_count
        self.ca_consecutive = ca_consecutive
        self.ca_synchronous = ca_synchronous
        self.ca_source_server = ca_source_server


def unpack_COPY4args(r: Reader) -> COPY4args:
    at = r.take(64)
    window = r.window
    return COPY4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
        u64_at(window, at + 32),
        u64_at(window, at + 40),
        u64_at(window, at + 48),
        bool_at(window, at + 56),
        bool_at(window, at + 60),
        [unpack_netloc4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))],
    )


def pack_COPY4args(w: Writer, v: COPY4args) -> None:
    pack_stateid4(w, v.ca_src_stateid)
    pack_stateid4(w, v.ca_dst_stateid)
    w.u64(v.ca_src_offset)
    w.u64(v.ca_dst_offset)
    w.u64(v.ca_count)
    w.boolean(v.ca_consecutive)
    w.boolean(v.ca_synchronous)
    w.array_length(len(v.ca_source_server))
    for ca_source_server_item in v.ca_source_server:
        pack_netloc4(w, ca_source_server_item)


class copy_requirements4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cr_consecutive", "cr_synchronous")

    def __init__(self, cr_consecutive: bool, cr_synchronous: bool) -> None:
        self.cr_consecutive = cr_consecutive
        self.cr_synchronous = cr_synchronous


def unpack_copy_requirements4(r: Reader) -> copy_requirements4:
    at = r.take(8)
    window = r.window
    return copy_requirements4(bool_at(window, at), bool_at(window, at + 4))


def pack_copy_requirements4(w: Writer, v: copy_requirements4) -> None:
    w.boolean(v.cr_consecutive)
    w.boolean(v.cr_synchronous)


class COPY4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cr_response", "cr_requirements")

    def __init__(self, cr_response: write_response4, cr_requirements: copy_requirements4) -> None:
        self.cr_response = cr_response
        self.cr_requirements = cr_requirements


def unpack_COPY4resok(r: Reader) -> COPY4resok:
    return COPY4resok(unpack_write_response4(r), unpack_copy_requirements4(r))


def pack_COPY4resok(w: Writer, v: COPY4resok) -> None:
    pack_write_response4(w, v.cr_response)
    pack_copy_requirements4(w, v.cr_requirements)


class COPY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cr_status", "cr_resok4", "cr_requirements")

    def __init__(
        self,
        cr_status: nfsstat4,
        cr_resok4: COPY4resok | None = None,
        cr_requirements: copy_requirements4 | None = None,
    ) -> None:
        self.cr_status = cr_status
        self.cr_resok4 = cr_resok4
        self.cr_requirements = cr_requirements


def unpack_COPY4res(r: Reader) -> COPY4res:
    v = COPY4res(r.u32())
    if v.cr_status == NFS4_OK:
        v.cr_resok4 = unpack_COPY4resok(r)
    elif v.cr_status == NFS4ERR_OFFLOAD_NO_REQS:
        v.cr_requirements = unpack_copy_requirements4(r)
    return v


def pack_COPY4res(w: Writer, v: COPY4res) -> None:
    w.u32(v.cr_status)
    if v.cr_status == NFS4_OK:
        if v.cr_resok4 is None:
            absent("COPY4res", "cr_resok4")
        pack_COPY4resok(w, v.cr_resok4)
    elif v.cr_status == NFS4ERR_OFFLOAD_NO_REQS:
        if v.cr_requirements is None:
            absent("COPY4res", "cr_requirements")
        pack_copy_requirements4(w, v.cr_requirements)


class COPY_NOTIFY4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cna_src_stateid", "cna_destination_server")

    def __init__(self, cna_src_stateid: stateid4, cna_destination_server: netloc4) -> None:
        self.cna_src_stateid = cna_src_stateid
        self.cna_destination_server = cna_destination_server


def unpack_COPY_NOTIFY4args(r: Reader) -> COPY_NOTIFY4args:
    return COPY_NOTIFY4args(unpack_stateid4(r), unpack_netloc4(r))


def pack_COPY_NOTIFY4args(w: Writer, v: COPY_NOTIFY4args) -> None:
    pack_stateid4(w, v.cna_src_stateid)
    pack_netloc4(w, v.cna_destination_server)


class COPY_NOTIFY4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnr_lease_time", "cnr_stateid", "cnr_source_server")

    def __init__(self, cnr_lease_time: nfstime4, cnr_stateid: stateid4, cnr_source_server: list[netloc4]) -> None:
        self.cnr_lease_time = cnr_lease_time
        self.cnr_stateid = cnr_stateid
        self.cnr_source_server = cnr_source_server


def unpack_COPY_NOTIFY4resok(r: Reader) -> COPY_NOTIFY4resok:
    at = r.take(28)
    window = r.window
    return COPY_NOTIFY4resok(
        nfstime4(i64_at(window, at), u32_at(window, at + 8)),
        stateid4(u32_at(window, at + 12), bytes_at(window, at + 16, 12)),
        [unpack_netloc4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))],
    )


def pack_COPY_NOTIFY4resok(w: Writer, v: COPY_NOTIFY4resok) -> None:
    pack_nfstime4(w, v.cnr_lease_time)
    pack_stateid4(w, v.cnr_stateid)
    w.array_length(len(v.cnr_source_server))
    for cnr_source_server_item in v.cnr_source_server:
        pack_netloc4(w, cnr_source_server_item)


class COPY_NOTIFY4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cnr_status", "resok4")

    def __init__(self, cnr_status: nfsstat4, resok4: COPY_NOTIFY4resok | None = None) -> None:
        self.cnr_status = cnr_status
        self.resok4 = resok4


def unpack_COPY_NOTIFY4res(r: Reader) -> COPY_NOTIFY4res:
    v = COPY_NOTIFY4res(r.u32())
    if v.cnr_status == NFS4_OK:
        v.resok4 = unpack_COPY_NOTIFY4resok(r)
    return v


def pack_COPY_NOTIFY4res(w: Writer, v: COPY_NOTIFY4res) -> None:
    w.u32(v.cnr_status)
    if v.cnr_status == NFS4_OK:
        if v.resok4 is None:
            absent("COPY_NOTIFY4res", "resok4")
        pack_COPY_NOTIFY4resok(w, v.resok4)


class DEALLOCATE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("da_stateid", "da_offset", "da_length")

    def __init__(self, da_stateid: stateid4, da_offset: offset4, da_length: length4) -> None:
        self.da_stateid = da_stateid
        self.da_offset = da_offset
        self.da_length = da_length


def unpack_DEALLOCATE4args(r: Reader) -> DEALLOCATE4args:
    at = r.take(32)
    window = r.window
    return DEALLOCATE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u64_at(window, at + 16), u64_at(window, at + 24)
    )


def pack_DEALLOCATE4args(w: Writer, v: DEALLOCATE4args) -> None:
    pack_stateid4(w, v.da_stateid)
    w.u64(v.da_offset)
    w.u64(v.da_length)


class DEALLOCATE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("dr_status",)

    def __init__(self, dr_status: nfsstat4) -> None:
        self.dr_status = dr_status


def unpack_DEALLOCATE4res(r: Reader) -> DEALLOCATE4res:
    return DEALLOCATE4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_DEALLOCATE4res(w: Writer, v: DEALLOCATE4res) -> None:
    w.u32(v.dr_status)


IO_ADVISE_type4: TypeAlias = int

IO_ADVISE4_NORMAL: Final = 0
IO_ADVISE4_SEQUENTIAL: Final = 1
IO_ADVISE4_SEQUENTIAL_BACKWARDS: Final = 2
IO_ADVISE4_RANDOM: Final = 3
IO_ADVISE4_WILLNEED: Final = 4
IO_ADVISE4_WILLNEED_OPPORTUNISTIC: Final = 5
IO_ADVISE4_DONTNEED: Final = 6
IO_ADVISE4_NOREUSE: Final = 7
IO_ADVISE4_READ: Final = 8
IO_ADVISE4_WRITE: Final = 9
IO_ADVISE4_INIT_PROXIMITY: Final = 10

IO_ADVISE_type4_names: Final[dict[int, str]] = {
    IO_ADVISE4_NORMAL: "IO_ADVISE4_NORMAL",
    IO_ADVISE4_SEQUENTIAL: "IO_ADVISE4_SEQUENTIAL",
    IO_ADVISE4_SEQUENTIAL_BACKWARDS: "IO_ADVISE4_SEQUENTIAL_BACKWARDS",
    IO_ADVISE4_RANDOM: "IO_ADVISE4_RANDOM",
    IO_ADVISE4_WILLNEED: "IO_ADVISE4_WILLNEED",
    IO_ADVISE4_WILLNEED_OPPORTUNISTIC: "IO_ADVISE4_WILLNEED_OPPORTUNISTIC",
    IO_ADVISE4_DONTNEED: "IO_ADVISE4_DONTNEED",
    IO_ADVISE4_NOREUSE: "IO_ADVISE4_NOREUSE",
    IO_ADVISE4_READ: "IO_ADVISE4_READ",
    IO_ADVISE4_WRITE: "IO_ADVISE4_WRITE",
    IO_ADVISE4_INIT_PROXIMITY: "IO_ADVISE4_INIT_PROXIMITY",
}


def unpack_IO_ADVISE_type4(r: Reader) -> IO_ADVISE_type4:
    return r.enum(0, 10, "IO_ADVISE_type4")


def pack_IO_ADVISE_type4(w: Writer, v: IO_ADVISE_type4) -> None:
    w.u32(v)


class IO_ADVISE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("iaa_stateid", "iaa_offset", "iaa_count", "iaa_hints")

    def __init__(self, iaa_stateid: stateid4, iaa_offset: offset4, iaa_count: length4, iaa_hints: bitmap4) -> None:
        self.iaa_stateid = iaa_stateid
        self.iaa_offset = iaa_offset
        self.iaa_count = iaa_count
        self.iaa_hints = iaa_hints


def unpack_IO_ADVISE4args(r: Reader) -> IO_ADVISE4args:
    at = r.take(32)
    window = r.window
    return IO_ADVISE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        u64_at(window, at + 16),
        u64_at(window, at + 24),
        r.bitmap(),
    )


def pack_IO_ADVISE4args(w: Writer, v: IO_ADVISE4args) -> None:
    pack_stateid4(w, v.iaa_stateid)
    w.u64(v.iaa_offset)
    w.u64(v.iaa_count)
    w.bitmap(v.iaa_hints)


class IO_ADVISE4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ior_hints",)

    def __init__(self, ior_hints: bitmap4) -> None:
        self.ior_hints = ior_hints


def unpack_IO_ADVISE4resok(r: Reader) -> IO_ADVISE4resok:
    return IO_ADVISE4resok(r.bitmap())


def pack_IO_ADVISE4resok(w: Writer, v: IO_ADVISE4resok) -> None:
    w.bitmap(v.ior_hints)


class IO_ADVISE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ior_status", "resok4")

    def __init__(self, ior_status: nfsstat4, resok4: IO_ADVISE4resok | None = None) -> None:
        self.ior_status = ior_status
        self.resok4 = resok4


def unpack_IO_ADVISE4res(r: Reader) -> IO_ADVISE4res:
    v = IO_ADVISE4res(r.u32())
    if v.ior_status == NFS4_OK:
        v.resok4 = unpack_IO_ADVISE4resok(r)
    return v


def pack_IO_ADVISE4res(w: Writer, v: IO_ADVISE4res) -> None:
    w.u32(v.ior_status)
    if v.ior_status == NFS4_OK:
        if v.resok4 is None:
            absent("IO_ADVISE4res", "resok4")
        pack_IO_ADVISE4resok(w, v.resok4)


class device_error4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("de_deviceid", "de_status", "de_opnum")

    def __init__(self, de_deviceid: deviceid4, de_status: nfsstat4, de_opnum: nfs_opnum4) -> None:
        self.de_deviceid = de_deviceid
        self.de_status = de_status
        self.de_opnum = de_opnum


def unpack_device_error4(r: Reader) -> device_error4:
    at = r.take(24)
    window = r.window
    return device_error4(
        bytes_at(window, at, 16),
        member_at(window, at + 16, nfsstat4_names, "nfsstat4"),
        member_at(window, at + 20, nfs_opnum4_names, "nfs_opnum4"),
    )


def pack_device_error4(w: Writer, v: device_error4) -> None:
    w.fixed(v.de_deviceid, 16)
    w.u32(v.de_status)
    w.u32(v.de_opnum)


class LAYOUTERROR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lea_offset", "lea_length", "lea_stateid", "lea_errors")

    def __init__(
        self, lea_offset: offset4, lea_length: length4, lea_stateid: stateid4, lea_errors: list[device_error4]
    ) -> None:
        self.lea_offset = lea_offset
        self.lea_length = lea_length
        self.lea_stateid = lea_stateid
        self.lea_errors = lea_errors


def unpack_LAYOUTERROR4args(r: Reader) -> LAYOUTERROR4args:
    at = r.take(32)
    window = r.window
    return LAYOUTERROR4args(
        u64_at(window, at),
        u64_at(window, at + 8),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
        [unpack_device_error4(r) for _ in range(r.array_length(0xFFFFFFFF, 24))],
    )


def pack_LAYOUTERROR4args(w: Writer, v: LAYOUTERROR4args) -> None:
    w.u64(v.lea_offset)
    w.u64(v.lea_length)
    pack_stateid4(w, v.lea_stateid)
    w.array_length(len(v.lea_errors))
    for lea_errors_item in v.lea_errors:
        pack_device_error4(w, lea_errors_item)


class LAYOUTERROR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ler_status",)

    def __init__(self, ler_status: nfsstat4) -> None:
        self.ler_status = ler_status


def unpack_LAYOUTERROR4res(r: Reader) -> LAYOUTERROR4res:
    return LAYOUTERROR4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_LAYOUTERROR4res(w: Writer, v: LAYOUTERROR4res) -> None:
    w.u32(v.ler_status)


class io_info4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ii_count", "ii_bytes")

    def __init__(self, ii_count: int, ii_bytes: int) -> None:
        self.ii_count = ii_count
        self.ii_bytes = ii_bytes


def unpack_io_info4(r: Reader) -> io_info4:
    at = r.take(16)
    window = r.window
    return io_info4(u64_at(window, at), u64_at(window, at + 8))


def pack_io_info4(w: Writer, v: io_info4) -> None:
    w.u64(v.ii_count)
    w.u64(v.ii_bytes)


class LAYOUTSTATS4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "lsa_offset",
        "lsa_length",
        "lsa_stateid",
        "lsa_read",
        "lsa_write",
        "lsa_deviceid",
        "lsa_layoutupdate",
    )

    def __init__(
        self,
        lsa_offset: offset4,
        lsa_length: length4,
        lsa_stateid: stateid4,
        lsa_read: io_info4,
        lsa_write: io_info4,
        lsa_deviceid: deviceid4,
        lsa_layoutupdate: layoutupdate4,
    ) -> None:
        self.lsa_offset = lsa_offset
        self.lsa_length = lsa_length
        self.lsa_stateid = lsa_stateid
        self.lsa_read = lsa_read
        self.lsa_write = lsa_write
        self.lsa_deviceid = lsa_deviceid
        self.lsa_layoutupdate = lsa_layoutupdate


def unpack_LAYOUTSTATS4args(r: Reader) -> LAYOUTSTATS4args:
    at = r.take(80)
    window = r.window
    return LAYOUTSTATS4args(
        u64_at(window, at),
        u64_at(window, at + 8),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
        io_info4(u64_at(window, at + 32), u64_at(window, at + 40)),
        io_info4(u64_at(window, at + 48), u64_at(window, at + 56)),
        bytes_at(window, at + 64, 16),
        unpack_layoutupdate4(r),
    )


def pack_LAYOUTSTATS4args(w: Writer, v: LAYOUTSTATS4args) -> None:
    w.u64(v.lsa_offset)
    w.u64(v.lsa_length)
    pack_stateid4(w, v.lsa_stateid)
    pack_io_info4(w, v.lsa_read)
    pack_io_info4(w, v.lsa_write)
    w.fixed(v.lsa_deviceid, 16)
    pack_layoutupdate4(w, v.lsa_layoutupdate)


class LAYOUTSTATS4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lsr_status",)

    def __init__(self, lsr_status: nfsstat4) -> None:
        self.lsr_status = lsr_status


def unpack_LAYOUTSTATS4res(r: Reader) -> LAYOUTSTATS4res:
    return LAYOUTSTATS4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_LAYOUTSTATS4res(w: Writer, v: LAYOUTSTATS4res) -> None:
    w.u32(v.lsr_status)


class OFFLOAD_CANCEL4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("oca_stateid",)

    def __init__(self, oca_stateid: stateid4) -> None:
        self.oca_stateid = oca_stateid


def unpack_OFFLOAD_CANCEL4args(r: Reader) -> OFFLOAD_CANCEL4args:
    return OFFLOAD_CANCEL4args(unpack_stateid4(r))


def pack_OFFLOAD_CANCEL4args(w: Writer, v: OFFLOAD_CANCEL4args) -> None:
    pack_stateid4(w, v.oca_stateid)


class OFFLOAD_CANCEL4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("ocr_status",)

    def __init__(self, ocr_status: nfsstat4) -> None:
        self.ocr_status = ocr_status


def unpack_OFFLOAD_CANCEL4res(r: Reader) -> OFFLOAD_CANCEL4res:
    return OFFLOAD_CANCEL4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_OFFLOAD_CANCEL4res(w: Writer, v: OFFLOAD_CANCEL4res) -> None:
    w.u32(v.ocr_status)


class OFFLOAD_STATUS4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("osa_stateid",)

    def __init__(self, osa_stateid: stateid4) -> None:
        self.osa_stateid = osa_stateid


def unpack_OFFLOAD_STATUS4args(r: Reader) -> OFFLOAD_STATUS4args:
    return OFFLOAD_STATUS4args(unpack_stateid4(r))


def pack_OFFLOAD_STATUS4args(w: Writer, v: OFFLOAD_STATUS4args) -> None:
    pack_stateid4(w, v.osa_stateid)


class OFFLOAD_STATUS4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("osr_count", "osr_complete")

    def __init__(self, osr_count: length4, osr_complete: list[nfsstat4]) -> None:
        self.osr_count = osr_count
        self.osr_complete = osr_complete


def unpack_OFFLOAD_STATUS4resok(r: Reader) -> OFFLOAD_STATUS4resok:
    return OFFLOAD_STATUS4resok(r.u64(), [r.member(nfsstat4_names, "nfsstat4") for _ in range(r.array_length(1, 4))])


def pack_OFFLOAD_STATUS4resok(w: Writer, v: OFFLOAD_STATUS4resok) -> None:
    w.u64(v.osr_count)
    w.array_length(len(v.osr_complete), 1)
    for osr_complete_item in v.osr_complete:
        w.u32(osr_complete_item)


class OFFLOAD_STATUS4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("osr_status", "osr_resok4")

    def __init__(self, osr_status: nfsstat4, osr_resok4: OFFLOAD_STATUS4resok | None = None) -> None:
        self.osr_status = osr_status
        self.osr_resok4 = osr_resok4


def unpack_OFFLOAD_STATUS4res(r: Reader) -> OFFLOAD_STATUS4res:
    v = OFFLOAD_STATUS4res(r.u32())
    if v.osr_status == NFS4_OK:
        v.osr_resok4 = unpack_OFFLOAD_STATUS4resok(r)
    return v


def pack_OFFLOAD_STATUS4res(w: Writer, v: OFFLOAD_STATUS4res) -> None:
    w.u32(v.osr_status)
    if v.osr_status == NFS4_OK:
        if v.osr_resok4 is None:
            absent("OFFLOAD_STATUS4res", "osr_resok4")
        pack_OFFLOAD_STATUS4resok(w, v.osr_resok4)


class READ_PLUS4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rpa_stateid", "rpa_offset", "rpa_count")

    def __init__(self, rpa_stateid: stateid4, rpa_offset: offset4, rpa_count: count4) -> None:
        self.rpa_stateid = rpa_stateid
        self.rpa_offset = rpa_offset
        self.rpa_count = rpa_count


def unpack_READ_PLUS4args(r: Reader) -> READ_PLUS4args:
    at = r.take(28)
    window = r.window
    return READ_PLUS4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)), u64_at(window, at + 16), u32_at(window, at + 24)
    )


def pack_READ_PLUS4args(w: Writer, v: READ_PLUS4args) -> None:
    pack_stateid4(w, v.rpa_stateid)
    w.u64(v.rpa_offset)
    w.u32(v.rpa_count)


class read_plus_content(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rpc_content", "rpc_data", "rpc_hole")

    def __init__(
        self, rpc_content: data_content4, rpc_data: data4 | None = None, rpc_hole: data_info4 | None = None
    ) -> None:
        self.rpc_content = rpc_content
        self.rpc_data = rpc_data
        self.rpc_hole = rpc_hole


def unpack_read_plus_content(r: Reader) -> read_plus_content:
    v = read_plus_content(r.u32())
    if v.rpc_content == NFS4_CONTENT_DATA:
        v.rpc_data = unpack_data4(r)
    elif v.rpc_content == NFS4_CONTENT_HOLE:
        v.rpc_hole = unpack_data_info4(r)
    return v


def pack_read_plus_content(w: Writer, v: read_plus_content) -> None:
    w.u32(v.rpc_content)
    if v.rpc_content == NFS4_CONTENT_DATA:
        if v.rpc_data is None:
            absent("read_plus_content", "rpc_data")
        pack_data4(w, v.rpc_data)
    elif v.rpc_content == NFS4_CONTENT_HOLE:
        if v.rpc_hole is None:
            absent("read_plus_content", "rpc_hole")
        pack_data_info4(w, v.rpc_hole)


class read_plus_res4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rpr_eof", "rpr_contents")

    def __init__(self, rpr_eof: bool, rpr_contents: list[read_plus_content]) -> None:
        self.rpr_eof = rpr_eof
        self.rpr_contents = rpr_contents


def unpack_read_plus_res4(r: Reader) -> read_plus_res4:
    return read_plus_res4(r.boolean(), [unpack_read_plus_content(r) for _ in range(r.array_length(0xFFFFFFFF, 4))])


def pack_read_plus_res4(w: Writer, v: read_plus_res4) -> None:
    w.boolean(v.rpr_eof)
    w.array_length(len(v.rpr_contents))
    for rpr_contents_item in v.rpr_contents:
        pack_read_plus_content(w, rpr_contents_item)


class READ_PLUS4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rp_status", "rp_resok4")

    def __init__(self, rp_status: nfsstat4, rp_resok4: read_plus_res4 | None = None) -> None:
        self.rp_status = rp_status
        self.rp_resok4 = rp_resok4


def unpack_READ_PLUS4res(r: Reader) -> READ_PLUS4res:
    v = READ_PLUS4res(r.u32())
    if v.rp_status == NFS4_OK:
        v.rp_resok4 = unpack_read_plus_res4(r)
    return v


def pack_READ_PLUS4res(w: Writer, v: READ_PLUS4res) -> None:
    w.u32(v.rp_status)
    if v.rp_status == NFS4_OK:
        if v.rp_resok4 is None:
            absent("READ_PLUS4res", "rp_resok4")
        pack_read_plus_res4(w, v.rp_resok4)


class SEEK4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sa_stateid", "sa_offset", "sa_what")

    def __init__(self, sa_stateid: stateid4, sa_offset: offset4, sa_what: data_content4) -> None:
        self.sa_stateid = sa_stateid
        self.sa_offset = sa_offset
        self.sa_what = sa_what


def unpack_SEEK4args(r: Reader) -> SEEK4args:
    at = r.take(28)
    window = r.window
    return SEEK4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        u64_at(window, at + 16),
        enum_at(window, at + 24, 0, 1, "data_content4"),
    )


def pack_SEEK4args(w: Writer, v: SEEK4args) -> None:
    pack_stateid4(w, v.sa_stateid)
    w.u64(v.sa_offset)
    w.u32(v.sa_what)


class seek_res4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sr_eof", "sr_offset")

    def __init__(self, sr_eof: bool, sr_offset: offset4) -> None:
        self.sr_eof = sr_eof
        self.sr_offset = sr_offset


def unpack_seek_res4(r: Reader) -> seek_res4:
    at = r.take(12)
    window = r.window
    return seek_res4(bool_at(window, at), u64_at(window, at + 4))


def pack_seek_res4(w: Writer, v: seek_res4) -> None:
    w.boolean(v.sr_eof)
    w.u64(v.sr_offset)


class SEEK4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sa_status", "resok4")

    def __init__(self, sa_status: nfsstat4, resok4: seek_res4 | None = None) -> None:
        self.sa_status = sa_status
        self.resok4 = resok4


def unpack_SEEK4res(r: Reader) -> SEEK4res:
    v = SEEK4res(r.u32())
    if v.sa_status == NFS4_OK:
        v.resok4 = unpack_seek_res4(r)
    return v


def pack_SEEK4res(w: Writer, v: SEEK4res) -> None:
    w.u32(v.sa_status)
    if v.sa_status == NFS4_OK:
        if v.resok4 is None:
            absent("SEEK4res", "resok4")
        pack_seek_res4(w, v.resok4)


class WRITE_SAME4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("wsa_stateid", "wsa_stable", "wsa_adb")

    def __init__(self, wsa_stateid: stateid4, wsa_stable: stable_how4, wsa_adb: app_data_block4) -> None:
        self.wsa_stateid = wsa_stateid
        self.wsa_stable = wsa_stable
        self.wsa_adb = wsa_adb


def unpack_WRITE_SAME4args(r: Reader) -> WRITE_SAME4args:
    at = r.take(20)
    window = r.window
    return WRITE_SAME4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        enum_at(window, at + 16, 0, 2, "stable_how4"),
        unpack_app_data_block4(r),
    )


def pack_WRITE_SAME4args(w: Writer, v: WRITE_SAME4args) -> None:
    pack_stateid4(w, v.wsa_stateid)
    w.u32(v.wsa_stable)
    pack_app_data_block4(w, v.wsa_adb)


class WRITE_SAME4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("wsr_status", "resok4")

    def __init__(self, wsr_status: nfsstat4, resok4: write_response4 | None = None) -> None:
        self.wsr_status = wsr_status
        self.resok4 = resok4


def unpack_WRITE_SAME4res(r: Reader) -> WRITE_SAME4res:
    v = WRITE_SAME4res(r.u32())
    if v.wsr_status == NFS4_OK:
        v.resok4 = unpack_write_response4(r)
    return v


def pack_WRITE_SAME4res(w: Writer, v: WRITE_SAME4res) -> None:
    w.u32(v.wsr_status)
    if v.wsr_status == NFS4_OK:
        if v.resok4 is None:
            absent("WRITE_SAME4res", "resok4")
        pack_write_response4(w, v.resok4)


class CLONE4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "cl_src_stateid",
        "cl_dst_stateid",
        "cl_src_offset",
        "cl_dst_offset",
        "cl_count",
    )

    def __init__(
        self,
        cl_src_stateid: stateid4,
        cl_dst_stateid: stateid4,
        cl_src_offset: offset4,
        cl_dst_offset: offset4,
        cl_count: length4,
    ) -> None:
        self.cl_src_stateid = cl_src_stateid
        self.cl_dst_stateid = cl_dst_stateid
        self.cl_src_offset = cl_src_offset
        self.cl_dst_offset = cl_dst_offset
        self.cl_count = cl_count


def unpack_CLONE4args(r: Reader) -> CLONE4args:
    at = r.take(56)
    window = r.window
    return CLONE4args(
        stateid4(u32_at(window, at), bytes_at(window, at + 4, 12)),
        stateid4(u32_at(window, at + 16), bytes_at(window, at + 20, 12)),
        u64_at(window, at + 32),
        u64_at(window, at + 40),
        u64_at(window, at + 48),
    )


def pack_CLONE4args(w: Writer, v: CLONE4args) -> None:
    pack_stateid4(w, v.cl_src_stateid)
    pack_stateid4(w, v.cl_dst_stateid)
    w.u64(v.cl_src_offset)
    w.u64(v.cl_dst_offset)
    w.u64(v.cl_count)


class CLONE4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("cl_status",)

    def __init__(self, cl_status: nfsstat4) -> None:
        self.cl_status = cl_status


def unpack_CLONE4res(r: Reader) -> CLONE4res:
    return CLONE4res(r.member(nfsstat4_names, "nfsstat4"))


def pack_CLONE4res(w: Writer, v: CLONE4res) -> None:
    w.u32(v.cl_status)


xattrkey4: TypeAlias = component4


def unpack_xattrkey4(r: Reader) -> xattrkey4:
    return r.opaque(OPAQUE_CAP)


def pack_xattrkey4(w: Writer, v: xattrkey4) -> None:
    w.opaque(v)


xattrvalue4: TypeAlias = bytes


def unpack_xattrvalue4(r: Reader) -> xattrvalue4:
    return r.opaque(OPAQUE_CAP)


def pack_xattrvalue4(w: Writer, v: xattrvalue4) -> None:
    w.opaque(v)


class GETXATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gxa_name",)

    def __init__(self, gxa_name: xattrkey4) -> None:
        self.gxa_name = gxa_name


def unpack_GETXATTR4args(r: Reader) -> GETXATTR4args:
    return GETXATTR4args(r.opaque(OPAQUE_CAP))


def pack_GETXATTR4args(w: Writer, v: GETXATTR4args) -> None:
    w.opaque(v.gxa_name)


class GETXATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("gxr_status", "gxr_value")

    def __init__(self, gxr_status: nfsstat4, gxr_value: xattrvalue4 | None = None) -> None:
        self.gxr_status = gxr_status
        self.gxr_value = gxr_value


def unpack_GETXATTR4res(r: Reader) -> GETXATTR4res:
    v = GETXATTR4res(r.u32())
    if v.gxr_status == NFS4_OK:
        v.gxr_value = r.opaque(OPAQUE_CAP)
    return v


def pack_GETXATTR4res(w: Writer, v: GETXATTR4res) -> None:
    w.u32(v.gxr_status)
    if v.gxr_status == NFS4_OK:
        if v.gxr_value is None:
            absent("GETXATTR4res", "gxr_value")
        w.opaque(v.gxr_value)


setxattr_option4: TypeAlias = int

SETXATTR4_EITHER: Final = 0
SETXATTR4_CREATE: Final = 1
SETXATTR4_REPLACE: Final = 2

setxattr_option4_names: Final[dict[int, str]] = {
    SETXATTR4_EITHER: "SETXATTR4_EITHER",
    SETXATTR4_CREATE: "SETXATTR4_CREATE",
    SETXATTR4_REPLACE: "SETXATTR4_REPLACE",
}


def unpack_setxattr_option4(r: Reader) -> setxattr_option4:
    return r.enum(0, 2, "setxattr_option4")


def pack_setxattr_option4(w: Writer, v: setxattr_option4) -> None:
    w.u32(v)


class SETXATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sxa_option", "sxa_key", "sxa_value")

    def __init__(self, sxa_option: setxattr_option4, sxa_key: xattrkey4, sxa_value: xattrvalue4) -> None:
        self.sxa_option = sxa_option
        self.sxa_key = sxa_key
        self.sxa_value = sxa_value


def unpack_SETXATTR4args(r: Reader) -> SETXATTR4args:
    return SETXATTR4args(r.enum(0, 2, "setxattr_option4"), r.opaque(OPAQUE_CAP), r.opaque(OPAQUE_CAP))


def pack_SETXATTR4args(w: Writer, v: SETXATTR4args) -> None:
    w.u32(v.sxa_option)
    w.opaque(v.sxa_key)
    w.opaque(v.sxa_value)


class SETXATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("sxr_status", "sxr_info")

    def __init__(self, sxr_status: nfsstat4, sxr_info: change_info4 | None = None) -> None:
        self.sxr_status = sxr_status
        self.sxr_info = sxr_info


def unpack_SETXATTR4res(r: Reader) -> SETXATTR4res:
    v = SETXATTR4res(r.u32())
    if v.sxr_status == NFS4_OK:
        v.sxr_info = unpack_change_info4(r)
    return v


def pack_SETXATTR4res(w: Writer, v: SETXATTR4res) -> None:
    w.u32(v.sxr_status)
    if v.sxr_status == NFS4_OK:
        if v.sxr_info is None:
            absent("SETXATTR4res", "sxr_info")
        pack_change_info4(w, v.sxr_info)


class LISTXATTRS4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lxa_cookie", "lxa_maxcount")

    def __init__(self, lxa_cookie: nfs_cookie4, lxa_maxcount: count4) -> None:
        self.lxa_cookie = lxa_cookie
        self.lxa_maxcount = lxa_maxcount


def unpack_LISTXATTRS4args(r: Reader) -> LISTXATTRS4args:
    at = r.take(12)
    window = r.window
    return LISTXATTRS4args(u64_at(window, at), u32_at(window, at + 8))


def pack_LISTXATTRS4args(w: Writer, v: LISTXATTRS4args) -> None:
    w.u64(v.lxa_cookie)
    w.u32(v.lxa_maxcount)


class LISTXATTRS4resok(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lxr_cookie", "lxr_names", "lxr_eof")

    def __init__(self, lxr_cookie: nfs_cookie4, lxr_names: list[xattrkey4], lxr_eof: bool) -> None:
        self.lxr_cookie = lxr_cookie
        self.lxr_names = lxr_names
        self.lxr_eof = lxr_eof


def unpack_LISTXATTRS4resok(r: Reader) -> LISTXATTRS4resok:
    return LISTXATTRS4resok(r.u64(), [r.opaque(OPAQUE_CAP) for _ in range(r.array_length(0xFFFFFFFF, 4))], r.boolean())


def pack_LISTXATTRS4resok(w: Writer, v: LISTXATTRS4resok) -> None:
    w.u64(v.lxr_cookie)
    w.array_length(len(v.lxr_names))
    for lxr_names_item in v.lxr_names:
        w.opaque(lxr_names_item)
    w.boolean(v.lxr_eof)


class LISTXATTRS4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("lxr_status", "lxr_value")

    def __init__(self, lxr_status: nfsstat4, lxr_value: LISTXATTRS4resok | None = None) -> None:
        self.lxr_status = lxr_status
        self.lxr_value = lxr_value


def unpack_LISTXATTRS4res(r: Reader) -> LISTXATTRS4res:
    v = LISTXATTRS4res(r.u32())
    if v.lxr_status == NFS4_OK:
        v.lxr_value = unpack_LISTXATTRS4resok(r)
    return v


def pack_LISTXATTRS4res(w: Writer, v: LISTXATTRS4res) -> None:
    w.u32(v.lxr_status)
    if v.lxr_status == NFS4_OK:
        if v.lxr_value is None:
            absent("LISTXATTRS4res", "lxr_value")
        pack_LISTXATTRS4resok(w, v.lxr_value)


class REMOVEXATTR4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rxa_name",)

    def __init__(self, rxa_name: xattrkey4) -> None:
        self.rxa_name = rxa_name


def unpack_REMOVEXATTR4args(r: Reader) -> REMOVEXATTR4args:
    return REMOVEXATTR4args(r.opaque(OPAQUE_CAP))


def pack_REMOVEXATTR4args(w: Writer, v: REMOVEXATTR4args) -> None:
    w.opaque(v.rxa_name)


class REMOVEXATTR4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("rxr_status", "rxr_info")

    def __init__(self, rxr_status: nfsstat4, rxr_info: change_info4 | None = None) -> None:
        self.rxr_status = rxr_status
        self.rxr_info = rxr_info


def unpack_REMOVEXATTR4res(r: Reader) -> REMOVEXATTR4res:
    v = REMOVEXATTR4res(r.u32())
    if v.rxr_status == NFS4_OK:
        v.rxr_info = unpack_change_info4(r)
    return v


def pack_REMOVEXATTR4res(w: Writer, v: REMOVEXATTR4res) -> None:
    w.u32(v.rxr_status)
    if v.rxr_status == NFS4_OK:
        if v.rxr_info is None:
            absent("REMOVEXATTR4res", "rxr_info")
        pack_change_info4(w, v.rxr_info)


nfs_opnum4: TypeAlias = int

OP_ACCESS: Final = 3
OP_CLOSE: Final = 4
OP_COMMIT: Final = 5
OP_CREATE: Final = 6
OP_DELEGPURGE: Final = 7
OP_DELEGRETURN: Final = 8
OP_GETATTR: Final = 9
OP_GETFH: Final = 10
OP_LINK: Final = 11
OP_LOCK: Final = 12
OP_LOCKT: Final = 13
OP_LOCKU: Final = 14
OP_LOOKUP: Final = 15
OP_LOOKUPP: Final = 16
OP_NVERIFY: Final = 17
OP_OPEN: Final = 18
OP_OPENATTR: Final = 19
OP_OPEN_CONFIRM: Final = 20
OP_OPEN_DOWNGRADE: Final = 21
OP_PUTFH: Final = 22
OP_PUTPUBFH: Final = 23
OP_PUTROOTFH: Final = 24
OP_READ: Final = 25
OP_READDIR: Final = 26
OP_READLINK: Final = 27
OP_REMOVE: Final = 28
OP_RENAME: Final = 29
OP_RENEW: Final = 30
OP_RESTOREFH: Final = 31
OP_SAVEFH: Final = 32
OP_SECINFO: Final = 33
OP_SETATTR: Final = 34
OP_SETCLIENTID: Final = 35
OP_SETCLIENTID_CONFIRM: Final = 36
OP_VERIFY: Final = 37
OP_WRITE: Final = 38
OP_RELEASE_LOCKOWNER: Final = 39
OP_BACKCHANNEL_CTL: Final = 40
OP_BIND_CONN_TO_SESSION: Final = 41
OP_EXCHANGE_ID: Final = 42
OP_CREATE_SESSION: Final = 43
OP_DESTROY_SESSION: Final = 44
OP_FREE_STATEID: Final = 45
OP_GET_DIR_DELEGATION: Final = 46
OP_GETDEVICEINFO: Final = 47
OP_GETDEVICELIST: Final = 48
OP_LAYOUTCOMMIT: Final = 49
OP_LAYOUTGET: Final = 50
OP_LAYOUTRETURN: Final = 51
OP_SECINFO_NO_NAME: Final = 52
OP_SEQUENCE: Final = 53
OP_SET_SSV: Final = 54
OP_TEST_STATEID: Final = 55
OP_WANT_DELEGATION: Final = 56
OP_DESTROY_CLIENTID: Final = 57
OP_RECLAIM_COMPLETE: Final = 58
OP_ALLOCATE: Final = 59
OP_COPY: Final = 60
OP_COPY_NOTIFY: Final = 61
OP_DEALLOCATE: Final = 62
OP_IO_ADVISE: Final = 63
OP_LAYOUTERROR: Final = 64
OP_LAYOUTSTATS: Final = 65
OP_OFFLOAD_CANCEL: Final = 66
OP_OFFLOAD_STATUS: Final = 67
OP_READ_PLUS: Final = 68
OP_SEEK: Final = 69
OP_WRITE_SAME: Final = 70
OP_CLONE: Final = 71
OP_GETXATTR: Final = 72
OP_SETXATTR: Final = 73
OP_LISTXATTRS: Final = 74
OP_REMOVEXATTR: Final = 75
OP_ILLEGAL: Final = 10044

nfs_opnum4_names: Final[dict[int, str]] = {
    OP_ACCESS: "OP_ACCESS",
    OP_CLOSE: "OP_CLOSE",
    OP_COMMIT: "OP_COMMIT",
    OP_CREATE: "OP_CREATE",
    OP_DELEGPURGE: "OP_DELEGPURGE",
    OP_DELEGRETURN: "OP_DELEGRETURN",
    OP_GETATTR: "OP_GETATTR",
    OP_GETFH: "OP_GETFH",
    OP_LINK: "OP_LINK",
    OP_LOCK: "OP_LOCK",
    OP_LOCKT: "OP_LOCKT",
    OP_LOCKU: "OP_LOCKU",
    OP_LOOKUP: "OP_LOOKUP",
    OP_LOOKUPP: "OP_LOOKUPP",
    OP_NVERIFY: "OP_NVERIFY",
    OP_OPEN: "OP_OPEN",
    OP_OPENATTR: "OP_OPENATTR",
    OP_OPEN_CONFIRM: "OP_OPEN_CONFIRM",
    OP_OPEN_DOWNGRADE: "OP_OPEN_DOWNGRADE",
    OP_PUTFH: "OP_PUTFH",
    OP_PUTPUBFH: "OP_PUTPUBFH",
    OP_PUTROOTFH: "OP_PUTROOTFH",
    OP_READ: "OP_READ",
    OP_READDIR: "OP_READDIR",
    OP_READLINK: "OP_READLINK",
    OP_REMOVE: "OP_REMOVE",
    OP_RENAME: "OP_RENAME",
    OP_RENEW: "OP_RENEW",
    OP_RESTOREFH: "OP_RESTOREFH",
    OP_SAVEFH: "OP_SAVEFH",
    OP_SECINFO: "OP_SECINFO",
    OP_SETATTR: "OP_SETATTR",
    OP_SETCLIENTID: "OP_SETCLIENTID",
    OP_SETCLIENTID_CONFIRM: "OP_SETCLIENTID_CONFIRM",
    OP_VERIFY: "OP_VERIFY",
    OP_WRITE: "OP_WRITE",
    OP_RELEASE_LOCKOWNER: "OP_RELEASE_LOCKOWNER",
    OP_BACKCHANNEL_CTL: "OP_BACKCHANNEL_CTL",
    OP_BIND_CONN_TO_SESSION: "OP_BIND_CONN_TO_SESSION",
    OP_EXCHANGE_ID: "OP_EXCHANGE_ID",
    OP_CREATE_SESSION: "OP_CREATE_SESSION",
    OP_DESTROY_SESSION: "OP_DESTROY_SESSION",
    OP_FREE_STATEID: "OP_FREE_STATEID",
    OP_GET_DIR_DELEGATION: "OP_GET_DIR_DELEGATION",
    OP_GETDEVICEINFO: "OP_GETDEVICEINFO",
    OP_GETDEVICELIST: "OP_GETDEVICELIST",
    OP_LAYOUTCOMMIT: "OP_LAYOUTCOMMIT",
    OP_LAYOUTGET: "OP_LAYOUTGET",
    OP_LAYOUTRETURN: "OP_LAYOUTRETURN",
    OP_SECINFO_NO_NAME: "OP_SECINFO_NO_NAME",
    OP_SEQUENCE: "OP_SEQUENCE",
    OP_SET_SSV: "OP_SET_SSV",
    OP_TEST_STATEID: "OP_TEST_STATEID",
    OP_WANT_DELEGATION: "OP_WANT_DELEGATION",
    OP_DESTROY_CLIENTID: "OP_DESTROY_CLIENTID",
    OP_RECLAIM_COMPLETE: "OP_RECLAIM_COMPLETE",
    OP_ALLOCATE: "OP_ALLOCATE",
    OP_COPY: "OP_COPY",
    OP_COPY_NOTIFY: "OP_COPY_NOTIFY",
    OP_DEALLOCATE: "OP_DEALLOCATE",
    OP_IO_ADVISE: "OP_IO_ADVISE",
    OP_LAYOUTERROR: "OP_LAYOUTERROR",
    OP_LAYOUTSTATS: "OP_LAYOUTSTATS",
    OP_OFFLOAD_CANCEL: "OP_OFFLOAD_CANCEL",
    OP_OFFLOAD_STATUS: "OP_OFFLOAD_STATUS",
    OP_READ_PLUS: "OP_READ_PLUS",
    OP_SEEK: "OP_SEEK",
    OP_WRITE_SAME: "OP_WRITE_SAME",
    OP_CLONE: "OP_CLONE",
    OP_GETXATTR: "OP_GETXATTR",
    OP_SETXATTR: "OP_SETXATTR",
    OP_LISTXATTRS: "OP_LISTXATTRS",
    OP_REMOVEXATTR: "OP_REMOVEXATTR",
    OP_ILLEGAL: "OP_ILLEGAL",
}


def unpack_nfs_opnum4(r: Reader) -> nfs_opnum4:
    return r.member(nfs_opnum4_names, "nfs_opnum4")


def pack_nfs_opnum4(w: Writer, v: nfs_opnum4) -> None:
    w.u32(v)


class nfs_argop4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "argop",
        "opaccess",
        "opclose",
        "opcommit",
        "opcreate",
        "opdelegpurge",
        "opdelegreturn",
        "opgetattr",
        "oplink",
        "oplock",
        "oplockt",
        "oplocku",
        "oplookup",
        "opnverify",
        "opopen",
        "opopenattr",
        "opopen_confirm",
        "opopen_downgrade",
        "opputfh",
        "opread",
        "opreaddir",
        "opremove",
        "oprename",
        "oprenew",
        "opsecinfo",
        "opsetattr",
        "opsetclientid",
        "opsetclientid_confirm",
        "opverify",
        "opwrite",
        "oprelease_lockowner",
        "opbackchannel_ctl",
        "opbind_conn_to_session",
        "opexchange_id",
        "opcreate_session",
        "opdestroy_session",
        "opfree_stateid",
        "opget_dir_delegation",
        "opgetdeviceinfo",
        "opgetdevicelist",
        "oplayoutcommit",
        "oplayoutget",
        "oplayoutreturn",
        "opsecinfo_no_name",
        "opsequence",
        "opset_ssv",
        "optest_stateid",
        "opwant_delegation",
        "opdestroy_clientid",
        "opreclaim_complete",
        "opallocate",
        "opcopy",
        "opcopy_notify",
        "opdeallocate",
        "opio_advise",
        "oplayouterror",
        "oplayoutstats",
        "opoffload_cancel",
        "opoffload_status",
        "opread_plus",
        "opseek",
        "opwrite_same",
        "opclone",
        "opgetxattr",
        "opsetxattr",
        "oplistxattrs",
        "opremovexattr",
    )

    def __init__(
        self,
        argop: nfs_opnum4,
        opaccess: ACCESS4args | None = None,
        opclose: CLOSE4args | None = None,
        opcommit: COMMIT4args | None = None,
        opcreate: CREATE4args | None = None,
        opdelegpurge: DELEGPURGE4args | None = None,
        opdelegreturn: DELEGRETURN4args | None = None,
        opgetattr: GETATTR4args | None = None,
        oplink: LINK4args | None = None,
        oplock: LOCK4args | None = None,
        oplockt: LOCKT4args | None = None,
        oplocku: LOCKU4args | None = None,
        oplookup: LOOKUP4args | None = None,
        opnverify: NVERIFY4args | None = None,
        opopen: OPEN4args | None = None,
        opopenattr: OPENATTR4args | None = None,
        opopen_confirm: OPEN_CONFIRM4args | None = None,
        opopen_downgrade: OPEN_DOWNGRADE4args | None = None,
        opputfh: PUTFH4args | None = None,
        opread: READ4args | None = None,
        opreaddir: READDIR4args | None = None,
        opremove: REMOVE4args | None = None,
        oprename: RENAME4args | None = None,
        oprenew: RENEW4args | None = None,
        opsecinfo: SECINFO4args | None = None,
        opsetattr: SETATTR4args | None = None,
        opsetclientid: SETCLIENTID4args | None = None,
        opsetclientid_confirm: SETCLIENTID_CONFIRM4args | None = None,
        opverify: VERIFY4args | None = None,
        opwrite: WRITE4args | None = None,
        oprelease_lockowner: RELEASE_LOCKOWNER4args | None = None,
        opbackchannel_ctl: BACKCHANNEL_CTL4args | None = None,
        opbind_conn_to_session: BIND_CONN_TO_SESSION4args | None = None,
        opexchange_id: EXCHANGE_ID4args | None = None,
        opcreate_session: CREATE_SESSION4args | None = None,
        opdestroy_session: DESTROY_SESSION4args | None = None,
        opfree_stateid: FREE_STATEID4args | None = None,
        opget_dir_delegation: GET_DIR_DELEGATION4args | None = None,
        opgetdeviceinfo: GETDEVICEINFO4args | None = None,
        opgetdevicelist: GETDEVICELIST4args | None = None,
        oplayoutcommit: LAYOUTCOMMIT4args | None = None,
        oplayoutget: LAYOUTGET4args | None = None,
        oplayoutreturn: LAYOUTRETURN4args | None = None,
        opsecinfo_no_name: SECINFO_NO_NAME4args | None = None,
        opsequence: SEQUENCE4args | None = None,
        opset_ssv: SET_SSV4args | None = None,
        optest_stateid: TEST_STATEID4args | None = None,
        opwant_delegation: WANT_DELEGATION4args | None = None,
        opdestroy_clientid: DESTROY_CLIENTID4args | None = None,
        opreclaim_complete: RECLAIM_COMPLETE4args | None = None,
        opallocate: ALLOCATE4args | None = None,
        opcopy: COPY4args | None = None,
        opcopy_notify: COPY_NOTIFY4args | None = None,
        opdeallocate: DEALLOCATE4args | None = None,
        opio_advise: IO_ADVISE4args | None = None,
        oplayouterror: LAYOUTERROR4args | None = None,
        oplayoutstats: LAYOUTSTATS4args | None = None,
        opoffload_cancel: OFFLOAD_CANCEL4args | None = None,
        opoffload_status: OFFLOAD_STATUS4args | None = None,
        opread_plus: READ_PLUS4args | None = None,
        opseek: SEEK4args | None = None,
        opwrite_same: WRITE_SAME4args | None = None,
        opclone: CLONE4args | None = None,
        opgetxattr: GETXATTR4args | None = None,
        opsetxattr: SETXATTR4args | None = None,
        oplistxattrs: LISTXATTRS4args | None = None,
        opremovexattr: REMOVEXATTR4args | None = None,
    ) -> None:
        self.argop = argop
        self.opaccess = opaccess
        self.opclose = opclose
        self.opcommit = opcommit
        self.opcreate = opcreate
        self.opdelegpurge = opdelegpurge
        self.opdelegreturn = opdelegreturn
        self.opgetattr = opgetattr
        self.oplink = oplink
        self.oplock = oplock
        self.oplockt = oplockt
        self.oplocku = oplocku
        self.oplookup = oplookup
        self.opnverify = opnverify
        self.opopen = opopen
        self.opopenattr = opopenattr
        self.opopen_confirm = opopen_confirm
        self.opopen_downgrade = opopen_downgrade
        self.opputfh = opputfh
        self.opread = opread
        self.opreaddir = opreaddir
        self.opremove = opremove
        self.oprename = oprename
        self.oprenew = oprenew
        self.opsecinfo = opsecinfo
        self.opsetattr = opsetattr
        self.opsetclientid = opsetclientid
        self.opsetclientid_confirm = opsetclientid_confirm
        self.opverify = opverify
        self.opwrite = opwrite
        self.oprelease_lockowner = oprelease_lockowner
        self.opbackchannel_ctl = opbackchannel_ctl
        self.opbind_conn_to_session = opbind_conn_to_session
        self.opexchange_id = opexchange_id
        self.opcreate_session = opcreate_session
        self.opdestroy_session = opdestroy_session
        self.opfree_stateid = opfree_stateid
        self.opget_dir_delegation = opget_dir_delegation
        self.opgetdeviceinfo = opgetdeviceinfo
        self.opgetdevicelist = opgetdevicelist
        self.oplayoutcommit = oplayoutcommit
        self.oplayoutget = oplayoutget
        self.oplayoutreturn = oplayoutreturn
        self.opsecinfo_no_name = opsecinfo_no_name
        self.opsequence = opsequence
        self.opset_ssv = opset_ssv
        self.optest_stateid = optest_stateid
        self.opwant_delegation = opwant_delegation
        self.opdestroy_clientid = opdestroy_clientid
        self.opreclaim_complete = opreclaim_complete
        self.opallocate = opallocate
        self.opcopy = opcopy
        self.opcopy_notify = opcopy_notify
        self.opdeallocate = opdeallocate
        self.opio_advise = opio_advise
        self.oplayouterror = oplayouterror
        self.oplayoutstats = oplayoutstats
        self.opoffload_cancel = opoffload_cancel
        self.opoffload_status = opoffload_status
        self.opread_plus = opread_plus
        self.opseek = opseek
        self.opwrite_same = opwrite_same
        self.opclone = opclone
        self.opgetxattr = opgetxattr
        self.opsetxattr = opsetxattr
        self.oplistxattrs = oplistxattrs
        self.opremovexattr = opremovexattr


def unpack_nfs_argop4(r: Reader) -> nfs_argop4:
    v = nfs_argop4(r.u32())
    if v.argop == OP_ACCESS:
        v.opaccess = unpack_ACCESS4args(r)
    elif v.argop == OP_CLOSE:
        v.opclose = unpack_CLOSE4args(r)
    elif v.argop == OP_COMMIT:
        v.opcommit = unpack_COMMIT4args(r)
    elif v.argop == OP_CREATE:
        v.opcreate = unpack_CREATE4args(r)
    elif v.argop == OP_DELEGPURGE:
        v.opdelegpurge = unpack_DELEGPURGE4args(r)
    elif v.argop == OP_DELEGRETURN:
        v.opdelegreturn = unpack_DELEGRETURN4args(r)
    elif v.argop == OP_GETATTR:
        v.opgetattr = unpack_GETATTR4args(r)
    elif v.argop == OP_LINK:
        v.oplink = unpack_LINK4args(r)
    elif v.argop == OP_LOCK:
        v.oplock = unpack_LOCK4args(r)
    elif v.argop == OP_LOCKT:
        v.oplockt = unpack_LOCKT4args(r)
    elif v.argop == OP_LOCKU:
        v.oplocku = unpack_LOCKU4args(r)
    elif v.argop == OP_LOOKUP:
        v.oplookup = unpack_LOOKUP4args(r)
    elif v.argop == OP_NVERIFY:
        v.opnverify = unpack_NVERIFY4args(r)
    elif v.argop == OP_OPEN:
        v.opopen = unpack_OPEN4args(r)
    elif v.argop == OP_OPENATTR:
        v.opopenattr = unpack_OPENATTR4args(r)
    elif v.argop == OP_OPEN_CONFIRM:
        v.opopen_confirm = unpack_OPEN_CONFIRM4args(r)
    elif v.argop == OP_OPEN_DOWNGRADE:
        v.opopen_downgrade = unpack_OPEN_DOWNGRADE4args(r)
    elif v.argop == OP_PUTFH:
        v.opputfh = unpack_PUTFH4args(r)
    elif v.argop == OP_READ:
        v.opread = unpack_READ4args(r)
    elif v.argop == OP_READDIR:
        v.opreaddir = unpack_READDIR4args(r)
    elif v.argop == OP_REMOVE:
        v.opremove = unpack_REMOVE4args(r)
    elif v.argop == OP_RENAME:
        v.oprename = unpack_RENAME4args(r)
    elif v.argop == OP_RENEW:
        v.oprenew = unpack_RENEW4args(r)
    elif v.argop == OP_SECINFO:
        v.opsecinfo = unpack_SECINFO4args(r)
    elif v.argop == OP_SETATTR:
        v.opsetattr = unpack_SETATTR4args(r)
    elif v.argop == OP_SETCLIENTID:
        v.opsetclientid = unpack_SETCLIENTID4args(r)
    elif v.argop == OP_SETCLIENTID_CONFIRM:
        v.opsetclientid_confirm = unpack_SETCLIENTID_CONFIRM4args(r)
    elif v.argop == OP_VERIFY:
        v.opverify = unpack_VERIFY4args(r)
    elif v.argop == OP_WRITE:
        v.opwrite = unpack_WRITE4args(r)
    elif v.argop == OP_RELEASE_LOCKOWNER:
        v.oprelease_lockowner = unpack_RELEASE_LOCKOWNER4args(r)
    elif v.argop == OP_BACKCHANNEL_CTL:
        v.opbackchannel_ctl = unpack_BACKCHANNEL_CTL4args(r)
    elif v.argop == OP_BIND_CONN_TO_SESSION:
        v.opbind_conn_to_session = unpack_BIND_CONN_TO_SESSION4args(r)
    elif v.argop == OP_EXCHANGE_ID:
        v.opexchange_id = unpack_EXCHANGE_ID4args(r)
    elif v.argop == OP_CREATE_SESSION:
        v.opcreate_session = unpack_CREATE_SESSION4args(r)
    elif v.argop == OP_DESTROY_SESSION:
        v.opdestroy_session = unpack_DESTROY_SESSION4args(r)
    elif v.argop == OP_FREE_STATEID:
        v.opfree_stateid = unpack_FREE_STATEID4args(r)
    elif v.argop == OP_GET_DIR_DELEGATION:
        v.opget_dir_delegation = unpack_GET_DIR_DELEGATION4args(r)
    elif v.argop == OP_GETDEVICEINFO:
        v.opgetdeviceinfo = unpack_GETDEVICEINFO4args(r)
    elif v.argop == OP_GETDEVICELIST:
        v.opgetdevicelist = unpack_GETDEVICELIST4args(r)
    elif v.argop == OP_LAYOUTCOMMIT:
        v.oplayoutcommit = unpack_LAYOUTCOMMIT4args(r)
    elif v.argop == OP_LAYOUTGET:
        v.oplayoutget = unpack_LAYOUTGET4args(r)
    elif v.argop == OP_LAYOUTRETURN:
        v.oplayoutreturn = unpack_LAYOUTRETURN4args(r)
    elif v.argop == OP_SECINFO_NO_NAME:
        v.opsecinfo_no_name = r.enum(0, 1, "secinfo_style4")
    elif v.argop == OP_SEQUENCE:
        v.opsequence = unpack_SEQUENCE4args(r)
    elif v.argop == OP_SET_SSV:
        v.opset_ssv = unpack_SET_SSV4args(r)
    elif v.argop == OP_TEST_STATEID:
        v.optest_stateid = unpack_TEST_STATEID4args(r)
    elif v.argop == OP_WANT_DELEGATION:
        v.opwant_delegation = unpack_WANT_DELEGATION4args(r)
    elif v.argop == OP_DESTROY_CLIENTID:
        v.opdestroy_clientid = unpack_DESTROY_CLIENTID4args(r)
    elif v.argop == OP_RECLAIM_COMPLETE:
        v.opreclaim_complete = unpack_RECLAIM_COMPLETE4args(r)
    elif v.argop == OP_ALLOCATE:
        v.opallocate = unpack_ALLOCATE4args(r)
    elif v.argop == OP_COPY:
        v.opcopy = unpack_COPY4args(r)
    elif v.argop == OP_COPY_NOTIFY:
        v.opcopy_notify = unpack_COPY_NOTIFY4args(r)
    elif v.argop == OP_DEALLOCATE:
        v.opdeallocate = unpack_DEALLOCATE4args(r)
    elif v.argop == OP_IO_ADVISE:
        v.opio_advise = unpack_IO_ADVISE4args(r)
    elif v.argop == OP_LAYOUTERROR:
        v.oplayouterror = unpack_LAYOUTERROR4args(r)
    elif v.argop == OP_LAYOUTSTATS:
        v.oplayoutstats = unpack_LAYOUTSTATS4args(r)
    elif v.argop == OP_OFFLOAD_CANCEL:
        v.opoffload_cancel = unpack_OFFLOAD_CANCEL4args(r)
    elif v.argop == OP_OFFLOAD_STATUS:
        v.opoffload_status = unpack_OFFLOAD_STATUS4args(r)
    elif v.argop == OP_READ_PLUS:
        v.opread_plus = unpack_READ_PLUS4args(r)
    elif v.argop == OP_SEEK:
        v.opseek = unpack_SEEK4args(r)
    elif v.argop == OP_WRITE_SAME:
        v.opwrite_same = unpack_WRITE_SAME4args(r)
    elif v.argop == OP_CLONE:
        v.opclone = unpack_CLONE4args(r)
    elif v.argop == OP_GETXATTR:
        v.opgetxattr = unpack_GETXATTR4args(r)
    elif v.argop == OP_SETXATTR:
        v.opsetxattr = unpack_SETXATTR4args(r)
    elif v.argop == OP_LISTXATTRS:
        v.oplistxattrs = unpack_LISTXATTRS4args(r)
    elif v.argop == OP_REMOVEXATTR:
        v.opremovexattr = unpack_REMOVEXATTR4args(r)
    elif v.argop in (OP_GETFH, OP_LOOKUPP, OP_PUTPUBFH, OP_PUTROOTFH, OP_READLINK, OP_RESTOREFH, OP_SAVEFH, OP_ILLEGAL):
        pass
    else:
        unknown("nfs_argop4", v.argop)
    return v


def pack_nfs_argop4(w: Writer, v: nfs_argop4) -> None:
    w.u32(v.argop)
    if v.argop == OP_ACCESS:
        if v.opaccess is None:
            absent("nfs_argop4", "opaccess")
        pack_ACCESS4args(w, v.opaccess)
    elif v.argop == OP_CLOSE:
        if v.opclose is None:
            absent("nfs_argop4", "opclose")
        pack_CLOSE4args(w, v.opclose)
    elif v.argop == OP_COMMIT:
        if v.opcommit is None:
            absent("nfs_argop4", "opcommit")
        pack_COMMIT4args(w, v.opcommit)
    elif v.argop == OP_CREATE:
        if v.opcreate is None:
            absent("nfs_argop4", "opcreate")
        pack_CREATE4args(w, v.opcreate)
    elif v.argop == OP_DELEGPURGE:
        if v.opdelegpurge is None:
            absent("nfs_argop4", "opdelegpurge")
        pack_DELEGPURGE4args(w, v.opdelegpurge)
    elif v.argop == OP_DELEGRETURN:
        if v.opdelegreturn is None:
            absent("nfs_argop4", "opdelegreturn")
        pack_DELEGRETURN4args(w, v.opdelegreturn)
    elif v.argop == OP_GETATTR:
        if v.opgetattr is None:
            absent("nfs_argop4", "opgetattr")
        pack_GETATTR4args(w, v.opgetattr)
    elif v.argop == OP_LINK:
        if v.oplink is None:
            absent("nfs_argop4", "oplink")
        pack_LINK4args(w, v.oplink)
    elif v.argop == OP_LOCK:
        if v.oplock is None:
            absent("nfs_argop4", "oplock")
        pack_LOCK4args(w, v.oplock)
    elif v.argop == OP_LOCKT:
        if v.oplockt is None:
            absent("nfs_argop4", "oplockt")
        pack_LOCKT4args(w, v.oplockt)
    elif v.argop == OP_LOCKU:
        if v.oplocku is None:
            absent("nfs_argop4", "oplocku")
        pack_LOCKU4args(w, v.oplocku)
    elif v.argop == OP_LOOKUP:
        if v.oplookup is None:
            absent("nfs_argop4", "oplookup")
        pack_LOOKUP4args(w, v.oplookup)
    elif v.argop == OP_NVERIFY:
        if v.opnverify is None:
            absent("nfs_argop4", "opnverify")
        pack_NVERIFY4args(w, v.opnverify)
    elif v.argop == OP_OPEN:
        if v.opopen is None:
            absent("nfs_argop4", "opopen")
        pack_OPEN4args(w, v.opopen)
    elif v.argop == OP_OPENATTR:
        if v.opopenattr is None:
            absent("nfs_argop4", "opopenattr")
        pack_OPENATTR4args(w, v.opopenattr)
    elif v.argop == OP_OPEN_CONFIRM:
        if v.opopen_confirm is None:
            absent("nfs_argop4", "opopen_confirm")
        pack_OPEN_CONFIRM4args(w, v.opopen_confirm)
    elif v.argop == OP_OPEN_DOWNGRADE:
        if v.opopen_downgrade is None:
            absent("nfs_argop4", "opopen_downgrade")
        pack_OPEN_DOWNGRADE4args(w, v.opopen_downgrade)
    elif v.argop == OP_PUTFH:
        if v.opputfh is None:
            absent("nfs_argop4", "opputfh")
        pack_PUTFH4args(w, v.opputfh)
    elif v.argop == OP_READ:
        if v.opread is None:
            absent("nfs_argop4", "opread")
        pack_READ4args(w, v.opread)
    elif v.argop == OP_READDIR:
        if v.opreaddir is None:
            absent("nfs_argop4", "opreaddir")
        pack_READDIR4args(w, v.opreaddir)
    elif v.argop == OP_REMOVE:
        if v.opremove is None:
            absent("nfs_argop4", "opremove")
        pack_REMOVE4args(w, v.opremove)
    elif v.argop == OP_RENAME:
        if v.oprename is None:
            absent("nfs_argop4", "oprename")
        pack_RENAME4args(w, v.oprename)
    elif v.argop == OP_RENEW:
        if v.oprenew is None:
            absent("nfs_argop4", "oprenew")
        pack_RENEW4args(w, v.oprenew)
    elif v.argop == OP_SECINFO:
        if v.opsecinfo is None:
            absent("nfs_argop4", "opsecinfo")
        pack_SECINFO4args(w, v.opsecinfo)
    elif v.argop == OP_SETATTR:
        if v.opsetattr is None:
            absent("nfs_argop4", "opsetattr")
        pack_SETATTR4args(w, v.opsetattr)
    elif v.argop == OP_SETCLIENTID:
        if v.opsetclientid is None:
            absent("nfs_argop4", "opsetclientid")
        pack_SETCLIENTID4args(w, v.opsetclientid)
    elif v.argop == OP_SETCLIENTID_CONFIRM:
        if v.opsetclientid_confirm is None:
            absent("nfs_argop4", "opsetclientid_confirm")
        pack_SETCLIENTID_CONFIRM4args(w, v.opsetclientid_confirm)
    elif v.argop == OP_VERIFY:
        if v.opverify is None:
            absent("nfs_argop4", "opverify")
        pack_VERIFY4args(w, v.opverify)
    elif v.argop == OP_WRITE:
        if v.opwrite is None:
            absent("nfs_argop4", "opwrite")
        pack_WRITE4args(w, v.opwrite)
    elif v.argop == OP_RELEASE_LOCKOWNER:
        if v.oprelease_lockowner is None:
            absent("nfs_argop4", "oprelease_lockowner")
        pack_RELEASE_LOCKOWNER4args(w, v.oprelease_lockowner)
    elif v.argop == OP_BACKCHANNEL_CTL:
        if v.opbackchannel_ctl is None:
            absent("nfs_argop4", "opbackchannel_ctl")
        pack_BACKCHANNEL_CTL4args(w, v.opbackchannel_ctl)
    elif v.argop == OP_BIND_CONN_TO_SESSION:
        if v.opbind_conn_to_session is None:
            absent("nfs_argop4", "opbind_conn_to_session")
        pack_BIND_CONN_TO_SESSION4args(w, v.opbind_conn_to_session)
    elif v.argop == OP_EXCHANGE_ID:
        if v.opexchange_id is None:
            absent("nfs_argop4", "opexchange_id")
        pack_EXCHANGE_ID4args(w, v.opexchange_id)
    elif v.argop == OP_CREATE_SESSION:
        if v.opcreate_session is None:
            absent("nfs_argop4", "opcreate_session")
        pack_CREATE_SESSION4args(w, v.opcreate_session)
    elif v.argop == OP_DESTROY_SESSION:
        if v.opdestroy_session is None:
            absent("nfs_argop4", "opdestroy_session")
        pack_DESTROY_SESSION4args(w, v.opdestroy_session)
    elif v.argop == OP_FREE_STATEID:
        if v.opfree_stateid is None:
            absent("nfs_argop4", "opfree_stateid")
        pack_FREE_STATEID4args(w, v.opfree_stateid)
    elif v.argop == OP_GET_DIR_DELEGATION:
        if v.opget_dir_delegation is None:
            absent("nfs_argop4", "opget_dir_delegation")
        pack_GET_DIR_DELEGATION4args(w, v.opget_dir_delegation)
    elif v.argop == OP_GETDEVICEINFO:
        if v.opgetdeviceinfo is None:
            absent("nfs_argop4", "opgetdeviceinfo")
        pack_GETDEVICEINFO4args(w, v.opgetdeviceinfo)
    elif v.argop == OP_GETDEVICELIST:
        if v.opgetdevicelist is None:
            absent("nfs_argop4", "opgetdevicelist")
        pack_GETDEVICELIST4args(w, v.opgetdevicelist)
    elif v.argop == OP_LAYOUTCOMMIT:
        if v.oplayoutcommit is None:
            absent("nfs_argop4", "oplayoutcommit")
        pack_LAYOUTCOMMIT4args(w, v.oplayoutcommit)
    elif v.argop == OP_LAYOUTGET:
        if v.oplayoutget is None:
            absent("nfs_argop4", "oplayoutget")
        pack_LAYOUTGET4args(w, v.oplayoutget)
    elif v.argop == OP_LAYOUTRETURN:
        if v.oplayoutreturn is None:
            absent("nfs_argop4", "oplayoutreturn")
        pack_LAYOUTRETURN4args(w, v.oplayoutreturn)
    elif v.argop == OP_SECINFO_NO_NAME:
        if v.opsecinfo_no_name is None:
            absent("nfs_argop4", "opsecinfo_no_name")
        w.u32(v.opsecinfo_no_name)
    elif v.argop == OP_SEQUENCE:
        if v.opsequence is None:
            absent("nfs_argop4", "opsequence")
        pack_SEQUENCE4args(w, v.opsequence)
    elif v.argop == OP_SET_SSV:
        if v.opset_ssv is None:
            absent("nfs_argop4", "opset_ssv")
        pack_SET_SSV4args(w, v.opset_ssv)
    elif v.argop == OP_TEST_STATEID:
        if v.optest_stateid is None:
            absent("nfs_argop4", "optest_stateid")
        pack_TEST_STATEID4args(w, v.optest_stateid)
    elif v.argop == OP_WANT_DELEGATION:
        if v.opwant_delegation is None:
            absent("nfs_argop4", "opwant_delegation")
        pack_WANT_DELEGATION4args(w, v.opwant_delegation)
    elif v.argop == OP_DESTROY_CLIENTID:
        if v.opdestroy_clientid is None:
            absent("nfs_argop4", "opdestroy_clientid")
        pack_DESTROY_CLIENTID4args(w, v.opdestroy_clientid)
    elif v.argop == OP_RECLAIM_COMPLETE:
        if v.opreclaim_complete is None:
            absent("nfs_argop4", "opreclaim_complete")
        pack_RECLAIM_COMPLETE4args(w, v.opreclaim_complete)
    elif v.argop == OP_ALLOCATE:
        if v.opallocate is None:
            absent("nfs_argop4", "opallocate")
        pack_ALLOCATE4args(w, v.opallocate)
    elif v.argop == OP_COPY:
        if v.opcopy is None:
            absent("nfs_argop4", "opcopy")
        pack_COPY4args(w, v.opcopy)
    elif v.argop == OP_COPY_NOTIFY:
        if v.opcopy_notify is None:
            absent("nfs_argop4", "opcopy_notify")
        pack_COPY_NOTIFY4args(w, v.opcopy_notify)
    elif v.argop == OP_DEALLOCATE:
        if v.opdeallocate is None:
            absent("nfs_argop4", "opdeallocate")
        pack_DEALLOCATE4args(w, v.opdeallocate)
    elif v.argop == OP_IO_ADVISE:
        if v.opio_advise is None:
            absent("nfs_argop4", "opio_advise")
        pack_IO_ADVISE4args(w, v.opio_advise)
    elif v.argop == OP_LAYOUTERROR:
        if v.oplayouterror is None:
            absent("nfs_argop4", "oplayouterror")
        pack_LAYOUTERROR4args(w, v.oplayouterror)
    elif v.argop == OP_LAYOUTSTATS:
        if v.oplayoutstats is None:
            absent("nfs_argop4", "oplayoutstats")
        pack_LAYOUTSTATS4args(w, v.oplayoutstats)
    elif v.argop == OP_OFFLOAD_CANCEL:
        if v.opoffload_cancel is None:
            absent("nfs_argop4", "opoffload_cancel")
        pack_OFFLOAD_CANCEL4args(w, v.opoffload_cancel)
    elif v.argop == OP_OFFLOAD_STATUS:
        if v.opoffload_status is None:
            absent("nfs_argop4", "opoffload_status")
        pack_OFFLOAD_STATUS4args(w, v.opoffload_status)
    elif v.argop == OP_READ_PLUS:
        if v.opread_plus is None:
            absent("nfs_argop4", "opread_plus")
        pack_READ_PLUS4args(w, v.opread_plus)
    elif v.argop == OP_SEEK:
        if v.opseek is None:
            absent("nfs_argop4", "opseek")
        pack_SEEK4args(w, v.opseek)
    elif v.argop == OP_WRITE_SAME:
        if v.opwrite_same is None:
            absent("nfs_argop4", "opwrite_same")
        pack_WRITE_SAME4args(w, v.opwrite_same)
    elif v.argop == OP_CLONE:
        if v.opclone is None:
            absent("nfs_argop4", "opclone")
        pack_CLONE4args(w, v.opclone)
    elif v.argop == OP_GETXATTR:
        if v.opgetxattr is None:
            absent("nfs_argop4", "opgetxattr")
        pack_GETXATTR4args(w, v.opgetxattr)
    elif v.argop == OP_SETXATTR:
        if v.opsetxattr is None:
            absent("nfs_argop4", "opsetxattr")
        pack_SETXATTR4args(w, v.opsetxattr)
    elif v.argop == OP_LISTXATTRS:
        if v.oplistxattrs is None:
            absent("nfs_argop4", "oplistxattrs")
        pack_LISTXATTRS4args(w, v.oplistxattrs)
    elif v.argop == OP_REMOVEXATTR:
        if v.opremovexattr is None:
            absent("nfs_argop4", "opremovexattr")
        pack_REMOVEXATTR4args(w, v.opremovexattr)
    elif v.argop in (OP_GETFH, OP_LOOKUPP, OP_PUTPUBFH, OP_PUTROOTFH, OP_READLINK, OP_RESTOREFH, OP_SAVEFH, OP_ILLEGAL):
        pass
    else:
        unknown("nfs_argop4", v.argop)


class nfs_resop4(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = (
        "resop",
        "opaccess",
        "opclose",
        "opcommit",
        "opcreate",
        "opdelegpurge",
        "opdelegreturn",
        "opgetattr",
        "opgetfh",
        "oplink",
        "oplock",
        "oplockt",
        "oplocku",
        "oplookup",
        "oplookupp",
        "opnverify",
        "opopen",
        "opopenattr",
        "opopen_confirm",
        "opopen_downgrade",
        "opputfh",
        "opputpubfh",
        "opputrootfh",
        "opread",
        "opreaddir",
        "opreadlink",
        "opremove",
        "oprename",
        "oprenew",
        "oprestorefh",
        "opsavefh",
        "opsecinfo",
        "opsetattr",
        "opsetclientid",
        "opsetclientid_confirm",
        "opverify",
        "opwrite",
        "oprelease_lockowner",
        "opbackchannel_ctl",
        "opbind_conn_to_session",
        "opexchange_id",
        "opcreate_session",
        "opdestroy_session",
        "opfree_stateid",
        "opget_dir_delegation",
        "opgetdeviceinfo",
        "opgetdevicelist",
        "oplayoutcommit",
        "oplayoutget",
        "oplayoutreturn",
        "opsecinfo_no_name",
        "opsequence",
        "opset_ssv",
        "optest_stateid",
        "opwant_delegation",
        "opdestroy_clientid",
        "opreclaim_complete",
        "opallocate",
        "opcopy",
        "opcopy_notify",
        "opdeallocate",
        "opio_advise",
        "oplayouterror",
        "oplayoutstats",
        "opoffload_cancel",
        "opoffload_status",
        "opread_plus",
        "opseek",
        "opwrite_same",
        "opclone",
        "opgetxattr",
        "opsetxattr",
        "oplistxattrs",
        "opremovexattr",
        "opillegal",
    )

    def __init__(
        self,
        resop: nfs_opnum4,
        opaccess: ACCESS4res | None = None,
        opclose: CLOSE4res | None = None,
        opcommit: COMMIT4res | None = None,
        opcreate: CREATE4res | None = None,
        opdelegpurge: DELEGPURGE4res | None = None,
        opdelegreturn: DELEGRETURN4res | None = None,
        opgetattr: GETATTR4res | None = None,
        opgetfh: GETFH4res | None = None,
        oplink: LINK4res | None = None,
        oplock: LOCK4res | None = None,
        oplockt: LOCKT4res | None = None,
        oplocku: LOCKU4res | None = None,
        oplookup: LOOKUP4res | None = None,
        oplookupp: LOOKUPP4res | None = None,
        opnverify: NVERIFY4res | None = None,
        opopen: OPEN4res | None = None,
        opopenattr: OPENATTR4res | None = None,
        opopen_confirm: OPEN_CONFIRM4res | None = None,
        opopen_downgrade: OPEN_DOWNGRADE4res | None = None,
        opputfh: PUTFH4res | None = None,
        opputpubfh: PUTPUBFH4res | None = None,
        opputrootfh: PUTROOTFH4res | None = None,
        opread: READ4res | None = None,
        opreaddir: READDIR4res | None = None,
        opreadlink: READLINK4res | None = None,
        opremove: REMOVE4res | None = None,
        oprename: RENAME4res | None = None,
        oprenew: RENEW4res | None = None,
        oprestorefh: RESTOREFH4res | None = None,
        opsavefh: SAVEFH4res | None = None,
        opsecinfo: SECINFO4res | None = None,
        opsetattr: SETATTR4res | None = None,
        opsetclientid: SETCLIENTID4res | None = None,
        opsetclientid_confirm: SETCLIENTID_CONFIRM4res | None = None,
        opverify: VERIFY4res | None = None,
        opwrite: WRITE4res | None = None,
        oprelease_lockowner: RELEASE_LOCKOWNER4res | None = None,
        opbackchannel_ctl: BACKCHANNEL_CTL4res | None = None,
        opbind_conn_to_session: BIND_CONN_TO_SESSION4res | None = None,
        opexchange_id: EXCHANGE_ID4res | None = None,
        opcreate_session: CREATE_SESSION4res | None = None,
        opdestroy_session: DESTROY_SESSION4res | None = None,
        opfree_stateid: FREE_STATEID4res | None = None,
        opget_dir_delegation: GET_DIR_DELEGATION4res | None = None,
        opgetdeviceinfo: GETDEVICEINFO4res | None = None,
        opgetdevicelist: GETDEVICELIST4res | None = None,
        oplayoutcommit: LAYOUTCOMMIT4res | None = None,
        oplayoutget: LAYOUTGET4res | None = None,
        oplayoutreturn: LAYOUTRETURN4res | None = None,
        opsecinfo_no_name: SECINFO_NO_NAME4res | None = None,
        opsequence: SEQUENCE4res | None = None,
        opset_ssv: SET_SSV4res | None = None,
        optest_stateid: TEST_STATEID4res | None = None,
        opwant_delegation: WANT_DELEGATION4res | None = None,
        opdestroy_clientid: DESTROY_CLIENTID4res | None = None,
        opreclaim_complete: RECLAIM_COMPLETE4res | None = None,
        opallocate: ALLOCATE4res | None = None,
        opcopy: COPY4res | None = None,
        opcopy_notify: COPY_NOTIFY4res | None = None,
        opdeallocate: DEALLOCATE4res | None = None,
        opio_advise: IO_ADVISE4res | None = None,
        oplayouterror: LAYOUTERROR4res | None = None,
        oplayoutstats: LAYOUTSTATS4res | None = None,
        opoffload_cancel: OFFLOAD_CANCEL4res | None = None,
        opoffload_status: OFFLOAD_STATUS4res | None = None,
        opread_plus: READ_PLUS4res | None = None,
        opseek: SEEK4res | None = None,
        opwrite_same: WRITE_SAME4res | None = None,
        opclone: CLONE4res | None = None,
        opgetxattr: GETXATTR4res | None = None,
        opsetxattr: SETXATTR4res | None = None,
        oplistxattrs: LISTXATTRS4res | None = None,
        opremovexattr: REMOVEXATTR4res | None = None,
        opillegal: ILLEGAL4res | None = None,
    ) -> None:
        self.resop = resop
        self.opaccess = opaccess
        self.opclose = opclose
        self.opcommit = opcommit
        self.opcreate = opcreate
        self.opdelegpurge = opdelegpurge
        self.opdelegreturn = opdelegreturn
        self.opgetattr = opgetattr
        self.opgetfh = opgetfh
        self.oplink = oplink
        self.oplock = oplock
        self.oplockt = oplockt
        self.oplocku = oplocku
        self.oplookup = oplookup
        self.oplookupp = oplookupp
        self.opnverify = opnverify
        self.opopen = opopen
        self.opopenattr = opopenattr
        self.opopen_confirm = opopen_confirm
        self.opopen_downgrade = opopen_downgrade
        self.opputfh = opputfh
        self.opputpubfh = opputpubfh
        self.opputrootfh = opputrootfh
        self.opread = opread
        self.opreaddir = opreaddir
        self.opreadlink = opreadlink
        self.opremove = opremove
        self.oprename = oprename
        self.oprenew = oprenew
        self.oprestorefh = oprestorefh
        self.opsavefh = opsavefh
        self.opsecinfo = opsecinfo
        self.opsetattr = opsetattr
        self.opsetclientid = opsetclientid
        self.opsetclientid_confirm = opsetclientid_confirm
        self.opverify = opverify
        self.opwrite = opwrite
        self.oprelease_lockowner = oprelease_lockowner
        self.opbackchannel_ctl = opbackchannel_ctl
        self.opbind_conn_to_session = opbind_conn_to_session
        self.opexchange_id = opexchange_id
        self.opcreate_session = opcreate_session
        self.opdestroy_session = opdestroy_session
        self.opfree_stateid = opfree_stateid
        self.opget_dir_delegation = opget_dir_delegation
        self.opgetdeviceinfo = opgetdeviceinfo
        self.opgetdevicelist = opgetdevicelist
        self.oplayoutcommit = oplayoutcommit
        self.oplayoutget = oplayoutget
        self.oplayoutreturn = oplayoutreturn
        self.opsecinfo_no_name = opsecinfo_no_name
        self.opsequence = opsequence
        self.opset_ssv = opset_ssv
        self.optest_stateid = optest_stateid
        self.opwant_delegation = opwant_delegation
        self.opdestroy_clientid = opdestroy_clientid
        self.opreclaim_complete = opreclaim_complete
        self.opallocate = opallocate
        self.opcopy = opcopy
        self.opcopy_notify = opcopy_notify
        self.opdeallocate = opdeallocate
        self.opio_advise = opio_advise
        self.oplayouterror = oplayouterror
        self.oplayoutstats = oplayoutstats
        self.opoffload_cancel = opoffload_cancel
        self.opoffload_status = opoffload_status
        self.opread_plus = opread_plus
        self.opseek = opseek
        self.opwrite_same = opwrite_same
        self.opclone = opclone
        self.opgetxattr = opgetxattr
        self.opsetxattr = opsetxattr
        self.oplistxattrs = oplistxattrs
        self.opremovexattr = opremovexattr
        self.opillegal = opillegal


def unpack_nfs_resop4(r: Reader) -> nfs_resop4:
    v = nfs_resop4(r.u32())
    if v.resop == OP_ACCESS:
        v.opaccess = unpack_ACCESS4res(r)
    elif v.resop == OP_CLOSE:
        v.opclose = unpack_CLOSE4res(r)
    elif v.resop == OP_COMMIT:
        v.opcommit = unpack_COMMIT4res(r)
    elif v.resop == OP_CREATE:
        v.opcreate = unpack_CREATE4res(r)
    elif v.resop == OP_DELEGPURGE:
        v.opdelegpurge = unpack_DELEGPURGE4res(r)
    elif v.resop == OP_DELEGRETURN:
        v.opdelegreturn = unpack_DELEGRETURN4res(r)
    elif v.resop == OP_GETATTR:
        v.opgetattr = unpack_GETATTR4res(r)
    elif v.resop == OP_GETFH:
        v.opgetfh = unpack_GETFH4res(r)
    elif v.resop == OP_LINK:
        v.oplink = unpack_LINK4res(r)
    elif v.resop == OP_LOCK:
        v.oplock = unpack_LOCK4res(r)
    elif v.resop == OP_LOCKT:
        v.oplockt = unpack_LOCKT4res(r)
    elif v.resop == OP_LOCKU:
        v.oplocku = unpack_LOCKU4res(r)
    elif v.resop == OP_LOOKUP:
        v.oplookup = unpack_LOOKUP4res(r)
    elif v.resop == OP_LOOKUPP:
        v.oplookupp = unpack_LOOKUPP4res(r)
    elif v.resop == OP_NVERIFY:
        v.opnverify = unpack_NVERIFY4res(r)
    elif v.resop == OP_OPEN:
        v.opopen = unpack_OPEN4res(r)
    elif v.resop == OP_OPENATTR:
        v.opopenattr = unpack_OPENATTR4res(r)
    elif v.resop == OP_OPEN_CONFIRM:
        v.opopen_confirm = unpack_OPEN_CONFIRM4res(r)
    elif v.resop == OP_OPEN_DOWNGRADE:
        v.opopen_downgrade = unpack_OPEN_DOWNGRADE4res(r)
    elif v.resop == OP_PUTFH:
        v.opputfh = unpack_PUTFH4res(r)
    elif v.resop == OP_PUTPUBFH:
        v.opputpubfh = unpack_PUTPUBFH4res(r)
    elif v.resop == OP_PUTROOTFH:
        v.opputrootfh = unpack_PUTROOTFH4res(r)
    elif v.resop == OP_READ:
        v.opread = unpack_READ4res(r)
    elif v.resop == OP_READDIR:
        v.opreaddir = unpack_READDIR4res(r)
    elif v.resop == OP_READLINK:
        v.opreadlink = unpack_READLINK4res(r)
    elif v.resop == OP_REMOVE:
        v.opremove = unpack_REMOVE4res(r)
    elif v.resop == OP_RENAME:
        v.oprename = unpack_RENAME4res(r)
    elif v.resop == OP_RENEW:
        v.oprenew = unpack_RENEW4res(r)
    elif v.resop == OP_RESTOREFH:
        v.oprestorefh = unpack_RESTOREFH4res(r)
    elif v.resop == OP_SAVEFH:
        v.opsavefh = unpack_SAVEFH4res(r)
    elif v.resop == OP_SECINFO:
        v.opsecinfo = unpack_SECINFO4res(r)
    elif v.resop == OP_SETATTR:
        v.opsetattr = unpack_SETATTR4res(r)
    elif v.resop == OP_SETCLIENTID:
        v.opsetclientid = unpack_SETCLIENTID4res(r)
    elif v.resop == OP_SETCLIENTID_CONFIRM:
        v.opsetclientid_confirm = unpack_SETCLIENTID_CONFIRM4res(r)
    elif v.resop == OP_VERIFY:
        v.opverify = unpack_VERIFY4res(r)
    elif v.resop == OP_WRITE:
        v.opwrite = unpack_WRITE4res(r)
    elif v.resop == OP_RELEASE_LOCKOWNER:
        v.oprelease_lockowner = unpack_RELEASE_LOCKOWNER4res(r)
    elif v.resop == OP_BACKCHANNEL_CTL:
        v.opbackchannel_ctl = unpack_BACKCHANNEL_CTL4res(r)
    elif v.resop == OP_BIND_CONN_TO_SESSION:
        v.opbind_conn_to_session = unpack_BIND_CONN_TO_SESSION4res(r)
    elif v.resop == OP_EXCHANGE_ID:
        v.opexchange_id = unpack_EXCHANGE_ID4res(r)
    elif v.resop == OP_CREATE_SESSION:
        v.opcreate_session = unpack_CREATE_SESSION4res(r)
    elif v.resop == OP_DESTROY_SESSION:
        v.opdestroy_session = unpack_DESTROY_SESSION4res(r)
    elif v.resop == OP_FREE_STATEID:
        v.opfree_stateid = unpack_FREE_STATEID4res(r)
    elif v.resop == OP_GET_DIR_DELEGATION:
        v.opget_dir_delegation = unpack_GET_DIR_DELEGATION4res(r)
    elif v.resop == OP_GETDEVICEINFO:
        v.opgetdeviceinfo = unpack_GETDEVICEINFO4res(r)
    elif v.resop == OP_GETDEVICELIST:
        v.opgetdevicelist = unpack_GETDEVICELIST4res(r)
    elif v.resop == OP_LAYOUTCOMMIT:
        v.oplayoutcommit = unpack_LAYOUTCOMMIT4res(r)
    elif v.resop == OP_LAYOUTGET:
        v.oplayoutget = unpack_LAYOUTGET4res(r)
    elif v.resop == OP_LAYOUTRETURN:
        v.oplayoutreturn = unpack_LAYOUTRETURN4res(r)
    elif v.resop == OP_SECINFO_NO_NAME:
        v.opsecinfo_no_name = unpack_SECINFO4res(r)
    elif v.resop == OP_SEQUENCE:
        v.opsequence = unpack_SEQUENCE4res(r)
    elif v.resop == OP_SET_SSV:
        v.opset_ssv = unpack_SET_SSV4res(r)
    elif v.resop == OP_TEST_STATEID:
        v.optest_stateid = unpack_TEST_STATEID4res(r)
    elif v.resop == OP_WANT_DELEGATION:
        v.opwant_delegation = unpack_WANT_DELEGATION4res(r)
    elif v.resop == OP_DESTROY_CLIENTID:
        v.opdestroy_clientid = unpack_DESTROY_CLIENTID4res(r)
    elif v.resop == OP_RECLAIM_COMPLETE:
        v.opreclaim_complete = unpack_RECLAIM_COMPLETE4res(r)
    elif v.resop == OP_ALLOCATE:
        v.opallocate = unpack_ALLOCATE4res(r)
    elif v.resop == OP_COPY:
        v.opcopy = unpack_COPY4res(r)
    elif v.resop == OP_COPY_NOTIFY:
        v.opcopy_notify = unpack_COPY_NOTIFY4res(r)
    elif v.resop == OP_DEALLOCATE:
        v.opdeallocate = unpack_DEALLOCATE4res(r)
    elif v.resop == OP_IO_ADVISE:
        v.opio_advise = unpack_IO_ADVISE4res(r)
    elif v.resop == OP_LAYOUTERROR:
        v.oplayouterror = unpack_LAYOUTERROR4res(r)
    elif v.resop == OP_LAYOUTSTATS:
        v.oplayoutstats = unpack_LAYOUTSTATS4res(r)
    elif v.resop == OP_OFFLOAD_CANCEL:
        v.opoffload_cancel = unpack_OFFLOAD_CANCEL4res(r)
    elif v.resop == OP_OFFLOAD_STATUS:
        v.opoffload_status = unpack_OFFLOAD_STATUS4res(r)
    elif v.resop == OP_READ_PLUS:
        v.opread_plus = unpack_READ_PLUS4res(r)
    elif v.resop == OP_SEEK:
        v.opseek = unpack_SEEK4res(r)
    elif v.resop == OP_WRITE_SAME:
        v.opwrite_same = unpack_WRITE_SAME4res(r)
    elif v.resop == OP_CLONE:
        v.opclone = unpack_CLONE4res(r)
    elif v.resop == OP_GETXATTR:
        v.opgetxattr = unpack_GETXATTR4res(r)
    elif v.resop == OP_SETXATTR:
        v.opsetxattr = unpack_SETXATTR4res(r)
    elif v.resop == OP_LISTXATTRS:
        v.oplistxattrs = unpack_LISTXATTRS4res(r)
    elif v.resop == OP_REMOVEXATTR:
        v.opremovexattr = unpack_REMOVEXATTR4res(r)
    elif v.resop == OP_ILLEGAL:
        v.opillegal = unpack_ILLEGAL4res(r)
    else:
        unknown("nfs_resop4", v.resop)
    return v


def pack_nfs_resop4(w: Writer, v: nfs_resop4) -> None:
    w.u32(v.resop)
    if v.resop == OP_ACCESS:
        if v.opaccess is None:
            absent("nfs_resop4", "opaccess")
        pack_ACCESS4res(w, v.opaccess)
    elif v.resop == OP_CLOSE:
        if v.opclose is None:
            absent("nfs_resop4", "opclose")
        pack_CLOSE4res(w, v.opclose)
    elif v.resop == OP_COMMIT:
        if v.opcommit is None:
            absent("nfs_resop4", "opcommit")
        pack_COMMIT4res(w, v.opcommit)
    elif v.resop == OP_CREATE:
        if v.opcreate is None:
            absent("nfs_resop4", "opcreate")
        pack_CREATE4res(w, v.opcreate)
    elif v.resop == OP_DELEGPURGE:
        if v.opdelegpurge is None:
            absent("nfs_resop4", "opdelegpurge")
        pack_DELEGPURGE4res(w, v.opdelegpurge)
    elif v.resop == OP_DELEGRETURN:
        if v.opdelegreturn is None:
            absent("nfs_resop4", "opdelegreturn")
        pack_DELEGRETURN4res(w, v.opdelegreturn)
    elif v.resop == OP_GETATTR:
        if v.opgetattr is None:
            absent("nfs_resop4", "opgetattr")
        pack_GETATTR4res(w, v.opgetattr)
    elif v.resop == OP_GETFH:
        if v.opgetfh is None:
            absent("nfs_resop4", "opgetfh")
        pack_GETFH4res(w, v.opgetfh)
    elif v.resop == OP_LINK:
        if v.oplink is None:
            absent("nfs_resop4", "oplink")
        pack_LINK4res(w, v.oplink)
    elif v.resop == OP_LOCK:
        if v.oplock is None:
            absent("nfs_resop4", "oplock")
        pack_LOCK4res(w, v.oplock)
    elif v.resop == OP_LOCKT:
        if v.oplockt is None:
            absent("nfs_resop4", "oplockt")
        pack_LOCKT4res(w, v.oplockt)
    elif v.resop == OP_LOCKU:
        if v.oplocku is None:
            absent("nfs_resop4", "oplocku")
        pack_LOCKU4res(w, v.oplocku)
    elif v.resop == OP_LOOKUP:
        if v.oplookup is None:
            absent("nfs_resop4", "oplookup")
        pack_LOOKUP4res(w, v.oplookup)
    elif v.resop == OP_LOOKUPP:
        if v.oplookupp is None:
            absent("nfs_resop4", "oplookupp")
        pack_LOOKUPP4res(w, v.oplookupp)
    elif v.resop == OP_NVERIFY:
        if v.opnverify is None:
            absent("nfs_resop4", "opnverify")
        pack_NVERIFY4res(w, v.opnverify)
    elif v.resop == OP_OPEN:
        if v.opopen is None:
            absent("nfs_resop4", "opopen")
        pack_OPEN4res(w, v.opopen)
    elif v.resop == OP_OPENATTR:
        if v.opopenattr is None:
            absent("nfs_resop4", "opopenattr")
        pack_OPENATTR4res(w, v.opopenattr)
    elif v.resop == OP_OPEN_CONFIRM:
        if v.opopen_confirm is None:
            absent("nfs_resop4", "opopen_confirm")
        pack_OPEN_CONFIRM4res(w, v.opopen_confirm)
    elif v.resop == OP_OPEN_DOWNGRADE:
        if v.opopen_downgrade is None:
            absent("nfs_resop4", "opopen_downgrade")
        pack_OPEN_DOWNGRADE4res(w, v.opopen_downgrade)
    elif v.resop == OP_PUTFH:
        if v.opputfh is None:
            absent("nfs_resop4", "opputfh")
        pack_PUTFH4res(w, v.opputfh)
    elif v.resop == OP_PUTPUBFH:
        if v.opputpubfh is None:
            absent("nfs_resop4", "opputpubfh")
        pack_PUTPUBFH4res(w, v.opputpubfh)
    elif v.resop == OP_PUTROOTFH:
        if v.opputrootfh is None:
            absent("nfs_resop4", "opputrootfh")
        pack_PUTROOTFH4res(w, v.opputrootfh)
    elif v.resop == OP_READ:
        if v.opread is None:
            absent("nfs_resop4", "opread")
        pack_READ4res(w, v.opread)
    elif v.resop == OP_READDIR:
        if v.opreaddir is None:
            absent("nfs_resop4", "opreaddir")
        pack_READDIR4res(w, v.opreaddir)
    elif v.resop == OP_READLINK:
        if v.opreadlink is None:
            absent("nfs_resop4", "opreadlink")
        pack_READLINK4res(w, v.opreadlink)
    elif v.resop == OP_REMOVE:
        if v.opremove is None:
            absent("nfs_resop4", "opremove")
        pack_REMOVE4res(w, v.opremove)
    elif v.resop == OP_RENAME:
        if v.oprename is None:
            absent("nfs_resop4", "oprename")
        pack_RENAME4res(w, v.oprename)
    elif v.resop == OP_RENEW:
        if v.oprenew is None:
            absent("nfs_resop4", "oprenew")
        pack_RENEW4res(w, v.oprenew)
    elif v.resop == OP_RESTOREFH:
        if v.oprestorefh is None:
            absent("nfs_resop4", "oprestorefh")
        pack_RESTOREFH4res(w, v.oprestorefh)
    elif v.resop == OP_SAVEFH:
        if v.opsavefh is None:
            absent("nfs_resop4", "opsavefh")
        pack_SAVEFH4res(w, v.opsavefh)
    elif v.resop == OP_SECINFO:
        if v.opsecinfo is None:
            absent("nfs_resop4", "opsecinfo")
        pack_SECINFO4res(w, v.opsecinfo)
    elif v.resop == OP_SETATTR:
        if v.opsetattr is None:
            absent("nfs_resop4", "opsetattr")
        pack_SETATTR4res(w, v.opsetattr)
    elif v.resop == OP_SETCLIENTID:
        if v.opsetclientid is None:
            absent("nfs_resop4", "opsetclientid")
        pack_SETCLIENTID4res(w, v.opsetclientid)
    elif v.resop == OP_SETCLIENTID_CONFIRM:
        if v.opsetclientid_confirm is None:
            absent("nfs_resop4", "opsetclientid_confirm")
        pack_SETCLIENTID_CONFIRM4res(w, v.opsetclientid_confirm)
    elif v.resop == OP_VERIFY:
        if v.opverify is None:
            absent("nfs_resop4", "opverify")
        pack_VERIFY4res(w, v.opverify)
    elif v.resop == OP_WRITE:
        if v.opwrite is None:
            absent("nfs_resop4", "opwrite")
        pack_WRITE4res(w, v.opwrite)
    elif v.resop == OP_RELEASE_LOCKOWNER:
        if v.oprelease_lockowner is None:
            absent("nfs_resop4", "oprelease_lockowner")
        pack_RELEASE_LOCKOWNER4res(w, v.oprelease_lockowner)
    elif v.resop == OP_BACKCHANNEL_CTL:
        if v.opbackchannel_ctl is None:
            absent("nfs_resop4", "opbackchannel_ctl")
        pack_BACKCHANNEL_CTL4res(w, v.opbackchannel_ctl)
    elif v.resop == OP_BIND_CONN_TO_SESSION:
        if v.opbind_conn_to_session is None:
            absent("nfs_resop4", "opbind_conn_to_session")
        pack_BIND_CONN_TO_SESSION4res(w, v.opbind_conn_to_session)
    elif v.resop == OP_EXCHANGE_ID:
        if v.opexchange_id is None:
            absent("nfs_resop4", "opexchange_id")
        pack_EXCHANGE_ID4res(w, v.opexchange_id)
    elif v.resop == OP_CREATE_SESSION:
        if v.opcreate_session is None:
            absent("nfs_resop4", "opcreate_session")
        pack_CREATE_SESSION4res(w, v.opcreate_session)
    elif v.resop == OP_DESTROY_SESSION:
        if v.opdestroy_session is None:
            absent("nfs_resop4", "opdestroy_session")
        pack_DESTROY_SESSION4res(w, v.opdestroy_session)
    elif v.resop == OP_FREE_STATEID:
        if v.opfree_stateid is None:
            absent("nfs_resop4", "opfree_stateid")
        pack_FREE_STATEID4res(w, v.opfree_stateid)
    elif v.resop == OP_GET_DIR_DELEGATION:
        if v.opget_dir_delegation is None:
            absent("nfs_resop4", "opget_dir_delegation")
        pack_GET_DIR_DELEGATION4res(w, v.opget_dir_delegation)
    elif v.resop == OP_GETDEVICEINFO:
        if v.opgetdeviceinfo is None:
            absent("nfs_resop4", "opgetdeviceinfo")
        pack_GETDEVICEINFO4res(w, v.opgetdeviceinfo)
    elif v.resop == OP_GETDEVICELIST:
        if v.opgetdevicelist is None:
            absent("nfs_resop4", "opgetdevicelist")
        pack_GETDEVICELIST4res(w, v.opgetdevicelist)
    elif v.resop == OP_LAYOUTCOMMIT:
        if v.oplayoutcommit is None:
            absent("nfs_resop4", "oplayoutcommit")
        pack_LAYOUTCOMMIT4res(w, v.oplayoutcommit)
    elif v.resop == OP_LAYOUTGET:
        if v.oplayoutget is None:
            absent("nfs_resop4", "oplayoutget")
        pack_LAYOUTGET4res(w, v.oplayoutget)
    elif v.resop == OP_LAYOUTRETURN:
        if v.oplayoutreturn is None:
            absent("nfs_resop4", "oplayoutreturn")
        pack_LAYOUTRETURN4res(w, v.oplayoutreturn)
    elif v.resop == OP_SECINFO_NO_NAME:
        if v.opsecinfo_no_name is None:
            absent("nfs_resop4", "opsecinfo_no_name")
        pack_SECINFO4res(w, v.opsecinfo_no_name)
    elif v.resop == OP_SEQUENCE:
        if v.opsequence is None:
            absent("nfs_resop4", "opsequence")
        pack_SEQUENCE4res(w, v.opsequence)
    elif v.resop == OP_SET_SSV:
        if v.opset_ssv is None:
            absent("nfs_resop4", "opset_ssv")
        pack_SET_SSV4res(w, v.opset_ssv)
    elif v.resop == OP_TEST_STATEID:
        if v.optest_stateid is None:
            absent("nfs_resop4", "optest_stateid")
        pack_TEST_STATEID4res(w, v.optest_stateid)
    elif v.resop == OP_WANT_DELEGATION:
        if v.opwant_delegation is None:
            absent("nfs_resop4", "opwant_delegation")
        pack_WANT_DELEGATION4res(w, v.opwant_delegation)
    elif v.resop == OP_DESTROY_CLIENTID:
        if v.opdestroy_clientid is None:
            absent("nfs_resop4", "opdestroy_clientid")
        pack_DESTROY_CLIENTID4res(w, v.opdestroy_clientid)
    elif v.resop == OP_RECLAIM_COMPLETE:
        if v.opreclaim_complete is None:
            absent("nfs_resop4", "opreclaim_complete")
        pack_RECLAIM_COMPLETE4res(w, v.opreclaim_complete)
    elif v.resop == OP_ALLOCATE:
        if v.opallocate is None:
            absent("nfs_resop4", "opallocate")
        pack_ALLOCATE4res(w, v.opallocate)
    elif v.resop == OP_COPY:
        if v.opcopy is None:
            absent("nfs_resop4", "opcopy")
        pack_COPY4res(w, v.opcopy)
    elif v.resop == OP_COPY_NOTIFY:
        if v.opcopy_notify is None:
            absent("nfs_resop4", "opcopy_notify")
        pack_COPY_NOTIFY4res(w, v.opcopy_notify)
    elif v.resop == OP_DEALLOCATE:
        if v.opdeallocate is None:
            absent("nfs_resop4", "opdeallocate")
        pack_DEALLOCATE4res(w, v.opdeallocate)
    elif v.resop == OP_IO_ADVISE:
        if v.opio_advise is None:
            absent("nfs_resop4", "opio_advise")
        pack_IO_ADVISE4res(w, v.opio_advise)
    elif v.resop == OP_LAYOUTERROR:
        if v.oplayouterror is None:
            absent("nfs_resop4", "oplayouterror")
        pack_LAYOUTERROR4res(w, v.oplayouterror)
    elif v.resop == OP_LAYOUTSTATS:
        if v.oplayoutstats is None:
            absent("nfs_resop4", "oplayoutstats")
        pack_LAYOUTSTATS4res(w, v.oplayoutstats)
    elif v.resop == OP_OFFLOAD_CANCEL:
        if v.opoffload_cancel is None:
            absent("nfs_resop4", "opoffload_cancel")
        pack_OFFLOAD_CANCEL4res(w, v.opoffload_cancel)
    elif v.resop == OP_OFFLOAD_STATUS:
        if v.opoffload_status is None:
            absent("nfs_resop4", "opoffload_status")
        pack_OFFLOAD_STATUS4res(w, v.opoffload_status)
    elif v.resop == OP_READ_PLUS:
        if v.opread_plus is None:
            absent("nfs_resop4", "opread_plus")
        pack_READ_PLUS4res(w, v.opread_plus)
    elif v.resop == OP_SEEK:
        if v.opseek is None:
            absent("nfs_resop4", "opseek")
        pack_SEEK4res(w, v.opseek)
    elif v.resop == OP_WRITE_SAME:
        if v.opwrite_same is None:
            absent("nfs_resop4", "opwrite_same")
        pack_WRITE_SAME4res(w, v.opwrite_same)
    elif v.resop == OP_CLONE:
        if v.opclone is None:
            absent("nfs_resop4", "opclone")
        pack_CLONE4res(w, v.opclone)
    elif v.resop == OP_GETXATTR:
        if v.opgetxattr is None:
            absent("nfs_resop4", "opgetxattr")
        pack_GETXATTR4res(w, v.opgetxattr)
    elif v.resop == OP_SETXATTR:
        if v.opsetxattr is None:
            absent("nfs_resop4", "opsetxattr")
        pack_SETXATTR4res(w, v.opsetxattr)
    elif v.resop == OP_LISTXATTRS:
        if v.oplistxattrs is None:
            absent("nfs_resop4", "oplistxattrs")
        pack_LISTXATTRS4res(w, v.oplistxattrs)
    elif v.resop == OP_REMOVEXATTR:
        if v.opremovexattr is None:
            absent("nfs_resop4", "opremovexattr")
        pack_REMOVEXATTR4res(w, v.opremovexattr)
    elif v.resop == OP_ILLEGAL:
        if v.opillegal is None:
            absent("nfs_resop4", "opillegal")
        pack_ILLEGAL4res(w, v.opillegal)
    else:
        unknown("nfs_resop4", v.resop)


class COMPOUND4args(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("tag", "minorversion", "argarray")

    def __init__(self, tag: utf8str_cs, minorversion: int, argarray: list[nfs_argop4]) -> None:
        self.tag = tag
        self.minorversion = minorversion
        self.argarray = argarray


def unpack_COMPOUND4args(r: Reader) -> COMPOUND4args:
    return COMPOUND4args(
        r.opaque(OPAQUE_CAP), r.u32(), [unpack_nfs_argop4(r) for _ in range(r.array_length(0xFFFFFFFF, 4))]
    )


def pack_COMPOUND4args(w: Writer, v: COMPOUND4args) -> None:
    w.opaque(v.tag)
    w.u32(v.minorversion)
    w.array_length(len(v.argarray))
    for argarray_item in v.argarray:
        pack_nfs_argop4(w, argarray_item)


class COMPOUND4res(Struct):
    FIELDS: ClassVar[tuple[str, ...]] = ("status", "tag", "resarray")

    def __init__(self, status: nfsstat4, tag: utf8str_cs, resarray: list[nfs_resop4]) -> None:
        self.status = status
        self.tag = tag
        self.resarray = resarray


def unpack_COMPOUND4res(r: Reader) -> COMPOUND4res:
    return COMPOUND4res(
        r.member(nfsstat4_names, "nfsstat4"),
        r.opaque(OPAQUE_CAP),
        [unpack_nfs_resop4(r) for _ in range(r.array_length(0xFFFFFFFF, 8))],
    )


def pack_COMPOUND4res(w: Writer, v: COMPOUND4res) -> None:
    w.u32(v.status)
    w.opaque(v.tag)
    w.array_length(len(v.resarray))
    for resarray_item in v.resarray:
        pack_nfs_resop4(w, resarray_item)
