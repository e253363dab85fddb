"""Extended attributes (RFC 8276): user attributes of files and directories, whole values.

Names come without their "user." prefix. Permissions as Linux has them for user.*: reading asks for read, changing for
write permission; only files and directories have any, and in a sticky directory's case only its owner changes them.
Must never interpret a value.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.cache import Cache
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import DIR, REG, ChangeInfo, Credential, Inode
from nfsgw.namespace.permissions import READ, STICKY, WRITE, require
from nfsgw.namespace.room import Room
from nfsgw.namespace.store import Store
from nfsgw.wire.nfs4 import (
    NFS4ERR_EXIST,
    NFS4ERR_INVAL,
    NFS4ERR_NAMETOOLONG,
    NFS4ERR_NOSPC,
    NFS4ERR_NOXATTR,
    NFS4ERR_PERM,
    NFS4ERR_XATTR2BIG,
    SETXATTR4_CREATE,
    SETXATTR4_EITHER,
    SETXATTR4_REPLACE,
)

NAME_MAX: Final = 250  # with "user." before it, what Linux takes: 255
VALUE_MAX: Final = 64 * 1024
LIST_MAX: Final = 64 * 1024  # names of one object, each with its prefix and a NUL: what listxattr(2) can return
TOTAL_MAX: Final = 1024 * 1024  # values of one object
_PER_NAME: Final = 6


class XattrSet:
    """All attributes of one object."""

    def __init__(self, values: dict[bytes, bytes]) -> None:
        self.values = values
        self.seq = 0


class Xattrs:
    """Sets are read whole on first use and remembered, `bound` of them; pending ones always."""

    def __init__(self, store: Store, cache: Cache, commits: Commits, room: Room, bound: int) -> None:
        self._store = store
        self._cache = cache
        self._commits = commits
        self._room = room
        self._bound = bound
        self._sets: dict[int, XattrSet] = {}

    def names(self, inode: Inode, who: Credential) -> list[bytes]:
        """Sorted. Raises ACCESS."""
        if inode.kind != REG and inode.kind != DIR:
            return []
        require(inode, who, READ)
        return sorted(self._of(inode).values)

    def get(self, inode: Inode, name: bytes, who: Credential) -> bytes:
        """Raises ACCESS, NOXATTR, INVAL, NAMETOOLONG."""
        if inode.kind != REG and inode.kind != DIR:
            raise NFSError(NFS4ERR_NOXATTR)
        _check_name(name)
        require(inode, who, READ)
        value = self._of(inode).values.get(name)
        if value is None:
            raise NFSError(NFS4ERR_NOXATTR)
        return value

    def set(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential, now: int) -> ChangeInfo:
        """Raises what check_set raises."""
        held = self.check_set(inode, name, value, how, who)
        held.values[name] = value
        return self._changed(inode, held, name, value, now)

    def check_set(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential) -> XattrSet:
        """Raises ACCESS, PERM, INVAL, NAMETOOLONG, XATTR2BIG, EXIST (CREATE), NOXATTR (REPLACE), NOSPC."""
        self._require_change(inode, who)
        _check_name(name)
        if len(value) > VALUE_MAX:
            raise NFSError(NFS4ERR_XATTR2BIG)
        held = self._of(inode)
        if how == SETXATTR4_CREATE:
            if name in held.values:
                raise NFSError(NFS4ERR_EXIST)
        elif how == SETXATTR4_REPLACE:
            if name not in held.values:
                raise NFSError(NFS4ERR_NOXATTR)
        elif how != SETXATTR4_EITHER:
            raise NFSError(NFS4ERR_INVAL)
        listed = len(name) + _PER_NAME
        total = len(value)
        for other, content in held.values.items():
            if other != name:
                listed += len(other) + _PER_NAME
                total += len(content)
        if listed > LIST_MAX or total > TOTAL_MAX:
            raise NFSError(NFS4ERR_NOSPC, "too many extended attributes on one object")
        self._room.grow()
        return held

    def remove(self, inode: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo:
        """Raises what check_remove raises."""
        held = self.check_remove(inode, name, who)
        del held.values[name]
        return self._changed(inode, held, name, None, now)

    def check_remove(self, inode: Inode, name: bytes, who: Credential) -> XattrSet:
        """Raises ACCESS, PERM, NOXATTR, INVAL, NAMETOOLONG."""
        self._require_change(inode, who)
        _check_name(name)
        held = self._of(inode)
        if name not in held.values:
            raise NFSError(NFS4ERR_NOXATTR)
        return held

    def _require_change(self, inode: Inode, who: Credential) -> None:
        if inode.kind != REG and inode.kind != DIR:
            raise NFSError(NFS4ERR_PERM, "only files and directories have user attributes")
        if inode.kind == DIR and inode.mode & STICKY and who.uid not in (0, inode.uid):
            raise NFSError(NFS4ERR_PERM, "sticky directory")
        require(inode, who, WRITE)

    def _of(self, inode: Inode) -> XattrSet:
        held = self._sets.get(inode.id)
        if held is None:
            if len(self._sets) >= self._bound:
                durable = self._commits.durable
                self._sets = {id: other for id, other in self._sets.items() if other.seq > durable}
            held = XattrSet(self._store.xattrs(inode.id))
            self._sets[inode.id] = held
        elif held.seq > self._commits.met:
            self._commits.met = held.seq
        return held

    def _changed(self, inode: Inode, held: XattrSet, name: bytes, value: bytes | None, now: int) -> ChangeInfo:
        before = inode.change
        inode.ctime = now
        self._commits.touch(inode)
        held.seq = self._commits.number
        self._commits.batch.xattrs[(inode.id, name)] = value
        return ChangeInfo(before, inode.change)


def _check_name(name: bytes) -> None:
    if not name or b"\0" in name:
        raise NFSError(NFS4ERR_INVAL)
    if len(name) > NAME_MAX:
        raise NFSError(NFS4ERR_NAMETOOLONG)
