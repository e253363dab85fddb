"""Starting guests, and ending them by number: a guest is a session of many processes, all of which must go."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path


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


def start_session(command: Sequence[str], folder: Path, console: Path) -> subprocess.Popen[bytes]:
    """Starts a kernel in `folder` as the leader of a session; what it says goes to the end of `console`."""
    with open(console, "ab") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


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
