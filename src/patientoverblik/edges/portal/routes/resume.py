"""What somebody was asked before they logged in: their browser keeps it, and they go on from there."""

import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.edges.identity.authorisation.metadata import AUTHORIZE
from patientoverblik.edges.portal.sessions import cookie_name, give, take
from patientoverblik.edges.portal.settings import PortalSettings

WAITING_COOKIE = "overblik-app"
TEN_MINUTES = 600
LARGEST = 3500  # a browser keeps no more than 4096 bytes in one cookie


def remember(settings: PortalSettings, answer: Response, query: str) -> None:
    """Let the browser keep an app's request until its reader has logged in; one that is too long is asked again."""
    kept = base64.urlsafe_b64encode(query.encode()).decode()
    if len(kept) <= LARGEST:
        give(settings, answer, WAITING_COOKIE, kept, TEN_MINUTES)


def waiting(settings: PortalSettings, request: Request) -> str:
    """Where a reader who has just logged in was on their way to, empty for nowhere. It is only ever the page that asks,
    which judges the request anew."""
    kept = request.cookies.get(cookie_name(settings, WAITING_COOKIE), "")
    if not kept or settings.tokens.server is None:
        return ""
    try:
        return f"{AUTHORIZE}?{base64.urlsafe_b64decode(kept).decode()}"
    except (binascii.Error, ValueError):
        return ""


def forget(settings: PortalSettings, answer: Response) -> None:
    """Let the browser forget it: the reader is there now."""
    take(settings, answer, WAITING_COOKIE)
