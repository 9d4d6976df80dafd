"""Whether a request comes to a name of ours, and whether another site's page sent it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from patientoverblik.edges.guard.model import Guard

SAFE = ("GET", "HEAD", "OPTIONS")
OWN_SITES = ("same-origin", "none")
NOT_TOLD = "null"  # what a browser says under Referrer-Policy: no-referrer, of our own forms too


def is_for_us(guard: Guard, scope: Mapping[str, Any], headers: Headers) -> bool:
    """Whether the one Host header names us: a configured name, or the address the connection was made to."""
    named = headers.getlist("host")
    host = name_of(named[0]) if len(named) == 1 else ""
    return bool(host) and (host in guard.hosts or host == (scope.get("server") or ("",))[0])


def is_from_elsewhere(scope: Mapping[str, Any], headers: Headers) -> bool:
    """Whether a page of another site sent a request that changes something in the name of a cookie's owner.

    A second line behind the token in every form: ``Sec-Fetch-Site`` where the browser says it, else ``Origin``.
    """
    if scope["method"] in SAFE or "cookie" not in headers:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in OWN_SITES
    origin = headers.get("origin", NOT_TOLD)
    return origin != NOT_TOLD and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def name_of(host: str) -> str:
    """The name of a Host header's value, without port and brackets; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
