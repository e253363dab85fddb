"""Compounds that the random run sends, and what their answers say, in the model's words."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.model.cells import CELLS, CHUNK_BREAK, TORN

Operation = w4.nfs_argop4
Operations = list[w4.nfs_argop4]
Answer = tuple[object, ...]

CELL = 8192  # bytes
START = 4 * 1024 * 1024 - CHUNK_BREAK * CELL  # of the first cell: the border of two chunks lies in the middle
ANONYMOUS = w4.stateid4(0, bytes(12))
CURRENT = w4.stateid4(1, bytes(12))
SHAPE = 1 << w4.FATTR4_TYPE | 1 << w4.FATTR4_FILEID | 1 << w4.FATTR4_NUMLINKS
KINDS = {w4.NF4DIR: "d", w4.NF4REG: "f", w4.NF4LNK: "l"}
NOTHING = w4.fattr4(0, b"")

ROOT = Operation(w4.OP_PUTROOTFH)
SAVE = Operation(w4.OP_SAVEFH)
GETFH = Operation(w4.OP_GETFH)
GETATTR = Operation(w4.OP_GETATTR, opgetattr=w4.GETATTR4args(SHAPE))


def put(handle: bytes) -> Operation:
    return Operation(w4.OP_PUTFH, opputfh=w4.PUTFH4args(handle))


def lookup(name: str) -> Operation:
    return Operation(w4.OP_LOOKUP, oplookup=w4.LOOKUP4args(name.encode()))


def make(kind: w4.createtype4, name: str) -> Operation:
    return Operation(w4.OP_CREATE, opcreate=w4.CREATE4args(kind, name.encode(), NOTHING))


def mkdir(name: str) -> Operation:
    return make(w4.createtype4(w4.NF4DIR), name)


def symlink(name: str) -> Operation:
    return make(w4.createtype4(w4.NF4LNK, linkdata=b"anywhere"), name)


def create(owner: bytes, name: str, mode: str, verifier: int) -> Operation:
    if mode == "exclusive":
        both = w4.creatverfattr(verifier.to_bytes(8, "big"), NOTHING)
        how = w4.createhow4(w4.EXCLUSIVE4_1, ch_createboth=both)
    else:
        how = w4.createhow4(w4.GUARDED4 if mode == "guarded" else w4.UNCHECKED4, createattrs=NOTHING)
    claim = w4.open_claim4(w4.CLAIM_NULL, file=name.encode())
    return open_(owner, w4.OPEN4_SHARE_ACCESS_READ, claim, w4.openflag4(w4.OPEN4_CREATE, how))


def open_(owner: bytes, access: int, claim: w4.open_claim4, how: w4.openflag4 | None = None) -> Operation:
    flag = how or w4.openflag4(w4.OPEN4_NOCREATE)
    return Operation(w4.OP_OPEN, opopen=w4.OPEN4args(0, access, 0, w4.open_owner4(0, owner), flag, claim))


def close(stateid: w4.stateid4) -> Operation:
    return Operation(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, stateid))


def remove(name: str) -> Operation:
    return Operation(w4.OP_REMOVE, opremove=w4.REMOVE4args(name.encode()))


def rename(old: str, new: str) -> Operation:
    return Operation(w4.OP_RENAME, oprename=w4.RENAME4args(old.encode(), new.encode()))


def link(name: str) -> Operation:
    return Operation(w4.OP_LINK, oplink=w4.LINK4args(name.encode()))


def readdir() -> Operation:
    mask = SHAPE | 1 << w4.FATTR4_FILEHANDLE
    return Operation(w4.OP_READDIR, opreaddir=w4.READDIR4args(0, bytes(8), 0, 65536, mask))


def read(first: int, count: int) -> Operation:
    return Operation(w4.OP_READ, opread=w4.READ4args(ANONYMOUS, START + first * CELL, count * CELL))


def write(value: int, first: int, count: int, stable: bool) -> Operation:
    how = w4.FILE_SYNC4 if stable else w4.UNSTABLE4
    data = value.to_bytes(4, "big") * (count * CELL // 4)
    return Operation(w4.OP_WRITE, opwrite=w4.WRITE4args(ANONYMOUS, START + first * CELL, how, data))


def truncate(first: int) -> Operation:
    """Cuts the file where this cell begins."""
    size = w4.fattr4(1 << w4.FATTR4_SIZE, (START + first * CELL).to_bytes(8, "big"))
    return Operation(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(ANONYMOUS, size))


COMMIT = Operation(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))


def lock(opened: w4.stateid4, clientid: int, owner: int, first: int, end: int) -> Operation:
    who = w4.lock_owner4(clientid, owner.to_bytes(8, "big"))
    locker = w4.locker4(True, open_owner=w4.open_to_lock_owner4(0, opened, 0, who))
    return Operation(w4.OP_LOCK, oplock=w4.LOCK4args(w4.WRITE_LT, False, first, end - first, locker))


def unlock(held: w4.stateid4, first: int, end: int) -> Operation:
    return Operation(w4.OP_LOCKU, oplocku=w4.LOCKU4args(w4.WRITE_LT, 0, held, first, end - first))


# -- answers


def status(done: w4.COMPOUND4res) -> str:
    return w4.nfsstat4_names[done.status].removeprefix("NFS4ERR_").removeprefix("NFS4_")


def shape(done: w4.COMPOUND4res) -> tuple[int, str, int]:
    """fileid, kind and links of the last GETATTR."""
    for result in reversed(done.resarray):
        if result.opgetattr is not None and result.opgetattr.resok4 is not None:
            return shape_of(result.opgetattr.resok4.obj_attributes)[:3]
    raise AssertionError("no GETATTR was answered")


def shape_of(attributes: w4.fattr4) -> tuple[int, str, int, bytes]:
    reader = Reader(attributes.attr_vals)
    kind = KINDS[reader.u32()]
    handle = reader.opaque(128) if attributes.attrmask >> w4.FATTR4_FILEHANDLE & 1 else b""
    fileid = reader.u64()
    return fileid, kind, reader.u32(), handle


def handle(done: w4.COMPOUND4res) -> bytes:
    for result in reversed(done.resarray):
        if result.opgetfh is not None and result.opgetfh.resok4 is not None:
            return result.opgetfh.resok4.object
    raise AssertionError("no GETFH was answered")


def changed(info: w4.change_info4) -> bool:
    assert info.atomic
    return info.before != info.after


def listing(done: w4.COMPOUND4res) -> list[tuple[str, int, str, bytes]]:
    """Name, fileid, kind and handle of each entry."""
    answer = done.resarray[-1].opreaddir
    assert answer is not None
    assert answer.resok4 is not None
    assert answer.resok4.reply.eof
    found = []
    for entry in answer.resok4.reply.entries or []:
        fileid, kind, _, where = shape_of(entry.attrs)
        found.append((entry.name.decode(), fileid, kind, where))
    return found


def cells(done: w4.COMPOUND4res, count: int) -> tuple[int, ...]:
    """The values of the cells that a READ was asked for; 0 for those past the end."""
    answer = done.resarray[-1].opread
    assert answer is not None
    assert answer.resok4 is not None
    data = bytes(answer.resok4.data)
    return tuple(cell(data[place * CELL : (place + 1) * CELL]) for place in range(min(count, CELLS)))


def cell(data: bytes) -> int:
    if len(data) < CELL:  # the end of the file is always at a cell's border
        return TORN if data else 0
    return int.from_bytes(data[:4], "big") if data == data[:4] * (CELL // 4) else TORN
