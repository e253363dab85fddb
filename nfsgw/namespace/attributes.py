"""SETATTR: the rules of chmod(2), chown(2), utimensat(2) and truncate(2), checked whole before anything is applied.

Must never touch bytes: cutting the chunks of a shortened file is the chunk layer's, which is told by `truncations`.
atime moves only here: reads do not move it (noatime). RFC 8881, 18.30; POSIX.1-2017.
"""

from __future__ import annotations

from nfsgw.errors import NFSError
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import DIR, NAMED, REG, Changes, Credential, Inode
from nfsgw.namespace.permissions import GROUP_EXECUTE, SETGID, SETUID, WRITE, permitted
from nfsgw.wire.nfs4 import NFS4ERR_ACCESS, NFS4ERR_FBIG, NFS4ERR_INVAL, NFS4ERR_ISDIR, NFS4ERR_PERM


class Attributes:
    """What SETATTR may do and does."""

    def __init__(self, commits: Commits, max_file_size: int) -> None:
        self._commits = commits
        self._max_file_size = max_file_size

    def check(self, inode: Inode, changes: Changes, who: Credential, may_write: bool) -> None:
        """Raises what `set` would raise: PERM, ACCESS, INVAL, ISDIR, FBIG."""
        owner = who.uid == 0 or who.uid == inode.uid
        if not owner and (
            changes.mode is not None
            or changes.btime is not None
            or changes.backup is not None
            or changes.flags_set
            or changes.flags_clear
            or changes.uid is not None
            or changes.gid is not None
        ):
            raise NFSError(NFS4ERR_PERM, "not the owner")
        if (
            inode.flags & NAMED
            and inode.kind == DIR
            and (changes.mode is not None or changes.uid is not None or changes.gid is not None)
        ):
            raise NFSError(NFS4ERR_PERM, "the directory of named attributes follows its object")
        if changes.uid is not None and changes.uid != inode.uid and who.uid != 0:
            raise NFSError(NFS4ERR_PERM, "only the superuser gives objects away")
        if changes.gid is not None and changes.gid != inode.gid and who.uid != 0 and changes.gid not in who.groups:
            raise NFSError(NFS4ERR_PERM, "a group that the owner is not in")
        if not owner:
            self._check_times(inode, changes, who)
        if changes.size is not None:
            if inode.kind != REG:
                raise NFSError(NFS4ERR_ISDIR if inode.kind == DIR else NFS4ERR_INVAL)
            if changes.size > self._max_file_size:
                raise NFSError(NFS4ERR_FBIG)
            if not may_write and not permitted(inode, who) & WRITE:
                raise NFSError(NFS4ERR_ACCESS)

    def _check_times(self, inode: Inode, changes: Changes, who: Credential) -> None:
        """The server's time asks for write permission, any other time for ownership."""
        atime = changes.atime
        mtime = changes.mtime
        if atime is None and mtime is None:
            return
        if (atime is not None and atime != Changes.NOW) or (mtime is not None and mtime != Changes.NOW):
            raise NFSError(NFS4ERR_PERM, "not the owner")
        if not permitted(inode, who) & WRITE:
            raise NFSError(NFS4ERR_ACCESS)

    def set(self, inode: Inode, changes: Changes, who: Credential, now: int, may_write: bool) -> None:
        self.check(inode, changes, who, may_write)
        changed = False
        if changes.uid is not None or changes.gid is not None:
            changed = True
            if changes.uid is not None:
                inode.uid = changes.uid
            if changes.gid is not None:
                inode.gid = changes.gid
            if inode.kind != DIR:
                self._drop_privileges(inode)
        if changes.size is not None:
            changed = True
            if who.uid != 0:
                self._drop_privileges(inode)
            inode.mtime = now
            self._resize(inode, changes.size)
        if changes.mode is not None:
            changed = True
            self._set_mode(inode, changes, who)
        if changes.atime is not None:
            changed = True
            inode.atime = now if changes.atime == Changes.NOW else changes.atime
        if changes.mtime is not None:
            changed = True
            inode.mtime = now if changes.mtime == Changes.NOW else changes.mtime
        if changes.btime is not None:
            changed = True
            inode.btime = changes.btime
        if changes.backup is not None:
            changed = True
            inode.backup = changes.backup
        if changes.flags_set or changes.flags_clear:
            changed = True
            inode.flags = (inode.flags & ~changes.flags_clear) | changes.flags_set
        if changed:
            inode.ctime = now
            self._commits.touch(inode)

    def _set_mode(self, inode: Inode, changes: Changes, who: Credential) -> None:
        mode = 0 if changes.mode is None else changes.mode & 0o7777
        if changes.mode_mask is not None:
            mode = (inode.mode & ~changes.mode_mask) | (mode & changes.mode_mask)
        if who.uid != 0 and inode.gid not in who.groups:
            mode &= ~SETGID
        inode.mode = mode & 0o7777

    def _drop_privileges(self, inode: Inode) -> None:
        """What a new owner or new contents take away. Setgid without group execute stood for something else (mandatory
        locks)."""
        inode.mode &= ~SETUID
        if inode.mode & GROUP_EXECUTE:
            inode.mode &= ~SETGID

    def _resize(self, inode: Inode, size: int) -> None:
        """A new size is durable with its transaction, also where bytes below it are still unstable: a crash leaves
        zeros there."""
        if size < inode.size:
            inode.truncations += 1
        inode.size = size
        inode.stored_size = size
