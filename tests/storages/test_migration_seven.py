"""Migration 7 from a filled database of the version before: open chains are in the tail, and sealed from there."""

import sqlite3
from pathlib import Path

from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import DOCTOR, event
from tests.storages.sealing import KEY, codes, looked_through, seal
from tests.storages.test_migration_four import back_to

SHARED = 1 << 43


def test_open_chains_of_before_are_sealed_and_tampering_is_found_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    patients = (1, 2, 1, 1 + SHARED, 0, 2)
    write(path, *patients)
    back_to(path, 6)
    with sqlite3.connect(path) as database:
        database.execute("create table trail_open (patient integer, organisation text)")
        rows = [*((patient, "") for patient in {*patients} - {0}), (0, "1.2.208.176.1.1|1001")]
        database.executemany("insert into trail_open values (?, ?)", rows)
    database.close()
    storage = SqliteStorage(path, trail_key=KEY)
    assert len(storage.reader().open_chains(9)) == 4
    assert codes(storage) == []
    assert seal(storage) == 1
    storage.act(lambda tx: tx.add_event(event(9, 1, DOCTOR))).result(timeout=60)
    found, seen = looked_through(storage)
    assert (found, seen.entries, seen.open_chains) == ([], 7, 1)
    storage.close()
    with sqlite3.connect(path) as database:
        database.execute("update trail_tail set key = '', mac = x'' where sealed = 0")
    database.close()
    storage = SqliteStorage(path, trail_key=KEY)
    assert codes(storage) == ["trail.tail-changed"]
    storage.close()


def write(path: Path, *patients: int) -> None:
    storage = SqliteStorage(path)
    written = [event(number, patient, DOCTOR) for number, patient in enumerate(patients)]
    storage.act(lambda tx: [tx.add_event(one) for one in written]).result(timeout=60)
    storage.close()
