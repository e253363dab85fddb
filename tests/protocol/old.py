"""A machine that speaks NFSv4.0: no sessions, an owner with sequence ids, and requests sent again as they were."""

from __future__ import annotations

from nfsgw.nfs4.state.sessions import Client
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.protocol.exchange import IDENT, PROGRAM, OldCallbackService
from tests.protocol.machines import NO_STATEID, REPLY_HEADER, ROOT, House, Machine, turns
from tests.protocol.operations import GETFH, handle_of, putfh, stateid_of

READ = w4.OPEN4_SHARE_ACCESS_READ
BOTH = w4.OPEN4_SHARE_ACCESS_BOTH
NOWHERE = w4.cb_client4(0, w4.netaddr4(b"tcp", b"0.0.0.0.0.0"))


class OldMachine(Machine):
    """`seqids`: what the next request of each owner has."""

    def __init__(self, house: House, name: str, uid: int = 0) -> None:
        super().__init__(house, name, uid)
        self.minor = 0
        self.verifier = b"verifier"
        self.confirm = b""
        self.seqids: dict[bytes, int] = {}
        self.callback = NOWHERE
        self.service = OldCallbackService()

    @property
    def client(self) -> Client:
        return self.house.state.table.by_id[self.clientid]

    async def again(self) -> w4.COMPOUND4res:
        """The last message once more, word for word, over whatever connection there is."""
        reply = await self.record(self.last)
        return w4.unpack_COMPOUND4res(Reader(reply[REPLY_HEADER:]))

    def send(self, message: bytes) -> None:
        self.last = message
        super().send(message)

    async def status(self, *operations: w4.nfs_argop4) -> int:
        return (await self.call(*operations)).status

    async def ok(self, *operations: w4.nfs_argop4) -> w4.COMPOUND4res:
        done = await self.call(*operations)
        assert done.status == w4.NFS4_OK, w4.nfsstat4_names[done.status]
        return done

    # -- clients

    async def introduce(self) -> w4.COMPOUND4res:
        """SETCLIENTID."""
        args = w4.SETCLIENTID4args(w4.nfs_client_id4(self.verifier, self.name), self.callback, IDENT)
        done = await self.call(w4.nfs_argop4(w4.OP_SETCLIENTID, opsetclientid=args))
        result = done.resarray[0].opsetclientid
        assert result is not None
        if result.resok4 is not None:
            self.clientid = result.resok4.clientid
            self.confirm = result.resok4.setclientid_confirm
        return done

    async def confirmed(self) -> int:
        args = w4.SETCLIENTID_CONFIRM4args(self.clientid, self.confirm)
        return await self.status(w4.nfs_argop4(w4.OP_SETCLIENTID_CONFIRM, opsetclientid_confirm=args))

    async def settle_in(self) -> None:
        """What a mount does."""
        assert (await self.introduce()).status == w4.NFS4_OK
        assert await self.confirmed() == w4.NFS4_OK

    async def listen(self, host: str = "192.0.2.7", port: int = 0x1234) -> None:
        """It takes callbacks there, and says so."""
        self.house.exchange.listening[(host, port)] = self.service
        text = f"{host}.{port >> 8}.{port & 255}".encode()
        self.callback = w4.cb_client4(PROGRAM, w4.netaddr4(b"tcp6" if ":" in host else b"tcp", text))
        await self.settle_in()
        await turns()

    def give_back(self, stateid: w4.stateid4) -> w4.nfs_argop4:
        return w4.nfs_argop4(w4.OP_DELEGRETURN, opdelegreturn=w4.DELEGRETURN4args(stateid))

    async def renew(self) -> int:
        return await self.status(w4.nfs_argop4(w4.OP_RENEW, oprenew=w4.RENEW4args(self.clientid)))

    # -- opens: an owner's next request, of which the answer is what the caller wants to see

    def next_seqid(self, owner: bytes) -> int:
        seqid = self.seqids.get(owner, 0)
        self.seqids[owner] = seqid + 1
        return seqid

    def open(
        self,
        name: bytes,
        owner: bytes = b"owner",
        access: int = BOTH,
        deny: int = 0,
        how: w4.createhow4 | None = None,
    ) -> w4.nfs_argop4:
        flag = w4.openflag4(w4.OPEN4_NOCREATE) if how is None else w4.openflag4(w4.OPEN4_CREATE, how)
        who = w4.open_owner4(self.clientid, owner)
        claim = w4.open_claim4(w4.CLAIM_NULL, file=name)
        args = w4.OPEN4args(self.next_seqid(owner), access, deny, who, flag, claim)
        return w4.nfs_argop4(w4.OP_OPEN, opopen=args)

    def reclaim(self, owner: bytes = b"owner", delegation: int = w4.OPEN_DELEGATE_NONE) -> w4.nfs_argop4:
        who = w4.open_owner4(self.clientid, owner)
        claim = w4.open_claim4(w4.CLAIM_PREVIOUS, delegate_type=delegation)
        args = w4.OPEN4args(self.next_seqid(owner), BOTH, 0, who, w4.openflag4(w4.OPEN4_NOCREATE), claim)
        return w4.nfs_argop4(w4.OP_OPEN, opopen=args)

    def confirm_open(self, stateid: w4.stateid4, owner: bytes = b"owner") -> w4.nfs_argop4:
        args = w4.OPEN_CONFIRM4args(stateid, self.next_seqid(owner))
        return w4.nfs_argop4(w4.OP_OPEN_CONFIRM, opopen_confirm=args)

    def close(self, stateid: w4.stateid4, owner: bytes = b"owner") -> w4.nfs_argop4:
        return w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(self.next_seqid(owner), stateid))

    async def opened(
        self,
        name: bytes,
        owner: bytes = b"owner",
        access: int = BOTH,
        deny: int = 0,
        how: w4.createhow4 | None = None,
    ) -> tuple[bytes, w4.stateid4]:
        """OPEN of a name in the root, confirmed where that is asked for: its handle and stateid."""
        done = await self.ok(ROOT, self.open(name, owner, access, deny, how), GETFH)
        handle, stateid = handle_of(done), stateid_of(done)
        result = done.resarray[1].opopen
        assert result is not None
        assert result.resok4 is not None
        if result.resok4.rflags & w4.OPEN4_RESULT_CONFIRM:
            sure = await self.ok(putfh(handle), self.confirm_open(stateid, owner))
            confirmed = sure.resarray[1].opopen_confirm
            assert confirmed is not None
            assert confirmed.resok4 is not None
            stateid = confirmed.resok4.open_stateid
        return handle, stateid

    # -- locks

    def lock_by_open(
        self,
        stateid: w4.stateid4,
        locker: bytes,
        offset: int,
        length: int,
        kind: int = w4.WRITE_LT,
        owner: bytes = b"owner",
        reclaim: bool = False,
    ) -> w4.nfs_argop4:
        self.seqids[b"lock " + locker] = 1
        first = w4.open_to_lock_owner4(self.next_seqid(owner), stateid, 0, w4.lock_owner4(self.clientid, locker))
        args = w4.LOCK4args(kind, reclaim, offset, length, w4.locker4(True, open_owner=first))
        return w4.nfs_argop4(w4.OP_LOCK, oplock=args)

    def lock_again(self, stateid: w4.stateid4, locker: bytes, offset: int, length: int) -> w4.nfs_argop4:
        known = w4.exist_lock_owner4(stateid, self.next_seqid(b"lock " + locker))
        args = w4.LOCK4args(w4.WRITE_LT, False, offset, length, w4.locker4(False, lock_owner=known))
        return w4.nfs_argop4(w4.OP_LOCK, oplock=args)

    def unlock(self, stateid: w4.stateid4, locker: bytes, offset: int, length: int) -> w4.nfs_argop4:
        args = w4.LOCKU4args(w4.WRITE_LT, self.next_seqid(b"lock " + locker), stateid, offset, length)
        return w4.nfs_argop4(w4.OP_LOCKU, oplocku=args)

    def release(self, locker: bytes) -> w4.nfs_argop4:
        args = w4.RELEASE_LOCKOWNER4args(w4.lock_owner4(self.clientid, locker))
        return w4.nfs_argop4(w4.OP_RELEASE_LOCKOWNER, oprelease_lockowner=args)


def write(stateid: w4.stateid4 = NO_STATEID, data: bytes = b"data") -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_WRITE, opwrite=w4.WRITE4args(stateid, 0, w4.UNSTABLE4, data))


def locked_by(done: w4.COMPOUND4res) -> w4.stateid4:
    result = done.resarray[-1].oplock
    assert result is not None
    assert result.resok4 is not None
    return result.resok4.lock_stateid
