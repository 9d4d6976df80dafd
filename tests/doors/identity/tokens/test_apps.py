"""A citizen's own app: asked for on a page, a token for fifteen minutes, and gone the moment the citizen says so."""

import base64
import re

import msgspec
import pytest

from patientoverblik.access import PersonFacts, PowerOfAttorney
from patientoverblik.edges.portal.routes.api import OVERVIEW
from patientoverblik.sharing.model import PatientId
from tests.doors.identity.tokens.place import (
    BACK,
    BASE,
    EVERYTHING,
    NANCY,
    OTHER,
    SECRET,
    Place,
    address,
    challenge,
    claims,
    queries,
    query,
)
from tests.doors.portal.browser import Browser

VERIFIER_OF_ANOTHER = "w" * 43


def proof(secret: str = SECRET) -> dict[str, str]:
    """The confidential app's own proof."""
    return {"Authorization": "Basic " + base64.b64encode(f"fortrolig:{secret}".encode()).decode()}


@pytest.fixture
def place() -> Place:
    return Place()


def test_an_app_that_is_allowed_sees_the_overview_of_the_one_who_allowed_it(place):
    answer = place.token(place.code())
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 900
    assert body["scope"] == EVERYTHING
    seen = place.overview(body["access_token"])
    assert seen.status_code == 200, seen.text
    assert place.overview(body["access_token"], NANCY).status_code == 200


def test_the_look_of_an_app_stands_in_the_citizens_log_with_the_apps_name(place):
    place.overview(place.tokens()["access_token"])
    look = place.house.storage.reader().looks(4711)[-1]
    assert (look.actor.kind, look.actor.name, look.actor.client) == ("citizen", "Nancy Ann Test Berggren", "Min dagbog")


def test_the_page_says_in_plain_words_what_the_app_will_see_for_whom_and_how_long(place):
    text = place.person().get(address()).text
    for words in ("Vil du give »Min dagbog« adgang?", "Dagbog ApS", "planer, mål, indsatser, aftaler", "Dig selv",
                  "Tillad", "Afvis", "app.example", "Apps med adgang", "også når du ikke bruger den"):  # fmt: skip
        assert words in text
    short = place.person().get(address(scope="patient/Appointment.rs")).text
    assert "<li>Aftaler</li>" in short
    assert "planer, mål" not in short
    assert "også når du ikke bruger den" not in short


def test_the_page_may_lead_to_the_app_alone_and_is_never_framed(place):
    headers = place.person().get(address()).headers
    assert "form-action 'self' https://app.example;" in headers["content-security-policy"]
    assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert headers["x-frame-options"] == "DENY"


def test_no_is_told_to_the_app_and_nothing_is_kept(place):
    answer = place.allowed(place.person(), decision="deny")
    assert query(answer) == {"error": "access_denied", "state": "appens-tilstand", "iss": BASE} | (
        {"error_description": query(answer)["error_description"]} if "error_description" in query(answer) else {}
    )
    assert place.house.storage.reader().grants_of(4711) == ()


def test_the_answer_names_state_and_issuer_so_that_no_other_server_can_pass_for_us(place):
    """RFC 9207: an app that knows several servers sees which one answered."""
    sent = query(place.allowed(place.person()))
    assert sent["state"] == "appens-tilstand"
    assert sent["iss"] == BASE


@pytest.mark.parametrize("persona", ["laege", "fremmed"])
def test_a_professional_can_let_no_app_in(place, persona):
    assert place.person(persona).get(address()).status_code == 403


def test_who_may_not_see_an_overview_lets_no_app_see_it(place):
    """A relative whose power of attorney has ended is asked about their own overview alone; a child about none."""
    place.house.storage.act(
        lambda held: held.put_power(4711, PowerOfAttorney("fuldmagt", 4712, ("plans",), 0, 1))
    ).result()
    page = place.person("paaroerende").get(address()).text
    assert "Nancy (fuldmagt)" not in page
    assert "Dig selv" in page
    child = PersonFacts(born=place.clock[0] - 14 * 365 * 86_400_000)
    place.house.storage.act(lambda held: held.put_person(4711, child)).result()
    refused = place.person("nancy").get(address(), follow_redirects=False)
    assert refused.status_code == 403
    assert "location" not in refused.headers


