"""A Mac that has mounted with `vers=4.0,namedattr`: the compounds of Apple's client, in its order, with its bitmaps.

The functions of the client are named as in its kext (nfs4_subs.c, nfs4_vnops.c, nfs_vfsops.c, nfs_socket.c).
"""

from __future__ import annotations

from typing import Final

from nfsgw.rpc.credentials import OPAQUE_AUTH_NONE
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_SYS
from nfsgw.wire.runtime import Reader, Writer
from tests.protocol.files import SAVEFH, putfh, rename
from tests.protocol.machines import NO_STATEID, ROOT, House, getattr_, lookup, remove
from tests.protocol.old import BOTH, OldMachine
from tests.protocol.operations import GETFH, handle_of, stateid_of


def mask_of(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


OBJECT: Final = mask_of(
    w4.FATTR4_TYPE,
    w4.FATTR4_CHANGE,
    w4.FATTR4_SIZE,
    w4.FATTR4_NAMED_ATTR,
    w4.FATTR4_FSID,
    w4.FATTR4_ARCHIVE,
    w4.FATTR4_FILEID,
    w4.FATTR4_HIDDEN,
    w4.FATTR4_MAXLINK,
    w4.FATTR4_MODE,
    w4.FATTR4_NUMLINKS,
    w4.FATTR4_OWNER,
    w4.FATTR4_OWNER_GROUP,
    w4.FATTR4_RAWDEV,
    w4.FATTR4_SPACE_USED,
    w4.FATTR4_TIME_ACCESS,
    w4.FATTR4_TIME_BACKUP,
    w4.FATTR4_TIME_CREATE,
    w4.FATTR4_TIME_METADATA,
    w4.FATTR4_TIME_MODIFY,
    w4.FATTR4_MOUNTED_ON_FILEID,
)
"""nfs_getattr_bitmap (nfs_vfs_init): NFS4_DEFAULT_ATTRIBUTES of NFS4_PER_OBJECT_ATTRIBUTES."""

FILESYSTEM: Final = mask_of(
    w4.FATTR4_SUPPORTED_ATTRS,
    w4.FATTR4_FH_EXPIRE_TYPE,
    w4.FATTR4_LINK_SUPPORT,
    w4.FATTR4_SYMLINK_SUPPORT,
    w4.FATTR4_UNIQUE_HANDLES,
    w4.FATTR4_LEASE_TIME,
    w4.FATTR4_ACLSUPPORT,
    w4.FATTR4_CASE_INSENSITIVE,
    w4.FATTR4_CASE_PRESERVING,
    w4.FATTR4_CHOWN_RESTRICTED,
    w4.FATTR4_FILES_AVAIL,
    w4.FATTR4_FILES_FREE,
    w4.FATTR4_FILES_TOTAL,
    w4.FATTR4_HOMOGENEOUS,
    w4.FATTR4_MAXFILESIZE,
    w4.FATTR4_MAXNAME,
    w4.FATTR4_MAXREAD,
    w4.FATTR4_MAXWRITE,
    w4.FATTR4_NO_TRUNC,
    w4.FATTR4_SPACE_AVAIL,
    w4.FATTR4_SPACE_FREE,
    w4.FATTR4_SPACE_TOTAL,
)
DEFAULT: Final = OBJECT | FILESYSTEM
"""NFS4_DEFAULT_ATTRIBUTES, which nfs4_mount asks for before it knows what is supported."""

WRITTEN: Final = mask_of(
    w4.FATTR4_TYPE, w4.FATTR4_CHANGE, w4.FATTR4_SIZE, w4.FATTR4_TIME_METADATA, w4.FATTR4_TIME_MODIFY
)
"""NFS4_DEFAULT_WRITE_ATTRIBUTES."""

NAMED_ATTR: Final = 1 << w4.FATTR4_NAMED_ATTR
FILEHANDLE: Final = 1 << w4.FATTR4_FILEHANDLE
SIZE: Final = 1 << w4.FATTR4_SIZE
LISTED: Final = mask_of(w4.FATTR4_TYPE, w4.FATTR4_FILEID, w4.FATTR4_MOUNTED_ON_FILEID, w4.FATTR4_RDATTR_ERROR)
RESTOREFH: Final = w4.nfs_argop4(w4.OP_RESTOREFH)
NAMEDFORK_SIZE: Final = 32 * 1024  # NFS_RSIZE, NFS_READDIRSIZE


def openattr(create: bool) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_OPENATTR, opopenattr=w4.OPENATTR4args(create))


