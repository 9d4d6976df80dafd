"""The step that lays visits behind the looks, from a filled database of the version before, on both databases."""

import sqlite3
from pathlib import Path

import psycopg

from patientoverblik.service.visit import Visit
from patientoverblik.storage.postgres import PostgresStorage, migrate
from patientoverblik.storage.sqlite import SqliteStorage

SHARED = 1 << 43
VISITS = (Visit(1, "doctor", 9, 5), Visit(1, "sygeplejerske|æ", 7), Visit(1 + SHARED, "doctor", 8, 2))
ROWS = [(one.patient, one.reader, one.at, one.before) for one in VISITS]


def test_visits_of_before_are_found_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    SqliteStorage(path).close()
    with sqlite3.connect(path) as database:
        database.executemany("insert into visit values (?, ?, ?, ?)", ROWS)
        database.execute("pragma user_version = 11")
    database.close()
    storage = SqliteStorage(path)
    assert found(storage) == VISITS
    storage.close()


def test_visits_of_before_are_found_in_a_server(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as database:
        database.cursor().executemany("insert into visit values (%s, %s, %s, %s)", ROWS)
        database.execute("delete from schema_version where number >= 3")
    migrate(postgres)
    storage = PostgresStorage(postgres)
    assert found(storage) == VISITS
    storage.close()


def found(storage: SqliteStorage | PostgresStorage) -> tuple[Visit | None, ...]:
    reader = storage.reader()
    return tuple(reader.visit(one.patient, one.reader) for one in VISITS)
