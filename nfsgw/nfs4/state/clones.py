"""Machines that present one client identity, as those cloned from one image do, told from one that rebooted.

To the server each is the other's next incarnation, and takes away what the other holds (RFC 8881, 18.35.4, case 5; RFC
7530, 16.34). A machine that rebooted never comes back with the verifier of an earlier boot; one that was pushed aside
does. Must never change what happens to a client: it only tells.
"""

from __future__ import annotations

from typing import Final

from nfsgw.nfs4.state.sessions import Client

KEPT_OWNERS: Final = 1000  # whose identity changed hands lately
KEPT_INCARNATIONS: Final = 8  # of each
TELL_EVERY: Final = 60.0  # seconds between two lines about one identity

MEND: Final = (
    "each takes away what the other has open and locked. Give every machine an identity of its own before it mounts:"
    " write a unique string to /sys/fs/nfs/net/nfs_client/identifier, or set the parameter nfs4_unique_id of the kernel"
    " module nfs"
)
MEND_OLD: Final = ". A Mac's is made of the hardware address of its interface en0: give a virtual one another"


class Lineage:
    """Who has had one identity: address by verifier, in the order of their coming."""

    def __init__(self) -> None:
        self.incarnations: dict[bytes, str] = {}
        self.told = 0.0  # when last; 0: never


class Clones:
    """`found` counts the times that a machine came back for an identity that another had taken."""

    def __init__(self) -> None:
        self.found = 0
        self._lineages: dict[bytes, Lineage] = {}

    def replaced(self, earlier: Client, later: Client, now: float) -> str:
        """`later` takes the place of `earlier`, which has the same owner. What there is to say about it; empty when
        it is nothing, or was said a short while ago."""
        if earlier.verifier == later.verifier:
            return ""
        lineage = self._lineages.pop(later.owner, None)
        if lineage is None:
            if len(self._lineages) >= KEPT_OWNERS:
                del self._lineages[next(iter(self._lineages))]
            lineage = Lineage()
        self._lineages[later.owner] = lineage  # the last to go
        incarnations = lineage.incarnations
        incarnations[earlier.verifier] = earlier.address
        back = later.verifier in incarnations
        incarnations[later.verifier] = later.address
        if len(incarnations) > KEPT_INCARNATIONS:
            del incarnations[next(iter(incarnations))]
        if not back:
            return ""
        self.found += 1
        if lineage.told and now - lineage.told < TELL_EVERY:
            return ""
        lineage.told = now
        owner = later.owner.decode("utf-8", "backslashreplace")
        where = f"at {later.address} and {earlier.address}"
        if later.address == earlier.address:
            where = f"behind {later.address}"
        return f"two machines {where} have one client identity ({owner}): {MEND}" + (
            MEND_OLD if later.minor == 0 else ""
        )
