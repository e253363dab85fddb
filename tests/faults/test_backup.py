"""`nfsgw backup` of a gateway that many clients work on: each copy is sound, with every byte that it speaks of."""

from __future__ import annotations

import asyncio
import tarfile
from pathlib import Path

from nfsgw.chunks.checksum import crc32c
from tests.faults.command import answered, run
from tests.faults.process import GatewayProcess
from tests.faults.town import Town

KEPT = {"chunks.dead_age": "3600"}  # for as long as the backups are wanted


async def test_a_backup_of_a_filesystem_at_work_is_sound(tmp_path: Path) -> None:
    town = Town(tmp_path, 4, 9, KEPT)
    try:
        await town.found()
        town.work()
        for number in range(3):
            await asyncio.sleep(0.3)
            code, _, said = await run(town.gateway, "backup", str(tmp_path / f"backup{number}"))
            assert code == 0, said
        town.gateway.kill()
        await town.rest()
    finally:
        town.gateway.kill()
    for number in range(3):
        copy = GatewayProcess(tmp_path / f"data{number}", {}, {})
        code, _, said = await run(copy, "restore", str(tmp_path / f"backup{number}"))
        assert code == 0, said
        store = f"store.url=file://{town.gateway.data}/objects"
        assert (await answered(copy, "fsck", "--deep", "--set", store))["sound"]


async def test_a_dump_of_a_filesystem_at_work_is_loaded_as_it_was_at_one_instant(tmp_path: Path) -> None:
    """Each worker makes its changes one after the other: what the dump has of them is one of its states, so what it
    holds is sound, and another dump of what was loaded is the same tree."""
    town = Town(tmp_path, 4, 21, KEPT)
    try:
        await town.found()
        town.work()
        await asyncio.sleep(0.5)
        code, _, said = await run(town.gateway, "dump", str(tmp_path / "dump.tar"))
        assert code == 0, said
        town.gateway.kill()
        await town.rest()
    finally:
        town.gateway.kill()
    other = GatewayProcess(tmp_path / "other", {}, {})
    code, out, said = await run(other, "load", str(tmp_path / "dump.tar"))
    assert code == 0, said
    assert (await answered(other, "fsck", "--deep"))["sound"]
    code, again, said = await run(other, "dump", str(tmp_path / "again.tar"))
    assert code == 0, said
    assert again.partition(": ")[2] == out.partition(": ")[2], "as many objects and bytes"
    with tarfile.open(tmp_path / "dump.tar") as first, tarfile.open(tmp_path / "again.tar") as second:
        assert facts(first) == facts(second)
    code, _, said = await run(other, "load", str(tmp_path / "dump.tar"))
    assert (code, "there is something in this filesystem" in said) == (1, True)


def facts(archive: tarfile.TarFile) -> list[str]:
    return sorted(
        f"{member.name!r} is another name of {member.linkname!r}"
        if member.islnk()
        else f"{member.name!r} {member.type!r} {member.mode:o} {member.size} {member.linkname!r}"
        f" {member.pax_headers['mtime']} {digest(archive, member):08x}"
        for member in archive
    )


def digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> int:
    file = archive.extractfile(member) if member.isreg() else None
    return 0 if file is None else crc32c(file.read())


async def test_a_backup_at_rest_is_what_was_there(tmp_path: Path) -> None:
    town = Town(tmp_path, 4, 9, KEPT)
    try:
        await town.found()
        await town.die_after(0.8)
        code, _, said = await run(town.gateway, "backup", str(tmp_path / "backup"))
        assert code == 0, said
        town.gateway.data.rename(tmp_path / "lost")
        code, _, said = await run(town.gateway, "restore", str(tmp_path / "backup"))
        assert code == 0, said
        (town.gateway.data / "objects").rmdir()
        (tmp_path / "lost" / "objects").rename(town.gateway.data / "objects")
        assert (await answered(town.gateway, "fsck", "--deep", "--repair"))["sound"]
        await town.rise()
        await town.gateway.stop()
    finally:
        town.gateway.kill()
