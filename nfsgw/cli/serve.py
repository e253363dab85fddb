"""`nfsgw serve` and `nfsgw init`: a data directory is taken, served until a signal or a failure ends it, and let go.

Says in one line when it serves, to standard output and to the service manager. SIGHUP reads the configuration again. A
second SIGTERM or SIGINT ends at once what a first one lets finish.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable

import uvloop

from nfsgw import logs
from nfsgw.cli import DONE, FAILED, Failure
from nfsgw.cli.show import compiled
from nfsgw.config import Config, ConfigError
from nfsgw.datadir import DataDirectory, DataDirectoryError
from nfsgw.gateway import Gateway, LoopTimers, StartError
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.namespace import init as init_namespace
from nfsgw.service import Service, ServiceError, service
from nfsgw.settings import namespace_settings

log = logging.getLogger(__name__)


def serve(config: Config, read_again: Callable[[], Config]) -> int:
    """Returns when the gateway has stopped. `read_again` reads the configuration from where it came from, at SIGHUP.
    Failure: it could not start, or had to stop."""
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
        return uvloop.run(run(config, directory, read_again, service()))
    except (StartError, ServiceError, NamespaceUnusable) as error:
        raise Failure(str(error)) from error
    finally:
        directory.unlock()


async def run(config: Config, directory: DataDirectory, read_again: Callable[[], Config], manager: Service) -> int:
    gateway = Gateway(config, directory)
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    loop.add_signal_handler(signal.SIGHUP, log.info, "asked to reload before there is something to reload")
    listening = manager.inherited()
    if listening is not None:
        log.info("the listening socket is the service manager's: server.listen and server.port are not used")
    await gateway.start(listening)
    calm_collector()
    host, port = gateway.address
    print(f"ready: nfs4 on {host}:{port}, data in {directory.path}", flush=True)
    serving = f"serving on {host}:{port}"
    loop.add_signal_handler(signal.SIGHUP, reload, gateway, read_again, manager, serving)
    manager.ready(serving)
    manager.feed(LoopTimers(loop))
    gateway.failed.add_done_callback(lambda _: asked.set())
    await asked.wait()
    if gateway.failed.done():
        message = gateway.failed.result()
        log.critical("stopping at once: %s", message)
        await gateway.stop(graceful=False)
        raise StartError(message)
    manager.stopping("finishing what was begun")
    log.info("stopping: finishing what was begun")
    asked.clear()
    return await stop(gateway, asked)


def reload(gateway: Gateway, read_again: Callable[[], Config], manager: Service, serving: str) -> None:
    """Takes over what can be changed while it serves. A configuration with a mistake changes nothing."""
    manager.reloading()
    try:
        config = read_again()
    except ConfigError as error:
        log.error("not reloaded, everything stays as it was: %s", error)
        manager.ready(f"{serving}; the last reload failed: {error}")
        return
    taken, waiting = gateway.reload(config)
    logs.set_up(config.text("log.level"), config.text("log.format"))
    log.info("reloaded: %s", ", ".join(taken) or "nothing has changed")
    if waiting:
        log.warning("changed, and in force only after a restart: %s", ", ".join(waiting))
    manager.ready(serving + (f"; a restart is needed for {', '.join(waiting)}" if waiting else ""))


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
