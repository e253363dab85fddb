"""What stat shows: modes, owners, times to the nanosecond, and what changes them by itself."""

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, refused, run, write


def mode(path: Path) -> int:
    """The permission bits, as the server has them."""
    forget()
    return stat.S_IMODE(os.lstat(path).st_mode)


@check("chmod of files and folders")
def chmod(work: Path) -> None:
    write(work / "file", b"")
    (work / "folder").mkdir()
    for bits in (0o000, 0o400, 0o755, 0o777, 0o4755, 0o2755, 0o1644, 0o7777, 0o644):
        os.chmod(work / "file", bits)
        expect(mode(work / "file"), bits, "mode of the file")
        os.chmod(work / "folder", bits | 0o700)
        expect(mode(work / "folder"), bits | 0o700, "mode of the folder")


@check("modes given at creation, and the umask")
def creation(work: Path) -> None:
    before = os.umask(0o027)
    try:
        os.close(os.open(work / "file", os.O_CREAT | os.O_WRONLY, 0o666))
        os.close(os.open(work / "exclusive", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o751))
        os.mkdir(work / "folder", 0o777)
    finally:
        os.umask(before)
    expect(mode(work / "file"), 0o640, "file")
    expect(mode(work / "exclusive"), 0o750, "exclusive file")
    expect(mode(work / "folder"), 0o750, "folder")


@check("a file made read-only is written by its maker")
def read_only_creation(work: Path) -> None:
    file = os.open(work / "file", os.O_CREAT | os.O_WRONLY, 0o444)
    os.write(file, b"by the maker")
    os.close(file)
    forget()
    expect((work / "file").read_bytes(), b"by the maker", "bytes")


@check("chown by number, of links too")
def chown(work: Path) -> None:
    write(work / "file", b"")
    os.symlink("file", work / "link")
    for uid, gid in ((1001, 1002), (0, 0), (4_000_000_000, 4_000_000_001), (65534, 65534)):
        os.chown(work / "file", uid, gid)
        forget()
        expect(((work / "file").stat().st_uid, (work / "file").stat().st_gid), (uid, gid), "owner and group")
    os.chown(work / "file", 7, -1)
    os.chown(work / "file", -1, 8)
    os.lchown(work / "link", 1001, 1001)
    forget()
    expect(((work / "file").stat().st_uid, (work / "file").stat().st_gid), (7, 8), "one at a time")
    expect((work / "link").lstat().st_uid, 1001, "owner of the link itself")


@check("times to the nanosecond")
def times(work: Path) -> None:
    write(work / "file", b"")
    (work / "folder").mkdir()
    os.symlink("file", work / "link")
    moments = (0, 1, 999_999_999, 1_234_567_890_123_456_789, -1_000_000_001, 4_102_444_800_000_000_001)
    for path in (work / "file", work / "folder", work / "link"):
        for moment in moments:
            os.utime(path, ns=(moment, moment + 7), follow_symlinks=False)
            forget()
            status = os.lstat(path)
            expect((status.st_atime_ns, status.st_mtime_ns), (moment, moment + 7), f"times of the {path.name}")


@check("utime without times sets now")
def now(work: Path) -> None:
    write(work / "file", b"")
    os.utime(work / "file", ns=(0, 0))
    before = time.time()
    os.utime(work / "file")
    forget()
    found = (work / "file").stat().st_mtime
    expect(abs(found - before) < 30, True, f"mtime {found} is now, {before}")


@check("touch sets one time and leaves the other")
def one_time(work: Path) -> None:
    write(work / "file", b"")
    os.utime(work / "file", ns=(10, 20))
    run("touch", "-a", "-d", "@5.000000001", str(work / "file"))
    forget()
    status = (work / "file").stat()
    expect((status.st_atime_ns, status.st_mtime_ns), (5_000_000_001, 20), "atime and mtime")


