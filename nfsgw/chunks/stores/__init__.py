"""The ObjectStore door: where objects live, behind four verbs and a probe. `open_store` turns a URL into one.

An object is immutable: a key is written once, read, and deleted. Stores run in the mover process and in commands, never
in the process that serves NFS. A store never retries for ever: its caller does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit


class StoreError(Exception):
    """The store did not do it; it may later. The text is one line for an operator."""


class MissingObject(StoreError):
    """There is no object of this key: trying again does not help."""


class Listed(NamedTuple):
    """An object as a listing shows it; `modified` are seconds since 1970 by the store's clock."""

    key: str
    size: int
    modified: float


class ObjectStore(Protocol):
    """All calls may raise StoreError. Keys are relative, of ASCII letters, digits, `/`, `.` and `-`."""

    async def put(self, key: str, body: bytes, metadata: dict[str, str]) -> None:
        """Returns when the object is as durable as the store makes it."""
        ...

    async def get(self, key: str, offset: int, length: int) -> bytes:
        """The bytes [offset, offset + length). MissingObject; StoreError when there are fewer."""
        ...

    async def delete(self, keys: list[str]) -> None:
        """What is not there counts as deleted. After an error any part of it may be done."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[list[Listed]]:
        """Pages of what is there, in any order. An error ends the iteration with StoreError, never quietly."""
        ...

    async def probe(self) -> None:
        """Raises StoreError with one clear line when the store cannot be used (no bucket, no credentials,
        unreachable)."""
        ...

    async def close(self) -> None: ...


class StoreOptions:
    """What a URL cannot say; only S3 uses it. Credentials left empty come from the usual AWS chain."""

    def __init__(self) -> None:
        self.endpoint = ""
        self.region = ""
        self.access_key = ""
        self.secret_key = ""
        self.path_style = False
        self.concurrency = 32
        self.connect_timeout = 5.0
        self.read_timeout = 30.0
        self.attempts = 3
        self.hedge_after = 1.0

    def dump(self) -> dict[str, str | float | bool]:
        """For the message that tells the mover which store to open."""
        return dict(vars(self))

    @staticmethod
    def load(values: dict[str, str | float | bool]) -> StoreOptions:
        options = StoreOptions()
        known = vars(options)
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no such option of a store: {name}")
            setattr(options, name, type(known[name])(value))
        return options


def local_path(url: str) -> str | None:
    """The directory of a `file:///path` URL, or None for another kind of store. ValueError: a malformed URL."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    if parts.netloc or not parts.path.startswith("/") or parts.query or parts.fragment:
        raise ValueError(f"{url}: the form is file:///absolute/path")
    return unquote(parts.path)


def open_store(url: str, options: StoreOptions) -> ObjectStore:
    """`file:///path` or `s3://bucket/prefix`. ValueError with one line for anything else."""
    path = local_path(url)
    if path is not None:
        from nfsgw.chunks.stores.local import LocalStore

        return LocalStore(path)
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc and not parts.query and not parts.fragment:
        from nfsgw.chunks.stores.s3 import S3Store

        return S3Store(parts.netloc, parts.path.strip("/"), options)
    raise ValueError(f"{url}: the forms are file:///absolute/path and s3://bucket/prefix")
