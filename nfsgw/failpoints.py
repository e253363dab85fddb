"""Named instants on the commit and upload paths at which the process can be made to die, as kill -9 would end it.

For the crash tests alone (tests/faults). Off unless NFSGW_FAILPOINT names one of NAMES when the process starts; while
it is off a point costs one look at a constant, and no point lies on the path of an operation. Must never do anything
but end the process: what a test is to find must come from the product.
"""

from __future__ import annotations

import os
import signal
from typing import Final

VARIABLE: Final = "NFSGW_FAILPOINT"

NAMES: Final = (
    "init.linked",  # the new database has its name, and still the one it was built under
    "start.marked",  # the marks of a new life are durable, nothing else has happened
    "start.recovered",  # staged chunks were found again, the object store was not asked yet
    "commit.begun",  # a transaction is open
    "commit.written",  # all its rows are written, not committed
    "commit.durable",  # committed; nobody was told
    "commit.told",  # its replies were handed to the transport
    "sync.begun",  # fdatasync of staging files is about to run
    "sync.settled",  # their bytes are on the disk, no row says so
    "sync.stored",  # rows of synced bytes stand in the open batch
    "upload.begun",  # a key was chosen
    "mover.begun",  # the mover has the bytes
    "mover.put",  # the store has the object, the gateway does not know
    "upload.answered",  # the gateway knows, no row names the object
    "upload.stored",  # the row that names it stands in the open batch
    "upload.placed",  # that row is durable, the slot has become cache
    "sweep.deleted",  # a dead object is gone from the store, its row is not
    "compact.fetched",  # a pack that is mostly dead is on the disk, nothing of it was moved
    "compact.stored",  # its live chunks are in a new object, their rows stand in the open batch
    "stop.flushed",  # an orderly stop has made all bytes durable, its last commit is missing
    "gc.listed",  # orphans are known, none was deleted
    "gc.deleted",  # some of them were deleted
)


def _armed() -> tuple[str, int]:
    name, _, count = os.environ.get(VARIABLE, "").partition(":")
    if name and name not in NAMES:
        raise SystemExit(f"{VARIABLE}: there is no failpoint {name!r}")
    return name, int(count or "1")


_name, _left = _armed()
ARMED: Final[bool] = _name != ""


def reached(name: str, parent: bool = False) -> None:
    """Call it as `if failpoints.ARMED: failpoints.reached(NAME)`. At the armed point, the time that was asked for
    (NAME:2 is the second), nothing after this call happens. `parent`: the process that started this one dies first."""
    global _left
    if name != _name:
        return
    _left -= 1
    if _left:
        return
    if parent:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
