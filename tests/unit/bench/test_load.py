"""The load generator counts nothing that it has not seen done."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench import loadgen


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NFSGW_BENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield loadgen.build()


@contextmanager
def server_that_answers(body: bytes) -> Iterator[int]:
    """A port whose one connection gets `body`, behind a record mark and its xid, for its first call, then its end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            call = connection.recv(65536)
            if body:
                connection.sendall(struct.pack(">I", 0x80000000 | 4 + len(body)) + call[4:8] + body)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def outcome(program: Path, port: int) -> tuple[int, str, str]:
    done = subprocess.run(
        [program, "--port", str(port), "--work", "getattr", "--seconds", "0.1"],
        text=True,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_server_that_hangs_up_is_no_measurement(program: Path) -> None:
    with server_that_answers(b"") as port:
        assert outcome(program, port) == (1, "", "load: the server closed the connection\n")


def test_a_denied_call_is_no_measurement(program: Path) -> None:
    with server_that_answers(struct.pack(">III", 1, 1, 0)) as port:
        assert outcome(program, port) == (1, "", "load: the server denied a call\n")


def test_a_failed_operation_is_no_measurement(program: Path) -> None:
    accepted = struct.pack(">IIIII", 1, 0, 0, 0, 0)
    refused = struct.pack(">III", 10021, 0, 0)
    with server_that_answers(accepted + refused) as port:
        assert outcome(program, port) == (1, "", "load: EXCHANGE_ID: status 10021\n")


def test_a_reply_that_ends_too_early_is_no_measurement(program: Path) -> None:
    with server_that_answers(struct.pack(">IIIII", 1, 0, 0, 0, 0) + b"\0\0\0\0") as port:
        assert outcome(program, port) == (1, "", "load: a reply ends too early\n")
