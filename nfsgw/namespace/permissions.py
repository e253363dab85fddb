"""Who may do what: the POSIX permission bits of an object for a credential.

Pure functions; must never look at names or stateids. uid 0 passes (squashing happens before a Credential is made).
POSIX.1-2017, 4.5.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, LNK, Credential, Inode
from nfsgw.wire.nfs4 import NFS4ERR_ACCESS, NFS4ERR_NOTDIR, NFS4ERR_PERM, NFS4ERR_STALE, NFS4ERR_SYMLINK

READ: Final = 4
WRITE: Final = 2
EXECUTE: Final = 1  # of a directory: search

SETUID: Final = 0o4000
SETGID: Final = 0o2000
STICKY: Final = 0o1000
GROUP_EXECUTE: Final = 0o010


def permitted(inode: Inode, who: Credential) -> int:
    """The bits (4 read, 2 write, 1 execute or search) that `who` has. uid 0 has all, execute of a non-directory only
    where some execute bit is set."""
    mode = inode.mode
    uid = who.uid
    if uid == 0:
        return 7 if inode.kind == DIR or mode & 0o111 else 6
    if uid == inode.uid:
        return (mode >> 6) & 7
    if inode.gid in who.groups:
        return (mode >> 3) & 7
    return mode & 7


def require(inode: Inode, who: Credential, bits: int) -> None:
    """Raises ACCESS."""
    if permitted(inode, who) & bits != bits:
        raise NFSError(NFS4ERR_ACCESS)


def require_directory(inode: Inode) -> None:
    """Raises NOTDIR, and SYMLINK for a symbolic link where the RFC tells them apart (LOOKUP: 18.13.4); STALE where it
    was removed."""
    if inode.kind != DIR:
        raise NFSError(NFS4ERR_SYMLINK if inode.kind == LNK else NFS4ERR_NOTDIR)
    if inode.gone:
        raise NFSError(NFS4ERR_STALE)


def require_sticky(directory: Inode, target: Inode, who: Credential) -> None:
    """In a sticky directory only the owner of the directory or of the object may take a name away. Raises PERM."""
    if directory.mode & STICKY and who.uid not in (0, target.uid, directory.uid):
        raise NFSError(NFS4ERR_PERM, "sticky directory")
