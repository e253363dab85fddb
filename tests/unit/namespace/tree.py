"""A tree whose turns and commits happen when the test says so, and people who act in it.

The writer is the real transaction code run in line; nothing is committed before `commit`, and `crash` drops all that
was not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from nfsgw.errors import NFSError
from nfsgw.namespace.check import Inspection
from nfsgw.namespace.model import DIR, LNK, REG, ChangeInfo, Changes, Credential, Entry, Inode
from nfsgw.namespace.namespace import assemble, init
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.namespace.writer import Statements, apply

ROOT = Credential(0, 0, frozenset())
ANN = Credential(1000, 1000, frozenset({50}))
BOB = Credential(1001, 1001, frozenset({50}))
EVE = Credential(1002, 1002, frozenset())


class Tree:
    """`now` moves by one with every change, so that times tell changes apart."""

    def __init__(self, path: Path, settings: NamespaceSettings | None = None) -> None:
        self.path = str(path)
        self.settings = settings or NamespaceSettings()
        self.settings.reserve_bytes = 1000
        self.now = 1_000_000
        self.free = 10_000
        self.fatal: list[str] = []
        init(self.path, self.settings, self.now)
        self.open()

    def open(self) -> None:
        self._turns: deque[Callable[[], None]] = deque()
        self._jobs: deque[tuple[int, Statements]] = deque()
        self._writing, self.ns = assemble(
            self.path, self.settings, self._turns.append, self.fatal.append, lambda: self.now, lambda: self.free
        )
        self.ns.connect(lambda number, statements: self._jobs.append((number, statements)), self._writing.close)

    # -- time
    def turn(self) -> None:
        """Everything that was scheduled runs; closed batches wait for the disk."""
        while self._turns:
            self._turns.popleft()()

    def commit(self) -> None:
        """The disk catches up with everything."""
        self.turn()
        while self._jobs:
            number, statements = self._jobs.popleft()
            apply(self._writing, statements)
            self.ns.committed(number)
            self.turn()

    def commit_one(self) -> None:
        """Only the commit in flight becomes durable; what it held up goes to the disk."""
        self.turn()
        number, statements = self._jobs.popleft()
        apply(self._writing, statements)
        self.ns.committed(number)

    def apply_unreported(self) -> None:
        """The commit in flight reaches the disk, but the loop has not heard of it yet."""
        self.turn()
        apply(self._writing, self._jobs[0][1])
        self._jobs[0] = (self._jobs[0][0], [])

    @property
    def in_flight(self) -> bool:
        return bool(self._jobs)

    @property
    def statements(self) -> Statements:
        """What the commit in flight writes."""
        return self._jobs[0][1]

    def crash(self) -> None:
        """Power off and on: what was not committed is lost."""
        self.ns.abandon()
        self.open()

    def crash_after_commit(self) -> None:
        self.commit()
        self.crash()

    def restart(self) -> None:
        """An orderly stop and a new start."""
        self.stop()
        self.open()

    def stop(self) -> None:
        self.ns.finish()
        self.commit()
        self.ns.abandon()

    async def check(self) -> None:
        """Everything committed obeys the schema's invariants."""
        self.commit()
        async with Inspection(self.path) as inspection:
            assert [(finding.rule, finding.examples) for finding in await inspection.check()] == []

    # -- what people do, by path
    def tick(self) -> int:
        self.now += 1
        return self.now

    def at(self, path: str, who: Credential = ROOT) -> Inode:
        inode = self.ns.root
        for part in path.encode().split(b"/"):
            if part:
                inode = self.ns.lookup(inode, part, who)
        return inode

    def split(self, path: str) -> tuple[Inode, bytes]:
        folder, _, name = path.rpartition("/")
        return self.at(folder), name.encode()

    def make(self, path: str, kind: int, mode: int, who: Credential = ROOT, target: bytes = b"") -> Inode:
        folder, name = self.split(path)
        changes = Changes()
        changes.mode = mode
        return self.ns.create(folder, name, kind, changes, who, self.tick(), target)[0]

    def file(self, path: str, mode: int = 0o644, who: Credential = ROOT) -> Inode:
        return self.make(path, REG, mode, who)

    def mkdir(self, path: str, mode: int = 0o755, who: Credential = ROOT) -> Inode:
        return self.make(path, DIR, mode, who)

    def symlink(self, path: str, target: bytes, who: Credential = ROOT) -> Inode:
        return self.make(path, LNK, 0o777, who, target)

    def link(self, old: str, new: str, who: Credential = ROOT) -> ChangeInfo:
        folder, name = self.split(new)
        return self.ns.link(self.at(old), folder, name, who, self.tick())

    def unlink(self, path: str, who: Credential = ROOT, in_use: bool = False) -> Inode:
        folder, name = self.split(path)
        return self.ns.unlink(folder, name, who, self.tick(), in_use)[1]

    def rename(self, old: str, new: str, who: Credential = ROOT, in_use: bool = False) -> Inode | None:
        source, old_name = self.split(old)
        target, new_name = self.split(new)
        return self.ns.rename(source, old_name, target, new_name, who, self.tick(), in_use)[2]

    def listing(self, path: str, limit: int = 3) -> list[str]:
        return [entry.name.decode() for entry in self.entries(path, limit)]

    def entries(self, path: str, limit: int = 3) -> list[Entry]:
        folder = self.at(path)
        found: list[Entry] = []
        cookie = 0
        while page := self.ns.readdir(folder, cookie, limit):
            assert len(page) <= limit
            found += page
            cookie = page[-1].cookie
        return found

    def chmod(self, path: str, mode: int, who: Credential = ROOT) -> None:
        changes = Changes()
        changes.mode = mode
        self.ns.setattr(self.at(path), changes, who, self.tick(), False)

    def chown(self, path: str, uid: int | None, gid: int | None, who: Credential = ROOT) -> None:
        changes = Changes()
        changes.uid = uid
        changes.gid = gid
        self.ns.setattr(self.at(path), changes, who, self.tick(), False)

    def truncate(self, path: str, size: int, who: Credential = ROOT, may_write: bool = False) -> None:
        changes = Changes()
        changes.size = size
        self.ns.setattr(self.at(path), changes, who, self.tick(), may_write)


class fails:
    """`with fails(NFS4ERR_NOENT): ...`: what is done there ends with that status."""

    def __init__(self, status: int) -> None:
        self._status = status

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, NFSError):
            if error is None:
                pytest.fail(f"succeeded instead of ending with status {self._status}")
            return False
        assert error.status == self._status
        return True
