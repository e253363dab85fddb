"""What is dear to make, one for each setting, kept from test to test.

Fixtures with parameters do not do it: pytest takes theirs down when the next test counts its parameters differently,
though it means the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Generic, TypeVar

Setting = TypeVar("Setting")
Thing = TypeVar("Thing")


class Kept(Generic[Setting, Thing]):
    """One thing at a time: that of the setting which was asked for last. A context manager of its own."""

    def __init__(self, make: Callable[[Setting], AbstractContextManager[Thing]]) -> None:
        self._make = make
        self._made: tuple[Setting, Thing] | None = None
        self._end = ExitStack()

    def of(self, setting: Setting) -> Thing:
        """Raises: what making it raises, and what taking down the one before raises."""
        if self._made is None or self._made[0] is not setting:
            self.close()
            self._made = (setting, self._end.enter_context(self._make(setting)))
        return self._made[1]

    def close(self) -> None:
        self._made = None
        end, self._end = self._end, ExitStack()
        end.close()
