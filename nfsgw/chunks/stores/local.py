"""Objects as files of a local directory.

Each is written to a temporary file, fsynced, renamed, and its directory fsynced, so that a key is either whole and
durable or not there. Blocking calls run in threads. Never used by the process that serves NFS.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from nfsgw.chunks.stores import Listed, MissingObject, StoreError
from nfsgw.fsync import sync_directory

TEMPORARY = "tmp"

P = ParamSpec("P")
T = TypeVar("T")


class LocalStore:
    """`root` is made when it is not there, its parent must exist."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._known: set[str] = set()  # directories whose entry is durable
        self._swept = False

    def _path(self, key: str) -> str:
        if not key or any(part in ("", ".", "..") for part in key.split("/")):
            raise StoreError(f"malformed object key {key!r}")
        return os.path.join(self.root, "objects", key)

    async def put(self, key: str, body: bytes, metadata: dict[str, str]) -> None:
        await in_thread(self._put, self._path(key), body)

    def _put(self, path: str, body: bytes) -> None:
        directory = os.path.dirname(path)
        self._make(directory)
        temporary = os.path.join(self.root, TEMPORARY, secrets.token_hex(12))
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            try:
                view = memoryview(body)
                while view:
                    view = view[os.write(file, view) :]
                os.fsync(file)
            finally:
                os.close(file)
            os.rename(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        sync_directory(directory)

    def _make(self, directory: str) -> None:
        """Makes a directory and all above it, each entry durable."""
        if directory in self._known:
            return
        parent = os.path.dirname(directory)
        if directory != self.root:
            self._make(parent)
        with suppress(FileExistsError):
            os.mkdir(directory, 0o700)
        sync_directory(parent)
        self._known.add(directory)

    async def get(self, key: str, offset: int, length: int) -> bytes:
        return await in_thread(self._get, self._path(key), offset, length)

    def _get(self, path: str, offset: int, length: int) -> bytes:
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            if not os.path.isdir(os.path.join(self.root, "objects")):
                raise  # the whole store is away, which says nothing of the object
            raise MissingObject(f"no object file {path}") from None
        try:
            body = os.pread(file, length, offset)
        finally:
            os.close(file)
        if len(body) != length:
            raise StoreError(f"object file {path} has {len(body)} of {length} bytes at {offset}")
        return body

    async def delete(self, keys: list[str]) -> None:
        await in_thread(self._delete, [self._path(key) for key in keys])

    @staticmethod
    def _delete(paths: list[str]) -> None:
        for path in paths:
            try:
                os.unlink(path)
            except FileNotFoundError:
                continue

    async def keys(self, prefix: str) -> AsyncIterator[list[Listed]]:
        """Pages are directories, in the order of their names."""
        top = os.path.join(self.root, "objects")
        waiting = [""]
        while waiting:
            directory = waiting.pop()
            below, page = await in_thread(self._scan, os.path.join(top, directory), directory)
            for name in reversed(below):
                if f"{name}/".startswith(prefix) or prefix.startswith(f"{name}/"):
                    waiting.append(name)
            page = [listed for listed in page if listed.key.startswith(prefix)]
            if page:
                yield page

    @staticmethod
    def _scan(path: str, under: str) -> tuple[list[str], list[Listed]]:
        below: list[str] = []
        page: list[Listed] = []
        if not under and not os.path.isdir(path):
            raise StoreError(f"object directory {path}: not made ready by a gateway yet, or not mounted")
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                key = f"{under}/{entry.name}" if under else entry.name
                if entry.is_dir(follow_symlinks=False):
                    below.append(key)
                else:
                    try:
                        about = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # deleted while we look
                    page.append(Listed(key, about.st_size, about.st_mtime))
        return below, page

    async def probe(self) -> None:
        await in_thread(self._probe)

    def _probe(self) -> None:
        self._make(os.path.join(self.root, TEMPORARY))
        self._make(os.path.join(self.root, "objects"))
        if not self._swept:
            # What a killed gateway has left. One that was killed just now may still be renaming or removing its own.
            self._swept = True
            for name in os.listdir(os.path.join(self.root, TEMPORARY)):
                with suppress(FileNotFoundError):
                    os.unlink(os.path.join(self.root, TEMPORARY, name))
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            raise StoreError(f"object directory {self.root}: permission denied")

    async def close(self) -> None:
        self._known.clear()


async def in_thread(call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Runs a blocking call in a thread; what the disk says becomes a StoreError."""
    try:
        return await asyncio.to_thread(call, *arguments, **named)
    except OSError as error:
        raise StoreError(f"object directory: {error}") from error
