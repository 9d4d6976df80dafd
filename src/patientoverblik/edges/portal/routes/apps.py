"""Citizens' own apps: the page that asks for permission, the page that shows and withdraws it, and what the apps call.

Nothing here tells an app more than the norm asks for; a token stands in no address, and none is written in a log.
"""

import asyncio
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Permit, Session
from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.authorisation import Allowing, Server, Wish, metadata
from patientoverblik.edges.identity.authorisation import office as acts
from patientoverblik.edges.identity.authorisation.wire import Answer, Sent
from patientoverblik.edges.identity.tokens import certificate_of
from patientoverblik.edges.portal.answers import LOG, PRIVATE, data, fault_page, moved, page
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.present.apps import Asking, Whose, asking, listed
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.routes.desk import Counter, Handler, with_form, with_session
from patientoverblik.edges.portal.routes.login import persona_of
from patientoverblik.edges.portal.routes.resume import forget, remember
from patientoverblik.edges.portal.sessions import current, handle_of, in_capacity, patient_of
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.service.evidence import ask
from patientoverblik.sharing.model import PatientId

OAUTH_FAULTS = {"invalid_client": "identity.app-unknown"}
LARGEST_FORM = 32_768
MOST_FIELDS = 50
FORM = "application/x-www-form-urlencoded"
OPEN = f"{metadata.MANAGE}/aabn"
FHIR = "/fhir"  # where that door is, as apps are told
PERSONS = ("citizen", "relative")
# What is answered here to programs, never with a page.
DATA = (metadata.TOKEN, metadata.REVOKE, metadata.KEYS, "/.well-known/")


def _server(counter: Counter) -> Server:
    server = counter.settings.tokens.server
    if server is None:
        raise LookupError("no authorisation server")
    return server


async def _authorize(counter: Counter, request: Request) -> Response:
    """``GET``: what an app asks for, shown to whoever is logged in."""
    query = request.url.query
    wish = await asyncio.to_thread(_server(counter).wish, _sent("GET", query))
    if isinstance(wish, Answer):
        return _sent_back(counter, request, wish)
    session = current(counter.house, request)
    if session is None:
        answer = _page(counter, None, wish.redirect, None, query)
        remember(counter.settings, answer, query)
        return answer
    answer = _ask(counter, session, wish, query)
    forget(counter.settings, answer)
    return answer


async def _decide(counter: Counter, request: Request, session: Session, form: dict[str, str]) -> Response:
    """``POST``: "Tillad" or "Afvis". What the app asks for is read and judged again."""
    query = form.get("request", "")
    wish = await asyncio.to_thread(_server(counter).wish, _sent("GET", query))
    if isinstance(wish, Answer):
        return _sent_back(counter, request, wish)
    allowing = _allowing(counter, session, form, wish) if form.get("decision") == "allow" else None
    if allowing is None and form.get("decision") == "allow":
        return _ask(counter, session, wish, query, 400)
    answer = await asyncio.to_thread(_server(counter).decided, wish, allowing)
    return _sent_back(counter, request, answer)


async def _list(counter: Counter, _request: Request, session: Session) -> Response:
    """The apps that have access: those the reader has allowed, and those others have allowed to see the reader."""
    office, person = _server(counter).office, _person(session)
    reader = office.storage.reader()
    given = acts.given_by(reader, person) if person else ()
    others = tuple(each for each in (acts.about(reader, person) if person else ()) if each not in given)
    shown = msgspec.structs.asdict(listed(given, others, office.apps, counter.house.clock()))
    return page("apps.html", counter.frame("Apps med adgang", session), **shown, openers=_openers(counter, session))


def _openers(counter: Counter, session: Session) -> list[Link]:
    """The apps that are opened from here, each for everybody whose overview the reader may let an app see."""
    apps = [app for app in _server(counter).office.apps.values() if app.launch]
    seen = tuple(enumerate(_seeable(counter, session))) if apps else ()
    return [Link(f"Åbn {app.name}: {each.label}", f"{OPEN}/{app.id}/{number}") for app in apps for number, each in seen]


async def _open(counter: Counter, request: Request, session: Session) -> Response:
    """Open an app for one patient (SMART EHR launch): it is told which server we are, and a word that stands for the
    patient in this session alone. It sees nothing yet: it must ask like any other."""
    office = _server(counter).office
    app = office.apps.get(request.path_params["app"])
    seen = {str(number): each for number, each in enumerate(_seeable(counter, session))}
    chosen = seen.get(request.path_params["whose"])
    if app is None or not app.launch or chosen is None:
        return fault_page(counter.assets, "portal.not-found", session)
    launch = await handle_of(counter.house, session, chosen.patient)
    told = {"iss": f"{office.base}{FHIR}", "launch": launch}
    return moved(f"{app.launch}{'&' if '?' in app.launch else '?'}{urlencode(told)}")


