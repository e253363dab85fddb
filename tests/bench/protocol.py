"""The gateway beside NFS-Ganesha: the same load, in one run, in turns, so that what else the machine does hits both.

    python -m tests.bench.protocol [--seconds 2] [--rounds 3] [--only getattr,create] [--shapes 1x1,1x16] \
                                   [--servers ganesha,nfsgw,pure] [--folder DIR] [--ceiling]

Prints one Markdown table: for every kind of work and shape of load the median rate of each server, its ratio to
Ganesha's, latencies, and CPU time per operation. Needs `nfs-ganesha-vfs`, gcc and root.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import loadgen
from tests.bench.ganesha import ganesha
from tests.bench.gateway import gateway
from tests.bench.loadgen import Measurement, Shape
from tests.bench.servers import Server, ServerError

WORKS = {
    "getattr": "GETATTR, 15 attributes",
    "lookup": "LOOKUP + GETFH + GETATTR",
    "create": "OPEN that creates, then CLOSE",
    "readdir": "READDIR of 100 with attributes",
    "read": "READ 1 MiB, hot",
    "write": "WRITE 1 MiB unstable, COMMIT at the end",
    "write-sync-4k": "WRITE 4 KiB FILE_SYNC",
}
SHAPES = ("1x1", "1x16", "4x1", "4x16")
SERVERS = ("ganesha", "nfsgw", "pure")
BUSY = 0.9  # a generator that uses more of its core than this may have been what was measured


@dataclass(frozen=True)
class Cell:
    """One line of the table."""

    work: str
    shape: Shape


@dataclass(frozen=True)
class Summary:
    """Medians over the rounds of one server in one cell; `spread` is (largest − smallest) / median of the rates."""

    rate: float
    spread: float
    bytes_each: int
    p50: float
    p99: float
    cpu: float
    load_cpu: float
    delays: int


def summary(rounds: Sequence[Measurement]) -> Summary:
    """The medians of at least one measurement."""
    rates = [one.rate for one in rounds]
    rate = statistics.median(rates)
    return Summary(
        rate=rate,
        spread=(max(rates) - min(rates)) / rate,
        bytes_each=rounds[0].bytes_each,
        p50=statistics.median(one.p50 for one in rounds),
        p99=statistics.median(one.p99 for one in rounds),
        cpu=statistics.median(one.server_cpu for one in rounds),
        load_cpu=statistics.median(one.load_cpu for one in rounds),
        delays=sum(one.delays for one in rounds),
    )


def shown_rate(one: Summary) -> str:
    """Operations, or for bulk data MB, per second; marked when the generator itself was busy."""
    if one.bytes_each >= 1 << 20:
        shown = f"{one.rate * one.bytes_each / 1e6:.0f} MB/s"
    elif one.rate >= 10_000:
        shown = f"{one.rate / 1e3:.0f}k/s"
    elif one.rate >= 1000:
        shown = f"{one.rate / 1e3:.1f}k/s"
    else:
        shown = f"{one.rate:.0f}/s"
    return shown + ("*" if one.load_cpu > BUSY else "") + (f" ({one.delays} DELAY)" if one.delays else "")


def shown_time(microseconds: float) -> str:
    """Three digits at the most."""
    return f"{microseconds / 1e3:.1f} ms" if microseconds >= 1000 else f"{microseconds:.0f} µs"


def table(results: dict[Cell, dict[str, Summary]], names: Sequence[str]) -> list[str]:
    """The lines of the Markdown table; the first name is the one that ratios are taken against."""
    heads = ["work", "connections × window"]
    heads += list(names)
    heads += [f"{name} ÷ {names[0]}" for name in names[1:]]
    heads += ["p50 " + " / ".join(names), "p99 " + " / ".join(names), "CPU µs per op " + " / ".join(names)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for cell, by_name in results.items():
        all_of = [by_name[name] for name in names]
        columns = [WORKS[cell.work], str(cell.shape)]
        columns += [shown_rate(one) for one in all_of]
        columns += [f"{one.rate / all_of[0].rate:.2f}" for one in all_of[1:]]
        columns.append(" / ".join(shown_time(one.p50) for one in all_of))
        columns.append(" / ".join(shown_time(one.p99) for one in all_of))
        columns.append(" / ".join(f"{one.cpu:.1f}" if one.cpu < 100 else f"{one.cpu:.0f}" for one in all_of))
        lines.append("| " + " | ".join(columns) + " |")
    return lines


def measure(
    program: Path, servers: Sequence[Server], cells: Sequence[Cell], rounds: int, seconds: float, uid: int
) -> dict[Cell, dict[str, Summary]]:
    """Every cell on every server, the servers taking turns within a cell. Raises: ServerError."""
    results: dict[Cell, dict[str, Summary]] = {}
    run = 0
    for cell in cells:
        taken: dict[str, list[Measurement]] = {server.name: [] for server in servers}
        for turn in range(rounds):
            for server in servers if turn % 2 == 0 else reversed(servers):
                run += 1
                tag = f"{cell.work}-{run}"
                taken[server.name] += loadgen.run(program, server, cell.work, cell.shape, seconds, tag, uid)
        results[cell] = {name: summary(measurements) for name, measurements in taken.items()}
        progress = ", ".join(f"{name} {shown_rate(one)}" for name, one in results[cell].items())
        print(f"{cell.work} {cell.shape}: {progress}", file=sys.stderr, flush=True)
    return results


def ceilings(program: Path, server: Server, cells: Sequence[Cell], seconds: float, uid: int) -> list[str]:
    """What the generator itself can reach, as the lines of a table: against its mirror of the server's replies."""
    lines = ["| work | connections × window | generator's ceiling |", "|---|---|---|"]
    for cell in cells:
        _, mirror = loadgen.run(
            program, server, cell.work, cell.shape, seconds, f"ceiling-{cell.work}-{cell.shape}", uid, ceiling=True
        )
        shown = shown_rate(summary([mirror])).rstrip("*")
        lines.append(f"| {WORKS[cell.work]} | {cell.shape} | {shown} |")
    return lines


