"""Universal addresses: where a 4.0 client says that it takes callbacks. RFC 5665, 5.2.3; RFC 7530, 16.33.3.

Never looked up: what is no literal address of one machine is none.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Final

FAMILIES: Final = {b"tcp": 4, b"tcp6": 6}
LONGEST: Final = 64  # bytes


def parsed(netid: bytes, address: bytes) -> tuple[str, int] | None:
    """Host and port; None for what cannot be called."""
    family = FAMILIES.get(netid)
    if family is None or len(address) > LONGEST or not address.isascii():
        return None
    parts = address.decode("ascii").rsplit(".", 2)
    if len(parts) != 3 or not all(part.isdecimal() and int(part) < 256 for part in parts[1:]):
        return None
    port = int(parts[1]) * 256 + int(parts[2])
    try:
        host = IPv4Address(parts[0]) if family == 4 else IPv6Address(parts[0])
    except ValueError:
        return None
    if port == 0 or host.is_unspecified or host.is_multicast:
        return None
    return str(host), port
