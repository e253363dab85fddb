"""Whether what was read is what the promises P2 to P5 allow, cell by cell, and whether locks excluded one another.

A data file is a row of cells; every WRITE puts a number of its own into the cells that it covers, so each cell that is
read names the operation that it came from. 0 is what nobody has written. The conditions are necessary ones: what breaks
one is a violation; they are cheap enough for hours of history.
"""

from __future__ import annotations

from tests.model.history import NEVER, Event, Round

CELLS = 24
CHUNK_BREAK = CELLS // 2  # the chunk border lies here: WRITEs are whole on either side of it, not across
TORN = -1  # a cell whose bytes are not those of one WRITE
BEFORE = -1  # the tick of what was there when the round began


class Source:
    """Something that put `value` into the cells `first` to `end`. `stable`: when it was known to be durable."""

    def __init__(self, value: int, first: int, end: int, call: int, ret: int, stable: int) -> None:
        self.value = value
        self.first = first
        self.end = end
        self.call = call
        self.ret = ret
        self.stable = stable

    def __str__(self) -> str:
        return f"{self.value} written to cells {self.first} to {self.end - 1} in [{self.call}, {self.ret}]"


def check_data(found: Round) -> list[str]:
    wrong: list[str] = []
    for file, before in found.cells_before.items():
        events = [event for event in found.events if event.args and event.args[0] == file]
        sources = sources_of(events, before)
        reads = [event for event in events if event.kind in ("read", "cached") and event.result]
        for read in reads:
            wrong += check_read(read, sources)
        wrong += check_order(reads, sources)
        if file in found.cells_after:
            wrong += check_end(file, found, sources)
    return wrong


def sources_of(events: list[Event], before: list[int]) -> list[Source]:
    sources = [Source(value, cell, cell + 1, BEFORE, BEFORE, BEFORE) for cell, value in enumerate(before)]
    for event in events:
        if event.kind == "write":
            _, value, first, count, stable = event.args
            known = event.ret if stable else committed(events, event)
            sources.append(Source(value, first, first + count, event.call, event.ret, known))
        elif event.kind == "truncate" and event.result in ((), ("OK",)):
            known = (
                NEVER if event.ret == NEVER else BEFORE
            )  # one that was answered is durable, though told after a kill
            sources.append(Source(0, event.args[1], CELLS, event.call, event.ret, known))
    return sources


def committed(events: list[Event], write: Event) -> int:
    """When the first COMMIT that began after the WRITE's return had returned."""
    ends = [
        event.ret for event in events if event.kind == "commit" and event.call > write.ret and event.result == ("OK",)
    ]
    return min(ends, default=NEVER)


def covering(sources: list[Source], cell: int) -> list[Source]:
    return [source for source in sources if source.first <= cell < source.end]


def fits(seen: int, cell: int, call: int, ret: int, sources: list[Source]) -> str:
    """Whether a look at this cell, between these moments, may find this value; else why not."""
    if seen == TORN:
        return "bytes of more than one WRITE within one cell"
    over = covering(sources, cell)
    # what was certainly overwritten: another one lies wholly between its end and the look
    latest = max((source.call for source in over if source.ret < call), default=BEFORE)
    made = [source for source in over if source.value == seen]
    if not made:
        return "nobody ever wrote that there"
    if any(source.call < ret and source.ret >= latest for source in made):
        return ""
    if all(source.call >= ret for source in made):
        return "it was written only later"
    newer = next(source for source in over if source.ret < call and source.call == latest)
    return f"it was overwritten before: {newer}"


def check_read(read: Event, sources: list[Source]) -> list[str]:
    first, values = read.result[1], read.result[2]
    wrong = []
    for place, value in enumerate(values):
        why = fits(value, first + place, read.call, read.ret, sources)
        if why:
            wrong.append(f"{read}\n  cell {first + place} is {value}: {why}")
    return wrong


