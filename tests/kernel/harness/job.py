"""A command that runs in a guest, and what came of it.

Scripts report in TAP: `ok NAME` or `not ok NAME: WHY` a check, the plan `1..N` as the last line. A script that
ends well without its plan did not do all of its checks, and counts as failed.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CHECK = re.compile(r"(?P<verdict>ok|not ok) (?P<name>[^:#]+?)(?:: (?P<why>.*?))?(?:  # .*)?$")
PLAN = re.compile(r"1\.\.(\d+)$")
TAIL = 40  # lines of output that a failure shows


@dataclass(frozen=True)
class Check:
    """One line of a script's report; `why` is empty when it passed."""

    name: str
    passed: bool
    why: str


@dataclass(frozen=True)
class Result:
    """How a job ended: exit status as a shell counts it, and its output, stderr lines marked with "! "."""

    machine: str
    command: str
    status: int
    lines: tuple[str, ...]
    seconds: float

    @property
    def checks(self) -> list[Check]:
        """The checks that the script reported."""
        found = (CHECK.match(line) for line in self.lines)
        return [Check(m["name"], m["verdict"] == "ok", m["why"] or "") for m in found if m]

    @property
    def output(self) -> str:
        """What the command wrote on stdout."""
        return "\n".join(line for line in self.lines if not line.startswith("! "))

    @property
    def faults(self) -> list[str]:
        """Why the script cannot be said to have passed; empty when it has."""
        checks = self.checks
        faults = [f"not ok {check.name}: {check.why}" for check in checks if not check.passed]
        plans = [int(plan[1]) for line in self.lines if (plan := PLAN.match(line))]
        if not plans:
            faults.append("the script ended before its last check")
        elif plans[-1] != len(checks) or not checks:
            faults.append(f"{plans[-1]} checks were made and {len(checks)} reported")
        if self.status and not faults:
            faults.append("every check passed and the script failed")
        return faults

    def expect_success(self) -> "Result":
        """Itself. Raises: AssertionError, with the end of the output, when the command failed."""
        if self.status:
            raise AssertionError(self._account([]))
        return self

    def expect_checks(self) -> "Result":
        """Itself. Raises: AssertionError, naming each check, unless every check was made and passed."""
        if self.faults:
            raise AssertionError(self._account(self.faults))
        return self

    def _account(self, faults: list[str]) -> str:
        head = f"{self.machine}: {self.command}: exit {self.status} after {self.seconds:.1f} s"
        return "\n".join([head, *faults, f"--- last {TAIL} lines", *self.lines[-TAIL:]])


class Job:
    """A running command. Made by Machine.start; the machine's connection feeds it."""

    def __init__(self, machine: str, command: str, watch: Callable[[str, str], None], stop: Callable[[], None]) -> None:
        self.machine = machine
        self.command = command
        self._watch = watch
        self._stop = stop
        self._started = time.monotonic()
        self._changed = threading.Condition()
        self._lines: list[str] = []
        self._partial = {"out": "", "err": ""}
        self._result: Result | None = None

    @property
    def ended(self) -> bool:
        """Whether there is a result."""
        return self._result is not None

    def receive(self, message: dict[str, Any]) -> None:
        """Output or the end, as agent.py sends it."""
        for kind in ("out", "err"):
            if kind in message:
                *whole, self._partial[kind] = (self._partial[kind] + message[kind]).split("\n")
                self._add(kind, whole)
        if "exit" in message:
            self.finish(message["exit"])

    def finish(self, status: int, *remarks: str) -> None:
        """Ends the job, also in place of a guest that no longer can; the first end counts."""
        for kind, text in self._partial.items():
            self._add(kind, [text] if text else [])
        self._add("err", list(remarks))
        with self._changed:
            if self._result is None:
                seconds = time.monotonic() - self._started
                self._result = Result(self.machine, self.command, status, tuple(self._lines), seconds)
            self._changed.notify_all()

    def _add(self, kind: str, lines: list[str]) -> None:
        with self._changed:
            self._lines += lines if kind == "out" else [f"! {line}" for line in lines]
            self._changed.notify_all()
        for line in lines:
            self._watch(kind, line)

    def wait_for_line(self, text: str, timeout: float = 120.0) -> None:
        """Until the command has printed a line that contains `text`.

        Raises: AssertionError when it ends or `timeout` seconds pass without one.
        """
        with self._changed:
            met = self._changed.wait_for(lambda: self._printed(text) or self.ended, timeout)
            if not met or not self._printed(text):
                raise AssertionError("\n".join([f"{self.command} did not print {text!r}", *self._lines[-TAIL:]]))

    def _printed(self, text: str) -> bool:
        return any(text in line for line in self._lines)

    def wait(self, timeout: float = 600.0) -> Result:
        """The result. A command that takes longer than `timeout` seconds is killed, with status 124."""
        with self._changed:
            self._changed.wait_for(lambda: self._result is not None, timeout)
        if self._result is None:
            self._stop()
            self.finish(124, f"killed: it took longer than {timeout:.0f} s")
        assert self._result is not None
        return self._result
