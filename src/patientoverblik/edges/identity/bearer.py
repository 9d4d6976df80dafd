"""OAuth 2 access tokens as JWT (RFC 9068, and SMART servers that follow it loosely): verified, then made an actor.

A token names its issuer; only that issuer's keys are tried, and only by the algorithms configured for it. Keys or
addresses of keys inside the token (``jwk``, ``jku``, ``x5u``, ``x5c``) are never looked at.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

import msgspec
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import Key
from joserfc.util import to_bytes

from patientoverblik.edges.identity.certificate import Certificate, confirms
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.model import Identified, Unidentified
from patientoverblik.overview.recent import Recent, Same

Claims = Mapping[str, Any]
# What a verified token's claims mean here: somebody, or why not; the second argument is the time, milliseconds UTC.
Meaning = Callable[[Claims, int], Identified | Unidentified]
LARGEST = 16_384
KEPT = 512
"""Tokens in use whose signatures are not verified again."""
_SIGNED: Recent[tuple[str, tuple[str, ...], Same], dict[str, Any]] = Recent(KEPT)
THUMBPRINT = "x5t#S256"
TYPES: dict[str, tuple[str, ...]] = {
    "rfc9068": ("at+jwt", "application/at+jwt"),
    "smart": ("at+jwt", "application/at+jwt", "jwt", ""),
    "launch": ("launch+jwt", "application/launch+jwt"),
    "logout": ("logout+jwt", "application/logout+jwt"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "rfc9068": ("iss", "exp", "aud", "sub", "client_id", "iat", "jti"),
    "smart": ("iss", "exp", "aud", "sub"),
    "launch": ("iss", "exp", "aud", "sub", "iat", "jti"),
    "logout": ("iss", "exp", "aud", "iat", "jti", "events"),
}
# Claims that stand in ID tokens and logout tokens alone: where types are loose they tell one from an access token.
OTHERS_OWN = ("at_hash", "c_hash", "events")
BAD_CLAIM = {"iss": "identity.token-issuer", "aud": "identity.token-audience", "nbf": "identity.token-early"}


class Issuer(msgspec.Struct, frozen=True):
    """Somebody whose tokens are believed: by which keys and algorithms, for which audiences, and what they mean.

    ``profile`` says what a token must say of itself: an access token by the norm, one of a SMART server that follows it
    loosely, a signed launch link, or a logout token of who signs them (``docs/embedding.md``). ``leeway`` is how far
    clocks may differ, in seconds; ``bound`` asks for tokens bound to a client certificate.
    """

    issuer: str
    keys: TrustedKeys
    audiences: tuple[str, ...]
    meaning: Meaning
    algorithms: tuple[str, ...] = ("ES256", "RS256", "PS256")
    profile: Literal["rfc9068", "smart", "launch", "logout"] = "rfc9068"
    leeway: int = 30
    bound: bool = False


class _Opened(msgspec.Struct, frozen=True):
    """A token's header, and the issuer it says it is from: nothing of it is believed yet."""

    kid: str | None
    type: str
    algorithm: str
    issuer: str


async def identify(
    token: str, issuers: tuple[Issuer, ...], at: int, certificate: Certificate | None = None
) -> Identified | Unidentified:
    """Who a token stands for at a time (milliseconds UTC), with the client certificate of the connection it came by."""
    found = await verified(token, issuers, at, certificate)
    if isinstance(found, Unidentified):
        return found
    issuer, claims = found
    return issuer.meaning(claims, at)


async def verified(
    token: str, issuers: tuple[Issuer, ...], at: int, certificate: Certificate | None = None
) -> tuple[Issuer, Claims] | Unidentified:
    """The issuer of a token, and what it says, once all of it is in order at a time (milliseconds UTC)."""
    opened = _open(token)
    issuer = next((each for each in issuers if opened and each.issuer == opened.issuer), None)
    if opened is None or issuer is None:
        return Unidentified("identity.token-issuer" if opened else "identity.token-malformed")
    claims = _verified(token, opened, issuer, await issuer.keys.wanted(opened.kid, at), at)
    if isinstance(claims, Unidentified):
        return claims
    return _unbound(claims, issuer, certificate) or (issuer, claims)


