"""One guest: a user-mode Linux process in its own network, and the jobs that run in it.

Boot, crash and reboot are those of a machine: a crash is a power cut, of which the server is not told.
"""

import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from tests.kernel.harness.build import Kernel, Parts
from tests.kernel.harness.errors import HarnessError
from tests.kernel.harness.job import Job, Result
from tests.kernel.harness.network import CALLBACK_PORT, SERVER, Network
from tests.kernel.harness.processes import end_session, start_session

PROJECT = Path(__file__).parents[3]
SCRIPTS = PROJECT / "tests" / "kernel" / "scripts"
BOOT_SECONDS = 90.0
MOUNT_POINT = "/mnt/work"
Watch = Callable[[int, str, str], None]  # guest, "out", "err" or "log", line

# What hangs where, when a job took too long: the processes that do not run, and the kernel's last words.
DIAGNOSIS = """
ps -eo pid,stat,wchan:40,args --no-headers | grep -v '\\]$'
for stack in /proc/[0-9]*/stack; do grep -l -s -e nfs -e rpc $stack | sed 's/$/:/'; grep -s -e nfs -e rpc $stack; done
dmesg | tail -n 15
"""


class Machine:
    """A guest of a fleet. The fleet makes it, boots it and takes it down."""

    def __init__(
        self,
        index: int,
        parts: Parts,
        kernel: Kernel,
        network: Network,
        control_port: int,
        folder: Path,
        share: Path,
        memory: int,
        watch: Watch,
    ) -> None:
        """`memory` in MiB. Console logs lie in `folder`; `share` is /host inside."""
        self.index = index
        self.name = f"client{index}"
        self.network = network
        self.boots = 0
        self.environment: dict[str, str] = {}
        self._parts, self._kernel, self._control_port = parts, kernel, control_port
        self._folder, self._share, self._memory, self._watch = folder, share, memory, watch
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._jobs: dict[int, Job] = {}
        self._last_job = 0

    # Power

    def boot(self) -> None:
        """Starts the kernel; wait_until_up() waits for it."""
        if any(" " in str(path) for path in (PROJECT, self._share, self._kernel.folder)):
            raise HarnessError("the project and the guests' cache must not lie in a folder with a blank in its name")
        words = {
            "PROJECT": PROJECT,
            "MODULES": self._kernel.folder / "modules",
            "SHARE": self._share,
            "HOST": SERVER,
            "CONTROL": self._control_port,
            "ID": self.index,
            "BOOT": self.boots,
            "NAME": self.name,
            "ADDRESS": self.network.guest_address,
        }
        command = [
            *("nsenter", f"--net=/run/netns/{self.network.namespace}"),
            *("env", "LD_LIBRARY_PATH=./lib", f"TMPDIR={memory_folder(self._memory, self._folder)}"),
            *("./linux", f"mem={self._memory}M", "root=/dev/ubda", f"ubd0rc={self._parts.root}", "ro", "init=/init"),
            *("con=null", "con0=null,fd:1", f"uml_dir={self._folder}", f"umid={self.index}.{self.boots}"),
            "vec0:transport=tap,ifname=tap0,depth=128,gro=1",
            *(["seccomp=on"] if self._kernel.series >= (6, 16) else []),
            *(f"GUEST_{name}={value}" for name, value in words.items()),
        ]
        self._process = start_session(command, self._kernel.folder, self.console)

    @property
    def console(self) -> Path:
        """The log of the current boot's console."""
        return self._folder / f"console-{self.index}-{self.boots}"

    @property
    def running(self) -> bool:
        """Whether the guest's kernel runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def busy(self) -> bool:
        """Whether a job runs in it."""
        with self._changed:
            return any(not job.ended for job in self._jobs.values())

    def wait_until_up(self) -> None:
        """Until the guest takes jobs. Raises: HarnessError, with the end of the console, when it does not come up."""
        with self._changed:
            deadline = time.monotonic() + BOOT_SECONDS
            while self._connection is None:
                if not self.running or time.monotonic() > deadline:
                    log = self.console.read_text(errors="replace").replace("\r", "").splitlines()[-25:]
                    raise HarnessError("\n".join([f"{self.name} did not come up; its console:", *log]))
                self._changed.wait(0.1)

    def crash(self) -> None:
        """A power cut. Its jobs end with status 137."""
        with self._changed:
            self.boots += 1  # what the old one has still sent is not listened to
            self._connection = None
        if self._process is not None:
            end_session(self._process.pid)
            self._process.wait()
        self._end_jobs("the guest was switched off")

    def reboot(self) -> None:
        """A power cut, and up again; nothing is mounted then."""
        self.crash()
        self.boot()
        self.wait_until_up()

    def freeze(self) -> None:
        """The whole machine stands still, as one that is suspended; its clock has leapt when thaw() wakes it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """The end of freeze()."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def power_off(self) -> None:
        """An orderly end: the agent goes, and with it the guest; then whatever may be left of it."""
        with self._changed:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
            assert self._process is not None
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._watch(self.index, "log", "did not power off by itself")
        self.crash()

    def _end_jobs(self, why: str) -> None:
        with self._changed:
            jobs = list(self._jobs.values())
            self._jobs.clear()
        for job in jobs:
            job.finish(128 + signal.SIGKILL, why)

    def listen(self, boot: int, connection: socket.socket, lines: TextIO) -> None:
        """The control connection of the guest's agent, until it ends."""
        with self._changed:
            if boot != self.boots:
                return
            self._connection = connection
            self._changed.notify_all()
        for line in lines:
            message = json.loads(line)
            with self._changed:
                job = self._jobs.get(message["job"]) if boot == self.boots else None
                if job is not None and "exit" in message:
                    del self._jobs[message["job"]]
            if job is not None:
                job.receive(message)
        with self._changed:
            lost = boot == self.boots and self._connection is connection
            if lost:
                self._connection = None
        if lost:
            log = self.console.read_text(errors="replace").replace("\r", "").splitlines()[-15:]
            self._end_jobs("\n".join(["the guest's kernel ended; its console:", *log]))

    # Jobs

    def start(self, argv: Sequence[str], env: Mapping[str, str] | None = None, watched: bool = True) -> Job:
        """Runs a command as root. Raises: HarnessError when the guest is not up."""
        with self._changed:
            if self._connection is None:
                raise HarnessError(f"{self.name} is not up")
            self._last_job += 1
            number = self._last_job
            job = Job(
                self.name,
                " ".join(argv[-3:]),
                functools.partial(self._watch, self.index) if watched else _unwatched,
                functools.partial(self._give_up, number),
            )
            self._jobs[number] = job
            self._send({"run": number, "argv": list(argv), "env": {**self.environment, **(env or {})}, "cwd": "/tmp"})
        return job

    def _send(self, message: object) -> None:
        with self._changed:
            if self._connection is not None:
                self._connection.sendall(json.dumps(message).encode() + b"\n")

    def _give_up(self, number: int) -> None:
        with self._changed:
            job = self._jobs.pop(number, None)
        if job is not None:
            if job.command != DIAGNOSIS:
                found = self.start(["bash", "-c", DIAGNOSIS], watched=False).wait(15)
                job.finish(124, "it took too long; the guest meanwhile:", *found.lines)
            self._send({"kill": number})

    def run(self, argv: Sequence[str], env: Mapping[str, str] | None = None, timeout: float = 600.0) -> Result:
        """Runs a command to its end; status 124 when that took longer than `timeout` seconds."""
        return self.start(argv, env).wait(timeout)

    def shell(self, text: str, timeout: float = 600.0, watched: bool = True) -> Result:
        """Runs a piece of bash to its end."""
        return self.start(["bash", "-c", text], watched=watched).wait(timeout)

    def start_script(self, name: str, *args: str, env: Mapping[str, str] | None = None) -> Job:
        """Starts a program of tests/kernel/scripts by its name: NAME.py, else NAME.sh."""
        if (SCRIPTS / f"{name}.py").exists():
            return self.start(["python3", "-B", "-m", f"tests.kernel.scripts.{name}", *args], env)
        return self.start(["bash", f"/project/tests/kernel/scripts/{name}.sh", *args], env)

    def script(self, name: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 600.0) -> Result:
        """Runs a program of tests/kernel/scripts to its end."""
        return self.start_script(name, *args, env=env).wait(timeout)

    # The mount

    def set_parameter(self, module: str, name: str, value: str) -> None:
        """Sets a parameter of a kernel module. Raises: AssertionError when the kernel refuses it."""
        path = f"/sys/module/{module}/parameters/{name}"
        self.shell(f"modprobe {module} && echo {value} >{path}", timeout=20).expect_success()

    def mount(self, options: str, at: str = MOUNT_POINT, path: str = "/") -> str:
        """Mounts the server's `path`. Returns the options that the kernel then shows.

        With vers=4.0 the server is told where the relay takes callbacks. Raises: AssertionError when it cannot.
        """
        if "vers=4.0" in options.split(","):
            self.set_parameter("nfs", "callback_tcpport", str(CALLBACK_PORT))
            options += f",clientaddr={self.network.outside_address}"
        self.shell(
            f"modprobe nfsv4; mkdir -p {at} && mount -t nfs4 -o {options} {SERVER}:{path} {at}", timeout=120
        ).expect_success()
        return self.mount_options(at)

    def mount_options(self, at: str = MOUNT_POINT) -> str:
        """The options of the mount, as /proc/mounts has them."""
        return (
            self.shell(f"awk '$2 == \"{at}\" {{ print $4 }}' /proc/mounts", watched=False)
            .expect_success()
            .output.strip()
        )

    def unmount(self, at: str = MOUNT_POINT) -> None:
        """Unmounts. Raises: AssertionError when it cannot, or not within half a minute."""
        self.shell(f"umount {at}", timeout=30).expect_success()


def _unwatched(kind: str, line: str) -> None:
    return


def memory_folder(mebibytes: int, otherwise: Path) -> Path:
    """Where the guest's memory, a sparse file, may lie: in memory, unless that is too small (containers)."""
    shm = Path("/dev/shm")
    if shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > mebibytes << 20:
        return shm
    return otherwise
