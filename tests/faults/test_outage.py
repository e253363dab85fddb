"""A store that is down, slow, refuses, cuts off or damages what it sends: between the gateway and a real SeaweedFS.

In each outage writers are slowed and lose nothing, readers of what lies on the local disk go on, status and metrics say
what is wrong in words, and everything recovers alone. Settings are short, so that some seconds are what an hour is
elsewhere: the staging fills, writers are held and told to come again, uploads back off.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from nfsgw.chunks.keys import parse_key
from nfsgw.namespace.model import CHUNK_SIZE
from tests.faults.command import answered, run
from tests.faults.files import get, put
from tests.faults.machine import Machine, Refused
from tests.faults.process import GatewayProcess
from tests.support.faulty import Damages, Fault, FaultyStore, Refuses, Resets, Slow, Truncates, gets
from tests.support.seaweed import Seaweed, free_ports

MIB = 1 << 20
STAGING = 16 * MIB
RECOVERS_WITHIN = 60.0


def wrong(status: dict[str, Any]) -> list[str]:
    """The problems but one: how late the event loop was is a matter of the machine, which may have other work."""
    return [problem for problem in status["problems"] if not problem.startswith("the event loop was")]


class Site:
    """One gateway whose store lies behind a faulty proxy, and a machine that writes and one that reads."""

    def __init__(self, folder: Path, seaweed: Seaweed, store: FaultyStore, settings: dict[str, str]) -> None:
        self.store = store
        self.seaweed = seaweed
        self.http = free_ports(1)[0]
        self.credentials = folder / "credentials"
        self.renew()
        of_store = {
            "store.url": f"s3://{seaweed.bucket}/site",
            "store.endpoint": store.endpoint,
            "store.region": seaweed.region,
            "store.path_style": "true",
            "store.attempts": "1",
            "chunks.staging_limit": str(STAGING),
            "chunks.hold_writers": "1",
            "admin.http": f"127.0.0.1:{self.http}",
        }
        environment = {"AWS_SHARED_CREDENTIALS_FILE": str(self.credentials), "AWS_EC2_METADATA_DISABLED": "true"}
        self.gateway = GatewayProcess(folder / "data", {**of_store, **settings}, environment)
        self.writer = Machine(self.gateway.port, "writer")
        self.reader = Machine(self.gateway.port, "reader")

    def renew(self) -> None:
        """The keys that the service takes now are in the file where the gateway finds them."""
        keys = f"aws_access_key_id = {self.seaweed.access_key}\naws_secret_access_key = {self.seaweed.secret_key}\n"
        self.credentials.write_text(f"[default]\n{keys}")

    async def rise(self) -> None:
        await self.gateway.start()
        for machine in (self.writer, self.reader):
            await machine.join()

    async def forget_local_bytes(self) -> None:
        """kill -9, and all that lies in staging and cache is gone: what is there afterwards is in the bucket."""
        for machine in (self.writer, self.reader):
            await machine.leave()
        self.gateway.kill()
        shutil.rmtree(self.gateway.data / "chunks")
        await self.rise()

    async def status(self) -> dict[str, Any]:
        return await answered(self.gateway, "status")

    async def says(self, what: str) -> None:
        """Returns when a problem of `nfsgw status` reads so."""
        deadline = time.monotonic() + RECOVERS_WITHIN
        while True:
            problems = wrong(await self.status())
            if any(re.search(what, problem) for problem in problems):
                return
            assert time.monotonic() < deadline, problems
            await asyncio.sleep(0.2)

    async def uploaded(self) -> None:
        """Returns when everything is in the store, and nothing is wrong any more."""
        deadline = time.monotonic() + RECOVERS_WITHIN
        while True:
            status = await self.status()
            if status["chunks"]["staged_bytes"] == 0 and not wrong(status):
                return
            assert time.monotonic() < deadline, status
            await asyncio.sleep(0.2)

    def object_of(self, data: bytes) -> str:
        """The key of the object that holds just these bytes."""
        found = [key for key, body in self.seaweed.objects("site/").items() if body == data]
        assert len(found) == 1
        return found[0].removeprefix("site/")

    def options(self) -> list[str]:
        """For a command that reads the store itself, with the keys that the service takes."""
        settings = {key: value for key, value in self.gateway.settings.items() if key.startswith("store.")}
        settings |= {"store.access_key": self.seaweed.access_key, "store.secret_key": self.seaweed.secret_key}
        return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]

    async def metric(self, name: str) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.http)
        writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
        text = (await reader.read()).decode()
        writer.close()
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        assert found, f"there is no {name}"
        return float(found[1])


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    with Seaweed(tmp_path / "seaweed") as seaweed:
        async with FaultyStore(seaweed.endpoint) as store:
            built = Site(tmp_path, seaweed, store, {})
            try:
                await built.rise()
                yield built
            finally:
                built.gateway.kill()


FAULTS: dict[str, tuple[Callable[[], Fault] | None, str]] = {
    "nobody listens": (None, "object store has not answered"),
    "503": (lambda: Refuses(503, "SlowDown"), "object store has not answered.*SlowDown"),
    "connections are reset": (Resets, "object store has not answered"),
    "answers are cut off": (Truncates, "object store has not answered"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_outage_slows_writers_stops_no_reader_and_ends_by_itself(site: Site, fault: str) -> None:
    known = os.urandom(3 * MIB)
    await put(site.writer, b"known", known)
    await site.uploaded()
    make, words = FAULTS[fault]
    if make is None:
        await site.store.down()
    else:
        site.store.fault = make()
    files = {b"file%d" % number: os.urandom(4 * MIB) for number in range(8)}  # twice what the staging takes

    async def write_all() -> None:
        for name, data in files.items():
            await put(site.writer, name, data)

    writing = asyncio.create_task(write_all())
    await site.says(words)
    await site.says("the staging area is full .* writers are held")
    assert await site.metric("nfsgw_store_up") == 0
    assert await site.metric("nfsgw_writers_held") == 1
    begun = time.monotonic()
    assert await get(site.reader, b"known", len(known)) == known
    assert time.monotonic() - begun < 5, "a reader of cached bytes does not wait for the store"
    assert not writing.done(), "writers are held, and not refused"
    if make is None:
        await site.store.up()
    site.store.fault = None
    await writing
    await site.uploaded()
    assert await site.metric("nfsgw_store_up") == 1
    await site.forget_local_bytes()
    for name, data in {b"known": known, **files}.items():
        assert await get(site.reader, name, len(data)) == data
    await site.writer.leave()
    await site.reader.leave()
    await site.gateway.stop()
    assert (await answered(site.gateway, "fsck", "--deep", *site.options()))["sound"]


async def test_a_store_that_takes_five_seconds_a_request_only_slows(site: Site) -> None:
    site.store.fault = Slow(5)
    files = {b"file%d" % number: os.urandom(4 * MIB) for number in range(6)}
    begun = time.monotonic()
    for name, data in files.items():
        await put(site.writer, name, data)
    assert time.monotonic() - begun < 40, "uploads run beside one another"
    assert await site.metric("nfsgw_store_errors_total") == 0
    await site.uploaded()
    await site.forget_local_bytes()
    assert await get(site.reader, b"file1", 4 * MIB) == files[b"file1"]


async def test_credentials_that_have_expired_are_read_again_when_they_are_renewed(site: Site) -> None:
    await put(site.writer, b"before", b"x" * MIB)
    await site.uploaded()
    await asyncio.to_thread(site.seaweed.change_keys, "other-key", "another-secret")
    data = os.urandom(MIB)
    await put(site.writer, b"after", data)
    await site.says("object store has not answered.*(InvalidAccessKeyId|AccessDenied|SignatureDoesNotMatch)")
    site.renew()
    await site.uploaded()
    await site.forget_local_bytes()
    assert await get(site.reader, b"after", MIB) == data


async def test_damaged_bytes_are_an_error_of_their_chunk_alone(site: Site) -> None:
    files = {b"one": os.urandom(CHUNK_SIZE), b"other": os.urandom(CHUNK_SIZE)}
    for name, data in files.items():
        await put(site.writer, name, data)
    await site.uploaded()
    damaged = site.object_of(files[b"one"])
    site.store.fault = Damages(lambda request: gets(request) and damaged in request.path)
    await site.forget_local_bytes()
    with pytest.raises(Refused, match="NFS4ERR_IO"):
        await get(site.reader, b"one", CHUNK_SIZE)
    assert await get(site.reader, b"other", CHUNK_SIZE) == files[b"other"]
    said = [line for line in site.gateway.told().splitlines() if damaged in line]
    assert said, site.gateway.told()
    assert "checksum" in said[0]
    assert parse_key(damaged) is not None, "the key says which file and chunk it is"
    assert not wrong(await site.status()), "one object is not the store"
    code, out, said_by_fsck = await run(site.gateway, "fsck", "--deep", *site.options())
    assert code == 1, said_by_fsck
    assert "/one, chunk 0" in out
    assert "/other" not in out
    site.store.fault = None
    deadline = time.monotonic() + RECOVERS_WITHIN
    while True:
        try:
            assert await get(site.reader, b"one", CHUNK_SIZE) == files[b"one"]
            return
        except Refused:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.5)


async def test_collection_and_check_on_a_bucket(site: Site) -> None:
    """Orphans in a real bucket are found and taken, nothing else, and a listing that fails ends it."""
    files = {b"kept": os.urandom(CHUNK_SIZE), b"lost": os.urandom(CHUNK_SIZE)}
    for name, data in files.items():
        await put(site.writer, name, data)
    await site.uploaded()
    kept = site.object_of(files[b"kept"])
    orphans = [kept[:-4] + f"{number:04x}" for number in range(3)]
    client = site.seaweed.client()
    for key in orphans:
        client.put_object(Bucket=site.seaweed.bucket, Key=f"site/{key}", Body=b"nobody names me")
    client.put_object(Bucket=site.seaweed.bucket, Key="site/letter", Body=b"of somebody else")
    report = await answered(site.gateway, "gc", "--age", "0", *site.options())
    assert (report["orphans"], report["foreign"], report["deleted"]) == (len(orphans), 1, 0)
    site.store.fault = Refuses(503, "SlowDown", lambda request: "list-type" in request.path)
    code, _, said = await run(site.gateway, "gc", "--age", "0", "--delete", *site.options())
    assert code == 1
    assert "SlowDown" in said
    assert {f"site/{key}" for key in orphans} <= set(site.seaweed.objects("site/"))
    site.store.fault = None
    report = await answered(site.gateway, "gc", "--age", "0", "--delete", *site.options())
    assert report["deleted"] == len(orphans)
    assert set(site.seaweed.objects("site/")) == {
        "site/letter",
        *(f"site/{site.object_of(data)}" for data in files.values()),
    }
    assert (await answered(site.gateway, "fsck", "--deep", *site.options()))["sound"]
    lost = site.object_of(files[b"lost"])
    client.delete_object(Bucket=site.seaweed.bucket, Key=f"site/{lost}")
    code, out, said = await run(site.gateway, "fsck", *site.options())
    assert code == 1, said
    assert f"/lost, chunk 0: object {lost} is not in the store" in out
    assert "/kept" not in out
    await site.forget_local_bytes()
    with pytest.raises(Refused, match="NFS4ERR_IO"):
        await get(site.reader, b"lost", CHUNK_SIZE)
    assert await get(site.reader, b"kept", CHUNK_SIZE) == files[b"kept"]
