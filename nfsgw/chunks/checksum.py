"""CRC-32C: of stored bytes, computed when an object is written and compared when it is read back; of requests too.

The one place that knows which library does it. The polynomial is Castagnoli's (RFC 3720, 12.1), a number of 32 bits.
"""

from __future__ import annotations

import google_crc32c


def crc32c(data: bytes) -> int:
    return int(google_crc32c.value(data))


def crc32c_from(seed: int, data: bytes) -> int:
    """Goes on from another one; equal data from different seeds never gives the same."""
    return int(google_crc32c.extend(seed, data))
