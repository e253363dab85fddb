"""`nfsgw serve` and `nfsgw init`: a data directory is taken, served until a signal or a failure ends it, and let go.

Says in one line when it serves, to standard output and to the service manager ($NOTIFY_SOCKET). A second SIGTERM or
SIGINT ends at once what a first one lets finish.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Mapping

import uvloop

from nfsgw import logs
from nfsgw.cli import DONE, FAILED, Failure
from nfsgw.cli.show import compiled
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory, DataDirectoryError
from nfsgw.gateway import Gateway, StartError, namespace_settings
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.namespace import init as init_namespace

log = logging.getLogger(__name__)


def serve(config: Config) -> int:
    """Returns when the gateway has stopped. Failure: it could not start, or had to stop."""
    logs.set_up(config.text("log.level"), config.text("log.format"))
    if not compiled():
        log.info("the hot modules are not compiled: this works, several times slower")
    directory = DataDirectory(config.text("data.dir"))
    try:
        directory.make()
        directory.lock()
    except DataDirectoryError as error:
        raise Failure(str(error)) from error
    try:
        return uvloop.run(run(config, directory))
    except (StartError, NamespaceUnusable) as error:
        raise Failure(str(error)) from error
    finally:
        directory.unlock()


async def run(config: Config, directory: DataDirectory) -> int:
    gateway = Gateway(config, directory)
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await gateway.start()
    calm_collector()
    host, port = gateway.address
    print(f"ready: nfs4 on {host}:{port}, data in {directory.path}", flush=True)
    notify(os.environ, "READY=1\nSTATUS=serving")
    gateway.failed.add_done_callback(lambda _: asked.set())
    await asked.wait()
    if gateway.failed.done():
        message = gateway.failed.result()
        log.critical("stopping at once: %s", message)
        await gateway.stop(graceful=False)
        raise StartError(message)
    notify(os.environ, "STOPPING=1\nSTATUS=finishing what was begun")
    log.info("stopping: finishing what was begun")
    asked.clear()
    return await stop(gateway, asked)


def calm_collector() -> None:
    """Garbage in cycles is rare here (exceptions, closed connections), and a full collection walks every cached object
    while all clients wait: so it comes seldom, and never looks at what the start has made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def stop(gateway: Gateway, asked: asyncio.Event) -> int:
    """Stops in order; at once when asked a second time."""
    orderly = asyncio.create_task(gateway.stop())
    orderly.add_done_callback(lambda _: asked.set())
    await asked.wait()
    if orderly.done():
        orderly.result()
        log.info("stopped")
        return DONE
    if gateway.failed.done():
        log.critical("stopping at once: %s", gateway.failed.result())
    else:
        log.warning("stopping at once: asked again")
    orderly.cancel()
    await asyncio.wait([orderly])
    await gateway.stop(graceful=False)
    return FAILED


def init(config: Config) -> int:
    """A new filesystem in a data directory. Failure: there is one, or it cannot be made."""
    directory = DataDirectory(config.text("data.dir"))
    try:
        directory.make()
        directory.lock()
        init_namespace(directory.database, namespace_settings(config))
    except (DataDirectoryError, NamespaceUnusable) as error:
        raise Failure(str(error)) from error
    finally:
        directory.unlock()
    print(f"a new filesystem in {directory.path}")
    return DONE


def notify(environment: Mapping[str, str], message: str) -> None:
    """Tells the service manager, where there is one: a datagram to $NOTIFY_SOCKET (sd_notify(3))."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        try:
            sender.connect(address)
            sender.sendall(message.encode())
        except OSError as error:
            log.warning("the service manager cannot be told: %s", error)
