"""Organization by mCSD (ITI-90): the organisations of the configured sources, which are the same for everybody.

An Organization that a document names is the document's own, known by an id that begins with its patient's.
"""

from functools import lru_cache
from hashlib import sha256

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.fhir import contents_read
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.finding import Pool, page_of, pool_of
from patientoverblik.edges.fhir.opaque import POINT
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import concept
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.whose import NUMBER, PATIENT
from patientoverblik.formats.fhir import url_of
from patientoverblik.service import House, Source
from patientoverblik.service.evidence import NOBODY
from patientoverblik.sharing.metadata import Organisations


async def read(call: Call) -> Answer:
    """An Organization: a patient's document's own, or one of the directory."""
    if POINT in call.id:
        return await contents_read.read_one(call)
    found = directory(call.house).by_name.get(f"Organization/{call.id}")
    if found is None or call.version not in ("", found.version):
        return refused(NOT_FOUND)
    return told(call, found)


async def find(call: Call) -> Answer:
    """A page of the directory, or of a patient's documents' own where a patient is named."""
    if _names_patient(call):
        return await contents_read.find(call)
    begun = opened(call, patients=False)
    if isinstance(begun, Answer):
        return begun
    if begun.whose.patient != NOBODY:
        return await contents_read.find(call)
    return told_page(call, begun, page_of(directory(call.house), begun.wanted, begun.after), NOBODY)


def _names_patient(call: Call) -> bool:
    own = any(name == "_id" and POINT in value for name, value in call.asked)
    return own or any(name in PATIENT | NUMBER for name, _ in call.asked)


def directory(house: House) -> Pool:
    """Every organisation of the configuration."""
    return _directory(house.sources, tuple(sorted(house.organisations.items(), key=lambda pair: pair[0])))


@lru_cache(maxsize=8)
def _directory(sources: tuple[Source, ...], facts: tuple[tuple[tuple[str, str], object], ...]) -> Pool:
    known: Organisations = dict(facts)  # type: ignore[arg-type]
    named = {(one.system, one.value): one for source in sources for one in source.organisations}
    return pool_of(_organisation(one, known) for one in named.values())


def organisation_id(place: OrganisationRef) -> str:
    """The id of an organisation of the directory: of its identifier alone, so that it stays."""
    return sha256(f"{place.system}|{place.value}".encode()).hexdigest()[:32]


def _organisation(place: OrganisationRef, known: Organisations) -> Rendition:
    facts = known.get((place.system, place.value))
    kind = concept(facts.facility_type) if facts else None
    said = {
        "resourceType": "Organization",
        "id": organisation_id(place),
        "identifier": [{"system": url_of(place.system), "value": place.value}],
        "active": True,
        "type": [kind] if kind else [],
        "name": place.name,
    }
    return rendered({name: value for name, value in said.items() if value not in ("", [])}, "1", 0)
