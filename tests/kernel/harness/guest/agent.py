"""Runs inside the guest, as the only child of init: runs the commands that the harness sends, each as a job.

One TCP connection to the harness carries JSON lines. Towards the guest: {"run": JOB, "argv", "env", "cwd"} and
{"kill": JOB}. Towards the harness: {"job": JOB, "out"|"err": TEXT} and {"job": JOB, "exit": STATUS}. When the
connection ends the guest powers off: a guest never outlives its harness. Standard library only.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import threading
import time
from typing import Any

LINGER = 1.0  # seconds to wait for output of what a job left running in the background


class Agent:
    """The guest's end of the control connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def send(self, **message: Any) -> None:
        """One message to the harness."""
        with self._sending:
            self._connection.sendall(json.dumps(message).encode() + b"\n")

    def serve(self) -> None:
        """Obeys until the harness closes the connection."""
        with self._connection.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                if "run" in message:
                    threading.Thread(target=self._run, args=(message,), daemon=True).start()
                else:
                    self._kill(message["kill"])

    def _kill(self, number: int) -> None:
        process = self._running.get(number)
        if process is not None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _run(self, message: dict[str, Any]) -> None:
        number: int = message["run"]
        try:
            process = subprocess.Popen(
                message["argv"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **message["env"]},
                cwd=message["cwd"],
                start_new_session=True,
            )
        except OSError as error:
            self.send(job=number, err=f"{error}\n")
            self.send(job=number, exit=127)
            return
        self._running[number] = process
        self._carry_output(number, process)
        status = process.wait()
        del self._running[number]
        self.send(job=number, exit=status if status >= 0 else 128 - status)

    def _carry_output(self, number: int, process: subprocess.Popen[bytes]) -> None:
        pipes = selectors.DefaultSelector()
        assert process.stdout is not None
        assert process.stderr is not None
        pipes.register(process.stdout, selectors.EVENT_READ, "out")
        pipes.register(process.stderr, selectors.EVENT_READ, "err")
        ended: float | None = None
        while pipes.get_map():
            for key, _ in pipes.select(0.1 if ended else 0.5):
                data = os.read(key.fd, 65536)
                if data:
                    self.send(**{"job": number, key.data: data.decode("utf-8", "backslashreplace")})
                else:
                    pipes.unregister(key.fileobj)
            if process.poll() is not None:
                ended = ended or time.monotonic()
                if time.monotonic() - ended > LINGER:
                    return


def main() -> None:
    """Connects, says which guest this is, and serves."""
    address = (os.environ["GUEST_HOST"], int(os.environ["GUEST_CONTROL"]))
    for attempt in range(100):
        try:
            connection = socket.create_connection(address, 10)
            break
        except OSError:
            if attempt == 99:
                raise
            time.sleep(0.1)
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(f"hello {os.environ['GUEST_ID']} {os.environ['GUEST_BOOT']}\n".encode())
    Agent(connection).serve()


if __name__ == "__main__":
    main()
