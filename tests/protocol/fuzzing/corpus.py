"""Valid compounds for every operation that has a handler, with handles and stateids of a live House.

A mutation of them gets past the checks that a random message fails at once. Furniture is made anew under a name of its
own whenever an accepted message may have changed it.
"""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from nfsgw.wire.rpc import AUTH_SYS
from tests.protocol.callbacks import MACHINE_CREDENTIAL, PROGRAM
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove

Operations = list[w4.nfs_argop4]

CONTENT = b"sixteen bytes. " * 700
EVERYTHING = (1 << w4.FATTR4_OPEN_ARGUMENTS + 1) - 1
SAVE = w4.nfs_argop4(w4.OP_SAVEFH)
RESTORE = w4.nfs_argop4(w4.OP_RESTOREFH)
GETFH = w4.nfs_argop4(w4.OP_GETFH)
READ_ACCESS = w4.OPEN4_SHARE_ACCESS_READ
BOTH = w4.OPEN4_SHARE_ACCESS_BOTH


def put(handle: bytes) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_PUTFH, opputfh=w4.PUTFH4args(handle))


def open_(owner: bytes, access: int, claim: w4.open_claim4, how: w4.createhow4 | None = None) -> w4.nfs_argop4:
    kind = w4.OPEN4_NOCREATE if how is None else w4.OPEN4_CREATE
    args = w4.OPEN4args(0, access, 0, w4.open_owner4(0, owner), w4.openflag4(kind, how), claim)
    return w4.nfs_argop4(w4.OP_OPEN, opopen=args)


def named(name: bytes) -> w4.open_claim4:
    return w4.open_claim4(w4.CLAIM_NULL, file=name)


def write(stateid: w4.stateid4, offset: int, data: bytes, stable: int = w4.UNSTABLE4) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(stateid, offset, stable, data))


def lock(opened: w4.stateid4, owner: w4.lock_owner4, offset: int, length: int) -> w4.nfs_argop4:
    locker = w4.locker4(True, open_owner=w4.open_to_lock_owner4(0, opened, 0, owner))
    return w4.nfs_argop4(w4.OP_LOCK, oplock=w4.LOCK4args(w4.WRITE_LT, False, offset, length, locker))


