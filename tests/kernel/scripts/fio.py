"""fio writes and verifies checksummed blocks: sequential and random, several jobs, buffered and direct."""

from pathlib import Path

from tests.kernel.scripts.checks import check, forget, main, parameter, run

MEGABYTES = parameter("megabytes", 24)


def verified(work: Path, *options: str, megabytes: int = MEGABYTES // 4) -> None:
    """Writes all blocks of files of that size, verifies, and verifies once more from the server."""
    common = [
        *("fio", "--name=v", f"--directory={work}", f"--size={megabytes}m", "--verify=crc32c", "--verify_fatal=1"),
        *("--ioengine=psync", "--fallocate=none", "--randseed=7", *options),
    ]
    run(*common, "--do_verify=1")
    forget()
    run(*common, "--verify_only=1")


@check("sequential, buffered")
def sequential_buffered(work: Path) -> None:
    verified(work, "--rw=write", "--bs=128k", "--end_fsync=1", megabytes=MEGABYTES)


@check("sequential, direct")
def sequential_direct(work: Path) -> None:
    verified(work, "--rw=write", "--bs=1m", "--direct=1", megabytes=MEGABYTES)


@check("random, buffered, three jobs")
def random_buffered(work: Path) -> None:
    verified(work, "--rw=randwrite", "--bs=4k", "--numjobs=3", "--end_fsync=1")


@check("random, direct, three jobs")
def random_direct(work: Path) -> None:
    verified(work, "--rw=randwrite", "--bs=16k", "--direct=1", "--numjobs=3")


@check("random block sizes, unaligned, with fsyncs")
def unaligned(work: Path) -> None:
    verified(work, "--rw=randwrite", "--bsrange=512-70k", "--blockalign=512", "--fsync=16")


@check("mapped files, random")
def mapped(work: Path) -> None:
    verified(work, "--ioengine=mmap", "--rw=randwrite", "--bs=4k")


if __name__ == "__main__":
    main()
