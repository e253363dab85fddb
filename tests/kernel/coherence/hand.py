"""Runs inside a guest: does what the test tells it, a call at a time, and answers with what came of it.

A call is (NAME, ARGUMENTS), pickled, on a connection of its own that the harness carries; NAME is a function of the
module `os` or of tests.kernel.coherence.moves. The answer is (True, VALUE) or (False, EXCEPTION). It ends with the
connection. The other end is house.py.
"""

import importlib
import os
import pickle
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

MOVES = "tests.kernel.coherence.moves"


def function(name: str) -> Callable[..., Any]:
    """`os.mkdir`, or `claims.race` for a function of moves/claims.py."""
    module, _, attribute = name.rpartition(".")
    found: Callable[..., Any] = getattr(
        os if module == "os" else importlib.import_module(f"{MOVES}.{module}"), attribute
    )
    return found


def answer(name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Does it. An OSError goes back as it is; anything else with its traceback, for whoever reads the test's output."""
    try:
        return True, function(name)(*arguments)
    except OSError as error:
        return False, error
    except Exception:
        return False, AssertionError(traceback.format_exc())


def main() -> None:
    """Opens the channel named in the first argument, and serves it to its end."""
    address = (os.environ["GUEST_HOST"], int(os.environ["GUEST_CONTROL"]))
    with socket.create_connection(address) as connection, connection.makefile("rwb") as stream:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.write(f"open {os.environ['CLIENT_ID']} {sys.argv[1]}\n".encode())
        stream.flush()
        while True:
            try:
                name, arguments = pickle.load(stream)
            except EOFError:
                return
            pickle.dump(answer(name, arguments), stream)
            stream.flush()


if __name__ == "__main__":
    main()
