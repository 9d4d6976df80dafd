"""AuditEvent by BALP: who looked at a patient's information, to the patient, to who acts for them, and to an officer.

They are the looks of the patient's own log, as it tells of them; reading it is an event and not a look.
"""

from collections.abc import Sequence

from patientoverblik.access import Look, Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.finding import Pool, page_of, pool_of
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.whose import Whose, is_others, least_key, owner_of
from patientoverblik.notify.audit_event import audit_event
from patientoverblik.notify.log_export import for_citizen
from patientoverblik.notify.record import Ourselves, of_look
from patientoverblik.service.log import log, log_overseen
from patientoverblik.service.registry import OTHER


async def find(call: Call) -> Answer:
    """A page of the looks at a patient."""
    begun = opened(call)
    if isinstance(begun, Answer):
        return begun
    looks = await _looks(call, begun.whose)
    if isinstance(looks, Refusal):
        return refused_by(looks.code, professional=call.actor.kind == "professional")
    key = least_key(call, begun.whose)
    return told_page(call, begun, page_of(_events(call, looks, key), begun.wanted, begun.after), key)


async def read(call: Call) -> Answer:
    """One look by its id."""
    whose = Whose(owner_of(call, call.id))
    looks = await _looks(call, whose)
    if isinstance(looks, Refusal):
        return refused(NOT_FOUND)
    found = _events(call, looks, least_key(call, whose)).by_name.get(f"{call.type}/{call.id}")
    return refused(NOT_FOUND) if found is None else told(call, found)


async def _looks(call: Call, whose: Whose) -> tuple[Look, ...] | Refusal:
    if is_others(call, whose):
        return OTHER
    if call.actor.kind == "officer":
        return await log_overseen(call.house, call.actor, whose.patient)
    return await log(call.house, call.actor, whose.patient)


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
