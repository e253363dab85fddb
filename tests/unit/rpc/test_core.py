"""Calls and replies (RFC 5531), without a socket."""

from __future__ import annotations

import logging
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfsgw.rpc.core import Limits
from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE, auth_sys, parse_auth_sys
from nfsgw.wire.runtime import Reader, XdrError
from tests.unit.rpc.peer import (
    DOUBLE,
    DROP,
    ECHO,
    LATER,
    NONE,
    RAISE,
    Peer,
    accepted,
    auth,
    auth_sys_body,
    call_message,
    denied,
    opaque,
    record,
)

SUCCESS, PROG_UNAVAIL, PROG_MISMATCH, PROC_UNAVAIL, GARBAGE_ARGS, SYSTEM_ERR = range(6)
SYS = auth(1, auth_sys_body())


def ask(message: bytes) -> list[bytes]:
    peer = Peer()
    peer.feed(record(message))
    return peer.replies()


# -- RFC 5531, 9: what is checked of a call


@pytest.mark.parametrize("credential", [NONE, SYS])
def test_the_null_procedure_is_answered_for_auth_none_and_auth_sys(credential: bytes) -> None:
    assert ask(call_message(credential=credential)) == [accepted(0x1234, SUCCESS)]


def test_another_rpc_version_is_denied_with_the_version_that_is_served() -> None:
    assert ask(call_message(rpcvers=3)) == [denied(0x1234, 0, 2, 2)]


def test_an_unknown_program_is_unavailable() -> None:
    assert ask(call_message(program=100005)) == [accepted(0x1234, PROG_UNAVAIL)]


def test_an_unknown_version_is_answered_with_the_lowest_and_highest_served() -> None:
    assert ask(call_message(version=2)) == [accepted(0x1234, PROG_MISMATCH, struct.pack(">II", 1, 3))]


def test_a_program_may_have_an_unknown_version_end_the_connection_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    peer = Peer()
    peer.program.quiet_on_version_mismatch = True
    with caplog.at_level(logging.WARNING):
        peer.feed(record(call_message(version=2)))
    assert peer.connection.closed
    assert peer.replies() == []
    assert caplog.records == []


def test_an_unknown_procedure_is_unavailable() -> None:
    assert ask(call_message(procedure=77, credential=SYS)) == [accepted(0x1234, PROC_UNAVAIL)]


def test_arguments_that_cannot_be_decoded_are_garbage() -> None:
    assert ask(call_message(ECHO, b"\0\0\1\0abcd")) == [accepted(0x1234, GARBAGE_ARGS)]


def test_arguments_of_the_null_procedure_are_garbage() -> None:
    assert ask(call_message(0, b"abcd")) == [accepted(0x1234, GARBAGE_ARGS)]


@pytest.mark.parametrize("kind", [2, 0xFFFFFFFF])
def test_a_message_that_is_neither_call_nor_reply_ends_the_connection(kind: int) -> None:
    peer = Peer()
    peer.feed(record(call_message(kind=kind)))
    assert peer.connection.closed
    assert "msg_type" in peer.connection.ending


@pytest.mark.parametrize("size", [0, 4, 7, 12, 20, 27, 36])
def test_a_call_that_ends_in_its_header_ends_the_connection(size: int) -> None:
    peer = Peer()
    peer.feed(record(call_message()[:size]))
    assert peer.connection.closed
    assert peer.replies() == []


# -- RFC 5531, 8.2 and appendix A: credentials


def test_a_credential_of_auth_sys_reaches_the_program() -> None:
    peer = Peer()
    peer.feed(record(call_message(ECHO, opaque(b"x"), credential=auth(1, auth_sys_body(7, 8, (9, 10), b"ab")))))
    credential = peer.program.seen[0].credential
    assert (credential.flavor, credential.uid, credential.gid) == (1, 7, 8)
    assert (credential.gids, credential.machine_name) == ((9, 10), b"ab")


def test_equal_credentials_in_a_row_are_one_object_and_others_are_not() -> None:
    peer = Peer()
    for uid in (1, 1, 2, 1):
        peer.feed(record(call_message(ECHO, opaque(b""), credential=auth(1, auth_sys_body(uid)))))
    first, second, third, fourth = [call.credential for call in peer.program.seen]
    assert first is second
    assert (third.uid, fourth.uid) == (2, 1)


