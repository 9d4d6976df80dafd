"""An SQLite file as its rows, to be copied from or into (``storage/copying.py``)."""

# ruff: noqa: S608 - tables and columns are the schema's own
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from patientoverblik.storage.copying import Key, Row
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.place import ENTRY, LOOK
from patientoverblik.storage.sqlite.connection import SqliteConnection, open_reader, open_writer

PROGRESS = "copy_progress"
LIST = "backup_list"
NOT_STORED = frozenset({PROGRESS, LIST})
_TEXT_NAMES = {("shelf", ENTRY), ("trail", LOOK)}  # in every other row a name is bytes


class SqliteRows:
    """A file whose schema is the newest; ``writing`` opens it to be copied into."""

    def __init__(self, path: Path, writing: bool) -> None:
        """Open the file; what is read is read as it stood at the first question, where nothing is written."""
        self._connection: SqliteConnection = open_writer(path) if writing else open_reader(path)
        if not writing:
            self._connection.begin_reading()
        self._keys: dict[str, tuple[str, ...]] = {}

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of every table, sorted."""
        rows = self._connection.all("select name from sqlite_master where type = 'table' order by name")
        return {name: self._columns(name) for (name,) in rows if name not in NOT_STORED}

    def page(self, table: str, columns: tuple[str, ...], after: Key | None, most: int) -> tuple[list[Row], Key | None]:
        """Some rows by their key, and the key of the last."""
        keys = self._key(table)
        found = self._connection.all(_asking(table, columns, keys, after is not None), (*(after or ()), most))
        if not found:
            return [], None
        rows = [_with_bytes(row, columns) for row in found] if "name" in columns else found
        return rows, tuple(found[-1][columns.index(key)] for key in keys)

    def contents(self, after: Key | None, most: int) -> tuple[list[tuple[bytes, bytes]], Key | None]:
        """(content hash, bytes as kept) of some documents."""
        rows = self._connection.all(
            "select patient, content_place.content, data from content_place join content using (patient, place)"
            " where (patient, content_place.content) > (?, ?) order by patient, content_place.content limit ?",
            (*(after or (-1, b"")), most),
        )
        return [row[1:] for row in rows], rows[-1][:2] if rows else None

    def begun(self) -> Mapping[str, bytes] | None:
        """How far a copy came."""
        if not self._connection.one("select 1 from sqlite_master where name = ?", (PROGRESS,)):
            return None
        return dict(self._connection.all(f"select name, came from {PROGRESS}"))

    def begin(self) -> None:
        """Begin a copy into an empty file."""
        if any(self._connection.one(f"select 1 from {table} limit 1") for table in self.tables()):
            raise StorageFault("storage.not-empty")
        self._connection.run(f"create table {PROGRESS} (name text not null primary key, came blob not null)")

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row], came: bytes) -> None:
        """Add rows and how far that is."""
        kept = [_with_texts(row, table, columns) for row in rows] if "name" in columns else rows
        marks = ", ".join("?" * len(columns))
        self._connection.begin(patiently=True)
        self._connection.run_many(f"insert into {table} ({', '.join(columns)}) values ({marks})", kept)
        self._connection.run(f"insert or replace into {PROGRESS} (name, came) values (?, ?)", (table, came))
        self._connection.commit()

    def end(self) -> None:
        """Forget how far the copy came."""
        self._connection.run(f"drop table {PROGRESS}")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _columns(self, table: str) -> tuple[str, ...]:
        return tuple(sorted(row[1] for row in self._connection.all(f"pragma table_info({table})")))

    def _key(self, table: str) -> tuple[str, ...]:
        if table not in self._keys:
            found = sorted((row[5], row[1]) for row in self._connection.all(f"pragma table_info({table})") if row[5])
            self._keys[table] = tuple(name for _, name in found)
        return self._keys[table]


@cache
def _asking(table: str, columns: tuple[str, ...], keys: tuple[str, ...], has_after: bool) -> str:
    key = ", ".join(keys)
    behind = f" where ({key}) > ({', '.join('?' * len(keys))})" if has_after else ""
    return f"select {', '.join(columns)} from {table}{behind} order by {key} limit ?"


def _with_bytes(row: Row, columns: tuple[str, ...]) -> Row:
    """A row whose name, where it is one of several kinds, is bytes."""
    if "part" not in columns:
        return row
    return tuple(
        value.encode() if column == "name" and isinstance(value, str) else value
        for column, value in zip(columns, row, strict=True)
    )


def _with_texts(row: Row, table: str, columns: tuple[str, ...]) -> Row:
    """A row whose name is a text where this database keeps one."""
    held: dict[str, Any] = dict(zip(columns, row, strict=True))
    if (table, held.get("part")) not in _TEXT_NAMES:
        return row
    return tuple({**held, "name": held["name"].decode()}.values())
