"""The gate of this installation: its names, who may frame it, its limits, and how each door says no."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp

from patientoverblik.app.login import kept_secret
from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import words_of
from patientoverblik.edges.fhir.call import PATH as FHIR
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.sent import sent
from patientoverblik.edges.guard import Guard, Incoming, Rates, Refuse, guarded, id_of
from patientoverblik.edges.guard.limits import Counted
from patientoverblik.edges.identity import testlogin
from patientoverblik.edges.identity.authorisation import metadata
from patientoverblik.edges.identity.web import ANSWER_PATH, LOGOUT_PATH, new_key
from patientoverblik.edges.portal import embed
from patientoverblik.edges.portal.answers import fault_data, fault_page
from patientoverblik.edges.portal.assets import Assets, load_assets
from patientoverblik.edges.portal.routes import api, apps, officer, plan_flags
from patientoverblik.edges.portal.sessions import cookie_name
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.edges.soap.envelope import fault
from patientoverblik.edges.soap.names import MEDIA_TYPES, SOAP_12
from patientoverblik.edges.soap.transactions import BY_PATH, PREFIXES
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service.house import House

BODY_SEAL = "request-body"
MEGABYTE = 1_000_000
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
    f"POST {path}"
    for path in (
        "/patient",
        api.ADDRESS,
        plan_flags.ADDRESS,
        metadata.AUTHORIZE,
        officer.READERS,
        f"{FHIR}/Patient/_search",
        f"{FHIR}/Patient/$match",
    )
)


def at_the_gate(settings: Settings, house: House, application: ASGIApp) -> tuple[ASGIApp, Guard]:
    """The application behind the rules that hold for every door, and those rules."""
    assets = load_assets()
    guard = guard_of(settings, assets)
    secret = body_secret(house)
    return guarded(application, guard, refusing(assets), house.clock, secret, counted_by(house, secret)), guard


def counted_by(house: House, secret: bytes) -> Counted:
    """What all workers count together is counted in the database; whom it is of stands there as a keyed hash."""

    async def counted(key: str, until: int) -> int:
        kept, at = hmac.digest(secret, key.encode(), "sha256").hex(), house.clock()
        return await house.wait(house.storage.act(lambda transaction: transaction.count(kept, until, at)))

    return counted


def body_secret(house: House) -> bytes:
    """The installation's secret that what was asked is hashed under."""
    return kept_secret(house, BODY_SEAL, new_key())


def command(house: House, words: Sequence[str]) -> Incoming:
    """The words of a command as a request: an id of its own, and their hash."""
    incoming = Incoming(id_of(""), body_secret(house))
    incoming.take("\0".join(words).encode("utf-8", "surrogateescape"))
    return incoming


def guard_of(settings: Settings, assets: Assets) -> Guard:
    """The rules of the settings."""
    rates = Rates(settings.limit_actor, settings.limit_address, settings.limit_entry, settings.limit_search)
    return Guard(
        hosts=hosts_of(settings),
        frame_hosts=words_of(settings.frame_hosts),
        secure=settings.secure,
        cookie=cookie_name(PortalSettings(secure_cookies=settings.secure)),
        rates=rates.among(settings.workers * settings.machines),
        entries=ENTRIES | embed.ENTRANCES,
        elsewhere=frozenset({embed.START}),
        framed_cookies=(embed.COOKIE,),
        searches=SEARCHES,
        free=(f"{assets.prefix}/",),
        bodies=settings.limit_bodies,
        at_once=settings.limit_at_once,
        body_bytes=max(settings.limit_body_megabytes, 2 * settings.message_megabytes) * MEGABYTE,
    )


def hosts_of(settings: Settings) -> frozenset[str]:
    """The names the service answers to."""
    own = (urlsplit(settings.base_url).hostname or "", settings.host.lower())
    return frozenset(each for each in (*ALWAYS_OURS, *own, *words_of(settings.hosts)) if each)


def refusing(assets: Assets) -> Refuse:
    """How a request is refused before its door: as that door would, by a fault, an outcome, JSON or a page."""

    def refuse(scope: Mapping[str, Any], code: str) -> Response:
        path = scope["path"]
        if path in BY_PATH or path.startswith(PREFIXES):
            body = fault(SOAP_12, code, sender=False)
            return Response(body, CATALOGUE[code].http, media_type=f"{MEDIA_TYPES[SOAP_12]}; charset=utf-8")
        if path.startswith(f"{FHIR}/") or path == FHIR:
            return sent(refused(Finding(code)), "json", scope["method"])
        is_data = path.startswith((api.PREFIX, *apps.DATA)) or code == "portal.unknown-host"
        return fault_data(code) if is_data else fault_page(assets, code)

    return refuse
