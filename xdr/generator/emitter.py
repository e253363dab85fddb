"""Writes the Python codec of one definition: straight-line code that mypyc compiles well.

Runs of fields of fixed size are read with one bounds check; linked lists become Python lists and are walked, not
recursed into; enumerations are checked on reading, except as the discriminant of a union that has a default arm. The
output is formatted as `ruff format` would, so that it does not depend on a tool's version.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xdr.generator.tree import (
    PRIMITIVES,
    UNBOUNDED,
    Arm,
    Const,
    Declaration,
    EnumType,
    Module,
    Shape,
    Sizes,
    Struct,
    Typedef,
    Union,
)

WIDTH = 120

PYTHON = {"int": "int", "unsigned int": "int", "hyper": "int", "unsigned hyper": "int", "bool": "bool"}
METHOD = {"int": "i32", "unsigned int": "u32", "hyper": "i64", "unsigned hyper": "u64", "bool": "boolean"}
AT = {"int": "i32_at", "unsigned int": "u32_at", "hyper": "i64_at", "unsigned hyper": "u64_at", "bool": "bool_at"}

RUNTIME_NAMES = (
    "OPAQUE_CAP",
    "Reader",
    "Struct",
    "Writer",
    "absent",
    "bool_at",
    "bytes_at",
    "enum_at",
    "i32_at",
    "i64_at",
    "member_at",
    "u32_at",
    "u64_at",
    "unknown",
)


@dataclass(frozen=True)
class Call:
    """A call, or a tuple where the function has no name, laid out on as many lines as it needs."""

    function: str
    arguments: tuple[Expression, ...]


Expression = str | Call
ArmWriter = Callable[[str, Declaration], list[str]]


def flat(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    return f"{expression.function}({', '.join(flat(argument) for argument in expression.arguments)})"


def layout(indent: int, prefix: str, expression: Expression, suffix: str = "") -> list[str]:
    """The lines of `prefix expression suffix`, broken as `ruff format` breaks them."""
    line = f"{' ' * indent}{prefix}{flat(expression)}{suffix}"
    if len(line) <= WIDTH or isinstance(expression, str):
        return [line]
    inner = indent + 4
    hugged = " " * inner + ", ".join(flat(argument) for argument in expression.arguments)
    lines = [f"{' ' * indent}{prefix}{expression.function}("]
    if len(hugged) <= WIDTH and expression.function:
        lines.append(hugged)
    else:
        for argument in expression.arguments:
            lines += layout(inner, "", argument, ",")
    return [*lines, f"{' ' * indent}){suffix}"]


def python_name(name: str) -> str:
    """A field's name in Python: a keyword gets an underscore."""
    return f"{name}_" if keyword.iskeyword(name) else name


def contiguous(definition: EnumType) -> bool:
    values = sorted(value for _, value in definition.members)
    return values == list(range(values[0], values[0] + len(values)))


def emit(module: Module) -> str:
    """The Python text of `module`, which must have passed `checks.check`."""
    return _Emitter(module).text()


