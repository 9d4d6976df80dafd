"""Changing the memory storage inside one act."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from patientoverblik.access import (
    Attempt,
    Block,
    Custody,
    FollowUp,
    Guardian,
    Notice,
    Opening,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Relation,
    Session,
)
from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.sharing.model import Association, DocumentEntry, PatientId, StoredReading, SubmissionSet
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory.forgetting import ForgettingWrites
from patientoverblik.storage.memory.grants import GrantWrites
from patientoverblik.storage.memory.outbox import OutboxWrites
from patientoverblik.storage.memory.reader import MemoryReader
from patientoverblik.storage.memory.registry import RegistryWrites
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.memory.subscriptions import SubscriptionWrites
from patientoverblik.storage.memory.telling import TellingWrites
from patientoverblik.storage.memory.trail import TrailWrites
from patientoverblik.storage.memory.work import WorkWrites
from patientoverblik.storage.union import ATTEMPTS_KEPT

K = TypeVar("K")
T = TypeVar("T")


class MemoryTransaction(
    RegistryWrites,
    ForgettingWrites,
    TrailWrites,
    TellingWrites,
    OutboxWrites,
    GrantWrites,
    SubscriptionWrites,
    WorkWrites,
    MemoryReader,
):
    """Reads and changes one draft; the storage keeps the draft if the act ends well."""

    def __init__(self, draft: State, trail_key: TailKey = UNKEYED) -> None:
        """Work on ``draft``, which nobody else sees."""
        super().__init__(lambda: draft)
        self._trail_key = trail_key

    def expect_visit(self, patient: int, reader: str) -> None:
        """Nothing: everything is here."""

    def expect_submission(self, patient: PatientId | None, set_id: str, documents: Sequence[str]) -> None:
        """Nothing: everything is here."""

    def expect_registration(self, patient: int, contents: Sequence[str]) -> None:
        """Nothing: everything is here."""

    def claim_patient(self, patient: PatientId, key: int) -> int:
        """Bind a patient id to ``key`` unless it has one; the key in force."""
        return self._now().patients.setdefault(patient, key)

    def link(self, one: int, other: int) -> None:
        """Link two patient keys; a key is always linked with itself."""
        if one != other:
            self._now().links[frozenset((one, other))] = None

    def unlink(self, one: int, other: int) -> None:
        """Undo exactly one link; nothing where there is none."""
        pair = frozenset((one, other))
        if pair in self._now().links:
            del self._now().links[pair]
            self._now().past_links[pair] = None

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
        """Add a relation, or replace what was told of the same one."""
        _put(self._now().relations, patient, relation.told_of, relation)

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""
        self._now().blocks[patient] = {**self._now().blocks.get(patient, {}), block.id: block}

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""
        self._now().powers[patient] = {**self._now().powers.get(patient, {}), power.id: power}

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""
        self._now().persons[patient] = facts

    def put_custody(self, patient: int, custody: Custody) -> None:
        """Add a custody, or replace the one with its id."""
        _put(self._now().custodies, patient, custody.id, custody)

    def put_guardian(self, patient: int, guardian: Guardian) -> None:
        """Add a guardian, or replace the one with its id."""
        _put(self._now().guardians, patient, guardian.id, guardian)

    def put_protection(self, patient: int, protection: Protection) -> None:
        """Add somebody protected, or replace what stands of that person."""
        _put(self._now().protections, patient, protection.person, protection)

    def put_opening(self, patient: int, opening: Opening) -> None:
        """Add an opening, or replace the one with its id."""
        _put(self._now().openings, patient, opening.id, opening)

    def put_attempt(self, patient: int, attempt: Attempt) -> None:
        """Keep an attempt; those made long before it are forgotten."""
        held = self._now().attempts.get(patient, {})
        still = {key: one for key, one in held.items() if one.at > attempt.at - ATTEMPTS_KEPT}
        self._now().attempts[patient] = {**still, (attempt.at, attempt.actor, attempt.session): attempt}

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Add a follow-up, or replace the one with its id."""
        _put(self._now().follow_ups, follow_up.patient, follow_up.id, follow_up)

    def put_notice(self, notice: Notice) -> None:
        """Add a notice, or replace the one with its id."""
        _put(self._now().notices, notice.patient, notice.id, notice)

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

    def drop_expired(self, at: int) -> None:
        """Forget sessions that had run out by then."""
        for session in [each for each in self._now().sessions.values() if each.expires <= at]:
            self.end_session(session.id)

    def use_once(self, key: str, until: int, at: int) -> bool:
        """Whether ``key`` is used for the first time."""
        for old in [each for each, end in self._now().used.items() if end <= at]:
            del self._now().used[old]
        is_first = key not in self._now().used
        self._now().used.setdefault(key, until)
        return is_first

    def take_turn(self, job: str, at: int, until: int) -> bool:
        """Whether a job is ours now, because nobody had it."""
        is_free = not at < self._now().used.get(f"turn:{job}", 0) <= until
        if is_free:
            self._now().used[f"turn:{job}"] = until
        return is_free

    def keep_turn(self, job: str, held: int, until: int) -> bool:
        """Whether a job was still ours, and is so for longer."""
        is_ours = self._now().used.get(f"turn:{job}") == held
        if is_ours:
            self._now().used[f"turn:{job}"] = until
        return is_ours

    def count(self, key: str, until: int, at: int) -> int:
        """How often ``key`` has been counted, this time with it."""
        for old in [each for each, (_, end) in self._now().counted.items() if end <= at]:
            del self._now().counted[old]
        number, end = self._now().counted.get(key, (0, until))
        self._now().counted[key] = (number + 1, end)
        return number + 1

    def keep_secret(self, name: str, fresh: bytes) -> bytes:
        """The secret kept under a name."""
        return self._now().secrets.setdefault(name, fresh)

    def touch_source(self, source: str, at: int) -> None:
        """A source was heard from; an earlier time than the one kept changes nothing."""
        self._now().sources[source] = max(at, self._now().sources.get(source, at))


def _put(rows: dict[int, Mapping[K, T]], patient: int, row: K, value: T) -> None:
    rows[patient] = {**rows.get(patient, {}), row: value}


def _new(holds: bool) -> None:
    if not holds:
        raise StorageFault("storage.conflict")
