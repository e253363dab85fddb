"""The commands as processes: output, exit codes, one clear line for what goes wrong, and signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from nfsgw import __version__
from nfsgw.metrics.catalogue import METRICS
from tests.unit.rpc.peer import accepted, call_message, record

NFS = 100003
LISTS = ("clients", "sessions", "opens", "locks", "delegations")
FREE_PORT = ("--set", "admin.http=127.0.0.1:0")


def nfsgw(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nfsgw", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | (environment or {}),
    )


class Running:
    """A gateway in a process of its own."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nfsgw", "serve", "--data-dir", str(data), "--port", "0", *FREE_PORT, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline()
        if not self.ready:
            raise AssertionError(self.process.communicate()[1])
        self.port = int(self.ready.split(",")[0].rpartition(":")[2])

    def null(self) -> bytes:
        """The reply to a NULL call of NFSv4."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as stream:
            stream.sendall(record(call_message(program=NFS, version=4)))
            return stream.recv(100)[4:]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what was logged."""
        self.process.send_signal(number)
        log = self.process.communicate(timeout=30)[1]
        return self.process.returncode, log


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[Running]:
    gateway = Running(data, *arguments)
    try:
        yield gateway
    finally:
        if gateway.process.poll() is None:
            gateway.process.kill()
        gateway.process.communicate()


