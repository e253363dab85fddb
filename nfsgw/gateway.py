"""The composition root: builds the parts from a configuration, gives them clock and chance, and ends them in order.

The only module that knows all parts; it holds no protocol and no storage logic. Order of a stop: no more calls, finish
what was begun, make data durable, close the namespace; a failed commit or sync skips all that, for only what is durable
is true then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any, Final

from nfsgw import __version__, failpoints
from nfsgw.admin.health import problems, unready
from nfsgw.admin.http import HttpServer
from nfsgw.admin.protocol import AdminError, AdminServer
from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreError
from nfsgw.config import Config
from nfsgw.config.keys import KEYS
from nfsgw.datadir import DataDirectory
from nfsgw.lineage import OWN, REPLACED, recognise
from nfsgw.metrics.collector import registry
from nfsgw.metrics.counts import DELEGATION_KINDS
from nfsgw.metrics.lag import LoopLag
from nfsgw.metrics.look import Look
from nfsgw.metrics.survey import Survey
from nfsgw.namespace.holdings import Holdings
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.recovery import NamespaceRecoveryStore
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.nfs4.callbacks.sender import BackChannels
from nfsgw.nfs4.compound import Services
from nfsgw.nfs4.engine import Engine, release
from nfsgw.nfs4.minor0.callbacks import EitherChannels, OldChannels
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.nfs4.state.state import State
from nfsgw.rpc.core import Limits
from nfsgw.rpc.dialling import SocketDialler
from nfsgw.rpc.transport import Server, bind
from nfsgw.settings import (
    engine_settings,
    fill_chunk_settings,
    namespace_settings,
    state_settings,
    store_options,
    store_url,
)
from nfsgw.warmup import Warmup, Warmups

log = logging.getLogger(__name__)

SWEEP_EVERY: Final = 1.0  # seconds between two looks at leases and grace
RECORD_OVERHEAD: Final = 4096  # of a record, beyond the largest request of a session: RPC header and credential


class StartError(Exception):
    """The gateway cannot start. `str()` is one line for the operator."""


def size_of(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


class LoopTimers:
    """The Timers door over the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def after(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        return self._loop.call_later(seconds, callback).cancel


class Gateway:
    """One running gateway. `start` on the loop it lives on, `stop` at the end; `failed` is done when it must stop by
    itself."""

    def __init__(self, config: Config, directory: DataDirectory) -> None:
        self.address = ("", 0)
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._config = config
        self._directory = directory
        self._loop = asyncio.get_running_loop()
        self._started = time.monotonic()
        self._warmups = Warmups(self._warmup)
        self._chunk_settings = ChunkSettings()
        self._state_settings: StateSettings | None = None
        self._namespace: Namespace | None = None
        self._chunks: Chunks | None = None
        self._state: State | None = None
        self._services: Services | None = None
        self._server: Server | None = None
        self._dialler: SocketDialler | None = None
        self._engine: Engine | None = None
        self._admin: AdminServer | None = None
        self._http: HttpServer | None = None
        self._http_error = ""
        self._lag = LoopLag()
        self._survey = Survey(directory.database, lambda: self._chunk_settings.sweep_every)
        self._stopping = False
        self._sweeping: asyncio.TimerHandle | None = None
        self._orphans_swept = False
        self._answered = 0  # replies of earlier runs that were told, as last logged

    async def start(self, listening: socket.socket | None = None) -> None:
        """Serves when it returns. StartError, StoreError, NamespaceUnusable, DataDirectoryError, OSError: one line
        each; what was begun is ended again."""
        try:
            await self._start(listening)
        except BaseException:
            await self.stop(graceful=False)
            raise

    async def _start(self, listening: socket.socket | None) -> None:
        config = self._config
        host, port = config.text("server.listen"), config.integer("server.port")
        if listening is None:
            try:
                listening = bind(host, port)
            except OSError as error:
                raise StartError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
        names = namespace_settings(config)
        if not self._directory.is_initialised():
            init(self._directory.database, names)
            log.info("a new filesystem in %s", self._directory.path)
        self._recognise(names)
        namespace = Namespace.open(
            self._directory.database, names, self._loop.call_soon, self._loop.call_soon_threadsafe, self._fail
        )
        self._namespace = namespace
        url = store_url(config, self._directory)
        fill_chunk_settings(self._chunk_settings, config)
        try:
            chunks = Chunks(
                self._directory.chunks, namespace, url, store_options(config), self._chunk_settings, self._fail
            )
        except ValueError as error:
            raise StartError(f"store.url: {error}") from error
        self._chunks = chunks
        try:
            await chunks.start()
        except StoreError as error:
            raise StartError(f"the object store {url} cannot be used: {error}") from error
        self._state_settings = state_settings(config, namespace.fsid_major)
        state = State(
            self._state_settings,
            NamespaceRecoveryStore(namespace),
            secrets.token_bytes,
            self._released,
            time.monotonic(),
            LoopTimers(self._loop),
        )
        channels = BackChannels(state.timers, state.settings.lease_seconds, state.refresh_path, state.counts)
        dialler = SocketDialler(self._loop)
        self._dialler = dialler
        old_channels = OldChannels(dialler, state.timers, state.settings.lease_seconds, state.counts)
        state.callbacks = EitherChannels(old_channels, channels)
        state.paths = channels
        state.minor0.reach = old_channels
        self._state = state
        self._services = Services(
            namespace, chunks, state, engine_settings(config, names), time.time_ns, time.monotonic
        )
        largest = max(state.settings.max_request_size, state.settings.max_response_size)
        self._engine = Engine(self._services)
        server = Server(
            [self._engine],
            largest + RECORD_OVERHEAD,
            config.integer("server.max_connections"),
            Limits(config.integer("server.max_outstanding"), config.integer("server.max_outstanding_bytes")),
        )
        self._server = server
        admin = AdminServer(
            config.text("admin.socket") or self._directory.admin_socket,
            {
                "status": self.status,
                "clients": self._clients,
                "sessions": self._sessions,
                "opens": state.opens,
                "locks": state.locks,
                "delegations": self._delegations,
                "uploads": self._uploads,
            },
            {"warmup": self._warmups.order, "evict": self._evict},
        )
        try:
            await admin.start()
        except OSError as error:
            raise StartError(f"the admin socket cannot be made: {error.strerror or error}") from error
        self._admin = admin
        try:
            await server.listen(listening)
        except OSError as error:
            raise StartError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
        name = listening.getsockname()
        self.address = (str(name[0]), int(name[1]))
        self._lag.start()
        self._survey.start()
        await self._start_http(config.text("admin.http"))
        self._sweeping = self._loop.call_later(SWEEP_EVERY, self._sweep)
        log.info("serving %s from %s on %s:%d", self._directory.path, url, self.address[0], self.address[1])

    def _recognise(self, names: NamespaceSettings) -> None:
        try:
            origin = recognise(self._directory, names)
        except OSError as error:
            raise StartError(f"{self._directory.path}: {error.strerror} ({error.filename})") from error
        if origin != OWN:
            log.warning(
                "the database is not the one that was served here last: it counts as an older state that was put back."
                " Clients get a whole grace period, `nfsgw gc` waits for `nfsgw fsck --repair`"
            )
        if origin == REPLACED:
            log.warning("the staging files belong to the database that was replaced, and are set aside")

    async def _start_http(self, endpoint: str) -> None:
        """Metrics that cannot be served are no reason not to serve files."""
        if not endpoint:
            return
        http = HttpServer(registry(self._look), lambda: unready(self.status()))
        try:
            await http.start(endpoint)
        except OSError as error:
            self._http_error = f"admin.http {endpoint}: {os.strerror(error.errno) if error.errno else error}"
            log.warning("no metrics are served: %s", self._http_error)
            return
        self._http = http

    async def stop(self, graceful: bool = True) -> None:
        """Ends all parts in order. Not graceful (a commit failed, or the start did): leaves what a crash would
        leave."""
        self._stopping = True
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        if self._server is not None:
            seconds = self._config.number("server.shutdown_seconds") if graceful else 0.0
            cut_off = await self._server.shut_down(seconds)
            if cut_off and graceful:
                log.warning("%d connections had calls that did not end in %g seconds", cut_off, seconds)
            self._server = None
        if self._dialler is not None:
            self._dialler.close()
            self._dialler = None
        if self._admin is not None:
            await self._admin.close()
            self._admin = None
        if self._http is not None:
            await self._http.close()
            self._http = None
        self._lag.stop()
        await self._survey.stop()
        await self._warmups.close()
        chunks, namespace = self._chunks, self._namespace
        self._chunks = None
        self._namespace = None
        if graceful:
            if chunks is not None:
                await chunks.close()
            if failpoints.ARMED:
                failpoints.reached("stop.flushed")
            if namespace is not None:
                await namespace.close()
        else:
            if namespace is not None:
                namespace.abandon()
            if chunks is not None:
                await chunks.abandon()

    def reload(self, config: Config) -> tuple[list[str], list[str]]:
        """Takes over the keys that can change while it serves. Returns the names of those that it took, and of those
        that changed and wait for a restart. The log is the caller's."""
        changed = [key for key in KEYS if config.values[key.name] != self._config.values[key.name]]
        for key in changed:
            if key.reload:
                self._config.set(key, config.values[key.name], config.origins[key.name])
        fill_chunk_settings(self._chunk_settings, self._config)
        if self._state_settings is not None:
            self._state_settings.courtesy_seconds = self._config.number("nfs.courtesy_seconds")
        return [key.name for key in changed if key.reload], [key.name for key in changed if not key.reload]

    # -- what the parts report

    def _fail(self, message: str) -> None:
        """A commit or a sync failed: the cache has shown what will never be durable. Nothing more may be answered."""
        if not self.failed.done():
            self.failed.set_result(message)

    def _released(self, inode_id: int) -> None:
        if self._services is not None:
            release(self._services, inode_id)

    def _sweep(self) -> None:
        self._sweeping = self._loop.call_later(SWEEP_EVERY, self._sweep)
        if self._state is None or self._namespace is None or self._chunks is None:
            return
        now = time.monotonic()
        self._state.sweep(now)
        answered = self._state.replays.answered
        if answered != self._answered:
            log.info("%d requests of before the restart were answered again", answered - self._answered)
            self._answered = answered
        if not self._orphans_swept and not self._state.in_grace(now):
            # who had such a file open before the restart has reclaimed it by now, or never will
            self._orphans_swept = True
            for inode_id in self._namespace.sweep_orphans():
                self._chunks.forget(inode_id)

    # -- what is told of it

    def status(self) -> dict[str, object]:
        """Plain values: what `nfsgw status --json` prints."""
        look = self._look()
        namespace, state, now = look.namespace, look.state, look.now
        objects, used = namespace.usage()
        inodes, names, listed = namespace.cache_sizes()
        delegations = state.counts.delegations
        status: dict[str, object] = {
            "version": __version__,
            "pid": os.getpid(),
            "uptime_seconds": now - self._started,
            "address": f"{self.address[0]}:{self.address[1]}",
            "data_dir": self._directory.path,
            "store": store_url(self._config, self._directory),
            "http": "" if self._http is None else self._http.address,
            "http_error": self._http_error,
            "stopping": self._stopping,
            "database_error": namespace.unusable(),
            "disk_tight": namespace.is_tight(),
            "loop_lag_seconds": self._lag.worst,
            "in_grace": state.in_grace(now),
            "grace": {
                "seconds_left": max(0.0, state.grace.ends - now),
                "awaited": len(state.grace.awaited),
                "after_restore": state.grace.rolled_back,
            },
            "unchecked_restore": namespace.restored,
            "log_bytes": size_of(f"{self._directory.database}-wal"),
            "boots": namespace.boots,
            "connections": look.connections(),
            "clients": len(state.table.by_id),
            "without_callbacks": [client.owner.decode("utf-8", "replace") for client in state.without_callbacks()],
            "sessions": len(state.by_sessionid),
            "opens": state.files.open_count,
            "locks": len(state.locks()),
            "delegations": dict(zip(DELEGATION_KINDS, delegations.held, strict=True)),
            "operations": sum(of.done for of in state.counts.operations) + sum(state.counts.errors.values()),
            "read_bytes": state.counts.bytes_read,
            "written_bytes": state.counts.bytes_written,
            "objects": objects,
            "used_bytes": used,
            "commits": {"durable": namespace.durable, "latest": namespace.latest()},
            "cache": {"inodes": inodes, "names": names, "listed": listed},
            "chunks": look.chunks,
            "holdings": None if self._survey.holdings is None else self._survey.holdings.plain(),
        }
        status["problems"] = problems(status)
        return status

    def _look(self) -> Look:
        """RuntimeError while nothing is served."""
        namespace, chunks, state, engine = self._namespace, self._chunks, self._state, self._engine
        if namespace is None or chunks is None or state is None or engine is None:
            raise RuntimeError("not serving")
        return Look(
            namespace,
            chunks,
            state,
            engine,
            self._lag,
            self._connections,
            self._started,
            time.monotonic(),
            self._survey.holdings or Holdings(),
        )

    def _connections(self) -> int:
        return 0 if self._server is None else len(self._server.connections)

    def _uploads(self) -> object:
        """For `nfsgw gc`: which filesystem is served, and the objects that its tree does not name yet but may."""
        namespace, chunks = self._namespace, self._chunks
        if namespace is None or chunks is None:
            raise RuntimeError("not serving")
        return {"filesystem": f"{namespace.fsid_major:016x}", "in_flight": chunks.uploads_in_flight()}

    def _warmup(self, path: str) -> Warmup:
        namespace, chunks = self._namespace, self._chunks
        if namespace is None or chunks is None:
            raise RuntimeError("not serving")
        return Warmup(namespace, chunks, path)

    def _clients(self) -> object:
        return [] if self._state is None else self._state.clients(time.monotonic())

    def _evict(self, order: dict[str, Any]) -> object:
        """AdminError: there is no such client."""
        named = order.get("client")
        try:
            clientid = int(str(named), 16)
        except ValueError:
            raise AdminError(f"{named!r} is not the number of a client: `nfsgw clients` lists them") from None
        state = self._state
        client = None if state is None else state.table.by_id.get(clientid)
        if state is None or client is None:
            raise AdminError(f"there is no client {named}: `nfsgw clients` lists them")
        owner = client.owner.decode("utf-8", "backslashreplace")
        state.evict(clientid, time.monotonic())
        log.warning("client %016x (%s, %s) was evicted by an operator", clientid, owner, client.address)
        return f"{owner} holds nothing any more; it may come back as a new client"

    def _delegations(self) -> object:
        return [] if self._state is None else self._state.delegations(time.monotonic())

    def _sessions(self) -> object:
        return [] if self._state is None else self._state.sessions(time.monotonic())
