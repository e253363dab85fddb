"""Every number of the chunk layer, with its default.

One plain object that the composition root fills from the configuration. Nothing under `chunks/` has a limit, an age
or a pool size of its own beside these. Sizes are bytes, times are seconds.
"""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


class ChunkSettings:
    """Change attributes before the layer is started; it reads them as it goes and never writes them."""

    def __init__(self) -> None:
        self.durability = "local"
        """What a sync waits for: `local`, the disk here; `object`, the store as well (tier.py)."""
        self.inline_limit = 64 * KIB
        """A chunk not longer than this lives in memory and in its row; a longer one has a staging file. Measured:
        synced files of 40 KiB are stored 1.3 to 1.8 times as fast with 64 KiB as with 16 KiB, small rewrites of them
        2 to 4 times when many are synced at once."""
        self.flush_after = 2.0
        """Written bytes that nobody committed are made durable when they are this old."""
        self.upload_after = 2.0
        """A chunk that is not full is ready for its upload when it was not touched for so long."""
        self.pack_after = 10.0
        """A small chunk that is ready waits so long at most for others to share its object."""
        self.staging_limit = 64 * GIB
        """Bytes that are on the local disk only. At this mark writers are held until uploads made room."""
        self.dirty_limit = 1 * GIB
        """Bytes written and not yet durable. Above this mark they are flushed at once, whatever their age."""
        self.cache_limit = 10 * GIB
        """Bytes of uploaded or fetched chunks that are kept on the local disk for readers."""
        self.disk_reserve = 1 * GIB
        """Free space of the local disk that is never used: below it the cache shrinks, then growth is refused
        (NOSPC)."""
        self.hold_writers = 15.0
        """How long writers are held in back pressure before they are told to come again (NFS4ERR_DELAY)."""
        self.memory_chunks = 65536
        """Chunks remembered in memory that have nothing to write; the oldest are forgotten above it."""
        self.memory_bytes = 64 * MIB
        """Bytes of small chunks kept in memory though they are stored, and of those that wait in memory for their
        upload; what is not kept is read from its row again."""
        self.held_bytes = 32 * MIB
        """Bytes of WRITEs that are held in back pressure; what comes above it is told to come again at once."""
        self.open_files = 512
        """Staging files held open."""
        self.spare_slots = 64
        """Freed staging files that keep their blocks to be overwritten, and files made ahead."""
        self.sync_threads = 4
        """Threads that wait for the disk in fdatasync."""
        self.upload_concurrency = 8
        """Uploads under way at once."""
        self.upload_queue = 8192
        """Chunks remembered for upload; what does not fit is found again in the namespace."""
        self.fetch_concurrency = 16
        """Fetches under way at once, read-ahead included."""
        self.read_ahead = 4
        """Chunks fetched ahead of a sequential reader."""
        self.retry_first = 0.25
        """Wait after a store's first failure; doubled up to `retry_most`, each wait drawn between half of it and
        all."""
        self.retry_most = 30.0
        self.dead_age = 3600.0
        """An object is deleted from the store when it has been dead for so long."""
        self.sweep_every = 60.0
        """Time between two passes that delete dead objects."""
        self.sweep_batch = 500
        """Objects deleted by one request of such a pass."""
        self.beat = 0.25
        """Time between two looks at what is due: flushes, uploads, space."""
        self.capacity = 1 << 50
        """What a store without a size of its own (S3) is said to hold."""
        self.mover_stop = 5.0
        """How long the object-store process may take to end by itself when the layer is closed."""
