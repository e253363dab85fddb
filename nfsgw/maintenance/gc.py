"""`nfsgw gc`: finds objects in the store that no row names, and deletes them when told to.

A gateway that dies between a PUT and the commit that names the object leaves an orphan. The order makes it safe beside
a gateway that uploads: first the whole listing; then the keys that the gateway has in flight; then the rows. An upload
that the listing shows is in flight at the second step, or its row was durable before the third; and a key is never used
twice, so what is an orphan then stays one for ever. Must never act on an incomplete listing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from nfsgw import failpoints
from nfsgw.chunks.keys import parse_key
from nfsgw.chunks.stores import ObjectStore
from nfsgw.maintenance.listing import Listing

BATCH: Final = 500


class NotNow(Exception):
    """Collecting must wait. `str()` says for what, in one line."""


class Report:
    """What was found: numbers of objects, and of the orphans their bytes."""

    def __init__(self) -> None:
        self.listed = 0
        self.listed_bytes = 0
        self.named = 0  # a row names it, dead or alive
        self.in_flight = 0  # a running gateway is about to name it
        self.foreign = 0  # not of this filesystem, or not an object's key at all
        self.young = 0  # an orphan, but younger than was asked for
        self.orphans = 0
        self.orphan_bytes = 0
        self.deleted = 0


class Flight:
    """What a gateway has in flight, and the filesystem (fsid_major) that it serves."""

    def __init__(self, filesystem: int, keys: set[str]) -> None:
        self.filesystem = filesystem
        self.keys = keys


class Orphan:
    def __init__(self, key: str, size: int) -> None:
        self.key = key
        self.size = size


async def collect(
    store: ObjectStore,
    database: str,
    in_flight: Callable[[], Awaitable[Flight | None]],
    now: float,
    age: float,
    delete: bool,
    progress: Callable[[str], None],
) -> Report:
    """One collection. `in_flight` asks the gateway for the keys it has not named yet; None says that none runs, and
    then none may start before this returns. Orphans younger than `age` seconds at `now` (the store's clock) stay.

    StoreError, NamespaceUnusable, NotNow, whatever `in_flight` raises: nothing was deleted or, once deletion has begun,
    a part.
    """
    report = Report()
    listing = Listing()
    try:
        await listing.read(store, progress)
        flying = await in_flight()
        listing.attach(database)
        orphans = conclude(listing, flying, now, age, report)
        if failpoints.ARMED:
            failpoints.reached("gc.listed")
        if not delete:
            return report
        for first in range(0, len(orphans), BATCH):
            batch = orphans[first : first + BATCH]
            await store.delete([orphan.key for orphan in batch])
            if failpoints.ARMED:
                failpoints.reached("gc.deleted")
            report.deleted += len(batch)
            progress(f"{report.deleted} of {report.orphans} orphans deleted")
        return report
    finally:
        listing.close()


def conclude(listing: Listing, flying: Flight | None, now: float, age: float, report: Report) -> list[Orphan]:
    """The orphans. NotNow after a restore that nobody has checked, or when another gateway was asked."""
    report.listed, report.listed_bytes = listing.objects, listing.bytes
    if listing.meta("restored"):
        raise NotNow("this filesystem was restored from a backup: run `nfsgw fsck` first")
    filesystem = listing.meta("fsid_major")
    if flying is not None and flying.filesystem != filesystem:
        raise NotNow("the gateway that answers serves another filesystem: nothing is known of this one's uploads")
    keys: set[str] = flying.keys if flying is not None else set()
    database = listing.database
    database.execute("DELETE FROM listed WHERE key IN (SELECT CAST(key AS TEXT) FROM tree.object)")
    report.named = report.listed - listing.count()
    orphans: list[Orphan] = []
    for key, size, modified in database.execute("SELECT key, size, modified FROM listed ORDER BY key"):
        name = parse_key(key)
        if name is None or name.filesystem != filesystem:
            report.foreign += 1
        elif key in keys:
            report.in_flight += 1
        elif now - modified < age:
            report.young += 1
        else:
            orphans.append(Orphan(key, size))
            report.orphan_bytes += size
    report.orphans = len(orphans)
    return orphans
