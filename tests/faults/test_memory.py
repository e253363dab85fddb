"""The memory of both processes has a bound that does not grow with what passes through, waits, or is open.

`python -m tests.bench.memory` does the same with 20 GB.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench.memory import MIB, SETTINGS, outage, passing
from tests.faults.process import GatewayProcess

PASSING = 1_000_000_000
OPENS = 10_000
WAITING = 300_000_000  # in small files
FRUGAL = {"chunks.memory": "8MiB", "namespace.database_cache": "8MiB", "chunks.upload_concurrency": "2"}


async def test_bytes_pass_through_while_ten_thousand_files_are_open(tmp_path: Path) -> None:
    gateway = GatewayProcess(tmp_path / "data", SETTINGS, {})
    try:
        watch = await passing(gateway, PASSING, OPENS)
        await gateway.stop()
    finally:
        gateway.kill()
    assert watch.together < 512 * MIB


async def test_what_waits_for_the_store_to_come_back_does_not_wait_in_memory(tmp_path: Path) -> None:
    """With small caches and few uploads at once, so that what waits would stand out."""
    gateway = GatewayProcess(tmp_path / "data", {**SETTINGS, **FRUGAL}, {})
    try:
        watch = await outage(gateway, WAITING)
        await gateway.stop()
    finally:
        gateway.kill()
    assert watch.together < 320 * MIB
