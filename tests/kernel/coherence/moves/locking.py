"""Locks between machines: taken, refused, waited for, handed on; and what goes wrong when two hold one at once."""

import fcntl
import os
import struct
import time
from collections.abc import Sequence

from tests.kernel.scripts.host import do

FLOCK = struct.Struct("hhqqi4x")  # struct flock: type, whence, start, length, pid
SHARED, EXCLUSIVE, FREE = fcntl.F_RDLCK, fcntl.F_WRLCK, fcntl.F_UNLCK
OPERATION = {SHARED: fcntl.LOCK_SH, EXCLUSIVE: fcntl.LOCK_EX, FREE: fcntl.LOCK_UN}


def opened(path: str) -> int:
    """The file for reading and writing, made if it is not there."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)


def take(file: int, how: str, kind: int = EXCLUSIVE, start: int = 0, length: int = 0, wait: bool = True) -> bool:
    """Takes or frees a lock: `how` is "flock", which has no ranges, or "fcntl". Returns False when it is refused."""
    operation = OPERATION[kind] | (0 if wait else fcntl.LOCK_NB)
    try:
        if how == "flock":
            fcntl.flock(file, operation)
        else:
            fcntl.lockf(file, operation, length, start)
    except BlockingIOError:
        return False
    return True


def in_the_way(file: int, start: int, length: int) -> tuple[int, int, int]:
    """Of the lock that keeps this machine from an exclusive one: type, start, length. Type FREE when there is none."""
    asked = FLOCK.pack(EXCLUSIVE, os.SEEK_SET, start, length, 0)
    kind, _, start, length, _ = FLOCK.unpack(fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return kind, start, length


def take_turns(
    folder: str, how: str, waiting: bool, turns: int, trouble: Sequence[int] = ()
) -> list[tuple[int, float]]:
    """Takes the lock again and again, and while holding it adds one to the number in the file.

    Returns the numbers found, and how long it took to get each turn. Raises: FileExistsError when another machine was
    inside too. Inside the turns in `trouble`, machine 0 has the host make the trouble that the test has prepared.
    """
    file = opened(f"{folder}/lock")
    found = []
    for turn in range(turns):
        started = time.monotonic()
        while not take(file, how, wait=waiting):
            continue
        got = time.monotonic() - started
        os.mkdir(f"{folder}/inside")
        if turn in trouble and os.environ["CLIENT_ID"] == "0":
            do("trouble")
        number = int(os.pread(file, 20, 0) or b"0")
        os.pwrite(file, str(number + 1).encode(), 0)
        os.rmdir(f"{folder}/inside")
        take(file, how, FREE)
        found.append((number, got))
    os.close(file)
    return found
