"""Cookies of pages that stand in another site's page.

They are kept apart for each site the pages stand in (``Partitioned``, CHIPS) and sent along from there
(``SameSite=None``), which browsers demand TLS for; on this very machine they do without. Each lies at the one address
it is for, so that two overviews open beside each other never share one.
"""

from starlette.responses import Response

COOKIE = "__Secure-indlejret"
ATTEMPT = "__Secure-indlejret-start"


def give(answer: Response, name: str, value: str, path: str, seconds: int) -> None:
    """Let the browser keep a value for one address, out of reach of scripts."""
    attributes = "Secure; HttpOnly; SameSite=None; Partitioned"
    answer.headers.append("Set-Cookie", f"{name}={value}; Max-Age={seconds}; Path={path}; {attributes}")


def take(answer: Response, name: str, path: str) -> None:
    """Let the browser forget a value."""
    give(answer, name, "", path, 0)
