"""schemathesis makes requests from the door's own OpenAPI: whatever it sends, no fault of ours, and FHIR comes back."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.doors.fhir.world import JSON, OPAQUE, door

schemathesis = pytest.importorskip("schemathesis", reason="the foreign fuzzer schemathesis is not installed")
ASKED = door()
SCHEMA = schemathesis.openapi.from_dict(ASKED.browser.get("/fhir/openapi.json").json())


@SCHEMA.parametrize()
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_address_answers_whatever_is_sent(case):
    path = case.formatted_path.lstrip("/").replace("%7Bid%7D", OPAQUE.patient(7))
    body = case.body if isinstance(case.body, bytes) else repr(case.body).encode()
    sent = {"accept": JSON, "content-type": case.media_type or JSON}
    content = None if case.method == "GET" else body
    answer = ASKED.ask(case.method, path, params=case.query or {}, headers=sent, content=content)
    assert answer.status_code < 500
    # The routes pass over a line break in a path, and a client resolves dots: neither comes to the door.
    at_the_door = not {"\n", ".."} & {*unquote(path), *unquote(path).split("/")}
    if answer.status_code >= 400 and answer.content and at_the_door:
        assert answer.json()["resourceType"] == "OperationOutcome"
