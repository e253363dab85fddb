"""What NFSv4.0 says where later minor versions have a status of their own. RFC 7530, 13.1."""

from __future__ import annotations

from typing import Final

from nfsgw.wire import nfs4 as w4

BY_OPERATION: Final = {
    (w4.OP_RESTOREFH, w4.NFS4ERR_NOFILEHANDLE): w4.NFS4ERR_RESTOREFH,
    (w4.OP_READ, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_WRITE, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_COMMIT, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_LOCK, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_LOCKT, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_LOCKU, w4.NFS4ERR_SYMLINK): w4.NFS4ERR_INVAL,
    (w4.OP_OPENATTR, w4.NFS4ERR_WRONG_TYPE): w4.NFS4ERR_NOTSUPP,
    (w4.OP_OPEN, w4.NFS4ERR_WRONG_TYPE): w4.NFS4ERR_SYMLINK,  # the only one that means "no regular file"
}

BY_STATUS: Final = {
    w4.NFS4ERR_WRONG_TYPE: w4.NFS4ERR_INVAL,
    w4.NFS4ERR_DELEG_REVOKED: w4.NFS4ERR_EXPIRED,
}


def of_minor0(number: int, status: int) -> int:
    """`number`: of the operation that failed."""
    known = BY_OPERATION.get((number, status))
    return BY_STATUS.get(status, status) if known is None else known
