"""Two machines and a gateway that stops: what each sees of the other, on both object stores."""

from __future__ import annotations

import signal

import pytest

from tests.kernel.conftest import fleet
from tests.kernel.gateway import Gateway
from tests.kernel.harness import speaking

VERSIONS = pytest.mark.parametrize("version", ["4.2", "4.0"])
PIECES = 150

WRITER = f"""
set -e
for i in $(seq {PIECES}); do
    echo "piece $i" > /mnt/work/piece.$i
    sync -f /mnt/work/piece.$i
done
echo all written
"""

CHECKER = f"""
set -e
for i in $(seq {PIECES}); do
    [ "$(cat /mnt/work/piece.$i)" = "piece $i" ] || {{ echo "piece $i is $(cat /mnt/work/piece.$i)"; exit 1; }}
done
"""


@VERSIONS
def test_what_one_machine_makes_the_other_sees_at_once(gateway_of_each_store: Gateway, version: str) -> None:
    with fleet(gateway_of_each_store, clients=2) as guests:
        guests.mount(speaking(version))
        a, b = guests
        b.shell("! test -e /mnt/work/new && ls /mnt/work").expect_success()
        a.shell("echo from a > /mnt/work/new && mkdir /mnt/work/folder").expect_success()
        assert "from a" in b.shell("cat /mnt/work/new && test -d /mnt/work/folder").expect_success().output
        a.shell("echo renewed > /mnt/work/new.tmp && mv /mnt/work/new.tmp /mnt/work/new").expect_success()
        assert "renewed" in b.shell("cat /mnt/work/new").expect_success().output
        a.shell("rm /mnt/work/new && rmdir /mnt/work/folder").expect_success()
        b.shell("! test -e /mnt/work/new && ! test -e /mnt/work/folder").expect_success()
        guests.unmount()


@VERSIONS
def test_a_staged_directory_appears_complete(gateway_of_each_store: Gateway, version: str) -> None:
    polling = """
    for run in 1 2 3 4 5; do
        until [ -e /mnt/work/outputs/run-$run ]; do :; done
        [ $(ls /mnt/work/outputs/run-$run | wc -l) = 40 ] || { echo "run-$run is not complete"; exit 1; }
        for f in /mnt/work/outputs/run-$run/*; do
            [ "$(cat $f)" = "result of $run" ] || { echo "$f is not complete"; exit 1; }
        done
    done
    """
    staging = """
    set -e
    for run in 1 2 3 4 5; do
        mkdir /mnt/work/.staged
        for i in $(seq 40); do echo "result of $run" > /mnt/work/.staged/$i; done
        mv /mnt/work/.staged /mnt/work/outputs/run-$run
    done
    """
    with fleet(gateway_of_each_store, clients=2) as guests:
        guests.mount(speaking(version))
        a, b = guests
        a.shell("mkdir /mnt/work/outputs").expect_success()
        reader = b.start(["bash", "-c", polling])
        a.shell(staging).expect_success()
        reader.wait().expect_success()
        guests.unmount()


def stopped_while_writing(gateway: Gateway, how: int, version: str) -> None:
    with fleet(gateway) as guests:
        guests.mount(speaking(version))
        machine = guests[0]
        writer = machine.start(["bash", "-c", WRITER])
        for _ in range(2):
            gateway.restart(how)
        writer.wait().expect_success()
        machine.shell("echo 3 > /proc/sys/vm/drop_caches").expect_success()
        machine.shell(CHECKER).expect_success()
        guests.unmount()


@VERSIONS
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_client_goes_on_when_the_gateway_is_ended_and_started_again(
    gateway_of_each_store: Gateway, how: int, version: str
) -> None:
    stopped_while_writing(gateway_of_each_store, how, version)
