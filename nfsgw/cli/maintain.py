"""`nfsgw gc`, `fsck`, `backup`, `restore`: what touches the data directory and the store from outside the gateway.

Where a gateway runs it is asked; where none runs the directory's lock keeps one from starting meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
import time

from nfsgw.admin.protocol import AdminError, ask
from nfsgw.admin.words import near
from nfsgw.chunks.stores import ObjectStore, StoreError, open_store
from nfsgw.cli import DONE, FAILED, Failure
from nfsgw.cli.show import in_json
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory, DataDirectoryError, InUse
from nfsgw.lineage import recognise, settle
from nfsgw.maintenance.backup import BackupFailed
from nfsgw.maintenance.backup import backup as save
from nfsgw.maintenance.backup import restore as put_back
from nfsgw.maintenance.fsck import Fsck, Verdict
from nfsgw.maintenance.gc import Flight, NotNow, Report, collect
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.schema import mark_restored
from nfsgw.settings import namespace_settings, store_options, store_url


class Workplace:
    """The data directory for the time of a command. `running`: a gateway has it; else it is ours alone."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.directory = DataDirectory(config.text("data.dir"))
        self.staging = self.directory.staging
        self.running = False

    def __enter__(self) -> Workplace:
        if not self.directory.is_initialised():
            raise Failure(f"{self.directory.path}: there is no filesystem here")
        try:
            self.directory.lock()
        except InUse:
            self.running = True
        except DataDirectoryError as error:
            raise Failure(str(error)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self.directory.unlock()

    def store(self) -> ObjectStore:
        url = store_url(self.config, self.directory)
        try:
            return open_store(url, store_options(self.config))
        except ValueError as error:
            raise Failure(f"store.url: {error}") from error

    async def uploads_in_flight(self) -> Flight | None:
        """Of the gateway that runs now; Failure when it cannot be asked, for then nothing is known."""
        if not self.running:
            return None
        path = self.config.text("admin.socket") or self.directory.admin_socket
        try:
            answer = await asyncio.to_thread(ask, path, "uploads")
        except AdminError as error:
            raise Failure(f"a gateway holds {self.directory.path} and cannot be asked: {error}") from error
        if not isinstance(answer, dict):
            raise Failure(f"{path}: not the answer of a gateway")
        return Flight(int(answer["filesystem"], 16), set(answer["in_flight"]))


class Progress:
    """A line that is written over, on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._shown = False
        self._next = 0.0

    def show(self, text: str) -> None:
        if sys.stderr.isatty() and time.monotonic() >= self._next:
            self._next = time.monotonic() + 0.1
            self._shown = True
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def gc(config: Config, delete: bool, age: float, as_json: bool) -> int:
    with Workplace(config) as place:
        report = asyncio.run(collected(place, delete, age))
    print(in_json(vars(report)) if as_json else gc_text(report, delete, age))
    return DONE


async def collected(place: Workplace, delete: bool, age: float) -> Report:
    progress = Progress()
    store = place.store()
    try:
        return await collect(
            store, place.directory.database, place.uploads_in_flight, time.time(), age, delete, progress.show
        )
    except (StoreError, NamespaceUnusable, NotNow) as error:
        raise Failure(str(error)) from error
    finally:
        progress.clear()
        await store.close()


def gc_text(report: Report, delete: bool, age: float) -> str:
    lines = [
        f"{report.listed} objects in the store ({near(report.listed_bytes)}):"
        f" {report.named} named by the tree, {report.in_flight} in flight, {report.foreign} of others",
        f"{report.orphans} orphans ({near(report.orphan_bytes)}), {report.young} more are younger than {age:g} seconds",
    ]
    if delete:
        lines.append(f"{report.deleted} deleted")
    elif report.orphans:
        lines.append("nothing was deleted: run it with --delete")
    return "\n".join(lines)


def fsck(config: Config, deep: bool, repair: bool, accept_loss: bool, as_json: bool) -> int:
    with Workplace(config) as place:
        if repair and place.running:
            raise Failure(f"a gateway serves {place.directory.path}: stop it first, or check without --repair")
        verdict = asyncio.run(checked(place, deep, repair, accept_loss))
    print(in_json(fsck_data(verdict)) if as_json else fsck_text(verdict))
    return DONE if verdict.sound else FAILED


async def checked(place: Workplace, deep: bool, repair: bool, accept_loss: bool) -> Verdict:
    progress = Progress()
    store = place.store()
    check = Fsck(place.directory.database, place.staging, store, deep, progress.show)
    try:
        if repair:
            recognise(place.directory, namespace_settings(place.config))  # else a check that comes too early counted
            return await check.mend(namespace_settings(place.config), time.time_ns(), accept_loss)
        return await check.examine()
    except (StoreError, NamespaceUnusable, OSError) as error:
        raise Failure(str(error)) from error
    finally:
        progress.clear()
        await store.close()


def fsck_data(verdict: Verdict) -> dict[str, object]:
    return {
        "sound": verdict.sound,
        "findings": [vars(finding) for finding in verdict.findings],
        "lost": [vars(lost) for lost in verdict.lost],
        "mended": verdict.mended,
        "orphans": verdict.orphans,
        "counts": verdict.counts,
    }


def fsck_text(verdict: Verdict) -> str:
    lines = [f"mended: {what}" for what in verdict.mended]
    for finding in verdict.findings:
        lines.append(f"broken in {finding.count} places: {finding.rule}")
        lines += [f"    {example}" for example in finding.examples]
        if finding.count > len(finding.examples):
            lines.append(f"    and {finding.count - len(finding.examples)} more")
    counts = verdict.counts
    lines.append(
        f"{counts['objects']} objects, {counts['names']} names, {counts['chunks']} chunks"
        f" ({counts['staged_chunks']} not uploaded yet), {near(counts['used_bytes'])} of data"
    )
    if verdict.orphans:
        lines.append(
            f"{verdict.orphans} objects in the store that nothing names (uploads under way, or for `nfsgw gc`)"
        )
    lines.append("sound" if verdict.sound else f"NOT sound: {len(verdict.findings)} rules are broken")
    return "\n".join(lines)


def backup(config: Config, into: str) -> int:
    progress = Progress()
    with Workplace(config) as place:
        try:
            size = save(place.directory.database, place.staging, into, progress.show)
        except (BackupFailed, NamespaceUnusable, OSError) as error:
            raise Failure(str(error)) from error
        finally:
            progress.clear()
    print(f"{into}: {near(size)}")
    return DONE


def restore(config: Config, source: str) -> int:
    """The data directory is made where it is missing, and must hold no filesystem."""
    directory = DataDirectory(config.text("data.dir"))
    progress = Progress()
    try:
        directory.make()
        directory.lock()
        put_back(source, directory.database, directory.staging, namespace_settings(config), progress.show)
        settle(directory)
    except (BackupFailed, DataDirectoryError, NamespaceUnusable, OSError) as error:
        raise Failure(str(error)) from error
    finally:
        progress.clear()
        directory.unlock()
    print(f"restored to {directory.path}: run `nfsgw fsck --repair` before it serves")
    return DONE


def declare_restored(config: Config) -> int:
    """What lies in the data directory is an older state that was put back there by other means."""
    with Workplace(config) as place:
        if place.running:
            raise Failure(f"a gateway serves {place.directory.path}: stop it first")
        try:
            mark_restored(place.directory.database, namespace_settings(config))
            settle(place.directory)
        except (NamespaceUnusable, OSError) as error:
            raise Failure(str(error)) from error
    print(f"{place.directory.path} counts as restored: run `nfsgw fsck --repair` before it serves")
    return DONE
