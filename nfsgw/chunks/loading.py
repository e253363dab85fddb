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
        chunk = self._table.add(file, index)
        chunk.touched = self._beat.now
        if row is not None:
            chunk.row = row
            chunk.length = row.length
            if row.inline is not None:
                chunk.data = bytearray(row.inline)
                self._table.data_bytes += len(chunk.data)
        return chunk
