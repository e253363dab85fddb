"""The process of its own: its messages, what it refuses, and that it never outlives who started it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.mover.frames import Unpacker, pack
from nfsgw.chunks.mover.link import MoverLink
from nfsgw.chunks.stores import MissingObject, StoreError, StoreOptions
from tests.unit.chunks.house import House, until

heads = st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=20)), max_size=4)


@given(st.lists(st.tuples(heads, st.binary(max_size=200)), max_size=6), st.integers(1, 60))
def test_frames_arrive_whole_however_the_stream_is_cut(
    frames: list[tuple[dict[str, int | str], bytes]], piece: int
) -> None:
    stream = b"".join(part for head, body in frames for part in pack(dict(head), body))
    unpacker = Unpacker()
    found: list[tuple[dict[str, int | str], bytes]] = []
    for start in range(0, len(stream), piece):
        found += unpacker.feed(stream[start : start + piece])
    assert found == frames


def test_a_stream_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        Unpacker().feed(b"GET / HTTP/1.1\r\n\r\n")


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4


async def test_a_put_and_a_get_tell_the_checksum_of_what_went_by(tmp_path: Path) -> None:
    link = MoverLink(f"file://{tmp_path}/store", StoreOptions(), 5.0)
    await link.start()
    await link.probe()
    body = os.urandom(100_000)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"before" + body + b"behind")
    target.write_bytes(b"t" * 200_000)
    assert await link.put("00/a", str(source), 6, len(body), {}) == crc32c(body)
    assert await link.put("00/b", "", 0, 5, {}, b"small") == crc32c(b"small")
    assert await link.get("00/a", 10, 50_000, str(target)) == crc32c(body[10:50_010])
    assert target.read_bytes() == body[10:50_010] + b"t" * 150_000
    await link.delete(["00/a"])
    with pytest.raises(MissingObject):
        await link.get("00/a", 0, 10, str(target))
    with pytest.raises(StoreError, match="source"):
        await link.put("00/c", str(source), 100_000, 10_000, {})
    await link.close()
    with pytest.raises(StoreError, match="closing"):
        await link.probe()


async def test_an_unknown_kind_of_store_is_refused_at_the_start() -> None:
    link = MoverLink("ftp://somewhere", StoreOptions(), 5.0)
    with pytest.raises(StoreError, match="ftp://somewhere"):
        await link.start()
    await link.close()


async def test_an_orderly_stop_ends_the_process(house: House) -> None:
    pid = house.status("mover_pid")
    assert isinstance(pid, int)
    await house.close()
    assert _ended(pid)
    await house.open()


async def test_an_upload_cut_off_by_an_orderly_stop_is_remembered_as_dead(house: House) -> None:
    file = house.create("f")
    await house.write(file, 0, b"x" * (1 << 22))
    house.hold_mover()
    await house.sync(file)
    assert house.status("uploads_running") == 1
    house.settings.mover_stop = 0.1
    await house.close()
    await house.open()
    assert len(house.namespace.dead_objects(house.now * 2, 10)) == 1
    await house.uploaded()
    assert await house.read(house.lookup("f")) == b"x" * (1 << 22)


PARENT = """
import asyncio, sys
from nfsgw.chunks.mover.link import MoverLink
from nfsgw.chunks.stores import StoreOptions

async def main():
    link = MoverLink(sys.argv[1], StoreOptions(), 5.0)
    await link.start()
    print(link.pid, flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_the_mover_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, f"file://{tmp_path}/store", stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await asyncio.wait_for(parent.stdout.readline(), 30))
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await until(lambda: _ended(pid), "the mover ends")


def _ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