def start(name: str, folder: Path) -> Server:
    """The server of that name, not yet running, in a folder of its own."""
    place = folder / name
    place.mkdir()
    return ganesha(place) if name == "ganesha" else gateway(place, pure=name == "pure")


def chosen(text: str, allowed: Sequence[str]) -> list[str]:
    """The members of a comma-separated list. Raises: argparse.ArgumentTypeError when one is not allowed."""
    names = text.split(",")
    for name in names:
        if name not in allowed:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(allowed)}")
    return names


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.protocol", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each server in each cell")
    parser.add_argument("--only", type=lambda text: chosen(text, list(WORKS)), default=list(WORKS), metavar="WORK,...")
    parser.add_argument("--shapes", type=lambda text: chosen(text, SHAPES), default=list(SHAPES), metavar="CxW,...")
    parser.add_argument("--servers", type=lambda text: chosen(text, SERVERS), default=list(SERVERS), metavar="NAME,...")
    parser.add_argument("--folder", type=Path, help="where the servers keep their data (a real disk)")
    parser.add_argument("--uid", type=int, default=1000, help="the user who does the work")
    parser.add_argument("--ceiling", action="store_true", help="measure the generator instead of the servers")
    options = parser.parse_args()

    shapes = [Shape(*map(int, shape.split("x"))) for shape in options.shapes]
    cells = [Cell(work, shape) for work in options.only for shape in shapes]
    folder = Path(tempfile.mkdtemp(prefix="nfsgw-bench-", dir=options.folder))
    folder.chmod(0o755)
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], text=True, capture_output=True, check=True).stdout.strip()
    try:
        if kind == "tmpfs":
            raise ServerError(f"{folder} is on a tmpfs, where being durable costs nothing: give --folder on a disk")
        program = loadgen.build()
        with ExitStack() as stack:
            servers = [stack.enter_context(start(name, folder)) for name in options.servers]
            if options.ceiling:
                lines = ceilings(program, servers[0], cells, options.seconds, options.uid)
            else:
                results = measure(program, servers, cells, options.rounds, options.seconds, options.uid)
                lines = table(results, options.servers)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{os.cpu_count()} cores, {kind}, Python {sys.version.split()[0]}, {options.rounds} × {options.seconds:g} s\n"
    )
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
