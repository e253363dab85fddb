"""One of several machines that claim the same items, each item by mkdir, O_EXCL, link and rename.

What the server made of a claim says who made it: a mode, a file, a name of the machine's own. `claims prepare` lays the
items out, `claims claim` reports a line per claim (KIND ITEM won|lost|ERROR), `claims winners` what the server has.
"""

import errno
import os
import sys
from collections.abc import Callable

from tests.kernel.scripts.checks import ME, WORK, ended, forget, in_child, parameter
from tests.kernel.scripts.host import barrier

MACHINES = 2
ITEMS = parameter("items", 300)
PLACE = WORK / "claims"
MODES = (0o700, 0o750)


def by_mkdir(item: int) -> None:
    os.mkdir(PLACE / "mkdir" / str(item), MODES[ME])


def by_create(item: int) -> None:
    os.close(os.open(PLACE / "create" / str(item), os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODES[ME]))


def by_link(item: int) -> None:
    os.link(PLACE / f"of-{ME}", PLACE / "link" / str(item))


def by_rename(item: int) -> None:
    os.rename(PLACE / "todo" / str(item), PLACE / "rename" / f"{item}.{ME}")


KINDS: dict[str, Callable[[int], None]] = {
    "mkdir": by_mkdir,
    "create": by_create,
    "link": by_link,
    "rename": by_rename,
}
LOST = {"mkdir": errno.EEXIST, "create": errno.EEXIST, "link": errno.EEXIST, "rename": errno.ENOENT}


def prepare() -> None:
    PLACE.mkdir()
    for folder in (*KINDS, "todo"):
        (PLACE / folder).mkdir()
    for machine in range(MACHINES):
        (PLACE / f"of-{machine}").touch()
    for item in range(ITEMS):
        (PLACE / "todo" / str(item)).touch()


def claim_all(kind: str) -> None:
    os.umask(0)
    claim = KINDS[kind]
    for item in range(ITEMS):
        try:
            claim(item)
            outcome = "won"
        except OSError as error:
            outcome = "lost" if error.errno == LOST[kind] else errno.errorcode[error.errno or 0]
        os.write(1, f"{kind} {item} {outcome}\n".encode())  # whole: four processes share the pipe


def winner(kind: str, item: int) -> list[int]:
    """The machines that have it, as the server tells."""
    if kind == "rename":
        return [machine for machine in range(MACHINES) if (PLACE / "rename" / f"{item}.{machine}").exists()]
    path = PLACE / kind / str(item)
    if not path.exists():
        return []
    about = path.stat()
    if kind == "link":
        files = [(PLACE / f"of-{machine}").stat().st_ino for machine in range(MACHINES)]
        return [files.index(about.st_ino)]
    return [MODES.index(about.st_mode & 0o777)]


def winners() -> None:
    forget()
    for kind in KINDS:
        for item in range(ITEMS):
            print(kind, item, *winner(kind, item))


def main(act: str) -> None:
    if act == "prepare":
        prepare()
    elif act == "claim":
        barrier("claims")
        ended([in_child(claim_all, kind) for kind in KINDS])
    else:
        winners()


if __name__ == "__main__":
    main(sys.argv[1])
