"""The pages of one patient as they stand in a record system: who may frame them, and what is left out there."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from patientoverblik.access import Embedding, Session
from patientoverblik.edges.identity.launch import RecordSystem
from patientoverblik.edges.portal.answers import PRIVATE, fault_page, moved
from patientoverblik.edges.portal.embed.addresses import END, ROOT, STAY
from patientoverblik.edges.portal.embed.cookies import COOKIE, take
from patientoverblik.edges.portal.routes.desk import Counter, Handler, with_form
from patientoverblik.edges.portal.sessions import current, end

PATIENT = "/p/{handle}"
FRAMED = "/{handle}"
POLICY = "Content-Security-Policy"
Endpoint = Callable[[Request], Awaitable[Response]]
Given = tuple[str, str, Handler]


def framed(
    counter: Counter, given: Iterable[Given], stay: Handler, ended: Callable[[Counter, Handler], Endpoint]
) -> Starlette:
    """The pages of a patient among those ``given``, to be mounted at :data:`~.addresses.ROOT`; ``ended`` makes an
    endpoint of a handler, in which no exception is left."""
    own = [(method, FRAMED + path.removeprefix(PATIENT), handler) for method, path, handler in given if _is_own(path)]
    own += [("POST", FRAMED + STAY, stay), ("POST", FRAMED + END, with_form(_end))]
    routes = [Route(path, _shown(counter, ended(counter, handler)), methods=[method]) for method, path, handler in own]
    application = Starlette(routes=routes)
    application.state.session_cookie = COOKIE
    return application


def allow(answer: Response, origins: tuple[str, ...]) -> Response:
    """Let pages of these origins frame an answer; no other may, nor our own."""
    said = answer.headers.get(POLICY, PRIVATE[POLICY])
    answer.headers[POLICY] = f"{said}; frame-ancestors {' '.join(origins)}"
    return answer


def everybody(systems: Iterable[RecordSystem]) -> tuple[str, ...]:
    """The origins of all record systems."""
    return tuple(dict.fromkeys(origin for system in systems for origin in system.origins))


def nobody(origins: tuple[str, ...]) -> Embedding:
    """What surrounds a page that is opened for nobody."""
    return Embedding("", origins, ROOT)


async def _end(counter: Counter, _request: Request, session: Session, _form: dict[str, str]) -> Response:
    """The reader is done: in a window of its own there is no record system around it that takes it away."""
    path = session.embedding.path if session.embedding else ROOT
    await end(counter.house, session)
    answer = moved(path)
    take(answer, COOKIE, path)
    return answer


def _is_own(path: str) -> bool:
    return path == PATIENT or path.startswith(f"{PATIENT}/")


def _shown(counter: Counter, endpoint: Endpoint) -> Endpoint:
    """An endpoint whose answers only the record system that opened them may frame; once the session is over, a page
    that says so and nothing else."""

    async def shown(request: Request) -> Response:
        session = current(counter.house, request)
        if session is None or session.embedding is None or not _is_at(session, request):
            origins = everybody(counter.settings.systems)
            return allow(fault_page(counter.assets, "identity.launch-ended", embedding=nobody(origins)), origins)
        return allow(await endpoint(request), session.embedding.origins)

    return shown


def _is_at(session: Session, request: Request) -> bool:
    """Whether a session is used at the address that it was opened for."""
    own = session.embedding.path if session.embedding else ""
    return own == f"{ROOT}/{request.path_params['handle']}"
