"""The configuration shown: as documentation, as a file of defaults, as what is in force. All made from the table of
keys."""

from __future__ import annotations

import textwrap

from nfsgw.config.keys import KEYS, SECTIONS, Key
from nfsgw.config.load import Config

HEAD = """# Configuration

Made from the table of keys in `nfsgw/config/keys.py` by `nfsgw config document`; not to be edited by hand.

Later sources win over earlier ones:

1. the defaults below,
2. the TOML file given with `--config`,
3. environment variables: `NFSGW_SECTION__KEY`, for example `NFSGW_SERVER__PORT=2050`,
4. the command line: `--set section.key=value` for any key; `--data-dir`, `--listen`, `--port` and `--store` are short
   for four of them.

In strings of the file and of `--set`, `${NAME}` is replaced by the environment variable of that name, and
`${credential:NAME}` by the text of the file `NAME` in `$CREDENTIALS_DIRECTORY`, where systemd's `LoadCredential=` puts
it: these are the ways to keep secrets out of the configuration. `$${` stands for a plain `${`. Sizes are bytes, or
strings with a unit: `"64 GiB"` (KiB, MiB, GiB, TiB, PiB; KB, MB and so on are powers of ten).

`nfsgw config check` says in one line what is wrong, `nfsgw config show` what is in force and where it comes from,
`nfsgw config default` prints a file with all defaults.

At SIGHUP (`systemctl reload nfsgw`) a running gateway reads its configuration again. Keys with "yes" under "Reload" are
then in force at once; a change of another is named in the log and in `systemctl status` and waits for the next start. A
configuration with a mistake changes nothing.
"""


def document() -> str:
    """docs/configuration.md."""
    out = [HEAD]
    for section, about in SECTIONS.items():
        out.append(f"## [{section}]\n\n{about}\n")
        out.append("| Key | Type | Default | Range | Reload | Meaning |\n|---|---|---|---|---|---|")
        for key in keys_of(section):
            default = key.kind.show(key.default)
            cells = [f"`{key.name}`", key.kind.name, f"`{default}`", key.kind.bounds or "-"]
            out.append(f"| {' | '.join([*cells, 'yes' if key.reload else '-', key.about])} |")
        out.append("")
    return "\n".join(out)


def default_file() -> str:
    """A TOML file in which every key stands, commented out, with its default."""
    out = []
    for section, about in SECTIONS.items():
        out.append(f"# {about}\n[{section}]")
        for key in keys_of(section):
            bounds = f" ({key.kind.bounds.replace('`', '')})" if key.kind.bounds else ""
            out.append(textwrap.fill(f"{key.about}{bounds}", 100, initial_indent="# ", subsequent_indent="# "))
            out.append(f"#{section_key(key)} = {key.kind.show(key.default)}\n")
    return "\n".join(out)


def in_force(config: Config) -> str:
    """The configuration as TOML, each value with its origin; secrets are not shown."""
    out = []
    for section in SECTIONS:
        out.append(f"[{section}]")
        for key in keys_of(section):
            shown = shown_value(key, config)
            origin = config.origins[key.name]
            out.append(f"{section_key(key)} = {shown}" + (f"  # {origin}" if origin != "default" else ""))
        out.append("")
    return "\n".join(out)


def as_data(config: Config) -> dict[str, dict[str, object]]:
    """For `--json`: key to value, origin."""
    return {
        key.name: {
            "value": "***" if key.secret and config.values[key.name] else config.values[key.name],
            "origin": config.origins[key.name],
        }
        for key in KEYS
    }


def shown_value(key: Key, config: Config) -> str:
    value = config.values[key.name]
    return '"***"' if key.secret and value else key.kind.show(value)


def keys_of(section: str) -> list[Key]:
    return [key for key in KEYS if key.section == section]


def section_key(key: Key) -> str:
    return key.name.partition(".")[2]
