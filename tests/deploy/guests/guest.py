"""One guest: a user-mode Linux process with a disk of its own, reached over SSH.

Boot, reboot and power cut are those of a machine; the disk stays. It must never be reached but through its
namespace.
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.kernel.harness.build import Kernel
from tests.kernel.harness.errors import HarnessError
from tests.kernel.harness.machine import memory_folder
from tests.kernel.harness.processes import end_session, start_session

UP_SECONDS = 180.0


@dataclass(frozen=True)
class Place:
    """Where a guest is in its site. `hosts` are the names of all guests, as name=address,..."""

    namespace: str
    tap: str
    address: str
    mac: str
    hosts: str


class Guest:
    """A guest of a site. The site makes it; boot() and wait_until_up() bring it up."""

    def __init__(self, name: str, place: Place, kernel: Kernel, image: Path, folder: Path, memory: int) -> None:
        """`image` is the folder that image.build() returns; `memory` in MiB."""
        self.name = name
        self.place = place
        self.boots = 0
        self._kernel, self._image, self._folder, self._memory = kernel, image, folder, memory
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def console(self) -> Path:
        """The log of the console, over all boots."""
        return self._folder / f"{self.name}.console"

    def boot(self) -> None:
        """Starts the kernel."""
        self.boots += 1
        command = [
            *("nsenter", f"--net=/run/netns/{self.place.namespace}"),
            *("env", "LD_LIBRARY_PATH=./lib", f"TMPDIR={memory_folder(self._memory, self._folder)}"),
            *("./linux", f"mem={self._memory}M", "root=/dev/ubda", "rw"),
            f"ubd0={self._folder / self.name}.disk,{self._image / 'root.ext4'}",
            *("con=null", "con0=null,fd:1", f"uml_dir={self._folder}", f"umid={self.name}.{self.boots}"),
            f"vec0:transport=tap,ifname={self.place.tap},mac={self.place.mac},depth=128,gro=1",
            *(["seccomp=on"] if self._kernel.series >= (6, 16) else []),
            *(f"systemd.hostname={self.name}", "systemd.show_status=no", "selinux=0", "quiet"),
            "sysctl.kernel.io_uring_disabled=2",  # whose rings this kernel cannot map: it panics at their end
            *(f"GUEST_ADDRESS={self.place.address}", f"GUEST_HOSTS={self.place.hosts}"),
        ]
        self._process = start_session(command, self._kernel.folder, self.console)

    def wait_until_up(self) -> None:
        """Until commands can be run. Raises: HarnessError, with the end of the console."""
        deadline = time.monotonic() + UP_SECONDS
        while True:
            if self._ssh("true", 10).returncode == 0:
                return
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                log = self.console.read_text(errors="replace").replace("\r", "").splitlines()[-30:]
                raise HarnessError("\n".join([f"{self.name} did not come up; its console:", *log]))
            time.sleep(0.5)

    def shell(self, text: str, timeout: float = 120.0) -> str:
        """Runs a piece of shell as root. Returns its output. Raises: AssertionError with it when it fails."""
        done = self._ssh(text, timeout)
        assert done.returncode == 0, f"{self.name}: {text}\n{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def start(self, text: str) -> subprocess.Popen[str]:
        """Begins a piece of shell as root."""
        return subprocess.Popen(
            [*self.ssh_command(), text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ssh_command(self) -> list[str]:
        """The command that a line of shell is given to."""
        return [
            *("nsenter", f"--net=/run/netns/{self.place.namespace}", "ssh", "-n", "-F", "none"),
            *("-i", str(self._image / "key"), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
            *("-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5"),
            *("-o", "ServerAliveInterval=10", f"root@{self.place.address}"),
        ]

    def _ssh(self, text: str, timeout: float) -> subprocess.CompletedProcess[str]:
        command = [*self.ssh_command(), text]
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired as late:
            said = late.stdout.decode(errors="replace") if late.stdout else ""
            return subprocess.CompletedProcess(command, 124, said, f"no end within {timeout:g} s")

    def reboot(self) -> None:
        """An orderly reboot, by systemd."""
        assert self._process is not None
        self._ssh("systemctl poweroff", 20)
        try:
            self._process.wait(120)
        except subprocess.TimeoutExpired:
            raise HarnessError(f"{self.name} did not shut down; see {self.console}") from None
        self.cut_power()
        self.boot()
        self.wait_until_up()

    def cut_power(self) -> None:
        """Ends it at once."""
        if self._process is not None:
            end_session(self._process.pid)
            self._process.wait()
            self._process = None
