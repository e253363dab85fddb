"""Exactly-once over kill -9: what took effect is told to who sends it again, what did not is not. RFC 8881, 2.10.6.

The moments that matter lie between the commit and the reply. A house that crashes has done what was handed to the
writer, and nobody has heard of it.
"""

from __future__ import annotations

import asyncio

import pytest

from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.protocol.callbacks import Silence
from tests.protocol.machines import REPLY_HEADER, ROOT, House, Machine, getattr_, lookup, mkdir, remove
from tests.protocol.operations import (
    GETFH,
    exclusive,
    guarded,
    handle_of,
    link,
    open_wanting_delegation,
    putfh,
    rename,
    set_xattr,
    setattr_,
    stateid_of,
    write,
)
from tests.protocol.town import Town, joined

SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
CHANGE = 1 << w4.FATTR4_CHANGE
SIZE = 1 << w4.FATTR4_SIZE


READDIR = w4.nfs_argop4(w4.OP_READDIR, opreaddir=w4.READDIR4args(0, bytes(8), 65536, 65536, CHANGE))
TO_MODE = setattr_(1 << w4.FATTR4_MODE, (0o700).to_bytes(4, "big"))
TO_NOTHING = setattr_(SIZE, bytes(8))


async def killed_before_the_reply(town: Town, machine: Machine, *operations: w4.nfs_argop4) -> bytes:
    """Sends them, lets the change become durable, and kills the gateway before it answers. Returns the message."""
    message = machine.message(machine.compound(machine.next(), *operations))
    machine.send(message)
    await asyncio.sleep(0)  # the turn of the loop ends: the writer has the change
    assert not machine.line.replies
    machine.connect(await town.crash())
    return message


async def again(machine: Machine, message: bytes) -> w4.COMPOUND4res:
    reply = await machine.record(message)
    return w4.unpack_COMPOUND4res(Reader(reply[REPLY_HEADER:]))


async def furnish(machine: Machine) -> None:
    await machine.ok(ROOT, mkdir(b"folder"))
    await machine.ok(ROOT, guarded(b"file"), write(w4.FILE_SYNC4))


# Each would fail, or do something else, if it were done a second time.
CLAIMS = {
    "MKDIR": [ROOT, mkdir(b"claim"), getattr_(CHANGE)],
    "REMOVE": [ROOT, remove(b"file"), getattr_(CHANGE)],
    "REMOVE of a directory": [ROOT, remove(b"folder")],
    "RENAME": [ROOT, SAVE, rename(b"file", b"claim"), getattr_(CHANGE)],
    "LINK": [ROOT, lookup(b"file"), SAVE, ROOT, link(b"claim")],
    "O_EXCL create": [ROOT, exclusive(b"claim"), getattr_(SIZE)],
    "guarded create": [ROOT, guarded(b"claim")],
    "truncation": [ROOT, lookup(b"file"), TO_NOTHING, getattr_(SIZE)],
    "chmod": [ROOT, lookup(b"file"), TO_MODE],
    "SETXATTR": [ROOT, lookup(b"file"), set_xattr(b"claim")],
}


@pytest.mark.parametrize("claim", CLAIMS)
async def test_a_change_that_was_durable_when_the_gateway_was_killed_reports_its_success(
    town: Town, claim: str
) -> None:
    a = await joined(town, "a")
    await furnish(a)
    message = await killed_before_the_reply(town, a, *CLAIMS[claim])
    done = await again(a, message)
    assert done.status == w4.NFS4_OK, w4.nfsstat4_names[done.status]
    assert len(done.resarray) == len(CLAIMS[claim]) + 1
    assert town.house.state.replays.answered == 1


@pytest.mark.parametrize("claim", CLAIMS)
async def test_a_change_that_was_not_durable_is_not_known_and_has_not_happened(town: Town, claim: str) -> None:
    a = await joined(town, "a")
    await furnish(a)
    message = a.message(a.compound(a.next(), *CLAIMS[claim]))
    a.send(message)
    a.connect(await town.crash())  # in the turn of the loop that decided it
    assert (await again(a, message)).status == w4.NFS4ERR_BADSESSION
    await a.join()
    await a.ok(*CLAIMS[claim])


async def test_the_answer_after_the_restart_is_word_for_word_the_one_that_was_lost(town: Town) -> None:
    a = await joined(town, "a")
    message = a.message(a.compound(a.next(), ROOT, guarded(b"claim"), getattr_(CHANGE | SIZE)))
    first = await a.record(message)
    a.connect(await town.crash())
    assert await a.record(message) == first
    a.connect(await town.crash())
    assert await a.record(message) == first, "the next restart does not lose it either"


