"""Holes: fallocate, punched holes, SEEK_DATA and SEEK_HOLE, and copies that keep holes, as the kernel asks for them."""

import os
from pathlib import Path

from tests.kernel.scripts.checks import MEBIBYTE, check, expect, forget, main, pattern, run

CHUNK = 4 * MEBIBYTE


def segments(path: Path) -> list[tuple[int, int]]:
    """The stretches of data, from SEEK_DATA to SEEK_HOLE."""
    found: list[tuple[int, int]] = []
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        position = 0
        while position < end:
            try:
                start = os.lseek(file.fileno(), position, os.SEEK_DATA)
            except OSError:
                break
            position = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            found.append((start, position))
    return found


@check("fallocate makes a file longer and keeps its data")
def allocated(work: Path) -> None:
    file = work / "file"
    file.write_bytes(b"data")
    run("fallocate", "-l", "1000000", str(file))
    forget()
    expect(file.stat().st_size, 1_000_000, "size")
    expect(file.read_bytes(), b"data".ljust(1_000_000, b"\0"), "content")


@check("fallocate of more than there is fails and changes nothing")
def too_much(work: Path) -> None:
    file = work / "file"
    file.write_bytes(b"data")
    space = os.statvfs(work)
    with file.open("r+b") as opened:
        try:
            os.posix_fallocate(opened.fileno(), 0, space.f_bavail * space.f_frsize + (1 << 30))
        except OSError:
            pass
        else:
            raise AssertionError("there was room for more than all")
    forget()
    expect(file.read_bytes(), b"data", "content")


@check("a punched hole reads as zeros and gives its space back")
def punched(work: Path) -> None:
    file = work / "file"
    data = pattern(1, 4 * CHUNK)
    file.write_bytes(data)
    run("sync", str(file))
    before = file.stat().st_blocks
    run("fallocate", "-p", "-o", str(CHUNK - 5000), "-l", str(2 * CHUNK), str(file))
    wanted = data[: CHUNK - 5000] + bytes(2 * CHUNK) + data[3 * CHUNK - 5000 :]
    expect(file.read_bytes() == wanted, True, "the hole and what is around it, from the cache")
    forget()
    expect(file.read_bytes() == wanted, True, "the hole and what is around it, from the server")
    after = file.stat()
    expect(after.st_size, 4 * CHUNK, "size")
    expect((before - after.st_blocks) * 512 >= CHUNK, True, f"space went from {before} to {after.st_blocks} blocks")


@check("SEEK_DATA and SEEK_HOLE find what was written")
def sought(work: Path) -> None:
    file = work / "file"
    with file.open("wb") as opened:
        opened.seek(3 * CHUNK)
        opened.write(pattern(2, CHUNK + 1000))
        opened.truncate(10 * CHUNK)
    run("sync", str(file))
    forget()
    expect(segments(file), [(3 * CHUNK, 4 * CHUNK + 1000)], "data")
    run("fallocate", "-p", "-o", str(3 * CHUNK), "-l", str(CHUNK), str(file))
    expect(segments(file), [(4 * CHUNK, 4 * CHUNK + 1000)], "data after a hole was punched")


@check("a sparse copy is as sparse and as long")
def copied(work: Path) -> None:
    file = work / "file"
    with file.open("wb") as opened:
        for number in (0, 5, 9):
            opened.seek(number * CHUNK)
            opened.write(pattern(number, 10_000))
        opened.truncate(12 * CHUNK)
    run("sync", str(file))
    run("cp", "--sparse=auto", str(file), str(work / "auto"))
    run("cp", "--sparse=always", str(file), str(work / "always"))
    forget()
    for name in ("auto", "always"):
        run("cmp", str(file), str(work / name))
        expect((work / name).stat().st_blocks * 512 < CHUNK, True, f"{name} takes little space")


if __name__ == "__main__":
    main()
