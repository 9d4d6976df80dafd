"""The FHIR door: every search, read, operation and page, by an access token of the reader's own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette

from patientoverblik.edges.fhir.content import exchange, names_of
from patientoverblik.edges.fhir.content import resources_of as resources_in
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.fhir.interactions import rows
from patientoverblik.edges.fhir.opaque import SECRET_LENGTH, Opaque
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.overview.gather import Held
from patientoverblik.service import House
from patientoverblik.service.contributions import contributions
from tests.doors.portal.browser import Browser
from tests.generative.doors.doors import (
    NO_SUCH_DOCUMENT,
    PURPOSES,
    UNKNOWN_NUMBER,
    About,
    Reader,
    certain,
    name_ids,
    whole,
)

BASE, ISSUER = "http://testserver", "https://login.example"
KEY = ECKey.generate_key("P-256", auto_kid=True)
OPAQUE = Opaque(bytes(range(SECRET_LENGTH)), b"kept outside the database")
PATIENT_KEY = 7
JSON = {"content-type": "application/fhir+json"}
CPR = "urn:oid:1.2.208.176.1.2"
SEARCHED = tuple(
    row.type
    for row in rows()
    if row.code == "search-type" and row.method == "GET" and row.type not in ("Patient", "Organization", "Consent")
)
Asked = tuple[str, str, str, dict[str, Any]]


def fhir_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of the door, by the name of the question."""
    door = Starlette(routes=routes(house, FhirSettings(Tokens((issuer_for(reader),)), OPAQUE)))
    browser, told = Browser(door, BASE), {}
    headers = {"authorization": f"Bearer {token(house)}"}

    def ask(name: str, method: str, path: str, sent: dict[str, Any]) -> str:
        name_ids(house, name)
        given = {**headers, **sent.pop("headers", {})}
        address = path if path.startswith("http") else f"/fhir/{path}"
        answer = browser.request(method, address, headers=given, **sent)
        told[name] = whole(answer)
        return next_of(answer) if answer.status_code == 200 and "json" in answer.headers["content-type"] else ""

    with certain():
        for name, method, path, sent in asked(about):
            further = ask(name, method, path, dict(sent))
            if further:
                ask(f"{name} next", "GET", further, {})
    assert not [name for name, answer in told.items() if answer.startswith(b"500")]
    return told


def next_of(answer: Any) -> str:
    """The address of the next page."""
    links = answer.json().get("link", ())
    return next((one["url"] for one in links if one["relation"] == "next"), "")


def asked(about: About) -> Iterator[Asked]:
    """Every question: its name, method, address below the base, and what is sent."""
    patient = OPAQUE.patient(PATIENT_KEY)
    yield from searches(patient, about.patient.value)
    yield from whole_patient(patient)
    for document in (*about.documents, NO_SUCH_DOCUMENT):
        name = document.removeprefix("urn:uuid:")
        yield f"fhir reference {document}", "GET", f"DocumentReference/{name}", {}
        yield f"fhir binary {document}", "GET", f"Binary/{name}", {}
        yield f"fhir found {document}", "GET", f"DocumentReference?_id={name}", {}
        yield f"fhir identified {document}", "GET", f"DocumentReference?identifier={document}", {}
    for one in (*about.sets, *about.folders, NO_SUCH_DOCUMENT):
        yield f"fhir list {one}", "GET", f"List/{one.removeprefix('urn:uuid:')}", {}
    for one in (*about.resources, f"Goal/{patient}.none", "Goal/none"):
        yield f"fhir read {one}", "GET", one, {}
        yield f"fhir history {one}", "GET", f"{one}/_history", {}
        yield f"fhir by id {one}", "GET", f"{one.partition('/')[0]}?_id={one.partition('/')[2]}", {}


