"""A citizen lets an app in, is sent back to it at another origin, and takes the permission back, in a real browser."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from patientoverblik.edges.identity.authorisation import App
from patientoverblik.edges.identity.authorisation.apps import checked
from tests.doors.identity.tokens.place import EVERYTHING, Place, address
from tests.journeys.serving import served
from tests.journeys.steps import given_someone_logged_in, then_anyone_can_use_it, then_the_heading_is, then_they_see


class Later:
    """An application whose address is known before it is made."""

    application: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.application(scope, receive, send)


def an_app() -> Starlette:
    async def back(_request) -> HTMLResponse:
        return HTMLResponse(
            "<!DOCTYPE html><html lang='da'><title>App</title><link rel='icon' href='data:,'><h1>Tilbage i appen</h1>"
        )

    return Starlette(routes=[Route("/back", back)])


@pytest.fixture
def both(chromium):
    """The pages, and an app at another origin: their addresses, and what the app asks."""
    pages = Later()
    with served(pages) as here, served(an_app()) as elsewhere:
        redirect = f"{elsewhere}/back"
        app = App(
            id="dagbog", name="Min dagbog", owner="Dagbog ApS", scopes=tuple(EVERYTHING.split()), redirects=(redirect,)
        )
        pages.application = Place(registered=checked((app,)), base=here).application
        yield here, elsewhere, here + address(aud=here, redirect_uri=redirect)


@pytest.mark.parametrize(("button", "sent"), [("Tillad", "code="), ("Afvis", "error=access_denied")])
def test_the_answer_leads_back_to_the_app(visit, both, button, sent):
    """CSP form-action would stop a form that leads to another origin, had the page not said so."""
    here, elsewhere, asked = both
    visitor = visit(here)
    visitor.address = here.rpartition(":")[0]
    visitor.page.goto(asked)
    then_the_heading_is(visitor, "Log ind for at give en app adgang")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("link", name="Log ind").click()
    visitor.page.get_by_role("button", name="Log ind som Nancy Ann Test Berggren", exact=True).click()
    then_the_heading_is(visitor, "Vil du give »Min dagbog« adgang?")
    then_they_see(visitor, "Dagbog ApS står bag appen", "Alt i overblikket", "Dig selv")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.wait_for_url(f"{elsewhere}/back?**")
    then_the_heading_is(visitor, "Tilbage i appen")
    assert sent in visitor.page.url


def test_the_permission_is_seen_and_taken_back(visit, both):
    here, elsewhere, asked = both
    visitor = visit(here)
    given_someone_logged_in(visitor, "Nancy Ann Test Berggren")
    visitor.address = here.rpartition(":")[0]
    visitor.page.goto(asked)
    visitor.page.get_by_role("button", name="Tillad").click()
    visitor.page.wait_for_url(f"{elsewhere}/back?**")
    visitor.page.goto(f"{here}/apps")
    then_the_heading_is(visitor, "Apps med adgang")
    then_they_see(visitor, "Min dagbog", "Gælder: Dig selv")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("button", name="Fjern adgang for Min dagbog").click()
    then_they_see(visitor, "Du har ikke givet nogen app adgang.")
    then_anyone_can_use_it(visitor)
