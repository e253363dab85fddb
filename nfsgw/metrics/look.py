"""One look at the parts of a running gateway: what the metrics of one request are read from, all at one instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.counts import StoreCounts
from nfsgw.metrics.counts import Counts
from nfsgw.metrics.lag import LoopLag
from nfsgw.namespace.holdings import Holdings
from nfsgw.namespace.namespace import Namespace
from nfsgw.nfs4.engine import Engine
from nfsgw.nfs4.state.state import State


class Look:
    """`now` and `started` are seconds of the same monotonic clock; `connections` counts those that are open."""

    def __init__(
        self,
        namespace: Namespace,
        chunks: Chunks,
        state: State,
        engine: Engine,
        lag: LoopLag,
        connections: Callable[[], int],
        started: float,
        now: float,
        holdings: Holdings,
    ) -> None:
        self.namespace = namespace
        self.state = state
        self.engine = engine
        self.lag = lag
        self.connections = connections
        self.started = started
        self.now = now
        self.holdings = holdings
        self._chunks = chunks

    @property
    def counts(self) -> Counts:
        return self.state.counts

    @property
    def requests(self) -> StoreCounts:
        return self._chunks.requests

    @cached_property
    def chunks(self) -> dict[str, Any]:
        return self._chunks.status()
