"""Fixtures: three whole machines, the gateway in two versions, and the playbooks that put it on them.

Made once for all tests of this tier, which tell one story in the order of their file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nfsgw import __version__
from tests.deploy.bundles import bundle
from tests.deploy.collection import Collection
from tests.deploy.guests import Site
from tests.deploy.playbooks import CLIENTS, GATEWAY, Playbooks
from tests.deploy.transcript import page

NEXT = f"{__version__}.post1"
REPLICA = "/srv/replica"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deploy")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A gateway and two clients, as the installer left them."""
    with Site({GATEWAY: 640, **dict.fromkeys(CLIENTS, 384)}) as made:
        yield made


@pytest.fixture(scope="session")
def collection(folder: Path) -> Collection:
    return Collection(folder)


@pytest.fixture(scope="session")
def playbooks(folder: Path, collection: Collection, site: Site) -> Playbooks:
    return Playbooks(folder, collection, site)


@pytest.fixture(scope="session")
def bundles(folder: Path) -> dict[str, Path]:
    """The gateway of this tree, and the same as a later version."""
    this = bundle(folder, __version__)
    return {__version__: this, NEXT: bundle(folder, NEXT, this)}


@pytest.fixture(scope="session")
def variables(bundles: dict[str, Path]) -> dict[str, object]:
    """What an operator sets."""
    return {
        "nfsgw_bundle": str(bundles[__version__]),
        "nfsgw_settings": {
            "nfs": {"lease_seconds": 15, "grace_seconds": 15},
            "store": {"region": "${credential:region}"},
            "replication": {"url": f"file://{REPLICA}"},
        },
        "nfsgw_write_paths": [REPLICA],
        "nfsgw_credentials": {"region": "of the secret kind"},
        "nfsgw_client_server": GATEWAY,
    }


@pytest.fixture(scope="session")
def deployed(playbooks: Playbooks, variables: dict[str, object]) -> str:
    """All three machines after the playbook: what it printed. That is documentation where $TRANSCRIPT names a file."""
    printed = playbooks.run("site", variables).expect_success().output
    if "TRANSCRIPT" in os.environ:
        Path(os.environ["TRANSCRIPT"]).write_text(page(printed))
    return printed