async def test_one_machine_wins_though_the_winner_had_to_ask_twice(town: Town) -> None:
    a, b = await joined(town, "a"), await joined(town, "b")
    message = await killed_before_the_reply(town, a, ROOT, mkdir(b"claim"))
    b.connect(town.house)
    await b.join()
    assert (await b.run(ROOT, mkdir(b"claim"))).status == w4.NFS4ERR_EXIST
    await b.ok(ROOT, remove(b"claim"))
    assert (await again(a, message)).status == w4.NFS4_OK, "a had it, and b took it away afterwards"
    await b.ok(ROOT, mkdir(b"claim"))


async def test_a_change_that_failed_is_done_anew(town: Town) -> None:
    a = await joined(town, "a")
    message = a.message(a.compound(a.next(), ROOT, remove(b"missing")))
    assert (await again(a, message)).status == w4.NFS4ERR_NOENT
    a.connect(await town.crash())
    assert (await again(a, message)).status == w4.NFS4ERR_BADSESSION


async def test_a_compound_that_failed_after_its_change_tells_both(town: Town) -> None:
    a = await joined(town, "a")
    message = await killed_before_the_reply(town, a, ROOT, mkdir(b"claim"), lookup(b"missing"))
    done = await again(a, message)
    assert (done.status, len(done.resarray)) == (w4.NFS4ERR_NOENT, 4)
    made = done.resarray[2].opcreate
    assert made is not None
    assert made.status == w4.NFS4_OK


async def test_a_slot_that_went_on_with_reads_answers_nothing_old(town: Town) -> None:
    a = await joined(town, "a")
    change = a.message(a.compound(a.next(), ROOT, mkdir(b"claim")))
    await a.record(change)
    look = a.message(a.compound(a.next(), ROOT, lookup(b"claim")))
    await a.record(look)
    a.connect(await town.crash())
    assert (await again(a, look)).status == w4.NFS4ERR_BADSESSION


async def test_a_request_that_is_sent_again_may_speak_of_another_highest_slot(town: Town) -> None:
    """Linux encodes anew what it sends again, and says then which slots it uses now."""
    a = await joined(town, "a")
    await a.ok(ROOT)

    def message(highest: int) -> bytes:
        sequence = w4.SEQUENCE4args(a.sessionid, a.sequence, 0, highest, True)
        operations = w4.nfs_argop4(w4.OP_SEQUENCE, opsequence=sequence), ROOT, mkdir(b"claim")
        return a.message(a.compound(*operations))

    a.sequence += 1
    assert (await again(a, message(3))).status == w4.NFS4_OK
    assert (await again(a, message(1))).status == w4.NFS4_OK
    a.connect(await town.crash())
    assert (await again(a, message(0))).status == w4.NFS4_OK
    assert town.house.state.replays.answered == 1


async def test_only_the_same_request_of_the_same_user_gets_the_answer(town: Town) -> None:
    a = await joined(town, "a")
    body = a.compound(a.next(), ROOT, mkdir(b"claim"))
    message = a.message(body)
    await a.record(message)
    a.connect(await town.crash())
    other = Machine(town.house, "a", uid=1000)
    assert (await again(other, other.message(body))).status == w4.NFS4ERR_BADSESSION
    a.sequence -= 1
    assert (await a.run(ROOT, mkdir(b"clain"))).status == w4.NFS4ERR_BADSESSION
    assert (await again(a, message)).status == w4.NFS4_OK


async def test_a_large_answer_is_kept_as_far_as_the_change(town: Town) -> None:
    a = await joined(town, "a")
    for number in range(120):
        await a.ok(ROOT, mkdir(b"%03d" % number))
    message = await killed_before_the_reply(town, a, ROOT, mkdir(b"claim"), ROOT, READDIR)
    done = await again(a, message)
    assert done.status == w4.NFS4ERR_DELAY
    made = done.resarray[2].opcreate
    assert made is not None
    assert made.status == w4.NFS4_OK
    assert [done.resarray[-1].resop, len(done.resarray)] == [w4.OP_PUTROOTFH, 4]


async def test_a_large_answer_before_the_change_is_not_known_any_more(town: Town) -> None:
    a = await joined(town, "a")
    for number in range(120):
        await a.ok(ROOT, mkdir(b"%03d" % number))
    message = await killed_before_the_reply(town, a, ROOT, READDIR, mkdir(b"claim"))
    assert (await again(a, message)).status == w4.NFS4ERR_RETRY_UNCACHED_REP


