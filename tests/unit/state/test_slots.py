"""The slot machine: exactly once, whatever is sent again, early, late or at the same time. RFC 8881, 2.10.6 and
18.46."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.sessions import (
    BUSY,
    IDLE,
    KEPT_ANYWAY,
    MAX_WAITERS,
    NEVER,
    NEW,
    REPLAY,
    VERDICTS,
    SlotUse,
)
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import (
    NFS4ERR_DEADSESSION,
    NFS4ERR_DELAY,
    NFS4ERR_RETRY_UNCACHED_REP,
    NFS4ERR_SEQ_FALSE_RETRY,
    NFS4ERR_SEQ_MISORDERED,
    OP_GETATTR,
    OP_PUTFH,
    OP_RENAME,
    OP_SEQUENCE,
    unpack_SEQUENCE4resok,
)
from nfsgw.wire.runtime import Reader, Writer
from tests.unit.state.world import SEQUENCE_BODY, finish, reply

LIMIT = 4096
LAST = 0xFFFF_FFFF


def begin(slot: SlotUse, seqid: int, digest: int = 0, cache_this: bool = False) -> int:
    return slot.begin(seqid, cache_this, digest, LIMIT)


def refused(slot: SlotUse, seqid: int, digest: int = 0) -> int:
    with pytest.raises(NFSError) as error:
        begin(slot, seqid, digest)
    return error.value.status


def used(seqid: int) -> SlotUse:
    """A slot that has finished a request with this sequence id."""
    slot = SlotUse(0)
    slot.seqid = (seqid - 1) & LAST
    assert begin(slot, seqid) == NEW
    finish(slot)
    return slot


def big_reply(second: int = OP_GETATTR, size: int = 5000) -> Writer:
    return reply((OP_SEQUENCE, 0, SEQUENCE_BODY), (second, 0, bytes(size)))


def test_every_state_has_a_verdict_for_every_sequence_id() -> None:
    assert len(VERDICTS) == len((NEVER, IDLE, BUSY))
    assert all(len(row) == 4 for row in VERDICTS)


def test_the_first_request_of_a_slot_has_sequence_id_one() -> None:
    slot = SlotUse(0)
    assert refused(slot, 0) == NFS4ERR_SEQ_MISORDERED
    assert refused(slot, 2) == NFS4ERR_SEQ_MISORDERED
    assert begin(slot, 1) == NEW


@pytest.mark.parametrize("last", [1, 7, LAST - 1, LAST, 0])
def test_only_the_last_request_and_the_next_one_are_taken(last: int) -> None:
    slot = used(last)
    assert refused(slot, (last + 2) & LAST) == NFS4ERR_SEQ_MISORDERED
    assert refused(slot, (last - 1) & LAST) == NFS4ERR_SEQ_MISORDERED
    assert begin(slot, last) == REPLAY
    assert begin(slot, (last + 1) & LAST) == NEW


def test_a_retransmission_gets_the_reply_word_for_word() -> None:
    slot = SlotUse(0)
    begin(slot, 1, digest=5)
    sent = finish(slot, reply((OP_SEQUENCE, 0, SEQUENCE_BODY), (OP_PUTFH, 0, b"")))
    assert begin(slot, 1, digest=5) == REPLAY
    assert slot.reply == sent


def test_only_what_follows_the_rpc_header_is_kept() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    writer = Writer()
    writer.u32(0xABCD)  # the header's xid, which is another one in the retransmission
    start = writer.length()
    writer.raw(reply((OP_SEQUENCE, 0, SEQUENCE_BODY)).getvalue())
    slot.finish(writer, start, False)
    assert slot.reply == writer.getvalue()[4:]


def test_another_request_under_the_same_sequence_id_is_a_false_retry() -> None:
    slot = SlotUse(0)
    begin(slot, 1, digest=5)
    finish(slot)
    assert refused(slot, 1, digest=6) == NFS4ERR_SEQ_FALSE_RETRY
    assert begin(slot, 1, digest=5) == REPLAY


def test_a_large_reply_that_nobody_asked_to_keep_is_answered_with_retry_uncached_rep() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    finish(slot, big_reply(OP_GETATTR))
    assert begin(slot, 1) == REPLAY
    assert slot.reply is not None
    reader = Reader(slot.reply)
    assert reader.u32() == NFS4ERR_RETRY_UNCACHED_REP
    assert reader.opaque(16) == b"tag"
    assert reader.u32() == 2
    assert (reader.u32(), reader.u32()) == (OP_SEQUENCE, 0)
    unpack_SEQUENCE4resok(reader)
    assert (reader.u32(), reader.u32()) == (OP_GETATTR, NFS4ERR_RETRY_UNCACHED_REP)
    reader.finish()


def test_a_reply_with_a_payload_of_its_own_is_not_held_in_memory() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    writer = reply((OP_SEQUENCE, 0, SEQUENCE_BODY), (OP_GETATTR, 0, b""))
    writer.bulk(memoryview(bytes(1 << 20)))
    slot.finish(writer, 0, False)
    assert slot.reply is not None
    assert len(slot.reply) < 200


def test_a_large_reply_is_kept_when_the_client_asked_for_it() -> None:
    slot = SlotUse(0)
    begin(slot, 1, cache_this=True)
    sent = finish(slot, big_reply())
    assert slot.reply == sent


def test_the_reply_of_a_change_is_kept_though_nobody_asked() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    sent = finish(slot, big_reply(OP_RENAME, KEPT_ANYWAY + 4), changes=True)
    assert slot.reply == sent


def test_a_retransmission_waits_while_the_original_is_in_progress() -> None:
    slot = SlotUse(0)
    begin(slot, 1, digest=5)
    with pytest.raises(Suspend) as wait:
        begin(slot, 1, digest=5)
    outcomes: list[int] = []

    def again(_: Completion) -> None:
        outcomes.append(begin(slot, 1, digest=5))

    wait.value.completion.when_done(again)
    assert outcomes == []
    sent = finish(slot)
    assert outcomes == [REPLAY]
    assert slot.reply == sent


def test_the_successor_of_a_request_in_progress_runs_after_it() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    with pytest.raises(Suspend) as wait:
        begin(slot, 2)
    outcomes: list[int] = []

    def again(_: Completion) -> None:
        outcomes.append(begin(slot, 2))

    wait.value.completion.when_done(again)
    finish(slot)
    assert outcomes == [NEW]
    finish(slot)
    assert slot.seqid == 2


def test_a_flood_of_retransmissions_is_put_off() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    for _ in range(MAX_WAITERS):
        with pytest.raises(Suspend):
            begin(slot, 1)
    assert refused(slot, 1) == NFS4ERR_DELAY
    finish(slot)
    assert begin(slot, 1) == REPLAY


def test_a_request_far_from_the_one_in_progress_is_misordered_at_once() -> None:
    slot = used(4)
    begin(slot, 5)
    assert refused(slot, 4) == NFS4ERR_SEQ_MISORDERED
    assert refused(slot, 7) == NFS4ERR_SEQ_MISORDERED


def test_a_sequence_that_failed_after_all_leaves_the_slot_as_it_was() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    slot.retract()
    assert refused(slot, 0) == NFS4ERR_SEQ_MISORDERED
    begin(slot, 1, digest=8)
    sent = finish(slot)
    begin(slot, 2, digest=9)
    slot.retract()
    assert begin(slot, 1, digest=8) == REPLAY
    assert slot.reply == sent
    assert begin(slot, 2) == NEW


def test_a_request_whose_outcome_was_lost_is_not_run_again() -> None:
    slot = SlotUse(0)
    begin(slot, 1)
    slot.abandon()
    assert refused(slot, 1) == NFS4ERR_DEADSESSION
    assert begin(slot, 2) == NEW


class SlotMachine(RuleBasedStateMachine):
    """A client that may send any of its requests at any time, as often as it likes: each runs at most once, in order,
    and every answer is the one that its first run gave."""

    @initialize(start=st.sampled_from([0, 5, LAST - 2]))
    def set_up(self, start: int) -> None:
        self.slot = SlotUse(0)
        self.last = start
        self.slot.seqid = start
        self.finished = start != 0
        self.slot.state = IDLE if self.finished else NEVER
        self.slot.reply = b"start"
        self.replies = {start: b"start"}
        self.running: int | None = None
        self.waiting = 0
        self.ran: list[int] = []

    @rule(step=st.integers(-3, 4), honest=st.booleans())
    def send(self, step: int, honest: bool) -> None:
        seqid = (self.last + step) & LAST
        digest = seqid if honest else seqid + 1
        if self.replies.get(seqid) == b"start":
            digest = 0 if honest else 1
        try:
            outcome = self.slot.begin(seqid, False, digest, LIMIT)
        except Suspend:
            assert self.running is not None
            assert step in (1, 2)
            self.waiting += 1
            assert self.waiting <= MAX_WAITERS
        except NFSError as error:
            self.was_right_to_refuse(error.status, step, honest)
        else:
            if outcome == NEW:
                assert self.running is None
                assert step == 1
                assert seqid not in self.ran[-1:]
                self.running = digest
                self.ran.append(seqid)
            else:
                assert honest
                assert step == 0
                assert self.slot.reply == self.replies[seqid]

    def was_right_to_refuse(self, status: int, step: int, honest: bool) -> None:
        if status == NFS4ERR_DELAY:
            assert self.waiting == MAX_WAITERS
        elif status == NFS4ERR_SEQ_FALSE_RETRY:
            assert (step, honest, self.running) == (0, False, None)
        else:
            assert status == NFS4ERR_SEQ_MISORDERED
            allowed = (1, 2) if self.running is not None else (0, 1) if self.finished else (1,)
            assert step not in allowed

    @precondition(lambda self: self.running is not None)
    @rule()
    def answer(self) -> None:
        assert self.running is not None
        seqid = (self.last + 1) & LAST
        text = b"%08x" % seqid
        self.replies = {seqid: finish(self.slot, reply((OP_SEQUENCE, 0, SEQUENCE_BODY), tag=text))}
        if self.running != seqid:  # sent with another digest: its honest retransmission would be the false one
            self.slot.digest = seqid
        self.last = seqid
        self.finished = True
        self.running = None
        self.waiting = 0

    @precondition(lambda self: self.running is not None)
    @rule()
    def take_back(self) -> None:
        self.slot.retract()
        self.ran.pop()
        self.running = None
        self.waiting = 0


SlotMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestSlotMachine = SlotMachine.TestCase
