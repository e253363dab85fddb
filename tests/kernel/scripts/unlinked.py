"""Files that lose their name while they are open: they live on for who holds them."""

import os
import tempfile
from pathlib import Path

from tests.kernel.scripts.checks import MEBIBYTE, check, ended, expect, forget, in_child, main, pattern, write


@check("an unlinked open file is read and written")
def unlinked(work: Path) -> None:
    with open(work / "file", "w+b", buffering=0) as file:
        file.write(pattern(1, 100_000))
        os.unlink(work / "file")
        expect((work / "file").exists(), False, "the name")
        forget()
        expect(os.pread(file.fileno(), 100_000, 0) == pattern(1, 100_000), True, "the bytes are still there")
        file.write(b"more")
        os.fsync(file.fileno())
        forget()
        expect(os.pread(file.fileno(), 4, 100_000), b"more", "bytes written after the unlink")
        expect(os.fstat(file.fileno()).st_size, 100_004, "size")
    forget()
    expect(os.listdir(work), [], "what is left after the close")


@check("a file replaced by rename while it is open")
def replaced(work: Path) -> None:
    write(work / "file", b"old bytes" * 1000)
    write(work / "new", b"new bytes")
    with open(work / "file", "rb", buffering=0) as held:
        os.rename(work / "new", work / "file")
        forget()
        expect(held.read(9), b"old bytes", "what the holder reads")
        expect((work / "file").read_bytes(), b"new bytes", "what the name gives")
        expect(held.read() == b"old bytes" * 999, True, "the rest that the holder reads")
    forget()
    expect(os.listdir(work), ["file"], "what is left")


@check("a new file under the name of an unlinked one")
def reborn(work: Path) -> None:
    with open(work / "file", "w+b", buffering=0) as first:
        first.write(b"first")
        os.unlink(work / "file")
        with open(work / "file", "w+b", buffering=0) as second:
            second.write(b"second")
            expect(os.pread(first.fileno(), 10, 0), b"first", "the first")
            expect(os.pread(second.fileno(), 10, 0), b"second", "the second")
    forget()
    expect((work / "file").read_bytes(), b"second", "what stays")


@check("temporary files without a name")
def temporary(work: Path) -> None:
    with tempfile.TemporaryFile(dir=work) as file:
        file.write(pattern(2, 5 * MEBIBYTE))
        file.flush()
        os.fsync(file.fileno())
        forget()
        file.seek(0)
        expect(file.read() == pattern(2, 5 * MEBIBYTE), True, "the bytes read back")
    forget()
    expect(os.listdir(work), [], "what is left")


@check("another process holds it")
def held_by_child(work: Path) -> None:
    write(work / "file", b"held")
    ready, go = os.pipe(), os.pipe()

    def hold() -> None:
        with open(work / "file", "rb", buffering=0) as file:
            os.write(ready[1], b"x")
            os.read(go[0], 1)
            expect(file.read(), b"held", "what the other process reads")

    child = in_child(hold)
    os.read(ready[0], 1)
    os.unlink(work / "file")
    forget()
    os.write(go[1], b"x")
    ended([child])
    forget()
    expect(os.listdir(work), [], "what is left")


@check("a removed folder that someone is in")
def folder(work: Path) -> None:
    (work / "folder").mkdir()
    os.chdir(work / "folder")
    os.rmdir(work / "folder")
    try:
        found = os.listdir(".")
    except OSError:
        found = []
    expect(found, [], "listing of the removed folder")
    try:
        write(Path("file"), b"")
        made = True
    except OSError:
        made = False
    expect(made, False, "a file can be made in it")
    os.chdir("/")


if __name__ == "__main__":
    main()
