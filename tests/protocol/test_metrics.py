"""The metrics tell the truth: n calls are n, whatever became of them."""

from __future__ import annotations

from collections import Counter

from nfsgw.metrics.catalogue import HISTOGRAM, METRICS, operation_name
from nfsgw.nfs4.optable import ROWS
from nfsgw.wire import nfs4 as w4
from tests.protocol.files import Worker, under_way
from tests.protocol.machines import NO_STATEID, ROOT, House, Machine, getattr_, lookup, mkdir, remove, turns
from tests.protocol.scrape import Scrape
from tests.protocol.test_durable import create, write

CHANGE = 1 << w4.FATTR4_CHANGE


def read(offset: int, count: int) -> w4.nfs_argop4:
    return w4.nfs_argop4(w4.OP_READ, opread=w4.READ4args(NO_STATEID, offset, count))


async def test_operations_are_counted_by_name_and_status(house: House, a: Machine) -> None:
    before = Counter(Scrape(house).operations())
    for number in range(7):
        await a.ok(ROOT, mkdir(b"%d" % number), getattr_(CHANGE))
    for number in range(3):
        await a.run(ROOT, mkdir(b"%d" % number), getattr_(CHANGE))
    after = Counter(Scrape(house).operations())
    after.subtract(before)
    assert {key: count for key, count in after.items() if count} == {
        ("SEQUENCE", "NFS4_OK"): 10,
        ("PUTROOTFH", "NFS4_OK"): 10,
        ("CREATE", "NFS4_OK"): 7,
        ("CREATE", "NFS4ERR_EXIST"): 3,
        ("GETATTR", "NFS4_OK"): 7,
    }


async def test_a_retransmission_is_a_replay_and_no_operation(house: House, a: Machine) -> None:
    message = a.message(a.compound(a.next(), ROOT, mkdir(b"once")))
    await a.record(message)
    before = Scrape(house)
    await a.record(message)
    after = Scrape(house)
    assert after.operations() == before.operations()
    assert after.value("nfsgw_replays_total") - before.value("nfsgw_replays_total") == 1


async def test_operations_that_there_are_not_count_as_illegal(house: House, a: Machine) -> None:
    count, unknown = (3).to_bytes(4, "big"), (9999).to_bytes(4, "big")
    for rest in (unknown, b""):
        body = a.compound(a.next(), ROOT)
        await a.record(a.message(body[:8] + count + body[12:] + rest))
    operations = Scrape(house).operations()
    assert operations[("ILLEGAL", "NFS4ERR_OP_ILLEGAL")] == 1
    assert operations[("ILLEGAL", "NFS4ERR_BADXDR")] == 1


async def test_a_compound_is_named_after_what_it_is_about(house: House, a: Machine) -> None:
    await a.ok(ROOT, mkdir(b"folder"))
    expected = {
        "REMOVE": [ROOT, remove(b"folder"), getattr_(CHANGE)],
        "GETATTR": [ROOT, getattr_(CHANGE)],
        "LOOKUP": [ROOT, lookup(b"other"), getattr_(CHANGE)],
        "CREATE": [ROOT, getattr_(CHANGE), mkdir(b"other")],
        "SEQUENCE": [],
        "PUTROOTFH": [ROOT],
    }
    for name in ("REMOVE", "CREATE", "GETATTR", "LOOKUP", "SEQUENCE", "PUTROOTFH"):
        before = Scrape(house)
        await a.ok(*expected[name])
        after = Scrape(house)
        moved = {
            dict(labels)["operation"]
            for (sample, labels), value in after.samples.items()
            if sample == "nfsgw_compound_seconds_count" and value != before.samples.get((sample, labels), 0.0)
        }
        assert moved == {name}


async def test_the_latency_of_a_compound_includes_its_wait(house: House, a: Machine) -> None:
    a.send(a.message(a.compound(a.next(), ROOT, mkdir(b"slow"))))
    assert Scrape(house).value("nfsgw_compounds_running") == 1
    house.clock.advance(3.0)
    await a.answer()
    after = Scrape(house)
    assert after.value("nfsgw_compounds_running") == 0
    assert after.value("nfsgw_compound_seconds_sum", operation="CREATE") == 3.0
    assert after.value("nfsgw_compound_seconds_bucket", operation="CREATE", le="1.0") == 0
    assert after.value("nfsgw_compound_seconds_bucket", operation="CREATE", le="5.0") == 1


async def test_a_compound_in_which_nothing_ran_is_counted_too(house: House, a: Machine) -> None:
    a.minor = 3
    await a.call(ROOT)
    scrape = Scrape(house)
    assert scrape.value("nfsgw_compound_seconds_count", operation="none") == 1
    assert scrape.value("nfsgw_compound_seconds_sum", operation="none") == 0.0


async def test_bytes_are_those_that_went_over_the_wire(house: House, a: Machine) -> None:
    await a.ok(ROOT, create(b"file"), write(w4.FILE_SYNC4))
    await a.ok(ROOT, lookup(b"file"), read(0, 100), read(3, 100), read(4, 100))
    scrape = Scrape(house)
    assert scrape.value("nfsgw_written_bytes_total") == len(b"data")
    assert scrape.value("nfsgw_read_bytes_total") == len(b"data") + 1


