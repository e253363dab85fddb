"""`python -m tests.simulation --seeds 1000`: so many seeds, from `--first` on.

A seed that goes wrong is named, and goes wrong again when it is asked for alone.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import traceback

from tests.simulation.lives import simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further seed after so long")
    parser.add_argument("--log", action="store_true", help="with what the gateway says")
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # else sets, and with them the schedule, differ from run to run
        command = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONHASHSEED": "0"})
    logging.disable(logging.NOTSET if options.log else logging.ERROR)
    begun = time.monotonic()
    wrong: list[int] = []
    done = steps = deaths = failures = collected = 0
    for seed in range(options.first, options.first + options.seeds):
        if time.monotonic() - begun > options.seconds:
            break
        done += 1
        try:
            lived = simulate(seed)
        except Exception:
            wrong.append(seed)
            print(f"seed {seed} (python -m tests.simulation --first {seed} --seeds 1):", file=sys.stderr)
            traceback.print_exc()
            continue
        steps += lived.steps
        deaths += lived.deaths
        failures += lived.world.failures
        collected += lived.collected
    print(
        f"{done} seeds in {time.monotonic() - begun:.0f} s: {deaths} deaths, {steps} acknowledged steps,"
        f" {failures} failures of the store, {collected} orphans collected; {len(wrong)} went wrong {wrong or ''}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
