"""What XDR costs: decode the call and encode the reply of the compounds that clients send most, against xdrlib3.

Run it as `python -m tests.bench.codec [--seconds S]`. It says whether the codec it measured is compiled. The xdrlib3
side reads and writes the same bytes by hand-written calls, as plain Python programs do; both sides' bytes are compared
first. "engine" decodes as a server does, one operation at a time; "decode" makes a whole COMPOUND4args.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

import xdrlib3

from nfsgw.wire import nfs4, runtime
from nfsgw.wire.runtime import Reader, Writer

SESSION = bytes(range(16))
HANDLE = bytes(range(28))
STATEID = nfs4.stateid4(1, b"stateid-0123")
ATTRIBUTES = 0x00B0A23A_0010011A
BLOB = bytes(128)
PAYLOAD = bytes(1 << 20)

Operation = nfs4.nfs_argop4
Result = nfs4.nfs_resop4


def call(*operations: Operation) -> bytes:
    """A COMPOUND4args that begins with SEQUENCE and PUTFH."""
    writer = Writer()
    sequence = nfs4.SEQUENCE4args(SESSION, 7, 3, 15, False)
    head = [
        Operation(nfs4.OP_SEQUENCE, opsequence=sequence),
        Operation(nfs4.OP_PUTFH, opputfh=nfs4.PUTFH4args(HANDLE)),
    ]
    nfs4.pack_COMPOUND4args(writer, nfs4.COMPOUND4args(b"", 2, [*head, *operations]))
    return writer.getvalue()


def reply(*results: Result) -> nfs4.COMPOUND4res:
    sequence = nfs4.SEQUENCE4res(nfs4.NFS4_OK, nfs4.SEQUENCE4resok(SESSION, 7, 3, 15, 15, 0))
    head = [
        Result(nfs4.OP_SEQUENCE, opsequence=sequence),
        Result(nfs4.OP_PUTFH, opputfh=nfs4.PUTFH4res(nfs4.NFS4_OK)),
    ]
    return nfs4.COMPOUND4res(nfs4.NFS4_OK, b"", [*head, *results])


GETATTR = Operation(nfs4.OP_GETATTR, opgetattr=nfs4.GETATTR4args(ATTRIBUTES))


def getattr_result() -> Result:
    attributes = nfs4.fattr4(ATTRIBUTES, BLOB)
    return Result(nfs4.OP_GETATTR, opgetattr=nfs4.GETATTR4res(nfs4.NFS4_OK, nfs4.GETATTR4resok(attributes)))


def open_call() -> bytes:
    how = nfs4.createhow4(nfs4.UNCHECKED4, nfs4.fattr4(1 << nfs4.FATTR4_MODE, b"\0\0\1\xa4"))
    arguments = nfs4.OPEN4args(
        0,
        nfs4.OPEN4_SHARE_ACCESS_BOTH,
        nfs4.OPEN4_SHARE_DENY_NONE,
        nfs4.state_owner4(99, b"open id:0123456789abcdef"),
        nfs4.openflag4(nfs4.OPEN4_CREATE, how),
        nfs4.open_claim4(nfs4.CLAIM_NULL, b"a-file-name.txt"),
    )
    return call(Operation(nfs4.OP_OPEN, opopen=arguments), Operation(nfs4.OP_GETFH), GETATTR)


def open_reply() -> nfs4.COMPOUND4res:
    opened = nfs4.OPEN4resok(
        STATEID,
        nfs4.change_info4(True, 1, 2),
        nfs4.OPEN4_RESULT_LOCKTYPE_POSIX,
        1 << nfs4.FATTR4_MODE,
        nfs4.open_delegation4(nfs4.OPEN_DELEGATE_NONE),
    )
    handle = nfs4.GETFH4res(nfs4.NFS4_OK, nfs4.GETFH4resok(HANDLE))
    return reply(
        Result(nfs4.OP_OPEN, opopen=nfs4.OPEN4res(nfs4.NFS4_OK, opened)),
        Result(nfs4.OP_GETFH, opgetfh=handle),
        getattr_result(),
    )


def readdir_call() -> bytes:
    arguments = nfs4.READDIR4args(0, bytes(8), 8170, 32680, ATTRIBUTES)
    return call(Operation(nfs4.OP_READDIR, opreaddir=arguments))


def readdir_reply() -> nfs4.COMPOUND4res:
    entries = [nfs4.entry4(3 + n, b"entry-%06d" % n, nfs4.fattr4(ATTRIBUTES, BLOB)) for n in range(100)]
    listing = nfs4.READDIR4resok(bytes(8), nfs4.dirlist4(entries, True))
    return reply(Result(nfs4.OP_READDIR, opreaddir=nfs4.READDIR4res(nfs4.NFS4_OK, listing)))


def write_call() -> bytes:
    return call(Operation(nfs4.OP_WRITE, opwrite=nfs4.WRITE4args(STATEID, 0, nfs4.UNSTABLE4, PAYLOAD)))


def write_reply() -> nfs4.COMPOUND4res:
    written = nfs4.WRITE4resok(len(PAYLOAD), nfs4.UNSTABLE4, bytes(8))
    return reply(Result(nfs4.OP_WRITE, opwrite=nfs4.WRITE4res(nfs4.NFS4_OK, written)))


def read_call() -> bytes:
    return call(Operation(nfs4.OP_READ, opread=nfs4.READ4args(STATEID, 0, len(PAYLOAD))))


def read_reply() -> nfs4.COMPOUND4res:
    return reply(Result(nfs4.OP_READ, opread=nfs4.READ4res(nfs4.NFS4_OK, nfs4.READ4resok(True, memoryview(PAYLOAD)))))


def decode(record: bytes | memoryview) -> nfs4.COMPOUND4args:
    reader = Reader(record)
    arguments = nfs4.unpack_COMPOUND4args(reader)
    reader.finish()
    return arguments


DECODERS: dict[int, Callable[[Reader], object]] = {
    nfs4.OP_SEQUENCE: nfs4.unpack_SEQUENCE4args,
    nfs4.OP_PUTFH: nfs4.unpack_PUTFH4args,
    nfs4.OP_GETATTR: nfs4.unpack_GETATTR4args,
    nfs4.OP_OPEN: nfs4.unpack_OPEN4args,
    nfs4.OP_READDIR: nfs4.unpack_READDIR4args,
    nfs4.OP_WRITE: nfs4.unpack_WRITE4args,
    nfs4.OP_READ: nfs4.unpack_READ4args,
}


def decode_as_engine(record: bytes | memoryview) -> list[object]:
    reader = Reader(record)
    reader.opaque(nfs4.NFS4_OPAQUE_LIMIT)
    reader.u32()
    found: list[object] = []
    for _ in range(reader.array_length(64, 4)):
        number = reader.u32()
        found.append(DECODERS[number](reader) if number in DECODERS else None)
    reader.finish()
    return found


def encode(value: nfs4.COMPOUND4res) -> list[bytes | memoryview]:
    writer = Writer()
    nfs4.pack_COMPOUND4res(writer, value)
    return writer.segments()


# The same by hand with xdrlib3: only what these compounds need.


def plain_bitmap(unpacker: xdrlib3.Unpacker) -> int:
    words = [unpacker.unpack_uint() for _ in range(unpacker.unpack_uint())]
    return sum(word << (32 * index) for index, word in enumerate(words))


def plain_fattr(unpacker: xdrlib3.Unpacker) -> tuple[int, bytes]:
    return plain_bitmap(unpacker), unpacker.unpack_opaque()


def plain_operation(unpacker: xdrlib3.Unpacker) -> tuple[object, ...]:
    number = unpacker.unpack_uint()
    if number == nfs4.OP_SEQUENCE:
        words = [unpacker.unpack_fopaque(16), *(unpacker.unpack_uint() for _ in range(3))]
        return number, *words, unpacker.unpack_bool()
    if number == nfs4.OP_PUTFH:
        return number, unpacker.unpack_opaque()
    if number == nfs4.OP_GETATTR:
        return number, plain_bitmap(unpacker)
    if number == nfs4.OP_OPEN:
        words = [unpacker.unpack_uint() for _ in range(3)]
        owner = (unpacker.unpack_uhyper(), unpacker.unpack_opaque())
        how = (unpacker.unpack_uint(), unpacker.unpack_uint(), plain_fattr(unpacker))
        return number, *words, owner, how, unpacker.unpack_uint(), unpacker.unpack_opaque()
    if number == nfs4.OP_READDIR:
        cookie, verifier = unpacker.unpack_uhyper(), unpacker.unpack_fopaque(8)
        return number, cookie, verifier, unpacker.unpack_uint(), unpacker.unpack_uint(), plain_bitmap(unpacker)
    if number in (nfs4.OP_WRITE, nfs4.OP_READ):
        head = (unpacker.unpack_uint(), unpacker.unpack_fopaque(12), unpacker.unpack_uhyper(), unpacker.unpack_uint())
        return (number, *head, unpacker.unpack_opaque()) if number == nfs4.OP_WRITE else (number, *head)
    return (number,)


def plain_decode(record: bytes) -> tuple[bytes, int, list[tuple[object, ...]]]:
    unpacker = xdrlib3.Unpacker(record)
    tag, minor = bytes(unpacker.unpack_opaque()), int(unpacker.unpack_uint())
    operations = [plain_operation(unpacker) for _ in range(unpacker.unpack_uint())]
    unpacker.done()
    return tag, minor, operations


def plain_pack_bitmap(packer: xdrlib3.Packer, mask: int) -> None:
    words = []
    while mask:
        words.append(mask & 0xFFFFFFFF)
        mask >>= 32
    packer.pack_uint(len(words))
    for word in words:
        packer.pack_uint(word)


def plain_pack_fattr(packer: xdrlib3.Packer, attributes: nfs4.fattr4) -> None:
    plain_pack_bitmap(packer, attributes.attrmask)
    packer.pack_opaque(attributes.attr_vals)


def plain_pack_result(packer: xdrlib3.Packer, result: Result) -> None:
    packer.pack_uint(result.resop)
    packer.pack_uint(nfs4.NFS4_OK)
    if result.opsequence and (sequence := result.opsequence.sr_resok4):
        packer.pack_fopaque(16, sequence.sr_sessionid)
        packer.pack_uint(sequence.sr_sequenceid)
        packer.pack_uint(sequence.sr_slotid)
        packer.pack_uint(sequence.sr_highest_slotid)
        packer.pack_uint(sequence.sr_target_highest_slotid)
        packer.pack_uint(sequence.sr_status_flags)
    elif result.opgetattr and result.opgetattr.resok4:
        plain_pack_fattr(packer, result.opgetattr.resok4.obj_attributes)
    elif result.opopen and (opened := result.opopen.resok4):
        packer.pack_uint(opened.stateid.seqid)
        packer.pack_fopaque(12, opened.stateid.other)
        packer.pack_bool(opened.cinfo.atomic)
        packer.pack_uhyper(opened.cinfo.before)
        packer.pack_uhyper(opened.cinfo.after)
        packer.pack_uint(opened.rflags)
        plain_pack_bitmap(packer, opened.attrset)
        packer.pack_uint(opened.delegation.delegation_type)
    elif result.opgetfh and result.opgetfh.resok4:
        packer.pack_opaque(result.opgetfh.resok4.object)
    elif result.opreaddir and (listing := result.opreaddir.resok4):
        packer.pack_fopaque(8, listing.cookieverf)
        for entry in listing.reply.entries:
            packer.pack_bool(True)
            packer.pack_uhyper(entry.cookie)
            packer.pack_opaque(entry.name)
            plain_pack_fattr(packer, entry.attrs)
        packer.pack_bool(False)
        packer.pack_bool(listing.reply.eof)
    elif result.opwrite and (written := result.opwrite.resok4):
        packer.pack_uint(written.count)
        packer.pack_uint(written.committed)
        packer.pack_fopaque(8, written.writeverf)
    elif result.opread and (data := result.opread.resok4):
        packer.pack_bool(data.eof)
        packer.pack_opaque(bytes(data.data))


def plain_encode(value: nfs4.COMPOUND4res) -> bytes:
    packer = xdrlib3.Packer()
    packer.pack_uint(value.status)
    packer.pack_opaque(value.tag)
    packer.pack_uint(len(value.resarray))
    for result in value.resarray:
        plain_pack_result(packer, result)
    return bytes(packer.get_buffer())


def microseconds(work: Callable[[], object], seconds: float) -> float:
    """The best of five timings of `work`, each about `seconds` / 5 long."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            work()
        took = time.perf_counter() - start
        if took > seconds / 10:
            break
        count *= 4
    best = took / count
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(count):
            work()
        best = min(best, (time.perf_counter() - start) / count)
    return best * 1e6


