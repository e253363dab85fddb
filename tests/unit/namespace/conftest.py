"""One fresh tree per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path / "namespace.db")
    yield tree
    tree.ns.abandon()
