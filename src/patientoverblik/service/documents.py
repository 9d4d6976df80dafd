"""Documents as they are: which there are for a reader, and one of them whole (DESIGN 12, 13)."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from patientoverblik.access import PROTECTED_ADDRESS, Actor, Look, Permit, Purpose, Refusal, ShownDocument, whole
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.model import Listed, Retrieved
from patientoverblik.service.picture import hidden_from
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing import find as find_entries
from patientoverblik.sharing import retrieve as retrieve_document
from patientoverblik.sharing.find import Found, Query
from patientoverblik.sharing.model import Author, Code, DocumentEntry, PatientId
from patientoverblik.sharing.retrieve import Retrieved as Whole
from patientoverblik.sharing.title import plain_title

KEPT = 2048
_DISCREET: Recent[tuple[Same, bool, bool], DocumentEntry] = Recent(KEPT)
NO_DOCUMENT = Refusal("no-such-document", "sharing.document-unknown")
EVERY = Query(statuses=("approved", "deprecated"), object_types=("stable", "on-demand"))


async def list_documents(
    house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, query: Query = EVERY
) -> Listed | Refusal:
    """A page of the entries that exist for the reader and fit the query; durably logged when this returns."""
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        answer = _found(reader, ask(house, reader, actor, key, purpose, at), query)
    if isinstance(answer, Refusal):
        return await refuse(house, actor, key, "list", answer, after_refusal(house, actor, key, "list", answer))
    permit, found = answer
    filtered = found.filtered and house.block_notice == "generic"
    look = look_at(house, permit, at, "list", found.entries, filtered)
    event = done(house, actor, key, "list", permit.rule, _ids(found.entries))
    await write(house, event, look, after_look(house, permit, look))
    entries = tuple(discreet(permit, entry) for entry in found.entries)
    return Listed(entries, found.total, found.next, filtered, look.id, permit.override, permit.asked_again_at)


async def retrieve(
    house: House, actor: Actor, purpose: Purpose, document: str, patient: PatientId | int | None = None, left: str = ""
) -> Retrieved | Refusal:
    """A document by entryUUID or uniqueId, its bytes as they were submitted; durably logged when this returns.

    Where the door has no patient, no right is answered like no such document: an id must not tell whose it is. A
    refusal with the code ``left`` is left to the caller, who writes down what comes of it.
    """
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = _owner(reader, document) if patient is None else patient_key(reader, patient)
        decision = ask(house, reader, actor, key, purpose, at)
        answer = _retrieved(reader, decision, document)
    if isinstance(answer, Refusal) and answer.code == left:
        return answer
    if isinstance(answer, Refusal):
        then = after_refusal(house, actor, key, "retrieve", answer) if patient else None
        await refuse(house, actor, key, "retrieve", answer, then)
        return NO_DOCUMENT if answer is decision and patient is None else answer
    permit, found = answer
    look = look_at(house, permit, at, "document", (found.entry,), False)
    event = done(house, actor, key, "retrieve", permit.rule, (found.entry.uuid,))
    await write(house, event, look, after_look(house, permit, look))
    entry = discreet(permit, found.entry)
    return Retrieved(entry, found.data, look.id, permit.override, permit.asked_again_at)


def discreet(permit: Permit, entry: DocumentEntry) -> DocumentEntry:
    """The entry without the words that could tell a withheld fact, for a reader who may not have the bytes; and
    without a personal number in its title for everybody. Of the very same entry the very same."""
    is_whole = whole(permit, entry)
    if is_whole and plain_title(entry.title) == entry.title:
        return entry
    key = (Same((entry,)), is_whole, permit.hides_home)
    kept = _DISCREET.get(key)
    if kept is None:
        kept = _DISCREET[key] = _untitled(entry) if is_whole else _darkened(entry, permit.hides_home)
    return kept


def _untitled(entry: DocumentEntry) -> DocumentEntry:
    """The entry without a number in its title."""
    return msgspec.structs.replace(entry, title=plain_title(entry.title))


def _darkened(entry: DocumentEntry, hides_home: bool) -> DocumentEntry:
    """The entry without those words."""
    hidden = hides_home or PROTECTED_ADDRESS in entry.withheld
    return msgspec.structs.replace(
        entry,
        title=CATALOGUE["service.withheld-title"].da,
        class_code=wordless(entry.class_code),
        type_code=wordless(entry.type_code),
        event_codes=(),
        authors=_at_work(entry.authors) if hides_home else entry.authors,
        source_patient_info=() if hidden else entry.source_patient_info,
        comments="",
        extra=(),
    )


def _at_work(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """The authors who write for an organisation: who writes for nobody is the patient, or near to them."""
    return tuple(one for one in authors if one.organisation is not None)


def wordless(code: Code | None) -> Code | None:
    """A code without the words that its sender gave it."""
    return None if code is None else msgspec.structs.replace(code, display="")


def _found(reader: Reader, decision: Permit | Refusal, query: Query) -> tuple[Permit, Found] | Refusal:
    if isinstance(decision, Refusal):
        return decision
    found = find_entries(reader, decision, query)
    return Refusal("query", found.code) if isinstance(found, Finding) else (decision, found)


def _retrieved(reader: Reader, decision: Permit | Refusal, document: str) -> tuple[Permit, Whole] | Refusal:
    if isinstance(decision, Refusal):
        return decision
    found = retrieve_document(reader, decision, document)
    if isinstance(found, Finding):
        return NO_DOCUMENT if found.code == NO_DOCUMENT.code else Refusal("whole-or-refused", found.code)
    return decision, found


def _owner(reader: Reader, document: str) -> int:
    located = reader.locate_entry(document)
    return located or next((patient for patient, _ in reader.locate_unique(document)), 0)


def look_at(
    house: House,
    permit: Permit,
    at: int,
    act: Literal["list", "document", "flag"],
    entries: Sequence[DocumentEntry],
    filtered: bool,
) -> Look:
    """The look at some of a patient's documents, or at which there are or whether any, as it is written down."""
    return Look(
        id=house.ids.uuid(),
        patient=permit.patient,
        actor=permit.actor,
        purpose=permit.purpose,
        rule=permit.rule,
        at=at,
        act=act,
        view=act,
        documents=tuple(ShownDocument(one.uuid, one.version, one.status, one.content, "") for one in entries),
        filtered=filtered,
        scope=tuple(sorted(permit.scope)),
        override=permit.override,
        outcome=permit.outcome,
        hidden_from=hidden_from(entries),
        protected=permit.hides_home,
        unnamed=permit.hides_relatives,
        dead=permit.dead,
    )


def _ids(entries: Sequence[DocumentEntry]) -> tuple[str, ...]:
    return tuple(entry.uuid for entry in entries)
