"""Log lines on standard error: text for people, one JSON object per line for programs.

Events carry what they speak of in `extra` (connection, client, session, xid); both forms show it. A message is always
one line, a traceback follows it in text and is a field in JSON.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Final, TextIO

FIELDS: Final = ("connection", "client", "session", "xid", "inode")


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        shown = [f"{name}={getattr(record, name)}" for name in FIELDS if hasattr(record, name)]
        line = f"{timestamp(record.created)} {record.levelname.lower():7} {record.name}: {one_line(record)}"
        if shown:
            line += f" [{' '.join(shown)}]"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "time": timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record),
        }
        for name in FIELDS:
            if hasattr(record, name):
                event[name] = getattr(record, name)
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


def timestamp(seconds: float) -> str:
    """UTC, with milliseconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1000):03d}Z"


def one_line(record: logging.LogRecord) -> str:
    return record.getMessage().replace("\n", "\\n")


def set_up(level: str, form: str, stream: TextIO | None = None) -> None:
    """Replaces the root logger's handlers. `level` and `form` as in the configuration."""
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("botocore", "aiobotocore", "aiosqlite", "asyncio"):
        logging.getLogger(noisy).setLevel(max(root.level, logging.WARNING))