@check("writing moves mtime and ctime, reading neither")
def writing(work: Path) -> None:
    write(work / "file", b"one")
    os.utime(work / "file", ns=(0, 0))
    forget()
    first = (work / "file").stat()
    (work / "file").read_bytes()
    forget()
    expect((work / "file").stat().st_ctime_ns, first.st_ctime_ns, "ctime after a read")
    write(work / "file", b"two")
    forget()
    second = (work / "file").stat()
    expect(second.st_mtime_ns > 0, True, "mtime has moved")
    expect(second.st_ctime_ns > first.st_ctime_ns, True, "ctime has moved")


@check("ctime moves with mode, owner, link and rename")
def change_time(work: Path) -> None:
    write(work / "file", b"")
    path = work / "file"
    renamed = work / "renamed"
    changes: list[tuple[str, Callable[[], None]]] = [
        ("chmod", lambda: os.chmod(path, 0o600)),
        ("chown", lambda: os.chown(path, 1001, 1001)),
        ("link", lambda: os.link(path, work / "second")),
        ("unlink", lambda: os.unlink(work / "second")),
        ("rename", lambda: os.rename(path, renamed)),
    ]
    for what, change in changes:
        forget()
        before = path.stat().st_ctime_ns
        change()
        forget()
        after = (renamed if what == "rename" else path).stat().st_ctime_ns
        expect(after > before, True, f"ctime moves with {what}")


@check("a folder's mtime moves with its entries")
def folder_time(work: Path) -> None:
    folder = work / "folder"
    folder.mkdir()
    changes: list[tuple[str, Callable[[], None]]] = [
        ("create", lambda: write(folder / "a", b"")),
        ("rename", lambda: os.rename(folder / "a", folder / "b")),
        ("unlink", lambda: os.unlink(folder / "b")),
        ("mkdir", lambda: os.mkdir(folder / "c")),
        ("rmdir", lambda: os.rmdir(folder / "c")),
        ("symlink", lambda: os.symlink("x", folder / "d")),
    ]
    for what, change in changes:
        forget()
        before = folder.stat().st_mtime_ns
        change()
        forget()
        expect(folder.stat().st_mtime_ns > before, True, f"mtime moves with {what}")


@check("a folder's link count is that of its subfolders plus two")
def folder_links(work: Path) -> None:
    (work / "folder").mkdir()
    for number in range(5):
        (work / "folder" / str(number)).mkdir()
    forget()
    expect((work / "folder").stat().st_nlink, 7, "links")
    (work / "folder/0").rmdir()
    os.rename(work / "folder/1", work / "moved")
    forget()
    expect((work / "folder").stat().st_nlink, 5, "links after one is removed and one moved away")


@check("set-id bits go when another writes or the owner changes")
def set_id(work: Path) -> None:
    write(work / "file", b"x")
    os.chown(work / "file", 1001, 1001)
    os.chmod(work / "file", 0o6777)
    run("setpriv", "--reuid=1002", "--regid=1002", "--clear-groups", "dd", "if=/dev/zero", f"of={work}/file", "count=1")
    expect(mode(work / "file") & 0o6000, 0, "set-id bits after another user has written")
    os.chmod(work / "file", 0o6777)
    os.chown(work / "file", 1002, 1002)
    expect(mode(work / "file") & 0o4000, 0, "setuid after chown")


@check("blocks tell how much a file takes")
def blocks(work: Path) -> None:
    write(work / "file", b"x" * 1_000_000)
    forget()
    status = (work / "file").stat()
    expect(900_000 <= status.st_blocks * 512 <= 9_000_000, True, f"{status.st_blocks} blocks for 1 MB")


@check("no operation on a name that is not there")
def missing(work: Path) -> None:
    for operation in (os.stat, os.unlink, os.rmdir, os.listdir, os.readlink):
        with refused(errno.ENOENT):
            operation(work / "missing")
    write(work / "file", b"")
    with refused(errno.ENOTDIR):
        os.stat(work / "file" / "below")
    with refused(errno.ENOTDIR):
        os.rmdir(work / "file")
    with refused(errno.EISDIR):
        os.unlink(work)
    with refused(errno.EINVAL):
        os.readlink(work / "file")
    with refused(errno.EEXIST):
        os.mkdir(work / "file")


if __name__ == "__main__":
    main()
