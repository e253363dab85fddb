"""Names are bytes: long, odd, not UTF-8; kept as given, listed as given, and told apart."""

import errno
import os
from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, refused

ODD = [
    b"with blank", b" leading", b"trailing ", b"new\nline", b"tab\t", b"-dash", b"--", b"...", b"..a", b"*?[]",
    b"'\"`$(x)",
    b"back\\slash", b"colon:semi;", b"\x01\x02\x7f", "\u00e9".encode(), "e\u0301".encode(),
    "ünïcødé ☃ 漢字 🙂".encode(),
    b"\xff\xfe", b"\x80", b"latin-1 \xe9", b"\xed\xa0\x80", b"\xc0\xaf", b"Case", b"case", b"CASE",
    b".hidden", b"a.b.c",    b"~", b"#x#", b".nfs", b"aux", b"CON", b"%2F", b"\xef\xbb\xbfbom",
]  # fmt: skip


@check("odd names, as files")
def files(work: Path) -> None:
    round_trip(os.fsencode(work), ODD)


@check("odd names, as folders")
def folders(work: Path) -> None:
    place = os.fsencode(work)
    for name in ODD:
        os.mkdir(place + b"/" + name)
        os.mkdir(place + b"/" + name + b"/" + name)
    forget()
    expect(sorted(os.listdir(place)), sorted(set(ODD)), "listing")
    for name in ODD:
        expect(os.listdir(place + b"/" + name), [name], "listing below")
        os.rmdir(place + b"/" + name + b"/" + name)
        os.rmdir(place + b"/" + name)


@check("names of 1 to 255 bytes")
def long(work: Path) -> None:
    round_trip(os.fsencode(work), [b"n" * length for length in (1, 2, 63, 64, 127, 128, 200, 254, 255)])


@check("255 bytes that are not characters")
def long_bytes(work: Path) -> None:
    round_trip(os.fsencode(work), [b"\xff" * 255, "漢".encode() * 85])


@check("256 bytes are too many")
def too_long(work: Path) -> None:
    name = work / ("n" * 256)
    for operation in (lambda: os.mkdir(name), lambda: os.stat(name), lambda: os.symlink("x", name)):
        with refused(errno.ENAMETOOLONG):
            operation()
    with refused(errno.ENAMETOOLONG):
        name.write_bytes(b"")


def round_trip(place: bytes, names: list[bytes]) -> None:
    """Made, listed, opened, renamed and removed by exactly these bytes."""
    for name in names:
        with open(place + b"/" + name, "wb") as file:
            file.write(b"I am " + name)
    forget()
    expect(sorted(os.listdir(place)), sorted(set(names)), "listing")
    for name in set(names):
        with open(place + b"/" + name, "rb") as file:
            expect(file.read(), b"I am " + name, "bytes")
        os.rename(place + b"/" + name, place + b"/renamed")
        expect(os.path.lexists(place + b"/" + name), False, f"{name!r} after the rename")
        os.rename(place + b"/renamed", place + b"/" + name)
        os.unlink(place + b"/" + name)
    forget()
    expect(os.listdir(place), [], "listing at the end")


@check("a path thirty folders deep with long names")
def deep(work: Path) -> None:
    os.chdir(work)
    for _ in range(30):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    Path("file").write_bytes(b"deep")
    os.chdir(work)
    forget()
    for _ in range(30):
        os.chdir("d" * 200)
    expect(Path("file").read_bytes(), b"deep", "bytes")
    expect(len(os.getcwd()) > 6000, True, "the path found from below is long")
    os.chdir("/")


if __name__ == "__main__":
    main()
