"""AuditEvent by BALP: who looked at a patient's information, to the patient, to who acts for them, and to an officer.

They are the looks of the patient's own log, as it tells of them; reading it is an event and not a look.
"""

from collections.abc import Sequence

from patientoverblik.access import Look, Refusal
from patientoverblik.edges.fhir.asked import Search, read_search, told_unknown
from patientoverblik.edges.fhir.bundle import address, searchset
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.finding import Page, Pool, page_of, pool_of
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.paging import cursor_of, cursor_text
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.whose import Whose, owner_of, whose_search
from patientoverblik.notify.audit_event import audit_event
from patientoverblik.notify.log_export import for_citizen
from patientoverblik.notify.record import Ourselves, of_look
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY, patient_key
from patientoverblik.service.log import log, log_overseen
from patientoverblik.service.registry import OTHER


async def find(call: Call) -> Answer:
    """A page of the looks at a patient."""
    cursors = call.values("_page")
    cursor = cursor_of(call, cursors[0]) if cursors else None
    if cursors and cursor is None:
        return refused(Finding("rest.page-ended"))
    whose = Whose(cursor.patient, rest=cursor.asked) if cursor else whose_search(call)
    if isinstance(whose, Finding):
        return refused(whose)
    wanted = read_search(call.type, whose.rest)
    if not isinstance(wanted, Search):
        return refused(*wanted)
    unknown = tuple(told_unknown(wanted, strict=call.strict))
    if unknown and call.strict:
        return refused(*unknown)
    looks = await _looks(call, whose)
    if isinstance(looks, Refusal):
        return refused_by(looks.code, professional=call.actor.kind == "professional")
    key = _least(call, whose)
    page = page_of(_events(call, looks, key), wanted, cursor.after if cursor else "")
    return refused(Finding("rest.page-ended")) if page is None else _told(call, wanted, page, key, unknown)


def _told(call: Call, wanted: Search, page: Page, key: int, unknown: tuple[Finding, ...]) -> Answer:
    own = (("patient", f"Patient/{call.opaque.patient(key)}"),)
    links = [("self", address(call.base, call.type, (*own, *wanted.said)))]
    if page.next:
        links.append(
            ("next", address(call.base, call.type, (("_page", cursor_text(call, key, wanted.said, page.next, 0)),)))
        )
    return searchset(call.base, wanted, page, links, unknown)


async def read(call: Call) -> Answer:
    """One look by its id."""
    whose = Whose(owner_of(call, call.id))
    looks = await _looks(call, whose)
    if isinstance(looks, Refusal):
        return refused(NOT_FOUND)
    found = _events(call, looks, _least(call, whose)).by_name.get(f"{call.type}/{call.id}")
    return refused(NOT_FOUND) if found is None else told(call, found)


async def _looks(call: Call, whose: Whose) -> tuple[Look, ...] | Refusal:
    bound, reader = call.sender.bound, call.house.storage.reader()
    if bound is not None and patient_key(reader, whose.patient) not in reader.linked_keys(bound):
        return OTHER
    if call.actor.kind == "officer":
        return await log_overseen(call.house, call.actor, whose.patient)
    return await log(call.house, call.actor, whose.patient)


def _least(call: Call, whose: Whose) -> int:
    reader = call.house.storage.reader()
    key = patient_key(reader, whose.patient)
    return min(reader.linked_keys(key)) if key else NOBODY


def _events(call: Call, looks: Sequence[Look], key: int) -> Pool:
    return pool_of(_event(call, look, key) for look in looks)


def _event(call: Call, look: Look, key: int) -> Rendition:
    """A look as an AuditEvent; the numbers and login names of others are told to officers alone."""
    reader = call.house.storage.reader()
    record = of_look(reader, look) if call.actor.kind == "officer" else for_citizen(reader, look)
    made = audit_event(record, Ourselves(id=call.house.home))
    patient = call.opaque.patient(key)
    entities = [_with_reference(one, f"Patient/{patient}") for one in made.get("entity", ())]
    name = call.opaque.thing(key, bare(look.id))
    said: Resource = {"resourceType": "AuditEvent", "id": name, **made, "entity": entities}
    return rendered(said, "1", look.at)


def _with_reference(entity: Resource, patient: str) -> Resource:
    """An entity with a reference to what is here: the patient, and documents by their entryUUID."""
    what = entity.get("what", {})
    if entity.get("type", {}).get("code") == "1":
        return {**entity, "what": {"reference": patient, **what}}
    value = what.get("identifier", {}).get("value", "")
    if what.get("type") == "DocumentReference":
        return {**entity, "what": {"reference": f"DocumentReference/{bare(value)}", **what}}
    return entity
