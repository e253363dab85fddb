"""EXCHANGE_ID in all its cases, and DESTROY_CLIENTID. The numbers are those of RFC 8881, 18.35.4."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import LEASE, Machine, World

UPDATE = w4.EXCHGID4_FLAG_UPD_CONFIRMED_REC_A
CONFIRMED = w4.EXCHGID4_FLAG_CONFIRMED_R


@pytest.fixture
def world() -> World:
    return World()


def refused(machine: Machine, flags: int = 0, how: int = w4.SP4_NONE, minor: int = 1) -> int:
    with pytest.raises(NFSError) as error:
        machine.exchange_id(flags, how, minor)
    return error.value.status


def works(machine: Machine) -> bool:
    """Whether the machine's session is still there."""
    if machine.sessionid not in machine.world.state.by_sessionid:
        return False
    machine.renew()
    return True


def test_case_1_a_new_owner_gets_a_client_id_that_is_not_confirmed(world: World) -> None:
    result = Machine(world, "a").exchange_id()
    assert result.eir_flags == w4.EXCHGID4_FLAG_USE_NON_PNFS
    assert result.eir_state_protect.spr_how == w4.SP4_NONE
    assert result.eir_server_owner.so_major_id == world.settings.server_owner
    assert result.eir_server_scope == world.settings.server_scope
    assert Machine(world, "b").exchange_id().eir_clientid != result.eir_clientid


def test_case_2_the_same_client_again_gets_the_same_client_id(world: World) -> None:
    a = world.machine("a")
    again = Machine(world, "a").exchange_id()
    assert again.eir_clientid == a.clientid
    assert again.eir_flags & CONFIRMED
    assert works(a)


def test_case_3_another_principal_may_not_take_an_owner_that_holds_state(world: World) -> None:
    a = world.machine("a")
    opened = a.open(7)
    assert refused(Machine(world, "a", verifier=2, uid=5)) == w4.NFS4ERR_CLID_INUSE
    assert refused(Machine(world, "a", uid=5)) == w4.NFS4ERR_CLID_INUSE
    assert works(a)
    assert a.test(opened.stateid()) == 0


def test_case_3_another_principal_takes_an_owner_that_holds_nothing(world: World) -> None:
    a = world.machine("a")
    thief = Machine(world, "a", uid=5)
    assert thief.exchange_id().eir_clientid != a.clientid
    assert not works(a)
    with pytest.raises(NFSError) as error:
        a.create_session()
    assert error.value.status == w4.NFS4ERR_STALE_CLIENTID


def test_case_3_another_principal_takes_an_owner_whose_lease_has_run_out(world: World) -> None:
    a = world.machine("a")
    a.open(7)
    world.wait(LEASE + 1)
    Machine(world, "a", uid=5).exchange_id()
    assert not works(a)
    assert world.released == [7]


def test_case_4_an_unconfirmed_record_is_replaced(world: World) -> None:
    a = Machine(world, "a")
    first = a.exchange_id().eir_clientid
    second = a.exchange_id().eir_clientid
    other_verifier = Machine(world, "a", verifier=2).exchange_id().eir_clientid
    other_principal = Machine(world, "a", uid=5).exchange_id().eir_clientid
    assert len({first, second, other_verifier, other_principal}) == 4
    with pytest.raises(NFSError) as error:
        a.create_session()
    assert error.value.status == w4.NFS4ERR_STALE_CLIENTID
    assert len(world.state.table.by_id) == 1


def test_case_5_a_restarted_client_loses_its_state_when_it_is_confirmed_and_not_earlier(world: World) -> None:
    a = world.machine("a")
    a.open(7)
    again = Machine(world, "a", verifier=2)
    assert again.exchange_id().eir_clientid != a.clientid
    assert works(a)
    assert world.released == []
    again.create_session()
    assert not works(a)
    assert world.released == [7]
    assert works(again)


