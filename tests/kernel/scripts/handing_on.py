"""Machines that hand one lock on from one to another: run by several guests at once, on one file.

Arguments: how=0 (fcntl) or 1 (flock), rounds=N, machines=N. Each round ends when the other machines have had the lock,
for whoever lets go of it is behind those who wait: so the seconds that a round takes are those of a chain of
hand-overs, and what is printed is that divided by its length.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from tests.kernel.scripts.checks import WORK, check, expect, main, parameter
from tests.kernel.scripts.host import barrier

HOW = ("fcntl", "flock")[parameter("how", 0)]
ROUNDS = parameter("rounds", 40)
MACHINES = parameter("machines", 2)


def take(file: int) -> None:
    """Waits for it."""
    (fcntl.lockf if HOW == "fcntl" else fcntl.flock)(file, fcntl.LOCK_EX)


def let_go(file: int) -> None:
    (fcntl.lockf if HOW == "fcntl" else fcntl.flock)(file, fcntl.LOCK_UN)


@check("a lock is handed on from machine to machine")
def chain(work: Path) -> None:
    file = os.open(work / f"chain-{HOW}", os.O_RDWR | os.O_CREAT)
    take(file)
    let_go(file)
    barrier(f"chain-{HOW}")
    waited = []
    for _ in range(ROUNDS):
        started = time.monotonic()
        take(file)
        waited.append((time.monotonic() - started) / MACHINES)
        let_go(file)
    barrier(f"end of chain-{HOW}")
    waited.sort()
    for name, value in (
        ("p50", waited[len(waited) // 2]),
        ("p99", waited[len(waited) * 99 // 100]),
        ("max", waited[-1]),
    ):
        print(f"hand-over {HOW} {name} {value * 1000:.1f} ms", flush=True)
    expect(waited[-1] < 5, True, "nobody is left to find out by himself")


@check("a counter under the lock loses no count")
def counter(work: Path) -> None:
    file = os.open(work / f"counter-{HOW}", os.O_RDWR | os.O_CREAT)
    barrier(f"counter-{HOW}")
    started = time.monotonic()
    for _ in range(ROUNDS):
        take(file)
        count = int(os.pread(file, 20, 0) or b"0")
        os.pwrite(file, b"%d" % (count + 1), 0)
        let_go(file)
    barrier(f"end of counter-{HOW}")
    print(f"counting {HOW} {(time.monotonic() - started) / ROUNDS / MACHINES * 1000:.1f} ms each", flush=True)
    take(file)
    expect(int(os.pread(file, 20, 0)), ROUNDS * MACHINES, "the count")
    let_go(file)


def hold(path: str, seconds: float) -> None:
    """`hold FILE SECONDS`: has the lock so long. `wait` is the same for no time."""
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    print("asking", flush=True)
    started = time.monotonic()
    take(file)
    print(f"has it after {time.monotonic() - started:.3f} s", flush=True)
    time.sleep(seconds)
    let_go(file)


if __name__ == "__main__":
    if "hold" in sys.argv:
        at = sys.argv.index("hold")
        hold(sys.argv[at + 1], float(sys.argv[at + 2]))
    else:
        main(WORK)