async def _withdraw(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    """Withdraw a permission one has given, or that is about oneself; it holds from the next call of the app."""
    office, person = _server(counter).office, _person(session)
    reader = office.storage.reader()
    mine = (*acts.given_by(reader, person), *acts.about(reader, person)) if person else ()
    grant = next((each for each in mine if each.id == form.get("grant", "")), None)
    if grant is None:
        return fault_page(counter.assets, "portal.not-found", session)
    await asyncio.to_thread(acts.end, office, grant, session.actor, "withdrawn")
    return moved(metadata.MANAGE)


async def _token(counter: Counter, request: Request) -> Response:
    return _oauth(await asyncio.to_thread(_server(counter).token, await _posted(counter, request)))


async def _revoke(counter: Counter, request: Request) -> Response:
    return _oauth(await asyncio.to_thread(_server(counter).revoke, await _posted(counter, request)))


async def _keys(counter: Counter, _request: Request) -> Response:
    return _public(_server(counter).office.signing.published)


async def _smart(counter: Counter, _request: Request) -> Response:
    return _public(msgspec.json.encode(metadata.smart_configuration(_server(counter).office)))


async def _metadata(counter: Counter, _request: Request) -> Response:
    return _public(msgspec.json.encode(metadata.server_metadata(_server(counter).office)))


async def _openid(counter: Counter, request: Request) -> Response:
    """As the server's own, where an app may ask who somebody is at all."""
    apps = _server(counter).office.apps.values()
    if not any("openid" in app.scopes for app in apps):
        return fault_page(counter.assets, "portal.not-found")
    return await _metadata(counter, request)


def _person(session: Session) -> int:
    """Who somebody is as a private person, 0 for a professional at work."""
    return session.actor.person if session.actor.kind in PERSONS else 0


def _ask(counter: Counter, session: Session, wish: Wish, query: str, status: int = 200) -> Response:
    office = _server(counter).office
    offered = _offered(counter, session, wish)
    real = persona_of(counter, session) is None and not wish.launch
    if not offered and not (real and _person(session)):
        nobody = session.actor.kind not in PERSONS
        code = "identity.app-citizens-only" if nobody else "identity.app-nothing-to-see"
        return fault_page(counter.assets, code, session)
    whose = Whose(tuple(each.label for each in offered), real, status == 400)
    made = asking(office.apps[wish.app], wish, whose, session.actor.name, counter.house.clock())
    return _page(counter, session, wish.redirect, made, query, status)


def _page(
    counter: Counter, session: Session | None, redirect: str, made: Asking | None, query: str, status: int = 200
) -> Response:
    """The page that asks. Its form may lead to the app, which a browser follows only where the page says so; and it is
    never framed, whoever else may frame pages here."""
    title = "Giv en app adgang"
    answer = page("authorise.html", counter.frame(title, session), status, asked=made, request=query)
    parts = urlsplit(redirect)
    target = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    policy = PRIVATE["Content-Security-Policy"].replace("form-action 'self'", f"form-action 'self' {target}")
    answer.headers["Content-Security-Policy"] = f"{_without_framing(policy)}; frame-ancestors 'none'"
    answer.headers["X-Frame-Options"] = "DENY"
    return answer


def _without_framing(policy: str) -> str:
    return "; ".join(each for each in policy.split("; ") if not each.startswith("frame-ancestors"))


def _offered(counter: Counter, session: Session, wish: Wish) -> tuple[Allowing, ...]:
    """Whose overview somebody may let an app see: the one it was opened for from our pages, in this very session; else
    their own and those they act for; as far as they may see it now."""
    if not wish.launch:
        return _seeable(counter, session)
    key = patient_of(counter.house, session, wish.launch) if _person(session) else None
    allowing = _allowing_of(counter, session, key, _label(counter, session, key)) if key else None
    return (allowing,) if allowing and _may_see(counter, allowing) else ()


def _label(counter: Counter, session: Session, key: int) -> str:
    """What somebody calls the one whose overview it is."""
    return next((each.label for each in _seeable(counter, session) if each.patient == key), "En, du har fuldmagt fra")


def _seeable(counter: Counter, session: Session) -> tuple[Allowing, ...]:
    actor, persona = session.actor, persona_of(counter, session)
    if not _person(session):
        return ()
    if persona is None:
        found: tuple[tuple[str, int | None], ...] = (("Dit eget overblik", actor.person),)
    else:
        reader = counter.house.storage.reader()
        found = tuple((each.label, reader.patient_key(each.patient)) for each in persona.whose)
    possible = (_allowing_of(counter, session, key, label) for label, key in found if key is not None)
    return tuple(each for each in possible if _may_see(counter, each))


def _may_see(counter: Counter, allowing: Allowing) -> bool:
    house, reader = counter.house, counter.house.storage.reader()
    answer = ask(house, reader, allowing.actor, allowing.patient, allowing.purpose, house.clock())
    return isinstance(answer, Permit)


def _allowing_of(counter: Counter, session: Session, key: int, label: str) -> Allowing:
    """Somebody in the capacity in which they may see a patient: as themselves, or for another."""
    own = session.actor.person in counter.house.storage.reader().linked_keys(key)
    actor = in_capacity(session.actor, "citizen" if own else "relative")
    return Allowing(actor, key, label, "own-overview" if own else "on-behalf", session.started)


def _allowing(counter: Counter, session: Session, form: dict[str, str], wish: Wish) -> Allowing | None:
    """Whose overview was chosen: one that was offered, or by number one that a power of attorney is from."""
    number = "".join(form.get("cpr", "").replace("-", "").split())
    if number and not wish.launch and not persona_of(counter, session):
        return _by_power(counter, session, number)
    offered = {str(number): each for number, each in enumerate(_offered(counter, session, wish))}
    return offered.get(form.get("whose", ""))


def _by_power(counter: Counter, session: Session, number: str) -> Allowing | None:
    """None alike for a number that is unknown and one whose owner has given no power."""
    key = counter.house.storage.reader().patient_key(PatientId(CPR, number)) if _person(session) else None
    if key is None:
        return None
    allowing = _allowing_of(counter, session, key, "En, du har fuldmagt fra")
    return allowing if _may_see(counter, allowing) else None


def _sent_back(counter: Counter, request: Request, answer: Answer) -> Response:
    """To the app, where we know that the address is its own; else the citizen is told, and nobody is sent anywhere."""
    if answer.location:
        return moved(answer.location)
    error = answer.body.get("error", "")
    code = OAUTH_FAULTS.get(error, "identity.app-request")
    return fault_page(counter.assets, code, current(counter.house, request))


def _sent(method: str, query: str) -> Sent:
    try:
        parameters = parse_qsl(query[:LARGEST_FORM], keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        parameters = []
    return Sent(method, tuple(parameters))


async def _posted(counter: Counter, request: Request) -> Sent:
    """A form of an app (RFC 6749 §4.1.3); one that is too long or no form has no parameters."""
    body = await body_within(request, LARGEST_FORM) or b""
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    certificate = certificate_of(counter.settings.tokens, request)
    return msgspec.structs.replace(
        _sent("POST", body.decode("utf-8", "replace") if is_form else ""),
        headers=dict(request.headers),
        certificate=certificate,
    )


def _oauth(answer: Answer) -> Response:
    """An answer to an app (RFC 6749 §5); of one that is refused the kind of error is logged, and nothing else."""
    given = _public(msgspec.json.encode(answer.body), answer.status)
    if answer.status >= 400:
        LOG.warning("an app was answered with %s", answer.body.get("error", ""))
    if answer.status == 401:
        given.headers["WWW-Authenticate"] = 'Basic realm="overblik"'
    return given


def _public(body: bytes, status: int = 200) -> Response:
    """JSON that a script of any origin may read: no cookie has a part in it."""
    answer = data(body, status)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", metadata.AUTHORIZE, _authorize),
    ("POST", metadata.AUTHORIZE, with_form(_decide)),
    ("POST", metadata.TOKEN, _token),
    ("POST", metadata.REVOKE, _revoke),
    ("GET", metadata.KEYS, _keys),
    ("GET", metadata.MANAGE, with_session(_list)),
    ("POST", metadata.MANAGE, with_form(_withdraw)),
    ("GET", f"{OPEN}/{{app}}/{{whose}}", with_session(_open)),
    ("GET", "/.well-known/smart-configuration", _smart),
    ("GET", "/.well-known/oauth-authorization-server", _metadata),
    ("GET", "/.well-known/openid-configuration", _openid),
)


def routes(settings: PortalSettings) -> tuple[tuple[str, str, Handler], ...]:
    """Those addresses, where apps are registered; none elsewhere."""
    return ROUTES if settings.tokens.server else ()
