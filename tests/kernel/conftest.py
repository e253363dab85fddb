"""Fixtures: a gateway in a process of its own, and guests that mount it.

The gateway is the package that this Python imports. Where guests cannot be made (no root, no packages) the tests
fail and say why.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.harness import Fleet

READY_WITHIN = 30.0
STOP_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gateway:
    """`nfsgw serve` on a data directory of its own; the port stays the same over restarts."""

    def __init__(self, folder: Path, settings: dict[str, str], environment: dict[str, str]) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.log = folder / "gateway.log"
        self.settings = {"nfs.lease_seconds": "10", "nfs.grace_seconds": "10", **settings}
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "nfsgw", "serve", "--data-dir", str(self.data)]
        command += ["--listen", "127.0.0.1", "--port", str(self.port)]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment}
            )
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the gateway did not start:\n{self.log.read_text()}")

    def end(self, how: int) -> None:
        """Sends the signal and waits for the end. Raises: AssertionError when SIGTERM does not end it in order."""
        process = self.process
        assert process is not None
        process.send_signal(how)
        status = process.wait(STOP_WITHIN)
        self.process = None
        if how == signal.SIGTERM:
            assert status == 0, f"the gateway ended with {status}:\n{self.log.read_text()}"

    def restart(self, how: int = signal.SIGTERM) -> None:
        self.end(how)
        self.start()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """On the embedded default: SQLite and a local object directory."""
    running = Gateway(tmp_path, {}, {})
    running.start()
    try:
        yield running
    finally:
        finish(running)


def finish(running: Gateway) -> None:
    """Ends it in order; whatever it logged as an error fails the test."""
    if running.process is not None:
        running.end(signal.SIGTERM)
    text = running.log.read_text()
    assert "Traceback" not in text, text
    assert " error " not in text, text


def fleet(running: Gateway, clients: int = 1, kernel: str = "trixie") -> Fleet:
    return Fleet(running.port, clients, kernel)
