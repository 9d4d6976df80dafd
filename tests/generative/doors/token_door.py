"""The overview as JSON by an access token: a citizen's or relative's app by its permission, a professional's system."""

from functools import cache

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from patientoverblik.edges.identity.authorisation import App, Office, generated_key, signing_keys
from patientoverblik.edges.identity.authorisation.issue import GRANT_CLAIM
from patientoverblik.edges.identity.authorisation.model import Grant, Spendable
from patientoverblik.edges.identity.authorisation.office import allow
from patientoverblik.edges.identity.authorisation.resource import own_issuer
from patientoverblik.edges.identity.authorisation.signing import SigningKeys
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.issuers import meaning
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from patientoverblik.edges.portal import PortalSettings
from patientoverblik.edges.portal.portal import portal
from patientoverblik.service import House
from tests.doors.portal.browser import Browser
from tests.generative.doors.doors import PURPOSES, UNKNOWN_NUMBER, About, Reader, certain, name_ids, whole

BASE, ISSUER = "http://testserver", "https://login.example"
APP = App(id="dagbog", name="Min dagbog", owner="Dagbog ApS", scopes=("patient/*.rs",), redirects=(f"{BASE}/back",))
GRANT = "urn:uuid:00000000-0000-4000-8000-0000000000aa"
KEY = ECKey.generate_key("P-256", auto_kid=True)
CLAIMS = """
[kind]
always = "professional"
[professional]
role = "role"
authorisation = "authorisation"
[[organisation]]
claim = "place"
system = "sor"
name = "place_name"
"""
HOUR = 3600


def token_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of the JSON door to tokens of the reader: in order, about others, too narrow, too old, and none."""
    office = Office(BASE, {APP.id: APP}, {}, own_keys(), house.storage, house.clock, house.ids)
    name_ids(house, "allow app")
    if reader.actor.kind != "professional":
        allow(office, permission(house, reader, about), "code", Spendable("code", GRANT, 0, 1, APP.scopes))
    issuers = (own_issuer(office), others())
    browser = Browser(portal(house, PortalSettings(tokens=Tokens(issuers))), BASE)
    told = {}
    with certain():
        for name, words, body in asked(house, reader, about):
            name_ids(house, name)
            sent = {"authorization": f"Bearer {words}"} if words else {}
            told[name] = whole(browser.post("/api/overblik", content=body, headers=sent))
        name_ids(house, "token plans")
        sent = {"authorization": f"Bearer {token_of(house, reader)}"}
        told["token plans"] = whole(browser.post("/api/planer", content=plans_of(about), headers=sent))
    return told


def plans_of(about: About) -> bytes:
    """A list that asks whether there are plans, of the patient and of one never seen."""
    return msgspec.json.encode({"patients": [about.patient.value, UNKNOWN_NUMBER]})


def asked(house: House, reader: Reader, about: About):
    """The name of each question, its token and its body."""
    whose = {name: msgspec.json.encode({"patient": name}) for name in (about.patient.value, UNKNOWN_NUMBER)}
    own, unknown = whose.values()
    token = token_of(house, reader)
    yield "token json", token, own
    yield "token json whose it is", token, b"{}"
    yield "token json unknown", token, unknown
    yield "token json bad", token, b"{"
    yield "token json narrow", token_of(house, reader, scope="patient/Goal.rs user/Goal.rs"), own
    yield "token json old", token_of(house, reader, exp=house.clock() // 1000 - HOUR), own
    yield "token json unsigned", token.rpartition(".")[0] + ".AAAA", own
    yield "token json none", "", own


def token_of(house: House, reader: Reader, **changes: object) -> str:
    """An access token of our own for an app of the reader's, or of another issuer's for a professional."""
    now = house.clock() // 1000
    claims = {"aud": BASE, "client_id": APP.id, "iat": now, "exp": now + HOUR, "jti": "t-1"}
    if reader.actor.kind != "professional":
        mine = {"iss": BASE, "sub": "borger", GRANT_CLAIM: GRANT, "scope": "patient/*.rs"}
        return own_keys().sign({**claims, **mine, **changes}, "at+jwt")
    actor, place = reader.actor, reader.actor.organisation
    theirs = {"iss": ISSUER, "sub": actor.id, "name": actor.name, "role": actor.role, "scope": "user/*.rs"}
    work = {"place": place.value, "place_name": place.name, "authorisation": actor.authorisation}
    header = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    return jwt.encode(header, {**claims, **theirs, **work, **changes}, KEY, algorithms=["ES256"])


def permission(house: House, reader: Reader, about: About) -> Grant:
    """What the reader has allowed the app."""
    key = house.storage.reader().patient_key(about.patient)
    at = house.clock()
    purpose = PURPOSES[reader.actor.kind]
    return Grant(GRANT, key or 0, APP.id, reader.actor, purpose, APP.scopes, at, at + HOUR * 1000, "borger", "patient")


@cache
def own_keys() -> SigningKeys:
    """The keys we sign with."""
    return signing_keys((generated_key(),))


@cache
def others() -> Issuer:
    """The issuer of the professionals' systems, who calls them what every other door here does."""
    rules = load_claims(CLAIMS)
    assert isinstance(rules, ClaimsMap), rules
    published = msgspec.json.encode(KeySet([KEY]).as_dict(private=False))
    return Issuer(ISSUER, TrustedKeys(lambda: published), (BASE,), meaning(rules, within=""))
