"""Connections that carry back channels: which of them are known to work, and the probe that finds out.

A probe is one CB_NULL when a connection gets a back channel, and, as long as it fails, one more after intervals that
double. Where a CB_COMPOUND was left without an answer, only the answer to a CB_SEQUENCE says that it works again.
Nothing waits for a probe. It must never say that a path works because it once did. RFC 8881, 2.10.3.1.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from nfsgw.nfs4.callbacks.channel import CALLBACK_VERSION, Channel
from nfsgw.rpc.core import Connection
from nfsgw.timers import Timers
from nfsgw.wire.nfs4_cb import CB_NULL
from nfsgw.wire.runtime import Reader

log = logging.getLogger("nfsgw.nfs4.callbacks")

ANSWER_WITHIN: Final = 2.0
"""Seconds after which a connection that answers nothing is taken for one that does not work."""

FIRST_INTERVAL: Final = 1.0
LONGEST_INTERVAL: Final = 64.0

# States, best first:
PROVEN: Final = 0
UNPROVEN: Final = 1
BROKEN: Final = 2

# Events:
BOUND: Final = 0  # the client has bound it to a back channel once more
ANSWERED: Final = 1  # a probe, or a callback, came back
FAILED: Final = 2  # one did not, or was refused

# A BROKEN path counts as none (SEQ4_STATUS_CB_PATH_DOWN). The client answers that by binding again, which alone proves
# nothing, but ends the alarm until the next failure; so a client whose callbacks do not work is told once per interval.
TRANSITIONS: Final = {
    (UNPROVEN, BOUND): UNPROVEN,
    (UNPROVEN, ANSWERED): PROVEN,
    (UNPROVEN, FAILED): BROKEN,
    (PROVEN, BOUND): PROVEN,
    (PROVEN, ANSWERED): PROVEN,
    (PROVEN, FAILED): BROKEN,
    (BROKEN, BOUND): UNPROVEN,
    (BROKEN, ANSWERED): PROVEN,
    (BROKEN, FAILED): BROKEN,
}


class Path:
    """One connection, for all back channels that it carries. `changed(path)` is called after each change of state.
    `ask(path)` sends a lone CB_SEQUENCE over it, and calls `asked` once with what came of it."""

    def __init__(
        self,
        connection: Connection,
        timers: Timers,
        changed: Callable[[Path], None],
        ask: Callable[[Path], None],
    ) -> None:
        self.connection = connection
        self.state = UNPROVEN
        self.channels: list[Channel] = []
        self._ask = ask
        self._silent = False  # a CB_COMPOUND was not answered: a CB_NULL that is proves nothing
        self._asking = False  # a lone CB_SEQUENCE is out
        self._timers = timers
        self._changed = changed
        self._probe = 0  # xid of the probe that is out
        self._interval = FIRST_INTERVAL
        self._cancel: Callable[[], None] | None = None  # of the one timer: an answer is late, or the next probe is due

    def on(self, event: int) -> None:
        before = self.state
        self.state = TRANSITIONS[(before, event)]
        if event == FAILED and self._cancel is None and not self._asking:
            self._probe_later()
        elif event == ANSWERED:
            self._stop()
            self._silent = False
            self._interval = FIRST_INTERVAL
        if self.state != before:
            if self.state == BROKEN:
                log.warning("%r: callbacks do not come back", self.connection)
            elif self.state == PROVEN:
                log.info("%r: callbacks come back", self.connection)
            self._changed(self)

    def unanswered(self) -> None:
        """A CB_COMPOUND was."""
        self._silent = True
        self.on(FAILED)

    def asked(self, answered: bool) -> None:
        """What came of the lone CB_SEQUENCE; if it was answered, that has been told by `on`."""
        self._asking = False
        if not answered and not self.connection.closed and self._cancel is None:
            self._probe_later()

    def bind(self, channel: Channel) -> None:
        if channel not in self.channels:
            self.channels.append(channel)
        self.on(BOUND)
        if self.state == UNPROVEN and self._cancel is None:
            self._send_probe()

    def close(self) -> None:
        """The connection is gone."""
        self._stop()

    def _stop(self) -> None:
        cancel = self._cancel
        self._cancel = None
        if cancel is not None:
            cancel()
        if self._probe:
            self.connection.forget_call_back(self._probe)
            self._probe = 0

    def _send_probe(self) -> None:
        self._stop()
        if self.connection.closed or not self.channels or self._asking:
            return
        if self._silent:
            self._asking = True
            self._ask(self)
            return
        channel = self.channels[0]
        self._cancel = self._timers.after(ANSWER_WITHIN, self._late)
        self._probe = self.connection.call_back(
            channel.session.cb_program, CALLBACK_VERSION, CB_NULL, channel.credential(), [], self._probed
        )

    def _probed(self, results: Reader | None, why: str) -> None:
        self._probe = 0
        if self.connection.closed:
            return
        if results is not None:
            self.on(ANSWERED)
            return
        log.info("%r: the probe of the back channel failed: %s", self.connection, why)
        self._stop()
        self.on(FAILED)

    def _late(self) -> None:
        """An answer that still comes before the next probe counts."""
        self._cancel = None
        self.on(FAILED)

    def _probe_later(self) -> None:
        self._cancel = self._timers.after(self._interval, self._send_probe)
        self._interval = min(self._interval * 2, LONGEST_INTERVAL)
