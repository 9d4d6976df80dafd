"""The provider's addresses: discovery, keys, choosing who to be, tokens, userinfo and logout.

OpenID Connect Core 1.0 (authorization code flow), Discovery 1.0, RP-Initiated Logout 1.0, Back-Channel Logout 1.0, RFC
7636 (S256 only) and RFC 9207. It knows one client, ours, at the same origin, and its people are the demo's.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from authlib.common.urls import add_params_to_uri
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from patientoverblik.edges.identity.testlogin.grant import access_of, origin, redeemed, request_of
from patientoverblik.edges.identity.testlogin.leaving import leave
from patientoverblik.edges.identity.testlogin.model import ALGORITHM, PATH, Asked, Code, House, SignedIn
from patientoverblik.edges.identity.web.seal import closed, opened
from patientoverblik.problems import Fault

TEN_MINUTES = 600_000
COOKIE = "testlogin"
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
Handler = Callable[[House, Request], Awaitable[Response]]


def demo_provider(house: House, demo: bool) -> Mount:
    """The provider mounted under its path; :class:`Fault` outside the demo, whoever asks for it."""
    if not demo:
        raise Fault("identity.test-provider-outside-demo")
    routes = [
        _route(house, "GET", "/.well-known/openid-configuration", _discovery),
        _route(house, "GET", "/jwks", _keys),
        _route(house, "GET", "/authorize", _authorize),
        _route(house, "POST", "/authorize", _chosen),
        _route(house, "POST", "/token", _token),
        _route(house, "GET", "/userinfo", _userinfo),
        _route(house, "GET", "/end-session", _end_session),
    ]
    return Mount(PATH, Starlette(routes=routes))


def _route(house: House, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        answer = await handler(house, request)
        answer.headers.update(PRIVATE)
        return answer

    return Route(path, endpoint, methods=[method])


async def _discovery(_house: House, request: Request) -> Response:
    issuer = origin(request) + PATH
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/end-session",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "grant_types_supported": ["authorization_code"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


async def _keys(house: House, _request: Request) -> Response:
    return JSONResponse({"keys": [{**house.keys.signing.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]})


async def _authorize(house: House, request: Request) -> Response:
    """The page where somebody is chosen; a request that is not in order goes nowhere but to a plain line."""
    asked = request_of(request, house.clock())
    if isinstance(asked, str):
        return PlainTextResponse(f"Testlogin: {asked}", 400)
    return house.choose(closed(house.keys.seal, asked))


async def _chosen(house: House, request: Request) -> Response:
    """Somebody was chosen: back to the client with a code."""
    form = await request.form(max_files=0, max_fields=10)
    asked = opened(house.keys.seal, str(form.get("request", "")), Asked)
    person = next((each.id for each in house.people if each.id == form.get("persona")), None)
    at = house.clock()
    if asked is None or person is None or at - asked.at >= TEN_MINUTES:
        return PlainTextResponse("Testlogin: begynd forfra fra forsiden", 400)
    known = opened(house.keys.seal, request.cookies.get(COOKIE, ""), SignedIn)
    sid = known.sid if known and known.person == person else secrets.token_urlsafe(16)
    code = closed(house.keys.seal, Code(asked, person, sid, at))
    back = {"code": code, "state": asked.state, "iss": origin(request) + PATH}
    answer = RedirectResponse(add_params_to_uri(asked.redirect, list(back.items())), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, closed(house.keys.seal, SignedIn(person, sid)), path=PATH, secure=secure, httponly=True, samesite="lax"
    )
    return answer


async def _token(house: House, request: Request) -> Response:
    """Tokens for a code; every refusal is the same, as RFC 6749 §5.2 words it."""
    found = await redeemed(house, request)
    if isinstance(found, str):
        return JSONResponse({"error": found}, 401 if found == "invalid_client" else 400)
    return JSONResponse(found)


async def _userinfo(house: House, request: Request) -> Response:
    found = access_of(house, request)
    if found is None:
        return JSONResponse({"error": "invalid_token"}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    claims: dict[str, Any] = {"sub": found.id, **found.claims}
    return JSONResponse(claims)


async def _end_session(house: House, request: Request) -> Response:
    """The provider's session ends, the client is told behind the browser's back, and the browser goes home."""
    known = opened(house.keys.seal, request.cookies.get(COOKIE, ""), SignedIn)
    home = f"{origin(request)}/"
    if not hmac.compare_digest(request.query_params.get("post_logout_redirect_uri", home).encode(), home.encode()):
        return PlainTextResponse("Testlogin: den adresse er ikke vores", 400)
    if known is not None:
        await leave(house, origin(request), known)
    answer = RedirectResponse(home, 303)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer
