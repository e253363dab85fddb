"""A folder of 20,000 entries: listed, changed while it is listed, and removed."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, forget, in_child, main, parameter

ENTRIES = parameter("entries", 20_000)
MAKERS = 4
folder = Path()


def make(maker: int) -> None:
    """This maker's share of the entries; every eighth is a folder, the rest empty files."""
    for number in range(maker, ENTRIES, MAKERS):
        path = f"{folder}/entry-{number:06d}"
        if number % 8:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        else:
            os.mkdir(path)


def names(numbers: Iterator[int] | range) -> set[str]:
    """The entries' names."""
    return {f"entry-{number:06d}" for number in numbers}


@check("making the entries, four processes at once")
def making(work: Path) -> None:
    global folder
    folder = work / "folder"
    folder.mkdir()
    ended([in_child(make, maker) for maker in range(MAKERS)])


@check("a listing has every entry once")
def listing(work: Path) -> None:
    for cached in (True, False):
        if not cached:
            forget()
        found = os.listdir(folder)
        expect(len(found), ENTRIES, "entries listed")
        expect(set(found) == names(range(ENTRIES)), True, "the names are those that were made")


@check("a listing with attributes tells the types")
def types(work: Path) -> None:
    forget()
    with os.scandir(folder) as entries:
        folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    expect(folders == names(range(0, ENTRIES, 8)), True, "the folders are those that were made")
    forget()
    sizes = [entry.stat().st_size for entry in os.scandir(folder) if entry.is_file()]
    expect((len(sizes), sum(sizes)), (len(names(range(ENTRIES))) - len(folders), 0), "files and their bytes")


@check("what is there all along is listed once while others come and go")
def changing(work: Path) -> None:
    forget()
    found: list[str] = []
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            found.append(entry.name)
            if count % 50 == 0 and count < ENTRIES // 2:
                victim = f"{folder}/entry-{ENTRIES - 1 - count // 50 * 8:06d}"  # never a folder: those stay
                os.unlink(victim)
                os.close(os.open(f"{folder}/new-{count:06d}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    stayed = names(range(ENTRIES)) - names(ENTRIES - 1 - count // 50 * 8 for count in range(0, ENTRIES // 2, 50))
    expect(len(found) - len(set(found)), 0, "entries listed twice")
    expect(sorted(stayed - set(found))[:5], [], "entries that stayed and were not listed")


@check("removed while it is listed, nothing is forgotten")
def removing(work: Path) -> None:
    forget()
    removed = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
            removed += 1
    forget()
    expect(os.listdir(folder), [], "what is left")
    expect(removed, ENTRIES, "entries removed")
    os.rmdir(folder)


if __name__ == "__main__":
    main()
