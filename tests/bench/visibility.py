"""How soon one machine sees what another did: two real kernels, the gateway and NFS-Ganesha in the same run.

Run it as root as `python -m tests.bench.visibility [--servers nfsgw,ganesha] [--only mkdir,create] [--samples N]`; it
prints one Markdown table. docs/visibility.md says how the figures are taken, and what they leave out.
"""

from __future__ import annotations

import argparse
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.bench.ganesha import ganesha
from tests.bench.gateway import gateway
from tests.bench.servers import Server, ServerError
from tests.kernel.coherence.house import Hand
from tests.kernel.harness import Fleet
from tests.kernel.harness.machine import MOUNT_POINT

MILLISECOND = 1e6  # in the nanoseconds that all times are measured in
OUTLIER = 100 * MILLISECOND
PINGS = 60
BUDGET = 60.0  # seconds that a line may take on one server: a server that polls would need many minutes
FEWEST = 20  # samples that are taken all the same
MEBIBYTE = 1 << 20


class Pair:
    """Two machines on one server: A changes, B looks."""

    def __init__(self, server: Server, fleet: Fleet) -> None:
        """The fleet has mounted it."""
        self.name = server.name
        self.fleet = fleet
        self.a, self.b = (Hand(fleet, machine) for machine in fleet)
        self.uncertain = 0.0
        self._folders = 0
        self._offset: dict[str, float] = {}

    def new_folder(self, line: str) -> None:
        """An empty folder for a line."""
        self._folders += 1
        for hand in (self.a, self.b):
            hand.folder = f"{MOUNT_POINT}/{self._folders}-{line.split()[0]}"
        self.a.mkdir("")

    def set_clocks(self) -> None:
        """Measures what makes a machine's clock this one's. Half of the least round trip of many bounds the error."""
        self.uncertain = 0.0
        for hand in (self.a, self.b):
            pings = []
            for _ in range(PINGS):
                before = time.monotonic_ns()
                theirs = hand.do("visibility.clock")
                after = time.monotonic_ns()
                pings.append((after - before, (before + after) / 2 - theirs))
            trip, self._offset[hand.name] = min(pings)
            self.uncertain += trip / 2

    def here(self, hand: Hand, then: float) -> float:
        """A machine's time, on this one's clock."""
        return then + self._offset[hand.name]

    def sent_again(self) -> int:
        """TCP segments that were sent twice so far, by the two machines and to them."""
        count: int = sum(hand.do("visibility.retransmissions") for hand in (self.a, self.b))
        for machine in self.fleet:
            command = ("ip", "netns", "exec", machine.network.namespace, "cat", "/proc/net/snmp")
            text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            names, values = (row.split() for row in text.splitlines() if row.startswith("Tcp:"))
            count += int(values[names.index("RetransSegs")])
        return count

    def close(self) -> None:
        """The hands go."""
        for hand in (self.a, self.b):
            hand.close()


@dataclass(frozen=True)
class Sample:
    """Nanoseconds; `stale` when B looked after A's change had returned, and did not see it."""

    took: float
    stale: bool = False


class Line(Protocol):
    """A row of the table. `target` is of p99, in ms; `share` says how many of the asked samples are taken."""

    @property
    def name(self) -> str: ...

    @property
    def target(self) -> float | None: ...

    @property
    def share(self) -> float: ...

    def prepare(self, pair: Pair, count: int) -> None:
        """Makes what `count` samples need, in the line's own folder."""

    def sample(self, pair: Pair, number: int) -> Sample:
        """One sample."""


def pause() -> None:
    """Long enough for the other machine to be at it, and in step with nothing."""
    time.sleep(random.uniform(0.005, 0.02))