def test_case_5_a_restart_that_is_never_confirmed_takes_nothing_away(world: World) -> None:
    a = world.machine("a")
    opened = a.open(7)
    Machine(world, "a", verifier=2).exchange_id()
    for _ in range(4):
        world.wait(LEASE - 1)
        a.renew()
        world.state.sweep(world.now)
    assert a.test(opened.stateid()) == 0
    assert len(world.state.table.by_id) == 1


def test_case_5_the_restarted_client_may_ask_again_before_it_is_confirmed(world: World) -> None:
    a = world.machine("a")
    again = Machine(world, "a", verifier=2)
    again.exchange_id()
    again.exchange_id()
    again.create_session()
    assert works(again)
    assert not works(a)


def test_case_5_the_old_incarnation_takes_the_place_of_the_new_unconfirmed_one(world: World) -> None:
    a = world.machine("a")
    again = Machine(world, "a", verifier=2)
    again.exchange_id()
    assert a.exchange_id().eir_flags & CONFIRMED
    with pytest.raises(NFSError) as error:
        again.create_session()
    assert error.value.status == w4.NFS4ERR_STALE_CLIENTID
    assert works(a)


def test_case_6_a_confirmed_client_may_be_updated(world: World) -> None:
    a = world.machine("a")
    result = Machine(world, "a").exchange_id(UPDATE)
    assert result.eir_clientid == a.clientid
    assert result.eir_flags & CONFIRMED
    assert not result.eir_flags & UPDATE
    assert works(a)


def test_case_7_what_is_not_confirmed_cannot_be_updated(world: World) -> None:
    a = Machine(world, "a")
    assert refused(a, UPDATE) == w4.NFS4ERR_NOENT
    a.exchange_id()
    assert refused(a, UPDATE) == w4.NFS4ERR_NOENT
    a.create_session()
    assert works(a)


@pytest.mark.parametrize("uid", [0, 5])
def test_case_8_an_update_by_an_earlier_incarnation_is_not_the_same(world: World, uid: int) -> None:
    a = world.machine("a")
    assert refused(Machine(world, "a", verifier=2, uid=uid), UPDATE) == w4.NFS4ERR_NOT_SAME
    assert works(a)


def test_case_9_an_update_by_another_principal_is_not_permitted(world: World) -> None:
    a = world.machine("a")
    assert refused(Machine(world, "a", uid=5), UPDATE) == w4.NFS4ERR_PERM
    assert works(a)


@pytest.mark.parametrize("flags", [0x8, CONFIRMED, 0x1000])
def test_flags_that_are_not_defined_for_the_request_are_invalid(world: World, flags: int) -> None:
    assert refused(Machine(world, "a"), flags) == w4.NFS4ERR_INVAL


def test_the_flag_of_fenced_copies_is_not_taken_by_any_minor_version(world: World) -> None:
    a = Machine(world, "a")
    assert refused(a, w4.EXCHGID4_FLAG_SUPP_FENCE_OPS, minor=1) == w4.NFS4ERR_INVAL
    assert refused(a, w4.EXCHGID4_FLAG_SUPP_FENCE_OPS, minor=2) == w4.NFS4ERR_INVAL


def test_state_protection_needs_what_is_not_here(world: World) -> None:
    a = Machine(world, "a")
    assert refused(a, how=w4.SP4_MACH_CRED) == w4.NFS4ERR_INVAL
    assert refused(a, how=w4.SP4_SSV) == w4.NFS4ERR_ENCR_ALG_UNSUPP


def test_a_client_id_that_is_not_confirmed_within_a_lease_is_stale(world: World) -> None:
    a, b = Machine(world, "a"), Machine(world, "b")
    a.exchange_id()
    b.exchange_id()
    world.wait(LEASE + 1)
    with pytest.raises(NFSError) as error:
        a.create_session()
    assert error.value.status == w4.NFS4ERR_STALE_CLIENTID
    world.state.sweep(world.now)
    assert world.state.table.by_id == {}


