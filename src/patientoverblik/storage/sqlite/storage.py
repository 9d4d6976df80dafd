"""The SQLite storage: one file, which this process may share with others."""

from pathlib import Path

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.storage import SqlStorage
from patientoverblik.storage.sql.writer import Turn, at_once
from patientoverblik.storage.sqlite.connection import Watch, open_reader, open_writer
from patientoverblik.storage.sqlite.migrate import migrate


class SqliteStorage(SqlStorage):
    """One database file. ``watch`` is told every statement (for tests)."""

    def __init__(
        self, path: Path, watch: Watch | None = None, trail_key: TailKey = UNKEYED, turn: Turn = at_once
    ) -> None:
        """Open or create the file and bring its schema forward; a newer schema, or no way to open it, is a fault.

        What is written to the trail is keyed with ``trail_key``. Acts of one ``turn`` of the caller share a flush.
        """
        connection = open_writer(path, watch)
        connection.trail_key = trail_key
        try:
            self.schema_version = migrate(connection)
        except StorageFault:
            connection.close()
            raise
        connection.ask_often()
        self._path = path
        super().__init__(connection, lambda: open_reader(path, watch), turn)

    def scrub(self) -> bool:
        """Write the file anew and empty the log beside it. Zeroing what is deleted is not enough: when rows move from
        page to page, what they leave behind is not deleted."""
        connection = open_writer(self._path)
        try:
            connection.run("vacuum")
            busy, _, _ = connection.one("pragma wal_checkpoint(truncate)")
        finally:
            connection.close()
        return not busy
