"""The SQLite storage: one file, one writer, and a reading connection for each thread."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from patientoverblik.storage.chain import broken_chains
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite.connection import Connection, Watch, open_reader, open_writer
from patientoverblik.storage.sqlite.migrate import migrate
from patientoverblik.storage.sqlite.views import SqliteReader, SqliteTransaction
from patientoverblik.storage.sqlite.writer import Writer

T = TypeVar("T")


class SqliteStorage:
    """One database file. ``watch`` is told every statement (for tests); ``acts`` and ``commits`` count durable work."""

    def __init__(self, path: Path, watch: Watch | None = None) -> None:
        """Open or create the file and bring its schema forward; a newer schema, or no way to open it, is a fault."""
        self._path = path
        self._watch = watch
        self._mine = local()
        self._opened: list[Connection] = []
        self._opening = Lock()
        self._closed = False
        self._connection = open_writer(path, watch)
        try:
            self.schema_version = migrate(self._connection)
        except StorageFault:
            self._connection.close()
            raise
        self._writer = Writer(self._connection)

    @property
    def acts(self) -> int:
        """How many acts have become durable."""
        return self._writer.acts

    @property
    def commits(self) -> int:
        """How many commits they took."""
        return self._writer.commits

    def reader(self) -> SqliteReader:
        """This thread's reader; each call on it sees the newest commit."""
        found = getattr(self._mine, "reader", None)
        if not isinstance(found, SqliteReader):
            found = self._mine.reader = SqliteReader(self._open())
        return found

    @contextmanager
    def snapshot(self) -> Iterator[SqliteReader]:
        """A reader whose calls all see one and the same commit."""
        connection = self._take()
        connection.run("begin")
        try:
            yield SqliteReader(connection)
        finally:
            connection.run("commit")
            self._mine.free.append(connection)

    def act(self, work: Callable[[SqliteTransaction], T]) -> "Future[T]":
        """Queue an act; the future is resolved after the commit that holds it is on disk."""
        if self._closed:
            raise StorageFault("storage.closed")
        return self._writer.put(work)

    def broken_chains(self) -> int:
        """How many chains of the trail do not add up; 0 is as it should be."""
        return broken_chains(self.reader())

    def close(self) -> None:
        """Finish what waits, then close every connection; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._writer.stop()
        for connection in (*self._opened, self._connection):
            connection.close()

    def _take(self) -> Connection:
        free: list[Connection] = self._mine.__dict__.setdefault("free", [])
        return free.pop() if free else self._open()

    def _open(self) -> Connection:
        connection = open_reader(self._path, self._watch)
        with self._opening:
            self._opened.append(connection)
        return connection
