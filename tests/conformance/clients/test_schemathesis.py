"""schemathesis makes requests from the door's own OpenAPI: whatever it sends, no fault of ours, and FHIR comes back."""

from __future__ import annotations

from functools import cache
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.doors.fhir.world import JSON, codes, door, resources

schemathesis = pytest.importorskip("schemathesis", reason="the foreign fuzzer schemathesis is not installed")
ASKED = door()
SCHEMA = schemathesis.openapi.from_dict(ASKED.browser.get("/fhir/openapi.json").json())


FEW = settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@cache
def held(kind: str) -> str:
    """The id of something of a type that is here; the patient's own where there is nothing."""
    found = resources(ASKED.get(f"{kind}?patient=Patient/{ASKED.patient}")) if kind[:1].isupper() else []
    return found[0]["id"] if found else ASKED.patient


def ask(case, path):
    """Send what was made, to an address; whatever comes back is FHIR and no fault of ours."""
    body = case.body if isinstance(case.body, bytes) else repr(case.body).encode()
    sent = {"accept": JSON, "content-type": case.media_type or JSON}
    content = None if case.method == "GET" else body
    answer = ASKED.ask(case.method, path, params=case.query or {}, headers=sent, content=content)
    assert answer.status_code < 500
    resolved = ".." in unquote(path).split("/")  # by the client (RFC 3986, 5.2.4): it is another address that is asked
    if answer.status_code >= 400 and answer.content and not resolved:
        assert answer.json()["resourceType"] == "OperationOutcome"


@SCHEMA.parametrize()
@FEW
def test_every_address_answers_whatever_is_sent(case):
    ask(case, case.formatted_path.lstrip("/"))


@SCHEMA.parametrize()
@FEW
def test_what_is_here_answers_whatever_is_sent(case):
    path = case.path.lstrip("/")
    if "{id}" in path:
        ask(case, path.replace("{id}", held(path.partition("/")[0])).replace("{version}", "1"))


def test_every_operation_that_is_offered_is_asked():
    told = ASKED.browser.get("/fhir/openapi.json").json()["paths"]
    assert {(method, path) for path, ways in told.items() for method in ways} == {
        (one.method, one.path) for one in (found.ok() for found in SCHEMA.get_all_operations())
    }


@pytest.mark.parametrize("control", ["%0A", "%00", "%7F", "%C2%85"])
@pytest.mark.parametrize("path", ["Goal/a{}", "Goal{}", "Goal?status=a{}", "Goal?a{}=b", "{}"])
def test_a_control_character_in_an_address_is_refused_with_a_reason(path, control):
    answer = ASKED.get(path.format(control))
    assert (answer.status_code, codes(answer)) == (400, ["rest.bad-address"])
