"""People's ordinary programs in the mount of one real kernel, a theme each, on both object stores and all kernels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.kernel.conftest import fleet, on_s3
from tests.kernel.gateway import gateway
from tests.kernel.harness import MOUNT, Machine, speaking
from tests.kernel.kept import Kept

THEMES = (
    *("tree", "git", "database", "build_project", "fio", "mapped", "append", "sizes", "links", "attributes", "names"),
    *("big_directory", "rename", "unlinked", "permissions", "space", "sparse", "locks", "dbench"),
)
BRIEF = tuple(theme for theme in THEMES if theme != "dbench")  # which takes a minute
# ALLOCATE, DEALLOCATE and SEEK came with 4.2 (RFC 7862): before it Linux refuses fallocate by itself
BEFORE_4_2 = tuple(theme for theme in THEMES if theme != "sparse")


@dataclass(frozen=True)
class Setting:
    """One way to mount one kind of gateway."""

    name: str
    kernel: str = "trixie"
    options: str = MOUNT
    store: str = "local"
    parameters: dict[str, str] = field(default_factory=dict)
    themes: tuple[str, ...] = BRIEF


SETTINGS = (
    Setting("6.12", themes=THEMES),
    Setting("6.12 on S3", store="s3", themes=THEMES),
    Setting("6.12 with 4.1", options=speaking("4.1"), themes=tuple(theme for theme in BEFORE_4_2 if theme in BRIEF)),
    Setting("6.12 with 4.0", options=speaking("4.0"), themes=BEFORE_4_2),
    Setting("6.1", kernel="bookworm"),
    Setting("newest", kernel="sid"),
    Setting("newest without directory delegations", kernel="sid", parameters={"nfsv4.directory_delegations": "N"}),
)


@pytest.fixture(scope="module")
def machines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept[Setting, Machine]]:
    """A guest with the mount, all themes of a setting long; that it can be unmounted in the end is part of the test."""

    @contextmanager
    def made(setting: Setting) -> Iterator[Machine]:
        folder = tmp_path_factory.mktemp(setting.store)
        server = on_s3(folder, request.getfixturevalue("bucket")) if setting.store == "s3" else gateway(folder)
        with fleet(server, kernel=setting.kernel) as guests:
            shown = guests.mount(setting.options, setting.parameters)[0]
            version = next(option for option in setting.options.split(",") if option.startswith("vers="))
            assert version in shown.split(",")
            yield guests[0]
            guests.unmount()
        server.finish()
        server.discard()

    kept = Kept(made)
    yield kept
    kept.close()


@pytest.mark.parametrize(
    ("setting", "theme"),
    [
        pytest.param(setting, theme, id=f"{setting.name}: {theme}", marks=pytest.mark.xdist_group(setting.name))
        for setting in SETTINGS
        for theme in setting.themes
    ],
)
def test_programs_work_in_the_mount(machines: Kept[Setting, Machine], setting: Setting, theme: str) -> None:
    machines.of(setting).script(theme, timeout=300).expect_checks()


def test_the_kernel_chooses_4_2_by_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = gateway(tmp_path_factory.mktemp("negotiation"))
    with fleet(server) as guests:
        assert "vers=4.2" in guests.mount("hard")[0].split(",")
        guests.unmount()
    server.finish()
