"""The data directory: what lies where in it, and the lock that makes it one gateway's alone.

The lock is the kernel's (it goes with the process, however that ends); the file only says who holds it. The directory
is made when it is missing, its parent must exist.
"""

from __future__ import annotations

import fcntl
import os

from nfsgw.fsync import sync_directory


class DataDirectoryError(Exception):
    """The directory cannot be used. `str()` is one line for the operator."""


class InUse(DataDirectoryError):
    """Another process has it."""


class DataDirectory:
    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self.database = os.path.join(self.path, "namespace.db")
        self.anchor = os.path.join(self.path, "namespace.anchor")  # its second name (lineage.py)
        self.chunks = os.path.join(self.path, "chunks")
        self.staging = os.path.join(self.chunks, "staging")
        self.objects = os.path.join(self.path, "objects")
        self.admin_socket = os.path.join(self.path, "admin.sock")
        self._lock_path = os.path.join(self.path, "lock")
        self._lock = -1

    def make(self) -> None:
        """Makes the directory and those in it. DataDirectoryError."""
        try:
            if not os.path.isdir(self.path):
                os.mkdir(self.path, 0o700)
            os.makedirs(self.chunks, 0o700, exist_ok=True)
            os.makedirs(self.objects, 0o700, exist_ok=True)
            # also where they were there: whoever made them may have died before they were durable
            sync_directory(self.path)
            sync_directory(os.path.dirname(self.path))
        except OSError as error:
            raise DataDirectoryError(f"data directory {self.path}: {error.strerror} ({error.filename})") from error

    def is_initialised(self) -> bool:
        return os.path.exists(self.database)

    def lock(self) -> None:
        """Takes the directory for this process. InUse names the process that has it; DataDirectoryError."""
        try:
            self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataDirectoryError(f"data directory {self.path}: {error.strerror} ({error.filename})") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._lock)
            self._lock = -1
            raise InUse(
                f"data directory {self.path} is in use by another gateway that is alive (process {holder})"
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def unlock(self) -> None:
        if self._lock >= 0:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = -1
