"""Slots of the back channel, from the sender's side. RFC 8881, 2.10.6.1."""

from __future__ import annotations

import pytest

from nfsgw.nfs4.callbacks.slots import (
    DISAGREED,
    GIVEN_UP,
    MAX_SLOTS,
    REFUSED,
    SEQUENCE_MAX,
    TAKEN,
    BackSlot,
    BackSlots,
)


def taken(slots: BackSlots) -> BackSlot:
    found = slots.take()
    assert found is not None
    assert not found[1]
    return found[0]


def test_the_first_request_of_a_slot_has_sequence_id_one_and_the_next_one_follows_only_what_was_taken() -> None:
    slots = BackSlots(1)
    slot = taken(slots)
    assert slot.next() == 1
    slot.on(REFUSED)
    assert taken(slots).next() == 1
    slot.on(TAKEN)
    assert taken(slots).next() == 2


def test_sequence_ids_wrap_to_zero() -> None:
    slot = BackSlot(0)
    slot.seqid = SEQUENCE_MAX
    assert slot.next() == 0


def test_as_many_are_in_use_at_once_as_the_client_offers_and_no_more_than_our_bound() -> None:
    for offered, used in ((1, 1), (3, 3), (0xFFFF_FFFF, MAX_SLOTS)):
        slots = BackSlots(offered)
        numbers = [taken(slots).number for _ in range(used)]
        assert numbers == list(range(used))
        assert not slots.available()
        assert slots.take() is None


def test_the_lowest_free_slot_is_used_and_the_highest_in_use_is_told() -> None:
    slots = BackSlots(3)
    first, second, third = taken(slots), taken(slots), taken(slots)
    assert slots.highest() == 2
    third.on(TAKEN)
    first.on(TAKEN)
    assert slots.highest() == 1
    assert taken(slots) is first
    second.on(TAKEN)
    assert slots.highest() == 0


def test_a_slot_of_which_nobody_knows_where_it_stands_is_used_last_and_marked() -> None:
    slots = BackSlots(2)
    first = taken(slots)
    first.on(GIVEN_UP)
    second = taken(slots)
    assert second.number == 1
    assert slots.available()
    assert slots.take() == (first, True)
    assert first.next() == 1


def test_a_retired_slot_is_never_used_again_and_without_any_other_the_channel_is_spent() -> None:
    slots = BackSlots(2)
    taken(slots).on(DISAGREED)
    assert not slots.spent()
    second = taken(slots)
    assert second.number == 1
    second.on(DISAGREED)
    assert slots.spent()
    assert slots.take() is None


def test_a_client_that_wants_fewer_slots_gets_fewer_but_always_one() -> None:
    slots = BackSlots(4)
    assert slots.shrink(1)
    assert not slots.shrink(1)
    assert [taken(slots).number, taken(slots).number] == [0, 1]
    assert slots.take() is None
    assert slots.highest() == 1
    assert slots.shrink(0)
    assert slots.highest() == 0


def test_what_cannot_happen_to_a_slot_is_refused() -> None:
    slot = BackSlot(0)
    with pytest.raises(KeyError):
        slot.on(TAKEN)
