"""Rewrites packs that are mostly dead: what still lives in them goes into new packs, and the old ones die of it.

A pack is looked at when chunks have let go of it. Nothing is written over and nothing deleted here: a member moves by
a new object and a row that takes the old one's place, if it is still the same; the sweeper deletes what nothing refers
to. Dying in between leaves an object that no row names, for `nfsgw gc`.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

from nfsgw import failpoints
from nfsgw.chunks.cache import Cache, place_of
from nfsgw.chunks.health import Beat, StoreHealth
from nfsgw.chunks.mover.door import Mover
from nfsgw.chunks.packs import FULL, MOST
from nfsgw.chunks.parcels import Parcel
from nfsgw.chunks.room import Room
from nfsgw.chunks.rounds import Rounds
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.stores import MissingObject, StoreError
from nfsgw.chunks.sweeper import arrival
from nfsgw.chunks.table import Table
from nfsgw.chunks.uploader import Uploader
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import ChunkRow, Pack

log = logging.getLogger(__name__)

PAGE: Final = 64  # packs read at once
SOURCES: Final = 16  # packs rewritten into one: each takes a staging file meanwhile


class Compactor:
    def __init__(
        self,
        table: Table,
        slots: Slots,
        cache: Cache,
        room: Room,
        namespace: NamespaceDoor,
        mover: Mover,
        uploader: Uploader,
        health: StoreHealth,
        beat: Beat,
        settings: ChunkSettings,
    ) -> None:
        self._table = table
        self._slots = slots
        self._cache = cache
        self._room = room
        self._namespace = namespace
        self._mover = mover
        self._uploader = uploader
        self._settings = settings
        self._rounds = Rounds(self.compact, settings, beat, health)
        self._damaged: set[int] = set()  # packs with members that cannot be moved
        self._parcels: list[Parcel] = []  # of the pack in the making, and the files that hold their bytes
        self._sources: list[Slot] = []
        self._bytes = 0
        self.moved = 0  # chunks
        self.rewritten = 0  # packs, whose chunks these were

    @property
    def damaged(self) -> int:
        """Packs that cannot be rewritten, as far as is known."""
        return len(self._damaged)

    def beat(self) -> None:
        self._rounds.beat()

    async def compact(self) -> None:
        """One pass over the packs that chunks have let go of. A store that fails ends it; the next one goes on."""
        after = 0
        try:
            while packs := self._namespace.thinned_packs(after, PAGE):
                for pack in packs:
                    after = pack.object
                    if pack.object not in self._damaged:
                        await self._look_at(pack)
                        await asyncio.sleep(0)  # clients are served between two of them
            await self._ship()
        except (StoreError, OSError) as error:
            log.warning("packs stay as they are for now: %s", error)
        finally:
            self._let_go()

    async def _look_at(self, pack: Pack) -> None:
        live = self._namespace.pack_live(pack.object)
        if live == 0:
            return  # the commit that took the last of it has marked it dead
        if live * 2 > pack.length:
            self._namespace.settle_pack(pack.object, live)
            return
        members = self._namespace.pack_members(pack.object)
        if self._sources and (
            self._bytes + live > FULL or len(self._parcels) + len(members) > MOST or len(self._sources) >= SOURCES
        ):
            await self._ship()
        try:
            slot = await self._fetch(pack)
        except MissingObject as error:
            log.error("a pack cannot be rewritten: %s", error)
            self._damaged.add(pack.object)
            return
        for inode, index, row in members:
            parcel = Parcel(inode, index, row.stored_length, partial(self._arrived, inode, index, row))
            parcel.slot = slot
            parcel.start = row.offset
            parcel.tried_once = True
            self._parcels.append(parcel)
        self._bytes += live

    async def _fetch(self, pack: Pack) -> Slot:
        """The whole of it: fewer requests than members."""
        slot = self._slots.take(self._namespace.durable)
        self._slots.pin(slot)
        self._sources.append(slot)
        self._room.admit_fetch(max(0, pack.length - slot.high))
        slot.high = max(slot.high, pack.length)
        await self._mover.get(pack.key.decode("ascii"), 0, pack.length, self._slots.path(slot))
        if failpoints.ARMED:
            failpoints.reached("compact.fetched")
        return slot

    async def _ship(self) -> None:
        """The rows that it stores are durable afterwards. StoreError."""
        if self._parcels:
            await self._uploader.ship(self._parcels)
            self.rewritten += len(self._sources)
            if failpoints.ARMED:
                failpoints.reached("compact.stored")
            await arrival(self._namespace.reach(self._namespace.latest()))
        self._let_go()

    def _let_go(self) -> None:
        for slot in self._sources:
            self._slots.unpin(slot)
            self._slots.free(slot, 0)
        self._sources = []
        self._parcels = []
        self._bytes = 0

    def _arrived(self, inode: int, index: int, old: ChunkRow, moved: ChunkRow) -> None:
        """A member lies in its new place; what has changed meanwhile stays what it has become."""
        key = moved.key.decode("ascii")
        alone = moved.object == 0
        if moved.checksum != old.checksum:
            log.error("a member of pack %s is damaged: inode %d, chunk %d", old.key.decode("ascii"), inode, index)
            self._damaged.add(old.object)
            if alone:
                self._uploader.bury(moved.key, moved.stored_length)
            return
        moved.length = old.length
        seq = self._namespace.store_upload(inode, index, old, moved)
        if alone:
            self._uploader.named(key)
        if seq == 0:
            return
        self.moved += 1
        file = self._table.files.get(inode)
        chunk = None if file is None else file.chunks.get(index)
        if chunk is not None and chunk.row is not None and chunk.row.object == old.object:
            chunk.row = moved
        self._cache.rename(place_of(old), place_of(moved))

    async def close(self) -> None:
        await self._rounds.close()
