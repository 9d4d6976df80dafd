"""The ways in: a signed link in a form's body, a SMART launch and its answer, and the web component's script."""

import hashlib
import secrets
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Embedding
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.launch import (
    Launched,
    RecordSystem,
    begin_launch,
    by_link,
    finish_launch,
    left,
    system_at,
)
from patientoverblik.edges.portal.answers import GUARDED, fault_page, moved
from patientoverblik.edges.portal.embed.addresses import COMPONENT, LOGOUT, ROOT, SMART, START, answer_path
from patientoverblik.edges.portal.embed.cookies import ATTEMPT, COOKIE, give, take
from patientoverblik.edges.portal.embed.framed import allow, everybody, nobody
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.routes.desk import Counter, Handler
from patientoverblik.edges.portal.routes.login import ended, logout_token
from patientoverblik.edges.portal.sessions import opened
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.problems import Fault

LARGEST_FORM = 32_768
TEN_MINUTES = 600
ANSWERED = ("code", "state", "iss", "error")
NOT_HERE = Unidentified("identity.launch-unknown-system")
FAILED = Unidentified("identity.login-failed")
SCRIPT = {**GUARDED, "Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}


async def _start(counter: Counter, request: Request) -> Response:
    """``POST``: a form whose one field ``link`` is a signed launch link."""
    settings, house = counter.settings, counter.house
    found = await by_link(settings.systems, await _link(request), settings.once, house.clock())
    return await _in(counter, found)


async def _smart(counter: Counter, request: Request) -> Response:
    """``GET``: a record system opens us as its app; the browser goes on to its login."""
    asked = request.query_params
    system = system_at(counter.settings.systems, asked.get("iss", ""))
    if system is None or system.smart is None:
        return _refused(counter, NOT_HERE)
    begun = await begin_launch(system.smart, asked.get("launch", ""))
    if isinstance(begun, Unidentified):
        return _refused(counter, begun)
    answer = moved(begun.address)
    give(answer, _attempt(_state_in(begun.address)), begun.sealed, SMART, TEN_MINUTES)
    return answer


async def _smart_answered(counter: Counter, request: Request) -> Response:
    """``GET``: the record system's login answers. An answer to a launch that did not begin in this browser opens
    nothing, so that nobody is led into another's session."""
    system = _named(counter.settings, request.path_params["system"])
    asked = request.query_params
    said = {name: asked[name] for name in ANSWERED if name in asked}
    if system is None:
        return _refused(counter, NOT_HERE)
    if any(len(asked.getlist(name)) > 1 for name in said):
        return _refused(counter, FAILED)
    name = _attempt(said.get("state", ""))
    answer = await _in(counter, await finish_launch(system, said, request.cookies.get(name, "")))
    take(answer, name, SMART)
    return answer


async def _left(counter: Counter, request: Request) -> Response:
    """``POST``: a record system says that somebody has logged out; what it opened for them ends now."""
    settings, at = counter.settings, counter.house.clock()
    return await ended(counter, await left(settings.systems, await logout_token(request), settings.once, at))


async def _component(counter: Counter, _request: Request) -> Response:
    script = counter.assets.files["komponent.js"]
    return Response(script.data, 200, SCRIPT, script.media_type)


async def _in(counter: Counter, launched: Launched | Unidentified) -> Response:
    """On to the overview of the launch's patient, in a session of its own that opens nothing else."""
    if isinstance(launched, Unidentified):
        return _refused(counter, launched)
    who = launched.entered.identified
    if who.actor.kind != "professional":
        return _refused(counter, Unidentified("identity.launch-professionals"))
    at_work = msgspec.structs.replace(who.actor, client=launched.system.name)
    entered = msgspec.structs.replace(launched.entered, identified=msgspec.structs.replace(who, actor=at_work))
    embedding = _embedding(launched)
    begun = await opened(counter.house, entered, counter.settings, embedding, launched.patient)
    answer = moved(embedding.path)
    give(answer, COOKIE, begun.secret, embedding.path, counter.settings.longest // 1000)
    return answer


def _embedding(launched: Launched) -> Embedding:
    system = launched.system
    path = f"{ROOT}/{secrets.token_urlsafe(16)}"
    return Embedding(system.name, system.origins, path, system.back, launched.ref, launched.banner)


def _refused(counter: Counter, why: Unidentified) -> Response:
    """Why not, with its code: whoever reads it calls those who run the record system. Every one of them may show it,
    for it says nothing of anybody."""
    shown = everybody(counter.settings.systems)
    return allow(fault_page(counter.assets, why.code, technical=True, embedding=nobody(shown)), shown)


def _attempt(state: str) -> str:
    """The cookie of one launch under way: several may be."""
    return f"{ATTEMPT}-{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def _state_in(address: str) -> str:
    return next(value for name, value in parse_qsl(address.partition("?")[2]) if name == "state")


def _named(settings: PortalSettings, name: str) -> RecordSystem | None:
    return next((each for each in settings.systems if each.id == name and each.smart), None)


async def _link(request: Request) -> str:
    """The one ``link`` of a posted form, empty where there is none."""
    body = await body_within(request, LARGEST_FORM) or b""
    given = [value for name, value in parse_qsl(body.decode("latin-1")) if name == "link"]
    return given[0] if len(given) == 1 else ""


def _told(handler: Handler) -> Handler:
    """A handler whose faults are shown where the record system can show them."""

    async def told(counter: Counter, request: Request) -> Response:
        try:
            return await handler(counter, request)
        except Fault as fault:
            return _refused(counter, Unidentified(fault.code))

    return told


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", START, _told(_start)),
    ("GET", SMART, _told(_smart)),
    ("GET", answer_path("{system}"), _told(_smart_answered)),
    ("POST", LOGOUT, _left),
    ("GET", COMPONENT, _component),
)


def routes(settings: PortalSettings) -> tuple[tuple[str, str, Handler], ...]:
    """Those addresses, where record systems are configured; none elsewhere."""
    return ROUTES if settings.systems else ()
