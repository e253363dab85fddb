"""Record marking (RFC 5531, 11)."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfsgw.rpc.records import (
    MAXIMUM_EMPTY_FRAGMENTS,
    MEDIUM,
    SMALL_RECORD,
    WINDOW,
    BufferPool,
    Receiver,
    RecordError,
    record_mark,
)
from tests.unit.rpc.peer import record

MAXIMUM = 300_000


def receive(receiver: Receiver, pool: BufferPool, stream: bytes, pieces: list[int]) -> list[bytes]:
    """All records of a stream that arrives in pieces of the given sizes, over and over."""
    found: list[bytes] = []
    rest = memoryview(stream)
    turn = 0
    while rest:
        space = receiver.space()
        assert len(space) > 0
        count = min(len(space), len(rest), pieces[turn % len(pieces)])
        turn += 1
        space[:count] = rest[:count]
        rest = rest[count:]
        receiver.received(count)
        while (whole := receiver.next()) is not None:
            found.append(bytes(whole))
            if receiver.taken is not None:
                pool.give(receiver.taken)
    return found


def message(size: int, seed: int) -> bytes:
    return (seed.to_bytes(2, "big") * (size // 2 + 1))[:size]


sizes = st.one_of(
    st.integers(0, 200),
    st.sampled_from(
        [SMALL_RECORD - 1, SMALL_RECORD, SMALL_RECORD + 1, WINDOW - 4, WINDOW, WINDOW + 1, MEDIUM + 1, MAXIMUM]
    ),
)


@given(
    st.lists(st.tuples(sizes, st.lists(st.integers(0, 40_000), max_size=4)), max_size=6),
    st.lists(st.integers(1, 100_000), min_size=1, max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_records_come_out_as_they_went_in_however_they_are_cut(
    records: list[tuple[int, list[int]]], pieces: list[int]
) -> None:
    messages = [message(size, seed) for seed, (size, _) in enumerate(records)]
    stream = b""
    for whole, (_, cuts) in zip(messages, records, strict=True):
        fragments, left = [], len(whole)
        for cut in cuts:
            fragments.append(min(cut, left))
            left -= fragments[-1]
        stream += record(whole, *fragments)
    pool = BufferPool(MAXIMUM)
    receiver = Receiver(pool)
    assert receive(receiver, pool, stream, pieces) == messages
    assert receiver.is_between_records()


def test_a_record_of_single_byte_fragments_is_put_together() -> None:
    pool = BufferPool(MAXIMUM)
    whole = message(1000, 7)
    assert receive(Receiver(pool), pool, record(whole, *[1] * 999), [1]) == [whole]


def test_empty_fragments_are_passed_over() -> None:
    pool = BufferPool(MAXIMUM)
    assert receive(Receiver(pool), pool, record(b"abcd", 0, 2, 0, 2), [3]) == [b"abcd"]


def test_endless_empty_fragments_end_the_stream() -> None:
    pool = BufferPool(MAXIMUM)
    with pytest.raises(RecordError, match="empty fragments"):
        receive(Receiver(pool), pool, bytes(4) * (MAXIMUM_EMPTY_FRAGMENTS + 1), [4096])


def test_a_record_past_the_maximum_is_refused_at_its_mark() -> None:
    pool = BufferPool(MAXIMUM)
    with pytest.raises(RecordError, match=str(MAXIMUM + 1)):
        receive(Receiver(pool), pool, record_mark(MAXIMUM + 1), [4])


def test_fragments_that_add_up_past_the_maximum_are_refused_before_they_arrive() -> None:
    pool = BufferPool(MAXIMUM)
    stream = struct.pack(">I", 4) + b"abcd" + record_mark(MAXIMUM - 3)
    with pytest.raises(RecordError):
        receive(Receiver(pool), pool, stream, [4096])


def test_a_large_record_has_a_buffer_that_no_later_read_touches() -> None:
    pool = BufferPool(MAXIMUM)
    receiver = Receiver(pool)
    first, second = message(100_000, 1), message(100_000, 2)
    kept: list[memoryview] = []
    rest = memoryview(record(first) + record(second))
    while rest:
        space = receiver.space()
        count = min(len(space), len(rest))
        space[:count] = rest[:count]
        rest = rest[count:]
        receiver.received(count)
        while (whole := receiver.next()) is not None:
            assert isinstance(whole, memoryview)
            kept.append(whole)
    assert [bytes(whole) for whole in kept] == [first, second]


def test_the_pool_keeps_no_more_than_it_may() -> None:
    pool = BufferPool(MAXIMUM, keep_bytes=MEDIUM * 2)
    taken = [pool.take(1000) for _ in range(4)]
    for buffer in taken:
        pool.give(buffer)
    assert pool.idle_bytes == MEDIUM * 2
    assert pool.take(1000) is taken[1]
    assert pool.idle_bytes == MEDIUM


def test_closing_in_the_middle_of_a_large_record_gives_its_buffer_back() -> None:
    pool = BufferPool(MAXIMUM)
    receiver = Receiver(pool)
    head = record(message(200_000, 1))[:5000]
    assert receive(receiver, pool, head, [5000]) == []
    assert pool.idle_bytes == 0
    receiver.close()
    assert pool.idle_bytes == MAXIMUM
