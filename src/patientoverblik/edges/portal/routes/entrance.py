"""The entrance: the front page, choosing whose overview, searching for a patient, and staying."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Session
from patientoverblik.care.systems import CPR
from patientoverblik.edges.portal.answers import data, fault_page, moved, page
from patientoverblik.edges.portal.present.followed import Message
from patientoverblik.edges.portal.routes.desk import Counter, with_form
from patientoverblik.edges.portal.routes.login import persona_of
from patientoverblik.edges.portal.routes.officer import own_messages
from patientoverblik.edges.portal.sessions import COOKIE, changed, current, give, handle_for, handle_of, used
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import PatientId

PERSONS = ("citizen", "relative")
TITLES = {"professional": "Find en patient", "officer": "Kontrol af opslag"}
OWN = "own"


async def front(counter: Counter, request: Request) -> Response:
    """The front page: the way to log in, or what the reader can do next."""
    session = current(counter.house, request)
    if session is not None:
        using = await used(counter.house, session, counter.settings)
        return _choose_page(counter, using, messages=await own_messages(counter, using))
    if counter.settings.straight:
        return moved("/log-ind")
    return page("enter.html", counter.frame("Log ind", None), open=counter.settings.party is not None)


async def _stay(counter: Counter, _request: Request, session: Session, _form: dict[str, str]) -> Response:
    """Being asked for has extended the session; how many seconds are left is answered to the page's own script."""
    left = max(0, session.expires - counter.house.clock()) // 1000
    return data(b'{"seconds":%d}' % left)


async def _search(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    """A professional's patient, or the one a citizen has a power of attorney from: that is another capacity."""
    number = "".join(form.get("cpr", "").replace("-", "").split())
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return _choose_page(counter, session, CATALOGUE["portal.bad-number"].da, 400)
    patient = PatientId(CPR, number)
    if session.actor.kind != "citizen" or persona_of(counter, session):
        return moved(f"/p/{await handle_for(counter.house, session, patient)}")
    begun = await changed(counter.house, session, "relative")
    answer = moved(f"/p/{await handle_for(counter.house, begun.session, patient)}")
    give(counter.settings, answer, COOKIE, begun.secret)
    return answer


async def _choose(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    persona = persona_of(counter, session)
    if persona is None and form.get("whose") == OWN and session.actor.kind in PERSONS and session.actor.person:
        return await _own(counter, session)
    offered = {str(number): each for number, each in enumerate(persona.whose if persona else ())}
    chosen = offered.get(form.get("whose", ""))
    if chosen is None:
        return fault_page(counter.assets, "portal.not-found", session)
    return moved(f"/p/{await handle_for(counter.house, session, chosen.patient)}")


stay = with_form(_stay)
search = with_form(_search)
choose = with_form(_choose)


async def _own(counter: Counter, session: Session) -> Response:
    """A person's own overview, as a citizen again where they have acted for another."""
    if session.actor.kind == "citizen":
        return moved(f"/p/{await handle_of(counter.house, session, session.actor.person)}")
    begun = await changed(counter.house, session, "citizen")
    answer = moved(f"/p/{await handle_of(counter.house, begun.session, session.actor.person)}")
    give(counter.settings, answer, COOKIE, begun.secret)
    return answer


def _choose_page(
    counter: Counter, session: Session, fault: str = "", status: int = 200, messages: Sequence[Message] = ()
) -> Response:
    kind, persona = session.actor.kind, persona_of(counter, session)
    professional, person = kind == "professional", kind in PERSONS and persona is None
    offered = [
        {"label": each.label, "value": str(number)} for number, each in enumerate(persona.whose if persona else ())
    ]
    own = [{"label": "Dit eget overblik", "value": OWN}] if person and session.actor.person else []
    return page(
        "choose.html",
        counter.frame(TITLES.get(kind, "Vælg overblik"), session),
        status,
        searching=professional,
        officer=kind == "officer",
        messages=messages,
        on_behalf=person,
        fault=fault,
        whose=[*own, *offered],
        everywhere=bool(session.subject),
    )