def test_sixteen_groups_and_255_bytes_of_machine_name_are_taken() -> None:
    body = auth_sys_body(gids=tuple(range(16)), machine=b"m" * 255)
    assert ask(call_message(credential=auth(1, body))) == [accepted(0x1234, SUCCESS)]


@pytest.mark.parametrize(
    "body",
    [
        auth_sys_body(gids=tuple(range(17))),
        auth_sys_body(machine=b"m" * 256),
        auth_sys_body()[:-4],
        auth_sys_body() + bytes(4),
        b"",
        struct.pack(">II", 1, 0xFFFFFFFF),
    ],
    ids=["17 groups", "long machine name", "short", "bytes left over", "empty", "huge length"],
)
def test_a_credential_of_auth_sys_out_of_bounds_is_bad(body: bytes) -> None:
    assert ask(call_message(credential=auth(1, body))) == [denied(0x1234, 1, 1)]


@pytest.mark.parametrize("flavor", [0, 1, 6])
def test_a_credential_of_more_than_400_bytes_is_refused(flavor: int) -> None:
    expected = 2 if flavor == 6 else 1
    assert ask(call_message(credential=auth(flavor, bytes(404)))) == [denied(0x1234, 1, expected)]


@pytest.mark.parametrize("flavor", [2, 3, 6, 7, 390003, 0xFFFFFFFF])
def test_other_flavors_are_rejected_auth_tls_among_them(flavor: int) -> None:
    assert ask(call_message(credential=auth(flavor, b""))) == [denied(0x1234, 1, 2)]


def test_an_encoded_credential_of_auth_sys_is_read_back() -> None:
    encoded = auth_sys(5, 6, (7,), b"gateway")
    assert encoded == auth(1, auth_sys_body(5, 6, (7,), b"gateway", stamp=0))
    credential = parse_auth_sys(encoded[8:])
    assert (credential.uid, credential.gid, credential.gids) == (5, 6, (7,))


# -- replies


def test_a_program_that_fails_answers_system_err_and_the_connection_lives(caplog: pytest.LogCaptureFixture) -> None:
    peer = Peer()
    peer.feed(record(call_message(RAISE)) + record(call_message(ECHO, opaque(b"on"), xid=2)))
    assert peer.replies() == [accepted(0x1234, SYSTEM_ERR), accepted(2, SUCCESS, opaque(b"on"))]
    assert "on purpose" in caplog.text


def test_a_program_that_fails_after_its_answer_answers_once() -> None:
    assert ask(call_message(DOUBLE)) == [accepted(0x1234, SUCCESS)]


def test_a_call_is_answered_once() -> None:
    peer = Peer()
    peer.feed(record(call_message(LATER)))
    call = peer.program.later[0]
    call.finish(call.reply())
    with pytest.raises(RuntimeError):
        call.finish(call.reply())
    with pytest.raises(RuntimeError):
        call.drop()
    assert peer.replies() == [accepted(0x1234, SUCCESS)]


def test_a_dropped_call_is_not_answered_and_no_longer_outstanding() -> None:
    peer = Peer()
    peer.feed(record(call_message(DROP)))
    assert peer.replies() == []
    assert (peer.connection.outstanding, peer.connection.outstanding_bytes) == (0, 0)


def test_replies_of_one_read_are_sent_as_one_buffer() -> None:
    peer = Peer()
    peer.feed(b"".join(record(call_message(ECHO, opaque(b"abc"), xid=xid)) for xid in range(16)))
    assert peer.woken == 0
    output = peer.connection.output()
    assert len(output) == 1
    assert len(output[0]) == 16 * (4 + 24 + 8)


def test_a_call_answered_later_wakes_the_transport_once() -> None:
    peer = Peer()
    peer.feed(record(call_message(LATER, xid=1)) + record(call_message(LATER, xid=2)))
    for call in reversed(peer.program.later):
        call.finish(call.reply())
    assert peer.woken == 1
    assert peer.replies() == [accepted(2, SUCCESS), accepted(1, SUCCESS)]


def test_the_arguments_of_a_call_that_waits_outlive_later_reads() -> None:
    peer = Peer()
    payloads = [bytes([seed]) * 200_000 for seed in range(4)]
    for payload in payloads:
        peer.feed(record(call_message(LATER, opaque(payload))), most=50_000)
    assert [bytes(call.args.bulk()) for call in peer.program.later] == payloads
    assert peer.pool.idle_bytes == 0
    for call in peer.program.later:
        call.finish(call.reply())
    assert peer.pool.idle_bytes > 0


