"""The two ends of one sample of tests/bench/visibility.py: a change, and a tight loop of looks until one sees it.

Times are this machine's CLOCK_MONOTONIC in nanoseconds.
"""

import fcntl
import os
import time
from collections.abc import Callable

STAMP = 4096


def clock() -> int:
    """Now."""
    return time.monotonic_ns()


def retransmissions() -> int:
    """TCP segments that this machine has sent again since it was booted."""
    with open("/proc/net/snmp", encoding="ascii") as file:
        names, values = (line.split() for line in file if line.startswith("Tcp:"))
    return int(values[names.index("RetransSegs")])


def requests(operation: str) -> int:
    """How many of an operation this machine's NFS mounts have sent (/proc/self/mountstats)."""
    with open("/proc/self/mountstats", encoding="ascii") as file:
        counts = [line.split() for line in file if line.lstrip().startswith(f"{operation}:")]
    return sum(int(words[1]) for words in counts)


# Changes. Each returns when it returned.


def mkdir(path: str) -> int:
    """mkdir."""
    os.mkdir(path)
    return clock()


def create(path: str) -> int:
    """An empty file that was not there, closed."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    return clock()


def rename(path: str) -> int:
    """To the name that is looked for, from one beside it."""
    os.rename(f"{path}.before", path)
    return clock()


def unlink(path: str) -> int:
    """unlink."""
    os.unlink(path)
    return clock()


def chmod(path: str) -> int:
    """To a mode without group and others."""
    os.chmod(path, 0o600)
    return clock()


def make(path: str, size: int) -> None:
    """A file of zeros."""
    with open(path, "wb", buffering=0) as file:
        for offset in range(0, size, 1 << 20):
            file.write(bytes(min(1 << 20, size - offset)))


def write(path: str, generation: int, size: int) -> int:
    """All of the file overwritten in place with bytes that say the generation, and closed."""
    file = os.open(path, os.O_WRONLY)
    block = generation.to_bytes(8, "big") * ((1 << 20) // 8)
    for offset in range(0, size, 1 << 20):
        os.write(file, block[: size - offset])
    os.close(file)
    return clock()


def open_for_writing(path: str) -> tuple[int, int]:
    """Opens and closes it. Returns when the open began and when it returned."""
    before = clock()
    file = os.open(path, os.O_WRONLY)
    after = clock()
    os.close(file)
    return before, after


# Looks


def there(path: str) -> bool:
    """stat finds it."""
    return os.access(path, os.F_OK)


def gone(path: str) -> bool:
    """stat does not."""
    return not os.access(path, os.F_OK)


def changed(path: str) -> bool:
    """stat shows the mode that chmod() gives."""
    return os.stat(path).st_mode & 0o777 == 0o600


def written(path: str, generation: int, size: int) -> bool:
    """open and read show the bytes of write(): all of a small file, three places of a big one."""
    file = os.open(path, os.O_RDONLY)
    try:
        wanted = generation.to_bytes(8, "big") * (STAMP // 8)
        places = range(0, size, STAMP) if size <= STAMP else (0, size // 2, size - STAMP)
        return all(os.pread(file, STAMP, place) == wanted for place in places)
    finally:
        os.close(file)


LOOKS: dict[str, Callable[..., bool]] = {"there": there, "gone": gone, "changed": changed, "written": written}


def watch(look: str, *arguments: object) -> tuple[int, int]:
    """Looks until it sees. Returns when the last look in vain began (0: none was), and when the one that saw ended."""
    sees = LOOKS[look]
    vain = 0
    while True:
        began = clock()
        if sees(*arguments):
            return vain, clock()
        vain = began


# Locks

_open: dict[str, int] = {}


def hold(path: str, how: str) -> None:
    """Takes the lock, as one that will be given by release()."""
    _open[path] = os.open(path, os.O_RDWR | os.O_CREAT)
    (fcntl.flock if how == "flock" else fcntl.lockf)(_open[path], fcntl.LOCK_EX)


def release(path: str, how: str) -> int:
    """Frees the lock; the file stays open."""
    (fcntl.flock if how == "flock" else fcntl.lockf)(_open[path], fcntl.LOCK_UN)
    return clock()


def wait_for(path: str, how: str) -> int:
    """Waits for the lock as a program does, in one call. Returns when it had it."""
    hold(path, how)
    return clock()


def let_go(path: str) -> None:
    """Closes what hold() or wait_for() has opened."""
    os.close(_open.pop(path))
