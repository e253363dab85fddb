"""docs/tested.md: the tests that the promises name, read from their files; and whether each name is one of a test."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = (
    *sorted((ROOT / "tests/kernel/coherence").glob("test_*.py")),
    *(ROOT / "tests/kernel" / name for name in ("test_exactly_once.py", "test_machines.py", "test_recovery.py")),
    ROOT / "tests/protocol/test_exactly_once.py",
)
HEAD = """# The tests of the promises

Rendered from the tests that [What is promised](promises.md) names, by `python docs/render.py`; a test keeps it true.
Those in `tests/kernel` run with two to four real Linux kernels in one mount (`TIERS=kernel tests/run`).
"""
TEST = re.compile(r"^test_(p\d_)*")
NAMED = re.compile(r"`([^`]+)`")


def tests_of(path: Path) -> list[str]:
    """The names of the tests in a file, in its order, without the numbers of the promises."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, functions)]
    return [TEST.sub("", name) for name in names if TEST.match(name)]


def page() -> str:
    """docs/tested.md."""
    parts = [HEAD]
    for path in FILES:
        about = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0].replace("\n", " ")
        sentences = "\n".join(f"- {name.replace('_', ' ')}" for name in tests_of(path))
        parts.append(f"\n## {path.relative_to(ROOT)}\n\n{about}\n\n{sentences}\n")
    return "".join(parts)


def unknown(promises: str) -> list[str]:
    """What the last column of the tables in docs/promises.md names, and no test is. `...` stands for anything."""
    rows = [line.split("|")[-2] for line in promises.splitlines() if line.startswith("|") and line.count("|") > 2]
    files = {path.name for path in FILES} | {str(path.relative_to(ROOT)) for path in FILES}
    names = {name for path in FILES for name in tests_of(path)}
    missing = []
    for name in (found for row in rows for found in NAMED.findall(row)):
        pattern = name.replace("...", "*")
        if name not in files and not any(fnmatchcase(known, pattern) for known in names):
            missing.append(name)
    return missing
