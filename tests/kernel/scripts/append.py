"""Several processes append to one file: every line is there, whole, and each writer's in its order."""

import os
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, forget, in_child, main, parameter

WRITERS = 4
LINES = parameter("lines", 150)


def line(writer: int, number: int) -> bytes:
    """A line of 10 to some 2000 bytes that says whose it is."""
    return f"{writer} {number} ".encode() + b"x" * ((writer * 31 + number * 97) % 2000) + b"\n"


def appending(path: Path, writer: int, fsync: bool) -> None:
    """LINES lines, one write() each."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(LINES):
        data = line(writer, number)
        expect(os.write(file, data), len(data), "bytes appended")
        if fsync and number % 10 == 0:
            os.fsync(file)
    os.close(file)


def together(path: Path, fsync: bool) -> None:
    """All writers at once, then the file as the server has it."""
    ended([in_child(appending, path, writer, fsync) for writer in range(WRITERS)])
    forget()
    found: dict[int, list[bytes]] = {writer: [] for writer in range(WRITERS)}
    for text in path.read_bytes().splitlines(keepends=True):
        name = text.split(b" ")[0]
        expect(name.isdigit() and int(name) < WRITERS, True, f"the line {text[:40]!r} has a writer")
        found[int(name)].append(text)
    for writer, lines in found.items():
        expect(lines == [line(writer, number) for number in range(LINES)], True, f"all lines of writer {writer}")


@check("buffered appends")
def buffered(work: Path) -> None:
    together(work / "log", fsync=False)


@check("appends with fsyncs between")
def synced(work: Path) -> None:
    together(work / "log", fsync=True)


@check("the shell's own appends")
def shell(work: Path) -> None:
    for number in range(50):
        with open(work / "log", "a") as file:
            file.write(f"{number}\n")
    forget()
    expect((work / "log").read_text().split(), [str(number) for number in range(50)], "lines")


if __name__ == "__main__":
    main()
