"""Every metric: its name, what it is, its labels, and where it is read. docs/metrics.md is rendered from here.

A row is all there is to a metric; the collector knows none by name. Reading must be quick and change nothing, for it
happens on the event loop. Names follow Prometheus: base units, `_total` for what only grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from nfsgw import __version__
from nfsgw.metrics.counts import DELEGATION_KINDS, UNKNOWN
from nfsgw.metrics.look import Look
from nfsgw.metrics.timings import Timings
from nfsgw.wire.nfs4 import NFS4_OK, nfs_opnum4_names, nfsstat4_names
from nfsgw.wire.nfs4_cb import nfs_cb_opnum4_names

COUNTER: Final = "counter"
GAUGE: Final = "gauge"
HISTOGRAM: Final = "histogram"

Labels = tuple[str, ...]
Histogram = tuple[list[int], float]  # counts by bucket, not summed up; and the sum of what was counted
Reader = Callable[[Look], Iterable[tuple[Labels, float | Histogram]]]


class Metric:
    def __init__(self, name: str, kind: str, about: str, read: Reader, labels: Labels = ()) -> None:
        self.name = name
        self.kind = kind
        self.about = about
        self.read = read
        self.labels = labels


def one(value: Callable[[Look], float]) -> Reader:
    """A metric without labels."""
    return lambda look: [((), value(look))]


def timed(times: Callable[[Look], Timings]) -> Reader:
    """A histogram without labels."""

    def read(look: Look) -> list[tuple[Labels, Histogram]]:
        timings = times(look)
        return [((), (timings.buckets, timings.seconds))]

    return read


def of_chunks(key: str) -> Reader:
    """One figure of the chunk layer's status; a flag counts 1, nothing 0."""
    return lambda look: [((), float(look.chunks[key] or 0))]


def operation_name(number: int) -> str:
    return "ILLEGAL" if number == UNKNOWN else nfs_opnum4_names[number].removeprefix("OP_")


def operations(look: Look) -> list[tuple[Labels, float]]:
    counts = look.counts
    ok = nfsstat4_names[NFS4_OK]
    found: list[tuple[Labels, float]] = [
        ((operation_name(number), ok), of.done) for number, of in enumerate(counts.operations) if of.done
    ]
    for (number, status), count in counts.errors.items():
        found.append(((operation_name(number), nfsstat4_names.get(status, str(status))), count))
    return found


def compounds(look: Look) -> list[tuple[Labels, Histogram]]:
    counts = look.counts
    found: list[tuple[Labels, Histogram]] = []
    for number, of in enumerate(counts.operations):
        buckets = of.buckets()
        if any(buckets):
            name = "none" if number == UNKNOWN else operation_name(number)
            found.append(((name,), (buckets, of.nanoseconds / 1e9)))
    return found


def clients(look: Look) -> list[tuple[Labels, float]]:
    found = {"active": 0, "courtesy": 0, "unconfirmed": 0}
    for client in look.state.table.by_id.values():
        if not client.confirmed:
            found["unconfirmed"] += 1
        elif look.state.table.lapsed(client, look.now):
            found["courtesy"] += 1
        else:
            found["active"] += 1
    return [((state,), count) for state, count in found.items()]


def delegation_events(look: Look) -> list[tuple[Labels, float]]:
    counts = look.counts.delegations
    events = {
        "granted": counts.granted,
        "recalled": counts.recalled,
        "returned": counts.returned,
        "revoked": counts.revoked,
        "dropped": counts.dropped,
    }
    return [
        ((kind, event), numbers[at]) for at, kind in enumerate(DELEGATION_KINDS) for event, numbers in events.items()
    ]


def delegations(look: Look) -> list[tuple[Labels, float]]:
    held = look.counts.delegations.held
    return [((kind,), held[at]) for at, kind in enumerate(DELEGATION_KINDS)]


def callbacks(look: Look) -> list[tuple[Labels, float]]:
    found: list[tuple[Labels, float]] = []
    for (number, status), count in look.counts.callbacks.items():
        name = nfs_cb_opnum4_names[number].removeprefix("OP_")
        outcome = "unreachable" if status < 0 else nfsstat4_names.get(status, str(status))
        found.append(((name, outcome), count))
    return found


