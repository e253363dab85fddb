"""The layout of a pack: an object that holds many small chunks, with a table at its start that says what each is.

A head (magic, the filesystem's two numbers, how many members, the table's CRC-32C), an entry for each member (inode,
index, offset and length in the object, CRC-32C of its bytes), then the bytes, in the order of the table. Numbers are
big-endian. Readers go by the chunk map and never need the table; fsck does, when the map has lost its row.
"""

from __future__ import annotations

import struct
from typing import Final

from nfsgw.chunks.checksum import crc32c

MAGIC: Final = b"nfsgwpk1"
SMALL: Final = 1 << 20  # a chunk not longer than this is packed with others
FULL: Final = 4 << 20  # bytes of members in one pack
MOST: Final = 2048  # members of one pack

_HEAD: Final = struct.Struct(">8sQQII")
_ENTRY: Final = struct.Struct(">QQIII")


class Member:
    def __init__(self, inode: int, index: int, offset: int, length: int, checksum: int) -> None:
        self.inode = inode
        self.index = index
        self.offset = offset
        self.length = length
        self.checksum = checksum


def table_size(count: int) -> int:
    """Where the first member's bytes start, in a pack of so many."""
    return _HEAD.size + count * _ENTRY.size


def offsets(lengths: list[int]) -> list[int]:
    """Where in a pack the members of these lengths start; after the last comes the length of the whole."""
    at = table_size(len(lengths))
    found = [at]
    for length in lengths:
        at += length
        found.append(at)
    return found


def table(filesystem: tuple[int, int], members: list[Member]) -> bytes:
    entries = b"".join(_ENTRY.pack(one.inode, one.index, one.offset, one.length, one.checksum) for one in members)
    return _HEAD.pack(MAGIC, *filesystem, len(members), crc32c(entries)) + entries


def head_count(head: bytes, filesystem: tuple[int, int]) -> int | None:
    """How many members a pack of this filesystem has, from its first `table_size(0)` bytes; None: it is no such
    pack."""
    if len(head) < _HEAD.size:
        return None
    magic, major, minor, count, _ = _HEAD.unpack_from(head)
    if magic != MAGIC or (major, minor) != filesystem or count > MOST:
        return None
    return int(count)


def members(data: bytes, filesystem: tuple[int, int]) -> list[Member] | None:
    """What the table at the start of `data` says; None: there is none of this filesystem, or it is damaged."""
    count = head_count(data, filesystem)
    if count is None or len(data) < table_size(count):
        return None
    entries = data[_HEAD.size : table_size(count)]
    if crc32c(entries) != _HEAD.unpack_from(data)[4]:
        return None
    return [Member(*found) for found in _ENTRY.iter_unpack(entries)]
