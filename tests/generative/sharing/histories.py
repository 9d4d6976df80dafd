"""Random histories: acts as data, so that the very same history can be played on any storage."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from patientoverblik.access import ALL_PARTS, Actor, Block, Look, OrganisationRef, PersonFacts, SecurityEvent
from patientoverblik.access.permit import Terms, grant
from patientoverblik.sharing import (
    Described,
    NewDocument,
    Query,
    Submission,
    Withdrawal,
    current,
    deprecate,
    find,
    submit,
)
from patientoverblik.sharing.model import Author, DocumentEntry, PatientId, StoredReading
from tests.storages.samples import CPR, HOSPITAL, PRACTICE, RELATION, key_of, power

PATIENTS = tuple(PatientId(CPR, f"61124899{number:02}") for number in range(3))
KEYS = (101, 102, 103)
PLACES = (PRACTICE, HOSPITAL)
NOW = 1_700_000_000_000


@dataclass(frozen=True)
class Act:
    """One act of a history; the numbers choose among whatever is there when it is played."""

    kind: str
    patient: int
    place: int
    one: int
    other: int
    flag: bool


KINDS = (
    ("submit",) * 5
    + ("replace",) * 4
    + ("append", "deprecate", "deprecate", "block", "link", "unlink", "look", "find", "find", "person", "fail")
)
ACTS = st.builds(
    Act,
    kind=st.sampled_from(KINDS),
    patient=st.integers(0, 2),
    place=st.integers(0, 1),
    one=st.integers(0, 7),
    other=st.integers(0, 2),
    flag=st.booleans(),
)
HISTORIES = st.lists(ACTS, min_size=1, max_size=30)


class NumberedIds:
    """Ids that depend only on the act's number, so that they are the same on every storage."""

    def __init__(self, number: int, key: int) -> None:
        self._next = number * 1000
        self._key = key

    def uuid(self) -> str:
        self._next += 1
        return f"urn:uuid:{UUID(int=self._next, version=4)}"

    def patient_key(self) -> int:
        return self._key


def play(tx: Any, act: Act, number: int) -> Any:
    """Do one act in a transaction; what it answered."""
    return globals()[f"_{act.kind}"](tx, act, number)


def entries_of(reader: Any, patient: int) -> list[DocumentEntry]:
    return [entry for key in reader.linked_keys(patient) for entry in reader.entries(key)]


def everything(reader: Any) -> dict[str, Any]:
    """All that a reader can tell of every patient."""
    told: dict[str, Any] = {"sources": dict(reader.source_times())}
    for patient, key in zip(PATIENTS, KEYS, strict=True):
        entries = reader.entries(key)
        contents = [entry.content for entry in entries]
        told[str(key)] = (
            reader.patient_key(patient),
            reader.linked_keys(key),
            entries,
            reader.associations(key),
            reader.cares(key, contents),
            [reader.content(key, content) for content in contents],
            [reader.reading(key, content) for content in contents],
            [(reader.locate_unique(one.unique_id), reader.locate_entry(one.uuid)) for one in entries],
            (reader.blocks(key), reader.relations(key), reader.powers(key), reader.person(key)),
            (reader.looks(key), reader.events(key)),
        )
    return told


def _document(act: Act, related: tuple[Any, ...] = (), says: tuple[str, ...] = ()) -> NewDocument:
    author = PLACES[act.place]
    data = f"{act.patient}/{act.one}/{act.flag and act.other}".encode()
    draft = DocumentEntry(
        "", "", 1, 0, "approved", f"1.2^{act.one}", "", "1.2.3", "",
        created=NOW + act.one,
        series=f"series-{act.one % 3}" if act.other else "",
        series_version=act.one,
        authors=(Author(author),),
        parts=("plans",),
    )  # fmt: skip
    reading = StoredReading(key_of(data), "stamp", b"care" + data, b"record" * act.one)
    return NewDocument(Described(draft, (PATIENTS[act.patient],), says), data, key_of(data), reading, related)


def _submit(tx: Any, act: Act, number: int, *documents: NewDocument) -> Any:
    submission = Submission(
        documents=documents or (_document(act),),
        patient=PATIENTS[act.patient],
        submitter=PLACES[act.place],
        unique_id=f"2.25.{act.one}" if act.other == 1 else "",
        register_again=act.flag,
    )
    return submit(tx, submission, NumberedIds(number, KEYS[act.patient]), NOW + number)


def _some(tx: Any, act: Act) -> str:
    entries = entries_of(tx, KEYS[act.patient])
    return entries[act.other % len(entries)].uuid if entries else "urn:uuid:nobody"


def _replace(tx: Any, act: Act, number: int) -> Any:
    target = _some(tx, act)
    if act.flag:
        return _submit(tx, act, number, _document(act, (("RPLC", target),)))
    named = tx.entry(tx.locate_entry(target), target) if tx.locate_entry(target) else None
    return _submit(tx, act, number, _document(act, says=(named.unique_id if named else "1.2^x",)))


def _append(tx: Any, act: Act, number: int) -> Any:
    return _submit(tx, act, number, _document(act, (("APND", _some(tx, act)),)))


def _deprecate(tx: Any, act: Act, number: int) -> Any:
    ids = NumberedIds(number, 0)
    return deprecate(tx, Withdrawal(KEYS[act.patient], _some(tx, act), (PLACES[act.place],), NOW + number), ids)


def _block(tx: Any, act: Act, number: int) -> None:
    tx.put_block(KEYS[act.patient], Block(f"block-{act.one}", origin=PLACES[act.place] if act.flag else None))
    tx.put_relation(KEYS[act.patient], RELATION)
    tx.put_power(KEYS[act.patient], power(f"power-{act.other}", holder=act.one))


def _person(tx: Any, act: Act, number: int) -> None:
    tx.put_person(KEYS[act.patient], PersonFacts(died=act.one, protected=act.flag))
    tx.touch_source(f"source-{act.other}", NOW + act.one)


def _link(tx: Any, act: Act, number: int) -> Any:
    tx.link(KEYS[act.patient], KEYS[act.other])
    return tx.linked_keys(KEYS[act.patient])


def _unlink(tx: Any, act: Act, number: int) -> Any:
    tx.unlink(KEYS[act.patient], KEYS[act.other])
    return tx.linked_keys(KEYS[act.patient])


def _look(tx: Any, act: Act, number: int) -> None:
    actor = Actor("professional", "doctor-1", organisation=OrganisationRef("1", str(act.place)))
    patient = KEYS[act.patient]
    tx.add_look(Look(f"look-{number}", patient, actor, "treatment", "rule", NOW + number, "overview", "view"))
    tx.add_event(SecurityEvent(f"event-{number}", patient * act.flag, actor, "look", "done", "rule", NOW + number))


def _find(tx: Any, act: Act, number: int) -> Any:
    patient = KEYS[act.patient]
    actor = Actor("professional", "doctor-1", organisation=PRACTICE)
    terms = (patient, actor, 0, "treatment", "rule", "code", frozenset(ALL_PARTS), tx.blocks(patient), False, NOW * 2)
    query = Query(statuses=("approved", "deprecated") if act.flag else ("approved",), limit=act.one + 1)
    entries = entries_of(tx, patient)
    return find(tx, grant(Terms(*terms)), query), current(entries)


def _fail(tx: Any, act: Act, number: int) -> None:
    _submit(tx, act, number)
    _look(tx, act, number)
    tx.link(KEYS[0], KEYS[1])
    raise RuntimeError("this act is not to be kept")
