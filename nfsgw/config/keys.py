"""The table of all configuration keys: name, kind with its bounds, default, and what it is for.

The only place that knows them. A key that is not here does not exist; one that is here is documented, checked, shown
and can be set in a file, in the environment and on the command line.
"""

from __future__ import annotations

from typing import Final

from nfsgw.config.kinds import Choice, Endpoint, Flag, Integer, Integers, Kind, Mode, Seconds, Size, Text, Value

KIB: Final = 1 << 10
MIB: Final = 1 << 20
GIB: Final = 1 << 30
TIB: Final = 1 << 40
PIB: Final = 1 << 50


class Key:
    """One key. `name` is `section.key`; a secret is not shown; one with `reload` takes effect at a reload, the others
    at the next start."""

    def __init__(
        self, name: str, kind: Kind, default: Value, about: str, secret: bool = False, reload: bool = False
    ) -> None:
        self.name = name
        self.kind = kind
        self.default = default
        self.about = about
        self.secret = secret
        self.reload = reload

    @property
    def section(self) -> str:
        return self.name.partition(".")[0]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        section, _, key = self.name.partition(".")
        return f"NFSGW_{section.upper()}__{key.upper()}"


SECTIONS: Final = {
    "data": "Where the gateway keeps what it knows.",
    "server": "The listening socket and its connections.",
    "nfs": "The protocol and the identity of callers.",
    "store": "The object store, where the bytes of files end up.",
    "chunks": "Bytes on their way to and from the object store: staging, cache, upload.",
    "namespace": "Names and attributes: caches of the SQLite database.",
    "replication": "A copy of the database that follows it, made by Litestream (`nfsgw replicate`).",
    "admin": "How a running gateway is asked how it does.",
    "log": "What it says.",
}

