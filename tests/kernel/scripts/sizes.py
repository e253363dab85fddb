"""Files of every size around the 4 MiB chunk and up to 1 GiB; truncation both ways; holes read as zeros."""

import os
from pathlib import Path

from tests.kernel.scripts.checks import MEBIBYTE, check, expect, forget, main, parameter, pattern, write

CHUNK = 4 * MEBIBYTE
GIB = parameter("gibibytes", 1)


def same(path: Path, wanted: bytes | bytearray, what: str) -> None:
    """The file is `wanted`, as cached and as the server has it."""
    for cached in (True, False):
        if not cached:
            forget()
        expect(path.stat().st_size, len(wanted), f"size {what}")
        found = path.read_bytes()
        if found != wanted:
            at = next(i for i in range(0, len(wanted), 512) if found[i : i + 512] != wanted[i : i + 512])
            raise AssertionError(f"{what}, {'as cached' if cached else 'from the server'}, other bytes from {at} on")


@check("files of 0 B, 1 B and around the chunk size")
def sizes(work: Path) -> None:
    for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5):
        data = pattern(size, size)
        write(work / str(size), data)
        same(work / str(size), data, f"of {size} bytes")


@check("a file of 1 GiB, written and read in order")
def gibibyte(work: Path) -> None:
    block = bytearray(pattern(9, MEBIBYTE))
    file = os.open(work / "big", os.O_CREAT | os.O_RDWR)
    for number in range(GIB * 1024):
        block[:8] = number.to_bytes(8, "little")
        expect(os.write(file, block), MEBIBYTE, "bytes written")
    os.fsync(file)
    os.close(file)
    forget()
    expect((work / "big").stat().st_size, GIB * 1024 * MEBIBYTE, "its size")
    file = os.open(work / "big", os.O_RDONLY)
    for number in range(GIB * 1024):
        block[:8] = number.to_bytes(8, "little")
        expect(os.read(file, MEBIBYTE) == block, True, f"MiB {number} is what was written")
    expect(os.read(file, 1), b"", "bytes past the end")
    os.close(file)
    os.unlink(work / "big")


@check("overwriting in the middle, across chunks")
def overwrite(work: Path) -> None:
    data = bytearray(pattern(3, 3 * CHUNK))
    write(work / "file", bytes(data))
    with open(work / "file", "r+b", buffering=0) as file:
        for offset, length in (
            (0, 1),
            (CHUNK - 10, 20),
            (2 * CHUNK - 1, 2),
            (CHUNK + 5000, 70_000),
            (3 * CHUNK - 1, 1),
        ):
            new = pattern(offset, length)
            expect(os.pwrite(file.fileno(), new, offset), length, "bytes written")
            data[offset : offset + length] = new
    same(work / "file", data, "overwritten")


@check("truncating down, and up again as zeros")
def truncation(work: Path) -> None:
    data = bytearray(pattern(4, 2 * CHUNK + 100))
    write(work / "file", bytes(data))
    for size in (2 * CHUNK + 50, 2 * CHUNK, CHUNK + 1, CHUNK - 1, 3 * CHUNK + 7, 10, 5000, 0, 300):
        os.truncate(work / "file", size)
        data = data[:size] + bytearray(max(0, size - len(data)))
        same(work / "file", data, f"truncated to {size}")


@check("truncating an open file that is being written")
def truncation_open(work: Path) -> None:
    with open(work / "file", "w+b", buffering=0) as file:
        file.write(b"a" * 10_000)
        os.ftruncate(file.fileno(), 5)
        file.write(b"b")
    same(work / "file", b"aaaaa" + bytes(9995) + b"b", "after both")


@check("opening with O_TRUNC")
def truncation_by_open(work: Path) -> None:
    write(work / "file", pattern(5, CHUNK + 10))
    write(work / "file", b"new")
    same(work / "file", b"new", "rewritten")


@check("holes read as zeros and cost nothing")
def holes(work: Path) -> None:
    size = 5 * CHUNK
    data = bytearray(size)
    with open(work / "sparse", "wb", buffering=0) as file:
        for offset in (CHUNK + 10, 3 * CHUNK - 5, size - 3):
            data[offset : offset + 3] = b"abc"
            os.pwrite(file.fileno(), b"abc", offset)
    same(work / "sparse", data, "with holes")
    os.truncate(work / "sparse", 1 << 40)
    forget()
    status = (work / "sparse").stat()
    expect(status.st_size, 1 << 40, "size after growing to 1 TiB")
    expect(status.st_blocks * 512 < 10 * CHUNK, True, f"a small file of {status.st_blocks} blocks")
    with open(work / "sparse", "rb", buffering=0) as file:
        expect(os.pread(file.fileno(), 4096, (1 << 40) - 4096), bytes(4096), "the end of the hole")
        expect(os.pread(file.fileno(), 10, (1 << 40) - 4), bytes(4), "a read across the end")


@check("reading and writing at odd places")
def odd(work: Path) -> None:
    data = bytearray()
    with open(work / "file", "w+b", buffering=0) as file:
        for number in range(200):
            offset = (number * 7919) % 300_000
            piece = pattern(number, 1 + number * 13 % 3000)
            os.pwrite(file.fileno(), piece, offset)
            data.extend(bytes(max(0, offset + len(piece) - len(data))))
            data[offset : offset + len(piece)] = piece
            expect(os.pread(file.fileno(), len(piece), offset), piece, "just written")
    same(work / "file", data, "after 200 writes")


@check("a direct write and a direct read")
def direct(work: Path) -> None:
    import mmap

    page = mmap.mmap(-1, MEBIBYTE)
    page[:] = pattern(6, MEBIBYTE)
    file = os.open(work / "direct", os.O_CREAT | os.O_RDWR | os.O_DIRECT)
    for number in range(6):
        expect(os.pwritev(file, [page], number * MEBIBYTE), MEBIBYTE, "bytes written")
    target = mmap.mmap(-1, MEBIBYTE)
    expect(os.preadv(file, [target], 4 * MEBIBYTE - 4096), MEBIBYTE, "bytes read")
    expect(target[4096:] == page[: MEBIBYTE - 4096], True, "the bytes read")
    os.close(file)
    same(work / "direct", page[:] * 6, "written directly")


if __name__ == "__main__":
    main()
