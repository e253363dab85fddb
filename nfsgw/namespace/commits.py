"""Group commit: the open batch, the one that is being written, and who waits for which.

Whatever changes while a commit is in flight shares the next one. A commit that fails is fatal: nothing that waited for
it is ever released, for the caches have shown a future that did not come. Runs on the loop only; knows no SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from nfsgw import failpoints
from nfsgw.namespace.batch import Batch
from nfsgw.namespace.counters import Counter
from nfsgw.namespace.model import Entry, Inode
from nfsgw.namespace.room import Room
from nfsgw.namespace.writer import Statements
from nfsgw.suspend import Completion


class Settled(Protocol):
    """Somebody who keeps pending state in memory and may let go of what a durable batch holds."""

    def settled(self, batch: Batch) -> None: ...


class Commits:
    """`durable` is the number of the last commit that a crash cannot take back; commits are numbered from 1 at every
    start. `met` is the highest commit that anything shown or changed belongs to since the engine last set it to 0: who
    changes something says so in his reply, and has met it as much as who looks at it."""

    def __init__(
        self,
        inode_ids: Counter,
        object_ids: Counter,
        changes: Counter,
        objects: int,
        used: int,
        room: Room,
        clock: Callable[[], int],
        schedule: Callable[[Callable[[], None]], object],
        on_fatal: Callable[[str], object],
    ) -> None:
        self.durable = 0
        self.met = 0
        self.number = 1  # of the open batch
        self.batch = Batch(1)
        self.inode_ids = inode_ids
        self.object_ids = object_ids
        self.changes = changes
        self.objects = objects  # inodes in the tree
        self.used = used  # the sum of their `used`
        self.closed = False
        self._objects_written = objects
        self._used_written = used
        self._room = room
        self._clock = clock
        self._schedule = schedule
        self._on_fatal = on_fatal
        self._submit: Callable[[int, Statements], None] | None = None
        self._listeners: list[Settled] = []
        self._asked = False  # the open batch holds something
        self._flying: Batch | None = None
        self.broken = False  # a commit has failed
        self._waiting: dict[int, Completion] = {}

    def connect(self, submit: Callable[[int, Statements], None], listeners: list[Settled]) -> None:
        """`submit` takes a closed batch; `done` or `failed` is called on the loop when it is over."""
        self._submit = submit
        self._listeners = listeners

    # -- what changes
    def touch(self, inode: Inode, changes: bool = True) -> None:
        """The inode is written with the open batch; `changes`: its change value moves too."""
        if changes:
            counter = self.changes
            value = counter.value
            counter.value = value + 1
            inode.change = value
        inode.attrs_blob = None
        self.met = self.number
        if inode.seq != self.number:
            inode.seq = self.number
            self.batch.inodes.append(inode)
            if not self._asked:
                self.ask()

    def touch_entry(self, entry: Entry) -> None:
        """The name is written (or deleted, where it stands for nothing) with the open batch. Always together with its
        directory."""
        if entry.seq != self.number:
            entry.seq = self.number
            self.batch.entries.append(entry)

    def next_change(self) -> int:
        """A change value that is shown before any commit: the mark must already be above it."""
        changes = self.changes
        value = changes.value
        changes.value = value + 1
        if value > changes.alarm and not self._asked:
            self.ask()
        return value

    def also(self, key: object, sql: str, parameters: tuple[Any, ...]) -> int:
        self.batch.also(key, sql, parameters)
        self.met = self.number
        self.ask()
        return self.number

    def forget_objects(self, ids: list[int]) -> int:
        for id in ids:
            self.batch.forgotten.append((id,))
        self.ask()
        return self.number

    def ask(self) -> None:
        """The open batch has something to write."""
        if self.closed:
            raise RuntimeError("the namespace is closed")
        if not self._asked:
            self._asked = True
            if self._flying is None:
                self._schedule(self._close)

    # -- who waits
    def reach(self, seq: int) -> Completion:
        waiting = self._waiting.get(seq)
        if waiting is not None:
            return waiting
        completion = Completion()
        if seq <= self.durable:
            completion.finish()
        elif seq > self.number:
            raise ValueError(f"there is no commit {seq} yet")
        else:
            self._waiting[seq] = completion
        return completion

    def flush(self) -> Completion:
        """Done when everything that was changed so far is durable."""
        return self.reach(self.latest())

    def latest(self) -> int:
        """The last commit that has anything in it so far."""
        return self.number if self._asked else self.number - 1

    # -- the cycle
    def _close(self) -> None:
        if self._flying is not None or self.broken or not self._asked:
            return
        submit = self._submit
        if submit is None:
            raise RuntimeError("the namespace has no writer")
        batch = self.batch
        statements = batch.statements(self._meta(), self._clock())
        self._asked = False
        self._flying = batch
        self.number += 1
        self.batch = Batch(self.number)
        self._room.measure()
        submit(batch.number, statements)

    def _meta(self) -> list[tuple[object, str]]:
        rows: list[tuple[object, str]] = []
        for counter in (self.inode_ids, self.object_ids, self.changes):
            if self.closed:  # the last batch: nothing will be given any more
                rows.append((counter.value, counter.key))
            elif counter.raised():
                rows.append((counter.mark, counter.key))
        if self.objects != self._objects_written:
            self._objects_written = self.objects
            rows.append((self.objects, "objects"))
        if self.used != self._used_written:
            self._used_written = self.used
            rows.append((self.used, "used"))
        if self.closed:
            rows.append((1, "clean"))
        return rows

    def done(self, number: int) -> None:
        """The batch in flight is durable. The next one is handed over before those who waited are told, so that the
        disk works while they do."""
        batch = self._flying
        if batch is None or batch.number != number:
            raise RuntimeError(f"commit {number} was not in flight")
        self._flying = None
        self.durable = number
        for listener in self._listeners:
            listener.settled(batch)
        self._close()
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            waiting.finish()
        if failpoints.ARMED:
            failpoints.reached("commit.told")

    def failed(self, message: str) -> None:
        self.broken = True
        self._on_fatal(f"the namespace could not be written, stopping: {message}")

    def finish(self) -> Completion:
        """The last commit: everything pending, exact marks, and the word that the stop was orderly."""
        self.ask()
        self.closed = True
        return self.reach(self.number)
