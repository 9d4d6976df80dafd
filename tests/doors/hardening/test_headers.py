"""Every answer of every door carries the headers; no page has script or style in it."""

import re

import pytest
from lxml import etree

from tests.doors.hardening.place import NANCY, Place, routes, token

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}


@pytest.fixture(scope="module")
def place() -> Place:
    return Place(secure_cookies=True, limit_address=0, limit_actor=0, limit_entry=0, limit_search=0)


def guarded(answer) -> None:
    headers = answer.headers
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS, answer.request.url
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers
    assert "x-powered-by" not in headers
    if not (answer.request.url.path.startswith("/static/") and answer.status_code == 200):
        assert headers["cache-control"] == "no-store", answer.request.url
    if answer.content:
        assert headers["content-type"]


def has_nothing_inline(answer) -> None:
    if not answer.content or not answer.headers.get("content-type", "").startswith("text/html"):
        return
    page = etree.HTML(answer.text)
    assert page.xpath("//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]") == []
    assert [
        each for each in page.xpath("//@href | //@src | //@action") if each.startswith(("javascript:", "data:", "//"))
    ] == []


def test_every_address_by_every_method_without_anybody(place):
    seen = set()
    for method, path in routes(place.inner):
        for asked in {method, "PUT", "TRACE", "OPTIONS", "HEAD"}:
            answer = place.ask(asked, path)
            guarded(answer)
            has_nothing_inline(answer)
            seen.add(answer.status_code)
            assert answer.status_code < 500 or path.startswith(("/dros", "/dds", "/xca")), (asked, path)
            assert asked != "TRACE" or answer.status_code in (404, 405), path
    assert {200, 401, 404, 405} <= seen


@pytest.mark.parametrize(
    "path", ["/nowhere", "/p/", "/static/", "/static/../x", "/.git/config", "/%00", "/docs", "/openapi.json"]
)
def test_addresses_beside_the_doors(place, path):
    answer = place.ask("GET", path)
    assert answer.status_code in (307, 404)
    guarded(answer)


@pytest.mark.parametrize("path", ["/live", "/ready"])
def test_what_supervises(place, path):
    guarded(place.ask("GET", path))


def test_what_is_refused_at_the_gate(place):
    cookie = {"cookie": "__Host-overblik=x"}
    unknown = place.ask("GET", "/", headers={"host": "evil.example"})
    crossed = place.ask("POST", "/log-ud", headers=cookie | {"sec-fetch-site": "cross-site"})
    assert (unknown.status_code, crossed.status_code) == (421, 403)
    guarded(unknown)
    guarded(crossed)
    assert unknown.json()["code"] == "portal.unknown-host"


@pytest.mark.parametrize("persona", ["egen-laege", "nancy"])
def test_every_page_of_somebody_logged_in(place, persona):
    secure = "https://localhost:8080"
    browser = place.browser()
    browser.base = secure
    found = browser.log_in(persona)
    if persona == "egen-laege":
        found = browser.post("/patient", data={"cpr": NANCY, "csrf": token(browser.get("/").text)})
    base = re.search(r"/p/[\w-]+", str(found.url))[0]
    paths = {path.replace("/p/x", base) for method, path in routes(place.inner) if method == "GET"}
    for path in sorted(paths - {"/log-ind", "/testlogin/end-session"}):
        answer = browser.get(path, follow_redirects=False)
        guarded(answer)
        has_nothing_inline(answer)


def test_a_door_that_breaks_is_answered_at_the_gate_and_tells_nothing(caplog):
    from patientoverblik.app.guarding import at_the_gate

    place = Place()

    async def broken(scope, receive, send):
        raise ValueError(f"patient {NANCY}")

    place.whole = at_the_gate(place.settings, place.house, broken)[0]
    answer = place.ask("GET", "/p/x")
    assert answer.status_code == 500
    assert "portal.broken" in caplog.text
    assert NANCY not in caplog.text + answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert place.ask("POST", "/dros/iti41").headers["content-type"].startswith("application/soap+xml")


def test_configured_hosts_may_frame_pages_but_never_the_page_that_gives_an_app_access():
    place = Place(frame_hosts="https://portal.example")
    assert (
        "frame-ancestors 'self' https://portal.example" in place.ask("GET", "/was").headers["content-security-policy"]
    )
    browser = place.browser("nancy")
    query = (
        "response_type=code&client_id=demo-dagbog&redirect_uri=http://127.0.0.1:7777/back&state=12345678"
        f"&aud={place.settings.origin}&scope=patient/*.rs&code_challenge={'a' * 43}&code_challenge_method=S256"
    )
    page = browser.get(f"/oauth/authorize?{query}")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


def test_leaving_clears_what_the_browser_kept():
    browser = Place().browser("nancy")
    left = browser.post("/log-ud", data={"csrf": token(browser.get("/").text)}, follow_redirects=False)
    assert left.headers["clear-site-data"] == '"cache", "storage"'
