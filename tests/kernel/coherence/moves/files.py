"""Single looks and single changes, and how a machine is made to know as much as a kernel can cache."""

import fcntl
import mmap
import os
import stat
from pathlib import Path

Facts = tuple[int, ...]

_maps: dict[int, mmap.mmap] = {}


def write(path: str, data: bytes) -> None:
    """A whole file, made anew or overwritten, closed."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        write_all(file, data)
    finally:
        os.close(file)


def overwrite(path: str, data: bytes, offset: int = 0) -> None:
    """Part of a file that is there, in place, closed."""
    file = os.open(path, os.O_WRONLY)
    try:
        os.lseek(file, offset, os.SEEK_SET)
        write_all(file, data)
    finally:
        os.close(file)


def write_all(file: int, data: bytes) -> None:
    """All of it, in as few calls as the kernel takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def read(path: str) -> bytes:
    """The whole file, through the machine's cache."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


def read_mapped(path: str) -> bytes:
    """The whole file, through a new mapping."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapping:
        return mapping[:]


def hold(path: str) -> int:
    """Opens it for reading, maps it, reads all of it through the mapping, and keeps both. Returns the descriptor."""
    file = os.open(path, os.O_RDONLY)
    if os.fstat(file).st_size:
        _maps[file] = mmap.mmap(file, 0, prot=mmap.PROT_READ)
        sum(_maps[file][::4096])
    return file


def let_go(file: int) -> None:
    """The end of hold()."""
    if file in _maps:
        _maps.pop(file).close()
    os.close(file)


def held(file: int) -> bytes:
    """All that an open file has, from its descriptor."""
    return os.pread(file, os.fstat(file).st_size + 1, 0)


def facts(path: str) -> Facts | None:
    """What a listing with attributes shows of it; None when it is not there."""
    try:
        return seen(os.lstat(path))
    except FileNotFoundError:
        return None


def seen(found: os.stat_result) -> Facts:
    """Number, type and mode, links, owner, group, size, and the times that are the same for all."""
    return (
        *(found.st_ino, found.st_mode, found.st_nlink, found.st_uid, found.st_gid, found.st_size),
        *(found.st_mtime_ns, found.st_ctime_ns),
    )


def view(folder: str) -> dict[str, Facts]:
    """Everything below a folder, by its path from there, as this machine sees it now."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = seen(os.lstat(path))
    return found


def contents(path: str) -> object:
    """What is in it: bytes, names or a link's target; None when it is not there."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISDIR(mode):
            return sorted(os.listdir(path))
        return os.readlink(path) if stat.S_ISLNK(mode) else read(path)
    except FileNotFoundError:
        return None


def learn(folder: str, absent: list[str]) -> None:
    """Fills this machine's caches with the folder as it is, in every way that a program might have.

    Locks and maps files, lists folders, looks at all that is in them and reads it, fails to find the names in `absent`.
    More than once: the first look only makes a kernel interested in a delegation.
    """
    for time in range(3):
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                if time == 0:
                    _lock_and_map(os.path.join(place, name))
                contents(os.path.join(place, name))
        for name in absent:
            path = os.path.join(folder, name)
            assert not os.path.lexists(path), f"{path} is there already"
            try:
                os.close(os.open(path, os.O_RDONLY))
            except FileNotFoundError:
                pass
            else:
                raise AssertionError(f"{path} can be opened")
        os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _lock_and_map(path: str) -> None:
    """For reading alone: nothing here may keep a read delegation from being granted."""
    if stat.S_ISREG(os.lstat(path).st_mode):
        file = os.open(path, os.O_RDONLY)
        for lock in (fcntl.lockf, fcntl.flock):
            lock(file, fcntl.LOCK_SH)
            lock(file, fcntl.LOCK_UN)
        os.close(file)
        if os.stat(path).st_size:
            read_mapped(path)


def forget() -> None:
    """Writes back and drops what this machine caches: the next look asks the server."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")
