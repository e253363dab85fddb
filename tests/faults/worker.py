"""A worker: one machine that changes its part of the tree, step by step, and knows what was acknowledged.

Every choice comes from its own random numbers, so a seed gives the same steps as long as the answers are the same. The
step under way when the gateway dies is kept with all the states that it may have left behind.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from nfsgw.namespace.model import DIR, LNK, REG
from nfsgw.wire import nfs4 as w4
from tests.faults.look import look, walk
from tests.faults.machine import Gone, Machine
from tests.faults.model import Comparison, Node, Part
from tests.protocol.machines import NO_STATEID, mkdir, remove

SHARED = b"shared"
MANY = 16  # files of one worker, about
LARGEST = 9 << 20
CURRENT = w4.stateid4(1, bytes(12))  # the current stateid (RFC 8881, 16.2.3.1.2)
SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
COMMIT = w4.nfs_argop4(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))
CLOSE = w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, CURRENT))
NOTHING = w4.fattr4(0, b"")
Path = tuple[bytes, ...]


class Step:
    """A compound, and the states it passes through; the last one is what is acknowledged."""

    def __init__(self, operations: list[w4.nfs_argop4], states: list[Part]) -> None:
        self.operations = operations
        self.states = states


class Worker:
    def __init__(self, machine: Machine, seed: int) -> None:
        self.machine = machine
        self.name = machine.name
        self.part = Part()
        self.under_way: Step | None = None
        self.acknowledged = 0
        self._random = random.Random(seed)
        self._names = 0
        self._kinds: list[tuple[int, Callable[[], Step | None]]] = [
            (3, self._mkdir),
            (8, self._create),
            (8, self._write),
            (8, self._write_unstable),
            (6, self._commit),
            (3, self._cut),
            (4, self._chmod),
            (10, self._rename),
            (4, self._remove),
            (2, self._remove_open),
            (3, self._link),
            (2, self._symlink),
            (2, self._write_large),
            (4, self._share),
        ]

    async def settle_in(self) -> None:
        """Makes its directory, in a tree where the shared one is."""
        await self.machine.run(*walk(()), mkdir_of(self.name))

    async def work(self, acknowledged: Callable[[Worker, Step], None]) -> None:
        """Steps until the gateway is gone; calls `acknowledged` after each."""
        try:
            while True:
                step = self.step()
                self.under_way = step
                await self.machine.run(*step.operations)
                self.under_way = None
                self.part = step.states[-1]
                self.acknowledged += 1
                acknowledged(self, step)
        except Gone:
            return

    def may_be(self) -> list[Part]:
        """The states that a gateway which died just now may show."""
        return [self.part, *(self.under_way.states if self.under_way is not None else [])]

    async def verify(self) -> None:
        """Looks at its part after a restart and takes what it sees for its new state. AssertionError: it is none of
        those that may be."""
        self.part = judged(self.name, self.may_be(), await self.look())
        self.under_way = None

    async def look(self) -> Part:
        seen = Part()
        seen.own = await look(self.machine, (self.name,))
        seen.shared = await look(self.machine, (SHARED,), self.name + b".")
        mine = seen.shared.children
        known = {seen.at(path).fileid: seen.at(path) for path in seen.files()}
        for name, node in mine.items():
            mine[name] = known.get(node.fileid, node)
        return seen

    # -- steps
    def step(self) -> Step:
        while True:
            files = self.part.files()
            if len(files) > MANY:
                return self._remove()
            if not files:
                return self._create()
            kinds = self._kinds
            step = self._random.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()
            if step is not None:
                return step

    def _name(self) -> bytes:
        self._names += 1
        return b"%d" % self._names

    def _bytes(self) -> bytes:
        low, high = self._random.choice([(0, 2000), (0, 2000), (50_000, 80_000), (100_000, 400_000)])
        return self._random.randbytes(self._random.randint(low, high))

    def _directory(self) -> Path:
        return self._random.choice(self.part.directories())

    def _file(self) -> Path:
        return self._random.choice(self.part.files())

    def _walk(self, path: Path) -> list[w4.nfs_argop4]:
        return walk((self.name, *path))

    def _mkdir(self) -> Step | None:
        if len(self.part.directories()) > 3:
            return None
        after = self.part.copy()
        name = self._name()
        after.own.children[name] = Node(DIR, 0o755)
        return Step([*self._walk(()), mkdir_of(name)], [after])

    def _create(self) -> Step:
        path, name, data = self._directory(), self._name(), self._bytes()
        made = self.part.copy()
        made.at(path).children[name] = Node(REG, 0o600)
        landed = made.copy()
        landed.at((*path, name)).unstable.append((0, data))
        whole = made.copy()
        whole.at((*path, name)).data = data
        operations = [*self._walk(path), create(name), write(CURRENT, 0, data, w4.FILE_SYNC4), CLOSE]
        return Step(operations, [made, landed, whole])

    def _write_at(self, path: Path, offset: int, data: bytes, stable: int) -> Step:
        landed = self.part.copy()
        node = landed.at(path)
        node.unstable.append((offset, data))
        states = [landed]
        if stable != w4.UNSTABLE4:
            durable = landed.copy()
            durable.at(path).commit()
            states.append(durable)
        return Step([*self._walk(path), write(NO_STATEID, offset, data, stable)], states)

    def _write(self) -> Step:
        path = self._file()
        offset = self._random.randint(0, self.part.at(path).size())
        return self._write_at(path, offset, self._bytes(), w4.FILE_SYNC4)

    def _write_unstable(self) -> Step | None:
        path = self._file()
        node = self.part.at(path)
        if len(node.unstable) > 8:
            return self._commit_of(path)
        return self._write_at(path, self._random.randint(0, node.size()), self._bytes(), w4.UNSTABLE4)

    def _write_large(self) -> Step | None:
        path = self._file()
        node = self.part.at(path)
        if len(node.unstable) > 8:
            return self._commit_of(path)
        offset = node.size() if node.size() < LARGEST else self._random.randint(0, node.size())
        return self._write_at(path, offset, self._random.randbytes(1 << 20), w4.UNSTABLE4)

    def _commit(self) -> Step | None:
        waiting = [path for path in self.part.files() if self.part.at(path).unstable]
        return self._commit_of(self._random.choice(waiting)) if waiting else None

    def _commit_of(self, path: Path) -> Step:
        after = self.part.copy()
        after.at(path).commit()
        return Step([*self._walk(path), COMMIT], [after])

    def _cut(self) -> Step:
        path = self._file()
        size = self._random.randint(0, self.part.at(path).size() * 5 // 4)
        after = self.part.copy()
        after.at(path).cut(size)
        attributes = w4.fattr4(1 << w4.FATTR4_SIZE, size.to_bytes(8, "big"))
        return Step([*self._walk(path), setattr_(attributes)], [after])

    def _chmod(self) -> Step:
        path = self._file()
        mode = self._random.choice([0o600, 0o640, 0o644, 0o755])
        after = self.part.copy()
        after.at(path).mode = mode
        attributes = w4.fattr4(1 << w4.FATTR4_MODE, mode.to_bytes(4, "big"))
        return Step([*self._walk(path), setattr_(attributes)], [after])

    def _rename(self) -> Step | None:
        """Of a file to a new name or over another one, or of a directory."""
        directories = self.part.directories()[1:]
        source = self._random.choice(directories) if directories and self._random.random() < 0.3 else self._file()
        moves_directory = self.part.at(source).kind == DIR
        target: Path = () if moves_directory else self._directory()
        new = self._name()
        over = [name for name, node in self.part.at(target).children.items() if node.kind == REG]
        if not moves_directory and over and self._random.random() < 0.6:
            new = self._random.choice(over)
        if self.part.at(target).children.get(new) is self.part.at(source):
            return None  # two names of one file: nothing happens
        after = self.part.copy()
        moved = after.at(source[:-1]).children.pop(source[-1])
        after.at(target).children[new] = moved
        operations = [*self._walk(source[:-1]), SAVE, *self._walk(target), rename(source[-1], new)]
        return Step(operations, [after])

    def _share(self) -> Step | None:
        """A file goes to the directory of all, or one of ours comes back from there, or is removed there."""
        mine = list(self.part.shared.children)
        after = self.part.copy()
        if len(mine) > 4:
            name = self._random.choice(mine)
            del after.shared.children[name]
            return Step([*walk((SHARED,)), remove(name)], [after])
        if mine and self._random.random() < 0.4:
            old, target, name = self._random.choice(mine), self._directory(), self._name()
            after.at(target).children[name] = after.shared.children.pop(old)
            return Step([*walk((SHARED,)), SAVE, *self._walk(target), rename(old, name)], [after])
        source = self._file()
        name = self.name + b"." + self._name()
        after.shared.children[name] = after.at(source[:-1]).children.pop(source[-1])
        return Step([*self._walk(source[:-1]), SAVE, *walk((SHARED,)), rename(source[-1], name)], [after])

    def _remove(self) -> Step:
        empty = [path for path in self.part.directories()[1:] if not self.part.at(path).children]
        path = self._random.choice(empty) if empty and self._random.random() < 0.5 else self._file()
        after = self.part.copy()
        del after.at(path[:-1]).children[path[-1]]
        return Step([*self._walk(path[:-1]), remove(path[-1])], [after])

    def _remove_open(self) -> Step:
        """The object lives on without a name until the crash takes the open away."""
        path = self._file()
        after = self.part.copy()
        del after.at(path[:-1]).children[path[-1]]
        parent = self._walk(path[:-1])
        return Step([*parent, open_(path[-1]), *parent, remove(path[-1])], [after])

    def _link(self) -> Step:
        source, target, name = self._file(), self._directory(), self._name()
        after = self.part.copy()
        after.at(target).children[name] = after.at(source)
        link = w4.nfs_argop4(w4.OP_LINK, oplink=w4.LINK4args(name))
        return Step([*self._walk(source), SAVE, *self._walk(target), link], [after])

    def _symlink(self) -> Step | None:
        if sum(node.kind == LNK for node in self.part.own.children.values()) > 3:
            return None
        name = self._name()
        after = self.part.copy()
        made = Node(LNK, 0o777)
        made.target = b"to " + name
        after.own.children[name] = made
        kind = w4.createtype4(w4.NF4LNK, linkdata=made.target)
        args = w4.CREATE4args(kind, name, w4.fattr4(1 << w4.FATTR4_MODE, (0o777).to_bytes(4, "big")))
        return Step([*self._walk(()), w4.nfs_argop4(w4.OP_CREATE, opcreate=args)], [after])


def judged(name: bytes, may_be: list[Part], seen: Part) -> Part:
    """`seen`, when it is one of the states that may be. AssertionError."""
    reasons = []
    for state in may_be:
        comparison = Comparison(state, seen)
        if not comparison.why:
            return seen
        reasons.append(comparison.why)
    raise AssertionError(f"{name.decode()}: what is there is none of {len(may_be)} states: " + "; ".join(reasons))


def mkdir_of(name: bytes) -> w4.nfs_argop4:
    made = mkdir(name)
    assert made.opcreate is not None
    made.opcreate.createattrs = w4.fattr4(1 << w4.FATTR4_MODE, (0o755).to_bytes(4, "big"))
    return made


def open_call(name: bytes, how: w4.openflag4) -> w4.nfs_argop4:
    access = w4.OPEN4_SHARE_ACCESS_BOTH | w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
    args = w4.OPEN4args(0, access, 0, w4.open_owner4(0, b"worker"), how, claim)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


def open_(name: bytes) -> w4.nfs_argop4:
    return open_call(name, w4.openflag4(w4.OPEN4_NOCREATE))


def create(name: bytes) -> w4.nfs_argop4:
    mode = w4.fattr4(1 << w4.FATTR4_MODE, (0o600).to_bytes(4, "big"))
    return open_call(name, w4.openflag4(w4.OPEN4_CREATE, w4.createhow4(w4.UNCHECKED4, createattrs=mode)))


def write(stateid: w4.stateid4, offset: int, data: bytes, stable: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(stateid, offset, stable, data))


def setattr_(attributes: w4.fattr4) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, attributes))


def rename(old: bytes, new: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_RENAME, oprename=w4.RENAME4args(old, new))
