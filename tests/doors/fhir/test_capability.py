"""The CapabilityStatement is true: everything it claims works, and nothing works that it does not claim."""

import itertools

import pytest

from patientoverblik.edges.fhir.call import PATH
from patientoverblik.edges.fhir.interactions import rows
from patientoverblik.edges.fhir.runs import RUNS
from patientoverblik.formats.fhir.r4 import resource_types
from tests.doors.fhir.world import FHIR, Door, codes, door, resources
from tests.generative.doors.worlds import furnished, told

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SHAPES = {
    "search-type": ("GET", "{}"),
    "create": ("POST", "{}"),
    "read": ("GET", "{}/x"),
    "update": ("PUT", "{}/x"),
    "patch": ("PATCH", "{}/x"),
    "delete": ("DELETE", "{}/x"),
    "vread": ("GET", "{}/x/_history/1"),
    "history-instance": ("GET", "{}/x/_history"),
    "history-type": ("GET", "{}/_history"),
}


@pytest.fixture(scope="module")
def asked() -> Door:
    return door()


@pytest.fixture(scope="module")
def statement(asked) -> dict:
    return asked.get("metadata").json()


def claimed(statement: dict) -> set[tuple[str, str]]:
    return {
        (one["type"], each["code"])
        for one in statement["rest"][0]["resource"]
        for each in (*one.get("interaction", ()), *({"code": f"${each['name']}"} for each in one.get("operation", ())))
    }


def test_it_needs_no_token_and_is_the_same_in_xml(asked, statement):
    plain = asked.browser.get(f"{PATH}/metadata")
    assert plain.json() == statement
    assert statement["fhirVersion"] == "4.0.1"
    assert asked.get("metadata?_format=xml").headers["content-type"].startswith("application/fhir+xml")


def test_everything_claimed_answers(asked, statement):
    for kind, code in claimed(statement):
        if code.startswith("$"):
            continue
        method, shape = SHAPES[code]
        answer = asked.ask(method, shape.format(kind), headers={"content-type": "application/fhir+json"})
        assert answer.status_code != 405, (kind, code)
        assert "rest.not-offered" not in answer.text, (kind, code)


def test_nothing_else_answers(asked, statement):
    known = claimed(statement)
    for kind, (code, (method, shape)) in itertools.product(sorted(resource_types()), SHAPES.items()):
        if (kind, code) not in known:
            answer = asked.ask(method, shape.format(kind), headers={"content-type": "application/fhir+json"})
            assert answer.status_code in (404, 405), (kind, code)
            assert set(codes(answer)) <= {"rest.not-offered", "rest.wrong-method", "rest.not-found"}, (kind, code)


NOBODYS = ("ValueSet", "Organization", "Subscription")
THEIR_OWN = ("AuditEvent", "Consent")


def test_every_search_parameter_claimed_can_be_searched_by(asked, statement):
    values = {"token": "x", "reference": "Goal/x", "date": "2026", "string": "x", "uri": "urn:x"}
    named = {"patient": asked.patient, "_id": f"{asked.patient}.x", "identifier": "x"}
    citizen = Door(asked.house, "citizen")
    for one in statement["rest"][0]["resource"]:
        about = "" if one["type"] in NOBODYS else f"patient=Patient/{asked.patient}&"
        about = f"_id={asked.patient}&" if one["type"] == "Patient" else about
        for each in one.get("searchParam", ()):
            if one["type"] == "Patient" and each["name"] in ("_id", "identifier"):
                continue
            path = f"{one['type']}?{about}{each['name']}={named.get(each['name'], values[each['type']])}"
            answer = (citizen if one["type"] in THEIR_OWN else asked).get(path)
            assert answer.status_code == 200, (path, answer.text)
            assert not resources(answer, "outcome"), path


def test_every_include_claimed_can_be_asked_for(asked, statement):
    for one in statement["rest"][0]["resource"]:
        if one["type"] == "Patient":
            continue
        if one["type"] in THEIR_OWN:
            asked = Door(asked.house, "citizen")
        for name, listed in (("_include", "searchInclude"), ("_revinclude", "searchRevInclude")):
            for value in one.get(listed, ()):
                answer = asked.get(f"{one['type']}?patient=Patient/{asked.patient}&{name}={value}")
                assert (answer.status_code, resources(answer, "outcome")) == (200, []), value


def test_every_row_has_something_that_runs():
    assert {row.run for row in rows()} == set(RUNS)


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_wrong_method_says_which_are_right(asked, statement, method):
    answer = asked.ask(method, "Goal/x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")
    assert codes(answer) == ["rest.wrong-method"]
    assert "DELETE and PATCH are not offered" in statement["rest"][0]["documentation"]


@pytest.mark.parametrize(
    "text", ["%0A", "metadata%0A", "Goal/x%0A", "Goal/%00", "Goal/x/_history/1%0d", "Goal?_id=%00"]
)
def test_a_control_character_in_an_address_is_told_as_fhir(asked, text):
    answer = asked.get(text)
    assert (answer.status_code, codes(answer)) == (400, ["rest.bad-address"])


def test_a_control_character_in_a_form_is_told_as_fhir(asked):
    assert codes(asked.search("Goal", _id="\0")) == ["rest.bad-body"]


def test_an_address_beside_the_base_is_not_the_doors(asked):
    answer = asked.browser.get(f"{PATH}x/metadata")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_without_a_token_nothing_but_what_is_published():
    house = furnished(told("A"))
    asked = Door(house)
    asked.token = "x.y.z"
    for row in rows():
        path = row.path.replace("{id}", "x").replace("{version}", "1")
        answer = asked.ask(row.method, path)
        assert answer.status_code == (401 if row.letter else 200), row
        assert row.letter == "" or answer.headers["www-authenticate"].startswith("Bearer")


def test_openapi_names_every_address(asked):
    told_of = asked.browser.get(f"{PATH}/openapi.json").json()
    addresses = {(path, method) for path, methods in told_of["paths"].items() for method in methods}
    assert addresses == {(f"/{row.path}", row.method.lower()) for row in rows()}
    assert told_of["servers"] == [{"url": FHIR}]


def test_a_resource_is_judged_without_being_kept(asked):
    good = {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": {"text": "x"},
        "subject": {"display": "x"},
    }
    assert codes(asked.post("Goal/$validate", good)) == ["rest.valid"]
    bad = {**good, "description": "x", "inhold": 1}
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": bad}]}
    for sent in (bad, wrapped):
        answer = asked.post("Goal/$validate", sent)
        assert (answer.status_code, set(codes(answer))) == (200, {"r4.misshapen", "r4.unknown-element"})
    assert codes(asked.post("CarePlan/$validate", good)) == ["rest.wrong-resource"]
