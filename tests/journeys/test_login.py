"""Somebody logs in by a provider that is not the demo's, and out again, over real sockets in a real browser."""

from typing import Any

import msgspec
import pytest

from patientoverblik.app.login import party_for
from patientoverblik.edges.identity.web import Network
from patientoverblik.edges.portal.portal import portal
from tests.doors.identity.web.provider import NANCY
from tests.doors.identity.web.world import World
from tests.journeys.serving import served
from tests.journeys.steps import then_anyone_can_use_it, then_the_heading_is, then_they_see

PROVIDER = "/udbyder"


class Together:
    """The pages and the provider at one address, which is known first when both are served."""

    def __init__(self) -> None:
        self.pages: Any = None
        self.provider: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path.startswith(PROVIDER):
            await self.provider({**scope, "path": path.removeprefix(PROVIDER)}, receive, send)
        else:
            await self.pages(scope, receive, send)


def joined(both: Together, base: str, issuer: str) -> None:
    """Let the pages at ``base`` log people in by the provider at ``issuer``, where a citizen is known."""
    world = World()
    world.provider.person, world.provider.issuer = NANCY, issuer
    client = msgspec.structs.replace(world.party.client, issuer=issuer, base=base)
    party = party_for(world.house, client, world.party.rules, Network())
    settings = msgspec.structs.replace(world.settings, party=lambda _origin: party, secure_cookies=False)
    both.pages, both.provider = portal(world.house, settings), world.provider


@pytest.fixture
def installation(chromium):
    """An installation with a provider at its own origin."""
    both = Together()
    with served(both) as address:
        joined(both, address, f"{address}{PROVIDER}")
        yield address


def test_a_citizen_logs_in_reads_chooses_and_logs_out(visit, installation):
    visitor = visit(installation)
    visitor.page.goto(installation)
    then_the_heading_is(visitor, "Samlet patientoverblik")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("link", name="Log ind").click()
    then_the_heading_is(visitor, "Dit overblik")
    visitor.page.goto(installation)
    then_the_heading_is(visitor, "Hvis overblik vil du se?")
    then_they_see(visitor, "Dit eget overblik", "Har du en fuldmagt?", "Log ud alle steder")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("button", name="Log ud alle steder").click()
    visitor.page.wait_for_url(f"{installation}/")
    then_they_see(visitor, "Log ind")


def test_the_way_to_a_provider_elsewhere_and_back_is_open(visit, chromium):
    """What the pages forbid a form (CSP form-action) forbids nobody to log in or out at another origin."""
    both = Together()
    with served(both) as address, served(both) as elsewhere:
        joined(both, address, f"{elsewhere}{PROVIDER}")
        visitor = visit(address)
        visitor.address = address.rpartition(":")[0]
        visitor.page.goto(address)
        visitor.page.get_by_role("link", name="Log ind").click()
        then_the_heading_is(visitor, "Dit overblik")
        visitor.page.get_by_role("button", name="Log ud").click()
        visitor.page.wait_for_url(f"{address}/")
        then_they_see(visitor, "Log ind")
        assert any(url.startswith(f"{elsewhere}{PROVIDER}/logout") for url in visitor.asked)
