"""The syntax tree of an XDR definition, and the two questions everybody asks of it: how big, how fixed.

Plain data, no Python output here. Source: RFC 4506, 4 (types and their sizes) and 6 (language).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

UNBOUNDED = 0xFFFFFFFF
"""RFC 4506, 4.10: a variable length without a bound is bounded by 2**32 - 1."""

PRIMITIVES: Mapping[str, int] = {"int": 4, "unsigned int": 4, "hyper": 8, "unsigned hyper": 8, "bool": 4}
"""Built-in types and their encoded size in bytes."""

SYNONYMS: Mapping[str, str] = {
    "int32_t": "int",
    "uint32_t": "unsigned int",
    "int64_t": "hyper",
    "uint64_t": "unsigned hyper",
}
"""Names that the RFCs use without defining them."""


class XdrSyntaxError(Exception):
    """A definition that cannot be read or emitted: the message begins with `file:line:`."""


class Shape(Enum):
    """How a declaration repeats its type."""

    PLAIN = auto()
    ARRAY_FIXED = auto()
    ARRAY_VARIABLE = auto()
    OPAQUE_FIXED = auto()
    OPAQUE_VARIABLE = auto()
    OPTIONAL = auto()


@dataclass(frozen=True)
class Declaration:
    """One name with its type; `size` is the exact length or the bound, in items (bytes for an opaque)."""

    name: str
    type: str
    shape: Shape
    size: int
    line: int
    pragma: str = ""


@dataclass(frozen=True)
class Const:
    """`text` is the number as it is emitted: flags stay hexadecimal."""

    name: str
    value: int
    text: str
    line: int


@dataclass(frozen=True)
class EnumType:
    name: str
    members: tuple[tuple[str, int], ...]
    line: int


@dataclass(frozen=True)
class Typedef:
    declaration: Declaration
    line: int

    @property
    def name(self) -> str:
        return self.declaration.name


@dataclass(frozen=True)
class Struct:
    name: str
    fields: tuple[Declaration, ...]
    line: int


@dataclass(frozen=True)
class Arm:
    """The cases (by name and value) that share one body; a body of None is void."""

    labels: tuple[tuple[str, int], ...]
    body: Declaration | None


@dataclass(frozen=True)
class Union:
    """A discriminated union; `default` is None where there is no default arm."""

    name: str
    discriminant: Declaration
    arms: tuple[Arm, ...]
    default: Arm | None
    line: int

    def bodies(self) -> Iterator[Declaration]:
        """The declarations of the arms that are not void, default last."""
        for arm in (*self.arms, *((self.default,) if self.default else ())):
            if arm.body is not None:
                yield arm.body


Definition = Const | EnumType | Typedef | Struct | Union
Named = EnumType | Typedef | Struct | Union


@dataclass
class Module:
    """One `.x` file: its own definitions in order, and the modules it imports."""

    name: str
    imports: list[Module] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)

    def types(self) -> Iterator[Named]:
        for definition in self.definitions:
            if not isinstance(definition, Const):
                yield definition

    def lookup(self) -> dict[str, tuple[Module, Named]]:
        """Every type that may be used here, with the module that emits it."""
        found: dict[str, tuple[Module, Named]] = {}
        for imported in self.imports:
            found.update(imported.lookup())
        found.update((definition.name, (self, definition)) for definition in self.types())
        return found

    def constants(self) -> dict[str, tuple[Module, int]]:
        """Every constant and enumeration member that may be used here, with its module and value."""
        found: dict[str, tuple[Module, int]] = {}
        for imported in self.imports:
            found.update(imported.constants())
        for definition in self.definitions:
            if isinstance(definition, Const):
                found[definition.name] = (self, definition.value)
            elif isinstance(definition, EnumType):
                found.update((name, (self, value)) for name, value in definition.members)
        return found


class Sizes:
    """Encoded sizes of the types of one module, and what each name really is."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.types = {name: definition for name, (_, definition) in module.lookup().items()}

    def is_list_node(self, name: str) -> bool:
        """A struct that ends in an optional pointer to itself: a linked list, carried as a Python list."""
        definition = self.types.get(name)
        if not isinstance(definition, Struct) or not definition.fields:
            return False
        last = definition.fields[-1]
        return last.shape is Shape.OPTIONAL and last.type == name

    def fields(self, struct: Struct) -> tuple[Declaration, ...]:
        """The fields of a struct as its Python class has them: without the pointer to the next node."""
        return struct.fields[:-1] if self.is_list_node(struct.name) else struct.fields

    def resolve(self, declaration: Declaration) -> Declaration:
        """Follow plain typedefs until a primitive, an enum, a struct, a union or a shaped declaration."""
        while declaration.shape is Shape.PLAIN:
            definition = self.types.get(declaration.type)
            if not isinstance(definition, Typedef):
                break
            declaration = definition.declaration
        return declaration

    def minimum(self, declaration: Declaration) -> int:
        """The fewest bytes that an encoding of this declaration can have."""
        declaration = self.resolve(declaration)
        shape = declaration.shape
        if shape is Shape.OPAQUE_FIXED:
            return (declaration.size + 3) & ~3
        if shape in (Shape.OPAQUE_VARIABLE, Shape.ARRAY_VARIABLE, Shape.OPTIONAL):
            return 4
        one = self._minimum_of(declaration.type)
        return one * declaration.size if shape is Shape.ARRAY_FIXED else one

    def _minimum_of(self, name: str) -> int:
        if name in PRIMITIVES:
            return PRIMITIVES[name]
        definition = self.types[name]
        if isinstance(definition, EnumType):
            return 4
        if isinstance(definition, Typedef):
            return self.minimum(definition.declaration)
        if isinstance(definition, Struct):
            return sum(self.minimum(member) for member in self.fields(definition))
        arms = [*definition.arms, *([definition.default] if definition.default else [])]
        return 4 + min(self.minimum(arm.body) if arm.body else 0 for arm in arms)

    def fixed(self, declaration: Declaration) -> int | None:
        """The exact encoded size in bytes, or None where it depends on the value."""
        declaration = self.resolve(declaration)
        if declaration.shape is Shape.OPAQUE_FIXED:
            return (declaration.size + 3) & ~3
        if declaration.shape is not Shape.PLAIN:
            return None
        if declaration.type in PRIMITIVES:
            return PRIMITIVES[declaration.type]
        definition = self.types[declaration.type]
        if isinstance(definition, EnumType):
            return 4
        if isinstance(definition, Struct):
            total = 0
            for member in self.fields(definition):
                size = self.fixed(member)
                if size is None:
                    return None
                total += size
            return total
        return None