def cached(look: Look) -> list[tuple[Labels, float]]:
    inodes, names, listed = look.namespace.cache_sizes()
    return [(("inodes",), inodes), (("names",), names), (("listed",), listed)]


def cache_hits(look: Look) -> list[tuple[Labels, float]]:
    inode_hits, _, name_hits, _ = look.namespace.cache_reads()
    return [(("inodes",), inode_hits), (("names",), name_hits)]


def cache_misses(look: Look) -> list[tuple[Labels, float]]:
    _, inode_reads, _, name_reads = look.namespace.cache_reads()
    return [(("inodes",), inode_reads), (("names",), name_reads)]


def chunk_reads(look: Look) -> list[tuple[Labels, float]]:
    reads = look.chunks["reads"]
    return [((place,), count) for place, count in reads.items()]


def store_requests(look: Look) -> list[tuple[Labels, float]]:
    return list(look.requests.outcomes.items())


def store_objects(look: Look) -> list[tuple[Labels, float]]:
    held = look.holdings
    return [(("pack",), held.packs), (("single",), held.singles), (("dead",), held.dead)]


def store_held(look: Look) -> list[tuple[Labels, float]]:
    held = look.holdings
    return [(("pack",), held.pack_bytes), (("single",), held.single_bytes), (("dead",), held.dead_bytes)]


def store_live(look: Look) -> list[tuple[Labels, float]]:
    return [(("pack",), look.holdings.pack_live), (("single",), look.holdings.single_bytes)]


def store_times(look: Look) -> list[tuple[Labels, Histogram]]:
    return [((kind,), (times.buckets, times.seconds)) for kind, times in look.requests.times.items()]


def store_bytes(look: Look) -> list[tuple[Labels, float]]:
    return [((kind,), look.requests.bytes[kind]) for kind in ("put", "get")]


