"""The FHIR door: a search with all that comes along, everything of a patient, their DocumentReferences, the overview as
a document, and a transaction of fifty resources taken in; decision and durable look included, beside the same bytes
from the floor."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from benches.load import Request, get, once, request
from benches.reading import median_ms
from benches.servers import free_port, serving
from benches.serving import AT_ONCE, SEEN, environment_of, fetch, pair
from benches.submitting import floor_of
from benches.table import Figure
from benches.world import World, number_of
from patientoverblik.app.bearing import access_token
from patientoverblik.app.fhir import opaque_of
from patientoverblik.app.issuing import demo_issuer
from patientoverblik.app.workshop import opened
from patientoverblik.conformance.fhir import structure
from patientoverblik.demo.identifiers import CPR
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.fhir.call import PATH
from patientoverblik.sharing.model import PatientId

FHIR_JSON = "application/fhir+json"
MINIMAL = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle"
LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
LOINC = "http://loinc.org"
GOALS = 43
NEW_PATIENTS = range(6_000, 6_250)
EACH = 4
SEARCHES = (
    ("CarePlan with _include=*", "CarePlan?patient=Patient/{}&_include=*", "≥ 500/s"),
    ("$everything, 20 documents", "Patient/{}/$everything", "≥ 500/s"),
    ("ITI-67, 20 entries", "DocumentReference?patient=Patient/{}&_count=20", "≥ 500/s"),
    ("$overblik", "Patient/{}/$overblik", "≥ 200/s"),
)


def measure_fhir(world: World) -> Iterator[Figure]:
    """The door on a server of its own, over the database that is filled already."""
    port = free_port()
    patients, headers = ids_of(world), {"Authorization": f"Bearer {token_of(world)}"}
    brought = [transaction(number_of(patient), each) for patient in NEW_PATIENTS for each in range(EACH)]
    with serving(["-m", "patientoverblik", "serve"], port, environment_of(world, port)):
        for name, path, goal in SEARCHES:
            asked = [get(f"{PATH}/{path.format(patient)}", headers) for patient in patients]
            yield from pair(f"FHIR {name}", port, asked, goal)
        sent = [provide(one, headers) for one in brought]
        _is_taken(fetch(port, sent[0]))
        rate = once(port, sent[1:], AT_ONCE, b'"201 Created"').per_second
        floor = floor_of([msgspec.json.encode(one) for one in brought[1:]])
        yield Figure(f"FHIR transaction of 50 resources, {AT_ONCE} at once", rate, "answers/s", floor, "≥ 100/s")
    turn = count()
    judged = median_ms(lambda: structure(brought[next(turn) % len(brought)]))
    yield Figure("  R4 structure of it alone, processor time", judged, "ms", goal="≤ 1.5 ms")


def ids_of(world: World) -> list[str]:
    """What the first patients are called at the door."""
    with opened(world.settings) as house:
        reader, opaque = house.storage.reader(), opaque_of(house)
        keys = (reader.patient_key(PatientId(CPR, number)) or 0 for number in world.numbers[:SEEN])
        return [opaque.patient(key) for key in keys]


def token_of(world: World) -> str:
    """An access token of a doctor of the practice that treats them all."""
    place = organisations()["general-practice"].reference
    persona = next(one for one in PERSONAS if one.actor().organisation == place)
    return access_token(demo_issuer(world.settings), persona, "user/*.cruds")


def provide(told: dict[str, Any], headers: dict[str, str]) -> Request:
    """ITI-65 with a bundle."""
    return request("POST", PATH, msgspec.json.encode(told), {**headers, "Content-Type": FHIR_JSON})


def _is_taken(answer: bytes) -> None:
    if b'"201 Created"' not in answer:
        raise RuntimeError("the transaction was not taken in")


def transaction(number: str, each: int) -> dict[str, Any]:
    """A transaction of fifty resources: a submission set, a document reference, and a FHIR document of a plan with its
    goals; every one new."""
    document = _document(number, each)
    subject = {"identifier": _identifier(number)}
    attachment = {"contentType": FHIR_JSON, "url": _name(number, each, "document")}
    reference = {
        "resourceType": "DocumentReference",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": _name(number, each, "bundle")},
        "status": "current",
        "subject": subject,
        "content": [{"attachment": attachment}],
    }
    package = {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": LIST_TYPES, "code": "submissionset"}]},
        "subject": subject,
        "entry": [{"item": {"reference": _name(number, each, "reference")}}],
    }
    parts = (("set", package), ("reference", reference), ("document", document))
    entries = [
        {
            "fullUrl": _name(number, each, name),
            "resource": one,
            "request": {"method": "POST", "url": one["resourceType"]},
        }
        for name, one in parts
    ]
    return {"resourceType": "Bundle", "meta": {"profile": [MINIMAL]}, "type": "transaction", "entry": entries}


def _document(number: str, each: int) -> dict[str, Any]:
    at = "2026-10-01T10:00:00+02:00"
    place = organisations()["general-practice"].reference
    patient = {"reference": _name(number, each, "patient")}
    own = {"reference": _name(number, each, "place")}
    goals = [_goal(patient, one) for one in range(GOALS)]
    names = [_name(number, each, f"goal{one}") for one in range(GOALS)]
    plan = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": "Forløbsplan",
        "subject": patient,
        "author": own,
        "goal": [{"reference": one} for one in names],
    }
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": "81215-6"}]},
        "subject": patient,
        "date": at,
        "author": [own],
        "custodian": own,
        "title": "Forløbsplan",
        "section": [{"title": "Plan", "entry": [{"reference": _name(number, each, "plan")}]}],
    }
    organisation = {
        "resourceType": "Organization",
        "identifier": [{"system": f"urn:oid:{place.system}", "value": place.value}],
        "name": place.name,
    }
    person = {"resourceType": "Patient", "identifier": [_identifier(number)]}
    first: Sequence[tuple[str, dict[str, Any]]] = (
        ("composition", composition),
        ("patient", person),
        ("place", organisation),
        ("plan", plan),
    )
    parts = [(_name(number, each, name), one) for name, one in first] + list(zip(names, goals, strict=True))
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": _name(number, each, "bundle")},
        "type": "document",
        "timestamp": at,
        "entry": [{"fullUrl": url, "resource": one} for url, one in parts],
    }


def _goal(patient: dict[str, str], number: int) -> dict[str, Any]:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": {"text": f"Gå {number + 1} km om ugen"},
        "subject": patient,
        "startDate": "2026-10-01",
        "target": [{"dueDate": "2027-01-01"}],
    }


def _identifier(number: str) -> dict[str, str]:
    return {"system": f"urn:oid:{CPR}", "value": number}


def _name(number: str, each: int, part: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{number}-{each}-{part}')}"
