"""Every emitted codec against the oracle, and against bytes that lie."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nfsgw.wire.runtime import XdrError
from tests.unit.wire.oracle import EMITTED, ORACLES, Plain, every_type, pack, plain, unpack
from xdr.generator.tree import EnumType, Union

TYPES = pytest.mark.parametrize(("module", "name"), every_type())
FEW = settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))

HOSTILE = (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x00100000, 2)


def try_unpack(module: str, name: str, record: bytes) -> None:
    """Bytes of any kind are a value or an XdrError: what is a value encodes again."""
    try:
        value = unpack(module, name, record)
    except XdrError:
        return
    assert unpack(module, name, pack(module, name, value)) == value


@TYPES
def test_both_codecs_write_the_same_bytes_and_read_each_others(module: str, name: str) -> None:
    oracle = ORACLES[module]

    @FEW
    @given(oracle.values(name))
    def holds(value: Plain) -> None:
        record = oracle.encode(name, value)
        built = oracle.build(oracle.declare(name), value)
        assert pack(module, name, built) == record
        assert oracle.decode(name, record) == value
        for form in (record, bytearray(record), memoryview(record)):
            decoded = unpack(module, name, form)
            assert decoded == built
            assert plain(decoded) == value

    holds()


def every_arm() -> list[tuple[str, str, int]]:
    """(module, union, discriminant) of every case of every union."""
    return [
        (module, union.name, value)
        for module, oracle in ORACLES.items()
        for union in oracle.module.types()
        if isinstance(union, Union)
        for arm in union.arms
        for _, value in arm.labels
    ]


@pytest.mark.parametrize(("module", "name", "value"), every_arm())
def test_every_case_of_a_union_takes_its_own_arm(module: str, name: str, value: int) -> None:
    oracle = ORACLES[module]
    definition = oracle.definition(name)
    assert isinstance(definition, Union)
    content = oracle.smallest_of_arm(definition, value)
    record = oracle.encode(name, content)
    assert plain(unpack(module, name, record)) == content
    assert pack(module, name, oracle.build(oracle.declare(name), content)) == record


@pytest.mark.parametrize(("module", "name", "value"), every_arm())
def test_an_arm_that_is_missing_is_an_xdr_error(module: str, name: str, value: int) -> None:
    oracle = ORACLES[module]
    definition = oracle.definition(name)
    assert isinstance(definition, Union)
    content = oracle.smallest_of_arm(definition, value)
    head, *arms = content
    built = oracle.build(oracle.declare(name), {head: content[head]})
    if arms:
        with pytest.raises(XdrError, match=arms[0]):
            pack(module, name, built)
    else:
        assert pack(module, name, built) == oracle.encode(name, content)


def every_enumeration() -> list[tuple[str, str]]:
    return [
        (module, definition.name)
        for module, oracle in ORACLES.items()
        for definition in oracle.module.types()
        if isinstance(definition, EnumType)
    ]


@pytest.mark.parametrize(("module", "name"), every_enumeration())
def test_an_enumeration_has_its_members_and_no_others(module: str, name: str) -> None:
    definition = ORACLES[module].definition(name)
    assert isinstance(definition, EnumType)
    members = {value: member for member, value in definition.members}
    emitted = EMITTED[module]
    assert getattr(emitted, f"{name}_names") == members
    for value in {*members, *(value + step for value in members for step in (-1, 1)), 0xFFFFFFFF}:
        record = (value & 0xFFFFFFFF).to_bytes(4, "big")
        if value in members:
            assert unpack(module, name, record) == getattr(emitted, members[value]) == value
        else:
            with pytest.raises(XdrError, match=name):
                unpack(module, name, record)


@TYPES
def test_a_record_cut_anywhere_is_an_xdr_error(module: str, name: str) -> None:
    oracle = ORACLES[module]

    @settings(FEW, max_examples=3)
    @given(oracle.values(name))
    def holds(value: Plain) -> None:
        record = oracle.encode(name, value)
        for length in range(len(record)):
            with pytest.raises(XdrError):
                unpack(module, name, record[:length])
        with pytest.raises(XdrError):
            unpack(module, name, record + bytes(4))

    holds()


@TYPES
def test_a_hostile_word_anywhere_raises_nothing_but_xdr_error(module: str, name: str) -> None:
    oracle = ORACLES[module]

    @settings(FEW, max_examples=3)
    @given(oracle.values(name))
    def holds(value: Plain) -> None:
        record = oracle.encode(name, value)
        for at in range(0, min(len(record), 400), 4):
            for word in HOSTILE:
                try_unpack(module, name, record[:at] + word.to_bytes(4, "big") + record[at + 4 :])

    holds()


@TYPES
def test_garbage_raises_nothing_but_xdr_error(module: str, name: str) -> None:
    @FEW
    @given(st.binary(max_size=200))
    def holds(record: bytes) -> None:
        try_unpack(module, name, record)

    holds()
