"""Read and search of what the documents say (R4 http.html; QEDm's spirit): one line for every clinical type.

A version is the document a resource stands in, so those of replaced documents can be read too; what was withdrawn is
gone, and its versions can be read still.
"""

from collections.abc import Iterator
from functools import partial

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.bundle import with_entries
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.content import content, exchange, newest_first, resources_of
from patientoverblik.edges.fhir.handovers import Exchange, versions_of
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import dated
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import search, wish_of
from patientoverblik.edges.fhir.whose import whose_thing
from patientoverblik.formats.fhir import encode_json
from patientoverblik.overview.gather import Gathered
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Showing, contents

GONE = Finding("rest.gone")
Versions = tuple[Rendition, ...]


async def find(call: Call) -> Answer:
    """A page of the resources of a type."""
    return await search(call, "document", content)


async def read_one(call: Call) -> Answer:
    """A resource by its id, in a version where one is named."""
    answer = await contents(call.house, wish_of(call, whose_thing(call, call.id), "document"), partial(_one, call))
    if isinstance(answer, Refusal):
        return refused(NOT_FOUND)
    return refused(answer.value) if isinstance(answer.value, Finding) else told(call, answer.value)


def _one(call: Call, has: Contents) -> Showing[Rendition | Finding]:
    found: Rendition | Finding = _version(call, has) if call.version else _current(call, has)
    return Showing(found, documents_of((found,) if isinstance(found, Rendition) else ()))


def _current(call: Call, has: Contents) -> Rendition | Finding:
    found = content(call, has).by_name.get(f"{call.type}/{call.id}")
    if found is not None:
        return found
    return GONE if any(True for _ in versions(call, has)) else NOT_FOUND


def _version(call: Call, has: Contents) -> Rendition | Finding:
    return next((one for one in versions(call, has) if one.version == call.version), NOT_FOUND)


def versions(call: Call, has: Contents) -> Iterator[Rendition]:
    """Every version of a resource that exists for the reader, the newest first."""
    return dated(call, _versions(call, has), has.registered.entries)


def _versions(call: Call, has: Contents) -> Iterator[Rendition]:
    patient, name = call.opaque.patient(has.patient), f"{call.type}/{call.id}"
    gathered = has.gathered
    if asked := versions_of(name, _exchanges(gathered, patient)):
        yield from asked
        return
    for held in newest_first((*gathered.current, *gathered.withdrawn, *gathered.replaced)):
        yield from (one for one in resources_of(held, patient) if one.name == name)


def _exchanges(gathered: Gathered, patient: str) -> Iterator[Exchange]:
    """What the documents have asked and answered; an answer that was withdrawn was never given."""
    yield from (exchange(held, patient) for held in (*gathered.current, *gathered.replaced))
    yield from (Exchange(exchange(held, patient).asks) for held in gathered.withdrawn)


async def history(call: Call) -> Answer:
    """Every version of one resource (R4 http.html#history)."""
    answer = await contents(call.house, wish_of(call, whose_thing(call, call.id), "document"), partial(_all, call))
    if isinstance(answer, Refusal) or not answer.value:
        return refused(NOT_FOUND)
    entries = [_in_history(call, one) for one in answer.value]
    head = {"resourceType": "Bundle", "type": "history", "total": len(entries)}
    return Answer(200, with_entries(head, entries))


def _all(call: Call, has: Contents) -> Showing[Versions]:
    found = tuple(versions(call, has))
    return Showing(found, documents_of(found))


def _in_history(call: Call, one: Rendition) -> bytes:
    request = encode_json({"method": "PUT", "url": one.name})
    response = encode_json({"status": "200", "etag": one.etag, "lastModified": instant(one.updated)})
    address = f"{call.base}/{one.name}".encode()
    return b'{"fullUrl":"%b","resource":%b,"request":%b,"response":%b}' % (address, one.data, request, response)
