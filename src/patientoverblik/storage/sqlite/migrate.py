"""The schema's version: forward steps as numbered SQL files, each in one transaction; a newer schema is refused."""

from importlib.resources import files
from pathlib import Path

from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite.connection import SqliteConnection, open_reader


def steps() -> tuple[tuple[int, str], ...]:
    """(number, SQL) of every step, ascending without gaps."""
    folder = files("patientoverblik.storage.sqlite").joinpath("migrations")
    found = sorted((path.name, path) for path in folder.iterdir() if path.name.endswith(".sql"))
    return tuple((int(name.partition("_")[0]), path.read_text(encoding="utf-8")) for name, path in found)


def migrate(connection: SqliteConnection) -> int:
    """Bring the database forward to the newest schema; its version. A schema newer than this program is a fault."""
    known = steps()
    for number, sql in known:
        _step(connection, number, sql)
    if version(connection) > known[-1][0]:
        raise StorageFault("storage.newer-schema")
    return version(connection)


def schema_versions(path: Path) -> tuple[int, int]:
    """The schema version of a database file, and the newest this program knows; nothing is changed."""
    connection = open_reader(path)
    try:
        return version(connection), steps()[-1][0]
    finally:
        connection.close()


def newest_version() -> int:
    """The newest schema version this program knows."""
    return steps()[-1][0]


def version(connection: SqliteConnection) -> int:
    """The schema version of the database; 0 is an empty file."""
    return int(connection.one("pragma user_version")[0])


def _step(connection: SqliteConnection, number: int, sql: str) -> None:
    connection.begin(patiently=True)
    try:
        if version(connection) < number:
            for statement in filter(str.strip, _without_comments(sql).split(";")):
                connection.run(statement)
            connection.run(f"pragma user_version = {number}")
        connection.run("commit")
    except StorageFault:
        if connection.in_transaction:
            connection.run("rollback")
        raise


def _without_comments(sql: str) -> str:
    """The statements alone: a comment may hold a semicolon."""
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
