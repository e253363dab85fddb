"""The load generator of tests/bench/load: compiled when its sources have changed, run, its figures read.

It is C because what measures must be several times faster than what is measured.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench.gateway import cache_directory
from tests.bench.servers import Server, ServerError

SOURCES = Path(__file__).with_name("load")


@dataclass(frozen=True)
class Shape:
    """How the load is spread: clients with a connection each, and requests that each keeps outstanding."""

    connections: int
    window: int

    def __str__(self) -> str:
        return f"{self.connections} × {self.window}"


@dataclass(frozen=True)
class Measurement:
    """One run. Rate in operations per second; times in µs; `load_cpu` is the generator's share of one core."""

    operations: int
    bytes_each: int
    rate: float
    p50: float
    p99: float
    server_cpu: float
    load_cpu: float
    delays: int


def build() -> Path:
    """The compiled program. Raises: ServerError when there is no compiler, or it does not compile."""
    sources = sorted(SOURCES.iterdir())
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    program = cache_directory() / f"load-{digest[:12]}"
    if not program.exists():
        compiler = shutil.which("gcc") or shutil.which("cc")
        if compiler is None:
            raise ServerError("there is no C compiler: apt-get install gcc libc6-dev")
        unfinished = program.with_suffix(".unfinished")
        command = [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11", "-pthread", "-o", str(unfinished)]
        command += [str(source) for source in sources if source.suffix == ".c"]
        done = subprocess.run(command, text=True, capture_output=True, check=False)
        if done.returncode:
            raise ServerError(f"the load generator does not compile:\n{done.stderr}")
        unfinished.rename(program)
    return program


def run(
    program: Path, server: Server, work: str, shape: Shape, seconds: float, tag: str, uid: int, ceiling: bool = False
) -> list[Measurement]:
    """Measures `work` against the server, and with `ceiling` the generator itself as well (second measurement).

    `tag` names the directory that the run makes for itself on the server. Raises: ServerError with what the generator
    found wrong: a wrong or missing answer is never a measurement.
    """
    command = [str(program), "--port", str(server.port), "--work", work, "--seconds", str(seconds), "--tag", tag]
    command += ["--connections", str(shape.connections), "--window", str(shape.window), "--uid", str(uid)]
    for pid in server.pids():
        command += ["--pid", str(pid)]
    if ceiling:
        command.append("--ceiling")
    try:
        done = subprocess.run(command, text=True, capture_output=True, check=False, timeout=3 * seconds + 300)
    except subprocess.TimeoutExpired as error:
        raise ServerError(f"{server.name}, {work}, {shape}: no end within {error.timeout:.0f} s") from error
    if done.returncode:
        raise ServerError(f"{server.name}, {work}, {shape}: {done.stderr.strip()}")
    return [_measurement(line) for line in done.stdout.splitlines()]


def _measurement(line: str) -> Measurement:
    figures = json.loads(line)
    return Measurement(
        operations=figures["operations"],
        bytes_each=figures["bytes"],
        rate=figures["rate"],
        p50=figures["p50_us"],
        p99=figures["p99_us"],
        server_cpu=figures["server_cpu_us"],
        load_cpu=figures["load_cpu"],
        delays=figures["delays"],
    )
