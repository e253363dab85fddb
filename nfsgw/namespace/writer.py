"""The thread that commits: it takes a batch of statements, runs them in one transaction, and reports once.

Must never run Python worth the name: a busy Python thread beside the event loop takes its turns away. All it does is
`executemany` per statement and COMMIT, where SQLite has released the interpreter lock. After a failure it does nothing
any more.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any

from nfsgw import failpoints
from nfsgw.metrics.timings import Timings

Statements = list[tuple[str, list[Any]]]
"""(SQL, one tuple of parameters per run), in the order in which they must be executed."""


def apply(connection: sqlite3.Connection, statements: Statements) -> None:
    """One durable transaction: when it returns, a crash can no longer take it back. Raises sqlite3.Error; then nothing
    of it happened."""
    connection.execute("BEGIN IMMEDIATE")
    if failpoints.ARMED:
        failpoints.reached("commit.begun")
    try:
        for sql, rows in statements:
            connection.executemany(sql, rows)
        if failpoints.ARMED:
            failpoints.reached("commit.written")
        connection.execute("COMMIT")
        if failpoints.ARMED:
            failpoints.reached("commit.durable")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class CommitCounts:
    """Added to by the writer's thread alone."""

    def __init__(self) -> None:
        self.times = Timings()  # of one transaction, its fsync included
        self.rows = 0


class Writer:
    """`submit` from the loop; `post` brings `done(number)` or `failed(message)` back onto it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        post: Callable[[Callable[[], None]], object],
        done: Callable[[int], None],
        failed: Callable[[str], None],
        counts: CommitCounts,
    ) -> None:
        self._connection = connection
        self._post = post
        self._done = done
        self._failed = failed
        self._counts = counts
        self._queue: SimpleQueue[tuple[int, Statements] | None] = SimpleQueue()
        self._worker = threading.Thread(target=self._run, name="namespace-writer", daemon=True)
        self._worker.start()

    def submit(self, number: int, statements: Statements) -> None:
        self._queue.put((number, statements))

    def stop(self) -> None:
        """Returns when everything submitted has been tried, the thread has ended and the connection is closed."""
        self._queue.put(None)
        self._worker.join()
        self._connection.close()

    def _run(self) -> None:
        counts = self._counts
        while True:
            job = self._queue.get()
            if job is None:
                return
            number, statements = job
            begun = time.perf_counter()
            try:
                apply(self._connection, statements)
            except Exception as error:
                self._post(partial(self._failed, f"{type(error).__name__}: {error}"))
                return
            counts.times.add(time.perf_counter() - begun)
            counts.rows += sum(len(rows) for _, rows in statements)
            self._post(partial(self._done, number))
