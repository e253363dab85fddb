"""libnfs copies a tree in and out, lists it, works with names and locks, beside others. RFC 7530."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.gateway import Gateway, gateway
from tests.kernel.harness.build.packages import install
from tests.libnfs.client import Failed, Mounted, command, copied, url


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    install("libnfs-utils", "libnfs13")


@pytest.fixture(name="server")
def running(tmp_path: Path) -> Iterator[Gateway]:
    started = gateway(tmp_path)
    yield started
    started.finish()


@pytest.fixture
def one(server: Gateway) -> Iterator[Mounted]:
    mounted = Mounted(server.port, "one")
    yield mounted
    mounted.gone()


@pytest.fixture
def two(server: Gateway) -> Iterator[Mounted]:
    mounted = Mounted(server.port, "two")
    yield mounted
    mounted.gone()


TREE = {
    "/readme": b"hello\n",
    "/empty": b"",
    "/src/one.py": b"print(1)\n" * 1000,
    "/src/deep/er/block": hashlib.sha256(b"block").digest() * 8192,
    "/src/ünïcode name": b"\xff\x00" * 3000,
}
DIRECTORIES = ("/src", "/src/deep", "/src/deep/er")


def furnish(mounted: Mounted) -> None:
    for path in DIRECTORIES:
        mounted.mkdir(path)
    for path, data in TREE.items():
        mounted.write(path, data)


def test_a_tree_is_copied_in_by_one_and_out_by_another(
    server: Gateway, one: Mounted, two: Mounted, tmp_path: Path
) -> None:
    furnish(one)
    assert two.names("/") == ["empty", "readme", "src"]
    assert two.names("/src") == ["deep", "one.py", "ünïcode name"]
    for path, data in TREE.items():
        about = two.stat(path)
        assert (about.size, about.ino > 1, stat.S_ISREG(about.mode)) == (len(data), True, True)
        assert two.read(path) == data
        assert two.read(path, 1000) == data


def test_its_commands_list_show_and_copy(server: Gateway, one: Mounted, tmp_path: Path) -> None:
    furnish(one)
    listed = command("nfs-ls", "-R", url(server.port, "/")).decode().splitlines()
    assert sorted(line.split(maxsplit=5)[5] for line in listed) == sorted(path[1:] for path in (*TREE, *DIRECTORIES))
    below = [(path, data) for path, data in TREE.items() if path.count("/") > 1]  # they mount what holds the file
    for number, (path, data) in enumerate(below):
        assert command("nfs-cat", url(server.port, path)) == data
        copied(url(server.port, path), tmp_path / f"out{number}")
        assert (tmp_path / f"out{number}").read_bytes() == data
    (tmp_path / "small").write_bytes(b"small enough")
    copied(str(tmp_path / "small"), url(server.port, "/src/small"))
    assert one.read("/src/small") == b"small enough"


def test_names_are_moved_linked_and_removed(one: Mounted, two: Mounted) -> None:
    furnish(one)
    one.rename("/readme", "/src/readme")
    one.link("/src/readme", "/again")
    one.symlink("src/readme", "/pointer")
    one.chmod("/again", 0o640)
    about = two.stat("/src/readme")
    assert (about.nlink, about.mode & 0o7777) == (2, 0o640)
    assert two.readlink("/pointer") == "src/readme"
    two.rename("/empty", "/again")
    assert one.stat("/src/readme").nlink == 1
    for path in ("/again", "/pointer", "/src/readme", "/src/one.py", "/src/ünïcode name", "/src/deep/er/block"):
        one.unlink(path)
    for path in reversed(DIRECTORIES):
        two.rmdir(path)
    assert one.names("/") == []


def test_a_file_is_its_creators_with_the_mode_that_he_says_after_creating_it(
    server: Gateway, one: Mounted, tmp_path: Path
) -> None:
    """All its creates are EXCLUSIVE4, with a SETATTR after OPEN_CONFIRM."""
    one.mkdir("/open", 0o777)
    (tmp_path / "source").write_bytes(b"mine")
    copied(str(tmp_path / "source"), url(server.port, "/open/file") + "&uid=1000&gid=1000")
    about = one.stat("/open/file")
    assert (about.uid, about.gid, about.mode & 0o7777) == (1000, 1000, 0o660)
    creator, stranger = Mounted(server.port, "creator", 1000), Mounted(server.port, "stranger", 1001)
    assert creator.read("/open/file") == b"mine"
    with pytest.raises(Failed):
        stranger.read("/open/file")
    for mounted in (creator, stranger):
        mounted.gone()


def test_what_one_has_locked_another_cannot_lock(server: Gateway, one: Mounted, two: Mounted) -> None:
    one.write("/file", b"0123456789")
    mine, his = one.open("/file", os.O_RDWR), two.open("/file", os.O_RDWR)
    one.lock(mine, fcntl.F_WRLCK, 0, 5)
    two.lock(his, fcntl.F_WRLCK, 5, 5)
    with pytest.raises(Failed, match="DENIED"):
        two.lock(his, fcntl.F_WRLCK, 4, 1)
    one.lock(mine, fcntl.F_UNLCK, 0, 5)
    third = Mounted(server.port, "third")  # a refused lock leaves libnfs with a sequence id that is one behind
    its = third.open("/file", os.O_RDWR)
    third.lock(its, fcntl.F_WRLCK, 4, 1)
    third.gone()
