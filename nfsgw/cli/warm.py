"""`nfsgw warmup PATH`: has the running gateway fetch what lies under a path, and shows how far it is.

The gateway does the work; when this command is interrupted, it ends that too.
"""

from __future__ import annotations

import time
from typing import Any, Final

from nfsgw.admin.protocol import AdminError, NoGateway, ask
from nfsgw.admin.words import near
from nfsgw.cli import DONE, FAILED, NOT_RUNNING, Failure
from nfsgw.cli.maintain import Progress
from nfsgw.cli.show import in_json
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory

EVERY: Final = 0.2  # seconds between two looks
WIDTH: Final = 30  # of the bar


def warmup(config: Config, path: str, as_json: bool) -> int:
    socket = config.text("admin.socket") or DataDirectory(config.text("data.dir")).admin_socket
    progress = Progress()
    try:
        report = told(ask(socket, "warmup", path=path))
        number = report["number"]
        try:
            while not report["over"]:
                progress.show(bar(report))
                time.sleep(EVERY)
                report = told(ask(socket, "warmup", number=number))
        except KeyboardInterrupt:
            ask(socket, "warmup", number=number, end=True)
            raise
        finally:
            progress.clear()
    except NoGateway as error:
        raise Failure(str(error), NOT_RUNNING) from error
    except AdminError as error:
        raise Failure(str(error), FAILED) from error
    print(in_json(report) if as_json else text(report))
    return DONE if report["walked"] and not report["failed_chunks"] else FAILED


def told(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise AdminError("the gateway gives no report of the warmup")
    return answer


def bar(report: dict[str, Any]) -> str:
    """What is known to be wanted grows until the walk is over."""
    wanted, fetched = report["wanted_bytes"] - report["left_out_bytes"], report["fetched_bytes"]
    filled = WIDTH * fetched // wanted if wanted else 0
    more = "" if report["walked"] else " so far"
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {near(fetched)} of {near(wanted)}{more}, {report['files']} files"


def text(report: dict[str, Any]) -> str:
    lines = [f"{report['files']} files looked at, {near(report['fetched_bytes'])} fetched"]
    if report["left_out_bytes"]:
        lines.append(f"{near(report['left_out_bytes'])} left out: the cache has no room for them (chunks.cache_limit)")
    if report["failed_chunks"]:
        lines.append(f"{report['failed_chunks']} chunks could not be fetched: see the gateway's log")
    if not report["walked"]:
        lines.append("it was ended before it was through")
    return "\n".join(lines)
