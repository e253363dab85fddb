"""Fixtures: four machines that stay up for all tests of a setting, and a new folder of the mount for every test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.kernel.coherence.house import Hand, House
from tests.kernel.conftest import fleet
from tests.kernel.gateway import gateway
from tests.kernel.harness import speaking
from tests.kernel.kept import Kept


@dataclass(frozen=True)
class Setting:
    """Which kernel the machines have, how many they are, and which minor versions they speak."""

    name: str
    kernel: str
    machines: int = 4
    parameters: dict[str, str] = field(default_factory=dict)
    versions: tuple[str, ...] = ("4.2",)  # in turn


MAIN = Setting("6.12", "trixie")
BESIDE = Setting("4.0 beside 4.2", "trixie", 2, versions=("4.0", "4.2"))
ALL = (
    MAIN,
    Setting("6.1", "bookworm", 2),
    Setting("7.2", "sid", 2),
    Setting("7.2 without directory delegations", "sid", 2, {"nfsv4.directory_delegations": "N"}),
    BESIDE,
    Setting("4.2 beside 4.0", "trixie", 2, versions=("4.2", "4.0")),
)


def on(*settings: Setting) -> pytest.MarkDecorator:
    """On each of these settings, whose machines one process boots once, and no other does."""
    marked = [
        pytest.param(one, id=one.name, marks=pytest.mark.xdist_group(f"coherence {one.name}")) for one in settings
    ]
    return pytest.mark.parametrize("setting", marked)


on_the_main_kernel = on(MAIN)
on_all_kernels = on(*ALL)
on_the_main_kernel_and_beside_4_0 = on(MAIN, BESIDE)


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept[Setting, House]]:
    """The machines of a setting with the workspace mounted; that all can unmount in the end is part of every test."""

    @contextmanager
    def made(setting: Setting) -> Iterator[House]:
        server = gateway(tmp_path_factory.mktemp("coherence"))
        try:
            with fleet(server, setting.machines, setting.kernel) as guests:
                guests.mount([speaking(version) for version in setting.versions], setting.parameters)
                house = House(server, guests)
                yield house
                house.close()
                guests.unmount()
        finally:
            server.finish()
        server.discard()

    kept = Kept(made)
    yield kept
    kept.close()


@pytest.fixture
def house(houses: Kept[Setting, House], setting: Setting) -> House:
    """The machines, with an empty folder to themselves."""
    house = houses.of(setting)
    house.new_folder()
    return house


@pytest.fixture
def a(house: House) -> Hand:
    """The machine that changes things."""
    return house.hands[0]


@pytest.fixture
def b(house: House) -> Hand:
    """A machine that looks."""
    return house.hands[1]
