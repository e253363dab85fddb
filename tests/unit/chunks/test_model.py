"""Random writes, cuts, syncs, uploads, evictions and crashes against a plain bytearray.

After a crash every stretch of the file must hold what was synced last or what was written to it since, and whatever
was not touched since must hold what was synced. Chunks are stretches of their own: a write that was never synced is
whole inside each chunk, and a crash may keep its part of one and lose that of the next (as with pages on a local disk).
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.namespace.model import CHUNK_SIZE, Inode
from nfsgw.suspend import Completion
from tests.unit.chunks.house import House, over

BORDERS = [0, 4096, 16 * 1024, CHUNK_SIZE, 2 * CHUNK_SIZE]
offsets = st.builds(
    lambda border, shift: max(0, border + shift), st.sampled_from(BORDERS), st.integers(-20_000, 20_000)
)
lengths = st.one_of(st.integers(1, 64), st.integers(1, 40_000), st.sampled_from([CHUNK_SIZE, CHUNK_SIZE + 3]))
step = st.one_of(
    st.tuples(st.just("write"), offsets, lengths),
    st.tuples(st.just("write"), offsets, lengths),
    st.tuples(st.just("truncate"), offsets, st.just(0)),
    st.tuples(st.just("punch"), offsets, st.one_of(lengths, st.sampled_from([2 * CHUNK_SIZE, 9 * CHUNK_SIZE]))),
    st.tuples(st.sampled_from(["sync", "begin", "upload", "beat", "turn", "evict", "crash"]), st.just(0), st.just(0)),
    st.tuples(st.sampled_from(["sync", "upload", "evict", "crash"]), st.just(0), st.just(0)),
)


class Model:
    """`states` are the contents the file may have after a crash: the last durable one and all that came after it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.content = bytearray()
        self.states: list[bytes] = [b""]
        self.edges: set[int] = {0, CHUNK_SIZE, 2 * CHUNK_SIZE, 3 * CHUNK_SIZE}
        self.begun: list[Completion] = []
        self.stamps = itertools.cycle(range(1, 256))
        self.file: Inode

    def changed(self, *edges: int) -> None:
        self.states.append(bytes(self.content))
        self.edges.update(edges)

    async def do(self, kind: str, at: int, length: int) -> None:
        house = self.house
        if kind == "write":
            data = bytes([next(self.stamps)]) * length
            await house.write(self.file, at, data)
            if at > len(self.content):
                self.content.extend(bytes(at - len(self.content)))
            self.content[at : at + length] = data
            self.changed(at, at + length)
        elif kind == "truncate":
            house.truncate(self.file, at)
            if at < len(self.content):
                del self.content[at:]
            else:
                self.content.extend(bytes(at - len(self.content)))
            self.changed(at)
        elif kind == "punch":
            end = min(at + length, len(self.content))
            await house.punch(self.file, at, at + length)
            if at < end:
                self.content[at:end] = bytes(end - at)
                self.changed(at, end)
        elif kind == "sync":
            await house.sync(self.file)
            await house.durable()
            self.states = [bytes(self.content)]
        elif kind == "begin":
            completion = house.chunks.sync(self.file)
            if completion is not None:
                self.begun.append(completion)
        elif kind == "upload":
            await house.uploaded()
            self.states = [bytes(self.content)]
        elif kind == "beat":
            house.pass_time(3)
        elif kind == "turn":
            for _ in range(20):
                await asyncio.sleep(0.0005)
        elif kind == "evict":
            house.chunks.drop_cache()
        elif kind == "crash":
            await self.crash()
        assert self.file.size == len(self.content)
        self.seek()
        assert await house.read(self.file) == bytes(self.content)

    def seek(self) -> None:
        """Whatever is not zero is data; data and holes take turns and end with the file."""
        chunks, position = self.house.chunks, 0
        while position < len(self.content):
            data = chunks.next_data(self.file, position)
            gap = len(self.content) if data < 0 else data
            assert not any(self.content[position:gap])
            if data < 0:
                break
            position = chunks.next_hole(self.file, data)
            assert data < position <= len(self.content)
        assert chunks.next_data(self.file, len(self.content)) == -1

    async def crash(self) -> None:
        await self.house.crash()
        self.begun.clear()
        self.file = self.house.lookup("f")
        found = await self.house.read(self.file)
        assert len(found) in {len(state) for state in self.states}
        edges = sorted({edge for edge in self.edges if edge < len(found)} | {len(state) for state in self.states})
        for start, end in itertools.pairwise([*(edge for edge in edges if edge < len(found)), len(found)]):
            possible = {bytes(state[start:end]).ljust(end - start, b"\0") for state in self.states}
            assert found[start:end] in possible, (start, end)
        self.content = bytearray(found)
        self.states = [found]


async def live(directory: str, steps: list[tuple[str, int, int]]) -> None:
    numbers = ChunkSettings()
    numbers.memory_chunks = 2
    numbers.cache_limit = 0
    numbers.spare_slots = 1
    house = House(Path(directory), numbers)
    await house.open()
    model = Model(house)
    model.file = house.create("f")
    await house.durable()
    for kind, at, length in steps:
        await model.do(kind, at, length)
    for completion in model.begun:
        await over(completion)
    await model.do("sync", 0, 0)
    await model.do("crash", 0, 0)
    assert model.file.used <= len(model.content)
    await model.do("upload", 0, 0)
    status = house.chunks.status()
    assert (status["staged_bytes"], status["dirty_bytes"], status["dirty_files"]) == (0, 0, 0)
    assert house.fatal == []
    await house.close()


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(step, min_size=4, max_size=16))
@example([("write", 0, 3 * CHUNK_SIZE), ("sync", 0, 0), ("punch", 5, 2 * CHUNK_SIZE), ("crash", 0, 0)])
@example(
    [
        ("write", 0, 2 * CHUNK_SIZE),
        ("upload", 0, 0),
        ("evict", 0, 0),
        ("punch", 7, 100),
        ("sync", 0, 0),
        ("crash", 0, 0),
    ]
)
@example([("write", 0, CHUNK_SIZE), ("begin", 0, 0), ("punch", 20_000, CHUNK_SIZE), ("turn", 0, 0), ("crash", 0, 0)])
@example([("write", CHUNK_SIZE - 1, 2), ("sync", 0, 0), ("write", 0, CHUNK_SIZE + 3), ("crash", 0, 0)])
def test_a_file_is_a_bytearray_that_survives(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(live(directory, steps))
