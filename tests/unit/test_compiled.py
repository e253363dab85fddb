"""What mypyc makes of the hot modules: rules that only compiled code would find broken, checked on the source."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "nfsgw"


def bare_final_tuples_of_floats(source: str) -> list[str]:
    """Names declared as `NAME: Final = (0.1, ...)`."""
    return [
        ast.unparse(node.target)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.AnnAssign)
        and ast.unparse(node.annotation) == "Final"
        and isinstance(node.value, ast.Tuple)
        and any(isinstance(item, ast.Constant) and isinstance(item.value, float) for item in node.value.elts)
    ]


def test_a_final_tuple_of_floats_says_that_it_is_a_tuple_of_any_length() -> None:
    """Without it every use raises NameError when compiled: mypyc (2.4) takes such a tuple for one that was not set."""
    assert bare_final_tuples_of_floats("A: Final = (0.1, 0.2)\nB: Final[tuple[float, ...]] = (0.1,)") == ["A"]
    found = {
        str(path.relative_to(PACKAGE)): names
        for path in PACKAGE.rglob("*.py")
        if (names := bare_final_tuples_of_floats(path.read_text()))
    }
    assert found == {}