async def test_what_waits_for_a_sync_promises_nothing_after_a_crash(town: Town) -> None:
    a = await joined(town, "a")
    await furnish(a)
    message = await killed_before_the_reply(town, a, ROOT, lookup(b"file"), TO_MODE, write(w4.FILE_SYNC4))
    done = await again(a, message)
    assert done.status == w4.NFS4ERR_DELAY
    assert [one.resop for one in done.resarray[3:]] == [w4.OP_SETATTR, w4.OP_WRITE]
    set_ = done.resarray[3].opsetattr
    assert set_ is not None
    assert set_.status == w4.NFS4_OK


async def test_a_promise_before_the_change_that_a_crash_broke_is_not_told(town: Town) -> None:
    a = await joined(town, "a")
    await furnish(a)
    message = await killed_before_the_reply(town, a, ROOT, lookup(b"file"), write(w4.FILE_SYNC4), TO_MODE)
    done = await again(a, message)
    assert done.status == w4.NFS4ERR_DELAY
    assert [one.resop for one in done.resarray[3:]] == [w4.OP_WRITE]


async def test_the_answers_of_a_session_go_with_it(town: Town) -> None:
    a = await joined(town, "a")
    message = a.message(a.compound(a.next(), ROOT, mkdir(b"claim")))
    await a.record(message)
    destroy = w4.DESTROY_SESSION4args(a.sessionid)
    assert (await a.call(w4.nfs_argop4(w4.OP_DESTROY_SESSION, opdestroy_session=destroy))).status == w4.NFS4_OK
    await town.house.settled()
    assert rows(town.house) == (0, 0)
    a.connect(await town.crash())
    assert (await again(a, message)).status == w4.NFS4ERR_BADSESSION


async def test_old_answers_go_a_lease_time_after_their_client_is_back(town: Town) -> None:
    a = await joined(town, "a")
    message = a.message(a.compound(a.next(), ROOT, mkdir(b"claim")))
    await a.record(message)
    a.connect(await town.crash())
    old = a.sessionid, a.sequence
    await a.join()
    assert old[0] != a.sessionid
    assert (await again(a, message)).status == w4.NFS4_OK, "a straggler of the old session"
    town.house.clock.advance(town.house.state.settings.lease_seconds + 1)
    town.house.state.sweep(town.house.monotonic())
    await a.ok(ROOT, lookup(b"claim"))
    assert town.house.state.replays.old_sessions() == 0
    assert (await again(a, message)).status == w4.NFS4ERR_BADSESSION
    await a.ok(ROOT, mkdir(b"later"))
    assert rows(town.house) == (1, 1)


async def test_old_answers_wait_for_their_client_as_long_as_its_state_would(town: Town) -> None:
    a = await joined(town, "a")
    message = a.message(a.compound(a.next(), ROOT, mkdir(b"claim")))
    await a.record(message)
    courtesy = town.house.state.settings.courtesy_seconds
    for _ in range(3):
        a.connect(await town.crash())
        town.house.clock.advance(courtesy / 4)
        town.house.state.sweep(town.house.monotonic())
        assert (await again(a, message)).status == w4.NFS4_OK
    await town.house.close()
    town.house.clock.advance(courtesy / 2)
    town.house = await town.house.restarted()
    town.house.state.sweep(town.house.monotonic())
    a.connect(town.house)
    assert (await again(a, message)).status == w4.NFS4ERR_BADSESSION
    await town.house.settled()
    assert rows(town.house) == (0, 0)


def rows(house: House) -> tuple[int, int]:
    """Stored replies, and sessions that have some."""
    return house.names.read("SELECT count(*) FROM reply")[0][0], house.names.read("SELECT count(*) FROM session")[0][0]


async def test_a_change_is_told_though_the_compound_still_waited_for_a_recall(town: Town) -> None:
    a, b = await joined(town, "a"), Machine(town.house, "b")
    await b.join(back=True)
    await furnish(a)
    made = await a.ok(ROOT, lookup(b"folder"), guarded(b"read"), GETFH)
    close = w4.CLOSE4args(0, stateid_of(made))
    await a.ok(putfh(handle_of(made)), w4.nfs_argop4(w4.OP_CLOSE, opclose=close))
    await b.ok(ROOT, lookup(b"folder"), open_wanting_delegation(b"read"))
    assert town.house.state.delegated.total == 1
    b.callbacks.script.append(Silence())
    message = await killed_before_the_reply(town, a, ROOT, mkdir(b"claim"), ROOT, lookup(b"folder"), remove(b"read"))
    done = await again(a, message)
    assert done.status == w4.NFS4ERR_DELAY
    assert [one.resop for one in done.resarray[1:]] == [w4.OP_PUTROOTFH, w4.OP_CREATE, w4.OP_PUTROOTFH]
