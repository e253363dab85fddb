"""Reads an XDR definition into a tree: `grammar.lark` is the language, this is its meaning.

Constants are resolved while reading, so a name must be defined before it is used as a value; types may be used before
they are defined. Every complaint names file and line. Source: RFC 4506, 6; RFC 5531, 12.
"""

from __future__ import annotations

from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from xdr.generator.tree import (
    SYNONYMS,
    UNBOUNDED,
    Arm,
    Const,
    Declaration,
    EnumType,
    Module,
    Shape,
    Struct,
    Typedef,
    Union,
    XdrSyntaxError,
)

GRAMMAR = Lark(Path(__file__).with_name("grammar.lark").read_text(), parser="lalr", propagate_positions=True)

Node = Tree[Token]

SHAPES = {
    "plain": Shape.PLAIN,
    "array_fixed": Shape.ARRAY_FIXED,
    "array_variable": Shape.ARRAY_VARIABLE,
    "opaque_fixed": Shape.OPAQUE_FIXED,
    "opaque_variable": Shape.OPAQUE_VARIABLE,
    "optional": Shape.OPTIONAL,
}

TYPE_NAMES = {"uint": "unsigned int", "uhyper": "unsigned hyper", "int_": "int", "hyper": "hyper", "bool_": "bool"}


def parse_file(path: Path, loaded: dict[Path, Module] | None = None) -> Module:
    """Parse `path` and what it imports; `loaded` lets several files share one import.

    Raises: XdrSyntaxError.
    """
    modules = {} if loaded is None else loaded
    path = path.resolve()
    if path not in modules:
        modules[path] = _Reader(path, modules).read(path.read_text())
    return modules[path]


class _Reader:
    """Walks the parse tree of one file."""

    def __init__(self, path: Path, loaded: dict[Path, Module]) -> None:
        self.path = path
        self.loaded = loaded
        self.module = Module(path.stem)
        self.values: dict[str, int] = {"FALSE": 0, "TRUE": 1}

    def read(self, text: str) -> Module:
        try:
            root = GRAMMAR.parse(text)
        except UnexpectedInput as error:
            context = error.get_context(text).splitlines()[0].strip()
            raise XdrSyntaxError(f"{self.path.name}:{error.line}: not understood near: {context}") from error
        for child in _children(root):
            if child.data == "import_":
                self._import(child)
            else:
                self._definition(child)
        return self.module

    def _import(self, node: Node) -> None:
        target = self.path.with_name(_token(node, 0).value.strip('"'))
        if not target.is_file():
            raise XdrSyntaxError(f"{self.path.name}:{_line(node)}: no file {target.name} to import")
        imported = parse_file(target, self.loaded)
        self.module.imports.append(imported)
        self.values.update((name, value) for name, (_, value) in imported.constants().items())

    def _definition(self, node: Node) -> None:
        line = _line(node)
        match node.data:
            case "const":
                value = self._value(_child(node, 1))
                self._constant(_token(node, 0), value)
                self.module.definitions.append(Const(_token(node, 0).value, value, _text(_child(node, 1), value), line))
            case "enum":
                members = []
                for member in _children(node):
                    value = self._value(_child(member, 1))
                    self._constant(_token(member, 0), value)
                    members.append((_token(member, 0).value, value))
                self.module.definitions.append(EnumType(_token(node, 0).value, tuple(members), line))
            case "typedef":
                self.module.definitions.append(Typedef(self._declaration(node), line))
            case "struct":
                fields = tuple(self._declaration(child) for child in _children(node))
                self.module.definitions.append(Struct(_token(node, 0).value, fields, line))
            case "union":
                self.module.definitions.append(self._union(node, line))
            case _:
                self._program(node)

    def _program(self, node: Node) -> None:
        """Programs, versions and procedures are numbers with names: nothing else of them is emitted."""
        name = _token(node, 1) if isinstance(node.children[0], Tree) else _token(node, 0)
        value = self._value(_tree(node.children[-1]))
        self._constant(name, value)
        self.module.definitions.append(Const(name.value, value, _text(_tree(node.children[-1]), value), _line(node)))
        for child in _children(node):
            if child.data in ("version", "procedure"):
                self._program(child)

    def _union(self, node: Node, line: int) -> Union:
        name = _token(node, 0).value
        discriminant = Declaration(_token(node, 2).value, self._type(_child(node, 1)), Shape.PLAIN, 0, line)
        arms: list[Arm] = []
        default: Arm | None = None
        for child in _children(node)[1:]:
            body_node = _tree(child.children[-1])
            body = None if body_node.data == "no_body" else self._declaration(body_node)
            if child.data == "default":
                default = Arm((), body)
                continue
            labels = []
            for label in _children(child)[:-1]:
                value_node = _child(label, 0)
                labels.append((_token(value_node, 0).value, self._value(value_node)))
            arms.append(Arm(tuple(labels), body))
        return Union(name, discriminant, tuple(arms), default, line)

    def _declaration(self, node: Node) -> Declaration:
        """The declaration inside a field, a typedef or an arm, with the pragma before it."""
        children = _children(node)
        pragma = str(children[0].data) if len(children) == 2 else ""
        inner = children[-1]
        shape = SHAPES[str(inner.data)]
        opaque = shape in (Shape.OPAQUE_FIXED, Shape.OPAQUE_VARIABLE)
        rest = inner.children if opaque else inner.children[1:]
        kind = "opaque" if opaque else self._type(_child(inner, 0))
        size = self._value(_tree(rest[1])) if len(rest) > 1 else UNBOUNDED
        if shape in (Shape.PLAIN, Shape.OPTIONAL):
            size = 0
        name = rest[0]
        assert isinstance(name, Token)
        return Declaration(name.value, kind, shape, size, _line(inner), pragma)

    def _type(self, node: Node) -> str:
        if node.data == "named":
            name = _token(node, 0).value
            return SYNONYMS.get(name, name)
        return TYPE_NAMES[str(node.data)]

    def _value(self, node: Node) -> int:
        token = _token(node, 0)
        if node.data == "number_value":
            return int(token.value, 0)
        if token.value not in self.values:
            raise XdrSyntaxError(f"{self.path.name}:{token.line}: {token.value} is not a constant defined above")
        return self.values[token.value]

    def _constant(self, name: Token, value: int) -> None:
        if name.value in self.values:
            raise XdrSyntaxError(f"{self.path.name}:{name.line}: {name.value} is defined twice")
        self.values[name.value] = value


def _children(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Tree)]


def _tree(child: Node | Token) -> Node:
    assert isinstance(child, Tree)
    return child


def _child(node: Node, index: int) -> Node:
    return _tree(node.children[index])


def _token(node: Node, index: int) -> Token:
    child = node.children[index]
    assert isinstance(child, Token)
    return child


def _text(node: Node, value: int) -> str:
    literal = _token(node, 0).value
    return f"0x{literal[2:].upper()}" if literal[:2].lower() == "0x" else str(value)


def _line(node: Node) -> int:
    return int(node.meta.line)
