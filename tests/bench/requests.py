"""What delegations save: the requests of a real kernel for what it has read before, with delegations off and on.

Run it as root as `python -m tests.bench.requests [--kernels 6.12,7.2] [--files N] [--tree N]`; it prints one Markdown
table for each kernel. Requests are counted by the gateway (`nfsgw_compound_seconds_count` at /metrics); none is sampled
or guessed. The gateway runs from the sources, for counts are not rates.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from nfsgw.admin.protocol import ask
from nfsgw.client import recipe
from nfsgw.datadir import DataDirectory
from tests.kernel.gateway import Gateway
from tests.kernel.harness import Fleet, HarnessError
from tests.kernel.harness.fleet import MOUNT
from tests.kernel.harness.machine import Machine

SETTINGS = {
    "off": {"nfs.delegations": "false", "nfs.directory_delegations": "false"},
    "on": {"nfs.delegations": "true", "nfs.directory_delegations": "true"},
}
LEASE = {"nfs.lease_seconds": "90", "nfs.grace_seconds": "0"}
HOUSEKEEPING = ("SEQUENCE",)  # a client renews its lease whatever it does
GIT = "git -c init.defaultBranch=main -c gc.auto=0 -c core.checkStat=default"
DIRECTORIES = "looks at directories among them"
TARGET = 10  # times fewer requests for a warm git status


class Meter:
    """Counts the requests of a gateway from one call to the next."""

    def __init__(self, gateway: Gateway) -> None:
        status = ask(DataDirectory(str(gateway.data)).admin_socket, "status")
        assert isinstance(status, dict)
        self._url = f"http://{status['http']}/metrics"
        self._before = self._read()

    def _read(self) -> Counter[str]:
        """Compounds by what they are about, and as DIRECTORIES the GETATTR operations on directories."""
        with urllib.request.urlopen(self._url, timeout=30) as response:
            text = response.read().decode()
        found: Counter[str] = Counter()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "nfsgw_compound_seconds_count":
                    found[sample.labels["operation"]] = int(sample.value)
                elif sample.name == "nfsgw_directory_getattrs_total":
                    found[DIRECTORIES] = int(sample.value)
        return found

    def since(self) -> Counter[str]:
        """By what they are about, without those that renew a lease."""
        now = self._read()
        spent = now - self._before
        self._before = now
        for name in HOUSEKEEPING:
            del spent[name]
        return spent


def run(machine: Machine, text: str) -> None:
    """Raises: AssertionError with what it wrote, when it fails."""
    result = machine.shell(f"set -e; cd /mnt/work; {text}", timeout=1800)
    assert result.status == 0, f"{text}\n{result.output}\n" + "\n".join(result.lines[-20:])


def settle(machine: Machine) -> None:
    """What the client still wants to write or return, it has."""
    run(machine, "sync")
    time.sleep(2)


def second_read(machine: Machine, meter: Meter, files: int) -> Counter[str]:
    """Of small files, by the client that has read them once since it mounted."""
    run(machine, f"mkdir small; for n in $(seq {files}); do head -c 2000 /dev/zero > small/$n; done")
    settle(machine)
    remount(machine)
    run(machine, "cat small/* | wc -c")
    settle(machine)
    meter.since()
    run(machine, "cat small/* | wc -c")
    return meter.since()


def git_status(machine: Machine, meter: Meter, files: int) -> Counter[str]:
    """Warm: the third in a tree that was just checked out."""
    run(
        machine,
        f"mkdir /tmp/tree; cd /tmp/tree; {GIT} init -q; "
        f"for n in $(seq {files}); do d=d$((n % 50)); [ -d $d ] || mkdir $d; echo $n > $d/$n.txt; done; "
        f"{GIT} add .; {GIT} commit -qm all; cd /mnt/work; {GIT} clone -q --no-hardlinks /tmp/tree tree",
    )
    settle(machine)
    for _ in range(2):
        run(machine, f"cd tree; {GIT} status --porcelain")
        settle(machine)
    meter.since()
    run(machine, f"cd tree; {GIT} status --porcelain")
    return meter.since()


def remount(machine: Machine) -> None:

    machine.unmount()
    machine.mount(MOUNT)


def measure(kernel: str, setting: str, files: int, tree: int) -> tuple[str, Counter[str], Counter[str]]:
    """The kernel's version, and the requests of the second read and of the warm git status."""
    with tempfile.TemporaryDirectory(prefix="nfsgw-requests-") as folder:
        gateway = Gateway(Path(folder), {**LEASE, **SETTINGS[setting]}, {})
        gateway.start()
        try:
            with Fleet(gateway.port, 1, kernel) as fleet:
                fleet.mount(parameters={"nfsv4.delegation_watermark": str(recipe.DELEGATION_WATERMARK)})
                meter = Meter(gateway)
                read = second_read(fleet[0], meter, files)
                status = git_status(fleet[0], meter, tree)
                fleet.unmount()
                return fleet.kernel.version, read, status
        finally:
            gateway.finish()


def total(requests: Counter[str]) -> int:
    return requests.total() - requests[DIRECTORIES]


def table(title: str, without: Counter[str], with_: Counter[str]) -> str:
    lines = [f"| {title} | delegations off | on |", "|---|--:|--:|"]
    names = sorted((set(without) | set(with_)) - {DIRECTORIES}, key=lambda name: -without[name])
    lines += [f"| {name} | {without[name]:,} | {with_[name]:,} |" for name in names]
    lines.append(f"| all | {total(without):,} | {total(with_):,} |")
    lines.append(f"| {DIRECTORIES} | {without[DIRECTORIES]:,} | {with_[DIRECTORIES]:,} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Returns the exit status: 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", default="6.12,7.2", help="suites or versions (6.12,7.2)")
    parser.add_argument("--files", type=int, default=1000, help="small files that are read twice (1000)")
    parser.add_argument("--tree", type=int, default=5000, help="files of the checked-out tree (5000)")
    args = parser.parse_args()
    missed = 0
    try:
        for kernel in args.kernels.split(","):
            version, read_off, status_off = measure(kernel, "off", args.files, args.tree)
            _, read_on, status_on = measure(kernel, "on", args.files, args.tree)
            print(f"Linux {version}\n")
            print(table(f"second read of {args.files:,} small files", read_off, read_on), flush=True)
            print(table(f"warm git status, {args.tree:,} files", status_off, status_on), flush=True)
            asked = sum(read_on[name] for name in ("OPEN", "GETATTR", "READ"))
            if asked:
                print(
                    f"missed: the second read sent {asked} requests to open, look at or read something;"
                    f" {read_on[DIRECTORIES]} times it looked at a directory\n"
                )
                missed = 1
            if total(status_on) * TARGET > total(status_off):
                print(f"missed: git status does not send {TARGET} times fewer requests\n")
                missed = 1
    except (HarnessError, LookupError) as problem:
        print(f"tests.bench.requests: {problem}", file=sys.stderr)
        return 2
    return missed


if __name__ == "__main__":
    sys.exit(main())
