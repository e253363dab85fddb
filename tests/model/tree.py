"""The tree as one machine alone would see it: what each operation on names may answer, and what it leaves behind.

Objects are their fileids, which are never used twice; directories are addressed by handle, not by path, as on the wire.
An answer says whether something changed, so that who only looked can be told from who changed something.
"""

from __future__ import annotations

from tests.model.history import Event

Names = dict[tuple[int, str], int]

DIRECTORY, FILE, LINK = "d", "f", "l"


class Tree:
    """`kinds` grows as objects are met; a state is the names alone."""

    def __init__(self, roots: list[int], kinds: dict[int, str]) -> None:
        self.roots = set(roots)
        self.kinds = kinds

    def live(self, names: Names, directory: int) -> bool:
        return directory in self.roots or directory in names.values()

    def empty(self, names: Names, directory: int) -> bool:
        return all(parent != directory for parent, _ in names)

    def below(self, names: Names, directory: int, top: int) -> bool:
        """Whether `directory` is `top` or lies in it."""
        while directory != top:
            above = [parent for (parent, _), id in names.items() if id == directory]
            if not above:
                return False
            directory = above[0]
        return True

    def step(self, names: Names, event: Event) -> Names | None:
        """The names afterwards: the same object where nothing has changed, None where the answer is not the one that
        these names give."""
        kind = event.kind
        if kind == "lookup":
            return self.lookup(names, event)
        if kind == "readdir":
            return self.readdir(names, event)
        if kind == "getattr":
            return self.getattr(names, event)
        if kind == "remove":
            return self.remove(names, event)
        if kind == "rename":
            return self.rename(names, event)
        if kind == "link":
            return self.link(names, event)
        return self.make(names, event)

    def lookup(self, names: Names, event: Event) -> Names | None:
        directory, name = event.args
        if not self.live(names, directory):
            return names if event.result == ("STALE",) else None
        found = names.get((directory, name))
        return names if event.result == (("NOENT",) if found is None else ("OK", found)) else None

    def readdir(self, names: Names, event: Event) -> Names | None:
        directory = event.args[0]
        if not self.live(names, directory):
            return names if event.result == ("STALE",) else None
        inside = tuple(sorted((name, id) for (parent, name), id in names.items() if parent == directory))
        return names if event.result == ("OK", inside) else None

    def getattr(self, names: Names, event: Event) -> Names | None:
        """A file without a name that is open somewhere is there still, with no link; otherwise it is stale."""
        target = event.args[0]
        links = sum(1 for id in names.values() if id == target)
        if target in self.roots or (links and self.kinds[target] == DIRECTORY):
            inside = sum(1 for (parent, _), id in names.items() if parent == target and self.kinds[id] == DIRECTORY)
            return names if event.result == ("OK", 2 + inside) else None
        if not links:
            return names if event.result in (("STALE",), ("OK", 0)) else None
        return names if event.result == ("OK", links) else None

    def make(self, names: Names, event: Event) -> Names | None:
        """mkdir, symlink, and create with its three modes."""
        directory, name = event.args[:2]
        if not self.live(names, directory):
            return names if event.result == ("STALE",) else None
        found = names.get((directory, name))
        if found is None:
            if event.result[0] != "OK" or not event.result[2] or event.result[1] in names.values():
                return None
            return {**names, (directory, name): event.result[1]}
        if event.kind == "unchecked":
            if self.kinds[found] == FILE:
                return names if event.result == ("OK", found, False) else None
            return names if event.result[0] in ("EXIST", "ISDIR", "SYMLINK", "WRONG_TYPE") else None
        return names if event.result == ("EXIST",) else None

    def remove(self, names: Names, event: Event) -> Names | None:
        directory, name = event.args
        if not self.live(names, directory):
            return names if event.result == ("STALE",) else None
        found = names.get((directory, name))
        if found is None:
            return names if event.result == ("NOENT",) else None
        if self.kinds[found] == DIRECTORY and not self.empty(names, found):
            return names if event.result == ("NOTEMPTY",) else None
        return without(names, (directory, name)) if event.result == ("OK",) else None

    def rename(self, names: Names, event: Event) -> Names | None:
        source, old, target, new = event.args
        errors: set[str] = set()
        if not self.live(names, source) or not self.live(names, target):
            errors.add("STALE")
        moved = names.get((source, old))
        replaced = names.get((target, new))
        if moved is None:
            errors.add("NOENT")
        elif moved != replaced:
            directory = self.kinds[moved] == DIRECTORY
            if directory and self.below(names, target, moved):
                errors |= {"INVAL", "NOTEMPTY", "EXIST"} if replaced is not None else {"INVAL"}
            if replaced is not None:
                errors |= self.obstacles(names, directory, replaced)
        if errors:
            return names if event.result[0] in errors else None
        if moved == replaced or moved is None:
            return names if event.result == ("OK", False) else None
        if event.result != ("OK", True):
            return None
        after = without(names, (source, old))
        after[(target, new)] = moved
        return after

    def obstacles(self, names: Names, directory: bool, replaced: int) -> set[str]:
        if (self.kinds[replaced] == DIRECTORY) != directory:
            return {"EXIST", "ISDIR", "NOTDIR"}
        if directory and not self.empty(names, replaced):
            return {"EXIST", "NOTEMPTY"}
        return set()

    def link(self, names: Names, event: Event) -> Names | None:
        target, directory, name = event.args
        errors: set[str] = set()
        if not self.live(names, target):
            errors |= {"STALE", "NOENT"}
        elif self.kinds[target] == DIRECTORY:
            errors.add("ISDIR")
        if not self.live(names, directory):
            errors.add("STALE")
        if (directory, name) in names:
            errors.add("EXIST")
        if errors:
            return names if event.result[0] in errors else None
        return {**names, (directory, name): target} if event.result == ("OK",) else None


def without(names: Names, key: tuple[int, str]) -> Names:
    after = dict(names)
    del after[key]
    return after
