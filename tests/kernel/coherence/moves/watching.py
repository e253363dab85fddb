"""Readers that look without rest while another machine changes what they look at, and judge every look."""

import os
import struct
from collections.abc import Sequence

from tests.kernel.scripts.host import do

HEADER = struct.Struct(">QQ")  # generation, length of the whole


def whole(generation: int, size: int) -> bytes:
    """A file's bytes of which every 16 say which generation they are of."""
    return HEADER.pack(generation, size) * (size // HEADER.size)


def generation_of(data: bytes) -> int:
    """Raises: AssertionError unless the bytes are all of one generation, and all that it has."""
    assert len(data) >= HEADER.size, f"only {len(data)} bytes"
    generation: int
    generation, size = HEADER.unpack_from(data)
    assert data == whole(generation, size), f"not the whole of generation {generation}: {len(data)} of {size} bytes"
    return generation


def replace(folder: str, count: int, size: int, trouble: Sequence[int] = ()) -> None:
    """Replaces `result` by later and later generations, each written beside it and renamed over it.

    Before the generations in `trouble` the host makes the trouble that the test has prepared.
    """
    for generation in range(1, count + 1):
        if generation in trouble:
            do("trouble")
        with open(f"{folder}/.next", "wb", buffering=0) as file:
            file.write(whole(generation, size + generation * HEADER.size))
        os.rename(f"{folder}/.next", f"{folder}/result")


def watch_replaced(folder: str, last: int) -> int:
    """Reads `result` until it is of the last generation. Returns how many generations it saw.

    Raises: AssertionError when what it read was not one whole generation, or an older one than before.
    """
    seen, before = 0, -1
    while before < last:
        with open(f"{folder}/result", "rb", buffering=0) as file:
            generation = generation_of(file.readall())
        assert generation >= before, f"generation {generation} after {before}"
        seen += generation > before
        before = generation
    return seen


def stage(folder: str, count: int, files: int, trouble: Sequence[int] = ()) -> None:
    """Makes `outputs/run-N` for N to `count`, each staged under another name with all that is in it."""
    for run in range(count):
        if run in trouble:
            do("trouble")
        staged = f"{folder}/.staged-{run}"
        os.makedirs(f"{staged}/deep")
        for number in range(files):
            with open(f"{staged}/{number}", "wb", buffering=0) as file:
                file.write(whole(run, 4096))
        with open(f"{staged}/deep/last", "wb", buffering=0) as file:
            file.write(whole(run, 64))
        os.rename(staged, f"{folder}/outputs/run-{run}")


def watch_staged(folder: str, count: int, files: int) -> int:
    """Waits for each run in turn, and finds all of it there. Returns how often it looked in vain.

    Raises: AssertionError, OSError when part of a run was missing.
    """
    vain = 0
    names = sorted([*map(str, range(files)), "deep"])
    for run in range(count):
        here = f"{folder}/outputs/run-{run}"
        while not os.path.lexists(here):
            vain += 1
        assert sorted(os.listdir(here)) == names, f"run-{run} has {sorted(os.listdir(here))}"
        for name in (*map(str, range(files)), "deep/last"):
            with open(f"{here}/{name}", "rb", buffering=0) as file:
                assert generation_of(file.readall()) == run
        assert f"run-{run}" in os.listdir(f"{folder}/outputs")
    return vain


def flip(folder: str, count: int) -> None:
    """Renames one thing to and fro between two names."""
    for number in range(count):
        names = ("one", "two") if number % 2 == 0 else ("two", "one")
        os.rename(f"{folder}/flipping/{names[0]}", f"{folder}/flipping/{names[1]}")
    os.rmdir(f"{folder}/going")


def watch_flipped(folder: str) -> dict[str, int]:
    """Lists the folder until it is told to stop (`going` is removed). Returns how often it saw each of the names.

    Raises: AssertionError when a listing showed both names, or none.
    """
    seen = {"one": 0, "two": 0}
    while os.path.lexists(f"{folder}/going"):
        names = os.listdir(f"{folder}/flipping")
        assert len(names) == 1, f"a listing shows {names}"
        seen[names[0]] += 1
    return seen


def point(folder: str, count: int) -> None:
    """`current`, a link to a folder, is moved on to later and later folders by renaming a new link over it."""
    for generation in range(1, count + 1):
        os.mkdir(f"{folder}/v{generation}")
        for name in ("first", "second"):
            with open(f"{folder}/v{generation}/{name}", "wb", buffering=0) as file:
                file.write(whole(generation, 1024))
        os.symlink(f"v{generation}", f"{folder}/.current")
        os.rename(f"{folder}/.current", f"{folder}/current")


def watch_pointed(folder: str, last: int) -> int:
    """Reads through `current` until it leads to the last folder. Returns how many folders it saw.

    Raises: AssertionError, OSError when it ever led nowhere, or back.
    """
    seen, before = 0, -1
    while before < last:
        place = os.open(f"{folder}/current", os.O_RDONLY | os.O_DIRECTORY)
        try:
            both = []
            for name in ("first", "second"):
                file = os.open(name, os.O_RDONLY, dir_fd=place)
                both.append(generation_of(os.read(file, 4096)))
                os.close(file)
        finally:
            os.close(place)
        assert both[0] == both[1] >= before, f"found {both} after {before}"
        seen += both[0] > before
        before = both[0]
    return seen
