"""Migration 4 from a filled database of the version before: old chains are sealed, old numbers are known by their key."""

import sqlite3
from pathlib import Path

from patientoverblik.storage.sqlite import SqliteStorage
from patientoverblik.storage.sqlite import migrate as migration
from tests.storages.samples import DOCTOR, NANCY, event
from tests.storages.sealing import KEY, looked_through, seal


def test_what_was_there_before_is_sealed_and_known(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    storage = SqliteStorage(path)
    written = [event(number, patient, DOCTOR) for number, patient in enumerate((1, 2, 1, 0))]
    storage.act(lambda tx: [tx.add_event(one) for one in written]).result(timeout=60)
    storage.act(lambda tx: tx.claim_patient(NANCY, 1)).result(timeout=60)
    storage.close()
    back_to(path, 3)
    storage = SqliteStorage(path, trail_key=KEY)
    assert storage.reader().patient_ids(1) == (NANCY,)
    assert len(storage.reader().open_chains(9)) == 3
    seal(storage)
    found, seen = looked_through(storage)
    assert (found, seen.entries, seen.open_chains) == ([], 4, 0)
    storage.close()


def back_to(path: Path, version: int) -> None:
    """A database file as a version before left it: without the tables that later steps make."""
    first = sqlite3.connect(":memory:")
    for _, sql in migration.steps()[:version]:
        first.executescript(sql)
    kept = {name for (name,) in first.execute("select name from sqlite_master where type = 'table'")}
    first.close()
    with sqlite3.connect(path) as database:
        tables = database.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            if table not in kept:
                database.execute(f"drop table {table}")
        database.execute(f"pragma user_version = {version}")
    database.close()
