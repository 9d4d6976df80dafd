"""The FHIR door: a search with all that comes along, everything of a patient, their DocumentReferences, the overview as
a document, and a transaction of fifty resources taken in; decision and durable look included, beside the same bytes
from the floor."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from benches.load import Request, get, once, request
from benches.reading import SHARED, median_ms
from benches.servers import free_port, serving
from benches.serving import AT_ONCE, SEEN, environment_of, fetch, pair
from benches.submitting import floor_of
from benches.table import Figure
from benches.world import World, number_of
from patientoverblik.app.bearing import access_token, key_set
from patientoverblik.app.fhir import opaque_of
from patientoverblik.app.issuing import demo_issuer
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.conformance.fhir import claimed, definitions, profiles, structure
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.fhir.call import PATH
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, NAME
from patientoverblik.sharing.model import PatientId

FHIR_JSON = "application/fhir+json"
MINIMAL = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle"
LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
LOINC = "http://loinc.org"
CLAIMED = {
    "Patient": "http://hl7.dk/fhir/core/StructureDefinition/dk-core-patient",
    "Organization": "http://fhir.kl.dk/core/StructureDefinition/KLCommonOrganization",
    "CarePlan": "http://fhir.kl.dk/core/StructureDefinition/KLCommonCareSocialCarePlan",
    "Goal": "http://ehealth.sundhed.dk/fhir/StructureDefinition/ehealth-goal",
    "Composition": "http://medcomfhir.dk/ig/document/StructureDefinition/medcom-document-composition",
}
DEFINITIONS, FOLDERS = SHARED / "data/fhir", ("*/conformance", "r4/structuredefinitions")
GOALS = 43
FIRST_NEW, NEW_PATIENTS = 6_000, 125
EACH = 4
CORES = 2
SEARCHES = (
    ("CarePlan with _include=*", "CarePlan?patient=Patient/{}&_include=*", "≥ 500/s"),
    ("$everything, 20 documents", "Patient/{}/$everything", "≥ 500/s"),
    ("ITI-67, 20 entries", "DocumentReference?patient=Patient/{}&_count=20", "≥ 500/s"),
    ("$overblik", "Patient/{}/$overblik", "≥ 200/s"),
)


def measure_fhir(world: World) -> Iterator[Figure]:
    """The door on a server of its own, over the database that is filled already: by one worker, then by one a core."""
    headers = {"Authorization": f"Bearer {token_of(world)}"}
    with TemporaryDirectory() as folder:
        believed = _believed(world, Path(folder))
        for workers in (1, CORES):
            yield from _served(world, headers, workers, believed)
    yield from _judged([transaction(number_of(FIRST_NEW), each) for each in range(EACH)])


def _believed(world: World, folder: Path) -> dict[str, str]:
    """The setting by which a server believes the test issuer; where the database is a file it does so by itself."""
    if world.settings.database_file is not None:
        return {}
    claims = files("patientoverblik.demo").joinpath("tables", "claims.toml").read_text(encoding="utf-8")
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    (folder / "keys.json").write_bytes(key_set(demo_issuer(world.settings)))
    row = {"issuer": NAME, "audiences": [AUDIENCE], "claims": "claims.toml", "jwks_file": "keys.json"}
    told = "[[issuer]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in row.items())
    (folder / "issuers.toml").write_text(told, encoding="utf-8")
    return {"PATIENTOVERBLIK_TOKEN_ISSUERS": str(folder / "issuers.toml")}


def _served(world: World, headers: dict[str, str], workers: int, believed: dict[str, str]) -> Iterator[Figure]:
    """Every search, then bundles of patients that the database does not know; what is aimed at is for every core."""
    port, by = free_port(), f"{workers} {'workers' if workers > 1 else 'worker'}"
    environment = environment_of(world, port) | believed | {"PATIENTOVERBLIK_WORKERS": str(workers)}
    with serving(["-m", "patientoverblik", "serve"], port, environment):
        for name, path, goal in SEARCHES:
            asked = [get(f"{PATH}/{path.format(patient)}", headers) for patient in ids_of(world)]
            yield from pair(f"FHIR {name}, {by}", port, asked, goal if workers == CORES else "")
        first = FIRST_NEW + workers * NEW_PATIENTS
        new = [number_of(patient) for patient in range(first, first + NEW_PATIENTS)]
        brought = [transaction(number, each) for number in new for each in range(EACH)]
        sent = [provide(one, headers) for one in brought]
        _is_taken(fetch(port, sent[0]))
        rate = once(port, sent[1:], AT_ONCE, b'"201 Created"').per_second
        floor = floor_of([msgspec.json.encode(one) for one in brought[1:]])
        aim = "≥ 100/s" if workers == CORES else ""
        yield Figure(f"FHIR transaction of 50 resources, {by}", rate, "answers/s", floor, aim)


def _judged(bundles: Sequence[dict[str, Any]]) -> Iterator[Figure]:
    """What judging a bundle takes alone: by R4, and by published profiles where their definitions are here."""
    turn = cycle(bundles)
    by_r4 = median_ms(lambda: structure(next(turn)))
    yield Figure("  R4 structure of it alone, processor time", by_r4, "ms", goal="≤ 1.5 ms")
    if not DEFINITIONS.is_dir():
        print("judging by profile is left out: there are no definitions in ../shared", flush=True)
        return
    found = (path for folder in FOLDERS for path in sorted(DEFINITIONS.glob(f"{folder}/*.json")))
    known, claiming = profiles(definitions(path.read_bytes() for path in found)), cycle(map(_claiming, bundles))
    by_profile = median_ms(lambda: claimed(known, next(claiming)))
    yield Figure("  by the profiles it claims, processor time", by_profile, "ms", goal="≤ 20 ms")


def _claiming(one: Any) -> Any:
    """A resource that claims a published profile, and so does every one within it."""
    if isinstance(one, list):
        return [_claiming(each) for each in one]
    if not isinstance(one, dict):
        return one
    own = {"meta": {"profile": [CLAIMED[kind]]}} if (kind := one.get("resourceType")) in CLAIMED else {}
    return own | {name: _claiming(each) for name, each in one.items() if name not in own}


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
