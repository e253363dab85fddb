"""A disk that loses what was not synced: reads a recording (recorder.c) and makes the tree of files as of a cut in it.

The rules are the strictest that POSIX allows. Of a file, what a completed fsync or fdatasync covered is there; every
sector written since may be there or not. Of a directory, the names that a completed fsync of that directory covered
are there; of the changes since, a file system keeps those up to some instant (a journal) or none.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

HEAD = struct.Struct("=IIIIQQ")
CREATE, MAKE_DIRECTORY, WRITE, TRUNCATE, RENAME, LINK, UNLINK, SYNC_BEGIN, SYNC_END = range(1, 10)
SECTOR = 512


class Record:
    def __init__(self, operation: int, inode: int, number: int, path: str, second: str, data: bytes) -> None:
        self.operation = operation
        self.inode = inode
        self.number = number  # an offset, a size, or the token of a sync
        self.path = path
        self.second = second
        self.data = data


class File:
    """`stored` is what is on the platter; `waiting` (when, offset, bytes), or a new size as (when, size, None), what
    is in the page cache."""

    def __init__(self) -> None:
        self.stored = bytearray()
        self.waiting: list[tuple[int, int, bytes | None]] = []

    def settle(self, before: int) -> None:
        left = []
        for change in self.waiting:
            if change[0] < before:
                put(self.stored, change[1], change[2])
            else:
                left.append(change)
        self.waiting = left

    def after_loss(self, chance: random.Random | None) -> bytearray:
        """Without chance nothing that waits survives; with it, each sector and each new size does or does not."""
        if chance is None:
            return self.stored
        found = bytearray(self.stored)
        for _, offset, data in self.waiting:
            if data is None:
                if chance.random() < 0.5:
                    put(found, offset, None)
                continue
            borders = [*range(offset - offset % SECTOR, offset + len(data), SECTOR), offset + len(data)]
            for start, end in pairwise(borders):
                if chance.random() < 0.5:
                    put(found, max(start, offset), data[max(start, offset) - offset : end - offset])
        return found

    def now(self) -> bytearray:
        """With everything that waits: what a reader sees while the power is on."""
        found = bytearray(self.stored)
        for _, offset, data in self.waiting:
            put(found, offset, data)
        return found


class Directory:
    def __init__(self) -> None:
        self.live: dict[str, File | Directory] = {}
        self.stored: dict[str, File | Directory] = {}
        self.waiting: list[tuple[int, str, File | Directory | None]] = []

    def change(self, when: int, name: str, what: File | Directory | None) -> None:
        self.waiting.append((when, name, what))
        enter(self.live, name, what)

    def settle(self, before: int) -> None:
        left = []
        for change in self.waiting:
            if change[0] < before:
                enter(self.stored, change[1], change[2])
            else:
                left.append(change)
        self.waiting = left

    def after_loss(self, journal: int) -> dict[str, File | Directory]:
        """Of the changes that no sync covered, those before `journal` survive."""
        found = dict(self.stored)
        for when, name, what in self.waiting:
            if when < journal:
                enter(found, name, what)
        return found


def put(content: bytearray, at: int, data: bytes | None) -> None:
    """Bytes at an offset, or with None: a new size."""
    if data is None:
        del content[at:]
        content.extend(bytes(at - len(content)))
        return
    if at > len(content):
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def enter(names: dict[str, File | Directory], name: str, what: File | Directory | None) -> None:
    if what is None:
        names.pop(name, None)
    else:
        names[name] = what


class Disk:
    """Everything below `root` (an absolute path), which is the recording's."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = Directory()
        self._objects: dict[int, File | Directory] = {}
        self._syncs: dict[int, tuple[File | Directory, int]] = {}
        self._count = 0

    def replay(self, record: Record) -> None:
        """The next record."""
        self._count += 1
        when = self._count
        operation = record.operation
        known = self._objects.get(record.inode)
        if operation == CREATE:
            made = self._objects[record.inode] = File()
            self._place(record.path, when, made)
        elif operation == MAKE_DIRECTORY:
            directory = self._objects[record.inode] = Directory()
            if Path(record.path) == self._root:
                self._top = directory  # the disk that it stands on is not ours
            else:
                self._place(record.path, when, directory)
        elif operation == WRITE:
            if isinstance(known, File):
                known.waiting.append((when, record.number, record.data))
        elif operation == TRUNCATE:
            if isinstance(known, File):
                known.waiting.append((when, record.number, None))
        elif operation == RENAME:
            moved = self._find(record.path)
            self._place(record.path, when, None)
            self._place(record.second, when, moved)
        elif operation == LINK:
            self._place(record.second, when, self._find(record.path))
        elif operation == UNLINK:
            self._place(record.path, when, None)
        elif operation == SYNC_BEGIN:
            if known is not None:
                self._syncs[record.number] = known, when
        elif operation == SYNC_END:
            synced = self._syncs.pop(record.number, None)
            if synced is not None:
                synced[0].settle(synced[1])
        else:
            raise AssertionError(f"no such record: {operation}")

    def _parent(self, path: str) -> tuple[Directory, str]:
        below = Path(path).relative_to(self._root)
        directory = self._top
        for name in below.parts[:-1]:
            child = directory.live[name]
            assert isinstance(child, Directory)
            directory = child
        return directory, below.name

    def _find(self, path: str) -> File | Directory | None:
        directory, name = self._parent(path)
        return directory.live.get(name)

    def _place(self, path: str, when: int, what: File | Directory | None) -> None:
        directory, name = self._parent(path)
        directory.change(when, name, what)

    def lose_power(self, into: Path, chance: random.Random | None) -> None:
        """Makes at `into` what is found afterwards. Without chance, all that was not synced is gone."""
        journal = chance.randint(0, self._count + 1) if chance is not None else 0
        self._restore(self._top, into, journal, chance)

    def _restore(self, directory: Directory, into: Path, journal: int, chance: random.Random | None) -> None:
        into.mkdir()
        for name, what in directory.after_loss(journal).items():
            if isinstance(what, Directory):
                self._restore(what, into / name, journal, chance)
            else:
                (into / name).write_bytes(what.after_loss(chance))

    def files(self) -> dict[str, bytes]:
        """What is there while the power is on, by path below the root."""
        found: dict[str, bytes] = {}
        waiting: list[tuple[str, Directory]] = [("", self._top)]
        while waiting:
            path, directory = waiting.pop()
            for name, what in directory.live.items():
                if isinstance(what, Directory):
                    waiting.append((f"{path}{name}/", what))
                else:
                    found[path + name] = bytes(what.now())
        return found


def records(log: Path) -> Iterator[tuple[int, Record]]:
    """Each with the length of the log up to its end."""
    position = 0
    with log.open("rb") as stream:
        while len(head := stream.read(HEAD.size)) == HEAD.size:
            operation, path, second, data, inode, number = HEAD.unpack(head)
            position += HEAD.size + path + second + data
            names = stream.read(path).decode(), stream.read(second).decode()
            yield position, Record(operation, inode, number, *names, stream.read(data))
