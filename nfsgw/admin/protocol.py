"""The admin protocol: one line of JSON asks, one line answers; over a Unix socket that only its owner may open.

A question is `{"ask": NAME}`, an order has arguments beside that; the answer is `{"answer": ...}` or `{"error":
"why"}`. Nothing here changes the tree. A path too long for a Unix address is reached through its directory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import stat
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

LINE_LIMIT = 64 * 1024
ADDRESS_LIMIT = 100  # bytes; the kernel's is 108


class AdminError(Exception):
    """No answer. `str()` is one line for the operator."""


class NoGateway(AdminError):
    """Nobody listens on the socket."""


Order = Callable[[dict[str, Any]], object]


class AdminServer:
    """Answers the questions it is given functions for."""

    def __init__(
        self, path: str, questions: dict[str, Callable[[], object]], orders: dict[str, Order] | None = None
    ) -> None:
        """An order is given all that was asked, and may refuse it by AdminError."""
        self._path = path
        self._questions = questions
        self._orders = orders or {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Raises OSError. A socket that an earlier gateway left behind is replaced: the data directory's lock says that
        it is gone."""
        remove_socket(self._path)
        bound = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            with Address(self._path) as address:
                bound.bind(address)
        except OSError:
            bound.close()
            raise
        finally:
            os.umask(before)
        self._server = await asyncio.start_unix_server(self._serve, sock=bound, limit=LINE_LIMIT)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            for writer in list(self._open):
                writer.close()
            remove_socket(self._path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self._answer(line), default=str).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.debug("an admin connection ended early")
        finally:
            self._open.discard(writer)
            writer.close()

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            question = json.loads(line)
        except ValueError:
            return {"error": "the question is not JSON"}
        name = question.get("ask") if isinstance(question, dict) else None
        answer = self._questions.get(name) if isinstance(name, str) else None
        order = self._orders.get(name) if isinstance(name, str) else None
        if answer is None and order is None:
            known = ", ".join(sorted([*self._questions, *self._orders]))
            return {"error": f"there is no question {name!r}; there are {known}"}
        try:
            return {"answer": order(question) if order is not None else answer() if answer is not None else None}
        except AdminError as error:
            return {"error": str(error)}
        except Exception:
            log.exception("the admin question %s failed", name)
            return {"error": "internal error, see the gateway's log"}


def remove_socket(path: str) -> None:
    """Nothing but a socket is removed, whatever the path says."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISSOCK(os.lstat(path).st_mode):
            os.unlink(path)


def ask(path: str, name: str, /, seconds: float = 10.0, **arguments: object) -> object:
    """Asks the gateway that listens on `path`, or gives it an order. NoGateway, AdminError."""
    asking = socket.socket(socket.AF_UNIX)
    asking.settimeout(seconds)
    with asking:
        try:
            with Address(path) as address:
                asking.connect(address)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            raise NoGateway(f"no gateway is running: nobody listens on {path}") from None
        except OSError as error:
            raise AdminError(f"{path}: {error.strerror}") from None
        try:
            asking.sendall(json.dumps({"ask": name, **arguments}).encode() + b"\n")
            line = asking.makefile("rb").readline()
        except OSError as error:
            raise AdminError(f"{path}: the gateway does not answer: {error}") from None
    if not line:
        raise AdminError(f"{path}: the gateway closed the connection without an answer")
    answer = json.loads(line)
    if "error" in answer:
        raise AdminError(str(answer["error"]))
    found: object = answer["answer"]
    return found


class Address:
    """A path as a Unix address, within the kernel's limit."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._directory = -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) <= ADDRESS_LIMIT:
            return self._path
        folder, name = os.path.split(self._path)
        self._directory = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        return f"/proc/self/fd/{self._directory}/{name}"

    def __exit__(self, *_: object) -> None:
        if self._directory >= 0:
            os.close(self._directory)
