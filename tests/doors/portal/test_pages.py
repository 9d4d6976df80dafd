"""The pages as a door: each address when it succeeds, when it is refused and when something breaks."""

import html
import logging
import re

import msgspec
import pytest

from patientoverblik.access import Refusal
from patientoverblik.app.login import with_test_login
from patientoverblik.edges.portal.portal import ROUTES
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made
from tests.unit.portal import sample

CPR = sample.CPR
OPEN = ("/", "/log-ind", "/log-ind/svar", "/log-ud/bagkanal")
APPS = ("/oauth", "/apps", "/.well-known")  # not there without an authorisation server, whose own tests they have


def browser(**changes) -> Browser:
    return Browser(with_test_login(made.house(), made.settings(**changes), demo=True))


def token(page: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


def logged_in(persona: str = "laege", **changes) -> Browser:
    client = browser(**changes)
    client.log_in(persona)
    return client


def search(client: Browser, number: str = CPR):
    return client.post("/patient", data={"cpr": number, "csrf": token(client.get("/").text)})


def test_the_login_is_marked_as_a_test_and_offers_every_persona():
    page = browser().get("/").text
    assert "Testlogin – ikke MitID" in page
    for persona in made.personas():
        assert persona.name in page


def test_a_professional_finds_a_patient_by_number_and_the_address_holds_an_opaque_handle():
    client = logged_in()
    answer = search(client, "251248-9996")
    assert answer.status_code == 200
    assert "Samlet patientoverblik for Nancy" in answer.text
    for step in (*answer.history, answer):
        assert CPR not in str(step.url)
        assert CPR not in str(step.headers)
    title = re.search(r"<title>(.*?)</title>", answer.text)[1]
    assert "251248" not in title
    assert "Nancy" not in title


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_without_end_is_not_read_to_its_end(kind):
    client, sent = logged_in(), []
    first = f"csrf={token(client.get('/').text)}&cpr={CPR}&x=".encode()

    async def endless():
        for number in range(200):
            sent.append(number)
            yield (b"" if number else first) + b"x" * 65_536

    answer = client.post("/patient", content=endless(), headers={"content-type": kind})
    assert answer.status_code == 413
    assert len(sent) < 10


def test_a_form_with_more_fields_than_any_of_ours_is_none():
    client = logged_in()
    fields = {f"f{number}": "x" for number in range(40)} | {"csrf": token(client.get("/").text), "cpr": CPR}
    assert client.post("/patient", data=fields).status_code in (400, 403)


def test_every_look_has_a_handle_of_its_own():
    client = logged_in()
    assert search(client).url.path != search(client).url.path


def test_a_handle_of_one_session_opens_nothing_in_another():
    address = search(logged_in()).url.path
    assert logged_in().get(address).status_code == 404


def test_an_unknown_patient_and_no_relation_get_the_same_page():
    """N8, N10: nobody learns whether a patient exists."""
    unknown = search(logged_in("laege"), "0101010101")
    stranger = search(logged_in("fremmed"), CPR)
    assert unknown.status_code == stranger.status_code == 403
    plain = [
        re.sub(
            r"Sporings-id: \w+|data-seconds-left|Anna Læge|Bo Fremmed|value=\"[^\"]+\"|href=\"[^\"]+\"", "", each.text
        )
        for each in (unknown, stranger)
    ]
    assert plain[0] == plain[1]
    assert CPR not in stranger.text


def test_a_citizen_comes_straight_to_their_own_overview():
    answer = browser().log_in("nancy")
    assert "<h1>Dit overblik</h1>" in answer.text


def test_a_relative_chooses_and_sees_whose_overview_it_is():
    client = browser()
    page = client.log_in("paaroerende")
    assert "Hvis overblik vil du se?" in page.text
    answer = client.post("/vaelg", data={"whose": "0", "csrf": token(page.text)})
    assert "Du ser Nancys overblik med fuldmagt" in answer.text


@pytest.mark.parametrize("whose", ["", "7", "-1", "x", "²"])
def test_choosing_what_is_not_offered_is_refused(whose):
    client = logged_in("paaroerende")
    assert client.post("/vaelg", data={"whose": whose, "csrf": token(client.get("/").text)}).status_code == 404


@pytest.mark.parametrize("number", ["", "123", "25124899960", "abcdefghij", "٢٥١٢٤٨٩٩٩٦"])
def test_a_number_that_is_none_is_told_so_without_repeating_it(number):
    answer = search(logged_in(), number)
    assert answer.status_code == 400
    assert "Et CPR-nummer har ti cifre" in answer.text
    assert not number or number not in answer.text


def test_a_document_is_shown_whole():
    address = search(logged := logged_in()).url.path
    page = logged.get(f"{address}/dokument/urn:uuid:00000000-0000-4000-8000-000000000001")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(2)" in page.text
    assert "tekst på afveje" in page.text


def test_an_unreadable_document_says_what_to_do():
    client = logged_in(acts=made.acts(document=b"garbage"))
    page = client.get(f"{search(client).url.path}/dokument/x")
    assert page.status_code == 422
    assert "Bed afsenderen" in page.text


def test_versions_of_a_document_stand_together():
    client = logged_in()
    page = client.get(f"{search(client).url.path}/dokumenter").text
    assert page.count("<section") == 1
    assert page.index("Version 2") < page.index("Version 1")
    assert "Erstattet af en nyere" in page


def test_the_citizen_sees_who_has_looked_and_why():
    client = logged_in("nancy")
    handle = client.post("/vaelg", data={"whose": "0", "csrf": token(client.get("/").text)}).url.path
    page = client.get(f"{handle}/opslag").text
    assert "Hvem har set dine oplysninger" in page
    assert "Anna Læge, læge" in page
    assert "Stedet behandler dig" in page


@pytest.mark.parametrize(("method", "path", "handler"), ROUTES)
def test_nobody_gets_anywhere_without_a_session(method, path, handler):
    """Every address but the front page and the login itself answers with the same words to a stranger."""
    if path in OPEN or path.startswith(APPS):
        return
    answer = browser().request(method, re.sub(r"{\w+}", "x", path), json={"patient": CPR} if "api" in path else None)
    assert answer.status_code == 401
    assert "Nancy" not in answer.text


@pytest.mark.parametrize(
    "path", [path for method, path, _ in ROUTES if method == "POST" and path not in OPEN and not path.startswith(APPS)]
)
def test_every_form_needs_the_sessions_own_token(path):
    client = logged_in()
    for wrong in ("", "x"):
        sent = (
            {"data": {"csrf": wrong, "cpr": CPR, "persona": "laege"}}
            if "api" not in path
            else {"json": {"patient": CPR}}
        )
        assert client.post(path, **sent).status_code == 403


def test_logging_out_ends_the_session():
    client = logged_in()
    address = search(client).url.path
    client.post("/log-ud", data={"csrf": token(client.get("/").text)})
    assert client.get(address).status_code == 401


def test_a_session_runs_out():
    client = logged_in(lifetime=0)
    assert "Testlogin" in client.get("/").text


MINUTE = 60_000


def clocked(persona: str = "laege") -> tuple[Browser, list[int]]:
    clock = [sample.NOW]
    client = Browser(with_test_login(made.house(clock=clock), made.settings(), demo=True))
    client.log_in(persona)
    return client, clock


def test_a_session_ends_half_an_hour_after_it_was_last_used():
    client, clock = clocked()
    for _ in range(3):
        clock[0] += 29 * MINUTE
        assert client.get("/").text.count("Find en patient")
    clock[0] += 31 * MINUTE
    assert "Testlogin" in client.get("/").text


def test_staying_extends_the_session_and_says_for_how_long():
    """WCAG 2.2.1: the warning two minutes before the end offers to stay, and that is enough."""
    client, clock = clocked()
    page = client.get("/").text
    assert 'action="/bliv"' in page
    assert 'data-seconds-left="1800"' in page
    clock[0] += 29 * MINUTE
    assert client.post("/bliv", data={"csrf": token(page)}).json() == {"seconds": 1800}
    clock[0] += 29 * MINUTE
    assert "Find en patient" in client.get("/").text


def test_no_session_lasts_longer_than_the_longest_however_it_is_used():
    client, clock = clocked()
    began, csrf = clock[0], token(client.get("/").text)
    while clock[0] < began + 8 * 60 * MINUTE - 20 * MINUTE:
        clock[0] += 20 * MINUTE
        left = client.post("/bliv", data={"csrf": csrf}).json()["seconds"]
        assert clock[0] + left * 1000 <= began + 8 * 60 * MINUTE
    clock[0] = began + 8 * 60 * MINUTE
    assert client.post("/bliv", data={"csrf": csrf}).status_code == 401


def test_every_page_of_somebody_logged_in_lets_them_log_out():
    client = logged_in()
    base = search(client).url.path
    document = "dokument/urn:uuid:00000000-0000-4000-8000-000000000001"
    for path in (
        "/",
        "/was",
        "/nowhere",
        base,
        f"{base}/dokumenter",
        f"{base}/{document}",
        f"{base}/linje/FM1",
        f"{base}/linje/x",
    ):
        assert 'action="/log-ud"' in client.get(path).text, path


def test_a_line_tells_where_it_stands_and_what_it_said_before():
    client = logged_in()
    base = search(client).url.path
    overview = html.unescape(client.get(base).text)
    assert f'href="{base}/linje/FM1#udgaver"' in overview
    page = html.unescape(client.get(f"{base}/linje/FM1").text)
    assert "<h1>HbA1c under 58 mmol/mol</h1>" in page
    assert "/x/y[1]" in page
    assert "goal <- y" in page
    assert f'{base}/dokument/urn:uuid:00000000-0000-4000-8000-000000000001"' in page
    earlier = page.split('id="udgaver"')[1]
    assert "De første ord" in earlier
    assert earlier.count('<p class="row-words">') == 1, "what did not change is not told again"


def test_a_line_that_is_not_shown_is_told_like_one_that_never_was():
    client = logged_in()
    answer = client.get(f"{search(client).url.path}/linje/no-such")
    assert answer.status_code == 404
    assert "Nancy" not in answer.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites():
    client = browser(secure_cookies=True)
    client.base = "https://testserver"
    answer = client.log_in("nancy")
    given = [each for step in answer.history for each in step.headers.get_list("set-cookie")]
    cookie = next(each for each in given if each.startswith("__Host-overblik="))
    assert {"httponly", "samesite=lax", "secure", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}


def test_pages_are_guarded_and_never_kept():
    client = logged_in()
    for answer in (client.get("/"), search(client), client.get("/was"), client.get("/nowhere"), browser().get("/p/x")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_assets_are_our_own_and_may_be_kept_for_ever():
    client = browser()
    page = html.unescape(client.get("/").text)
    assert "/static/" in page
    for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert client.get(re.search(r"/static/\w+", page)[0] + "/../settings.py").status_code == 404


def test_no_logo_of_another_is_shipped():
    names = " ".join(portal_assets())
    assert "logo" not in names
    assert "virk" not in names
    assert "mitid" not in names
    assert "fonts/license.txt" in names


def portal_assets() -> list[str]:
    from patientoverblik.edges.portal.assets import load_assets

    return list(load_assets().files)


def test_a_break_says_nothing_of_what_broke(caplog):
    """The exception's text could hold a patient's values: it is neither on the page nor in the log."""

    async def look(*_):
        raise ValueError(f"patient {CPR} has HIV")

    client = logged_in(acts=msgspec.structs.replace(made.acts(), look=look))
    with caplog.at_level(logging.DEBUG):
        answer = search(client)
    assert answer.status_code == 500
    assert "Sporings-id" in answer.text
    assert CPR not in answer.text + caplog.text
    assert "HIV" not in answer.text + caplog.text
    assert re.search(r"Sporings-id: (\w+)", answer.text)[1] in caplog.text


def test_the_same_overview_as_json():
    client = logged_in()
    csrf = token(client.get("/").text)
    answer = client.post("/api/overblik", json={"patient": CPR}, headers={"x-csrf-token": csrf})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == msgspec.json.encode(sample.overview())


def test_json_by_bearer_token_needs_no_form_token():
    client = logged_in()
    secret = client.cookies["overblik"]
    client.cookies.clear()
    answer = client.post("/api/overblik", json={"patient": CPR}, headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"patient": 1}', b'{"patient": "x", "more": 1}', b"\xff", b"x" * 5000]
)
def test_json_that_asks_for_nobody_is_told_what_is_missing(body):
    client = logged_in()
    answer = client.post("/api/overblik", content=body, headers={"x-csrf-token": token(client.get("/").text)})
    assert answer.status_code == 400
    assert answer.json()["code"] == "portal.bad-body"


def test_json_refuses_an_unknown_patient_and_no_relation_alike():
    answers = []
    for persona, number in (("laege", "0101010101"), ("fremmed", CPR)):
        client = logged_in(persona)
        answers.append(
            client.post(
                "/api/overblik", json={"patient": number}, headers={"x-csrf-token": token(client.get("/").text)}
            )
        )
    assert [answer.status_code for answer in answers] == [403, 403]
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert CPR not in answers[1].text


def test_a_withheld_document_is_told_as_withheld():
    """DESIGN 12: the reader has access to the patient, so why this document is not shown is no secret."""

    async def retrieve(*_):
        return Refusal("whole-or-refused", "portal.not-found")

    client = logged_in(acts=msgspec.structs.replace(made.acts(), retrieve=retrieve))
    base = search(client).url.path
    page = client.get(f"{base}/dokument/x")
    assert page.status_code == 404
    assert "behandlingsrelation" not in page.text
    assert f'href="{base}">Tilbage til overblikket' in html.unescape(page.text), "the reader keeps the patient"
