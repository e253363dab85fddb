"""Names of objects in the store: whose they are, which chunk they were made for, and a part that never repeats.

Form: `ab/FILESYSTEM-INODE-INDEX-CHANCE`, numbers in hex; `ab` are two digits of the chance, which spread the keys. An
object of many chunks is `ab/FILESYSTEM-pack-CHANCE` and says inside what it holds (`packs.py`). A listing alone tells
so what an object is and that it belongs to this filesystem. Nothing but `nfsgw gc` and `fsck` reads
a key: which object a chunk has is said by the chunk map.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

_FORM: Final = re.compile(r"([0-9a-f]{2})/([0-9a-f]{16})-(?:([0-9a-f]+)-([0-9a-f]+)|pack)-[0-9a-f]{16}")


class ObjectName:
    """What a key says. Of a pack, inode and index are -1."""

    def __init__(self, filesystem: int, inode: int, index: int) -> None:
        self.filesystem = filesystem
        self.pack = inode < 0
        self.inode = inode
        self.index = index


def object_key(filesystem: int, inode: int, index: int) -> str:
    """A new one; never used twice. `filesystem` is the tree's fsid_major, below 2^64."""
    chance = secrets.token_hex(9)
    return f"{chance[:2]}/{filesystem:016x}-{inode:x}-{index:x}-{chance[2:]}"


def pack_key(filesystem: int) -> str:
    """A new one for an object of many chunks; never used twice."""
    chance = secrets.token_hex(9)
    return f"{chance[:2]}/{filesystem:016x}-pack-{chance[2:]}"


def parse_key(key: str) -> ObjectName | None:
    """None for what is no key of ours."""
    found = _FORM.fullmatch(key)
    if found is None:
        return None
    if found[3] is None:
        return ObjectName(int(found[2], 16), -1, -1)
    return ObjectName(int(found[2], 16), int(found[3], 16), int(found[4], 16))
