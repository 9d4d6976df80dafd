"""The whole reader and the whole transaction over SQL, put together from their parts."""

from patientoverblik.storage.sql.forgetting import ForgettingWrites
from patientoverblik.storage.sql.grants import GrantReads, GrantWrites
from patientoverblik.storage.sql.locators import NEIGHBOURS
from patientoverblik.storage.sql.outbox import OutboxReads, OutboxWrites
from patientoverblik.storage.sql.place import ENTRY, EVIDENCE, OF_PART, within
from patientoverblik.storage.sql.registry import RegistryReads, RegistryWrites
from patientoverblik.storage.sql.sessions import SOURCE_TIMES, SessionReads, SessionWrites
from patientoverblik.storage.sql.subscriptions import SubscriptionReads, SubscriptionWrites
from patientoverblik.storage.sql.telling import TellingReads, TellingWrites
from patientoverblik.storage.sql.trail import TrailReads, TrailWrites
from patientoverblik.storage.sql.work import VISIT, WorkReads, WorkWrites


class LookReads(RegistryReads, SessionReads, WorkReads):
    """What a look reads."""

    def expect_look(self, patient: int, reader: str) -> None:
        """Say what a look asks, which is one question where the database is far away. Only linked keys, and documents
        that this process has not read before, are asked for afterwards."""
        for statement, values in (
            (NEIGHBOURS, (patient,)),
            (OF_PART, within(patient, EVIDENCE)),
            (OF_PART, within(patient, ENTRY)),
            (SOURCE_TIMES, ()),
            (VISIT, (patient, reader)),
        ):
            self._connection.ahead(statement, values)


class SqlReader(LookReads, TellingReads, SubscriptionReads, TrailReads, OutboxReads, GrantReads):
    """Everything that can be read through one connection."""


class SqlTransaction(
    RegistryWrites,
    ForgettingWrites,
    TellingWrites,
    SubscriptionWrites,
    TrailWrites,
    OutboxWrites,
    SessionWrites,
    GrantWrites,
    WorkWrites,
):
    """Everything one act may read and change through the writer's connection."""
