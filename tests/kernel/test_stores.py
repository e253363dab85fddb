"""What reaches the object store: reassembled from the chunk map by this test, it is what a real kernel wrote.

The database is read as docs/schema.md describes it, with nothing of the gateway's own code.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.kernel.conftest import fleet, on_s3
from tests.kernel.gateway import Gateway
from tests.kernel.harness import Machine
from tests.support.seaweed import Seaweed

CHUNK = 4 << 20
UPLOADED_WITHIN = 120.0

Objects = Callable[[], dict[str, bytes]]

# Files of every size around the chunk, a sparse one, one rewritten in the middle, one truncated, a copy of the guest's
# own programs; then the digest of each, as the guest reads it.
WRITE = """
set -e
cd /mnt/work
for size in 0 1 1000 65536 65537 1000000 4194303 4194304 4194305 13000000; do
    head -c $size /dev/urandom > file-$size
done
truncate -s 20000000 sparse; echo middle | dd of=sparse bs=1 seek=9000000 conv=notrunc status=none
cp file-13000000 rewritten; dd if=/dev/urandom of=rewritten bs=1000 seek=4190 count=20 conv=notrunc status=none
cp file-13000000 truncated; truncate -s 5000000 truncated; truncate -s 9000000 truncated
cp -r /usr/lib/python3.11/json /usr/lib/python3.11/email .
sync
echo 3 >/proc/sys/vm/drop_caches
find . -type f -print0 | xargs -0 sha256sum
"""


def digests(machine: Machine) -> dict[str, str]:
    """The digest of every file in the mount, by its path, after writing them."""
    lines = machine.shell(WRITE).expect_success().output.splitlines()
    return {line[66:].removeprefix("./"): line[:64] for line in lines}


def wait_for_upload(database: Path) -> None:
    """Until no chunk is only on the gateway's disk."""
    deadline = time.monotonic() + UPLOADED_WITHIN
    while True:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
            (staged,) = reader.execute("SELECT count(*) FROM chunk WHERE slot IS NOT NULL").fetchone()
        if staged == 0:
            return
        assert time.monotonic() < deadline, f"{staged} chunks are not uploaded after {UPLOADED_WITHIN} s"
        time.sleep(0.2)


def reassembled(database: Path, objects: Objects) -> dict[str, str]:
    """The digest of every file of the tree, by its path, from the database and the objects alone.

    The database as it is at one moment, and the objects afterwards: uploads go on, and none that it names is deleted.
    """
    found: dict[str, str] = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM chunk").fetchone()
        bodies = objects()
        folders = [(1, b"")]
        for inode, path in folders:
            entries = "SELECT name, inode, kind, size FROM entry JOIN inode ON inode.id = inode WHERE entry.parent = ?"
            for name, child, kind, size in reader.execute(entries, (inode,)).fetchall():
                here = path + name
                if kind == KIND_DIRECTORY:
                    folders.append((child, here + b"/"))
                elif kind == KIND_REGULAR:
                    found[os.fsdecode(here)] = hashlib.sha256(contents(reader, child, size, bodies)).hexdigest()
    return found


KIND_REGULAR, KIND_DIRECTORY = 1, 2  # nfs_ftype4


def contents(reader: sqlite3.Connection, inode: int, size: int, objects: dict[str, bytes]) -> bytes:
    """A file's bytes, put together from its chunks; what no chunk has is zeros."""
    data = bytearray(size)
    chunks = (
        "SELECT idx, chunk.length, inline, key, offset, stored_length FROM chunk "
        "LEFT JOIN object ON object.id = chunk.object WHERE inode = ?"
    )
    for index, length, inline, key, offset, stored_length in reader.execute(chunks, (inode,)):
        stored = inline if inline is not None else objects[os.fsdecode(key)][offset : offset + stored_length]
        piece = stored[:length][: max(0, size - index * CHUNK)]
        data[index * CHUNK : index * CHUNK + len(piece)] = piece
    return bytes(data)


def the_store_has_what_was_written(server: Gateway, objects: Objects) -> None:
    """Writes in a guest, waits for the upload, and compares; once more after the server has been started again."""
    with fleet(server) as guests:
        guests.mount()
        written = digests(guests[0])
        assert len(written) > 30
        database = next(server.data.glob("*.db"))
        wait_for_upload(database)
        assert reassembled(database, objects) == written
        guests.unmount()
    server.finish()
    assert reassembled(database, objects) == written


def test_the_bytes_in_the_bucket_are_those_that_were_written(tmp_path: Path, bucket: Seaweed) -> None:
    def objects() -> dict[str, bytes]:
        prefix = f"{tmp_path.name}/"
        return {key.removeprefix(prefix): body for key, body in bucket.objects(prefix).items()}

    the_store_has_what_was_written(on_s3(tmp_path, bucket), objects)


def test_the_bytes_in_the_object_directory_are_those_that_were_written(gateway: Gateway) -> None:
    root = gateway.data / "objects" / "objects"

    def objects() -> dict[str, bytes]:
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    the_store_has_what_was_written(gateway, objects)
