"""What one worker's part of the tree must look like: what was acknowledged, and what may have happened beyond it.

A worker has one compound under way at most. After a crash its part is one of the states that the compound passes
through: none of its operations done, some, or all; never anything in between.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise

from nfsgw.namespace.model import DIR, LNK, REG

PAGE = 4096


class Node:
    """An object. `data` is what must be there; each of `unstable` (offset, bytes) may be there over it, whole or in
    part, since nobody committed it."""

    def __init__(self, kind: int, mode: int = 0o644) -> None:
        self.kind = kind
        self.mode = mode
        self.data = b""
        self.unstable: list[tuple[int, bytes]] = []
        self.target = b""
        self.children: dict[bytes, Node] = {}
        self.fileid = 0  # 0: not seen yet
        self.change = 0  # as last seen, with `shown`, the bytes seen then
        self.shown = b""
        self.nlink = 0

    def size(self) -> int:
        """As every machine sees it, unstable bytes included."""
        return max([len(self.data), *(at + len(piece) for at, piece in self.unstable)])

    def commit(self) -> None:
        """All that was written is durable."""
        for at, piece in self.unstable:
            self.data = laid_over(self.data, at, piece)
        self.unstable = []

    def cut(self, size: int) -> None:
        """The size is durable at once; bytes that were not committed are not."""
        self.data = self.data[:size].ljust(size, b"\0")
        self.unstable = [(at, piece[: size - at]) for at, piece in self.unstable if at < size]


class Part:
    """What belongs to one worker: a directory of its own, and its names in the directory of all."""

    def __init__(self) -> None:
        self.own = Node(DIR, 0o755)
        self.shared = Node(DIR, 0o755)

    def copy(self) -> Part:
        return deepcopy(self)

    def directories(self) -> list[tuple[bytes, ...]]:
        """Paths, the worker's own directory first."""
        return [(), *((name,) for name, node in self.own.children.items() if node.kind == DIR)]

    def files(self) -> list[tuple[bytes, ...]]:
        found = []
        for path in self.directories():
            for name, node in self.at(path).children.items():
                if node.kind == REG:
                    found.append((*path, name))
        return found

    def at(self, path: tuple[bytes, ...]) -> Node:
        node = self.own
        for name in path:
            node = node.children[name]
        return node


def laid_over(data: bytes, at: int, piece: bytes) -> bytes:
    if at > len(data):
        data = data.ljust(at, b"\0")
    return data[:at] + piece + data[at + len(piece) :]


class Comparison:
    """Of a state that may be with what is seen. `why` says in words where they differ first; empty: they do not."""

    def __init__(self, expected: Part, seen: Part) -> None:
        self.why = ""
        self._pairs: dict[int, Node] = {}
        self._names: dict[int, int] = {}
        self._objects: dict[int, int] = {}
        self._compare_names(expected.own, seen.own, "/own")
        self._compare_names(expected.shared, seen.shared, "/shared")
        if not self.why:
            self._count_links()

    def _differ(self, why: str) -> None:
        if not self.why:
            self.why = why

    def _compare(self, expected: Node, seen: Node, path: str) -> None:
        if self.why:
            return
        if expected.kind != seen.kind or expected.mode != seen.mode or expected.target != seen.target:
            self._differ(f"{path}: type, mode or target")
        if expected.fileid and expected.fileid != seen.fileid:
            self._differ(f"{path}: was object {expected.fileid}, is {seen.fileid}")
        if self._objects.setdefault(seen.fileid, id(expected)) != id(expected):
            self._differ(f"{path}: two files have become one object")
        if self._pairs.setdefault(id(expected), seen).fileid != seen.fileid:
            self._differ(f"{path}: two names of one file lead to two objects")
        self._names[seen.fileid] = self._names.get(seen.fileid, 0) + 1
        if expected.kind == REG:
            wrong = wrong_byte(expected, seen.data)
            if wrong:
                self._differ(f"{path}: {wrong}")
            if expected.fileid and expected.change == seen.change and expected.shown != seen.data:
                self._differ(f"{path}: other bytes under the same change value")
        self._compare_names(expected, seen, path)

    def _compare_names(self, expected: Node, seen: Node, path: str) -> None:
        if expected.children.keys() != seen.children.keys():
            missing = sorted(expected.children.keys() - seen.children.keys())
            extra = sorted(seen.children.keys() - expected.children.keys())
            self._differ(f"{path}: missing {missing}, not expected {extra}")
            return
        for name, child in expected.children.items():
            self._compare(child, seen.children[name], f"{path}/{name.decode()}")

    def _count_links(self) -> None:
        for node in self._pairs.values():
            if node.kind in (REG, LNK) and node.nlink != self._names[node.fileid]:
                self._differ(f"object {node.fileid} has {node.nlink} links and {self._names[node.fileid]} names")


def wrong_byte(expected: Node, seen: bytes) -> str:
    """Where `seen` holds what was neither acknowledged nor written there since; empty when nowhere. No zeros in the
    place of bytes: past the acknowledged end they are right only where nobody wrote."""
    data = expected.data
    if seen == data:
        return ""
    if not len(data) <= len(seen) <= expected.size():
        return f"{len(seen)} bytes, {len(data)} were acknowledged and {expected.size()} written"
    borders = {0, len(data), len(seen)}
    for at, piece in expected.unstable:
        borders.update((at, at + len(piece)))
    places = sorted(border for border in borders if border <= len(seen))
    for start, end in pairwise(places):
        may_be = [piece[start - at : end - at] for at, piece in expected.unstable if at <= start < at + len(piece)]
        if start < len(data):
            may_be.append(data[start:end])
        elif not may_be:
            may_be.append(bytes(end - start))
        for page in range(start, end, PAGE):
            bytes_seen = seen[page : min(page + PAGE, end)]
            pages = [piece[page - start : page - start + len(bytes_seen)] for piece in may_be]
            if bytes_seen in pages:
                continue
            for offset, byte in enumerate(bytes_seen):
                if all(piece[offset] != byte for piece in pages):
                    return f"byte {page + offset} is {byte}, may be {sorted({piece[offset] for piece in pages})}"
    return ""
