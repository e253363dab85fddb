"""What machines may do in the grace period after kill -9, and what they find. RFC 8881, 8.4.2, 8.4.3, 10.2.1."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import ROOT, Machine, lookup, mkdir, remove, turns
from tests.protocol.operations import (
    GETFH,
    guarded,
    handle_of,
    putfh,
    read,
    reclaim_open,
    rename,
    setattr_,
    stateid_of,
    write,
)
from tests.protocol.town import Town, joined

SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
TO_MODE = setattr_(1 << w4.FATTR4_MODE, (0o700).to_bytes(4, "big"))


async def trusting(town: Town, name: str) -> Machine:
    """A machine that has been granted a delegation some time."""
    machine = await joined(town, name)
    town.house.state.grace.delegating(machine.client)
    await town.house.settled()
    return machine


def sent(machine: Machine, *operations: w4.nfs_argop4) -> None:
    machine.send(machine.message(machine.compound(machine.next(), *operations)))


async def test_nothing_changes_under_a_machine_that_does_not_know_of_the_restart(town: Town) -> None:
    a, b = await trusting(town, "a"), await joined(town, "b")
    await a.ok(ROOT, guarded(b"file"))
    for machine in (a, b):
        machine.connect(town.house if machine is b else await town.crash())
    await b.join()
    for change in (mkdir(b"new"), remove(b"file"), rename(b"file", b"other"), TO_MODE):
        await turns()
        sent(b, ROOT, SAVE, change)
        await turns()
        assert not b.line.replies, "a trusts what it has cached"
        town.house.clock.advance(town.house.state.settings.recall_wait + 0.01)
        assert int.from_bytes((await b.answer())[24:28], "big") == w4.NFS4ERR_GRACE
    await b.ok(ROOT, lookup(b"file"))


async def test_the_change_goes_on_when_the_last_of_them_is_back(town: Town) -> None:
    a, b = await trusting(town, "a"), await joined(town, "b")
    await joined(town, "c")  # never comes back, and never held a delegation
    a.connect(await town.crash())
    b.connect(town.house)
    await b.join()
    sent(b, ROOT, mkdir(b"new"))
    await a.begin_session(await a.exchange())
    await turns()
    assert not b.line.replies
    await a.complete()
    town.house.clock.advance(0)
    assert int.from_bytes((await b.answer())[24:28], "big") == w4.NFS4_OK
    assert town.house.state.in_grace(town.house.monotonic()), "c may still reclaim opens"


async def test_grace_does_not_wait_for_ever_for_a_machine_that_is_away(town: Town) -> None:
    a, b = await trusting(town, "a"), await joined(town, "b")
    a.connect(await town.crash())
    b.connect(town.house)
    await b.join()
    town.house.clock.advance(town.house.state.settings.grace_seconds)
    await b.ok(ROOT, mkdir(b"new"))


async def test_without_delegations_the_tree_changes_in_grace(town: Town) -> None:
    a, b = await joined(town, "a"), await joined(town, "b")
    a.connect(await town.crash())
    b.connect(town.house)
    await b.join()
    await b.ok(ROOT, mkdir(b"new"))


async def test_that_a_machine_held_delegations_is_known_over_two_restarts(town: Town) -> None:
    a = await trusting(town, "a")
    a.connect(await town.crash())
    assert town.house.state.grace.trusting == {b"a"}
    a.connect(await town.crash())
    assert town.house.state.grace.trusting == {b"a"}
    await a.join()
    a.connect(await town.crash())
    assert town.house.state.grace.trusting == set(), "it has held none since it was back"


async def test_a_file_removed_in_grace_lives_on_for_who_had_it_open(town: Town) -> None:
    a, b = await joined(town, "a"), await joined(town, "b")
    handle = handle_of(await a.ok(ROOT, guarded(b"file"), GETFH, write(w4.FILE_SYNC4)))
    await a.ok(ROOT, guarded(b"new"))
    a.connect(await town.crash())
    b.connect(town.house)
    await b.join()
    await b.ok(ROOT, SAVE, rename(b"new", b"file"))
    await a.begin_session(await a.exchange())
    reclaimed = await a.ok(putfh(handle), reclaim_open())
    await a.complete()
    done = await a.ok(putfh(handle), read(stateid_of(reclaimed)))
    got = done.resarray[-1].opread
    assert got is not None
    assert got.resok4 is not None
    assert bytes(got.resok4.data) == b"data"
    assert town.house.names.sweep_orphans() == [], "it is open"


async def test_what_nobody_reclaims_is_swept_after_grace(town: Town) -> None:
    a, b = await joined(town, "a"), await joined(town, "b")
    await a.ok(ROOT, guarded(b"file"))
    a.connect(await town.crash())
    b.connect(town.house)
    await b.join()
    await b.ok(ROOT, remove(b"file"))
    await a.join()
    assert not town.house.state.in_grace(town.house.monotonic())
    assert len(town.house.names.sweep_orphans()) == 1
