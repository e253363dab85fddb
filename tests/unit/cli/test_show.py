"""What `nfsgw status` says in words of objects and packs."""

from __future__ import annotations

from nfsgw.cli.show import gathering, holdings_words
from nfsgw.namespace.holdings import Holdings


def test_what_the_store_holds_is_said_with_its_dead_share() -> None:
    held = Holdings()
    held.packs, held.pack_bytes, held.pack_live, held.pack_chunks = 3, 12 << 20, 8 << 20, 5000
    held.singles, held.single_bytes, held.dead, held.dead_bytes = 10, 40 << 20, 2, 8 << 20
    quiet = {"packs_rewritten": 0, "chunks_repacked": 0}
    assert holdings_words(held.plain(), quiet) == (
        "15 with 60 MiB, 20% of it dead (2 wait for their deletion); 3 are packs, made of 5000 small chunks"
    )
    held.dead = held.dead_bytes = 0
    busy = {"packs_rewritten": 7, "chunks_repacked": 900}
    assert holdings_words(held.plain(), busy) == (
        "13 with 52 MiB, 8% of it dead; 3 are packs, made of 5000 small chunks;"
        " 7 thin packs rewritten, 900 chunks moved"
    )


def test_nothing_is_said_of_the_store_before_it_was_counted() -> None:
    assert holdings_words(None, {}) == "not counted yet"


def test_small_chunks_that_wait_for_each_other_are_said_to() -> None:
    assert gathering({"uploads_gathering": 0}) == ""
    assert gathering({"uploads_gathering": 12}) == " (12 of them small, waiting to share an object)"
