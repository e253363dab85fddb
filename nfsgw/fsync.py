"""Makes names durable: an fsync of a file says nothing of the directory entry that leads to it (fsync(2)).

Blocking; never call it from the event loop once it serves.
"""

from __future__ import annotations

import os


def sync_directory(path: str) -> None:
    """The entries of a directory are on the disk when it returns. OSError."""
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
