"""A guest's network: a namespace with a tap device, and the relay that carries its connections to the loopback.

Guests see the server at SERVER:2049. The server sees guest I of a fleet come from 127.0.NUMBER.(10 + I), where
NUMBER is the fleet's own as long as it lives, and reaches its CALLBACK_PORT at that address, too: NFSv4.0 calls back
over connections of the server's own. No packet leaves the loopback and these namespaces.
"""

import os
import socket
import subprocess
import threading
from pathlib import Path

from tests.kernel.harness.errors import HarnessError

SERVER = "192.0.2.1"  # TEST-NET-1: means nothing outside the namespace
NFS_PORT = 2049
CALLBACK_PORT = 20049
PREFIX = "nfsgw"  # of the namespaces' names: nfsgw-PID-I


class FleetNumber:
    """A number between 1 and 99 that no other running fleet of this machine has."""

    def __init__(self) -> None:
        """Raises: HarnessError when all are taken. It is an address that is taken, for all who share the loopback: in a
        chroot, or in another mount namespace, files would not be the same."""
        for number in range(1, 100):
            taken = socket.socket()
            try:
                taken.bind((f"127.0.{number}.1", CALLBACK_PORT))
            except OSError:
                taken.close()
                continue
            self.number = number
            self._taken = taken
            return
        raise HarnessError("99 fleets of guests run on this machine; `python -m tests.kernel.harness cleanup`?")

    def release(self) -> None:
        """Lets others have the number."""
        self._taken.close()


class Network:
    """The network of one guest. Made up at once; close() takes it down."""

    def __init__(self, relay: Path, fleet: int, index: int, server_port: int, control_port: int) -> None:
        """Raises: HarnessError when this machine does not allow it."""
        self.namespace = f"{PREFIX}-{os.getpid()}-{fleet}-{index}"
        self.guest_address = f"192.0.2.{10 + index}"
        self.outside_address = f"127.0.{fleet}.{10 + index}"
        self._asking = threading.Lock()
        self._relay: subprocess.Popen[str] | None = None
        try:
            _ip("netns", "add", self.namespace)
            _ip("-n", self.namespace, "link", "set", "lo", "up")
            _ip("-n", self.namespace, "tuntap", "add", "dev", "tap0", "mode", "tap")
            _ip("-n", self.namespace, "addr", "add", f"{SERVER}/24", "dev", "tap0")
            _ip("-n", self.namespace, "link", "set", "tap0", "up")
            self._relay = subprocess.Popen(
                [
                    *(str(relay), f"/run/netns/{self.namespace}", SERVER, self.outside_address, self.guest_address),
                    *(f"{NFS_PORT}:{server_port}", f"{control_port}:{control_port}"),
                    f"{CALLBACK_PORT}:{CALLBACK_PORT}",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            if self._answer() != "ready":
                raise HarnessError("the relay did not start")
        except BaseException:
            self.close()
            raise

    def ask(self, *words: str) -> str:
        """Gives the relay a command (relay.c lists them). Returns its answer, which starts with "ok" if all is well."""
        with self._asking:
            assert self._relay is not None
            assert self._relay.stdin is not None
            self._relay.stdin.write(" ".join(words) + "\n")
            self._relay.stdin.flush()
            return self._answer()

    def _answer(self) -> str:
        assert self._relay is not None
        assert self._relay.stdout is not None
        return self._relay.stdout.readline().strip()

    def stop(self) -> None:
        """Silence: nothing passes, nothing is told."""
        self.ask("stop")

    def resume(self) -> None:
        """The end of the silence."""
        self.ask("cont")

    def drop(self) -> None:
        """Resets every connection."""
        self.ask("drop")

    def delay(self, microseconds: int) -> None:
        """Each piece of data waits this long, in steps of a millisecond. 0: none."""
        self.ask("delay", str(microseconds))

    def close(self) -> None:
        """Takes the network down. The guest must have ended."""
        if self._relay is not None:
            assert self._relay.stdin is not None
            self._relay.stdin.close()
            try:
                self._relay.wait(2)
            except subprocess.TimeoutExpired:
                self._relay.kill()
                self._relay.wait()
            assert self._relay.stdout is not None
            self._relay.stdout.close()
            self._relay = None
        subprocess.run(("ip", "netns", "del", self.namespace), stderr=subprocess.DEVNULL)


def _ip(*words: str) -> None:
    try:
        done = subprocess.run(("ip", *words), stderr=subprocess.PIPE, text=True)
    except FileNotFoundError as missing:
        raise HarnessError("the kernel tests need iproute2") from missing
    if done.returncode:
        raise HarnessError(
            f"ip {' '.join(words)}: {done.stderr.strip()}\n"
            "the kernel tests need root, network namespaces and /dev/net/tun (in a container: --privileged)"
        )


def abandoned() -> list[str]:
    """Namespaces of fleets whose process has gone."""
    names = os.listdir("/run/netns") if os.path.isdir("/run/netns") else []
    ours = [name for name in names if name.startswith(f"{PREFIX}-") and name.count("-") == 3]
    return [name for name in ours if not os.path.exists(f"/proc/{name.split('-')[1]}")]


def remove(namespace: str) -> list[int]:
    """Deletes a namespace. Returns the processes that are still in it."""
    listed = subprocess.run(("ip", "netns", "pids", namespace), stdout=subprocess.PIPE, text=True).stdout
    subprocess.run(("ip", "netns", "del", namespace), stderr=subprocess.DEVNULL)
    return [int(number) for number in listed.split()]
