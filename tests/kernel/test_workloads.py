"""People's ordinary programs in the mount of one real kernel."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import Gateway, fleet
from tests.kernel.harness import MOUNT

THEMES = [
    "tree", "git", "database", "build_project", "fio", "mapped", "append", "sizes", "links", "attributes", "names",
    "big_directory", "rename", "unlinked", "permissions", "space", "locks", "dbench",
]  # fmt: skip

BASICS = ["links", "attributes", "names", "rename", "unlinked", "locks", "git"]


def work_through(gateway: Gateway, kernel: str, options: str, themes: list[str], parameters: dict[str, str]) -> None:
    with fleet(gateway, kernel=kernel) as guests:
        shown = guests.mount(options, parameters)[0]
        assert f"vers={options.partition('vers=')[2].partition(',')[0]}" in shown
        faults: list[str] = []
        for theme in themes:
            try:
                guests[0].script(theme).expect_checks()
            except AssertionError as fault:  # the other themes are worth knowing too
                faults.append(str(fault))
        guests.unmount()
        assert not faults, "\n\n".join(faults)


def test_everything_works_in_a_mount_of_6_12(gateway: Gateway) -> None:
    work_through(gateway, "trixie", MOUNT, THEMES, {})


def test_the_basics_work_with_minor_version_1(gateway: Gateway) -> None:
    work_through(gateway, "trixie", MOUNT.replace("vers=4.2", "vers=4.1"), BASICS, {})


@pytest.mark.parametrize(
    ("kernel", "parameters"),
    [("bookworm", {}), ("sid", {}), ("sid", {"nfsv4.directory_delegations": "N"})],
    ids=["6.1", "newest", "newest without directory delegations"],
)
def test_the_basics_work_on_other_kernels(gateway: Gateway, kernel: str, parameters: dict[str, str]) -> None:
    work_through(gateway, kernel, MOUNT, BASICS, parameters)
