"""Patient/$summary: the International Patient Summary of what is held here (IPS 2.0; ISO 27269).

What this service does not hold is "information unavailable": nothing is said of medicine and allergies, least of all
that there are none.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.composed import body_of, document, section, unavailable
from patientoverblik.edges.fhir.content import content
from patientoverblik.edges.fhir.finding import Pool
from patientoverblik.edges.fhir.outcome import refused_by
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import readable, wish_of
from patientoverblik.edges.fhir.whose import Whose, patient_named
from patientoverblik.service.contents import Contents, Showing, contents

LOINC = "http://loinc.org"
NOT_HERE = "Oplysninger er ikke tilgængelige her."
NONE_HELD = "Der er ikke registreret noget her i de dokumenter, der er hentet."
CARD = "urn:oid:1.2.208.184.100.1"
"""MedCom's codes, which the facts of the master-data card are told by: they are Observations and no measurements."""
ENDED = frozenset({"inactive", "remission", "resolved"})


def _code(code: str, display: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


TYPE = _code("60591-5", "Patient summary Document")
PROBLEMS = _code("11450-4", "Problem list - Reported")
MEDICINE = _code("10160-0", "History of Medication use Narrative")
ALLERGIES = _code("48765-2", "Allergies and adverse reactions Document")
PLANS = _code("18776-5", "Plan of care note")
RESULTS = _code("30954-2", "Relevant diagnostic tests/laboratory data Narrative")
PLANNED = ("CarePlan", "Goal", "ServiceRequest", "Appointment")


async def summary(call: Call) -> Answer:
    """The patient summary of a patient."""
    wish = wish_of(call, Whose(patient_named(call, call.id)), "document")
    answer = await contents(call.house, wish, partial(_chosen, call))
    if isinstance(answer, Refusal):
        return refused_by(answer.code, professional=call.actor.kind == "professional")
    has, pool = answer.value
    body = body_of(pool, call.opaque.patient(has.patient), sections(pool))
    return document(call, has, answer.look, {"type": TYPE, "title": "Patientresumé"}, body)


def _chosen(call: Call, has: Contents) -> Showing[tuple[Contents, Pool]]:
    pool = readable(call, content(call, has))
    told = documents_of(one for one in pool.by_name.values() if one.type != "DocumentReference")
    return Showing((has, pool), told)


def sections(pool: Pool) -> list[Resource]:
    """The sections, those the norm demands first."""
    problems = [one for one in pool.of("Condition") if not _is_over(one)]
    plans = [one for kind in PLANNED for one in pool.of(kind)]
    return [
        _of("Helbredsproblemer", problems, PROBLEMS),
        unavailable("Medicin", MEDICINE, NOT_HERE),
        unavailable("Allergier", ALLERGIES, NOT_HERE),
        _of("Planer, mål og aftaler", plans, PLANS),
        _of("Målinger", [one for one in pool.of("Observation") if not _is_of_card(one)], RESULTS),
    ]


def _of(title: str, found: Iterable[Rendition], code: Resource) -> Resource:
    held = list(found)
    return section(title, [one.name for one in held], map(_words, held), code, "" if held else NONE_HELD)


def _is_over(one: Rendition) -> bool:
    codings = one.resource.get("clinicalStatus", {}).get("coding", [])
    return any(each.get("code") in ENDED for each in codings)


def _is_of_card(one: Rendition) -> bool:
    codings = [each for kind in one.resource.get("category", []) for each in kind.get("coding", [])]
    return any(each.get("system") == CARD for each in codings)


def _words(one: Rendition) -> str:
    """A resource in words: its title, else what it is about."""
    held = one.resource
    about: Any = held.get("code") or held.get("description") or {}
    if isinstance(about, str):
        return str(held.get("title", about))
    coded = [one["display"] for one in about.get("coding", []) if "display" in one]
    return str(held.get("title") or about.get("text") or "".join(coded[:1]))
