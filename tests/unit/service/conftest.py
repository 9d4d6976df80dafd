"""The service's tests read with a mapping whose stamp they set themselves."""

from importlib import import_module

import pytest

from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sqlite import SqliteStorage


@pytest.fixture(params=["memory", "sqlite"])
def storage(request, tmp_path):
    """Each embedded storage, empty."""
    made = MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "shelf.sqlite3")
    yield made
    made.close()


@pytest.fixture
def synthetic(monkeypatch):
    """Documents put on the shelf by hand count as read by today's mapping."""
    read_with(monkeypatch, "s1")


def read_with(monkeypatch, stamp):
    """Let ``stamp`` be that of today's mapping."""
    contributions = import_module("patientoverblik.service.contributions")
    monkeypatch.setattr(contributions, "current_stamp", lambda profile: stamp)
    monkeypatch.setattr(contributions, "current_stamps", lambda: {stamp})
