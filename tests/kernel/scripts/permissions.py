"""Who may do what: owner, group, others, supplementary groups, sticky and setgid folders, as several users."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, forget, in_child, main, refused, write

ALICE, BOB, CAROL = 1001, 1002, 1003
TEAM = 2000


def as_user(uid: int, *groups: int) -> Callable[[Callable[[], None]], None]:
    """Runs the decorated function at once in a process of that user, whose first group has his own number."""

    def act(function: Callable[[], None]) -> None:
        do_as(uid, groups, function)

    return act


def do_as(uid: int, groups: tuple[int, ...], function: Callable[..., None], *args: object) -> None:
    """Calls the function in a process of that user."""

    def change_and_do() -> None:
        os.setgroups(list(groups))
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.umask(0o022)
        function(*args)

    ended([in_child(change_and_do)], f"user {uid} did not see what he should")


def owned(path: Path, uid: int, gid: int, mode: int) -> None:
    """Gives the object to them."""
    os.chown(path, uid, gid)
    os.chmod(path, mode)


@check("a new file belongs to its maker")
def maker(work: Path) -> None:
    owned(work, ALICE, ALICE, 0o755)

    @as_user(ALICE)
    def make() -> None:
        write(work / "file", b"mine")
        os.mkdir(work / "folder")
        os.symlink("x", work / "link")

    forget()
    for name in ("file", "folder", "link"):
        status = os.lstat(work / name)
        expect((status.st_uid, status.st_gid), (ALICE, ALICE), f"owner and group of the {name}")

    @as_user(BOB)
    def another() -> None:
        with refused(errno.EACCES):
            write(work / "other", b"")
        with refused(errno.EACCES):
            os.mkdir(work / "other")
        with refused(errno.EACCES):
            os.unlink(work / "file")
        with refused(errno.EACCES):
            os.rename(work / "file", work / "file2")
        expect((work / "file").read_bytes(), b"mine", "bytes that others may read")


@check("owner, group and others each have their bits")
def classes(work: Path) -> None:
    os.chmod(work, 0o755)
    write(work / "file", b"x")

    def may(reading: bool, writing: bool) -> None:
        for path, flags, allowed in ((work / "file", os.O_RDONLY, reading), (work / "file", os.O_WRONLY, writing)):
            if allowed:
                os.close(os.open(path, flags))
            else:
                with refused(errno.EACCES):
                    os.open(path, flags)
        expect(os.access(work / "file", os.R_OK), reading, "access(R_OK)")
        expect(os.access(work / "file", os.W_OK), writing, "access(W_OK)")

    for mode, owner, group, others in (
        (0o640, (True, True), (True, False), (False, False)),
        (0o604, (True, True), (False, False), (True, False)),
        (0o046, (False, False), (True, False), (True, True)),
        (0o062, (False, False), (True, True), (False, True)),
    ):
        owned(work / "file", ALICE, TEAM, mode)
        forget()
        do_as(ALICE, (TEAM,), may, *owner)
        do_as(BOB, (TEAM,), may, *group)
        do_as(CAROL, (), may, *others)


@check("supplementary groups count, all sixteen of them")
def supplementary(work: Path) -> None:
    os.chmod(work, 0o755)
    for number in range(16):
        write(work / str(number), b"x")
        owned(work / str(number), 0, 3000 + number, 0o040)
    forget()

    @as_user(BOB, *range(3000, 3016))
    def member() -> None:
        for number in range(16):
            expect((work / str(number)).read_bytes(), b"x", f"file of group {3000 + number}")

    @as_user(BOB, *range(3000, 3008))
    def half_a_member() -> None:
        expect((work / "7").read_bytes(), b"x", "file of a group of his")
        with refused(errno.EACCES):
            (work / "8").read_bytes()


@check("folders need the right to search and to list")
def folders(work: Path) -> None:
    os.chmod(work, 0o755)
    (work / "folder").mkdir()
    write(work / "folder/file", b"x")
    owned(work / "folder/file", 0, 0, 0o644)
    owned(work / "folder", ALICE, ALICE, 0o711)
    forget()

    @as_user(BOB)
    def search_only() -> None:
        expect((work / "folder/file").read_bytes(), b"x", "a file whose name is known")
        with refused(errno.EACCES):
            os.listdir(work / "folder")

    os.chmod(work / "folder", 0o744)
    forget()

    @as_user(BOB)
    def list_only() -> None:
        expect(os.listdir(work / "folder"), ["file"], "listing")
        with refused(errno.EACCES):
            (work / "folder/file").read_bytes()
        with refused(errno.EACCES):
            os.stat(work / "folder/file")


@check("chmod, chown and utimes are the owner's")
def owners(work: Path) -> None:
    os.chmod(work, 0o755)
    write(work / "file", b"x")
    owned(work / "file", ALICE, ALICE, 0o666)
    forget()

    @as_user(BOB)
    def not_the_owner() -> None:
        with refused(errno.EPERM):
            os.chmod(work / "file", 0o600)
        with refused(errno.EPERM):
            os.chown(work / "file", BOB, BOB)
        with refused(errno.EPERM):
            os.utime(work / "file", ns=(1, 1))
        os.utime(work / "file")  # now: who may write, may do that
        os.truncate(work / "file", 0)

    @as_user(ALICE, TEAM)
    def the_owner() -> None:
        os.chmod(work / "file", 0o600)
        os.utime(work / "file", ns=(1, 1))
        os.chown(work / "file", -1, TEAM)
        with refused(errno.EPERM):
            os.chown(work / "file", -1, CAROL)
        with refused(errno.EPERM):
            os.chown(work / "file", BOB, -1)

    forget()
    status = (work / "file").stat()
    expect((status.st_uid, status.st_gid), (ALICE, TEAM), "owner and group")


@check("sticky folders protect what is another's")
def sticky(work: Path) -> None:
    os.chmod(work, 0o1777)

    @as_user(ALICE)
    def hers() -> None:
        for name in ("file", "second", "third"):
            write(work / name, b"hers")
        os.mkdir(work / "folder")

    @as_user(BOB)
    def his() -> None:
        with refused(errno.EPERM, errno.EACCES):
            os.unlink(work / "file")
        with refused(errno.EPERM, errno.EACCES):
            os.rename(work / "file", work / "taken")
        with refused(errno.EPERM, errno.EACCES):
            os.rmdir(work / "folder")
        write(work / "his", b"his")
        with refused(errno.EPERM, errno.EACCES):
            os.rename(work / "his", work / "second")
        os.unlink(work / "his")

    @as_user(ALICE)
    def hers_again() -> None:
        os.rename(work / "file", work / "renamed")
        os.unlink(work / "renamed")
        os.rmdir(work / "folder")

    forget()
    expect(sorted(os.listdir(work)), ["second", "third"], "what is left")


@check("setgid folders hand down their group")
def setgid(work: Path) -> None:
    (work / "shared").mkdir()
    owned(work / "shared", 0, TEAM, 0o2777)
    forget()

    @as_user(BOB)
    def inside() -> None:
        write(work / "shared/file", b"")
        os.mkdir(work / "shared/folder")
        write(work / "shared/folder/deeper", b"")

    forget()
    for name in ("file", "folder", "folder/deeper"):
        expect(os.lstat(work / "shared" / name).st_gid, TEAM, f"group of {name}")
    expect(os.lstat(work / "shared/folder").st_mode & stat.S_ISGID, stat.S_ISGID, "setgid of the folder made in it")


@check("root may do everything")
def root(work: Path) -> None:
    write(work / "file", b"x")
    owned(work / "file", ALICE, ALICE, 0o000)
    (work / "folder").mkdir()
    owned(work / "folder", ALICE, ALICE, 0o000)
    forget()
    expect((work / "file").read_bytes(), b"x", "a file that nobody may read")
    write(work / "folder/file", b"by root")
    expect(os.listdir(work / "folder"), ["file"], "a folder that nobody may list")
    os.unlink(work / "folder/file")


@check("an open file stays open when its mode is taken away")
def open_stays(work: Path) -> None:
    owned(work, ALICE, ALICE, 0o755)

    @as_user(ALICE)
    def holder() -> None:
        with open(work / "file", "w+b", buffering=0) as file:
            os.chmod(work / "file", 0o000)
            file.write(b"still mine")
            os.fsync(file.fileno())
            expect(os.pread(file.fileno(), 20, 0), b"still mine", "bytes")

    forget()
    expect((work / "file").read_bytes(), b"still mine", "bytes at the server")


@check("programs run by their execute bit")
def execution(work: Path) -> None:
    os.chmod(work, 0o755)
    write(work / "program", b"#!/bin/sh\nexit 0\n")
    owned(work / "program", ALICE, ALICE, 0o711)
    forget()

    @as_user(ALICE)
    def may() -> None:
        expect(os.spawnv(os.P_WAIT, str(work / "program"), ["program"]), 0, "exit status")

    os.chmod(work / "program", 0o644)
    forget()

    @as_user(BOB)
    def may_not() -> None:
        expect(os.access(work / "program", os.X_OK), False, "access(X_OK)")
        with refused(errno.EACCES):
            os.execv(work / "program", ["program"])


if __name__ == "__main__":
    main()
