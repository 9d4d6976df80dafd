"""An app that our pages open for one patient (SMART EHR launch): it gets that patient, in that session, or nothing."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from patientoverblik.edges.identity.authorisation import App
from patientoverblik.edges.identity.authorisation.apps import AppsFault, checked
from tests.doors.identity.tokens.place import BACK, BASE, Place, address, query

SCOPES = "launch openid fhirUser patient/*.rs"


def an_app(**changes) -> App:
    given = {"launch": "https://app.example/launch", "scopes": tuple(SCOPES.split()), **changes}
    return App(id="dagbog", name="Min dagbog", owner="Dagbog ApS", redirects=(BACK,), **given)


def place() -> Place:
    return Place(registered=checked((an_app(),)))


def opened(browser) -> dict[str, str]:
    """What the app is opened with, from the page of apps."""
    link = re.search(r'href="(/apps/aabn/[^"]+)"', unescape(browser.get("/apps").text))[1]
    answer = browser.get(link, follow_redirects=False)
    assert answer.headers["location"].startswith("https://app.example/launch?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_the_app_gets_the_patient_it_was_opened_for():
    here = place()
    nancy = here.person()
    told = opened(nancy)
    assert told["iss"] == f"{BASE}/fhir"
    answer = here.allowed(nancy, aud=told["iss"], scope=SCOPES, launch=told["launch"])
    tokens = here.token(query(answer)["code"]).json()
    assert tokens["patient"]
    assert "launch" in tokens["scope"].split()
    assert here.overview(tokens["access_token"]).status_code == 200


def test_a_word_of_another_session_or_of_nobody_opens_nothing():
    here = place()
    told = opened(here.person())
    for launch in (told["launch"], "gættet"):
        other = here.person()
        page = other.get(f"/oauth/authorize?{asked(launch)}", follow_redirects=False)
        assert "code=" not in str(page.headers)
        assert "Tillad" not in page.text


def test_the_scope_needs_the_word():
    here = place()
    answer = here.person().get(f"/oauth/authorize?{asked('')}", follow_redirects=False)
    assert query(answer)["error"] == "invalid_request"


def test_it_is_advertised_where_an_app_is_opened_here_and_only_there():
    said = place().world.get("/.well-known/smart-configuration").json()["capabilities"]
    assert {"launch-ehr", "context-ehr-patient"} <= set(said)
    assert "launch-ehr" not in Place().world.get("/.well-known/smart-configuration").json()["capabilities"]


@pytest.mark.parametrize(
    "changes", [{"launch": ""}, {"scopes": ("patient/*.rs",)}, {"launch": "http://app.example/launch"}]
)
def test_an_app_that_is_opened_here_has_an_address_and_the_scope(changes):
    with pytest.raises(AppsFault, match="the scope launch"):
        checked((an_app(**changes),))


def asked(launch: str) -> str:
    return address(scope=SCOPES, launch=launch).partition("?")[2]
