"""What the commands print: answers of the admin socket, for people or as JSON."""

from __future__ import annotations

import json
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

from nfsgw import __version__
from nfsgw.admin.protocol import AdminError, NoGateway, ask
from nfsgw.admin.words import duration, near
from nfsgw.cli import FAILED, NOT_RUNNING, Failure
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory

PACKAGES = ("uvloop", "aiobotocore", "aiosqlite", "librt")


def in_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def asked(config: Config, question: str, as_json: bool, **arguments: str) -> str:
    """The running gateway's answer. Failure: none runs, it does not answer, or refuses."""
    path = config.text("admin.socket") or DataDirectory(config.text("data.dir")).admin_socket
    try:
        answer = ask(path, question, 10.0, **arguments)
    except NoGateway as error:
        raise Failure(str(error), NOT_RUNNING) from error
    except AdminError as error:
        raise Failure(str(error), FAILED) from error
    if as_json:
        return in_json(answer)
    if isinstance(answer, list):
        return table(answer, question)
    return status_text(answer) if isinstance(answer, dict) else str(answer)


def table(rows: list[Any], what: str) -> str:
    """Rows of equal keys in columns."""
    if not rows:
        return f"no {what}"
    columns = list(rows[0])
    cells = [[column.replace("_", " ") for column in columns]]
    cells += [[cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in lines)


def cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1f}"
    return "-" if value is None or value == "" else str(value)


def status_text(status: dict[str, Any]) -> str:
    """What is wrong comes first."""
    chunks: dict[str, Any] = status["chunks"]
    commits = status["commits"]
    delegations = status["delegations"]
    lines = [f"WRONG:      {problem}" for problem in status["problems"]] or ["all is well"]
    lines += [
        f"nfsgw {status['version']} is serving {status['data_dir']} on {status['address']}"
        f" for {duration(status['uptime_seconds'])} (process {status['pid']}, start {status['boots']})",
        f"clients:    {status['clients']}, with {status['sessions']} sessions on {status['connections']} connections;"
        f" {status['opens']} opens, {status['locks']} locks, {sum(delegations.values())} delegations"
        f" ({', '.join(f'{count} {kind}' for kind, count in delegations.items())})",
        f"served:     {status['operations']} operations, {near(status['read_bytes'])} read,"
        f" {near(status['written_bytes'])} written",
        f"tree:       {status['objects']} objects, {near(status['used_bytes'])} of data;"
        f" in memory {status['cache']['inodes']} objects and {status['cache']['names']} names",
        f"commits:    {commits['durable']} durable, {commits['latest'] - commits['durable']} under way",
        f"staging:    {near(chunks['staged_bytes'])} of {near(chunks['staging_limit'])} not uploaded yet,"
        f" {near(chunks['dirty_bytes'])} in {chunks['dirty_files']} files not committed",
        f"transfers:  {chunks['uploads_queued']} uploads queued{gathering(chunks)}, {chunks['uploads_running']}"
        f" running{backlog(chunks)};"
        f" {chunks['fetches_running']} fetches running",
        f"cache:      {near(chunks['cache_bytes'])} in {chunks['cache_chunks']} chunks on disk;"
        f" {near(chunks['disk_free'])} free",
        f"store:      {status['store']}, {store_words(chunks)}",
        f"objects:    {holdings_words(status['holdings'], chunks)}",
        f"metrics:    {'http://' + status['http'] + '/metrics' if status['http'] else 'not served'}",
    ]
    return "\n".join(lines)


def backlog(chunks: dict[str, Any]) -> str:
    oldest = chunks["upload_oldest_seconds"]
    return "" if oldest is None else f", the oldest written {duration(oldest)} ago"


def gathering(chunks: dict[str, Any]) -> str:
    small = chunks["uploads_gathering"]
    return f" ({small} of them small, waiting to share an object)" if small else ""


def holdings_words(held: dict[str, Any] | None, chunks: dict[str, Any]) -> str:
    if held is None:
        return "not counted yet"
    said = f"{held['objects']} with {near(held['held_bytes'])}, {held['dead_share']:.0%} of it dead"
    if held["dead"]:
        said += f" ({held['dead']} wait for their deletion)"
    said += f"; {held['packs']} are packs, made of {held['pack_chunks']} small chunks"
    if chunks["packs_rewritten"]:
        said += f"; {chunks['packs_rewritten']} thin packs rewritten, {chunks['chunks_repacked']} chunks moved"
    return said


def store_words(chunks: dict[str, Any]) -> str:
    if chunks["store_down_seconds"] is not None:
        return f"DOWN for {duration(chunks['store_down_seconds'])}: {chunks['store_last_error']}"
    if chunks["store_errors"]:
        return f"up; {chunks['store_errors']} errors so far, the last: {chunks['store_last_error']}"
    return "up, no errors"


def version(as_json: bool) -> str:
    known: dict[str, object] = {
        "nfsgw": __version__,
        "compiled": compiled(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    for package in PACKAGES:
        try:
            known[package] = version_of(package)
        except PackageNotFoundError:
            known[package] = None
    if as_json:
        return in_json(known)
    stands_on = [f"{name} {known[name] or 'missing'}" for name in ("python", "sqlite", *PACKAGES)]
    return f"nfsgw {__version__} ({'compiled' if known['compiled'] else 'not compiled'}; {', '.join(stands_on)})"


def compiled() -> bool:
    """Whether the hot modules are the compiled ones."""
    from nfsgw.rpc import core

    return not str(core.__file__).endswith(".py")
