"""Reading from the memory storage: every method as obvious as it can be."""

from collections.abc import Callable, Mapping, Sequence

from patientoverblik.access import Block, Look, PersonFacts, PowerOfAttorney, Relation, SecurityEvent, Session
from patientoverblik.sharing.model import Association, DocumentEntry, PatientId, StoredReading, SubmissionSet
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.union import one_person, reachable, united


class MemoryReader:
    """A reader of the state that ``state`` gives when asked: the newest commit, a snapshot, or an act's own draft."""

    def __init__(self, state: Callable[[], State]) -> None:
        """Keep where the state comes from."""
        self._now = state

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
        return united(state.relations.get(key, ()) for key in self.linked_keys(patient))

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

    def look(self, patient: int, look: str) -> Look | None:
        """One look by its id."""
        return next((found for found in self.looks(patient) if found.id == look), None)

    def looks(self, patient: int) -> tuple[Look, ...]:
        """Every look at the patient under this key, oldest first."""
        return self._now().looks.get(patient, ())

    def events(self, patient: int) -> tuple[SecurityEvent, ...]:
        """The chain of security events under this key, oldest first."""
        return tuple(event for event, _ in self._now().events.get(patient, ()))

    def session(self, session: str) -> Session | None:
        """A session by its id."""
        return self._now().sessions.get(session)

    def handle(self, session: str, handle: str) -> int | None:
        """The patient key a handle stands for in this session."""
        return self._now().handles.get((session, handle))

    def source_times(self) -> Mapping[str, int]:
        """When each source was last heard from (milliseconds UTC)."""
        return dict(self._now().sources)
