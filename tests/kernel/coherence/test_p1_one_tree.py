"""P1: one tree. A change takes effect for every mount the moment it succeeds, whatever the others have cached."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.kernel.coherence.conftest import on_all_kernels, on_the_main_kernel
from tests.kernel.coherence.house import Hand, House, Pending, results


@dataclass(frozen=True)
class Change:
    """What one machine does, and what is there and what is not there from then on."""

    says: str
    prepare: Callable[[Hand], None]
    act: Callable[[Hand], None]
    there: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def nothing(_: Hand) -> None:
    return


def file(hand: Hand) -> None:
    hand.write("x", b"bytes")


def two_files(hand: Hand) -> None:
    hand.write("old", b"old bytes")
    hand.write("new", b"new bytes")


def tree(hand: Hand) -> None:
    hand.makedirs("d/e")
    hand.write("d/e/x", b"bytes")


def make_tree(hand: Hand) -> None:
    hand.makedirs("p/q/r")
    hand.write("p/q/r/x", b"bytes")


def make_again(hand: Hand) -> None:
    hand.unlink("x")
    hand.write("x", b"again")


def remove_tree(hand: Hand) -> None:
    hand.unlink("d/e/x")
    hand.rmdir("d/e")
    hand.rmdir("d")


CHANGES = (
    Change("create", nothing, file, there=("x",)),
    Change("mkdir", nothing, lambda a: a.mkdir("x"), there=("x",)),
    Change("a tree is made", nothing, make_tree, there=("p", "p/q", "p/q/r", "p/q/r/x")),
    Change("symlink", file, lambda a: a.symlink("x", "s"), there=("x", "s")),
    Change("link", file, lambda a: a.link("x", "y"), there=("x", "y")),
    Change("rename", file, lambda a: a.rename("x", "y"), there=("y",), gone=("x",)),
    Change("rename over", two_files, lambda a: a.rename("new", "old"), there=("old",), gone=("new",)),
    Change(
        "rename a tree", tree, lambda a: a.rename("d", "g"), there=("g", "g/e", "g/e/x"), gone=("d", "d/e", "d/e/x")
    ),
    Change("rename across", tree, lambda a: a.rename("d/e/x", "x"), there=("x", "d/e"), gone=("d/e/x",)),
    Change("unlink", file, lambda a: a.unlink("x"), gone=("x",)),
    Change("a tree is removed", tree, remove_tree, gone=("d", "d/e", "d/e/x")),
    Change("unlink and make again", file, make_again, there=("x",)),
    Change("chmod", file, lambda a: a.chmod("x", 0o640), there=("x",)),
    Change("chmod of a folder", tree, lambda a: a.chmod("d/e", 0o2711), there=("d", "d/e", "d/e/x")),
    Change("chown", file, lambda a: a.do("os.chown", a.at("x"), 1001, 1002), there=("x",)),
    Change("touch", file, lambda a: a.do("os.utime", a.at("x"), (1, 1)), there=("x",)),
    Change("truncate", file, lambda a: a.truncate("x", 3), there=("x",)),
    Change("append", file, lambda a: a.overwrite("x", b", more", 5), there=("x",)),
)


# What a machine may look at first. Each look gets caches that no other look has refreshed.


def attributes(hand: Hand, path: str) -> Pending:
    """stat."""
    return hand.begin("files.facts", hand.at(path))


def existence(hand: Hand, path: str) -> Pending:
    """test -e."""
    return hand.begin("os.access", hand.at(path), 0)


def contents(hand: Hand, path: str) -> Pending:
    """What is in it: bytes, names, a link's target."""
    return hand.begin("files.contents", hand.at(path))


def listings(hand: Hand, path: str) -> Pending:
    """ls -lR of the whole folder."""
    return hand.begin("files.view", hand.folder)


LOOKS = (attributes, existence, contents, listings)


def expected(look: Callable[[Hand, str], Pending], path: str, absent: bool, truth: Hand) -> object:
    """What that look must show, as the server tells it to a machine that has nothing cached."""
    if look is listings:
        view = look(truth, path).result()
        assert (path in view) != absent
        return view
    if absent:
        return False if look is existence else None
    found = look(truth, path).result()
    assert found is not None
    assert found is not False
    return found


@on_the_main_kernel
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.says)
def test_p1_a_change_is_seen_at_the_next_look(house: House, change: Change) -> None:
    seen_at_the_next_look(house, change, holding=False)


@on_all_kernels
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.says)
def test_p1_a_change_is_seen_at_the_next_look_though_files_are_held_open(house: House, change: Change) -> None:
    seen_at_the_next_look(house, change, holding=True)


def seen_at_the_next_look(house: House, change: Change, holding: bool) -> None:
    """Every kind of look at everything that changes, each by a machine whose caches no other look has refreshed."""
    observers = len(house.hands) - 1
    for path in (*change.there, *change.gone):
        for turn in range(-(-len(LOOKS) // observers)):
            house.new_folder()
            a, *others = house
            change.prepare(a)
            view = house.agree()
            results([hand.begin("files.learn", hand.folder, absent(change, view)) for hand in others])
            files = [name for name, facts in view.items() if stat.S_ISREG(facts[1])] if holding else []
            held = [(hand, hand.do("files.hold", hand.at(name))) for hand in others for name in files]
            looks = [LOOKS[(turn * observers + index) % len(LOOKS)] for index in range(observers)]
            change.act(a)
            seen = results([look(hand, path) for look, hand in zip(looks, others, strict=True)])
            a.forget()
            for look, found in zip(looks, seen, strict=True):
                assert found == expected(look, path, path in change.gone, a), f"{look.__name__} of {path}"
            for hand, descriptor in held:
                hand.do("files.let_go", descriptor)
            house.agree()


def absent(change: Change, view: dict[str, tuple[int, ...]]) -> list[str]:
    """What is not there yet: for the machines to fail to find."""
    return [name for name in change.there if name not in view]


@on_all_kernels
def test_p1_the_changes_of_this_list_do_change_something(house: House) -> None:
    for change in CHANGES:
        house.new_folder()
        a = house.hands[0]
        change.prepare(a)
        before = house.agree()
        change.act(a)
        assert house.agree() != before, change.says


@on_all_kernels
def test_p1_machines_that_change_one_folder_at_once_have_the_same_view_of_it_in_the_end(house: House) -> None:
    for seed in range(3):
        folder = house.new_folder()
        made = [hand.begin("churn.run", folder, f"{seed}-{index}", 150) for index, hand in enumerate(house.hands)]
        counts = results(made)
        view = house.agree()
        assert view
        assert all(sum(done[what] for done in counts) for what in counts[0]), counts
        for hand in house:
            hand.forget()
        assert house.agree() == view
