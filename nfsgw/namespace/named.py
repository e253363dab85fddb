"""Named attributes: the hidden directory of files that a file or directory may have (macOS keeps Finder's there).

Directory and files are ordinary inodes with the flag NAMED; here is what is different. They have the owner, the group
and the permissions of their object and follow them; they are counted, and vanish, with it. Must never be asked for on
the path of an object that has none. RFC 8881, 5.3 and 18.17; RFC 7530, 5.3 and 16.17.
"""

from __future__ import annotations

from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.cache import Cache
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import DIR, HAS_NAMED, NAMED, REG, Changes, Credential, Entry, Inode
from nfsgw.namespace.permissions import READ, WRITE, require
from nfsgw.namespace.room import Room
from nfsgw.namespace.schema import DIRECTORY_SIZE
from nfsgw.wire.nfs4 import NFS4ERR_NOENT, NFS4ERR_NOSPC, NFS4ERR_NOTSUPP, NFS4ERR_WRONG_TYPE

MOST: Final = 4096  # attributes of one object: what goes or changes with it does so in one turn of the loop
NOTHING: Final[frozenset[int]] = frozenset()
_PAGE: Final = 1024


class Named:
    """The named attributes of all objects, over the cache."""

    def __init__(self, cache: Cache, commits: Commits, room: Room) -> None:
        self._cache = cache
        self._commits = commits
        self._room = room

    def directory(self, holder: Inode, create: bool, who: Credential, now: int) -> Inode:
        """OPENATTR. Raises WRONG_TYPE (there are none of an attribute), NOTSUPP, ACCESS, NOENT, NOSPC. To make it asks
        for permission to write, and does not show: it is empty."""
        if holder.flags & NAMED:
            raise NFSError(NFS4ERR_WRONG_TYPE, "a named attribute has none of its own")
        if holder.kind != REG and holder.kind != DIR:
            raise NFSError(NFS4ERR_NOTSUPP)
        require(holder, who, READ)
        if holder.named:
            return self._cache.get(holder.named)
        if not create:
            raise NFSError(NFS4ERR_NOENT)
        require(holder, who, WRITE)
        self._room.grow()
        commits = self._commits
        made = Inode(commits.inode_ids.take(), DIR, _mode_of(holder), holder.uid, holder.gid, now)
        made.nlink = 2
        made.size = made.stored_size = DIRECTORY_SIZE
        made.flags = NAMED
        made.parent = holder.id
        commits.objects += 1
        self._cache.add(made)
        commits.touch(made)
        holder.named = made.id
        commits.touch(holder, False)
        return made

    def new(self, directory: Inode, kind: int, changes: Changes, now: int) -> Inode:
        """A new attribute, not yet part of the tree. WRONG_TYPE for anything but a file, NOSPC for one too many. An
        owner and a mode of its creator's choice have no effect."""
        if kind != REG:
            raise NFSError(NFS4ERR_WRONG_TYPE, "a named attribute is a file")
        if directory.entries >= MOST:
            raise NFSError(NFS4ERR_NOSPC, "too many named attributes on one object")
        inode = Inode(0, REG, directory.mode & 0o666, directory.uid, directory.gid, now)
        inode.flags = NAMED | changes.flags_set
        inode.parent = directory.id
        return inode

    def counted(self, directory: Inode, now: int) -> None:
        """The directory has got or lost a name: FATTR4_NAMED_ATTR of its object says whether it has any."""
        holder = self._cache.peek(directory.parent)
        if holder is not None and (directory.entries > 0) != (holder.flags & HAS_NAMED != 0):
            holder.flags ^= HAS_NAMED
            holder.ctime = now
            self._commits.touch(holder)

    def of(self, holder: Inode) -> list[Inode]:
        """The directory and its files; empty where there is none."""
        if not holder.named:
            return []
        directory = self._cache.get(holder.named)
        found = [directory]
        for entry in self._entries(directory):
            found.append(self._cache.get(entry.inode))
        return found

    def follow(self, holder: Inode) -> None:
        """The object has another owner, group or mode."""
        for inode in self.of(holder):
            inode.uid = holder.uid
            inode.gid = holder.gid
            inode.mode = _mode_of(holder) if inode.kind == DIR else holder.mode & 0o666
            inode.ctime = holder.ctime
            self._commits.touch(inode)

    def vanish(self, holder: Inode, kept: frozenset[int], now: int) -> None:
        """The object is gone. Files that somebody has open (`kept`) live on without a name."""
        cache = self._cache
        commits = self._commits
        directory = cache.get(holder.named)
        for entry in self._entries(directory):
            inode = cache.get(entry.inode)
            cache.change_entry(entry, 0, 0)
            inode.nlink = 0
            inode.ctime = now
            commits.touch(inode)
            if inode.id not in kept:
                inode.gone = True
                commits.objects -= 1
                commits.used -= inode.used
        directory.gone = True
        commits.touch(directory)
        commits.objects -= 1

    def _entries(self, directory: Inode) -> list[Entry]:
        found: list[Entry] = []
        cookie = 0
        while True:
            page = self._cache.listing(directory, cookie, _PAGE)
            if not page:
                return found
            found.extend(page)
            cookie = page[-1].cookie


def _mode_of(holder: Inode) -> int:
    """Who may read the object may look its attributes up."""
    return (holder.mode & 0o666) | ((holder.mode & 0o444) >> 2)
