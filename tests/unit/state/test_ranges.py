"""Byte-range locks against the plainest possible model: an array that says for each byte who holds it how."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.ranges import END, UINT64_MAX, LockOwner, RangeLocks, range_end
from nfsgw.wire.nfs4 import NFS4ERR_INVAL

SIZE = 24
OWNERS = 3

Step = tuple[int, str, int, int]

STEPS = st.lists(
    st.tuples(
        st.integers(0, OWNERS - 1),
        st.sampled_from(["read", "write", "unlock"]),
        st.integers(0, SIZE - 1),
        st.integers(1, SIZE),
    ),
    max_size=40,
)


class Model:
    """held[byte][owner] is "", "read" or "write"."""

    def __init__(self) -> None:
        self.held = [[""] * OWNERS for _ in range(SIZE)]

    def forbidden(self, owner: int, how: str, start: int, end: int) -> bool:
        for byte in range(start, end):
            for other in range(OWNERS):
                mine = self.held[byte][other]
                if other != owner and (mine == "write" or (mine == "read" and how == "write")):
                    return True
        return False

    def give(self, owner: int, how: str, start: int, end: int) -> bool:
        changed = any(self.held[byte][owner] for byte in range(start, end))
        for byte in range(start, end):
            self.held[byte][owner] = how
        return changed

    def runs(self) -> set[tuple[int, bool, int, int]]:
        """Every maximal run of bytes that one owner holds in one way."""
        found = set()
        for owner in range(OWNERS):
            start = 0
            while start < SIZE:
                how = self.held[start][owner]
                end = start
                while end < SIZE and self.held[end][owner] == how:
                    end += 1
                if how:
                    found.add((owner, how == "write", start, end))
                start = end
        return found


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_locks_split_merge_and_forbid_as_an_array_of_bytes_does(steps: list[Step]) -> None:
    owners = [LockOwner(number, b"owner %d" % number) for number in range(OWNERS)]
    locks, model = RangeLocks(), Model()
    for who, how, start, length in steps:
        end = min(start + length, SIZE)
        owner = owners[who]
        if how == "unlock":
            assert locks.unlock(owner, start, end) == model.give(who, "", start, end)
        else:
            conflict = locks.conflict(owner, how == "write", start, end)
            assert (conflict is not None) == model.forbidden(who, how, start, end)
            if conflict is None:
                locks.lock(owner, how == "write", start, end)
                model.give(who, how, start, end)
            else:
                other = conflict.owner.clientid
                assert (other, conflict.write, conflict.start, conflict.end) in model.runs()
                assert other != who
                assert conflict.start < end
                assert conflict.end > start
        assert {(h.owner.clientid, h.write, h.start, h.end) for h in locks.held()} == model.runs()
        assert locks.count() == len(model.runs())
        for number, one in enumerate(owners):
            assert locks.holds(one) == any(row[number] for row in model.held)


def test_the_last_byte_of_the_offset_space_can_be_locked() -> None:
    assert range_end(UINT64_MAX - 1, 1) == UINT64_MAX
    assert range_end(0, UINT64_MAX) == END
    assert range_end(UINT64_MAX, UINT64_MAX) == END


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (UINT64_MAX, 1), (2, UINT64_MAX - 1)])
def test_an_empty_range_or_one_past_the_last_offset_is_invalid(offset: int, length: int) -> None:
    with pytest.raises(NFSError) as error:
        range_end(offset, length)
    assert error.value.status == NFS4ERR_INVAL


def test_a_lock_to_the_end_of_the_file_is_reported_with_a_length_of_all_ones() -> None:
    locks, a, b = RangeLocks(), LockOwner(1, b"a"), LockOwner(2, b"b")
    locks.lock(a, True, 100, END)
    held = locks.conflict(b, False, UINT64_MAX - 1, UINT64_MAX)
    assert held is not None
    assert (held.start, held.length()) == (100, UINT64_MAX)


def test_thousands_of_ranges_come_and_go_without_a_trace() -> None:
    locks, a, b = RangeLocks(), LockOwner(1, b"a"), LockOwner(2, b"b")
    for number in range(5000):
        locks.lock(a, True, number * 10, number * 10 + 5)
        locks.lock(b, False, number * 10 + 5, number * 10 + 9)
    assert locks.count() == 10_000
    assert locks.conflict(b, True, 25_000, 25_001) is not None
    assert locks.conflict(b, True, 25_009, 25_010) is None
    locks.lock(a, True, 0, 5)
    assert locks.count() == 10_000
    locks.unlock(a, 0, END)
    locks.unlock(b, 0, END)
    assert locks.count() == 0
    assert not locks.holds(a)
    assert not locks.holds(b)
