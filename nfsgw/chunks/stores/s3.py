"""Objects in an S3 bucket, through aiobotocore.

Checksums are ours (CRC-32C in the chunk map), so the client computes none, and payloads are not hashed for the
signature. What the service refuses becomes a StoreError of one line. Never used by the process that serves NFS.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from nfsgw.chunks.stores import Listed, MissingObject, StoreError, StoreOptions

STALE_KEYS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)
"""Refusals of the keys themselves: the next request looks for them again where they come from."""

DELETE_AT_ONCE = 1000  # the service's own bound for one DeleteObjects


class S3Store:
    """One client, made at the first call and kept until its keys are refused: files of credentials are read once, and
    whoever renews them would have to restart the gateway."""

    def __init__(self, bucket: str, prefix: str, options: StoreOptions) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._options = options
        self._made: Any = None
        self._making = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._outdated = False

    async def _client(self) -> Any:
        if self._made is None or self._outdated:
            async with self._making:
                if self._outdated:
                    self._outdated = False
                    await self.close()
                if self._made is None:
                    self._made = await self._make()
        return self._made

    async def _make(self) -> Any:
        options = self._options
        config = AioConfig(
            connect_timeout=options.connect_timeout,
            read_timeout=options.read_timeout,
            max_pool_connections=options.concurrency,
            retries={"total_max_attempts": options.attempts, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if options.path_style else "auto", "payload_signing_enabled": False},
        )
        try:
            return await self._stack.enter_async_context(
                get_session().create_client(
                    "s3",
                    endpoint_url=options.endpoint or None,
                    region_name=options.region or None,
                    aws_access_key_id=options.access_key or None,
                    aws_secret_access_key=options.secret_key or None,
                    config=config,
                )
            )
        except (BotoCoreError, ValueError) as error:
            raise StoreError(f"S3: {error}") from error

    async def put(self, key: str, body: bytes, metadata: dict[str, str]) -> None:
        client = await self._client()
        try:
            await client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=body, Metadata=metadata)
        except Exception as error:
            raise self._refused(error) from error

    async def get(self, key: str, offset: int, length: int) -> bytes:
        client = await self._client()
        try:
            answer = await client.get_object(
                Bucket=self._bucket, Key=self._prefix + key, Range=f"bytes={offset}-{offset + length - 1}"
            )
            async with answer["Body"] as stream:
                body: bytes = await stream.read()
        except Exception as error:
            raise self._refused(error, key) from error
        if len(body) != length:
            raise StoreError(f"S3: object {key} has {len(body)} of {length} bytes at {offset}")
        return body

    async def delete(self, keys: list[str]) -> None:
        client = await self._client()
        for first in range(0, len(keys), DELETE_AT_ONCE):
            names = [{"Key": self._prefix + key} for key in keys[first : first + DELETE_AT_ONCE]]
            try:
                answer = await client.delete_objects(Bucket=self._bucket, Delete={"Objects": names, "Quiet": True})
            except Exception as error:
                raise self._refused(error) from error
            for failure in answer.get("Errors", []):
                if failure.get("Code") != "NoSuchKey":
                    raise StoreError(f"S3: cannot delete {failure.get('Key')}: {failure.get('Message')}")

    async def keys(self, prefix: str) -> AsyncIterator[list[Listed]]:
        client = await self._client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
        try:
            async for page in pages:
                yield [
                    Listed(entry["Key"][len(self._prefix) :], entry["Size"], entry["LastModified"].timestamp())
                    for entry in page.get("Contents", [])
                ]
        except Exception as error:
            raise self._refused(error) from error

    async def probe(self) -> None:
        client = await self._client()
        try:
            await client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
        except Exception as error:
            raise self._refused(error) from error

    async def close(self) -> None:
        self._made = None
        await self._stack.aclose()

    def _refused(self, error: Exception, key: str = "") -> StoreError:
        """One line that an operator understands. Whatever the client's libraries raise is the store's failure."""
        if isinstance(error, StoreError):
            return error
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            if code in STALE_KEYS:
                self._outdated = True
            if code == "NoSuchBucket":
                return StoreError(f"S3: there is no bucket {self._bucket!r}")
            if code in ("NoSuchKey", "404", "InvalidRange"):
                return MissingObject(f"S3: there is no object {key} in bucket {self._bucket!r}")
            return StoreError(f"S3: {error}")
        if isinstance(error, NoCredentialsError):
            return StoreError("S3: no credentials were found (AWS_ACCESS_KEY_ID, a profile, or an instance role)")
        where = self._options.endpoint or "S3"
        return StoreError(f"S3: {where}: {type(error).__name__}: {error}")
