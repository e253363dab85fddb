"""`nfsgw dump`: the whole tree as a tar archive that other tools can read (portable.py), as of one instant.

It is written from a copy of the database that is made first, as a backup is, with what is not in the object store yet;
objects are immutable, so the gateway may go on serving. Whatever cannot be had ends it: there is no partial success.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import IO, Any, Final

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.stores import MissingObject, ObjectStore
from nfsgw.maintenance.backup import reading
from nfsgw.maintenance.portable import ATTRIBUTES, BLOCK, END, Portable, link_of, member_of
from nfsgw.namespace.model import CHUNK_SIZE, DIR, REG
from nfsgw.namespace.schema import ROOT

COLUMNS: Final = (
    "i.id, i.kind, i.mode, i.uid, i.gid, i.size, i.atime, i.mtime, i.ctime, i.btime, i.flags,"
    " coalesce(i.rdev_major, 0), coalesce(i.rdev_minor, 0), coalesce(i.target, X''), i.nlink,"
    " coalesce(i.named, 0), coalesce(i.backup, 0)"
)
PAGE: Final = 500
CHILDREN: Final = (
    f"SELECT e.cookie, e.name, {COLUMNS} FROM entry e JOIN inode i ON i.id = e.inode"
    f" WHERE e.parent = ? AND e.cookie > ? ORDER BY e.cookie LIMIT {PAGE}"
)
CHUNKS: Final = (
    "SELECT c.idx, c.length, c.inline, CAST(o.key AS TEXT), c.offset, c.stored_length, c.checksum"
    " FROM chunk c LEFT JOIN object o ON o.id = c.object WHERE c.inode = ? AND c.length > 0 ORDER BY c.idx"
)


class DumpFailed(Exception):
    """`str()` is one line for the operator."""


class Dump:
    """Of the backup `copy`, into a file that is only ever written forward. `objects` and `bytes` count."""

    def __init__(self, copy: str, store: ObjectStore, into: IO[bytes], progress: Callable[[str], None]) -> None:
        self.objects = 0
        self.bytes = 0
        self._database = reading(copy)
        self._store = store
        self._into = into
        self._progress = progress
        self._written = 0
        self._holders = 0  # of named attributes, so far
        self._first: dict[int, bytes] = {}  # of an object with several names

    async def run(self) -> None:
        """DumpFailed, StoreError, OSError."""
        with closing(self._database):
            for id, name, row in self._walk():
                first = self._first.get(id)
                if first is not None:
                    self._write(link_of(name, first))
                    continue
                if row[14] > 1 and row[1] != DIR:
                    self._first[id] = name
                await self._object(id, name, row)
                self.objects += 1
                if row[15]:
                    await self._attributes(name, row[15])
                self._progress(f"{self.objects} objects, {self.bytes >> 20} MiB")
            self._write(END)
            self._write(bytes(-self._written % (20 * BLOCK)))
            self._into.flush()

    def _walk(self) -> Iterator[tuple[int, bytes, tuple[Any, ...]]]:
        """(id, name in the archive, row): a directory before what is in it."""
        root = self._database.execute(f"SELECT {COLUMNS} FROM inode i WHERE i.id = ?", (ROOT,)).fetchone()
        yield ROOT, b".", root
        under = [self._children(ROOT, b"./")]
        while under:
            found = next(under[-1], None)
            if found is None:
                under.pop()
                continue
            yield found
            if found[2][1] == DIR:
                under.append(self._children(found[0], found[1] + b"/"))

    def _children(self, directory: int, prefix: bytes) -> Iterator[tuple[int, bytes, tuple[Any, ...]]]:
        cookie = 0
        while rows := self._database.execute(CHILDREN, (directory, cookie)).fetchall():
            for row in rows:
                cookie = row[0]
                yield row[2], prefix + bytes(row[1]), row[2:]

    async def _attributes(self, path: bytes, directory: int) -> None:
        """The named attributes of an object that stands in the archive already."""
        self._holders += 1
        prefix = b"%b%d/" % (ATTRIBUTES, self._holders)
        for id, name, row in self._children(directory, prefix):
            await self._object(id, name, row, path, name.removeprefix(prefix))
            self.objects += 1

    async def _object(
        self, id: int, name: bytes, row: tuple[Any, ...], holder: bytes = b"", attribute: bytes = b""
    ) -> None:
        about = Portable(row[1], row[2], row[3], row[4])
        about.holder, about.attribute = holder, attribute
        about.atime, about.mtime, about.ctime, about.btime, about.flags = row[6:11]
        about.backup = row[16]
        about.major, about.minor, about.target = row[11], row[12], bytes(row[13])
        for key, value in self._database.execute("SELECT name, value FROM xattr WHERE inode = ?", (id,)):
            about.xattrs[bytes(key)] = bytes(value)
        if about.kind != REG:
            self._write(member_of(name, about, None))
            return
        about.size = row[5]
        segments = self._segments(id, about.size)
        whole = sum(length for _, length in segments) == about.size
        self._write(member_of(name, about, None if whole else segments))
        written = 0
        for index, length, *where in self._database.execute(CHUNKS, (id,)):
            left = about.size - index * CHUNK_SIZE
            if left > 0:
                data = (await self._bytes(name, index, *where))[: min(length, left)]
                if not whole:
                    data += bytes(min(-len(data) % BLOCK, left - len(data)))
                self._write(data)
                written += len(data)
        self._write(bytes(-written % BLOCK))
        self.bytes += written

    def _segments(self, id: int, size: int) -> list[tuple[int, int]]:
        """Where there is data, neighbours joined; in whole blocks, the file's end apart, as GNU tar reads them."""
        found: list[tuple[int, int]] = []
        for index, length, *_ in self._database.execute(CHUNKS, (id,)):
            offset = index * CHUNK_SIZE
            length = min(length + -length % BLOCK, size - offset)
            if found and sum(found[-1]) == offset:
                found[-1] = (found[-1][0], found[-1][1] + length)
            elif length > 0:
                found.append((offset, length))
        return found

    async def _bytes(
        self, name: bytes, index: int, inline: bytes | None, key: str | None, offset: int, length: int, checksum: int
    ) -> bytes:
        where = f"{name.decode(errors='backslashreplace')}, chunk {index}"
        if inline is not None:
            return bytes(inline)
        if key is None:
            raise DumpFailed(f"{where}: its bytes are lost (see `nfsgw fsck`)")
        try:
            body = await self._store.get(key, offset, length)
        except MissingObject as error:
            raise DumpFailed(
                f"{where}: {error}; if it was removed while the dump ran, raise chunks.dead_age, else see `nfsgw fsck`"
            ) from error
        if crc32c(body) != checksum:
            raise DumpFailed(f"{where}: object {key} is damaged (see `nfsgw fsck --deep`)")
        return body

    def _write(self, data: bytes) -> None:
        self._into.write(data)
        self._written += len(data)
