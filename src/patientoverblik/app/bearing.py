"""Access tokens of the demo's test issuer, for a first call with a token in hand; believed in the demo alone."""

import json
import uuid

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from patientoverblik.app.wiring import now
from patientoverblik.demo.people import Persona
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, NAME, DemoIssuer, Signer
from patientoverblik.edges.identity.web.claims import SYSTEMS

ALGORITHM = "RS256"
SECONDS = 3600


def access_token(issuer: DemoIssuer, persona: Persona, scope: str) -> str:
    """A token for a persona for an hour, with a scope (``user/*.rs`` is what the overview needs)."""
    key, at = _key(issuer.service), now() // 1000
    claims = {
        "iss": NAME,
        "aud": AUDIENCE,
        "sub": persona.id,
        "client_id": "demo",
        "iat": at,
        "exp": at + SECONDS,
        "jti": uuid.uuid4().hex,
        "scope": scope,
        **_said(persona),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def key_set(issuer: DemoIssuer) -> bytes:
    """The public key that those tokens are verified by, as a JWK Set."""
    return json.dumps(KeySet([_key(issuer.service)]).as_dict(private=False)).encode()


def _said(persona: Persona) -> dict[str, object]:
    """What the test issuer says of a persona, by the claims that the demo's claims file names."""
    place = persona.actor().organisation
    systems = {oid: name for name, oid in SYSTEMS.items()}
    said = {"kind": persona.kind, "name": persona.name, "role": persona.role, "cpr": persona.number}
    known: dict[str, object] = {name: value for name, value in said.items() if value}
    return known | ({"organisation": {systems[place.system]: place.value, "name": place.name}} if place else {})


def _key(signer: Signer) -> RSAKey:
    key = RSAKey.import_key(signer.key)
    key.ensure_kid()
    return key