class Attributes:
    """A fattr4 taken apart."""

    def __init__(self, fattr: w4.fattr4) -> None:
        self.mask = fattr.attrmask
        self.values: dict[int, object] = {}
        reader = Reader(fattr.attr_vals)
        for number in range(64):
            if self.mask >> number & 1:
                self.values[number] = VALUES[number](reader)
        reader.finish()

    def number(self, attribute: int) -> int:
        value = self.values[attribute]
        assert isinstance(value, int)
        return value

    def text(self, attribute: int) -> bytes:
        value = self.values[attribute]
        assert isinstance(value, bytes)
        return value


def time(reader: Reader) -> int:
    return reader.i64() * 1_000_000_000 + reader.u32()


def pair32(reader: Reader) -> tuple[int, int]:
    return reader.u32(), reader.u32()


def pair64(reader: Reader) -> tuple[int, int]:
    return reader.u64(), reader.u64()


VALUES: Final = (
    dict.fromkeys(range(64), Reader.boolean)
    | dict.fromkeys((1, 2, 10, 11, 28, 29, 33, 35), Reader.u32)
    | dict.fromkeys((3, 4, 20, 21, 22, 23, 27, 30, 31, 42, 43, 44, 45, 55), Reader.u64)
    | dict.fromkeys((47, 49, 50, 52, 53), time)
    | {0: Reader.bitmap, 8: pair64, 41: pair32}
    | dict.fromkeys((19, 36, 37), lambda reader: bytes(reader.opaque(1024)))
)


def attributes_of(done: w4.COMPOUND4res, at: int) -> Attributes:
    result = done.resarray[at].opgetattr
    assert result is not None
    assert result.resok4 is not None
    return Attributes(result.resok4.obj_attributes)


