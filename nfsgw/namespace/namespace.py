"""The facade: one engine behind the Namespace door, put together from names, attributes, chunk map, cache and group
commit.

Runs on the event loop, one call at a time. An Inode that a caller keeps beyond the turn of the loop must be pinned.
What is shown raises `met`; what was met is safe to tell when `durable` has reached it. See door.py for the contract of
each call.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from nfsgw import failpoints
from nfsgw.namespace.attributes import Attributes
from nfsgw.namespace.batch import SETTLE_PACK
from nfsgw.namespace.cache import Cache
from nfsgw.namespace.chunkmap import ChunkMap
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.counters import Counter
from nfsgw.namespace.handles import Handles
from nfsgw.namespace.model import ChangeInfo, Changes, ChunkRow, Credential, Entry, Inode, Pack
from nfsgw.namespace.named import NOTHING, Named
from nfsgw.namespace.names import Names
from nfsgw.namespace.permissions import permitted
from nfsgw.namespace.room import Room
from nfsgw.namespace.schema import ROOT, Meta, connect, create, open_writer
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.namespace.store import Store
from nfsgw.namespace.writer import CommitCounts, Statements, Writer
from nfsgw.namespace.xattrs import Xattrs
from nfsgw.suspend import Completion

EPOCH_BITS = 48


def init(path: str, settings: NamespaceSettings | None = None, now: int | None = None) -> None:
    """Creates the tree: a root directory and nothing else. Raises NamespaceUnusable where something is in the way."""
    create(path, settings or NamespaceSettings(), time.time_ns() if now is None else now)


class Namespace:
    """An open tree. Made by `open`."""

    @staticmethod
    def open(
        path: str,
        settings: NamespaceSettings,
        schedule: Callable[[Callable[[], None]], object],
        post: Callable[[Callable[[], None]], object],
        on_fatal: Callable[[str], object],
        clock: Callable[[], int] = time.time_ns,
        free: Callable[[], int] | None = None,
    ) -> Namespace:
        """Opens an existing tree, with a thread that writes it.

        `schedule` runs a callback in the next turn of the loop (call_soon), `post` does so from another thread
        (call_soon_threadsafe). `on_fatal` hears the one line with which the process must stop: a commit has failed.
        `clock` gives nanoseconds since 1970, `free` the bytes left on the disk. Raises NamespaceUnusable.
        """
        writing, namespace = assemble(path, settings, schedule, on_fatal, clock, free)
        writer = Writer(writing, post, namespace.committed, namespace.broken, namespace.commit_counts)
        namespace.connect(writer.submit, writer.stop)
        return namespace

    def __init__(
        self,
        settings: NamespaceSettings,
        meta: Meta,
        reader: sqlite3.Connection,
        counters: tuple[Counter, Counter, Counter],
        floors: tuple[int, int],
        room: Room,
        clock: Callable[[], int],
        schedule: Callable[[Callable[[], None]], object],
        on_fatal: Callable[[str], object],
    ) -> None:
        self.fsid_major = meta.number("fsid_major")
        self.fsid_minor = meta.number("fsid_minor")
        self.boots = meta.number("boots") + 1
        self.unclean = meta.number("clean") == 0  # the stop before this start was none
        self.restored = meta.flag("restored")  # and not checked since
        self.max_file_size = settings.max_file_size
        self.max_links = settings.max_links
        self._handles = Handles(self.fsid_major, meta.blob("mac_key"), settings.cache_inodes)
        self._store = Store(reader, floors[0], floors[1])
        self._commits = Commits(
            counters[0],
            counters[1],
            counters[2],
            meta.number("objects"),
            meta.number("used"),
            room,
            clock,
            schedule,
            on_fatal,
        )
        self._cache = Cache(
            self._store,
            self._commits,
            schedule,
            settings.cache_inodes,
            settings.cache_entries,
            settings.cache_listed,
        )
        self._room = room
        self._chunkmap = ChunkMap(self._store, self._commits)
        self._named = Named(self._cache, self._commits, room)
        self._names = Names(self._cache, self._commits, room, self._named, settings.max_links, settings.max_file_size)
        self._attributes = Attributes(self._commits, settings.max_file_size)
        self._xattrs = Xattrs(self._store, self._cache, self._commits, room, settings.cache_xattrs)
        self.commit_counts = CommitCounts()
        self._stop: Callable[[], None] | None = None
        self.root = self._cache.get(ROOT)
        self.root.pins = 1

    def connect(self, submit: Callable[[int, Statements], None], stop: Callable[[], None]) -> None:
        """`submit` commits a batch and has `committed` or `broken` called on the loop; `stop` ends it and closes its
        connection."""
        self._commits.connect(submit, [self._cache, self._chunkmap])
        self._stop = stop

    def committed(self, number: int) -> None:
        self._commits.done(number)

    def broken(self, message: str) -> None:
        self._commits.failed(message)

    # -- what has been shown, and what is safe
    @property
    def met(self) -> int:
        return self._commits.met

    @met.setter
    def met(self, value: int) -> None:
        self._commits.met = value

    @property
    def durable(self) -> int:
        return self._commits.durable

    def reach(self, seq: int) -> Completion:
        return self._commits.reach(seq)

    def latest(self) -> int:
        return self._commits.latest()

    def flush(self) -> Completion:
        """Done when everything that was changed so far is durable."""
        return self._commits.flush()

    def also(self, key: object, sql: str, parameters: tuple[Any, ...]) -> int:
        """A row of another area joins the open transaction, after the namespace's own; a later one with the same key
        replaces it. Returns the commit's sequence number."""
        return self._commits.also(key, sql, parameters)

    def read(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        """Committed rows for another area, at a start. Not for what operations need."""
        return self._store.connection.execute(sql, parameters).fetchall()

    def finish(self) -> Completion:
        """The last commit: everything pending, and the word that the stop was an orderly one. Nothing may change after
        it."""
        return self._commits.finish()

    async def close(self) -> None:
        """Everything pending is made durable and the stop noted as an orderly one. After a failed commit it only lets
        go."""
        if not self._commits.broken:
            done = asyncio.get_running_loop().create_future()
            self.finish().when_done(lambda _: done.set_result(None))
            await done
        self.abandon()

    def abandon(self) -> None:
        """Lets go of the file without writing anything more: what a crash would leave, is left."""
        if self._stop is not None:
            self._stop()
            self._stop = None
            self._store.connection.close()

    # -- handles and objects
    def handle(self, inode: Inode) -> bytes:
        handle = inode.handle
        if not handle:
            handle = self._handles.make(inode.id)
            inode.handle = handle
        return handle

    def resolve(self, handle: bytes) -> Inode:
        return self._cache.get(self._handles.read(handle))

    def get(self, inode_id: int) -> Inode:
        return self._cache.get(inode_id)

    def pin(self, inode: Inode) -> None:
        inode.pins += 1

    def unpin(self, inode: Inode) -> None:
        if inode.pins <= 0:
            raise RuntimeError("unpinned more often than pinned")
        inode.pins -= 1

    # -- names
    def lookup(self, directory: Inode, name: bytes, who: Credential) -> Inode:
        return self._names.lookup(directory, name, who)

    def lookup_parent(self, directory: Inode, who: Credential) -> Inode:
        return self._names.lookup_parent(directory, who)

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
        return self._names.create(directory, name, kind, changes, who, now, target, rdev_major, rdev_minor, verifier)

    def check_create(
        self, directory: Inode, name: bytes, kind: int, changes: Changes, who: Credential, now: int, target: bytes
    ) -> None:
        self._names.check_create(directory, name, kind, changes, who, now, target)

    def check_link(self, inode: Inode, directory: Inode, name: bytes, who: Credential) -> None:
        self._names.check_link(inode, directory, name, who)

    def check_unlink(self, directory: Inode, name: bytes, who: Credential) -> None:
        self._names.check_unlink(directory, name, who)

    def check_rename(self, source: Inode, old: bytes, target: Inode, new: bytes, who: Credential) -> None:
        self._names.check_rename(source, old, target, new, who)

    def link(self, inode: Inode, directory: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo:
        return self._names.link(inode, directory, name, who, now)

    def unlink(
        self, directory: Inode, name: bytes, who: Credential, now: int, in_use: bool, kept: frozenset[int] = NOTHING
    ) -> tuple[ChangeInfo, Inode]:
        return self._names.unlink(directory, name, who, now, in_use, kept)

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
        return self._names.rename(source, old, target, new, who, now, in_use, kept)

    def named_directory(self, holder: Inode, create: bool, who: Credential, now: int) -> Inode:
        return self._named.directory(holder, create, who, now)

    def named(self, holder: Inode) -> list[Inode]:
        return self._named.of(holder)

    def peek(self, directory: Inode, name: bytes) -> Inode | None:
        return self._names.peek(directory, name)

    def release(self, inode: Inode, kept: frozenset[int] = NOTHING) -> None:
        self._names.release(inode, kept)

    def readdir(self, directory: Inode, cookie: int, limit: int) -> list[Entry]:
        return self._names.readdir(directory, cookie, limit)

    def orphans(self) -> list[int]:
        """Ids of the objects that have no name and stood so when they were last committed. For the start."""
        return self._store.orphans()

    def sweep_orphans(self, in_use: frozenset[int] = frozenset()) -> list[int]:
        """Removes the orphans that nobody has reclaimed (pinned or named in `in_use`); returns the ids of all that is
        gone. For the end of the grace period."""
        swept: list[int] = []
        for id in self._store.orphans():
            inode = self._cache.peek(id)
            if inode is None or inode.pins > 0 or id in in_use:
                continue
            attributes = self._named.of(inode)
            kept = [attribute.id for attribute in attributes if attribute.pins > 0 or attribute.id in in_use]
            self._names.release(inode, frozenset(kept))
            swept.append(id)
            swept.extend([attribute.id for attribute in attributes if attribute.gone])
        return swept

    # -- attributes
    def permitted(self, inode: Inode, who: Credential) -> int:
        return permitted(inode, who)

    def check_setattr(self, inode: Inode, changes: Changes, who: Credential, may_write: bool) -> None:
        """Raises what setattr would raise, changes nothing."""
        self._attributes.check(inode, changes, who, may_write)

    def setattr(self, inode: Inode, changes: Changes, who: Credential, now: int, may_write: bool) -> None:
        self._attributes.set(inode, changes, who, now, may_write)
        if inode.named and (changes.mode is not None or changes.uid is not None or changes.gid is not None):
            self._named.follow(inode)

    def listxattr(self, inode: Inode, who: Credential) -> list[bytes]:
        return self._xattrs.names(inode, who)

    def getxattr(self, inode: Inode, name: bytes, who: Credential) -> bytes:
        return self._xattrs.get(inode, name, who)

    def check_setxattr(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential) -> None:
        self._xattrs.check_set(inode, name, value, how, who)

    def check_removexattr(self, inode: Inode, name: bytes, who: Credential) -> None:
        self._xattrs.check_remove(inode, name, who)

    def setxattr(self, inode: Inode, name: bytes, value: bytes, how: int, who: Credential, now: int) -> ChangeInfo:
        return self._xattrs.set(inode, name, value, how, who, now)

    def removexattr(self, inode: Inode, name: bytes, who: Credential, now: int) -> ChangeInfo:
        return self._xattrs.remove(inode, name, who, now)

    # -- data
    def wrote(self, inode: Inode, end: int, now: int) -> None:
        inode.change = self._commits.next_change()
        inode.mtime = now
        inode.ctime = now
        inode.attrs_blob = None
        if end > inode.size:
            inode.size = end

    def chunk(self, inode_id: int, index: int) -> ChunkRow | None:
        return self._chunkmap.chunk(inode_id, index)

    def chunks(self, inode_id: int, first: int, limit: int) -> list[tuple[int, ChunkRow]]:
        return self._chunkmap.chunks(inode_id, first, limit)

    def store_chunks(
        self,
        inode: Inode,
        rows: list[tuple[int, ChunkRow | None]],
        stored_size: int,
        used: int,
        delete_from: int = -1,
    ) -> int:
        return self._chunkmap.store(inode, rows, stored_size, used, delete_from)

    def used_from(self, inode_id: int, first: int) -> int:
        return self._chunkmap.used_from(inode_id, first)

    def store_upload(self, inode_id: int, index: int, expected: ChunkRow, uploaded: ChunkRow) -> int:
        return self._chunkmap.upload(self._cache.peek(inode_id), inode_id, index, expected, uploaded)

    def new_object(self, key: bytes, length: int, members: int) -> int:
        return self._chunkmap.new_object(key, length, members)

    def bury(self, key: bytes, length: int) -> None:
        self._chunkmap.bury(key, length)

    def staged(self, after_inode: int, after_index: int, limit: int) -> list[tuple[int, int, ChunkRow]]:
        return self._store.staged(after_inode, after_index, limit)

    def staged_of(self, inode_id: int) -> list[int]:
        return self._store.staged_of(inode_id)

    def dead_objects(self, before: int, limit: int) -> list[tuple[int, bytes]]:
        """(id, key) of objects that nothing has referred to since before that time, oldest first."""
        return self._store.dead_objects(before, limit)

    def thinned_packs(self, after: int, limit: int) -> list[Pack]:
        return self._store.thinned_packs(after, limit)

    def pack_live(self, object: int) -> int:
        return self._store.pack_live(object)

    def pack_members(self, object: int) -> list[tuple[int, int, ChunkRow]]:
        return self._store.pack_members(object)

    def settle_pack(self, object: int, live: int) -> int:
        return self._commits.also(("pack", object), SETTLE_PACK, (live, object, live))

    def forget_objects(self, ids: list[int]) -> int:
        """The object store has deleted them. Only dead ones go. Returns the commit's sequence number."""
        return self._commits.forget_objects(ids)

    # -- figures
    def counter(self, key: str) -> Counter:
        """The counter behind a mark of the meta table."""
        commits = self._commits
        for counter in (commits.inode_ids, commits.object_ids, commits.changes):
            if counter.key == key:
                return counter
        raise KeyError(key)

    def usage(self) -> tuple[int, int]:
        return self._commits.objects, self._commits.used

    def unusable(self) -> str:
        """Why the tree cannot be served, in words; empty when the database answers and takes commits."""
        if self._commits.broken:
            return "a commit has failed"
        try:
            self._store.connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
        except sqlite3.Error as error:
            return str(error)
        return ""

    def cache_reads(self) -> tuple[int, int, int, int]:
        """(inodes found in memory, read; names found in memory, read) so far."""
        cache = self._cache
        return cache.inode_hits, cache.inode_reads, cache.name_hits, cache.name_reads

    def is_tight(self) -> bool:
        """Changes that grow are refused: only the reserve is left on the disk."""
        return self._room.tight

    def cache_sizes(self) -> tuple[int, int, int]:
        """(inodes, names, listed entries) in memory."""
        return self._cache.sizes()


def assemble(
    path: str,
    settings: NamespaceSettings,
    schedule: Callable[[Callable[[], None]], object],
    on_fatal: Callable[[str], object],
    clock: Callable[[], int],
    free: Callable[[], int] | None,
) -> tuple[sqlite3.Connection, Namespace]:
    """The tree and the connection that its writer is to use; nothing can be committed before `connect`."""
    writing = open_writer(path, settings)
    try:
        meta = Meta(writing)
        clean = meta.number("clean") == 1
        floor = meta.number("epoch") << EPOCH_BITS
        file_floor = meta.number("change_floor") if clean else meta.number("change_mark")
        changes = Counter("change_mark", max(meta.number("change_mark"), file_floor, floor) + 1)
        counters = (
            Counter("inode_mark", meta.number("inode_mark")),
            Counter("object_mark", meta.number("object_mark")),
            changes,
        )
        rows: list[tuple[object, str]] = [(counter.mark, counter.key) for counter in counters]
        rows += [(0, "clean"), (meta.number("boots") + 1, "boots"), (file_floor, "change_floor")]
        writing.execute("BEGIN IMMEDIATE")
        writing.executemany("UPDATE meta SET value = ? WHERE key = ?", rows)
        writing.execute("COMMIT")
        if failpoints.ARMED:
            failpoints.reached("start.marked")
        reader = connect(path, settings, writer=False)
    except BaseException:
        writing.close()
        raise
    room = Room(settings.reserve_bytes, free or (lambda: _free(path)))
    namespace = Namespace(settings, meta, reader, counters, (floor, file_floor), room, clock, schedule, on_fatal)
    return writing, namespace


def _free(path: str) -> int:
    about = os.statvfs(path)
    return about.f_bavail * about.f_frsize
