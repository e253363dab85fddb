"""Delegations of 4.0 clients, and callbacks over connections that the gateway makes. RFC 7530, 10.2 to 10.4."""

from __future__ import annotations

import pytest

from nfsgw.nfs4.minor0.addresses import parsed
from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import ROOT, House, Machine, getattr_, remove, turns
from tests.protocol.old import BOTH, READ, OldMachine
from tests.protocol.operations import GETFH, handle_of, open_file, putfh, read, stateid_of

UNCHECKED = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))
LEASE = 90


async def reader(house: House, name: str = "old") -> OldMachine:
    machine = OldMachine(house, name)
    await machine.listen()
    return machine


async def delegated(machine: OldMachine, name: bytes, access: int = READ) -> tuple[bytes, w4.stateid4]:
    """A file that is there, opened a second time by a confirmed owner: handle and stateid of the delegation."""
    handle, stateid = await machine.opened(name, access=access)
    await machine.ok(putfh(handle), machine.close(stateid))
    done = await machine.ok(ROOT, machine.open(name, access=access), GETFH)
    result = done.resarray[1].opopen
    assert result is not None
    assert result.resok4 is not None
    delegation = result.resok4.delegation
    given = delegation.read or delegation.write
    assert given is not None, delegation.delegation_type
    return handle_of(done), given.stateid


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7"])
async def test_a_client_whose_callbacks_come_back_gets_delegations_that_are_recalled(
    house: House, a: Machine, host: str
) -> None:
    await a.ok(ROOT, open_file(b"file", UNCHECKED))
    await a.ok(ROOT, open_file(b"file", None))
    house.clock.advance(400)
    await a.ok(ROOT)
    house.state.sweep(house.monotonic())
    old = OldMachine(house, "old")
    await old.listen(host)
    assert house.exchange.dialled == [(host, 0x1234)]
    assert old.service.nulls == 1
    done = await a.ok(ROOT, open_file(b"other", UNCHECKED), GETFH)
    await a.ok(putfh(handle_of(done)), w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, stateid_of(done))))
    handle, stateid = await delegated(old, b"other")
    a.send(a.message(a.compound(a.next(), ROOT, remove(b"other"))))
    await turns()
    assert [args.stateid for args in old.service.recalled] == [stateid]
    assert old.service.recalled[0].fh == handle
    await old.ok(putfh(handle), old.give_back(stateid))
    reply = await a.answer()
    assert reply[24:28] == bytes(4)
    assert house.state.delegated.total == 0


async def file_by(a: Machine, name: bytes) -> bytes:
    """A file that nobody has open any more."""
    done = await a.ok(ROOT, open_file(name, UNCHECKED), GETFH)
    await a.ok(putfh(handle_of(done)), w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, stateid_of(done))))
    return handle_of(done)


async def test_a_first_open_and_one_by_an_unreachable_client_get_no_delegation(house: House, a: Machine) -> None:
    await file_by(a, b"file")
    silent = OldMachine(house, "silent")
    silent.callback = w4.cb_client4(1, w4.netaddr4(b"tcp", b"192.0.2.99.8.1"))
    await silent.settle_in()
    await turns()
    handle, stateid = await silent.opened(b"file", access=READ)
    await silent.ok(putfh(handle), silent.close(stateid))
    await silent.opened(b"file", access=READ)
    assert house.state.delegated.total == 0
    reachable = await reader(house)
    await reachable.ok(ROOT, reachable.open(b"file", access=READ))
    assert house.state.delegated.total == 0, "its owner has not confirmed"


async def test_an_address_that_does_not_work_is_tried_again_at_intervals_that_double(house: House) -> None:
    silent = OldMachine(house, "silent")
    silent.callback = w4.cb_client4(1, w4.netaddr4(b"tcp", b"192.0.2.99.8.1"))
    await silent.settle_in()
    for _ in range(600):
        house.clock.advance(1.0)
        await turns(4)
    assert 5 <= len(house.exchange.dialled) <= 8
    house.state.sweep(house.monotonic() + 100_000)
    count = len(house.exchange.dialled)
    house.clock.advance(5000)
    await turns()
    assert len(house.exchange.dialled) == count, "its client is gone"


async def test_a_client_that_answers_nothing_loses_its_delegation_and_is_told_by_renew(
    house: House, a: Machine
) -> None:
    await file_by(a, b"file")
    old = await reader(house)
    await delegated(old, b"file")
    old.service.deaf = True
    a.send(a.message(a.compound(a.next(), ROOT, remove(b"file"))))
    for _ in range(30):
        house.clock.advance(0.5)
        await turns(4)
    await a.answer()
    assert await old.renew() == w4.NFS4ERR_CB_PATH_DOWN
    for _ in range(20):
        house.clock.advance(5)
        await old.status(ROOT, getattr_(1 << w4.FATTR4_TYPE))
        await turns(4)
    assert house.state.delegated.total == 0
    assert await old.renew() == w4.NFS4ERR_EXPIRED