def test_a_large_payload_is_not_copied_out_of_its_buffer() -> None:
    peer = Peer()
    peer.feed(record(call_message(LATER, opaque(bytes(500_000)))))
    payload = peer.program.later[0].args.bulk()
    assert isinstance(payload, memoryview)
    buffer = peer.program.later[0].buffer
    assert buffer is not None
    assert payload.obj is buffer.memory


def test_a_large_record_answered_at_once_gives_its_buffer_back() -> None:
    peer = Peer()
    for _ in range(3):
        peer.feed(record(call_message(ECHO, opaque(bytes(500_000)))))
        peer.replies()
    assert peer.pool.idle_bytes == peer.pool.maximum_record


# -- limits


def test_reading_stops_at_the_most_outstanding_calls_and_goes_on_when_one_is_answered() -> None:
    peer = Peer(limits=Limits(outstanding_calls=3))
    peer.feed(b"".join(record(call_message(LATER, xid=xid)) for xid in range(5)))
    assert [call.xid for call in peer.program.later] == [0, 1, 2]
    assert not peer.connection.wants_reading()
    assert peer.connection.blocked
    call = peer.program.later[0]
    call.finish(call.reply())
    peer.connection.resume()
    assert [call.xid for call in peer.program.later] == [0, 1, 2, 3]
    assert peer.connection.outstanding == 3


def test_reading_stops_at_the_most_outstanding_bytes() -> None:
    peer = Peer(limits=Limits(outstanding_bytes=250_000))
    for xid in range(4):
        peer.feed(record(call_message(LATER, opaque(bytes(100_000)), xid=xid)))
    assert [call.xid for call in peer.program.later] == [0, 1, 2]
    assert not peer.connection.wants_reading()


def test_calls_wait_while_replies_are_not_taken() -> None:
    peer = Peer(limits=Limits(output_bytes=100))
    peer.feed(b"".join(record(call_message(ECHO, opaque(bytes(60)), xid=xid)) for xid in range(5)))
    assert len(peer.program.seen) == 2
    assert peer.connection.blocked
    while peer.connection.blocked:
        peer.replies()
        peer.connection.resume()
    assert len(peer.program.seen) == 5


def test_a_draining_connection_takes_no_further_call() -> None:
    peer = Peer()
    peer.feed(record(call_message(LATER)))
    peer.connection.draining = True
    assert not peer.connection.wants_reading()
    call = peer.program.later[0]
    call.finish(call.reply())
    assert peer.replies() == [accepted(0x1234, SUCCESS)]


def test_a_record_past_the_maximum_ends_the_connection_with_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    peer = Peer()
    peer.feed(struct.pack(">I", 0x80000000 | 0x7FFFFFFF))
    assert peer.connection.closed
    assert "the most is" in caplog.text


# -- loss


def test_programs_are_told_of_a_lost_connection_and_late_answers_go_nowhere() -> None:
    peer = Peer()
    peer.feed(record(call_message(LATER, opaque(bytes(100_000)))))
    peer.connection.lost()
    assert peer.program.lost == [peer.connection]
    call = peer.program.later[0]
    call.finish(call.reply())
    assert peer.replies() == []
    assert peer.pool.idle_bytes > 0
    assert peer.connection.outstanding == 0


# -- call backs


class Answers:
    def __init__(self) -> None:
        self.seen: list[tuple[bytes | None, str]] = []

    def take(self, results: Reader | None, why: str) -> None:
        self.seen.append((None if results is None else results.opaque(100), why))


def call_back(peer: Peer, answers: Answers) -> int:
    return peer.connection.call_back(0x40000000, 1, 1, auth_sys(0, 0, (), b"gw"), [opaque(b"recall")], answers.take)


def test_a_call_back_is_a_call_on_the_same_stream_and_its_answer_comes_back() -> None:
    peer, answers = Peer(), Answers()
    xid = call_back(peer, answers)
    credential = auth(1, auth_sys_body(0, 0, (), b"gw", stamp=0))
    expected = call_message(1, opaque(b"recall"), xid=xid, program=0x40000000, credential=credential)
    assert peer.replies() == [expected]
    peer.feed(record(accepted(xid, SUCCESS, opaque(b"done"))))
    assert answers.seen == [(b"done", "")]
    peer.feed(record(accepted(xid, SUCCESS, opaque(b"again"))))
    assert len(answers.seen) == 1
    assert not peer.connection.closed


