"""Read and search of what the documents say (R4 http.html; QEDm's spirit): one line for every clinical type.

A version is the document a resource stands in, so those of replaced documents can be read too; what was withdrawn is
gone, and its versions can be read still.
"""

from collections.abc import Iterator
from functools import partial

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.bundle import with_entries
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.content import content, newest_first, resources_of
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.rendition import Rendition
from patientoverblik.edges.fhir.searching import search, wish_of
from patientoverblik.edges.fhir.whose import whose_thing
from patientoverblik.formats.fhir import encode_json
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
    shown = isinstance(found, Rendition) and bool(found.entry)
    return Showing(found, frozenset({found.entry} if isinstance(found, Rendition) and shown else ()))


def _current(call: Call, has: Contents) -> Rendition | Finding:
    found = content(call, has).by_name.get(f"{call.type}/{call.id}")
    if found is not None:
        return found
    return GONE if any(True for _ in versions(call, has)) else NOT_FOUND


def _version(call: Call, has: Contents) -> Rendition | Finding:
    return next((one for one in versions(call, has) if one.version == call.version), NOT_FOUND)


def versions(call: Call, has: Contents) -> Iterator[Rendition]:
    """Every version of a resource that exists for the reader, the newest first."""
    patient = call.opaque.patient(has.patient)
    gathered = has.gathered
    for held in newest_first((*gathered.current, *gathered.withdrawn, *gathered.replaced)):
        yield from (one for one in resources_of(held, patient) if one.name == f"{call.type}/{call.id}")


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
    return Showing(found, frozenset(one.entry for one in found))


def _in_history(call: Call, one: Rendition) -> bytes:
    request = encode_json({"method": "PUT", "url": one.name})
    response = encode_json({"status": "200", "etag": one.etag, "lastModified": instant(one.updated)})
    address = f"{call.base}/{one.name}".encode()
    return b'{"fullUrl":"%b","resource":%b,"request":%b,"response":%b}' % (address, one.data, request, response)
