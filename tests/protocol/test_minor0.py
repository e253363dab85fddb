"""NFSv4.0: clients, owners with sequence ids, what is sent again, and one table of state with the later minor versions.
RFC 7530."""

from __future__ import annotations

import pytest

from nfsgw.rpc.credentials import auth_sys
from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove, turns
from tests.protocol.old import BOTH, OldMachine, locked_by, write
from tests.protocol.operations import (
    GETFH,
    handle_of,
    link,
    open_file,
    putfh,
    read,
    rename,
    stateid_of,
)
from tests.protocol.town import Town, joined

UNCHECKED = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))
SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
LEASE = 90


@pytest.fixture
async def old(house: House) -> OldMachine:
    machine = OldMachine(house, "old")
    await machine.settle_in()
    return machine


# -- SETCLIENTID, 16.33


async def test_setclientid_case_1_new_callbacks_keep_client_id_and_state(house: House, old: OldMachine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    first = old.clientid
    await old.introduce()
    assert old.clientid == first
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4_OK
    assert await old.confirmed() == w4.NFS4_OK
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4_OK


async def test_setclientid_cases_2_and_3_a_client_that_restarted_keeps_its_old_state_until_it_has_confirmed(
    house: House, old: OldMachine
) -> None:
    handle, stateid = await old.opened(b"file", deny=w4.OPEN4_SHARE_DENY_WRITE, how=UNCHECKED)
    restarted = OldMachine(house, "old")
    restarted.verifier = b"second.."
    await restarted.introduce()
    early = restarted.clientid
    assert early != old.clientid
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4_OK
    restarted.verifier = b"third..."
    await restarted.introduce()
    assert restarted.clientid not in (early, old.clientid)
    assert await restarted.confirmed() == w4.NFS4_OK
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_EXPIRED
    assert await old.renew() == w4.NFS4ERR_STALE_CLIENTID
    await restarted.opened(b"file", deny=w4.OPEN4_SHARE_DENY_WRITE)


async def test_setclientid_case_4_an_unconfirmed_record_is_replaced(house: House) -> None:
    machine = OldMachine(house, "old")
    await machine.introduce()
    first, confirm = machine.clientid, machine.confirm
    await machine.introduce()
    assert machine.clientid != first
    machine.clientid, replaced = first, machine.clientid
    machine.confirm, current = confirm, machine.confirm
    assert await machine.confirmed() == w4.NFS4ERR_STALE_CLIENTID
    machine.clientid, machine.confirm = replaced, current
    assert await machine.confirmed() == w4.NFS4_OK
    assert await machine.confirmed() == w4.NFS4_OK, "a retransmission"


async def test_another_principal_cannot_take_a_name_that_holds_state(house: House, old: OldMachine) -> None:
    await old.opened(b"file", how=UNCHECKED)
    thief = OldMachine(house, "old", uid=1000)
    done = await thief.introduce()
    assert done.status == w4.NFS4ERR_CLID_INUSE
    answer = done.resarray[0].opsetclientid
    assert answer is not None
    assert answer.client_using is not None
    assert answer.client_using.na_r_netid == b"tcp"
    assert await old.renew() == w4.NFS4_OK


async def test_a_4_1_client_with_the_same_string_is_another_client(house: House, old: OldMachine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    newer = Machine(house, "old")
    await newer.join()
    assert newer.clientid != old.clientid
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4_OK
    await newer.ok(ROOT, lookup(b"file"))


async def test_what_only_4_1_has_is_illegal(old: OldMachine) -> None:
    old.sessionid = bytes(16)
    done = await old.call(old.next())
    assert done.status == w4.NFS4ERR_OP_ILLEGAL
    assert done.resarray[0].resop == w4.OP_ILLEGAL


# -- OPEN, OPEN_CONFIRM, CLOSE


async def test_what_an_unconfirmed_owner_opened_is_of_no_use_until_it_confirms(old: OldMachine) -> None:
    done = await old.ok(ROOT, old.open(b"file", how=UNCHECKED), GETFH)
    handle, stateid = handle_of(done), stateid_of(done)
    result = done.resarray[1].opopen
    assert result is not None
    assert result.resok4 is not None
    assert result.resok4.rflags == w4.OPEN4_RESULT_CONFIRM | w4.OPEN4_RESULT_LOCKTYPE_POSIX
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_BAD_STATEID
    confirmed = await old.ok(putfh(handle), old.confirm_open(stateid))
    answer = confirmed.resarray[1].opopen_confirm
    assert answer is not None
    assert answer.resok4 is not None
    assert answer.resok4.open_stateid.seqid == stateid.seqid + 1
    assert await old.status(putfh(handle), write(answer.resok4.open_stateid)) == w4.NFS4_OK
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_OLD_STATEID


async def test_an_open_of_an_unconfirmed_owner_takes_the_place_of_what_it_opened_before(
    house: House, old: OldMachine
) -> None:
    await old.ok(ROOT, old.open(b"first", deny=BOTH, how=UNCHECKED))
    old.seqids[b"owner"] = 40
    await old.ok(ROOT, old.open(b"second", how=UNCHECKED))
    assert len(house.state.opens()) == 1
    other = OldMachine(house, "other")
    await other.settle_in()
    await other.opened(b"first")


async def test_the_last_request_of_an_owner_is_answered_again_and_no_other(house: House, old: OldMachine) -> None:
    """Replays by owner (9.1.9): with another xid, so that nothing else remembers the request."""
    old.xid += 1
    first = await old.call(ROOT, old.open(b"file", how=guarded_how()), GETFH)
    old.seqids[b"owner"] -= 1
    again = await old.call(ROOT, old.open(b"file", how=guarded_how()), GETFH)
    assert again == first
    old.seqids[b"owner"] += 5
    assert await old.status(ROOT, old.open(b"file")) == w4.NFS4_OK, "an unconfirmed owner may begin anew"
    handle, stateid = await old.opened(b"file", owner=b"second")
    old.seqids[b"second"] += 1
    assert await old.status(putfh(handle), old.close(stateid, b"second")) == w4.NFS4ERR_BAD_SEQID
    old.seqids[b"second"] -= 2
    closed = await old.ok(putfh(handle), old.close(stateid, b"second"))
    old.seqids[b"second"] -= 1
    assert await old.ok(putfh(handle), old.close(stateid, b"second")) == closed
    assert await old.status(putfh(handle), old.close(stateid, b"second")) == w4.NFS4ERR_BAD_STATEID


def guarded_how() -> w4.createhow4:
    return w4.createhow4(w4.GUARDED4, createattrs=w4.fattr4(0, b""))


async def test_an_error_that_counts_moves_the_sequence_and_is_told_again(old: OldMachine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    missing = await old.call(ROOT, old.open(b"missing"))
    assert missing.status == w4.NFS4ERR_NOENT
    await old.ok(ROOT, mkdir(b"missing"))
    old.seqids[b"owner"] -= 1
    assert await old.call(ROOT, old.open(b"missing")) == missing
    await old.ok(putfh(handle), old.close(stateid))


async def test_an_owner_with_nothing_open_is_forgotten_after_a_lease_and_confirms_anew(
    house: House, old: OldMachine
) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    await old.ok(putfh(handle), old.close(stateid))
    house.clock.advance(LEASE + 1)
    house.state.sweep(house.monotonic())
    assert old.client.old is not None
    assert not old.client.old.owners
    assert not house.state.minor0.closed
    old.seqids[b"owner"] = 1000
    await old.opened(b"file")


async def test_owners_that_never_confirm_are_bounded_and_swept(house: House, old: OldMachine) -> None:
    await old.ok(ROOT, mkdir(b"x"))
    most = house.state.settings.max_unconfirmed_owners = 100
    for number in range(most + 50):
        await old.ok(ROOT, old.open(b"file", owner=b"%d" % number, how=UNCHECKED))
    assert old.client.old is not None
    assert len(old.client.old.owners) == most
    assert house.state.files.open_count == most
    house.clock.advance(LEASE + 1)
    house.state.sweep(house.monotonic())
    assert not old.client.old.owners
    assert house.state.files.open_count == 0
    assert not house.state.files.of_old


async def test_owners_with_nothing_open_are_bounded(house: House, old: OldMachine) -> None:
    house.state.settings.max_remembered_owners = 20
    for number in range(60):
        owner = b"%d" % number
        handle, stateid = await old.opened(b"file", owner=owner, how=UNCHECKED)
        await old.ok(putfh(handle), old.close(stateid, owner))
    assert old.client.old is not None
    assert len(old.client.old.owners) == 20
    assert len(house.state.minor0.closed) <= 20


async def test_a_stateid_is_of_no_use_to_another_user_without_permission(house: House, old: OldMachine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    mode = w4.fattr4(1 << w4.FATTR4_MODE, (0o600).to_bytes(4, "big"))
    change = w4.nfs_argop4(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, mode))
    await old.ok(putfh(handle), change)
    mine = old.credential
    old.credential = auth_sys(1000, 1000, (), b"old")
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_ACCESS
    assert await old.status(putfh(handle), read(stateid)) == w4.NFS4ERR_ACCESS
    old.credential = mine
    await old.ok(putfh(handle), write(stateid), read(stateid))


# -- locks


async def test_lock_owners_have_a_sequence_of_their_own(house: House, old: OldMachine, a: Machine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    done = await old.ok(putfh(handle), old.lock_by_open(stateid, b"locker", 0, 10))
    lock = locked_by(done)
    assert await old.status(putfh(handle), old.release(b"locker")) == w4.NFS4ERR_LOCKS_HELD
    more = await old.ok(putfh(handle), old.lock_again(lock, b"locker", 100, 10))
    old.seqids[b"lock locker"] -= 1
    assert await old.ok(putfh(handle), old.lock_again(lock, b"locker", 100, 10)) == more
    old.seqids[b"lock locker"] += 1
    assert await old.status(putfh(handle), old.unlock(locked_by(more), b"locker", 0, 200)) == w4.NFS4ERR_BAD_SEQID
    old.seqids[b"lock locker"] -= 2
    await old.ok(putfh(handle), old.unlock(locked_by(more), b"locker", 0, 200))
    await old.ok(putfh(handle), old.release(b"locker"))
    assert await old.status(putfh(handle), old.unlock(locked_by(more), b"locker", 0, 1)) == w4.NFS4ERR_BAD_STATEID


async def test_a_denied_lock_is_denied_again_with_its_holder(house: House, old: OldMachine, a: Machine) -> None:
    await a.ok(ROOT, open_file(b"file", UNCHECKED), GETFH)
    opened = await a.ok(ROOT, open_file(b"file", None), GETFH)
    first = w4.open_to_lock_owner4(0, stateid_of(opened), 0, w4.lock_owner4(0, b"theirs"))
    args = w4.LOCK4args(w4.WRITE_LT, False, 0, 100, w4.locker4(True, open_owner=first))
    await a.ok(putfh(handle_of(opened)), w4.nfs_argop4(w4.OP_LOCK, oplock=args))
    handle, stateid = await old.opened(b"file")
    denied = await old.call(putfh(handle), old.lock_by_open(stateid, b"locker", 50, 10))
    assert denied.status == w4.NFS4ERR_DENIED
    result = denied.resarray[1].oplock
    assert result is not None
    assert result.denied is not None
    assert (result.denied.offset, result.denied.length) == (0, 100)
    assert result.denied.owner.owner == b"theirs"
    old.seqids[b"owner"] -= 1
    assert await old.call(putfh(handle), old.lock_by_open(stateid, b"locker", 50, 10)) == denied


# -- with later minor versions


async def test_share_reservations_hold_between_minor_versions(old: OldMachine, a: Machine) -> None:
    handle, stateid = await old.opened(b"file", deny=w4.OPEN4_SHARE_DENY_WRITE, how=UNCHECKED)
    assert (await a.run(ROOT, open_file(b"file", None))).status == w4.NFS4ERR_SHARE_DENIED
    await old.ok(putfh(handle), old.close(stateid))
    await a.ok(ROOT, open_file(b"file", None))


async def test_a_stateid_of_another_minor_version_is_none(old: OldMachine, a: Machine) -> None:
    done = await a.ok(ROOT, open_file(b"file", UNCHECKED), GETFH)
    assert await old.status(putfh(handle_of(done)), write(stateid_of(done))) == w4.NFS4ERR_BAD_STATEID
    handle, stateid = await old.opened(b"file")
    assert (await a.run(putfh(handle), write(stateid))).status == w4.NFS4ERR_BAD_STATEID


# -- leases


async def test_what_a_silent_client_held_goes_when_it_is_in_the_way_and_renew_says_so(
    house: House, old: OldMachine, a: Machine
) -> None:
    handle, stateid = await old.opened(b"file", deny=BOTH, how=UNCHECKED)
    spare, kept = await old.opened(b"spare", owner=b"second", how=UNCHECKED)
    house.clock.advance(LEASE + 1)
    await a.ok(ROOT, open_file(b"file", None))
    assert await old.renew() == w4.NFS4ERR_EXPIRED
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_EXPIRED
    assert await old.status(putfh(spare), write(kept)) == w4.NFS4_OK
    await old.settle_in()
    assert await old.renew() == w4.NFS4_OK
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_BAD_STATEID
    assert await old.status(putfh(spare), write(kept)) == w4.NFS4_OK


async def test_any_use_of_a_stateid_renews_the_lease(house: House, old: OldMachine, a: Machine) -> None:
    handle, stateid = await old.opened(b"file", deny=w4.OPEN4_SHARE_DENY_WRITE, how=UNCHECKED)
    for _ in range(4):
        house.clock.advance(LEASE / 2)
        await old.ok(putfh(handle), read(stateid))
    assert (await a.run(ROOT, open_file(b"file", None))).status == w4.NFS4ERR_SHARE_DENIED


async def test_a_loss_that_nobody_recovers_from_is_forgotten_a_lease_after_it_was_told(
    house: House, old: OldMachine, a: Machine
) -> None:
    await old.opened(b"file", deny=BOTH, how=UNCHECKED)
    house.clock.advance(LEASE + 1)
    await a.ok(ROOT, open_file(b"file", None))
    house.state.sweep(house.monotonic())
    assert await old.renew() == w4.NFS4ERR_EXPIRED
    house.clock.advance(LEASE + 1)
    house.state.sweep(house.monotonic())
    assert await old.renew() == w4.NFS4_OK
    assert not house.state.files.of_old


# -- what is sent again


async def test_a_remove_that_is_sent_again_over_a_new_connection_reports_its_success(
    house: House, old: OldMachine
) -> None:
    await old.ok(ROOT, mkdir(b"gone"))
    done = await old.ok(ROOT, remove(b"gone"))
    old.line.drop()
    old.connect(house)
    assert await old.again() == done
    assert await old.status(ROOT, remove(b"gone")) == w4.NFS4ERR_NOENT


async def test_a_request_of_another_machine_with_the_same_xid_is_another_one(house: House, old: OldMachine) -> None:
    other = OldMachine(house, "other")
    await old.ok(ROOT, mkdir(b"one"))
    other.xid = old.xid - 1
    assert (await other.call(ROOT, mkdir(b"one"))).status == w4.NFS4ERR_EXIST


@pytest.mark.parametrize("what", ["rename", "link", "mkdir", "remove", "create"])
async def test_a_change_is_told_after_a_crash_when_it_is_sent_again(town: Town, what: str) -> None:
    old = OldMachine(town.house, "old")
    await old.settle_in()
    await old.ok(ROOT, old.open(b"there", how=UNCHECKED))
    changes = {
        "rename": [ROOT, SAVE, rename(b"there", b"moved")],
        "link": [ROOT, lookup(b"there"), SAVE, ROOT, link(b"second")],
        "mkdir": [ROOT, mkdir(b"folder")],
        "remove": [ROOT, remove(b"there")],
        "create": [ROOT, old.open(b"mine", owner=b"creator", how=guarded_how())],
    }
    done = await old.ok(*changes[what])
    house = await town.crash()
    old.connect(house)
    assert await old.again() == done
    assert await old.again() == done
    assert await old.renew() == w4.NFS4ERR_STALE_CLIENTID


async def test_a_request_that_waits_is_not_begun_a_second_time(house: House, old: OldMachine) -> None:
    """A REMOVE that waits for a delegation, and its retransmission: one of them removes, both say so."""
    a = Machine(house, "a")
    await a.join(back=True)
    await turns()
    await a.ok(ROOT, open_file(b"file", UNCHECKED))
    opened = await a.ok(ROOT, open_file(b"file", None), GETFH)
    held = house.state.delegations(0.0)
    assert held, "the 4.2 client has a delegation"
    a.callbacks.on_recall = lambda args: w4.NFS4_OK
    old.send(old.message(old.compound(ROOT, remove(b"file"))))
    message = old.last
    await turns()
    old.line.drop()
    old.connect(house)
    old.send(message)
    await turns()
    assert len(a.callbacks.recalled) == 1
    stateid = a.callbacks.recalled[0].stateid
    args = w4.DELEGRETURN4args(stateid)
    await a.ok(putfh(handle_of(opened)), w4.nfs_argop4(w4.OP_DELEGRETURN, opdelegreturn=args))
    reply = await old.answer()
    assert reply[24:28] == bytes(4)
    assert await old.status(ROOT, lookup(b"file")) == w4.NFS4ERR_NOENT


# -- restart


async def test_opens_and_locks_are_reclaimed_in_grace_without_reclaim_complete(town: Town) -> None:
    old = OldMachine(town.house, "old")
    await old.settle_in()
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    lock = locked_by(await old.ok(putfh(handle), old.lock_by_open(stateid, b"locker", 0, 10)))
    house = await town.crash()
    old.connect(house)
    assert await old.status(putfh(handle), write(stateid)) == w4.NFS4ERR_STALE_STATEID
    assert await old.status(putfh(handle), old.unlock(lock, b"locker", 0, 10)) == w4.NFS4ERR_STALE_STATEID
    assert await old.renew() == w4.NFS4ERR_STALE_CLIENTID
    await old.settle_in()
    assert await old.status(ROOT, old.open(b"file", owner=b"new")) == w4.NFS4ERR_GRACE
    done = await old.ok(putfh(handle), old.reclaim())
    stateid = stateid_of(done)
    result = done.resarray[1].opopen
    assert result is not None
    assert result.resok4 is not None
    assert not result.resok4.rflags & w4.OPEN4_RESULT_CONFIRM
    await old.ok(putfh(handle), old.lock_by_open(stateid, b"locker", 0, 10, reclaim=True))
    await old.ok(putfh(handle), write(stateid))
    house.clock.advance(2 * LEASE + 1)
    assert await old.status(putfh(handle), old.reclaim(b"late")) == w4.NFS4ERR_NO_GRACE
    await old.opened(b"file", owner=b"later")


async def test_who_has_reclaimed_may_reclaim_after_the_next_restart_too(town: Town) -> None:
    old = OldMachine(town.house, "old")
    await old.settle_in()
    handle, _ = await old.opened(b"file", how=UNCHECKED)
    for _ in range(2):
        house = await town.crash()
        old.connect(house)
        await old.settle_in()
        await old.ok(putfh(handle), old.reclaim())
    house.clock.advance(2 * LEASE + 1)
    house.state.sweep(house.monotonic())
    house = await town.crash()
    old.connect(house)
    await old.settle_in()
    await old.ok(putfh(handle), old.reclaim())


async def test_who_holds_nothing_is_not_waited_for(town: Town) -> None:
    old = OldMachine(town.house, "old")
    await old.settle_in()
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    await old.ok(putfh(handle), old.close(stateid))
    town.house.state.sweep(town.house.monotonic())
    await town.house.settled()
    house = await town.crash()
    a = await joined(town, "a")
    await a.ok(ROOT, open_file(b"file", None))
    assert not house.state.in_grace(house.monotonic())


async def test_a_client_that_restarted_with_the_gateway_is_not_waited_for(town: Town) -> None:
    old = OldMachine(town.house, "old")
    await old.settle_in()
    await old.opened(b"file", how=UNCHECKED)
    house = await town.crash()
    assert house.state.in_grace(house.monotonic())
    old = OldMachine(house, "old")
    old.verifier = b"rebooted"
    await old.settle_in()
    assert not house.state.in_grace(house.monotonic())
    await old.opened(b"file")


# -- words of 4.0


async def test_secinfo_leaves_the_current_filehandle(old: OldMachine) -> None:
    await old.ok(ROOT, mkdir(b"folder"))
    await old.ok(ROOT, w4.nfs_argop4(w4.OP_SECINFO, opsecinfo=w4.SECINFO4args(b"folder")), lookup(b"folder"))


async def test_restorefh_without_a_saved_handle_has_an_error_of_its_own(old: OldMachine) -> None:
    assert await old.status(w4.nfs_argop4(w4.OP_RESTOREFH)) == w4.NFS4ERR_RESTOREFH


@pytest.mark.parametrize(
    ("owner", "wanted"), [(b"", w4.NFS4ERR_INVAL), (b"alice", w4.NFS4ERR_BADOWNER), (b"1000", w4.NFS4_OK)]
)
async def test_an_owner_without_a_letter_is_invalid(old: OldMachine, owner: bytes, wanted: int) -> None:
    await old.opened(b"file", how=UNCHECKED)
    value = len(owner).to_bytes(4, "big") + owner + bytes(-len(owner) % 4)
    change = w4.SETATTR4args(NO_STATEID, w4.fattr4(1 << w4.FATTR4_OWNER, value))
    assert await old.status(ROOT, lookup(b"file"), w4.nfs_argop4(w4.OP_SETATTR, opsetattr=change)) == wanted


async def test_attributes_of_later_minor_versions_are_unknown(old: OldMachine) -> None:
    done = await old.ok(ROOT, getattr_(1 << w4.FATTR4_SUPPORTED_ATTRS | 1 << w4.FATTR4_SUPPATTR_EXCLCREAT))
    result = done.resarray[1].opgetattr
    assert result is not None
    assert result.resok4 is not None
    assert result.resok4.obj_attributes.attrmask == 1 << w4.FATTR4_SUPPORTED_ATTRS
    words = result.resok4.obj_attributes.attr_vals
    assert int.from_bytes(words[:4], "big") == 2, "nothing past the second word of the bitmap"
    assert int.from_bytes(words[8:12], "big") < 1 << (w4.FATTR4_MOUNTED_ON_FILEID - 31)


async def test_a_compound_whose_reply_has_no_bound_is_ended_with_resource(house: House, old: OldMachine) -> None:
    handle, stateid = await old.opened(b"file", how=UNCHECKED)
    await old.ok(putfh(handle), write(stateid, bytes(600_000)))
    done = await old.call(putfh(handle), *[read(stateid, 600_000)] * 5)
    assert done.status == w4.NFS4ERR_RESOURCE
    assert len(done.resarray) == 3
    assert await old.status(ROOT, getattr_(1 << w4.FATTR4_CHANGE)) == w4.NFS4_OK


async def test_a_compound_has_a_bound_of_operations(house: House, old: OldMachine) -> None:
    most = house.services.settings.max_operations
    assert await old.status(*[ROOT] * most) == w4.NFS4_OK
    assert await old.status(*[ROOT] * (most + 1)) == w4.NFS4ERR_RESOURCE


async def test_a_file_whose_creator_says_no_mode_is_his_alone_and_of_use_to_him(house: House, old: OldMachine) -> None:
    """EXCLUSIVE4 has no room for attributes (RFC 7530, 16.16.5): a machine that dies before its SETATTR has made it."""
    mode = 1 << w4.FATTR4_MODE
    exclusive = w4.createhow4(w4.EXCLUSIVE4, createverf=b"verifier")
    for name, how in ((b"exclusive", exclusive), (b"unchecked", UNCHECKED)):
        handle, _ = await old.opened(name, how=how)
        done = await old.ok(putfh(handle), getattr_(mode))
        result = done.resarray[1].opgetattr
        assert result is not None
        assert result.resok4 is not None
        assert result.resok4.obj_attributes.attr_vals == (0o600).to_bytes(4, "big")


def clone(house: House, address: str, verifier: bytes) -> OldMachine:
    machine = OldMachine(house, address)
    machine.name = b"one name"
    machine.verifier = verifier
    return machine


async def in_turns(machines: list[OldMachine]) -> None:
    """Each takes the gateway from the one before it."""
    for machine in machines:
        await machine.settle_in()
        machine.seqids.clear()
        await machine.opened(b"file", how=UNCHECKED)


async def test_clones_are_named_with_both_addresses_and_the_mend_and_counted(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = clone(house, "192.0.2.1", b"verify 1"), clone(house, "192.0.2.2", b"verify 2")
    await in_turns([first, second])
    assert house.state.clones.found == 0, "a machine that rebooted looks just so"
    await in_turns([first, second, first])
    assert house.state.clones.found == 3
    (line,) = [record.getMessage() for record in caplog.records if "one client identity" in record.getMessage()]
    assert line.startswith("two machines at 192.0.2.1 and 192.0.2.2 have one client identity (NFSv4.0 one name)")
    assert "nfs4_unique_id" in line
    assert "en0" in line


async def test_a_machine_that_reboots_or_confirms_again_is_no_clone(
    house: House, old: OldMachine, caplog: pytest.LogCaptureFixture
) -> None:
    await in_turns([clone(house, f"192.0.2.{number}", b"boot %3d" % number) for number in range(20)])
    for _ in range(3):
        await old.settle_in()  # its callbacks have changed
        assert await old.confirmed() == w4.NFS4_OK
    assert house.state.clones.found == 0
    assert "identity" not in caplog.text
