"""Machines that share one mount, and a hand at each, which does what a test says and answers with what it saw.

Paths are below the folder that the test has for itself. A call returns when the machine's own system calls have
returned; what starts with `begin` is waited for later, so that several machines act at once.
"""

from __future__ import annotations

import pickle
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tests.kernel.gateway import Gateway
from tests.kernel.harness import Fleet, Machine
from tests.kernel.harness.machine import MOUNT_POINT

PATIENCE = 90.0  # seconds for one call: longer than a lease, a grace period and a client's recovery together


class Pending:
    """A call that a hand has been given."""

    def __init__(self, hand: Hand, name: str) -> None:
        self.hand = hand
        self._name = name

    def ready(self, within: float = 0.0) -> bool:
        """Whether the answer has come, now or within so many seconds."""
        return bool(select.select([self.hand.channel], [], [], within)[0])

    def result(self, within: float = PATIENCE) -> Any:
        """What the function returned. Raises: what it raised; AssertionError when no answer comes in time."""
        hand = self.hand
        if not self.ready(within):
            hand.spoilt = True
            found = hand.machine.shell("ps -eo pid,stat,wchan:30,args | grep -v ']$'; dmesg | tail -n 8", watched=False)
            raise AssertionError(f"{hand.name} has not done {self._name} after {within} s\n{found.output}")
        try:
            succeeded, value = pickle.load(hand.stream)
        except EOFError:
            hand.spoilt = True
            raise AssertionError(f"{hand.name} went away in {self._name}") from None
        hand.idle = True
        if not succeeded:
            raise value
        return value


class Hand:
    """Someone at one machine. `folder` is where relative paths start."""

    def __init__(self, fleet: Fleet, machine: Machine) -> None:
        self.machine = machine
        self.name = machine.name
        self.folder = MOUNT_POINT
        self._fleet = fleet
        self._connect()

    def _connect(self) -> None:
        name = f"hand-{time.monotonic_ns()}"
        self.job = self.machine.start(["python3", "-B", "-m", "tests.kernel.coherence.hand", name])
        self.channel = self._fleet.channel(self.machine.index, name)
        self.channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.channel.makefile("rb")
        self.idle, self.spoilt = True, False
        self._process: int = self.do("os.getpid")

    def renew(self) -> None:
        """Another hand in place of this one, which may hang in something."""
        self.close()
        self.machine.shell(f"kill -9 {self._process}", watched=False)
        self._connect()

    def close(self) -> None:
        """The hand's program ends, if it still can."""
        self.stream.close()
        self.channel.close()

    # Calls

    def begin(self, name: str, *arguments: object) -> Pending:
        """Gives it a call: a function of `os`, or of the modules in moves/. One at a time."""
        assert self.idle, f"{self.name} is busy"
        self.idle = False
        self.channel.sendall(pickle.dumps((name, arguments)))
        return Pending(self, name)

    def do(self, name: str, *arguments: object) -> Any:
        """The call, to its end."""
        return self.begin(name, *arguments).result()

    def at(self, path: str) -> str:
        """The path in the guest."""
        return f"{self.folder}/{path}" if path else self.folder

    # Changes

    def mkdir(self, path: str) -> None:
        self.do("os.mkdir", self.at(path))

    def makedirs(self, path: str) -> None:
        self.do("os.makedirs", self.at(path))

    def rmdir(self, path: str) -> None:
        self.do("os.rmdir", self.at(path))

    def write(self, path: str, data: bytes) -> None:
        """A whole file, closed."""
        self.do("files.write", self.at(path), data)

    def overwrite(self, path: str, data: bytes, offset: int = 0) -> None:
        """In place, closed."""
        self.do("files.overwrite", self.at(path), data, offset)

    def unlink(self, path: str) -> None:
        self.do("os.unlink", self.at(path))

    def rename(self, old: str, new: str) -> None:
        self.do("os.rename", self.at(old), self.at(new))

    def link(self, old: str, new: str) -> None:
        self.do("os.link", self.at(old), self.at(new))

    def symlink(self, target: str, path: str) -> None:
        self.do("os.symlink", target, self.at(path))

    def chmod(self, path: str, mode: int) -> None:
        self.do("os.chmod", self.at(path), mode)

    def truncate(self, path: str, size: int) -> None:
        self.do("os.truncate", self.at(path), size)

    # Looks

    def facts(self, path: str) -> tuple[int, ...] | None:
        """Number, mode, links, owner, group, size, times; None when it is not there."""
        found: tuple[int, ...] | None = self.do("files.facts", self.at(path))
        return found

    def listing(self, path: str = "") -> list[str]:
        return sorted(self.do("os.listdir", self.at(path)))

    def read(self, path: str) -> bytes:
        """The whole file, through the machine's cache."""
        data: bytes = self.do("files.read", self.at(path))
        return data

    def learn(self, *absent: str) -> None:
        """Fills the machine's caches with the test's folder as it is now, and with the names that are not in it."""
        self.do("files.learn", self.folder, list(absent))

    def forget(self) -> None:
        """Drops the machine's caches."""
        self.do("files.forget")


