"""A backup taken while others write is one committed state, whole in itself."""

from pathlib import Path
from threading import Event, Thread

import pytest

from patientoverblik.app.backing import backup
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import event
from tests.storages.test_copying import filled, silent

WRITTEN = 40


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_backup_taken_while_others_write_is_whole(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = f"sqlite:///{tmp_path / 'one.db'}" if kind == "sqlite" else request.getfixturevalue("postgres")
    storage = SqliteStorage(tmp_path / "one.db") if kind == "sqlite" else PostgresStorage(address)
    filled(storage)
    begun, ending = Event(), Event()

    def write() -> None:
        number = 100
        while not ending.is_set() or number < 100 + WRITTEN:
            storage.act(lambda tx, number=number: tx.add_event(event(number, patient=1))).result(timeout=60)
            number += 1
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait(60)
    try:
        report = backup(address, tmp_path / "backup", silent)
    finally:
        ending.set()
        writer.join()
    assert report.whole
    kept = SqliteStorage(tmp_path / "backup")
    held = kept.reader().events(1)
    assert held == storage.reader().events(1)[: len(held)]
    assert len(held) < len(storage.reader().events(1))
    assert kept.broken_chains() == 0
    kept.close()
    storage.close()
