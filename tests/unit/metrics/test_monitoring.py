"""Dashboard and alert rules ask for nothing that the gateway does not tell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nfsgw.metrics.catalogue import HISTOGRAM, METRICS

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "monitoring"
BY_NAME = {metric.name: metric for metric in METRICS}
SERIES = re.compile(r"(nfsgw_[a-z_]+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"([a-z_]+)\s*(?:=~|!=|=|!~)")
FROM_PROMETHEUS = {"instance", "job", "le"}


def expressions() -> list[str]:
    dashboard = json.loads((FOLDER / "grafana.json").read_text())
    found = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = re.findall(r"^ +expr: (.+)$", (FOLDER / "alerts.yml").read_text(), re.MULTILINE)
    assert len(found) > 10
    assert len(rules) > 5
    return found + rules


@pytest.mark.parametrize("expression", expressions())
def test_each_expression_is_made_of_metrics_and_labels_that_there_are(expression: str) -> None:
    series = SERIES.findall(expression)
    assert series or expression.startswith("up{")
    for name, selector in series:
        base = name.removesuffix("_bucket")
        assert base in BY_NAME, name
        assert (base != name) == (BY_NAME[base].kind == HISTOGRAM), name
        assert set(LABEL.findall(selector)) <= {*BY_NAME[base].labels, *FROM_PROMETHEUS}
        for grouped in re.findall(r"sum by \(([^)]*)\)", expression):
            assert {word.strip() for word in grouped.split(",")} <= {*BY_NAME[base].labels, *FROM_PROMETHEUS}


def test_panels_do_not_overlap_and_have_numbers_of_their_own() -> None:
    panels = json.loads((FOLDER / "grafana.json").read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    covered: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & covered
        covered |= cells