class World:
    """A House, the machine `a` whose messages are mutated, and `b`, whose open, lock and files nobody may touch."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.a = Machine(house, "fuzzer")
        self.b = Machine(house, "bystander")
        self.count = 0
        self.name = b""
        self.directory = b""
        self.inner = b""
        self.file = b""
        self.link = b""
        self.opened = NO_STATEID
        self.locked = NO_STATEID

    async def settle_in(self) -> None:
        await self.a.join()
        await self.b.join()
        await self.furnish()
        opened = await self.b.ok(put(self.directory), open_(b"keeper", BOTH, named(b"file")))
        stateid = opened_by(opened)
        await self.b.ok(put(self.file), lock(stateid, w4.lock_owner4(self.b.clientid, b"keeper"), 4096, 100))

    async def furnish(self) -> None:
        """Raises: AssertionError, where what is valid is refused."""
        a = self.a
        self.count += 1
        self.name = b"world%d" % self.count
        done = await a.ok(ROOT, mkdir(self.name), GETFH)
        self.directory = handle_of(done)
        done = await a.ok(put(self.directory), mkdir(b"dir"), GETFH, mkdir(b"inner"))
        self.inner = handle_of(done)
        await a.ok(put(self.directory), mkdir(b"void"))
        target = w4.createtype4(w4.NF4LNK, linkdata=b"file")
        made = w4.nfs_argop4(w4.OP_CREATE, opcreate=w4.CREATE4args(target, b"link", w4.fattr4(0, b"")))
        self.link = handle_of(await a.ok(put(self.directory), made, GETFH))
        how = w4.createhow4(w4.GUARDED4, createattrs=w4.fattr4(0, b""))
        done = await a.ok(put(self.directory), open_(b"owner", BOTH, named(b"file"), how), GETFH)
        self.file = handle_of(done)
        self.opened = opened_by(done)
        await a.ok(put(self.file), write(self.opened, 0, CONTENT, w4.FILE_SYNC4))
        done = await a.ok(put(self.file), lock(self.opened, w4.lock_owner4(a.clientid, b"owner"), 0, 100))
        locked = done.resarray[-1].oplock
        assert locked is not None
        assert locked.resok4 is not None
        self.locked = locked.resok4.lock_stateid
        value = w4.SETXATTR4args(w4.SETXATTR4_CREATE, b"label", b"value")
        await a.ok(put(self.file), w4.nfs_argop4(w4.OP_SETXATTR, opsetxattr=value))


def handle_of(done: w4.COMPOUND4res) -> bytes:
    for result in done.resarray:
        if result.opgetfh is not None and result.opgetfh.resok4 is not None:
            return result.opgetfh.resok4.object
    raise AssertionError("no GETFH in it")


def opened_by(done: w4.COMPOUND4res) -> w4.stateid4:
    for result in done.resarray:
        if result.opopen is not None and result.opopen.resok4 is not None:
            return result.opopen.resok4.stateid
    raise AssertionError("no OPEN in it")


def attributes(mask: int, values: bytes) -> w4.fattr4:
    return w4.fattr4(mask, values)


def compounds(world: World) -> list[Operations]:
    """What may follow SEQUENCE: all of it is valid where the furniture stands."""
    here, file = put(world.directory), put(world.file)
    inner, link = put(world.inner), put(world.link)
    a = world.a
    op = w4.nfs_argop4
    owner = w4.lock_owner4(a.clientid, b"owner")
    guarded = w4.createhow4(w4.GUARDED4, createattrs=w4.fattr4(0, b""))
    mode = attributes(1 << w4.FATTR4_MODE, (0o640).to_bytes(4, "big"))
    size = attributes(1 << w4.FATTR4_SIZE, (5000).to_bytes(8, "big"))
    kind = attributes(1 << w4.FATTR4_TYPE, (w4.NF4REG).to_bytes(4, "big"))
    other_kind = attributes(1 << w4.FATTR4_TYPE, (w4.NF4DIR).to_bytes(4, "big"))
    channel = w4.channel_attrs4(0, 1 << 20, 1 << 20, 8192, 64, 8, [])
    security = [w4.callback_sec_parms4(AUTH_SYS, MACHINE_CREDENTIAL)]
    again = w4.locker4(False, lock_owner=w4.exist_lock_owner4(world.locked, 0))
    plain = w4.createhow4(w4.UNCHECKED4, createattrs=mode)
    both = w4.creatverfattr(b"verifier", mode)
    exclusive = w4.createhow4(w4.EXCLUSIVE4_1, ch_createboth=both)
    device = w4.createtype4(w4.NF4CHR, devdata=w4.specdata4(1, 3))
    reader = w4.open_claim4(w4.CLAIM_FH)
    notice = w4.nfstime4(0, 0)
    wanted = w4.deleg_claim4(w4.CLAIM_FH)
    return [
        [here, getattr_(EVERYTHING & ~SET_ONLY), op(w4.OP_ACCESS, opaccess=w4.ACCESS4args(0x3F)), GETFH],
        [file, op(w4.OP_ACCESS, opaccess=w4.ACCESS4args(0x1FF)), getattr_(1 << w4.FATTR4_SIZE)],
        [ROOT, lookup(world.name), lookup(b"dir"), lookup(b"inner"), op(w4.OP_LOOKUPP), GETFH],
        [op(w4.OP_PUTPUBFH), SAVE, here, RESTORE, lookup(world.name), GETFH],
        [here, mkdir(b"made")],
        [here, op(w4.OP_CREATE, opcreate=w4.CREATE4args(device, b"device", mode))],
        [here, remove(b"void")],
        [inner, SAVE, here, op(w4.OP_RENAME, oprename=w4.RENAME4args(b"inner", b"moved"))],
        [here, SAVE, op(w4.OP_RENAME, oprename=w4.RENAME4args(b"link", b"file"))],
        [file, SAVE, inner, op(w4.OP_LINK, oplink=w4.LINK4args(b"hard"))],
        [link, op(w4.OP_READLINK)],
        [here, op(w4.OP_READDIR, opreaddir=w4.READDIR4args(0, bytes(8), 0, 8192, EVERYTHING & ~SET_ONLY))],
        [file, op(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, mode))],
        [file, op(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(world.opened, size))],
        [file, op(w4.OP_VERIFY, opverify=w4.VERIFY4args(kind)), getattr_(1 << w4.FATTR4_CHANGE)],
        [file, op(w4.OP_NVERIFY, opnverify=w4.NVERIFY4args(other_kind)), getattr_(1 << w4.FATTR4_CHANGE)],
        [here, open_(b"owner", READ_ACCESS, named(b"file")), GETFH, close(CURRENT_STATEID)],
        [here, open_(b"maker", BOTH, named(b"plain"), plain), write(CURRENT_STATEID, 0, b"bytes")],
        [here, open_(b"maker", BOTH, named(b"exclusive"), exclusive), close(CURRENT_STATEID)],
        [file, open_(b"reader", READ_ACCESS, reader), close(CURRENT_STATEID)],
        [file, op(w4.OP_OPEN_DOWNGRADE, opopen_downgrade=w4.OPEN_DOWNGRADE4args(world.opened, 0, BOTH, 0))],
        [file, close(world.opened)],
        [file, op(w4.OP_READ, opread=w4.READ4args(world.opened, 0, 4096))],
        [file, op(w4.OP_READ, opread=w4.READ4args(NO_STATEID, 100, 1 << 20))],
        [file, write(world.opened, 3, b"written"), op(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0))],
        [file, write(NO_STATEID, 9000, bytes(1000), w4.DATA_SYNC4)],
        [file, lock(world.opened, owner, 200, 50)],
        [file, op(w4.OP_LOCK, oplock=w4.LOCK4args(w4.READ_LT, False, 50, 25, again))],
        [file, op(w4.OP_LOCKT, oplockt=w4.LOCKT4args(w4.WRITE_LT, 0, 50, owner))],
        [file, op(w4.OP_LOCKU, oplocku=w4.LOCKU4args(w4.WRITE_LT, 0, world.locked, 0, 10))],
        [here, op(w4.OP_SECINFO, opsecinfo=w4.SECINFO4args(b"file"))],
        [here, op(w4.OP_SECINFO_NO_NAME, opsecinfo_no_name=w4.SECINFO_STYLE4_PARENT)],
        [op(w4.OP_BACKCHANNEL_CTL, opbackchannel_ctl=w4.BACKCHANNEL_CTL4args(PROGRAM, security))],
        [
            op(
                w4.OP_BIND_CONN_TO_SESSION,
                opbind_conn_to_session=w4.BIND_CONN_TO_SESSION4args(a.sessionid, w4.CDFC4_FORE_OR_BOTH, False),
            )
        ],
        [op(w4.OP_EXCHANGE_ID, opexchange_id=introduction(b"newcomer"))],
        [
            op(
                w4.OP_CREATE_SESSION,
                opcreate_session=w4.CREATE_SESSION4args(
                    a.clientid, next_session(world), 0, channel, channel, PROGRAM, security
                ),
            )
        ],
        [op(w4.OP_DESTROY_SESSION, opdestroy_session=w4.DESTROY_SESSION4args(a.sessionid))],
        [op(w4.OP_DESTROY_CLIENTID, opdestroy_clientid=w4.DESTROY_CLIENTID4args(a.clientid))],
        [here, op(w4.OP_RECLAIM_COMPLETE, opreclaim_complete=w4.RECLAIM_COMPLETE4args(True))],
        [op(w4.OP_FREE_STATEID, opfree_stateid=w4.FREE_STATEID4args(world.locked))],
        [op(w4.OP_TEST_STATEID, optest_stateid=w4.TEST_STATEID4args([world.opened, world.locked, NO_STATEID]))],
        [file, op(w4.OP_OPENATTR, opopenattr=w4.OPENATTR4args(True))],
        [file, op(w4.OP_OPENATTR, opopenattr=w4.OPENATTR4args(True)), open_(b"owner", BOTH, named(b"new"), guarded)],
        [file, op(w4.OP_GETXATTR, opgetxattr=w4.GETXATTR4args(b"label"))],
        [file, op(w4.OP_SETXATTR, opsetxattr=w4.SETXATTR4args(w4.SETXATTR4_EITHER, b"other", b"value"))],
        [file, op(w4.OP_LISTXATTRS, oplistxattrs=w4.LISTXATTRS4args(0, 4096))],
        [file, op(w4.OP_REMOVEXATTR, opremovexattr=w4.REMOVEXATTR4args(b"label"))],
        [file, op(w4.OP_DELEGRETURN, opdelegreturn=w4.DELEGRETURN4args(world.opened))],
        [file, op(w4.OP_ALLOCATE, opallocate=w4.ALLOCATE4args(world.opened, 20_000, 100))],
        [file, op(w4.OP_DEALLOCATE, opdeallocate=w4.DEALLOCATE4args(world.opened, 0, 8192))],
        [file, op(w4.OP_SEEK, opseek=w4.SEEK4args(world.opened, 0, w4.NFS4_CONTENT_HOLE))],
        [file, op(w4.OP_IO_ADVISE, opio_advise=w4.IO_ADVISE4args(world.opened, 0, 4096, 2))],
        [file, op(w4.OP_READ_PLUS, opread_plus=w4.READ_PLUS4args(world.opened, 0, 4096))],
        [file, op(w4.OP_WANT_DELEGATION, opwant_delegation=w4.WANT_DELEGATION4args(0, wanted))],
        [
            here,
            op(
                w4.OP_GET_DIR_DELEGATION,
                opget_dir_delegation=w4.GET_DIR_DELEGATION4args(False, 0, notice, notice, 0, 0),
            ),
        ],
    ]


ANSWERS = {
    w4.OP_DESTROY_CLIENTID: w4.NFS4ERR_CLIENTID_BUSY,  # its own session is in use
    w4.OP_FREE_STATEID: w4.NFS4ERR_LOCKS_HELD,
    w4.OP_DELEGRETURN: w4.NFS4ERR_BAD_STATEID,  # an open is none
}
"""Operations whose valid example is refused all the same, and how."""


def introduction(owner: bytes) -> w4.EXCHANGE_ID4args:
    return w4.EXCHANGE_ID4args(w4.client_owner4(b"verifier", owner), 0, w4.state_protect4_a(w4.SP4_NONE), [])


def next_session(world: World) -> int:
    """The sequence id of `a`'s next CREATE_SESSION."""
    client = world.house.state.table.by_id.get(world.a.clientid)
    return 1 if client is None else (client.last_sequence + 1) & 0xFFFF_FFFF


def close(stateid: w4.stateid4) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, stateid))


CURRENT_STATEID = w4.stateid4(1, bytes(12))
SET_ONLY = (
    1 << w4.FATTR4_TIME_ACCESS_SET
    | 1 << w4.FATTR4_TIME_MODIFY_SET
    | 1 << w4.FATTR4_MODE_SET_MASKED
    | 1 << w4.FATTR4_MODE_UMASK
)
