"""What Litestream is told: which database, to which replica, with whose keys. It runs beside the gateway, never in it.

The configuration is JSON, which is YAML; keys go through the environment, so that the file holds no secret. Where it
runs, the gateway leaves the write-ahead log alone (`namespace.checkpoint_pages` 0): Litestream must have copied every
page before it is written back.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from nfsgw.chunks.stores import StoreOptions


def document(database: str, replica: str, options: StoreOptions) -> str:
    """ValueError: `replica` is neither file:///absolute/path nor s3://bucket/path."""
    return json.dumps({"dbs": [{"path": database, "replica": _replica(replica, options)}]}, indent=2) + "\n"


def _replica(url: str, options: StoreOptions) -> dict[str, object]:
    parts = urlsplit(url)
    path = parts.path.strip("/")
    if parts.scheme == "file" and not parts.netloc and path:
        return {"type": "file", "path": f"/{path}"}
    if parts.scheme != "s3" or not parts.netloc or not path:
        raise ValueError(f"{url!r}: write file:///absolute/path or s3://bucket/path")
    found: dict[str, object] = {"type": "s3", "bucket": parts.netloc, "path": path}
    if options.endpoint:
        found["endpoint"] = options.endpoint
    if options.region:
        found["region"] = options.region
    if options.path_style:
        found["force-path-style"] = True
    return found


def environment(options: StoreOptions) -> dict[str, str]:
    """Empty where the keys come from the usual AWS chain."""
    if not options.access_key:
        return {}
    return {"AWS_ACCESS_KEY_ID": options.access_key, "AWS_SECRET_ACCESS_KEY": options.secret_key}
