"""Servers under measurement: started on a free loopback port with folders of their own, ended by process number.

A server's CPU time is that of its first process and all that descend from it, so that work handed to a helper process
is not work saved.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType


class ServerError(Exception):
    """A server did not start, or ended by itself."""


class Server:
    """One running server. `name` is its column in the table."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, environment: dict[str, str]) -> None:
        self.name = name
        self.port = port
        self._command = command
        self._folder = folder
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        """Starts it and waits until it accepts connections. Raises: ServerError."""
        log = self._folder / "output"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for _ in range(300):
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        self.__exit__(None, None, None)
        tail = log.read_text(errors="replace").splitlines()[-15:]
        raise ServerError("\n".join([f"{self.name} did not come up: {' '.join(self._command)}", *tail]))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None:
            return
        pids = self.pids() if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in pids:
            if _parent(pid) == 1:
                os.kill(pid, signal.SIGKILL)

    def pids(self) -> list[int]:
        """The server's process and its descendants. Raises: ServerError when it has ended."""
        if self._process is None or self._process.poll() is not None:
            raise ServerError(f"{self.name} has ended; see {self._folder}")
        found = [self._process.pid]
        parents = {int(entry): _parent(int(entry)) for entry in os.listdir("/proc") if entry.isdigit()}
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found


def _parent(pid: int) -> int:
    """The parent of a process; 0 when there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
