"""A filled database made large by cloning its rows below the doors.

Each clone is one of the filled patients under a new patient key and number, with new uuids, unique ids and content
hashes. What a document says stays as it is. Rows are written in the order their documents arrive: the documents of all
new patients shuffled, so that hardly any two neighbours in time are the same patient's, and the file is as scattered as
years of deliveries leave it. Chains of security events are copied with their digests and do not add up; they are
sealed, as a service leaves them when it ends. A clone's content hash is a name that its bytes do not have: ``copy``
tells every clone as wrong, and is right.
"""

import random
import re
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

from patientoverblik.storage.sql.packing import pack, unpack
from patientoverblik.storage.sql.place import CARE, ENTRY, EVENT, LOOK, ORDER_BITS, PART_BITS, span

DOCUMENTS_EACH = 20
CACHE_KILOBYTES = 3_000_000
NAMED = re.compile(
    rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|2\.25\.\d{30,}|\b[0-9a-f]{64}\b|(?<=@)[0-9a-f]{64})"
)
NOT_CLONED = frozenset({"handle", "trail_tail", "work", "remark"})
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Clone:
    """A new patient: its running number, its key, and the key of the patient it is made from."""

    number: int
    key: int
    model: int


def number_of_clone(clone: int) -> str:
    """The personal number of a clone: day 61, as no living person's."""
    return f"6112{clone:06d}"


class TooLong(Exception):  # noqa: N818 - the word says it
    """The time given is over."""


def grow(path: Path, patients: Sequence[int], first: int, last: int, until: float = float("inf")) -> None:
    """Add clones ``first`` ≤ number < ``last`` of the patients with the keys; nothing else may have the file open.

    Each table tells how far it is. :class:`TooLong` where ``until`` passes (seconds of ``time.monotonic``).
    """
    clones = [Clone(number, _key_of(number), patients[number % len(patients)]) for number in range(first, last)]
    arrivals = array("L", (at for at in range(len(clones)) for _ in range(DOCUMENTS_EACH)))
    random.Random(first).shuffle(arrivals)
    database = _opened(path)
    for table, columns in _tables(database):
        rows = {key: _rows(database, table, columns, key) for key in patients}
        marks = ", ".join("?" * len(columns))
        change = _change(table, columns)
        arriving = _arriving(rows, clones, _timed(table, arrivals, until), change)
        database.execute("begin")
        database.executemany(f"insert into {table} values ({marks})", arriving)
        database.execute("commit")
    database.execute("pragma journal_mode = wal")
    database.close()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
        database.execute(f"pragma {setting}")
    database.execute(f"pragma cache_size = -{CACHE_KILOBYTES}")
    return database


def _tables(database: sqlite3.Connection) -> list[tuple[str, tuple[str, ...]]]:
    """Every table that names a patient, with its columns; empty ones add nothing."""
    names = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
    found = [(name, tuple(row[1] for row in database.execute(f"pragma table_info({name})"))) for name in names]
    return [(name, columns) for name, columns in found if "patient" in columns and name not in NOT_CLONED]


def _rows(database: sqlite3.Connection, table: str, columns: tuple[str, ...], key: int) -> list[Row]:
    if "place" in columns:
        return database.execute(
            f"select * from {table} where place between ? and ? and patient = ? order by place", (*span(key), key)
        ).fetchall()
    return database.execute(f"select * from {table} where patient = ?", (key,)).fetchall()


