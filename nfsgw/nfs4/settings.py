"""What the engine is told: limits it announces and policies it follows. Plain values, read-only while serving."""

from __future__ import annotations

ROOT_SQUASH_NONE = 0
ROOT_SQUASH_ROOT = 1
ROOT_SQUASH_ALL = 2


class EngineSettings:
    def __init__(self) -> None:
        self.minor_versions = frozenset((0, 1, 2))
        self.lease_seconds = 90
        self.grace_seconds = 90
        self.max_read = 1024 * 1024  # bytes, FATTR4_MAXREAD
        self.max_write = 1024 * 1024  # bytes, FATTR4_MAXWRITE
        self.max_file_size = (1 << 63) - 1
        self.max_link = 65_000
        self.max_name = 255  # bytes
        self.max_operations = 128  # of a compound without a session
        self.root_squash = ROOT_SQUASH_NONE
        self.anonymous_uid = 65534
        self.anonymous_gid = 65534
        self.owner_domain = b""  # "": owners are numbers
