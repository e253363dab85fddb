"""The harness's ear: the one TCP port that guests speak to, and what they may ask through it.

A guest's agent says `hello ID BOOT` and stays; a script's question is a connection of its own, `ask ID WORD...`
(words in base64), answered with an exit status and a text. hostctl and tests.kernel.scripts.host ask. A program that
says `open ID NAME` hands its connection to whoever waits for it in Fleet.channel().
"""

import base64
import socket
import threading
from collections.abc import Callable
from typing import TextIO

Hello = Callable[[int, int, socket.socket, TextIO], None]
Ask = Callable[[int, list[str]], tuple[int, str]]
Open = Callable[[int, str, socket.socket], None]


class Control:
    """Listens from the start, on a free port; `hello`, `ask` and `opened` are called in a thread per connection."""

    def __init__(self, hello: Hello, ask: Ask, opened: Open) -> None:
        self._hello = hello
        self._ask = ask
        self._opened = opened
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """No new connection; those that are there end with their guests."""
        # Closing alone leaves the thread in accept(), on a file number that the next fleet's listener may get.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("r", encoding="utf-8", newline="\n") as lines:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                words = lines.readline().split()
                if not words:
                    return
                if words[0] == "hello":
                    self._hello(int(words[1]), int(words[2]), connection, lines)
                    return
                if words[0] == "open":
                    self._opened(int(words[1]), words[2], connection.dup())
                    return
                asked = [base64.b64decode(word).decode() for word in words[2:]]
                try:
                    status, text = self._ask(int(words[1]), asked)
                except (LookupError, ValueError, AssertionError) as wrong:
                    status, text = 2, f"{' '.join(asked)}: {type(wrong).__name__}: {wrong}"
                connection.sendall(f"{status}\n{text}".encode())
            except OSError:
                return  # the guest has gone: whoever waits for it sees its process end


class Barriers:
    """Points that several guests pass together. `able_to_come` says how many guests still may."""

    def __init__(self, able_to_come: Callable[[], int]) -> None:
        self._able_to_come = able_to_come
        self._changed = threading.Condition()
        self._generation: dict[str, int] = {}
        self._arrived: dict[str, int] = {}

    def wait(self, name: str, count: int) -> bool:
        """Until `count` have come to `name`. False when fewer than that are left."""
        with self._changed:
            generation = self._generation.setdefault(name, 0)
            self._arrived[name] = self._arrived.get(name, 0) + 1
            if self._arrived[name] >= count:
                self._generation[name] += 1
                self._arrived[name] = 0
                self._changed.notify_all()
            while self._generation[name] == generation:
                if self._able_to_come() < count:
                    self._arrived[name] -= 1
                    return False
                self._changed.wait(0.5)
            return True
