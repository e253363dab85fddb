"""CREATE_SESSION, SEQUENCE, connections and channels. RFC 8881, 18.34, 18.36, 18.37, 18.46."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.suspend import Suspend
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_SYS, RPCSEC_GSS
from tests.unit.state.world import LEASE, Machine, World, channel, finish, parms

BACK_CHAN = w4.CREATE_SESSION4_FLAG_CONN_BACK_CHAN
PERSIST = w4.CREATE_SESSION4_FLAG_PERSIST


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def new(world: World) -> Machine:
    """A client that has a client id and no session yet."""
    machine = Machine(world, "a")
    machine.exchange_id()
    return machine


def status_of_create(
    machine: Machine,
    sequence: int | None = None,
    flags: int = BACK_CHAN,
    fore: w4.channel_attrs4 | None = None,
    back: w4.channel_attrs4 | None = None,
    sec_parms: list[w4.callback_sec_parms4] | None = None,
) -> int:
    with pytest.raises(NFSError) as error:
        machine.create_session(sequence, flags, fore, back, sec_parms)
    return error.value.status


def status_of_begin(
    machine: Machine,
    slot: int = 0,
    seqid: int | None = None,
    cache_this: bool = False,
    highest: int | None = None,
    size: int = 200,
    count: int = 2,
) -> int:
    with pytest.raises(NFSError) as error:
        machine.begin(slot, seqid, cache_this, 0, highest, size, count)
    return error.value.status


class TestCreateSession:
    def test_the_first_session_confirms_the_client(self, new: Machine) -> None:
        new.create_session()
        assert new.exchange_id().eir_flags & w4.EXCHGID4_FLAG_CONFIRMED_R

    def test_an_unknown_client_id_is_stale(self, new: Machine) -> None:
        new.clientid += 1
        assert status_of_create(new) == w4.NFS4ERR_STALE_CLIENTID

    def test_the_sequence_id_is_returned(self, new: Machine) -> None:
        assert new.create_session(new.sequence).csr_sequence == 1

    def test_a_retransmission_gets_the_same_session_and_makes_no_other(self, world: World, new: Machine) -> None:
        first = new.create_session(1)
        assert new.create_session(1) == first
        assert len(world.state.by_sessionid) == 1

    def test_before_the_first_session_the_sequence_id_before_it_is_misordered(self, new: Machine) -> None:
        assert status_of_create(new, 0) == w4.NFS4ERR_SEQ_MISORDERED

    @pytest.mark.parametrize("sequence", [0, 3, 0xFFFFFFFF])
    def test_sequence_ids_out_of_order_are_misordered(self, new: Machine, sequence: int) -> None:
        new.create_session(1)
        assert status_of_create(new, sequence) == w4.NFS4ERR_SEQ_MISORDERED

    def test_a_client_may_have_several_sessions(self, new: Machine) -> None:
        first = new.create_session().csr_sessionid
        second = new.create_session().csr_sessionid
        assert first != second
        assert len(new.client.sessions) == 2

    @pytest.mark.parametrize("used_up", [False, True])
    def test_after_a_failure_the_sequence_id_may_or_may_not_be_used_up(self, new: Machine, used_up: bool) -> None:
        assert status_of_create(new, 1, fore=channel(request=20)) == w4.NFS4ERR_TOOSMALL
        assert status_of_create(new, 3) == w4.NFS4ERR_SEQ_MISORDERED
        new.create_session(2 if used_up else 1)

    def test_a_failure_confirms_nothing(self, world: World, new: Machine) -> None:
        status_of_create(new, fore=channel(response=0))
        assert world.state.table.confirmed == {}

    def test_another_principal_cannot_confirm_a_client(self, new: Machine) -> None:
        mine, new.principal = new.principal, b"uid 5"
        assert status_of_create(new) == w4.NFS4ERR_CLID_INUSE
        assert status_of_create(new) == w4.NFS4ERR_CLID_INUSE
        new.principal = mine
        new.create_session()

    def test_another_principal_may_add_a_session_to_a_confirmed_client(self, new: Machine) -> None:
        new.create_session()
        new.principal = b"uid 5"
        new.create_session()

    def test_unknown_flags_are_invalid(self, new: Machine) -> None:
        assert status_of_create(new, flags=0xF) == w4.NFS4ERR_INVAL

    def test_persistence_is_not_promised_and_the_back_channel_only_where_it_is_asked_for(self, new: Machine) -> None:
        assert new.create_session(flags=PERSIST | BACK_CHAN).csr_flags == BACK_CHAN
        assert new.create_session(flags=PERSIST).csr_flags == 0

    def test_the_fore_channel_is_never_wider_than_asked_for_or_than_the_settings(
        self, world: World, new: Machine
    ) -> None:
        small = channel(1000, 1000, 100, 3, 2)
        assert new.create_session(fore=small).csr_fore_chan_attrs == small
        huge = channel(1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30)
        granted = new.create_session(fore=huge).csr_fore_chan_attrs
        settings = world.settings
        assert granted == channel(
            settings.max_request_size,
            settings.max_response_size,
            settings.max_response_size_cached,
            settings.max_operations,
            settings.max_slots,
        )
        assert len(new.session.slots) == settings.max_slots

    def test_the_back_channel_is_what_the_client_says(self, new: Machine) -> None:
        wanted = channel(4096, 4096, 0, 2, 16)
        assert new.create_session(back=wanted).csr_back_chan_attrs == wanted

    @pytest.mark.parametrize("narrow", [channel(request=20), channel(response=0), channel(operations=0)])
    @pytest.mark.parametrize("which", ["fore", "back"])
    def test_a_channel_on_which_nothing_could_be_said_is_too_small(
        self, new: Machine, narrow: w4.channel_attrs4, which: str
    ) -> None:
        fore, back = (narrow, None) if which == "fore" else (None, narrow)
        assert status_of_create(new, fore=fore, back=back) == w4.NFS4ERR_TOOSMALL

    def test_a_fore_channel_without_a_slot_is_invalid(self, new: Machine) -> None:
        assert status_of_create(new, fore=channel(slots=0)) == w4.NFS4ERR_INVAL

    def test_callbacks_by_an_unknown_gss_context_alone_cannot_be_had(self, new: Machine) -> None:
        assert status_of_create(new, sec_parms=[parms(RPCSEC_GSS)]) == w4.NFS4ERR_NOENT
        new.create_session(sec_parms=[parms(RPCSEC_GSS), parms(AUTH_SYS)])
        new.create_session(sec_parms=[])

    def test_sessions_are_bounded(self, world: World, new: Machine) -> None:
        for _ in range(world.settings.max_sessions_per_client):
            new.create_session()
        assert status_of_create(new) == w4.NFS4ERR_NOSPC


class TestSequence:
    def test_an_unknown_session_is_bad(self, world: World) -> None:
        a = world.machine("a")
        a.sessionid = b"?" * 16
        assert status_of_begin(a) == w4.NFS4ERR_BADSESSION

    def test_slots_past_the_last_are_bad(self, world: World) -> None:
        a = world.machine("a")
        assert status_of_begin(a, slot=8) == w4.NFS4ERR_BADSLOT
        assert status_of_begin(a, slot=0, highest=8) == w4.NFS4ERR_BAD_HIGH_SLOT
        a.begin(slot=7)

    def test_limits_are_kept_before_the_slot_is_touched(self, world: World) -> None:
        a = world.machine("a")
        assert status_of_begin(a, count=17, seqid=1) == w4.NFS4ERR_TOO_MANY_OPS
        assert status_of_begin(a, size=8193, seqid=1) == w4.NFS4ERR_REQ_TOO_BIG
        session, slot, new = a.begin(count=16, size=8192, seqid=1)
        assert new
        assert session is a.session
        assert slot is a.session.slots[0]

    def test_a_cache_that_could_hold_no_reply_refuses_to_be_asked(self, world: World) -> None:
        a = Machine(world, "a")
        a.exchange_id()
        a.create_session(fore=channel(cached=10))
        assert status_of_begin(a, seqid=1, cache_this=True) == w4.NFS4ERR_REP_TOO_BIG_TO_CACHE
        assert a.begin(seqid=1)[2]

    def test_the_answer_names_session_slot_sequence_id_and_the_highest_slots(self, world: World) -> None:
        a = world.machine("a")
        session, slot, _ = a.begin(slot=2, highest=3, seqid=1)
        assert session.answer(slot, 1) == w4.SEQUENCE4resok(a.sessionid, 1, 2, 7, 7, 0)

    def test_slots_are_independent(self, world: World) -> None:
        a = world.machine("a")
        _, busy, _ = a.begin(slot=0, seqid=1)
        assert a.begin(slot=1, seqid=1)[2]
        with pytest.raises(Suspend):
            a.begin(slot=0, seqid=1)
        finish(busy)
        assert not a.begin(slot=0, seqid=1)[2]

    def test_it_renews_the_lease(self, world: World) -> None:
        a = world.machine("a")
        for _ in range(3):
            world.wait(LEASE - 1)
            a.renew()
        assert not world.state.table.lapsed(a.client, world.now)
        world.wait(LEASE + 1)
        assert world.state.table.lapsed(a.client, world.now)

    def test_a_refused_one_does_not_renew_the_lease(self, world: World) -> None:
        a = world.machine("a")
        world.wait(LEASE - 1)
        status_of_begin(a, seqid=9)
        world.wait(2)
        assert world.state.table.lapsed(a.client, world.now)

    def test_an_unbound_connection_is_bound_by_it(self, world: World) -> None:
        a = world.machine("a")
        other = object()
        a.begin(connection=other)
        assert a.session.connections[other] == w4.CDFS4_FORE


class TestSlotTable:
    def test_it_grows_at_once(self, world: World) -> None:
        a = world.machine("a")
        a.session.resize(20)
        session, slot, _ = a.begin(slot=15)
        answer = session.answer(slot, 1)
        assert (answer.sr_highest_slotid, answer.sr_target_highest_slotid) == (19, 19)

    def test_it_shrinks_when_the_client_has_heard_and_keeps_below(self, world: World) -> None:
        a = world.machine("a")
        session = a.session
        session.resize(4)
        _, slot, _ = a.begin(slot=0)
        assert len(session.slots) == 8, "the client has not been told yet"
        answer = session.answer(slot, 1)
        finish(slot)
        assert (answer.sr_highest_slotid, answer.sr_target_highest_slotid) == (7, 3)
        _, high, _ = a.begin(slot=6)
        a.renew()
        assert len(session.slots) == 8, "slot 6 is busy"
        finish(high)
        a.renew()
        assert len(session.slots) == 4
        assert status_of_begin(a, slot=6) == w4.NFS4ERR_BADSLOT


class TestConnections:
    def bind(self, machine: Machine, direction: int, connection: object) -> int:
        args = w4.BIND_CONN_TO_SESSION4args(machine.sessionid, direction, False)
        return machine.world.state.bind_conn_to_session(args, connection).bctsr_dir

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            (w4.CDFC4_FORE, w4.CDFS4_FORE),
            (w4.CDFC4_BACK, w4.CDFS4_BACK),
            (w4.CDFC4_FORE_OR_BOTH, w4.CDFS4_BOTH),
            (w4.CDFC4_BACK_OR_BOTH, w4.CDFS4_BOTH),
        ],
    )
    def test_a_new_connection_carries_what_it_is_bound_for(self, world: World, asked: int, given: int) -> None:
        a, other = world.machine("a"), object()
        assert self.bind(a, asked, other) == given
        assert a.session.connections[other] == given
        assert self.bind(a, asked, other) == given, "again: no effect"

    def test_an_unknown_session_is_bad(self, world: World) -> None:
        a = world.machine("a")
        a.sessionid = b"?" * 16
        with pytest.raises(NFSError) as error:
            self.bind(a, w4.CDFC4_FORE, object())
        assert error.value.status == w4.NFS4ERR_BADSESSION

    @pytest.mark.parametrize(
        ("first", "then"),
        [
            (w4.CDFC4_FORE, w4.CDFC4_BACK),
            (w4.CDFC4_BACK, w4.CDFC4_FORE),
            (w4.CDFC4_FORE_OR_BOTH, w4.CDFC4_FORE),
            (w4.CDFC4_FORE_OR_BOTH, w4.CDFC4_BACK),
        ],
    )
    def test_a_bound_connection_cannot_be_made_to_carry_something_else(
        self, world: World, first: int, then: int
    ) -> None:
        a, other = world.machine("a"), object()
        self.bind(a, first, other)
        with pytest.raises(NFSError) as error:
            self.bind(a, then, other)
        assert error.value.status == w4.NFS4ERR_INVAL

    def test_a_client_that_reconnected_gets_its_callbacks_back(self, world: World) -> None:
        a = world.machine("a")
        assert a.renew() == 0
        world.state.connection_lost(a.connection)
        a.connection = object()
        assert a.renew() == w4.SEQ4_STATUS_CB_PATH_DOWN | w4.SEQ4_STATUS_CB_PATH_DOWN_SESSION
        assert self.bind(a, w4.CDFC4_FORE_OR_BOTH, a.connection) == w4.CDFS4_BOTH
        assert a.renew() == 0

    def test_the_callback_path_is_up_as_long_as_any_session_of_the_client_has_one(self, world: World) -> None:
        a = world.machine("a")
        first = a.sessionid
        a.create_session(flags=0)
        assert a.renew() == 0
        world.state.destroy_session(first, a.connection)
        assert a.renew() == w4.SEQ4_STATUS_CB_PATH_DOWN

    def test_a_client_that_never_wanted_callbacks_is_not_told_that_they_fail(self, world: World) -> None:
        a = Machine(world, "a")
        a.exchange_id()
        a.create_session(flags=0)
        assert a.renew() == 0

    def test_one_connection_may_serve_sessions_of_two_clients(self, world: World) -> None:
        a, b = world.machine("a"), world.machine("b")
        b.begin(connection=a.connection)
        world.state.connection_lost(a.connection)
        assert list(a.session.connections) == []
        assert list(b.session.connections) == [b.connection]

    def test_losing_an_unknown_connection_is_nothing(self, world: World) -> None:
        world.state.connection_lost(object())


class TestBackchannelCtl:
    def test_program_and_credentials_are_replaced(self, world: World) -> None:
        a = world.machine("a")
        world.state.backchannel_ctl(a.session, 77, [parms(AUTH_SYS)])
        assert a.session.cb_program == 77
        assert a.session.cb_sec_parms == [parms(AUTH_SYS)]

    def test_what_cannot_be_used_changes_nothing(self, world: World) -> None:
        a = world.machine("a")
        before = a.session.cb_program
        with pytest.raises(NFSError) as error:
            world.state.backchannel_ctl(a.session, 77, [parms(RPCSEC_GSS)])
        assert error.value.status == w4.NFS4ERR_NOENT
        assert a.session.cb_program == before


class TestDestroySession:
    def test_a_destroyed_session_is_bad_and_its_locks_live_on(self, world: World) -> None:
        a = world.machine("a")
        opened = a.open(7)
        first = a.sessionid
        a.create_session()
        world.state.destroy_session(first, a.connection)
        assert a.test(opened.stateid()) == 0
        a.sessionid = first
        assert status_of_begin(a) == w4.NFS4ERR_BADSESSION

    def test_it_takes_a_connection_of_the_session(self, world: World) -> None:
        a, other = world.machine("a"), object()
        with pytest.raises(NFSError) as error:
            world.state.destroy_session(a.sessionid, other)
        assert error.value.status == w4.NFS4ERR_CONN_NOT_BOUND_TO_SESSION
        a.begin(connection=other)
        world.state.destroy_session(a.sessionid, other)

    def test_a_session_that_is_not_there_is_bad(self, world: World) -> None:
        with pytest.raises(NFSError) as error:
            world.state.destroy_session(b"?" * 16, object())
        assert error.value.status == w4.NFS4ERR_BADSESSION

    def test_a_request_in_progress_ends_in_peace(self, world: World) -> None:
        a = world.machine("a")
        _, slot, _ = a.begin()
        world.state.destroy_session(a.sessionid, a.connection)
        finish(slot)


def test_no_two_sessions_share_an_id_and_the_listing_shows_them() -> None:
    settings = StateSettings()
    world = World(settings)
    a, b = world.machine("a"), world.machine("b")
    a.renew()
    rows = world.state.sessions(world.now + 5)
    assert [row["session"] for row in rows] == [a.sessionid.hex(), b.sessionid.hex()]
    assert [row["slots_used"] for row in rows] == [1, 0]
    assert rows[0]["back_channel"] is True
    assert rows[0]["age_seconds"] == 5
    clients = world.state.clients(world.now + 5)
    assert [row["owner"] for row in clients] == ["a", "b"]
    assert [row["confirmed"] for row in clients] == [True, True]
