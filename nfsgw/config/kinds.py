"""Kinds of configuration values: how each is written in TOML and as text, checked, and shown again.

A kind raises ValueError with words that fit after "must be" or a colon; the loader puts the key's name before them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

Value = str | int | float | bool | tuple[int, ...]

UNITS: Final = {
    "": 1,
    "B": 1,
    "KIB": 1 << 10,
    "MIB": 1 << 20,
    "GIB": 1 << 30,
    "TIB": 1 << 40,
    "PIB": 1 << 50,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "PB": 10**15,
}


class Kind(ABC):
    """`name` is what the documentation calls it, `bounds` its range in words ("" when there is none)."""

    name = ""

    def __init__(self, bounds: str = "") -> None:
        self.bounds = bounds

    @abstractmethod
    def from_text(self, text: str) -> Value:
        """The value in an environment variable or after `--set key=`."""

    def from_toml(self, value: object) -> Value:
        """The value in a file; by default a string there is as good as text elsewhere."""
        if isinstance(value, str):
            return self.from_text(value)
        raise ValueError(f"{self.name} is wanted")

    def show(self, value: Value) -> str:
        """As TOML."""
        return quoted(str(value))


class Text(Kind):
    name = "string"

    def from_text(self, text: str) -> str:
        return text


class Endpoint(Kind):
    """`host:port`, an IPv6 address in brackets; empty for none."""

    name = "string"

    def from_text(self, text: str) -> str:
        if text and not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+):[0-9]{1,5}", text):
            raise ValueError(f"host:port is wanted, or nothing, not {text!r}")
        if text and int(text.rpartition(":")[2]) > 65535:
            raise ValueError(f"a port is 0 to 65535, not {text.rpartition(':')[2]}")
        return text


class Choice(Kind):
    name = "string"

    def __init__(self, *choices: str) -> None:
        super().__init__(", ".join(f"`{choice}`" for choice in choices))
        self.choices = choices

    def from_text(self, text: str) -> str:
        if text not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)} is wanted, not {text!r}")
        return text


class Flag(Kind):
    name = "boolean"

    def from_text(self, text: str) -> bool:
        if text.lower() in ("true", "yes", "on", "1"):
            return True
        if text.lower() in ("false", "no", "off", "0"):
            return False
        raise ValueError(f"true or false is wanted, not {text!r}")

    def from_toml(self, value: object) -> Value:
        return value if isinstance(value, bool) else super().from_toml(value)

    def show(self, value: Value) -> str:
        return "true" if value else "false"


class Integer(Kind):
    name = "integer"

    def __init__(self, low: int, high: int) -> None:
        super().__init__(f"{low} to {high}")
        self.low = low
        self.high = high

    def checked(self, value: int) -> int:
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.bounds} is possible, not {value}")
        return value

    def from_text(self, text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9][0-9_]*", text):
            raise ValueError(f"a whole number is wanted, not {text!r}")
        return self.checked(int(text))

    def from_toml(self, value: object) -> Value:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.checked(value)
        return super().from_toml(value)

    def show(self, value: Value) -> str:
        return str(value)


class Seconds(Kind):
    name = "seconds"

    def __init__(self, low: float, high: float) -> None:
        super().__init__(f"{low:g} to {high:g}")
        self.low = low
        self.high = high

    def checked(self, value: float) -> float:
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.bounds} seconds are possible, not {value:g}")
        return value

    def from_text(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"a number of seconds is wanted, not {text!r}") from None
        return self.checked(value)

    def from_toml(self, value: object) -> Value:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.checked(float(value))
        return super().from_toml(value)

    def show(self, value: Value) -> str:
        return f"{value:g}"


class Size(Kind):
    """Bytes: a number, or a string with a unit (KiB, MiB, GiB, TiB, PiB; KB and so on are powers of ten)."""

    name = "size"

    def __init__(self, low: int, high: int) -> None:
        super().__init__(f"{size_text(low)} to {size_text(high)}")
        self.low = low
        self.high = high

    def checked(self, value: int) -> int:
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.bounds} is possible, not {size_text(value)}")
        return value

    def from_text(self, text: str) -> int:
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *([A-Za-z]*)", text)
        factor = UNITS.get(found.group(2).upper()) if found else None
        if found is None or factor is None:
            raise ValueError(f'bytes are wanted, as a number or like "64 GiB", not {text!r}')
        number = found.group(1)
        return self.checked(int(float(number) * factor) if "." in number else int(number) * factor)

    def from_toml(self, value: object) -> Value:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.checked(value)
        return super().from_toml(value)

    def show(self, value: Value) -> str:
        return quoted(size_text(value)) if isinstance(value, int) else quoted(str(value))


class Mode(Kind):
    """Permission bits, as an octal string."""

    name = "octal string"

    def __init__(self) -> None:
        super().__init__("`0000` to `7777`")

    def from_text(self, text: str) -> int:
        if not re.fullmatch(r"(0o)?[0-7]{1,5}", text) or int(text.removeprefix("0o"), 8) > 0o7777:
            raise ValueError(f'an octal mode like "0755" is wanted, not {text!r}')
        return int(text.removeprefix("0o"), 8)

    def show(self, value: Value) -> str:
        return f'"{value:04o}"' if isinstance(value, int) else quoted(str(value))


class Integers(Kind):
    """A set of numbers out of a few; as text separated by commas."""

    name = "list of integers"

    def __init__(self, *possible: int) -> None:
        super().__init__("of " + ", ".join(str(number) for number in possible))
        self.possible = possible

    def checked(self, values: list[int]) -> tuple[int, ...]:
        if not values:
            raise ValueError("at least one is wanted")
        for value in values:
            if value not in self.possible:
                raise ValueError(f"{value} is not possible, only {', '.join(str(number) for number in self.possible)}")
        return tuple(sorted(set(values)))

    def from_text(self, text: str) -> tuple[int, ...]:
        items = [item.strip() for item in text.strip("[] ").split(",")]
        if not all(item.isdecimal() for item in items):
            raise ValueError(f"whole numbers separated by commas are wanted, not {text!r}")
        return self.checked([int(item) for item in items])

    def from_toml(self, value: object) -> Value:
        if isinstance(value, list) and all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            return self.checked(value)
        return super().from_toml(value)

    def show(self, value: Value) -> str:
        return f"[{', '.join(str(item) for item in value)}]" if isinstance(value, tuple) else str(value)


def quoted(text: str) -> str:
    """A TOML basic string."""
    out = ""
    for character in text:
        if character in '"\\':
            out += "\\" + character
        elif character < " " or character == "\x7f":
            out += f"\\u{ord(character):04x}"
        else:
            out += character
    return f'"{out}"'


def size_text(size: int) -> str:
    """`64 GiB`: in the largest unit in which it is whole."""
    for unit in ("PiB", "TiB", "GiB", "MiB", "KiB"):
        factor = UNITS[unit.upper()]
        if size and size % factor == 0:
            return f"{size // factor} {unit}"
    return f"{size} B"
