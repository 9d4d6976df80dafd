"""The entrance: the marked test login, choosing whose overview, searching for a patient, and leaving."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Session
from patientoverblik.edges.portal.answers import data, fault_page, moved, page
from patientoverblik.edges.portal.routes.desk import Counter, read_form, with_form
from patientoverblik.edges.portal.sessions import COOKIE, START_COOKIE, current, end, handle_for, same, start, used
from patientoverblik.edges.portal.settings import CPR_SYSTEM, Persona, PortalSettings
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import PatientId

GROUPS = (("professional", "Fagpersoner"), ("citizen", "Borgere"), ("relative", "Pårørende med fuldmagt"))


async def front(counter: Counter, request: Request) -> Response:
    """The front page: the test login, or what the reader can do next."""
    session = current(counter.house, request)
    if session is None:
        return _login_page(counter, request)
    return _choose_page(counter, await used(counter.house, session, counter.settings))


async def log_in(counter: Counter, request: Request) -> Response:
    """Log in as a persona; the form's token must be the browser's own."""
    form = await read_form(request)
    if not same(form.get("csrf", ""), request.cookies.get(START_COOKIE, "")):
        return fault_page(counter.assets, "portal.form-expired")
    persona = _persona(counter.settings, form.get("persona", ""))
    if persona is None:
        return fault_page(counter.assets, "portal.unknown-persona")
    return await _begin(counter, persona)


async def _log_out(counter: Counter, _request: Request, session: Session, _form: dict[str, str]) -> Response:
    await end(counter.house, session)
    answer = moved("/")
    answer.delete_cookie(COOKIE, path="/")
    return answer


async def _stay(counter: Counter, _request: Request, session: Session, _form: dict[str, str]) -> Response:
    """Being asked for has extended the session; how many seconds are left is answered to the page's own script."""
    left = max(0, session.expires - counter.house.clock()) // 1000
    return data(b'{"seconds":%d}' % left)


async def _search(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    number = "".join(form.get("cpr", "").replace("-", "").split())
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return _choose_page(counter, session, CATALOGUE["portal.bad-number"].da, 400)
    return moved(f"/p/{await handle_for(counter.house, session, PatientId(CPR_SYSTEM, number))}")


async def _choose(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    persona = _persona_of(counter.settings, session)
    offered = {str(number): each for number, each in enumerate(persona.whose if persona else ())}
    chosen = offered.get(form.get("whose", ""))
    if chosen is None:
        return fault_page(counter.assets, "portal.not-found", session)
    return moved(f"/p/{await handle_for(counter.house, session, chosen.patient)}")


log_out = with_form(_log_out)
stay = with_form(_stay)
search = with_form(_search)
choose = with_form(_choose)


async def _begin(counter: Counter, persona: Persona) -> Response:
    begun = await start(counter.house, persona, counter.settings.lifetime)
    only = persona.whose[0].patient if len(persona.whose) == 1 else None
    target = f"/p/{await handle_for(counter.house, begun.session, only)}" if only else "/"
    answer = moved(target)
    _keep(counter, answer, COOKIE, begun.secret)
    answer.delete_cookie(START_COOKIE, path="/")
    return answer


def _login_page(counter: Counter, request: Request) -> Response:
    token = request.cookies.get(START_COOKIE) or secrets.token_urlsafe(24)
    answer = page("login.html", counter.frame("Testlogin", None), csrf=token, groups=_groups(counter.settings))
    _keep(counter, answer, START_COOKIE, token)
    return answer


def _choose_page(counter: Counter, session: Session, fault: str = "", status: int = 200) -> Response:
    searching = session.actor.kind == "professional"
    persona = _persona_of(counter.settings, session)
    title = "Find en patient" if searching else "Vælg overblik"
    surrounding = counter.frame(title, session)
    whose = persona.whose if persona else ()
    labels = [{"label": each.label} for each in whose]
    return page("choose.html", surrounding, status, searching=searching, fault=fault, whose=labels)


def _groups(settings: PortalSettings) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for kind, title in GROUPS:
        members = [_card(each) for each in settings.personas if each.actor.kind == kind]
        found += [{"title": title, "personas": members}] if members else []
    return found


def _card(persona: Persona) -> dict[str, str]:
    return {"id": persona.id, "name": persona.name, "text": persona.text}


def _persona(settings: PortalSettings, persona: str) -> Persona | None:
    return next((each for each in settings.personas if each.id == persona), None)


def _persona_of(settings: PortalSettings, session: Session) -> Persona | None:
    actor = session.actor
    return next(
        (each for each in settings.personas if (each.actor.kind, each.actor.id) == (actor.kind, actor.id)), None
    )


def _keep(counter: Counter, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, path="/", secure=counter.settings.secure_cookies, httponly=True, samesite="lax")
