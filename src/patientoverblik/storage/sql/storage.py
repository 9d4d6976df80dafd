"""A storage over SQL: one writer, and a reading connection for each thread."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, local
from typing import TypeVar

from patientoverblik.storage.chain import broken_chains
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.connection import Changing, Connection
from patientoverblik.storage.sql.views import SqlReader, SqlTransaction
from patientoverblik.storage.sql.writer import Turn, Writer, at_once

T = TypeVar("T")


class SqlStorage:
    """One database; ``acts`` and ``commits`` count durable work."""

    schema_version: int

    def __init__(self, connection: Changing, open_reader: Callable[[], Connection], turn: Turn = at_once) -> None:
        """Change the database through ``connection``, when the caller's ``turn`` ends; read it through others."""
        self._connection = connection
        self._open_reader = open_reader
        self._mine = local()
        self._opened: list[Connection] = []
        self._opening = Lock()
        self._closed = False
        self._writer = Writer(connection, turn)

    @property
    def acts(self) -> int:
        """How many acts have become durable."""
        return self._writer.acts

    @property
    def commits(self) -> int:
        """How many commits they took."""
        return self._writer.commits

    def reader(self) -> SqlReader:
        """This thread's reader; each call on it sees the newest commit."""
        found = getattr(self._mine, "reader", None)
        if not isinstance(found, SqlReader):
            found = self._mine.reader = SqlReader(self._open())
        return found

    @contextmanager
    def snapshot(self) -> Iterator[SqlReader]:
        """A reader whose calls all see one and the same commit."""
        connection = self._take()
        connection.begin_reading()
        try:
            yield SqlReader(connection)
        finally:
            self._mine.free.append(connection)
            connection.end_reading()

    def act(self, work: Callable[[SqlTransaction], T]) -> "Future[T]":
        """Queue an act; the future is resolved after the commit that holds it is on disk."""
        if self._closed:
            raise StorageFault("storage.closed")
        return self._writer.put(work)

    def broken_chains(self) -> int:
        """How many chains of the trail do not add up; 0 is as it should be."""
        return broken_chains(self.reader())

    def scrub(self) -> bool:
        """Never sure of a server: its log, its archives and its copies keep what was taken away until they run out."""
        return False

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
        connection = self._open_reader()
        with self._opening:
            self._opened.append(connection)
        return connection
