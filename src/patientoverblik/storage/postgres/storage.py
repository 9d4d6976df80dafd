"""The PostgreSQL storage: one database, which any number of workers share."""

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres.connection import PostgresConnection, Watch, WritingConnection
from patientoverblik.storage.postgres.schema import check
from patientoverblik.storage.sql.storage import SqlStorage


class PostgresStorage(SqlStorage):
    """One database. ``watch`` is told every statement (for tests)."""

    def __init__(self, address: str, watch: Watch | None = None, trail_key: TailKey = UNKEYED) -> None:
        """Connect to ``postgresql://…``; a schema that is not this program's, or no answer, is a fault.

        What is written to the trail is keyed with ``trail_key``.
        """
        connection = WritingConnection(address, watch)
        connection.trail_key = trail_key
        try:
            self.schema_version = check(connection)
        except StorageFault:
            connection.close()
            raise
        super().__init__(connection, lambda: PostgresConnection(address, watch))
