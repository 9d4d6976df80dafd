"""Tokens of the provider: signed by an allowed algorithm, then every claim that says by whom, for whom and until when.

OpenID Connect Core 1.0 §3.1.3.7 (ID Token) and Back-Channel Logout 1.0 §2.6 (Logout Token). The signatures are
joserfc's; what we say is which algorithms, which key and which claims.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.web.keys import Known
from patientoverblik.edges.identity.web.model import Client, LoggedOut

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LARGEST = 64 * 1024
OLDEST_LOGOUT = 300_000
BAD_TOKEN = Unidentified("identity.bad-token")
NOT_IN_FORCE = Unidentified("identity.token-not-in-force")


class Expected(msgspec.Struct, frozen=True):
    """What an ID token must match: the attempt's nonce, the access token it came with (empty for none), and how many
    seconds ago somebody may at most have proved who they are (0 for no limit)."""

    nonce: str
    access_token: str = ""
    max_age: int = 0


async def id_claims(
    client: Client, known: Known, token: str, expected: Expected, at: int
) -> dict[str, Any] | Unidentified:
    """The claims of an ID token that is for us, of this login and in force at ``at`` (ms UTC)."""
    header, claims = await _signed(known, token, at)
    if claims is None or header.get("typ", "JWT").upper() != "JWT":
        return BAD_TOKEN
    fault = _standing(client, claims, at) or _of_this_login(client, claims, expected, at // 1000)
    if fault is not None:
        return fault
    return claims if _is_bound(header, claims, expected.access_token) else BAD_TOKEN


async def logout_of(client: Client, known: Known, token: str, at: int) -> tuple[LoggedOut, str] | Unidentified:
    """Whose sessions a logout token ends, and the token's id that must not come twice."""
    header, claims = await _signed(known, token, at)
    if claims is None or header.get("typ", "JWT").lower() not in ("jwt", "logout+jwt"):
        return BAD_TOKEN
    fault = _standing(client, claims, at, ("iss", "aud", "iat", "exp", "jti", "events"))
    if fault is not None:
        return fault
    return ended_by(claims, at)


def ended_by(claims: Mapping[str, Any], at: int) -> tuple[LoggedOut, str] | Unidentified:
    """Whose sessions the verified claims of a logout token end, and the token's id (Back-Channel Logout 1.0 §2.4)."""
    events, subject, sid = claims["events"], claims.get("sub", ""), claims.get("sid", "")
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    texts = all(isinstance(each, str) for each in (subject, sid, claims["jti"]))
    if not is_logout or not texts or not (subject or sid) or "nonce" in claims:
        return BAD_TOKEN
    if at - claims["iat"] * 1000 > OLDEST_LOGOUT:
        return NOT_IN_FORCE
    return LoggedOut(claims["iss"], subject, sid), claims["jti"]


async def _signed(known: Known, token: str, at: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Header and claims of a token signed by the provider; no claims where it is not."""
    header = _header(token)
    kid, algorithm = header.get("kid", ""), header.get("alg")
    offered = (await known.metadata(at)).id_token_signing_alg_values_supported
    if algorithm not in ALGORITHMS or algorithm not in offered or not isinstance(kid, str):
        return header, None
    key = await known.key(kid, at)
    if key is None:
        return header, None
    try:
        return header, jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        return header, None


def _header(token: str) -> dict[str, Any]:
    """What a token says of its key before anything of it is believed; empty where it is none."""
    first = token.partition(".")[0] if len(token) <= LARGEST else ""
    try:
        found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        return {}
    is_header = isinstance(found, dict) and isinstance(found.get("typ", ""), str)
    return found if is_header else {}


def _standing(
    client: Client, claims: dict[str, Any], at: int, needed: tuple[str, ...] = ("iss", "sub", "aud", "exp", "iat")
) -> Unidentified | None:
    """What is wrong with who made it, for whom and when; None where nothing is."""
    options: dict[str, ClaimsOption] = {name: {"essential": True} for name in needed}
    options["iss"] = {"essential": True, "value": client.issuer}
    options["aud"] = {"essential": True, "value": client.id}
    try:
        JWTClaimsRegistry(now=at // 1000, leeway=client.leeway, **options).validate(claims)
    except ExpiredTokenError:
        return NOT_IN_FORCE
    except InvalidClaimError as fault:
        return NOT_IN_FORCE if fault.claim in ("iat", "nbf") else BAD_TOKEN
    except JoseError:
        return BAD_TOKEN
    return None


def _of_this_login(client: Client, claims: dict[str, Any], expected: Expected, now: int) -> Unidentified | None:
    nonce, audience, party = claims.get("nonce"), claims["aud"], claims.get("azp")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        return BAD_TOKEN
    if (party is not None or audience not in (client.id, [client.id])) and party != client.id:
        return BAD_TOKEN
    return _fresh(claims.get("auth_time"), expected.max_age, now, client.leeway)


def _fresh(proved: Any, max_age: int, now: int, leeway: int) -> Unidentified | None:
    """Whether they proved who they are recently enough, and not in the time to come."""
    if proved is None:
        return BAD_TOKEN if max_age else None
    if not isinstance(proved, int | float) or isinstance(proved, bool) or proved > now + leeway:
        return BAD_TOKEN
    return NOT_IN_FORCE if max_age and now - proved > max_age + leeway else None


def _is_bound(header: dict[str, Any], claims: dict[str, Any], access_token: str) -> bool:
    """Whether the access token is the one the ID token was made with, where it says so (§3.1.3.6)."""
    said = claims.get("at_hash")
    if said is None or not access_token:
        return True
    made = create_half_hash(access_token, header["alg"])
    return isinstance(said, str) and made is not None and hmac.compare_digest(said.encode(), made)
