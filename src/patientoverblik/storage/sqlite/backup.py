"""A backup file: an SQLite file like any other, in one piece, with a list of what every table of it holds."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from patientoverblik.storage.chain import broken_chains
from patientoverblik.storage.copying import Sum
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.views import SqlReader
from patientoverblik.storage.sqlite.connection import fault_of, open_reader
from patientoverblik.storage.sqlite.rows import LIST


def backup_file(source: Path, target: Path) -> None:
    """Copy a file while it is written to; what is copied is one commit, and readable by its owner alone."""
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        uri = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as held, closing(_opened(target)) as copy:
            held.backup(copy)
            copy.execute("pragma journal_mode = delete")
    except OSError:
        raise StorageFault("storage.disk") from None
    except sqlite3.Error as error:
        raise fault_of(error) from None


def put_list(path: Path, listed: Mapping[str, Sum]) -> None:
    """Write what every table holds into a backup, which is then finished."""
    rows = [(name, each.rows, each.bytes, each.digest) for name, each in listed.items()]
    try:
        with closing(_opened(path)) as file:
            file.execute("pragma journal_mode = delete")
            file.execute("begin")
            file.execute(
                f"create table {LIST} (name text not null primary key, rows integer, bytes integer, digest text)"
            )
            file.executemany(f"insert into {LIST} (name, rows, bytes, digest) values (?, ?, ?, ?)", rows)  # noqa: S608
            file.execute("commit")
    except sqlite3.Error as error:
        raise fault_of(error) from None


def read_list(path: Path) -> dict[str, Sum]:
    """What every table of a backup held when it was made; nothing where the file has no list."""
    connection = open_reader(path)
    try:
        if not connection.one("select 1 from sqlite_master where name = ?", (LIST,)):
            return {}
        rows = connection.all(f"select name, rows, bytes, digest from {LIST}")  # noqa: S608 - a name of our own
        return {name: Sum(*held) for name, *held in rows}
    finally:
        connection.close()


def broken_chains_in(path: Path) -> int:
    """How many chains of the trail in a file do not add up; the file is not changed."""
    connection = open_reader(path)
    try:
        return broken_chains(SqlReader(connection))
    finally:
        connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)
