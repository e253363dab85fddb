"""`nfsgw load`: makes a filesystem of a tar archive, one of `nfsgw dump` or another's, in an empty data directory.

It writes through the same namespace and chunk layer as the gateway does, so bytes go to the object store as ever;
modes, owners, times and flags of all objects are set last, at rest, for making a name moves those of its directory.
Never loads into a tree that holds something.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from typing import IO, Any, Final
from urllib.parse import quote

from nfsgw.chunks.chunks import Chunks
from nfsgw.errors import NFSError
from nfsgw.maintenance.portable import Portable, octets, portable_of
from nfsgw.namespace.model import DIR, HAS_NAMED, NAMED, REG, Changes, Credential, Inode
from nfsgw.namespace.namespace import Namespace
from nfsgw.namespace.schema import open_writer
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, SETXATTR4_EITHER, nfsstat4_names

PIECE: Final = 1 << 20
SYNC_EVERY: Final = 64  # files
ROOT_USER: Final = Credential(0, 0, frozenset())
AGAIN_AFTER: Final = 0.5  # seconds, when a staging that is full has sent us away
SET: Final = (
    "UPDATE inode SET (mode, uid, gid, atime, mtime, ctime, btime, backup, flags)"
    f" = (SELECT mode, uid, gid, atime, mtime, ctime, btime, backup, about.flags | (inode.flags & {NAMED | HAS_NAMED})"
    " FROM loaded.about WHERE about.id = inode.id)"
    " WHERE id IN (SELECT id FROM loaded.about)"
)
FOLLOW: Final = (  # as namespace/named.py has it
    "UPDATE inode SET (mode, uid, gid) = (SELECT (o.mode & 438) | ((o.mode & 292) >> 2), o.uid, o.gid FROM inode o"
    f" WHERE o.id = inode.parent) WHERE kind = {DIR} AND flags & {NAMED}"
)


class LoadFailed(Exception):
    """`str()` is one line for the operator."""


class Load:
    """Of one archive, which is only ever read forward. `notes` is a new file's path, for what is set last."""

    def __init__(
        self, namespace: Namespace, chunks: Chunks, notes: str, now: Callable[[], int], progress: Callable[[str], None]
    ) -> None:
        self.objects = 0
        self.bytes = 0
        self._namespace = namespace
        self._chunks = chunks
        self._now = now
        self._progress = progress
        self._unsynced: list[Inode] = []
        self._notes = sqlite3.connect(notes, isolation_level=None)
        self._notes.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; CREATE TABLE about (id INTEGER PRIMARY KEY,"
            " mode INTEGER, uid INTEGER, gid INTEGER, atime INTEGER, mtime INTEGER, ctime INTEGER, btime INTEGER,"
            " backup INTEGER, flags INTEGER) STRICT"
        )

    async def run(self, source: IO[bytes]) -> None:
        """LoadFailed, OSError. All that was loaded is durable on return; `settle` must follow when the tree is at
        rest."""
        with closing(self._notes):
            try:
                with tarfile.open(fileobj=source, mode="r|*", encoding="utf-8", errors="surrogateescape") as archive:
                    while (member := archive.next()) is not None:
                        await self._member(archive, member)
                        vars(archive)["members"].clear()  # it remembers them all, however many
            except (tarfile.TarError, EOFError, ValueError) as error:
                raise LoadFailed(f"the archive cannot be read: {error}") from error
            await self._sync()
            await over(self._namespace.flush())
            self._notes.execute("COMMIT")

    async def _member(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        path = parts(member.name)
        try:
            if member.islnk():
                await self._link(path, parts(member.linkname))
                return
            about = portable_of(member)
            if about is None:
                raise LoadFailed(f"{member.name!r}: a kind of member that cannot be loaded ({member.type!r})")
            inode = await self._make(path, about)
            for name, value in about.xattrs.items():
                self._namespace.setxattr(inode, name, value, SETXATTR4_EITHER, ROOT_USER, self._now())
            if about.kind == REG:
                await self._fill(archive, member, inode)
        except NFSError as error:
            raise LoadFailed(f"{member.name!r}: {nfsstat4_names[error.status]} {error}".rstrip()) from error
        times = (about.atime, about.mtime, about.ctime, about.btime, about.backup or None)
        self._notes.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (inode.id, about.mode, about.uid, about.gid, *times, about.flags),
        )
        self.objects += 1
        self._progress(f"{self.objects} objects, {self.bytes >> 20} MiB")
        await over(self._namespace.flush() if self.objects % SYNC_EVERY == 0 else None)

    def _directory(self, path: list[bytes]) -> Inode:
        """Made where an archive does not mention it."""
        inode = self._namespace.root
        for name in path:
            found = self._namespace.peek(inode, name)
            if found is None:
                changes = Changes()
                changes.mode = 0o755
                found = self._namespace.create(inode, name, DIR, changes, ROOT_USER, self._now())[0]
            inode = found
        return inode

    def _attribute(self, about: Portable) -> Inode:
        """A new named attribute; its object stands in the archive before it."""
        namespace = self._namespace
        path = parts_of(about.holder)
        holder = namespace.peek(self._directory(path[:-1]), path[-1]) if path else namespace.root
        if holder is None:
            raise LoadFailed(f"an attribute of {about.holder!r}, which is not in the archive before it")
        directory = namespace.named_directory(holder, True, ROOT_USER, self._now())
        return namespace.create(directory, about.attribute, about.kind, Changes(), ROOT_USER, self._now())[0]

    async def _make(self, path: list[bytes], about: Portable) -> Inode:
        if about.attribute:
            return self._attribute(about)
        if not path:
            if about.kind != DIR:
                raise LoadFailed("the archive's root is no directory")
            return self._namespace.root
        directory = self._directory(path[:-1])
        there = self._namespace.peek(directory, path[-1])
        if there is not None:
            if there.kind == DIR and about.kind == DIR:
                return there
            raise LoadFailed(f"{path[-1]!r} is in the archive twice")
        changes = Changes()
        changes.mode = 0o600
        return self._namespace.create(
            directory, path[-1], about.kind, changes, ROOT_USER, self._now(), about.target, about.major, about.minor
        )[0]

    async def _link(self, path: list[bytes], first: list[bytes]) -> None:
        if not path or not first:
            raise LoadFailed("a hard link of the root")
        found = self._namespace.peek(self._directory(first[:-1]), first[-1])
        if found is None:
            raise LoadFailed(f"a hard link to {first[-1]!r}, which is not in the archive before it")
        self._namespace.link(found, self._directory(path[:-1]), path[-1], ROOT_USER, self._now())

    async def _fill(self, archive: tarfile.TarFile, member: tarfile.TarInfo, inode: Inode) -> None:
        stream = archive.fileobj
        if stream is None:
            raise LoadFailed("the archive was closed")
        stream.seek(member.offset_data)  # the data of a file with holes lie there one after the other
        self._namespace.pin(inode)
        try:
            sparse: Any = member.sparse
            for at, length in [(0, member.size)] if sparse is None else sparse:
                end = at + length
                while at < end:
                    data = stream.read(min(PIECE - at % PIECE, end - at))
                    if not data:
                        raise LoadFailed(f"{member.name!r}: the archive ends too early")
                    await self._write(inode, at, data)
                    at += len(data)
                    self.bytes += len(data)
            if inode.size < member.size:
                changes = Changes()
                changes.size = member.size
                self._namespace.setattr(inode, changes, ROOT_USER, self._now(), True)
                self._chunks.truncate(inode, member.size, self._now())
        finally:
            self._namespace.unpin(inode)
        self._unsynced.append(inode)
        self._namespace.pin(inode)
        if len(self._unsynced) >= SYNC_EVERY:
            await self._sync()

    async def _write(self, inode: Inode, at: int, data: bytes) -> None:
        while True:
            try:
                self._chunks.write(inode, at, data, self._now())
                return
            except Suspend as suspended:
                await over(suspended.completion)
            except NFSError as error:
                if error.status != NFS4ERR_DELAY:
                    raise
                await asyncio.sleep(AGAIN_AFTER)

    async def _sync(self) -> None:
        files, self._unsynced = self._unsynced, []
        for completion in [self._chunks.sync(inode) for inode in files]:
            await over(completion)
        for inode in files:
            self._namespace.unpin(inode)


def settle(database: str, notes: str, settings: NamespaceSettings) -> None:
    """Modes, owners, times and flags, in one transaction; no process has the tree. NamespaceUnusable, sqlite3.Error."""
    with closing(open_writer(database, settings)) as connection:
        connection.execute("ATTACH ? AS loaded", (notes,))
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SET)
        connection.execute(FOLLOW)
        connection.execute("COMMIT")


def is_empty(database: str) -> bool:
    """Whether a tree has nothing but its root. sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{quote(os.path.abspath(database))}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT count(*) = 1 FROM (SELECT 1 FROM inode LIMIT 2)").fetchone()[0])


def parts(name: str) -> list[bytes]:
    return parts_of(octets(name))


def parts_of(name: bytes) -> list[bytes]:
    """LoadFailed for a name that leads out of the tree."""
    found = [part for part in name.split(b"/") if part not in (b"", b".")]
    if b".." in found:
        raise LoadFailed(f"{name!r}: leads out of the tree")
    return found


async def over(completion: Completion | None) -> None:
    """Until it is done; raises what it failed with."""
    if completion is None:
        return
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    completion.when_done(lambda _: None if done.done() else done.set_result(None))
    await done
    if completion.error is not None:
        raise completion.error
