"""An installation that logs people in by the test's provider, and a browser that goes through it step by step."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from patientoverblik.app.login import party_for
from patientoverblik.edges.identity.web import ClaimsMap, Client, Network, Secret, load_claims
from patientoverblik.edges.portal.portal import portal
from patientoverblik.problems import CATALOGUE
from tests.doors.identity.web.provider import CLAIMS, CLIENT, ISSUER, SECRET, Provider
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made
from tests.unit.portal import sample

BASE = "https://overblik.example"


class World:
    """The clock is ``clock[0]`` (ms UTC); ``application`` is the pages, ``provider`` who vouches."""

    def __init__(self, claims: str = CLAIMS, secret: str = SECRET, seconds: float = 5.0, **settings: Any) -> None:
        self.clock = [sample.NOW]
        self.provider = Provider(lambda: self.clock[0])
        self.house = made.house(clock=self.clock)
        rules = load_claims(claims)
        assert isinstance(rules, ClaimsMap), rules
        network = Network(httpx.ASGITransport(self.provider, raise_app_exceptions=False), seconds)
        client = Client(ISSUER, CLIENT, BASE, Secret(secret))
        self.party = party_for(self.house, client, rules, network)
        asked = made.settings(**{"personas": (), "secure_cookies": True, **settings})
        self.settings = msgspec.structs.replace(asked, party=lambda _origin: self.party)
        self.application = portal(self.house, self.settings)

    def browser(self) -> Browser:
        return Browser(self.application, BASE)

    def begin(self, browser: Browser) -> dict[str, str]:
        """Press log in; what the browser is to ask the provider. The provider will use its nonce."""
        answer = browser.get("/log-ind", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def come_back(self, browser: Browser, asked: dict[str, str], **changes: Any) -> httpx.Response:
        """The provider's answer to what was asked, changed as wanted; None leaves a parameter out."""
        said = {"code": "kode-1", "state": asked["state"], "iss": ISSUER, **changes}
        given = {name: value for name, value in said.items() if value is not None}
        return browser.get("/log-ind/svar", params=given, follow_redirects=False)

    def log_in(self, browser: Browser | None = None) -> Browser:
        """Somebody logged in."""
        client = browser or self.browser()
        answer = self.come_back(client, self.begin(client))
        assert answer.status_code == 303, answer.text
        return client

    def tell_logged_out(self, token: str) -> httpx.Response:
        """The provider's word behind the browser's back."""
        return self.browser().post("/log-ud/bagkanal", data={"logout_token": token})


def is_in(browser: Browser) -> bool:
    """Whether the browser is logged in."""
    return 'action="/log-ud"' in browser.get("/").text


def let_in(answer: httpx.Response) -> bool:
    """Whether an answer gives the browser a session."""
    return any(each.startswith("__Host-overblik=") for each in answer.headers.get_list("set-cookie"))


def refused(world: World, told: str, **changes: Any) -> None:
    """Nobody comes in, and what is told is the catalogue's text of ``told``."""
    browser = world.browser()
    answer = world.come_back(browser, world.begin(browser), **changes)
    assert CATALOGUE[told].da in answer.text
    assert answer.status_code == CATALOGUE[told].http
    assert not let_in(answer)
    assert not is_in(browser)


def altered(world: World, **changes: Any) -> None:
    """Let the provider's next tokens say something else; None leaves a claim out."""
    world.provider.changes = changes
