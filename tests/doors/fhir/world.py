"""The FHIR door of a house on memory: people and systems with tokens of their own, asked as a client asks."""

from functools import cache
from typing import Any

import httpx
import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette

from patientoverblik.access import Actor
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.fhir.opaque import SECRET_LENGTH, Opaque
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.service import House
from tests.doors.portal.browser import Browser
from tests.generative.doors.worlds import CITIZEN, DOCTOR, RELATIVE, furnished, place, system_of, told, whose
from tests.unit.service.make import CLINIC

BASE = "http://testserver"
FHIR = f"{BASE}/fhir"
ISSUER = "https://login.example"
KEY = ECKey.generate_key("P-256", auto_kid=True)
OPAQUE = Opaque(bytes(range(SECRET_LENGTH)), b"kept outside the database")
JSON = "application/fhir+json"
STRANGER = Actor("professional", "fremmed", "Fremmed", "læge", place("stranger"))
OFFICER = Actor("officer", "sikkerhed", "Sikkerhedsansvarlig")
EVERYTHING = {"system": "system/*.cruds", "officer": "user/*.rs"}
Scopes = str


def people() -> dict[str, Actor]:
    """Who can come to the door."""
    return {
        "doctor": DOCTOR.actor,
        "citizen": CITIZEN.actor,
        "relative": RELATIVE.actor,
        "stranger": STRANGER,
        "officer": OFFICER,
        "system": system_of("general-practice"),
        "clinic": Actor("system", "klinik", "Klinikkens system", organisation=CLINIC),
        "hospital": system_of("hospital"),
        "eyes": Actor("professional", "oje", "Test Øjenlæge", "læge", place("eye-clinic"), authorisation="ZZ998"),
    }


def token(house: House, who: str, scope: str = "", **more: Any) -> str:
    """An access token of somebody's, for an hour."""
    now = house.clock() // 1000
    kind = people()[who].kind
    usual = EVERYTHING.get(kind, "user/*.cruds")
    claims = {"iss": ISSUER, "aud": BASE, "sub": who, "client_id": "app", "iat": now, "exp": now + 3600, "jti": "t-1"}
    header = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    return jwt.encode(header, {**claims, "scope": scope or usual, **more}, KEY, algorithms=["ES256"])


def meaning(claims: Any, _at: int) -> Identified:
    """The person of a token; ``patient`` is the key it is bound to."""
    actor = people()[claims["sub"]]
    scopes = frozenset(claims["scope"].split())
    known = msgspec.structs.replace(actor, client="app", session="s-1")
    return Identified(known, 1 << 60, patient=claims.get("patient"), scopes=scopes, token="t-1", issuer=ISSUER)


@cache
def issuer() -> Issuer:
    """Whose tokens are believed."""
    published = msgspec.json.encode(KeySet([KEY]).as_dict(private=False))
    return Issuer(ISSUER, TrustedKeys(lambda: published), (BASE,), meaning)


class Door:
    """The door of a house, asked by one person at a time."""

    def __init__(self, house: House, who: str = "doctor", scope: str = "", **claims: Any) -> None:
        self.house, self.who = house, who
        self.token = token(house, who, scope, **claims)
        settings = FhirSettings(Tokens((issuer(),)), OPAQUE)
        self.application = Starlette(routes=routes(house, settings))
        self.browser = Browser(self.application, BASE)

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """One request below the base."""
        headers = {"authorization": f"Bearer {self.token}", **sent.pop("headers", {})}
        address = path if path.startswith("http") else f"/fhir/{path}".rstrip("/")
        return self.browser.request(method, address, headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self.ask("GET", path, **sent)

    def post(self, path: str, body: Any = None, **sent: Any) -> httpx.Response:
        """A resource, sent as JSON."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"content-type": JSON, **sent.pop("headers", {})}
        return self.ask("POST", path, content=content, headers=headers, **sent)

    def search(self, kind: str, **form: str) -> httpx.Response:
        """A search with its parameters in the body."""
        return self.ask("POST", f"{kind}/_search", data=form)

    @property
    def patient(self) -> str:
        """The patient's id at this door."""
        return OPAQUE.patient(7)


def door(who: str = "doctor", steps: str = "AB", **evidence: Any) -> Door:
    """The door of a house with the story's documents."""
    return Door(furnished(told(steps), **evidence), who)


def number(steps: str = "AB") -> str:
    """The patient's number."""
    return whose(told(steps)).value


def resources(answer: httpx.Response, mode: str = "match") -> list[dict[str, Any]]:
    """The resources of a searchset of one mode."""
    return [one["resource"] for one in answer.json().get("entry", ()) if one["search"]["mode"] == mode]


def codes(answer: httpx.Response) -> list[str]:
    """The problem codes of an OperationOutcome."""
    return [issue["details"]["coding"][0]["code"] for issue in answer.json()["issue"]]
