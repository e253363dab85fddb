"""Names: lookup, create, link, unlink, rename, readdir, with the rules of POSIX directories and the errors of RFC 8881.

Everything is checked before anything changes, so an error leaves no trace. Must never know who has an object open: the
caller says so. RFC 8881: 18.4 CREATE, 18.9 LINK, 18.13 LOOKUP, 18.14 LOOKUPP, 18.23 READDIR, 18.25 REMOVE, 18.26
RENAME.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.cache import Cache
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import DIR, FIFO, LNK, NAMED, REG, ChangeInfo, Changes, Credential, Entry, Inode
from nfsgw.namespace.named import NOTHING, Named
from nfsgw.namespace.permissions import (
    EXECUTE,
    GROUP_EXECUTE,
    SETGID,
    WRITE,
    permitted,
    require,
    require_directory,
    require_sticky,
)
from nfsgw.namespace.room import Room
from nfsgw.namespace.schema import DIRECTORY_SIZE, ROOT
from nfsgw.wire.nfs4 import (
    NFS4ERR_ACCESS,
    NFS4ERR_BADNAME,
    NFS4ERR_BADTYPE,
    NFS4ERR_EXIST,
    NFS4ERR_FBIG,
    NFS4ERR_INVAL,
    NFS4ERR_ISDIR,
    NFS4ERR_MLINK,
    NFS4ERR_NAMETOOLONG,
    NFS4ERR_NOENT,
    NFS4ERR_NOTEMPTY,
    NFS4ERR_NOTSUPP,
    NFS4ERR_PERM,
    NFS4ERR_XDEV,
)

NAME_MAX: Final = 255
TARGET_MAX: Final = 4095


def is_name(name: bytes) -> bool:
    """Whether an entry may have this name."""
    return 0 < len(name) <= NAME_MAX and b"/" not in name and b"\0" not in name and name not in (b".", b"..")


def check_name(name: bytes) -> None:
    """Raises INVAL (empty), NAMETOOLONG, BADNAME (`/`, NUL, `.` and `..`: RFC 8881, 14.5)."""
    if is_name(name):
        return
    if not name:
        raise NFSError(NFS4ERR_INVAL, "empty name")
    raise NFSError(NFS4ERR_NAMETOOLONG if len(name) > NAME_MAX else NFS4ERR_BADNAME)


class Names:
    """The tree's names over the cache."""

    def __init__(
        self, cache: Cache, commits: Commits, room: Room, named: Named, max_links: int, max_file_size: int
    ) -> None:
        self._cache = cache
        self._commits = commits
        self._named = named
        self._room = room
        self._max_links = max_links
        self._max_file_size = max_file_size

    # -- looking
    def lookup(self, directory: Inode, name: bytes, who: Credential) -> Inode:
        """Raises NOTDIR, SYMLINK, ACCESS, NOENT, and what check_name raises."""
        entry = self._entry(directory, name, who)
        if entry.inode == 0:
            raise NFSError(NFS4ERR_NOENT)
        return self._cache.get(entry.inode)

    def lookup_parent(self, directory: Inode, who: Credential) -> Inode:
        """Raises NOTDIR, SYMLINK, ACCESS, and NOENT at the root."""
        require_directory(directory)
        require(directory, who, EXECUTE)
        if directory.id == ROOT:
            raise NFSError(NFS4ERR_NOENT)
        return self._cache.get(directory.parent)

    def peek(self, directory: Inode, name: bytes) -> Inode | None:
        if directory.kind != DIR or directory.gone:
            return None
        entry = self._cache.known(directory.id, name)
        if entry is None:
            if not is_name(name):
                return None
            entry = self._cache.load(directory.id, name)
        return None if entry.inode == 0 else self._cache.get(entry.inode)

    def readdir(self, directory: Inode, cookie: int, limit: int) -> list[Entry]:
        require_directory(directory)
        return self._cache.listing(directory, cookie, limit)

    def _entry(self, directory: Inode, name: bytes, who: Credential) -> Entry:
        """What a name stands for, to someone who may search the directory."""
        if directory.kind != DIR or directory.gone:
            require_directory(directory)
        if not permitted(directory, who) & EXECUTE:
            raise NFSError(NFS4ERR_ACCESS)
        entry = self._cache.known(directory.id, name)
        if entry is None:  # only names that were found proper are ever in memory
            check_name(name)
            entry = self._cache.load(directory.id, name)
        return entry

    # -- making
    def create(
        self,
        directory: Inode,
        name: bytes,
        kind: int,
        changes: Changes,
        who: Credential,
        now: int,
        target: bytes,
        rdev_major: int,
        rdev_minor: int,
        verifier: bytes,
    ) -> tuple[Inode, ChangeInfo]:
        """Raises what check_create raises."""
        entry, inode = self.check_create(directory, name, kind, changes, who, now, target)
        inode.target = target
        inode.rdev_major = rdev_major
        inode.rdev_minor = rdev_minor
        inode.verifier = verifier
        if kind == LNK:
            inode.size = inode.stored_size = len(target)

        commits = self._commits
        inode.id = commits.inode_ids.take()
        commits.objects += 1
        self._cache.add(inode)
        commits.touch(inode)
        if kind == DIR:
            inode.parent = directory.id
            directory.nlink += 1
        before = directory.change
        self._name(directory, entry, inode)
        self._changed(directory, now)
        if directory.flags & NAMED:
            self._named.counted(directory, now)
        return inode, ChangeInfo(before, directory.change)

    def check_create(
        self, directory: Inode, name: bytes, kind: int, changes: Changes, who: Credential, now: int, target: bytes
    ) -> tuple[Entry, Inode]:
        """All that can refuse it, and the object as it would be. Raises what lookup raises (but NOENT), EXIST, ACCESS,
        PERM (an owner that `who` may not give), INVAL, FBIG, NOSPC, and what Named.new raises."""
        entry = self._entry(directory, name, who)
        if entry.inode != 0:
            raise NFSError(NFS4ERR_EXIST)
        require(directory, who, WRITE)
        if kind < REG or kind > FIFO:
            raise NFSError(NFS4ERR_BADTYPE)
        if kind == LNK and not 0 < len(target) <= TARGET_MAX:
            raise NFSError(NFS4ERR_INVAL if not target else NFS4ERR_NAMETOOLONG)
        self._room.grow()
        return entry, self._new(directory, kind, changes, who, now)

    def _new(self, directory: Inode, kind: int, changes: Changes, who: Credential, now: int) -> Inode:
        """The new object as its creator wants it, not yet part of the tree."""
        if directory.flags & NAMED:
            return self._named.new(directory, kind, changes, now)
        superuser = who.uid == 0
        uid = who.uid if changes.uid is None else changes.uid
        if uid != who.uid and not superuser:
            raise NFSError(NFS4ERR_PERM, "only the superuser creates for others")
        mode = 0 if changes.mode is None else changes.mode & 0o7777
        if kind == LNK:
            mode = 0o777
        gid = who.gid
        if directory.mode & SETGID:
            gid = directory.gid
            if kind == DIR:
                mode |= SETGID
        if changes.gid is not None and changes.gid != gid:
            if not superuser and changes.gid not in who.groups:
                raise NFSError(NFS4ERR_PERM, "a group that the creator is not in")
            gid = changes.gid
        if kind != DIR and not superuser and gid not in who.groups and mode & SETGID and mode & GROUP_EXECUTE:
            mode &= ~SETGID
        inode = Inode(0, kind, mode, uid, gid, now)
        if kind == DIR:
            inode.nlink = 2
            inode.size = inode.stored_size = DIRECTORY_SIZE
        elif kind == REG and changes.size is not None:
            if changes.size > self._max_file_size:
                raise NFSError(NFS4ERR_FBIG)
            inode.size = inode.stored_size = changes.size
        if changes.atime is not None and changes.atime != Changes.NOW:
            inode.atime = changes.atime
        if changes.mtime is not None and changes.mtime != Changes.NOW:
            inode.mtime = changes.mtime
        if changes.btime is not None:
            inode.btime = changes.btime
        if changes.backup is not None:
            inode.backup = changes.backup
        inode.flags = changes.flags_set
        return inode

    def link(self, inode: Inode, directory: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo:
        """Raises what check_link raises."""
        entry = self.check_link(inode, directory, name, who)
        inode.nlink += 1
        inode.ctime = now
        self._commits.touch(inode)
        before = directory.change
        self._name(directory, entry, inode)
        self._changed(directory, now)
        return ChangeInfo(before, directory.change)

    def check_link(self, inode: Inode, directory: Inode, name: bytes, who: Credential) -> Entry:
        """Raises what lookup raises, EXIST, ISDIR, MLINK, NOSPC; NOENT where the object has no name any more; XDEV
        into or out of named attributes, and NOTSUPP among those of one object (18.9.3)."""
        if inode.kind == DIR:
            raise NFSError(NFS4ERR_ISDIR)
        if (inode.flags | directory.flags) & NAMED:
            raise NFSError(NFS4ERR_NOTSUPP if inode.parent == directory.id else NFS4ERR_XDEV)
        entry = self._entry(directory, name, who)
        if entry.inode != 0:
            raise NFSError(NFS4ERR_EXIST)
        require(directory, who, WRITE)
        if inode.nlink == 0:
            raise NFSError(NFS4ERR_NOENT)
        if inode.nlink >= self._max_links:
            raise NFSError(NFS4ERR_MLINK)
        self._room.grow()
        return entry

    # -- taking away
    def unlink(
        self, directory: Inode, name: bytes, who: Credential, now: int, in_use: bool, kept: frozenset[int] = NOTHING
    ) -> tuple[ChangeInfo, Inode]:
        """Raises what check_unlink raises."""
        entry, target = self.check_unlink(directory, name, who)
        before = directory.change
        self._unname(directory, entry)
        self._drop_link(directory, target, now, in_use, kept)
        self._changed(directory, now)
        if directory.flags & NAMED:
            self._named.counted(directory, now)
        return ChangeInfo(before, directory.change), target

    def check_unlink(self, directory: Inode, name: bytes, who: Credential) -> tuple[Entry, Inode]:
        """The name and its object. Raises what lookup raises, ACCESS, PERM (sticky), NOTEMPTY."""
        entry = self._entry(directory, name, who)
        if entry.inode == 0:
            raise NFSError(NFS4ERR_NOENT)
        target = self._cache.get(entry.inode)
        require(directory, who, WRITE)
        require_sticky(directory, target, who)
        if target.kind == DIR and target.entries > 0:
            raise NFSError(NFS4ERR_NOTEMPTY)
        return entry, target

    def release(self, inode: Inode, kept: frozenset[int] = NOTHING) -> None:
        """Nobody uses the object any more: without a name it goes."""
        if inode.nlink == 0 and not inode.gone:
            self._vanish(inode, kept, inode.ctime)

    # -- moving
    def rename(
        self,
        source: Inode,
        old: bytes,
        target: Inode,
        new: bytes,
        who: Credential,
        now: int,
        in_use: bool,
        kept: frozenset[int] = NOTHING,
    ) -> tuple[ChangeInfo, ChangeInfo, Inode | None]:
        """Raises what check_rename raises."""
        moved, replaced = self.check_rename(source, old, target, new, who)
        if replaced is moved:
            return ChangeInfo(source.change, source.change), ChangeInfo(target.change, target.change), None
        old_entry = self._entry(source, old, who)
        new_entry = self._entry(target, new, who)
        source_before = source.change
        target_before = target.change
        if replaced is not None:
            self._drop_link(target, replaced, now, in_use, kept)
        self._unname(source, old_entry)
        self._name(target, new_entry, moved)
        if moved.kind == DIR and source.id != target.id:
            moved.parent = target.id
            source.nlink -= 1
            target.nlink += 1
        moved.ctime = now
        self._commits.touch(moved)
        self._changed(source, now)
        if target.id != source.id:
            self._changed(target, now)
        return ChangeInfo(source_before, source.change), ChangeInfo(target_before, target.change), replaced

    def check_rename(
        self, source: Inode, old: bytes, target: Inode, new: bytes, who: Credential
    ) -> tuple[Inode, Inode | None]:
        """The object that moves and the one that it replaces: the same one twice where both names stand for it, and
        nothing happens. Raises what lookup raises, ACCESS, PERM (sticky), INVAL (into its own subtree), EXIST (a
        directory over something else or the reverse: 18.26.3), NOTEMPTY, XDEV (into or out of named attributes)."""
        if source.id != target.id and (source.flags | target.flags) & NAMED:
            raise NFSError(NFS4ERR_XDEV)
        old_entry = self._entry(source, old, who)
        new_entry = self._entry(target, new, who)
        if old_entry.inode == 0:
            raise NFSError(NFS4ERR_NOENT)
        moved = self._cache.get(old_entry.inode)
        if moved.kind == DIR and source.id != target.id:
            self._require_outside(moved, target)
        replaced: Inode | None = None
        if new_entry.inode != 0:
            if new_entry.inode == old_entry.inode:
                return moved, moved
            replaced = self._cache.get(new_entry.inode)
        require(source, who, WRITE)
        require(target, who, WRITE)
        require_sticky(source, moved, who)
        if replaced is not None:
            require_sticky(target, replaced, who)
            if (replaced.kind == DIR) != (moved.kind == DIR):
                raise NFSError(NFS4ERR_EXIST, "one is a directory, the other is not")
            if replaced.kind == DIR and replaced.entries > 0:
                raise NFSError(NFS4ERR_NOTEMPTY)
        if moved.kind == DIR and source.id != target.id:
            require(moved, who, WRITE)  # its ".." changes
        return moved, replaced

    def _require_outside(self, moved: Inode, place: Inode) -> None:
        """Raises INVAL when `place` is the directory that moves, or below it."""
        while True:
            if place.id == moved.id:
                raise NFSError(NFS4ERR_INVAL, "a directory into itself")
            if place.id == ROOT:
                return
            place = self._cache.get(place.parent)

    # -- the steps that changes are made of
    def _name(self, directory: Inode, entry: Entry, inode: Inode) -> None:
        """The name stands for `inode`. A name that stood for something keeps its cookie: a listing under way shows it
        once."""
        cookie = entry.cookie
        if entry.inode == 0:
            cookie = directory.next_cookie
            directory.next_cookie = cookie + 1
            directory.entries += 1
        self._cache.change_entry(entry, cookie, inode.id)

    def _unname(self, directory: Inode, entry: Entry) -> None:
        directory.entries -= 1
        self._cache.change_entry(entry, 0, 0)

    def _drop_link(self, directory: Inode, inode: Inode, now: int, in_use: bool, kept: frozenset[int]) -> None:
        """One name of `inode`, in `directory`, is gone."""
        inode.ctime = now
        if inode.kind == DIR:
            directory.nlink -= 1
            inode.nlink = 0
            self._vanish(inode, kept, now)
            return
        inode.nlink -= 1
        if inode.nlink == 0 and not in_use:
            self._vanish(inode, kept, now)
        else:
            self._commits.touch(inode)

    def _vanish(self, inode: Inode, kept: frozenset[int], now: int) -> None:
        if inode.named:
            self._named.vanish(inode, kept, now)
        inode.gone = True
        commits = self._commits
        commits.touch(inode)
        commits.objects -= 1
        commits.used -= inode.used

    def _changed(self, directory: Inode, now: int) -> None:
        directory.mtime = now
        directory.ctime = now
        self._commits.touch(directory)
