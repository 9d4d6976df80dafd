"""Answers with the headers every one of them carries, and pages for what went wrong."""

import logging
import secrets
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse, Response

from patientoverblik.access import Embedding, Session
from patientoverblik.edges.guard import request_id
from patientoverblik.edges.portal.assets import Assets
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.render import Embedded, Frame, render
from patientoverblik.problems import CATALOGUE, Problem

LOG = logging.getLogger("patientoverblik.portal")
# Who may frame a page, and what else holds for every answer, is added at the gate (edges/guard).
GUARDED = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PRIVATE = {**GUARDED, "Cache-Control": "no-store"}
RETRY_SECONDS = 5
HEADLINES = {401: "Du er logget ud", 403: "Du kan ikke se dette", 404: "Siden findes ikke"}
NOT_DONE = ("portal.form-expired", "portal.cross-site")  # refused for how it was sent, not for who sent it
FOR_EVER = {**GUARDED, "Cache-Control": "public, max-age=31536000, immutable"}


def frame(assets: Assets, title: str, session: Session | None = None, now: int = 0, **more: object) -> Frame:
    """What surrounds a page: addresses of style sheets and icons, and who is logged in; for how long only where it is
    known what time it is."""
    return Frame(
        title=f"{title} – Samlet patientoverblik" if title != "Samlet patientoverblik" else title,
        style=assets.address("css/dkfds.min.css"),
        own_style=assets.address("portal.css"),
        icon=assets.address("icon.svg"),
        script=assets.address("portal.js"),
        sprite=assets.address("icons.svg"),
        reader=session.actor.name if session else "",
        csrf=session.csrf if session else "",
        seconds_left=max(0, session.expires - now) // 1000 if session and now else 0,
        **_inside(assets, session.embedding if session else None),
        **more,  # type: ignore[arg-type]
    )


def _inside(assets: Assets, embedding: Embedding | None) -> dict[str, Any]:
    """What is otherwise about a page that stands in a record system."""
    if embedding is None:
        return {}
    back = Link(f"Tilbage til {embedding.name}", embedding.back) if embedding.name else None
    inside = Embedded(assets.address("embedded.js"), embedding.origins, embedding.ref, back)
    return {"root": embedding.path, "banner": embedding.banner, "embedded": inside}


def page(template: str, surrounding: Frame, status: int = 200, **values: object) -> Response:
    """An HTML page that nobody may keep."""
    return HTMLResponse(render(template, surrounding, **values), status, PRIVATE)


def moved(address: str) -> Response:
    """Go on to another address with GET."""
    return RedirectResponse(address, 303, PRIVATE)


def data(body: bytes, status: int = 200, **headers: str) -> Response:
    """A JSON answer that nobody may keep."""
    return Response(body, status, {**PRIVATE, **headers}, "application/json")


def fault_page(
    assets: Assets,
    code: str,
    session: Session | None = None,
    technical: bool = False,
    offer: Link | None = None,
    embedding: Embedding | None = None,
    back: Link | None = None,
) -> Response:
    """What happened, what to do now, and a trace id that stands in the log too; the code only for professionals.

    ``offer`` is a step they may take in spite of it; ``embedding`` where it is shown, when it is nobody's; ``back``
    where they came from, if that is still theirs to see.
    """
    problem, trace = CATALOGUE[code], new_trace(code)
    text = CATALOGUE[code].da
    around = _inside(assets, embedding)
    title = _headline(problem)
    surrounding = frame(assets, title, session, **around)
    told = text.removeprefix(f"{title}. ")
    shown = {"title": title, "text": told, "code": code if technical else "", "trace": trace}
    way_on = back or _way_on(session, embedding, problem.http)
    return _patient(page("fault.html", surrounding, problem.http, fault=shown, back=way_on, offer=offer))


def _way_on(session: Session | None, embedding: Embedding | None, status: int) -> Link | None:
    """Where a reader goes from a fault: inside a record system there is the overview and nothing else."""
    if session and session.embedding:
        return Link("Til overblikket", session.embedding.path)
    return None if embedding else Link("Log ind" if status == 401 else "Til forsiden", "/")


def fault_data(code: str) -> Response:
    """The same as JSON: the code, both texts, and the trace id."""
    problem = CATALOGUE[code]
    body = {"code": code, "da": problem.da, "en": problem.en, "trace": new_trace(code)}
    return _patient(data(msgspec.json.encode(body), problem.http))


def new_trace(code: str) -> str:
    """A new trace id, written in the log beside the code and nothing else."""
    trace = secrets.token_hex(6)
    LOG.warning("answered with %s, trace %s, request %s", code, trace, request_id())
    return trace


def _patient(answer: Response) -> Response:
    """An answer that says when to come again, where what is wrong passes by itself."""
    if answer.status_code == 503:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _headline(problem: Problem) -> str:
    return "Det lykkedes ikke" if problem.code in NOT_DONE else HEADLINES.get(problem.http, "Det lykkedes ikke")
