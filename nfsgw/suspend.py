"""How an operation waits without a task: it raises Suspend, and is run again from its start when the wait is over.

An operation decides everything before it takes effect, so running it again is safe, and when it goes on it sees the
world as it is then. A Completion is deliberately not an asyncio future: the engine must not know of an event loop.
"""

from __future__ import annotations

from collections.abc import Callable


class Completion:
    """Something that will be over once: `finish` or `fail` is called exactly once, on the thread of the event loop.

    Callbacks run at once, in the order of their arrival, inside `finish` or `fail`; one that is added later runs at
    once. A callback is given the completion and reads `error` (None after `finish`).
    """

    def __init__(self) -> None:
        self.done = False
        self.error: BaseException | None = None
        self._callbacks: list[Callable[[Completion], None]] = []

    def when_done(self, callback: Callable[[Completion], None]) -> None:
        if self.done:
            callback(self)
        else:
            self._callbacks.append(callback)

    def finish(self) -> None:
        self._end(None)

    def fail(self, error: BaseException) -> None:
        self._end(error)

    def _end(self, error: BaseException | None) -> None:
        if self.done:
            raise RuntimeError("a completion ends once")
        self.done = True
        self.error = error
        callbacks = self._callbacks
        self._callbacks = []
        for callback in callbacks:
            callback(self)


class Suspend(Exception):
    """Raised by an operation, before it took effect: run me again when `completion` is done.

    A completion that failed is not raised into the operation: the operation runs again, meets the failure itself and
    answers with the status that fits.
    """

    def __init__(self, completion: Completion) -> None:
        super().__init__()
        self.completion = completion