class Mac(OldMachine):
    """`root` is what it has mounted, `supported` what nfsa_supp_attr masks its bitmaps with."""

    def __init__(self, house: House, name: str = "mac", uid: int = 0) -> None:
        super().__init__(house, name, uid)
        self.root = b""
        self.supported = 0
        self.named = False

    def wants(self, mask: int = 0) -> w4.nfs_argop4:
        """GETATTR with nfsm_chain_add_bitmap_supported of nfs_getattr_bitmap and more."""
        return getattr_((OBJECT | mask) & self.supported)

    async def ping(self, version: int = 4) -> bytes:
        """nfs_connect_search_ping: the NULL procedure, AUTH_SYS."""
        self.xid += 1
        head = Writer()
        for word in (self.xid, 0, 2, 100003, version, 0):
            head.u32(word)
        head.raw(self.credential)
        head.raw(OPAQUE_AUTH_NONE)
        return await self.record(head.getvalue())

    async def mount(self, *path: bytes) -> Attributes:
        """nfs_connect, nfs4_setclientid, nfs4_mount (nfs4_secinfo_rpc for its last component)."""
        assert (await self.ping())[12:] == bytes(12)
        await self.settle_in()
        self.root = b""
        for at, name in enumerate(path):
            start = putfh(self.root) if self.root else ROOT
            if at == len(path) - 1:
                done = await self.ok(start, w4.nfs_argop4(w4.OP_SECINFO, opsecinfo=w4.SECINFO4args(name)))
                flavours = done.resarray[-1].opsecinfo
                assert flavours is not None
                assert flavours.resok4 is not None
                assert flavours.resok4[0].flavor == AUTH_SYS, "it takes the first"
            done = await self.ok(start, lookup(name), GETFH, getattr_(DEFAULT))
            self.root = handle_of(done)
        if not path:
            done = await self.ok(ROOT, getattr_(DEFAULT | FILEHANDLE))
            self.root = attributes_of(done, 1).text(w4.FATTR4_FILEHANDLE)
        done = await self.call(putfh(self.root), getattr_(DEFAULT), openattr(False))
        assert done.status in (w4.NFS4_OK, w4.NFS4ERR_NOENT)
        shown = attributes_of(done, 1)
        self.supported = shown.number(w4.FATTR4_SUPPORTED_ATTRS)
        self.named = bool(self.supported & NAMED_ATTR)
        return shown

    async def look_up(self, directory: bytes, name: bytes) -> tuple[bytes, Attributes]:
        """nfs4_lookup_rpc_async."""
        done = await self.ok(putfh(directory), self.wants(), lookup(name), GETFH, self.wants())
        return handle_of(done), attributes_of(done, 4)

    async def stat(self, handle: bytes) -> Attributes:
        """nfs4_getattr_rpc."""
        return attributes_of(await self.ok(putfh(handle), self.wants()), 1)

    async def read_directory(
        self, directory: bytes, size: int = NAMEDFORK_SIZE, plus: bool = False, verifier: bytes = bytes(8)
    ) -> list[w4.entry4]:
        """nfs4_readdir_rpc: in pieces, each with the verifier that the piece before it brought; the first with zeros,
        whatever is remembered."""
        wanted = (OBJECT & self.supported | FILEHANDLE | 1 << w4.FATTR4_RDATTR_ERROR) if plus else LISTED
        found: list[w4.entry4] = []
        cookie = 0
        while True:
            sent = verifier if cookie > 2 else bytes(8)
            args = w4.READDIR4args(cookie if cookie > 2 else 0, sent, size, size, wanted)
            done = await self.ok(putfh(directory), self.wants(), w4.nfs_argop4(w4.OP_READDIR, opreaddir=args))
            answer = done.resarray[-1].opreaddir
            assert answer is not None
            assert answer.resok4 is not None
            verifier = answer.resok4.cookieverf
            found += answer.resok4.reply.entries
            if answer.resok4.reply.eof:
                return found
            cookie = found[-1].cookie

    async def open_new(
        self, directory: bytes, name: bytes, how: w4.createhow4, owner: bytes = b"uid"
    ) -> tuple[bytes, w4.stateid4, Attributes]:
        """nfs4_open_rpc_internal of a create, and nfs4_open_confirm_rpc where that is asked for."""
        opening = self.open(name, owner, BOTH, 0, how)
        done = await self.ok(putfh(directory), SAVEFH, opening, self.wants(FILEHANDLE), RESTOREFH, self.wants())
        shown = attributes_of(done, 3)
        handle = shown.text(w4.FATTR4_FILEHANDLE)
        return handle, await self.sure(done, 2, handle, owner), shown

    async def sure(self, done: w4.COMPOUND4res, at: int, handle: bytes, owner: bytes) -> w4.stateid4:
        """nfs4_open_confirm_rpc."""
        result = done.resarray[at].opopen
        assert result is not None
        assert result.resok4 is not None
        if not result.resok4.rflags & w4.OPEN4_RESULT_CONFIRM:
            return stateid_of(done)
        done = await self.ok(putfh(handle), self.confirm_open(stateid_of(done), owner), self.wants())
        confirmed = done.resarray[1].opopen_confirm
        assert confirmed is not None
        assert confirmed.resok4 is not None
        return confirmed.resok4.open_stateid

    async def put(self, handle: bytes, stateid: w4.stateid4, data: bytes, offset: int = 0) -> Attributes:
        """nfs4_write_rpc_async, unstable, then nfs4_commit_rpc."""
        args = w4.WRITE4args(stateid, offset, w4.UNSTABLE4, data)
        await self.ok(putfh(handle), w4.nfs_argop4(w4.OP_WRITE, opwrite=args), getattr_(WRITTEN))
        commit = w4.nfs_argop4(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))
        return attributes_of(await self.ok(putfh(handle), commit, self.wants()), 2)

    async def shut(self, handle: bytes, stateid: w4.stateid4, owner: bytes = b"uid") -> None:
        """nfs4_close_rpc."""
        await self.ok(putfh(handle), self.close(stateid, owner), self.wants())

    async def move(self, source: bytes, old: bytes, target: bytes, new: bytes) -> None:
        """nfs4_rename_rpc."""
        await self.ok(putfh(source), SAVEFH, putfh(target), rename(old, new), self.wants(), RESTOREFH, self.wants())

    async def set(self, handle: bytes, mask: int, values: bytes) -> Attributes:
        """nfs4_setattr_rpc."""
        change = w4.SETATTR4args(NO_STATEID, w4.fattr4(mask, values))
        done = await self.ok(putfh(handle), w4.nfs_argop4(w4.OP_SETATTR, opsetattr=change), self.wants())
        result = done.resarray[1].opsetattr
        assert result is not None
        assert result.attrsset == mask
        return attributes_of(done, 2)

    # -- extended attributes: nfs4_vnop_setxattr and its like

    async def setxattr(self, holder: bytes, name: bytes, value: bytes, guarded: bool = False) -> bytes:
        """nfs4_named_attr_get without the directory's node: both OPENATTRs; then WRITE, COMMIT, CLOSE."""
        cut = w4.fattr4(SIZE, bytes(8))
        how = w4.createhow4(w4.GUARDED4 if guarded else w4.UNCHECKED4, createattrs=cut)
        done = await self.ok(
            putfh(holder),
            openattr(True),
            self.wants(FILEHANDLE),
            self.open(name, b"uid", BOTH, 0, how),
            self.wants(FILEHANDLE),
            putfh(holder),
            openattr(False),
            self.wants(),
        )
        shown = attributes_of(done, 4)
        handle = shown.text(w4.FATTR4_FILEHANDLE)
        stateid = await self.sure(done, 3, handle, b"uid")
        if value:
            await self.put(handle, stateid, value)
        await self.shut(handle, stateid)
        return handle

    async def getxattr(self, holder: bytes, name: bytes) -> bytes | None:
        """nfs4_vnop_getxattr with its prefetch: LOOKUP, NVERIFY that it is not empty, READ with the special stateid."""
        if not (await self.stat(holder)).number(w4.FATTR4_NAMED_ATTR):
            return None
        read = w4.READ4args(NO_STATEID, 0, NAMEDFORK_SIZE)
        done = await self.call(
            putfh(holder),
            openattr(False),
            self.wants(FILEHANDLE),
            lookup(name),
            self.wants(FILEHANDLE),
            SAVEFH,
            putfh(holder),
            openattr(False),
            self.wants(),
            RESTOREFH,
            w4.nfs_argop4(w4.OP_NVERIFY, opnverify=w4.NVERIFY4args(w4.fattr4(SIZE, bytes(8)))),
            w4.nfs_argop4(w4.OP_READ, opread=read),
        )
        if done.status == w4.NFS4ERR_NOENT:
            assert len(done.resarray) == 4
            return None
        if done.status == w4.NFS4ERR_SAME:
            assert attributes_of(done, 4).number(w4.FATTR4_SIZE) == 0
            return b""
        assert done.status == w4.NFS4_OK
        result = done.resarray[-1].opread
        assert result is not None
        assert result.resok4 is not None
        return bytes(result.resok4.data)

    async def attribute_directory(self, holder: bytes) -> bytes:
        """nfs4_named_attr_dir_get, with its sanity check."""
        done = await self.ok(putfh(holder), openattr(False), self.wants(FILEHANDLE))
        shown = attributes_of(done, 2)
        assert shown.number(w4.FATTR4_TYPE) == w4.NF4ATTRDIR
        return shown.text(w4.FATTR4_FILEHANDLE)

    async def listxattr(self, holder: bytes) -> list[bytes]:
        """nfs4_vnop_listxattr."""
        if not (await self.stat(holder)).number(w4.FATTR4_NAMED_ATTR):
            return []
        return [entry.name for entry in await self.read_directory(await self.attribute_directory(holder), plus=True)]

    async def removexattr(self, holder: bytes, name: bytes) -> None:
        """nfs4_named_attr_remove, nfs4_remove_rpc."""
        directory = await self.attribute_directory(holder)
        await self.ok(putfh(directory), remove(name), self.wants())
