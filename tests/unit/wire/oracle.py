"""A second codec, to judge the emitted one: it walks the syntax tree and lets xdrlib3 do the bytes.

It shares the parser with the emitter and nothing else. Values are plain: a struct is a dict by field name, a union a
dict of its discriminant and the arm that is taken, a linked list a list. Source: RFC 4506.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import xdrlib3
from hypothesis import strategies as st

import xdr
from nfsgw.wire import nfs4, nfs4_cb, rpc
from nfsgw.wire.runtime import Reader, Struct, Writer
from xdr.generator.emitter import python_name
from xdr.generator.parser import parse_file
from xdr.generator.tree import (
    PRIMITIVES,
    UNBOUNDED,
    Arm,
    Declaration,
    EnumType,
    Module,
    Named,
    Shape,
    Typedef,
    Union,
)
from xdr.generator.tree import Struct as StructType

DEFINITIONS = Path(str(xdr.__file__)).parent
EMITTED: dict[str, ModuleType] = {"rpc": rpc, "nfs4": nfs4, "nfs4_cb": nfs4_cb}
_loaded: dict[Path, Module] = {}
MODULES = {name: parse_file(DEFINITIONS / f"{name}.x", _loaded) for name in EMITTED}

Plain = int | bool | bytes | list["Plain"] | dict[str, "Plain"] | None

RANGES = {"int": (-(2**31), 2**31 - 1), "unsigned int": (0, 2**32 - 1)}
RANGES |= {"hyper": (-(2**63), 2**63 - 1), "unsigned hyper": (0, 2**64 - 1)}


def every_type() -> list[tuple[str, str]]:
    """(module, type) of everything that is emitted."""
    return [(name, definition.name) for name, module in MODULES.items() for definition in module.types()]


def unpack(module: str, name: str, record: bytes | bytearray | memoryview) -> object:
    """Decode a whole record with the emitted codec."""
    reader = Reader(record)
    value: object = getattr(EMITTED[module], f"unpack_{name}")(reader)
    reader.finish()
    return value


def pack(module: str, name: str, value: object) -> bytes:
    """Encode one value with the emitted codec."""
    writer = Writer()
    getattr(EMITTED[module], f"pack_{name}")(writer, value)
    record = b"".join(writer.segments())
    assert len(record) == writer.length()
    return record


def plain(value: object) -> Plain:
    """The plain form of what the emitted codec carries."""
    if isinstance(value, Struct):
        found: dict[str, Plain] = {}
        for name in value.FIELDS:
            content = getattr(value, name)
            if content is not None:
                found[name] = plain(content)
        return found
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    assert value is None or isinstance(value, int | bytes)
    return value


class Oracle:
    """Encodes, decodes and invents values of the types of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.types = module.lookup()
        self._strategies: dict[str, st.SearchStrategy[Plain]] = {}

    def definition(self, name: str) -> Named:
        return self.types[name][1]

    def declare(self, name: str) -> Declaration:
        return Declaration("", name, Shape.PLAIN, 0, 0)

    def is_node(self, name: str) -> bool:
        definition = self.types[name][1] if name in self.types else None
        return isinstance(definition, StructType) and definition.fields[-1].shape is Shape.OPTIONAL

    def arm(self, union: Union, value: int) -> Arm:
        for arm in union.arms:
            if value in [label for _, label in arm.labels]:
                return arm
        assert union.default is not None
        return union.default

    # What the emitted code is given

    def build(self, declaration: Declaration, value: Plain) -> object:
        """The emitted value that stands for a plain one."""
        if declaration.shape is Shape.PLAIN and isinstance(declared := self.alias(declaration), Declaration):
            return self.build(declared, value)
        if declaration.shape in (Shape.ARRAY_VARIABLE, Shape.OPTIONAL) and isinstance(value, list):
            return [self.build(self.declare(declaration.type), item) for item in value]
        if isinstance(value, dict):
            module, definition = self.types[declaration.type]
            assert isinstance(definition, StructType | Union)
            parts = (
                [definition.discriminant, *definition.bodies()] if isinstance(definition, Union) else definition.fields
            )
            found = {python_name(part.name): part for part in parts}
            arguments = {name: self.build(found[name], content) for name, content in value.items()}
            made: object = getattr(EMITTED[module.name], declaration.type)(**arguments)
            return made
        return value

    def alias(self, declaration: Declaration) -> Declaration | None:
        definition = self.types[declaration.type][1] if declaration.type in self.types else None
        return definition.declaration if isinstance(definition, Typedef) else None

    # Encoding

    def encode(self, name: str, value: Plain) -> bytes:
        packer = xdrlib3.Packer()
        self.pack(packer, self.declare(name), value)
        return bytes(packer.get_buffer())

    def pack(self, packer: xdrlib3.Packer, declaration: Declaration, value: Plain) -> None:
        shape, kind = declaration.shape, declaration.type
        if shape is Shape.OPAQUE_FIXED:
            assert isinstance(value, bytes)
            packer.pack_fopaque(declaration.size, value)
        elif shape is Shape.OPAQUE_VARIABLE:
            assert isinstance(value, bytes)
            packer.pack_opaque(value)
        elif declaration.pragma == "bitmap":
            assert isinstance(value, int)
            words = [(value >> shift) & 0xFFFFFFFF for shift in range(0, value.bit_length(), 32)]
            packer.pack_array(words, packer.pack_uint)
        elif shape is Shape.OPTIONAL:
            assert isinstance(value, list)
            for item in value:
                packer.pack_bool(True)
                self.pack(packer, self.declare(kind), item)
            packer.pack_bool(False)
        elif shape is Shape.ARRAY_VARIABLE:
            assert isinstance(value, list)
            packer.pack_uint(len(value))
            for item in value:
                self.pack(packer, self.declare(kind), item)
        elif kind in PRIMITIVES:
            assert isinstance(value, int)
            self.pack_primitive(packer, kind, value)
        else:
            self.pack_named(packer, self.definition(kind), value)

    def pack_primitive(self, packer: xdrlib3.Packer, kind: str, value: int) -> None:
        if kind == "bool":
            packer.pack_bool(bool(value))
        elif kind == "int":
            packer.pack_int(value)
        elif kind == "unsigned int":
            packer.pack_uint(value)
        elif kind == "hyper":
            packer.pack_hyper(value)
        else:
            packer.pack_uhyper(value)

    def pack_named(self, packer: xdrlib3.Packer, definition: Named, value: Plain) -> None:
        if isinstance(definition, EnumType):
            assert isinstance(value, int)
            packer.pack_enum(value)
        elif isinstance(definition, Typedef):
            self.pack(packer, definition.declaration, value)
        elif isinstance(definition, StructType):
            assert isinstance(value, dict)
            for part in definition.fields:
                if not (part.shape is Shape.OPTIONAL and part.type == definition.name):
                    self.pack(packer, part, value[python_name(part.name)])
        else:
            assert isinstance(value, dict)
            discriminant = value[python_name(definition.discriminant.name)]
            assert isinstance(discriminant, int)
            packer.pack_uint(discriminant)
            body = self.arm(definition, discriminant).body
            if body is not None:
                self.pack(packer, body, value[python_name(body.name)])

    # Decoding

    def decode(self, name: str, record: bytes) -> Plain:
        unpacker = xdrlib3.Unpacker(record)
        value = self.unpack(unpacker, self.declare(name))
        unpacker.done()
        return value

    def unpack(self, unpacker: xdrlib3.Unpacker, declaration: Declaration) -> Plain:
        shape, kind = declaration.shape, declaration.type
        if shape is Shape.OPAQUE_FIXED:
            return bytes(unpacker.unpack_fopaque(declaration.size))
        if shape is Shape.OPAQUE_VARIABLE:
            return bytes(unpacker.unpack_opaque())
        if declaration.pragma == "bitmap":
            words = unpacker.unpack_array(unpacker.unpack_uint)
            return sum(word << (32 * index) for index, word in enumerate(words))
        if shape is Shape.OPTIONAL:
            found: list[Plain] = []
            while unpacker.unpack_bool():
                found.append(self.unpack(unpacker, self.declare(kind)))
            return found
        if shape is Shape.ARRAY_VARIABLE:
            return [self.unpack(unpacker, self.declare(kind)) for _ in range(unpacker.unpack_uint())]
        if kind in PRIMITIVES:
            return self.unpack_primitive(unpacker, kind)
        return self.unpack_named(unpacker, self.definition(kind))

    def unpack_primitive(self, unpacker: xdrlib3.Unpacker, kind: str) -> int:
        if kind == "bool":
            return bool(unpacker.unpack_bool())
        if kind == "int":
            return int(unpacker.unpack_int())
        if kind == "unsigned int":
            return int(unpacker.unpack_uint())
        return int(unpacker.unpack_hyper() if kind == "hyper" else unpacker.unpack_uhyper())

    def unpack_named(self, unpacker: xdrlib3.Unpacker, definition: Named) -> Plain:
        if isinstance(definition, EnumType):
            return int(unpacker.unpack_enum())
        if isinstance(definition, Typedef):
            return self.unpack(unpacker, definition.declaration)
        if isinstance(definition, StructType):
            return {
                python_name(part.name): self.unpack(unpacker, part)
                for part in definition.fields
                if not (part.shape is Shape.OPTIONAL and part.type == definition.name)
            }
        value = int(unpacker.unpack_uint())
        boolean = definition.discriminant.type == "bool"
        found: dict[str, Plain] = {python_name(definition.discriminant.name): bool(value) if boolean else value}
        body = self.arm(definition, value).body
        if body is not None:
            found[python_name(body.name)] = self.unpack(unpacker, body)
        return found

    # Inventing

    def values(self, name: str) -> st.SearchStrategy[Plain]:
        """Any value of the type, of moderate size."""
        if name not in self._strategies:
            self._strategies[name] = self.strategy(self.declare(name))
        return self._strategies[name]

    def strategy(self, declaration: Declaration) -> st.SearchStrategy[Plain]:
        shape, kind, size = declaration.shape, declaration.type, declaration.size
        if shape is Shape.OPAQUE_FIXED:
            return st.binary(min_size=size, max_size=size)
        if shape is Shape.OPAQUE_VARIABLE:
            return st.binary(max_size=min(size, 21))
        if declaration.pragma == "bitmap":
            return st.integers(0, 2**96 - 1)
        if shape in (Shape.ARRAY_VARIABLE, Shape.OPTIONAL):
            bound = 3 if size in (0, UNBOUNDED) else min(size, 3)
            return st.lists(self.values(kind), max_size=bound).map(list)
        if kind == "bool":
            return st.booleans()
        if kind in RANGES:
            low, high = RANGES[kind]
            return st.integers(low, high)
        definition = self.definition(kind)
        if isinstance(definition, EnumType):
            return st.sampled_from([value for _, value in definition.members])
        if isinstance(definition, Typedef):
            return self.strategy(definition.declaration)
        if isinstance(definition, StructType):
            parts = [part for part in definition.fields if not (part.shape is Shape.OPTIONAL and part.type == kind)]
            return st.fixed_dictionaries({python_name(part.name): self.strategy(part) for part in parts})
        return self.union_strategy(definition)

    def union_strategy(self, definition: Union) -> st.SearchStrategy[Plain]:
        head = python_name(definition.discriminant.name)
        boolean = definition.discriminant.type == "bool"
        choices: list[tuple[st.SearchStrategy[Plain], Arm]] = []
        for arm in definition.arms:
            labels = [bool(value) if boolean else value for _, value in arm.labels]
            choices.append((st.sampled_from(labels), arm))
        if definition.default is not None:
            taken = {value for arm in definition.arms for _, value in arm.labels}
            others = st.integers(0, 2**32 - 1).filter(lambda value: value not in taken)
            choices.append((others, definition.default))
        options: list[st.SearchStrategy[Plain]] = []
        for discriminants, arm in choices:
            parts: dict[str, st.SearchStrategy[Plain]] = {head: discriminants}
            if arm.body is not None:
                parts[python_name(arm.body.name)] = self.strategy(arm.body)
            options.append(st.fixed_dictionaries(parts))
        return st.one_of(options)

    def smallest(self, declaration: Declaration) -> Plain:
        """The value with nothing in it: zeros, first members, empty lists."""
        shape, kind = declaration.shape, declaration.type
        if shape is Shape.OPAQUE_FIXED:
            return bytes(declaration.size)
        if shape is Shape.OPAQUE_VARIABLE:
            return b""
        if declaration.pragma == "bitmap":
            return 0
        if shape is not Shape.PLAIN:
            return []
        if kind in PRIMITIVES:
            return False if kind == "bool" else 0
        definition = self.definition(kind)
        if isinstance(definition, EnumType):
            return definition.members[0][1]
        if isinstance(definition, Typedef):
            return self.smallest(definition.declaration)
        if isinstance(definition, StructType):
            return {
                python_name(part.name): self.smallest(part)
                for part in definition.fields
                if not (part.shape is Shape.OPTIONAL and part.type == kind)
            }
        return self.smallest_of_arm(definition, definition.arms[0].labels[0][1])

    def smallest_of_arm(self, definition: Union, value: int) -> dict[str, Plain]:
        """The smallest value of a union whose discriminant is `value`."""
        boolean = definition.discriminant.type == "bool"
        found: dict[str, Plain] = {python_name(definition.discriminant.name): bool(value) if boolean else value}
        body = self.arm(definition, value).body
        if body is not None:
            found[python_name(body.name)] = self.smallest(body)
        return found


ORACLES = {name: Oracle(module) for name, module in MODULES.items()}
