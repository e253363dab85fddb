"""A tree of several thousand files: copied in, compared byte for byte, packed with tar and unpacked again."""

import os
import random
import stat
import tempfile
from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, parameter, pattern, run

FILES = parameter("files", 2500)
SOURCE = Path(tempfile.mkdtemp(prefix="source-"))
SIZES = (0, 1, 17, 511, 512, 4095, 4096, 4097, 9000, 20_000, 70_000)


def plant() -> None:
    """FILES files in a tree of folders two deep, with symbolic links and modes of all kinds, in memory."""
    chance = random.Random(20)
    for number in range(FILES):
        folder = SOURCE / f"a{number % 7}" / f"b{number % 11}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"file {number}.txt"
        path.write_bytes(pattern(number, chance.choice(SIZES[:-2] if number % 10 else SIZES)))
        path.chmod(chance.choice((0o600, 0o644, 0o755, 0o440)))
        if number % 20 == 0:
            (folder / f"link {number}").symlink_to(f"../b{number % 11}/file {number}.txt")


def contents(root: Path) -> dict[str, tuple[object, ...]]:
    """Every object below `root`: its type and mode, and its bytes or its target.

    Names are looked up from their folder: by whole paths every folder on the way would be asked for again.
    """
    found: dict[str, tuple[object, ...]] = {}
    for folder, folders, files, descriptor in os.fwalk(root):
        for name in [*folders, *files]:
            status = os.lstat(name, dir_fd=descriptor)
            what: object = None
            if stat.S_ISLNK(status.st_mode):
                what = os.readlink(name, dir_fd=descriptor)
            elif stat.S_ISREG(status.st_mode):
                file = os.open(name, os.O_RDONLY, dir_fd=descriptor)
                what = os.read(file, 1 << 20)
                os.close(file)
            mode = 0 if stat.S_ISLNK(status.st_mode) else status.st_mode
            found[f"{folder[len(str(root)) :]}/{name}"] = (mode, what)
    return found


def same_tree(copy: Path, what: str) -> None:
    """Raises: AssertionError, naming a few, where `copy` differs from the source."""
    ours, theirs = contents(SOURCE), contents(copy)
    expect(sorted(set(ours) ^ set(theirs))[:5], [], f"{what}, names that only one has")
    expect([name for name in ours if ours[name] != theirs[name]][:5], [], f"{what}, objects that differ")


@check("a tree copied in is the same byte for byte")
def copy(work: Path) -> None:
    plant()
    run("cp", "-a", str(SOURCE), "copy", cwd=work)
    same_tree(work / "copy", "as cached")
    forget()
    same_tree(work / "copy", "as the server has it")


@check("tar unpacks it and packs it again")
def tar(work: Path) -> None:
    run("tar", "-C", str(SOURCE), "-cf", str(work / "packed.tar"), ".")
    (work / "unpacked").mkdir()
    run("tar", "-xpf", "../packed.tar", cwd=work / "unpacked")
    forget()
    same_tree(work / "unpacked", "unpacked in the mount")
    out = Path(tempfile.mkdtemp(prefix="out-"))
    run("tar", "-czf", "../again.tar.gz", ".", cwd=work / "unpacked")
    run("tar", "-C", str(out), "-xpf", str(work / "again.tar.gz"))
    same_tree(out, "packed in the mount, unpacked outside")
    run("rm", "-rf", str(out))


@check("modification times survive a copy")
def times(work: Path) -> None:
    (work / "dated").mkdir()
    for number in range(20):
        path = SOURCE / "a0" / f"dated {number}"
        path.write_bytes(b"")
        os.utime(path, ns=(10**9, 1_000_000_007 * (number + 1)))
    run("cp", "-a", str(SOURCE / "a0"), str(work / "dated"))
    forget()
    for number in range(20):
        found = (work / "dated" / "a0" / f"dated {number}").stat().st_mtime_ns
        expect(found, 1_000_000_007 * (number + 1), f"mtime of file {number}")


if __name__ == "__main__":
    main()
