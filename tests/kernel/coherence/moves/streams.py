"""Writers whose every byte says who wrote it and when, readers that look meanwhile, and what may be found in the end.

A word of 8 bytes is: writer, number of the write, offset of the word in the file (in words). So a byte at a wrong
place, or from nobody, is told from one that a write has put there.
"""

import mmap
import os
import random
import struct
from collections.abc import Sequence

from tests.kernel.scripts.host import do

WORD = struct.Struct(">BHxL")  # writer (1..), write, offset in words
BLOCK = 4096


def words(writer: int, number: int, offset: int, size: int) -> bytes:
    """What write `number` of `writer` puts at `offset`; offset and size are multiples of 8."""
    first = offset // WORD.size
    return b"".join(WORD.pack(writer, number, word) for word in range(first, first + size // WORD.size))


def stamp(data: bytes, offset: int) -> set[tuple[int, int]]:
    """The (writer, number) of all that is in the data. Raises: AssertionError when a word is not at its place."""
    found = set()
    for index, (writer, number, word) in enumerate(WORD.iter_unpack(data)):
        at = offset // WORD.size + index
        assert word == at, f"at {at * WORD.size}: word {word} of write {number} of writer {writer}"
        found.add((writer, number))
    return found


def put(file: int, data: bytes, offset: int, direct: bool) -> None:
    """One write; direct I/O needs memory that is aligned."""
    if not direct:
        assert os.pwrite(file, data, offset) == len(data)
        return
    with mmap.mmap(-1, len(data)) as aligned:
        aligned[:] = data
        assert os.pwrite(file, aligned, offset) == len(data)


def write_over(path: str, writer: int, count: int, blocks: int, size: int, direct: bool) -> list[tuple[int, int]]:
    """`count` writes of `size` bytes at places of a file of `blocks` blocks where others write too.

    Returns (offset, number) of each, in their order; all are flushed.
    """
    chance = random.Random(f"{path} {writer}")
    file = os.open(path, os.O_WRONLY | (os.O_DIRECT if direct else 0))
    done = []
    for number in range(1, count + 1):
        offset = chance.randrange(blocks - size // BLOCK + 1) * BLOCK
        put(file, words(writer, number, offset, size), offset, direct)
        done.append((offset, number))
    os.fsync(file)
    os.close(file)
    return done


def read_blocks(path: str) -> list[list[tuple[int, int]]]:
    """The (writer, number)s that each block of the file shows, asked from the server."""
    file = os.open(path, os.O_RDONLY | os.O_DIRECT)
    found = []
    with mmap.mmap(-1, 1 << 20) as memory:
        offset = 0
        while got := os.preadv(file, [memory], offset):
            for at in range(0, got, BLOCK):
                found.append(sorted(stamp(memory[at : min(at + BLOCK, got)], offset + at)))
            offset += got
    os.close(file)
    return found


# A file that grows under its readers


def grow(folder: str, pieces: int, size: int, how: str, trouble: Sequence[int] = ()) -> None:
    """Appends to `growing`; `how` is "direct", or "buffered" with an fsync of all so far before `acknowledged` says it.

    The last thing is `finished`, made anew.
    """
    direct = how == "direct"
    file = os.open(f"{folder}/growing", os.O_WRONLY | (os.O_DIRECT if direct else 0))
    for number in range(pieces):
        if number in trouble:
            do("trouble")
        put(file, words(1, number + 1, number * size, size), number * size, direct)
        if not direct and number % 4 == 3:
            os.fsync(file)
        if direct or number % 4 == 3:
            with open(f"{folder}/.acknowledged", "w", encoding="ascii") as said:
                said.write(str((number + 1) * size))
            os.rename(f"{folder}/.acknowledged", f"{folder}/acknowledged")
    os.close(file)
    os.close(os.open(f"{folder}/finished", os.O_CREAT | os.O_WRONLY))


def watch_growing(folder: str, size: int) -> list[int]:
    """Reads `growing` from its start again and again until it is finished. Returns the lengths that it had.

    Raises: AssertionError when it was shorter than what had been acknowledged before the look, had anything but the
    written bytes there, or, further on, anything but written bytes or nothing.
    """
    lengths: list[int] = []
    finished = False
    while not finished:
        finished = os.path.exists(f"{folder}/finished")
        with open(f"{folder}/acknowledged", encoding="ascii") as said:
            acknowledged = int(said.read())
        with open(f"{folder}/growing", "rb", buffering=0) as file:
            data = file.readall()
        assert len(data) >= acknowledged, f"{len(data)} bytes though {acknowledged} were acknowledged"
        assert not lengths or len(data) >= lengths[-1], f"{len(data)} bytes after {lengths[-1]}"
        for at in range(0, len(data), size):
            piece = data[at : at + size]
            wanted = words(1, at // size + 1, at, len(piece))
            assert piece == wanted or (at >= acknowledged and not_yet(piece, wanted)), (
                f"wrong bytes in {at} to {at + size}"
            )
        lengths.append(len(data))
    return lengths


def not_yet(piece: bytes, wanted: bytes) -> bool:
    """Whether what differs from the bytes that will be there is pages that are not there yet."""
    return all(
        piece[at : at + BLOCK] in (wanted[at : at + BLOCK], bytes(len(piece[at : at + BLOCK])))
        for at in range(0, len(piece), BLOCK)
    )


# A fleet with files of its own


def write_own(folder: str, me: int, writers: int, each: int) -> None:
    """`writers` processes at once, each with `each` files of its own in the one folder: made, flushed, renamed."""
    processes = []
    for writer in range(writers):
        process = os.fork()
        if process == 0:
            status = 1
            try:
                for number in range(each):
                    _write_one(folder, me, writer, number)
                status = 0
            finally:
                os._exit(status)
        processes.append(process)
    ended = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
    assert ended == [0] * writers, f"writers of machine {me} ended with {ended}"


def own(me: int, writer: int, number: int) -> tuple[str, bytes]:
    """Name and bytes of a file: some are empty, small, or of several pages."""
    seed = (me * 1000 + writer) * 10 + number
    return f"m{me}-w{writer}-{number}", random.Random(seed).randbytes((0, 10, 4096, 70_001)[seed % 4])


def _write_one(folder: str, me: int, writer: int, number: int) -> None:
    name, data = own(me, writer, number)
    with open(f"{folder}/.{name}", "wb", buffering=0) as file:
        file.write(data[: len(data) // 2])
        file.write(data[len(data) // 2 :])
        if number % 2:
            os.fsync(file)
    os.rename(f"{folder}/.{name}", f"{folder}/{name}")


def check_own(folder: str, machines: int, writers: int, each: int) -> int:
    """Reads all files of all machines. Returns how many. Raises: AssertionError when one is not as it was written."""
    wanted = dict(own(me, w, n) for me in range(machines) for w in range(writers) for n in range(each))
    listed = set(os.listdir(folder))
    assert listed == wanted.keys(), f"missing {wanted.keys() - listed}, too many {listed - wanted.keys()}"
    for name, data in wanted.items():
        with open(f"{folder}/{name}", "rb", buffering=0) as file:
            assert file.readall() == data, f"{name} has other bytes"
    return len(wanted)
