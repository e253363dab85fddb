"""Messages between the gateway and its mover: a head in JSON and bytes behind it, each with its length before it.

Both ends are of one version, started together: there is no negotiation. A frame over LIMIT is a defect of the sender
and ends the connection.
"""

from __future__ import annotations

import json
import struct
from typing import Any

Head = dict[str, Any]

LIMIT = 64 * 1024 * 1024
_LENGTHS = struct.Struct(">II")


def pack(head: Head, body: bytes = b"") -> list[bytes]:
    text = json.dumps(head, separators=(",", ":")).encode()
    return [_LENGTHS.pack(len(text), len(body)), text, body]


class Unpacker:
    """Gathers frames from a stream that comes in pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[Head, bytes]]:
        """The frames that `data` completes. ValueError: this is no stream of frames."""
        buffer = self._buffer
        buffer += data
        frames: list[tuple[Head, bytes]] = []
        at = 0
        while len(buffer) - at >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(buffer, at)
            if head > LIMIT or body > LIMIT:
                raise ValueError("a frame over the limit")
            start = at + _LENGTHS.size
            if len(buffer) - start < head + body:
                break
            frames.append((json.loads(buffer[start : start + head]), bytes(buffer[start + head : start + head + body])))
            at = start + head + body
        del buffer[:at]
        return frames
