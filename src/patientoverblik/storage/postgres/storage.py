"""The PostgreSQL storage: one database, which any number of workers share."""

from contextlib import suppress

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres.connection import LANES, PostgresConnection, Watch, WritingConnection
from patientoverblik.storage.postgres.schema import check
from patientoverblik.storage.sql.storage import SqlStorage
from patientoverblik.storage.sql.writer import Turn, at_once


class PostgresStorage(SqlStorage):
    """One database. ``watch`` is told every statement (for tests)."""

    def __init__(
        self, address: str, watch: Watch | None = None, trail_key: TailKey = UNKEYED, turn: Turn = at_once
    ) -> None:
        """Connect to ``postgresql://…``; a schema that is not this program's, or no answer, is a fault.

        What is written to the trail is keyed with ``trail_key``. Acts of one ``turn`` of the caller share a flush.
        """
        connection = WritingConnection(address, watch)
        connection.trail_key = trail_key
        try:
            self.schema_version = check(connection)
        except StorageFault:
            connection.close()
            raise
        super().__init__(connection, lambda: PostgresConnection(address, watch), turn)
        self._ask_for_nobody()

    def _ask_for_nobody(self) -> None:
        """What a look asks, about nobody: what every look needs of tables and indexes is then known to this thread's
        connection, and in the memory of a server that was just started."""
        with suppress(StorageFault), self.snapshot() as reader:
            reader.session("")
            reader.patient_key(PatientId("", ""))
            reader.expect_look(0)
            reader.evidence(0)
            reader.look(0, "")
            reader.slips((LANES, 0), 1)
