"""One round's history against all that is promised: names, data, locks."""

from __future__ import annotations

from tests.model.cells import check_data, check_locks
from tests.model.history import Round
from tests.model.linear import search
from tests.model.tree import Tree

NAMES = {
    "lookup",
    "readdir",
    "getattr",
    "remove",
    "rename",
    "link",
    "mkdir",
    "symlink",
    "unchecked",
    "guarded",
    "exclusive",
}


def check(found: Round) -> list[str]:
    """Empty, or what is wrong, for people to read. Raises: Undecided."""
    named = [event for event in found.events if event.kind in NAMES]
    why = search(Tree(found.roots, found.kinds), named, found.names_before, found.names_after)
    wrong = [f"no order of the operations on names explains what they answered: {why}"] if why else []
    return wrong + check_data(found) + check_locks(found)
