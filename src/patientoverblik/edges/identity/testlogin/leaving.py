"""Telling the client that a session of the provider has ended (OpenID Connect Back-Channel Logout 1.0 §2.5)."""

import secrets
from contextlib import suppress
from urllib.parse import urlencode

from patientoverblik.edges.identity.testlogin.grant import signed
from patientoverblik.edges.identity.testlogin.model import CLIENT, PATH, House, SignedIn
from patientoverblik.edges.identity.web.model import LOGOUT_PATH
from patientoverblik.edges.identity.web.network import ask
from patientoverblik.edges.identity.web.tokens import LOGOUT_EVENT
from patientoverblik.problems import Fault

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECONDS = 120


def logout_token(house: House, issuer: str, known: SignedIn) -> str:
    """A logout token for one session of one person."""
    now = house.clock() // 1000
    claims = {
        "iss": issuer,
        "sub": known.person,
        "aud": CLIENT,
        "iat": now,
        "exp": now + SECONDS,
        "jti": secrets.token_urlsafe(16),
        "sid": known.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    return signed(house, claims, "logout+jwt")


async def leave(house: House, origin: str, known: SignedIn) -> None:
    """Tell the client. One that does not answer keeps its session until that runs out by itself."""
    body = urlencode({"logout_token": logout_token(house, origin + PATH, known)})
    with suppress(Fault):
        await ask(house.network(), "POST", origin + LOGOUT_PATH, FORM, body)
