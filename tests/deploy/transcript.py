"""docs/transcript.md from what ansible-playbook has printed. `TRANSCRIPT=docs/transcript.md TIERS=deploy tests/run`
writes it; every run of the tier looks whether it is still true.
"""

from __future__ import annotations

import re

HEAD = """# A deployment, as it is printed

What the playbook does to three Debian 12 machines, a gateway (`gateway`) and two clients (`one`, `two`), with the
database copied all the time (`replication.url`). Made by `TRANSCRIPT=docs/transcript.md TIERS=deploy tests/run`;
tasks that were skipped are left out.

"""
TITLE = re.compile(r"^(PLAY|TASK|RUNNING HANDLER)\b")
NOTHING = re.compile(r"^(skipping|included): ")


def blocks(printed: str) -> list[list[str]]:
    """Of each play, task and handler the title and what it did to each host; those that did nothing are left out."""
    found: list[list[str]] = []
    for line in printed.splitlines():
        if TITLE.match(line):
            found.append([line.rstrip(" *").replace("nfsgw.gateway.", "")])
        elif line.strip() and found and not NOTHING.match(line):
            found[-1].append(line.rstrip())
    return [[title, *sorted(lines)] for title, *lines in found if lines or title.startswith("PLAY")]


def page(printed: str) -> str:
    """docs/transcript.md."""
    return HEAD + "```\n" + "\n\n".join("\n".join(block) for block in blocks(printed)) + "\n```\n"