def test_a_client_id_of_an_earlier_boot_is_stale(world: World) -> None:
    a = world.machine("a")
    after = world.restart()
    a.world = after
    with pytest.raises(NFSError) as error:
        a.create_session()
    assert error.value.status == w4.NFS4ERR_STALE_CLIENTID
    assert not works(a)


def test_when_there_is_no_room_the_client_that_was_silent_longest_goes() -> None:
    settings = StateSettings()
    settings.max_clients = 2
    world = World(settings)
    a, b = world.machine("a"), world.machine("b")
    assert refused(Machine(world, "c")) == w4.NFS4ERR_DELAY
    world.wait(LEASE + 1)
    b.renew()
    Machine(world, "c").exchange_id()
    assert not works(a)
    assert works(b)


class TestEviction:
    def test_an_evicted_client_holds_nothing_and_is_not_waited_for(self, world: World) -> None:
        a, b = world.machine("a"), world.machine("b")
        a.open(7)
        assert world.state.evict(a.clientid, world.now)
        assert world.released == [7]
        assert not works(a)
        assert works(b)
        assert [row["client"] for row in world.state.clients(world.now)] == [f"{b.clientid:016x}"]
        after = world.restart()
        assert after.state.in_grace(after.now), "b is"

    def test_it_may_come_back_as_a_new_one(self, world: World) -> None:
        a = world.machine("a")
        world.state.evict(a.clientid, world.now)
        assert world.machine("a").clientid != a.clientid

    def test_nobody_is_evicted_for_a_number_that_is_nobodys(self, world: World) -> None:
        a = world.machine("a")
        assert not world.state.evict(a.clientid + 1, world.now)
        assert works(a)


class TestDestroyClientid:
    def test_a_client_that_has_nothing_can_be_destroyed(self, world: World) -> None:
        a = Machine(world, "a")
        clientid = a.exchange_id().eir_clientid
        world.state.destroy_clientid(clientid, None, world.now)
        assert self.status(world, clientid) == w4.NFS4ERR_STALE_CLIENTID

    def test_a_client_that_was_never_there_is_stale(self, world: World) -> None:
        assert self.status(world, 0) == w4.NFS4ERR_STALE_CLIENTID

    def test_a_client_with_a_session_is_busy(self, world: World) -> None:
        assert self.status(world, world.machine("a").clientid) == w4.NFS4ERR_CLIENTID_BUSY

    def test_a_client_with_an_open_is_busy_without_a_session_too(self, world: World) -> None:
        a = world.machine("a")
        opened = a.open(7)
        world.state.destroy_session(a.sessionid, a.connection)
        assert self.status(world, a.clientid) == w4.NFS4ERR_CLIENTID_BUSY
        world.state.close(opened)
        world.state.destroy_clientid(a.clientid, None, world.now)

    def test_a_client_cannot_destroy_itself(self, world: World) -> None:
        a = world.machine("a")
        with pytest.raises(NFSError) as error:
            world.state.destroy_clientid(a.clientid, a.session, world.now)
        assert error.value.status == w4.NFS4ERR_CLIENTID_BUSY

    def test_a_client_whose_lease_has_run_out_is_not_busy(self, world: World) -> None:
        a = world.machine("a")
        a.open(7)
        world.wait(LEASE + 1)
        world.state.destroy_clientid(a.clientid, None, world.now)
        assert world.released == [7]

    def test_a_destroyed_client_is_not_waited_for_after_a_restart(self, world: World) -> None:
        a = world.machine("a")
        world.state.destroy_session(a.sessionid, a.connection)
        world.state.destroy_clientid(a.clientid, None, world.now)
        after = world.restart()
        assert not after.state.in_grace(after.now)

    def status(self, world: World, clientid: int) -> int:
        with pytest.raises(NFSError) as error:
            world.state.destroy_clientid(clientid, None, world.now)
        return error.value.status
