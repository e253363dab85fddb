"""The build: pure Python by itself, with the hot modules compiled by mypyc where there is a C compiler.

The list below is the one place that says which modules are compiled. NFSGW_PURE=1 leaves them as they are; so does a
machine without a compiler, with a warning. Nothing else is decided here: see pyproject.toml.
"""

import glob
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile

from setuptools import Extension, setup

HOT = [
    "nfsgw/errors.py",
    "nfsgw/suspend.py",
    "nfsgw/metrics/timings.py",
    "nfsgw/metrics/counts.py",
    "nfsgw/wire/runtime.py",
    "nfsgw/wire/rpc.py",
    "nfsgw/wire/nfs4.py",
    "nfsgw/wire/nfs4_cb.py",
    "nfsgw/rpc/records.py",
    "nfsgw/rpc/credentials.py",
    "nfsgw/rpc/core.py",
    "nfsgw/rpc/transport.py",
    "nfsgw/namespace/model.py",
    "nfsgw/namespace/room.py",
    "nfsgw/namespace/counters.py",
    "nfsgw/namespace/handles.py",
    "nfsgw/namespace/permissions.py",
    "nfsgw/namespace/store.py",
    "nfsgw/namespace/batch.py",
    "nfsgw/namespace/commits.py",
    "nfsgw/namespace/cache.py",
    "nfsgw/namespace/named.py",
    "nfsgw/namespace/names.py",
    "nfsgw/namespace/attributes.py",
    "nfsgw/namespace/chunkmap.py",
    "nfsgw/namespace/xattrs.py",
    "nfsgw/namespace/namespace.py",
    "nfsgw/chunks/settings.py",
    "nfsgw/chunks/counts.py",
    "nfsgw/chunks/table.py",
    "nfsgw/chunks/slots.py",
    "nfsgw/chunks/cache.py",
    "nfsgw/chunks/extents.py",
    "nfsgw/chunks/reading.py",
    "nfsgw/chunks/syncer.py",
    "nfsgw/chunks/loading.py",
    "nfsgw/chunks/reads.py",
    "nfsgw/chunks/room.py",
    "nfsgw/chunks/writes.py",
    "nfsgw/chunks/cuts.py",
    "nfsgw/chunks/chunks.py",
    "nfsgw/nfs4/settings.py",
    "nfsgw/nfs4/compound.py",
    "nfsgw/nfs4/attributes.py",
    "nfsgw/nfs4/holders.py",
    "nfsgw/nfs4/optable.py",
    "nfsgw/nfs4/engine.py",
    *sorted(glob.glob("nfsgw/nfs4/callbacks/[a-z]*.py")),
    *sorted(glob.glob("nfsgw/nfs4/minor0/[a-z]*.py")),
    *sorted(glob.glob("nfsgw/nfs4/operations/[a-z]*.py")),
    *sorted(glob.glob("nfsgw/nfs4/state/[a-z]*.py")),
]


def main() -> None:
    setup(ext_modules=extensions())


def extensions() -> list[Extension]:
    if os.environ.get("NFSGW_PURE", "") not in ("", "0"):
        return []
    if len(sys.argv) > 1 and sys.argv[1] in ("sdist", "egg_info", "dist_info", "clean"):
        return []  # what is asked for compiles nothing
    if not has_compiler():
        print(
            "nfsgw: WARNING: no C compiler, or no header files of Python: nothing is compiled, and the gateway will be "
            "several times slower. Install a compiler (Debian: gcc python3-dev), or set NFSGW_PURE=1 to say that you "
            "mean it.",
            file=sys.stderr,
        )
        return []
    from mypyc.build import mypycify

    modules: list[Extension] = mypycify(["--config-file", "pyproject.toml", *HOT], opt_level="2", debug_level="0")
    return modules


def has_compiler() -> bool:
    """Whether a file that includes Python.h can be compiled."""
    words = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    if shutil.which(words[0]) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "probe.c")
        with open(source, "w") as file:
            file.write("#include <Python.h>\nint main(void) { return 0; }\n")
        command = [*words, f"-I{sysconfig.get_path('include')}", "-c", source, "-o", os.path.join(folder, "probe.o")]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main()
