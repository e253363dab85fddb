"""What a script may ask of the harness: to meet the other guests, and what hostctl can do (harness/guest/hostctl)."""

import base64
import os
import socket


def ask(*words: str) -> str:
    """The harness's answer. Raises: AssertionError when it says no."""
    address = (os.environ["GUEST_HOST"], int(os.environ["GUEST_CONTROL"]))
    question = ["ask", os.environ["CLIENT_ID"], *(base64.b64encode(word.encode()).decode() for word in words)]
    with socket.create_connection(address) as connection:
        connection.sendall(" ".join(question).encode() + b"\n")
        status, _, text = connection.makefile("r").read().partition("\n")
    assert status == "0", f"{' '.join(words)}, the harness said {text or 'nothing'}"
    return text


def barrier(name: str, count: int = 0) -> None:
    """Until `count` guests (0: all) have come to it. Raises: AssertionError when one no longer can."""
    ask("barrier", name, *([str(count)] if count else []))


def do(name: str, *args: str) -> str:
    """What the test has registered under that name (Fleet.actions)."""
    return ask("do", name, *args)
