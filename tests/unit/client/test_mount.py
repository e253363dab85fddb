"""What `nfsgw mount` would do, by system; the doing itself is tested with real kernels in tests/kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from nfsgw.cli import main
from nfsgw.client import recipe
from nfsgw.client.mount import IDENTITY_SCRIPT, WATERMARK, CannotMount, Linux, command, mount, source_of

ROLE = Path(__file__).parents[3] / "ansible/roles/nfsgw_client"
LINUX = "vers=4.2,actimeo=0,noatime,hard,nconnect=4,noresvport,rsize=1048576,wsize=1048576"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("gateway", "gateway:/"),
        ("gateway:/", "gateway:/"),
        ("gateway:/some/where", "gateway:/some/where"),
        ("[2001:db8::1]", "[2001:db8::1]:/"),
        ("[2001:db8::1]:/some", "[2001:db8::1]:/some"),
    ],
)
def test_a_gateway_alone_means_its_root(text: str, source: str) -> None:
    assert source_of(text) == source


@pytest.mark.parametrize("text", ["", ":/", "gateway:some", "2001:db8::1"])
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(CannotMount, match="GATEWAY:/PATH"):
        source_of(text)


@pytest.mark.parametrize(
    ("system", "release", "options"),
    [
        ("Linux", "6.12.113+deb13-amd64", LINUX),
        ("Linux", "5.3.0", LINUX),
        ("Linux", "5.2.11", LINUX.replace("nconnect=4,", "")),
        ("Darwin", "26.1", "vers=4.1,actimeo=0,nonegnamecache,namedattr,hard,noresvport,rsize=1048576,wsize=1048576"),
        ("Darwin", "15.6", "vers=4.0,actimeo=0,nonegnamecache,namedattr,hard,noresvport,rsize=1048576,wsize=1048576"),
    ],
)
def test_each_system_gets_what_it_knows(system: str, release: str, options: str) -> None:
    assert command(system, release, "gw:/", "/work", 2049, [])[4] == options


def test_another_port_and_other_options_come_last_and_win() -> None:
    words = command("Linux", "6.12", "gw:/", "/work", 20490, ["vers=4.1", "ro"])
    assert words[4].split(",")[-3:] == ["port=20490", "vers=4.1", "ro"]
    assert "vers=4.2" not in words[4]


def test_an_unknown_system_is_told_so() -> None:
    with pytest.raises(CannotMount, match="FreeBSD"):
        command("FreeBSD", "14", "gw:/", "/work", 2049, [])


@pytest.mark.parametrize(("before", "after"), [("5000\n", 100_000), ("200000\n", 200_000)])
def test_a_client_keeps_what_it_is_given_and_no_less_than_it_did(tmp_path: Path, before: str, after: int) -> None:
    parameter = tmp_path / WATERMARK
    parameter.parent.mkdir(parents=True)
    parameter.write_text(before)
    Linux(tmp_path, print).keep_delegations()
    assert int(parameter.read_text()) == after


def test_a_kernel_without_the_parameter_is_left_as_it_is(tmp_path: Path) -> None:
    Linux(tmp_path, print).keep_delegations()
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_that_cannot_be_given_an_identity_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CannotMount, match="nfs4_unique_id"):
        Linux(tmp_path, print).identify()


def test_the_command_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mount", "gw", "/some where", "--print", "-o", "ro"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("mount -t nfs4 -o vers=4.2,")
    assert printed.endswith(",ro gw:/ '/some where'\n")


def test_a_mac_runs_its_own_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a program in the place of mount(8), which says how it was called."""
    called = tmp_path / "called"
    program = tmp_path / "mount"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{called}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.mac_ver", lambda: ("15.6", ("", "", ""), "arm64"))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    said: list[str] = []
    mount("gw", str(tmp_path), 2049, [], False, said.append)
    words = called.read_text().splitlines()
    assert words[:2] == ["-t", "nfs"]
    assert words[3].startswith("vers=4.0,")
    assert words[4:] == ["gw:/", str(tmp_path)]
    assert said == [f"mount -t nfs -o {words[3]} gw:/ {tmp_path}"]


def test_a_directory_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert main(["mount", "gw", missing]) == 1
    assert capsys.readouterr().err.startswith(f"nfsgw: {missing}: no such directory")


def test_the_role_mounts_as_the_command_does() -> None:
    assert (ROLE / "files/nfsgw-client-identity").read_bytes() == IDENTITY_SCRIPT.read_bytes()
    defaults = (ROLE / "defaults/main.yml").read_text()
    for name, options in (("nfsgw_client_options", recipe.LINUX), ("nfsgw_client_darwin_options", recipe.DARWIN)):
        assert "\n".join([f"{name}:", *(f"  - {option}" for option in options)]) in defaults
    assert f"__nfsgw_client_watermark: {recipe.DELEGATION_WATERMARK}\n" in (ROLE / "vars/main.yml").read_text()
