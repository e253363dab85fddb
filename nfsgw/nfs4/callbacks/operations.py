"""The operations that are asked of clients: their arguments, and the telling of what came back. RFC 8881, chapter 20.

Knows neither connections nor slots. It must never fail on what a client sends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from nfsgw.nfs4.callbacks.door import UNREACHABLE
from nfsgw.wire.nfs4 import (
    NFS4_OK,
    NFS4ERR_BADXDR,
    fattr4,
    lock_owner4,
    stateid4,
    unpack_fattr4,
)
from nfsgw.wire.nfs4_cb import (
    CB_GETATTR4args,
    CB_NOTIFY_LOCK4args,
    CB_RECALL4args,
    pack_CB_GETATTR4args,
    pack_CB_NOTIFY_LOCK4args,
    pack_CB_RECALL4args,
)
from nfsgw.wire.runtime import Reader, Writer, XdrError

if TYPE_CHECKING:
    from nfsgw.nfs4.callbacks.paths import Path

log = logging.getLogger("nfsgw.nfs4.callbacks")


def encode_recall(stateid: stateid4, truncate: bool, handle: bytes) -> bytes:
    writer = Writer()
    pack_CB_RECALL4args(writer, CB_RECALL4args(stateid, truncate, handle))
    return writer.getvalue()


def encode_getattr(handle: bytes, mask: int) -> bytes:
    writer = Writer()
    pack_CB_GETATTR4args(writer, CB_GETATTR4args(handle, mask))
    return writer.getvalue()


def encode_notify_lock(handle: bytes, owner: lock_owner4) -> bytes:
    writer = Writer()
    pack_CB_NOTIFY_LOCK4args(writer, CB_NOTIFY_LOCK4args(handle, owner))
    return writer.getvalue()


def tell_status(done: Callable[[int], None], status: int, reader: Reader | None) -> None:
    done(status)


def tell_attributes(done: Callable[[int, fattr4 | None], None], status: int, reader: Reader | None) -> None:
    if status != NFS4_OK or reader is None:
        done(status, None)
        return
    try:
        attributes = unpack_fattr4(reader)
    except XdrError as error:
        log.warning("CB_GETATTR: %s", error)
        done(NFS4ERR_BADXDR, None)
        return
    done(status, attributes)


def tell_path(path: Path, status: int, reader: Reader | None) -> None:
    path.asked(status != UNREACHABLE)


def tell_nobody(status: int, reader: Reader | None) -> None:
    if status not in (NFS4_OK, UNREACHABLE):
        log.debug("CB_NOTIFY_LOCK: status %d", status)