async def test_a_recall_goes_on_over_a_new_connection_when_the_old_one_is_gone(house: House, a: Machine) -> None:
    await file_by(a, b"file")
    old = await reader(house)
    handle, stateid = await delegated(old, b"file")
    house.exchange.wires[-1].drop()
    a.send(a.message(a.compound(a.next(), ROOT, remove(b"file"))))
    await turns()
    assert old.service.connections == 2
    assert len(old.service.recalled) == 1
    await old.ok(putfh(handle), old.give_back(stateid))
    assert (await a.answer())[24:28] == bytes(4)


async def test_bad_stateid_is_believed_only_when_the_reply_to_the_open_has_surely_arrived(
    house: House, a: Machine
) -> None:
    await file_by(a, b"file")
    old = await reader(house)
    await delegated(old, b"file")
    old.service.refuse = [w4.NFS4ERR_BAD_STATEID]
    a.send(a.message(a.compound(a.next(), ROOT, remove(b"file"))))
    await turns()
    assert house.state.delegated.total == 1, "the OPEN was its owner's last request"
    old.seqids[b"owner"] += 0
    await old.call(ROOT, old.open(b"missing"))
    old.service.refuse = [w4.NFS4ERR_BAD_STATEID]
    house.clock.advance(0.11)
    await turns()
    assert house.state.delegated.total == 0
    assert (await a.answer())[24:28] == bytes(4)


async def test_the_holder_of_a_write_delegation_is_asked_for_size_and_change(house: House, a: Machine) -> None:
    handle = await file_by(a, b"file")
    old = await reader(house)
    await delegated(old, b"file", BOTH)
    change = house.names.resolve(handle).change
    mask = (1 << w4.FATTR4_CHANGE) | (1 << w4.FATTR4_SIZE)
    old.service.attributes = w4.fattr4(mask, (change + 1).to_bytes(8, "big") + (4711).to_bytes(8, "big"))
    done = await a.ok(putfh(handle), getattr_(1 << w4.FATTR4_SIZE))
    shown = done.resarray[2].opgetattr
    assert shown is not None
    assert shown.resok4 is not None
    assert shown.resok4.obj_attributes.attr_vals == (4711).to_bytes(8, "big")
    assert len(old.service.asked) == 1


async def test_its_own_operations_recall_nothing_of_a_client_that_its_connection_tells(
    house: House, a: Machine
) -> None:
    await file_by(a, b"file")
    old = await reader(house)
    await delegated(old, b"file")
    await old.ok(ROOT, remove(b"file"))
    assert not old.service.recalled


async def test_a_connection_that_two_clients_have_used_tells_nothing(house: House, a: Machine) -> None:
    handle = await file_by(a, b"file")
    old = await reader(house)
    _, stateid = await delegated(old, b"file")
    second = OldMachine(house, "second")
    second.line = old.line
    await second.settle_in()
    old.send(old.message(old.compound(ROOT, remove(b"file"))))
    await turns()
    assert len(old.service.recalled) == 1, "whoever it is, the holder is asked"
    old.connect(house)
    await old.ok(putfh(handle), old.give_back(stateid))


async def test_new_callbacks_are_probed_before_anything_is_granted(house: House, a: Machine) -> None:
    await file_by(a, b"file")
    old = await reader(house)
    await old.listen("192.0.2.8")
    assert house.exchange.dialled == [("192.0.2.7", 0x1234), ("192.0.2.8", 0x1234)]
    assert house.exchange.wires[0].connection.closed
    handle, stateid = await delegated(old, b"file")
    await old.ok(putfh(handle), read(stateid))


@pytest.mark.parametrize(
    ("netid", "address", "wanted"),
    [
        (b"tcp", b"192.0.2.1.3.42", ("192.0.2.1", 810)),
        (b"tcp6", b"2001:db8::1.3.42", ("2001:db8::1", 810)),
        (b"tcp6", b"::1.0.111", ("::1", 111)),
        (b"tcp", b"0.0.0.0.3.42", None),
        (b"tcp", b"0.0.0.0.0.0", None),
        (b"tcp", b"192.0.2.1.0.0", None),
        (b"tcp", b"224.0.0.1.3.42", None),
        (b"udp", b"192.0.2.1.3.42", None),
        (b"tcp", b"192.0.2.1.3.256", None),
        (b"tcp", b"192.0.2.1", None),
        (b"tcp", b"host.example.3.42", None),
        (b"tcp", b"\xff\xfe", None),
        (b"tcp", b"", None),
        (b"tcp6", b"192.0.2.1.3.42", None),
    ],
)
def test_universal_addresses(netid: bytes, address: bytes, wanted: tuple[str, int] | None) -> None:
    assert parsed(netid, address) == wanted
