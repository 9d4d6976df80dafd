"""Nothing is changed in somebody's name by a page of another site: every address that is posted to is walked."""

import pytest

from patientoverblik.edges.soap.transactions import BY_PATH
from tests.doors.hardening.place import BASE, NANCY, Place, filled, routes, token

# What programs post to: it takes no cookie for a proof of who somebody is, so there is nothing to forge.
BY_OTHER_PROOF = {
    *map(filled, BY_PATH),
    "/fhir/x",
    "/oauth/token",
    "/oauth/revoke",
    "/log-ud/bagkanal",
    "/testlogin/token",
    "/testlogin/authorize",
}


@pytest.fixture(scope="module")
def place() -> Place:
    return Place(limit_address=0, limit_actor=0, limit_entry=0, limit_search=0)


@pytest.fixture(scope="module")
def browser(place):
    browser = place.browser("nancy")
    browser.own = browser.get("/").url.path
    browser.csrf = token(browser.get("/").text)
    return browser


def changing(place) -> list[str]:
    return [path for method, path in routes(place.inner) if method not in ("GET", "HEAD", "OPTIONS")]


def test_there_are_addresses_to_walk(place):
    assert len(set(changing(place)) - BY_OTHER_PROOF) > 12
    assert set(changing(place)) >= BY_OTHER_PROOF


def test_every_form_refuses_without_the_sessions_own_token(place, browser):
    for path in sorted(set(changing(place)) - BY_OTHER_PROOF):
        for given in ({}, {"csrf": ""}, {"csrf": browser.csrf[:-1]}, {"csrf": f"{browser.csrf} "}):
            answer = browser.post(path, data=given, headers={"x-csrf-token": given.get("csrf", "")})
            assert answer.status_code == 403, path
            assert "portal.form-expired" in answer.text or "Formularen er for gammel" in answer.text, path


def test_every_address_refuses_what_a_page_of_another_site_sends(place, browser):
    for path in sorted(changing(place)):
        for said in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
        ):
            answer = browser.post(path, data={"csrf": browser.csrf}, headers=said | {"x-csrf-token": browser.csrf})
            assert answer.status_code == 403, path


def test_the_same_form_from_our_own_page_is_taken(place, browser):
    for said in ({"sec-fetch-site": "same-origin"}, {"origin": BASE}, {"origin": "null"}, {}):
        assert browser.post("/bliv", data={"csrf": browser.csrf}, headers=said).status_code == 200


def test_nothing_is_changed_by_get(place, browser):
    """Only addresses that take POST write anything a person would mind; GET with a form's fields is no form."""
    for path in sorted(set(changing(place)) - BY_OTHER_PROOF):
        assert browser.get(path, params={"csrf": browser.csrf}).status_code in (200, 400, 403, 404, 405), path
    assert browser.get("/", follow_redirects=False).status_code == 200  # still logged in


def test_programs_addresses_look_at_no_cookie(place, browser):
    """The session's cookie opens none of them: with it and without it the answer is the same."""
    for path in sorted(BY_OTHER_PROOF - {"/testlogin/authorize"}):
        with_cookie, without = browser.post(path, data={}), place.ask("POST", path, data={})
        assert (with_cookie.status_code, with_cookie.headers.get("set-cookie")) == (without.status_code, None), path


def test_a_token_of_one_session_is_none_in_another(place, browser):
    other = place.browser("egen-laege")
    answer = other.post("/patient", data={"cpr": NANCY, "csrf": browser.csrf})
    assert answer.status_code == 403
