"""The admin endpoint over real HTTP."""

from __future__ import annotations

import asyncio
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
import uvloop
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from nfsgw.admin.http import HttpServer
from nfsgw.rpc.transport import bind

Answer = tuple[int, str, str]


class Counting(Collector):
    def __init__(self) -> None:
        self.asked = 0

    def collect(self) -> Iterator[Metric]:
        self.asked += 1
        yield GaugeMetricFamily("asked", "How often.", self.asked)

    def describe(self) -> list[Metric]:
        return []


def get(address: str, path: str, accept: str = "text/plain") -> Answer:
    request = urllib.request.Request(f"http://{address}{path}", headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers["Content-Type"], response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def served(unready: Callable[[], list[str]], *asks: tuple[str, str]) -> list[Answer]:
    async def main() -> list[Answer]:
        registry = CollectorRegistry()
        registry.register(Counting())
        server = HttpServer(registry, unready)
        await server.start("127.0.0.1:0")
        try:
            return [await asyncio.to_thread(get, server.address, *ask) for ask in asks]
        finally:
            await server.close()

    return uvloop.run(main())


def value(text: str) -> float:
    """Of the one sample there is."""
    return float(text.splitlines()[-1].split()[-1])


def test_metrics_are_read_anew_for_every_request() -> None:
    first, second = served(list, ("/metrics", "text/plain"), ("/metrics", "text/plain"))
    assert (first[0], second[0]) == (200, 200)
    assert first[1].startswith("text/plain")
    assert (value(first[2]), value(second[2])) == (1, 2)


def test_openmetrics_is_given_to_who_asks_for_it() -> None:
    answer = served(list, ("/metrics", "application/openmetrics-text;version=1.0.0"))[0]
    assert answer[1].startswith("application/openmetrics-text")
    assert answer[2].endswith("asked 1.0\n# EOF\n")


def test_ready_says_so_and_unready_says_why() -> None:
    reasons: list[str] = []
    assert served(lambda: reasons, ("/readyz", "*/*"))[0][::2] == (200, "ready\n")
    reasons += ["the disk is gone", "so is the store"]
    status, _, text = served(lambda: reasons, ("/readyz", "*/*"))[0]
    assert (status, text) == (503, "not ready: the disk is gone\nnot ready: so is the store\n")


def test_a_gateway_that_is_not_ready_is_alive_all_the_same() -> None:
    assert served(lambda: ["no"], ("/healthz", "*/*"))[0][::2] == (200, "alive\n")


def test_anything_else_is_not_found() -> None:
    assert served(list, ("/", "*/*"))[0][0] == 404


def test_a_port_in_use_is_an_error_and_leaves_nothing_behind() -> None:
    async def main() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            server = HttpServer(CollectorRegistry(), list)
            with pytest.raises(OSError, match="in use"):
                await server.start(f"127.0.0.1:{taken.getsockname()[1]}")
        assert server.address == ""

    uvloop.run(main())


def test_a_port_that_two_have_bound_and_another_listens_on_first_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both may bind it as long as neither listens."""

    async def main() -> None:
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", 0))

            def bound_before_the_other_listens(host: str, port: int) -> socket.socket:
                bound = bind(host, port)
                taken.listen()
                return bound

            monkeypatch.setattr("nfsgw.admin.http.bind", bound_before_the_other_listens)
            with pytest.raises(OSError, match="in use"):
                await HttpServer(CollectorRegistry(), list).start(f"127.0.0.1:{taken.getsockname()[1]}")

    uvloop.run(main())
