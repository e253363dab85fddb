"""P6: rename is atomic. Other machines see the old state or the new one, and an open file stays what it was."""

from __future__ import annotations

import pytest

from tests.kernel.coherence.conftest import on_all_kernels
from tests.kernel.coherence.house import Hand, House, results
from tests.kernel.coherence.moves.watching import whole

OLD, NEW = b"old bytes " * 2000, b"the new ones " * 3000


@on_all_kernels
def test_p6_a_file_that_is_replaced_is_the_old_one_or_the_new_one_and_never_missing(house: House, a: Hand) -> None:
    a.write("result", whole(0, 16))
    readers = [hand.begin("watching.watch_replaced", hand.folder, 200) for hand in house.hands[1:]]
    a.do("watching.replace", a.folder, 200, 20_000)
    assert min(results(readers)) > 3, "nobody has seen it change"


@on_all_kernels
def test_p6_a_staged_folder_appears_with_all_that_is_in_it(house: House, a: Hand) -> None:
    a.mkdir("outputs")
    readers = [hand.begin("watching.watch_staged", hand.folder, 12, 30) for hand in house.hands[1:]]
    a.do("watching.stage", a.folder, 12, 30)
    assert min(results(readers)) > 0, "everything was there before anybody looked"


@on_all_kernels
def test_p6_a_listing_shows_a_renamed_thing_once(house: House, a: Hand) -> None:
    for kind in ("file", "folder"):
        house.new_folder()
        a.mkdir("flipping")
        a.mkdir("going")
        if kind == "file":
            a.write("flipping/one", b"x")
        else:
            a.makedirs("flipping/one/inside")
        readers = [hand.begin("watching.watch_flipped", hand.folder) for hand in house.hands[1:]]
        a.do("watching.flip", a.folder, 300)
        for seen in results(readers):
            assert min(seen.values()) > 0, f"a reader has seen only {seen}"


@on_all_kernels
def test_p6_a_link_that_is_moved_on_always_leads_to_a_complete_folder(house: House, a: Hand) -> None:
    a.mkdir("v0")
    for name in ("first", "second"):
        a.write(f"v0/{name}", whole(0, 1024))
    a.symlink("v0", "current")
    readers = [hand.begin("watching.watch_pointed", hand.folder, 80) for hand in house.hands[1:]]
    a.do("watching.point", a.folder, 80)
    assert min(results(readers)) > 3, "nobody has seen it change"


@on_all_kernels
@pytest.mark.parametrize("forgetting", [False, True], ids=["cached", "caches dropped"])
@pytest.mark.parametrize("how", ["rename over", "unlink", "rename over, by its own machine too"])
def test_p6_who_holds_the_replaced_file_open_goes_on_with_the_old_bytes(
    house: House, a: Hand, b: Hand, how: str, forgetting: bool
) -> None:
    a.write("result", OLD)
    held = b.do("files.hold", b.at("result"))
    number = b.do("os.fstat", held).st_ino
    if how == "unlink":
        a.unlink("result")
    else:
        a.write("new", NEW)
        a.rename("new", "result")
        if how.endswith("too"):
            b.write("newest", NEW)
            b.rename("newest", "result")
    if forgetting:
        b.forget()
    assert b.do("files.held", held) == OLD
    now = b.do("os.fstat", held)
    assert (now.st_ino, now.st_size, now.st_nlink) == (number, len(OLD), 0)
    for hand in house:
        assert hand.do("files.contents", hand.at("result")) == (None if how == "unlink" else NEW)
    b.do("files.let_go", held)
    assert house.agree().keys() == (set() if how == "unlink" else {"result"})


@on_all_kernels
def test_p6_who_writes_to_a_file_that_another_replaces_writes_to_the_old_one(a: Hand, b: Hand) -> None:
    a.write("result", OLD)
    held = b.do("os.open", b.at("result"), 2)
    a.write("new", NEW)
    a.rename("new", "result")
    b.do("os.pwrite", held, b"late", 0)
    b.do("os.fsync", held)
    assert b.do("files.held", held) == b"late" + OLD[4:]
    b.do("os.close", held)
    assert a.read("result") == NEW
    assert b.read("result") == NEW
