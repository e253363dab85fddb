"""What becomes of a callback: each outcome with a machine that brings it about. RFC 8881, 2.10.3.1, 2.10.6 and 20.9."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from nfsgw.nfs4.callbacks.door import UNREACHABLE
from nfsgw.nfs4.callbacks.outcomes import FIRST_PAUSE
from nfsgw.nfs4.callbacks.paths import ANSWER_WITHIN, FIRST_INTERVAL
from nfsgw.nfs4.callbacks.slots import MAX_SLOTS
from nfsgw.nfs4.state.sessions import SlotGrant
from nfsgw.nfs4.state.stateids import DELEGATION, StateObject
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_NONE, AUTH_SYS
from tests.protocol.callbacks import (
    CHANNEL,
    MACHINE_CREDENTIAL,
    PROGRAM,
    SLOTS,
    Deaf,
    Denied,
    Garbled,
    Hangup,
    OperationError,
    SequenceError,
    Silence,
)
from tests.protocol.machines import House, Line, Machine, turns

STATEID = w4.stateid4(1, b"delegation!!")
HANDLE = b"a file handle"
PATH_DOWN = w4.SEQ4_STATUS_CB_PATH_DOWN | w4.SEQ4_STATUS_CB_PATH_DOWN_SESSION


@pytest_asyncio.fixture
async def a(house: House) -> AsyncIterator[Machine]:
    machine = Machine(house, "a")
    await machine.join(back=True)
    await turns()
    yield machine


class Recall:
    """A recall that was asked for, and what came of it."""

    def __init__(self, machine: Machine, stateid: w4.stateid4 = STATEID) -> None:
        self.answers: list[int] = []
        machine.house.channels.recall(machine.client, stateid, False, HANDLE, self.answers.append)

    async def answer(self) -> list[int]:
        await turns()
        return self.answers


async def second_path(machine: Machine) -> Line:
    """A second connection of the session that carries callbacks, beside the first, which the machine goes on using."""
    first = machine.line
    machine.connect(machine.house)
    done = await machine.bind(w4.CDFC4_BACK_OR_BOTH)
    assert done.status == w4.NFS4_OK
    second = machine.line
    machine.line = first
    await turns()
    return second


class TestPaths:
    async def test_one_probe_proves_the_path_of_a_new_session(self, house: House) -> None:
        machine = Machine(house, "m")
        await machine.join(back=True)
        await turns()
        assert machine.callbacks.nulls == 1
        assert house.channels.proven(machine.client)
        house.clock.advance(500)
        await turns()
        assert machine.callbacks.nulls == 1

    async def test_without_a_back_channel_nothing_is_probed_proven_or_reached(self, house: House) -> None:
        machine = Machine(house, "m")
        await machine.join()
        recall = Recall(machine)
        assert await recall.answer() == [UNREACHABLE]
        assert machine.callbacks.nulls == 0
        assert not house.channels.proven(machine.client)
        assert await machine.flags() == 0

    async def test_until_the_probe_is_answered_nothing_is_proven_and_nothing_said_to_be_down(
        self, house: House
    ) -> None:
        machine = Machine(house, "m")
        machine.callbacks.null = Silence()
        await machine.join(back=True)
        await turns()
        assert not house.channels.proven(machine.client)
        assert await machine.flags() == 0

    async def test_probes_that_fail_are_repeated_after_intervals_that_double(self, house: House) -> None:
        machine = Machine(house, "m")
        machine.callbacks.null = Denied()
        await machine.join(back=True)
        await turns()
        assert machine.callbacks.nulls == 1
        assert await machine.flags() == PATH_DOWN
        expected = 1
        interval = FIRST_INTERVAL
        for _ in range(4):
            house.clock.advance(interval - 0.01)
            await turns()
            assert machine.callbacks.nulls == expected
            house.clock.advance(0.01)
            await turns()
            expected += 1
            assert machine.callbacks.nulls == expected
            interval *= 2
        machine.callbacks.null = None
        house.clock.advance(interval)
        await turns()
        assert house.channels.proven(machine.client)
        assert await machine.flags() == 0

    async def test_binding_again_and_again_makes_no_storm_of_probes(self, house: House) -> None:
        machine = Machine(house, "m")
        machine.callbacks.null = Denied()
        await machine.join(back=True)
        await turns()
        for _ in range(20):
            await machine.bind()
            await turns()
        assert machine.callbacks.nulls == 1
        assert await machine.flags() == 0  # until the next probe fails

    async def test_a_probe_that_is_answered_late_proves_the_path_all_the_same(self, house: House) -> None:
        machine = Machine(house, "m")
        machine.callbacks.null = Silence()
        await machine.join(back=True)
        await turns()
        house.clock.advance(ANSWER_WITHIN)
        assert await machine.flags() == PATH_DOWN
        machine.line.send(b"\0\0\0\1" + b"\0\0\0\1" + bytes(16))  # to the first xid of the connection
        await turns()
        assert house.channels.proven(machine.client)
        assert await machine.flags() == 0

    async def test_a_path_is_proven_only_as_long_as_its_connection_stands(self, house: House, a: Machine) -> None:
        a.line.drop()
        a.connect(house)
        assert not house.channels.proven(a.client)
        assert await a.flags() == PATH_DOWN
        await a.bind()
        await turns()
        assert house.channels.proven(a.client)
        assert await a.flags() == 0

    async def test_a_callback_that_comes_back_proves_the_path_too(self, house: House) -> None:
        machine = Machine(house, "m")
        machine.callbacks.null = Silence()
        await machine.join(back=True)
        recall = Recall(machine)
        assert await recall.answer() == [w4.NFS4_OK]
        assert house.channels.proven(machine.client)

    async def test_a_path_that_takes_probes_but_no_callbacks_is_not_proven(self, house: House, a: Machine) -> None:
        a.callbacks.always = Denied()
        assert await Recall(a).answer() == [UNREACHABLE]
        house.clock.advance(FIRST_INTERVAL)
        await turns()
        assert a.callbacks.nulls == 2  # answered
        assert not house.channels.proven(a.client)
        assert await a.flags() == PATH_DOWN

    async def test_a_client_that_answers_probes_but_no_callbacks_is_proven_only_by_a_sequence(
        self, house: House, a: Machine
    ) -> None:
        a.callbacks.always = Silence()
        recall = Recall(a)
        await turns()
        for _ in range(60):
            house.clock.advance(1)
            await turns(4)
            if house.clock.seconds > 1000 + ANSWER_WITHIN:
                assert not house.channels.proven(a.client)
        assert recall.answers == [UNREACHABLE]
        assert a.callbacks.nulls == 1
        assert len(a.callbacks.recalled) == 1
        assert 3 <= len(a.callbacks.sequences) < 10  # after intervals that double
        assert await a.flags() == PATH_DOWN
        a.callbacks.always = None
        for _ in range(70):
            house.clock.advance(1)
            await turns(4)
        assert house.channels.proven(a.client)
        assert await a.flags() == 0
        assert await Recall(a).answer() == [w4.NFS4_OK]

    async def test_a_session_without_a_path_is_told_though_another_one_of_the_client_has_one(
        self, house: House, a: Machine
    ) -> None:
        first, line, sequence = a.sessionid, a.line, a.sequence
        a.connect(house)
        await a.begin_session(await a.exchange(), back=True)
        await turns()
        line.drop()
        assert await a.flags() == 0
        a.sessionid, a.sequence = first, sequence
        assert await a.flags() == w4.SEQ4_STATUS_CB_PATH_DOWN_SESSION
        assert house.channels.proven(a.client)


class TestWhatIsSent:
    async def test_a_recall_says_what_is_recalled_with_the_clients_credential_and_minor_version(
        self, house: House, a: Machine
    ) -> None:
        assert await Recall(a).answer() == [w4.NFS4_OK]
        (args,) = a.callbacks.recalled
        assert (args.stateid, args.truncate, args.fh) == (STATEID, False, HANDLE)
        assert a.callbacks.minors == [2]

    async def test_the_minor_version_is_that_of_the_client(self, house: House) -> None:
        machine = Machine(house, "m")
        machine.minor = 1
        await machine.join(back=True)
        assert await Recall(machine).answer() == [w4.NFS4_OK]
        assert machine.callbacks.minors == [1]

    async def test_attributes_that_the_client_tells_are_handed_on(self, house: House, a: Machine) -> None:
        a.callbacks.attributes = w4.fattr4(1 << w4.FATTR4_SIZE, bytes(8))
        told: list[tuple[int, w4.fattr4 | None]] = []
        house.channels.getattr(a.client, HANDLE, 1 << w4.FATTR4_SIZE, lambda *answer: told.append(answer))
        await turns()
        assert told == [(w4.NFS4_OK, a.callbacks.attributes)]
        assert a.callbacks.asked[0].attr_request == 1 << w4.FATTR4_SIZE

    async def test_a_lock_that_is_to_be_had_is_told_with_its_owner(self, house: House, a: Machine) -> None:
        owner = w4.lock_owner4(a.clientid, b"owner")
        house.channels.notify_lock(a.client, HANDLE, owner)
        await turns()
        assert [(args.cnla_fh, args.cnla_lock_owner) for args in a.callbacks.notified] == [(HANDLE, owner)]

    async def test_sequence_ids_count_on_in_each_slot(self, house: House, a: Machine) -> None:
        for _ in range(3):
            assert await Recall(a).answer() == [w4.NFS4_OK]
        assert [(one.csa_slotid, one.csa_sequenceid) for one in a.callbacks.sequences] == [(0, 1), (0, 2), (0, 3)]

    async def test_no_more_are_asked_at_once_than_the_client_has_slots_and_the_rest_follows_in_order(
        self, house: House, a: Machine
    ) -> None:
        a.callbacks.script = [Silence()] * SLOTS
        recalls = [Recall(a, w4.stateid4(number, bytes(12))) for number in range(SLOTS + 3)]
        await turns()
        assert [one.csa_highest_slotid for one in a.callbacks.sequences] == [0, 1, 2, 3]
        assert len(a.callbacks.recalled) == SLOTS
        house.clock.advance(house.channels.give_up)
        await turns(30)
        for recall in recalls[:SLOTS]:
            assert recall.answers == [UNREACHABLE]

    async def test_questions_that_wait_for_a_slot_get_it_first_come_first_served(self, house: House) -> None:
        machine = Machine(house, "m")
        one_slot = w4.channel_attrs4(0, 4096, 4096, 0, 2, 1, [])
        await machine.join(back=True, channel=one_slot)
        await turns()
        recalls = [Recall(machine, w4.stateid4(number, bytes(12))) for number in range(5)]
        await turns(40)
        assert [recall.answers for recall in recalls] == [[w4.NFS4_OK]] * 5
        assert [args.stateid.seqid for args in machine.callbacks.recalled] == [0, 1, 2, 3, 4]
        assert {one.csa_slotid for one in machine.callbacks.sequences} == {0}

    async def test_a_slot_that_the_client_does_not_want_used_any_more_is_not_used(
        self, house: House, a: Machine
    ) -> None:
        a.callbacks.slots = 1  # and says so with its first answer
        recalls = [Recall(a) for _ in range(6)]
        await turns(40)
        assert [recall.answers for recall in recalls] == [[w4.NFS4_OK]] * 6
        assert [one.csa_slotid for one in a.callbacks.sequences[-2:]] == [0, 0]

    async def test_a_channel_on_which_only_a_sequence_fits_carries_nothing(self, house: House) -> None:
        for name, channel in (
            ("operations", w4.channel_attrs4(0, 4096, 4096, 0, 1, 4, [])),
            ("response", w4.channel_attrs4(0, 4096, 80, 0, 2, 4, [])),
        ):
            machine = Machine(house, name)
            await machine.join(back=True, channel=channel)
            await turns()
            assert not house.channels.proven(machine.client)
            recall = Recall(machine)
            house.clock.advance(house.channels.give_up)
            assert await recall.answer() == [UNREACHABLE]
            assert machine.callbacks.sequences == []

    async def test_nothing_larger_than_the_client_takes_is_sent(self, house: House) -> None:
        machine = Machine(house, "m")
        await machine.join(back=True, channel=w4.channel_attrs4(0, 160, 4096, 0, 2, 4, []))
        await turns()
        assert await Recall(machine).answer() == [UNREACHABLE]
        assert machine.callbacks.sequences == []

    async def test_a_grant_whose_reply_may_be_on_its_way_is_referred_to(self, house: House, a: Machine) -> None:
        slot = house.state.by_sessionid[a.sessionid].slots[1]
        slot.begin(1, False, 0, 0)
        granted = StateObject(DELEGATION, STATEID.other, 7)
        granted.grant = SlotGrant(house.state.by_sessionid[a.sessionid], slot)
        a.client.states[STATEID.other] = granted
        assert await Recall(a).answer() == [w4.NFS4_OK]  # in progress
        slot.abandon()
        assert await Recall(a).answer() == [w4.NFS4_OK]  # answered, and on its way for all we know
        slot.begin(2, False, 0, 0)
        assert await Recall(a).answer() == [w4.NFS4_OK]  # the next one on the slot: the answer has arrived
        first, second, third = a.callbacks.sequences
        for lists in (first.csa_referring_call_lists, second.csa_referring_call_lists):
            assert [one.rcl_sessionid for one in lists] == [a.sessionid]
            assert [(call.rc_slotid, call.rc_sequenceid) for call in lists[0].rcl_referring_calls] == [(1, 1)]
        assert third.csa_referring_call_lists == []
        del a.client.states[STATEID.other]


class TestSilence:
    async def test_the_same_request_goes_over_another_connection(self, house: House, a: Machine) -> None:
        await second_path(a)
        a.callbacks.script = [Deaf()]
        recall = Recall(a)
        await turns()
        assert a.callbacks.sequences == []
        house.clock.advance(ANSWER_WITHIN)
        assert await recall.answer() == [w4.NFS4_OK]
        assert [(one.csa_slotid, one.csa_sequenceid) for one in a.callbacks.sequences] == [(0, 1)]

    async def test_a_request_that_was_taken_is_asked_anew_when_its_answer_is_lost(
        self, house: House, a: Machine
    ) -> None:
        await second_path(a)
        a.callbacks.script = [Silence()]
        recall = Recall(a)
        await turns()
        house.clock.advance(ANSWER_WITHIN)
        await turns()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]
        assert [one.csa_sequenceid for one in a.callbacks.sequences] == [1, 1, 2]
        assert len(a.callbacks.recalled) == 2

    async def test_without_another_connection_it_is_unreachable_within_a_bound_below_the_lease(
        self, house: House, a: Machine
    ) -> None:
        a.callbacks.script = [Silence()]
        recall = Recall(a)
        await turns()
        house.clock.advance(ANSWER_WITHIN)
        assert await recall.answer() == []
        assert len(a.callbacks.sequences) == 1  # never twice over a connection that stands
        assert await a.flags() == PATH_DOWN
        house.clock.advance(house.channels.give_up - ANSWER_WITHIN)
        assert await recall.answer() == [UNREACHABLE]
        assert house.channels.give_up * 2 < house.state.settings.lease_seconds

    async def test_it_goes_on_over_a_connection_that_the_client_binds_meanwhile(self, house: House, a: Machine) -> None:
        a.callbacks.script = [Deaf()]
        recall = Recall(a)
        await turns()
        house.clock.advance(ANSWER_WITHIN)
        a.connect(house)
        await a.bind()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]

    async def test_a_slot_that_was_given_up_is_settled_by_a_lone_sequence_before_it_is_used(self, house: House) -> None:
        for taken, sequence in ((Silence(), [1, 1, 2]), (Deaf(), [1, 2])):
            machine = Machine(house, type(taken).__name__)
            await machine.join(back=True, channel=w4.channel_attrs4(0, 4096, 4096, 0, 2, 1, []))
            await turns()
            machine.callbacks.script = [taken]
            first = Recall(machine)
            await turns()
            house.clock.advance(house.channels.give_up)
            assert await first.answer() == [UNREACHABLE]
            second = Recall(machine)
            await turns()
            house.clock.advance(0)
            assert await second.answer() == [w4.NFS4_OK]
            assert [one.csa_sequenceid for one in machine.callbacks.sequences] == sequence


class TestLoss:
    @pytest.mark.parametrize("taken", [True, False])
    async def test_a_connection_lost_in_mid_call_is_replaced_by_another_with_the_same_request(
        self, house: House, a: Machine, taken: bool
    ) -> None:
        await second_path(a)
        a.callbacks.script = [Hangup(taken)]
        recall = Recall(a)
        await turns()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]
        assert [one.csa_sequenceid for one in a.callbacks.sequences] == ([1, 1, 2] if taken else [1])

    async def test_the_last_connection_lost_is_told_and_the_recall_goes_over_the_next_one(
        self, house: House, a: Machine
    ) -> None:
        a.callbacks.script = [Hangup(False)]
        recall = Recall(a)
        await turns()
        a.connect(house)
        assert await a.flags() == PATH_DOWN
        assert recall.answers == []
        await a.bind()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]

    async def test_a_client_that_does_not_come_back_is_unreachable(self, house: House, a: Machine) -> None:
        a.callbacks.script = [Hangup(False)]
        recall = Recall(a)
        await turns()
        house.clock.advance(house.channels.give_up)
        assert await recall.answer() == [UNREACHABLE]

    async def test_one_that_is_asked_while_there_is_no_connection_waits_for_it(self, house: House, a: Machine) -> None:
        a.line.drop()
        recalls = [Recall(a) for _ in range(SLOTS + 2)]
        await turns()
        a.connect(house)
        await a.bind()
        house.clock.advance(0)
        await turns(30)
        assert [recall.answers for recall in recalls] == [[w4.NFS4_OK]] * (SLOTS + 2)

    async def test_several_that_are_lost_with_one_connection_all_go_over_the_other(
        self, house: House, a: Machine
    ) -> None:
        await second_path(a)
        a.callbacks.script = [Deaf(), Deaf(), Hangup(False)]
        recalls = [Recall(a) for _ in range(3)]
        await turns(30)
        assert [recall.answers for recall in recalls] == [[w4.NFS4_OK]] * 3
        assert sorted(one.csa_slotid for one in a.callbacks.sequences) == [0, 1, 2]


class TestRefusal:
    @pytest.mark.parametrize("refusal", [Denied(), Garbled(), SequenceError(w4.NFS4ERR_CONN_NOT_BOUND_TO_SESSION)])
    async def test_another_connection_is_tried_and_without_one_it_is_unreachable_at_once(
        self, house: House, a: Machine, refusal: Denied | Garbled | SequenceError
    ) -> None:
        a.callbacks.script = [refusal]
        assert await Recall(a).answer() == [UNREACHABLE]
        await a.bind()
        await second_path(a)
        a.callbacks.script = [refusal]
        recall = Recall(a)
        await turns()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]

    async def control(self, machine: Machine, parms: w4.callback_sec_parms4) -> None:
        args = w4.BACKCHANNEL_CTL4args(PROGRAM, [parms])
        await machine.ok(w4.nfs_argop4(w4.OP_BACKCHANNEL_CTL, opbackchannel_ctl=args))

    async def test_the_credential_of_backchannel_ctl_counts_from_then_on(self, house: House, a: Machine) -> None:
        await self.control(a, w4.callback_sec_parms4(AUTH_NONE))
        assert await Recall(a).answer() == [UNREACHABLE]  # the machine takes AUTH_SYS only, as Linux does
        assert a.callbacks.sequences == []
        house.clock.advance(FIRST_INTERVAL)
        await turns()
        assert a.callbacks.nulls == 2
        assert not house.channels.proven(a.client)
        assert await a.flags() == PATH_DOWN
        await self.control(a, w4.callback_sec_parms4(AUTH_SYS, MACHINE_CREDENTIAL))
        assert house.channels.proven(a.client)
        assert await a.flags() == 0
        assert await Recall(a).answer() == [w4.NFS4_OK]


class TestSequenceErrors:
    async def test_delay_repeats_the_same_request_after_pauses_that_double(self, house: House, a: Machine) -> None:
        a.callbacks.script = [SequenceError(w4.NFS4ERR_DELAY)] * 3
        recall = Recall(a)
        await turns()
        pause = FIRST_PAUSE
        for asked in (1, 2, 3):
            assert len(a.callbacks.sequences) == asked
            house.clock.advance(pause * 0.9)
            await turns()
            assert len(a.callbacks.sequences) == asked
            house.clock.advance(pause * 0.2)
            await turns()
            pause *= 2
        assert await recall.answer() == [w4.NFS4_OK]
        assert [one.csa_sequenceid for one in a.callbacks.sequences] == [1, 1, 1, 1]

    async def test_delay_without_end_is_told_as_such(self, house: House, a: Machine) -> None:
        a.callbacks.always = SequenceError(w4.NFS4ERR_DELAY)
        recall = Recall(a)
        for _ in range(40):
            house.clock.advance(house.channels.give_up / 40)
            await turns(4)
        assert await recall.answer() == [w4.NFS4ERR_DELAY]
        assert 8 < len(a.callbacks.sequences) < 30

    async def test_a_slot_out_of_step_is_left_for_another_one(self, house: House, a: Machine) -> None:
        a.callbacks.sessions[a.sessionid][0] = 17
        assert await Recall(a).answer() == [w4.NFS4_OK]
        assert await Recall(a).answer() == [w4.NFS4_OK]
        assert [one.csa_slotid for one in a.callbacks.sequences] == [0, 1, 1]
        assert await a.flags() == 0

    async def test_without_a_slot_in_step_the_client_is_asked_for_a_new_session(self, house: House, a: Machine) -> None:
        a.callbacks.sessions[a.sessionid] = [17] * SLOTS
        recall = Recall(a)
        await turns(30)
        assert await a.flags() == w4.SEQ4_STATUS_BACKCHANNEL_FAULT | PATH_DOWN
        assert not house.channels.proven(a.client)
        await a.begin_session(await a.exchange(), back=True)
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]
        assert house.channels.proven(a.client)
        assert await a.flags() == 0

    @pytest.mark.parametrize("status", [w4.NFS4ERR_BADSLOT, w4.NFS4ERR_BAD_HIGH_SLOT])
    async def test_fewer_slots_than_thought_are_found_out(self, house: House, a: Machine, status: int) -> None:
        a.callbacks.script = [Silence(), SequenceError(status)]
        Recall(a)
        recall = Recall(a)
        assert await recall.answer() == [w4.NFS4_OK]

    @pytest.mark.parametrize("status", [w4.NFS4ERR_BADSESSION, w4.NFS4ERR_DEADSESSION])
    async def test_a_session_that_the_client_does_not_know_yet_is_tried_again(
        self, house: House, a: Machine, status: int
    ) -> None:
        a.callbacks.script = [SequenceError(status)] * 2
        recall = Recall(a)
        await turns()
        assert not house.channels.proven(a.client)
        house.clock.advance(FIRST_PAUSE)
        await turns()
        house.clock.advance(FIRST_PAUSE * 2)
        assert await recall.answer() == [w4.NFS4_OK]
        assert house.channels.proven(a.client)

    async def test_another_session_of_the_client_takes_over(self, house: House, a: Machine) -> None:
        del a.callbacks.sessions[a.sessionid]
        await a.begin_session(await a.exchange(), back=True)
        recall = Recall(a)
        await turns()
        house.clock.advance(FIRST_PAUSE)
        assert await recall.answer() == [w4.NFS4_OK]

    async def test_what_was_taken_though_its_reply_is_gone_is_asked_anew(self, house: House, a: Machine) -> None:
        a.callbacks.script = [SequenceError(w4.NFS4ERR_SEQ_FALSE_RETRY)]
        a.callbacks.sessions[a.sessionid][0] = 1
        recall = Recall(a)
        await turns()
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]

    async def test_what_is_in_no_table_is_told(self, house: House, a: Machine) -> None:
        a.callbacks.script = [SequenceError(w4.NFS4ERR_REQ_TOO_BIG)]
        assert await Recall(a).answer() == [w4.NFS4ERR_REQ_TOO_BIG]
        assert await Recall(a).answer() == [w4.NFS4_OK]


class TestOperationErrors:
    @pytest.mark.parametrize("status", [w4.NFS4ERR_BADHANDLE, w4.NFS4ERR_BAD_STATEID, w4.NFS4ERR_SERVERFAULT])
    async def test_it_is_for_who_asked_to_decide(self, house: House, a: Machine, status: int) -> None:
        a.callbacks.script = [OperationError(status)]
        assert await Recall(a).answer() == [status]
        assert await Recall(a).answer() == [w4.NFS4_OK]

    async def test_delay_is_waited_out_with_new_requests(self, house: House, a: Machine) -> None:
        a.callbacks.script = [OperationError(w4.NFS4ERR_DELAY)] * 2
        recall = Recall(a)
        await turns()
        house.clock.advance(FIRST_PAUSE)
        await turns()
        house.clock.advance(FIRST_PAUSE * 2)
        assert await recall.answer() == [w4.NFS4_OK]
        assert [one.csa_sequenceid for one in a.callbacks.sequences] == [1, 2, 3]

    async def test_while_one_is_delayed_its_slot_is_free_for_others(self, house: House) -> None:
        machine = Machine(house, "m")
        await machine.join(back=True, channel=w4.channel_attrs4(0, 4096, 4096, 0, 2, 1, []))
        machine.callbacks.script = [OperationError(w4.NFS4ERR_DELAY)]
        first, second = Recall(machine), Recall(machine)
        assert await second.answer() == [w4.NFS4_OK]
        assert first.answers == []
        house.clock.advance(FIRST_PAUSE)
        assert await first.answer() == [w4.NFS4_OK]


class TestSessionsThatEnd:
    async def test_a_question_goes_to_another_session_of_the_client(self, house: House, a: Machine) -> None:
        first, connection = a.sessionid, a.connection
        a.callbacks.script = [Silence()]
        recall = Recall(a)
        await turns()
        await a.begin_session(await a.exchange(), back=True)
        house.state.destroy_session(first, connection)
        house.clock.advance(0)
        assert await recall.answer() == [w4.NFS4_OK]
        assert a.callbacks.sequences[-1].csa_sessionid == a.sessionid

    async def test_a_client_that_goes_is_unreachable_at_once(self, house: House, a: Machine) -> None:
        a.callbacks.always = Silence()
        recalls = [Recall(a) for _ in range(SLOTS + 2)]
        await turns()
        house.clock.seconds += house.state.settings.courtesy_seconds + 1
        house.state.sweep(house.monotonic())
        house.clock.advance(0)
        for recall in recalls:
            assert await recall.answer() == [UNREACHABLE]

    async def test_nothing_is_left_of_clients_that_went(self, house: House, a: Machine) -> None:
        a.callbacks.always = Silence()
        for _ in range(SLOTS + 2):
            Recall(a)
        await turns()
        client = a.client
        a.line.drop()
        house.clock.seconds += house.state.settings.courtesy_seconds + 1
        house.state.sweep(house.monotonic())
        house.clock.advance(0)
        assert client.gone
        assert house.channels.idle()


def test_the_bound_of_slots_is_more_than_the_scripted_client_has() -> None:
    assert CHANNEL.ca_maxrequests < MAX_SLOTS
