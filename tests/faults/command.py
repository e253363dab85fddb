"""`nfsgw COMMAND` on a gateway's data directory, as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from nfsgw.failpoints import VARIABLE
from tests.faults.process import GatewayProcess


async def run(gateway: GatewayProcess, *arguments: str, failpoint: str = "") -> tuple[int, str, str]:
    """Its exit code, and what it wrote to standard output and standard error."""
    command = [sys.executable, "-m", "nfsgw", arguments[0], "--data-dir", str(gateway.data), *arguments[1:]]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, VARIABLE: failpoint},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def answered(gateway: GatewayProcess, *arguments: str) -> dict[str, Any]:
    """What it says with --json when all is well. AssertionError."""
    code, out, said = await run(gateway, *arguments, "--json")
    assert code == 0, out + said
    answer: dict[str, Any] = json.loads(out)
    return answer
