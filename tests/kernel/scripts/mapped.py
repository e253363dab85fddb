"""Mapped files: what is written through a mapping is read with read(), and the other way round."""

import mmap
import os
from pathlib import Path

from tests.kernel.scripts.checks import MEBIBYTE, check, ended, expect, forget, in_child, main, pattern, write

SIZE = 9 * MEBIBYTE + 123


@check("reading through a mapping")
def reading(work: Path) -> None:
    data = pattern(1, SIZE)
    write(work / "file", data)
    forget()
    with open(work / "file", "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapping:
        expect(mapping[:] == data, True, "the mapping is the file")


@check("writing through a mapping")
def writing(work: Path) -> None:
    data = bytearray(pattern(2, SIZE))
    write(work / "file", bytes(data))
    with open(work / "file", "r+b") as file, mmap.mmap(file.fileno(), 0) as mapping:
        for offset in (0, 4095, 4 * MEBIBYTE - 3, 8 * MEBIBYTE - 1, SIZE - 7):
            mapping[offset : offset + 7] = data[offset : offset + 7] = b"written"
        mapping.flush()
    forget()
    expect((work / "file").read_bytes() == data, True, "the file is what was written")


@check("a mapping sees what write() writes")
def both_ways(work: Path) -> None:
    write(work / "file", b"a" * 8192)
    with open(work / "file", "r+b", buffering=0) as file, mmap.mmap(file.fileno(), 0) as mapping:
        os.pwrite(file.fileno(), b"by write", 4096)
        expect(mapping[4096:4104], b"by write", "in the mapping")
        mapping[0:6] = b"by map"
        expect(os.pread(file.fileno(), 6, 0), b"by map", "in the file")


@check("processes share a mapping")
def shared(work: Path) -> None:
    write(work / "file", bytes(4 * 4096))

    def mark(number: int) -> None:
        with open(work / "file", "r+b") as file, mmap.mmap(file.fileno(), 0) as mapping:
            mapping[number * 4096] = number + 1

    ended([in_child(mark, number) for number in range(4)])
    forget()
    expect([(work / "file").read_bytes()[n * 4096] for n in range(4)], [1, 2, 3, 4], "the marks")


@check("a file grown after it was mapped")
def grown(work: Path) -> None:
    write(work / "file", b"x" * 4096)
    with open(work / "file", "r+b", buffering=0) as file:
        os.ftruncate(file.fileno(), 3 * 4096)
        with mmap.mmap(file.fileno(), 3 * 4096) as mapping:
            expect(mapping[4096:] == bytes(2 * 4096), True, "zeros after the old end")
            mapping[2 * 4096] = 7
    forget()
    expect((work / "file").read_bytes(), b"x" * 4096 + bytes(4096) + b"\x07" + bytes(4095), "the file")


if __name__ == "__main__":
    main()
