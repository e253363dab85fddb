"""The gateway under measurement, installed from this tree as a user would have it: compiled, or as plain Python.

Each kind is built by pip into a folder of its own, named by the sources it was made from, so that neither what lies
compiled in the working tree nor an older build is measured by mistake.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.servers import Server, ServerError, free_port

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "nfsgw", "share")


def cache_directory() -> Path:
    """Where builds are kept: $NFSGW_BENCH_CACHE, else `nfsgw-bench` in the user's cache. Made if it is not there."""
    chosen = os.environ.get("NFSGW_BENCH_CACHE")
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nfsgw-bench"
    base.mkdir(parents=True, exist_ok=True)
    return base.resolve()


def gateway(folder: Path, pure: bool) -> Server:
    """A gateway with a new data directory under `folder`, on its embedded default. Raises: ServerError."""
    built = install(pure)
    port = free_port()
    command = [sys.executable, "-m", "nfsgw", "serve", "--data-dir", str(folder / "data")]
    command += ["--listen", "127.0.0.1", "--port", str(port), "--set", "admin.http=127.0.0.1:0"]
    return Server("pure" if pure else "nfsgw", command, port, folder, {"PYTHONPATH": str(built)})


def install(pure: bool) -> Path:
    """The folder with the package `nfsgw`, built unless it is there already. Raises: ServerError."""
    sources = sorted(
        path
        for part in PARTS
        for path in ([ROOT / part] if (ROOT / part).is_file() else (ROOT / part).rglob("*"))
        if path.is_file() and path.suffix not in {".so", ".pyc", ".c", ".h", ".o"}
    )
    digest = hashlib.sha256(sys.version.encode())
    for source in sources:
        digest.update(f"{source.relative_to(ROOT)}\0".encode() + source.read_bytes() + b"\0")
    target = cache_directory() / f"{'pure' if pure else 'compiled'}-{digest.hexdigest()[:12]}"
    with (cache_directory() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _build(sources, target, pure)
    return target


def _build(sources: list[Path], target: Path, pure: bool) -> None:
    tree, unfinished = target.with_suffix(".source"), target.with_suffix(".unfinished")
    for folder in (tree, unfinished):
        shutil.rmtree(folder, ignore_errors=True)
    for source in sources:
        copy = tree / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    print(f"building nfsgw, {'plain Python' if pure else 'compiled'} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--target", str(unfinished), str(tree)]
    environment = {key: value for key, value in os.environ.items() if key != "NFSGW_PURE"}
    if pure:
        environment["NFSGW_PURE"] = "1"
    done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    if done.returncode:
        raise ServerError(f"nfsgw cannot be built:\n{done.stdout}{done.stderr}")
    compiled = any(unfinished.rglob("*.so"))
    if compiled == pure:
        raise ServerError(f"a build that should {'not ' if pure else ''}be compiled is{'' if compiled else ' not'}")
    unfinished.rename(target)
    shutil.rmtree(tree)
