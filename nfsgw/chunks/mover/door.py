"""The Mover door: who carries bytes between staging files and the object store, beside the event loop.

Must never block the loop; a request under way when its task is cancelled may have taken effect or not.
"""

from __future__ import annotations

from typing import Protocol

from nfsgw.chunks.counts import StoreCounts
from nfsgw.chunks.parcels import Parcel


class Mover(Protocol):
    """All calls may raise StoreError."""

    counts: StoreCounts
    starts: int
    doubled: int
    """Reads that were sent a second time, as they were slow."""

    @property
    def pid(self) -> int: ...

    async def start(self) -> None: ...

    async def put(
        self, key: str, path: str, offset: int, length: int, metadata: dict[str, str], body: bytes | None = None
    ) -> int:
        """Stores [offset, offset + length) of a file, or `body`. Returns the CRC-32C of what was stored."""
        ...

    async def pack(
        self, key: str, filesystem: tuple[int, int], parcels: list[Parcel], paths: list[str], metadata: dict[str, str]
    ) -> list[int]:
        """Stores many chunks as one object; `paths` are of the files that hold them, empty where a parcel has its bytes
        itself. Returns the CRC-32C of each."""
        ...

    async def get(self, key: str, offset: int, length: int, path: str) -> int:
        """Writes a part of an object to the start of a file. Returns the CRC-32C of what came. MissingObject; OSError:
        the file could not be written."""
        ...

    async def delete(self, keys: list[str]) -> None: ...

    async def probe(self) -> None: ...

    async def close(self) -> None: ...
