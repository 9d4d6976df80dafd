"""Provenance: to those who read, where each resource comes from (mXDE); to an officer, where each document does.

An officer oversees and reads nothing about the patient: they are told which organisation brought which document when,
and no more.
"""

from collections.abc import Iterable

from patientoverblik.access import OrganisationRef, Refusal
from patientoverblik.edges.fhir import contents_read
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.content import AGENT
from patientoverblik.edges.fhir.finding import Pool, page_of, pool_of
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.whose import Whose, is_others, least_key, owner_of
from patientoverblik.formats.fhir import url_of
from patientoverblik.service.log import documents_overseen
from patientoverblik.service.registry import OTHER
from patientoverblik.sharing.model import DocumentEntry

OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"


async def find(call: Call) -> Answer:
    """A page of a patient's Provenances."""
    if call.actor.kind != "officer":
        return await contents_read.find(call)
    begun = opened(call)
    if isinstance(begun, Answer):
        return begun
    held = await _held(call, begun.whose)
    if isinstance(held, Refusal):
        return refused_by(held.code, professional=False)
    return told_page(call, begun, page_of(held, begun.wanted, begun.after), least_key(call, begun.whose))


async def read(call: Call) -> Answer:
    """One of them by its id."""
    if call.actor.kind != "officer" or call.version:
        return await contents_read.read_one(call)
    held = await _held(call, Whose(owner_of(call, call.id)))
    found = None if isinstance(held, Refusal) else held.by_name.get(f"{call.type}/{call.id}")
    return refused(NOT_FOUND) if found is None else told(call, found)


async def _held(call: Call, whose: Whose) -> Pool | Refusal:
    if is_others(call, whose):
        return OTHER
    found = await documents_overseen(call.house, call.actor, whose.patient)
    return found if isinstance(found, Refusal) else _pool(call, found, least_key(call, whose))


def _pool(call: Call, documents: Iterable[DocumentEntry], key: int) -> Pool:
    return pool_of(_provenance(call, one, key) for one in documents)


def _provenance(call: Call, entry: DocumentEntry, key: int) -> Rendition:
    """That a document was registered: when, and whose it is."""
    said: Resource = {
        "resourceType": "Provenance",
        "id": call.opaque.thing(key, bare(entry.uuid)),
        "target": [
            {"reference": f"DocumentReference/{bare(entry.logical_id)}"},
            {"reference": f"Patient/{call.opaque.patient(key)}"},
        ],
        "recorded": instant(entry.registered),
        "activity": {"coding": [{"system": OPERATION, "code": "CREATE"}]},
        "agent": [_author(one) for one in entry.origins] or [{"who": {"display": call.house.home}}],
    }
    return rendered(said, "1", entry.registered)


def _author(place: OrganisationRef) -> Resource:
    named = {"system": url_of(place.system), "value": place.value}
    who = {"type": "Organization", "identifier": named} | ({"display": place.name} if place.name else {})
    return {"type": {"coding": [{"system": AGENT, "code": "author"}]}, "who": who}
