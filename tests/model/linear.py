"""Whether the operations on names could have happened one after the other, each between its call and its return.

The search of Wing and Gong, with the memory of Lowe: an operation may come next when no other one has returned before
it was called. Who has changed nothing comes as early as his answer fits: that loses no order. What remains to be tried
are the orders of changes that overlap in time.
"""

from __future__ import annotations

from tests.model.history import Event
from tests.model.tree import Names, Tree

PATIENCE = 2_000_000  # states; a search that needs more proves nothing


class Undecided(Exception):
    """The search was given up."""


def search(tree: Tree, events: list[Event], before: Names, after: Names) -> str:
    """Empty when there is such an order that leads from `before` to `after`; else how far one comes. Raises:
    Undecided."""
    order = sorted(events, key=lambda event: event.call)
    seen: set[tuple[int, frozenset[tuple[tuple[int, str], int]]]] = set()
    stack: list[tuple[int, Names]] = [(0, before)]
    furthest, stuck = -1, ""
    while stack:
        if len(seen) > PATIENCE:
            raise Undecided
        done, names = stack.pop()
        done, open_ones = look(tree, order, done, names)
        key = (done, frozenset(names.items()))
        if key in seen:
            continue
        seen.add(key)
        if not open_ones:
            if names == after:
                return ""
            stuck, furthest = f"the end: {names}\nwas found: {after}", len(order)
            continue
        count = done.bit_count()
        if count > furthest:
            furthest, stuck = count, explain(order, open_ones, names)
        for index in open_ones:
            changed = tree.step(names, order[index])
            if changed is not None:
                stack.append((done | 1 << index, changed))
    return f"{furthest} of {len(order)} operations can be put in an order, but then\n{stuck}"


def look(tree: Tree, order: list[Event], done: int, names: Names) -> tuple[int, list[int]]:
    """Takes everything that may come next and changes nothing; then what may come next is left."""
    while True:
        open_ones = next_ones(order, done)
        moved = False
        for index in open_ones:
            if tree.step(names, order[index]) is names:
                done |= 1 << index
                moved = True
        if not moved:
            return done, open_ones


def next_ones(order: list[Event], done: int) -> list[int]:
    """Those that are not done and were called before any other of them had returned."""
    index = (~done & (done + 1)).bit_length() - 1
    found: list[int] = []
    first = 1 << 63
    while index < len(order) and order[index].call < first:
        if not done >> index & 1:
            found.append(index)
            first = min(first, order[index].ret)
        index += 1
    return [one for one in found if order[one].call < first]


def explain(order: list[Event], open_ones: list[int], names: Names) -> str:
    lines = [f"names: {names}", "none of these may come next:"]
    return "\n".join(lines + [f"  {order[index]}" for index in open_ones])
