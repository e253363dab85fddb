"""Objects that are not plain files: hard and symbolic links, devices, FIFOs, sockets."""

import errno
import os
import socket
import stat
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, forget, in_child, main, refused, write


@check("hard links share one file")
def hard(work: Path) -> None:
    write(work / "a", b"one")
    (work / "folder").mkdir()
    os.link(work / "a", work / "folder" / "b")
    forget()
    expect((work / "a").stat().st_nlink, 2, "links")
    expect((work / "a").stat().st_ino, (work / "folder/b").stat().st_ino, "file number")
    write(work / "folder" / "b", b"two")
    forget()
    expect((work / "a").read_bytes(), b"two", "bytes by the other name")
    os.unlink(work / "a")
    expect((work / "folder/b").stat().st_nlink, 1, "links after one is gone")
    expect((work / "folder/b").read_bytes(), b"two", "bytes by the name left")


@check("a hundred hard links")
def many(work: Path) -> None:
    write(work / "0", b"x")
    for number in range(1, 100):
        os.link(work / "0", work / str(number))
    forget()
    expect((work / "99").stat().st_nlink, 100, "links")


@check("hard links that cannot be")
def no_hard(work: Path) -> None:
    write(work / "a", b"")
    write(work / "b", b"")
    with refused(errno.EEXIST):
        os.link(work / "a", work / "b")
    with refused(errno.ENOENT):
        os.link(work / "missing", work / "c")
    with refused(errno.EPERM, errno.EISDIR):
        os.link(work, work / "folder-link")


@check("symbolic links of all kinds")
def symbolic(work: Path) -> None:
    (work / "folder").mkdir()
    write(work / "folder/file", b"through the link")
    targets = ["folder", "folder/file", "missing", "../" * 20, "/", "x" * 1000, "with blank", "é", "a//b/./c"]
    for number, target in enumerate(targets):
        os.symlink(target, work / f"link{number}")
    forget()
    for number, target in enumerate(targets):
        expect(os.readlink(work / f"link{number}"), target, "target")
        status = os.lstat(work / f"link{number}")
        expect(stat.S_ISLNK(status.st_mode), True, "it is a symbolic link")
        expect(status.st_size, len(os.fsencode(target)), "its size is its target's length")
    expect((work / "link1").read_bytes(), b"through the link", "bytes")
    expect((work / "link0/file").read_bytes(), b"through the link", "bytes through a folder link")
    with refused(errno.ENOENT):
        (work / "link2").read_bytes()
    with refused(errno.EEXIST):
        os.symlink("x", work / "link0")


@check("a loop of symbolic links")
def loop(work: Path) -> None:
    os.symlink("b", work / "a")
    os.symlink("a", work / "b")
    with refused(errno.ELOOP):
        (work / "a").read_bytes()


@check("a hard link to a symbolic link")
def link_to_symbolic(work: Path) -> None:
    os.symlink("nowhere", work / "a")
    os.link(work / "a", work / "b", follow_symlinks=False)
    forget()
    expect(os.readlink(work / "b"), "nowhere", "target by the second name")
    expect(os.lstat(work / "a").st_nlink, 2, "links")


@check("devices keep their numbers and work")
def devices(work: Path) -> None:
    for name, kind, number in (
        ("null", stat.S_IFCHR, os.makedev(1, 3)),
        ("odd", stat.S_IFCHR, os.makedev(200, 300)),
        ("block", stat.S_IFBLK, os.makedev(7, 1)),
    ):
        os.mknod(work / name, 0o620 | kind, number)
        forget()
        status = os.lstat(work / name)
        expect(stat.S_IFMT(status.st_mode), kind, f"type of {name}")
        expect(status.st_rdev, number, f"numbers of {name}")
        expect(stat.S_IMODE(status.st_mode) & 0o700, 0o600, f"mode of {name}")
    os.chmod(work / "null", 0o666)
    with open(work / "null", "r+b", buffering=0) as null:
        null.write(b"swallowed")
        expect(null.read(1), b"", "what /dev/null gives")


@check("a FIFO carries bytes between processes")
def fifo(work: Path) -> None:
    os.mkfifo(work / "pipe", 0o600)
    forget()
    expect(stat.S_ISFIFO(os.lstat(work / "pipe").st_mode), True, "it is a FIFO")
    child = in_child(write_through, work / "pipe")
    expect((work / "pipe").read_bytes(), b"through the pipe", "bytes")
    ended([child])


def write_through(path: Path) -> None:
    """The FIFO's other end."""
    with open(path, "wb", buffering=0) as pipe:
        pipe.write(b"through the pipe")


@check("a socket is bound in the mount and connected to")
def sockets(work: Path) -> None:
    os.chdir(work)
    server = socket.socket(socket.AF_UNIX)
    server.bind("socket")
    server.listen()
    forget()
    expect(stat.S_ISSOCK(os.lstat("socket").st_mode), True, "it is a socket")
    client = socket.socket(socket.AF_UNIX)
    client.connect("socket")
    client.sendall(b"hello")
    expect(server.accept()[0].recv(5), b"hello", "bytes")
    server.close()
    client.close()
    os.chdir("/")


@check("a plain file made by mknod")
def plain(work: Path) -> None:
    os.mknod(work / "file", 0o640 | stat.S_IFREG)
    write(work / "file", b"x")
    forget()
    expect((work / "file").read_bytes(), b"x", "bytes")


if __name__ == "__main__":
    main()
