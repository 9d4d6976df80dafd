"""A login from its beginning to somebody known: the authorization code flow with PKCE (RFC 6749, 7636, 9207; OpenID
Connect Core 1.0 §3.1), and both ways out of it.

What the browser keeps meanwhile is sealed, and bound to the answer by ``state``: an answer to a login that this browser
did not begin logs nobody in. Every answer is used once.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.web.actors import identified
from patientoverblik.edges.identity.web.claims import ClaimsMap
from patientoverblik.edges.identity.web.keys import Known
from patientoverblik.edges.identity.web.model import Attempt, Begun, Client, Entered, LoggedOut, Metadata, Secret
from patientoverblik.edges.identity.web.network import UNREACHABLE, Network, ask, ask_json, object_of
from patientoverblik.edges.identity.web.seal import Seal, closed, opened
from patientoverblik.edges.identity.web.tokens import OLDEST_LOGOUT, Expected, id_claims, logout_of
from patientoverblik.problems import Fault

TEN_MINUTES = 600_000
FAR_AHEAD = 1 << 40
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
CANCELLED = ("access_denied", "login_required", "interaction_required", "consent_required")
METHODS = ("client_secret_basic", "client_secret_post")
FAILED = Unidentified("identity.login-failed")
TOKENS = ("access_token", "id_token", "refresh_token")


class Party(msgspec.Struct, frozen=True):
    """We as the relying party of one provider. ``once`` says whether a key is used for the first time, and remembers
    it until a time (ms UTC) for every worker."""

    client: Client
    rules: ClaimsMap
    network: Network
    known: Known
    seal: Seal
    once: Callable[[str, int], Awaitable[bool]]
    clock: Callable[[], int]


async def begin(party: Party, **more: str) -> Begun:
    """Begin a login, with ``more`` parameters of a profile of the flow; :class:`Fault` where the provider cannot be
    asked."""
    at, client, asked = party.clock(), party.client, party.rules.request
    metadata = await party.known.metadata(at)
    attempt = Attempt(client.issuer, _drawn(), _drawn(), secrets.token_urlsafe(48), at)
    address = prepare_grant_uri(
        metadata.authorization_endpoint,
        client.id,
        "code",
        client.answer_address,
        ["openid", *asked.scopes],
        attempt.state,
        nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier),
        code_challenge_method="S256",
        acr_values=" ".join(asked.acr_values) or None,
        max_age=str(asked.max_age) if asked.max_age else None,
        **more,
    )
    return Begun(address, closed(party.seal, attempt))


async def finish(party: Party, answer: Mapping[str, str], sealed: str) -> Entered | Unidentified:
    """Who came back with an answer; :class:`Fault` where the provider cannot be asked."""
    attempt = opened(party.seal, sealed, Attempt)
    at = party.clock()
    if attempt is None or attempt.issuer != party.client.issuer or not 0 <= at - attempt.at < TEN_MINUTES:
        return Unidentified("identity.no-attempt")
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        return Unidentified("identity.other-attempt")
    metadata = await party.known.metadata(at)
    if not _is_from(metadata, answer.get("iss")):
        return Unidentified("identity.other-issuer")
    if not await party.once(f"login:{_digest(attempt.state)}", attempt.at + TEN_MINUTES):
        return Unidentified("identity.other-attempt")
    if not answer.get("code"):
        return Unidentified("identity.login-cancelled") if answer.get("error") in CANCELLED else FAILED
    tokens = await _redeem(party, metadata, answer["code"], attempt.verifier)
    return FAILED if tokens is None else await _entered(party, metadata, attempt, tokens)


async def logged_out(party: Party, token: str) -> LoggedOut | Unidentified:
    """Whose sessions a back-channel logout ends (OpenID Connect Back-Channel Logout 1.0 §2.6); a token counts once."""
    at = party.clock()
    found = await logout_of(party.client, party.known, token, at)
    if isinstance(found, Unidentified):
        return found
    said, name = found
    until = at + OLDEST_LOGOUT + 2 * party.client.leeway * 1000
    is_new = await party.once(f"logout:{_digest(party.client.issuer)}:{_digest(name)}", until)
    return said if is_new else Unidentified("identity.used-before")


async def way_out(party: Party) -> str:
    """Where the browser goes to end the provider's own session too (RP-Initiated Logout 1.0), empty for nowhere.

    The ID token is not sent as a hint: it holds who somebody is, and addresses are kept in histories and logs.
    """
    try:
        metadata = await party.known.metadata(party.clock())
    except Fault:
        return ""
    if not metadata.end_session_endpoint:
        return ""
    back = {"client_id": party.client.id, "post_logout_redirect_uri": f"{party.client.base}/"}
    return str(add_params_to_uri(metadata.end_session_endpoint, list(back.items())))


def _is_from(metadata: Metadata, issuer: str | None) -> bool:
    """Whether the answer comes from the provider that was asked (RFC 9207 §2.4)."""
    if issuer is None:
        return not metadata.authorization_response_iss_parameter_supported
    return issuer == metadata.issuer


async def _redeem(party: Party, metadata: Metadata, code: str, verifier: str) -> dict[str, Any] | None:
    """The tokens for a code, None where the provider refuses it."""
    client = party.client
    body = prepare_token_request(
        "authorization_code", redirect_uri=client.answer_address, code=code, code_verifier=verifier
    )
    secret = client.secret.reveal()
    offered = metadata.token_endpoint_auth_methods_supported
    method = next((each for each in METHODS if each in offered), METHODS[0]) if secret else "none"
    proof = ClientAuth(client.id, secret, method)
    address, headers, body = proof.prepare("POST", metadata.token_endpoint, dict(FORM), body)
    answered = await ask(party.network, "POST", address, headers, body)
    if answered.status >= 500:
        raise Fault(UNREACHABLE)
    return object_of(answered) if answered.status == 200 else None


async def _entered(
    party: Party, metadata: Metadata, attempt: Attempt, tokens: dict[str, Any]
) -> Entered | Unidentified:
    token, access = tokens.get("id_token"), tokens.get("access_token", "")
    if not isinstance(token, str) or not isinstance(access, str):
        return FAILED
    expected = Expected(attempt.nonce, access, party.rules.request.max_age)
    claims = await id_claims(party.client, party.known, token, expected, party.clock())
    if isinstance(claims, Unidentified):
        return claims
    more = await _more(party, metadata, access, claims["sub"])
    if isinstance(more, Unidentified):
        return more
    issuer, sid = party.client.issuer, claims.get("sid", "")
    until = int(min(claims["exp"], FAR_AHEAD) * 1000)
    who = identified(party.rules, {**more, **claims}, issuer, until, party.client.within)
    if isinstance(who, Unidentified):
        return who
    return Entered(who, claims["sub"], sid if isinstance(sid, str) else "", _context(tokens), Secret(access))


def _context(tokens: Mapping[str, Any]) -> dict[str, Any]:
    """What came with the tokens and is none."""
    return {name: value for name, value in tokens.items() if name not in TOKENS}


async def _more(party: Party, metadata: Metadata, access: str, subject: str) -> dict[str, Any] | Unidentified:
    """What userinfo adds where it is asked for; it must speak of the same subject (Core 1.0 §5.3.2)."""
    if not party.rules.request.userinfo:
        return {}
    if not access or not metadata.userinfo_endpoint:
        return FAILED
    found = await ask_json(party.network, metadata.userinfo_endpoint, {"Authorization": f"Bearer {access}"})
    return found if found.get("sub") == subject else FAILED


def _drawn() -> str:
    return secrets.token_urlsafe(32)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
