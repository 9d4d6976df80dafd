"""The whole reader and the whole transaction over SQL, put together from their parts."""

from collections.abc import Sequence
from itertools import product

from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.sql.forgetting import ForgettingWrites
from patientoverblik.storage.sql.grants import GrantReads, GrantWrites
from patientoverblik.storage.sql.locators import FOLDER, NEIGHBOURS, NUMBER, SET, UNIQUE
from patientoverblik.storage.sql.outbox import OutboxReads, OutboxWrites
from patientoverblik.storage.sql.place import ENTRY, EVIDENCE, OF_PART, within
from patientoverblik.storage.sql.registry import RegistryReads, RegistryWrites
from patientoverblik.storage.sql.sessions import SOURCE_TIMES, SessionReads, SessionWrites
from patientoverblik.storage.sql.subscriptions import SUBSCRIPTIONS, SubscriptionReads, SubscriptionWrites
from patientoverblik.storage.sql.telling import TellingReads, TellingWrites
from patientoverblik.storage.sql.trail import TrailReads, TrailWrites
from patientoverblik.storage.sql.work import WorkReads, WorkWrites, visited


class LookReads(RegistryReads, SessionReads, WorkReads):
    """What a look reads."""

    def expect_look(self, patient: int) -> None:
        """Say what a look asks, which is one question where the database is far away. Only linked keys, and documents
        that this process has not read before, are asked for afterwards."""
        for statement, values in (
            (NEIGHBOURS, (patient,)),
            (OF_PART, within(patient, EVIDENCE)),
            (OF_PART, within(patient, ENTRY)),
            (SOURCE_TIMES, ()),
        ):
            self._connection.ahead(statement, values)

    def expect_keys(self, patients: Sequence[PatientId]) -> None:
        """Say whose keys are asked for: one question where the database is far away."""
        for patient in patients:
            self._connection.ahead(NUMBER, (patient.system, patient.value))

    def expect_documents(self, patients: Sequence[int]) -> None:
        """Say whose entries and links are asked for: one question where the database is far away."""
        for patient in patients:
            self._connection.ahead(NEIGHBOURS, (patient,))
            self._connection.ahead(OF_PART, within(patient, ENTRY))


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

    def expect_visit(self, patient: int, reader: str) -> None:
        """Say what writing a look asks."""
        self._expect_event(patient)
        self._connection.ahead(*visited(patient, reader))

    def expect_submission(self, patient: PatientId | None, set_id: str, documents: Sequence[str]) -> None:
        """Say what judging a submission asks by ids from outside."""
        self._expect_slip()
        if patient is not None:
            self._connection.ahead(NUMBER, (patient.system, patient.value))
        if set_id:
            self._connection.ahead(SET, (set_id,))
        for statement, each in product((UNIQUE, SET, FOLDER), documents):
            self._connection.ahead(statement, (each,))

    def expect_registration(self, patient: int, contents: Sequence[str]) -> None:
        """Say what registering documents asks about their patient."""
        self._connection.ahead(NEIGHBOURS, (patient,))
        self._connection.ahead(OF_PART, within(patient, ENTRY))
        self._connection.ahead(OF_PART, within(patient, EVIDENCE))
        self._connection.ahead(SUBSCRIPTIONS, (patient,))
        self._expect_event(patient)
        for content in contents:
            self._expect_content(patient, content)
