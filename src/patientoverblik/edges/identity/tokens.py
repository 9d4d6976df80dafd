"""What a door needs for tokens: whose are believed, and our own authorisation server where there is one."""

import msgspec
from starlette.requests import Request

from patientoverblik.edges.identity.authorisation.resource import own_issuer
from patientoverblik.edges.identity.authorisation.server import Server
from patientoverblik.edges.identity.bearer import Issuer, identify
from patientoverblik.edges.identity.certificate import Certificate, Proxies, presented
from patientoverblik.edges.identity.model import Identified, Unidentified


class Tokens(msgspec.Struct, frozen=True):
    """One installation's trust in tokens; ``server`` is None where no apps are registered."""

    issuers: tuple[Issuer, ...] = ()
    server: Server | None = None
    proxies: Proxies = Proxies()


def tokens(server: Server | None, others: tuple[Issuer, ...], proxies: Proxies) -> Tokens:
    """Our own issuer first, then the others."""
    own = (own_issuer(server.office),) if server else ()
    return Tokens((*own, *others), server, proxies)


def certificate_of(trusted: Tokens, request: Request) -> Certificate | None:
    """The client certificate of a request, None where there is none that can be believed."""
    return presented(request.scope, request.headers, trusted.proxies)


def is_jwt(token: str) -> bool:
    """Whether a bearer token can be a JWT; a session's own token has no points."""
    return token.count(".") == 2


async def identified(trusted: Tokens, request: Request, token: str, at: int) -> Identified | Unidentified:
    """Who a request's token stands for at a time (milliseconds UTC)."""
    return await identify(token, trusted.issuers, at, certificate_of(trusted, request))
