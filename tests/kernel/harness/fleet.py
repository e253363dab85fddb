"""Several guests against one server: boots them together, lets their scripts meet, and takes them down again."""

import itertools
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from nfsgw.client import recipe
from tests.kernel.harness.build import Parts, build
from tests.kernel.harness.control import Barriers, Control
from tests.kernel.harness.job import Result
from tests.kernel.harness.machine import MOUNT_POINT, Machine, Watch
from tests.kernel.harness.network import SERVER, FleetNumber, Network

# The recipe that users are told to mount with.
MOUNT = ",".join(recipe.LINUX)

Action = Callable[..., str]


def speaking(version: str) -> str:
    """The recipe's options for another minor version than its own: "4.0"."""
    return ",".join(f"vers={version}" if option.startswith("vers=") else option for option in recipe.LINUX)


def _silent(index: int, kind: str, line: str) -> None:
    return


class Fleet:
    """Guests that reach one server, at 127.0.0.1:`server_port`. Use as a context manager, or close() it.

    `actions` holds what guests may ask the host to do with `hostctl do NAME ARG...`: a function of strings, whose
    text they get, and whose AssertionError they see as a failure.
    """

    def __init__(
        self,
        server_port: int,
        clients: int = 1,
        kernel: str = "trixie",
        memory: int = 512,
        parts: Parts | None = None,
        watch: Watch = _silent,
    ) -> None:
        """Returns when all guests are up. Raises: HarnessError, LookupError when there is no such kernel."""
        parts = parts or build()
        self.kernel = parts.kernel(kernel)
        self.actions: dict[str, Action] = {}
        self.machines: list[Machine] = []
        self.folder = Path(tempfile.mkdtemp(prefix="nfsgw-guests-"))
        self.share = self.folder / "host"
        self.share.mkdir()
        self._number = FleetNumber()
        self._channels: dict[tuple[int, str], socket.socket] = {}
        self._channel_came = threading.Condition()
        self._control = Control(self._hello, self._ask, self._opened)
        self._barriers = Barriers(lambda: sum(machine.busy for machine in self.machines) + self._host_waits)
        self._host_waits = 0
        try:
            for index in range(clients):
                network = Network(parts.relay, self._number.number, index, server_port, self._control.port)
                self.machines.append(
                    Machine(
                        index, parts, self.kernel, network, self._control.port, self.folder, self.share, memory, watch
                    )
                )
            for machine in self.machines:
                machine.environment = self._environment(machine)
                machine.boot()
            for machine in self.machines:
                machine.wait_until_up()
        except BaseException:
            self.close()
            raise

    def _environment(self, machine: Machine) -> dict[str, str]:
        person = {"NAME": "guest", "EMAIL": "guest@example.org"}
        return {
            "CLIENT_ID": str(machine.index),
            "CLIENTS": str(len(self.machines)),
            "SERVER": SERVER,
            "WORK": MOUNT_POINT,
            "PYTHONPATH": "/project",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "TERM": "dumb",
            **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()},
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getitem__(self, index: int) -> Machine:
        return self.machines[index]

    def __iter__(self) -> Iterator[Machine]:
        return iter(self.machines)

    def mount(self, options: str | Sequence[str] = MOUNT, parameters: Mapping[str, str] | None = None) -> list[str]:
        """Mounts in every guest, after setting module parameters ("nfsv4.directory_delegations": "N"). Of several
        strings of options the guests take one each, in turn.

        Returns the options that each kernel shows. Raises: AssertionError when one cannot.
        """
        for machine in self.machines:
            for name, value in (parameters or {}).items():
                module, _, parameter = name.partition(".")
                machine.set_parameter(module, parameter, value)
        each = itertools.cycle([options] if isinstance(options, str) else options)
        return [machine.mount(one) for machine, one in zip(self.machines, each, strict=False)]

    def unmount(self) -> None:
        """Unmounts in every guest that is up. Raises: AssertionError when one cannot."""
        for machine in self.machines:
            if machine.running and machine.mount_options():
                machine.unmount()

    def script(self, name: str, *args: str, timeout: float = 600.0) -> list[Result]:
        """Runs a script in all guests at once, to its end; a guest that fails frees the others from its barriers."""
        jobs = [machine.start_script(name, *args) for machine in self.machines]
        return [job.wait(timeout) for job in jobs]

    def barrier(self, name: str, count: int) -> None:
        """The host comes to a barrier of the guests, as one of `count`. Raises: AssertionError when one cannot come."""
        self._host_waits += 1
        try:
            assert self._barriers.wait(name, count), f"barrier {name}: not all of {count} can still come"
        finally:
            self._host_waits -= 1

    def channel(self, index: int, name: str, timeout: float = 60.0) -> socket.socket:
        """The connection that a program in guest `index` has opened under that name; it is the caller's to close.

        Raises: AssertionError when none comes within `timeout` seconds.
        """
        with self._channel_came:
            came = self._channel_came.wait_for(lambda: (index, name) in self._channels, timeout)
            assert came, f"no program of client{index} has opened {name}"
            return self._channels.pop((index, name))

    def _opened(self, index: int, name: str, connection: socket.socket) -> None:
        with self._channel_came:
            self._channels[index, name] = connection
            self._channel_came.notify_all()

    def close(self) -> None:
        """Ends guests, networks and all that belongs to them. What is mounted is not unmounted: see unmount()."""
        for machine in self.machines:
            machine.power_off()
            machine.network.close()
        self._control.close()
        self._number.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _hello(self, index: int, boot: int, connection: socket.socket, lines: TextIO) -> None:
        self.machines[index].listen(boot, connection, lines)

    def _ask(self, asker: int, words: list[str]) -> tuple[int, str]:
        match words:
            case ["barrier", name, *count]:
                came = self._barriers.wait(name, int(count[0]) if count else len(self.machines))
                return (0, "") if came else (1, f"barrier {name}: not all can still come\n")
            case ["net", "delay", microseconds, *guest]:
                return self._net(int(guest[0]) if guest else asker, "delay", microseconds)
            case ["net", command, *guest]:
                return self._net(int(guest[0]) if guest else asker, command)
            case ["crash", guest]:
                self.machines[int(guest)].crash()
                return 0, ""
            case ["reboot", guest]:
                self.machines[int(guest)].reboot()
                return 0, ""
            case ["do", name, *args]:
                return 0, self.actions[name](*args)
        return 2, "unknown command\n"

    def _net(self, index: int, *command: str) -> tuple[int, str]:
        answer = self.machines[index].network.ask(*command)
        return (0 if answer.startswith("ok") else 1), f"{answer}\n"
