"""Whole messages against bytes written by hand from the RFCs: what the oracle, reading the same file, cannot see."""

from __future__ import annotations

from nfsgw.wire import nfs4, nfs4_cb, rpc
from nfsgw.wire.runtime import Reader, Writer


def record(*parts: str) -> bytes:
    return bytes.fromhex(" ".join(parts))


SESSION = "00112233445566778899aabbccddeeff"


def test_a_call_header_with_auth_sys_is_as_rfc_5531_says() -> None:
    credential = record("0000002a", "00000004 686f7374", "000003e8", "000003e8", "00000002 00000004 0000001b")
    header = record(
        "12345678 00000000",
        "00000002 000186a3 00000004 00000001",
        "00000001 00000020",
        credential.hex(),
        "00000000 00000000",
    )
    sys = rpc.authsys_parms(0x2A, b"host", 1000, 1000, [4, 27])
    writer = Writer()
    rpc.pack_authsys_parms(writer, sys)
    assert writer.getvalue() == credential
    call = rpc.call_body(
        rpc.RPC_VERSION,
        nfs4.NFS4_PROGRAM,
        nfs4.NFS_V4,
        nfs4.NFSPROC4_COMPOUND,
        rpc.opaque_auth(rpc.AUTH_SYS, credential),
        rpc.opaque_auth(rpc.AUTH_NONE, b""),
    )
    message = rpc.rpc_msg(0x12345678, rpc.msg_body(rpc.CALL, cbody=call))
    writer = Writer()
    rpc.pack_rpc_msg(writer, message)
    assert writer.getvalue() == header
    assert rpc.unpack_rpc_msg(Reader(header)) == message


def test_a_call_of_another_rpc_version_and_flavor_can_be_read_to_be_refused() -> None:
    header = record("00000001 00000000 00000003 000186a3 00000004 00000001", "0000004d 00000004 deadbeef", "0" * 16)
    call = rpc.unpack_rpc_msg(Reader(header)).body.cbody
    assert call is not None
    assert call.rpcvers == 3
    assert call.cred == rpc.opaque_auth(77, b"\xde\xad\xbe\xef")


def test_replies_of_all_kinds_are_as_rfc_5531_says() -> None:
    verifier = rpc.opaque_auth(rpc.AUTH_NONE, b"")
    success = rpc.reply_body(rpc.MSG_ACCEPTED, rpc.accepted_reply(verifier, rpc.reply_data(rpc.SUCCESS)))
    mismatch = rpc.reply_data(rpc.PROG_MISMATCH, rpc.mismatch_info(4, 4))
    denied = rpc.rejected_reply(rpc.AUTH_ERROR, auth_error=rpc.AUTH_TOOWEAK)
    cases = [
        (success, "00000000 00000000 00000000 00000000"),
        (
            rpc.reply_body(rpc.MSG_ACCEPTED, rpc.accepted_reply(verifier, mismatch)),
            "00000000 00000000 00000000 00000002 00000004 00000004",
        ),
        (rpc.reply_body(rpc.MSG_DENIED, rreply=denied), "00000001 00000001 00000005"),
    ]
    for body, encoded in cases:
        writer = Writer()
        rpc.pack_rpc_msg(writer, rpc.rpc_msg(9, rpc.msg_body(rpc.REPLY, rbody=body)))
        assert writer.getvalue() == record("00000009 00000001", encoded)


def test_a_compound_call_is_as_rfc_5661_says() -> None:
    encoded = record(
        "00000000 00000001 00000003",
        "00000035",
        SESSION,
        "00000007 00000003 0000000f 00000001",
        "00000018",
        "00000009 00000002 0010011a 00b0a23a",
    )
    arguments = nfs4.COMPOUND4args(
        b"",
        1,
        [
            nfs4.nfs_argop4(
                nfs4.OP_SEQUENCE,
                opsequence=nfs4.SEQUENCE4args(bytes.fromhex(SESSION), 7, 3, 15, True),
            ),
            nfs4.nfs_argop4(nfs4.OP_PUTROOTFH),
            nfs4.nfs_argop4(nfs4.OP_GETATTR, opgetattr=nfs4.GETATTR4args(0x00B0A23A_0010011A)),
        ],
    )
    assert nfs4.unpack_COMPOUND4args(Reader(encoded)) == arguments
    writer = Writer()
    nfs4.pack_COMPOUND4args(writer, arguments)
    assert writer.getvalue() == encoded


def test_a_creating_open_is_as_rfc_5661_says() -> None:
    encoded = record(
        "00000000 00000003 00000000",
        "0000000000000063 00000005 6f776e6572000000",
        "00000001 00000003 0102030405060708 00000002 00000000 00000002 00000004 000001a4",
        "00000000 00000003 6e657700",
    )
    arguments = nfs4.unpack_OPEN4args(Reader(encoded))
    assert arguments == nfs4.OPEN4args(
        0,
        nfs4.OPEN4_SHARE_ACCESS_BOTH,
        nfs4.OPEN4_SHARE_DENY_NONE,
        nfs4.open_owner4(99, b"owner"),
        nfs4.openflag4(
            nfs4.OPEN4_CREATE,
            nfs4.createhow4(
                nfs4.EXCLUSIVE4_1,
                ch_createboth=nfs4.creatverfattr(
                    b"\1\2\3\4\5\6\7\x08", nfs4.fattr4(1 << nfs4.FATTR4_MODE, b"\0\0\1\xa4")
                ),
            ),
        ),
        nfs4.open_claim4(nfs4.CLAIM_NULL, file=b"new"),
    )


