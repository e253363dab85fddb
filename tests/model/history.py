"""What happened: one Event for each operation, with the moments of its call and of its return, as the machine saw them.

Moments are ticks of one counter, so that "returned before the other was called" is a comparison. A history is a list of
rounds; it is written as JSON, a line each, and read back for the checker alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

NEVER = 1 << 62
"""The return of an operation whose outcome nobody heard: it may have happened, or may not."""

Value = Any  # numbers, strings and tuples of them


@dataclass
class Event:
    machine: int
    kind: str
    args: tuple[Value, ...]
    call: int
    ret: int = NEVER
    result: tuple[Value, ...] = ()

    def __str__(self) -> str:
        end = "never" if self.ret == NEVER else str(self.ret)
        return f"[{self.call}, {end}] machine {self.machine}: {self.kind}{self.args} -> {self.result}"


@dataclass
class Round:
    """What ran between two moments of rest, and what was found at the second one.

    `names`: (directory, name) to object; `cells`: of each data file, the value of each cell. `killed`: the tick at
    which the gateway was killed, or NEVER.
    """

    events: list[Event] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)  # directories that nobody removes
    kinds: dict[int, str] = field(default_factory=dict)
    names_before: dict[tuple[int, str], int] = field(default_factory=dict)
    names_after: dict[tuple[int, str], int] = field(default_factory=dict)
    cells_before: dict[int, list[int]] = field(default_factory=dict)
    cells_after: dict[int, list[int]] = field(default_factory=dict)
    killed: int = NEVER

    def to_line(self) -> str:
        return json.dumps(
            {
                "events": [[e.machine, e.kind, e.args, e.call, e.ret, e.result] for e in self.events],
                "roots": self.roots,
                "kinds": list(self.kinds.items()),
                "names_before": [[*key, value] for key, value in self.names_before.items()],
                "names_after": [[*key, value] for key, value in self.names_after.items()],
                "cells_before": list(self.cells_before.items()),
                "cells_after": list(self.cells_after.items()),
                "killed": self.killed,
            }
        )

    @staticmethod
    def from_line(line: str) -> Round:
        raw = json.loads(line)
        return Round(
            [
                Event(m, kind, frozen(args), call, ret, frozen(result))
                for m, kind, args, call, ret, result in raw["events"]
            ],
            raw["roots"],
            dict(raw["kinds"]),
            {(directory, name): value for directory, name, value in raw["names_before"]},
            {(directory, name): value for directory, name, value in raw["names_after"]},
            dict(raw["cells_before"]),
            dict(raw["cells_after"]),
            raw["killed"],
        )


def frozen(value: Any) -> Any:
    return tuple(frozen(one) for one in value) if isinstance(value, list) else value
