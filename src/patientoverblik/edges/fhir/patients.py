"""Patient: by the number in a body, and by the opaque id that the answer gives (PDQm ITI-78, $match ITI-119).

Only an exact number or an id finds somebody, and nobody whom the asker may not see: an unknown number and one without
access are answered alike.
"""

from functools import partial
from typing import Any

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.asked import Search, read_search, told_unknown
from patientoverblik.edges.fhir.bundle import address, searchset, with_entries
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.content import content
from patientoverblik.edges.fhir.finding import Page, page_of
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import readable, wish_of
from patientoverblik.edges.fhir.whose import Whose, number_of, patient_named
from patientoverblik.formats.fhir import encode_json, system_of
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Showing, contents
from patientoverblik.service.evidence import NOBODY
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import PatientId

MATCH_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
NEEDS = Finding("rest.patient-needed")


async def read(call: Call) -> Answer:
    """The Patient of an id."""
    whose = Whose(patient_named(call, call.id), by_id=True)
    answer = await contents(call.house, wish_of(call, whose, "document"), partial(_patient, call))
    return refused(NOT_FOUND) if isinstance(answer, Refusal) else told(call, answer.value)


def _patient(call: Call, has: Contents) -> Showing[Rendition]:
    found = content(call, has).by_name[f"Patient/{call.opaque.patient(has.patient)}"]
    return Showing(found, documents_of((found,)))


async def find(call: Call) -> Answer:
    """The Patient of a number in the body, or of an id, if everything else that is asked fits too."""
    asked = dict(call.asked)
    whose = whom(call, asked)
    if whose is None:
        return refused(NEEDS)
    rest = tuple(pair for pair in call.asked if pair[0] not in ("identifier", "_id"))
    wanted = read_search("Patient", rest)
    if not isinstance(wanted, Search):
        return refused(*wanted)
    unknown = tuple(told_unknown(wanted, strict=call.strict))
    if unknown and call.strict:
        return refused(*unknown)
    answer = await contents(call.house, wish_of(call, whose, "document"), partial(_page, call, wanted))
    page, id_ = (Page((), (), 0), "") if isinstance(answer, Refusal) else answer.value
    link = address(call.base, "Patient", (("_id", id_),) if id_ else ())
    return searchset(call.base, wanted, page, (("self", link),), unknown)


def whom(call: Call, asked: dict[str, str]) -> Whose | None:
    """Whom a search of patients names; None where it names nobody."""
    if "identifier" in asked:
        return Whose(number_of(asked["identifier"]) or NOBODY, by_id=True)
    if "_id" in asked:
        return Whose(patient_named(call, asked["_id"]), by_id=True)
    return None if call.sender.bound is None else Whose(call.sender.bound, by_id=True)


def _page(call: Call, wanted: Search, has: Contents) -> Showing[tuple[Page, str]]:
    pool = readable(call, content(call, has))
    page = page_of(pool, wanted) or Page((), (), 0)
    entries = documents_of((*page.found, *page.along))
    return Showing((page, call.opaque.patient(has.patient)), entries)


async def match(call: Call) -> Answer:
    """The Patient that a Patient in the body matches with certainty, by number alone (R4 patient-operation-match)."""
    parameters = (call.resource or {}).get("parameter", [])
    wanted = next((one.get("resource", {}) for one in parameters if one.get("name") == "resource"), call.resource or {})
    numbers = [_number(one) for one in wanted.get("identifier", [])]
    number = next((one for one in numbers if one is not None), None)
    if number is None:
        return refused(Finding("mhd.patient-unnamed", place="Parameters.parameter", about="resource"))
    answer = await contents(call.house, wish_of(call, Whose(number, by_id=True), "document"), partial(_patient, call))
    found = () if isinstance(answer, Refusal) else (_matched(call, answer.value),)
    head = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    return Answer(200, with_entries(head, found))


def _number(identifier: dict[str, Any]) -> PatientId | None:
    return identify(system_of(identifier.get("system", "")), identifier.get("value", ""))


def _matched(call: Call, one: Rendition) -> bytes:
    graded = {"mode": "match", "score": 1, "extension": [{"url": MATCH_GRADE, "valueCode": "certain"}]}
    address_ = f"{call.base}/{one.name}".encode()
    return b'{"fullUrl":"%b","resource":%b,"search":%b}' % (address_, one.data, encode_json(graded))
