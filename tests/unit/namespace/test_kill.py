"""kill -9 of a real process in the middle of its commits: what it was told is there, and nothing is half there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from nfsgw.namespace.check import Inspection
from nfsgw.namespace.namespace import Namespace, init
from nfsgw.namespace.settings import NamespaceSettings

from .tree import ROOT

WORKER = Path(__file__).with_name("worker.py")
TOP = Path(__file__).parents[3]


def work_and_be_killed(path: str, steps: int) -> int:
    """The last step that the worker was told to be durable, at least `steps`."""
    command = [sys.executable, "-m", "tests.unit.namespace.worker", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TOP) as process:
        assert process.stdout is not None
        told = 0
        while told < steps:
            line = process.stdout.readline()
            assert line, "the worker ended by itself"
            told = int(line)
        process.kill()
        return max([told, *(int(line) for line in process.stdout.read().split("\n")[:-1])])


@pytest.mark.parametrize("steps", [1, 5, 40, 100])
async def test_what_was_told_is_there_and_nothing_is_half(tmp_path: Path, steps: int) -> None:
    path = str(tmp_path / "n.db")
    init(path)
    told = work_and_be_killed(path, steps)
    loop = asyncio.get_running_loop()
    ns = Namespace.open(path, NamespaceSettings(), loop.call_soon, loop.call_soon_threadsafe, pytest.fail)
    done = int(ns.getxattr(ns.root, b"step", ROOT))
    assert done in (told, told + 1)
    names = {entry.name: entry.inode for entry in ns.readdir(ns.root, 0, 10 * steps + 100)}
    assert set(names) == {b"current", *(b"twin%d" % step for step in range(1, done + 1))}
    current = ns.lookup(ns.root, b"current", ROOT)
    assert names[b"twin%d" % done] == current.id
    assert current.nlink == 2
    assert ns.usage()[0] == done + 1
    async with Inspection(path) as inspection:
        assert await inspection.check() == []
    await ns.close()
