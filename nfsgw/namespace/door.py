"""The Namespace door: what the engine and the chunk layer may ask of an engine that keeps the tree.

Every call is plain and returns at once: it decides on the cached state, applies the change there, and hands rows to the
writer. `met` is the highest commit that anything shown or changed since it was last set to 0 waits for: a reply leaves
when `durable` has reached it. All methods raise NFSError with the statuses that RFC 8881 names for the operation.
`now` is nanoseconds since 1970.
"""

from __future__ import annotations

from typing import Protocol

from nfsgw.namespace.model import ChangeInfo, Changes, ChunkRow, Credential, Entry, Inode, Pack
from nfsgw.suspend import Completion


class NamespaceDoor(Protocol):
    fsid_major: int
    fsid_minor: int
    met: int
    root: Inode

    @property
    def durable(self) -> int: ...

    # -- handles and objects
    def handle(self, inode: Inode) -> bytes: ...
    def resolve(self, handle: bytes) -> Inode:
        """The object of a filehandle. BADHANDLE (forged, malformed), STALE (gone, or of another filesystem)."""
        ...

    def get(self, inode_id: int) -> Inode:
        """STALE when there is no such object."""
        ...

    def pin(self, inode: Inode) -> None: ...
    def unpin(self, inode: Inode) -> None: ...

    # -- names
    def lookup(self, directory: Inode, name: bytes, who: Credential) -> Inode: ...
    def lookup_parent(self, directory: Inode, who: Credential) -> Inode: ...
    def create(
        self,
        directory: Inode,
        name: bytes,
        kind: int,
        changes: Changes,
        who: Credential,
        now: int,
        target: bytes = b"",
        rdev_major: int = 0,
        rdev_minor: int = 0,
        verifier: bytes = b"",
    ) -> tuple[Inode, ChangeInfo]:
        """Any type; EXIST when the name is taken. Mode defaults to 0; a setgid directory hands down its group (and
        setgid to directories)."""
        ...

    def link(self, inode: Inode, directory: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo: ...
    def unlink(
        self, directory: Inode, name: bytes, who: Credential, now: int, in_use: bool, kept: frozenset[int] = ...
    ) -> tuple[ChangeInfo, Inode]:
        """REMOVE of a file or an empty directory. `in_use`: somebody holds the object open, so that after its last link
        it lives on as an orphan until `release`. Its named attributes go with it, but for those in `kept` (ids), which
        somebody holds open: they live on as orphans."""
        ...

    def rename(
        self,
        source: Inode,
        old: bytes,
        target: Inode,
        new: bytes,
        who: Credential,
        now: int,
        in_use: bool,
        kept: frozenset[int] = ...,
    ) -> tuple[ChangeInfo, ChangeInfo, Inode | None]:
        """Third value: the object that was replaced. `in_use` and `kept` speak of that object."""
        ...

    # What is checked before an operation has delegations recalled: each raises what the call without `check_` would
    # raise, and changes nothing.
    def check_create(
        self, directory: Inode, name: bytes, kind: int, changes: Changes, who: Credential, now: int, target: bytes
    ) -> None: ...
    def check_link(self, inode: Inode, directory: Inode, name: bytes, who: Credential) -> None: ...
    def check_unlink(self, directory: Inode, name: bytes, who: Credential) -> None: ...
    def check_rename(self, source: Inode, old: bytes, target: Inode, new: bytes, who: Credential) -> None: ...
    def check_setattr(self, inode: Inode, changes: Changes, who: Credential, may_write: bool) -> None: ...
    def check_setxattr(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential) -> None: ...
    def check_removexattr(self, inode: Inode, name: bytes, who: Credential) -> None: ...

    def peek(self, directory: Inode, name: bytes) -> Inode | None:
        """What a name stands for, no permission asked; None where there is nothing. For decisions before a change takes
        effect."""
        ...

    def release(self, inode: Inode, kept: frozenset[int] = ...) -> None:
        """The last user of an orphan is gone: it, its chunks and its named attributes (but for those in `kept`) go too.
        Does nothing to an object that still has a name."""
        ...

    def named_directory(self, holder: Inode, create: bool, who: Credential, now: int) -> Inode:
        """OPENATTR: the directory of an object's named attributes. It holds files alone, made by `create`; its `parent`
        is the object. WRONG_TYPE, NOTSUPP, ACCESS, NOENT, NOSPC."""
        ...

    def named(self, holder: Inode) -> list[Inode]:
        """The directory of an object's named attributes and the files in it; empty where there is none. No permission
        asked."""
        ...

    def readdir(self, directory: Inode, cookie: int, limit: int) -> list[Entry]:
        """Up to `limit` entries after `cookie` in cookie order; an empty list says that the directory ends there. No
        permission asked."""
        ...

    # -- attributes
    def permitted(self, inode: Inode, who: Credential) -> int:
        """The POSIX bits (4 read, 2 write, 1 execute) that `who` has on the object. uid 0 has all, execute of a file
        only where some execute bit is set."""
        ...

    def setattr(self, inode: Inode, changes: Changes, who: Credential, now: int, may_write: bool) -> None:
        """All of SETATTR but the bytes: rules of chmod(2), chown(2), utimensat(2), truncate(2). PERM, ACCESS, INVAL,
        ISDIR, FBIG. `may_write`: the caller holds the file open for writing, so a new size asks no permission. A new
        size is checked and set here; right after this call, in the same turn of the loop, the engine asks the chunk
        layer to cut the chunks (chunks.truncate), so both are in one transaction."""
        ...

    def listxattr(self, inode: Inode, who: Credential) -> list[bytes]: ...
    def getxattr(self, inode: Inode, name: bytes, who: Credential) -> bytes: ...
    def setxattr(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential, now: int) -> ChangeInfo: ...
    def removexattr(self, inode: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo: ...

    # -- data: for the chunk layer
    def wrote(self, inode: Inode, end: int, now: int) -> None:
        """Bytes up to `end` were written, not yet durable: size, mtime, ctime, change move in the cache; setuid and
        setgid bits are cleared by the engine through setattr. No row is written: `store_chunks` does that when the
        bytes are on disk."""
        ...

    def chunk(self, inode_id: int, index: int) -> ChunkRow | None:
        """The stored row (pending ones included), or None for a hole. The row is the caller's to keep, not to
        change."""
        ...

    def chunks(self, inode_id: int, first: int, limit: int) -> list[tuple[int, ChunkRow]]: ...
    def store_chunks(
        self,
        inode: Inode,
        rows: list[tuple[int, ChunkRow | None]],
        stored_size: int,
        used: int,
        delete_from: int = -1,
    ) -> int:
        """The bytes of these chunks are durable where the rows say: rows, size, times and change go into one
        transaction (None deletes a row; objects no longer referred to are marked dead). `delete_from` >= 0: all rows
        with this index or a higher one go too, without being listed. `stored_size` and `used` replace the inode's.
        Returns the commit's sequence number."""
        ...

    def used_from(self, inode_id: int, first: int) -> int:
        """The sum of `length` over the chunks with index >= first, pending rows included (one SQL sum, no row
        objects)."""
        ...

    def store_upload(self, inode_id: int, index: int, expected: ChunkRow, uploaded: ChunkRow) -> int:
        """Replaces a chunk's row by one that points at a new object (`uploaded.key`, `.offset`, `.stored_length`,
        `.checksum`; the object's id is given here and set in `uploaded.object`), if it is still `expected` (same slot
        or inline bytes, same length); touches no time and no change. Returns the sequence number, or 0 when the chunk
        has moved on and the object is refuse (its key is then recorded as dead)."""
        ...

    def new_object(self, key: bytes, length: int, members: int) -> int:
        """An object that the store has now. The rows that refer to it must be stored in this turn of the loop, or it is
        dead. `members` above 1: a pack. Returns its id."""
        ...

    def bury(self, key: bytes, length: int) -> None:
        """Records an object that is in the store and that no chunk refers to, dead from now on, for the sweeper to
        delete."""
        ...

    def staged(self, after_inode: int, after_index: int, limit: int) -> list[tuple[int, int, ChunkRow]]:
        """Chunks that are not in the object store yet (slot or inline), in the order of (inode id, index), those after
        the given place ((0, -1): from the start). Committed rows are enough. Read at the start (every slot in use is
        found so) and when the upload queue has run dry."""
        ...

    def staged_of(self, inode_id: int) -> list[int]:
        """The indices of a file's chunks that are not in the object store yet, in order. Committed rows are enough."""
        ...

    def dead_objects(self, before: int, limit: int) -> list[tuple[int, bytes]]:
        """(object id, key) of up to `limit` committed objects that died before the time `before` (nanoseconds since
        1970)."""
        ...

    def thinned_packs(self, after: int, limit: int) -> list[Pack]:
        """Committed packs, ids above `after`, of which chunks may have let go since the last `settle_pack`."""
        ...

    def pack_live(self, object: int) -> int:
        """The bytes of a pack that committed chunks refer to."""
        ...

    def pack_members(self, object: int) -> list[tuple[int, int, ChunkRow]]:
        """(inode id, index, row) of the committed chunks that refer to an object, in the order of their offsets."""
        ...

    def settle_pack(self, object: int, live: int) -> int:
        """The pack was looked at, `live` bytes of it are referred to: it is no longer thinned, unless that has changed
        by the commit whose sequence number is returned."""
        ...

    def forget_objects(self, ids: list[int]) -> int:
        """These dead objects are no longer in the store: their rows go. Returns the commit's sequence number."""
        ...

    # -- commits
    def latest(self) -> int:
        """The number of the last commit that has anything in it so far: everything done until now is durable when
        `durable` has reached it. Equal to `durable` when nothing is pending."""
        ...

    def reach(self, seq: int) -> Completion:
        """Done when `durable` >= seq."""
        ...

    def usage(self) -> tuple[int, int]:
        """(objects in the tree, bytes used)."""
        ...