@dataclass(frozen=True)
class Change:
    """From the return of A's change to B's first look that saw it; B looks without rest."""

    name: str
    change: str
    look: str
    target: float | None = 20.0
    share: float = 1.0
    before: str | None = None  # the suffix of the file that must be there
    size: int | None = None  # of a file that is overwritten

    def prepare(self, pair: Pair, count: int) -> None:
        if self.size is not None and self.share < 1:
            pair.a.do("visibility.make", pair.a.at("0"), self.size)
        elif self.before is not None:
            for number in range(count):
                pair.a.do("visibility.make", pair.a.at(f"{number}{self.before}"), self.size or 0)
        pair.b.listing()

    def sample(self, pair: Pair, number: int) -> Sample:
        a, b = pair.a, pair.b
        one_file = self.size is not None and self.share < 1
        path = "0" if one_file else str(number)
        details = () if self.size is None else (number + 1, self.size)
        watching = b.begin("visibility.watch", self.look, b.at(path), *details)
        pause()
        returned = pair.here(a, a.do(f"visibility.{self.change}", a.at(path), *details))
        vain, sight = watching.result()
        stale = bool(vain) and pair.here(b, vain) > returned + pair.uncertain
        return Sample(max(0.0, pair.here(b, sight) - returned), stale)


@dataclass(frozen=True)
class HandOver:
    """From the return of A's unlock to the return of B's lock, which has been waiting."""

    name: str
    how: str
    target: float | None = 20.0
    share: float = 0.5

    def prepare(self, pair: Pair, count: int) -> None:
        return

    def sample(self, pair: Pair, number: int) -> Sample:
        a, b, path = pair.a, pair.b, str(number)
        a.do("visibility.hold", a.at(path), self.how)
        waiting = b.begin("visibility.wait_for", b.at(path), self.how)
        time.sleep(random.uniform(0.03, 0.06))
        freed = pair.here(a, a.do("visibility.release", a.at(path), self.how))
        had = pair.here(b, waiting.result())
        for hand in (a, b):
            hand.do("visibility.let_go", hand.at(path))
        return Sample(max(0.0, had - freed))


@dataclass(frozen=True)
class Open:
    """How long A's open for writing takes: of a file that B has made and read and may cache, or once more after it."""

    name: str
    again: bool
    target: float | None = 20.0
    share: float = 1.0

    def prepare(self, pair: Pair, count: int) -> None:
        for number in range(count):
            pair.b.do("visibility.make", pair.b.at(str(number)), 4096)

    def sample(self, pair: Pair, number: int) -> Sample:
        for _ in range(2):
            pair.b.read(str(number))
        if self.again:
            pair.a.do("visibility.open_for_writing", pair.a.at(str(number)))
        began, returned = pair.a.do("visibility.open_for_writing", pair.a.at(str(number)))
        return Sample(returned - began)


LINES: tuple[Line, ...] = (
    Change("mkdir", "mkdir", "there"),
    Change("create", "create", "there"),
    Change("rename", "rename", "there", before=".before"),
    Change("unlink", "unlink", "gone", before=""),
    Change("chmod", "chmod", "changed", before=""),
    Change("close after 4 KiB", "write", "written", target=50.0, before="", size=4096),
    Change("close after 64 MiB", "write", "written", target=None, share=0.1, size=64 * MEBIBYTE),
    HandOver("flock hand-over", "flock"),
    HandOver("fcntl hand-over", "fcntl"),
    Open("open for writing, of what B has cached", again=False),
    Open("open for writing, once more", again=True),
)


@dataclass
class Column:
    """What one line gave on one server."""

    samples: list[Sample] = field(default_factory=list)
    sent_again: int = 0
    lossy_outliers: int = 0  # of those over 100 ms, in whose time a segment was sent again
    returned: int = 0  # delegations that B gave back
    uncertain: float = 0.0

    def milliseconds(self, share: float) -> float:
        """The time that this share of the samples did not exceed."""
        ordered = sorted(sample.took for sample in self.samples)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] / MILLISECOND

    @property
    def outliers(self) -> int:
        """Samples over 100 ms."""
        return sum(sample.took > OUTLIER for sample in self.samples)


