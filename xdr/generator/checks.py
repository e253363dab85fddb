"""Refuses definitions that cannot be emitted: unknown types, names used twice, cycles, shapes that no codec has.

Everything here raises XdrSyntaxError with file and line; after it, the emitter may take the tree at its word.
"""

from __future__ import annotations

from typing import NoReturn

from xdr.generator.tree import (
    PRIMITIVES,
    UNBOUNDED,
    Const,
    Declaration,
    EnumType,
    Module,
    Shape,
    Sizes,
    Struct,
    Typedef,
    Union,
    XdrSyntaxError,
)

RESERVED = frozenset({"r", "w", "v", "at", "window", "FIELDS"})
"""Names that emitted functions use themselves."""


def check(module: Module) -> None:
    """Raises: XdrSyntaxError for the first thing that is wrong."""
    _Checker(module).run()


class _Checker:
    def __init__(self, module: Module) -> None:
        self.module = module
        self.types = module.lookup()
        self.sizes = Sizes(module)
        self.finite: set[str] = set()
        self.above: set[str] = set(PRIMITIVES)
        for imported in module.imports:
            self.above.update(imported.lookup())

    def refuse(self, line: int, why: str) -> NoReturn:
        raise XdrSyntaxError(f"{self.module.name}.x:{line}: {why}")

    def run(self) -> None:
        seen = set(self.above)
        for definition in self.module.definitions:
            if isinstance(definition, Const):
                continue
            if definition.name in seen:
                self.refuse(definition.line, f"{definition.name} is defined twice")
            seen.add(definition.name)
        for definition in self.module.types():
            if isinstance(definition, EnumType):
                self.enum(definition)
            elif isinstance(definition, Typedef):
                self.typedef(definition)
            elif isinstance(definition, Struct):
                self.struct(definition)
            else:
                self.union(definition)
            self.above.add(definition.name)
        for definition in self.module.types():
            self.cycle(definition.name, [])

    def enum(self, definition: EnumType) -> None:
        values: set[int] = set()
        for name, value in definition.members:
            if value in values or value > 0x7FFFFFFF:
                self.refuse(definition.line, f"{name} = {value} is used twice or too large")
            values.add(value)

    def typedef(self, definition: Typedef) -> None:
        declaration = definition.declaration
        self.declaration(declaration)
        if declaration.type not in self.above and declaration.type != "opaque":
            self.refuse(declaration.line, f"{declaration.type} must be defined above the typedef that uses it")

    def struct(self, definition: Struct) -> None:
        self.distinct(definition.line, [member.name for member in definition.fields])
        for member in self.sizes.fields(definition):
            self.declaration(member)

    def union(self, definition: Union) -> None:
        discriminant = self.sizes.resolve(definition.discriminant)
        kind = discriminant.type
        enumeration = self.types[kind][1] if kind in self.types else None
        if kind not in ("bool", "unsigned int") and not isinstance(enumeration, EnumType):
            self.refuse(definition.line, f"{definition.name} switches on {kind}, which is not an enumeration")
        bodies = [body.name for body in definition.bodies()]
        self.distinct(definition.line, [definition.discriminant.name, *bodies])
        labels = [value for arm in definition.arms for _, value in arm.labels]
        if len(set(labels)) != len(labels):
            self.refuse(definition.line, f"{definition.name} has a case twice")
        if isinstance(enumeration, EnumType):
            members = {value for _, value in enumeration.members}
            for arm in definition.arms:
                for name, value in arm.labels:
                    if value not in members:
                        self.refuse(definition.line, f"case {name} of {definition.name} is not in {kind}")
        for body in definition.bodies():
            self.declaration(body)

    def distinct(self, line: int, names: list[str]) -> None:
        for name in names:
            if name in RESERVED:
                self.refuse(line, f"the name {name} is kept for emitted code")
            if names.count(name) > 1:
                self.refuse(line, f"the name {name} is used twice")

    def declaration(self, declaration: Declaration) -> None:
        kind, shape, pragma = declaration.type, declaration.shape, declaration.pragma
        if kind != "opaque" and kind not in PRIMITIVES and kind not in self.types:
            self.refuse(declaration.line, f"{kind} is not defined")
        if shape is Shape.ARRAY_FIXED:
            self.refuse(declaration.line, "arrays of fixed length are not emitted")
        if shape is Shape.OPTIONAL and not self.sizes.is_list_node(kind):
            self.refuse(declaration.line, f"a pointer to {kind}, which is not a linked list, is not emitted")
        if shape is not Shape.OPTIONAL and self.sizes.is_list_node(kind):
            self.refuse(declaration.line, f"{kind} is the node of a linked list and can only be pointed to")
        if pragma == "bulk" and (shape is not Shape.OPAQUE_VARIABLE or declaration.size != UNBOUNDED):
            self.refuse(declaration.line, "only an unbounded opaque can be bulk")
        if pragma == "bitmap" and (shape is not Shape.ARRAY_VARIABLE or kind != "unsigned int"):
            self.refuse(declaration.line, "only an array of unsigned words can be a bitmap")

    def cycle(self, name: str, path: list[str]) -> None:
        """Values nest as deep as types do: without cycles, no input can make a codec recurse."""
        if name in path:
            self.refuse(self.types[name][1].line, f"{' in '.join([*path[path.index(name) :], name])}: without end")
        if name not in self.types or name in self.finite:
            return
        definition = self.types[name][1]
        parts: list[Declaration] = []
        if isinstance(definition, Typedef):
            parts = [definition.declaration]
        elif isinstance(definition, Struct):
            parts = list(self.sizes.fields(definition))
        elif isinstance(definition, Union):
            parts = list(definition.bodies())
        for part in parts:
            self.cycle(part.type, [*path, name])
        self.finite.add(name)
