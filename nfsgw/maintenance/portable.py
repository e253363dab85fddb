"""The portable form of a tree: a tar archive in the pax interchange format (POSIX.1-2001), as GNU tar and libarchive
read and write it.

Beyond POSIX it uses records that those know: `SCHILY.xattr.user.NAME` for extended attributes, GNU's sparse format 1.0
for files with holes, `LIBARCHIVE.creationtime`, `SCHILY.fflags`, and `SCHILY.filetype` for sockets, which tar has no
type for. Named attributes are members of their own in a directory that no tree need have; the records `NFSGW.named` and
`NFSGW.object` say which attribute of what they are, and other tools extract them there and harm nothing. Names that are
not UTF-8 are kept byte for byte (`hdrcharset=BINARY`). This module holds the form alone; it knows neither database nor
store.
"""

from __future__ import annotations

import tarfile
from typing import Final

from nfsgw.namespace.model import BLK, CHR, DIR, FIFO, LNK, REG, SOCK

TYPES: Final = {
    REG: tarfile.REGTYPE,
    DIR: tarfile.DIRTYPE,
    LNK: tarfile.SYMTYPE,
    BLK: tarfile.BLKTYPE,
    CHR: tarfile.CHRTYPE,
    FIFO: tarfile.FIFOTYPE,
    SOCK: tarfile.REGTYPE,
}
KINDS: Final = {
    tarfile.REGTYPE: REG,
    tarfile.AREGTYPE: REG,
    tarfile.CONTTYPE: REG,
    tarfile.GNUTYPE_SPARSE: REG,
    tarfile.DIRTYPE: DIR,
    tarfile.SYMTYPE: LNK,
    tarfile.BLKTYPE: BLK,
    tarfile.CHRTYPE: CHR,
    tarfile.FIFOTYPE: FIFO,
}
FLAGS: Final = ((1, "archive"), (2, "hidden"), (4, "system"))
XATTR: Final = "SCHILY.xattr.user."
BORN: Final = "LIBARCHIVE.creationtime"
FFLAGS: Final = "SCHILY.fflags"
FILETYPE: Final = "SCHILY.filetype"
BACKUP: Final = "NFSGW.backuptime"
ATTRIBUTE: Final = "NFSGW.named"
HOLDER: Final = "NFSGW.object"
ATTRIBUTES: Final = b"./.nfsgw-named-attributes/"  # one directory in it for each object, by number
DEVICE: Final = ("SCHILY.devmajor", "SCHILY.devminor")
SMALL: Final = 1 << 21  # what seven octal digits of a header do not hold any more
BLOCK: Final = tarfile.BLOCKSIZE
SECOND: Final = 1_000_000_000
END: Final = bytes(2 * BLOCK)  # of an archive


class Portable:
    """What an archive says of one object, its name and its bytes apart. Times in nanoseconds since 1970."""

    def __init__(self, kind: int, mode: int, uid: int, gid: int) -> None:
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = 0
        self.atime = 0
        self.mtime = 0
        self.ctime = 0
        self.btime = 0
        self.backup = 0
        self.flags = 0
        self.major = 0
        self.minor = 0
        self.target = b""
        self.xattrs: dict[bytes, bytes] = {}
        self.holder = b""  # of a named attribute: the path of its object, and its own name
        self.attribute = b""


def member_of(name: bytes, about: Portable, segments: list[tuple[int, int]] | None) -> bytes:
    """The head of a member, all that stands before its bytes. `segments`: (offset, length) of the data of a file with
    holes."""
    records = {
        b"atime": time_text(about.atime),
        b"mtime": time_text(about.mtime),
        b"ctime": time_text(about.ctime),
        BORN.encode(): time_text(about.btime),
    }
    for key, value in sorted(about.xattrs.items()):
        records[XATTR.encode() + escaped(key)] = value
    if about.backup:
        records[BACKUP.encode()] = time_text(about.backup)
    if about.attribute:
        records[ATTRIBUTE.encode()] = about.attribute
        records[HOLDER.encode()] = about.holder
    words = [word for bit, word in FLAGS if about.flags & bit]
    if words:
        records[FFLAGS.encode()] = ",".join(words).encode()
    if about.kind == SOCK:
        records[FILETYPE.encode()] = b"socket"
    member = tarfile.TarInfo()
    member.type = TYPES[about.kind]
    member.mode = about.mode
    member.uid = number(records, b"uid", about.uid)
    member.gid = number(records, b"gid", about.gid)
    if about.kind in (BLK, CHR):
        member.devmajor = number(records, DEVICE[0].encode(), about.major)
        member.devminor = number(records, DEVICE[1].encode(), about.minor)
    before = b""
    size = about.size if about.kind == REG else 0
    if segments is not None:
        records |= {b"GNU.sparse.major": b"1", b"GNU.sparse.minor": b"0"}
        records |= {b"GNU.sparse.name": name, b"GNU.sparse.realsize": b"%d" % about.size}
        name = b"./GNUSparseFile.0/file"  # for readers that know no sparse files
        end = sum(segments[-1]) if segments else 0
        before = sparse_map(segments if end == about.size else [*segments, (about.size, 0)])  # GNU tar wants an end
        size = len(before) + sum(length for _, length in segments)
    member.size = number(records, b"size", size, 1 << 33)
    if about.kind == DIR:
        name += b"/"
    return head(member, name, about.target, records) + before


