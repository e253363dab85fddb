"""Random work in a tree against a model of dictionaries: every answer, every listing, and every crash is compared.

The disk is sometimes ahead of what the loop has heard, the cache is tiny, listings go on while names change.
"""

from __future__ import annotations

import asyncio
import copy
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nfsgw.errors import NFSError
from nfsgw.namespace.model import DIR, REG, Changes, Inode
from nfsgw.namespace.permissions import SETGID
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.wire.nfs4 import (
    NFS4ERR_EXIST,
    NFS4ERR_INVAL,
    NFS4ERR_ISDIR,
    NFS4ERR_NOENT,
    NFS4ERR_NOTEMPTY,
    NFS4ERR_STALE,
)

from .tree import ROOT, Tree

NAMES = st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h"])
CHOICE = st.integers(0, 1 << 16)


class Node:
    """A file, or a directory with its names. `nlink` is what the tree must say."""

    def __init__(self, id: int, kind: int, parent: int) -> None:
        self.id = id
        self.kind = kind
        self.parent = parent
        self.mode = 0
        self.nlink = 2 if kind == DIR else 1
        self.names: dict[bytes, int] = {}


class Model:
    def __init__(self) -> None:
        self.nodes = {1: Node(1, DIR, 1)}
        self.nodes[1].mode = 0o755

    def directories(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == DIR]

    def unname(self, folder: Node, name: bytes, in_use: bool) -> None:
        node = self.nodes[folder.names.pop(name)]
        if node.kind == DIR:
            folder.nlink -= 1
            del self.nodes[node.id]
            return
        node.nlink -= 1
        if node.nlink == 0 and not in_use:
            del self.nodes[node.id]

    def inside(self, id: int, ancestor: int) -> bool:
        while id != ancestor:
            if id == 1:
                return False
            id = self.nodes[id].parent
        return True


class Listing:
    """A READDIR in progress: what was there all along, and what was seen so far."""

    def __init__(self, folder: int, names: set[bytes]) -> None:
        self.folder = folder
        self.steady = names
        self.seen: list[bytes] = []
        self.cookie = 0


