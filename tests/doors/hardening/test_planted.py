"""A person's number put wherever a caller can put it, at every door: it is in no log, address, header or refusal.

``tests/planted.py`` listens to the log of every test; here every address of the whole service is asked with the number in
its query, headers, body and credentials, and what comes back is read too.
"""

import base64
import json
import logging

import pytest

from patientoverblik.demo.storyboard import NUMBER
from tests.doors.hardening.place import Place, routes, token
from tests.planted import TOOLS, told

MARK = "Hemmeligtmaerke"
PLANTED = f"{NUMBER} {MARK}"


def jwt_of(claims: dict) -> str:
    parts = [json.dumps(each).encode() for each in ({"alg": "ES256", "kid": PLANTED}, claims, {})]
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts)


ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">'
    f"<s:Header><a:Action>{PLANTED}</a:Action><a:MessageID>{PLANTED}</a:MessageID></s:Header>"
    f'<s:Body><x name="{PLANTED}">{PLANTED}</x></s:Body></s:Envelope>'
)
FORM = {
    "cpr": MARK,
    "code": PLANTED,
    "logout_token": PLANTED,
    "client_id": PLANTED,
    "request": PLANTED,
    "token": PLANTED,
}
HEADERS = {
    "user-agent": PLANTED,
    "x-request-id": PLANTED,
    "referer": f"http://localhost/{NUMBER}",
    "x-forwarded-for": NUMBER,
    "client-cert": PLANTED,
    "soapaction": PLANTED,
}
SENT = (
    {"params": {"cpr": NUMBER, "code": PLANTED, "error": PLANTED, "client_id": PLANTED}, "headers": HEADERS},
    {"data": FORM, "headers": HEADERS},
    {"json": {"patient": MARK, "system": PLANTED}, "headers": HEADERS},
    {"content": ENVELOPE, "headers": HEADERS | {"content-type": "application/soap+xml"}},
    {"content": b"\xff" + PLANTED.encode(), "headers": HEADERS | {"content-type": PLANTED}},
    {"headers": {"authorization": f"Bearer {jwt_of({'iss': PLANTED, 'sub': NUMBER, 'cpr': NUMBER})}"}},
    {"headers": {"authorization": f"Basic {base64.b64encode(PLANTED.encode()).decode()}"}},
    {"headers": {"cookie": f"overblik={NUMBER}; overblik-login={MARK}; testlogin={MARK}"}},
    {"headers": {"host": f"{NUMBER}.example"}},
    {"headers": {"origin": f"https://{NUMBER}.example", "cookie": "overblik=x"}},
)


@pytest.fixture(scope="module")
def place() -> Place:
    return Place(limit_address=0, limit_actor=0, limit_entry=0, limit_search=0)


def says_nothing(answer, *, page: bool = False) -> None:
    assert told(str(answer.headers)) == [], answer.request.url.path
    if not page:
        assert told(answer.text) == [], answer.request.url.path


def ours(caplog) -> str:
    """What was logged, but for the tests' own client."""
    return " ".join(each.getMessage() for each in caplog.records if each.name.partition(".")[0] not in TOOLS)


@pytest.mark.parametrize("sent", SENT, ids=range(len(SENT)))
def test_nobody_in_particular(place, sent, caplog):
    with caplog.at_level(logging.DEBUG):
        for method, path in routes(place.inner):
            says_nothing(place.ask(method, path, **sent))
        for path in (f"/p/{NUMBER}", f"/{NUMBER}", f"/p/x/dokument/{NUMBER}", f"/dros/{NUMBER}", f"/oauth/{NUMBER}"):
            says_nothing(place.ask("GET", path, **sent))
    assert told(ours(caplog)) == []


@pytest.mark.parametrize("sent", SENT[:3], ids=range(3))
def test_somebody_logged_in(place, sent, caplog):
    """Their own words may stand on the page they get back (a form filled in again), and nowhere else."""
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    given = {"data": FORM | {"csrf": csrf}} if "data" in sent else sent
    with caplog.at_level(logging.DEBUG):
        for method, path in routes(place.inner):
            if path not in ("/log-ud", "/log-ud/alle", "/testlogin/end-session"):
                answer = browser.request(method, path, follow_redirects=False, **given)
                says_nothing(answer, page=answer.headers.get("content-type", "").startswith("text/html"))
    assert told(ours(caplog)) == []


def test_a_search_leads_to_an_address_without_the_number(place):
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    found = browser.post("/patient", data={"cpr": NUMBER, "csrf": csrf}, follow_redirects=False)
    assert found.status_code == 303
    says_nothing(found)


def test_what_counts_and_what_supervises_tells_of_nobody(place):
    for path in ("/live", "/ready", "/xds/status"):
        says_nothing(place.ask("GET", path))
