"""Log lines: text and JSON."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from nfsgw import logs


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Gives the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def logged(form: str, level: str = "info") -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    logs.set_up(level, form, stream)
    return logging.getLogger("nfsgw.test"), stream


def test_text_is_one_line_with_what_it_speaks_of() -> None:
    log, stream = logged("text")
    log.warning("recall of %s\nfailed", "delegation", extra={"client": "c1", "xid": 7, "other": 1})
    line = stream.getvalue()
    assert line.endswith("Z warning nfsgw.test: recall of delegation\\nfailed [client=c1 xid=7]\n")
    assert line.count("\n") == 1


def test_json_is_one_object_per_line_with_the_same_fields() -> None:
    log, stream = logged("json")
    log.info("session %s is new", "s1", extra={"session": "s1", "connection": 3})
    try:
        raise ValueError("on purpose")
    except ValueError:
        log.exception("it failed")
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["level"], first["logger"], first["message"]) == ("info", "nfsgw.test", "session s1 is new")
    assert (first["session"], first["connection"]) == ("s1", 3)
    assert "on purpose" in second["traceback"]


def test_what_is_below_the_level_is_not_logged() -> None:
    log, stream = logged("text", "warning")
    log.info("quiet")
    assert stream.getvalue() == ""


def test_a_time_is_utc_with_milliseconds() -> None:
    assert logs.timestamp(86400.25) == "1970-01-02T00:00:00.250Z"
