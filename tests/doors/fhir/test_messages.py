"""Messages as Communication: what was written to whom about what, for the patient and the one it is addressed to alone."""

import pytest

from tests.doors.fhir.world import Door, resources
from tests.generative.doors.worlds import LETTERS, furnished, lettered


def written(asked: Door, more: str = "") -> list[dict]:
    return resources(asked.get(f"Communication?patient=Patient/{asked.patient}{more}"))


@pytest.fixture(scope="module")
def citizen() -> Door:
    return Door(furnished(lettered()), "citizen")


def test_a_message_is_a_communication_with_each_time_somebody_wrote(citizen):
    found = written(citizen)
    whole = [one for one in found if "partOf" not in one]
    parts = [one for one in found if "partOf" in one]
    assert len(whole) == len(LETTERS)
    assert {one["partOf"][0]["reference"] for one in parts} == {f"Communication/{one['id']}" for one in whole}
    for one in parts:
        assert one["status"] == "completed"
        assert one["payload"][0]["contentString"].startswith("Om ")
        assert one["recipient"][0]["reference"].startswith("Organization/")
        assert {"sent", "sender", "about"} <= one.keys()


def test_a_message_is_no_plan_and_no_task(citizen):
    for kind in ("CarePlan", "Task"):
        found = resources(citizen.get(f"{kind}?patient=Patient/{citizen.patient}&_count=200"))
        assert found
        assert "plan-kind.message" not in str(found)
        assert "det passer ikke" not in str(found)


def test_messages_are_found_by_what_the_statement_says(citizen):
    assert len(written(citizen, "&part-of:missing=true")) == len(LETTERS)
    (first, *_) = [one for one in written(citizen) if "partOf" in one]
    assert first in written(citizen, f"&recipient={first['recipient'][0]['reference']}&sent=le2100-01-01")
    assert first in written(citizen, f"&part-of={first['partOf'][0]['reference']}&status=completed")
    assert first in written(citizen, f"&sender={first['sender']['reference']}")
    assert written(citizen, "&sent=gt2100-01-01") == []


def test_a_professional_sees_what_is_addressed_to_them_and_nothing_of_the_rest(citizen):
    said = [[about for about in LETTERS if about in str(written(who))] for who in (citizen, Door(citizen.house))]
    assert len(said[0]) == 2
    assert len(said[1]) == 1
