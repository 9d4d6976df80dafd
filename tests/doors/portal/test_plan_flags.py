"""The flag of a list at the JSON door: who may ask, what is answered, and what is wrong with a question."""

import html
import re

import msgspec
import pytest

from patientoverblik.edges.portal.routes.described import description
from patientoverblik.edges.portal.routes.plan_flags import Answers, Listed
from patientoverblik.service.plan_flag import MOST
from tests.conftest import PROJECT
from tests.doors.portal.told import KEY_OF, NANCY, place_of, someone

ADDRESS = "/api/planer"
UNKNOWN = "6101701234"


@pytest.fixture(scope="module")
def story():
    return place_of("B")


def asked(client, *patients: str, **more):
    headers = {"x-csrf-token": client.get("/").text.split('name="csrf" value="')[1].split('"')[0]}
    return client.post(ADDRESS, json={"patients": patients, **more}, headers=headers)


def test_each_patient_is_answered_in_the_order_asked(story):
    place = story()
    client, _ = someone(place, "egen-laege")
    answer = asked(client, UNKNOWN, NANCY.value)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = [{"patient": UNKNOWN, "plans": "cannot-say"}, {"patient": NANCY.value, "plans": "yes"}]
    assert answer.json() == {"answers": told}
    assert place.storage.reader().looks(KEY_OF(place))[-1].act == "flag"


def test_a_professional_without_a_relation_and_a_citizen_are_told_nothing(story):
    place = story()
    for persona in ("fremmed", "nancy"):
        answer = asked(someone(place, persona)[0], NANCY.value, UNKNOWN)
        assert {one["plans"] for one in answer.json()["answers"]} == {"cannot-say"}, persona


def test_the_citizen_reads_in_the_log_that_somebody_was_told(story):
    place = story()
    asked(someone(place, "egen-laege")[0], NANCY.value)
    client, base = someone(place, "nancy")
    assert "Fik at vide, om der er planer at se" in client.get(f"{base}/opslag").text
    doctor, _ = someone(place, "egen-laege")
    for _ in range(2):
        asked(doctor, NANCY.value)
    asked_often = "Lægehuset Testparken fik at vide, om der er planer at se (2)"
    assert asked_often in html.unescape(client.get(f"{base}/opslag").text), "lists do not hide who looked"


def test_nobody_is_told_anything_without_a_session_and_its_token(story):
    client, _ = someone(story(), "egen-laege")
    assert client.post(ADDRESS, json={"patients": [NANCY.value]}).json()["code"] == "portal.form-expired"
    client.cookies.clear()
    answer = client.post(ADDRESS, json={"patients": [NANCY.value]})
    assert (answer.status_code, answer.json()["code"]) == (401, "portal.session-ended")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"patients": []},
        {"patients": [1]},
        {"patients": [""]},
        {"patients": ["1" * 65]},
        {"patients": ["1"], "x": 1},
    ],
)
def test_a_question_that_is_none_is_told_as_such(story, body):
    client, _ = someone(story(), "egen-laege")
    headers = {"x-csrf-token": client.get("/").text.split('name="csrf" value="')[1].split('"')[0]}
    answer = client.post(ADDRESS, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "portal.bad-body")


def test_more_than_the_limit_are_not_looked_up(story):
    client, _ = someone(story(), "egen-laege")
    answer = asked(client, *[f"{number:010d}" for number in range(MOST + 1)])
    assert (answer.status_code, answer.json()["code"]) == (400, "service.too-many-patients")


def test_the_example_of_the_manual_is_what_the_door_takes_and_answers():
    page = (PROJECT / "docs" / "apps.md").read_text(encoding="utf-8")
    taken, given = re.findall(r"^```json\n(.*?)^```$", page, re.M | re.S)
    assert msgspec.json.decode(taken, type=Listed).patients == (NANCY.value, UNKNOWN)
    assert [one.plans for one in msgspec.json.decode(given, type=Answers).answers] == ["yes", "cannot-say"]


def test_openapi_says_what_the_door_takes_and_answers(story):
    client, _ = someone(story(), "egen-laege")
    told = client.get("/api/openapi.json").json()
    assert set(told["paths"]) == {"/api/overblik", ADDRESS}
    schemas = told["components"]["schemas"]
    assert sorted(schemas["Answered"]["properties"]["plans"]["enum"]) == ["cannot-say", "no", "yes"]
    named = set(msgspec.json.encode(description()).decode().split("#/components/schemas/")[1:])
    assert {name.split('"')[0] for name in named} <= set(schemas)
