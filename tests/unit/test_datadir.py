"""The data directory and its lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nfsgw.datadir import DataDirectory, DataDirectoryError

HOLDER = """
import sys
from nfsgw.datadir import DataDirectory
directory = DataDirectory(sys.argv[1])
directory.lock()
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_directory_is_made_with_what_belongs_into_it(tmp_path: Path) -> None:
    directory = DataDirectory(str(tmp_path / "data"))
    directory.make()
    directory.make()
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["chunks", "objects"]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert not directory.is_initialised()


def test_a_directory_whose_parent_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match="No such file or directory"):
        DataDirectory(str(tmp_path / "a" / "b")).make()


def test_the_lock_of_a_process_that_is_alive_names_it_and_goes_when_it_is_killed(tmp_path: Path) -> None:
    directory = DataDirectory(str(tmp_path))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with pytest.raises(DataDirectoryError, match=f"process {holder.pid}"):
            directory.lock()
    finally:
        holder.kill()
        holder.communicate()
    directory.lock()
    directory.unlock()
    directory.lock()
    directory.unlock()
