"""Renders the parts of the documentation that come from code: `python docs/render.py [--check]`.

docs/operations.md from the operation table, docs/metrics.md from the catalogue of metrics, docs/tested.md from the
promises' tests; the manual page and the completions of shells, in share/, from the commands. Exit status 1 says that a
promise names a test that there is not, and with --check that a file is out of date.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import shtab
import tested
from argparse_manpage.manpage import Manpage

from nfsgw import __version__
from nfsgw.cli import parser
from nfsgw.metrics.catalogue import METRICS
from nfsgw.metrics.timings import BOUNDS
from nfsgw.nfs4 import optable

HEAD = """# Operations

Rendered from `nfsgw/nfs4/optable.py` by `python docs/render.py`; a test keeps it true.

"Needs": filehandles that must be there. "Changes": the reply is kept in the slot whatever the client asks.
An operation that is not built answers NFS4ERR_NOTSUPP, an unknown one NFS4ERR_OP_ILLEGAL.

| # | Operation | Minor versions | Needs | Changes | Status |
|--:|---|---|---|---|---|
"""

PLACES = {optable.LEADS: "first in the compound", optable.ALONE: "alone, or in a session", optable.INSIDE: ""}
HANDLES = {optable.NONE: "", optable.CURRENT: "current", optable.BOTH: "current, saved"}


def operations() -> str:
    lines = [HEAD]
    for row in sorted(optable.ROWS, key=lambda row: row.number):
        minors = ", ".join(
            f"4.{minor}" for minor, bit in enumerate((optable.V40, optable.V41, optable.V42)) if row.minors & bit
        )
        needs = "; ".join(filter(None, (HANDLES[row.handles], PLACES[row.place])))
        changes = "yes" if row.effect >= optable.CHANGES else ""
        status = "built" if row.handler or row.v40 else f"NOTSUPP: {row.absent}"
        lines.append(f"| {row.number} | {row.name} | {minors} | {needs} | {changes} | {status} |\n")
    return "".join(lines)


METRICS_HEAD = """# Metrics

Rendered from `nfsgw/metrics/catalogue.py` by `python docs/render.py`; a test keeps it true.

`GET /metrics` at `admin.http` (127.0.0.1:9290) answers in Prometheus' text format, or OpenMetrics where that is asked
for, with the process metrics of the Python client (`process_cpu_seconds_total`, `process_resident_memory_bytes` and the
rest) beside them. `GET /healthz` answers 200 while the process lives; `GET /readyz` 200 while database and object store
can be used, else 503 and why not, a line each. `docs/monitoring/` has a Grafana dashboard and alert rules.

Counters begin at 0 when the gateway starts. Histograms have these bounds, in seconds: BOUNDS.

| Metric | Kind | Labels | What it says |
|---|---|---|---|
"""


def metrics() -> str:
    lines = [METRICS_HEAD.replace("BOUNDS", ", ".join(f"{bound:g}" for bound in BOUNDS))]
    for metric in METRICS:
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        lines.append(f"| `{metric.name}` | {metric.kind} | {labels} | {metric.about} |\n")
    return "".join(lines)


def manual() -> str:
    """share/man/man1/nfsgw.1."""
    page = Manpage(parser())
    page.date, page.source, page.manual = "", f"nfsgw {__version__}", "User Commands"
    return str(page)


def completion(shell: str) -> str:
    return shtab.complete(parser(), shell)


DOCS = Path(__file__).parent
SHARE = DOCS.parent / "share"
RENDERED: dict[Path, Callable[[], str]] = {
    DOCS / "operations.md": operations,
    DOCS / "metrics.md": metrics,
    DOCS / "tested.md": tested.page,
    SHARE / "man/man1/nfsgw.1": manual,
    SHARE / "bash-completion/completions/nfsgw": partial(completion, "bash"),
    SHARE / "zsh/site-functions/_nfsgw": partial(completion, "zsh"),
}


def main() -> int:
    os.environ["COLUMNS"] = "80"  # argparse breaks its lines at the width of the terminal
    stale = 0
    for path, render in RENDERED.items():
        text = render()
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text() != text:
                print(f"{path.name} is out of date: run python docs/render.py", file=sys.stderr)
                stale = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for name in tested.unknown((DOCS / "promises.md").read_text()):
        print(f"promises.md: there is no test {name}", file=sys.stderr)
        stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