def test_answers_find_their_call_backs_in_any_order() -> None:
    peer, first, second = Peer(), Answers(), Answers()
    xids = call_back(peer, first), call_back(peer, second)
    peer.feed(record(accepted(xids[1], SUCCESS, opaque(b"2"))) + record(accepted(xids[0], SUCCESS, opaque(b"1"))))
    assert (first.seen, second.seen) == ([(b"1", "")], [(b"2", "")])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda xid: accepted(xid, PROC_UNAVAIL), "not accepted: PROC_UNAVAIL"),
        (lambda xid: denied(xid, 1, 5), "denied: AUTH_TOOWEAK"),
        (lambda xid: denied(xid, 0, 2, 2), "denied: RPC_MISMATCH"),
        (lambda xid: struct.pack(">III", xid, 1, 9), "malformed answer: 9 is not a reply_stat"),
        (lambda xid: struct.pack(">II", xid, 1), "malformed answer: the record ends too early"),
    ],
)
def test_a_call_back_that_fails_says_why(answer: object, why: str) -> None:
    peer, answers = Peer(), Answers()
    xid = call_back(peer, answers)
    assert callable(answer)
    peer.feed(record(answer(xid)))
    assert answers.seen == [(None, why)]


def test_call_backs_that_wait_are_told_of_the_loss_once() -> None:
    peer, answers = Peer(), Answers()
    call_back(peer, answers)
    peer.connection.lost()
    call_back(peer, answers)
    assert answers.seen == [(None, "connection lost")] * 2


def test_a_forgotten_call_back_is_not_told() -> None:
    peer, answers = Peer(), Answers()
    xid = call_back(peer, answers)
    peer.connection.forget_call_back(xid)
    peer.feed(record(accepted(xid, SUCCESS, opaque(b"late"))))
    peer.connection.lost()
    assert answers.seen == []


def test_a_taker_of_answers_that_fails_does_not_hurt_the_connection() -> None:
    def fail(results: Reader | None, why: str) -> None:
        raise ValueError("on purpose")

    peer = Peer()
    xid = peer.connection.call_back(1, 1, 1, OPAQUE_AUTH_NONE, [], fail)
    peer.feed(record(accepted(xid, SUCCESS)) + record(call_message()))
    assert peer.replies()[-1] == accepted(0x1234, SUCCESS)


# -- anything at all

VALID = [
    call_message(),
    call_message(ECHO, opaque(b"some bytes"), credential=SYS),
    call_message(LATER, opaque(bytes(20_000)), credential=SYS),
    accepted(1, SUCCESS, opaque(b"x")),
    denied(1, 1, 5),
]


@given(
    st.sampled_from(VALID),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=8),
    st.integers(0, 300),
    st.binary(max_size=40),
    st.integers(1, 5000),
)
@settings(max_examples=400, deadline=None)
def test_a_mutated_message_never_lets_anything_escape_nor_spoils_a_later_connection(
    message: bytes, changes: list[tuple[int, int]], cut: int, tail: bytes, most: int
) -> None:
    mutated = bytearray(message)
    for position, value in changes:
        mutated[position % len(mutated)] = value
    if cut < len(mutated):
        del mutated[cut:]
    peer, answers = Peer(), Answers()
    call_back(peer, answers)
    peer.replies()
    peer.feed(record(bytes(mutated) + tail), most)
    replies = peer.replies()
    assert len(replies) <= 1
    assert len(replies) + len(peer.program.later) + len(answers.seen) <= 1
    if not peer.connection.closed:
        peer.feed(record(call_message(xid=77)), most)
        assert peer.replies() == [accepted(77, SUCCESS)]


@given(st.lists(st.binary(max_size=200), max_size=10), st.integers(1, 300))
@settings(max_examples=300, deadline=None)
def test_garbage_on_the_stream_never_lets_anything_escape(stream: list[bytes], most: int) -> None:
    peer = Peer()
    for piece in stream:
        peer.feed(piece, most)
    peer.connection.lost()
    assert peer.program.lost == [peer.connection]


@given(st.binary(max_size=450))
@settings(max_examples=300, deadline=None)
def test_any_body_of_auth_sys_is_taken_or_refused_with_xdr_error(body: bytes) -> None:
    try:
        credential = parse_auth_sys(body)
    except XdrError:
        return
    assert len(credential.gids) <= 16
    assert len(credential.machine_name) <= 255
