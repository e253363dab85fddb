"""What the roles say of themselves, and what they do on systems of which no guest can be had here.

No machine is touched.
"""

from __future__ import annotations

import plistlib
import subprocess
import tomllib

import pytest

from tests.deploy.collection import Collection

ROLES = ("nfsgw", "nfsgw_client")
BY_SYSTEM = {"nfsgw_client_path"}  # their default is described in words
DARWIN = {"ansible_facts": {"os_family": "Darwin"}}


def red_hat(distribution: str, version: str) -> dict[str, object]:
    facts = {"os_family": "RedHat", "distribution": distribution, "distribution_major_version": version}
    return {"ansible_facts": facts}


def test_the_collection_passes_the_production_profile(collection: Collection) -> None:
    print(collection.lint())


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_is_described_with_its_default(collection: Collection, role: str) -> None:
    options = collection.options(role)
    assert all(option["description"] for option in options.values())
    [defaults] = collection.evaluate(role, "lookup('file', role_path ~ '/defaults/main.yml') | from_yaml", {})
    assert isinstance(defaults, dict)
    assert set(defaults) == set(options)
    for name in set(defaults) - BY_SYSTEM:
        assert options[name]["default"] == defaults[name], name


def test_a_gateway_of_the_red_hat_family_has_a_python_that_is_new_enough(collection: Collection) -> None:
    found = collection.evaluate(
        "nfsgw",
        "[__nfsgw_python] + __nfsgw_packages['RedHat']",
        red_hat("Rocky", "9"),
        red_hat("RedHat", "10"),
        red_hat("Fedora", "43"),
        {**red_hat("Rocky", "9"), "nfsgw_python": "/opt/python"},
    )
    assert found == [
        ["/usr/bin/python3.11", "python3.11"],
        ["/usr/bin/python3", "python3"],
        ["/usr/bin/python3", "python3"],
        ["/opt/python", "python3.11"],
    ]


def test_what_is_installed_from_says_the_version(collection: Collection) -> None:
    found = collection.evaluate(
        "nfsgw",
        "__nfsgw_target_version",
        {"nfsgw_bundle": "~/made/nfsgw-1.2.3.tar"},
        {"nfsgw_bundle": "nfsgw-1.2.3.post1.tar.gz"},
        {"nfsgw_wheel": "/made/nfsgw-1.2.3-cp313-cp313-linux_x86_64.whl"},
        {"nfsgw_version": "1.2.4"},
    )
    assert found == ["1.2.3", "1.2.3.post1", "1.2.3", "1.2.4"]


def test_settings_of_every_kind_come_out_as_toml(collection: Collection) -> None:
    settings = {
        "chunks": {"cache_limit": "20 GiB"},
        "nfs": {"minor_versions": [1, 2], "delegations": False, "lease_seconds": 15, "owner_domain": 'Zürich "🏠" \\'},
        "store": {"secret_key": "${credential:key}"},
    }
    variables = {"nfsgw_settings": settings, "nfsgw_port": 2050, "nfsgw_data_dir": "/srv/data"}
    [made] = collection.evaluate("nfsgw", "lookup('template', role_path ~ '/templates/nfsgw.toml.j2')", variables)
    assert isinstance(made, str)
    server = {"listen": "0.0.0.0", "port": 2050}
    assert tomllib.loads(made) == {**settings, "data": {"dir": "/srv/data"}, "server": server}


def test_a_mac_mounts_by_a_job_that_makes_the_place_and_mounts_once(collection: Collection) -> None:
    plain = {"nfsgw_client_server": "gateway", "nfsgw_client_port": 2050, **DARWIN}
    odd = {**plain, "nfsgw_client_server": "2001:db8::1", "nfsgw_client_path": "/Volumes/a b"}
    made = collection.evaluate(
        "nfsgw_client", "lookup('template', role_path ~ '/templates/mount.plist.j2')", plain, odd
    )
    places = (("gateway:/", "/Volumes/work"), ("'[2001:db8::1]:/'", "'/Volumes/a b'"))
    for page, (source, path) in zip(made, places, strict=True):
        assert isinstance(page, str)
        job = plistlib.loads(page.encode())
        assert job["RunAtLoad"] is True
        assert job["KeepAlive"] == {"SuccessfulExit": False}
        shell, option, text = job["ProgramArguments"]
        assert (shell, option) == ("/bin/sh", "-c")
        assert text.endswith(f",port=2050 {source} {path}")
        assert f"/bin/mkdir -p {path} && exec /sbin/mount -t nfs -o vers=4.1," in text
        assert subprocess.run([shell, "-n", option, text]).returncode == 0