def test_nobody_allows_anything_without_being_logged_in(place):
    page = place.world.get(address())
    assert "Log ind for at give en app adgang" in page.text
    assert "Tillad" not in page.text
    assert place.world.post("/oauth/authorize", data={"decision": "allow", "whose": "0"}).status_code == 401


def test_after_the_login_the_reader_comes_back_to_what_the_app_asked(place):
    browser = Browser(place.application)
    browser.get(address())
    asked = browser.log_in("nancy")
    assert asked.url.path == "/oauth/authorize"
    assert "Vil du give »Min dagbog« adgang?" in asked.text
    browser.cookies.delete("overblik")
    assert browser.log_in("nancy").url.path.startswith("/p/")


@pytest.mark.parametrize(
    "kept", ["", "æ", "Li4v", "////", base64.urlsafe_b64encode(b"//evil.example").decode(), "x" * 5000]
)
def test_what_the_browser_says_it_was_asked_leads_nowhere_else(place, kept):
    browser = Browser(place.application)
    browser.cookies.set("overblik-app", kept.encode("ascii", "ignore").decode())
    came = browser.log_in("nancy")
    assert came.url.host == "testserver"
    assert came.url.path.startswith(("/p/", "/oauth/authorize"))


def test_the_form_needs_the_sessions_own_token(place):
    browser = place.person()
    sent = {"csrf": "x", "request": address().partition("?")[2], "whose": "0", "decision": "allow"}
    assert browser.post("/oauth/authorize", data=sent).status_code == 403
    assert place.house.storage.reader().grants_of(4711) == ()


