"""A provider in the test's own process that can be told to lie in every way a provider, or somebody in its place, can."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://login.example"
CLIENT = "overblikket"
SECRET = "klienthemmelighed-9f2"
ACCESS = "adgangstoken-77aa"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME = 3600

DOCTOR = {
    "sub": "bruger-1",
    "name": "Anna Læge",
    "kind": "sundhedsfaglig",
    "role": "Læge",
    "authorisation": "ABC12",
    "sor": "990001000016001",
    "org_name": "Lægehuset Testparken",
    "cpr": "2512489996",
}
NANCY = {"sub": "bruger-2", "name": "Nancy", "kind": "borger", "cpr": "2512489996"}
CLAIMS = """
[kind]
claim = "kind"
professional = ["sundhedsfaglig"]
citizen = ["borger"]

[person]
cpr = "cpr"

[professional]
role = "role"
authorisation = "authorisation"
required = ["role"]

[[organisation]]
claim = "sor"
system = "sor"
name = "org_name"
"""


def new_key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name}, private=True)


class Provider:
    """An ASGI application; what it says can be changed between two requests."""

    def __init__(self, now: Callable[[], int], issuer: str = ISSUER) -> None:
        self.now = now
        self.issuer = issuer
        self.person: Mapping[str, Any] = DOCTOR
        self.nonce = ""
        self.sid = "session-1"
        self.key = new_key("one")
        self.published = [self.key]
        self.metadata: dict[str, Any] = {}
        self.changes: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.tokens: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.asked: Counter[str] = Counter()
        self.redeemed: list[dict[str, str]] = []
        self.authorised: list[str] = []

    # What it says

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def claims(self) -> dict[str, Any]:
        now = self.now() // 1000
        made = {
            **self.person,
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + LIFETIME,
            "auth_time": now,
            "nonce": self.nonce,
            "sid": self.sid,
            "at_hash": create_half_hash(ACCESS, "ES256").decode(),
            **self.changes,
        }
        return {name: value for name, value in made.items() if value is not None}

    def signed(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        header = {"alg": "ES256", "kid": self.key.kid, **self.header}
        return jwt.encode(header, claims, self.key, algorithms=["ES256"], default_type=kind)

    def logout_token(self, **changes: Any) -> str:
        now = self.now() // 1000
        made = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": "besked-1",
            "sub": self.person["sub"],
            "sid": self.sid,
            "events": {LOGOUT_EVENT: {}},
            **changes,
        }
        return self.signed({name: value for name, value in made.items() if value is not None}, "logout+jwt")

    # The wire

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _body(receive)
        path = scope["path"]
        self.asked[path] += 1
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        given = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        status, data, more = self.answers.get(path) or self._visited(path, given) or self._answer(path, body, headers)
        lines = [
            (name.encode(), value.encode()) for name, value in {"content-type": "application/json", **more}.items()
        ]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": data})

    def _visited(self, path: str, given: dict[str, str]) -> tuple[int, bytes, dict[str, str]] | None:
        """Where a browser that comes by is sent on to; somebody is always logged in here."""
        if path == "/authorize":
            self.nonce = given["nonce"]
            back = urlencode({"code": "kode-1", "state": given["state"], "iss": self.issuer})
            return 302, b"", {"location": f"{given['redirect_uri']}?{back}"}
        return (302, b"", {"location": given["post_logout_redirect_uri"]}) if path == "/logout" else None

    def _answer(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if path == "/.well-known/openid-configuration":
            return _json(self.discovery())
        if path == "/jwks":
            return _json({"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/token":
            self.redeemed.append({name: values[0] for name, values in parse_qs(body).items()})
            self.authorised.append(headers.get("authorization", ""))
            token = self.sign(self.claims())
            return _json({"access_token": ACCESS, "token_type": "Bearer", "id_token": token, **self.tokens})
        if path == "/userinfo":
            return _json({"sub": self.person["sub"], **self.userinfo})
        return 404, b"", {}


def _json(value: Any) -> tuple[int, bytes, dict[str, str]]:
    return 200, json.dumps(value).encode(), {}


async def _body(receive: Any) -> str:
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if not message.get("more_body"):
            return found.decode()
