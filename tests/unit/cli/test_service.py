"""The gateway as a service: what the service manager is told, the socket that it hands over, and reload.

The service manager is a datagram socket and a shell that execs with LISTEN_PID set, as systemd does it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nfsgw.service import Service, ServiceError
from tests.support.clock import Clock
from tests.unit.cli.test_commands import NFS, Running, nfsgw, refused, running
from tests.unit.rpc.peer import accepted, call_message, record


class Manager:
    """The service manager's end of $NOTIFY_SOCKET."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        self._socket.settimeout(20)

    def hears(self) -> dict[str, str]:
        """The next message."""
        lines = self._socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def hears_nothing(self) -> bool:
        return not select.select([self._socket], [], [], 0)[0]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    made = Manager(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", made.path)
    yield made
    made.close()


# -- what it is told


def test_the_service_manager_is_told_when_it_serves_and_when_it_stops(tmp_path: Path, manager: Manager) -> None:
    with running(tmp_path / "data") as gateway:
        told = manager.hears()
        assert told["READY"] == "1"
        assert told["MAINPID"] == str(gateway.process.pid)
        assert told["STATUS"] == f"serving on 127.0.0.1:{gateway.port}"
        assert gateway.stop()[0] == 0
        assert manager.hears() == {"STOPPING": "1", "STATUS": "finishing what was begun"}
    assert manager.hears_nothing()


def test_an_abstract_address_is_reached_too() -> None:
    name = f"nfsgw-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        Service({"NOTIFY_SOCKET": "@" + name}, 7).status("well")
        assert listening.recv(100) == b"STATUS=well"


def test_a_service_manager_that_has_gone_is_no_reason_to_stop(tmp_path: Path) -> None:
    Service({"NOTIFY_SOCKET": str(tmp_path / "none")}, 7).ready("serving")
    Service({}, 7).ready("serving")


# -- the watchdog


def test_the_watchdog_is_fed_by_turns_of_the_loop_and_by_nothing_else(tmp_path: Path) -> None:
    manager, loop = Manager(tmp_path), Clock()
    service = Service({"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 7)
    service.feed(loop)
    assert manager.hears() == {"WATCHDOG": "1"}
    for _ in range(3):
        loop.advance(9.9)
        assert manager.hears_nothing()  # the loop's next turn is due at a third of the time-out
        loop.advance(0.1)
        assert manager.hears() == {"WATCHDOG": "1"}
    service.starve()
    loop.advance(100)
    assert manager.hears_nothing()
    manager.close()


@pytest.mark.parametrize("watched", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "9", "WATCHDOG_PID": "8"}])
def test_a_watchdog_that_watches_another_process_or_nobody_is_not_fed(tmp_path: Path, watched: dict[str, str]) -> None:
    manager, loop = Manager(tmp_path), Clock()
    Service({"NOTIFY_SOCKET": manager.path, **watched}, 7).feed(loop)
    loop.advance(100)
    assert manager.hears_nothing()
    manager.close()


def test_a_running_gateway_feeds_the_watchdog(
    tmp_path: Path, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    with running(tmp_path / "data") as gateway:
        assert manager.hears()["READY"] == "1"
        assert [manager.hears() for _ in range(4)] == [{"WATCHDOG": "1"}] * 4
        gateway.stop()


# -- the socket


def activated(data: Path, listening: socket.socket, *words: str) -> subprocess.Popen[str]:
    """A gateway that is given the socket as systemd gives it: as number 3, with its own process id in LISTEN_PID."""
    shell = f'exec 3<&{listening.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
    command = [sys.executable, "-m", "nfsgw", "serve", "--data-dir", str(data), *words]
    return subprocess.Popen(
        ["bash", "-c", shell, "bash", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[listening.fileno()],
    )


def test_a_call_that_comes_between_two_gateways_is_answered_by_the_second(tmp_path: Path) -> None:
    """RFC 8881, 8.4.2: a client rides out a restart; it need not even notice that nobody was there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        first = activated(tmp_path / "data", listening)
        assert first.stdout is not None
        assert f"127.0.0.1:{port}" in first.stdout.readline()
        first.terminate()
        assert "server.listen and server.port are not used" in first.communicate(timeout=30)[1]
        assert first.returncode == 0
        with socket.create_connection(("127.0.0.1", port), timeout=20) as waiting:
            waiting.sendall(record(call_message(program=NFS, version=4)))
            second = activated(tmp_path / "data", listening)
            assert waiting.recv(100)[4:] == accepted(0x1234, 0)
        second.terminate()
        second.communicate(timeout=30)
        assert second.returncode == 0


def test_sockets_for_another_process_are_left_alone() -> None:
    assert Service({"LISTEN_PID": "8", "LISTEN_FDS": "1"}, 7).inherited() is None
    assert Service({"LISTEN_PID": "7", "LISTEN_FDS": "0"}, 7).inherited() is None
    assert Service({}, 7).inherited() is None


def test_more_than_one_socket_is_refused() -> None:
    with pytest.raises(ServiceError, match="hands over 2 sockets"):
        Service({"LISTEN_PID": "7", "LISTEN_FDS": "2"}, 7).inherited()


def test_a_socket_that_does_not_listen_on_tcp_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as wrong:
        wrong.bind(str(tmp_path / "socket"))
        wrong.listen()
        refused_start = activated(tmp_path / "data", wrong)
        error = refused_start.communicate(timeout=30)[1]
    assert refused_start.returncode == 1
    assert "is not one that listens on TCP" in error
    assert "Traceback" not in error


# -- reload


def reloaded(gateway: Running, manager: Manager) -> str:
    """The status after a reload."""
    gateway.process.send_signal(signal.SIGHUP)
    begun = manager.hears()
    assert begun["RELOADING"] == "1"
    assert int(begun["MONOTONIC_USEC"]) > 0
    ended = manager.hears()
    assert ended["READY"] == "1"
    return ended["STATUS"]


def test_a_reload_takes_what_can_be_changed_and_names_what_waits_for_a_restart(
    tmp_path: Path, manager: Manager
) -> None:
    file, data = tmp_path / "nfsgw.toml", tmp_path / "data"
    file.write_text("[log]\nlevel = 'info'\n")
    with running(data, "--config", str(file)) as gateway:
        manager.hears()
        file.write_text("[log]\nformat = 'json'\n[chunks]\nstaging_limit = '32 MiB'\n[nfs]\nlease_seconds = 33\n")
        assert "a restart is needed for nfs.lease_seconds" in reloaded(gateway, manager)
        status = json.loads(nfsgw("status", "--json", "--data-dir", str(data)).stdout)
        assert status["chunks"]["staging_limit"] == 32 << 20
        assert gateway.null() == accepted(0x1234, 0)
        lines = gateway.stop()[1].splitlines()
    said = [json.loads(line)["message"] for line in lines if line.startswith("{")]
    assert "reloaded: chunks.staging_limit, log.format" in said
    assert "changed, and in force only after a restart: nfs.lease_seconds" in said


def test_a_reload_with_a_mistake_changes_nothing_and_says_what_is_wrong(tmp_path: Path, manager: Manager) -> None:
    file = tmp_path / "nfsgw.toml"
    file.write_text("")
    with running(tmp_path / "data", "--config", str(file)) as gateway:
        manager.hears()
        file.write_text("[log]\nformat = 'json'\nlevle = 'debug'\n")
        assert "the last reload failed: " in reloaded(gateway, manager)
        assert gateway.null() == accepted(0x1234, 0)
        code, log = gateway.stop()
    assert code == 0
    assert "did you mean log.level?" in log
    assert not any(line.startswith("{") for line in log.splitlines())


def test_serve_without_a_service_manager_ignores_its_variables(tmp_path: Path) -> None:
    result = nfsgw("serve", "--data-dir", str(tmp_path / "a" / "b"), environment={"LISTEN_PID": "1", "LISTEN_FDS": "1"})
    refused(result, 1, "No such file or directory")
