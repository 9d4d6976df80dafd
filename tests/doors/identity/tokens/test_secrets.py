"""No code, token, secret or number stands in a log, an address, a page or an answer that it was not meant for."""

import base64
import logging

import pytest

from tests.doors.identity.tokens.place import BACK, NANCY, SECRET, VERIFIER, Place, address, query

PLANTED = "plantet-hemmelighed-7f3a"


@pytest.fixture
def heard(caplog):
    """Everything the server and its libraries say when all are asked to say everything; the test's own client is left out."""
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))


def test_a_whole_life_of_tokens_leaves_none_of_them_in_a_log(heard):
    place = Place()
    sent = place.allowed(place.person())
    code = query(sent)["code"]
    first = place.token(code).json()
    second = place.refresh(first["refresh_token"]).json()
    assertion = place.assertion()
    system = place.backend(assertion=assertion).json()
    for token in (first["access_token"], second["access_token"], system["access_token"], first["id_token"]):
        place.overview(token, NANCY)
    place.token(code)
    place.refresh(first["refresh_token"])
    basic = base64.b64encode(f"fortrolig:{SECRET}".encode()).decode()
    place.token(code, {"Authorization": f"Basic {basic}"}, client_id=None)
    log = heard()
    assert "an app was answered with invalid_grant" in log
    secrets = [code, VERIFIER, SECRET, basic, assertion, NANCY]
    secrets += [
        found[name]
        for found in (first, second, system)
        for name in ("access_token", "refresh_token", "id_token")
        if name in found
    ]
    for secret in secrets:
        assert secret not in log
        assert secret.rpartition(".")[2] not in log


@pytest.mark.parametrize(
    "sent",
    [
        {"grant_type": PLANTED}, {"client_id": PLANTED}, {"code": PLANTED}, {"redirect_uri": PLANTED}, {"code_verifier": PLANTED * 2},
        {"client_assertion": PLANTED, "client_assertion_type": PLANTED}, {"scope": PLANTED, "grant_type": "client_credentials"},
    ],
)  # fmt: skip
def test_what_an_app_sends_is_not_said_back_to_it(heard, sent):
    place = Place()
    answer = place.token(**({"code": place.code()} | sent))
    assert answer.status_code in (400, 401)
    assert PLANTED not in answer.text
    assert PLANTED not in str(answer.headers)
    assert PLANTED not in heard()


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "response_type", "scope", "code_challenge", "aud"])
def test_what_a_faulty_request_holds_is_said_to_nobody(heard, name):
    answer = Place().person().get(address(**{name: PLANTED}), follow_redirects=False)
    assert answer.status_code in (303, 400)
    assert PLANTED not in answer.text + str(answer.headers) + heard()


def test_what_an_app_wants_back_is_written_in_no_log(heard):
    place = Place()
    answer = place.allowed(place.person(), state=PLANTED, nonce=PLANTED + "-n")
    assert query(answer)["state"] == PLANTED
    assert PLANTED not in heard()


def test_a_token_stands_in_no_address():
    place = Place()
    sent = place.allowed(place.person())
    assert set(query(sent)) == {"code", "state", "iss"}
    given = place.token(query(sent)["code"]).json()
    wrong = place.world.get(f"/api/overblik?access_token={given['access_token']}")
    assert wrong.status_code in (404, 405)
    assert place.world.post(f"/api/overblik?access_token={given['access_token']}", json={}).status_code == 401
    assert sent.headers["referrer-policy"] == "no-referrer"
    assert sent.headers["cache-control"] == "no-store"


def test_a_refused_token_is_not_said_back():
    place = Place()
    token = f"{PLANTED}.{PLANTED}.{PLANTED}"
    answer = place.overview(token)
    assert answer.status_code == 401
    assert PLANTED not in answer.text + str(answer.headers)


def test_the_database_holds_hashes_of_secrets_and_no_secret():
    place = Place()
    code = place.code()
    given = place.token(code).json()
    kept = repr(place.house.storage._state)
    for secret in (code, given["refresh_token"], given["access_token"], VERIFIER, SECRET):
        assert secret not in kept
    assert BACK in kept  # what is looked for would be found


def test_the_trail_tells_of_permission_and_its_end_without_a_number_or_a_secret():
    place = Place()
    code = place.code()
    given = place.token(code).json()
    place.token(code)
    events = [event for event in place.house.storage.reader().events(4711) if "app" in event.act]
    assert [(event.act, event.actor.kind, event.outcome) for event in events] == [
        ("allow-app", "citizen", "done"),
        ("end-app-used-twice", "system", "done"),
    ]
    assert NANCY not in repr(events)
    assert given["refresh_token"] not in repr(events)