# fmt: off
METRICS: Final = [
    # the process
    Metric("nfsgw_info", GAUGE, "Always 1; the version is in its label.", lambda look: [((__version__,), 1)], ("version",)),
    Metric("nfsgw_uptime_seconds", GAUGE, "Since this gateway began to serve.", one(lambda look: look.now - look.started)),
    Metric("nfsgw_starts", GAUGE, "Starts of a gateway on this data directory, this one included.", one(lambda look: look.namespace.boots)),
    Metric("nfsgw_loop_lag_seconds", HISTOGRAM, "How late a timer of the event loop ran, four times a second: what every client waits besides its own work.", timed(lambda look: look.lag.times)),
    # the protocol
    Metric("nfsgw_operations_total", COUNTER, "Operations answered, by the status that they ended with. Retransmissions answered from a slot are not among them.", operations, ("operation", "status")),
    Metric("nfsgw_compound_seconds", HISTOGRAM, "Compounds, from the dispatch of the call until the reply was handed to the connection, waits for commits, recalls and bytes included. A compound is named after the first of its weightiest operations; `none` is one without an operation that exists.", compounds, ("operation",)),
    Metric("nfsgw_directory_getattrs_total", COUNTER, "GETATTR operations on directories: mostly clients that make sure of names, which a directory delegation saves.", one(lambda look: look.counts.directory_getattrs)),
    Metric("nfsgw_compounds_running", GAUGE, "Compounds begun and not answered yet.", one(lambda look: look.engine.running)),
    Metric("nfsgw_waits_total", COUNTER, "Times an operation had to wait before it could take effect: for a recall, for bytes in the object store, for room in the staging area, for a busy slot.", one(lambda look: look.counts.suspended)),
    Metric("nfsgw_replays_total", COUNTER, "Retransmissions answered with the reply that a slot had kept.", one(lambda look: look.counts.replays)),
    Metric("nfsgw_read_bytes_total", COUNTER, "Bytes given to clients by READ.", one(lambda look: look.counts.bytes_read)),
    Metric("nfsgw_written_bytes_total", COUNTER, "Bytes taken from clients by WRITE.", one(lambda look: look.counts.bytes_written)),
    # clients and what they hold
    Metric("nfsgw_connections", GAUGE, "TCP connections of clients.", one(lambda look: look.connections())),
    Metric("nfsgw_clients", GAUGE, "Client records: `active` within their lease, `courtesy` silent for longer but not yet in anybody's way, `unconfirmed` without a first session.", clients, ("state",)),
    Metric("nfsgw_clients_without_callbacks", GAUGE, "Clients that had a way for callbacks and have none now.", one(lambda look: len(look.state.without_callbacks()))),
    Metric("nfsgw_sessions", GAUGE, "Sessions.", one(lambda look: len(look.state.by_sessionid))),
    Metric("nfsgw_opens", GAUGE, "Opens of files, one for each open owner and file.", one(lambda look: look.state.files.open_count)),
    Metric("nfsgw_locks", GAUGE, "Lock owners that have locked, or could lock, ranges of a file.", one(lambda look: look.state.files.lock_count)),
    Metric("nfsgw_replays_over_restart_total", COUNTER, "Retransmissions of before the restart, answered with the reply that was stored with their effect.", one(lambda look: look.state.replays.answered)),
    Metric("nfsgw_shared_identities_total", COUNTER, "Times that a machine took back a client identity that another one had taken: they are clones, and the log names them.", one(lambda look: look.state.clones.found)),
    Metric("nfsgw_lock_waiters", GAUGE, "Locks that were denied and are waited for; their owners are called in turn.", one(lambda look: sum(client.waiting for client in look.state.table.by_id.values()))),
    Metric("nfsgw_in_grace", GAUGE, "1 while clients of the last run may reclaim and nobody gets anything new.", one(lambda look: look.state.in_grace(look.now))),
    Metric("nfsgw_delegations", GAUGE, "Delegations that clients hold.", delegations, ("type",)),
    Metric("nfsgw_delegation_events_total", COUNTER, "What became of delegations: `granted`; `recalled`, which ends none; and the three ends, `returned` by the client, `revoked`, `dropped` with the client or the directory.", delegation_events, ("type", "event")),
    Metric("nfsgw_recall_seconds", HISTOGRAM, "From the decision to recall a delegation to its return, or to its revocation when the time was up.", timed(lambda look: look.counts.delegations.recalls)),
    Metric("nfsgw_callbacks_total", COUNTER, "Callbacks by outcome: the client's status, or `unreachable` when no connection carried the call there and the answer back.", callbacks, ("operation", "outcome")),
    # names and attributes
    Metric("nfsgw_objects", GAUGE, "Files, directories and other objects in the tree.", one(lambda look: look.namespace.usage()[0])),
    Metric("nfsgw_used_bytes", GAUGE, "Bytes of data in the tree; holes are none.", one(lambda look: look.namespace.usage()[1])),
    Metric("nfsgw_commit_seconds", HISTOGRAM, "Transactions of the namespace, each with the changes of all clients since the one before, its fsync included.", timed(lambda look: look.namespace.commit_counts.times)),
    Metric("nfsgw_commit_rows_total", COUNTER, "Rows written by them.", one(lambda look: look.namespace.commit_counts.rows)),
    Metric("nfsgw_commit_latest", GAUGE, "Number of the last commit that anything belongs to.", one(lambda look: look.namespace.latest())),
    Metric("nfsgw_commit_durable", GAUGE, "Number of the last commit that no crash can take back; replies wait for it.", one(lambda look: look.namespace.durable)),
    Metric("nfsgw_namespace_cached", GAUGE, "Objects, names (known absent ones too) and listed entries in memory.", cached, ("what",)),
    Metric("nfsgw_namespace_cache_hits_total", COUNTER, "Looked for and found in memory.", cache_hits, ("what",)),
    Metric("nfsgw_namespace_cache_misses_total", COUNTER, "Read from the database.", cache_misses, ("what",)),
    Metric("nfsgw_namespace_tight", GAUGE, "1 while only the reserve is left on the data directory's disk: whatever grows is refused with NFS4ERR_NOSPC.", one(lambda look: look.namespace.is_tight())),
    # bytes
    Metric("nfsgw_dirty_bytes", GAUGE, "Written by clients and not committed yet (an upper bound).", of_chunks("dirty_bytes")),
    Metric("nfsgw_dirty_files", GAUGE, "Files with such bytes.", of_chunks("dirty_files")),
    Metric("nfsgw_staged_bytes", GAUGE, "On the local disk and not in the object store yet.", of_chunks("staged_bytes")),
    Metric("nfsgw_staging_limit_bytes", GAUGE, "The mark at which writers are held: `chunks.staging_limit`.", of_chunks("staging_limit")),
    Metric("nfsgw_writers_held", GAUGE, "1 while writers are held until uploads make room.", of_chunks("writers_held")),
    Metric("nfsgw_cached_bytes", GAUGE, "Uploaded or fetched, kept on the local disk for readers.", of_chunks("cache_bytes")),
    Metric("nfsgw_cached_chunks", GAUGE, "The chunks that these are.", of_chunks("cache_chunks")),
    Metric("nfsgw_memory_bytes", GAUGE, "Small chunks kept in memory.", of_chunks("memory_bytes")),
    Metric("nfsgw_disk_free_bytes", GAUGE, "Free on the disk of the staging area.", of_chunks("disk_free")),
    Metric("nfsgw_chunk_reads_total", COUNTER, "Chunks touched by reads, by where the bytes were. `store`: the read waited for a fetch; run again, it counts as `cache` too.", chunk_reads, ("place",)),
    # the object store
    Metric("nfsgw_uploads_queued", GAUGE, "Chunks that wait for their upload in memory.", of_chunks("uploads_queued")),
    Metric("nfsgw_uploads_gathering", GAUGE, "Those of them that are small, and wait for each other to share an object.", of_chunks("uploads_gathering")),
    Metric("nfsgw_uploads_running", GAUGE, "Uploads under way.", of_chunks("uploads_running")),
    Metric("nfsgw_upload_oldest_seconds", GAUGE, "How long ago the chunk that waits longest was written; 0 when none waits.", of_chunks("upload_oldest_seconds")),
    Metric("nfsgw_uploads_superseded_total", COUNTER, "Uploads whose chunk changed while its bytes were on the way; their objects are deleted.", of_chunks("uploads_superseded")),
    Metric("nfsgw_fetches_running", GAUGE, "Fetches under way, read-ahead included.", of_chunks("fetches_running")),
    Metric("nfsgw_store_requests_total", COUNTER, "Requests to the object store: `put`, `get`, `delete`, `probe`. Attempts that were repeated at once count as one.", store_requests, ("request", "outcome")),
    Metric("nfsgw_store_request_seconds", HISTOGRAM, "How long they took, whatever came of them.", store_times, ("request",)),
    Metric("nfsgw_store_bytes_total", COUNTER, "Bytes put into the object store and got from it.", store_bytes, ("request",)),
    Metric("nfsgw_store_up", GAUGE, "0 from a request that failed until one works.", one(lambda look: look.chunks["store_down_seconds"] is None)),
    Metric("nfsgw_store_errors_total", COUNTER, "Uploads and fetches that the object store failed.", of_chunks("store_errors")),
    Metric("nfsgw_store_objects", GAUGE, "Objects that the tree's rows name, as last counted: each `single` is one chunk, each `pack` many small ones, the `dead` wait for their deletion.", store_objects, ("kind",)),
    Metric("nfsgw_store_held_bytes", GAUGE, "Their bytes.", store_held, ("kind",)),
    Metric("nfsgw_store_live_bytes", GAUGE, "Of these, the bytes that files refer to.", store_live, ("kind",)),
    Metric("nfsgw_store_dead_share", GAUGE, "Of the bytes held, the share that no file refers to, from 0 to 1; the tables of packs are among it.", one(lambda look: look.holdings.dead_share)),
    Metric("nfsgw_store_packed_chunks", GAUGE, "Chunks that the packs were made of; some may be gone since.", one(lambda look: look.holdings.pack_chunks)),
    Metric("nfsgw_packs_made_total", COUNTER, "Packs put into the store, rewritten ones too.", of_chunks("packs_made")),
    Metric("nfsgw_packs_rewritten_total", COUNTER, "Packs that were mostly dead, and whose living chunks were moved into others.", of_chunks("packs_rewritten")),
    Metric("nfsgw_packed_chunks_moved_total", COUNTER, "The chunks that were moved.", of_chunks("chunks_repacked")),
    Metric("nfsgw_packs_damaged", GAUGE, "Packs that cannot be rewritten because they, or chunks in them, are lost or damaged.", of_chunks("packs_damaged")),
    Metric("nfsgw_objects_deleted_total", COUNTER, "Objects deleted from the store because no file refers to them.", of_chunks("objects_deleted")),
    Metric("nfsgw_mover_starts_total", COUNTER, "Starts of the process that talks to the object store; more than one is a defect.", of_chunks("mover_starts")),
]
# fmt: on
