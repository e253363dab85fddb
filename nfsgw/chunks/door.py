"""The chunk layer's door: what the engine may ask of it. Plain calls; where bytes must come from afar or the disk must
catch up they raise Suspend and are called again.
"""

from __future__ import annotations

from typing import Protocol

from nfsgw.namespace.model import Inode
from nfsgw.suspend import Completion

Buffer = bytes | bytearray | memoryview


class Space:
    """What FATTR4_SPACE_* report, in bytes."""

    def __init__(self, total: int, free: int, available: int) -> None:
        self.total = total
        self.free = free
        self.available = available


class ChunksDoor(Protocol):
    def read(self, inode: Inode, offset: int, count: int) -> list[Buffer]:
        """The bytes of [offset, offset+count) cut to the file's size, in order, holes as zeros; the buffers stay
        valid until the reply is sent. Suspend while a chunk is fetched; NFSError(NFS4ERR_IO) for a damaged object."""
        ...

    def write(self, inode: Inode, offset: int, data: Buffer, now: int) -> None:
        """Lands in the staging at once (`data` is consumed before the call returns) and is seen by every reader; calls
        namespace.wrote. All of it or nothing. Suspend for back pressure or to fetch what a partial overwrite needs;
        NOSPC when the disk is full; FBIG past the limit."""
        ...

    def sync(self, inode: Inode) -> Completion | None:
        """Makes everything written so far durable (bytes, then rows, in as few fsyncs as can be, shared with others).
        None: nothing to do. The completion is done when a crash can no longer take it back; in tier `object`, when the
        store has every byte as well and a durable row says so."""
        ...

    def closed(self, inode: Inode) -> Completion | None:
        """What the close of a file that was written has to wait for: in tier `object` the same as a `sync`, in `local`
        nothing."""
        ...

    def truncate(self, inode: Inode, size: int, now: int) -> None:
        """Called right AFTER namespace.setattr has checked the caller and set the new size (same turn of the loop, so
        the same transaction): chunks past the end go, the last is shortened. Never raises and never suspends: the
        change has taken effect."""
        ...

    def punch(self, inode: Inode, offset: int, end: int, now: int) -> None:
        """[offset, end) reads as zeros; the size stays. Whole chunks go, the rest is written over; durable with the
        next `sync`. Suspend, IO and NOSPC as for `write`, before anything has changed."""
        ...

    def require_room(self, inode: Inode, offset: int, end: int) -> None:
        """NFSError(NFS4ERR_NOSPC) when what the file lacks of [offset, end) would not fit. Nothing is kept."""
        ...

    def next_data(self, inode: Inode, offset: int) -> int:
        """The first byte of data from `offset` on, -1 where there is none."""
        ...

    def next_hole(self, inode: Inode, offset: int) -> int:
        """The first byte of a hole from `offset` on; at the latest the end of the file."""
        ...

    def will_need(self, inode: Inode, offset: int) -> None:
        """Somebody will read from there on: the first chunks are fetched. Raises: IO (a staging file is lost)."""
        ...

    def forget(self, inode_id: int) -> None:
        """The inode is gone: staging, dirty state and memory of it go too."""
        ...

    def space(self) -> Space: ...

    verifier: bytes  # write verifier: new at every start (RFC 8881, 18.32.4)
