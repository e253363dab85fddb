"""The generator: what it refuses, with the line, and that stale output is seen."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from xdr import generate
from xdr.generator.checks import check
from xdr.generator.emitter import emit
from xdr.generator.parser import parse_file
from xdr.generator.tree import XdrSyntaxError


def emitted(tmp_path: Path, text: str) -> str:
    path = tmp_path / "sample.x"
    path.write_text(text)
    module = parse_file(path)
    check(module)
    return emit(module)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("const A = 1;\nconst B 2;\n", 2, "not understood"),
        ("struct s {\n    int a\n};\n", 3, "not understood"),
        ("struct s {\n};\n", 2, "not understood"),
        ("struct s {\n    @ a;\n};\n", 2, "not understood"),
        ("enum e {\n    A = 1,\n    B = NOWHERE\n};\n", 3, "NOWHERE is not a constant"),
        ("const A = 1;\nconst A = 2;\n", 2, "A is defined twice"),
        ("enum e { A = 1 };\nconst A = 2;\n", 2, "A is defined twice"),
        ("typedef int t;\nstruct t { int a; };\n", 2, "t is defined twice"),
        ("enum e { A = 1, B = 1 };\n", 1, "used twice"),
        ("struct s {\n    int a;\n    missing b;\n};\n", 3, "missing is not defined"),
        ("typedef missing t;\n", 1, "missing is not defined"),
        ("typedef later t;\nstruct later { int a; };\n", 1, "must be defined above"),
        ("struct s { int a; int a; };\n", 1, "a is used twice"),
        ("struct s { int window; };\n", 1, "kept for emitted code"),
        ("struct a { b x; };\nstruct b { a x<>; };\n", 1, "a in b in a: without end"),
        ("struct s { int a[3]; };\n", 1, "fixed length are not emitted"),
        ("struct p { int a; };\nstruct s { p *a; };\n", 2, "not a linked list"),
        ("struct n { int a; n *next; };\nstruct s { n a; };\n", 2, "can only be pointed to"),
        ("struct s {\n%bulk\n    opaque a<9>;\n};\n", 3, "only an unbounded opaque can be bulk"),
        ("typedef\n%bitmap\n    hyper a<>;\n", 3, "only an array of unsigned words"),
        ("struct p { int a; };\nunion u switch (p a) { case 1: void; };\n", 2, "not an enumeration"),
        ("union u switch (bool a) { case TRUE: void; case TRUE: void; };\n", 1, "a case twice"),
        ("enum e { A = 1 };\nunion u switch (e a) { case 2: void; };\n", 2, "case 2 of u is not in e"),
        ('%import "nowhere.x"\n', 1, "no file nowhere.x"),
    ],
)
def test_what_cannot_be_emitted_is_refused_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(XdrSyntaxError, match=rf"^sample\.x:{line}: .*{why}"):
        emitted(tmp_path, text)


def test_a_run_of_fixed_fields_costs_one_bounds_check(tmp_path: Path) -> None:
    text = emitted(
        tmp_path,
        "struct inner { int a; hyper b; };\n"
        "struct s { unsigned int x; inner y; opaque z[5]; opaque t<>; bool u; unsigned hyper v_; };\n",
    )
    assert text.count("r.take(12)") == 2
    assert text.count("r.take(24)") == 1
    assert "inner(i32_at(window, at + 4), i64_at(window, at + 8))" in text
    assert "bytes_at(window, at + 16, 5)" in text


def test_a_python_keyword_gets_an_underscore(tmp_path: Path) -> None:
    assert "self.from_ = from_" in emitted(tmp_path, "struct s { int from; };\n")


def test_names_of_an_imported_definition_are_used_and_not_emitted_again(tmp_path: Path) -> None:
    (tmp_path / "base.x").write_text("const LIMIT = 7;\nstruct item { opaque a<LIMIT>; };\n")
    text = emitted(tmp_path, '%import "base.x"\nstruct s { item items<LIMIT>; };\n')
    assert "from nfsgw.wire.base import item, pack_item, unpack_item\n" in text
    assert "class item" not in text
    assert "r.array_length(7, 4)" in text


def test_the_committed_codecs_are_what_the_definitions_say() -> None:
    assert generate.main(["--check"]) == 0


def test_the_codecs_import_nothing_of_the_project_but_each_other() -> None:
    allowed = {"__future__", "librt", "mypy_extensions", "typing"}
    for name, text in generate.outputs().items():
        for node in ast.walk(ast.parse(text)):
            assert not isinstance(node, ast.Import), name
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert module.split(".")[0] in allowed or module.startswith("nfsgw.wire."), name


def test_check_sees_output_that_is_missing_changed_or_left_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "wire"
    assert generate.main([], target=target) == 0
    assert generate.main(["--check"], target=target) == 0
    assert capsys.readouterr().err == ""

    (target / "rpc.py").write_text((target / "rpc.py").read_text() + "# edited\n")
    (target / "nfs4_cb.py").unlink()
    (target / "older.py").write_text("")
    assert generate.main(["--check"], target=target) == 1
    stale = [line.split()[0] for line in capsys.readouterr().err.splitlines()]
    assert stale == ["nfs4_cb.py", "older.py", "rpc.py"]

    assert generate.main([], target=target) == 0
    assert generate.main(["--check"], target=target) == 0


def test_a_changed_definition_makes_the_output_stale(tmp_path: Path) -> None:
    source, target = tmp_path / "xdr", tmp_path / "wire"
    source.mkdir()
    for path in [*generate.HERE.glob("*.x"), generate.HERE / "runtime.py"]:
        shutil.copy(path, source)
    assert generate.main([], source=source, target=target) == 0
    definition = source / "rpc.x"
    definition.write_text(definition.read_text().replace("RPC_MAXAUTH = 400", "RPC_MAXAUTH = 404"))
    assert generate.main(["--check"], source=source, target=target) == 1


def test_a_definition_that_cannot_be_read_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runtime.py").write_text("")
    (tmp_path / "bad.x").write_text("const A = 1;\nnonsense\n")
    assert generate.main([], source=tmp_path, target=tmp_path / "wire") == 2
    assert capsys.readouterr().err == "bad.x:2: not understood near: nonsense\n"
    assert not (tmp_path / "wire").exists()
