"""Turns the catalogue into what prometheus_client prints, when somebody asks.

No metric is kept in between: the parts count for themselves, and what is told is what they say at that instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.metrics_core import (
    Metric as Family,
)
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from nfsgw.metrics.catalogue import COUNTER, HISTOGRAM, METRICS, Metric
from nfsgw.metrics.look import Look
from nfsgw.metrics.timings import BOUNDS

EDGES = [*(str(bound) for bound in BOUNDS), "+Inf"]


class GatewayCollector(Collector):
    """`look` is asked once for each collection."""

    def __init__(self, look: Callable[[], Look]) -> None:
        self._look = look

    def collect(self) -> Iterator[Family]:
        look = self._look()
        for metric in METRICS:
            yield family(metric, look)

    def describe(self) -> Iterable[Family]:
        """Nothing: registering must not read a gateway that is not there yet."""
        return []


def registry(look: Callable[[], Look]) -> CollectorRegistry:
    """The gateway's metrics and those of its process (CPU, memory, descriptors)."""
    made = CollectorRegistry()
    made.register(GatewayCollector(look))
    ProcessCollector(registry=made)
    return made


def family(metric: Metric, look: Look) -> Family:
    if metric.kind == HISTOGRAM:
        histogram = HistogramMetricFamily(metric.name, metric.about, labels=metric.labels)
        for labels, value in metric.read(look):
            assert isinstance(value, tuple)
            buckets, total = value
            histogram.add_metric(labels, cumulative(buckets), total)
        return histogram
    made: CounterMetricFamily | GaugeMetricFamily
    if metric.kind == COUNTER:
        made = CounterMetricFamily(metric.name.removesuffix("_total"), metric.about, labels=metric.labels)
    else:
        made = GaugeMetricFamily(metric.name, metric.about, labels=metric.labels)
    for labels, value in metric.read(look):
        assert not isinstance(value, tuple)
        made.add_metric(labels, float(value))
    return made


def cumulative(buckets: list[int]) -> list[tuple[str, float]]:
    total = 0
    found: list[tuple[str, float]] = []
    for edge, count in zip(EDGES, buckets, strict=True):
        total += count
        found.append((edge, float(total)))
    return found
