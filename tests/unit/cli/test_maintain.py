"""`nfsgw fsck` and `nfsgw gc` as processes: what they print, their exit codes, and what they refuse."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.cli.test_commands import nfsgw, refused, running


def served_once(data: Path) -> None:
    with running(data) as gateway:
        assert gateway.stop()[0] == 0


def damage(data: Path, sql: str) -> None:
    with closing(sqlite3.connect(data / "namespace.db")) as database:
        database.executescript(sql)


def test_a_new_filesystem_is_sound_and_has_no_orphans(tmp_path: Path) -> None:
    served_once(tmp_path)
    result = nfsgw("fsck", "--data-dir", str(tmp_path))
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "sound")
    result = nfsgw("gc", "--data-dir", str(tmp_path))
    assert result.returncode == 0
    assert result.stdout.startswith("0 objects in the store")


def test_what_is_broken_is_named_and_mended(tmp_path: Path) -> None:
    served_once(tmp_path)
    damage(tmp_path, "UPDATE meta SET value = 9 WHERE key = 'objects'")
    result = nfsgw("fsck", "--data-dir", str(tmp_path))
    assert result.returncode == 1
    assert "meta's totals agree with the inodes" in result.stdout
    answer = json.loads(nfsgw("fsck", "--json", "--data-dir", str(tmp_path)).stdout)
    assert [finding["name"] for finding in answer["findings"]] == ["totals_are_right"]
    result = nfsgw("fsck", "--repair", "--data-dir", str(tmp_path))
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, "mended: total of objects: 1")
    assert nfsgw("fsck", "--data-dir", str(tmp_path)).returncode == 0


def test_a_gateway_that_serves_is_checked_but_not_mended(tmp_path: Path) -> None:
    with running(tmp_path):
        assert nfsgw("fsck", "--data-dir", str(tmp_path)).returncode == 0
        refused(nfsgw("fsck", "--repair", "--data-dir", str(tmp_path)), 1, "stop it first")
        assert json.loads(nfsgw("gc", "--delete", "--json", "--data-dir", str(tmp_path)).stdout)["orphans"] == 0


def test_gc_takes_nothing_from_a_gateway_that_it_cannot_ask(tmp_path: Path) -> None:
    with running(tmp_path) as gateway:
        gateway.process.send_signal(signal.SIGSTOP)
        (tmp_path / "admin.sock").unlink()
        result = nfsgw("gc", "--delete", "--data-dir", str(tmp_path))
        gateway.process.send_signal(signal.SIGCONT)
        refused(result, 1, "cannot be asked")


@pytest.mark.parametrize("command", ["fsck", "gc"])
def test_where_there_is_no_filesystem_they_say_so(tmp_path: Path, command: str) -> None:
    refused(nfsgw(command, "--data-dir", str(tmp_path)), 1, "there is no filesystem here")


@pytest.mark.parametrize("command", ["fsck", "gc"])
def test_a_store_that_is_away_is_an_error(tmp_path: Path, command: str) -> None:
    served_once(tmp_path)
    (tmp_path / "objects" / "objects").rename(tmp_path / "away")
    refused(nfsgw(command, "--data-dir", str(tmp_path)), 1, "not mounted")


def test_a_loss_is_accepted_with_a_repair_only(tmp_path: Path) -> None:
    served_once(tmp_path)
    refused(nfsgw("fsck", "--accept-loss", "--data-dir", str(tmp_path)), 2, "--repair")
