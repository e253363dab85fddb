"""What a compound is, and exactly-once: RFC 8881, 2.10.6, 16.2, 18.46."""

from __future__ import annotations

from nfsgw.nfs4.optable import ROWS, V42
from nfsgw.wire import nfs4 as w4
from tests.protocol.files import attributes
from tests.protocol.machines import ROOT, House, Machine, getattr_, lookup, mkdir, remove

CHANGE = 1 << w4.FATTR4_CHANGE


async def test_what_one_machine_makes_the_other_finds(a: Machine, b: Machine) -> None:
    assert (await b.run(ROOT, lookup(b"new"))).status == w4.NFS4ERR_NOENT
    await a.ok(ROOT, mkdir(b"new"))
    await b.ok(ROOT, lookup(b"new"))
    await b.ok(ROOT, remove(b"new"))
    assert (await a.run(ROOT, lookup(b"new"))).status == w4.NFS4ERR_NOENT


async def test_only_one_machine_makes_a_directory(a: Machine, b: Machine) -> None:
    await a.ok(ROOT, mkdir(b"claim"))
    assert (await b.run(ROOT, mkdir(b"claim"))).status == w4.NFS4ERR_EXIST


async def test_a_retransmission_gets_the_first_answer_and_does_nothing(a: Machine, b: Machine) -> None:
    message = a.message(a.compound(a.next(), ROOT, mkdir(b"once")))
    first = await a.record(message)
    await b.ok(ROOT, remove(b"once"))
    assert await a.record(message) == first
    assert (await b.run(ROOT, lookup(b"once"))).status == w4.NFS4ERR_NOENT


async def test_another_request_with_the_same_sequence_id_is_a_false_retry(a: Machine) -> None:
    await a.ok(ROOT, mkdir(b"one"))
    a.sequence -= 1
    assert (await a.run(ROOT, mkdir(b"two"))).status == w4.NFS4ERR_SEQ_FALSE_RETRY
    assert (await a.run(ROOT, lookup(b"two"))).status == w4.NFS4ERR_NOENT


async def test_a_sequence_id_that_skips_one_is_misordered(a: Machine) -> None:
    a.sequence += 1
    assert (await a.run(ROOT)).status == w4.NFS4ERR_SEQ_MISORDERED


async def test_operations_before_an_illegal_one_have_run(a: Machine, b: Machine) -> None:
    message = a.compound(a.next(), ROOT, mkdir(b"before"), remove(b"other"))
    broken = bytearray(message)
    at = message.index((w4.OP_REMOVE).to_bytes(4, "big") + (5).to_bytes(4, "big") + b"other")
    broken[at : at + 4] = (9999).to_bytes(4, "big")
    reply = await a.record(a.message(bytes(broken)))
    assert w4.OP_ILLEGAL.to_bytes(4, "big") + w4.NFS4ERR_OP_ILLEGAL.to_bytes(4, "big") == reply[-8:]
    await b.ok(ROOT, lookup(b"before"))


async def test_without_a_session_nothing_is_done(a: Machine) -> None:
    assert (await a.call(ROOT)).status == w4.NFS4ERR_OP_NOT_IN_SESSION


async def test_sequence_stands_first_only(a: Machine) -> None:
    first = a.next()
    assert (await a.call(first, first)).status == w4.NFS4ERR_SEQUENCE_POS


async def test_a_minor_version_that_is_not_served_is_refused(house: House, a: Machine) -> None:
    a.minor = 3
    done = await a.call(ROOT)
    assert (done.status, done.resarray) == (w4.NFS4ERR_MINOR_VERS_MISMATCH, [])
    house.services.settings.minor_versions = frozenset((1, 2))
    a.minor = 0
    done = await a.call(ROOT)
    assert (done.status, done.resarray) == (w4.NFS4ERR_MINOR_VERS_MISMATCH, [])


async def test_every_operation_that_is_not_built_says_so(a: Machine) -> None:
    for row in ROWS:
        if row.handler is None and row.minors & V42:
            head = a.compound(a.next(), ROOT)
            count = (3).to_bytes(4, "big")
            body = head[:8] + count + head[12:] + row.number.to_bytes(4, "big")
            reply = await a.record(a.message(body))
            assert reply[-4:] == w4.NFS4ERR_NOTSUPP.to_bytes(4, "big"), row.name


async def test_change_moves_with_every_change_of_a_directory(a: Machine) -> None:
    seen = []
    for number in range(5):
        done = await a.ok(ROOT, getattr_(CHANGE))
        answer = done.resarray[-1].opgetattr
        assert answer is not None
        assert answer.resok4 is not None
        seen.append(int.from_bytes(answer.resok4.obj_attributes.attr_vals, "big"))
        await a.ok(ROOT, mkdir(b"%d" % number))
    assert seen == sorted(set(seen))


async def test_what_an_open_may_ask_for_is_told_and_nothing_that_has_no_effect(a: Machine) -> None:
    """RFC 9754, 2. Linux asks for timestamps and for opens replaced by delegations where it finds them here."""
    wanted = 1 << w4.FATTR4_OPEN_ARGUMENTS
    values = attributes(await a.ok(ROOT, getattr_(wanted)))
    told = w4.unpack_open_arguments4(values)
    values.finish()
    unread = (w4.OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS, w4.OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION)
    assert [told.oa_share_access_want >> bit & 1 for bit in unread] == [0, 0]
    assert told.oa_share_access_want >> w4.OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG & 1
    previous = (w4.OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV, w4.OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH)
    assert [told.oa_open_claim >> bit & 1 for bit in previous] == [0, 0]
    assert (told.oa_share_access, told.oa_share_deny, told.oa_create_mode) == (0b1110, 0b1111, 0b1111)
    a.minor = 1
    attributes(await a.ok(ROOT, getattr_(wanted))).finish()
