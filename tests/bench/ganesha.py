"""NFS-Ganesha of Debian's `nfs-ganesha-vfs`, the yardstick: a server in C that exports a local folder.

It acknowledges creates and removes when they are in the page cache; nothing of them is on the disk then. A gateway that
is measured beside it makes them durable first.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.servers import Server, ServerError, free_port

TEMPLATE = Path(__file__).with_name("ganesha.conf")


def ganesha(folder: Path) -> Server:
    """A Ganesha that keeps its state and its export under `folder`. Raises: ServerError when it is not installed."""
    program = shutil.which("ganesha.nfsd", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")
    if program is None:
        raise ServerError("ganesha.nfsd is not installed: apt-get install nfs-ganesha nfs-ganesha-vfs")
    state, export = folder / "state", folder / "export"
    (state / "recovery").mkdir(parents=True)
    export.mkdir()
    port = free_port()
    text = TEMPLATE.read_text()
    for word, value in {"PORT": str(port), "STATE": str(state), "EXPORT": str(export)}.items():
        text = text.replace(f"@{word}@", value)
    configuration = state / "conf"
    configuration.write_text(text)
    command = [program, "-F", "-C", "-f", str(configuration), "-L", str(state / "log"), "-p", str(state / "pid")]
    return Server("ganesha", command, port, folder, {})
