"""What goes to the store in one piece: the bytes of one chunk, in memory, a staging file, or a fetched object.

A parcel says where its bytes are and who is told; it knows nothing of objects. The row it ends in is made when the
store has answered.
"""

from __future__ import annotations

from collections.abc import Callable

from nfsgw.chunks.packs import SMALL
from nfsgw.chunks.slots import Slot
from nfsgw.chunks.table import Chunk
from nfsgw.namespace.model import ChunkRow


class Parcel:
    """`slot` (from `start` in it) or `body` holds the bytes. `arrived` is called with the row of the stored chunk, on
    the loop: in a pack its object has an id already, alone it has none until a row of the open batch names it."""

    def __init__(self, inode: int, index: int, length: int, arrived: Callable[[ChunkRow], None]) -> None:
        self.inode = inode
        self.index = index
        self.length = length
        self.arrived = arrived
        self.slot: Slot | None = None
        self.start = 0
        self.body = b""
        self.alone = length > SMALL  # an object of its own
        self.tried_once = False  # whoever has sent it hears of a failure, and sends it again or not
        self.chunk: Chunk | None = None  # of the table, where the upload was the layer's own idea