def measure(line: Line, pair: Pair, wanted: int, column: Column) -> None:
    """Takes the line's samples on one server."""
    pair.new_folder(line.name)
    line.prepare(pair, wanted)
    pair.set_clocks()
    column.uncertain = max(column.uncertain, pair.uncertain)
    before, returned = pair.sent_again(), pair.b.do("visibility.requests", "DELEGRETURN")
    known = before
    deadline = time.monotonic() + BUDGET
    for number in range(wanted):
        sample = line.sample(pair, number)
        column.samples.append(sample)
        if sample.took > OUTLIER:
            now = pair.sent_again()
            column.lossy_outliers += now > known
            known = now
        if number >= FEWEST and time.monotonic() > deadline:
            break
    column.sent_again += pair.sent_again() - before
    column.returned += pair.b.do("visibility.requests", "DELEGRETURN") - returned


def table(lines: Sequence[Line], names: Sequence[str], found: dict[tuple[str, str], Column]) -> str:
    """Markdown: a row for each line and server, and the ratio of its p99 to the first server's."""
    head = (
        *("", "server", "samples", "p50 ms", "p99 ms", "max ms", "target p99", "over 100 ms (lost segment)"),
        *("looked after it, in vain", "segments sent again", "delegations returned", f"p50, p99 of {names[0]} to it"),
    )
    rows = [head, ("---",) * len(head)]
    for line in lines:
        for name in names:
            column, first = found[line.name, name], found[line.name, names[0]]
            p50, p99 = column.milliseconds(0.5), column.milliseconds(0.99)
            ratios = [first.milliseconds(share) / max(column.milliseconds(share), 1e-3) for share in (0.5, 0.99)]
            stale = sum(sample.stale for sample in column.samples)
            rows.append(
                (
                    *(line.name, name, str(len(column.samples)), f"{p50:.2f}", f"{p99:.2f}"),
                    *(f"{column.milliseconds(1):.2f}", f"{line.target:.0f}" if line.target else ""),
                    *(f"{column.outliers} ({column.lossy_outliers})", str(stale), str(column.sent_again)),
                    *(str(column.returned), "" if name == names[0] else f"{ratios[0]:.2f}, {ratios[1]:.2f}"),
                )
            )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


SERVERS: dict[str, Callable[[Path], Server]] = {
    "nfsgw": partial(gateway, pure=False),
    "pure": partial(gateway, pure=True),
    "ganesha": ganesha,
}


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.visibility", description=__doc__)
    parser.add_argument("--servers", default="nfsgw,ganesha", help=f"of {', '.join(SERVERS)}")
    parser.add_argument("--only", default="", help="beginnings of the names of lines")
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--kernel", default="trixie", help="suite or version, as the harness has them")
    parser.add_argument("--directory", default=None, help="where the servers keep their data")
    args = parser.parse_args()
    names = args.servers.split(",")
    lines = [line for line in LINES if line.name.startswith(tuple(args.only.split(",")))]
    found = {(line.name, name): Column() for line in lines for name in names}
    try:
        with ExitStack() as stack:
            pairs = []
            for name in names:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=args.directory)))
                server = stack.enter_context(SERVERS[name](folder))
                fleet = stack.enter_context(Fleet(server.port, 2, args.kernel))
                fleet.mount()
                pairs.append(Pair(server, fleet))
                stack.callback(fleet.unmount)
                stack.callback(pairs[-1].close)
            kernel = pairs[0].fleet.kernel.version
            for line in lines:
                for pair in pairs:
                    wanted = max(FEWEST, int(args.samples * line.share))
                    measure(line, pair, wanted, found[line.name, pair.name])
                    shown = found[line.name, pair.name].milliseconds(0.99)
                    print(f"{line.name}, {pair.name}: p99 {shown:.2f} ms", file=sys.stderr, flush=True)
    except ServerError as problem:
        print(f"tests.bench.visibility: {problem}", file=sys.stderr)
        return 2
    print(f"Linux {kernel} on both machines; clocks agree within {uncertainty(found):.2f} ms.\n")
    print(table(lines, names, found))
    return 0


def uncertainty(found: dict[tuple[str, str], Column]) -> float:
    """In ms, the most that any line's clocks may have differed."""
    return max(column.uncertain for column in found.values()) / MILLISECOND


if __name__ == "__main__":
    sys.exit(main())
