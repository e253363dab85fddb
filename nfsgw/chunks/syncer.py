"""Makes written bytes durable: fdatasync of staging files in threads, then rows, then the commit they are in.

One round per file at a time; whoever asks while one runs and something was written since, shares the next. Rows are
stored only when the bytes they speak of are on disk, with the lengths that were true when the round began. A disk
that fails fdatasync ends the process: the page cache may have dropped what it could not write.
"""

from __future__ import annotations

import logging
import os
from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial

from nfsgw import failpoints
from nfsgw.chunks.health import Beat
from nfsgw.chunks.parcels import Parcel
from nfsgw.chunks.slots import Slot, Slots
from nfsgw.chunks.table import Chunk, File, Table
from nfsgw.chunks.uploader import Uploader
from nfsgw.errors import NFSError
from nfsgw.fsync import sync_directory
from nfsgw.namespace.door import NamespaceDoor
from nfsgw.namespace.model import ChunkRow, Inode
from nfsgw.suspend import Completion
from nfsgw.wire.nfs4 import NFS4ERR_IO

log = logging.getLogger(__name__)


class Member:
    """A dirty chunk as it was when the round began."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.generation = chunk.generation
        self.length = chunk.length
        self.slot = chunk.slot
        self.inline = bytes(chunk.data) if chunk.slot is None and chunk.data is not None else None
        self.uploaded: ChunkRow | None = None


class Round:
    def __init__(self, file: File, completion: Completion | None) -> None:
        self.file = file
        self.completion = completion
        self.members: list[Member] = []
        self.size = 0
        self.cuts = 0
        self.bytes = 0
        self.jobs = 0
        self.error: BaseException | None = None


class Syncer:
    def __init__(
        self,
        table: Table,
        slots: Slots,
        namespace: NamespaceDoor,
        loop: AbstractEventLoop,
        threads: int,
        pool: Executor,
        beat: Beat,
        on_fatal: Callable[[str], None],
        uploader: Uploader,
        to_store: bool,
    ) -> None:
        """`to_store`: what is synced goes to the object store instead of this disk's stable storage."""
        self._table = table
        self._slots = slots
        self._namespace = namespace
        self._loop = loop
        self._threads = threads
        self._pool = pool
        self._beat = beat
        self._on_fatal = on_fatal
        self._uploader = uploader
        self._to_store = to_store
        self._failed = False

    @property
    def rounds(self) -> int:
        """Files that are being synced. Walks the files that are dirty."""
        return sum(1 for file in self._table.dirty.values() if file.syncing)

    def sync(self, inode: Inode) -> Completion | None:
        """See ChunksDoor.sync."""
        file = self._table.files.get(inode.id)
        if file is None or (not file.dirty and not file.syncing):
            return self._namespace.reach(inode.seq) if inode.seq > self._namespace.durable else None
        if not file.syncing:
            return self._begin(file, None)
        if not file.stale and file.running is not None:
            return file.running
        if file.following is None:
            file.following = Completion()
        return file.following

    def _begin(self, file: File, completion: Completion | None) -> Completion:
        """Starts a round, or, where no staging file needs the disk, stores the rows at once."""
        work = Round(file, completion)
        slots = self._gather(work)
        if not slots and not self._to_store:
            return self._store(work)
        if work.completion is None:
            work.completion = Completion()
        file.syncing = True
        file.running = work.completion
        if self._to_store:
            self._carry(work)
        else:
            self._submit(work, slots)
        return work.completion

    def _gather(self, work: Round) -> list[Slot]:
        file = work.file
        inode = file.inode
        if inode is None:
            raise AssertionError("a dirty file without its inode")
        file.stale = False
        work.size = inode.size
        work.cuts = file.cuts
        work.bytes = file.unsynced
        file.unsynced = 0
        work.members = [Member(chunk) for chunk in file.dirty.values()]
        return [
            member.slot
            for member in work.members
            if member.slot is not None and member.chunk.settled != member.generation
        ]

    def _submit(self, work: Round, slots: list[Slot]) -> None:
        parts = min(self._threads, len(slots))
        work.jobs = parts
        work.error = None
        for part in range(parts):
            mine = slots[part::parts]
            descriptors = [self._slots.pin(slot) for slot in mine]
            directories = {self._slots.directory(slot) for slot in mine if slot.fresh}
            if directories:
                directories.add(self._slots.root)
            job = self._pool.submit(settle, descriptors, directories)
            job.add_done_callback(partial(self._post, work, mine))

    def _carry(self, work: Round) -> None:
        """All members to the object store, in parallel. A file of one small chunk shares its object with others: its
        row is stored in the turn of the loop in which the object gets its id. A round of several stores its rows later,
        so each has an object of its own."""
        work.jobs = len(work.members)
        for member in work.members:
            chunk = member.chunk
            parcel = Parcel(work.file.inode_id, chunk.index, member.length, partial(self._carried, work, member))
            parcel.slot = member.slot
            parcel.body = member.inline or b""
            parcel.alone = parcel.alone or work.jobs > 1
            if member.slot is not None:
                member.slot.pins += 1  # its bytes are read when the parcel's turn comes
            self._uploader.carry(parcel)

    def _carried(self, work: Round, member: Member, uploaded: ChunkRow) -> None:
        if member.slot is not None:
            self._slots.unpin(member.slot)
        member.uploaded = uploaded
        work.jobs -= 1
        if work.jobs == 0:
            self._settled(work)

    def _post(self, work: Round, slots: list[Slot], job: Future[None]) -> None:
        self._loop.call_soon_threadsafe(self._landed, work, slots, job)

    def _landed(self, work: Round, slots: list[Slot], job: Future[None]) -> None:
        error = job.exception()
        for slot in slots:
            self._slots.unpin(slot)
            if error is None:
                slot.fresh = False
        if error is not None:
            work.error = error
        work.jobs -= 1
        if work.jobs:
            return
        completion = work.completion
        if work.error is not None:
            self._fail(work.error)
            if completion is not None:
                completion.fail(NFSError(NFS4ERR_IO, "the staging disk failed"))
            return
        for member in work.members:
            if member.slot is not None:
                member.chunk.settled = max(member.chunk.settled, member.generation)
        self._settled(work)

    def _settled(self, work: Round) -> None:
        """The bytes are where nothing takes them away."""
        file = work.file
        completion = work.completion
        self._table.dirty_bytes -= work.bytes
        work.bytes = 0
        if file.gone:
            self._discard(work)
            self._finish_gone(file, completion)
        elif file.cuts != work.cuts:
            self._discard(work)
            self._again(work)
        else:
            file.syncing = False
            file.running = None
            self._store(work)
            self._follow(file)

    def _discard(self, work: Round) -> None:
        """What was uploaded will have no row. A pack is named already."""
        for member in work.members:
            row = member.uploaded
            if row is not None and not row.object:
                self._uploader.bury(row.key, row.stored_length)

    def _again(self, work: Round) -> None:
        """The file was truncated meanwhile: what is still dirty is gathered anew, for the same waiters."""
        file = work.file
        if file.inode is None or not file.dirty:
            file.syncing = False
            file.running = None
            self.release(file)
            self._chain(work.completion)
            self._follow(file)
            return
        slots = self._gather(work)
        if self._to_store:
            self._carry(work)
            return
        if slots:
            self._submit(work, slots)
            return
        file.syncing = False
        file.running = None
        self._store(work)
        self._follow(file)

    def _follow(self, file: File) -> None:
        following = file.following
        file.following = None
        if following is None:
            return
        if file.dirty and file.inode is not None:
            self._begin(file, following)
        else:
            self._chain(following)

    def _finish_gone(self, file: File, completion: Completion | None) -> None:
        file.syncing = False
        file.running = None
        following = file.following
        file.following = None
        for waiter in (completion, following):
            if waiter is not None:
                waiter.finish()

    def _store(self, work: Round) -> Completion:
        """Rows into the open batch. Returns what is done when that batch is durable."""
        file = work.file
        inode = file.inode
        if inode is None:
            raise AssertionError("a dirty file without its inode")
        rows: list[tuple[int, ChunkRow | None]] = []
        used = inode.used
        clean: list[Chunk] = []
        for member in work.members:
            chunk = member.chunk
            row = member.uploaded
            if row is not None:
                if not row.object:
                    row.object = self._namespace.new_object(row.key, row.stored_length, 1)
                    self._uploader.named(row.key.decode("ascii"))
                self._uploader.uploaded += 1
            elif chunk.gone:
                continue
            else:
                row = ChunkRow(member.length)
                if member.slot is not None:
                    row.slot = member.slot.number
                else:
                    row.inline = member.inline
            if chunk.gone:
                continue
            used += row.length - (chunk.row.length if chunk.row is not None else 0)
            rows.append((chunk.index, row))
            chunk.row = row
            if chunk.generation == member.generation:
                chunk.dirty = False
                file.dirty.pop(chunk.index, None)
                if member.uploaded is None:
                    clean.append(chunk)
        self._table.dirty_bytes -= work.bytes
        seq = self._namespace.store_chunks(inode, rows, max(inode.stored_size, work.size), used)
        self.release(file)
        if failpoints.ARMED:
            failpoints.reached("sync.stored")
        reached = self._namespace.reach(seq)
        for chunk in clean:
            self._uploader.clean(chunk)
        if self._to_store:
            reached.when_done(partial(self._placed, work))
        if work.completion is None:
            return reached
        reached.when_done(partial(hand_on, work.completion))
        return work.completion

    def _placed(self, work: Round, completion: Completion) -> None:
        if completion.error is None:
            for member in work.members:
                if member.uploaded is not None:
                    self._uploader.placed(member.chunk, member.slot, member.uploaded)

    def _chain(self, completion: Completion | None) -> None:
        """Nothing is left to store: done when all that was stored before is durable."""
        if completion is not None:
            self._namespace.reach(self._namespace.latest()).when_done(partial(hand_on, completion))

    def release(self, file: File) -> None:
        """A file that has nothing more to write lets go of its inode; one that has takes its place in the queue
        anew."""
        inode = file.inode
        if inode is None or file.syncing:
            return
        table = self._table
        table.dirty.pop(file.inode_id, None)
        if file.dirty:
            file.dirty_since = self._beat.now
            table.dirty[file.inode_id] = file
            return
        table.dirty_bytes -= file.unsynced
        file.unsynced = 0
        self._namespace.unpin(inode)
        file.inode = None

    def settle_early(self, chunk: Chunk) -> None:
        """Sends a full chunk to the disk before anybody asks, so that the sync that comes finds little to do."""
        slot = chunk.slot
        if slot is None or self._failed or self._to_store:
            return
        directories = {self._slots.directory(slot), self._slots.root} if slot.fresh else set()
        job = self._pool.submit(settle, [self._slots.pin(slot)], directories)
        job.add_done_callback(partial(self._post_early, chunk, slot, chunk.generation))

    def _post_early(self, chunk: Chunk, slot: Slot, generation: int, job: Future[None]) -> None:
        self._loop.call_soon_threadsafe(self._landed_early, chunk, slot, generation, job)

    def _landed_early(self, chunk: Chunk, slot: Slot, generation: int, job: Future[None]) -> None:
        self._slots.unpin(slot)
        error = job.exception()
        if error is not None:
            self._fail(error)
        else:
            slot.fresh = False
            if chunk.slot is slot:
                chunk.settled = max(chunk.settled, generation)

    def run(self, call: Callable[[], None], then: Callable[[BaseException | None], None]) -> None:
        """Another blocking call in the same threads; `then` runs on the loop."""
        job = self._pool.submit(call)
        job.add_done_callback(partial(self._post_run, then))

    def _post_run(self, then: Callable[[BaseException | None], None], job: Future[None]) -> None:
        self._loop.call_soon_threadsafe(then, job.exception())

    def _fail(self, error: BaseException) -> None:
        self._failed = True
        self._on_fatal(f"fdatasync of a staging file failed: {error}")

    def close(self) -> None:
        """Waits for the threads."""
        self._pool.shutdown()


def settle(descriptors: list[int], directories: set[str]) -> None:
    """In a thread: bytes of files and entries of directories to the disk. OSError."""
    if failpoints.ARMED:
        failpoints.reached("sync.begun")
    for descriptor in descriptors:
        os.fdatasync(descriptor)
    for path in directories:
        sync_directory(path)
    if failpoints.ARMED:
        failpoints.reached("sync.settled")


def hand_on(waiter: Completion, completion: Completion) -> None:
    if completion.error is None:
        waiter.finish()
    else:
        waiter.fail(completion.error)
