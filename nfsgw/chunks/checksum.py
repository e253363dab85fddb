"""CRC-32C of stored bytes: computed when an object is written, compared when it is read back.

The one place that knows which library does it. The polynomial is Castagnoli's (RFC 3720, 12.1), a number of 32 bits.
"""

from __future__ import annotations

import google_crc32c


def crc32c(data: bytes) -> int:
    return int(google_crc32c.value(data))
