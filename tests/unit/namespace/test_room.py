"""The free-space guard: with only the reserve left nothing grows, and everything can be removed."""

from __future__ import annotations

from nfsgw.namespace.model import REG, Changes
from nfsgw.wire.nfs4 import NFS4ERR_NOSPC

from .tree import ROOT, Tree, fails


def test_below_the_reserve_only_what_frees_room_goes_on(tree: Tree) -> None:
    file = tree.file("/f")
    tree.file("/g")
    tree.commit()
    tree.free = 999
    tree.chmod("/f", 0o600)
    tree.commit()
    with fails(NFS4ERR_NOSPC):
        tree.ns.create(tree.ns.root, b"new", REG, Changes(), ROOT, 1)
    with fails(NFS4ERR_NOSPC):
        tree.link("/f", "/h")
    with fails(NFS4ERR_NOSPC):
        tree.ns.setxattr(file, b"a", b"1", 0, ROOT, 1)
    tree.chmod("/f", 0o644)
    tree.rename("/f", "/g")
    tree.unlink("/g")
    tree.commit()
    assert tree.listing("/") == []


def test_growth_goes_on_as_soon_as_there_is_room(tree: Tree) -> None:
    tree.free = 999
    tree.chmod("/", 0o777)
    tree.commit()
    with fails(NFS4ERR_NOSPC):
        tree.file("/f")
    tree.free = 1000
    tree.file("/f")
