"""The whole layer on a real S3 server: what the map says is in the bucket, outages, and another life of the gateway."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.checksum import crc32c
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreError
from nfsgw.errors import NFSError
from nfsgw.namespace.model import CHUNK_SIZE, Inode
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_IO
from tests.support.seaweed import Seaweed
from tests.unit.chunks.house import ROOT, WAIT, House, until
from tests.unit.chunks.test_stores import s3_options


class Relay:
    """Stands between the gateway and the S3 server; `close` is an outage, `open` its end."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        for source, sink in ((reader, there_writer), (there_reader, writer)):
            self._open.add(sink)
            task = asyncio.create_task(self._copy(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(1 << 16):
                sink.write(data)
                await sink.drain()
        except OSError:
            sink.transport.abort()
        finally:
            sink.close()
            self._open.discard(sink)


class S3House(House):
    def __init__(self, path: Path, seaweed: Seaweed, relay: Relay) -> None:
        options = s3_options(seaweed)
        options.endpoint = f"http://127.0.0.1:{relay.port}"
        options.attempts = 1
        options.connect_timeout = 2.0
        options.read_timeout = 5.0
        self.prefix = path.name
        self.relay = relay
        self.seaweed = seaweed
        super().__init__(path, ChunkSettings(), f"s3://{seaweed.bucket}/{path.name}", options)

    async def bucket(self) -> dict[str, bytes]:
        found = await asyncio.to_thread(self.seaweed.objects, f"{self.prefix}/")
        return {key[len(self.prefix) + 1 :]: body for key, body in found.items()}

    async def reassembled(self, file: Inode) -> bytes:
        """The file from the bucket and the chunk map alone."""
        objects = await self.bucket()
        result = bytearray(file.size)
        for index, row in self.namespace.chunks(file.id, 0, 1 << 20):
            body = objects[row.key.decode()][row.offset : row.offset + row.stored_length]
            assert crc32c(body) == row.checksum
            result[index * CHUNK_SIZE : index * CHUNK_SIZE + row.length] = body[: row.length]
        return bytes(result)


@pytest_asyncio.fixture
async def s3(tmp_path: Path, seaweed: Seaweed) -> AsyncIterator[S3House]:
    relay = Relay(int(seaweed.endpoint.rpartition(":")[2]))
    await relay.open()
    made = S3House(tmp_path, seaweed, relay)
    await made.open()
    yield made
    assert made.fatal == []
    await made.close()
    await relay.close()


async def test_the_bucket_and_the_map_make_up_the_file(s3: S3House) -> None:
    data = os.urandom(2 * CHUNK_SIZE + 12_345)
    file = s3.create("f")
    await s3.write(file, 0, data)
    await s3.write(file, 5 * CHUNK_SIZE, b"after a hole")
    await s3.sync(file)
    await s3.uploaded()
    s3.truncate(file, 5 * CHUNK_SIZE + 5)
    await s3.durable()
    expected = data.ljust(5 * CHUNK_SIZE, b"\0") + b"after"
    assert await s3.reassembled(file) == expected
    s3.chunks.drop_cache()
    assert await s3.read(file) == expected
    await s3.crash()
    assert await s3.read(s3.lookup("f"), CHUNK_SIZE - 5, 10) == expected[CHUNK_SIZE - 5 : CHUNK_SIZE + 5]


async def test_dead_objects_leave_the_bucket(s3: S3House) -> None:
    for number in range(5):
        file = s3.create(f"f{number}")
        await s3.write(file, 0, b"%d" % number)
        await s3.sync(file)
        await s3.uploaded()
    assert len(await s3.bucket()) == 5
    for number in range(4):
        file = s3.lookup(f"f{number}")
        s3.namespace.unlink(s3.namespace.root, b"f%d" % number, ROOT, s3.now, False)
        s3.chunks.forget(file.id)
    await s3.durable()
    s3.now += int((s3.settings.dead_age + 1) * 1e9)
    s3.pass_time(s3.settings.sweep_every + 1)
    await until(lambda: s3.status("objects_deleted") == 4, "dead objects are deleted")
    assert list((await s3.bucket()).values()) == [b"4"]


async def test_an_outage_of_s3_passes_by_itself(s3: S3House) -> None:
    there = s3.create("there")
    await s3.write(there, 0, b"t" * 100_000)
    await s3.sync(there)
    await s3.uploaded()
    s3.chunks.drop_cache()
    await s3.relay.close()
    here = s3.create("here")
    data = os.urandom(CHUNK_SIZE + 1000)
    await s3.write(here, 0, data)
    await s3.sync(here)
    s3.pass_time(s3.settings.upload_after + 1)
    await until(lambda: s3.status("store_down_seconds") is not None, "the outage is noticed")
    assert str(s3.relay.port) in str(s3.status("store_last_error"))
    assert await s3.read(here) == data
    with pytest.raises(NFSError) as refused:
        await s3.read(there)
    assert refused.value.status == NFS4ERR_DELAY
    await s3.relay.open()
    await s3.uploaded()
    s3.pass_time(s3.settings.retry_most)
    assert await s3.read(there) == b"t" * 100_000
    assert await s3.reassembled(here) == data
    assert s3.status("store_down_seconds") is None


async def test_a_store_that_hangs_delays_only_who_needs_it(s3: S3House) -> None:
    there = s3.create("there")
    await s3.write(there, 0, b"t" * 100_000)
    await s3.sync(there)
    await s3.uploaded()
    s3.chunks.drop_cache()
    s3.hold_mover()
    waiting = asyncio.create_task(s3.read(there))
    here = s3.create("here")
    await s3.write(here, 0, b"h" * 100_000)
    await s3.sync(here)
    assert await s3.read(here, 0, 3) == b"hhh"
    assert not waiting.done()
    s3.let_mover_go()
    assert await asyncio.wait_for(waiting, WAIT) == b"t" * 100_000


async def test_an_object_damaged_in_the_bucket_is_an_error(s3: S3House) -> None:
    file = s3.create("f")
    await s3.write(file, 0, b"x" * 100_000)
    await s3.sync(file)
    await s3.uploaded()
    s3.chunks.drop_cache()
    client = s3.seaweed.client()
    key = f"{s3.prefix}/{s3.key_of(file, 0)}"
    client.put_object(Bucket=s3.seaweed.bucket, Key=key, Body=b"x" * 99_999 + b"y")
    with pytest.raises(NFSError) as refused:
        await s3.read(file)
    assert refused.value.status == NFS4ERR_IO


async def test_a_start_without_the_bucket_is_refused_with_a_line(s3: S3House) -> None:
    await s3.close()
    url = s3.url
    s3.url = "s3://no-such-bucket/x"
    with pytest.raises(StoreError, match="no bucket 'no-such-bucket'"):
        await s3.open()
    await s3.close()
    s3.url = url
    await s3.open()
