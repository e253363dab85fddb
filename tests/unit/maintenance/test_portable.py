"""A dumped tree comes back equal in everything, and other tools read the archive as what it is."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores.local import LocalStore
from nfsgw.maintenance.backup import backup
from nfsgw.maintenance.dump import Dump, DumpFailed
from nfsgw.maintenance.load import Load, LoadFailed, settle
from nfsgw.namespace.model import BLK, CHR, CHUNK_SIZE, DIR, FIFO, LNK, REG, SOCK, Changes, Inode
from nfsgw.namespace.settings import NamespaceSettings
from tests.unit.chunks.house import ROOT, House

SAID = (
    "SELECT kind, mode, uid, gid, nlink, size, atime, mtime, ctime, btime, flags, entries, rdev_major, rdev_minor,"
    " target, backup, named FROM inode WHERE id = ?"
)
LONG = b"n" * 255
ODD = [b"new\nline", b"\xff\xfe not utf-8", "ä".encode(), b"back\\slash", b" ", LONG, b"a=b%3D", b"..."]
BIG = os.urandom(CHUNK_SIZE + 12345)
TIMES = [1_700_000_000_123_456_789, 0, -1, -1_500_000_000, 4_102_444_800_000_000_001]


class Tree:
    """Of one house: everything that can be said of it, by path."""

    def __init__(self, house: House) -> None:
        self.house = house

    def make(
        self, parent: Inode, name: bytes, kind: int, target: bytes = b"", rdev_major: int = 0, rdev_minor: int = 0
    ) -> Inode:
        changes = Changes()
        changes.mode = 0o640
        house = self.house
        return house.namespace.create(parent, name, kind, changes, ROOT, house.now, target, rdev_major, rdev_minor)[0]

    def id_of(self, *path: bytes) -> int:
        inode = self.house.namespace.root
        for name in path:
            inode = self.house.namespace.lookup(inode, name, ROOT)
        return inode.id

    async def said(self) -> dict[bytes, object]:
        """What each path is, its bytes and extended attributes; objects with several names by the first of them."""
        await self.house.durable()
        found: dict[bytes, object] = {}
        first: dict[int, bytes] = {}
        with closing(sqlite3.connect(self.house.path / "tree.sqlite")) as database:
            todo = [(b"", 1)]
            while todo:
                path, id = todo.pop()
                if id in first:
                    found[path] = first[id]
                    continue
                first[id] = path
                row = database.execute(SAID, (id,)).fetchone()
                xattrs = sorted(database.execute("SELECT name, value FROM xattr WHERE inode = ?", (id,)).fetchall())
                data = b""
                if row[0] == REG and row[5] < 1 << 30:
                    data = await self.house.read(self.house.namespace.get(id))
                found[path] = (row[:16], xattrs, data)
                if row[16]:
                    about = "SELECT mode, uid, gid FROM inode WHERE id = ?"
                    found[path + b"//"] = database.execute(about, (row[16],)).fetchone()
                    named = "SELECT name, inode FROM entry WHERE parent = ?"
                    todo += [(path + b"//" + name, one) for name, one in database.execute(named, (row[16],)).fetchall()]
                names = "SELECT name, inode FROM entry WHERE parent = ? ORDER BY name DESC"
                todo += [(path + b"/" + name, child) for name, child in database.execute(names, (id,)).fetchall()]
        return found


async def furnished(path: Path) -> Tree:
    """One of everything."""
    path.mkdir()
    house = House(path, ChunkSettings())
    await house.open()
    tree, names = Tree(house), house.namespace
    deep = tree.make(names.root, b"directory", DIR)
    for number in range(40):
        deep = tree.make(deep, b"deeper and deeper %d" % number, DIR)
    for name in ODD:
        file = tree.make(names.root, name, REG)
        await house.write(file, 0, name * 3)
        names.link(file, deep, name + b"2" if len(name) < 255 else b"long", ROOT, house.now)
        await house.sync(file)
    big = tree.make(deep, b"big", REG)
    await house.write(big, 0, BIG)
    await house.sync(big)
    await house.uploaded()
    staged = tree.make(deep, b"staged", REG)
    await house.write(staged, 0, BIG[::-1])
    await house.sync(staged)
    sparse = tree.make(deep, "löchrig".encode(), REG)
    for offset in (CHUNK_SIZE * 3 + 7, CHUNK_SIZE * 9, CHUNK_SIZE * 10):
        await house.write(sparse, offset, b"data" * 5000)
    await house.sync(sparse)
    house.truncate(sparse, CHUNK_SIZE * 12)
    house.truncate(tree.make(deep, b"terabyte of nothing", REG), 1 << 40)
    tree.make(deep, b"empty", REG)
    tree.make(deep, b"link", LNK, target=b"\xff/" + b"t" * 900)
    for number, (kind, major, minor) in enumerate(
        [(BLK, 8, 1), (CHR, (1 << 32) - 1, 1 << 30), (FIFO, 0, 0), (SOCK, 0, 0)]
    ):
        tree.make(deep, b"special%d" % number, kind, rdev_major=major, rdev_minor=minor)
    for name, value in ((b"plain", b"value"), (b"a=b%", bytes(range(256))), (b"\xff", b""), (b"nl\n", b"\n1 x=y\n")):
        names.setxattr(big, name, value, 0, ROOT, house.now)
        names.setxattr(deep, name, value, 0, ROOT, house.now)
    for number, holder in enumerate((big, deep, names.root)):
        attributes = names.named_directory(holder, True, ROOT, house.now)
        for name in (b"com.apple.FinderInfo", LONG, b"\xff"):
            attribute = names.create(attributes, name, REG, Changes(), ROOT, house.now)[0]
            await house.write(attribute, number * CHUNK_SIZE, name * 1000)
            await house.sync(attribute)
    with_all = Changes()
    with_all.backup = 1_234_567_890_123_456_789
    with_all.uid, with_all.gid, with_all.flags_set = 4_000_000_000, 3_000_000, 7
    names.setattr(big, with_all, ROOT, house.now, True)
    mode = Changes()
    mode.mode = 0o6751
    names.setattr(big, mode, ROOT, house.now, True)
    sticky = Changes()
    sticky.mode = 0o1777
    names.setattr(names.root, sticky, ROOT, house.now, True)
    for at, inode in enumerate((big, staged, sparse, deep, names.root)):
        times = Changes()
        times.mtime = TIMES[at]
        times.atime = TIMES[-1 - at]
        times.btime = TIMES[at - 2]
        names.setattr(inode, times, ROOT, house.now + at, True)
    await house.durable()
    return tree


async def dumped(house: House) -> bytes:
    copy = str(house.path / "copy")
    backup(str(house.path / "tree.sqlite"), str(house.path / "work" / "staging"), copy, lambda _: None)
    into = io.BytesIO()
    await Dump(copy, LocalStore(str(house.path / "store")), into, lambda _: None).run()
    os.unlink(copy)
    return into.getvalue()


async def loaded(path: Path, archive: bytes) -> Tree:
    path.mkdir()
    house = House(path, ChunkSettings())
    await house.open()
    await Load(house.namespace, house.chunks, str(path / "notes"), lambda: house.now, lambda _: None).run(
        io.BytesIO(archive)
    )
    await house.close()
    settle(str(path / "tree.sqlite"), str(path / "notes"), NamespaceSettings())
    await house.open()
    return Tree(house)


async def test_a_round_trip_keeps_everything(tmp_path: Path) -> None:
    old = await furnished(tmp_path / "old")
    archive = await dumped(old.house)
    assert len(archive) < 3 * len(BIG), "holes take no room"
    new = await loaded(tmp_path / "new", archive)
    before, after = await old.said(), await new.said()
    assert set(before) == set(after)
    for path, what in before.items():
        assert after[path] == what, path
    again = await dumped(new.house)
    assert sorted(names_in(again)) == sorted(names_in(archive))
    for house in (old.house, new.house):
        await house.close()


async def tar(*arguments: str) -> tuple[int, bytes]:
    """GNU tar: its exit code and standard output. What it has to say of times in the future goes to standard error."""
    process = await asyncio.create_subprocess_exec(
        "tar", *arguments, stdout=asyncio.subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out


def names_in(archive: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(archive), errors="surrogateescape") as opened:
        return opened.getnames()


async def test_gnu_tar_reads_it(tmp_path: Path) -> None:
    old = await furnished(tmp_path / "old")
    (tmp_path / "dump.tar").write_bytes(await dumped(old.house))
    out = tmp_path / "out"
    out.mkdir()
    command = ["--extract", "--xattrs", "--preserve-permissions", "--numeric-owner", "--directory", str(out)]
    done = await tar(*command, "--exclude=special*", "--file", str(tmp_path / "dump.tar"))
    assert done[0] == 0, done
    deep = out / "directory" / "/".join(f"deeper and deeper {number}" for number in range(40))
    big = deep / "big"
    about = big.stat()
    assert big.read_bytes() == BIG
    assert (deep / "staged").read_bytes() == BIG[::-1]
    assert about.st_mtime_ns == TIMES[0]
    assert (stat.S_IMODE(about.st_mode), about.st_uid, about.st_gid) == (0o6751, 4_000_000_000, 3_000_000)
    sparse = (deep / "löchrig").stat()
    assert (sparse.st_size, sparse.st_blocks * 512 < CHUNK_SIZE) == (12 * CHUNK_SIZE, True)
    assert (deep / "terabyte of nothing").stat().st_size == 1 << 40
    for name in ODD:
        path = os.fsencode(out) + b"/" + name
        assert Path(os.fsdecode(path)).read_bytes() == name * 3
        assert os.stat(path).st_nlink == 2
    aside = out / ".nfsgw-named-attributes" / "1"
    assert (aside / "com.apple.FinderInfo").stat().st_size == 2 * CHUNK_SIZE + 20_000
    shutil.rmtree(out)
    await old.house.close()


async def test_an_archive_of_another_tool_is_loaded(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "a" / "b").mkdir(parents=True)
    (source / "a" / "b" / "file").write_bytes(BIG)
    os.link(source / "a" / "b" / "file", source / "second")
    (source / "pointer").symlink_to("a/b/file")
    for form in ("gnu", "pax", "ustar"):
        code, made = await tar("--create", f"--format={form}", "--directory", str(source), "a/b", "second", "pointer")
        assert code == 0
        tree = await loaded(tmp_path / form, made)
        said = await tree.said()
        assert said[b"/second"] == b"/a/b/file"
        assert await tree.house.read(tree.house.namespace.get(tree.id_of(b"a", b"b", b"file"))) == BIG
        await tree.house.close()


async def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    for number, (name, says) in enumerate((("../out", "leads out of the tree"), ("x" * 256, "NAMETOOLONG"))):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as made:
            made.addfile(tarfile.TarInfo(name))
        house = House(tmp_path / str(number), ChunkSettings())
        house.path.mkdir()
        await house.open()
        load = Load(house.namespace, house.chunks, str(tmp_path / f"notes{number}"), lambda: 1, lambda _: None)
        with pytest.raises(LoadFailed, match=says):
            await load.run(io.BytesIO(archive.getvalue()))
        await house.close()


async def test_a_damaged_or_missing_object_ends_the_dump(tmp_path: Path) -> None:
    tree = await furnished(tmp_path / "old")
    house = tree.house
    key = next(key for key, body in house.objects().items() if body == BIG[:CHUNK_SIZE])
    house.damage(key)
    with pytest.raises(DumpFailed, match=r"big, chunk 0: object .* is damaged"):
        await dumped(house)
    os.unlink(house.path / "copy")
    os.unlink(house.path / "store" / "objects" / key)
    with pytest.raises(DumpFailed, match="big, chunk 0"):
        await dumped(house)
    await house.close()
