"""Filehandles: format, filesystem, inode id, and a keyed MAC over them.

Nobody can make a handle of an object that he was never given, so a directory's permissions cannot be walked around. A
handle depends on nothing that a rename, restart, upgrade or restore changes. RFC 8881, 4.2.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Final

from nfsgw.errors import NFSError
from nfsgw.wire.nfs4 import NFS4ERR_BADHANDLE, NFS4ERR_STALE

FORMAT: Final = 1
LENGTH: Final = 32  # format 1, fsid major 8, inode id 8, MAC 15
_BODY: Final = 17
_MAC: Final = LENGTH - _BODY


class Handles:
    """The handles of one filesystem. Verified ones are remembered, up to `bound`; then remembering starts afresh."""

    def __init__(self, fsid_major: int, key: bytes, bound: int) -> None:
        self._fsid = fsid_major
        self._key = key
        self._bound = bound
        self._known: dict[bytes, int] = {}

    def make(self, inode_id: int) -> bytes:
        body = struct.pack(">BQQ", FORMAT, self._fsid, inode_id)
        return body + blake2b(body, digest_size=_MAC, key=self._key).digest()

    def read(self, handle: bytes) -> int:
        """The inode id. BADHANDLE: not one of ours, or forged. STALE: of another filesystem."""
        known = self._known.get(handle)
        if known is not None:
            return known
        if len(handle) != LENGTH or handle[0] != FORMAT:
            raise NFSError(NFS4ERR_BADHANDLE)
        fsid: int
        inode_id: int
        _, fsid, inode_id = struct.unpack(">BQQ", handle[:_BODY])
        if fsid != self._fsid:
            raise NFSError(NFS4ERR_STALE)
        if self.make(inode_id) != handle:
            raise NFSError(NFS4ERR_BADHANDLE)
        if len(self._known) >= self._bound:
            self._known.clear()
        self._known[bytes(handle)] = inode_id
        return inode_id
