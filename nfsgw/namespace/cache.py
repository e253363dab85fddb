"""What operations work on: inodes and names in memory, over the committed rows.

What is pending (its `seq` is above `durable`) or pinned is always here, so "cache over database" is the whole truth.
Bounded by counts with a second chance for what was used; nothing is dropped while an operation runs, only in a turn of
its own, so an Inode that an operation holds stays the one and only. Must never write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.namespace.batch import Batch
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import Entry, Inode
from nfsgw.namespace.store import Store
from nfsgw.wire.nfs4 import NFS4ERR_STALE

_SLACK: Final = 64  # one part in so many above the bound before a sweep is worth its call
_STEPS: Final = 4096  # of one sweep: well under a millisecond


class Directory:
    """The names of one directory that are in memory. `pending` are those whose last change is not durable, `pages` the
    listings made at `pages_change`."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Entry] = {}
        self.pending: dict[bytes, Entry] = {}
        self.pages: dict[tuple[int, int], list[Entry]] = {}
        self.pages_change = 0


class Cache:
    """Objects and names in memory. What it shows raises `Commits.met`."""

    def __init__(
        self,
        store: Store,
        commits: Commits,
        schedule: Callable[[Callable[[], None]], object],
        inode_bound: int,
        entry_bound: int,
        listed_bound: int,
    ) -> None:
        self.store = store
        self._commits = commits
        self._schedule = schedule
        self._sweeping = False
        self._inodes: dict[int, Inode] = {}
        self._inode_ring: list[Inode] = []
        self._inode_hand = 0
        self._inode_bound = inode_bound
        self._inode_alarm = inode_bound + inode_bound // _SLACK
        self._directories: dict[int, Directory] = {}
        self._entry_ring: list[Entry] = []
        self._entry_hand = 0
        self._entry_bound = entry_bound
        self._entry_alarm = entry_bound + entry_bound // _SLACK
        self._listed = 0
        self._listed_bound = listed_bound
        self._listing: dict[int, Directory] = {}  # those with pages
        self.inode_hits = 0
        self.inode_reads = 0
        self.name_hits = 0
        self.name_reads = 0

    # -- inodes
    def get(self, id: int) -> Inode:
        """The object, shown. STALE where there is none."""
        inode = self._inodes.get(id)
        if inode is None:
            self.inode_reads += 1
            inode = self.store.inode(id)
            if inode is None:
                raise NFSError(NFS4ERR_STALE)
            self.add(inode)
            return inode
        self.inode_hits += 1
        inode.recent = True
        if inode.seq > self._commits.met:
            self._commits.met = inode.seq
        if inode.gone:
            raise NFSError(NFS4ERR_STALE)
        return inode

    def peek(self, id: int) -> Inode | None:
        """The object, not shown; None where there is none or it was removed."""
        inode = self._inodes.get(id)
        if inode is None:
            inode = self.store.inode(id)
            if inode is not None:
                self.add(inode)
            return inode
        return None if inode.gone else inode

    def add(self, inode: Inode) -> None:
        """A new object, or one just read that is not in memory."""
        self._inodes[inode.id] = inode
        self._inode_ring.append(inode)
        if len(self._inode_ring) > self._inode_alarm and not self._sweeping:
            self._ask_sweep()

    # -- names
    def known(self, parent: int, name: bytes) -> Entry | None:
        """What a name stands for where that is in memory, shown; a negative entry where it stands for nothing."""
        directory = self._directories.get(parent)
        if directory is None:
            return None
        entry = directory.entries.get(name)
        if entry is not None:
            self.name_hits += 1
            entry.recent = True
            if entry.seq > self._commits.met:
                self._commits.met = entry.seq
        return entry

    def load(self, parent: int, name: bytes) -> Entry:
        """The same, of a name that is not in memory. The name is taken as it is."""
        self.name_reads += 1
        found = self.store.name(parent, name)
        if found is None:
            entry = Entry(parent, name, 0, 0, 0)
        else:
            entry = found[0]
            if found[1].id not in self._inodes:
                self.add(found[1])
        self.add_entry(self.directory(parent), entry)
        return entry

    def directory(self, id: int) -> Directory:
        directory = self._directories.get(id)
        if directory is None:
            directory = Directory()
            self._directories[id] = directory
        return directory

    def add_entry(self, directory: Directory, entry: Entry) -> None:
        """A name that is not in memory yet."""
        directory.entries[entry.name] = entry
        self._entry_ring.append(entry)
        if len(self._entry_ring) > self._entry_alarm and not self._sweeping:
            self._ask_sweep()

    def change_entry(self, entry: Entry, cookie: int, inode: int) -> None:
        """The name (that is in memory) stands for another object from now on; 0: for none."""
        entry.cookie = cookie
        entry.inode = inode
        self._commits.touch_entry(entry)
        self._directories[entry.parent].pending[entry.name] = entry

    # -- listings
    def listing(self, inode: Inode, cookie: int, limit: int) -> list[Entry]:
        """Up to `limit` entries after `cookie`, the inodes of a page that had to be read with them. The list is not the
        caller's to change."""
        if inode.seq > self._commits.met:
            self._commits.met = inode.seq
        directory = self.directory(inode.id)
        if directory.pages_change != inode.change:
            if directory.pages:
                self._drop_pages(inode.id, directory)
            directory.pages_change = inode.change
        else:
            page = directory.pages.get((cookie, limit))
            if page is not None:
                return page
        page = self._read_page(inode.id, directory, cookie, limit)
        if self._listed + len(page) > self._listed_bound:
            for id, listed in list(self._listing.items()):
                self._drop_pages(id, listed)
        self._listed += len(page) + 1
        self._directories[inode.id] = directory  # dropping pages may have let go of it
        self._listing[inode.id] = directory
        directory.pages[(cookie, limit)] = page
        return page

    def _read_page(self, parent: int, directory: Directory, cookie: int, limit: int) -> list[Entry]:
        """Committed rows in cookie order, less what is pending, and what is pending in its place."""
        store = self.store
        inodes = self._inodes
        pending = directory.pending
        after = cookie
        while True:
            rows = store.listing(parent, after, limit)
            whole = len(rows) < limit
            page: list[Entry] = []
            for row in rows:
                name: bytes = row[0]
                after = row[1]
                if name in pending:
                    continue
                entry = directory.entries.get(name)
                if entry is None:
                    entry = Entry(parent, name, after, row[2], 0)
                    self.add_entry(directory, entry)
                if entry.inode not in inodes:
                    self.add(store.inode_of(row, 2))
                page.append(entry)
            if pending:
                for entry in pending.values():
                    if entry.inode != 0 and entry.cookie > cookie and (whole or entry.cookie <= after):
                        page.append(entry)
                page.sort(key=_cookie)
                del page[limit:]
            if page or whole:
                return page
            cookie = after

    def _drop_pages(self, id: int, directory: Directory) -> None:
        for page in directory.pages.values():
            self._listed -= len(page) + 1
        directory.pages = {}
        self._listing.pop(id, None)
        if not directory.entries:
            self._directories.pop(id, None)

    # -- letting go
    def settled(self, batch: Batch) -> None:
        """The batch is durable: names that did not change since are pending no longer."""
        number = batch.number
        for entry in batch.entries:
            if entry.seq == number:
                directory = self._directories.get(entry.parent)
                if directory is not None:
                    directory.pending.pop(entry.name, None)

    def _ask_sweep(self) -> None:
        self._sweeping = True
        self._schedule(self._sweep)

    def _sweep(self) -> None:
        """A turn of its own, when no operation holds anything unpinned; a bounded number of steps, then another
        turn."""
        self._sweeping = False
        durable = self._commits.durable
        moved = self._sweep_inodes(durable) + self._sweep_entries(durable)
        over = len(self._inode_ring) > self._inode_bound or len(self._entry_ring) > self._entry_bound
        if moved > 0 and over:
            self._ask_sweep()

    def _sweep_inodes(self, durable: int) -> int:
        ring = self._inode_ring
        moved = 0
        for _ in range(_STEPS):
            if len(ring) <= self._inode_bound:
                break
            if self._inode_hand >= len(ring):
                self._inode_hand = 0
            inode = ring[self._inode_hand]
            if inode.seq > durable or inode.pins > 0:
                self._inode_hand += 1
            elif inode.recent and not inode.gone:
                inode.recent = False
                self._inode_hand += 1
                moved += 1
            else:
                last = ring.pop()
                if last is not inode:
                    ring[self._inode_hand] = last
                del self._inodes[inode.id]
                moved += 1
        return moved

    def _sweep_entries(self, durable: int) -> int:
        ring = self._entry_ring
        moved = 0
        for _ in range(_STEPS):
            if len(ring) <= self._entry_bound:
                break
            if self._entry_hand >= len(ring):
                self._entry_hand = 0
            entry = ring[self._entry_hand]
            if entry.seq > durable:
                self._entry_hand += 1
            elif entry.recent:
                entry.recent = False
                self._entry_hand += 1
                moved += 1
            else:
                last = ring.pop()
                if last is not entry:
                    ring[self._entry_hand] = last
                directory = self._directories[entry.parent]
                del directory.entries[entry.name]
                if not directory.entries and not directory.pages:
                    del self._directories[entry.parent]
                moved += 1
        return moved

    def sizes(self) -> tuple[int, int, int]:
        """(inodes, names, listed entries) in memory."""
        return len(self._inode_ring), len(self._entry_ring), self._listed


def _cookie(entry: Entry) -> int:
    return entry.cookie
