"""The storages under one contract: each test that asks for ``storage`` runs on every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.watcher import Watcher, scans

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Every SQL statement of the test is judged when the test is over."""
    watching = Watcher()
    yield watching
    assert watching.offences() == []


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, watcher: Watcher) -> Iterator[Storage]:
    """One empty storage."""
    path = tmp_path / "store.db"
    opened: Storage = MemoryStorage() if request.param == "memory" else SqliteStorage(path, watcher)
    yield opened
    opened.close()
    assert not path.exists() or scans(path, watcher.seen) == {}
