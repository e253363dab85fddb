"""The service manager's side of a gateway: what systemd is told, and the socket that it hands over.

Datagrams to $NOTIFY_SOCKET (sd_notify(3)), the watchdog's feeding ($WATCHDOG_USEC) and the listening socket of
$LISTEN_FDS (sd_listen_fds(3)). Without a service manager all of it does nothing. It must never feed the watchdog from
anywhere but the event loop: a loop that does not turn is what the watchdog is for.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from nfsgw.timers import Timers

log = logging.getLogger(__name__)

FIRST_SOCKET: Final = 3  # SD_LISTEN_FDS_START
FEEDINGS: Final = 3  # per time-out of the watchdog, so that one late turn of the loop is not a death


class ServiceError(Exception):
    """What the service manager handed over cannot be used. `str()` is one line for the operator."""


class Service:
    """Speaks to the service manager that `environment` names; `pid` is this process."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        self._environment = environment
        self._pid = pid
        self._end_feeding: Callable[[], None] | None = None

    def inherited(self) -> socket.socket | None:
        """The listening socket of the service manager; None when it handed none to this process. ServiceError."""
        count = self._environment.get("LISTEN_FDS", "")
        if self._environment.get("LISTEN_PID", "") != str(self._pid) or not count.isdecimal() or int(count) == 0:
            return None
        if int(count) > 1:
            raise ServiceError(f"the service manager hands over {count} sockets, and one is served: one ListenStream=")
        try:
            found = socket.socket(fileno=FIRST_SOCKET)
        except OSError as error:
            raise ServiceError(f"LISTEN_FDS names a socket that is none: {error.strerror}") from error
        inet = found.family in (socket.AF_INET, socket.AF_INET6)
        if not inet or not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            raise ServiceError(
                "the service manager's socket is not one that listens on TCP: ListenStream=PORT, Accept=no"
            )
        found.set_inheritable(False)
        found.setblocking(False)
        return found

    def ready(self, status: str) -> None:
        self._tell(f"READY=1\nSTATUS={status}\nMAINPID={self._pid}")

    def status(self, status: str) -> None:
        self._tell(f"STATUS={status}")

    def reloading(self) -> None:
        """Begins a reload; `ready` ends it."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}\nSTATUS=reading the configuration")

    def stopping(self, status: str) -> None:
        self._tell(f"STOPPING=1\nSTATUS={status}")

    def watchdog_seconds(self) -> float | None:
        """The time-out that the service manager has set for this process; None: it watches nobody, or another."""
        watched = self._environment.get("WATCHDOG_PID", "")
        microseconds = self._environment.get("WATCHDOG_USEC", "")
        if not microseconds.isdecimal() or int(microseconds) == 0 or watched not in ("", str(self._pid)):
            return None
        return int(microseconds) / 1e6

    def feed(self, timers: Timers) -> None:
        """Feeds the watchdog from now on, each time by a turn of the loop that the timers are of."""
        seconds = self.watchdog_seconds()
        if seconds is not None:
            self._tell("WATCHDOG=1")
            self._end_feeding = timers.after(seconds / FEEDINGS, lambda: self.feed(timers))

    def starve(self) -> None:
        """Ends the feeding; the service manager's time-out runs."""
        if self._end_feeding is not None:
            self._end_feeding()
            self._end_feeding = None

    def _tell(self, message: str) -> None:
        address = self._environment.get("NOTIFY_SOCKET", "")
        if not address:
            return
        if address.startswith("@"):
            address = "\0" + address[1:]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)  # a service manager that does not read must not hold the loop
            try:
                sender.connect(address)
                sender.send(message.encode())
            except OSError as error:
                log.warning("the service manager cannot be told: %s", error)


def service() -> Service:
    """That of this process."""
    return Service(os.environ, os.getpid())