async def test_what_clients_hold_goes_up_and_down(house: House, a: Machine, b: Machine) -> None:
    opened = await a.ok(ROOT, create(b"file"))
    answer = opened.resarray[-1].opopen
    assert answer is not None
    assert answer.resok4 is not None
    await b.ok(ROOT, create(b"file"))
    scrape = Scrape(house)
    assert scrape.value("nfsgw_opens") == 2
    assert scrape.value("nfsgw_clients", state="active") == 2
    assert scrape.value("nfsgw_sessions") == 2
    assert scrape.value("nfsgw_connections") == 2
    close = w4.nfs_argop4(w4.OP_CLOSE, opclose=w4.CLOSE4args(0, answer.resok4.stateid))
    await a.ok(ROOT, lookup(b"file"), close)
    assert Scrape(house).value("nfsgw_opens") == 1
    house.clock.advance(house.state.settings.courtesy_seconds + 1)
    await a.run(ROOT)
    house.state.sweep(house.monotonic())
    scrape = Scrape(house)
    assert scrape.value("nfsgw_opens") == 0
    assert scrape.value("nfsgw_clients", state="active") == 1


async def test_looks_at_directories_are_counted_apart(house: House, a: Machine) -> None:
    await a.ok(ROOT, create(b"file"))
    before = Scrape(house).value("nfsgw_directory_getattrs_total")
    await a.ok(ROOT, getattr_(CHANGE), lookup(b"file"), getattr_(CHANGE))
    assert Scrape(house).value("nfsgw_directory_getattrs_total") - before == 1


async def test_locks_go_up_and_down(house: House, a: Machine) -> None:
    opened = (await a.ok(ROOT, create(b"file"))).resarray[-1].opopen
    assert opened is not None
    assert opened.resok4 is not None
    owner = w4.open_to_lock_owner4(0, opened.resok4.stateid, 0, w4.lock_owner4(a.clientid, b"locker"))
    args = w4.LOCK4args(w4.WRITE_LT, False, 0, 10, w4.locker4(True, open_owner=owner))
    locked = await a.ok(ROOT, lookup(b"file"), w4.nfs_argop4(w4.OP_LOCK, oplock=args))
    assert Scrape(house).value("nfsgw_locks") == 1
    result = locked.resarray[-1].oplock
    assert result is not None
    assert result.resok4 is not None
    freed = w4.LOCKU4args(w4.WRITE_LT, 0, result.resok4.lock_stateid, 0, 10)
    free = w4.FREE_STATEID4args(w4.stateid4(0, result.resok4.lock_stateid.other))
    await a.ok(
        ROOT,
        lookup(b"file"),
        w4.nfs_argop4(w4.OP_LOCKU, oplocku=freed),
        w4.nfs_argop4(w4.OP_FREE_STATEID, opfree_stateid=free),
    )
    assert Scrape(house).value("nfsgw_locks") == 0


async def test_a_recall_is_told_from_the_grant_to_the_return(house: House) -> None:
    holder, other = Worker(house, "holder"), Worker(house, "other")
    for machine in (holder, other):
        await machine.join(back=True)
    await turns()
    held = await holder.hold(b"file", create=True)
    assert (
        Scrape(house).value("nfsgw_delegations", type="read") + Scrape(house).value("nfsgw_delegations", type="write")
        == 1
    )
    waiting = await under_way(other.run(ROOT, remove(b"file")))
    assert Scrape(house).value("nfsgw_waits_total") == 1
    house.clock.advance(0.1)
    await holder.give_back(held.handle, held.stateid)
    await waiting
    scrape = Scrape(house)
    events = {
        event: sum(scrape.value("nfsgw_delegation_events_total", type=kind, event=event) for kind in ("read", "write"))
        for event in ("granted", "recalled", "returned", "revoked", "dropped")
    }
    assert events == {"granted": 1, "recalled": 1, "returned": 1, "revoked": 0, "dropped": 0}
    assert scrape.value("nfsgw_recall_seconds_count") == 1
    assert round(scrape.value("nfsgw_recall_seconds_sum"), 6) == 0.1
    assert scrape.value("nfsgw_callbacks_total", operation="CB_RECALL", outcome="NFS4_OK") == 1


async def test_commits_are_counted_with_their_rows(house: House, a: Machine) -> None:
    before = Scrape(house)
    for number in range(5):
        await a.ok(ROOT, mkdir(b"%d" % number))
    after = Scrape(house)
    assert after.value("nfsgw_commit_durable") == after.value("nfsgw_commit_latest")
    commits = after.value("nfsgw_commit_durable") - before.value("nfsgw_commit_durable")
    assert commits >= 5
    assert after.value("nfsgw_commit_seconds_count") - before.value("nfsgw_commit_seconds_count") == commits
    assert after.value("nfsgw_commit_rows_total") - before.value("nfsgw_commit_rows_total") >= 5 * 3
    assert after.value("nfsgw_objects") - before.value("nfsgw_objects") == 5


async def test_every_metric_of_the_catalogue_is_told_and_nothing_else(house: House, a: Machine) -> None:
    told = {name for name, _ in Scrape(house).samples}
    families = {
        line.split()[2]: line.split()[3] for line in Scrape(house).text.splitlines() if line.startswith("# TYPE")
    }
    ours = {name: kind for name, kind in families.items() if name.startswith("nfsgw_")}
    assert ours == {metric.name: metric.kind for metric in METRICS}
    for name in ours:
        assert {name, f"{name}_bucket"} & told or name == "nfsgw_callbacks_total", name
    assert "process_cpu_seconds_total" in families


async def test_buckets_add_up(house: House, a: Machine) -> None:
    await a.ok(ROOT, mkdir(b"folder"))
    scrape = Scrape(house)
    for metric in METRICS:
        if metric.kind != HISTOGRAM:
            continue
        for (name, labels), value in scrape.samples.items():
            if name == f"{metric.name}_count":
                buckets = [
                    count
                    for (sample, others), count in scrape.samples.items()
                    if sample == f"{metric.name}_bucket" and set(labels) <= set(others)
                ]
                assert buckets == sorted(buckets)
                assert buckets[-1] == value


def test_labels_of_operations_are_the_names_of_the_operation_table() -> None:
    assert all(operation_name(row.number) == row.name for row in ROWS)
