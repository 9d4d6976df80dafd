"""The storages under one contract: each test that asks for ``storage`` runs on every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.sealing import KEY
from tests.storages.watcher import Watcher, scans, unheld

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Every SQL statement of the test is judged when the test is over."""
    watching = Watcher()
    yield watching
    assert watching.offences() == []


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, watcher: Watcher) -> Iterator[Storage]:
    """One empty storage."""
    opened = opened_storage(request, tmp_path, watcher)
    yield opened
    opened.close()
    if isinstance(opened, SqliteStorage):
        assert scans(tmp_path / "store.db", watcher.seen) == {}
    if isinstance(opened, PostgresStorage):
        assert unheld(watcher.seen) == []


def opened_storage(request: pytest.FixtureRequest, tmp_path: Path, watcher: Watcher) -> Storage:
    """The storage that a test's parameter names, empty."""
    if request.param == "memory":
        return MemoryStorage(KEY)
    if request.param == "sqlite":
        return SqliteStorage(tmp_path / "store.db", watcher, KEY)
    return PostgresStorage(request.getfixturevalue("postgres"), watcher, KEY)
