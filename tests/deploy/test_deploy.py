"""From bare machines to mounted clients with one playbook, and what comes after: the story of an installation.

The machines are Debian guests with systemd; every mount is the systemd unit that the client role installs. The tests
build on one another in their order.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nfsgw import __version__
from tests.deploy.conftest import NEXT
from tests.deploy.guests import Guest, Site
from tests.deploy.playbooks import CLIENTS, GATEWAY, Playbooks
from tests.deploy.transcript import blocks

WORK = "/mnt/work"
AT_HAND = "/srv"  # in a guest: what a test needs there
ROOT = Path(__file__).parents[2]
WRITER = Path(__file__).with_name("writer.py")
OWN = re.compile(r"\[nfsgw\w* : (?!Validating)")  # titles of the roles' own tasks
SERVICES = ("nfsgw.service", "nfsgw-replicate.service")
ACKNOWLEDGED = re.compile(r"acknowledged (\d+) longest ([\d.]+)")


def version_in_use(gateway: Guest) -> str:
    """As the running gateway says it."""
    return str(json.loads(gateway.shell("nfsgw status --json"))["version"])


def mounted(client: Guest) -> str:
    """The options of the mount, by the state of its unit."""
    assert client.shell("systemctl is-active mnt-work.mount") == "active"
    return client.shell(f"findmnt -no OPTIONS {WORK}")


def write_while(client: Guest, name: str) -> str:
    """Begins to append and fsync on a client. Returns the name of the unit that does it; nothing_lost() ends it."""
    unit = f"write-{name}"
    client.shell(f"cat >{AT_HAND}/writer.py <<'END'\n{WRITER.read_text()}\nEND")
    client.shell(
        f"systemd-run --unit={unit} --property=StandardOutput=file:{AT_HAND}/{unit} --remain-after-exit"
        f" python3 {AT_HAND}/writer.py {WORK}/{name} {AT_HAND}/{unit}.stop"
    )
    return unit


def nothing_lost(writer: Guest, unit: str, reader: Guest, name: str) -> float:
    """Ends the writer; what was acknowledged is there for the other client. Returns the longest pause."""
    said = f"{AT_HAND}/{unit}"
    writer.shell(f"touch {said}.stop; until grep -q acknowledged {said}; do sleep 0.5; done", timeout=180)
    found = ACKNOWLEDGED.search(writer.shell(f"cat {said}"))
    assert found is not None
    count, pause = int(found[1]), float(found[2])
    lines = reader.shell(f"cat {WORK}/{name}").splitlines()
    assert lines == [f"{number:09d}" for number in range(count)]
    return pause


# -- before anything is installed


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("nfsgw_prot", 2050, "There is no variable nfsgw_prot"),
        ("nfsgw_client_pahts", "/mnt", "There is no variable nfsgw_client_pahts"),
        ("nfsgw_port", "many", "nfsgw_port"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(
    playbooks: Playbooks, variables: dict[str, object], name: str, value: object, said: str
) -> None:
    where = "clients" if "client" in name else "gateways"
    run = playbooks.run("site", {**variables, name: value}, "--limit", where)
    assert run.status != 0
    assert said in run.output
    assert set(run.changed.values()) == {0}


def test_check_mode_says_what_would_be_done_and_does_nothing(
    site: Site, playbooks: Playbooks, variables: dict[str, object]
) -> None:
    run = playbooks.run("site", variables, "--check").expect_success()
    assert all(run.changed.values())
    assert site[GATEWAY].shell("ls -d /opt/nfsgw /etc/nfsgw 2>/dev/null || true") == ""


# -- installed


def test_a_file_written_on_one_client_is_read_on_the_other(site: Site, deployed: str) -> None:
    one, two = (site[name] for name in CLIENTS)
    for client in (one, two):
        assert {"vers=4.2", "hard", "noresvport", "rsize=1048576"} <= set(mounted(client).split(","))
    one.shell(f"mkdir {WORK}/run-001 && echo 'what one found' >{WORK}/run-001/result")
    assert two.shell(f"cat {WORK}/run-001/result") == "what one found"


def test_the_documentation_shows_what_was_printed(deployed: str) -> None:
    shown = (ROOT / "docs/transcript.md").read_text().partition("```\n")[2].removesuffix("```\n")
    mine = [[block for block in blocks(text) if OWN.search(block[0])] for text in (shown, deployed)]
    assert mine[0] == mine[1]


def test_machines_of_one_image_have_identities_of_their_own(site: Site, deployed: str) -> None:
    one, two = (site[name] for name in CLIENTS)
    assert one.shell("cat /etc/machine-id") == two.shell("cat /etc/machine-id")
    shown = [client.shell("cat /sys/fs/nfs/net/nfs_client/identifier") for client in (one, two)]
    assert shown[0] != shown[1]
    assert shown == [client.shell("head -n1 /etc/nfsgw-client/identity") for client in (one, two)]
    assert len(site[GATEWAY].shell("nfsgw clients").splitlines()) == 3  # a line of titles


def test_clients_keep_as_many_delegations_as_they_are_given(site: Site, deployed: str) -> None:
    for name in CLIENTS:
        assert site[name].shell("cat /sys/module/nfsv4/parameters/delegation_watermark") == "100000"


def test_the_copy_of_the_database_can_be_restored(site: Site, deployed: str) -> None:
    one, gateway = site[CLIENTS[0]], site[GATEWAY]
    one.shell(f"mkdir -p {WORK}/copied && touch {WORK}/copied/1 {WORK}/copied/2")
    names = int(one.shell(f"find {WORK} -mindepth 1 | wc -l"))
    secrets = "CREDENTIALS_DIRECTORY=/etc/nfsgw/credentials"
    restore = f"{secrets} nfsgw restore --replica --config /etc/nfsgw/nfsgw.toml --data-dir {AT_HAND}/restored"
    check = f"nfsgw fsck --data-dir {AT_HAND}/restored --set store.url=file:///var/lib/nfsgw/objects --json"
    complete = f"rm -rf {AT_HAND}/restored && {restore} && {check} | grep -w '\"names\": {names}'"
    gateway.shell(f"until {complete}; do sleep 1; done; rm -r {AT_HAND}/restored", timeout=120)
    assert gateway.shell("systemctl show -P NRestarts nfsgw-replicate.service") == "0"


def test_a_clone_of_a_machine_that_has_an_identity_gets_another(site: Site, deployed: str) -> None:
    two = site[CLIENTS[1]]
    kept = two.shell("cat /etc/nfsgw-client/identity")
    two.shell("nfsgw-client-identity")
    assert two.shell("cat /etc/nfsgw-client/identity") == kept
    drawn = two.shell(
        'unshare --mount sh -ec \'sed "2s/.*/the original/" /etc/nfsgw-client/identity >/tmp/original;'
        " mount -t tmpfs none /etc/nfsgw-client; cp /tmp/original /etc/nfsgw-client/identity;"
        ' sed "s/^modprobe.*/exit 0/" /usr/local/sbin/nfsgw-client-identity >/tmp/identity;'
        " sh /tmp/identity; cat /etc/nfsgw-client/identity'"
    )
    assert drawn.splitlines()[0] != kept.splitlines()[0]
    assert drawn.splitlines()[1] == kept.splitlines()[1]


def test_a_second_run_changes_nothing(playbooks: Playbooks, variables: dict[str, object], deployed: str) -> None:
    run = playbooks.run("site", variables).expect_success()
    assert run.changed == {GATEWAY: 0, CLIENTS[0]: 0, CLIENTS[1]: 0}, run.output


def test_the_units_are_in_order_and_the_service_is_confined(site: Site, deployed: str) -> None:
    gateway = site[GATEWAY]
    verified = gateway.shell(f"systemd-analyze verify nfsgw.socket {' '.join(SERVICES)} 2>&1")
    print(f"systemd-analyze verify: {verified or 'nothing to say'}")
    assert verified == ""
    for service in SERVICES:
        figures = gateway.shell(f"systemd-analyze security --no-pager {service} | tail -n1")
        print(f"systemd-analyze security: {figures}")
        found = re.search(rf"level for {service}: ([\d.]+)", figures)
        assert found is not None
        assert float(found[1]) < 3
    shown = gateway.shell("systemctl show -p User -p NRestarts -p StatusText nfsgw.service").splitlines()
    assert set(shown) == {"User=nfsgw", "NRestarts=0", "StatusText=serving on 0.0.0.0:2049"}


def test_secrets_are_seen_by_the_service_alone(site: Site, deployed: str) -> None:
    gateway = site[GATEWAY]
    assert gateway.shell("stat -c %a:%U /etc/nfsgw/credentials /etc/nfsgw/credentials/region") == "700:root\n600:root"
    assert "of the secret kind" not in gateway.shell("cat /etc/nfsgw/nfsgw.toml; systemctl show nfsgw.service")
    assert "of the secret kind" not in deployed


# -- as time goes by


def test_a_setting_that_can_be_reloaded_does_not_restart_the_gateway(
    site: Site, playbooks: Playbooks, variables: dict[str, object], deployed: str
) -> None:
    before = site[GATEWAY].shell("systemctl show -P MainPID nfsgw.service")
    settings = variables["nfsgw_settings"]
    assert isinstance(settings, dict)
    changed = {**variables, "nfsgw_settings": {**settings, "chunks": {"staging_limit": "1 GiB"}}}
    playbooks.run("site", changed, "--limit", "gateways").expect_success()
    assert site[GATEWAY].shell("systemctl show -P MainPID nfsgw.service") == before
    status = site[GATEWAY].shell("nfsgw status")
    assert "of 1 GiB not uploaded yet" in status


def test_a_setting_that_there_is_not_is_refused_by_name_and_changes_nothing(
    site: Site, playbooks: Playbooks, variables: dict[str, object], deployed: str
) -> None:
    before = site[GATEWAY].shell("sha256sum /etc/nfsgw/nfsgw.toml")
    run = playbooks.run("site", {**variables, "nfsgw_settings": {"nfs": {"leese_seconds": 1}}}, "--limit", "gateways")
    assert run.status != 0
    assert "there is no key nfs.leese_seconds; did you mean nfs.lease_seconds?" in run.output
    assert site[GATEWAY].shell("sha256sum /etc/nfsgw/nfsgw.toml") == before


def test_an_upgrade_is_a_pause_for_a_client_that_writes(
    site: Site, playbooks: Playbooks, variables: dict[str, object], bundles: dict[str, Path], deployed: str
) -> None:
    gateway, one, two = (site[name] for name in (GATEWAY, *CLIENTS))
    assert version_in_use(gateway) == __version__
    unit = write_while(one, "during-upgrade")
    playbooks.run("site", {**variables, "nfsgw_bundle": str(bundles[NEXT])}, "--limit", "gateways").expect_success()
    assert version_in_use(gateway) == NEXT
    pause = nothing_lost(one, unit, two, "during-upgrade")
    print(f"upgrade: the longest pause of a client that writes and syncs was {pause:.2f} s; nothing was lost")
    assert one.shell("dmesg | grep -ci 'nfs.*error' || true") == "0"


def test_a_rollback_is_one_too(site: Site, playbooks: Playbooks, deployed: str) -> None:
    gateway, one, two = (site[name] for name in (GATEWAY, *CLIENTS))
    assert version_in_use(gateway) == NEXT
    unit = write_while(one, "during-rollback")
    playbooks.run("rollback", {}).expect_success()
    assert version_in_use(gateway) == __version__
    pause = nothing_lost(one, unit, two, "during-rollback")
    print(f"rollback: the longest pause was {pause:.2f} s; nothing was lost")


def test_a_gateway_that_is_rebooted_serves_again_and_nothing_is_lost(site: Site, deployed: str) -> None:
    gateway, one, two = (site[name] for name in (GATEWAY, *CLIENTS))
    unit = write_while(one, "during-reboot")
    gateway.reboot()
    pause = nothing_lost(one, unit, two, "during-reboot")
    print(f"reboot of the gateway: the longest pause was {pause:.2f} s; nothing was lost")


def test_a_client_that_is_rebooted_mounts_again_by_itself(site: Site, deployed: str) -> None:
    one, two = (site[name] for name in CLIENTS)
    identity = one.shell("cat /etc/nfsgw-client/identity")
    one.shell(f"echo 'before the reboot' >{WORK}/kept")
    one.reboot()
    one.shell("systemctl start mnt-work.mount")  # waits for what the boot has begun; a mount by hand would say so
    assert "vers=4.2" in mounted(one)
    assert one.shell("journalctl -b -u mnt-work.mount -o cat | grep -c '^Mounted'") == "1"
    assert one.shell(f"cat {WORK}/kept") == "before the reboot"
    assert one.shell("cat /etc/nfsgw-client/identity") == identity
    one.shell(f"echo 'after it' >{WORK}/kept")
    assert two.shell(f"cat {WORK}/kept") == "after it"


def test_removal_keeps_the_data(site: Site, playbooks: Playbooks, variables: dict[str, object], deployed: str) -> None:
    playbooks.run("remove", {}).expect_success()
    gateway = site[GATEWAY]
    assert gateway.shell("ls -d /opt/nfsgw /etc/nfsgw /etc/systemd/system/nfsgw* 2>/dev/null || true") == ""
    assert gateway.shell("ls /var/lib/nfsgw/namespace.db") != ""
    for name in CLIENTS:
        assert site[name].shell(f"findmnt -n {WORK} || true") == ""
    playbooks.run("site", variables).expect_success()
    assert site[CLIENTS[1]].shell(f"cat {WORK}/kept") == "after it"
