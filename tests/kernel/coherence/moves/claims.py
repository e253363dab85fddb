"""Claims that exactly one machine may win, raced for by all of them in the same order at the same time."""

import os
import random
from collections.abc import Callable, Sequence

from tests.kernel.scripts.host import barrier, do

LOST = (FileExistsError, FileNotFoundError)


def exclusive(folder: str, item: str, me: str) -> None:
    """open(O_CREAT | O_EXCL)."""
    file = os.open(f"{folder}/claims/{item}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    os.write(file, me.encode())
    os.close(file)


def mkdir(folder: str, item: str, me: str) -> None:
    """mkdir; the winner leaves its name inside."""
    os.mkdir(f"{folder}/claims/{item}")
    os.mkdir(f"{folder}/claims/{item}/{me}")


def link(folder: str, item: str, me: str) -> None:
    """link of a file of one's own to the one name."""
    os.link(f"{folder}/mine-{me}", f"{folder}/claims/{item}")


def rename(folder: str, item: str, me: str) -> None:
    """rename of the item from where all find it to where only the winner does."""
    os.rename(f"{folder}/todo/{item}", f"{folder}/mine-{me}/{item}")


KINDS: dict[str, Callable[[str, str, str], None]] = {
    "O_EXCL": exclusive,
    "mkdir": mkdir,
    "link": link,
    "rename": rename,
}


def prepare(folder: str, kind: str, count: int, machines: int) -> None:
    """What the race needs, made by one machine."""
    os.mkdir(f"{folder}/claims")
    if kind == "rename":
        os.mkdir(f"{folder}/todo")
        for item in range(count):
            with open(f"{folder}/todo/{item}", "wb"):
                pass
    for me in range(machines):
        if kind == "rename":
            os.mkdir(f"{folder}/mine-{me}")
        elif kind == "link":
            with open(f"{folder}/mine-{me}", "w", encoding="ascii") as file:
                file.write(str(me))


def race(folder: str, kind: str, count: int, every: int, trouble: Sequence[int] = ()) -> list[int]:
    """Claims all items. Returns those that this one won.

    Machines meet again after every `every` items, so that none runs ahead; in between all go through the same items, by
    turns in one order for all, where they run head to head, and each in an order of its own, so that each wins some.
    Before the items whose places in the order are in `trouble`, machine 0 has the host make the trouble that the test
    has prepared.
    """
    me = os.environ["CLIENT_ID"]
    order = list(range(count))
    random.Random(count).shuffle(order)
    for first in range(every, count, 2 * every):
        own = order[first : first + every]
        random.Random(int(me)).shuffle(own)
        order[first : first + every] = own
    won = []
    for number, item in enumerate(order):
        if number % every == 0:
            barrier(f"{folder} {kind} {number}")
        if number in trouble and me == "0":
            do("trouble")
        try:
            KINDS[kind](folder, str(item), me)
        except LOST:
            continue
        won.append(item)
    return won


def winners(folder: str, kind: str, count: int, machines: int) -> dict[int, int]:
    """Who has each item, as the tree says."""
    if kind == "rename":
        lists = {me: os.listdir(f"{folder}/mine-{me}") for me in range(machines)}
        assert os.listdir(f"{folder}/todo") == []
        return {int(item): me for me, items in lists.items() for item in items}
    found = {}
    for item in range(count):
        path = f"{folder}/claims/{item}"
        if kind == "mkdir":
            (who,) = os.listdir(path)
            found[item] = int(who)
        else:
            with open(path, encoding="ascii") as file:
                found[item] = int(file.read())
    return found
