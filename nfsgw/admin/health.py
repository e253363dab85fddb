"""What is wrong, in words, for whoever looks after the gateway: `/readyz` and the first lines of `nfsgw status`.

Each is one sentence: what, since when, what it means for clients. Reads a status; decides nothing.
"""

from __future__ import annotations

from typing import Any, Final

from nfsgw.admin.words import duration, near

ALMOST_FULL: Final = 0.8  # of the staging limit
LONG_LOG: Final = 512 << 20  # bytes; written back at 16 MiB by the gateway, as fast as it can by Litestream
SLOW_LOOP: Final = 0.25  # seconds of lateness that somebody will have noticed
NAMED: Final = 5


def unready(status: dict[str, Any]) -> list[str]:
    """Why the gateway cannot do all of its work: nothing more should be sent to it."""
    found: list[str] = []
    if status["stopping"]:
        found.append("the gateway is stopping")
    if status["database_error"]:
        found.append(f"the database cannot be used: {status['database_error']}")
    chunks = status["chunks"]
    if chunks["store_down_seconds"] is not None:
        found.append(
            f"the object store has not answered for {duration(chunks['store_down_seconds'])}"
            f" ({chunks['store_last_error']}): what is written stays on the local disk, and what is only there"
            " cannot be read"
        )
    return found


def problems(status: dict[str, Any]) -> list[str]:
    """All that is wrong, the worst first; none when all is well."""
    return [*unready(status), *shortages(status), *protocol(status), *own(status)]


def shortages(status: dict[str, Any]) -> list[str]:
    chunks = status["chunks"]
    found: list[str] = []
    staged, limit = chunks["staged_bytes"], chunks["staging_limit"]
    if chunks["writers_held"]:
        found.append(f"the staging area is full ({near(staged)}): writers are held until uploads make room")
    elif staged > ALMOST_FULL * limit:
        found.append(f"the staging area is {100 * staged // limit} % full: at {near(limit)} writers are held")
    if chunks["disk_free"] < chunks["disk_reserve"]:
        found.append(
            f"the staging disk has reached its reserve ({near(chunks['disk_free'])} are free): files cannot grow"
            " (NFS4ERR_NOSPC)"
        )
    if chunks["disk_error"]:
        found.append(
            f"the local disk is full or fails ({chunks['disk_error']}): what is only in the object store cannot be read"
        )
    if chunks["packs_damaged"]:
        found.append(
            f"{chunks['packs_damaged']} packs of small files are damaged or lost, and stay as they are: `nfsgw fsck"
            " --deep` lists the files"
        )
    if status["disk_tight"]:
        found.append("only the reserve is left on the data directory's disk: what grows is refused (NFS4ERR_NOSPC)")
    return found


def grace(about: dict[str, Any]) -> str:
    left = duration(about["seconds_left"])
    if about["after_restore"]:
        return (
            f"in grace after a restore for {left}: every client may reclaim; new opens and locks, and changes to the"
            " tree, wait"
        )
    return (
        f"in grace for {left} more at most: {about['awaited']} clients of the last run may reclaim; new opens and locks"
        " wait"
    )


def protocol(status: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if status["in_grace"]:
        found.append(grace(status["grace"]))
    mute = status["without_callbacks"]
    if mute:
        names = ", ".join(mute[:NAMED]) + (" and others" if len(mute) > NAMED else "")
        found.append(
            f"no way for callbacks to {len(mute)} of {status['clients']} clients ({names}): they get no delegations"
        )
    return found


def own(status: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if status["loop_lag_seconds"] > SLOW_LOOP:
        found.append(
            f"the event loop was up to {status['loop_lag_seconds']:.2f} s late in the last two minutes: every client"
            " waited so long"
        )
    if status["log_bytes"] > LONG_LOG:
        found.append(
            f"the database's log has grown to {near(status['log_bytes'])}: with replication.url set, `nfsgw replicate`"
            " must run, and reach its replica"
        )
    if status["unchecked_restore"]:
        found.append(
            "the tree is a restored one and was not checked when this gateway started: `nfsgw gc` collects nothing"
            " until `nfsgw fsck --repair` has run"
        )
    if status["http_error"]:
        found.append(f"no metrics are served: {status['http_error']}")
    return found
