"""For officers: who is logged in, and all sessions of one of them ended."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Refusal, Session
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.dates import instant_text
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.routes.desk import Counter, Handler, with_form, with_session
from patientoverblik.edges.portal.routes.officer import ADDRESS as FOLLOW_UP
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.edges.portal.words import joined, signed

TITLE = "Hvem er logget ind"
ADDRESS = f"{FOLLOW_UP}/sessioner"


async def _list(counter: Counter, _request: Request, session: Session) -> Response:
    found: tuple[Session, ...] | Refusal = await counter.acts.open_sessions(counter.house, session.actor)
    if isinstance(found, Refusal):
        return fault_page(counter.assets, found.code, session, technical=True)
    links = (Link("Forsiden", "/"), Link("Opfølgning på opslag", FOLLOW_UP))
    theirs: dict[tuple[str, str], list[Session]] = {}
    for each in found:
        theirs.setdefault((each.issuer, each.subject) if each.subject else (each.id, ""), []).append(each)
    rows = [_row(each, session) for each in theirs.values()]
    return page("logged_in.html", counter.frame(TITLE, session, links=links), title=TITLE, rows=rows, back=FOLLOW_UP)


async def _end(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    answer = await counter.acts.end_sessions(counter.house, session.actor, form.get("session", ""))
    if isinstance(answer, Refusal):
        return fault_page(counter.assets, answer.code, session, technical=True)
    return moved(ADDRESS)


def _row(theirs: Sequence[Session], own: Session) -> dict[str, str]:
    """One person's sessions, the last begun first, which end together; the one who looks is told as such, and ends
    their own by logging out."""
    each = theirs[0]
    actor = each.actor
    place = actor.organisation.name if actor.organisation else ""
    end = "" if (each.issuer, each.subject) == (own.issuer, own.subject) else each.id
    who = signed(actor, vocabulary("professional"))
    since = joined((instant_text(each.started), f"{len(theirs)} steder" if len(theirs) > 1 else ""))
    return {"who": who, "place": place, "since": since, "ends": end}


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", ADDRESS, with_session(_list)),
    ("POST", ADDRESS, with_form(_end)),
)
