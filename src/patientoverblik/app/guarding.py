"""The gate of this installation: its names, who may frame it, its limits, and how each door says no."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp

from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import words_of
from patientoverblik.edges.guard import Guard, Rates, Refuse, guarded
from patientoverblik.edges.identity import testlogin
from patientoverblik.edges.identity.authorisation import metadata
from patientoverblik.edges.identity.web import ANSWER_PATH, LOGOUT_PATH
from patientoverblik.edges.portal.answers import fault_data, fault_page
from patientoverblik.edges.portal.assets import Assets, load_assets
from patientoverblik.edges.portal.routes import api, apps, officer
from patientoverblik.edges.portal.sessions import cookie_name
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.edges.soap.envelope import fault
from patientoverblik.edges.soap.names import MEDIA_TYPES, SOAP_12
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.house import House

ALWAYS_OURS = ("localhost", "127.0.0.1", "::1")
ENTRIES = frozenset(
    {
        "/log-ind",
        ANSWER_PATH,
        LOGOUT_PATH,
        metadata.AUTHORIZE,
        metadata.TOKEN,
        metadata.REVOKE,
        f"{testlogin.PATH}/authorize",
        f"{testlogin.PATH}/token",
    }
)
SEARCHES = frozenset(
    f"POST {path}" for path in ("/patient", f"{api.PREFIX}overblik", metadata.AUTHORIZE, officer.READERS)
)


def at_the_gate(settings: Settings, house: House, application: ASGIApp) -> tuple[ASGIApp, Guard]:
    """The application behind the rules that hold for every door, and those rules."""
    assets = load_assets()
    guard = guard_of(settings, assets)
    return guarded(application, guard, refusing(assets), house.clock), guard


def guard_of(settings: Settings, assets: Assets) -> Guard:
    """The rules of the settings."""
    return Guard(
        hosts=hosts_of(settings),
        frame_hosts=words_of(settings.frame_hosts),
        secure=settings.secure,
        cookie=cookie_name(PortalSettings(secure_cookies=settings.secure)),
        rates=Rates(settings.limit_actor, settings.limit_address, settings.limit_entry, settings.limit_search),
        entries=ENTRIES,
        searches=SEARCHES,
        free=(f"{assets.prefix}/",),
    )


def hosts_of(settings: Settings) -> frozenset[str]:
    """The names the service answers to."""
    own = (urlsplit(settings.base_url).hostname or "", settings.host.lower())
    return frozenset(each for each in (*ALWAYS_OURS, *own, *words_of(settings.hosts)) if each)


def refusing(assets: Assets) -> Refuse:
    """How a request is refused before its door: a SOAP fault, JSON or a page, as that door would."""

    def refuse(scope: Mapping[str, Any], code: str) -> Response:
        path = scope["path"]
        if path in BY_PATH:
            body = fault(SOAP_12, code, sender=False)
            return Response(body, CATALOGUE[code].http, media_type=f"{MEDIA_TYPES[SOAP_12]}; charset=utf-8")
        is_data = path.startswith((api.PREFIX, *apps.DATA)) or code == "portal.unknown-host"
        return fault_data(code) if is_data else fault_page(assets, code)

    return refuse
