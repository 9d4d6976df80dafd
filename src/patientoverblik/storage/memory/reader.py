"""Reading from the memory storage: every method as obvious as it can be."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from patientoverblik.access import (
    Attempt,
    Block,
    Evidence,
    FollowUp,
    Notice,
    PersonFacts,
    PowerOfAttorney,
    Relation,
    Session,
)
from patientoverblik.sharing.model import Association, DocumentEntry, PatientId, StoredReading, SubmissionSet
from patientoverblik.storage.memory.grants import GrantReads
from patientoverblik.storage.memory.outbox import OutboxReads
from patientoverblik.storage.memory.registry import RegistryReads
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.memory.subscriptions import SubscriptionReads
from patientoverblik.storage.memory.telling import TellingReads
from patientoverblik.storage.memory.trail import TrailReads
from patientoverblik.storage.memory.work import WorkReads
from patientoverblik.storage.union import by_organisation, one_person, reachable, united

K = TypeVar("K")
T = TypeVar("T")


class MemoryReader(RegistryReads, TrailReads, TellingReads, OutboxReads, GrantReads, SubscriptionReads, WorkReads):
    """A reader of the state that ``state`` gives when asked: the newest commit, a snapshot, or an act's own draft."""

    def __init__(self, state: Callable[[], State]) -> None:
        """Keep where the state comes from."""
        self._now = state

    def expect_look(self, patient: int) -> None:
        """Nothing: everything is here."""

    def expect_keys(self, patients: Sequence[PatientId]) -> None:
        """Nothing: everything is here."""

    def expect_documents(self, patients: Sequence[int]) -> None:
        """Nothing: everything is here."""

    def patient_key(self, patient: PatientId) -> int | None:
        """The key of a patient id."""
        return self._now().patients.get(patient)

    def linked_keys(self, patient: int) -> tuple[int, ...]:
        """The key and every key linked with it, ascending."""
        links = self._now().links
        return reachable(patient, lambda key: (other for pair in links if key in pair for other in pair))

    def locate_unique(self, unique_id: str) -> tuple[tuple[int, str], ...]:
        """The patient key and content registered under an XDS uniqueId; a claim without an entry is none."""
        claim = self._now().claims.get(unique_id)
        if claim is None or not any(entry.unique_id == unique_id for entry in self.entries(claim[0])):
            return ()
        return (claim,)

    def claim_of(self, unique_id: str) -> tuple[int, str] | None:
        """What an XDS uniqueId was last bound to."""
        return self._now().claims.get(unique_id)

    def locate_entry(self, uuid: str) -> int | None:
        """The patient key an entryUUID lies under."""
        for patient, entries in self._now().entries.items():
            if any(entry.uuid == uuid for entry in entries):
                return patient
        return None

    def locate_set(self, unique_id: str) -> tuple[int, SubmissionSet] | None:
        """A submission set by its uniqueId."""
        found = self._now().sets.get(unique_id)
        return (found.patient, found) if found else None

    def entries(self, patient: int) -> tuple[DocumentEntry, ...]:
        """Every entry under one key, in the order they were registered."""
        return self._now().entries.get(patient, ())

    def entry(self, patient: int, uuid: str) -> DocumentEntry | None:
        """One entry."""
        return next((entry for entry in self.entries(patient) if entry.uuid == uuid), None)

    def associations(self, patient: int) -> tuple[Association, ...]:
        """Every association under one key, in the order they were registered."""
        return self._now().associations.get(patient, ())

    def content(self, patient: int, content: str) -> bytes | None:
        """A document's bytes, exactly as submitted."""
        return self._now().contents.get((patient, content))

    def cares(self, patient: int, contents: Sequence[str]) -> dict[str, tuple[str, bytes]]:
        """(stamp, care contribution) for each content that has a reading."""
        found = {content: self.reading(patient, content) for content in contents}
        return {content: (reading.stamp, reading.care) for content, reading in found.items() if reading}

    def reading(self, patient: int, content: str) -> StoredReading | None:
        """A document's whole reading."""
        return self._now().readings.get((patient, content))

    def relations(self, patient: int) -> tuple[Relation, ...]:
        """Every known relation of the patient, linked keys included."""
        state = self._now()
        return united(state.relations.get(key, {}).values() for key in self.linked_keys(patient))

    def blocks(self, patient: int) -> tuple[Block, ...]:
        """Every block the patient has made, linked keys included."""
        state = self._now()
        return united(state.blocks.get(key, {}).values() for key in self.linked_keys(patient))

    def powers(self, patient: int) -> tuple[PowerOfAttorney, ...]:
        """Every power of attorney the patient has given, linked keys included."""
        state = self._now()
        return united(state.powers.get(key, {}).values() for key in self.linked_keys(patient))

    def person(self, patient: int) -> PersonFacts:
        """What the register says of the patient, linked keys included."""
        persons = self._now().persons
        return one_person(persons[key] for key in self.linked_keys(patient) if key in persons)

    def evidence(self, patient: int) -> Evidence:
        """Everything a decision about the patient rests on, linked keys included."""
        state, keys = self._now(), self.linked_keys(patient)
        return Evidence(
            relations=self.relations(patient),
            powers=self.powers(patient),
            blocks=self.blocks(patient),
            person=self.person(patient),
            custodies=_of_all(state.custodies, keys),
            guardians=_of_all(state.guardians, keys),
            protections=_of_all(state.protections, keys),
            openings=_of_all(state.openings, keys),
            keys=keys,
        )

    def evidences(self, patients: Sequence[int]) -> Mapping[int, Evidence]:
        """The same for each of many patients."""
        return {patient: self.evidence(patient) for patient in patients}

    def attempts(self, patient: int) -> tuple[Attempt, ...]:
        """Every attempt that is kept, linked keys included."""
        return _of_all(self._now().attempts, self.linked_keys(patient))

    def follow_ups(self, patient: int) -> tuple[FollowUp, ...]:
        """Every follow-up of looks at the patient, linked keys included."""
        return _of_all(self._now().follow_ups, self.linked_keys(patient))

    def follow_ups_of(self, organisation: str) -> tuple[FollowUp, ...]:
        """Every follow-up of looks by an organisation (empty: by any), by when it must be done."""
        held = (one for rows in self._now().follow_ups.values() for one in rows.values())
        mine = [one for one in held if organisation in ("", by_organisation(one))]
        return tuple(sorted(mine, key=lambda one: (one.deadline, one.id)))

    def pending_follow_ups(self) -> tuple[FollowUp, ...]:
        """Every follow-up that waits, by when it must be done."""
        return tuple(one for one in self.follow_ups_of("") if one.state == "pending")

    def notices(self, patient: int) -> tuple[Notice, ...]:
        """Every notice to the patient, linked keys included."""
        return _of_all(self._now().notices, self.linked_keys(patient))

    def session(self, session: str) -> Session | None:
        """A session by its id."""
        return self._now().sessions.get(session)

    def handle(self, session: str, handle: str) -> int | None:
        """The patient key a handle stands for in this session."""
        return self._now().handles.get((session, handle))

    def open_sessions(self, at: int, most: int) -> tuple[Session, ...]:
        """The sessions that have not run out, those begun last first."""
        found = [each for each in self._now().sessions.values() if each.expires > at]
        return tuple(sorted(found, key=lambda each: (-each.started, each.id))[:most])

    def sessions_of(self, issuer: str, subject: str = "", sid: str = "") -> tuple[str, ...]:
        """Ids of the sessions an issuer vouched for, ascending."""
        found = [each for each in self._now().sessions.values() if each.issuer == issuer and (subject or sid)]
        of_subject = [each for each in found if not subject or each.subject == subject]
        return tuple(sorted(each.id for each in of_subject if not sid or each.sid == sid))

    def source_times(self) -> Mapping[str, int]:
        """When each source was last heard from (milliseconds UTC)."""
        return dict(self._now().sources)


def _of_all(rows: Mapping[int, Mapping[K, T]], keys: tuple[int, ...]) -> tuple[T, ...]:
    return united(rows.get(key, {}).values() for key in keys)