KEYS: Final = [
    Key(
        "data.dir",
        Text(),
        "/var/lib/nfsgw",
        "The data directory: database, staging, cache, lock. It must be on a local disk and belongs to one gateway.",
    ),
    Key(
        "server.listen",
        Text(),
        "127.0.0.1",
        "The address to listen on; `0.0.0.0` or `::` for all. Callers are who they say they are (AUTH_SYS), so the "
        "network must be one whose machines are trusted.",
    ),
    Key("server.port", Integer(0, 65535), 2049, "The TCP port; 0 for any free one."),
    Key("server.max_connections", Integer(1, 1_000_000), 4096, "Connections beyond this are refused."),
    Key(
        "server.max_outstanding",
        Integer(256, 65536),
        1024,
        "Calls of one connection that are not answered yet; at this number no more is read from it.",
    ),
    Key(
        "server.max_outstanding_bytes",
        Size(4 * MIB, 16 * GIB),
        64 * MIB,
        "The same, counted in bytes of the calls.",
    ),
    Key(
        "server.shutdown_seconds",
        Seconds(0, 3600),
        15.0,
        "At a graceful stop, how long calls that were begun may take before they are cut off.",
        reload=True,
    ),
    Key("nfs.minor_versions", Integers(0, 1, 2), (0, 1, 2), "The minor versions of NFSv4 that are served."),
    Key(
        "nfs.lease_seconds",
        Integer(1, 3600),
        90,
        "How long a client that is silent keeps its opens and locks for certain.",
    ),
    Key(
        "nfs.grace_seconds",
        Integer(0, 3600),
        90,
        "After a restart, how long clients may reclaim opens and locks before new ones are given. It ends earlier when "
        "all have. Not less than the lease, unless no client is to be waited for.",
    ),
    Key(
        "nfs.courtesy_seconds",
        Seconds(0, 10_000_000),
        86400.0,
        "How long the state of a silent client is kept beyond its lease while nobody else wants what it holds.",
        reload=True,
    ),
    Key(
        "nfs.delegations",
        Flag(),
        True,
        "Whether clients may keep using a file or a directory without asking, until somebody else needs it. Off: every "
        "use asks the gateway.",
    ),
    Key(
        "nfs.directory_delegations",
        Flag(),
        True,
        "The same for directories, for clients that ask for it (Linux 6.19 and later).",
    ),
    Key(
        "nfs.recall_wait",
        Seconds(0.05, 60),
        1.0,
        "How long an operation waits in place until other clients have returned what is in its way. After that its "
        "client is told to try again later.",
    ),
    Key("nfs.max_delegations", Integer(0, 10_000_000), 1_000_000, "How many are given at once, to all clients."),
    Key("nfs.max_delegations_per_client", Integer(0, 10_000_000), 100_000, "The same, to one client."),
    Key(
        "nfs.root_squash",
        Choice("none", "root", "all"),
        "none",
        "Whose numbers become the anonymous ones: nobody's, those of root, or everybody's.",
    ),
    Key(
        "nfs.anonymous_uid",
        Integer(0, 0xFFFFFFFE),
        65534,
        "User of squashed and of unnamed callers.",
    ),
    Key("nfs.anonymous_gid", Integer(0, 0xFFFFFFFE), 65534, "Their group."),
    Key("nfs.root_mode", Mode(), 0o755, "Mode of the root directory of a new filesystem. Read by `init` only."),
    Key("nfs.root_uid", Integer(0, 0xFFFFFFFE), 0, "Its owner. Read by `init` only."),
    Key("nfs.root_gid", Integer(0, 0xFFFFFFFE), 0, "Its group. Read by `init` only."),
    Key(
        "nfs.owner_domain",
        Text(),
        "",
        "Domain in owner strings (`1000@domain`); empty for plain numbers, which Linux clients want with AUTH_SYS.",
    ),
    Key(
        "store.url",
        Text(),
        "",
        "`file:///absolute/path` or `s3://bucket/prefix`. Empty: the directory `objects` in the data directory.",
    ),
    Key("store.endpoint", Text(), "", "URL of an S3 service other than Amazon's."),
    Key("store.region", Text(), "", "Region of the bucket; empty: from the AWS configuration."),
    Key(
        "store.access_key",
        Text(),
        "",
        "Access key; empty: the usual AWS chain (environment, `~/.aws`, instance role).",
        secret=True,
    ),
    Key("store.secret_key", Text(), "", "Its secret; write `${VARIABLE}` rather than the secret itself.", secret=True),
    Key("store.path_style", Flag(), False, "Put the bucket in the path rather than in the host name."),
    Key("store.concurrency", Integer(1, 1024), 32, "Most requests to the store at once."),
    Key("store.connect_timeout", Seconds(0.1, 600), 5.0, "How long connecting to the store may take."),
    Key("store.read_timeout", Seconds(0.1, 3600), 30.0, "How long the store may be silent in a request."),
    Key(
        "store.hedge_after",
        Seconds(0, 600),
        1.0,
        "A read that takes longer than this is asked for a second time, and the first answer counts; of all reads at "
        "most one in ten. 0: never.",
    ),
    Key("store.attempts", Integer(1, 20), 3, "Attempts of one request before it is put back in the queue."),
    Key(
        "store.capacity",
        Size(1 * MIB, 8192 * PIB - 1),
        1 * PIB,
        "What a store without a size is said to hold.",
        reload=True,
    ),
    Key(
        "chunks.durability",
        Choice("local", "object"),
        "local",
        "When COMMIT, FILE_SYNC and close are answered: `local`, when data and metadata are on the gateway's disk; "
        "`object`, when the object store holds the data as well. What each survives: docs/durability.md.",
    ),
    Key(
        "chunks.staging_limit",
        Size(16 * MIB, 8192 * PIB - 1),
        64 * GIB,
        "Bytes that are on the local disk only. At this mark writers are held until uploads made room.",
        reload=True,
    ),
    Key(
        "chunks.dirty_limit",
        Size(4 * MIB, 8192 * PIB - 1),
        1 * GIB,
        "Bytes written and not committed; above it they are flushed at once.",
        reload=True,
    ),
    Key(
        "chunks.cache_limit",
        Size(0, 8192 * PIB - 1),
        10 * GIB,
        "Bytes of uploaded or fetched chunks kept on the local disk for readers.",
    ),
    Key(
        "chunks.disk_reserve",
        Size(0, 8192 * PIB - 1),
        1 * GIB,
        "Free space of the local disk that is not used: below it the cache shrinks, then files cannot grow; below half "
        "of it nothing is fetched for readers either.",
        reload=True,
    ),
    Key(
        "chunks.flush_after",
        Seconds(0.05, 3600),
        2.0,
        "At this age, bytes that nobody commits are made durable.",
        reload=True,
    ),
    Key(
        "chunks.upload_after",
        Seconds(0.05, 86400),
        2.0,
        "At this age, a chunk that is not full is ready for its upload; one of more than 1 MiB goes then.",
        reload=True,
    ),
    Key(
        "chunks.pack_after",
        Seconds(0, 86400),
        10.0,
        "A smaller chunk that is ready waits so long at most until there are 4 MiB of them to share an object. Nothing "
        "waits in the tier `object`, after a failure of the store, or when the staging is nearly full.",
        reload=True,
    ),
    Key(
        "chunks.hold_writers",
        Seconds(0, 3600),
        15.0,
        "How long writers are held in back pressure before they are told to come again.",
        reload=True,
    ),
    Key(
        "chunks.memory",
        Size(0, 8192 * PIB - 1),
        64 * MIB,
        "Bytes of small stored chunks kept in memory.",
    ),
    Key("chunks.open_files", Integer(16, 1_000_000), 512, "Staging files held open."),
    Key("chunks.sync_threads", Integer(1, 64), 4, "Threads that wait for the disk."),
    Key("chunks.upload_concurrency", Integer(1, 256), 8, "Uploads at once.", reload=True),
    Key("chunks.fetch_concurrency", Integer(1, 256), 16, "Fetches at once, read-ahead included."),
    Key("chunks.read_ahead", Integer(0, 64), 4, "Chunks of 4 MiB fetched ahead of a sequential reader.", reload=True),
    Key(
        "chunks.dead_age",
        Seconds(0, 100_000_000),
        3600.0,
        "An object that no file refers to any more is deleted from the store at this age.",
        reload=True,
    ),
    Key(
        "chunks.sweep_every", Seconds(1, 86400), 60.0, "Time between two passes that delete such objects.", reload=True
    ),
    Key("namespace.cache_inodes", Integer(1000, 1_000_000_000), 200_000, "Objects kept in memory, of about 700 bytes."),
    Key(
        "namespace.cache_entries",
        Integer(1000, 1_000_000_000),
        400_000,
        "Names kept in memory, known absent ones included, about 300 bytes each.",
    ),
    Key(
        "namespace.free_space_reserve",
        Size(0, 8192 * PIB - 1),
        256 * MIB,
        "With less free space than this on the data directory's disk, changes that grow are refused; removals pass.",
    ),
    Key(
        "namespace.database_cache",
        Size(1 * MIB, 1 * TIB),
        64 * MIB,
        "SQLite's page cache, twice.",
    ),
    Key(
        "replication.url",
        Text(),
        "",
        "`s3://bucket/path` (reached as `store.*` says) or `file:///absolute/path`, a place of its own. Where it is "
        "set, `nfsgw replicate` must run beside the gateway, which then leaves it to Litestream to write the "
        "database's log back. Empty: no replica.",
    ),
    Key("replication.litestream", Text(), "litestream", "The program, by name or by path."),
    Key(
        "admin.socket",
        Text(),
        "",
        "The local socket on which `nfsgw status` and its like ask. Empty: `admin.sock` in the data directory.",
    ),
    Key(
        "admin.http",
        Endpoint(),
        "127.0.0.1:9290",
        "Where `/metrics` (Prometheus), `/healthz` and `/readyz` are served over HTTP; port 0 for any free one, empty "
        "for nowhere. Whoever reaches it may read it, so it should stay on the loopback or a trusted network. Where it "
        "cannot be had the gateway serves files all the same, and `nfsgw status` says so.",
    ),
    Key("log.level", Choice("debug", "info", "warning", "error"), "info", "The least that is logged.", reload=True),
    Key(
        "log.format",
        Choice("text", "json"),
        "text",
        "A line of text or of JSON per event, on standard error.",
        reload=True,
    ),
]

BY_NAME: Final = {key.name: key for key in KEYS}
