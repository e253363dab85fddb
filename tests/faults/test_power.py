"""The power goes while many clients work: whatever the disk kept, what was acknowledged is there.

One life is recorded; then the gateway is started on the disk as it may be found after a cut at several instants.
"""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from tests.faults.machine import Machine
from tests.faults.model import Part
from tests.faults.power.disk import Disk, records
from tests.faults.town import Town
from tests.faults.worker import Step, Worker, judged

CUTS = int(os.environ.get("NFSGW_TEST_CUTS", "8"))
SEED = int(os.environ.get("NFSGW_TEST_SEED", "0")) or random.randrange(1, 1 << 30)
WORKERS = 4
LIFE = 2.0
RECORDER = Path(__file__).parent / "power" / "recorder.c"


class RecordedTown(Town):
    """Notes with each acknowledged step how long the recording was when its answer had come."""

    def __init__(self, folder: Path, recorder: Path) -> None:
        self.recording = folder / "recording"
        environment = {
            "LD_PRELOAD": str(recorder),
            "NFSGW_RECORD_ROOT": str(folder / "data"),
            "NFSGW_RECORD_LOG": str(self.recording),
        }
        super().__init__(folder, WORKERS, SEED, {}, environment)
        self.steps_of: dict[bytes, list[tuple[int, Step]]] = {worker.name: [] for worker in self.workers}
        self.begun = 0

    def position(self) -> int:
        return self.recording.stat().st_size

    def acknowledged(self, worker: Worker, step: Step) -> None:
        self.steps_of[worker.name].append((self.position(), step))

    def may_be(self, worker: Worker, cut: int) -> list[Part]:
        """The states of its part that a cut at that position may show."""
        last = Part()
        for position, step in self.steps_of[worker.name]:
            if position > cut:
                return [last, *step.states]
            last = step.states[-1]
        return [last, *(worker.under_way.states if worker.under_way is not None else [])]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("recorder") / "recorder.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(RECORDER), "-ldl"]
    subprocess.run(command, check=True)
    return library


async def recorded(folder: Path, recorder: Path) -> RecordedTown:
    town = RecordedTown(folder, recorder)
    try:
        await town.found()
        town.begun = town.position()
        await town.die_after(LIFE)
    finally:
        town.gateway.kill()
    return town


async def test_the_recording_tells_all_that_was_done_to_the_disk(tmp_path: Path, recorder: Path) -> None:
    town = await recorded(tmp_path, recorder)
    disk = Disk(town.gateway.data)
    for _, record in records(town.recording):
        disk.replay(record)
    told = disk.files()
    there = {
        str(path.relative_to(town.gateway.data)): path.read_bytes()
        for path in town.gateway.data.rglob("*")
        if path.is_file()
    }
    assert told.keys() == there.keys()
    mapped = "namespace.db-shm"
    assert [name for name, content in there.items() if name != mapped and told[name] != content] == []


async def test_a_loss_of_power_loses_nothing_that_was_acknowledged(tmp_path: Path, recorder: Path) -> None:
    town = await recorded(tmp_path, recorder)
    chance = random.Random(SEED)
    cuts = sorted(chance.randint(town.begun, town.position()) for _ in range(CUTS))
    print(f"seed {SEED}: {town.steps} acknowledged steps, {town.position() >> 20} MiB recorded")
    disk = Disk(town.gateway.data)
    found = 0
    for position, record in records(town.recording):
        while found < len(cuts) and cuts[found] < position:
            await verify_after(town, disk, tmp_path / f"cut{found}", cuts[found], chance if found % 2 else None)
            found += 1
        disk.replay(record)
    assert found == CUTS


async def verify_after(town: RecordedTown, disk: Disk, folder: Path, cut: int, chance: random.Random | None) -> None:
    """The power went at this position; the gateway is started on what is left."""
    folder.mkdir()
    after = Town(folder, 0, 0)
    disk.lose_power(after.gateway.data, chance)
    try:
        await after.check_at_rest()
        await after.gateway.start()
        for worker in town.workers:
            worker.machine = Machine(after.gateway.port, worker.name.decode())
        for worker in town.workers:
            await worker.machine.join()
        for worker in town.workers:
            judged(worker.name, town.may_be(worker, cut), await worker.look())
            await worker.machine.leave()
        await after.gateway.stop()
    finally:
        after.gateway.kill()
