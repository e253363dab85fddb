"""`nfsgw serve` as a process that is meant to die: started with or without a failpoint, killed, waited for."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from nfsgw.failpoints import VARIABLE
from tests.support.seaweed import free_ports

READY_WITHIN = 60.0
END_WITHIN = 60.0
TICK = 0.01
QUICK = {  # so that a short life sees uploads, deletions and grace
    "admin.http": "127.0.0.1:0",  # several lives go on side by side
    "nfs.lease_seconds": "5",
    "nfs.grace_seconds": "5",
    "chunks.flush_after": "0.3",
    "chunks.upload_after": "0.05",
    "chunks.pack_after": "0.2",
    "chunks.dead_age": "0",
    "chunks.sweep_every": "1",
    "chunks.disk_reserve": "0",
    "namespace.free_space_reserve": "0",
}


class GatewayProcess:
    """One gateway over all its lives: the same data directory, the same port."""

    def __init__(self, data: Path, settings: dict[str, str], environment: dict[str, str]) -> None:
        self.data = data
        self.log = data.with_suffix(".log")
        self.port = free_ports(1)[0]
        self.settings = {**QUICK, **settings}
        self.environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self, failpoint: str = "") -> None:
        """Starts the process, waits for nothing."""
        command = [sys.executable, "-m", "nfsgw", "serve", "--data-dir", str(self.data)]
        command += ["--listen", "127.0.0.1", "--port", str(self.port)]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        environment = {**os.environ, **self.environment, VARIABLE: failpoint}
        self.hang_up()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment
            )

    async def serves(self) -> bool:
        """Whether it has come up; False when it died before."""
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while self.lives():
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return True
            except OSError:
                await asyncio.sleep(TICK)
            assert asyncio.get_running_loop().time() < deadline, f"the gateway does not come up:\n{self.told()}"
        return False

    async def begins(self, failpoint: str = "") -> bool:
        """Whether it has come up; False when it died before. A command that has the data directory at the moment is
        waited for: who keeps the service running starts it again."""
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while True:
            before = self.log.stat().st_size if self.log.exists() else 0
            self.launch(failpoint)
            if await self.serves():
                return True
            said = self.log.read_bytes()[before:]
            if b" is in use by another " not in said or asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(TICK)

    async def start(self) -> None:
        assert await self.begins(), f"the gateway did not start:\n{self.told()}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def ended(self, within: float) -> bool:
        """Whether it dies by itself within so many seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while self.lives():
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(TICK)
        return True

    async def alone(self) -> None:
        """To be called when it has died: returns when its mover, which may have been about to store an object, has
        gone, too. Both hold the same standard output."""
        assert self._process is not None
        assert self._process.stdout is not None
        await asyncio.to_thread(self._process.stdout.read)

    def hang_up(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """kill -9, unless it is dead already."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.hang_up()

    def ask_to_stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    async def stop(self) -> None:
        """An orderly end."""
        assert self._process is not None
        self.ask_to_stop()
        assert await self.ended(END_WITHIN), f"the gateway does not stop:\n{self.told()}"
        assert self._process.returncode == 0, f"the gateway ended with {self._process.returncode}:\n{self.told()}"

    def told(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
