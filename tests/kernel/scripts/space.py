"""df: the space and the file counts of the real store, and that they move."""

import os
import time
from pathlib import Path

from tests.kernel.scripts.checks import MEBIBYTE, check, expect, forget, main, pattern, run, write


@check("df shows a real store")
def real(work: Path) -> None:
    found = os.statvfs(work)
    expect(found.f_blocks * found.f_frsize > 100 * MEBIBYTE, True, "a total above 100 MiB")
    expect(0 < found.f_bavail <= found.f_bfree <= found.f_blocks, True, "available <= free <= total")
    expect(0 < found.f_favail <= found.f_ffree <= found.f_files, True, "the same of the files")
    expect(found.f_namemax, 255, "longest name")


@check("the programs df and df -i work")
def programs(work: Path) -> None:
    for option in ("-k", "-i"):
        line = run("df", option, str(work)).splitlines()[-1].split()
        expect(int(line[1]) > 0 and int(line[3]) > 0, True, f"df {option} says {line}")


@check("free space goes down with what is written")
def used(work: Path) -> None:
    before = os.statvfs(work)
    block = pattern(1, MEBIBYTE)
    with open(work / "file", "wb", buffering=0) as file:
        for _ in range(200):
            file.write(block)
    forget()
    deadline = time.monotonic() + 30
    while True:
        after = os.statvfs(work)
        gone = (before.f_bavail * before.f_frsize - after.f_bavail * after.f_frsize) / MEBIBYTE
        if gone > 50 or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    expect(gone > 50, True, f"of 200 MiB written {gone:.0f} MiB are gone from the free space")


@check("du adds up")
def du(work: Path) -> None:
    for number in range(10):
        write(work / str(number), b"x" * 100_000)
    forget()
    apparent = int(run("du", "-sb", "--apparent-size", str(work)).split()[0])
    expect(apparent >= 1_000_000, True, f"du -b says {apparent}")


if __name__ == "__main__":
    main()
