"""`python -m tests.model --seconds N --seed S --machines K --kill-every R`; `--replay FILE` for the checker alone."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.model.checker import check
from tests.model.history import Round
from tests.model.run import Run, Violation


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="the same seed chooses the same requests")
    parser.add_argument("--machines", type=int, default=3)
    parser.add_argument("--kill-every", type=int, default=7, metavar="R", help="rounds between two kills; 0: never")
    parser.add_argument("--history", type=Path, default=None, help="where it is written")
    parser.add_argument("--replay", type=Path, default=None, help="check a history that was written before")
    options = parser.parse_args()
    if options.replay is not None:
        return replay(options.replay)
    seed = options.seed if options.seed is not None else secrets.randbelow(1 << 31)
    history = options.history or Path(tempfile.mkdtemp(prefix="nfsgw-model-")) / "history.jsonl"
    run = Run(seed, options.machines, options.kill_every, history)
    print(f"seed {seed}, history in {history}", flush=True)
    try:
        asyncio.run(run.run(options.seconds))
    except Violation as violation:
        print(f"{violation}\nseed {seed}: --replay {history} checks it again", file=sys.stderr)
        return 1
    cached = sum(machine.cached_reads for machine in run.machines)
    recalls = sum(machine.recalls for machine in run.machines)
    print(
        f"{run.rounds} rounds, {run.operations} operations, {run.kills} kills, {cached} reads from caches, "
        f"{recalls} recalls: nothing wrong"
    )
    return 0


def replay(history: Path) -> int:
    wrong = 0
    for number, line in enumerate(history.read_text().splitlines()):
        for why in check(Round.from_line(line)):
            wrong += 1
            print(f"round {number}: {why}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
