"""Which replies outlive the instance that gave them, and for how long. RFC 8881, 2.10.6."""

from __future__ import annotations

import pytest

from nfsgw.errors import NFSError
from nfsgw.nfs4.state.replays import Replay
from nfsgw.nfs4.state.settings import StateSettings
from nfsgw.wire import nfs4 as w4
from tests.unit.state.world import LEASE, Machine, World

REPLY = b"what was answered"
DIGEST = 0x1_0000_0005


def changed(machine: Machine, slot: int = 0, reply: bytes = REPLY) -> None:
    """A request that changed the tree, and whose reply was stored with that."""
    session, use, _ = machine.begin(slot, digest=DIGEST)
    machine.world.state.replays.keep(session, use, reply)


def again(world: World, machine: Machine, slot: int = 0, seqid: int = 1, digest: int = DIGEST) -> bytes:
    """The same request, sent to the next instance. Raises: NFSError."""
    args = w4.SEQUENCE4args(machine.sessionid, seqid, slot, slot, False)
    with pytest.raises(Replay) as replay:
        world.state.begin(args, object(), 200, 2, digest, world.now)
    return replay.value.reply


def unknown(world: World, machine: Machine, slot: int = 0, seqid: int = 1, digest: int = DIGEST) -> bool:
    args = w4.SEQUENCE4args(machine.sessionid, seqid, slot, slot, False)
    with pytest.raises(NFSError) as error:
        world.state.begin(args, object(), 200, 2, digest, world.now)
    return error.value.status == w4.NFS4ERR_BADSESSION


def test_slot_sequence_id_and_digest_must_be_those_of_the_request() -> None:
    world = World()
    a = world.machine("a")
    changed(a, slot=2)
    after = world.restart()
    assert again(after, a, slot=2) == REPLY
    assert unknown(after, a, slot=1)
    assert unknown(after, a, slot=2, seqid=2)
    assert unknown(after, a, slot=2, seqid=0)
    assert unknown(after, a, slot=2, digest=DIGEST ^ 1)
    assert unknown(after, a, slot=1000)


def test_the_last_change_of_a_slot_counts() -> None:
    world = World()
    a = world.machine("a")
    session, use, _ = a.begin(digest=1)
    world.state.replays.keep(session, use, b"first")
    use.abandon()
    session, use, _ = a.begin(digest=2)
    world.state.replays.keep(session, use, b"second")
    after = world.restart()
    assert unknown(after, a, seqid=1, digest=1)
    assert again(after, a, seqid=2, digest=2) == b"second"


def test_a_machine_that_is_back_does_not_end_the_wait_for_another() -> None:
    world = World()
    a, b = world.machine("a"), world.machine("b")
    changed(a)
    changed(b)
    after = world.restart()
    after.machine("a")
    after.wait(LEASE + 1)
    after.state.sweep(after.now)
    assert unknown(after, a)
    assert again(after, b) == REPLY


def test_what_a_client_leaves_behind_goes_with_it() -> None:
    world = World()
    a, b = world.machine("a"), world.machine("b")
    changed(a)
    changed(b)
    world.machine("a", verifier=2)
    world.wait(world.settings.courtesy_seconds + 1)
    world.state.sweep(world.now)
    after = world.restart()
    assert after.state.replays.old_sessions() == 0
    assert unknown(after, a)
    assert unknown(after, b)


def test_destroying_an_old_session_ends_its_answers() -> None:
    world = World()
    a = world.machine("a")
    changed(a)
    after = world.restart()
    with pytest.raises(NFSError) as error:
        after.state.destroy_session(a.sessionid, object())
    assert error.value.status == w4.NFS4ERR_BADSESSION
    assert unknown(after, a)
    assert after.restart().state.replays.old_sessions() == 0


def test_old_sessions_are_bounded_and_the_oldest_go_first() -> None:
    settings = StateSettings()
    settings.max_old_sessions = 2
    world = World(settings)
    machines = [world.machine(str(number)) for number in range(4)]
    for machine in machines:
        changed(machine)
    after = world.restart()
    assert [unknown(after, machine) for machine in machines[:2]] == [True, True]
    assert [again(after, machine) for machine in machines[2:]] == [REPLY, REPLY]
