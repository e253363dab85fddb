"""What /metrics says of a House, as Prometheus would read it."""

from __future__ import annotations

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from nfsgw.metrics.collector import registry
from nfsgw.metrics.lag import LoopLag
from nfsgw.metrics.look import Look
from nfsgw.namespace.holdings import Count
from tests.protocol.machines import House

Sample = tuple[str, tuple[tuple[str, str], ...]]


class Scrape:
    """The samples of one moment. `value("name", label="x")` is 0 for one that is not there."""

    def __init__(self, house: House) -> None:
        self.text = generate_latest(registry(lambda: look(house))).decode()
        self.samples: dict[Sample, float] = {}
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                self.samples[(sample.name, tuple(sorted(sample.labels.items())))] = sample.value

    def value(self, name: str, **labels: str) -> float:
        return self.samples.get((name, tuple(sorted(labels.items()))), 0.0)

    def operations(self) -> dict[tuple[str, str], float]:
        """By name and status."""
        found: dict[tuple[str, str], float] = {}
        for (name, labels), value in self.samples.items():
            if name == "nfsgw_operations_total":
                by_name = dict(labels)
                found[(by_name["operation"], by_name["status"])] = value
        return found


def look(house: House) -> Look:
    return Look(
        house.names,
        house.chunks,
        house.state,
        house.engine,
        LoopLag(),
        lambda: house.connections,
        0.0,
        house.monotonic(),
        Count(str(house.folder / "namespace.db")).run(),
    )
