"""A PostgreSQL database as its rows, to be copied from or into (``storage/copying.py``).

Rows go in by binary COPY; those of ``shelf`` in packets as the schema keeps them.
"""

# ruff: noqa: S608 - tables and columns are the schema's own
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

import psycopg

from patientoverblik.storage.copying import Key, Row
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres.connection import connect
from patientoverblik.storage.postgres.faults import fault_of

PROGRESS = "copy_progress"
PACKETS = "shelf_packet"
PACKET_BYTES = 32768  # as the schema's own trigger
NOT_STORED = frozenset({PROGRESS, PACKETS, "schema_version"})
_PACKET = {
    "patient": "bigint",
    "part": "integer",
    "number": "integer",
    "places": "bigint[]",
    "names": "bytea[]",
    "abouts": "text[]",
    "datas": "bytea[]",
}
_HELD = ("place", "name", "about", "data")
_COLUMNS = (
    "select table_name, column_name, udt_name from information_schema.columns"
    " where table_schema = current_schema() order by table_name, column_name"
)
_KEYS = (
    "select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)"
    " where indisprimary and indrelid = $1::regclass order by array_position(indkey, attnum)"
)
_NEWEST = "select patient, part, max(number) from shelf_packet where patient = any ($1) group by patient, part"


class PostgresRows:
    """A database whose schema is the newest; ``writing`` opens it to be copied into."""

    def __init__(self, address: str, writing: bool) -> None:
        """Connect; what is read is read as it stood at the first question, where nothing is written."""
        self._raw = connect(address)
        if not writing:
            self._all("begin isolation level repeatable read read only")
        self._types: dict[str, dict[str, str]] = {}
        for table, column, type_ in self._all(_COLUMNS):
            self._types.setdefault(table, {})[column] = type_

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of every table, sorted; packets are told as the rows they hold."""
        return {name: tuple(columns) for name, columns in self._types.items() if name not in NOT_STORED}

    def page(self, table: str, columns: tuple[str, ...], after: Key | None, most: int) -> tuple[list[Row], Key | None]:
        """Some rows by their key, and the key of the last."""
        if table == "shelf":
            return self._unpacked(after, most)
        return self._page(table, columns, after, most)

    def contents(self, after: Key | None, most: int) -> tuple[list[tuple[bytes, bytes]], Key | None]:
        """(content hash, bytes as kept) of some documents."""
        rows = self._all(
            "select patient, content_place.content, data from content_place join content using (patient, place)"
            " where (patient, content_place.content) > ($1, $2) order by patient, content_place.content limit $3",
            (*(after or (-1, b"")), most),
        )
        return [row[1:] for row in rows], rows[-1][:2] if rows else None

    def begun(self) -> Mapping[str, bytes] | None:
        """How far a copy came."""
        return dict(self._all(f"select name, came from {PROGRESS}")) if PROGRESS in self._types else None

    def begin(self) -> None:
        """Begin a copy into an empty database."""
        if any(self._all(f"select 1 from {table} limit 1") for table in self.tables()):
            raise StorageFault("storage.not-empty")
        self._all(f"create table {PROGRESS} (name text primary key, came bytea not null)")

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row], came: bytes) -> None:
        """Add rows and how far that is."""
        self._all("begin")
        if table == "shelf":
            self._copy(PACKETS, _PACKET, self._packets(rows, columns))
        else:
            self._copy(table, {column: self._types[table][column] for column in columns}, rows)
        self._all(
            f"insert into {PROGRESS} (name, came) values ($1, $2)"
            " on conflict (name) do update set came = excluded.came",
            (table, came),
        )
        self._all("commit")

    def end(self) -> None:
        """Forget how far the copy came, and let the database know what it holds now."""
        self._all(f"drop table {PROGRESS}")
        self._all("analyze")

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()

    def _all(self, statement: str, values: Row = ()) -> list[Any]:
        try:
            cursor = psycopg.RawCursor(self._raw)
            cursor.execute(statement.encode(), values, binary=True)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise fault_of(error) from None

    def _copy(self, table: str, types: Mapping[str, str], rows: Iterable[Row]) -> None:
        try:
            cursor = psycopg.RawCursor(self._raw)
            statement = f"copy {table} ({', '.join(types)}) from stdin (format binary)"
            with cursor.copy(statement.encode()) as sink:
                sink.set_types(list(types.values()))
                for row in rows:
                    sink.write_row(row)
        except psycopg.Error as error:
            raise fault_of(error) from None

    def _page(self, table: str, columns: tuple[str, ...], after: Key | None, most: int) -> tuple[list[Row], Key | None]:
        keys = self._key(table)
        rows = self._all(_asking(table, columns, keys, after is not None), (*(after or ()), most))
        return rows, tuple(rows[-1][columns.index(key)] for key in keys) if rows else None

    def _unpacked(self, after: Key | None, most: int) -> tuple[list[Row], Key | None]:
        """The rows of some packets."""
        packets, last = self._page(PACKETS, tuple(_PACKET), after, 1 + most // 20)
        rows = [
            (about, data, name, part, patient, place)
            for patient, part, _, *held in packets
            for place, name, about, data in zip(*held, strict=True)
        ]
        return rows, last

    def _packets(self, rows: list[Row], columns: tuple[str, ...]) -> list[Row]:
        """Rows as packets, behind those that are there."""
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        newest = {
            (patient, part): number
            for patient, part, number in self._all(_NEWEST, ([row["patient"] for row in named],))
        }
        ordered = sorted(named, key=lambda row: (row["patient"], row["part"], row["place"]))
        return [
            (patient, part, number, *([row[name] for row in packet] for name in _HELD))
            for (patient, part), held in groupby(ordered, key=lambda row: (row["patient"], row["part"]))
            for number, packet in enumerate(_filled(held), newest.get((patient, part), -1) + 1)
        ]

    def _key(self, table: str) -> tuple[str, ...]:
        return tuple(row[0] for row in self._all(_KEYS, (table,)))


@cache
def _asking(table: str, columns: tuple[str, ...], keys: tuple[str, ...], has_after: bool) -> str:
    key = ", ".join(keys)
    marks = ", ".join(f"${number}" for number in range(1, len(keys) + 1))
    behind = f" where ({key}) > ({marks})" if has_after else ""
    limit = f"${len(keys) + 1 if has_after else 1}"
    return f"select {', '.join(columns)} from {table}{behind} order by {key} limit {limit}"


def _filled(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Rows in packets, each of which is full when its data has reached the limit."""
    packet: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        packet.append(row)
        size += len(row["data"])
        if size >= PACKET_BYTES:
            yield packet
            packet, size = [], 0
    if packet:
        yield packet
