"""READDIR in pieces: RFC 8881, 18.23."""

from __future__ import annotations

from nfsgw.wire import nfs4 as w4
from tests.protocol.machines import ROOT, Machine, mkdir, remove


def readdir(cookie: int, maxcount: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_READDIR, opreaddir=w4.READDIR4args(cookie, bytes(8), 0, maxcount, 0))


async def listing(machine: Machine, maxcount: int, after_piece: list[w4.nfs_argop4] | None = None) -> list[bytes]:
    """All names, a piece at a time; `after_piece` are done to the directory one after each piece."""
    names: list[bytes] = []
    cookie = 0
    while True:
        done = await machine.ok(ROOT, readdir(cookie, maxcount))
        answer = done.resarray[-1].opreaddir
        assert answer is not None
        assert answer.resok4 is not None
        entries = answer.resok4.reply.entries
        names += [entry.name for entry in entries]
        if answer.resok4.reply.eof:
            return names
        assert entries
        cookie = entries[-1].cookie
        if after_piece:
            await machine.ok(ROOT, after_piece.pop())


async def test_a_listing_in_pieces_has_every_name_once(a: Machine) -> None:
    made = [b"%03d" % number for number in range(120)]
    for name in made:
        await a.ok(ROOT, mkdir(name))
    for maxcount in (64, 200, 1000, 4096, 1 << 20):
        assert await listing(a, maxcount) == made


async def test_a_listing_that_is_changed_meanwhile_keeps_what_was_there_all_along(a: Machine) -> None:
    made = [b"%03d" % number for number in range(60)]
    for name in made:
        await a.ok(ROOT, mkdir(name))
    changes = [remove(b"%03d" % number) for number in range(0, 60, 2)] + [mkdir(b"new %d" % n) for n in range(10)]
    names = await listing(a, 200, changes)
    assert [name for name in names if name in made[1::2]] == made[1::2]
    assert len(names) == len(set(names))


async def test_a_listing_without_room_for_one_entry_is_too_small(a: Machine) -> None:
    await a.ok(ROOT, mkdir(b"a name"))
    assert (await a.run(ROOT, readdir(0, 24))).status == w4.NFS4ERR_TOOSMALL