def link_of(name: bytes, first: bytes) -> bytes:
    """The head of one more name of an object that stands in the archive already."""
    member = tarfile.TarInfo()
    member.type = tarfile.LNKTYPE
    return head(member, name, first, {})


def number(records: dict[bytes, bytes], key: bytes, value: int, bound: int = SMALL) -> int:
    """For the header: what its octal digits hold, else a record says it."""
    if value < bound:
        return value
    records[key] = b"%d" % value
    return 0


def head(member: tarfile.TarInfo, name: bytes, target: bytes, records: dict[bytes, bytes]) -> bytes:
    """An extended header with the records, then the header itself."""
    member.name = fitting(records, b"path", name)
    member.linkname = fitting(records, b"linkpath", target)
    said = b"".join(record(key, value) for key, value in records.items())
    if not all(is_text(key) and is_text(value) for key, value in records.items()):
        said = record(b"hdrcharset", b"BINARY") + said
    extended = b""
    if said:
        before = tarfile.TarInfo("././@PaxHeader")
        before.type = tarfile.XHDTYPE
        before.size = len(said)
        extended = before.tobuf(tarfile.USTAR_FORMAT, "ascii") + said + bytes(-len(said) % BLOCK)
    return extended + member.tobuf(tarfile.USTAR_FORMAT, "ascii")


def fitting(records: dict[bytes, bytes], key: bytes, value: bytes) -> str:
    """For the header: a short one, else a record says it."""
    if value.isascii() and len(value) < tarfile.LENGTH_NAME:
        return value.decode("ascii")
    records[key] = value
    return "long"


def record(key: bytes, value: bytes) -> bytes:
    """`LENGTH KEY=VALUE` and a newline; the length counts its own digits."""
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return b"%d" % length + rest


def is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def sparse_map(segments: list[tuple[int, int]]) -> bytes:
    """Decimal numbers, a line each: how many, then offset and length of each, filled up to a whole block."""
    numbers = [len(segments), *(one for segment in segments for one in segment)]
    listed = b"".join(b"%d\n" % one for one in numbers)
    return listed + bytes(-len(listed) % BLOCK)


def portable_of(member: tarfile.TarInfo) -> Portable | None:
    """None: a kind of member that no tree of ours has. Hard links are the caller's."""
    records = member.pax_headers
    kind = KINDS.get(member.type)
    if kind is None:
        return None
    if records.get(FILETYPE) == "socket":
        kind = SOCK
    about = Portable(kind, member.mode & 0o7777, member.uid, member.gid)
    about.size = member.size if kind == REG else 0
    about.mtime = time_of(records.get("mtime"), int(member.mtime) * SECOND)
    about.atime = time_of(records.get("atime"), about.mtime)
    about.ctime = time_of(records.get("ctime"), about.mtime)
    about.btime = time_of(records.get(BORN), min(about.mtime, about.ctime))
    words = records.get(FFLAGS, "").split(",")
    about.flags = sum(bit for bit, word in FLAGS if word in words)
    about.backup = time_of(records.get(BACKUP), 0)
    about.attribute = octets(records.get(ATTRIBUTE, ""))
    about.holder = octets(records.get(HOLDER, ""))
    about.target = octets(member.linkname) if kind == LNK else b""
    if kind in (BLK, CHR):
        about.major = int(records.get(DEVICE[0], member.devmajor))
        about.minor = int(records.get(DEVICE[1], member.devminor))
    for key, value in records.items():
        if key.startswith(XATTR):
            about.xattrs[unescaped(key.removeprefix(XATTR))] = octets(value)
    return about


def octets(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def escaped(name: bytes) -> bytes:
    """A record's key ends at its first `=`; GNU tar writes it, and `%`, as %3D and %25."""
    return name.replace(b"%", b"%25").replace(b"=", b"%3D")


def unescaped(name: str) -> bytes:
    return octets(name).replace(b"%3D", b"=").replace(b"%25", b"%")


def time_text(nanoseconds: int) -> bytes:
    """Decimal seconds; a negative time counts back from 1970 as POSIX writes it, with the sign before the whole."""
    sign = "-" if nanoseconds < 0 else ""
    seconds, rest = divmod(abs(nanoseconds), SECOND)
    return (f"{sign}{seconds}.{rest:09d}" if rest else f"{sign}{seconds}").encode()


def time_of(written: str | None, default: int) -> int:
    """ValueError."""
    if written is None:
        return default
    whole, _, rest = written.strip().partition(".")
    nanoseconds = abs(int(whole)) * SECOND + int((rest + "0" * 9)[:9])
    return -nanoseconds if whole.startswith("-") else nanoseconds
