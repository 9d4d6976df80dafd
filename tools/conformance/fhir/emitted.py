"""Every resource of the demo people as the FHIR door emits it, each in a file: what HL7's validator is given.

A professional who treats them all reads, and each citizen their own consents and log; with the people of the story come
synthetic ones, whose documents hold other kinds of content.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
from benches.world import open_session
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from msgspec.structs import replace
from starlette.applications import Starlette

from patientoverblik.access import Actor
from patientoverblik.app.fhir import opaque_of
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.care import Identifier
from patientoverblik.care.systems import CPR
from patientoverblik.demo.child import child_story
from patientoverblik.demo.generator import documents, for_bench
from patientoverblik.demo.load import load_demo
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.psychiatry import psychiatric_story
from patientoverblik.demo.story import Delivery as Told
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.demo.wiring import system_of
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.service import House
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.sharing.model import PatientId

BASE, ISSUER = "https://patientoverblik.example", "https://login.example"
KEY = ECKey.generate_key("P-256", auto_kid=True)
SYNTHETIC = 3
WHOLE = ("$overblik", "$summary")
SEARCHED, OWN = ("CarePlan", "DocumentReference", "List"), ("AuditEvent", "Consent")
PROFESSIONAL = 0
"""In place of a person: who treats them all."""
Resource = dict[str, Any]


def emit(folder: Path, database: Path) -> int:
    """Load a database with the demo people and write what the door tells of each; how many resources."""
    with opened(Settings(database=f"sqlite:///{database}", demo=True)) as house:
        asyncio.run(load_demo(house))
        asyncio.run(_synthetic(house))
        asyncio.run(open_session(house, tuple(one.value for one in _numbers())))
        told = enumerate(_everything(house))
        found = {f"{one['resourceType']}-{one.get('id', number)}": one for number, one in told}
    for name, one in found.items():
        (folder / f"{name}.json").write_text(json.dumps(one), encoding="utf-8")
    return len(found)


async def _synthetic(house: House) -> None:
    for patient in range(SYNTHETIC):
        for by, data in for_bench(patient):
            await deliver(house, system_of(by), Delivery(documents=(Handed(data),)))


def _everything(house: House) -> Iterator[Resource]:
    opaque = opaque_of(house)
    yield _ask(house, PROFESSIONAL, "metadata")
    for person in _people(house):
        patient = opaque.patient(person)
        yield from _pages(house, PROFESSIONAL, f"Patient/{patient}/$everything")
        for operation in WHOLE:
            yield _ask(house, PROFESSIONAL, f"Patient/{patient}/{operation}")
        for kind in SEARCHED:
            yield from _pages(house, PROFESSIONAL, f"{kind}?patient=Patient/{patient}")
        for kind in OWN:
            yield from _pages(house, person, f"{kind}?patient=Patient/{patient}")
    yield from _pages(house, PROFESSIONAL, "Organization")


def _numbers() -> set[Identifier]:
    """The number of everybody that something was delivered about."""
    synthetic = (one for number in range(SYNTHETIC) for one in documents(number, "bench", full=True))
    told = (*storyboard(), *psychiatric_story(), *child_story(), *synthetic)
    return {each for one in told if isinstance(one, Told) for each in one.care.patient.ids if each.system == CPR}


def _people(house: House) -> list[int]:
    """The key of each."""
    reader = house.storage.reader()
    keys = {reader.patient_key(PatientId(one.system, one.value)) for one in _numbers()}
    return sorted(key for key in keys if key is not None)


def _pages(house: House, person: int, address: str) -> Iterator[Resource]:
    """The resources of a searchset, and the first page itself."""
    page = _ask(house, person, address)
    yield page
    while page["resourceType"] == "Bundle":
        yield from (one["resource"] for one in page.get("entry", ()) if "id" in one["resource"])
        further = next((one["url"] for one in page.get("link", ()) if one["relation"] == "next"), "")
        page = _ask(house, person, further.removeprefix(f"{BASE}/fhir/")) if further else {"resourceType": ""}


def _ask(house: House, person: int, address: str) -> Resource:
    return asyncio.run(_asked(house, person, address))


async def _asked(house: House, person: int, address: str) -> Resource:
    door = Starlette(routes=routes(house, FhirSettings(Tokens((_issuer(person),)), opaque_of(house), BASE)))
    headers = {"authorization": f"Bearer {_token(house)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url=f"{BASE}/fhir/") as client:
        told: Resource = (await client.get(address, headers=headers)).json()
    return told


def _issuer(person: int) -> Issuer:
    """Who vouches for a citizen, or for the professional, at the door."""

    def meaning(claims: Mapping[str, Any], _at: int) -> Identified:
        citizen = Actor("citizen", str(claims["sub"]), "Borger", person=person)
        practice = organisations()["general-practice"].reference
        actor = citizen if person else Actor("professional", "bench", "Test Læge", "læge", practice)
        return Identified(
            replace(actor, client="app", session="s-1"),
            1 << 60,
            scopes=frozenset(["user/*.rs"]),
            token="t-1",
            issuer=ISSUER,
        )

    published = msgspec.json.encode(KeySet([KEY]).as_dict(private=False))
    return Issuer(ISSUER, TrustedKeys(lambda: published), (BASE,), meaning)


def _token(house: House) -> str:
    now = house.clock() // 1000
    claims = {"iss": ISSUER, "aud": BASE, "sub": "borger", "client_id": "app", "iat": now, "exp": now + 3600}
    header = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    return jwt.encode(header, claims | {"jti": "t-1"}, KEY, algorithms=["ES256"])
