"""Fixtures: a gateway in a process of its own, a bucket for it, and guests that mount it.

The gateway is the package that this Python imports. Where guests cannot be made (no root, no packages) the tests
fail and say why.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.gateway import Gateway, gateway
from tests.kernel.harness import Fleet
from tests.support.seaweed import Seaweed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one setting run one after the other, also in one process: its machines are booted once."""
    items.sort(key=group_of)


def group_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark is not None else ""


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """An S3 server with one bucket."""
    with Seaweed(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


def on_s3(folder: Path, bucket: Seaweed) -> Gateway:
    """A started gateway whose objects go to the bucket, below a prefix that is the folder's name."""
    settings = {
        "store.url": f"s3://{bucket.bucket}/{folder.name}",
        "store.endpoint": bucket.endpoint,
        "store.path_style": "true",
        "chunks.upload_after": "1",
        "chunks.pack_after": "1",
    }
    return gateway(folder, settings, bucket.environment)


@pytest.fixture(name="gateway")
def local_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """On the embedded default: SQLite and a local object directory."""
    running = gateway(tmp_path)
    yield running
    running.finish()


@pytest.fixture(params=["local", "s3"])
def gateway_of_each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gateway]:
    """Once on the embedded default, once with its objects in a bucket."""
    store = request.param
    running = on_s3(tmp_path, request.getfixturevalue("bucket")) if store == "s3" else gateway(tmp_path)
    yield running
    running.finish()


def fleet(running: Gateway, clients: int = 1, kernel: str = "trixie") -> Fleet:
    """Booted guests that reach that gateway."""
    return Fleet(running.port, clients, kernel)
