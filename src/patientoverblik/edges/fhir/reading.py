"""A resource by its id, and one of its versions (R4 http.html#read, #vread)."""

from functools import partial

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.instants import http_date
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import Fill, wish_of
from patientoverblik.edges.fhir.whose import whose_thing
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Kind, Showing, contents

NOT_FOUND = Finding("rest.not-found")


async def read(call: Call, kind: Kind, fill: Fill) -> Answer:
    """The resource of the call's id, in the call's version where it names one; none that the reader may not see is
    answered like none at all."""
    whose = whose_thing(call, call.id)
    answer = await contents(call.house, wish_of(call, whose, kind), partial(_one, call, fill))
    if isinstance(answer, Refusal) or answer.value is None:
        return refused(NOT_FOUND)
    return told(call, answer.value)


def _one(call: Call, fill: Fill, has: Contents) -> Showing[Rendition | None]:
    found = fill(call, has).by_name.get(f"{call.type}/{call.id}")
    if found is not None and call.version not in ("", found.version):
        found = None
    return Showing(found, documents_of((found,) if found else ()))


def told(call: Call, one: Rendition, status: int = 200, *more: tuple[str, str]) -> Answer:
    """The answer with a resource; without it where the caller has this version (``If-None-Match``)."""
    changed = (("Last-Modified", http_date(one.updated)),) if one.updated else ()
    headers = (("ETag", one.etag), *changed, *more)
    if status == 200 and one.etag in call.headers.get("if-none-match", ""):
        return Answer(304, b"", headers)
    return Answer(status, one.data, headers)