def _timed(table: str, arrivals: "array[int]", until: float) -> Iterator[int]:
    """The arrivals, telling every tenth of them and ending with a fault when the time is over."""
    began = time.monotonic()
    for done, at in enumerate(arrivals):
        if done % max(1, len(arrivals) // 10) == 0:
            print(
                f"\r  {table}: {100 * done // len(arrivals)} %, {time.monotonic() - began:.0f} s  ", end="", flush=True
            )
            if time.monotonic() > until:
                raise TooLong
        yield at
    print(f"\r  {table}: {time.monotonic() - began:.0f} s  ", flush=True)


def _arriving(
    rows: dict[int, list[Row]], clones: list[Clone], arrivals: Iterable[int], change: Callable[[Row, Clone], Row]
) -> Iterator[Row]:
    """A table's rows in the order the documents arrive, those of one patient spread evenly over its documents."""
    arrived = bytearray(len(clones))
    for at in arrivals:
        clone, turn = clones[at], arrived[at]
        arrived[at] += 1
        own = rows[clone.model]
        for row in own[turn * len(own) // DOCUMENTS_EACH : (turn + 1) * len(own) // DOCUMENTS_EACH]:
            yield change(row, clone)


def _change(table: str, columns: tuple[str, ...]) -> Callable[[Row, Clone], Row]:
    """How a row is made a clone's; the rows of one table may be of several parts."""
    by_part = [[_column(table, part, name) for name in columns] for part in range(1 << PART_BITS)]
    part_at = columns.index("part") if "part" in columns else None

    def change(row: Row, clone: Clone) -> Row:
        changes = by_part[0 if part_at is None else row[part_at]]
        return tuple(change(value, clone) for change, value in zip(changes, row, strict=True))

    return change


def _column(table: str, part: int, name: str) -> Callable[[Any, Clone], Any]:
    """How a column's value is made a clone's."""
    special: dict[tuple[str, int, str], Callable[[Any, Clone], Any]] = {
        ("shelf", ENTRY, "name"): _text,
        ("shelf", ENTRY, "about"): _text,
        ("shelf", ENTRY, "data"): _packed,
        ("shelf", CARE, "name"): _content,
        ("trail", EVENT, "data"): _renamed,
        ("trail", LOOK, "name"): _text,
        ("trail", LOOK, "data"): _packed,
        ("association", 0, "data"): _renamed,
        ("submission_set", 0, "data"): _renamed,
    }
    known: dict[str, Callable[[Any, Clone], Any]] = {
        "patient": lambda _, clone: clone.key,
        "place": lambda value, clone: span(clone.key)[0] | (value & ((1 << ORDER_BITS) - 1)),
        "value": lambda _, clone: number_of_clone(clone.number),
        "unique_id": _text,
        "uuid": _text,
        "content": _content,
    }
    return special.get((table, part, name)) or known.get(name, lambda value, _: value)


def _content(value: bytes, clone: Clone) -> bytes:
    return bytes.fromhex(_name(value.hex().encode(), clone).decode())


def _text(value: str, clone: Clone) -> str:
    return _renamed(value.encode(), clone).decode()


def _packed(value: bytes, clone: Clone) -> bytes:
    return pack(_renamed(_unpacked(value), clone))


def _renamed(data: bytes, clone: Clone) -> bytes:
    """MessagePack with every name and the patient key changed, each for one as long."""
    key = clone.key.to_bytes(8, "big")
    return b"".join((_name(part, clone) if at % 2 else part) for at, part in enumerate(_parts(data))).replace(
        clone.model.to_bytes(8, "big"), key
    )


@cache
def _unpacked(value: bytes) -> bytes:
    return unpack(value)


@cache
def _parts(data: bytes) -> tuple[bytes, ...]:
    """What stands between the names, and the names, in turn."""
    return tuple(NAMED.split(data))


def _name(old: bytes, clone: Clone) -> bytes:
    """Another name of the same shape, always the same for the same name and clone, and as scattered as random ones."""
    if old.startswith(b"2.25."):
        return old[:-8] + b"%08d" % clone.number
    return b"%08x" % crc32(old, clone.number) + old[8:-12] + b"%012x" % clone.number


def _key_of(number: int) -> int:
    """A patient key nobody can guess from the one before; large enough that it is always eight bytes."""
    return int.from_bytes(blake2b(b"%d" % number, digest_size=8).digest(), "big") >> 2 | 1 << 61
