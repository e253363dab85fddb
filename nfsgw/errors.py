"""The one exception that turns into an NFS status.

Raised where a rule is known (namespace, chunks, state), caught in one place (the compound engine). Anything else that
escapes an operation is a defect and answers NFS4ERR_SERVERFAULT. Statuses: RFC 8881, 15.1; RFC 7862, 11; RFC 8276, 8.4.
"""

from __future__ import annotations


class NFSError(Exception):
    """An operation ends with `status`, a value of nfsstat4 other than NFS4_OK."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(status, why)
        self.status = status
        self.why = why
