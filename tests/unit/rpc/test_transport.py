"""The transport on real sockets over loopback."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from nfsgw.rpc.core import Limits
from nfsgw.rpc.transport import Server, bind
from tests.unit.rpc.peer import ECHO, LATER, MAXIMUM_RECORD, Program, accepted, call_message, opaque, record

SUCCESS = 0


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, *messages: bytes) -> None:
        self.writer.write(b"".join(record(message) for message in messages))

    async def reply(self) -> bytes:
        (mark,) = struct.unpack(">I", await self.reader.readexactly(4))
        return await self.reader.readexactly(mark & 0x7FFFFFFF)

    async def ended(self) -> bool:
        """Whether the stream ends with nothing more to read."""
        try:
            return await self.reader.read() == b""
        except ConnectionResetError:
            return True


class Site:
    """A server on a port of its own and what a test needs to look into it."""

    def __init__(self, program: Program, server: Server, port: int) -> None:
        self.program = program
        self.server = server
        self.port = port

    async def client(self) -> Client:
        return Client(*await asyncio.open_connection("127.0.0.1", self.port))

    async def until(self, condition: Callable[[], bool]) -> None:
        for _ in range(10_000):
            if condition():
                return
            await asyncio.sleep(0.001)
        raise AssertionError("what was waited for never came")


def on_a_server(
    test: Callable[[Site], Awaitable[None]], maximum_connections: int = 10, limits: Limits | None = None
) -> None:
    async def main() -> None:
        program = Program()
        server = Server([program], MAXIMUM_RECORD, maximum_connections, limits)
        listening = bind("127.0.0.1", 0)
        await server.listen(listening)
        await test(Site(program, server, listening.getsockname()[1]))
        await server.shut_down(0.1)

    uvloop.run(main())


def test_calls_of_several_connections_are_answered_each_on_its_own() -> None:
    async def test(site: Site) -> None:
        clients = [await site.client() for _ in range(4)]
        for number, client in enumerate(clients):
            client.send(*[call_message(ECHO, opaque(b"%d" % number), xid=xid) for xid in range(20)])
        for number, client in enumerate(clients):
            for xid in range(20):
                assert await client.reply() == accepted(xid, SUCCESS, opaque(b"%d" % number))

    on_a_server(test)


def test_large_payloads_go_through_whole_in_both_directions() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        payloads = [bytes([seed]) * (1024 * 1024) for seed in range(8)]
        client.send(*[call_message(ECHO, opaque(payload), xid=xid) for xid, payload in enumerate(payloads)])
        for xid, payload in enumerate(payloads):
            assert await client.reply() == accepted(xid, SUCCESS, opaque(payload))

    on_a_server(test)


def test_a_call_is_answered_after_its_dispatch_returned() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message(LATER, xid=1), call_message(ECHO, opaque(b"x"), xid=2))
        assert await client.reply() == accepted(2, SUCCESS, opaque(b"x"))
        call = site.program.later[0]
        call.finish(call.reply())
        assert await client.reply() == accepted(1, SUCCESS)

    on_a_server(test)


def test_sockets_send_at_once_and_probe_idle_peers() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message())
        await client.reply()
        stream = next(iter(site.server.connections.values()))
        assert stream.transport is not None
        connected = stream.transport.get_extra_info("socket")
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60

    on_a_server(test)


def test_a_connection_past_the_limit_is_closed_and_the_others_live(caplog: pytest.LogCaptureFixture) -> None:
    async def test(site: Site) -> None:
        clients = [await site.client() for _ in range(2)]
        for client in clients:
            client.send(call_message())
            await client.reply()
        assert await (await site.client()).ended()
        clients[0].writer.close()
        await site.until(lambda: len(site.server.connections) == 1)
        again = await site.client()
        again.send(call_message())
        assert await again.reply() == accepted(0x1234, SUCCESS)

    with caplog.at_level(logging.WARNING):
        on_a_server(test, maximum_connections=2)
    assert "which is the most" in caplog.text


def test_a_broken_stream_is_closed() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await client.ended()
        await site.until(lambda: len(site.program.lost) == 1)

    on_a_server(test)


def test_a_peer_with_too_many_calls_is_not_read_from_until_one_is_answered() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(*[call_message(LATER, xid=xid) for xid in range(10)])
        await site.until(lambda: len(site.program.later) == 4)
        connection = site.program.later[0].connection
        for number in range(10):
            await site.until(lambda: bool(site.program.later))
            assert connection.outstanding == min(4, 10 - number)
            call = site.program.later.pop(0)
            call.finish(call.reply())
            assert await client.reply() == accepted(number, SUCCESS)

    on_a_server(test, limits=Limits(outstanding_calls=4))


def test_a_peer_that_does_not_read_its_replies_is_not_read_from() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message(ECHO, opaque(b"first"), xid=1))
        await client.reply()
        connection = next(iter(site.server.connections.values())).connection
        assert connection is not None
        payload = opaque(bytes(1024 * 1024))
        count = 40
        sender = asyncio.create_task(
            send_slowly(client, [call_message(ECHO, payload, xid=xid) for xid in range(count)])
        )
        await site.until(lambda: connection.congested)
        assert len(site.program.seen) < count
        for xid in range(count):
            assert await client.reply() == accepted(xid, SUCCESS, payload)
        await sender
        await site.until(lambda: not connection.congested)

    on_a_server(test)


async def send_slowly(client: Client, messages: list[bytes]) -> None:
    for message in messages:
        client.send(message)
        await client.writer.drain()


def test_a_peer_that_sends_no_more_still_gets_what_it_asked_for() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message(LATER))
        client.writer.write_eof()
        await site.until(lambda: len(site.program.later) == 1)
        call = site.program.later[0]
        call.finish(call.reply())
        assert await client.reply() == accepted(0x1234, SUCCESS)
        assert await client.ended()

    on_a_server(test)


def test_an_answer_that_was_given_just_before_the_peer_ended_is_sent() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message(LATER))
        await site.until(lambda: len(site.program.later) == 1)
        stream = next(iter(site.server.connections.values()))
        call = site.program.later[0]
        call.finish(call.reply())
        assert stream.eof_received(), "the loop would close before the answer is written"
        assert await client.reply() == accepted(0x1234, SUCCESS)
        assert await client.ended()

    on_a_server(test)


def test_shutting_down_finishes_what_was_begun_and_takes_nothing_new() -> None:
    async def test(site: Site) -> None:
        client, idle = await site.client(), await site.client()
        client.send(call_message(LATER, xid=1))
        await site.until(lambda: len(site.program.later) == 1 and len(site.server.connections) == 2)
        ending = asyncio.create_task(site.server.shut_down(10))
        assert await idle.ended()
        client.send(call_message(ECHO, opaque(b"too late"), xid=2))
        call = site.program.later[0]
        call.finish(call.reply())
        assert await client.reply() == accepted(1, SUCCESS)
        assert await client.ended()
        assert await ending == 0
        with pytest.raises(ConnectionRefusedError):
            await site.client()

    on_a_server(test)


def test_shutting_down_cuts_off_what_does_not_end_in_time() -> None:
    async def test(site: Site) -> None:
        client = await site.client()
        client.send(call_message(LATER))
        await site.until(lambda: len(site.program.later) == 1)
        assert await site.server.shut_down(0.05) == 1
        assert await client.ended()
        assert len(site.program.lost) == 1

    on_a_server(test)


def test_a_port_in_use_is_an_os_error() -> None:
    with bind("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", first.getsockname()[1])


def test_a_port_that_another_process_listens_on_since_it_was_bound_is_an_os_error() -> None:
    async def test(site: Site) -> None:
        with bind("127.0.0.1", 0) as first, bind("127.0.0.1", first.getsockname()[1]) as second:
            first.listen()
            with pytest.raises(OSError, match="in use"):
                await site.server.listen(second)

    on_a_server(test)
