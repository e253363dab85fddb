"""Numbers that are never given twice, not even across a crash: inode ids, object ids, change values.

A counter may only give numbers below a mark that is already on disk; the mark is raised in good time by whatever
transaction comes next. After a crash counting goes on at the mark. Must never be set back.
"""

from __future__ import annotations

from typing import Final

BLOCK: Final = 1 << 24
_EARLY: Final = BLOCK // 2


class Counter:
    """`value` is the next number; every number given is below `mark`, what the meta table says."""

    def __init__(self, key: str, value: int) -> None:
        self.key = key
        self.value = value
        self.mark = value + BLOCK
        self.alarm = value + _EARLY  # past it the next transaction must raise the mark

    def take(self) -> int:
        value = self.value
        self.value = value + 1
        return value

    def raised(self) -> bool:
        """Moves the mark ahead if it is time; True when it has to be written."""
        if self.value <= self.alarm:
            return False
        self.mark = self.value + BLOCK
        self.alarm = self.value + _EARLY
        return True
