"""What is there: the whole tree as a machine sees it, read anew through READDIR, READ and READLINK."""

from __future__ import annotations

from nfsgw.namespace.model import DIR, LNK, REG
from nfsgw.wire import nfs4 as w4
from nfsgw.wire.runtime import Reader
from tests.faults.machine import Machine
from tests.faults.model import Node
from tests.protocol.machines import NO_STATEID, ROOT, lookup

WANTED = (
    1 << w4.FATTR4_TYPE
    | 1 << w4.FATTR4_CHANGE
    | 1 << w4.FATTR4_SIZE
    | 1 << w4.FATTR4_FILEID
    | 1 << w4.FATTR4_MODE
    | 1 << w4.FATTR4_NUMLINKS
)
PIECE = 1 << 19


async def look(machine: Machine, path: tuple[bytes, ...], prefix: bytes = b"") -> Node:
    """A directory and everything under it; of the directory itself only names with that prefix. An object of several
    names is one Node."""
    top = Node(DIR, 0o755)
    await _fill(machine, path, top, {}, prefix)
    return top


async def _fill(
    machine: Machine, path: tuple[bytes, ...], directory: Node, known: dict[int, Node], prefix: bytes
) -> None:
    for name, attributes in await _entries(machine, path):
        if not name.startswith(prefix):
            continue
        node, size = _node(attributes)
        if node.fileid in known:
            directory.children[name] = known[node.fileid]
            continue
        known[node.fileid] = node
        directory.children[name] = node
        if node.kind == DIR:
            await _fill(machine, (*path, name), node, known, b"")
        elif node.kind == REG:
            node.data = node.shown = await _bytes(machine, (*path, name), size)
        elif node.kind == LNK:
            done = await machine.run(*walk((*path, name)), w4.nfs_argop4(w4.OP_READLINK))
            answer = done[-1].opreadlink
            assert answer is not None
            assert answer.resok4 is not None
            node.target = answer.resok4.link


def walk(path: tuple[bytes, ...]) -> list[w4.nfs_argop4]:
    return [ROOT, *(lookup(name) for name in path)]


async def _entries(machine: Machine, path: tuple[bytes, ...]) -> list[tuple[bytes, w4.fattr4]]:
    found: list[tuple[bytes, w4.fattr4]] = []
    cookie, verifier = 0, bytes(8)
    while True:
        args = w4.READDIR4args(cookie, verifier, 1 << 16, 1 << 16, WANTED)
        done = await machine.run(*walk(path), w4.nfs_argop4(w4.OP_READDIR, opreaddir=args))
        answer = done[-1].opreaddir
        assert answer is not None
        assert answer.resok4 is not None
        for entry in answer.resok4.reply.entries:
            found.append((entry.name, entry.attrs))
            cookie = entry.cookie
        verifier = answer.resok4.cookieverf
        if answer.resok4.reply.eof:
            return found


def _node(attributes: w4.fattr4) -> tuple[Node, int]:
    """And its size. The values come in the order of their numbers (RFC 8881, 3.3.9)."""
    assert attributes.attrmask == WANTED
    reader = Reader(attributes.attr_vals)
    node = Node(reader.u32())
    node.change = reader.u64()
    size = reader.u64()
    node.fileid = reader.u64()
    node.mode = reader.u32()
    node.nlink = reader.u32()
    return node, size


async def _bytes(machine: Machine, path: tuple[bytes, ...], size: int) -> bytes:
    data = b""
    while len(data) < size:
        args = w4.READ4args(NO_STATEID, len(data), PIECE)
        done = await machine.run(*walk(path), w4.nfs_argop4(w4.OP_READ, opread=args))
        answer = done[-1].opread
        assert answer is not None
        assert answer.resok4 is not None
        data += bytes(answer.resok4.data)
        if answer.resok4.eof:
            break
    assert len(data) == size, f"{path}: {len(data)} of {size} bytes could be read"
    return data
