"""`nfsgw mount` on real kernels: it mounts as the promises want it, as a machine with an identity of its own."""

from __future__ import annotations

import base64
import io
import tarfile
from pathlib import Path

import pytest

import nfsgw
from nfsgw.admin.protocol import ask
from nfsgw.client import recipe
from nfsgw.datadir import DataDirectory
from tests.kernel.conftest import fleet
from tests.kernel.gateway import Gateway
from tests.kernel.harness.machine import Machine
from tests.kernel.harness.network import SERVER

PACKAGE = Path(str(nfsgw.__file__)).parent
TARGET = "/mnt/work"


def install(machine: Machine) -> None:
    """The part of the package that clients need: guests have Python, and nothing from an index."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(PACKAGE / "__init__.py", "nfsgw/__init__.py")
        for file in sorted((PACKAGE / "client").iterdir()):
            if file.is_file():
                archive.add(file, f"nfsgw/client/{file.name}")
    text = base64.b64encode(packed.getvalue()).decode()
    machine.shell(f"mkdir -p /tmp/package {TARGET}; echo {text} | base64 -d | tar xz -C /tmp/package").expect_success()


def mount(machine: Machine) -> str:
    """What the command says."""
    call = f"mount('{SERVER}', '{TARGET}', 2049, [], False, print)"
    done = machine.shell(f'cd /tmp/package && python3 -c "from nfsgw.client.mount import mount; {call}"', timeout=120)
    return done.expect_success().output


def owners(gateway: Gateway) -> list[str]:
    rows = ask(DataDirectory(str(gateway.data)).admin_socket, "clients")
    assert isinstance(rows, list)
    return [row["owner"] for row in rows]


@pytest.mark.parametrize("kernel", ["trixie", "bookworm", "sid"])
def test_a_machine_is_mounted_with_the_recipe_and_an_identity_of_its_own(gateway: Gateway, kernel: str) -> None:
    with fleet(gateway, clients=2, kernel=kernel) as guests:
        for machine in guests:
            install(machine)
        said = [mount(machine) for machine in guests]
        identities = []
        for machine, text in zip(guests, said, strict=True):
            assert "identity" in text
            options = machine.mount_options().split(",")
            assert {"vers=4.2", "noatime", "hard", "nconnect=4", "noresvport", "acregmax=0"} <= set(options), options
            kept = machine.shell(
                "cat /sys/module/nfsv4/parameters/delegation_watermark; sed -n 1p /etc/nfsgw-client/identity"
            )
            watermark, identity = kept.expect_success().output.split()
            assert int(watermark) == recipe.DELEGATION_WATERMARK
            assert identity == machine.shell("cat /sys/fs/nfs/net/nfs_client/identifier").output.strip()
            identities.append(identity)
        assert len(set(identities)) == 2
        known = owners(gateway)
        assert all(any(identity in owner for owner in known) for identity in identities), known
        guests.unmount()
        assert identities[0] in mount(guests[0]), "an identity that is set stays"
        guests.unmount()