CASES: tuple[tuple[str, bytes, nfs4.COMPOUND4res], ...] = (
    ("getattr", call(GETATTR), reply(getattr_result())),
    ("open", open_call(), open_reply()),
    ("readdir x 100", readdir_call(), readdir_reply()),
    ("write 1 MiB", write_call(), write_reply()),
    ("read 1 MiB", read_call(), read_reply()),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="time spent on each number")
    seconds = parser.parse_args().seconds
    print("codec:", "interpreted" if runtime.__file__.endswith(".py") else "compiled")
    columns = ("engine", "decode", "encode", "xdrlib3 decode", "xdrlib3 encode")
    print(f"{'us per compound':16}" + "".join(f"{column:>16}" for column in columns))
    for name, record, value in CASES:
        assert b"".join(encode(value)) == plain_encode(value)
        assert len(plain_decode(record)[2]) == len(decode(record).argarray) == len(decode_as_engine(record))
        view = memoryview(bytearray(record))
        times = [
            microseconds(partial(decode_as_engine, view), seconds),
            microseconds(partial(decode, view), seconds),
            microseconds(partial(encode, value), seconds),
            microseconds(partial(plain_decode, record), seconds),
            microseconds(partial(plain_encode, value), seconds),
        ]
        print(f"{name:16}" + "".join(f"{time:16.2f}" for time in times))


if __name__ == "__main__":
    main()
