"""A whole service with registered apps: people log in by the test login, apps call what a real app calls."""

import base64
import hashlib
import itertools
import json
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from patientoverblik.access import OrganisationRef, PersonFacts, PowerOfAttorney
from patientoverblik.app.login import with_test_login
from patientoverblik.edges.identity.authorisation import App, Office, Server, generated_key, signing_keys
from patientoverblik.edges.identity.authorisation.apps import checked
from patientoverblik.edges.identity.certificate import Proxies
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.tokens import tokens
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made
from tests.unit.portal import sample

BASE = "http://testserver"
BACK = "https://app.example/back"
VERIFIER = "v" * 43
SECRET = "a-secret-of-the-confidential-app-0123456789"
EVERYTHING = "openid fhirUser launch/patient offline_access patient/*.rs"
NO_PROXIES = Proxies()
NANCY, OTHER = sample.CPR, "7102509989"

EC = ECKey.generate_key("P-256", auto_kid=True)
OTHER_EC = ECKey.generate_key("P-256", auto_kid=True)
RSA = RSAKey.generate_key(2048, auto_kid=True)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNING = generated_key()
_count = itertools.count()


def jwks(*keys) -> bytes:
    return json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()


def apps(**changes):
    scopes = tuple(EVERYTHING.split())
    public = App(
        id="dagbog",
        name="Min dagbog",
        owner="Dagbog ApS",
        scopes=scopes,
        redirects=(BACK, "http://127.0.0.1:7777/back"),
    )
    hashed = hashlib.sha256(SECRET.encode()).hexdigest()
    confidential = App(id="fortrolig", name="Fortrolig app", owner="Fortrolig A/S", scopes=scopes, redirects=(BACK,),
                       authentication="client_secret_basic", secret_sha256=hashed)  # fmt: skip
    place = OrganisationRef("1.2.208.176.1.1", "123456789012345", "Testkommunen")
    backend = App(id="journal", name="Journalsystem", owner="Leverandøren", kind="backend", scopes=("system/*.cruds",),
                  authentication="private_key_jwt", jwks_file="journal.json", organisation=place)  # fmt: skip
    subject = App(id="tls", name="Tls-system", owner="Leverandøren", kind="backend", scopes=("system/DocumentReference.c",),
                  authentication="tls_client_auth", tls_subject="CN=journal,O=Testkommunen", organisation=place)  # fmt: skip
    return checked((public, confidential, backend, subject))


class Place:
    """The service, its time, its people and its apps."""

    def __init__(self, others=(), proxies=NO_PROXIES, registered=None, base=BASE) -> None:
        self.clock = [sample.NOW]
        self.house = made.house(clock=self.clock)
        self.office = Office(base, registered or apps(), {"journal": TrustedKeys(lambda: jwks(EC, RSA))}, signing_keys((SIGNING,)),
                             self.house.storage, self.house.clock, self.house.ids)  # fmt: skip
        self.server = Server(self.office)
        settings = made.settings(acts=None, tokens=tokens(self.server, others, proxies))
        self.application = with_test_login(self.house, settings, demo=True)
        self.world = Browser(self.application)
        self.house.storage.act(_lives).result()

    def person(self, persona: str = "nancy") -> Browser:
        browser = Browser(self.application)
        browser.log_in(persona)
        return browser

    def later(self, seconds: float) -> None:
        self.clock[0] += int(seconds * 1000)

    def allowed(self, browser: Browser, whose: str = "0", decision: str = "allow", **changes):
        """Where the browser is sent after the page."""
        path = address(**changes)
        page = browser.get(path, follow_redirects=False)
        assert page.status_code == 200, page.text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        sent = {"csrf": csrf, "request": path.partition("?")[2], "whose": whose, "decision": decision}
        return browser.post("/oauth/authorize", data=sent, follow_redirects=False)

    def code(self, browser: Browser | None = None, **changes) -> str:
        return query(self.allowed(browser or self.person(), **changes))["code"]

    def token(self, code: str | None, headers=None, **changes):
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": "dagbog",
            "code_verifier": VERIFIER,
        }
        return self.world.post("/oauth/token", data=without_none(sent | changes), headers=headers)

    def refresh(self, secret: str, **changes):
        sent = {"grant_type": "refresh_token", "refresh_token": secret, "client_id": "dagbog"}
        return self.world.post("/oauth/token", data=without_none(sent | changes))

    def tokens(self, **changes) -> dict:
        return self.token(self.code(**changes)).json()

    def backend(self, scope: str = "system/*.cruds", assertion: str = "", **changes):
        sent = {"grant_type": "client_credentials", "scope": scope, "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": assertion or self.assertion()}  # fmt: skip
        return self.world.post("/oauth/token", data=without_none(sent | changes))

    def assertion(self, key=EC, header=None, **changes) -> str:
        now = self.clock[0] // 1000
        claims = {
            "iss": "journal",
            "sub": "journal",
            "aud": f"{BASE}/oauth/token",
            "exp": now + 240,
            "jti": f"jti-{next(_count)}",
        }
        head = {"alg": "ES256", "kid": key.kid} | (header or {})
        return jwt.encode(head, without_none(claims | changes), key, algorithms=[head["alg"]])

    def overview(self, token: str, patient: str | None = None, headers=None):
        body = {} if patient is None else {"patient": patient}
        return self.world.post(
            "/api/overblik", json=body, headers={"Authorization": f"Bearer {token}"} | (headers or {})
        )


def _lives(transaction) -> None:
    """Both are grown up; Nancy has given the relative a power of attorney to the plans."""
    for key in (made.KEY, made.RELATIVE_KEY):
        transaction.put_person(key, PersonFacts(born=-662_688_000_000))
    transaction.put_power(made.KEY, PowerOfAttorney("fuldmagt", made.RELATIVE_KEY, ("plans", "appointments")))


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def address(**changes) -> str:
    asked = {
        "response_type": "code",
        "client_id": "dagbog",
        "redirect_uri": BACK,
        "scope": EVERYTHING,
        "state": "appens-tilstand",
        "aud": BASE,
        "nonce": "appens-nonce",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return f"/oauth/authorize?{urlencode(without_none(asked | changes))}"


def without_none(values: dict) -> dict:
    return {name: value for name, value in values.items() if value is not None}


def query(answer) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def queries(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["location"]).query)


def claims(token: str) -> dict:
    """What a token says, whoever signed it."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
