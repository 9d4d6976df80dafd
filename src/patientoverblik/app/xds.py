"""The XDS.b door beside the pages, where there is somebody it can believe."""

from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from patientoverblik.app.revoking import proxies_of
from patientoverblik.app.settings import Settings
from patientoverblik.app.soap import demo_trust, once_of
from patientoverblik.app.soap_faults import levels_of, removers_of
from patientoverblik.edges.identity.certificate import Certificate, presented
from patientoverblik.edges.identity.soap import Trust, read_trust
from patientoverblik.edges.soap.door import SoapSettings, routes
from patientoverblik.edges.soap.received import Patience
from patientoverblik.service.house import House

MEGABYTE = 1_000_000


def with_door(settings: Settings, house: House, pages: Starlette) -> Starlette:
    """The pages with the door beside them; alone where nobody is believed (no trust file outside the demo). What the
    pages keep as the application's state stays its state."""
    trust = trust_of(settings)
    if trust is None:
        return pages
    proxies = proxies_of(settings, house.clock)
    trust = msgspec.structs.replace(trust, revocations=proxies.revocations)

    def caller(request: Request) -> Certificate | None:
        return presented(request.scope, request.headers, proxies)

    door = SoapSettings(
        trust,
        once_of(house),
        caller,
        known={},
        patience=Patience(most=settings.message_megabytes * MEGABYTE),
        levels=levels_of(settings.rule_levels),
        origin=settings.base_url,
    )
    removing = msgspec.structs.replace(house, removers=removers_of(settings.removers))
    both = Starlette(routes=[*routes(removing, door), Mount("", pages)])
    both.state = pages.state
    return both


def trust_of(settings: Settings) -> Trust | None:
    """Whom the door believes: the trust file's issuers, else in the demo its own; None for nobody."""
    if settings.trust:
        return read_trust(Path(settings.trust))
    return demo_trust(settings) if settings.demo else None
