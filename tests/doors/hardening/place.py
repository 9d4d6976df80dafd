"""The demo's whole service in memory, called as the server calls it: every door, behind the gate."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from starlette.routing import Mount, Route

from patientoverblik.access import PersonFacts, Relation
from patientoverblik.app.clock import Watch
from patientoverblik.app.guarding import guard_of
from patientoverblik.app.serving import application, served
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now, open_house, open_storage
from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.sharing.model import PatientId
from tests.doors.portal.browser import Browser

CPR = "1.2.208.176.1.2"
NANCY, STRANGER = "2512489996", "3105709999"
KEY = 4711
BASE = "http://localhost:8080"


class Place:
    """The service with Nancy in it, related to the first professional of the demo; time stands still unless told."""

    def __init__(self, **settings) -> None:
        try:
            load_assets()
        except FileNotFoundError:
            pytest.skip("the page assets are not laid out: make setup")
        self.settings = Settings(**{"database": "memory:", "demo": True, **settings})
        self.now = now()
        opened = open_house(self.settings, open_storage(self.settings))
        self.house = msgspec.structs.replace(opened, clock=lambda: self.now)
        self._know_nancy()
        self.watch = Watch(self.house.clock)
        self.inner = application(self.settings, self.house)
        self.guard = guard_of(self.settings, load_assets())
        self.whole = served(self.settings, self.house, self.watch)

    def _know_nancy(self) -> None:
        doctor = next(each for each in PERSONAS if each.id == "egen-laege").actor()
        act = self.house.storage.act
        act(lambda held: held.claim_patient(PatientId(CPR, NANCY), KEY)).result()
        act(lambda held: held.put_person(KEY, PersonFacts(born=1))).result()
        relation = Relation("own-gp", doctor.organisation)
        act(lambda held: held.put_relation(KEY, relation)).result()

    def browser(self, persona: str = "") -> Browser:
        browser = Browser(self.whole, BASE)
        if persona:
            browser.log_in(persona)
        return browser

    def ask(self, method: str, path: str, peer: str = "192.0.2.7", **sent) -> httpx.Response:
        """One request from an address, without cookies kept."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.whole, client=(peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, path, **sent)

        return asyncio.run(asked())


def token(page: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


METHODS = {"DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"}


def routes(of) -> Iterator[tuple[str, str]]:
    """(method, path) of every address of an application, whatever is mounted in it; parameters filled in."""
    for route in of.routes:
        if isinstance(route, Mount):
            yield from ((method, route.path + path) for method, path in routes(route.app))
        elif isinstance(route, Route):
            yield from ((method, filled(route.path)) for method in sorted((route.methods or METHODS) - {"HEAD"}))


def filled(path: str) -> str:
    """An address with something in the place of each of its parameters."""
    return re.sub(r"\{\w+(:\w+)?\}", "x", path)
