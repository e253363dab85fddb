"""The chunk map: which bytes of a file are where. Committed rows with what is pending laid over them.

Kept for the chunk layer, which alone knows what the bytes are. Rows of a file that was cut or removed go by SQL, never
one by one. An object that no row refers to is marked dead by the transaction that took the last row; it is never
deleted here.
"""

from __future__ import annotations

from nfsgw.namespace.batch import Batch
from nfsgw.namespace.commits import Commits
from nfsgw.namespace.model import ChunkRow, Inode
from nfsgw.namespace.store import Store


class Pending:
    """A row (None: deleted) that is not durable before commit `seq`."""

    def __init__(self, row: ChunkRow | None, seq: int) -> None:
        self.row = row
        self.seq = seq


class ChunkMap:
    """The rows of all files; only what is pending is in memory."""

    def __init__(self, store: Store, commits: Commits) -> None:
        self._store = store
        self._commits = commits
        self._pending: dict[int, dict[int, Pending]] = {}
        self._cuts: dict[int, list[tuple[int, int]]] = {}  # inode id: (first index that is deleted, commit)

    # -- reading
    def chunk(self, inode_id: int, index: int) -> ChunkRow | None:
        rows = self._pending.get(inode_id)
        if rows is not None:
            pending = rows.get(index)
            if pending is not None:
                return pending.row
        if index >= self._hidden_from(inode_id, index + 1):
            return None
        return self._store.chunk(inode_id, index)

    def chunks(self, inode_id: int, first: int, limit: int) -> list[tuple[int, ChunkRow]]:
        """Up to `limit` rows from index `first` on, in order; holes are left out."""
        hidden = self._hidden_from(inode_id, -1)
        pending = self._pending.get(inode_id)
        if pending is None and hidden < 0:
            return self._store.chunks(inode_id, first, limit)
        found: list[tuple[int, ChunkRow]] = []
        position = first
        while len(found) < limit:
            rows = self._store.chunks(inode_id, position, limit)
            whole = len(rows) < limit
            last = rows[-1][0] if rows else position
            page = [
                row for row in rows if (pending is None or row[0] not in pending) and (hidden < 0 or row[0] < hidden)
            ]
            if pending is not None:
                for index, change in pending.items():
                    if change.row is not None and index >= position and (whole or index <= last):
                        page.append((index, change.row))
                page.sort(key=_index)
            found.extend(page)
            if whole:
                break
            position = last + 1
        del found[limit:]
        return found

    def _hidden_from(self, inode_id: int, otherwise: int) -> int:
        """The least index whose committed row is deleted by a pending cut."""
        cuts = self._cuts.get(inode_id)
        if cuts is None:
            return otherwise
        return min(cut[0] for cut in cuts)

    def used_from(self, inode_id: int, first: int) -> int:
        """The sum of the defined lengths of the chunks from `first` on."""
        hidden = self._hidden_from(inode_id, -1)
        store = self._store
        total = store.used_between(inode_id, first, hidden)
        pending = self._pending.get(inode_id)
        if pending is not None:
            for index, change in pending.items():
                if index < first:
                    continue
                if hidden < 0 or index < hidden:
                    total -= store.used_between(inode_id, index, index + 1)
                if change.row is not None:
                    total += change.row.length
        return total

    # -- changing
    def store(
        self, inode: Inode, rows: list[tuple[int, ChunkRow | None]], stored_size: int, used: int, delete_from: int
    ) -> int:
        """See the door. A file that is gone takes nothing any more."""
        commits = self._commits
        if inode.gone:
            return commits.latest()
        if delete_from >= 0:
            self._cut(inode.id, delete_from)
        for index, row in rows:
            self._put(inode.id, index, row)
        commits.used += used - inode.used
        inode.used = used
        # A size that was set meanwhile stands: SETATTR is durable by itself, and there are no unstable bytes past it.
        inode.stored_size = max(inode.stored_size, min(stored_size, inode.size))
        commits.touch(inode, False)
        return commits.number

    def upload(self, inode: Inode | None, inode_id: int, index: int, expected: ChunkRow, uploaded: ChunkRow) -> int:
        """See the door. `inode` is None where the file is gone."""
        commits = self._commits
        if uploaded.object == 0:
            uploaded.object = self.new_object(uploaded.key, uploaded.offset + uploaded.stored_length, 1)
        current = None if inode is None or inode.gone else self.chunk(inode_id, index)
        if current is None or not _same(current, expected):
            return 0
        self._put(inode_id, index, uploaded)
        commits.ask()
        return commits.number

    def bury(self, key: bytes, length: int) -> None:
        """See the door. What no row refers to when its batch is written is dead."""
        self.new_object(key, length, 1)

    def new_object(self, key: bytes, length: int, members: int) -> int:
        """See the door."""
        commits = self._commits
        number = commits.object_ids.take()
        commits.batch.objects.append((number, key, length, members))
        commits.ask()
        return number

    def _cut(self, inode_id: int, first: int) -> None:
        """The rows from `first` on go, by one statement; rows put after this call stay."""
        commits = self._commits
        batch = commits.batch
        pending = self._pending.get(inode_id)
        if pending is not None:
            for index in [index for index in pending if index >= first]:
                del pending[index]
                batch.chunks.pop((inode_id, index), None)
            if not pending:
                del self._pending[inode_id]
        batch.cuts[inode_id] = min(first, batch.cuts.get(inode_id, first))
        self._cuts.setdefault(inode_id, []).append((first, commits.number))

    def _put(self, inode_id: int, index: int, row: ChunkRow | None) -> None:
        commits = self._commits
        commits.batch.chunks[(inode_id, index)] = row
        rows = self._pending.get(inode_id)
        if rows is None:
            rows = {}
            self._pending[inode_id] = rows
        rows[index] = Pending(row, commits.number)

    def settled(self, batch: Batch) -> None:
        """The batch is durable: its rows are read from the database from now on."""
        number = batch.number
        for inode_id, index in batch.chunks:
            rows = self._pending.get(inode_id)
            if rows is None:
                continue
            pending = rows.get(index)
            if pending is not None and pending.seq == number:
                del rows[index]
                if not rows:
                    del self._pending[inode_id]
        for inode_id in batch.cuts:
            left = [cut for cut in self._cuts[inode_id] if cut[1] != number]
            if left:
                self._cuts[inode_id] = left
            else:
                del self._cuts[inode_id]


def _index(item: tuple[int, ChunkRow]) -> int:
    return item[0]


def _same(current: ChunkRow, expected: ChunkRow) -> bool:
    """Whether an upload of `expected` is still an upload of what is there."""
    return (
        current.length == expected.length
        and current.slot == expected.slot
        and current.inline == expected.inline
        and current.object == expected.object
    )
