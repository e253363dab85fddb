"""The admin endpoint over HTTP: `/metrics` for Prometheus, `/healthz` (the process lives), `/readyz` (it can serve).

It only ever reads. A request is answered on the gateway's event loop, in a few milliseconds; nothing here may wait
for a disk or the object store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiohttp import web
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import CollectorRegistry

from nfsgw.rpc.transport import bind

CLOSE_WITHIN: Final = 1.0  # seconds that requests under way get at a stop


class HttpServer:
    """`unready` gives the reasons, in words, why the gateway cannot serve as it should; none when it can."""

    def __init__(self, registry: CollectorRegistry, unready: Callable[[], list[str]]) -> None:
        self.address = ""
        self._registry = registry
        self._unready = unready
        application = web.Application()
        application.router.add_get("/metrics", self._metrics)
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=CLOSE_WITHIN)

    async def start(self, endpoint: str) -> None:
        """`endpoint` is host:port, an IPv6 host in brackets. Raises OSError."""
        host, _, port = endpoint.rpartition(":")
        listening = bind(host.strip("[]"), int(port))
        try:
            listening.listen()  # uvloop's own goes on as if nothing were when it fails
            await self._runner.setup()
            await web.SockSite(self._runner, listening).start()
        except OSError:
            listening.close()
            await self._runner.cleanup()
            raise
        self.address = f"{host}:{listening.getsockname()[1]}"

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": content_type})

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, request: web.Request) -> web.Response:
        reasons = self._unready()
        if reasons:
            return web.Response(status=503, text="".join(f"not ready: {reason}\n" for reason in reasons))
        return web.Response(text="ready\n")
