"""The admin socket, asked over a real one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import uvloop

from nfsgw.admin.protocol import ADDRESS_LIMIT, AdminError, AdminServer, NoGateway, ask


def fail() -> object:
    raise ValueError("on purpose")


def served(path: Path, test: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        server = AdminServer(str(path), {"answer": lambda: {"n": 42}, "fail": fail})
        await server.start()
        try:
            await test()
        finally:
            await server.close()

    uvloop.run(main())


def test_a_question_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"

    async def test() -> None:
        assert await asyncio.to_thread(ask, str(path), "answer") == {"n": 42}
        assert path.stat().st_mode & 0o777 == 0o600

    served(path, test)
    assert not path.exists()


def test_an_order_is_given_what_was_asked_and_may_refuse(tmp_path: Path) -> None:
    def order(asked: dict[str, object]) -> object:
        if asked["n"] == 0:
            raise AdminError("none are left")
        return asked

    async def main() -> None:
        path = str(tmp_path / "admin.sock")
        server = AdminServer(path, {}, {"take": order})
        await server.start()
        try:
            assert await asyncio.to_thread(ask, path, "take", n=3) == {"ask": "take", "n": 3}
            with pytest.raises(AdminError, match="none are left"):
                await asyncio.to_thread(ask, path, "take", n=0)
        finally:
            await server.close()

    uvloop.run(main())


def test_an_unknown_question_is_told_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"

    async def test() -> None:
        with pytest.raises(AdminError, match="no question 'what'; there are answer, fail"):
            await asyncio.to_thread(ask, str(path), "what")

    served(path, test)


def test_a_question_that_fails_is_logged_and_the_next_is_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "admin.sock"

    async def test() -> None:
        with pytest.raises(AdminError, match="internal error"):
            await asyncio.to_thread(ask, str(path), "fail")
        assert await asyncio.to_thread(ask, str(path), "answer") == {"n": 42}

    with caplog.at_level(logging.ERROR):
        served(path, test)
    assert "on purpose" in caplog.text


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[1]\n", b'{"ask": 5}\n', b"\xff\xfe\n", b"not json\n"])
def test_nonsense_is_answered_with_an_error(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "admin.sock"

    async def test() -> None:
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(line)
        assert "error" in json.loads(await reader.readline())
        writer.close()

    served(path, test)


def test_a_line_without_end_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"

    async def test() -> None:
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b"x" * 300_000)
        with contextlib.suppress(ConnectionResetError):  # it was closed with bytes unread
            assert await reader.read() == b""
        writer.close()
        assert await asyncio.to_thread(ask, str(path), "answer") == {"n": 42}

    served(path, test)


def test_a_path_too_long_for_a_unix_address_works(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    folder.mkdir(parents=True)
    path = folder / "admin.sock"
    assert len(str(path)) > ADDRESS_LIMIT

    async def test() -> None:
        assert await asyncio.to_thread(ask, str(path), "answer") == {"n": 42}

    served(path, test)


def test_a_socket_left_behind_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(NoGateway, match="no gateway is running"):
        ask(str(path), "answer")

    async def test() -> None:
        assert await asyncio.to_thread(ask, str(path), "answer") == {"n": 42}

    served(path, test)
    path.write_text("precious")
    with pytest.raises(OSError, match="in use"):
        served(path, test)
    assert path.read_text() == "precious"


def test_no_socket_is_no_gateway(tmp_path: Path) -> None:
    with pytest.raises(NoGateway, match="nobody listens"):
        ask(os.path.join(tmp_path, "admin.sock"), "answer")
