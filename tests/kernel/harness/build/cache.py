"""The cache of built parts: one folder a part, named by what it was made from.

A part is made in a folder of its own and renamed into place when it is whole; a lock keeps two test runs from
making the same part at once. Parts are never changed after that.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

STARTED = time.monotonic()


def cache_directory() -> Path:
    """Where the parts lie; made if it is not there."""
    chosen = os.environ.get("NFSGW_GUEST_CACHE")
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nfsgw-guests"
    base.mkdir(parents=True, exist_ok=True)
    return base.resolve()


def say(text: str) -> None:
    """One line of progress, on stderr."""
    print(f"[guests {time.monotonic() - STARTED:4.0f} s] {text}", file=sys.stderr, flush=True)


def part(name: str, recipe: list[Path], make: Callable[[Path], None]) -> Path:
    """The folder of the part `name`, made by `make(folder)` unless one from the same recipe files is there.

    Raises: whatever `make` raises; nothing is left behind then.
    """
    digest = hashlib.sha256()
    for source in recipe:
        digest.update(source.read_bytes() + b"\0")
    folder = cache_directory() / f"{name}-{digest.hexdigest()[:12]}"
    with open(cache_directory() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        say(f"making {folder.name}")
        try:
            make(unfinished)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        unfinished.rename(folder)
    return folder
