"""Measures the RPC layer alone: NULL calls and large echoes over loopback, in a server process of its own.

    python -m tests.bench.rpc [--seconds 2]

One send per call, as kernel clients do it. The server's CPU time per call is read from the server process, so a slow
load generator shows in the rate only, not in the µs. Not part of the test run.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import resource
import selectors
import socket
import time
from multiprocessing.connection import Connection as Pipe

import uvloop

from nfsgw.rpc.core import Call, Connection
from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, auth_sys
from nfsgw.rpc.records import record_mark
from nfsgw.rpc.transport import Server, bind
from nfsgw.wire.runtime import Writer

PROGRAM = 400100
MAXIMUM_RECORD = 1024 * 1024 + 64 * 1024
PROC_SINK = 1
PROC_SOURCE = 2


class Program:
    """SINK reads an opaque and says how long it was; SOURCE returns 1 MiB."""

    def __init__(self) -> None:
        self.number = PROGRAM
        self.versions: tuple[int, ...] = (1,)
        self.quiet_on_version_mismatch = False
        self.payload = bytes(1024 * 1024)

    def dispatch(self, call: Call) -> None:
        writer = call.reply()
        if call.procedure == PROC_SINK:
            writer.u32(len(call.args.bulk()))
        else:
            writer.bulk(self.payload)
        call.finish(writer)

    def connection_lost(self, connection: Connection) -> None:
        pass


def serve(pipe: Pipe) -> None:
    async def main() -> None:
        server = Server([Program()], MAXIMUM_RECORD)
        listening = bind("127.0.0.1", 0)
        await server.listen(listening)
        pipe.send(listening.getsockname()[1])
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()

        def asked() -> None:
            if pipe.recv() == "stop":
                stopped.set()
            else:
                used = resource.getrusage(resource.RUSAGE_SELF)
                pipe.send(used.ru_utime + used.ru_stime)

        loop.add_reader(pipe.fileno(), asked)
        await stopped.wait()
        await server.shut_down(1)

    uvloop.run(main())


def call(procedure: int, args: bytes) -> bytes:
    writer = Writer()
    for value in (7, 0, 2, PROGRAM, 1, procedure):
        writer.u32(value)
    writer.raw(auth_sys(1000, 1000, (4, 24, 27, 100), b"bench"))
    writer.raw(OPAQUE_AUTH_NONE)
    writer.raw(args)
    message = writer.getvalue()
    return record_mark(len(message)) + message


class Client:
    """One connection of the load generator, and how much of a reply is there."""

    def __init__(self, port: int) -> None:
        self.stream = socket.create_connection(("127.0.0.1", port))
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = 0


def load(
    port: int, message: bytes, reply_size: int, connections: int, window: int, seconds: float
) -> tuple[int, float]:
    """Keeps `window` calls of every connection under way. Returns (calls answered, seconds)."""
    selector = selectors.DefaultSelector()
    buffer = bytearray(4 * 1024 * 1024)
    clients = [Client(port) for _ in range(connections)]
    for client in clients:
        selector.register(client.stream, selectors.EVENT_READ, client)
        for _ in range(window):
            client.stream.sendall(message)
    answered = 0
    start = time.perf_counter()
    end = start + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select():
            client = key.data
            client.pending += client.stream.recv_into(buffer)
            while client.pending >= reply_size:
                client.pending -= reply_size
                answered += 1
                client.stream.sendall(message)
    took = time.perf_counter() - start
    for client in clients:
        client.stream.close()
    return answered, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds = parser.parse_args().seconds
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=serve, args=(theirs,))
    process.start()
    port = ours.recv()
    megabyte = Writer()
    megabyte.bulk(os.urandom(1024 * 1024))
    null, sink, source = call(0, b""), call(PROC_SINK, megabyte.getvalue()), call(PROC_SOURCE, b"")
    rows = [
        ("NULL, window 1", null, 28, 1, 1),
        ("NULL, window 16", null, 28, 1, 16),
        ("NULL, 4 connections x 16", null, 28, 4, 16),
        ("1 MiB in, window 1", sink, 32, 1, 1),
        ("1 MiB in, window 4", sink, 32, 1, 4),
        ("1 MiB out, window 4", source, 32 + 1024 * 1024, 1, 4),
    ]
    for name, message, reply_size, connections, window in rows:
        ours.send("cpu")
        before = ours.recv()
        answered, took = load(port, message, reply_size, connections, window, seconds)
        ours.send("cpu")
        cpu = ours.recv() - before
        print(
            f"{name:28} {answered / took:10.0f}/s   {cpu / max(answered, 1) * 1e6:8.2f} us of CPU per call", flush=True
        )
    ours.send("stop")
    process.join()


if __name__ == "__main__":
    main()
