"""Durability tier `object`: what a sync promises is kept only when the object store holds every byte, and a durable row
says so.

In this tier a round of `syncer.py` brings what was written since to the store, and its rows name objects: no row ever
speaks of this disk, so what was acknowledged is not lost by what was written later. What is left is here: chunks that
other lives, or a backup, have left on the disk or in rows. A store that is down makes syncs wait; none ends early.
"""

from __future__ import annotations

from functools import partial

from nfsgw.chunks.loading import take_in
from nfsgw.chunks.syncer import Syncer, hand_on
from nfsgw.chunks.table import Chunk, Table, Wish
from nfsgw.chunks.uploader import Uploader
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import Inode
from nfsgw.suspend import Completion


class ObjectTier:
    def __init__(self, table: Table, syncer: Syncer, uploader: Uploader, namespace: NamespaceDoor) -> None:
        self._table = table
        self._syncer = syncer
        self._uploader = uploader
        self._namespace = namespace

    def sync(self, inode: Inode) -> Completion | None:
        """See ChunksDoor.sync."""
        local = self._syncer.sync(inode)
        left = self._left(inode)
        if not left:
            # Rows that name uploads of a moment ago may be in the open batch: they move nothing of the inode.
            latest = self._namespace.latest()
            return self._namespace.reach(latest) if local is None and latest > self._namespace.durable else local
        completion = Completion()
        wish = Wish(partial(self._arrived, local, completion))
        for chunk in left:
            self._uploader.urge(chunk, wish)
        wish.all_named()
        return completion

    def _arrived(self, local: Completion | None, completion: Completion) -> None:
        """The store has what was left over. What was cut off meanwhile may be gone by the open batch only."""
        if local is None:
            local = self._namespace.reach(self._namespace.latest())
        local.when_done(partial(hand_on, completion))

    def _left(self, inode: Inode) -> list[Chunk]:
        """The chunks of a file whose rows say that the store has not got them; they are in memory afterwards."""
        found: list[Chunk] = []
        if inode.used == 0:
            return found
        for index in self._namespace.staged_of(inode.id):
            # Committed rows may be behind what is in memory and what is pending.
            file = self._table.files.get(inode.id)
            chunk = None if file is None else file.chunks.get(index)
            row = self._namespace.chunk(inode.id, index) if chunk is None else chunk.row
            if row is None or row.object:
                continue
            if chunk is not None:
                found.append(chunk)
            elif row.inline is not None:
                found.append(take_in(self._table, self._table.file(inode.id), index, row))
        return found
