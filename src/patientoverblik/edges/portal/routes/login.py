"""Logging in and out: over to the provider and back with an answer, and out here, everywhere, or by its word."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from patientoverblik.access import Session
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.web import Entered, LoggedOut, Party, begin, finish, logged_out, way_out
from patientoverblik.edges.portal.answers import PRIVATE, fault_page, moved, new_trace, page
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.routes.desk import Counter, with_form
from patientoverblik.edges.portal.routes.resume import waiting
from patientoverblik.edges.portal.sessions import (
    COOKIE,
    LOGIN_COOKIE,
    cookie_name,
    current,
    end,
    end_all,
    give,
    handle_for,
    handle_of,
    start,
    take,
)
from patientoverblik.edges.portal.settings import Persona
from patientoverblik.problems import CATALOGUE

ANSWERED = ("code", "state", "iss", "error")
TEN_MINUTES = 600
SENT_ON = "igen"
LARGEST_LOGOUT = 70_000


async def log_in(counter: Counter, request: Request) -> Response:
    """Begin a login and send the browser to the provider; once to our own address first, where it came by another name:
    the cookie must lie where the answer comes to."""
    party = party_of(counter, request)
    if party is None:
        return fault_page(counter.assets, "identity.no-provider")
    if origin(request) != party.client.base and SENT_ON not in request.query_params:
        return moved(f"{party.client.base}/log-ind?{SENT_ON}=1")
    begun = await begin(party)
    answer = moved(begun.address)
    give(counter.settings, answer, LOGIN_COOKIE, begun.sealed, TEN_MINUTES)
    return answer


async def answered(counter: Counter, request: Request) -> Response:
    """The provider's answer: a new session, or a page that says what to do. The session of before ends."""
    party, asked = party_of(counter, request), request.query_params
    if party is None:
        return fault_page(counter.assets, "identity.no-provider")
    said = {name: asked[name] for name in ANSWERED if name in asked}
    twice = any(len(asked.getlist(name)) > 1 for name in said)
    sealed = request.cookies.get(cookie_name(counter.settings, LOGIN_COOKIE), "")
    found = Unidentified("identity.login-failed") if twice else await finish(party, said, sealed)
    if isinstance(found, Unidentified):
        return fault_page(counter.assets, found.code, current(counter.house, request))
    return await _begun(counter, found, current(counter.house, request), waiting(counter.settings, request))


async def _log_out(counter: Counter, request: Request, session: Session, _form: dict[str, str]) -> Response:
    await end(counter.house, session)
    return await _left(counter, request, session)


async def _log_out_everywhere(counter: Counter, request: Request, session: Session, _form: dict[str, str]) -> Response:
    await end(counter.house, session)
    if session.subject:
        await end_all(counter.house, LoggedOut(session.issuer, session.subject))
    return await _left(counter, request, session)


async def back_channel(counter: Counter, request: Request) -> Response:
    """The provider says that somebody has logged out (Back-Channel Logout 1.0 §2.5 to §2.8): their sessions end now."""
    party = party_of(counter, request)
    token = await logout_token(request)
    return await ended(counter, await logged_out(party, token) if party else Unidentified("identity.no-provider"))


async def ended(counter: Counter, found: LoggedOut | Unidentified) -> Response:
    """Whose sessions end now, told to whoever said so; or why none do."""
    if isinstance(found, Unidentified):
        new_trace(found.code)
        told = {"error": "invalid_request", "error_description": f"{found.code}: {CATALOGUE[found.code].en}"}
        return JSONResponse(told, 400, PRIVATE)
    await end_all(counter.house, found)
    return Response(None, 200, PRIVATE)


log_out = with_form(_log_out)
log_out_everywhere = with_form(_log_out_everywhere)


def party_of(counter: Counter, request: Request) -> Party | None:
    """What logs people in who came by this request's address."""
    return counter.settings.party(origin(request)) if counter.settings.party else None


def origin(request: Request) -> str:
    """The origin a request came to, as its Host header says. Only the demo builds addresses on it."""
    return f"{request.url.scheme}://{request.url.netloc}"


def persona_of(counter: Counter, session: Session) -> Persona | None:
    """The invented person somebody is, None for anybody else."""
    actor, known = session.actor, counter.settings.personas
    return next((each for each in known if (each.actor.kind, each.actor.id) == (actor.kind, actor.id)), None)


async def logout_token(request: Request) -> str:
    """The one ``logout_token`` of a posted form, empty where there is none; nobody has logged in to send it, so no more
    is read than a token can be."""
    body = await body_within(request, LARGEST_LOGOUT) or b""
    given = [value for name, value in parse_qsl(body.decode("latin-1")) if name == "logout_token"]
    return given[0] if len(given) == 1 else ""


async def _begun(counter: Counter, entered: Entered, before: Session | None, on: str) -> Response:
    """Somebody is in: on to where they were going, straight to their only overview, else to the front page."""
    begun = await start(counter.house, entered, counter.settings, before)
    handle = "" if on else await _only(counter, begun.session)
    answer = moved(on or (f"/p/{handle}" if handle else "/"))
    give(counter.settings, answer, COOKIE, begun.secret)
    take(counter.settings, answer, LOGIN_COOKIE)
    return answer


async def _only(counter: Counter, session: Session) -> str:
    """A handle for the only overview somebody has to open, empty where they must choose or search."""
    persona = persona_of(counter, session)
    if persona is None:
        own = session.actor.person if session.actor.kind == "citizen" else 0
        return await handle_of(counter.house, session, own) if own else ""
    return await handle_for(counter.house, session, persona.whose[0].patient) if len(persona.whose) == 1 else ""


async def _left(counter: Counter, request: Request, session: Session) -> Response:
    """Out here; on to the provider, so that its own session ends too. To another origin a form may not lead (CSP
    ``form-action``), so a page that says so goes on by itself."""
    party = party_of(counter, request) if session.issuer else None
    address = await way_out(party) if party else ""
    if party is None or not address or _origin_of(address) == party.client.base:
        answer = moved(address or "/")
    else:
        answer = page("left.html", counter.frame("Du er logget ud", None), address=address)
        answer.headers["Refresh"] = f"0; url={address}"
    take(counter.settings, answer, COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
