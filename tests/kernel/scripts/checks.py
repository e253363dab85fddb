"""Named checks: what a script of this folder is made of, and how it reports (TAP, read by harness/job.py).

A script decorates its functions with @check and ends in main(). Each check gets a folder of its own in the mount;
it fails by raising. A failed check does not keep the next from running.
"""

import errno
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Check = Callable[[Path], None]

WORK = Path(os.environ.get("WORK", "/mnt/work"))
ME = int(os.environ.get("CLIENT_ID", "0"))
MEBIBYTE = 1 << 20

_checks: list[tuple[str, Check]] = []


def check(name: str) -> Callable[[Check], Check]:
    """Registers a check. The name must have no colon or hash sign: they end it in the report."""

    def register(function: Check) -> Check:
        _checks.append((name, function))
        return function

    return register


def parameter(name: str, default: int) -> int:
    """A number that the script's arguments may give as NAME=VALUE."""
    given = [word.partition("=")[2] for word in sys.argv[1:] if word.startswith(f"{name}=")]
    return int(given[-1]) if given else default


def main(folder: Path | None = None) -> None:
    """Runs all checks, each in a folder of its own, removes what they made, and exits.

    Guests that work together pass the same `folder`: it is theirs, and left as it is.
    """
    theme = Path(sys.argv[0]).stem
    root = folder or WORK / f"{theme}-{ME}-{time.time_ns()}"
    if folder is None:
        root.mkdir()

    def remove(_: Path) -> None:
        shutil.rmtree(root)
        expect(root.exists(), False, "the removed folder is still there")

    checks = [*_checks, *([("removing all of it", remove)] if folder is None else [])]
    failures = 0
    for number, (name, function) in enumerate(checks):
        place = root / f"{number:02d}" if folder is None else root
        started = time.monotonic()
        try:
            if folder is None and function is not remove:
                place.mkdir()
            function(place)
        except Exception as error:
            failures += 1
            traceback.print_exc()
            why = " ".join(f"{type(error).__name__} {error}".split())
            print(f"not ok {name}: {why}  # {time.monotonic() - started:.2f} s", flush=True)
        else:
            print(f"ok {name}  # {time.monotonic() - started:.2f} s", flush=True)
        os.closerange(3, 1024)  # a file that a check leaves open would outlive its name
    print(f"1..{len(checks)}", flush=True)
    sys.exit(1 if failures else 0)


def expect(found: object, wanted: object, what: str) -> None:
    """Raises: AssertionError unless both are equal."""
    if found != wanted:
        raise AssertionError(f"{what}, found {_short(found)}, wanted {_short(wanted)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 200 else f"{text[:150]}... ({len(text)} characters)"


@contextmanager
def refused(*errors: int) -> Iterator[None]:
    """What is done in it must fail with one of these errno values."""
    names = " or ".join(errno.errorcode[number] for number in errors)
    try:
        yield
    except OSError as error:
        if error.errno not in errors:
            raise AssertionError(f"failed with {error}, wanted {names}") from error
        return
    raise AssertionError(f"succeeded, wanted {names}")


def run(*command: str, cwd: Path | None = None, stdin: str | None = None) -> str:
    """What the program printed. Raises: AssertionError with the end of that when it failed."""
    done = subprocess.run(
        command, cwd=cwd, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(command)[:100]} exit {done.returncode}, it said {done.stdout[-800:]}")
    return done.stdout


def forget() -> None:
    """Writes back and drops what this machine caches of files, names and attributes: the next look asks the server."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def write(path: Path, data: bytes) -> None:
    """A whole file, closed."""
    with open(path, "wb", buffering=0) as file:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]


def pattern(seed: int, size: int) -> bytes:
    """`size` bytes that no other seed has, and that differ in every block of 8."""
    words = bytearray()
    state = (seed * 0x9E3779B97F4A7C15 + 1) & 0xFFFFFFFFFFFFFFFF
    block = bytearray()
    for _ in range(min(512, size // 8 + 1)):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        block += state.to_bytes(8, "little")
    while len(words) < size:
        words += len(words).to_bytes(8, "little") + block
    return bytes(words[:size])


def in_child(function: Callable[..., None], *args: object) -> int:
    """Starts a process that calls the function. Returns its number, for ended()."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        function(*args)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def ended(processes: Sequence[int], what: str = "a process failed") -> None:
    """Waits for all of them. Raises: AssertionError unless all did their work."""
    statuses = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
    expect(statuses, [0] * len(statuses), what)


def eventually(look: Callable[[], T], wanted: T, seconds: float, what: str) -> None:
    """Looks again and again until it sees `wanted`. Raises: AssertionError when `seconds` pass without it."""
    deadline = time.monotonic() + seconds
    found = look()
    while found != wanted and time.monotonic() < deadline:
        time.sleep(0.005)
        found = look()
    expect(found, wanted, f"{what} within {seconds} s")
