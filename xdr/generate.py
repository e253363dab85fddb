"""`python -m xdr.generate [--check]`: writes `nfsgw/wire/` from the definitions beside this file, or says it is stale.

Every Python file in `nfsgw/wire/` comes from here; `runtime.py` is copied, the codecs are emitted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from xdr.generator.checks import check
from xdr.generator.emitter import emit
from xdr.generator.parser import parse_file
from xdr.generator.tree import Module, XdrSyntaxError

HERE = Path(__file__).parent
TARGET = HERE.parent / "nfsgw" / "wire"

PACKAGE = '''"""XDR codecs, emitted by `python -m xdr.generate` from `xdr/`: not to be edited by hand.

`runtime` reads and writes primitive values, `rpc`, `nfs4` and `nfs4_cb` are the protocols. Nothing here imports
anything else of the project.
"""
'''

COPIED = "# Copied from xdr/runtime.py by `python -m xdr.generate`: not to be edited by hand.\n"


def outputs(source: Path = HERE) -> dict[str, str]:
    """File name and text of everything that belongs into `nfsgw/wire/`.

    Raises: XdrSyntaxError.
    """
    found = {"__init__.py": PACKAGE, "runtime.py": COPIED + (source / "runtime.py").read_text()}
    loaded: dict[Path, Module] = {}
    for path in sorted(source.glob("*.x")):
        module = parse_file(path, loaded)
        check(module)
        found[f"{module.name}.py"] = emit(module)
    return found


def stale(expected: dict[str, str], target: Path) -> list[str]:
    """The names of files in `target` that are missing, different or not expected at all."""
    present = {path.name: path.read_text() for path in target.glob("*.py")}
    names = {*expected, *present}
    return sorted(name for name in names if expected.get(name) != present.get(name))


def main(arguments: Sequence[str] | None = None, source: Path = HERE, target: Path = TARGET) -> int:
    parser = argparse.ArgumentParser(prog="xdr.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the committed files are stale")
    options = parser.parse_args(arguments)
    try:
        expected = outputs(source)
    except XdrSyntaxError as error:
        print(error, file=sys.stderr)
        return 2
    changed = stale(expected, target)
    if options.check:
        for name in changed:
            print(f"{name} is stale: run python -m xdr.generate", file=sys.stderr)
        return 1 if changed else 0
    target.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in expected:
            (target / name).write_text(expected[name])
        else:
            (target / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
