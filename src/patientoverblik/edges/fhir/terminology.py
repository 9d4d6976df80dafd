"""ValueSet: the value sets that a search may name with ``:in``, the same for everybody (R4 valueset.html)."""

from collections.abc import Iterable
from functools import cache
from itertools import groupby

from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.finding import Pool, page_of, pool_of
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.value_sets import ValueSet, value_sets
from patientoverblik.formats.fhir.engine.tables import Code
from patientoverblik.service.evidence import NOBODY


async def find(call: Call) -> Answer:
    """A page of the value sets."""
    begun = opened(call, patients=False)
    if isinstance(begun, Answer):
        return begun
    return told_page(call, begun, page_of(_all(), begun.wanted, begun.after), NOBODY)


async def read(call: Call) -> Answer:
    """One of them."""
    found = _all().by_name.get(f"{call.type}/{call.id}")
    return refused(NOT_FOUND) if found is None else told(call, found)


@cache
def _all() -> Pool:
    return pool_of(map(_rendition, value_sets()))


def _rendition(one: ValueSet) -> Rendition:
    """A value set; the codes that stand without a system are told in words, for an include must have one."""
    bare = [code.code for code in one.codes if not code.system]
    named = sorted((code for code in one.codes if code.system), key=lambda code: (code.system, code.code))
    said: Resource = {
        "resourceType": "ValueSet",
        "id": one.name,
        "url": one.url,
        "name": "".join(part.capitalize() for part in one.name.replace(".", "-").split("-")),
        "title": one.title,
        "status": "active",
        "description": f"Uden system: {', '.join(bare)}" if bare else "",
        "compose": {"include": [_include(system, codes) for system, codes in groupby(named, _system)]},
    }
    if not named:
        said.pop("compose")
    return rendered({name: value for name, value in said.items() if value}, "1", 0)


def _system(code: Code) -> str:
    return code.system


def _include(system: str, codes: Iterable[Code]) -> Resource:
    concepts = [{"code": one.code} | ({"display": one.display} if one.display else {}) for one in codes]
    return {"system": system, "concept": concepts}
