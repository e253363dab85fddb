"""All that clients can see or hold, as one value: equal digests, nothing has happened.

It leaves out what a refused message may move: the slot that it came by, the lease, what a connection is bound to, and
whether the last CREATE_SESSION failed (its sequence ids, RFC 8881, 18.36.4). It must change nothing itself.
"""

from __future__ import annotations

import asyncio

from nfsgw.namespace.model import DIR, REG, Credential, Inode
from nfsgw.nfs4.state.sessions import Client
from nfsgw.suspend import Completion, Suspend
from tests.protocol.machines import House

ROOT = Credential(0, 0, frozenset())
LOOKED_AT = 16384  # bytes of a file's content; a mutated size may be beyond all memory

Digest = dict[str, object]


async def digest_of(house: House, used: tuple[bytes, int]) -> Digest:
    """`used`: session and slot of the message that is looked at."""
    state = house.state
    found: Digest = {
        "opens": state.opens(),
        "locks": state.locks(),
        "delegations": [(row["stateid"], row["inode"], row["write"]) for row in state.delegations(0.0)],
        "held": state.files.total,
        "grace": (state.grace.state, sorted(state.grace.awaited)),
        "objects": house.names.usage()[0],
    }
    for client in state.table.by_id.values():
        found[f"client {client.clientid:x}"] = digest_of_client(client, used)
    seen: set[int] = set()
    pending = [house.names.root.id, *sorted(state.files.by_inode)]
    while pending:
        inode_id = pending.pop()
        if inode_id not in seen:
            seen.add(inode_id)
            inode = house.names.get(inode_id)
            found[f"inode {inode_id}"] = await digest_of_inode(house, inode, pending)
    return found


def digest_of_client(client: Client, used: tuple[bytes, int]) -> object:
    sessions = [
        (
            session.sessionid,
            session.flags,
            session.cb_program,
            repr(session.cb_sec_parms),
            session.target_highest_slot,
            [
                (slot.state, slot.seqid, slot.digest, slot.reply)
                for slot in session.slots
                if (session.sessionid, slot.number) != used
            ],
        )
        for session in client.sessions
    ]
    states = [(s.other, s.kind, s.inode_id, s.seqid, s.revoked) for s in client.states.values()]
    fields = (client.owner, client.verifier, client.principal, client.confirmed, client.reclaim_complete)
    more = (client.recorded, client.revoked, client.implementation, client.last_sequence)
    return fields, more, sorted(client.lock_owners), sessions, states


async def digest_of_inode(house: House, inode: Inode, pending: list[int]) -> object:
    ownership = (inode.kind, inode.mode, inode.uid, inode.gid, inode.nlink, inode.flags, inode.verifier)
    times = (inode.atime, inode.mtime, inode.ctime, inode.btime, inode.change)
    shape = (inode.size, inode.parent, inode.entries, inode.rdev_major, inode.rdev_minor, inode.target, inode.named)
    labels = [(name, house.names.getxattr(inode, name, ROOT)) for name in house.names.listxattr(inode, ROOT)]
    if inode.named:
        pending.append(inode.named)
    inside: object = None
    if inode.kind == DIR:
        inside = names_in(house, inode, pending)
    elif inode.kind == REG:
        inside = await content(house, inode)
    return ownership, times, shape, labels, inside


def names_in(house: House, directory: Inode, pending: list[int]) -> list[tuple[bytes, int, int]]:
    names: list[tuple[bytes, int, int]] = []
    cookie = 0
    while entries := house.names.readdir(directory, cookie, 64):
        for entry in entries:
            names.append((entry.name, entry.cookie, entry.inode))
            pending.append(entry.inode)
            cookie = entry.cookie
    return names


async def content(house: House, inode: Inode) -> bytes:
    while True:
        try:
            return b"".join(bytes(piece) for piece in house.chunks.read(inode, 0, min(inode.size, LOOKED_AT)))
        except Suspend as wait:
            await over(wait.completion)


async def over(completion: Completion) -> None:
    done = asyncio.get_running_loop().create_future()
    completion.when_done(lambda _: done.set_result(None))
    await done


def difference(before: Digest, after: Digest) -> str:
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return "\n".join(f"{key}: {before.get(key)!r}\n  -> {after.get(key)!r}" for key in keys)
