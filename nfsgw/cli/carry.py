"""`nfsgw dump` and `load`: a tree leaves as a tar archive, and comes in as one.

A dump is of a filesystem at rest or at work. Loading takes the data directory for itself, and ends with a filesystem
that was never served.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO

from nfsgw.admin.words import near
from nfsgw.chunks.chunks import Chunks
from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreError
from nfsgw.cli import DONE, Failure
from nfsgw.cli.maintain import Progress, Workplace
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory, DataDirectoryError
from nfsgw.fsync import sync_directory
from nfsgw.lineage import settle as take_for_own
from nfsgw.maintenance.backup import BackupFailed, backup
from nfsgw.maintenance.dump import Dump, DumpFailed
from nfsgw.maintenance.load import Load, LoadFailed, is_empty, settle
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.settings import fill_chunk_settings, namespace_settings, store_options, store_url

STANDARD = "-"


def dump(config: Config, into: str) -> int:
    progress = Progress()
    with Workplace(config) as place:
        try:
            done = asyncio.run(_dumped(place, into, progress))
        except (BackupFailed, DumpFailed, StoreError, NamespaceUnusable, OSError) as error:
            raise Failure(str(error)) from error
        finally:
            progress.clear()
    if into != STANDARD:
        print(f"{into}: {done.objects} objects, {near(done.bytes)} of data")
    return DONE


async def _dumped(place: Workplace, into: str, progress: Progress) -> Dump:
    store = place.store()
    try:
        with tempfile.TemporaryDirectory(prefix="dump-", dir=place.directory.path) as work, _output(into) as file:
            copy = os.path.join(work, "copy")
            backup(place.directory.database, place.staging, copy, progress.show)
            made = Dump(copy, store, file, progress.show)
            await made.run()
            return made
    finally:
        await store.close()


@contextlib.contextmanager
def _output(path: str) -> Iterator[IO[bytes]]:
    """The file gets its name when it is whole and durable. OSError."""
    if path == STANDARD:
        yield sys.stdout.buffer
        return
    if os.path.exists(path):
        raise DumpFailed(f"{path}: there is such a file already")
    building = f"{path}.new"
    try:
        with open(building, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(building, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(building)
    sync_directory(os.path.dirname(os.path.abspath(path)))


def load(config: Config, source: str) -> int:
    """The data directory is made where it is missing; its tree must have nothing but a root."""
    directory = DataDirectory(config.text("data.dir"))
    progress = Progress()
    try:
        directory.make()
        directory.lock()
        if directory.is_initialised() and not is_empty(directory.database):
            raise Failure(
                f"{directory.path}: there is something in this filesystem; an archive is loaded into a new one"
            )
        with contextlib.ExitStack() as stack:
            file = sys.stdin.buffer if source == STANDARD else stack.enter_context(open(source, "rb"))
            done = asyncio.run(_loaded(config, directory, file, progress))
    except (
        LoadFailed, DataDirectoryError, NamespaceUnusable, StoreError, OSError, ValueError, sqlite3.Error
    ) as error:  # fmt: skip
        raise Failure(str(error)) from error
    finally:
        progress.clear()
        directory.unlock()
    print(f"{directory.path}: {done.objects} objects, {near(done.bytes)} of data")
    return DONE


async def _loaded(config: Config, directory: DataDirectory, source: IO[bytes], progress: Progress) -> Load:
    names = namespace_settings(config)
    if not directory.is_initialised():
        init(directory.database, names)
    take_for_own(directory)
    loop = asyncio.get_running_loop()
    failed: list[str] = []

    def fail(message: str) -> None:
        failed.append(message)
        task.cancel()

    settings = ChunkSettings()
    fill_chunk_settings(settings, config)
    namespace = Namespace.open(directory.database, names, loop.call_soon, loop.call_soon_threadsafe, fail)
    chunks = Chunks(directory.chunks, namespace, store_url(config, directory), store_options(config), settings, fail)
    with tempfile.TemporaryDirectory(prefix="load-", dir=directory.path) as work:
        notes = os.path.join(work, "notes")
        made = Load(namespace, chunks, notes, time.time_ns, progress.show)
        orderly = False
        task = loop.create_task(_through(chunks, made, source))
        try:
            await task
            orderly = True
        except asyncio.CancelledError:
            raise LoadFailed(failed[0] if failed else "interrupted") from None
        finally:
            if orderly:
                await chunks.close()
                await namespace.close()
            else:
                namespace.abandon()
                await chunks.abandon()
        settle(directory.database, notes, names)
    return made


async def _through(chunks: Chunks, made: Load, source: IO[bytes]) -> None:
    await chunks.start()
    await made.run(source)
