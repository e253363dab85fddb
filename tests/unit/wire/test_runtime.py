"""The reader's window and the writer's segments: where copies are saved, mistakes hide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfsgw.wire import nfs4
from nfsgw.wire.runtime import PAYLOAD, PREFIX, WHOLE, Reader, Struct, Writer, XdrError

MANY = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def words(count: int) -> bytes:
    """`count` words that count up from 0."""
    return b"".join(number.to_bytes(4, "big") for number in range(count))


# Reader


@pytest.mark.parametrize("size", [0, 4, WHOLE - 4, WHOLE, WHOLE + 4, WHOLE + PREFIX, 1 << 20])
@pytest.mark.parametrize("form", [bytes, bytearray, lambda record: memoryview(bytearray(record))])
def test_words_are_read_in_order_whatever_the_size_and_form_of_the_record(
    size: int, form: Callable[[bytes], bytes | bytearray | memoryview]
) -> None:
    reader = Reader(form(words(size // 4)))
    for number in range(size // 4):
        assert reader.position() == 4 * number
        assert reader.remaining() == size - 4 * number
        assert reader.u32() == number
    reader.finish()
    with pytest.raises(XdrError):
        reader.u32()


def test_a_payload_behind_the_window_is_a_view_of_the_record() -> None:
    writer = Writer()
    writer.u32(1)
    writer.bulk(bytes(range(256)) * 4096)
    writer.u32(2)
    record = bytearray(writer.getvalue())
    reader = Reader(memoryview(record))
    assert reader.u32() == 1
    payload = reader.bulk()
    assert isinstance(payload, memoryview)
    assert payload == bytes(range(256)) * 4096
    record[8] = 255
    assert payload[0] == 255
    assert reader.position() == len(record) - 4
    assert reader.u32() == 2
    reader.finish()


def test_a_payload_inside_the_window_is_a_copy() -> None:
    record = bytearray(b"\0\0\0\5hello\0\0\0")
    payload = Reader(memoryview(record)).bulk()
    record[4:9] = b"-----"
    assert payload == b"hello"


def test_only_a_window_of_a_large_record_is_copied() -> None:
    reader = Reader(memoryview(bytearray(1 << 20)))
    assert len(reader.window) == PREFIX
    for _ in range(1000):
        reader.fixed(8)
        assert len(reader.window) <= PREFIX
    record = bytes(1 << 20)
    assert Reader(record).window is record


@pytest.mark.parametrize("size", [5, PREFIX, 3 * PREFIX, 10 * PREFIX])
def test_an_opaque_may_be_larger_than_the_window(size: int) -> None:
    content = bytes(number & 255 for number in range(size))
    writer = Writer()
    writer.opaque(bytes(PREFIX - 8))
    writer.opaque(content)
    writer.fixed(bytes(WHOLE), WHOLE)
    writer.u64(7)
    reader = Reader(memoryview(bytearray(writer.getvalue())))
    reader.opaque(PREFIX)
    assert reader.opaque(1 << 20) == content
    reader.fixed(WHOLE)
    assert reader.u64() == 7
    reader.finish()


@given(st.lists(st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=9000)), max_size=12))
@MANY
def test_a_record_read_through_a_sliding_window_equals_the_same_read_whole(values: list[int | bytes]) -> None:
    writer = Writer()
    for value in values:
        if isinstance(value, int):
            writer.u64(value)
        else:
            writer.bulk(value)
    record = writer.getvalue()
    for reader in (Reader(record), Reader(memoryview(record))):
        for value in values:
            assert (reader.u64() if isinstance(value, int) else bytes(reader.bulk())) == value
        reader.finish()


def test_a_length_that_the_record_cannot_hold_is_refused_before_anything_is_allocated() -> None:
    record = b"\xff\xff\xff\xff" + bytes(WHOLE * 2)
    for form in (record, memoryview(record)):
        for read in (
            Reader.bulk,
            Reader.bitmap,
            lambda r: r.opaque(0xFFFFFFFF),
            lambda r: r.array_length(0xFFFFFFFF, 4),
        ):
            reader = Reader(form)
            with pytest.raises(XdrError):
                read(reader)


def test_bounds_hold_to_the_last_unit() -> None:
    assert Reader(b"\0\0\0\3abc\0").opaque(3) == b"abc"
    with pytest.raises(XdrError, match="at most 2"):
        Reader(b"\0\0\0\3abc\0").opaque(2)
    with pytest.raises(XdrError, match="too early"):
        Reader(b"\0\0\0\3abc").opaque(3)
    assert Reader(b"\0\0\0\2" + bytes(8)).array_length(2, 4) == 2
    with pytest.raises(XdrError, match="too early"):
        Reader(b"\0\0\0\3" + bytes(8)).array_length(3, 4)
    with pytest.raises(XdrError, match="at most 1"):
        Reader(b"\0\0\0\2" + bytes(8)).array_length(1, 4)
    with pytest.raises(XdrError, match="4 bytes left over"):
        Reader(bytes(4)).finish()


def test_a_bool_is_0_or_1() -> None:
    assert not Reader(b"\0\0\0\0").boolean()
    assert Reader(b"\0\0\0\1").boolean()
    for word in (b"\0\0\0\2", b"\xff\xff\xff\xff", b"\1\0\0\0"):
        with pytest.raises(XdrError, match="not a bool"):
            Reader(word).boolean()


def test_a_bitmap_is_one_integer_of_up_to_32_words() -> None:
    assert Reader(b"\0\0\0\3" + b"\0\0\0\1" + bytes(4) + b"\x80\0\0\0").bitmap() == 1 | 1 << 95
    assert Reader(b"\0\0\0\x20" + b"\xff" * 128).bitmap() == (1 << 1024) - 1
    with pytest.raises(XdrError, match="at most 32"):
        Reader(b"\0\0\0\x21" + bytes(132)).bitmap()


# Writer


Step = tuple[str, int | bytes | list[bytes]]

STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.just("u32"), st.integers(0, 2**32 - 1)),
        st.tuples(st.just("bulk"), st.sampled_from([0, 1, 5, PAYLOAD - 1, PAYLOAD, PAYLOAD + 3]).map(bytes)),
        st.tuples(st.just("parts"), st.lists(st.sampled_from([b"", b"abc", b"z" * PAYLOAD, b"y" * 9999]), max_size=4)),
        st.tuples(st.just("raw"), st.sampled_from([b"", b"rawr", b"8 bytes."])),
        st.tuples(st.just("patch"), st.integers(0, 2**32 - 1)),
        st.tuples(st.just("truncate"), st.integers(0, 40)),
    ),
    max_size=25,
)


@given(STEPS)
@MANY
def test_a_writer_is_a_growing_byte_string_with_marks_to_patch_and_to_go_back_to(steps: list[Step]) -> None:
    writer = Writer()
    model = bytearray()
    marks: list[tuple[int, bool]] = []
    for name, value in steps:
        marks.append((len(model), name == "u32"))
        assert writer.length() == len(model)
        if name == "u32" and isinstance(value, int):
            writer.u32(value)
            model += value.to_bytes(4, "big")
        elif name == "bulk" and isinstance(value, bytes):
            writer.bulk(value)
            model += len(value).to_bytes(4, "big") + value + bytes(-len(value) % 4)
        elif name == "parts" and isinstance(value, list):
            writer.bulk_parts([memoryview(part) for part in value])
            content = b"".join(value)
            model += len(content).to_bytes(4, "big") + content + bytes(-len(content) % 4)
        elif name == "raw" and isinstance(value, bytes):
            writer.raw(value)
            model += value
        elif name == "patch" and isinstance(value, int):
            places = [mark for mark, word in marks if word]
            if places:
                place = places[value % len(places)]
                writer.patch_u32(place, value)
                model[place : place + 4] = value.to_bytes(4, "big")
        elif isinstance(value, int):
            mark = marks[value % len(marks)][0]
            writer.truncate(mark)
            del model[mark:]
            marks = [(place, word) for place, word in marks if place < mark]
    assert writer.length() == len(model)
    assert b"".join(writer.segments()) == writer.getvalue() == bytes(model)


def test_a_large_payload_is_a_segment_of_its_own_and_not_a_copy() -> None:
    payload = bytearray(b"a" * PAYLOAD)
    writer = Writer()
    writer.u32(1)
    writer.bulk(payload)
    writer.u32(2)
    head, middle, tail = writer.segments()
    payload[0] = ord("b")
    assert bytes(middle) == bytes(payload)
    assert len(head) == 8
    assert tail == b"\0\0\0\2"


def test_a_small_payload_is_copied() -> None:
    payload = bytearray(b"a" * (PAYLOAD - 4))
    writer = Writer()
    writer.bulk(payload)
    payload[0] = ord("b")
    assert writer.segments() == [(PAYLOAD - 4).to_bytes(4, "big") + b"a" * (PAYLOAD - 4)]


def test_a_position_inside_a_payload_can_be_neither_patched_nor_gone_back_to() -> None:
    writer = Writer()
    writer.bulk(bytes(PAYLOAD))
    writer.u32(7)
    for position in (1, 4, PAYLOAD, PAYLOAD + 3):
        with pytest.raises(XdrError, match="in a payload"):
            writer.patch_u32(position, 0)
    with pytest.raises(XdrError, match="in a payload"):
        writer.truncate(5)
    with pytest.raises(XdrError, match="not written yet"):
        writer.patch_u32(PAYLOAD + 5, 0)
    with pytest.raises(XdrError, match="never reached"):
        writer.truncate(PAYLOAD + 9)
    writer.patch_u32(PAYLOAD + 4, 9)
    assert writer.getvalue() == PAYLOAD.to_bytes(4, "big") + bytes(PAYLOAD) + b"\0\0\0\x09"


@pytest.mark.parametrize(
    ("write", "low", "high", "size"),
    [
        (Writer.u32, 0, 2**32 - 1, 4),
        (Writer.i32, -(2**31), 2**31 - 1, 4),
        (Writer.u64, 0, 2**64 - 1, 8),
        (Writer.i64, -(2**63), 2**63 - 1, 8),
    ],
)
def test_integers_are_written_to_their_bounds_and_refused_beyond(
    write: Callable[[Writer, int], None], low: int, high: int, size: int
) -> None:
    for value in (low, high, 0, 1, high // 2, high // 2 + 1):
        writer = Writer()
        write(writer, value)
        assert writer.getvalue() == value.to_bytes(size, "big", signed=low < 0)
    for value in (low - 1, high + 1, -(2**70), 2**70):
        writer = Writer()
        with pytest.raises(XdrError, match="out of range"):
            write(writer, value)
        assert writer.length() == 0


def test_a_patch_that_is_out_of_range_is_refused() -> None:
    writer = Writer()
    writer.u32(0)
    for value in (-1, 2**32):
        with pytest.raises(XdrError, match="out of range"):
            writer.patch_u32(0, value)


def test_sizes_that_a_type_does_not_allow_are_refused() -> None:
    writer = Writer()
    with pytest.raises(XdrError, match="where 8 are due"):
        writer.fixed(b"seven..", 8)
    with pytest.raises(XdrError, match="at most 3"):
        writer.opaque(b"four", 3)
    with pytest.raises(XdrError, match="at most 3"):
        writer.array_length(4, 3)
    with pytest.raises(XdrError, match="whole XDR units"):
        writer.raw(b"seven..")
    with pytest.raises(XdrError, match="out of range"):
        writer.bitmap(-1)
    with pytest.raises(XdrError, match="at most 32"):
        writer.bitmap(1 << 1024)
    assert writer.length() == 0


def test_emitted_values_compare_print_and_do_not_hash() -> None:
    value = nfs4.stateid4(1, b"0123456789ab")
    assert value == nfs4.stateid4(1, b"0123456789ab")
    assert value != nfs4.stateid4(2, b"0123456789ab")
    assert value != (1, b"0123456789ab")
    assert repr(value) == "stateid4(seqid=1, other=b'0123456789ab')"
    assert isinstance(value, Struct)
    with pytest.raises(TypeError, match="no hash"):
        hash(value)