class _Emitter:
    def __init__(self, module: Module) -> None:
        self.module = module
        self.sizes = Sizes(module)
        self.types = self.sizes.types
        self.lines: list[str] = []

    # The file

    def text(self) -> str:
        constants = [definition for definition in self.module.definitions if isinstance(definition, Const)]
        self.lines += [f"{constant.name}: Final = {constant.text}" for constant in constants]
        for definition in self.module.types():
            if isinstance(definition, EnumType):
                self.enum(definition)
            elif isinstance(definition, Typedef):
                self.typedef(definition)
            elif isinstance(definition, Struct):
                self.struct(definition)
            else:
                self.union(definition)
        body = re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines)).strip("\n") + "\n"
        return self.header(body) + body

    def header(self, body: str) -> str:
        used = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r'"[^"\n]*"', "", body)))
        lines = [
            f'"""XDR codec of `xdr/{self.module.name}.x`, emitted by `python -m xdr.generate`: do not edit it.',
            "",
            "A type X is a class or an alias X here, with `unpack_X(reader)` and `pack_X(writer, value)`, which raise",
            "XdrError for what is not an X.",
            '"""',
            "",
            "from __future__ import annotations",
            "",
        ]
        typing = [name for name in ("ClassVar", "Final", "TypeAlias") if name in used]
        lines += [f"from typing import {', '.join(typing)}", ""]
        for imported in self.module.imports:
            names = {*imported.constants()}
            for name in imported.lookup():
                names |= {name, f"unpack_{name}", f"pack_{name}", f"{name}_names"}
            lines += self.imports(f"nfsgw.wire.{imported.name}", names & used)
        lines += self.imports("nfsgw.wire.runtime", {name for name in RUNTIME_NAMES if name in used})
        return "\n".join([*lines, "", ""])

    @staticmethod
    def imports(module: str, names: Iterable[str]) -> list[str]:
        def order(name: str) -> tuple[int, str]:
            kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
            return kind, name

        ordered = sorted(names, key=order)
        if not ordered:
            return []
        line = f"from {module} import {', '.join(ordered)}"
        if len(line) <= WIDTH:
            return [line]
        return [f"from {module} import (", *(f"    {name}," for name in ordered), ")"]

    # Types in Python

    def annotation(self, declaration: Declaration) -> str:
        shape = declaration.shape
        if shape in (Shape.OPAQUE_FIXED, Shape.OPAQUE_VARIABLE):
            return "bytes | memoryview" if declaration.pragma == "bulk" else "bytes"
        if declaration.pragma == "bitmap":
            return "int"
        name = PYTHON.get(declaration.type, declaration.type)
        return name if shape is Shape.PLAIN else f"list[{name}]"

    # Enumerations and typedefs

    def enum(self, definition: EnumType) -> None:
        name = definition.name
        self.lines += ["", f"{name}: TypeAlias = int", ""]
        self.lines += [f"{member}: Final = {value}" for member, value in definition.members]
        self.lines += ["", f"{name}_names: Final[dict[int, str]] = {{"]
        self.lines += [f'    {member}: "{member}",' for member, _ in definition.members]
        self.lines.append("}")
        self.function(f"unpack_{name}", ["r: Reader"], name, [f"    return {self.enum_read(definition)}"])
        self.function(f"pack_{name}", ["w: Writer", f"v: {name}"], "None", ["    w.u32(v)"])

    def typedef(self, definition: Typedef) -> None:
        name, declaration = definition.name, definition.declaration
        self.lines += ["", f"{name}: TypeAlias = {self.annotation(declaration)}"]
        resolved = self.sizes.resolve(declaration)
        body = layout(4, "return ", self.read(resolved))
        self.function(f"unpack_{name}", ["r: Reader"], name, body)
        self.function(f"pack_{name}", ["w: Writer", f"v: {name}"], "None", self.write(4, resolved, "v"))

    # Structs

    def struct(self, definition: Struct) -> None:
        name = definition.name
        fields = self.sizes.fields(definition)
        parameters = [f"{python_name(member.name)}: {self.annotation(member)}" for member in fields]
        self.klass(name, [python_name(member.name) for member in fields], parameters)
        self.function(f"unpack_{name}", ["r: Reader"], name, self.struct_read(name, fields))
        body = [line for member in fields for line in self.write(4, member, f"v.{python_name(member.name)}")]
        self.function(f"pack_{name}", ["w: Writer", f"v: {name}"], "None", body)
        if self.sizes.is_list_node(name):
            self.linked_list(name)

    def linked_list(self, name: str) -> None:
        """A linked list on the wire is a Python list here, each node without its pointer to the next."""
        body = [f"    found: list[{name}] = []", "    while r.boolean():", f"        found.append(unpack_{name}(r))"]
        self.function(f"unpack_{name}_list", ["r: Reader"], f"list[{name}]", [*body, "    return found"])
        body = [
            "    for item in v:",
            "        w.boolean(True)",
            f"        pack_{name}(w, item)",
            "    w.boolean(False)",
        ]
        self.function(f"pack_{name}_list", ["w: Writer", f"v: list[{name}]"], "None", body)

    def struct_read(self, name: str, fields: Sequence[Declaration]) -> list[str]:
        """Fields before the last run are read into locals, the rest in the constructor's arguments, in wire order."""
        runs = self.runs(fields)
        last = max((start for start, count in runs if count > 1), default=-1)
        lines: list[str] = []
        arguments: list[Expression] = []
        for start, count in runs:
            group = fields[start : start + count]
            if count == 1:
                expressions = [self.read(group[0])]
            else:
                sizes = [self.sizes.fixed(member) or 0 for member in group]
                lines += [f"    at = r.take({sum(sizes)})", "    window = r.window"]
                expressions = [self.read_at(member, sum(sizes[:index])) for index, member in enumerate(group)]
            for member, expression in zip(group, expressions, strict=True):
                if start < last:
                    local = python_name(member.name)
                    lines += layout(4, f"{local} = ", expression)
                    arguments.append(local)
                else:
                    arguments.append(expression)
        return [*lines, *layout(4, "return ", Call(name, tuple(arguments)))]

    def runs(self, fields: Sequence[Declaration]) -> list[tuple[int, int]]:
        """(start, count) of each group: neighbours of fixed size together, every other field alone."""
        groups: list[tuple[int, int]] = []
        index = 0
        while index < len(fields):
            start = index
            while index < len(fields) and self.sizes.fixed(fields[index]) is not None:
                index += 1
            if index > start:
                groups.append((start, index - start))
            else:
                groups.append((index, 1))
                index += 1
        return groups

    def klass(self, name: str, fields: Sequence[str], parameters: Sequence[str]) -> None:
        names = ", ".join(f'"{member}"' for member in fields)
        self.lines += ["", "", f"class {name}(Struct):"]
        quoted = tuple(f'"{member}"' for member in fields)
        if len(quoted) == 1:
            self.lines.append(f"    FIELDS: ClassVar[tuple[str, ...]] = ({names},)")
        else:
            self.lines += layout(4, "FIELDS: ClassVar[tuple[str, ...]] = ", Call("", quoted))
        self.lines.append("")
        self.lines += layout(4, "def ", Call("__init__", ("self", *parameters)), " -> None:")
        self.lines += [f"        self.{member} = {member}" for member in fields]

    # Unions

    def union(self, definition: Union) -> None:
        name = definition.name
        head = definition.discriminant
        bodies = list(definition.bodies())
        attribute = python_name(head.name)
        parameters = [f"{attribute}: {self.annotation(head)}"]
        parameters += [f"{python_name(body.name)}: {self.annotation(body)} | None = None" for body in bodies]
        self.klass(name, [attribute, *(python_name(body.name) for body in bodies)], parameters)

        boolean = self.sizes.resolve(head).type == "bool"
        read = [f"    v = {name}(r.{'boolean' if boolean else 'u32'}())"]
        write = [f"    w.{'boolean' if boolean else 'u32'}(v.{attribute})"]
        read += self.branches(definition, attribute, self.arm_read)
        write += self.branches(definition, attribute, self.arm_write)
        self.function(f"unpack_{name}", ["r: Reader"], name, [*read, "    return v"])
        self.function(f"pack_{name}", ["w: Writer", f"v: {name}"], "None", write)

    def branches(self, definition: Union, attribute: str, body_of: ArmWriter) -> list[str]:
        boolean = self.sizes.resolve(definition.discriminant).type == "bool"
        lines: list[str] = []
        void: list[str] = []
        word = "if"
        for arm in definition.arms:
            labels = [label for label, _ in arm.labels]
            if arm.body is None:
                void += labels
                continue
            lines += self.condition(word, attribute, labels, boolean)
            lines += body_of(definition.name, arm.body)
            word = "elif"
        default: Arm | None = definition.default
        exhaustive = boolean and sum(len(arm.labels) for arm in definition.arms) == 2
        if void and not exhaustive and (default is None or default.body is not None):
            lines += [*self.condition(word, attribute, void, boolean), "        pass"]
            word = "elif"
        if default is not None and default.body is not None:
            inner = body_of(definition.name, default.body)
            lines += ["    else:", *inner] if word == "elif" else [line[4:] for line in inner]
        elif default is None and not exhaustive:
            lines += ["    else:", f'        unknown("{definition.name}", v.{attribute})']
        return lines

    @staticmethod
    def condition(word: str, attribute: str, labels: Sequence[str], boolean: bool) -> list[str]:
        if boolean:
            return [f"    {word} {'' if labels == ['TRUE'] else 'not '}v.{attribute}:"]
        if len(labels) == 1:
            return [f"    {word} v.{attribute} == {labels[0]}:"]
        return layout(4, f"{word} v.{attribute} in ", Call("", tuple(labels)), ":")

    def arm_read(self, union: str, body: Declaration) -> list[str]:
        return layout(8, f"v.{python_name(body.name)} = ", self.read(body))

    def arm_write(self, union: str, body: Declaration) -> list[str]:
        name = python_name(body.name)
        missing = [f"        if v.{name} is None:", f'            absent("{union}", "{name}")']
        return [*missing, *self.write(8, body, f"v.{name}")]

    # One value

    def function(self, name: str, parameters: Sequence[str], result: str, body: Sequence[str]) -> None:
        self.lines += ["", "", *layout(0, "def ", Call(name, tuple(parameters)), f" -> {result}:"), *body, ""]

    def enum_arguments(self, definition: EnumType) -> tuple[str, ...]:
        if contiguous(definition):
            values = [value for _, value in definition.members]
            return str(min(values)), str(max(values)), f'"{definition.name}"'
        return f"{definition.name}_names", f'"{definition.name}"'

    def enum_read(self, definition: EnumType) -> str:
        method = "enum" if contiguous(definition) else "member"
        return f"r.{method}({', '.join(self.enum_arguments(definition))})"

    def read(self, declaration: Declaration) -> Expression:
        """Read one value wherever the reader stands."""
        array = declaration.type if declaration.shape is Shape.PLAIN else ""
        declaration = self.sizes.resolve(declaration)
        shape, kind, size = declaration.shape, declaration.type, declaration.size
        if shape is Shape.OPAQUE_FIXED:
            return f"r.fixed({size})"
        if shape is Shape.OPAQUE_VARIABLE:
            if declaration.pragma == "bulk":
                return "r.bulk()"
            return f"r.opaque({'OPAQUE_CAP' if size == UNBOUNDED else size})"
        if declaration.pragma == "bitmap":
            return "r.bitmap()"
        if shape is Shape.OPTIONAL:
            return f"unpack_{kind}_list(r)"
        if shape is Shape.ARRAY_VARIABLE:
            if array:
                return f"unpack_{array}(r)"
            item = Declaration("", kind, Shape.PLAIN, 0, declaration.line)
            limit = "0xFFFFFFFF" if size == UNBOUNDED else str(size)
            return f"[{flat(self.read(item))} for _ in range(r.array_length({limit}, {self.sizes.minimum(item)}))]"
        if kind in PRIMITIVES:
            return f"r.{METHOD[kind]}()"
        definition = self.types[kind]
        if isinstance(definition, EnumType):
            return self.enum_read(definition)
        return f"unpack_{kind}(r)"

    def read_at(self, declaration: Declaration, offset: int) -> Expression:
        """Read one value of fixed size at `offset` of the run that begins at `at`."""
        declaration = self.sizes.resolve(declaration)
        place = f"at + {offset}" if offset else "at"
        if declaration.shape is Shape.OPAQUE_FIXED:
            return Call("bytes_at", ("window", place, str(declaration.size)))
        kind = declaration.type
        if kind in PRIMITIVES:
            return Call(AT[kind], ("window", place))
        definition = self.types[kind]
        if isinstance(definition, EnumType):
            function = "enum_at" if contiguous(definition) else "member_at"
            return Call(function, ("window", place, *self.enum_arguments(definition)))
        assert isinstance(definition, Struct)
        arguments: list[Expression] = []
        for member in self.sizes.fields(definition):
            arguments.append(self.read_at(member, offset))
            offset += self.sizes.fixed(member) or 0
        return Call(kind, tuple(arguments))

    def write(self, indent: int, declaration: Declaration, value: str) -> list[str]:
        pad = " " * indent
        array = declaration.type if declaration.shape is Shape.PLAIN else ""
        declaration = self.sizes.resolve(declaration)
        shape, kind, size = declaration.shape, declaration.type, declaration.size
        bound = "" if size == UNBOUNDED else f", {size}"
        if shape is Shape.OPAQUE_FIXED:
            return [f"{pad}w.fixed({value}, {size})"]
        if shape is Shape.OPAQUE_VARIABLE:
            return [f"{pad}w.{'bulk' if declaration.pragma == 'bulk' else 'opaque'}({value}{bound})"]
        if declaration.pragma == "bitmap":
            return [f"{pad}w.bitmap({value})"]
        if shape is Shape.OPTIONAL:
            return [f"{pad}pack_{kind}_list(w, {value})"]
        if shape is Shape.ARRAY_VARIABLE:
            if array:
                return [f"{pad}pack_{array}(w, {value})"]
            item = Declaration("", kind, Shape.PLAIN, 0, declaration.line)
            each = "item" if value == "v" else f"{value.removeprefix('v.')}_item"
            lines = [f"{pad}w.array_length(len({value}){bound})", f"{pad}for {each} in {value}:"]
            return [*lines, *self.write(indent + 4, item, each)]
        if kind in PRIMITIVES:
            return [f"{pad}w.{METHOD[kind]}({value})"]
        if isinstance(self.types[kind], EnumType):
            return [f"{pad}w.u32({value})"]
        return [f"{pad}pack_{kind}(w, {value})"]
