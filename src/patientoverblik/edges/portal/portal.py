"""The pages as one Starlette application."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from patientoverblik.access import Session
from patientoverblik.edges.guard import request_id
from patientoverblik.edges.identity.web import ANSWER_PATH, LOGOUT_PATH
from patientoverblik.edges.portal import embed
from patientoverblik.edges.portal.answers import FOR_EVER, LOG, fault_data, fault_page, page
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.edges.portal.routes import (
    access,
    api,
    apps,
    blocks,
    connected,
    described,
    entrance,
    log,
    logged_in,
    login,
    officer,
    override,
    own,
    patient,
    plan_flags,
    remarks,
    worklist,
)
from patientoverblik.edges.portal.routes.desk import Counter, Handler
from patientoverblik.edges.portal.sessions import cookie_name, current
from patientoverblik.edges.portal.settings import Acts, PortalSettings
from patientoverblik.problems import Fault
from patientoverblik.service import House

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", entrance.front),
    ("GET", "/log-ind", login.log_in),
    ("GET", ANSWER_PATH, login.answered),
    ("POST", "/log-ud", login.log_out),
    ("POST", "/log-ud/alle", login.log_out_everywhere),
    ("POST", LOGOUT_PATH, login.back_channel),
    ("POST", "/bliv", entrance.stay),
    ("POST", "/patient", entrance.search),
    ("POST", "/vaelg", entrance.choose),
    ("GET", "/p/{handle}", patient.overview),
    ("GET", "/p/{handle}/dokumenter", patient.documents),
    ("GET", "/p/{handle}/dokument/{entry}", patient.document),
    ("GET", "/p/{handle}/linje/{line}", patient.line),
    ("POST", api.ADDRESS, api.overview),
    ("POST", plan_flags.ADDRESS, plan_flags.flags),
    *access.ROUTES,
    *blocks.ROUTES,
    *connected.ROUTES,
    *log.ROUTES,
    *logged_in.ROUTES,
    *officer.ROUTES,
    *override.ROUTES,
    *own.ROUTES,
    *remarks.ROUTES,
    *worklist.ROUTES,
)


def portal(house: House, settings: PortalSettings) -> Starlette:
    """The application; ``FileNotFoundError`` where the page assets have not been laid out."""
    counter = Counter(house, settings, settings.acts or Acts(), load_assets())
    handled = (*ROUTES, *apps.routes(settings), *embed.routes(settings))
    pages = [Route(path, _endpoint(counter, handler), methods=[method]) for method, path, handler in handled]
    served: list[BaseRoute] = [
        Route("/was", _endpoint(counter, _was)),
        Route(described.ADDRESS, _endpoint(counter, described.described)),
        Route(f"{counter.assets.prefix}/{{name:path}}", _endpoint(counter, _asset)),
    ]

    async def not_served(request: Request, raised: Exception) -> Response:
        wrong_method = isinstance(raised, HTTPException) and raised.status_code == 405
        code = "portal.wrong-method" if wrong_method else "portal.not-found"
        answer = fault_page(counter.assets, code, _session(counter, request))
        if isinstance(raised, HTTPException):
            answer.headers.update(raised.headers or {})  # which methods there are (RFC 9110, 15.5.6)
        return answer

    if settings.systems:
        served.append(Mount(embed.ROOT, embed.framed(counter, ROUTES, entrance.stay, _endpoint)))
    application = Starlette(routes=[*pages, *served], exception_handlers={HTTPException: not_served})
    application.state.session_cookie = cookie_name(settings)
    return application


def _endpoint(counter: Counter, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler that lets no exception out: a fault is answered by its code; of any other only the type is logged,
    because its text could hold a patient's values."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(counter, request)
        except HTTPException:
            raise
        except Fault as fault:
            return told(request, fault.code)
        except Exception as fault:
            LOG.error("a page failed: %s, request %s", type(fault).__name__, request_id())
            return told(request, "portal.broken")

    def told(request: Request, code: str) -> Response:
        is_data = request.url.path.startswith((api.PREFIX, *apps.DATA))
        return fault_data(code) if is_data else fault_page(counter.assets, code, _session(counter, request))

    return endpoint


def _session(counter: Counter, request: Request) -> Session | None:
    """Whose page something went wrong on, so that they can log out; nobody's where even that cannot be read."""
    try:
        return current(counter.house, request)
    except Exception:  # whatever broke is already told by its code
        return None


async def _was(counter: Counter, request: Request) -> Response:
    session = current(counter.house, request)
    return page("was.html", counter.frame("Tilgængelighedserklæring", session))


async def _asset(counter: Counter, request: Request) -> Response:
    asset = counter.assets.files.get(request.path_params["name"])
    if asset is None:
        return fault_page(counter.assets, "portal.not-found")
    return Response(asset.data, 200, FOR_EVER, asset.media_type)