def test_the_form_is_judged_anew_and_cannot_ask_for_what_the_page_did_not(place):
    browser = place.person()
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(address()).text)[1]
    forged = address(redirect_uri="https://evil.example/back").partition("?")[2]
    answer = browser.post(
        "/oauth/authorize",
        data={"csrf": csrf, "request": forged, "whose": "0", "decision": "allow"},
        follow_redirects=False,
    )
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "redirect",
    ["https://app.example/back/", "https://app.example/back?x=1", "https://app.example.evil.example/back",
     "https://app.example", "http://app.example/back", "https://app.example/BACK", "https://app.example/back/../evil",
     "http://127.0.0.1:7778/back", "javascript:alert(1)", "https://app.example/back#x", None],
)  # fmt: skip
def test_an_address_that_is_not_exactly_registered_is_never_sent_to(place, redirect):
    answer = place.person().get(address(redirect_uri=redirect), follow_redirects=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_an_unknown_app_is_told_to_the_citizen_and_nobody_is_sent_anywhere(place):
    answer = place.person().get(address(client_id="ukendt"), follow_redirects=False)
    assert answer.status_code == 400
    assert "Vi kender ikke appen" in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"aud": None}, "invalid_request"),
        ({"aud": "https://another.example"}, "invalid_request"),
        ({"scope": "patient/*.cruds"}, "invalid_scope"),
        ({"scope": "user/*.rs"}, "invalid_scope"),
        ({"scope": "system/*.rs"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"prompt": "none"}, "interaction_required"),
    ],
)
def test_a_request_that_is_not_in_order_goes_back_to_the_app_without_a_code(place, changes, error):
    answer = place.person().get(address(**changes), follow_redirects=False)
    sent = query(answer)
    assert answer.headers["location"].startswith(BACK + "?")
    assert sent["error"] == error
    assert sent["state"] == "appens-tilstand"
    assert sent["iss"] == BASE
    assert "code" not in sent


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "code_challenge", "state", "aud"])
def test_no_parameter_stands_twice(place, name):
    answer = place.person().get(f"{address()}&{name}=noget-andet", follow_redirects=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": VERIFIER_OF_ANOTHER}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": ""}, 400, "invalid_request"),
        ({"code_verifier": challenge()}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:7777/back"}, 400, "invalid_grant"),
        ({"code": "gættet"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_request"),
        ({"client_id": "ukendt"}, 401, "invalid_client"),
        ({"client_id": "fortrolig"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
        ({"grant_type": 'æ"\\'}, 400, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_in_other_hands(place, changes, status, error):
    answer = place.token(**({"code": place.code()} | changes))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "access_token" not in answer.text


def test_a_code_lives_for_a_minute(place):
    code = place.code()
    place.later(60)
    assert place.token(code).json()["error"] == "invalid_grant"


def test_a_code_used_twice_ends_everything_it_gave(place):
    code = place.code()
    given = place.token(code).json()
    assert place.overview(given["access_token"]).status_code == 200
    assert place.token(code).json()["error"] == "invalid_grant"
    assert place.overview(given["access_token"]).status_code == 401
    assert place.refresh(given["refresh_token"]).json() == {"error": "invalid_grant"}


def test_a_code_of_one_app_gives_another_app_nothing(place):
    basic = proof()
    stolen = place.token(place.code(), client_id=None, headers=basic)
    assert stolen.json()["error"] == "invalid_grant"


def test_a_confidential_app_proves_itself(place):
    basic = proof()
    wrong = proof("forkert")
    code = place.code(client_id="fortrolig")
    assert place.token(code, client_id=None, headers=wrong).status_code == 401
    assert place.token(code, client_id="fortrolig").status_code == 401
    assert place.token(code, client_id=None, headers=basic).status_code == 200


def test_a_refresh_token_turns_into_the_next_and_works_once(place):
    first = place.tokens()
    second = place.refresh(first["refresh_token"]).json()
    third = place.refresh(second["refresh_token"]).json()
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert place.overview(third["access_token"]).status_code == 200
    assert place.refresh(first["refresh_token"]).json() == {"error": "invalid_grant"}
    for given in (first, second, third):
        assert place.overview(given["access_token"]).status_code == 401
    assert place.refresh(third["refresh_token"]).json() == {"error": "invalid_grant"}


def test_a_refresh_token_may_ask_for_less_and_never_for_more(place):
    first = place.tokens(scope="launch/patient offline_access patient/CarePlan.rs")
    for more in ("patient/*.rs", "patient/CarePlan.cruds", "patient/CarePlan.rs patient/Goal.rs", "openid"):
        assert place.refresh(first["refresh_token"], scope=more).json()["error"] == "invalid_scope"
    less = place.refresh(first["refresh_token"], scope="patient/CarePlan.rs").json()
    assert less["scope"] == "patient/CarePlan.rs"
    assert "patient" not in less
    assert place.refresh(less["refresh_token"]).json()["scope"] == "launch/patient offline_access patient/CarePlan.rs"


def test_a_refresh_token_of_another_app_is_nothing(place):
    given = place.tokens()
    basic = proof()
    sent = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    assert place.world.post("/oauth/token", data=sent, headers=basic).json() == {"error": "invalid_grant"}
    assert place.refresh(given["refresh_token"]).status_code == 200


def test_without_offline_access_there_is_no_refresh_token_and_it_is_over_in_a_quarter(place):
    given = place.tokens(scope="patient/*.rs")
    assert "refresh_token" not in given
    place.later(899)
    assert place.overview(given["access_token"]).status_code == 200
    place.later(120)
    assert place.overview(given["access_token"]).status_code == 401


def test_what_was_allowed_for_ninety_days_ends_after_ninety_days(place):
    given = place.tokens()
    place.later(90 * 86_400 - 60)
    given = place.refresh(given["refresh_token"]).json()
    assert given["expires_in"] == 60
    place.later(61)
    assert place.overview(given["access_token"]).status_code == 401
    assert place.refresh(given["refresh_token"]).json() == {"error": "invalid_grant"}


def test_the_citizen_withdraws_and_it_holds_from_the_next_call(place):
    given = place.tokens()
    nancy = place.person()
    page = nancy.get("/apps").text
    assert "Min dagbog" in page
    grant = re.search(r'name="grant" value="([^"]+)"', page)[1]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    assert place.overview(given["access_token"]).status_code == 200
    after = nancy.post("/apps", data={"csrf": csrf, "grant": grant}).text
    assert "Du har ikke givet nogen app adgang." in after
    assert "Adgangen er trukket tilbage." in after
    refused = place.overview(given["access_token"])
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.app-ended")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert place.refresh(given["refresh_token"]).json() == {"error": "invalid_grant"}


def test_nobody_withdraws_for_another(place):
    given = place.tokens()
    grant = claims(given["access_token"])["grant"]
    stranger = place.person("paaroerende")
    csrf = re.search(r'name="csrf" value="([^"]+)"', stranger.get("/apps").text)[1]
    assert stranger.post("/apps", data={"csrf": csrf, "grant": grant}).status_code == 404
    assert place.overview(given["access_token"]).status_code == 200


def test_a_relatives_app_sees_what_the_power_gives_and_the_patient_can_end_it(place):
    """In the relative's own name; the patient sees that it is there."""
    relative = place.person("paaroerende")
    given = place.token(place.code(relative, whose="0")).json()
    assert place.overview(given["access_token"]).status_code == 200
    look = place.house.storage.reader().looks(4711)[-1]
    assert (look.actor.kind, look.actor.name, look.purpose) == ("relative", "Datteren", "on-behalf")
    page = place.person("nancy").get("/apps").text
    assert "Apps, som andre bruger til at se dine oplysninger" in page
    assert "Givet af Datteren" in page


def test_an_app_sees_no_other_patient_whatever_it_asks_for(place):
    """DESIGN 13: the same words for another, an unknown and a malformed number."""
    own = place.tokens()["access_token"]
    answers = [place.overview(own, number) for number in (OTHER, "0101010101", "x")]
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"identity.other-patient"}
    theirs = place.token(place.code(place.person("paaroerende"), whose="1")).json()["access_token"]
    assert place.overview(theirs, NANCY).status_code == 403


def test_the_power_of_attorney_ends_and_so_does_the_app(place):
    relative = place.person("paaroerende")
    given = place.token(place.code(relative, whose="0")).json()
    reader = place.house.storage.reader()
    ended = PowerOfAttorney("fuldmagt", 4712, ("plans",), 0, place.clock[0])
    place.house.storage.act(lambda transaction: transaction.put_power(4711, ended)).result()
    place.later(1)
    assert reader.powers(4711) == (ended,)
    assert place.overview(given["access_token"]).status_code == 403


@pytest.mark.parametrize("missing", ["patient/CarePlan.rs", "patient/*.r", "patient/*.s", "patient/*.rs?category=x"])
def test_less_than_the_whole_overview_does_not_open_it(place, missing):
    given = place.tokens(scope=f"launch/patient {missing}")
    refused = place.overview(given["access_token"])
    assert refused.status_code == 403
    assert refused.json()["code"] == "identity.insufficient-scope"
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    assert 'scope="patient/*.rs"' in refused.headers["www-authenticate"]


def test_the_app_may_name_everything_instead_of_a_star(place):
    scope = " ".join(f"patient/{each}.rs" for each in OVERVIEW)
    assert place.overview(place.tokens(scope=scope)["access_token"]).status_code == 200


def test_an_app_gives_back_what_it_was_given(place):
    for name, hint in (
        ("refresh_token", "refresh_token"),
        ("access_token", "access_token"),
        ("access_token", "refresh_token"),
    ):
        given = place.tokens()
        sent = {"token": given[name], "token_type_hint": hint, "client_id": "dagbog"}
        assert place.world.post("/oauth/revoke", data=sent).status_code == 200
        assert place.overview(given["access_token"]).status_code == 401
        assert place.refresh(given["refresh_token"]).json() == {"error": "invalid_grant"}


def test_giving_back_something_unknown_is_no_fault_and_of_another_app_does_nothing(place):
    assert place.world.post("/oauth/revoke", data={"token": "ukendt", "client_id": "dagbog"}).status_code == 200
    given = place.tokens()
    basic = proof()
    place.world.post("/oauth/revoke", data={"token": given["access_token"]}, headers=basic)
    assert place.overview(given["access_token"]).status_code == 200


def test_the_launch_says_the_patient_by_a_name_that_says_nothing(place):
    given = place.tokens()
    who = claims(given["id_token"])
    assert given["patient"]
    assert who["fhirUser"] == f"Patient/{given['patient']}"
    assert who["aud"] == "dagbog"
    assert who["iss"] == BASE
    assert who["nonce"] == "appens-nonce"
    assert who["auth_time"] == place.clock[0] // 1000
    for value in (given["patient"], who["sub"]):
        assert NANCY not in value
        assert "4711" not in value


def test_an_app_knows_a_person_again_and_no_other_app_knows_them_by_that_name(place):
    first, second = (claims(place.tokens()["id_token"])["sub"] for _ in range(2))
    basic = proof()
    elsewhere = place.token(place.code(client_id="fortrolig"), client_id=None, headers=basic).json()
    assert first == second
    assert claims(elsewhere["id_token"])["sub"] != first


def test_an_id_token_opens_no_door(place):
    refused = place.overview(place.tokens()["id_token"])
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.token-type")


def test_nothing_is_repeated_in_an_answer(place):
    assert len(queries(place.allowed(place.person()))["code"]) == 1


def test_an_app_that_is_no_longer_registered_has_no_access(place):
    given = place.tokens()
    del place.office.apps["dagbog"]
    assert place.overview(given["access_token"]).status_code == 401


def test_a_professional_at_work_neither_sees_nor_ends_what_they_allowed_as_a_citizen(place):
    given = place.tokens()
    doctor = place.person("laege")
    sessions = place.house.storage._state.sessions
    session = next(each for each in sessions.values() if each.actor.id == "laege")
    known = msgspec.structs.replace(session, actor=msgspec.structs.replace(session.actor, person=4711))
    place.house.storage.act(lambda held: held.put_session(known)).result()
    page = doctor.get("/apps").text
    assert "Min dagbog" not in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    assert doctor.post("/apps", data={"csrf": csrf, "grant": claims(given["access_token"])["grant"]}).status_code == 404
    assert doctor.get(address()).status_code == 403
    assert place.overview(given["access_token"]).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_what_breaks_is_told_to_an_app_as_data_and_without_its_words(place, path, monkeypatch):
    def broken(*_):
        raise RuntimeError("plantet-hemmelighed")

    monkeypatch.setattr(place.office.storage, "reader", broken)
    sent = {"grant_type": "refresh_token", "refresh_token": "x.y", "client_id": "dagbog", "token": "x"}
    answer = place.world.post(path, data=sent)
    assert (answer.status_code, answer.json()["code"]) == (500, "portal.broken")
    assert "plantet" not in answer.text


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_what_is_no_form_or_too_much_of_one_is_not_read(place, path):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = "grant_type=refresh_token&client_id=dagbog&refresh_token=x&token=x"
    for body, headers in (
        (sent + "&x=" + "y" * 40_000, form),
        (sent + "&x=1" * 60, form),
        (sent, {"Content-Type": "application/json"}),
        (sent, {}),
        (b"\xff\xfe=\xff", form),
    ):
        answer = place.world.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 401)
        assert answer.json()["error"] in ("unsupported_grant_type", "invalid_client", "invalid_request")


def test_a_question_too_long_is_not_read(place):
    token = place.tokens()["access_token"]
    answer = place.world.post("/api/overblik", content=b" " * 5000, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "portal.bad-body")


@pytest.mark.parametrize(
    "query_", ["", "&" * 500, "client_id=dagbog" + "&x=1" * 60, "client_id=%ff%fe", "x" * 9000, "client_id=dagbog;"]
)
def test_a_request_that_is_nothing_leads_nowhere(place, query_):
    answer = place.person().get(f"/oauth/authorize?{query_}", follow_redirects=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_no_parameter_of_an_app_stands_twice(place, path):
    given = place.tokens()
    sent = f"grant_type=refresh_token&client_id=dagbog&refresh_token={given['refresh_token']}&token={given['refresh_token']}&client_id=dagbog"
    answer = place.world.post(path, content=sent, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert place.overview(given["access_token"]).status_code == 200
    assert place.refresh(given["refresh_token"]).status_code == 200


def real(place) -> Browser:
    """The relative as somebody who is none of the demo's personas: known by a provider, not by a list."""
    browser = place.person("paaroerende")
    session = next(each for each in place.house.storage._state.sessions.values() if each.actor.id == "paaroerende")
    actor = msgspec.structs.replace(session.actor, kind="citizen", role="Borger", id="urn:uuid:nogen", name="Datteren")
    place.house.storage.act(lambda held: held.put_session(msgspec.structs.replace(session, actor=actor))).result()
    return browser


def test_somebody_with_a_power_of_attorney_names_the_one_it_is_from(place):
    browser = real(place)
    page = browser.get(address()).text
    assert "Dit eget overblik" in page
    assert "en, du har fuldmagt fra" in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    sent = {"csrf": csrf, "request": address().partition("?")[2], "whose": "0", "decision": "allow"}
    answer = browser.post("/oauth/authorize", data=sent | {"cpr": "251248-9996"}, follow_redirects=False)
    given = place.token(query(answer)["code"]).json()
    assert place.overview(given["access_token"], NANCY).status_code == 200
    look = place.house.storage.reader().looks(4711)[-1]
    assert (look.actor.kind, look.actor.role, look.purpose) == ("relative", "Pårørende", "on-behalf")
    page = place.person("nancy").get("/apps").text
    assert "Gælder: dig. Givet af Datteren" in page
    assert NANCY not in str(answer.headers)


def test_somebody_without_an_overview_of_their_own_may_still_act_for_another(place):
    browser = real(place)
    child = PersonFacts(born=place.clock[0])
    place.house.storage.act(lambda held: held.put_person(4712, child)).result()
    page = browser.get(address()).text
    assert "Dit eget overblik" not in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    sent = {"csrf": csrf, "request": address().partition("?")[2], "decision": "allow", "cpr": NANCY}
    answer = browser.post("/oauth/authorize", data=sent, follow_redirects=False)
    assert place.overview(place.token(query(answer)["code"]).json()["access_token"]).status_code == 200


@pytest.mark.parametrize("number", ["0101010101", "x", "123", "7102509980"])
def test_a_number_without_a_power_gets_the_same_answer_as_an_unknown_one(place, number):
    browser = real(place)
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(address()).text)[1]
    sent = {"csrf": csrf, "request": address().partition("?")[2], "whose": "0", "decision": "allow", "cpr": number}
    stranger = PatientId("1.2.208.176.1.2", "7102509980")
    place.house.storage.act(lambda held: held.claim_patient(stranger, 4713)).result()
    answer = browser.post("/oauth/authorize", data=sent, follow_redirects=False)
    assert answer.status_code == 400
    assert "Du skal vælge en person, hvis overblik du selv må se." in answer.text
    assert number not in answer.text or number == "x"


def test_a_token_asked_for_with_less_opens_less(place):
    less = place.refresh(place.tokens()["refresh_token"], scope="patient/CarePlan.rs").json()
    assert place.overview(less["access_token"]).json()["code"] == "identity.insufficient-scope"


def test_what_an_app_is_no_longer_registered_for_it_no_longer_has(place):
    given = place.tokens()
    narrower = msgspec.structs.replace(place.office.apps["dagbog"], scopes=("patient/CarePlan.rs",))
    place.office.apps["dagbog"] = narrower
    assert place.overview(given["access_token"]).json()["code"] == "identity.insufficient-scope"
