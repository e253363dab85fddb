"""Mounts a workspace on this machine as the promises want it: `nfsgw mount GATEWAY[:PATH] DIRECTORY`.

Linux: looks what the kernel can do, gives the machine an identity of its own where it shows the default one, lets the
client keep as many delegations as it is given, and mounts. macOS: says the command. Whatever is wrong is one line that
names the mend. Must never change an identity that somebody has set.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from nfsgw.client import recipe

IDENTITY_SCRIPT: Final = Path(__file__).with_name("identity.sh")

IDENTIFIER: Final = "sys/fs/nfs/net/nfs_client/identifier"
UNIQUE_ID: Final = "sys/module/nfs/parameters/nfs4_unique_id"
WATERMARK: Final = "sys/module/nfsv4/parameters/delegation_watermark"
FILESYSTEMS: Final = "proc/filesystems"
MODULE: Final = "nfsv4"

UNSET: Final = ("", "(null)")

Say = Callable[[str], None]


class CannotMount(Exception):
    """`str()` is one line: what is missing, and what to do."""


def source_of(text: str) -> str:
    """ "gateway:/" of "gateway", and "gateway:/work" as it is. Raises: CannotMount."""
    host, colon, path = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        host, path = text, "/"
    if not host or not path.startswith("/"):
        raise CannotMount(f"{text}: write it as GATEWAY:/PATH")
    return f"{host}:{path}"


def command(system: str, release: str, source: str, target: str, port: int, more: Sequence[str]) -> list[str]:
    """The command that mounts, for "Linux" with the release of its kernel or "Darwin" with that of macOS.

    Raises: CannotMount for any other system."""
    if system == "Linux":
        return ["mount", "-t", "nfs4", "-o", ",".join(recipe.linux(release, port, more)), source, target]
    if system == "Darwin":
        return ["mount", "-t", "nfs", "-o", ",".join(recipe.darwin(release, port, more)), source, target]
    raise CannotMount(f"{system}: only Linux and macOS are known to mount NFSv4")


def this_system() -> tuple[str, str]:
    """Its name and release, as `command` wants them."""
    system = platform.system()
    return system, platform.mac_ver()[0] if system == "Darwin" else platform.release()


def mount(text: str, target: str, port: int, more: Sequence[str], only_print: bool, say: Say) -> None:
    """Raises: CannotMount."""
    source = source_of(text)
    system, release = this_system()
    words = command(system, release, source, target, port, more)
    if only_print:
        say(shlex.join(words if system == "Linux" else ["sudo", *words]))
        return
    if os.geteuid() != 0:
        raise CannotMount("mounting needs root: run it with sudo, or with --print and see what it would do")
    if not os.path.isdir(target):
        raise CannotMount(f"{target}: no such directory: mkdir {shlex.quote(target)}")
    if os.path.ismount(target):
        raise CannotMount(f"{target}: something is mounted there already: umount {shlex.quote(target)}")
    if system == "Linux":
        linux = Linux(Path("/"), say)
        linux.able()
        linux.identify()
        linux.keep_delegations()
    say(shlex.join(words))
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise CannotMount(f"mount failed: {' '.join(done.stderr.split())}")


class Linux:
    """This machine's NFS client. `root` is where its files are looked for."""

    def __init__(self, root: Path, say: Say) -> None:
        self._root = root
        self._say = say

    def able(self) -> None:
        """The kernel has an NFSv4 client, and there is the program that mounts it. Raises: CannotMount."""
        if "\tnfs4\n" not in (self._root / FILESYSTEMS).read_text():
            loaded = subprocess.run(["modprobe", MODULE], stderr=subprocess.PIPE, text=True)
            if loaded.returncode:
                why = " ".join(loaded.stderr.split())
                raise CannotMount(f"this kernel has no NFSv4 client (modprobe {MODULE}: {why})")
        if shutil.which("mount.nfs4", path="/sbin:/usr/sbin:/bin:/usr/bin") is None:
            raise CannotMount("mount.nfs4 is missing: apt install nfs-common, or dnf install nfs-utils")

    def identify(self) -> None:
        """Gives the machine an identity of its own unless it has one: it would be made of the host name, which clones
        share (RFC 8881, 2.4). Raises: CannotMount."""
        identifier = self._root / IDENTIFIER
        if not identifier.exists():
            self._identify_by_parameter()
            return
        shown = identifier.read_text().strip()
        if shown not in UNSET:
            self._say(f"# this machine's identity is {shown}")
            return
        drawn = subprocess.run(["sh", str(IDENTITY_SCRIPT)], stderr=subprocess.PIPE, text=True)
        if drawn.returncode:
            raise CannotMount(f"no identity could be set: {' '.join(drawn.stderr.split())}")
        self._say(f"# this machine has the identity {identifier.read_text().strip()} from now on")

    def _identify_by_parameter(self) -> None:
        """Kernels before 5.10."""
        parameter = self._root / UNIQUE_ID
        if not parameter.exists() or parameter.read_text().strip() in UNSET:
            raise CannotMount(
                "this kernel's NFS client shows the host name as its identity, which must be unlike every other"
                " machine's: set the parameter nfs4_unique_id of the module nfs in /etc/modprobe.d, and load it anew"
            )

    def keep_delegations(self) -> None:
        """Raises the number of delegations that the client keeps, where it has the parameter; never lowers it."""
        parameter = self._root / WATERMARK
        if not parameter.exists():
            return
        if int(parameter.read_text()) < recipe.DELEGATION_WATERMARK:
            parameter.write_text(f"{recipe.DELEGATION_WATERMARK}\n")
            self._say(f"# it keeps up to {recipe.DELEGATION_WATERMARK} delegations")