def check_order(reads: list[Event], sources: list[Source]) -> list[str]:
    """Who reads after another's read has ended does not see what is older than what that one saw."""
    by_value = {source.value: source for source in sources if source.value}
    wrong = []
    latest: dict[int, list[tuple[int, int, Event]]] = {}  # of each cell: end of the read, start of the WRITE it saw
    for read in sorted(reads, key=lambda event: event.call):
        for place, value in enumerate(read.result[2]):
            source = by_value.get(value)
            if source is None:
                continue
            cell = read.result[1] + place
            for ended, began, other in latest.get(cell, []):
                if ended < read.call and source.ret < began:
                    wrong.append(f"{read}\n  cell {cell} is {value}, older than what was seen before by\n  {other}")
            latest.setdefault(cell, []).append((read.ret, source.call, read))
    return wrong


def check_end(file: int, found: Round, sources: list[Source]) -> list[str]:
    """What is there when all is at rest; after a kill, what was not stable may be gone, but nothing else."""
    cells = found.cells_after[file]
    killed = found.killed != NEVER
    if killed:
        # the kill takes back only what was not stable: others count as if they might have ended any time
        sources = [
            source
            if source.stable < found.killed or source.ret == BEFORE
            else Source(source.value, source.first, source.end, source.call, NEVER - 1, NEVER)
            for source in sources
        ]
    wrong = []
    for cell, value in enumerate(cells):
        why = fits(value, cell, NEVER - 1, NEVER, sources)
        if why:
            wrong.append(f"file {file} at rest: cell {cell} is {value}: {why}")
    return wrong if wrong or killed else torn(file, cells, sources)


def torn(file: int, cells: list[int], sources: list[Source]) -> list[str]:
    """Two WRITEs that overlap in more than a cell: one of them is the later one everywhere in a chunk."""
    by_value = {source.value: source for source in sources if source.value and source.call != BEFORE}
    wrong = []
    for low, high in ((0, CHUNK_BREAK), (CHUNK_BREAK, CELLS)):
        for one in range(low, high):
            for two in range(one + 1, high):
                a, b = by_value.get(cells[one]), by_value.get(cells[two])
                if a is not None and b is not None and a is not b and within(b, one) and within(a, two):
                    wrong.append(f"file {file} at rest: cell {one} is {a}\n  and cell {two} is {b}: torn")
    return wrong


def within(source: Source, cell: int) -> bool:
    return source.first <= cell < source.end


def check_locks(found: Round) -> list[str]:
    """No two hold what excludes one another; a kill ends what was held. A lock that was denied was held by somebody."""
    held: list[tuple[int, int, Event]] = []
    ends = {event.args[3]: event for event in found.events if event.kind == "unlock"}
    for event in found.events:
        if event.kind == "lock" and event.result == ("OK",):
            freed = ends.get(event.args[3])
            until = NEVER if freed is None else freed.call
            held.append((event.ret, min(until, found.killed), event))
    wrong = []
    for place, (start, end, one) in enumerate(held):
        for other_start, other_end, other in held[place + 1 :]:
            if overlap(one, other) and start < other_end and other_start < end:
                wrong.append(f"both held:\n  {one}\n  {other}")
    perhaps = [event for event in found.events if event.kind == "lock" and event.result in (("OK",), ())]
    for event in found.events:
        if event.kind == "lock" and event.result == ("DENIED",):
            inway = [one for one in perhaps if overlap(event, one) and one.call < event.ret]
            if not any(released(ends, one) > event.call for one in inway):
                wrong.append(f"denied, but nobody held it: {event}")
    return wrong


def overlap(one: Event, other: Event) -> bool:
    return bool(one.args[0] == other.args[0] and one.args[1] < other.args[2] and other.args[1] < one.args[2])


def released(ends: dict[int, Event], lock: Event) -> int:
    end = ends.get(lock.args[3])
    return NEVER if end is None else end.ret
