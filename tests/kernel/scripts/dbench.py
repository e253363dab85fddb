"""dbench: a minute of the file operations that an office's file server sees, from several clients at once."""

from pathlib import Path

from tests.kernel.scripts.checks import check, expect, main, parameter, run

SECONDS = parameter("seconds", 60)
CLIENTS = parameter("clients", 4)

# User-mode kernels have no System V semaphores: dbench says so, and its clients start one by one.
NO_COMMON_START = "failed to create barrier semaphore"


@check("dbench runs through")
def dbench(work: Path) -> None:
    said = run("dbench", "-t", str(SECONDS), "-D", str(work), str(CLIENTS))
    last = said.splitlines()[-1]
    expect(last.startswith("Throughput"), True, f"dbench's last line is its result, it said {last}")
    wrong = [
        line
        for line in said.splitlines()
        if ("failed" in line.lower() or "error" in line.lower()) and line.strip() != NO_COMMON_START
    ]
    expect(wrong, [], "lines that tell of failures")
    print(last)


if __name__ == "__main__":
    main()
