"""Random changes by many machines to the same few names: whatever succeeds or fails, all must see the same outcome."""

import errno
import os
import random
from collections import Counter

NAMES = [f"{place}{name}" for place in ("", "folder-a/", "folder-b/") for name in ("one", "two", "three", "four")]
STALE_IN_A_ROW = 2
EXPECTED = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError)


def run(folder: str, seed: str, steps: int) -> dict[str, int]:
    """Goes on until `steps` are done and a change of each kind has succeeded, ten times as long at most. Returns how
    many have. Raises: OSError that a race does not explain."""
    chance = random.Random(seed)
    done: Counter[str] = Counter(dict.fromkeys(("create", "mkdir", "link", "rename", "chmod", "unlink"), 0))
    for place in ("folder-a", "folder-b"):
        os.makedirs(os.path.join(folder, place), exist_ok=True)
    for step in range(10 * steps):
        if step >= steps and all(done.values()):
            break
        if step % 10 == 0:
            look(folder)
        what = chance.choice(list(done))
        one, other = (os.path.join(folder, chance.choice(NAMES)) for _ in range(2))
        try:
            change(what, one, other)
            done[what] += 1
        except EXPECTED:
            os.listdir(folder)
        except OSError as error:
            if error.errno not in (1, 39):  # EPERM, unlink or link of a folder; ENOTEMPTY
                raise
    return dict(done)


def change(what: str, one: str, other: str) -> None:
    """One change."""
    if what == "create":
        os.close(os.open(one, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    elif what == "mkdir":
        os.mkdir(one)
    elif what == "link":
        os.link(one, other)
    elif what == "rename":
        rename(one, other)
    elif what == "chmod":
        os.chmod(one, 0o755 if os.stat(one).st_mode & 0o022 else 0o777)
    elif os.path.isdir(one):
        os.rmdir(one)
    else:
        os.unlink(one)


def rename(one: str, other: str) -> None:
    """Linux itself says STALE, without a word from the server, when a rename between folders meets a folder that
    another machine has moved: it would move its own entry, too, and this very rename holds the lock for that. It does
    not help to try again, but to look at both names first. A name that stays STALE then is a fault. Raises: OSError."""
    for _ in range(STALE_IN_A_ROW):
        try:
            return os.rename(one, other)
        except OSError as error:
            if error.errno != errno.ESTALE:
                raise
        for name in (one, other):
            os.path.lexists(name)
    return os.rename(one, other)


def look(folder: str) -> None:
    """Caches what is there and what is not."""
    os.listdir(folder)
    for name in NAMES:
        os.path.lexists(os.path.join(folder, name))
