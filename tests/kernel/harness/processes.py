"""Ending processes by number: a guest is a session of many processes, all of which must go."""

import os
import signal
import time
from collections.abc import Iterator


def members(session: int) -> Iterator[int]:
    """The processes of a session, from /proc."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                yield int(name)


def end_session(leader: int) -> None:
    """Kills all processes of the session that `leader` leads, until none is left."""
    for _ in range(50):
        left = list(members(leader))
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if not left:
            return
        time.sleep(0.02)
