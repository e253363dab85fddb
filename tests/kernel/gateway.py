"""The server under test: `nfsgw serve` as a process of its own, which a test stops, kills and starts again.

The port stays the same over restarts, as a client must find the server where it was. NFSGW_TEST_SERVER=127.0.0.1:PORT
puts a server that already runs in its place, of whatever make; tests that stop it fail then, and say so.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

READY_WITHIN = 30.0
STOP_WITHIN = 60.0
LEASE = {"nfs.lease_seconds": "10", "nfs.grace_seconds": "10"}  # tests that wait for one must not wait long
OWN = {"admin.http": "127.0.0.1:0"}  # several gateways run side by side


class Gateway:
    """On a data directory of its own. `settings` are configuration keys; `environment` is added to this one's.
    `python` and the folder `at` say which gateway: by default the one that this process imports."""

    def __init__(
        self,
        folder: Path,
        settings: dict[str, str],
        environment: dict[str, str],
        python: str = sys.executable,
        at: Path | None = None,
    ) -> None:
        self.data = folder / "data"
        self.log = folder / "gateway.log"
        self.port = free_port()
        self._settings = {**LEASE, **OWN, **settings}
        self._environment = {**os.environ, **environment}
        self._python = python
        self._at = at
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the port answers. Raises: AssertionError, with the log, when it does not."""
        command = [self._python, "-m", "nfsgw", "serve", "--data-dir", str(self.data)]
        command += ["--listen", "127.0.0.1", "--port", str(self.port)]
        for key, value in self._settings.items():
            command += ["--set", f"{key}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment, cwd=self._at
            )
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the gateway did not start:\n{self.log.read_text()}")

    def end(self, how: int) -> None:
        """Sends the signal and waits for the end. Raises: AssertionError when SIGTERM does not end it in order."""
        assert self._process is not None
        self._process.send_signal(how)
        status = self._process.wait(STOP_WITHIN)
        self._process = None
        if how == signal.SIGTERM:
            assert status == 0, f"the gateway ended with {status}:\n{self.log.read_text()}"

    def restart(self, how: int = signal.SIGTERM) -> None:
        """Ends it that way and starts it again."""
        self.end(how)
        self.start()

    def finish(self) -> None:
        """Ends it in order. Raises: AssertionError when it ended before, or logged an error."""
        try:
            if self._process is not None:
                self.end(signal.SIGTERM)
        finally:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
        text = self.log.read_text()
        assert "Traceback" not in text, text
        assert " error " not in text, text

    def discard(self) -> None:
        """Removes its data: one setting's themes leave ten gigabytes of removed files, which are kept for a day."""
        shutil.rmtree(self.data)


class Running(Gateway):
    """A server that somebody else has started."""

    def __init__(self, address: str) -> None:
        self.port = int(address.rpartition(":")[2])

    def start(self) -> None:
        """It runs."""

    def end(self, how: int) -> None:
        """Raises: AssertionError."""
        raise AssertionError("this test ends the server, and that of NFSGW_TEST_SERVER is not its to end")

    def finish(self) -> None:
        """It goes on."""

    def discard(self) -> None:
        """Its data are not ours."""


def gateway(folder: Path, settings: dict[str, str] | None = None, environment: dict[str, str] | None = None) -> Gateway:
    """A started gateway, or the server that NFSGW_TEST_SERVER names. Raises: AssertionError."""
    address = os.environ.get("NFSGW_TEST_SERVER")
    server = Running(address) if address else Gateway(folder, settings or {}, environment or {})
    server.start()
    return server


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
