"""Small chunks that are ready for the store, kept together until they fill a pack or the first has waited long enough.

What is durable does not change here: the rows of these chunks say that their bytes are on the local disk, and a restart
finds them by that. Nobody waits for one; whoever begins to must have all of them go (`Uploader.urge`).
"""

from __future__ import annotations

from collections import deque

from nfsgw.chunks.health import Beat
from nfsgw.chunks.packs import FULL, MOST
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.table import Chunk


class Gathering:
    """First in, first out. Lengths are those at the time of `add`: what changes here is dirty, and passed over."""

    def __init__(self, settings: ChunkSettings, beat: Beat) -> None:
        self._settings = settings
        self._beat = beat
        self._chunks: deque[tuple[Chunk, int, float]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._chunks)

    def add(self, chunk: Chunk) -> None:
        """It waits `pack_after` from now, or from when it could have been here first."""
        since = min(self._beat.now, chunk.touched + self._settings.upload_after)
        self._chunks.append((chunk, chunk.length, since))
        self._bytes += chunk.length

    def take(self) -> Chunk:
        """The first. IndexError: there is none."""
        chunk, length, _ = self._chunks.popleft()
        self._bytes -= length
        return chunk

    @property
    def full(self) -> bool:
        """Enough for a pack."""
        return self._bytes >= FULL or len(self._chunks) >= MOST

    @property
    def due(self) -> bool:
        """The first has waited long enough. Nobody behind it can have to wait longer than from the time he came."""
        return bool(self._chunks) and self._chunks[0][2] <= self._beat.now - self._settings.pack_after

    def waiting(self) -> list[Chunk]:
        return [chunk for chunk, _, _ in self._chunks]
