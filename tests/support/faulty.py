"""An HTTP proxy before an S3 service that does to requests what networks and services do: late answers, refusals,
half an answer or none, other bytes.

It speaks HTTP/1.1 as S3 clients do (bodies by Content-Length or chunked) and passes on what it does not harm, byte for
byte: signatures stay valid, since the Host header stays. One fault at a time holds for all requests that it is meant
for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

LIMIT: Final = 1 << 20  # of a head


class Request:
    """`path` has the query; `body` is what came after the head, as it came."""

    def __init__(self, head: bytes, body: bytes) -> None:
        self.head = head
        self.body = body
        self.method, self.path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)


class Answer:
    def __init__(self, head: bytes, body: bytes) -> None:
        self.head = head
        self.body = body


class Cut(Exception):
    """The connection to the client ends here, without an answer or in the middle of it; `reset`: by RST."""

    def __init__(self, sent: bytes = b"", reset: bool = False) -> None:
        super().__init__()
        self.sent = sent
        self.reset = reset


class Fault:
    """Does nothing. `only` says which requests a fault is meant for; none: for all."""

    def __init__(self, only: Callable[[Request], bool] | None = None) -> None:
        self._only = only
        self.hits = 0

    def meant(self, request: Request) -> bool:
        if self._only is not None and not self._only(request):
            return False
        self.hits += 1
        return True

    async def before(self, request: Request) -> Answer | None:
        """Before it reaches the service; an Answer keeps it from there. Cut."""
        return None

    async def after(self, request: Request, answer: Answer) -> Answer:
        """What the service did is done. Cut."""
        return answer


class Refuses(Fault):
    """With a status and an error code of S3, and the service hears nothing of it."""

    def __init__(self, status: int, code: str, only: Callable[[Request], bool] | None = None) -> None:
        super().__init__(only)
        self._status = status
        self._code = code

    async def before(self, request: Request) -> Answer | None:
        body = f"<Error><Code>{self._code}</Code><Message>{self._code}</Message></Error>".encode()
        head = f"HTTP/1.1 {self._status} {self._code}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}"
        return Answer(head.encode(), b"" if request.method == "HEAD" else body)


class Slow(Fault):
    """Each request takes so many seconds more."""

    def __init__(self, seconds: float, only: Callable[[Request], bool] | None = None) -> None:
        super().__init__(only)
        self._seconds = seconds

    async def before(self, request: Request) -> Answer | None:
        await asyncio.sleep(self._seconds)
        return None


class Resets(Fault):
    """By turns before the service has heard of a request, and after it has done it."""

    async def before(self, request: Request) -> Answer | None:
        if self.hits % 2:
            raise Cut(reset=True)
        return None

    async def after(self, request: Request, answer: Answer) -> Answer:
        raise Cut(reset=True)


class Truncates(Fault):
    """The head says how long the body is, and half of it comes."""

    async def after(self, request: Request, answer: Answer) -> Answer:
        whole = answer.head + b"\r\n\r\n" + answer.body
        raise Cut(whole[: len(answer.head) + 4 + len(answer.body) // 2] if answer.body else whole[:-10])


class Damages(Fault):
    """One bit of each body is another one; length and status are right."""

    async def after(self, request: Request, answer: Answer) -> Answer:
        if answer.body:
            middle = len(answer.body) // 2
            flipped = bytes([answer.body[middle] ^ 1])
            answer.body = answer.body[:middle] + flipped + answer.body[middle + 1 :]
        return answer


class FaultyStore:
    """`async with` opens it. `down` refuses connections and ends those that there are, until `up`."""

    def __init__(self, endpoint: str) -> None:
        target = urlsplit(endpoint)
        assert target.hostname is not None
        assert target.port is not None
        self._target = (target.hostname, target.port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.fault: Fault | None = None
        self.port = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> FaultyStore:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while (request := await read_request(reader, writer)) is not None:
                answer = await self._answer(request)
                writer.write(answer.head + b"\r\n\r\n" + answer.body)
                await writer.drain()
        except Cut as cut:
            await self._cut(writer, cut)
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, request: Request) -> Answer:
        fault = self.fault
        if fault is None or not fault.meant(request):
            return await self._forward(request)
        answer = await fault.before(request)
        if answer is not None:
            return answer
        return await fault.after(request, await self._forward(request))

    async def _forward(self, request: Request) -> Answer:
        reader, writer = await asyncio.open_connection(*self._target, limit=LIMIT)
        try:
            writer.write(request.head + b"\r\n\r\n" + request.body)
            await writer.drain()
            while True:
                head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
                if not head.startswith(b"HTTP/1.1 100"):
                    break
            status = head.split(b" ", 2)[1]
            bodiless = request.method == "HEAD" or status in (b"204", b"304")
            return Answer(head, b"" if bodiless else await read_body(reader, head))
        finally:
            writer.close()

    @staticmethod
    async def _cut(writer: asyncio.StreamWriter, cut: Cut) -> None:
        with contextlib.suppress(OSError):
            writer.write(cut.sent)
            await writer.drain()
        if cut.reset:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


def header(head: bytes, name: bytes) -> bytes:
    """Its value, empty where there is none."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """None: the client has closed the connection. Who waits for leave to send a body gets it here."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
    except asyncio.IncompleteReadError:
        return None
    if header(head, b"expect"):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"expect:"))
    return Request(head, await read_body(reader, head))


async def read_body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """As it comes, the marks of a chunked one included."""
    length = header(head, b"content-length")
    if length:
        return await reader.readexactly(int(length))
    if header(head, b"transfer-encoding").lower() != b"chunked":
        return b""
    body = b""
    while True:
        mark = await reader.readuntil(b"\r\n")
        piece = await reader.readexactly(int(mark.split(b";")[0], 16) + 2)
        body += mark + piece
        if piece == b"\r\n":
            return body


def gets(request: Request) -> bool:
    """A read of an object, not a listing."""
    return request.method == "GET" and "list-type" not in request.path
