"""The promises while one machine is frozen, as a suspended laptop is, or its network silent or reset."""

from __future__ import annotations

import errno
import time

import pytest

from tests.kernel.coherence.conftest import on_all_kernels, on_the_main_kernel
from tests.kernel.coherence.house import Hand, House, results
from tests.kernel.coherence.moves.claims import KINDS
from tests.kernel.coherence.moves.locking import EXCLUSIVE
from tests.kernel.coherence.test_p7_one_winner import expect_one_winner_each
from tests.kernel.gateway import LEASE

LEASE_SECONDS = float(LEASE["nfs.lease_seconds"])


@on_all_kernels
@pytest.mark.parametrize("seconds", [1.0, LEASE_SECONDS * 1.5], ids=["a moment", "longer than its lease"])
def test_p1_p2_a_machine_that_was_frozen_sees_what_has_changed_meanwhile(house: House, seconds: float) -> None:
    a, b, *_ = house
    for name in ("changed", "removed", "moved", "replaced", "mode"):
        a.write(name, b"as it was")
    a.makedirs("folder/deep")
    b.learn("made", "folder/new")
    held = b.do("files.hold", b.at("removed"))
    b.machine.freeze()
    try:
        until = time.monotonic() + seconds
        a.write("changed", b"different")
        a.unlink("removed")
        a.rename("moved", "elsewhere")
        a.write("new", b"the new one")
        a.rename("new", "replaced")
        a.chmod("mode", 0o600)
        a.mkdir("folder/new")
        a.write("made", b"made")
        a.rmdir("folder/deep")
        time.sleep(max(0.0, until - time.monotonic()))
    finally:
        b.machine.thaw()
    assert b.read("changed") == b"different"
    assert b.facts("removed") is None
    assert b.facts("moved") is None
    assert b.read("replaced") == b"the new one"
    assert b.listing("folder") == ["new"]
    view = house.agree()
    assert sorted(view) == ["changed", "elsewhere", "folder", "folder/new", "made", "mode", "replaced"]
    assert b.do("files.held", held) == b"as it was"
    b.do("files.let_go", held)


@on_the_main_kernel
def test_p7_a_machine_that_was_frozen_longer_than_its_lease_has_lost_its_lock_to_who_wanted_it(
    a: Hand, b: Hand
) -> None:
    a.write("lock", b"nobody")
    held = b.do("locking.opened", b.at("lock"))
    assert b.do("locking.take", held, "fcntl", EXCLUSIVE, 0, 0, False)
    wanted = a.do("locking.opened", a.at("lock"))
    waiting = a.begin("locking.take", wanted, "fcntl")
    b.machine.freeze()
    try:
        assert waiting.result()
        a.do("os.pwrite", wanted, b"a's own", 0)
        a.do("os.fsync", wanted)
    finally:
        b.machine.thaw()
    refused_too = b.do("locking.opened", b.at("lock"))
    assert not b.do("locking.take", refused_too, "flock", EXCLUSIVE, 0, 0, False)
    try:
        b.do("os.pwrite", held, b"b's old", 0)
        b.do("os.fsync", held)
    except OSError as refused:
        assert refused.errno == errno.EIO
    else:
        raise AssertionError("who has lost the lock could write as if he held it")
    assert a.read("lock") == b"a's own"
    for hand, file in ((a, wanted), (b, held), (b, refused_too)):
        hand.do("os.close", file)
    asked = b.do("visibility.requests", "TEST_STATEID")
    b.do("churn.run", b.folder, "after the loss", 20)
    assert b.do("visibility.requests", "TEST_STATEID") < asked + 20, "the machine does not get over its loss"


@on_the_main_kernel
def test_p7_a_machine_that_was_silent_longer_than_its_lease_keeps_a_lock_that_nobody_wanted(a: Hand, b: Hand) -> None:
    held = b.do("locking.opened", b.at("lock"))
    assert b.do("locking.take", held, "fcntl", EXCLUSIVE, 0, 0, False)
    b.machine.network.stop()
    time.sleep(LEASE_SECONDS * 1.5)
    b.machine.network.resume()
    b.do("os.pwrite", held, b"mine", 0)
    b.do("os.fsync", held)
    wanted = a.do("locking.opened", a.at("lock"))
    assert not a.do("locking.take", wanted, "fcntl", EXCLUSIVE, 0, 0, False)
    b.do("os.close", held)
    assert a.do("locking.take", wanted, "fcntl", EXCLUSIVE, 0, 0, False)
    a.do("os.close", wanted)


@on_the_main_kernel
@pytest.mark.parametrize("kind", KINDS)
def test_p7_exactly_one_claim_succeeds_though_a_machine_is_frozen(house: House, a: Hand, kind: str) -> None:
    frozen = house.hands[-1].machine

    def freeze() -> None:
        frozen.freeze()
        time.sleep(2.0)
        frozen.thaw()

    count, places = 200, (50, 150)
    a.do("claims.prepare", a.folder, kind, count, len(house.hands))
    with house.trouble(freeze, len(places)):
        won = house.together("claims.race", a.folder, kind, count, 50, places)
    expect_one_winner_each(house, kind, count, won)


@on_all_kernels
@pytest.mark.parametrize("kind", KINDS)
def test_p7_exactly_one_claim_succeeds_though_connections_are_reset(house: House, a: Hand, kind: str) -> None:
    def reset() -> None:
        for hand in house:
            hand.machine.network.drop()

    count, places = 200, tuple(range(10, 200, 20))
    a.do("claims.prepare", a.folder, kind, count, len(house.hands))
    with house.trouble(reset, len(places)):
        won = house.together("claims.race", a.folder, kind, count, 50, places)
    expect_one_winner_each(house, kind, count, won)


@on_the_main_kernel
def test_p1_the_others_go_on_while_a_machine_is_frozen(house: House) -> None:
    house.hands[0].write("x", b"x")
    for hand in house:
        hand.learn("y")
    frozen, *others = reversed(house.hands)
    frozen.machine.freeze()
    try:
        results([hand.begin("churn.run", hand.folder, hand.name, 60) for hand in others])
        others[0].unlink("x")
        views = results([hand.begin("files.view", hand.folder) for hand in others])
        assert views == [views[0]] * len(others)
    finally:
        frozen.machine.thaw()
    house.agree()
