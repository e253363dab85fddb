"""rename: over files and folders, across folders, and what it must refuse."""

import errno
import os
from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, refused, write


@check("over a file")
def over_file(work: Path) -> None:
    write(work / "a", b"new")
    write(work / "b", b"old")
    number = (work / "a").stat().st_ino
    os.rename(work / "a", work / "b")
    forget()
    expect(os.listdir(work), ["b"], "listing")
    expect((work / "b").read_bytes(), b"new", "bytes")
    expect((work / "b").stat().st_ino, number, "file number")


@check("over a file, a hundred times, with a reader that never misses it")
def over_often(work: Path) -> None:
    write(work / "b", b"0")
    for number in range(100):
        write(work / "a", str(number).encode())
        os.rename(work / "a", work / "b")
        expect((work / "b").read_bytes(), str(number).encode(), "bytes")


@check("across folders")
def across(work: Path) -> None:
    for name in ("one", "two", "two/deep"):
        (work / name).mkdir()
    write(work / "one/file", b"moved")
    (work / "one/folder").mkdir()
    write(work / "one/folder/inside", b"inside")
    os.rename(work / "one/file", work / "two/deep/file")
    os.rename(work / "one/folder", work / "two/folder")
    forget()
    expect(os.listdir(work / "one"), [], "the old folder")
    expect((work / "two/deep/file").read_bytes(), b"moved", "bytes")
    expect((work / "two/folder/inside").read_bytes(), b"inside", "bytes inside")
    os.chdir(work / "two/folder")
    expect(os.path.samefile("..", work / "two"), True, "the folder's parent is the new one")
    os.chdir("/")


@check("over a file across folders")
def over_across(work: Path) -> None:
    for name in ("one", "two"):
        (work / name).mkdir()
        write(work / name / "file", name.encode())
    os.rename(work / "one/file", work / "two/file")
    forget()
    expect((work / "two/file").read_bytes(), b"one", "bytes")


@check("a folder over an empty folder")
def over_folder(work: Path) -> None:
    (work / "a").mkdir()
    write(work / "a/file", b"x")
    (work / "b").mkdir()
    os.rename(work / "a", work / "b")
    forget()
    expect((os.listdir(work), os.listdir(work / "b")), (["b"], ["file"]), "listings")


@check("a folder over one that is not empty, or a file, is refused")
def refusals(work: Path) -> None:
    for name in ("a", "b"):
        (work / name).mkdir()
        write(work / name / "inside", b"")
    write(work / "file", b"")
    with refused(errno.ENOTEMPTY, errno.EEXIST):
        os.rename(work / "a", work / "b")
    with refused(errno.ENOTDIR):
        os.rename(work / "a", work / "file")
    with refused(errno.EISDIR):
        os.rename(work / "file", work / "a")
    with refused(errno.ENOENT):
        os.rename(work / "missing", work / "c")
    with refused(errno.EINVAL):
        os.rename(work / "a", work / "a/inside-itself")
    forget()
    expect(sorted(os.listdir(work)), ["a", "b", "file"], "nothing has changed")


@check("onto itself and onto another link of it changes nothing")
def onto_itself(work: Path) -> None:
    write(work / "a", b"x")
    os.link(work / "a", work / "b")
    os.rename(work / "a", work / "a")
    os.rename(work / "a", work / "b")
    forget()
    expect(sorted(os.listdir(work)), ["a", "b"], "both names are there")


@check("of symbolic links, FIFOs and open files")
def others(work: Path) -> None:
    os.symlink("x", work / "link")
    os.mkfifo(work / "fifo")
    os.rename(work / "link", work / "link2")
    os.rename(work / "fifo", work / "fifo2")
    with open(work / "open", "wb", buffering=0) as file:
        file.write(b"before")
        os.rename(work / "open", work / "open2")
        file.write(b", after")
    forget()
    expect(sorted(os.listdir(work)), ["fifo2", "link2", "open2"], "listing")
    expect((work / "open2").read_bytes(), b"before, after", "bytes")


@check("staging a folder and renaming it into place")
def staging(work: Path) -> None:
    (work / ".staged").mkdir()
    for number in range(50):
        write(work / ".staged" / str(number), str(number).encode())
    os.rename(work / ".staged", work / "result")
    forget()
    expect(os.listdir(work), ["result"], "listing")
    expect(len(os.listdir(work / "result")), 50, "files inside")


@check("exchange of two names by way of a third, many times")
def exchange(work: Path) -> None:
    write(work / "a", b"a")
    write(work / "b", b"b")
    for _ in range(25):
        os.rename(work / "a", work / "c")
        os.rename(work / "b", work / "a")
        os.rename(work / "c", work / "b")
    forget()
    expect(((work / "a").read_bytes(), (work / "b").read_bytes()), (b"b", b"a"), "after an odd number of exchanges")


if __name__ == "__main__":
    main()