def issuer_of(token: str) -> str:
    """Who a token says it is from, empty where it says nothing; nothing of it is believed yet."""
    opened = _open(token)
    return opened.issuer if opened else ""


def scope_words(claims: Claims) -> tuple[str, ...]:
    """The scopes of a token, however its issuer writes them (``scope`` by RFC 8693, ``scp`` by others)."""
    found = claims.get("scope", claims.get("scp", ""))
    if isinstance(found, str):
        return tuple(found.split())
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def error_of(code: str) -> str:
    """What a token that is not believed is told by the norm: RFC 9470 where its login was too weak, else RFC 6750."""
    return "insufficient_user_authentication" if code == "identity.low-assurance" else "invalid_token"


def challenge(error: str = "", scope: str = "") -> str:
    """The ``WWW-Authenticate`` value of a refusal (RFC 6750 §3): no error where no token was given."""
    given = (("realm", "overblik"), ("error", error), ("scope", scope))
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in given if value)


@lru_cache(KEPT)
def _open(token: str) -> _Opened | None:
    if len(token) > LARGEST:
        return None
    try:
        found = jws.extract_compact(to_bytes(token))
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    header = found.headers()
    kid, kind, algorithm = header.get("kid"), header.get("typ", ""), header.get("alg")
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    if not (isinstance(kid, str | None) and isinstance(kind, str) and isinstance(algorithm, str)):
        return None
    return _Opened(kid, kind.lower(), algorithm, issuer if isinstance(issuer, str) else "")


def _verified(token: str, opened: _Opened, issuer: Issuer, key: Key | None, at: int) -> Claims | Unidentified:
    if opened.algorithm not in issuer.algorithms:
        return Unidentified("identity.token-algorithm")
    if opened.type not in TYPES[issuer.profile]:
        return Unidentified("identity.token-type")
    if key is None:
        return Unidentified("identity.token-key")
    try:
        claims = _signed(token, key, issuer.algorithms)
    except (JoseError, ValueError, TypeError):
        return Unidentified("identity.token-signature")
    return _in_order(claims, issuer, at)


def _signed(token: str, key: Key, algorithms: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token that a key has signed: that never changes, so it is found out once. Whether the key is
    still trusted, and whether the claims hold now, is asked every time."""
    named = (token, algorithms, Same((key,)))
    claims = _SIGNED.get(named)
    if claims is None:
        claims = _SIGNED[named] = jwt.decode(token, key, algorithms=list(algorithms)).claims
    return claims


def _in_order(claims: dict[str, Any], issuer: Issuer, at: int) -> Claims | Unidentified:
    rules: dict[str, jwt.ClaimsOption] = {name: {"essential": True} for name in NEEDED[issuer.profile]}
    rules["aud"] = {"essential": True, "values": list(issuer.audiences)}
    try:
        jwt.JWTClaimsRegistry(now=at // 1000, leeway=issuer.leeway, **rules).validate(claims)
    except ExpiredTokenError:
        return Unidentified("identity.token-expired")
    except MissingClaimError:
        return Unidentified("identity.token-incomplete")
    except InvalidClaimError as fault:
        return Unidentified(BAD_CLAIM.get(str(fault.claim), "identity.token-incomplete"))
    except JoseError:
        return Unidentified("identity.token-incomplete")
    strange = set(OTHERS_OWN).difference(NEEDED[issuer.profile])
    return claims if strange.isdisjoint(claims) else Unidentified("identity.token-type")


def _unbound(claims: Claims, issuer: Issuer, certificate: Certificate | None) -> Unidentified | None:
    """Why a token that is bound to its sender is not used by them. A way of binding not known here is never met."""
    binding = claims.get("cnf")
    if binding is None:
        return Unidentified("identity.token-unbound") if issuer.bound else None
    thumbprint = binding.get(THUMBPRINT) if isinstance(binding, dict) and len(binding) == 1 else None
    if not isinstance(thumbprint, str):
        return Unidentified("identity.token-unbound")
    return None if confirms(certificate, thumbprint) else Unidentified("identity.wrong-certificate")