class Work(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="model-"))
        bounds = NamespaceSettings()
        bounds.cache_inodes = bounds.cache_entries = 6
        bounds.cache_listed = 12
        self.tree = Tree(self.place / "n.db", bounds)
        self.model = Model()
        self.on_disk = 0
        self.states: dict[int, Model] = {0: copy.deepcopy(self.model)}
        self.listing: Listing | None = None

    def teardown(self) -> None:
        self.compare()
        asyncio.run(self.tree.check())
        self.tree.ns.abandon()
        shutil.rmtree(self.place)

    # -- helpers
    def changed(self) -> None:
        self.states[self.tree.ns.latest()] = copy.deepcopy(self.model)
        if self.listing is not None:
            folder = self.model.nodes.get(self.listing.folder)
            self.listing.steady &= set(folder.names) if folder is not None else set()

    def folder(self, choice: int) -> Node:
        folders = self.model.directories()
        return folders[choice % len(folders)]

    def taken(self, folder: Node, name: bytes, choice: int) -> bytes:
        """Mostly a name that is there."""
        names = list(folder.names)
        return name if not names or choice % 8 == 0 else names[choice % len(names)]

    def inode(self, node: Node) -> Inode:
        return self.tree.ns.get(node.id)

    def refused(self, act: object, *expected: int) -> None:
        assert callable(act)
        with pytest.raises(NFSError) as caught:
            act()
        assert caught.value.status in expected

    # -- work
    @rule(where=CHOICE, name=NAMES, directory=st.booleans())
    def create(self, where: int, name: bytes, directory: bool) -> None:
        folder = self.folder(where)
        directory = directory and len(self.model.directories()) < 5
        kind = DIR if directory else REG

        def act() -> Inode:
            return self.tree.ns.create(self.inode(folder), name, kind, Changes(), ROOT, self.tree.tick())[0]

        if name in folder.names:
            self.refused(act, NFS4ERR_EXIST)
            return
        node = Node(act().id, kind, folder.id)
        node.mode = folder.mode & SETGID if directory else 0
        assert node.id not in self.model.nodes
        self.model.nodes[node.id] = node
        folder.names[name] = node.id
        folder.nlink += directory
        self.changed()

    @rule(where=CHOICE, names=st.sets(NAMES, min_size=2))
    def create_many(self, where: int, names: set[bytes]) -> None:
        for name in sorted(names):
            self.create(where, name, False)

    @rule(where=CHOICE, name=NAMES, what=CHOICE)
    def link(self, where: int, name: bytes, what: int) -> None:
        folder = self.folder(where)
        nodes = list(self.model.nodes.values())
        node = nodes[what % len(nodes)]

        def act() -> object:
            return self.tree.ns.link(self.inode(node), self.inode(folder), name, ROOT, self.tree.tick())

        if node.kind == DIR:
            self.refused(act, NFS4ERR_ISDIR)
        elif name in folder.names:
            self.refused(act, NFS4ERR_EXIST)
        elif node.nlink == 0:
            self.refused(act, NFS4ERR_NOENT)
        else:
            act()
            node.nlink += 1
            folder.names[name] = node.id
            self.changed()

    @rule(where=CHOICE, name=NAMES, which=CHOICE, in_use=st.booleans())
    def unlink(self, where: int, name: bytes, which: int, in_use: bool) -> None:
        folder = self.folder(where)
        name = self.taken(folder, name, which)
        node = self.model.nodes.get(folder.names.get(name, 0))

        def act() -> object:
            return self.tree.ns.unlink(self.inode(folder), name, ROOT, self.tree.tick(), in_use)

        if node is None:
            self.refused(act, NFS4ERR_NOENT)
        elif node.names:
            self.refused(act, NFS4ERR_NOTEMPTY)
        else:
            act()
            self.model.unname(folder, name, in_use)
            self.changed()

    @rule(where=CHOICE, old=NAMES, which=CHOICE, there=CHOICE, new=NAMES, in_use=st.booleans())
    def rename(self, where: int, old: bytes, which: int, there: int, new: bytes, in_use: bool) -> None:
        source, target = self.folder(where), self.folder(there)
        old = self.taken(source, old, which)
        node = self.model.nodes.get(source.names.get(old, 0))
        other = self.model.nodes.get(target.names.get(new, 0))

        def act() -> object:
            ns = self.tree.ns
            return ns.rename(self.inode(source), old, self.inode(target), new, ROOT, self.tree.tick(), in_use)

        if node is None:
            self.refused(act, NFS4ERR_NOENT)
        elif node.kind == DIR and self.model.inside(target.id, node.id):
            self.refused(act, NFS4ERR_INVAL)
        elif other is node:
            act()
        elif other is not None and other.kind != node.kind:
            self.refused(act, NFS4ERR_EXIST)
        elif other is not None and other.names:
            self.refused(act, NFS4ERR_NOTEMPTY)
        else:
            act()
            if other is not None:
                self.model.unname(target, new, in_use)
            del source.names[old]
            target.names[new] = node.id
            if node.kind == DIR:
                node.parent = target.id
                source.nlink -= 1
                target.nlink += 1
            self.changed()

    @rule(what=CHOICE, mode=st.integers(0, 0o7777))
    def chmod(self, what: int, mode: int) -> None:
        nodes = list(self.model.nodes.values())
        node = nodes[what % len(nodes)]
        changes = Changes()
        changes.mode = mode
        self.tree.ns.setattr(self.inode(node), changes, ROOT, self.tree.tick(), False)
        node.mode = mode
        self.changed()

    @rule()
    def release_orphans(self) -> None:
        for node in [node for node in self.model.nodes.values() if node.nlink == 0]:
            self.tree.ns.release(self.inode(node))
            del self.model.nodes[node.id]
        self.changed()

    # -- reading
    @rule(where=CHOICE, name=NAMES)
    def lookup(self, where: int, name: bytes) -> None:
        folder = self.folder(where)
        found = self.tree.ns.peek(self.inode(folder), name)
        assert (found.id if found else 0) == folder.names.get(name, 0)

    @rule(where=CHOICE)
    def begin_listing(self, where: int) -> None:
        folder = self.folder(where)
        self.listing = Listing(folder.id, set(folder.names))

    @precondition(lambda self: self.listing is not None)
    @rule(limit=st.integers(1, 4))
    def go_on_listing(self, limit: int) -> None:
        listing = self.listing
        assert listing is not None
        if listing.folder not in self.model.nodes:
            self.listing = None
            return
        page = self.tree.ns.readdir(self.tree.ns.get(listing.folder), listing.cookie, limit)
        assert len(page) <= limit
        for entry in page:
            assert entry.cookie > listing.cookie
            assert self.model.nodes[listing.folder].names[entry.name] == entry.inode
            listing.cookie = entry.cookie
            listing.seen.append(entry.name)
        if not page:
            assert listing.steady <= set(listing.seen)
            for name in listing.steady:
                assert listing.seen.count(name) == 1
            self.listing = None

    # -- time
    @rule(where=CHOICE)
    def list_at_once(self, where: int) -> None:
        folder = self.folder(where)
        for limit in (2, 3, 100):
            listed: dict[bytes, int] = {}
            cookie = 0
            while page := self.tree.ns.readdir(self.inode(folder), cookie, limit):
                listed |= {entry.name: entry.inode for entry in page}
                assert page[-1].cookie > cookie
                cookie = page[-1].cookie
            assert listed == folder.names

    @rule()
    def turn(self) -> None:
        self.tree.turn()

    @rule()
    def commit(self) -> None:
        self.tree.commit()
        self.on_disk = self.tree.ns.durable
        self.states = {self.on_disk: copy.deepcopy(self.model)}

    @rule()
    def disk_is_ahead_of_the_loop(self) -> None:
        self.tree.turn()
        if self.tree.in_flight:
            self.tree.apply_unreported()
            self.on_disk = self.tree.ns.durable + 1

    @rule()
    def crash(self) -> None:
        self.tree.crash()
        self.model = self.states[self.on_disk]
        self.on_disk = 0
        self.states = {0: copy.deepcopy(self.model)}
        self.listing = None
        self.compare()

    @invariant()
    def met_is_never_from_the_future(self) -> None:
        assert self.tree.ns.durable <= self.tree.ns.latest()
        assert self.tree.ns.met <= self.tree.ns.latest()

    def compare(self) -> None:
        ns = self.tree.ns
        for node in self.model.nodes.values():
            inode = ns.get(node.id)
            assert (inode.kind, inode.mode, inode.nlink, inode.gone) == (node.kind, node.mode, node.nlink, False)
            if node.kind == DIR:
                assert inode.entries == len(node.names)
                assert inode.parent == node.parent
                listed = {entry.name: entry.inode for entry in ns.readdir(inode, 0, 100)}
                assert listed == node.names
                for name, id in node.names.items():
                    assert ns.lookup(inode, name, ROOT).id == id
            self.tree.turn()
        assert ns.usage()[0] == len(self.model.nodes)
        self.refused(lambda: ns.get(1 << 60), NFS4ERR_STALE)


Work.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestWork = Work.TestCase