def searches(patient: str, number: str) -> Iterator[Asked]:
    """Searches of every type, with all that can come along, by pages, counts and orders."""
    for kind in SEARCHED:
        about = f"{kind}?patient=Patient/{patient}"
        yield f"fhir {kind}", "GET", about, {}
        yield f"fhir {kind} along", "GET", f"{about}&_include=*&_revinclude=*&_include:iterate=*", {}
        yield f"fhir {kind} two", "GET", f"{about}&_count=2&_sort=-_lastUpdated", {}
        yield f"fhir {kind} count", "GET", f"{about}&_summary=count", {}
        yield f"fhir {kind} unknown", "GET", f"{kind}?patient=Patient/{OPAQUE.patient(99)}", {}
    yield "fhir post", "POST", "CarePlan/_search", {"data": {"patient.identifier": f"{CPR}|{number}"}}
    yield "fhir post unknown", "POST", "CarePlan/_search", {"data": {"patient.identifier": f"{CPR}|{UNKNOWN_NUMBER}"}}
    yield "fhir xml", "GET", f"CarePlan?patient=Patient/{patient}&_format=xml", {}
    yield "fhir chained", "GET", f"DocumentReference?patient=Patient/{patient}&author.family=Berggren", {}
    yield "fhir strict", "GET", f"Goal?patient={patient}&nothing=x", {"headers": {"prefer": "handling=strict"}}
    yield "own fhir consents", "GET", f"Consent?patient=Patient/{patient}", {}


def whole_patient(patient: str) -> Iterator[Asked]:
    """The patient, and what is told of them whole."""
    for name in (patient, OPAQUE.patient(99), "nobody"):
        yield f"fhir patient {name}", "GET", f"Patient/{name}", {}
        for operation in ("everything", "everything?_count=3", "overblik", "summary"):
            yield f"fhir {operation} {name}", "GET", f"Patient/{name}/${operation}", {}
    for number in ("own", UNKNOWN_NUMBER):
        yield f"fhir patients {number}", "POST", "Patient/_search", {"data": {"identifier": f"{CPR}|{number}"}}


def resources_of(house: House, documents: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the resources of some documents, as they are in a house that holds them; handovers among them."""
    patient, held = OPAQUE.patient(PATIENT_KEY), said_in(house, documents)
    names = [name for one in held for name in names_of(one, patient).values()]
    names += [ask.task.name for one in held for ask in exchange(one, patient).asks]
    names += [reply.task.name for one in held for reply in exchange(one, patient).replies]
    return tuple(dict.fromkeys(names))


def identifiers_of(house: House, documents: tuple[str, ...]) -> tuple[str, ...]:
    """The identifiers of the goals of some documents, as ``system|value``: two of each."""
    held = said_in(house, documents)
    goals = [
        one.resource for each in held for one in resources_in(each, OPAQUE.patient(PATIENT_KEY)) if one.type == "Goal"
    ]
    found = [f"{one['system']}|{one['value']}" for goal in goals for one in goal.get("identifier", ())[:2]]
    return tuple(dict.fromkeys(found))


def said_in(house: House, documents: tuple[str, ...]) -> list[Held]:
    """What some documents say."""
    reader = house.storage.reader()
    entries = [one for one in reader.entries(PATIENT_KEY) if one.uuid in documents]
    read = contributions(reader, house.kept, entries)
    return [(one, read[one.content].care) for one in entries]


def token(house: House) -> str:
    """An access token of the reader's."""
    now = house.clock() // 1000
    claims = {
        "iss": ISSUER,
        "aud": BASE,
        "sub": "reader",
        "client_id": "app",
        "iat": now,
        "exp": now + 3600,
        "jti": "t-1",
    }
    return jwt.encode({"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}, claims, KEY, algorithms=["ES256"])


def issuer_for(reader: Reader, letters: str = "rs") -> Issuer:
    """Who vouches for a reader: a citizen's and a relative's token is bound to the patient. ``letters`` are what the
    token's scope is for."""
    published = msgspec.json.encode(KeySet([KEY]).as_dict(private=False))
    return Issuer(ISSUER, TrustedKeys(lambda: published), (BASE,), partial(_meaning, reader, letters))


def _meaning(reader: Reader, letters: str, claims: Any, _at: int) -> Identified:
    person = reader.actor.kind != "professional"
    actor = msgspec.structs.replace(reader.actor, client="app", session=claims["jti"])
    scopes = frozenset({f"patient/*.{letters}"} if person else {f"user/*.{letters}"})
    purpose = PURPOSES[reader.actor.kind]
    patient = PATIENT_KEY if person else None
    return Identified(actor, 1 << 60, reader.own, patient, purpose, scopes, claims["jti"], ISSUER)
