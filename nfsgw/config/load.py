"""Reads a configuration: defaults, then a TOML file, then the environment, then the command line.

Every mistake is one ConfigError of one line that names the key, where it stands and what would be right. It never reads
a variable that is not asked for, and never guesses.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence

from nfsgw.config.keys import BY_NAME, KEYS, SECTIONS, Key
from nfsgw.config.kinds import Value

VARIABLE = re.compile(r"\$(\$)?\{([^}]*)\}")
PREFIX = "NFSGW_"
CREDENTIAL = "credential:"


class ConfigError(Exception):
    """What is wrong with the configuration, in one line."""


class Config:
    """The value of every key, and where it came from."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {key.name: key.default for key in KEYS}
        self.origins: dict[str, str] = {key.name: "default" for key in KEYS}

    def set(self, key: Key, value: Value, origin: str) -> None:
        self.values[key.name] = value
        self.origins[key.name] = origin

    def text(self, name: str) -> str:
        value = self.values[name]
        if not isinstance(value, str):
            raise TypeError(name)
        return value

    def integer(self, name: str) -> int:
        value = self.values[name]
        if not isinstance(value, int):
            raise TypeError(name)
        return value

    def number(self, name: str) -> float:
        value = self.values[name]
        if not isinstance(value, int | float):
            raise TypeError(name)
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.values[name]
        if not isinstance(value, bool):
            raise TypeError(name)
        return value

    def integers(self, name: str) -> tuple[int, ...]:
        value = self.values[name]
        if not isinstance(value, tuple):
            raise TypeError(name)
        return value


def load(path: str | None, environment: Mapping[str, str], settings: Sequence[tuple[str, str]]) -> Config:
    """`settings` are pairs of key and text, the later ones win. Raises ConfigError."""
    config = Config()
    if path is not None:
        from_file(config, path, environment)
    from_environment(config, environment)
    for name, text in settings:
        key = known_key(name, "--set")
        put(config, key, text, "--set", environment)
    return config


def from_file(config: Config, path: str, environment: Mapping[str, str]) -> None:
    try:
        with open(path, "rb") as file:
            found = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None
    for section, values in found.items():
        if section not in SECTIONS:
            raise ConfigError(f"{path}: there is no section [{section}]{did_you_mean(section, list(SECTIONS))}")
        if not isinstance(values, dict):
            raise ConfigError(f"{path}: {section} must be a section: write [{section}] on a line of its own")
        for name, value in values.items():
            put(config, known_key(f"{section}.{name}", path), value, path, environment)


def from_environment(config: Config, environment: Mapping[str, str]) -> None:
    by_variable = {key.variable: key for key in KEYS}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or "__" not in variable:
            continue
        key = by_variable.get(variable)
        if key is None:
            raise ConfigError(
                f"environment variable {variable}: there is no such key{did_you_mean(variable, list(by_variable))}"
            )
        put(config, key, text, f"environment variable {variable}", None)


def put(config: Config, key: Key, value: object, origin: str, variables: Mapping[str, str] | None) -> None:
    """Checks and sets. Without `variables` (a variable of the environment itself) nothing is replaced in the value."""
    try:
        if variables is not None and isinstance(value, str):
            value = substitute(value, variables)
        config.set(key, key.kind.from_toml(value), origin)
    except ValueError as error:
        raise ConfigError(f"{origin}: {key.name}: {error}") from None


def substitute(text: str, environment: Mapping[str, str]) -> str:
    """Replaces `${NAME}` by the variable of that name and `${credential:NAME}` by that credential; `$${` stands for a
    plain `${`. ValueError for one that there is not."""

    def value_of(found: re.Match[str]) -> str:
        escaped, name = found.groups()
        if escaped:
            return "${" + name + "}"
        if name.startswith(CREDENTIAL):
            return credential(name.removeprefix(CREDENTIAL), environment)
        if name not in environment:
            raise ValueError(f"the environment variable {name} is not set")
        return environment[name]

    return VARIABLE.sub(value_of, text)


def credential(name: str, environment: Mapping[str, str]) -> str:
    """The text of a credential that the service manager has loaded (systemd.exec(5), LoadCredential=), without the end
    of its last line. ValueError."""
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    if not folder:
        raise ValueError(f"the credential {name} is wanted, and CREDENTIALS_DIRECTORY is not set")
    if not name or "/" in name:
        raise ValueError(f"a credential cannot be called {name!r}")
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read().removesuffix("\n")
    except OSError as error:
        raise ValueError(f"the credential {name} cannot be read in {folder}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the credential {name} is not text") from None


def known_key(name: str, origin: str) -> Key:
    key = BY_NAME.get(name)
    if key is None:
        raise ConfigError(f"{origin}: there is no key {name}{did_you_mean(name, list(BY_NAME))}")
    return key


def did_you_mean(name: str, possible: list[str]) -> str:
    close = difflib.get_close_matches(name, possible, 1, 0.6)
    if not close:  # the right key in the wrong section, or without one
        bare = name.rpartition(".")[2]
        close = [candidate for candidate in possible if candidate.rpartition(".")[2] == bare]
    return f"; did you mean {close[0]}?" if close else "; `nfsgw config default` shows all"
