"""Both object stores keep the same promises, each against the real thing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.chunks.stores import MissingObject, ObjectStore, StoreError, StoreOptions, open_store
from nfsgw.chunks.stores.local import LocalStore
from tests.support.seaweed import Seaweed, free_ports


def s3_options(seaweed: Seaweed) -> StoreOptions:
    options = StoreOptions()
    options.endpoint = seaweed.endpoint
    options.region = seaweed.region
    options.access_key = seaweed.access_key
    options.secret_key = seaweed.secret_key
    options.path_style = True
    return options


@pytest_asyncio.fixture(params=["local", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    if request.param == "local":
        made = open_store(f"file://{tmp_path}/store", StoreOptions())
    else:
        seaweed: Seaweed = request.getfixturevalue("seaweed")
        made = open_store(f"s3://{seaweed.bucket}/{tmp_path.name}", s3_options(seaweed))
    await made.probe()
    yield made
    await made.close()


async def keys(store: ObjectStore, prefix: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    async for page in store.keys(prefix):
        found.update({listed.key: listed.size for listed in page})
    return found


async def test_an_object_comes_back_whole_or_in_part(store: ObjectStore) -> None:
    body = os.urandom(300_000)
    await store.put("ab/1-0-x", body, {"inode": "1"})
    assert await store.get("ab/1-0-x", 0, len(body)) == body
    assert await store.get("ab/1-0-x", 1000, 5) == body[1000:1005]


async def test_an_object_shorter_than_it_should_be_is_an_error(store: ObjectStore) -> None:
    await store.put("ab/short", b"12345", {})
    with pytest.raises(StoreError):
        await store.get("ab/short", 0, 10)


async def test_what_is_not_there_is_missing(store: ObjectStore) -> None:
    with pytest.raises(MissingObject):
        await store.get("ab/nothing", 0, 10)


async def test_keys_are_listed_by_prefix_with_their_sizes(store: ObjectStore) -> None:
    for number in range(12):
        await store.put(f"{number % 3:02x}/{number}", b"z" * number or b"-", {})
    assert len(await keys(store)) == 12
    assert await keys(store, "01/") == {"01/1": 1, "01/4": 4, "01/7": 7, "01/10": 10}
    assert await keys(store, "01/1") == {"01/1": 1, "01/10": 10}


async def test_deleting_what_is_gone_already_is_no_error(store: ObjectStore) -> None:
    for name in ("00/a", "00/b", "00/c"):
        await store.put(name, b"x", {})
    await store.delete(["00/a", "00/b"])
    await store.delete(["00/b", "00/c", "00/never"])
    assert await keys(store) == {}


async def test_s3_objects_carry_their_metadata(seaweed: Seaweed) -> None:
    store = open_store(f"s3://{seaweed.bucket}/meta", s3_options(seaweed))
    await store.put("00/a", b"x", {"inode": "7", "crc32c": "00112233"})
    await store.close()
    head = seaweed.client().head_object(Bucket=seaweed.bucket, Key="meta/00/a")
    assert head["Metadata"] == {"inode": "7", "crc32c": "00112233"}


async def test_s3_takes_its_credentials_from_the_environment(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in seaweed.environment.items():
        monkeypatch.setenv(name, value)
    options = StoreOptions()
    options.endpoint = seaweed.endpoint
    options.path_style = True
    store = open_store(f"s3://{seaweed.bucket}/env", options)
    await store.probe()
    await store.put("00/a", b"x", {})
    assert await store.get("00/a", 0, 1) == b"x"
    await store.close()


async def refusal(url: str, options: StoreOptions) -> str:
    store = open_store(url, options)
    try:
        with pytest.raises(StoreError) as refused:
            await store.probe()
    finally:
        await store.close()
    assert "\n" not in str(refused.value)
    return str(refused.value)


async def test_the_probe_names_what_is_wrong_with_s3(
    seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "'not-there'" in await refusal("s3://not-there/x", s3_options(seaweed))
    wrong = s3_options(seaweed)
    wrong.secret_key = "wrong"
    assert "SignatureDoesNotMatch" in await refusal(f"s3://{seaweed.bucket}", wrong)
    dead = s3_options(seaweed)
    dead.endpoint = f"http://127.0.0.1:{free_ports(1)[0]}"
    dead.attempts = 1
    assert dead.endpoint in await refusal(f"s3://{seaweed.bucket}", dead)
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    nobody = s3_options(seaweed)
    nobody.access_key = nobody.secret_key = ""
    assert "credentials" in await refusal(f"s3://{seaweed.bucket}", nobody)


async def test_the_probe_names_a_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    message = await refusal(f"file://{tmp_path}/file", StoreOptions())
    assert str(tmp_path) in message
    assert str(tmp_path) in await refusal(f"file://{tmp_path}/no/parent", StoreOptions())


@pytest.mark.parametrize(
    "url", ["", "/plain", "file://host/path", "file:relative", "ftp://x/y", "s3:///x", "s3://b/p?q=1"]
)
def test_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="form"):
        open_store(url, StoreOptions())


@pytest.mark.parametrize("key", ["", "..", "../x", "a/../../x", "/etc/x", "a//b"])
async def test_no_key_leads_out_of_the_directory(tmp_path: Path, key: str) -> None:
    store = LocalStore(f"{tmp_path}/store")
    await store.probe()
    with pytest.raises(StoreError):
        await store.put(key, b"x", {})


async def test_a_probe_while_uploads_go_on_leaves_them_alone(tmp_path: Path) -> None:
    store = LocalStore(f"{tmp_path}/store")
    await store.probe()
    begun = tmp_path / "store" / "tmp" / "begun"
    begun.write_bytes(b"half")
    await store.probe()
    assert begun.exists()


async def test_a_put_that_was_cut_off_leaves_nothing_behind_the_next_start(tmp_path: Path) -> None:
    store = LocalStore(f"{tmp_path}/store")
    await store.probe()
    (tmp_path / "store" / "tmp" / "half").write_bytes(b"half")
    again = LocalStore(f"{tmp_path}/store")
    await again.probe()
    assert list((tmp_path / "store" / "tmp").iterdir()) == []
    assert await keys(again) == {}


def test_options_survive_the_way_to_the_mover() -> None:
    options = StoreOptions()
    options.endpoint = "http://x"
    options.path_style = True
    options.read_timeout = 1.5
    assert vars(StoreOptions.load(options.dump())) == vars(options)
    with pytest.raises(ValueError, match="no such option"):
        StoreOptions.load({"colour": "red"})
