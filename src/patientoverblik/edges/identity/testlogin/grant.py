"""What the test login grants: a request found in order, a code turned into tokens, an access token into claims."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from starlette.requests import Request

from patientoverblik.edges.identity.testlogin.model import (
    ALGORITHM,
    CLIENT,
    PATH,
    Access,
    Asked,
    Code,
    House,
    Invented,
)
from patientoverblik.edges.identity.web.model import ANSWER_PATH
from patientoverblik.edges.identity.web.seal import closed, opened

MINUTE = 60_000
LASTS = 8 * 60 * MINUTE
CHALLENGE_LENGTH = 43
ONE_EACH = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")


def origin(request: Request) -> str:
    """Our own origin as the one who asks sees it; the provider and its one client share it."""
    return f"{request.url.scheme}://{request.url.netloc}"


def request_of(request: Request, at: int) -> Asked | str:
    """An authorization request in order, or what is wrong with it. Nothing is ever sent to an address not our own."""
    asked = request.query_params
    if any(len(asked.getlist(name)) != 1 for name in ONE_EACH):
        return "invalid_request"
    if (asked["client_id"], asked["redirect_uri"]) != (CLIENT, origin(request) + ANSWER_PATH):
        return "unauthorized_client"
    if asked["response_type"] != "code" or "openid" not in asked["scope"].split():
        return "unsupported_response_type"
    if asked.get("code_challenge_method") != "S256" or len(asked["code_challenge"]) != CHALLENGE_LENGTH:
        return "invalid_request"
    return Asked(asked["redirect_uri"], asked["state"], asked["nonce"], asked["code_challenge"], at)


async def redeemed(house: House, request: Request) -> dict[str, Any] | str:
    """The tokens for a code, or the error of RFC 6749 §5.2."""
    form = {name: str(value) for name, value in (await request.form(max_files=0, max_fields=10)).items()}
    if not _is_client(house, request):
        return "invalid_client"
    if form.get("grant_type") != "authorization_code":
        return "unsupported_grant_type"
    code = opened(house.keys.seal, form.get("code", ""), Code)
    at = house.clock()
    if code is None or at - code.at >= MINUTE or form.get("redirect_uri") != code.asked.redirect:
        return "invalid_grant"
    if not _same(create_s256_code_challenge(form.get("code_verifier", "")), code.asked.challenge):
        return "invalid_grant"
    if not await house.once(f"testlogin:{hashlib.sha256(form['code'].encode()).hexdigest()}", code.at + MINUTE):
        return "invalid_grant"
    return _tokens(house, origin(request) + PATH, code, at)


def access_of(house: House, request: Request) -> Invented | None:
    """Whose claims the bearer's token opens; None where it opens nobody's."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    found = opened(house.keys.seal, token.strip(), Access) if scheme.lower() == "bearer" else None
    return person_of(house, found.person) if found and found.until > house.clock() else None


def person_of(house: House, person: str) -> Invented | None:
    """Somebody by their id."""
    return next((each for each in house.people if each.id == person), None)


def signed(house: House, claims: dict[str, Any], kind: str = "JWT") -> str:
    """Claims as a token signed by the provider."""
    header = {"alg": ALGORITHM, "kid": house.keys.signing.kid}
    return jwt.encode(header, claims, house.keys.signing, algorithms=[ALGORITHM], default_type=kind)


def _tokens(house: House, issuer: str, code: Code, at: int) -> dict[str, Any] | str:
    person = person_of(house, code.person)
    if person is None:
        return "invalid_grant"
    access = closed(house.keys.seal, Access(person.id, at + LASTS))
    now = at // 1000
    claims = {
        **person.claims,
        "iss": issuer,
        "sub": person.id,
        "aud": CLIENT,
        "iat": now,
        "exp": now + LASTS // 1000,
        "auth_time": code.at // 1000,
        "nonce": code.asked.nonce,
        "sid": code.sid,
        "at_hash": create_half_hash(access, ALGORITHM).decode(),
    }
    token = signed(house, claims)
    return {"access_token": access, "token_type": "Bearer", "expires_in": LASTS // 1000, "id_token": token}


def _is_client(house: House, request: Request) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode("latin-1").partition(":")
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic" and _same(name, CLIENT) and _same(secret, house.keys.client_secret)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
