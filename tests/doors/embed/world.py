"""A service that two record systems may open the overview of, and links as those systems sign them."""

import itertools
import json
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from patientoverblik.app.login import once_in
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.launch import RecordSystem, link_issuer
from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from patientoverblik.edges.portal.embed import START
from patientoverblik.edges.portal.portal import portal
from tests.doors.identity.web.provider import CLAIMS, DOCTOR
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made
from tests.unit.portal import sample

BASE = "https://overblik.example"
EPJ, OMSORG = "https://epj.example", "https://omsorg.example"
KEY, OTHER_KEY, STRANGER = (ECKey.generate_key("P-256", auto_kid=True) for _ in range(3))
_count = itertools.count()


def system(name: str, origin: str, key: ECKey, audience: str = BASE, **changes: Any) -> RecordSystem:
    """A record system whose links are signed by a key."""
    rules = load_claims(CLAIMS)
    assert isinstance(rules, ClaimsMap)
    keys = TrustedKeys(lambda: json.dumps(KeySet([key]).as_dict(private=False)).encode())
    given = {"link": link_issuer(origin, keys, audience, rules), "back": f"{origin}/patient", **changes}
    return RecordSystem(name, f"System {name}", (origin,), **given)


def link(now: int, key: ECKey = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A link that is in order at a time (ms UTC), changed as wanted; None leaves a claim out."""
    at = now // 1000
    said = {**DOCTOR, "iss": EPJ, "aud": BASE, "iat": at, "exp": at + 60, "jti": f"link-{next(_count)}"}
    said |= {"purpose": "treatment", "patient": sample.CPR, "ref": "pt-1", **changes}
    claims = {name: value for name, value in said.items() if value is not None}
    head = {"alg": "ES256", "kid": key.kid, "typ": "launch+jwt", **(header or {})}
    return jwt.encode(head, claims, key, algorithms=["ES256"])


class World:
    """The clock is ``clock[0]`` (ms UTC)."""

    def __init__(self, *systems: RecordSystem, **settings: Any) -> None:
        self.clock = [sample.NOW]
        self.house = made.house(clock=self.clock)
        known = systems or (system("epj", EPJ, KEY), system("omsorg", OMSORG, OTHER_KEY))
        asked = {"secure_cookies": True, "personas": (), "systems": known, "once": once_in(self.house), **settings}
        self.settings = made.settings(**asked)
        self.application = portal(self.house, self.settings)

    def browser(self) -> Browser:
        return Browser(self.application, BASE)

    def link(self, **changes: Any) -> str:
        return link(self.clock[0], **changes)

    def open(self, browser: Browser, text: str | None = None, **changes: Any) -> httpx.Response:
        """Post a link as the web component does; where the browser is sent."""
        return browser.post(START, data={"link": text or self.link(**changes)}, follow_redirects=False)

    def opened(self, **changes: Any) -> tuple[Browser, str]:
        """A browser with the overview open, and its address."""
        browser = self.browser()
        answer = self.open(browser, **changes)
        assert answer.status_code == 303, answer.text
        return browser, answer.headers["location"]
