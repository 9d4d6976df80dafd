"""A database copied into another: both opened, copied, read again, and the copy's trail verified."""

import time
from collections.abc import Callable

from patientoverblik.app.database import POSTGRES, Schema, file_of, migrate, open_database, schema_of
from patientoverblik.edges.cli.ports import CopyReport, TableReport
from patientoverblik.storage.copying import Copied, Rows, compare, copy
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres import PostgresRows
from patientoverblik.storage.sqlite import SqliteRows


def copy_database(source: str, target: str, tell: Callable[[str, int], None]) -> CopyReport:
    """Copy everything at one address to another, whose schema is made; a :class:`StorageFault` where that cannot be."""
    expect_newest(schema_of(source))
    migrate(target)
    began = time.monotonic()
    given, taken = _rows(source, writing=False), _rows(target, writing=True)
    try:
        copied = copy(given, taken, tell)
        between = time.monotonic()
        compared = compare(given, taken)
        broken = broken_chains(target)
        if compared.whole and not broken:
            taken.end()
    finally:
        given.close()
        taken.close()
    return report(compared, copied, broken, between - began, time.monotonic() - between)


def expect_newest(schema: Schema | None) -> None:
    """A fault where a database's schema is not this program's."""
    if schema is None:
        raise StorageFault("storage.other-schema")
    if schema.found != schema.newest:
        raise StorageFault("storage.newer-schema" if schema.found > schema.newest else "storage.older-schema")


def _rows(address: str, writing: bool) -> Rows:
    path = file_of(address)
    if path is not None:
        return SqliteRows(path, writing)
    if not address.startswith(POSTGRES):
        raise StorageFault("storage.other-schema")
    return PostgresRows(address, writing)


def broken_chains(address: str) -> int:
    """How many chains of the trail at an address do not add up."""
    storage = open_database(address)
    try:
        return storage.broken_chains()
    finally:
        storage.close()


def report(compared: Copied, copied: int, broken: int, copying: float, comparing: float) -> CopyReport:
    """A copy in the words of the command line."""
    tables = tuple(
        TableReport(each.table, each.target.rows, each.target.bytes, each.target.digest, each.source == each.target)
        for each in compared.tables
    )
    whole = compared.whole and not broken
    return CopyReport(whole, tables, copied, compared.documents, compared.wrong, broken, copying, comparing)
