"""The table of the protocol benchmark says what the measurements say."""

from __future__ import annotations

from tests.bench.loadgen import Measurement, Shape
from tests.bench.protocol import Cell, summary, table


def measurement(rate: float, *, bytes_each: int = 0, load_cpu: float = 0.5, delays: int = 0) -> Measurement:
    return Measurement(
        operations=1000,
        bytes_each=bytes_each,
        rate=rate,
        p50=40.0,
        p99=2500.0,
        server_cpu=12.34,
        load_cpu=load_cpu,
        delays=delays,
    )


def columns(line: str) -> list[str]:
    return [column.strip() for column in line.strip("|").split("|")]


def test_the_rate_is_the_median_of_the_rounds() -> None:
    assert summary([measurement(100), measurement(900), measurement(200)]).rate == 200


def test_the_ratio_is_taken_against_the_first_server() -> None:
    by_name = {"ganesha": summary([measurement(20_000)]), "nfsgw": summary([measurement(50_000)])}
    head, _, line = table({Cell("getattr", Shape(1, 16)): by_name}, ["ganesha", "nfsgw"])
    assert columns(head)[2:5] == ["ganesha", "nfsgw", "nfsgw ÷ ganesha"]
    assert columns(line)[1:5] == ["1 × 16", "20k/s", "50k/s", "2.50"]
    assert columns(line)[6] == "2.5 ms / 2.5 ms"


def test_bulk_data_is_shown_in_bytes() -> None:
    by_name = {"ganesha": summary([measurement(1000, bytes_each=1 << 20)])}
    assert columns(table({Cell("read", Shape(1, 1)): by_name}, ["ganesha"])[2])[2] == "1049 MB/s"


def test_a_busy_generator_and_delayed_operations_are_not_hidden() -> None:
    by_name = {"ganesha": summary([measurement(900, load_cpu=0.97, delays=3), measurement(900, load_cpu=0.97)])}
    assert columns(table({Cell("create", Shape(1, 1)): by_name}, ["ganesha"])[2])[2] == "900/s* (3 DELAY)"
