"""Valid compounds of NFSv4.0 for every operation that it handles in its own way, and a 4.0 machine's furniture."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from tests.protocol.fuzzing.corpus import (
    BOTH,
    GETFH,
    READ_ACCESS,
    Operations,
    World,
    attributes,
    handle_of,
    opened_by,
    put,
    write,
)
from tests.protocol.machines import NO_STATEID, ROOT, House, getattr_, lookup, mkdir, remove
from tests.protocol.old import OldMachine, locked_by

op = w4.nfs_argop4
PLAIN = w4.createhow4(w4.UNCHECKED4, createattrs=w4.fattr4(0, b""))


class OldWorld(World):
    """`old`: the machine whose messages are mutated. It has `paper` open, with a lock and an owner that is confirmed;
    `fresh` is what an owner opened that is not."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.old = OldMachine(house, "old fuzzer")
        self.owner = b""
        self.locker = b""
        self.paper = b""
        self.paper_open = NO_STATEID
        self.paper_lock = NO_STATEID
        self.fresh = NO_STATEID

    async def furnish(self) -> None:
        await super().furnish()
        old = self.old
        await old.settle_in()
        assert old.client.old is not None
        for owner in list(old.client.old.unconfirmed.values()):
            self.house.state.minor0.cancel(old.client, old.client.old, owner)
        self.owner = b"owner%d" % self.count
        self.locker = b"locker%d" % self.count
        done = await old.ok(put(self.directory), self.opens(b"paper", self.owner, BOTH, PLAIN), GETFH)
        self.paper = handle_of(done)
        confirmed = await old.ok(put(self.paper), old.confirm_open(opened_by(done), self.owner))
        result = confirmed.resarray[1].opopen_confirm
        assert result is not None
        assert result.resok4 is not None
        self.paper_open = result.resok4.open_stateid
        done = await old.ok(put(self.paper), old.lock_by_open(self.paper_open, self.locker, 0, 100, owner=self.owner))
        self.paper_lock = locked_by(done)
        done = await old.ok(put(self.directory), self.opens(b"paper", b"fresh" + self.owner, READ_ACCESS, None))
        self.fresh = opened_by(done)

    def opens(self, name: bytes, owner: bytes, access: int, how: w4.createhow4 | None) -> w4.nfs_argop4:
        return self.old.open(name, owner, access, 0, how)

    def in_step(self) -> None:
        """The next sequence ids are those that the gateway waits for: a refused request may have counted."""
        client = self.house.state.table.by_id.get(self.old.clientid)
        if client is None or client.old is None:
            return
        for owner in client.old.owners.values():
            self.old.seqids[owner.name] = owner.seqid + 1
        for locker in client.lock_owners.values():
            if locker.sequence is not None:
                self.old.seqids[b"lock " + locker.owner] = locker.sequence.seqid + 1


def compounds_of_old(world: OldWorld) -> list[Operations]:
    """All of it is valid where the furniture stands, each by itself."""
    old = world.old
    world.in_step()
    here, paper = put(world.directory), put(world.paper)
    seqids = dict(old.seqids)
    found: list[Operations] = []

    def add(*operations: w4.nfs_argop4) -> None:
        found.append(list(operations))
        old.seqids = dict(seqids)

    client = w4.nfs_client_id4(b"verifier", b"newcomer")
    location = w4.cb_client4(0x40000000, w4.netaddr4(b"tcp", b"192.0.2.1.8.1"))
    size = attributes(1 << w4.FATTR4_SIZE, (5000).to_bytes(8, "big"))
    mode = attributes(1 << w4.FATTR4_MODE, (0o640).to_bytes(4, "big"))
    down = w4.OPEN_DOWNGRADE4args(world.paper_open, old.next_seqid(world.owner), BOTH, 0)
    add(ROOT, lookup(world.name), getattr_(1 << w4.FATTR4_SIZE | 1 << w4.FATTR4_SUPPORTED_ATTRS), GETFH)
    add(here, mkdir(b"made"))
    add(here, remove(b"void"))
    add(op(w4.OP_SETCLIENTID, opsetclientid=w4.SETCLIENTID4args(client, location, 1)))
    confirm = w4.SETCLIENTID_CONFIRM4args(old.clientid, old.confirm)
    add(op(w4.OP_SETCLIENTID_CONFIRM, opsetclientid_confirm=confirm))
    add(op(w4.OP_RENEW, oprenew=w4.RENEW4args(old.clientid)))
    add(here, world.opens(b"paper", world.owner, READ_ACCESS, None), GETFH, op(w4.OP_READ, opread=read_at_start()))
    add(here, world.opens(b"sheet", b"newcomer", BOTH, PLAIN), GETFH)
    add(paper, old.confirm_open(world.fresh, b"fresh" + world.owner))
    add(paper, op(w4.OP_OPEN_DOWNGRADE, opopen_downgrade=down))
    add(paper, old.close(world.paper_open, world.owner))
    add(paper, op(w4.OP_READ, opread=w4.READ4args(world.paper_open, 0, 4096)))
    add(paper, write(world.paper_open, 3, b"written"), op(w4.OP_COMMIT, opcommit=w4.COMMIT4args(0, 0)))
    add(paper, op(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(world.paper_open, size)))
    add(paper, op(w4.OP_SETATTR, opsetattr=w4.SETATTR4args(NO_STATEID, mode)))
    add(paper, old.lock_by_open(world.paper_open, b"another", 1000, 10, owner=world.owner))
    add(paper, old.lock_again(world.paper_lock, world.locker, 500, 10))
    owner = w4.lock_owner4(old.clientid, world.locker)
    add(paper, op(w4.OP_LOCKT, oplockt=w4.LOCKT4args(w4.WRITE_LT, 0, 50, owner)))
    add(paper, old.unlock(world.paper_lock, world.locker, 0, 50))
    add(old.release(b"unknown"))
    add(here, op(w4.OP_SECINFO, opsecinfo=w4.SECINFO4args(b"paper")), lookup(b"paper"))
    add(paper, op(w4.OP_DELEGRETURN, opdelegreturn=w4.DELEGRETURN4args(world.paper_open)))
    return found


def read_at_start() -> w4.READ4args:
    return w4.READ4args(NO_STATEID, 0, 4096)
