"""The values that cross the Namespace door: inodes, entries, chunk rows, credentials and what changes them.

An Inode is the gateway's only copy of an object's state: the cache holds it, operations read its fields, and only the
namespace changes them. Times are integers, nanoseconds since 1970. Names, link targets and owners are bytes and numbers
as on the wire. This module knows no SQL and no stateid.
"""

from __future__ import annotations

from typing import Final

# nfs_ftype4 (RFC 8881, 3.2): the type of an object, as on the wire.
REG: Final = 1
DIR: Final = 2
BLK: Final = 3
CHR: Final = 4
LNK: Final = 5
SOCK: Final = 6
FIFO: Final = 7
ATTRDIR: Final = 8
NAMEDATTR: Final = 9

# Bits of Inode.flags. A client sets the first three; the others are the namespace's own.
ARCHIVE: Final = 1
HIDDEN: Final = 2
SYSTEM: Final = 4
NAMED: Final = 256  # a named attribute (kind REG) or a directory of them (kind DIR); on the wire NAMEDATTR and ATTRDIR
HAS_NAMED: Final = 512  # there are named attributes of the object

CHUNK_SIZE: Final = 4 * 1024 * 1024


class Credential:
    """Who acts: numbers of AUTH_SYS after squashing. `groups` holds gid and the supplementary groups."""

    def __init__(self, uid: int, gid: int, groups: frozenset[int]) -> None:
        self.uid = uid
        self.gid = gid
        self.groups = groups | {gid}


class Inode:
    """One object. Fields up to `flags` are stored; the rest lives only while it is cached."""

    def __init__(self, id: int, kind: int, mode: int, uid: int, gid: int, now: int) -> None:
        self.id = id
        self.kind = kind
        self.mode = mode  # the twelve permission bits
        self.uid = uid
        self.gid = gid
        self.nlink = 1
        self.size = 0  # as every machine sees it, unstable writes included
        self.stored_size = 0  # the part of it whose bytes are durable: what the row says (see docs/invariants.md)
        self.used = 0  # bytes that take up space: whole data, holes not counted
        self.atime = now
        self.mtime = now
        self.ctime = now
        self.btime = now
        self.change = 0  # strictly increasing, over restarts too
        self.rdev_major = 0
        self.rdev_minor = 0
        self.target = b""  # of a symbolic link
        # Of a directory: the inode id of the directory that holds it; the root holds itself. Of a directory of named
        # attributes: the object that has them; of a named attribute: that directory.
        self.parent = 0
        self.next_cookie = 3  # of a directory: cookies 0, 1 and 2 are never given
        self.entries = 0  # of a directory: how many names it holds
        self.verifier = (
            b""  # of an exclusive create: the creating client's identity and its verifier (RFC 8881, 18.16.3)
        )
        self.flags = 0
        self.named = 0  # the directory of its named attributes, once there is one
        self.backup = 0  # FATTR4_TIME_BACKUP
        # not stored
        self.seq = 0  # the commit that must be durable before anyone is told of this state; 0: long durable
        self.pins = 0  # opens, dirty data and the like: never evicted while > 0
        self.recent = True  # second chance of the cache's clock
        self.truncations = 0  # how often the size was cut while cached: a data commit begun before must start over
        self.gone = False  # removed: kept only so that nobody finds its row before the removal is durable
        self.handle = b""  # its filehandle, once somebody asked for it
        self.attrs_mask = 0  # the engine's encoded attributes, valid until the next change: mask and bytes
        self.attrs_blob: bytes | None = None


class Entry:
    """One name in a directory. `inode` is an id; 0 says that the name is known not to exist (a negative entry)."""

    def __init__(self, parent: int, name: bytes, cookie: int, inode: int, seq: int) -> None:
        self.parent = parent
        self.name = name
        self.cookie = cookie
        self.inode = inode
        self.seq = seq
        self.recent = True


class ChunkRow:
    """Where the bytes of one 4 MiB chunk of a file are: exactly one of inline, slot, object.

    `length` is how many bytes from the start of the chunk are defined; past them, up to the end of the file, the chunk
    reads as zeros whatever lies in the store. A chunk that has no row is a hole.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self.inline: bytes | None = None
        self.slot = -1  # number of a staging file, or -1
        self.object = 0  # id of the object row, or 0
        self.key = b""  # the object's key in the store (joined from the object row)
        self.offset = 0  # where the chunk starts in the object
        self.stored_length = 0  # how many bytes the object holds for this chunk (length may be less after a truncate)
        self.checksum = 0  # CRC-32C of those stored bytes


class Pack:
    """An object that holds many chunks: its row, in short."""

    def __init__(self, object: int, key: bytes, length: int, members: int) -> None:
        self.object = object
        self.key = key
        self.length = length
        self.members = members  # those that it was made of


class ChangeInfo:
    """change_info4 of one transaction: atomic is always true here (RFC 8881, 3.3.5)."""

    def __init__(self, before: int, after: int) -> None:
        self.before = before
        self.after = after


class Changes:
    """What SETATTR, CREATE and OPEN may set. None: leave as it is (SETATTR) or take the default (create).

    `atime` and `mtime` are nanoseconds, or NOW for the server's time.
    """

    NOW: Final = -(1 << 63)

    def __init__(self) -> None:
        self.mode: int | None = None
        self.mode_mask: int | None = None  # with mode_set_masked4: only these bits of mode are set
        self.uid: int | None = None
        self.gid: int | None = None
        self.size: int | None = None
        self.atime: int | None = None
        self.mtime: int | None = None
        self.btime: int | None = None
        self.backup: int | None = None
        self.flags_set = 0  # hidden, archive, system: bits of Inode.flags to set and to clear
        self.flags_clear = 0
