"""flock and fcntl locks between the processes of one machine."""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, in_child, main, refused, write

FLOCK = "hhqqi4x"  # struct flock: type, whence, start, length, pid


def opened(path: Path) -> int:
    """The file, for reading and writing."""
    return os.open(path, os.O_RDWR | os.O_CREAT)


def elsewhere(function: Callable[[], None]) -> None:
    """Does it in another process, to its end."""
    ended([in_child(function)], "the other process found it otherwise")


@check("flock excludes, shares and is let go")
def flock(work: Path) -> None:
    mine = opened(work / "lock")

    def exclusive_refused() -> None:
        with refused(errno.EWOULDBLOCK):
            fcntl.flock(opened(work / "lock"), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def shared_refused() -> None:
        with refused(errno.EWOULDBLOCK):
            fcntl.flock(opened(work / "lock"), fcntl.LOCK_SH | fcntl.LOCK_NB)

    def shared_taken() -> None:
        fcntl.flock(opened(work / "lock"), fcntl.LOCK_SH | fcntl.LOCK_NB)

    def exclusive_taken() -> None:
        fcntl.flock(opened(work / "lock"), fcntl.LOCK_EX | fcntl.LOCK_NB)

    fcntl.flock(mine, fcntl.LOCK_EX)
    elsewhere(exclusive_refused)
    elsewhere(shared_refused)
    fcntl.flock(mine, fcntl.LOCK_SH)
    elsewhere(shared_taken)
    elsewhere(exclusive_refused)
    fcntl.flock(mine, fcntl.LOCK_UN)
    elsewhere(exclusive_taken)
    fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(mine)
    elsewhere(exclusive_taken)


@check("fcntl locks exclude by byte range")
def ranges(work: Path) -> None:
    mine = opened(work / "lock")
    fcntl.lockf(mine, fcntl.LOCK_EX, 10, 100)

    def others() -> None:
        theirs = opened(work / "lock")
        for start, length in ((100, 10), (95, 6), (109, 1), (0, 0), (0, 101)):
            with refused(errno.EAGAIN, errno.EACCES):
                fcntl.lockf(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
            with refused(errno.EAGAIN, errno.EACCES):
                fcntl.lockf(theirs, fcntl.LOCK_SH | fcntl.LOCK_NB, length, start)
        for start, length in ((0, 100), (110, 5), (110, 0)):
            fcntl.lockf(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)

    elsewhere(others)


@check("a range is split, joined, upgraded and downgraded")
def pieces(work: Path) -> None:
    mine = opened(work / "lock")

    def free(*wanted: int) -> Callable[[], None]:
        def look() -> None:
            theirs = opened(work / "lock")
            found = []
            for position in range(0, 50, 10):
                try:
                    fcntl.lockf(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, position)
                    found.append(position)
                except OSError:
                    continue
            expect(found, list(wanted), "positions that are free")

        return look

    fcntl.lockf(mine, fcntl.LOCK_EX, 50, 0)
    elsewhere(free())
    fcntl.lockf(mine, fcntl.LOCK_UN, 10, 20)
    elsewhere(free(20))
    fcntl.lockf(mine, fcntl.LOCK_SH, 10, 30)
    elsewhere(free(20))
    fcntl.lockf(mine, fcntl.LOCK_EX, 30, 20)
    elsewhere(free())
    fcntl.lockf(mine, fcntl.LOCK_UN, 15, 0)
    elsewhere(free(0, 10))
    fcntl.lockf(mine, fcntl.LOCK_UN)
    elsewhere(free(0, 10, 20, 30, 40))


@check("F_GETLK tells who holds it")
def holder(work: Path) -> None:
    mine = opened(work / "lock")
    fcntl.lockf(mine, fcntl.LOCK_EX, 5, 7)
    owner = os.getpid()

    def look() -> None:
        asked = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, start, length, process = struct.unpack(FLOCK, fcntl.fcntl(opened(work / "lock"), fcntl.F_GETLK, asked))
        expect((kind, start, length, process), (fcntl.F_WRLCK, 7, 5, owner), "the lock in the way")
        asked = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 100, 1, 0)
        kind = struct.unpack(FLOCK, fcntl.fcntl(opened(work / "lock"), fcntl.F_GETLK, asked))[0]
        expect(kind, fcntl.F_UNLCK, "no lock in the way")

    elsewhere(look)


@check("a blocked lock is handed over")
def handed_over(work: Path) -> None:
    for take, let_go in (
        (lambda file: fcntl.lockf(file, fcntl.LOCK_EX), lambda file: fcntl.lockf(file, fcntl.LOCK_UN)),
        (lambda file: fcntl.flock(file, fcntl.LOCK_EX), lambda file: fcntl.flock(file, fcntl.LOCK_UN)),
    ):
        mine = opened(work / "lock")
        take(mine)
        said = os.pipe()
        child = in_child(take_and_say, work / "lock", take, said[1])
        time.sleep(0.3)
        os.set_blocking(said[0], False)
        with refused(errno.EAGAIN):
            os.read(said[0], 1)
        os.set_blocking(said[0], True)
        let_go(mine)
        started = time.monotonic()
        expect(os.read(said[0], 1), b"x", "what the waiter says")
        expect(time.monotonic() - started < 10, True, "the waiter had it within ten seconds")
        ended([child])
        os.close(mine)


def take_and_say(path: Path, take: Callable[[int], None], pipe: int) -> None:
    """The waiter."""
    take(opened(path))
    os.write(pipe, b"x")


@check("locks go with the process and with the file")
def gone(work: Path) -> None:
    def take_both() -> None:
        fcntl.lockf(opened(work / "fcntl"), fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(opened(work / "flock"), fcntl.LOCK_EX | fcntl.LOCK_NB)

    elsewhere(take_both)
    elsewhere(take_both)
    first, second = opened(work / "fcntl"), opened(work / "fcntl")
    fcntl.lockf(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(second)  # POSIX: closing any descriptor of the file lets go of all the process's locks on it
    elsewhere(take_both)
    os.close(first)


@check("a counter under a lock loses no count")
def counter(work: Path) -> None:
    write(work / "count", b"0")

    def add(kind: str) -> None:
        for _ in range(40):
            lock = opened(work / f"lock-{kind}")
            (fcntl.lockf if kind == "fcntl" else fcntl.flock)(lock, fcntl.LOCK_EX)
            write(work / f"count-{kind}", str(int((work / f"count-{kind}").read_bytes()) + 1).encode())
            os.close(lock)

    for kind in ("fcntl", "flock"):
        write(work / f"count-{kind}", b"0")
        ended([in_child(add, kind) for _ in range(4)])
        expect((work / f"count-{kind}").read_bytes(), b"160", f"the count under {kind}")


@check("readers share, and a lock needs the right open mode")
def open_modes(work: Path) -> None:
    mine = os.open(work / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.lockf(mine, fcntl.LOCK_SH)

    def another_reader() -> None:
        fcntl.lockf(os.open(work / "lock", os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
        with refused(errno.EBADF):
            fcntl.lockf(os.open(work / "lock", os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)

    elsewhere(another_reader)


@check("locks far out, to the end of the numbers")
def far(work: Path) -> None:
    mine = opened(work / "lock")
    top = (1 << 63) - 1
    fcntl.lockf(mine, fcntl.LOCK_EX, 1, top - 1)

    def look() -> None:
        theirs = opened(work / "lock")
        with refused(errno.EAGAIN, errno.EACCES):
            fcntl.lockf(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB, 0, 1 << 40)
        fcntl.lockf(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB, 1 << 30, 1 << 40)

    elsewhere(look)


if __name__ == "__main__":
    main()
