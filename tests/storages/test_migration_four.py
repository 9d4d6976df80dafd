"""Migration 4 from a filled database of the version before: old chains are sealed, old numbers are known by their key."""

import sqlite3
from pathlib import Path

import pytest

from patientoverblik.storage.sqlite import SqliteStorage
from patientoverblik.storage.sqlite import migrate as migration
from tests.storages.samples import DOCTOR, NANCY, event
from tests.storages.sealing import looked_through, seal

MADE = (
    "outbox",
    "trail_open",
    "trail_checkpoint",
    "trail_anchor",
    "patient_number",
    "past_link",
    "telling_locator",
)


def test_what_was_there_before_is_sealed_and_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"
    first_four = migration.steps()[:4]
    monkeypatch.setattr(migration, "steps", lambda: first_four)
    storage = SqliteStorage(path)
    written = [event(number, patient, DOCTOR) for number, patient in enumerate((1, 2, 1, 0))]
    storage.act(lambda tx: [tx.add_event(one) for one in written]).result(timeout=10)
    storage.act(lambda tx: tx.claim_patient(NANCY, 1)).result(timeout=10)
    storage.close()
    with sqlite3.connect(path) as database:
        for table in MADE:
            database.execute(f"drop table {table}")
        database.execute("pragma user_version = 3")
    database.close()
    storage = SqliteStorage(path)
    assert storage.reader().patient_ids(1) == (NANCY,)
    assert len(storage.reader().open_chains(9)) == 3
    seal(storage)
    found, seen = looked_through(storage)
    assert (found, seen.entries, seen.open_chains) == ([], 4, 0)
    storage.close()