def refused(result: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    """One line on standard error, and nothing but log lines beside it."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("nfsgw: ")]
    assert result.returncode == code, result.stderr
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    for words in said:
        assert words in lines[0]


# -- serve


def test_serve_makes_an_empty_directory_ready_says_so_and_answers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as gateway:
        assert gateway.ready == f"ready: nfs4 on 127.0.0.1:{gateway.port}, data in {data}\n"
        assert gateway.null() == accepted(0x1234, 0)
        code, log = gateway.stop()
    assert code == 0
    assert "stopped" in log
    assert "Traceback" not in log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_gateway_starts_again_on_the_same_directory(tmp_path: Path, number: int) -> None:
    for start in (1, 2):
        with running(tmp_path) as gateway:
            status = json.loads(nfsgw("status", "--json", "--data-dir", str(tmp_path)).stdout)
            assert status["boots"] == start
            assert gateway.stop(number)[0] == 0


def test_a_killed_gateway_starts_again_on_the_same_directory(tmp_path: Path) -> None:
    with running(tmp_path) as gateway:
        gateway.stop(signal.SIGKILL)
    with running(tmp_path) as gateway:
        assert gateway.null() == accepted(0x1234, 0)


def test_a_directory_in_use_is_refused_with_the_name_of_the_holder(tmp_path: Path) -> None:
    with running(tmp_path) as gateway:
        result = nfsgw("serve", "--data-dir", str(tmp_path), "--port", "0")
        refused(result, 1, "in use by another gateway", f"process {gateway.process.pid}")
        refused(nfsgw("init", "--data-dir", str(tmp_path)), 1, f"process {gateway.process.pid}")
        assert gateway.null() == accepted(0x1234, 0)


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(nfsgw("serve", "--data-dir", str(tmp_path), "--port", port), 1, f"127.0.0.1:{port}", "in use")


def test_an_address_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    refused(nfsgw("serve", "--data-dir", str(tmp_path), "--port", "0", "--listen", "192.0.2.1"), 1, "192.0.2.1")


def test_an_unreachable_bucket_is_refused(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    result = nfsgw(
        "serve", "--data-dir", str(tmp_path), "--port", "0", "--store", "s3://bucket/prefix",
        "--set", f"store.endpoint=http://127.0.0.1:{port}", "--set", "store.region=us-east-1",
        "--set", "store.attempts=1", "--set", "store.access_key=a", "--set", "store.secret_key=b",
    )  # fmt: skip
    refused(result, 1, "the object store s3://bucket/prefix cannot be used")


@pytest.mark.parametrize("url", ["s4://x", "file://relative", "nonsense"])
def test_a_store_of_an_unknown_kind_is_refused(tmp_path: Path, url: str) -> None:
    refused(nfsgw("serve", "--data-dir", str(tmp_path), "--port", "0", "--store", url), 1, f"{url}: the form")


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "namespace.db").write_bytes(b"not a database, for sure" * 100)
    refused(nfsgw("serve", "--data-dir", str(tmp_path), "--port", "0"), 1, "namespace.db")


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(nfsgw("serve", "--data-dir", str(tmp_path / "file")), 1, "data directory")
    refused(nfsgw("serve", "--data-dir", str(tmp_path / "a" / "b")), 1, "No such file or directory")


def test_json_logs_are_json(tmp_path: Path) -> None:
    with running(tmp_path, "--set", "log.format=json") as gateway:
        log = gateway.stop()[1]
    assert {json.loads(line)["level"] for line in log.splitlines()} == {"info"}


# -- init


def test_init_makes_a_filesystem_once(tmp_path: Path) -> None:
    first = nfsgw("init", "--data-dir", str(tmp_path), "--set", "nfs.root_mode=1777")
    assert (first.returncode, first.stdout) == (0, f"a new filesystem in {tmp_path}\n")
    refused(nfsgw("init", "--data-dir", str(tmp_path)), 1, "already")


# -- asking a running gateway


def test_status_is_for_people_and_for_programs(tmp_path: Path) -> None:
    with running(tmp_path) as gateway:
        people = nfsgw("status", "--data-dir", str(tmp_path))
        programs = nfsgw("status", "--json", "--data-dir", str(tmp_path))
        lists = {name: nfsgw(name, "--data-dir", str(tmp_path)) for name in LISTS}
        in_json = nfsgw("clients", "--json", "--data-dir", str(tmp_path))
        pid = gateway.process.pid
    assert people.returncode == 0
    assert f"process {pid}" in people.stdout
    assert "up, no errors" in people.stdout
    assert people.stdout.startswith("all is well\n")
    status = json.loads(programs.stdout)
    assert (status["version"], status["pid"], status["clients"], status["objects"]) == (__version__, pid, 0, 1)
    assert status["address"] == f"127.0.0.1:{gateway.port}"
    assert {name: result.stdout for name, result in lists.items()} == {name: f"no {name}\n" for name in lists}
    assert json.loads(in_json.stdout) == []


def test_who_is_to_be_evicted_must_be_there(tmp_path: Path) -> None:
    with running(tmp_path):
        refused(nfsgw("clients", "evict", "0000000100000001", "--data-dir", str(tmp_path)), 1, "there is no client")
        refused(nfsgw("clients", "evict", "gateway", "--data-dir", str(tmp_path)), 1, "not the number of a client")


def test_metrics_and_readiness_are_served_over_http(tmp_path: Path) -> None:
    with running(tmp_path) as gateway:
        address = json.loads(nfsgw("status", "--json", "--data-dir", str(tmp_path)).stdout)["http"]
        gateway.null()
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as response:
            families = {family.name for family in text_string_to_metric_families(response.read().decode())}
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=10) as response:
            assert response.read() == b"ready\n"
    assert {metric.name.removesuffix("_total") for metric in METRICS} <= families


def test_a_port_in_use_for_metrics_is_said_and_files_are_served_all_the_same(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        endpoint = f"127.0.0.1:{taken.getsockname()[1]}"
        with running(tmp_path, "--set", f"admin.http={endpoint}") as gateway:
            assert gateway.null() == accepted(0x1234, 0)
            people = nfsgw("status", "--data-dir", str(tmp_path)).stdout
            log = gateway.stop()[1]
    assert people.startswith(f"WRONG:      no metrics are served: admin.http {endpoint}: Address already in use\n")
    said = [line for line in log.splitlines() if "warning" in line]
    assert len(said) == 1
    assert endpoint in said[0]


def test_metrics_can_be_turned_off(tmp_path: Path) -> None:
    with running(tmp_path, "--set", "admin.http=") as gateway:
        people = nfsgw("status", "--data-dir", str(tmp_path)).stdout
        assert gateway.stop()[0] == 0
    assert people.startswith("all is well\n")
    assert "metrics:    not served" in people


def test_status_says_when_no_gateway_runs(tmp_path: Path) -> None:
    refused(nfsgw("status", "--data-dir", str(tmp_path)), 3, "no gateway is running")


# -- configuration and version


def test_warmup_says_what_it_fetched_and_what_is_not_there(tmp_path: Path) -> None:
    with running(tmp_path):
        done = nfsgw("warmup", "--data-dir", str(tmp_path), "/")
        assert (done.returncode, done.stdout) == (0, "0 files looked at, 0 B fetched\n")
        report = json.loads(nfsgw("warmup", "--data-dir", str(tmp_path), "--json", "/").stdout)
        assert (report["path"], report["over"], report["walked"]) == ("/", True, True)
        refused(nfsgw("warmup", "--data-dir", str(tmp_path), "/none"), 1, "/none: NFS4ERR_NOENT")
    refused(nfsgw("warmup", "--data-dir", str(tmp_path), "/"), 3, "no gateway is running")


def test_config_check_says_what_is_wrong_and_what_would_be_right(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("[server]\nport = 2050\n")
    bad.write_text("[server]\nprot = 2050\n")
    assert nfsgw("config", "check", "--config", str(good)).returncode == 0
    refused(nfsgw("config", "check", "--config", str(bad)), 2, "bad.toml", "did you mean server.port?")
    refused(nfsgw("config", "check", "--config", str(tmp_path / "none.toml")), 2, "cannot be read")
    refused(nfsgw("config", "check", environment={"NFSGW_SERVER__PORT": "x"}), 2, "NFSGW_SERVER__PORT", "whole number")
    refused(nfsgw("config", "check", "--set", "server.port"), 2, "--set section.key=value")


def test_serve_refuses_a_wrong_configuration_before_it_touches_anything(tmp_path: Path) -> None:
    refused(nfsgw("serve", "--data-dir", str(tmp_path / "data"), "--port", "99999"), 2, "server.port", "65535")
    assert not (tmp_path / "data").exists()


def test_config_show_names_the_origin() -> None:
    shown = nfsgw("config", "show", "--set", "server.port=7", environment={"NFSGW_NFS__GRACE_SECONDS": "5"})
    assert "port = 7  # --set" in shown.stdout
    assert "grace_seconds = 5  # environment variable NFSGW_NFS__GRACE_SECONDS" in shown.stdout
    in_json = json.loads(nfsgw("config", "show", "--json", "--set", "server.port=7").stdout)
    assert in_json["server.port"] == {"value": 7, "origin": "--set"}


def test_version_names_what_it_stands_on() -> None:
    known = json.loads(nfsgw("version", "--json").stdout)
    assert known["nfsgw"] == __version__
    assert {"compiled", "python", "sqlite", "uvloop", "aiobotocore", "aiosqlite", "librt"} <= set(known)
    assert nfsgw("version").stdout.startswith(f"nfsgw {__version__} (")


def test_a_wrong_command_line_is_exit_code_2() -> None:
    assert nfsgw("sreve").returncode == 2
    assert nfsgw().returncode == 2
