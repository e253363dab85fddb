"""What a machine holds over a restart of the gateway: a locked file, one without a name, one that it goes on writing.

`recovering hold LOCKED SECONDS` takes all three, says "ready", writes and syncs for so long, and then says what it
still has, a line each. Errors are reported by name: which of them are due is the test's to say.
"""

import errno
import fcntl
import os
import sys
import time
from collections.abc import Callable

from tests.kernel.scripts.checks import ME, WORK

TEXT = b"what was written before the restart"


def outcome(act: Callable[[], object]) -> str:
    """ "ok", or the error's name."""
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "ok"


def hold(locked: str, seconds: float) -> None:
    guarded = os.open(WORK / locked, os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.lockf(guarded, fcntl.LOCK_EX)
    nameless = os.open(WORK / f"nameless-{ME}", os.O_RDWR | os.O_CREAT, 0o666)
    os.write(nameless, TEXT)
    os.fsync(nameless)
    os.unlink(WORK / f"nameless-{ME}")
    steady = os.open(WORK / f"steady-{ME}", os.O_RDWR | os.O_CREAT, 0o666)
    print("ready", flush=True)

    begin = last = time.monotonic()
    longest = 0.0
    lines = 0
    while last - begin < seconds:
        os.write(steady, b"%08d\n" % lines)
        os.fsync(steady)
        lines += 1
        now = time.monotonic()
        longest = max(longest, now - last)
        last = now
        time.sleep(0.01)
    print(f"longest stall of write and fsync: {longest:.1f} s")

    def write_locked() -> None:
        os.pwrite(guarded, TEXT, 0)
        os.fsync(guarded)

    def read_nameless() -> None:
        os.posix_fadvise(nameless, 0, 0, os.POSIX_FADV_DONTNEED)
        assert os.pread(nameless, 100, 0) == TEXT, "the file without a name has other bytes"

    def read_steady() -> None:
        os.posix_fadvise(steady, 0, 0, os.POSIX_FADV_DONTNEED)
        found = os.pread(steady, 9 * lines + 1, 0)
        assert found == b"".join(b"%08d\n" % line for line in range(lines)), "the steady file has other bytes"

    print(f"locked: {outcome(write_locked)}")
    print(f"nameless: {outcome(read_nameless)}")
    print(f"steady: {outcome(read_steady)}")


def attempt(locked: str) -> None:
    """Asks for the lock once, from another machine."""
    begin = time.monotonic()
    guarded = os.open(WORK / locked, os.O_RDWR)
    opened = time.monotonic() - begin
    result = outcome(lambda: fcntl.lockf(guarded, fcntl.LOCK_EX | fcntl.LOCK_NB))
    print(f"attempt: {result}, opened in {opened:.1f} s, asked in {time.monotonic() - begin - opened:.1f} s")


if __name__ == "__main__":
    if sys.argv[1] == "hold":
        hold(sys.argv[2], float(sys.argv[3]))
    else:
        attempt(sys.argv[2])
