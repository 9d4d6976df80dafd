"""Connections to the database file: their settings, and faults told by code only.

The database's own error text never leaves this module: it may hold values (DESIGN 17).
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.packing import LARGE, PLAIN, unmarked

PAGE_SIZE = 8192
BUSY_SECONDS = 5.0
CACHED_KILOBYTES = 8192
Watch = Callable[[str], None]
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


class SqliteConnection:
    """One connection; each call is one statement, and what goes wrong is a :class:`StorageFault`."""

    own_places = False
    lane = 0

    def __init__(self, raw: sqlite3.Connection) -> None:
        """Wrap an open connection."""
        self._raw = raw
        self.trail_key: TailKey = UNKEYED

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, None if there is none."""
        try:
            return self._raw.execute(statement, values).fetchone()
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""
        try:
            return self._raw.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a change; how many rows it touched."""
        try:
            return self._raw.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a change now: the file is near."""
        self.run(statement, values)

    def ahead(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Nothing: what is asked is answered at once."""

    def known(self, statement: str, values: Sequence[Any], rows: list[Any]) -> None:
        """Nothing: asking costs little."""

    def add_large(self, place: int, patient: int, data: bytes) -> None:
        """Add a large document's bytes a piece at a time: bound to a statement they would be held four times."""
        added = "insert into content (place, patient, data) values (?, ?, zeroblob(?)) on conflict do nothing"
        if not self.run(added, (place, patient, len(PLAIN) + len(data))):
            return
        try:
            with self._raw.blobopen("content", "data", place) as kept:
                kept.write(PLAIN)
                for begin in range(0, len(data), LARGE):
                    kept.write(data[begin : begin + LARGE])
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def large(self, place: int, patient: int) -> bytes:  # noqa: ARG002 - the place is the row's own
        """A large document's bytes, read into the one value that is handed out."""
        try:
            with self._raw.blobopen("content", "data", place, readonly=True) as kept:
                return unmarked(kept.read(len(PLAIN)), kept.read())
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a change once for each row."""
        try:
            self._raw.executemany(statement, rows)
        except sqlite3.Error as error:
            raise fault_of(error) from None

    def name_of(self, text: str) -> str:
        """A text as it stands in a column of names: as itself."""
        return text

    def begin(self, patiently: bool) -> None:  # noqa: ARG002 - it always is
        """Begin a transaction that may change the file; it waits for that of another process."""
        until = monotonic() + BUSY_SECONDS
        while True:
            try:
                self.run("begin immediate")
            except StorageFault as fault:
                if fault.code != "storage.busy" or monotonic() > until:
                    raise
            else:
                return

    def ask_often(self) -> None:
        """Let what waits for another process be asked for every millisecond. The database itself asks less and less
        often, up to a tenth of a second apart, which is how long an act of a few milliseconds then waits."""
        self.one("pragma busy_timeout = 1")

    def begin_reading(self) -> None:
        """Begin a transaction in which every statement sees one and the same commit."""
        self.run("begin")

    def end_reading(self) -> None:
        """End a transaction that changed nothing."""
        self.run("commit")

    def commit(self) -> None:
        """End the transaction; what it changed is on disk."""
        self.run("commit")

    def rollback(self) -> None:
        """End the transaction; nothing it changed is kept."""
        self.run("rollback")

    def settle(self) -> None:
        """Nothing: what went wrong was told at once."""

    def mark(self) -> None:
        """Begin an act among others of the transaction."""
        self.run("savepoint act")

    def keep(self) -> None:
        """End an act."""
        self.run("release act")

    def undo(self) -> None:
        """End an act and undo what was done since the mark."""
        self.run("rollback to act")
        self.run("release act")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; the database ends one by itself when the disk fails."""
        return self._raw.in_transaction

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


def open_writer(path: Path, watch: Watch | None = None) -> SqliteConnection:
    """The connection that changes the database: WAL, every commit flushed to disk. What is deleted is
    overwritten. A new file is its owner's alone, and so are the log and the index beside it, to which SQLite gives the
    file's own mode."""
    with suppress(OSError):  # one that is there keeps its mode; of any other fault the database itself tells
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = _open(path, "rwc", watch)
    connection.run(f"pragma page_size = {PAGE_SIZE}")
    connection.one("pragma journal_mode = wal")
    connection.run("pragma synchronous = full")
    connection.one("pragma secure_delete = on")
    connection.run("pragma foreign_keys = on")
    return connection


def open_reader(path: Path, watch: Watch | None = None) -> SqliteConnection:
    """A connection that can only read. The file is not mapped: a page fault reads far more of it than the one page."""
    connection = _open(path, "ro", watch)
    connection.run(f"pragma cache_size = -{CACHED_KILOBYTES}")
    connection.run("pragma query_only = on")
    return connection


def fault_of(error: sqlite3.Error) -> StorageFault:
    """The catalogue's code for what the database said."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return StorageFault("storage.busy")
    if code in _FULL:
        return StorageFault("storage.disk")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return StorageFault("storage.conflict")
    return StorageFault("storage.broken")


def _open(path: Path, mode: str, watch: Watch | None) -> SqliteConnection:
    try:
        raw = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
    except sqlite3.Error as error:
        raise fault_of(error) from None
    raw.set_trace_callback(watch)
    return SqliteConnection(raw)
