"""Several guests on one network: a namespace with a bridge, a tap for each guest, and nothing else."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.deploy.guests import image
from tests.deploy.guests.guest import Guest, Place
from tests.kernel.harness.build import kernels, packages

PREFIX = "nfsgw-deploy"
NET = "192.0.2"  # TEST-NET-1: means nothing outside the namespace


class Site:
    """Booted guests by name. Use as a context manager."""

    def __init__(self, machines: dict[str, int]) -> None:
        """`machines` has the MiB of each guest, by its name. Raises: HarnessError."""
        packages.install("iproute2", "openssh-client", "util-linux")
        disk, kernel = image.build(), kernels.build(image.SUITE)
        self.key = disk / "key"
        self.namespace = f"{PREFIX}-{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="nfsgw-deploy-"))
        self.guests: dict[str, Guest] = {}
        addresses = {name: f"{NET}.{10 + index}" for index, name in enumerate(machines)}
        hosts = ",".join(f"{name}={address}" for name, address in addresses.items())
        try:
            self._ip("netns", "add", self.namespace)
            for words in (
                ("link", "set", "lo", "up"),
                ("link", "add", "br0", "type", "bridge"),
                ("addr", "add", f"{NET}.1/24", "dev", "br0"),
                ("link", "set", "br0", "up"),
            ):
                self._ip("-n", self.namespace, *words)
            for index, (name, size) in enumerate(machines.items()):
                tap = f"tap{index}"
                self._ip("-n", self.namespace, "tuntap", "add", "dev", tap, "mode", "tap")
                self._ip("-n", self.namespace, "link", "set", tap, "master", "br0", "up")
                place = Place(self.namespace, tap, addresses[name], f"02:00:00:00:00:{10 + index}", hosts)
                self.guests[name] = Guest(name, place, kernel, disk, self.folder, size)
            for guest in self.guests.values():
                guest.boot()
            for guest in self.guests.values():
                guest.wait_until_up()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getitem__(self, name: str) -> Guest:
        return self.guests[name]

    def close(self) -> None:
        """Ends guests and network."""
        for guest in self.guests.values():
            guest.cut_power()
        if Path("/run/netns", self.namespace).exists():
            self._ip("netns", "del", self.namespace)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ip(self, *words: str) -> None:
        packages.run("ip", *words)
