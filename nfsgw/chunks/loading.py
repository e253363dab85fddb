"""Brings a chunk that is not in memory there: what the namespace knows of it, not its bytes in files or objects.

Must never move bytes but those that lie in the row itself.
"""

from __future__ import annotations

from nfsgw.chunks.health import Beat
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import CHUNK_SIZE, ChunkRow, Inode
from nfsgw.wire.nfs4 import NFS4ERR_IO


def take_in(table: Table, file: File, index: int, row: ChunkRow) -> Chunk:
    """A chunk that is not in memory, with its row and the bytes that lie in it."""
    chunk = table.add(file, index)
    chunk.row = row
    chunk.length = row.length
    if row.inline is not None:
        chunk.data = bytearray(row.inline)
        table.data_bytes += len(chunk.data)
    return chunk


class Loader:
    def __init__(self, table: Table, namespace: NamespaceDoor, beat: Beat) -> None:
        self._table = table
        self._namespace = namespace
        self._beat = beat

    def load(self, file: File, inode: Inode, index: int) -> Chunk:
        """What the namespace knows of a chunk that is not in memory. NFSError(IO): its staging file is lost."""
        row: ChunkRow | None = None
        if inode.used > 0 and index * CHUNK_SIZE < inode.stored_size:
            row = self._namespace.chunk(inode.id, index)
        if row is not None and row.slot >= 0:
            raise NFSError(NFS4ERR_IO, "its staging file is lost")
        chunk = self._table.add(file, index) if row is None else take_in(self._table, file, index, row)
        chunk.touched = self._beat.now
        return chunk
