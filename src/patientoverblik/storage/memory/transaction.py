"""Changing the memory storage inside one act."""

from patientoverblik.access import Block, Look, PersonFacts, PowerOfAttorney, Relation, SecurityEvent, Session
from patientoverblik.sharing.model import Association, DocumentEntry, PatientId, StoredReading, SubmissionSet
from patientoverblik.storage.chain import START, chain_key, chained, event_bytes
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory.reader import MemoryReader
from patientoverblik.storage.memory.state import Chain, State


class MemoryTransaction(MemoryReader):
    """Reads and changes one draft; the storage keeps the draft if the act ends well."""

    def __init__(self, draft: State) -> None:
        """Work on ``draft``, which nobody else sees."""
        super().__init__(lambda: draft)

    def claim_patient(self, patient: PatientId, key: int) -> int:
        """Bind a patient id to ``key`` unless it has one; the key in force."""
        return self._now().patients.setdefault(patient, key)

    def link(self, one: int, other: int) -> None:
        """Link two patient keys; a key is always linked with itself."""
        if one != other:
            self._now().links[frozenset((one, other))] = None

    def unlink(self, one: int, other: int) -> None:
        """Undo exactly one link; nothing where there is none."""
        self._now().links.pop(frozenset((one, other)), None)

    def claim_unique(self, unique_id: str, patient: int, content: str) -> None:
        """Bind an XDS uniqueId; a fault where a document of another patient or content has it."""
        for held in self.locate_unique(unique_id):
            if held != (patient, content):
                raise StorageFault("storage.conflict")
        self._now().claims[unique_id] = (patient, content)

    def add_set(self, submission_set: SubmissionSet) -> None:
        """Add a submission set; its uniqueId must be new."""
        _new(submission_set.unique_id not in self._now().sets)
        self._now().sets[submission_set.unique_id] = submission_set

    def add_entry(self, entry: DocumentEntry) -> None:
        """Add an entry; its uuid must be new."""
        _new(self.locate_entry(entry.uuid) is None)
        self._now().entries[entry.patient] = (*self.entries(entry.patient), entry)

    def put_entry(self, entry: DocumentEntry) -> None:
        """Replace the entry with the same uuid; it keeps its place in the order."""
        _new(self.entry(entry.patient, entry.uuid) is not None)
        kept = self.entries(entry.patient)
        self._now().entries[entry.patient] = tuple(entry if one.uuid == entry.uuid else one for one in kept)

    def add_association(self, association: Association) -> None:
        """Add an association."""
        patient = association.patient
        self._now().associations[patient] = (*self.associations(patient), association)

    def add_content(self, patient: int, content: str, data: bytes) -> None:
        """Keep a document's bytes under its hash."""
        self._now().contents.setdefault((patient, content), data)

    def put_reading(self, patient: int, reading: StoredReading) -> None:
        """Keep or replace a document's reading."""
        self._now().readings[patient, reading.content] = reading

    def put_relation(self, patient: int, relation: Relation) -> None:
        """Add a relation; one already there is kept once."""
        held = self._now().relations.get(patient, ())
        self._now().relations[patient] = tuple(dict.fromkeys((*held, relation)))

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""
        self._now().blocks[patient] = {**self._now().blocks.get(patient, {}), block.id: block}

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""
        self._now().powers[patient] = {**self._now().powers.get(patient, {}), power.id: power}

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""
        self._now().persons[patient] = facts

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""
        self._now().looks[look.patient] = (*self.looks(look.patient), look)

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain, or to its organisation's where it has no patient."""
        state = self._now()
        if event.patient:
            state.events[event.patient] = _longer(state.events.get(event.patient, ()), event)
        else:
            key = chain_key(event)
            state.organisation_events[key] = _longer(state.organisation_events.get(key, ()), event)

    def put_session(self, session: Session) -> None:
        """Keep a session."""
        self._now().sessions[session.id] = session

    def end_session(self, session: str) -> None:
        """Forget a session and its handles."""
        self._now().sessions.pop(session, None)
        for key in [key for key in self._now().handles if key[0] == session]:
            del self._now().handles[key]

    def put_handle(self, session: str, handle: str, patient: int) -> None:
        """Let a handle stand for a patient key in a session."""
        self._now().handles[session, handle] = patient

    def touch_source(self, source: str, at: int) -> None:
        """A source was heard from; an earlier time than the one kept changes nothing."""
        self._now().sources[source] = max(at, self._now().sources.get(source, at))


def _longer(chain: Chain, event: SecurityEvent) -> Chain:
    before = chain[-1][1] if chain else START
    return (*chain, (event, chained(before, event_bytes(event))))


def _new(holds: bool) -> None:
    if not holds:
        raise StorageFault("storage.conflict")