class House:
    """The machines, their gateway, and the folder of the test that runs."""

    def __init__(self, gateway: Gateway, fleet: Fleet) -> None:
        """The fleet has mounted it."""
        self.gateway = gateway
        self.fleet = fleet
        self.hands = [Hand(fleet, machine) for machine in fleet]
        self._folders = 0

    def __iter__(self) -> Iterator[Hand]:
        return iter(self.hands)

    def new_folder(self) -> str:
        """An empty folder, in which every hand's paths now start. Returns its path in the guests."""
        for hand in self.hands:
            if hand.spoilt or not hand.idle:
                hand.renew()
        self._folders += 1
        folder = f"{MOUNT_POINT}/{self._folders}"
        self.hands[0].do("os.mkdir", folder)
        for hand in self.hands:
            hand.folder = folder
        return folder

    def together(self, name: str, *arguments: object, within: float = PATIENCE) -> list[Any]:
        """The same call at every machine at once. Returns what each returned; raises what the first to fail raised."""
        return results([hand.begin(name, *arguments) for hand in self.hands], within)

    @contextmanager
    def trouble(self, make: Callable[[], None], times: int) -> Iterator[None]:
        """Inside it, a move that asks for trouble gets it, and does not wait for its end.

        Raises: AssertionError when it was not made `times` times; what making it raised.
        """
        made: list[Future[None]] = []
        with ThreadPoolExecutor(1) as maker:

            def ask() -> str:
                made.append(maker.submit(make))
                return ""

            self.fleet.actions["trouble"] = ask
            yield
        for one in made:
            one.result()
        assert len(made) == times, f"trouble was asked for {len(made)} times"

    def killing(self, times: int) -> AbstractContextManager[None]:
        """The trouble is that the gateway is killed and started again."""
        return self.trouble(lambda: self.gateway.restart(signal.SIGKILL), times)

    def agree(self) -> dict[str, tuple[int, ...]]:
        """What all machines see when they list everything in the folder, with attributes.

        Raises: AssertionError unless all see the same.
        """
        views = self.together("files.view", self.hands[0].folder)
        for hand, view in zip(self.hands, views, strict=True):
            differing = {path for path in {*view, *views[0]} if view.get(path) != views[0].get(path)}
            shown = [f"{path}: {views[0].get(path)} but {view.get(path)}" for path in sorted(differing)[:10]]
            assert not differing, "\n".join([f"client0 and {hand.name} see different things:", *shown])
        first: dict[str, tuple[int, ...]] = views[0]
        return first

    def close(self) -> None:
        """The hands go; the fleet stays."""
        for hand in self.hands:
            hand.close()


def results(pending: list[Pending], within: float = PATIENCE) -> list[Any]:
    """What all of them returned, in their order. Raises: what the first one to fail raised.

    A hand that would wait for one that has failed is left hanging; House.new_folder replaces it.
    """
    found: dict[int, Any] = {}
    deadline = time.monotonic() + within
    while len(found) < len(pending):
        waiting = {index: call for index, call in enumerate(pending) if index not in found}
        came = [index for index, call in waiting.items() if call.ready()]
        for index in came:
            found[index] = waiting[index].result()
        if not came:
            left = deadline - time.monotonic()
            if left <= 0:
                next(iter(waiting.values())).result(0)
            select.select([call.hand.channel for call in waiting.values()], [], [], max(left, 0))
    return [found[index] for index in range(len(pending))]
