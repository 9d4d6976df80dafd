"""A whole database copied into another one, table by table in pages, each page and how far it came in one transaction.

A copy that was killed goes on where it stopped. Nothing may change in the source meanwhile. What was copied is then
read again on both sides and compared: rows, bytes, a digest of the rows, and every document by its content hash.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b, sha256
from typing import Any, Protocol

import msgspec
from zstandard import ZstdError

from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.packing import unpack

PAGE = 1000
DIGEST_BYTES = 16
DOCUMENTS = "content"  # the table with a row for each document
NUMBERS = "patient_locator"  # copied last: nobody is found by number in a database that is half there
Row = tuple[Any, ...]
Key = tuple[Any, ...]
Progress = Callable[[str, int], None]
_encode = msgspec.msgpack.Encoder().encode


class Rows(Protocol):
    """A database as its rows. Numbers, texts and bytes are the same in every database; names of rows are bytes."""

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of every table that holds what was stored, sorted."""

    def page(self, table: str, columns: tuple[str, ...], after: Key | None, most: int) -> tuple[list[Row], Key | None]:
        """Some rows in the order they lie in, behind a key, and the key of the last; None at the end."""

    def contents(self, after: Key | None, most: int) -> tuple[list[tuple[bytes, bytes]], Key | None]:
        """(content hash, bytes as kept) of some documents behind a key, and the key of the last; None at the end."""

    def begun(self) -> Mapping[str, bytes] | None:
        """How far a copy into this database came, by table; None where there is none under way."""

    def begin(self) -> None:
        """Begin a copy; a fault where the database holds anything."""

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row], came: bytes) -> None:
        """Add rows and how far that is, both or neither."""

    def end(self) -> None:
        """The copy is whole: forget how far it came."""

    def close(self) -> None:
        """Let go of the database."""


class Sum(msgspec.Struct, frozen=True):
    """What a table holds: rows, bytes, and a digest that does not depend on their order (hex)."""

    rows: int
    bytes: int
    digest: str


class Compared(msgspec.Struct, frozen=True):
    """A table on both sides."""

    table: str
    source: Sum
    target: Sum


class Copied(msgspec.Struct, frozen=True):
    """What a copy came to: every table on both sides; of how many documents, ``wrong`` are not what their hash says."""

    tables: tuple[Compared, ...]
    documents: int
    wrong: int

    @property
    def whole(self) -> bool:
        """Whether the target holds exactly what the source does."""
        return not self.wrong and all(each.source == each.target for each in self.tables)


def copy(source: Rows, target: Rows, tell: Progress) -> int:
    """Copy every row that is not there yet, telling the rows of each table as they come; how many were copied now."""
    came = target.begun()
    if came is None:
        target.begin()
        came = {}
    columns = source.tables()
    if columns != target.tables():
        raise StorageFault("storage.other-schema")
    order = sorted(columns, key=lambda table: (table == NUMBERS, table))
    return sum(_copy_table(source, target, table, columns[table], came.get(table), tell) for table in order)


def compare(source: Rows, target: Rows) -> Copied:
    """Read everything again on both sides."""
    given, taken = sums(source), sums(target)
    tables = tuple(Compared(table, given[table], taken[table]) for table in given)
    return Copied(tables, documents_in(taken), wrong_documents(target))


def sums(side: Rows) -> dict[str, Sum]:
    """What every table holds."""
    return {table: sum_of(side, table, columns) for table, columns in side.tables().items()}


def documents_in(held: Mapping[str, Sum]) -> int:
    """How many documents there are, by what every table holds."""
    return held[DOCUMENTS].rows if DOCUMENTS in held else 0


def wrong_documents(side: Rows) -> int:
    """How many documents are not what their content hash says."""
    return sum(sha256(_bytes(data)).digest() != content for content, data in _contents(side))


def sum_of(side: Rows, table: str, columns: tuple[str, ...]) -> Sum:
    """What a table holds."""
    rows = size = total = 0
    for row in _rows(side, table, columns):
        rows += 1
        size += sum(len(value) for value in row if isinstance(value, bytes | str))
        total += int.from_bytes(blake2b(_encode(row), digest_size=DIGEST_BYTES).digest(), "big")
    return Sum(rows, size, f"{total % (1 << 8 * DIGEST_BYTES):0{2 * DIGEST_BYTES}x}")


def _copy_table(
    source: Rows, target: Rows, table: str, columns: tuple[str, ...], came: bytes | None, tell: Progress
) -> int:
    """Copy one table from where it had come; how many rows. A page is read while the one before is written."""
    after: Key | None = msgspec.msgpack.decode(came, type=tuple[Any, ...]) if came else None
    copied = 0
    with ThreadPoolExecutor(max_workers=1) as reading:
        rows, last = source.page(table, columns, after, PAGE)
        while last is not None:
            coming = reading.submit(source.page, table, columns, last, PAGE)
            target.add(table, columns, rows, _encode(last))
            copied += len(rows)
            tell(table, copied)
            rows, last = coming.result()
    return copied


def _rows(side: Rows, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    rows, last = side.page(table, columns, None, PAGE)
    while last is not None:
        yield from rows
        rows, last = side.page(table, columns, last, PAGE)


def _bytes(data: bytes) -> bytes:
    """A document's bytes; nothing where what is kept cannot be unpacked, which no hash says."""
    try:
        return unpack(data)
    except ZstdError:
        return b""


def _contents(side: Rows) -> Iterator[tuple[bytes, bytes]]:
    rows, last = side.contents(None, PAGE)
    while last is not None:
        yield from rows
        rows, last = side.contents(last, PAGE)