def test_a_directory_listing_is_a_chain_of_entries_on_the_wire_and_a_list_here() -> None:
    encoded = record(
        "00000000",
        "1111111122222222",
        "00000001 0000000000000003 00000001 61000000 00000000 00000000",
        "00000001 0000000000000004 00000002 62620000 00000001 00000010 00000008 0000000000000999",
        "00000000 00000001",
    )
    result = nfs4.unpack_READDIR4res(Reader(encoded))
    assert result.resok4 is not None
    assert result.resok4.reply == nfs4.dirlist4(
        [
            nfs4.entry4(3, b"a", nfs4.fattr4(0, b"")),
            nfs4.entry4(4, b"bb", nfs4.fattr4(1 << nfs4.FATTR4_SIZE, (0x999).to_bytes(8, "big"))),
        ],
        True,
    )


def test_a_listing_of_any_length_does_not_recurse() -> None:
    entries = [nfs4.entry4(n, b"name", nfs4.fattr4(0, b"")) for n in range(20_000)]
    writer = Writer()
    nfs4.pack_dirlist4(writer, nfs4.dirlist4(entries, False))
    assert nfs4.unpack_dirlist4(Reader(memoryview(writer.getvalue()))).entries == entries


def test_the_operations_of_nfsv42_and_of_extended_attributes_have_their_numbers() -> None:
    assert sorted(nfs4.nfs_opnum4_names) == [*range(3, 76), 10044]
    numbers = (nfs4.OP_ALLOCATE, nfs4.OP_COPY, nfs4.OP_SEEK, nfs4.OP_CLONE, nfs4.OP_GETXATTR, nfs4.OP_REMOVEXATTR)
    assert numbers == (59, 60, 69, 71, 72, 75)
    attributes = (nfs4.FATTR4_CLONE_BLKSIZE, nfs4.FATTR4_SPACE_FREED, nfs4.FATTR4_CHANGE_ATTR_TYPE)
    assert attributes == (77, 78, 79)
    assert (nfs4.FATTR4_SEC_LABEL, nfs4.FATTR4_MODE_UMASK, nfs4.FATTR4_XATTR_SUPPORT) == (80, 81, 82)
    assert (nfs4.FATTR4_OFFLINE, nfs4.FATTR4_OPEN_ARGUMENTS) == (83, 86)
    assert (nfs4.NFS4ERR_OFFLOAD_NO_REQS, nfs4.NFS4ERR_NOXATTR, nfs4.NFS4ERR_XATTR2BIG) == (10094, 10095, 10096)


def test_a_recall_is_as_rfc_5661_says() -> None:
    encoded = record(
        "00000000 00000001 00000001 00000002",
        "0000000b",
        SESSION,
        "00000001 00000000 00000000 00000000 00000000",
        "00000004 00000001 6162636465666768696a6b6c 00000000 00000004 cafebabe",
    )
    sequence = nfs4_cb.CB_SEQUENCE4args(bytes.fromhex(SESSION), 1, 0, 0, False, [])
    recall = nfs4_cb.CB_RECALL4args(nfs4.stateid4(1, b"abcdefghijkl"), False, b"\xca\xfe\xba\xbe")
    arguments = nfs4_cb.CB_COMPOUND4args(
        b"",
        1,
        1,
        [
            nfs4_cb.nfs_cb_argop4(nfs4_cb.OP_CB_SEQUENCE, opcbsequence=sequence),
            nfs4_cb.nfs_cb_argop4(nfs4_cb.OP_CB_RECALL, opcbrecall=recall),
        ],
    )
    writer = Writer()
    nfs4_cb.pack_CB_COMPOUND4args(writer, arguments)
    assert writer.getvalue() == encoded
    assert nfs4_cb.unpack_CB_COMPOUND4args(Reader(encoded)) == arguments


def test_an_unknown_layout_type_can_be_read_to_be_refused() -> None:
    arguments = nfs4.GETDEVICEINFO4args(bytes(16), 0x77777777, 4096, 0)
    writer = Writer()
    nfs4.pack_GETDEVICEINFO4args(writer, arguments)
    assert nfs4.unpack_GETDEVICEINFO4args(Reader(writer.getvalue())) == arguments


def test_a_write_of_a_mebibyte_crosses_the_codec_without_a_copy() -> None:
    payload = bytes(1 << 20)
    arguments = nfs4.WRITE4args(nfs4.stateid4(1, bytes(12)), 4096, nfs4.UNSTABLE4, payload)
    writer = Writer()
    nfs4.pack_WRITE4args(writer, arguments)
    assert [len(segment) for segment in writer.segments()] == [32, 1 << 20]
    received = bytearray(writer.getvalue())
    decoded = nfs4.unpack_WRITE4args(Reader(memoryview(received)))
    assert isinstance(decoded.data, memoryview)
    received[-1] = 1
    assert decoded.data[-1] == 1
