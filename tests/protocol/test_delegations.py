"""Two machines and a delegation: what the other must wait for, what it sees then, and what becomes of a holder that
does not answer. RFC 8881, 10.2 to 10.4 and 20.1, 20.2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nfsgw.wire import nfs4 as w4
from tests.protocol.callbacks import OperationError, Silence
from tests.protocol.files import (
    BOTH,
    CHANGE,
    GETFH,
    MTIME,
    READ,
    SAVEFH,
    SIZE,
    WRITE,
    Held,
    Worker,
    attributes,
    bytes_read,
    change_of,
    chmod,
    close,
    cut,
    delegreturn,
    link,
    lockt,
    open_claim,
    open_named,
    opened,
    putfh,
    read,
    removexattr,
    rename,
    setxattr,
    told,
    under_way,
    worker,
    write,
)
from tests.protocol.machines import ROOT, House, getattr_, lookup, mkdir, remove, turns

WAIT = 1.0
LEASE = 90.0
SPACE = w4.nfs_space_limit4(w4.NFS_LIMIT_SIZE, filesize=0)

Operations = tuple[w4.nfs_argop4, ...]


@pytest_asyncio.fixture
async def a(house: House) -> AsyncIterator[Worker]:
    yield await worker(house, "a")


@pytest_asyncio.fixture
async def b(house: House) -> AsyncIterator[Worker]:
    yield await worker(house, "b")


@pytest_asyncio.fixture
async def files(a: Worker) -> None:
    """Two files and a folder, undelegated."""
    for name in (b"file", b"other"):
        handle, stateid, delegation = await a.open(name, BOTH, create=True, want=w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG)
        assert delegation.od_whynone is not None
        await a.ok(putfh(handle), write(b"old bytes", stateid), close(stateid))
        await a.ok(putfh(handle), setxattr(b"known", b"value"))
    await a.ok(ROOT, mkdir(b"folder"))


@pytest.mark.usefixtures("files")
class TestGrant:
    async def test_a_reader_and_a_lone_writer(self, a: Worker) -> None:
        reading = (await a.hold(b"file")).answer
        assert reading is not None
        assert reading.read is not None
        assert not reading.read.recall
        writing = (await a.hold(b"other", WRITE)).answer
        assert writing is not None
        assert writing.write is not None
        assert writing.write.space_limit == SPACE, "close must flush"
        assert writing.write.permissions.access_mask == 0, "the client asks ACCESS"

    async def test_a_client_without_a_back_channel_gets_none_and_hears_why_only_if_it_spoke_of_them(
        self, house: House
    ) -> None:
        deaf = Worker(house, "deaf")
        await deaf.join()
        assert (await deaf.open(b"file"))[2] == w4.open_delegation4(w4.OPEN_DELEGATE_NONE)
        _, _, answer = await deaf.open(b"file", want=w4.OPEN4_SHARE_ACCESS_WANT_READ_DELEG)
        assert answer.od_whynone is not None
        assert answer.od_whynone.ond_why == w4.WND4_RESOURCE

    @pytest.mark.parametrize(
        ("want", "why"),
        [
            (w4.OPEN4_SHARE_ACCESS_WANT_NO_DELEG, w4.WND4_NOT_WANTED),
            (w4.OPEN4_SHARE_ACCESS_WANT_CANCEL, w4.WND4_CANCELLED),
        ],
    )
    async def test_who_wants_none_gets_none(self, a: Worker, want: int, why: int) -> None:
        _, _, answer = await a.open(b"file", want=want)
        assert answer.od_whynone is not None
        assert answer.od_whynone.ond_why == why

    async def test_a_new_file_comes_with_one(self, a: Worker) -> None:
        held = await a.hold(b"new", WRITE, create=True)
        assert held.answer is not None
        assert held.answer.delegation_type == w4.OPEN_DELEGATE_WRITE

    async def test_wanted_without_an_open(self, a: Worker, b: Worker, house: House) -> None:
        claim = w4.deleg_claim4(w4.CLAIM_FH)
        args = w4.WANT_DELEGATION4args(w4.OPEN4_SHARE_ACCESS_WANT_READ_DELEG, claim)
        done = await a.ok(ROOT, lookup(b"file"), w4.nfs_argop4(w4.OP_WANT_DELEGATION, opwant_delegation=args))
        answer = done.resarray[-1].opwant_delegation
        assert answer is not None
        assert answer.wdr_resok4 is not None
        given = answer.wdr_resok4.read
        assert given is not None
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        assert a.recalled() == [given.stateid.other]
        await a.give_back(a.callbacks.recalled[0].fh, given.stateid)
        assert (await waiting).status == w4.NFS4_OK
        assert house.state.opens() == []

    async def test_none_is_wanted_of_a_directory(self, a: Worker) -> None:
        claim = w4.deleg_claim4(w4.CLAIM_FH)
        args = w4.WANT_DELEGATION4args(w4.OPEN4_SHARE_ACCESS_WANT_ANY_DELEG, claim)
        done = await a.ok(ROOT, w4.nfs_argop4(w4.OP_WANT_DELEGATION, opwant_delegation=args))
        answer = done.resarray[-1].opwant_delegation
        assert answer is not None
        assert answer.wdr_resok4 is not None
        assert answer.wdr_resok4.od_whynone is not None
        assert answer.wdr_resok4.od_whynone.ond_why == w4.WND4_IS_DIR


# What another machine does that a reader must not be left unaware of, and that it can see afterwards.
CONFLICTS_WITH_READING: dict[str, Operations] = {
    "open for writing": (ROOT, open_named(b"file", WRITE)),
    "open with truncation": (ROOT, open_named(b"file", READ, truncate=True)),
    "open that denies reading": (ROOT, open_named(b"file", READ, deny=READ)),
    "write without an open": (ROOT, lookup(b"file"), write(b"new bytes")),
    "chmod": (ROOT, lookup(b"file"), chmod(0o600)),
    "truncate": (ROOT, lookup(b"file"), cut(3)),
    "setxattr": (ROOT, lookup(b"file"), setxattr(b"name", b"value")),
    "removexattr": (ROOT, lookup(b"file"), removexattr(b"known")),
    "remove": (ROOT, remove(b"file")),
    "rename": (ROOT, SAVEFH, rename(b"file", b"moved")),
    "rename over it": (ROOT, SAVEFH, rename(b"other", b"file")),
    "link": (ROOT, lookup(b"file"), SAVEFH, ROOT, link(b"second")),
    "test of a write lock": (ROOT, lookup(b"file"), lockt(w4.WRITE_LT)),
}
CONFLICTS_WITH_WRITING: dict[str, Operations] = {
    **CONFLICTS_WITH_READING,
    "open for reading": (ROOT, open_named(b"file", READ)),
    "read without an open": (ROOT, lookup(b"file"), read()),
    "test of a read lock": (ROOT, lookup(b"file"), lockt(w4.READ_LT)),
}
CHANGES_OF_A_DIRECTORY: dict[str, Operations] = {
    "mkdir": (ROOT, mkdir(b"new")),
    "create": (ROOT, open_named(b"new", WRITE, create=True)),
    "remove": (ROOT, remove(b"file")),
    "rmdir": (ROOT, remove(b"folder")),
    "rename within": (ROOT, SAVEFH, rename(b"file", b"moved")),
    "rename out of": (ROOT, SAVEFH, lookup(b"folder"), rename(b"file", b"moved")),
    "rename into": (ROOT, lookup(b"folder"), SAVEFH, ROOT, rename(b"inner", b"moved")),
    "link": (ROOT, lookup(b"file"), SAVEFH, ROOT, link(b"second")),
    "chmod": (ROOT, chmod(0o700)),
    "setxattr": (ROOT, setxattr(b"name", b"value")),
}
REFUSED: dict[str, tuple[int, Operations]] = {
    "open without permission": (w4.NFS4ERR_ACCESS, (ROOT, open_named(b"file", WRITE))),
    "chmod of somebody else's": (w4.NFS4ERR_PERM, (ROOT, lookup(b"file"), chmod(0o777))),
    "remove without permission": (w4.NFS4ERR_ACCESS, (ROOT, remove(b"file"))),
    "rename without permission": (w4.NFS4ERR_ACCESS, (ROOT, SAVEFH, rename(b"file", b"moved"))),
    "rename over it without permission": (w4.NFS4ERR_ACCESS, (ROOT, SAVEFH, rename(b"other", b"file"))),
    "link without permission": (w4.NFS4ERR_ACCESS, (ROOT, lookup(b"file"), SAVEFH, ROOT, link(b"second"))),
    "setxattr without permission": (w4.NFS4ERR_ACCESS, (ROOT, lookup(b"file"), setxattr(b"a", b"b"))),
    "write without permission": (w4.NFS4ERR_ACCESS, (ROOT, lookup(b"file"), write(b"x"))),
    "mkdir without permission": (w4.NFS4ERR_ACCESS, (ROOT, mkdir(b"new"))),
    "create without permission": (w4.NFS4ERR_ACCESS, (ROOT, open_named(b"new", WRITE, create=True))),
}


async def waits_for(house: House, holder: Worker, held: Held, b: Worker, operations: Operations) -> None:
    """The operation does not take effect before the delegation is back, and then at once."""
    if held.answer is not None:
        await holder.ok(putfh(held.handle), close(held.opened))
    before = (house.names.root.change, house.names.resolve(held.handle).change)
    waiting = await under_way(b.run(*operations))
    assert holder.recalled() == [held.stateid.other]
    house.clock.advance(WAIT * 0.9)
    await turns()
    assert not waiting.done()
    assert (house.names.root.change, house.names.resolve(held.handle).change) == before
    await holder.give_back(held.handle, held.stateid)
    assert (await waiting).status == w4.NFS4_OK


@pytest.mark.usefixtures("files")
class TestConflicts:
    @pytest.mark.parametrize("what", CONFLICTS_WITH_READING)
    async def test_a_reader_is_asked_first(self, house: House, a: Worker, b: Worker, what: str) -> None:
        await waits_for(house, a, await a.hold(b"file"), b, CONFLICTS_WITH_READING[what])

    @pytest.mark.parametrize("what", CONFLICTS_WITH_WRITING)
    async def test_a_writer_is_asked_first(self, house: House, a: Worker, b: Worker, what: str) -> None:
        await waits_for(house, a, await a.hold(b"file", BOTH), b, CONFLICTS_WITH_WRITING[what])

    @pytest.mark.parametrize("what", CHANGES_OF_A_DIRECTORY)
    async def test_who_watches_a_directory_is_asked_first(self, house: House, a: Worker, b: Worker, what: str) -> None:
        if what == "rename into":
            await a.ok(ROOT, lookup(b"folder"), mkdir(b"inner"))
        await waits_for(house, a, await a.hold_directory(), b, CHANGES_OF_A_DIRECTORY[what])

    @pytest.mark.parametrize("what", [*CONFLICTS_WITH_WRITING, *CHANGES_OF_A_DIRECTORY])
    async def test_what_the_holder_does_itself_waits_for_nobody(self, a: Worker, what: str) -> None:
        if what == "rename into":
            await a.ok(ROOT, lookup(b"folder"), mkdir(b"inner"))
        held = await a.hold(b"file", BOTH)
        await a.ok(putfh(held.handle), close(held.opened))
        await a.hold_directory()
        operations = CONFLICTS_WITH_WRITING.get(what) or CHANGES_OF_A_DIRECTORY[what]
        await a.ok(*operations)
        assert a.recalled() == []

    @pytest.mark.parametrize("what", REFUSED)
    async def test_what_is_refused_recalls_nothing(self, house: House, a: Worker, what: str) -> None:
        stranger = await worker(house, "stranger", uid=1000)
        await a.hold(b"file", READ)
        await a.hold_directory()
        status, operations = REFUSED[what]
        assert (await stranger.run(*operations)).status == status
        assert a.recalled() == []

    async def test_readers_do_not_disturb_one_another(self, a: Worker, b: Worker) -> None:
        await a.hold(b"file")
        await b.hold(b"file")
        await b.ok(ROOT, lookup(b"file"), read())
        assert a.recalled() == b.recalled() == []

    async def test_all_readers_are_asked_at_once(self, house: House, a: Worker) -> None:
        readers = [await worker(house, f"reader {number}") for number in range(4)]
        held = [await reader.hold(b"file") for reader in readers]
        waiting = await under_way(a.run(ROOT, remove(b"file")))
        for reader, one in zip(readers, held, strict=True):
            assert reader.recalled() == [one.stateid.other]
            assert not waiting.done()
            await reader.give_back(one.handle, one.stateid)
        assert (await waiting).status == w4.NFS4_OK

    async def test_a_rename_waits_for_all_that_it_touches(self, house: House, a: Worker, b: Worker) -> None:
        held = [await a.hold(b"file"), await a.hold(b"other"), await a.hold_directory()]
        waiting = await under_way(b.run(ROOT, SAVEFH, rename(b"file", b"other")))
        assert sorted(a.recalled()) == sorted(one.stateid.other for one in held)
        for one in held:
            assert not waiting.done()
            await a.give_back(one.handle, one.stateid)
        assert (await waiting).status == w4.NFS4_OK

    async def test_who_waited_looks_everything_up_again(self, house: House, a: Worker, b: Worker) -> None:
        held = await a.hold(b"file")
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        await a.ok(ROOT, remove(b"file"))
        await a.give_back(held.handle, held.stateid)
        assert (await waiting).status == w4.NFS4ERR_NOENT

    async def test_everything_else_goes_on_meanwhile(self, a: Worker, b: Worker, house: House) -> None:
        held = await a.hold(b"file")
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        c = await worker(house, "c")
        await c.ok(ROOT, mkdir(b"new"))
        await c.ok(ROOT, lookup(b"file"), read())
        await a.give_back(held.handle, held.stateid)
        assert (await waiting).status == w4.NFS4_OK


@pytest.mark.usefixtures("files")
class TestRecall:
    async def test_the_holder_opens_what_it_has_given_away_before_it_returns_it(self, a: Worker, b: Worker) -> None:
        """The reader had been opened by others there without a word; the file goes, its bytes stay for them."""
        held = await a.hold(b"file")
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        claim = w4.open_claim4(w4.CLAIM_DELEG_CUR_FH, oc_delegate_stateid=held.stateid)
        claimed = await a.ok(putfh(held.handle), open_claim(claim, READ, 0, False, b"second owner"), GETFH)
        _, stateid, delegation = opened(claimed)
        assert delegation.delegation_type == w4.OPEN_DELEGATE_NONE
        await a.give_back(held.handle, held.stateid)
        assert (await waiting).status == w4.NFS4_OK
        await a.ok(putfh(held.handle), close(held.opened))
        assert bytes_read(await a.ok(putfh(held.handle), read(stateid))) == b"old bytes"
        await a.ok(putfh(held.handle), close(stateid))
        assert (await a.run(putfh(held.handle))).status == w4.NFS4ERR_STALE

    async def test_a_claim_by_name_and_one_beyond_what_is_held(self, a: Worker) -> None:
        held = await a.hold(b"file")
        current = w4.open_claim_delegate_cur4(held.stateid, b"file")
        claim = w4.open_claim4(w4.CLAIM_DELEGATE_CUR, delegate_cur_info=current)
        await a.ok(ROOT, open_claim(claim, READ, 0, False, b"second owner"))
        done = await a.run(ROOT, open_claim(claim, WRITE, 0, False, b"third owner"))
        assert done.status == w4.NFS4ERR_BAD_STATEID
        previous = w4.open_claim4(w4.CLAIM_DELEGATE_PREV, file_delegate_prev=b"file")
        assert (await a.run(ROOT, open_claim(previous, READ, 0, False, b"o"))).status == w4.NFS4ERR_NOTSUPP

    async def test_past_the_bound_the_client_is_told_to_come_again_and_the_recall_goes_on(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        held = await a.hold(b"file")
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        house.clock.advance(WAIT)
        assert (await waiting).status == w4.NFS4ERR_DELAY
        again = await under_way(b.run(ROOT, remove(b"file")))
        assert len(a.recalled()) == 1, "asked once"
        await a.give_back(held.handle, held.stateid)
        assert (await again).status == w4.NFS4_OK

    async def test_no_new_one_while_one_is_recalled_nor_for_a_while_after(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        held = await a.hold(b"file")
        waiting = await under_way(b.run(ROOT, open_named(b"file", WRITE)))
        assert (await (await worker(house, "c")).open(b"file"))[2].read is None
        await a.give_back(held.handle, held.stateid)
        done = await waiting
        answer = done.resarray[-1].opopen
        assert answer is not None
        assert answer.resok4 is not None
        assert answer.resok4.delegation.delegation_type == w4.OPEN_DELEGATE_NONE

    async def test_a_holder_that_never_answers_loses_it_a_lease_time_later_and_learns_of_it(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        held = await a.hold(b"file")
        a.callbacks.always = Silence()
        asking = await under_way(b.run(ROOT, remove(b"file")))
        for _ in range(10):
            house.clock.advance(LEASE / 10)
            await a.flags()
            await turns()
        assert (await asking).status == w4.NFS4ERR_DELAY
        await b.ok(ROOT, remove(b"file"))
        assert await a.flags() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED
        done = await a.run(putfh(held.handle), delegreturn(held.stateid))
        assert done.status == w4.NFS4ERR_DELEG_REVOKED
        free = w4.nfs_argop4(w4.OP_FREE_STATEID, opfree_stateid=w4.FREE_STATEID4args(held.stateid))
        await a.ok(free)
        assert not await a.flags() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED

    async def test_who_does_not_know_yet_that_it_has_lost_it_is_shown_no_change(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        """Linux would take a change value that it gets then for that of the data in its cache."""
        held = await a.hold(b"file", BOTH)
        house.clock.advance(2 * LEASE)
        await turns()
        await b.ok(ROOT, lookup(b"file"), write(b"new bytes"))
        look = (putfh(held.handle), getattr_(CHANGE))
        assert (await a.run(*look)).status == w4.NFS4ERR_DELAY
        assert (await a.run(*look, delegreturn(held.stateid))).status == w4.NFS4ERR_ACCESS
        assert (await a.run(putfh(held.handle), delegreturn(held.stateid))).status == w4.NFS4ERR_EXPIRED
        await a.ok(putfh(held.handle), getattr_(1 << w4.FATTR4_MODE))
        await b.ok(*look)
        await a.ok(w4.nfs_argop4(w4.OP_FREE_STATEID, opfree_stateid=w4.FREE_STATEID4args(held.stateid)))
        await a.ok(*look)

    async def test_who_never_frees_it_is_not_kept_waiting_for_ever(self, house: House, a: Worker, b: Worker) -> None:
        held = await a.hold(b"file", BOTH)
        house.clock.advance(2 * LEASE)
        await turns()
        await b.ok(ROOT, remove(b"other"), lookup(b"file"), write(b"new bytes"))
        look = (putfh(held.handle), getattr_(CHANGE))
        assert (await a.run(*look)).status == w4.NFS4ERR_DELAY
        house.clock.advance(LEASE)
        await turns()
        await a.ok(*look)

    async def test_that_of_a_client_whose_lease_has_run_out_is_in_nobodys_way(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        await a.hold(b"file", BOTH)
        house.clock.advance(LEASE + 1)
        await turns()
        await b.ok(ROOT, remove(b"file"))
        assert a.recalled() == []

    @pytest.mark.parametrize("status", [w4.NFS4ERR_BAD_STATEID, w4.NFS4ERR_BADHANDLE])
    async def test_a_holder_that_has_none_is_believed_at_once_when_it_has_had_the_reply(
        self, house: House, a: Worker, b: Worker, status: int
    ) -> None:
        await a.hold(b"file")
        await a.ok()
        a.callbacks.always = OperationError(status)
        await b.ok(ROOT, remove(b"file"))
        assert not await a.flags() & w4.SEQ4_STATUS_RECALLABLE_STATE_REVOKED

    async def test_a_holder_that_cannot_be_reached_is_asked_when_it_is_back(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        held = await a.hold(b"file")
        a.line.drop()
        waiting = await under_way(b.run(ROOT, remove(b"file")))
        assert a.recalled() == []
        a.connect(house)
        assert (await a.bind()).status == w4.NFS4_OK
        for _ in range(9):
            house.clock.advance(0.1)
            await turns()
        assert a.recalled() == [held.stateid.other]
        await a.give_back(held.handle, held.stateid)
        assert (await waiting).status == w4.NFS4_OK

    async def test_what_a_machine_has_written_another_reads(self, a: Worker, b: Worker) -> None:
        """A's last word before it returns the file is in what B reads."""
        held = await a.hold(b"file", BOTH)
        waiting = await under_way(b.run(ROOT, open_named(b"file"), read(w4.stateid4(1, bytes(12)))))
        await a.ok(putfh(held.handle), write(b"new bytes", held.stateid), delegreturn(held.stateid))
        assert bytes_read(await waiting) == b"new bytes"

    async def test_a_directory_is_watched_by_who_has_taken_it_in_as_it_is(self, a: Worker, b: Worker) -> None:
        """Linux keeps the names that it knows when a delegation and a new change value come in one reply."""
        assert (await a.watch()).gddrnf_status == w4.GDD4_UNAVAIL
        await b.ok(ROOT, remove(b"file"))
        assert (await a.watch()).gddrnf_status == w4.GDD4_UNAVAIL
        assert (await a.watch()).gddrnf_status == w4.GDD4_OK

    async def test_who_has_looked_before_it_asks_for_the_first_time_is_given_it_at_once(self, a: Worker) -> None:
        """Linux asks for the root's once."""
        await a.ok(ROOT, getattr_(CHANGE))
        assert (await a.watch()).gddrnf_status == w4.GDD4_OK

    async def test_its_own_changes_do_not_keep_a_machine_from_watching_a_directory(self, a: Worker) -> None:
        await a.ok(ROOT, getattr_(CHANGE))
        await a.ok(ROOT, mkdir(b"made"))
        await a.ok(ROOT, remove(b"made"))
        await a.ok(ROOT, open_named(b"new", create=True))
        assert (await a.watch()).gddrnf_status == w4.GDD4_OK

    async def test_its_own_change_after_one_of_another_machine_does(self, a: Worker, b: Worker) -> None:
        await a.ok(ROOT, getattr_(CHANGE))
        await b.ok(ROOT, mkdir(b"unseen"))
        await a.ok(ROOT, mkdir(b"made"))
        assert (await a.watch()).gddrnf_status == w4.GDD4_UNAVAIL
        assert (await a.watch()).gddrnf_status == w4.GDD4_OK

    async def test_the_holder_may_remove_the_directory_that_it_watches(self, house: House, a: Worker) -> None:
        await a.hold_directory(lookup(b"folder"))
        assert len(house.state.delegations(0)) == 1
        assert (await a.run(ROOT, remove(b"folder"))).status == w4.NFS4_OK
        assert house.state.delegations(0) == []

    async def test_a_directory_that_a_silent_machine_watches_is_removed_and_swept(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        await a.hold_directory(lookup(b"folder"))
        house.clock.advance(LEASE + 1)
        await turns()
        await b.ok(ROOT, remove(b"folder"))
        house.state.sweep(house.monotonic())
        assert house.state.delegations(0) == []

    async def test_a_directory_that_is_not_empty_stays_watched(self, house: House, a: Worker) -> None:
        await a.ok(ROOT, lookup(b"folder"), mkdir(b"inner"))
        await a.hold_directory(lookup(b"folder"))
        assert (await a.run(ROOT, remove(b"folder"))).status == w4.NFS4ERR_NOTEMPTY
        assert len(house.state.delegations(0)) == 1


@pytest.mark.usefixtures("files")
class TestAttributesOfTheHolder:
    async def test_a_clean_file_has_the_attributes_that_it_has(self, a: Worker, b: Worker) -> None:
        before = await change_of(a, b"file")
        await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(before[0], 9)
        assert await change_of(b, b"file") == before
        assert len(a.callbacks.asked) == 1
        assert a.recalled() == []

    async def test_a_dirty_one_has_changed_each_time_that_somebody_asks(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        change, _ = await change_of(a, b"file")
        held = await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        first, size = await change_of(b, b"file")
        again, _ = await change_of(b, b"file")
        assert change < first < again
        assert size == 4096
        assert house.names.resolve(held.handle).size == 9, "what is not written yet cannot be read"
        values = attributes(await b.ok(ROOT, lookup(b"file"), getattr_(MTIME)))
        assert values.i64() == house.wall_clock() // 10**9

    async def test_times_that_nobody_asked_for_do_not_spoil_the_answer(self, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        await a.hold(b"file", BOTH)
        mask = CHANGE | SIZE | 1 << w4.FATTR4_TIME_DELEG_ACCESS | 1 << w4.FATTR4_TIME_DELEG_MODIFY
        a.callbacks.attributes = w4.fattr4(mask, told(change + 1, 4096).attr_vals + bytes(24))
        assert (await change_of(b, b"file"))[1] == 4096
        assert a.recalled() == []

    async def test_a_compound_asks_once(self, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        done = await b.ok(ROOT, lookup(b"file"), getattr_(CHANGE | SIZE), getattr_(CHANGE | SIZE))
        assert len(a.callbacks.asked) == 1
        one, two = (result.opgetattr for result in done.resarray[-2:])
        assert one == two

    async def test_the_holder_itself_and_other_attributes_are_nobodys_question(self, a: Worker, b: Worker) -> None:
        await a.hold(b"file", BOTH)
        await change_of(a, b"file")
        await b.ok(ROOT, lookup(b"file"), getattr_(1 << w4.FATTR4_MODE))
        assert a.callbacks.asked == []

    async def test_a_listing_shows_the_sizes_of_all_holders(self, house: House, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        await a.hold(b"file", BOTH)
        await a.hold(b"other", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        args = w4.READDIR4args(0, bytes(8), 4096, 8192, SIZE)
        done = await b.ok(ROOT, w4.nfs_argop4(w4.OP_READDIR, opreaddir=args))
        listing = done.resarray[-1].opreaddir
        assert listing is not None
        assert listing.resok4 is not None
        sizes = {entry.name: int.from_bytes(entry.attrs.attr_vals, "big") for entry in listing.resok4.reply.entries}
        assert sizes[b"file"] == sizes[b"other"] == 4096
        assert len(a.callbacks.asked) == 2

    async def test_verify_compares_with_what_the_holder_says(self, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        values = w4.fattr4(SIZE, (4096).to_bytes(8, "big"))
        await b.ok(ROOT, lookup(b"file"), w4.nfs_argop4(w4.OP_VERIFY, opverify=w4.VERIFY4args(values)))

    async def test_a_holder_that_does_not_say_it_has_it_recalled(self, house: House, a: Worker, b: Worker) -> None:
        held = await a.hold(b"file", BOTH)
        a.callbacks.script = [Silence()]
        waiting = await under_way(b.run(ROOT, lookup(b"file"), getattr_(SIZE)))
        house.clock.advance(WAIT / 2)
        await turns()
        assert a.recalled() == [held.stateid.other]
        await a.ok(putfh(held.handle), write(b"more bytes than before", held.stateid), delegreturn(held.stateid))
        assert attributes(await waiting).u64() == 22

    async def test_one_without_the_delegation_has_said_so_when_it_is_recalled(
        self, house: House, a: Worker, b: Worker
    ) -> None:
        await a.hold(b"file", BOTH)
        await a.ok()
        a.callbacks.always = OperationError(w4.NFS4ERR_BADHANDLE)
        assert (await change_of(b, b"file"))[1] == 9

    async def test_it_never_goes_back_when_the_holder_dies(self, house: House, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        held = await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        shown, _ = await change_of(b, b"file")
        house.clock.advance(LEASE + 1)
        await turns()
        after, size = await change_of(b, b"file")
        assert size == 9
        assert after > shown, "another change value for another size"
        assert held.handle

    async def test_it_never_goes_back_when_the_holder_returns_it_unwritten(self, a: Worker, b: Worker) -> None:
        change, _ = await change_of(a, b"file")
        held = await a.hold(b"file", BOTH)
        a.callbacks.attributes = told(change + 1, 4096)
        shown, _ = await change_of(b, b"file")
        await a.give_back(held.handle, held.stateid)
        after, size = await change_of(b, b"file")
        assert size == 9
        assert after > shown


class TestReclaim:
    async def restarted(self, folder: Path, access: int, back: bool) -> tuple[House, Worker]:
        """A machine that held a delegation of a file, before it has reclaimed anything of the next instance."""
        first = House(folder)
        await first.chunks.start()
        a = await worker(first, "a")
        await a.hold(b"file", access, create=True)
        await first.settled()
        await first.crash()
        house = await first.restarted()
        returned = Worker(house, "a")
        await returned.begin_session(await returned.exchange(), back=back)
        await turns()
        return house, returned

    async def reclaim(self, a: Worker, access: int, kind: int) -> w4.open_delegation4:
        claim = w4.open_claim4(w4.CLAIM_PREVIOUS, delegate_type=kind)
        return opened(await a.ok(ROOT, lookup(b"file"), open_claim(claim, access, 0, False, b"owner"), GETFH))[2]

    async def test_a_delegation_is_reclaimed_with_its_open_after_a_restart(self, tmp_path: Path) -> None:
        house, a = await self.restarted(tmp_path, BOTH, back=True)
        delegation = await self.reclaim(a, BOTH, w4.OPEN_DELEGATE_WRITE)
        assert delegation.write is not None
        assert not delegation.write.recall
        complete = w4.RECLAIM_COMPLETE4args(False)
        await a.ok(w4.nfs_argop4(w4.OP_RECLAIM_COMPLETE, opreclaim_complete=complete))
        b = await worker(house, "b")
        waiting = await under_way(b.run(ROOT, open_named(b"file")))
        assert a.recalled() == [delegation.write.stateid.other]
        await a.give_back(a.callbacks.recalled[0].fh, delegation.write.stateid)
        assert (await waiting).status == w4.NFS4_OK
        await house.close()

    async def test_one_that_could_not_be_recalled_is_asked_back_with_the_reply(self, tmp_path: Path) -> None:
        house, a = await self.restarted(tmp_path, READ, back=False)
        delegation = await self.reclaim(a, READ, w4.OPEN_DELEGATE_READ)
        assert delegation.read is not None
        assert delegation.read.recall
        await house.close()
