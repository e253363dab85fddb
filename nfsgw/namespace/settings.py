"""The numbers of the namespace: limits, bounds of the caches, sizes of reservations.

Plain values with their defaults; the composition root fills them from the configuration. Nothing here reads a file or
the environment.
"""

from __future__ import annotations


class NamespaceSettings:
    """`cache_*` are counts of objects, `*_bytes` bytes. Changing a value after the namespace was opened has no
    effect."""

    def __init__(self) -> None:
        self.cache_inodes = 200_000  # about 700 bytes each
        self.cache_entries = 400_000  # names, present and absent; about 300 bytes each
        self.cache_listed = 200_000  # entries in remembered READDIR pages
        self.cache_xattrs = 10_000  # objects whose extended attributes are remembered
        self.reserve_bytes = 256 * 1024 * 1024  # below this much free space nothing may grow
        self.max_links = 65_000  # hard links of one file
        self.max_file_size = 1 << 50
        self.database_cache_bytes = 64 * 1024 * 1024  # SQLite's pages, for each of the two connections
        self.checkpoint_pages = (
            4000  # length of the write-ahead log at which it is written back; 0: somebody else does it
        )
        self.root_uid = 0  # used by init alone
        self.root_gid = 0
        self.root_mode = 0o755
