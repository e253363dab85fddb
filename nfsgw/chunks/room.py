"""Room for what is written: the staging's limit and the disk's reserve, and how writers are slowed when they are near.

Back pressure instead of failure: writers wait while uploads make room, and come again. Only a disk that has reached its
reserve, when the cache has given all it has, refuses growth (NFS4ERR_NOSPC).
"""

from __future__ import annotations

import errno
import logging
import os

from nfsgw.chunks.cache import Cache
from nfsgw.chunks.health import Beat
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slots
from nfsgw.chunks.table import Table
from nfsgw.errors import NFSError
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.suspend import Completion, Suspend
from nfsgw.wire.nfs4 import NFS4ERR_DELAY, NFS4ERR_IO, NFS4ERR_NOSPC

log = logging.getLogger(__name__)


class Room:
    """Of the disk that `directory` lies on, and of the staging."""

    def __init__(
        self,
        directory: str,
        table: Table,
        slots: Slots,
        cache: Cache,
        namespace: NamespaceDoor,
        settings: ChunkSettings,
        beat: Beat,
    ) -> None:
        self._directory = directory
        self._table = table
        self._slots = slots
        self._cache = cache
        self._namespace = namespace
        self._settings = settings
        self._beat = beat
        self._room: Completion | None = None
        self._held = 0  # bytes that wait for it
        self.full_since: float | None = None  # writers are held since this beat
        self.grown = 0  # bytes that went to slots since the disk was last looked at
        self.disk_free = 0

    def beat(self) -> None:
        """Looks at the disk; the cache gives way to the reserve."""
        self.look_at_disk()
        if self.disk_free < self._settings.disk_reserve and len(self._cache) > 0:
            self._cache.shrink(max(0, self._cache.bytes - (self._settings.disk_reserve - self.disk_free)))

    def release(self, now: float) -> None:
        """Writers that were held go on where there is room again, or are told to come again."""
        if self.full_since is not None:
            if self._table.staged_bytes < self._settings.staging_limit:
                self.made_room()
            elif now - self.full_since >= self._settings.hold_writers:
                self.let_in()

    def hold_back(self, size: int) -> None:
        """The staging is full. Writers wait for uploads; after a while, or when many wait with their bytes, they are
        told to come again."""
        now = self._beat.now
        if self.full_since is None:
            self.full_since = now
            log.warning("the staging is full (%d bytes wait for upload): writers are held", self._table.staged_bytes)
        if now - self.full_since >= self._settings.hold_writers or self._held + size > self._settings.held_bytes:
            raise NFSError(NFS4ERR_DELAY, "the staging is full")
        self._held += size
        if self._room is None:
            self._room = Completion()
        raise Suspend(self._room)

    def made_room(self) -> None:
        if self._table.staged_bytes < self._settings.staging_limit:
            self.full_since = None
            self.let_in()

    def let_in(self) -> None:
        room = self._room
        self._held = 0
        if room is not None:
            self._room = None
            room.finish()

    def make_space(self) -> None:
        """The disk is near its reserve: the cache gives way first. NFSError(NOSPC) when that is not enough."""
        self.look_at_disk()
        if self.disk_free >= self._settings.disk_reserve:
            return
        wanted = self._settings.disk_reserve - self.disk_free + self._settings.disk_reserve // 8
        self._cache.shrink(max(0, self._cache.bytes - wanted))
        self._slots.reclaim(self._namespace.durable)
        self._slots.empty_spare()
        self.look_at_disk()
        if self.disk_free < self._settings.disk_reserve:
            raise NFSError(NFS4ERR_NOSPC, "the staging disk has reached its reserve")

    def admit_fetch(self, bytes: int) -> None:
        """A fetch is about to take so much of the disk. Half of the reserve is there for readers, so that they go on
        when writers must not; they never get what a commit may need. OSError(ENOSPC)."""
        grown = self.grown
        self.look_at_disk()
        if self.disk_free - bytes < self._settings.disk_reserve // 2:
            raise OSError(errno.ENOSPC, "the local disk has reached its reserve")
        self.grown = grown + bytes  # what was counted may not be on the disk yet

    def look_at_disk(self) -> None:
        disk = os.statvfs(self._directory)
        self.disk_free = disk.f_bavail * disk.f_frsize
        self.grown = 0

    @staticmethod
    def refusal(error: OSError) -> NFSError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return NFSError(NFS4ERR_NOSPC, "the staging disk is full")
        log.error("a staging file cannot be written: %s", error)
        return NFSError(NFS4ERR_IO, "a staging file cannot be written")
