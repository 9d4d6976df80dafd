"""A handover is a Task with one id from the request until the work has begun, answered by the receiver alone."""

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec
import pytest

from patientoverblik.access import Relation
from tests.doors.fhir.world import Door, codes, door, resources
from tests.generative.doors.worlds import place

RECEIVER = "eyes"
ASKED = "Øjenundersøgelse"


@pytest.fixture
def asked() -> Door:
    places = ("general-practice", "eye-clinic", "prevention")
    return Door(door(relations=tuple(Relation("referral", place(one)) for one in places)).house, RECEIVER)


def tasks(asked: Door, **form: str) -> list[dict[str, Any]]:
    return resources(asked.search("Task", patient=f"Patient/{asked.patient}", **form))


def requested(asked: Door) -> dict[str, Any]:
    (found,) = (one for one in tasks(asked, status="requested") if one.get("description") == ASKED)
    return found


def put(asked: Door, task: Mapping[str, Any], etag: str = "", **changes: Any) -> httpx.Response:
    """The task written back with changes, as the version it was read in."""
    sent = msgspec.json.encode({**task, **changes})
    headers = {"content-type": "application/fhir+json", "if-match": etag or f'W/"{task["meta"]["versionId"]}"'}
    return asked.ask("PUT", f"Task/{task['id']}", content=sent, headers=headers)


def entries(asked: Door) -> list:
    return list(asked.house.storage.reader().entries(7))


def test_what_is_asked_for_is_a_task_with_who_asks_whom_about_what(asked):
    task = requested(asked)
    about = asked.get(task["focus"]["reference"]).json()
    assert about["code"]["text"] == ASKED
    assert task["for"] == {"reference": f"Patient/{asked.patient}"}
    assert task["owner"]["display"] == "Øjenklinikken Testparken"
    assert asked.get(task["requester"]["reference"]).json()["name"] == "Lægehuset Testparken"
    assert task["code"]["coding"][0]["code"] == "fulfill"
    assert asked.get(f"Task/{task['id']}").json() == task
    assert codes(asked.post("Task/$validate", task)) == ["rest.valid"]
    assert asked.get(f"Task/{task['id']}?_format=xml").status_code == 200


def test_it_is_found_by_owner_status_and_patient(asked):
    owner = requested(asked)["owner"]["identifier"]
    mine = tasks(asked, **{"owner:identifier": f"{owner['system']}|{owner['value']}", "status": "requested"})
    assert [one.get("description") for one in mine] == [ASKED]
    assert tasks(asked, **{"owner:identifier": "urn:oid:1.2.208.176.1.1|none"}) == []
    assert tasks(asked, focus=mine[0]["focus"]["reference"]) == mine
    assert codes(asked.search("Task", status="requested")) == ["rest.patient-needed"]


def test_each_answer_is_a_document_and_the_task_stays_the_same_one(asked):
    task, before = requested(asked), len(entries(asked))
    etags = [f'W/"{task["meta"]["versionId"]}"']
    for number, (status, reason) in enumerate(
        (("rejected", "Vi har ikke plads"), ("accepted", ""), ("in-progress", ""))
    ):
        asked.house.clock.now += 1000
        more = {"statusReason": {"text": reason}} if reason else {}
        answer = put(asked, task, etags[-1], status=status, **more)
        made = answer.json()
        assert answer.status_code == 200, answer.text
        assert (made["id"], made["status"], made.get("statusReason", {}).get("text", "")) == (
            task["id"],
            status,
            reason,
        )
        assert answer.headers["etag"] not in etags
        etags.append(answer.headers["etag"])
        held = [one for one in entries(asked)[before:] if one.profile == "overdragelsessvar"]
        assert [one.series_version for one in held] == list(range(1, number + 2))
        assert asked.get(f"Task/{task['id']}").json() == made
        (found,) = (one for one in tasks(asked) if one.get("description") == ASKED)
        assert found == made
    history = asked.get(f"Task/{task['id']}/_history").json()
    assert [one["resource"]["status"] for one in history["entry"]] == [
        "in-progress",
        "accepted",
        "rejected",
        "requested",
    ]
    for one in history["entry"]:
        version = one["resource"]["meta"]["versionId"]
        assert asked.get(f"Task/{task['id']}/_history/{version}").json() == one["resource"]


def test_the_answer_stands_for_everybody_and_leads_to_its_document(asked):
    task = requested(asked)
    put(asked, task, status="accepted")
    for who in ("doctor", "citizen"):
        reader = Door(asked.house, who)
        (seen,) = (one for one in tasks(reader) if one.get("description") == ASKED)
        assert seen["status"] == "accepted"
    traced = resources(asked.get(f"Provenance?patient=Patient/{asked.patient}&target=Task/{task['id']}"))
    sources = {one["entity"][0]["what"]["reference"].rpartition("/")[2] for one in traced}
    assert entries(asked)[-1].uuid.rpartition(":")[2] in sources
    looked = asked.house.storage.reader().looks(7)[-1]
    assert len(looked.documents) >= 1


def test_to_read_a_task_is_logged_with_both_documents(asked):
    task = requested(asked)
    put(asked, task, status="accepted")
    asked.get(f"Task/{task['id']}")
    told = {one.entry for one in asked.house.storage.reader().looks(7)[-1].documents}
    assert entries(asked)[-1].uuid in told
    assert len(told) == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"status": "rejected"}, 422, "service.no-decline-reason"),
        ({"status": "completed"}, 422, "rest.task-status"),
        ({"status": "accepted", "description": "Noget andet"}, 422, "rest.task-fixed"),
        ({"status": "accepted", "priority": "urgent"}, 422, "rest.task-fixed"),
        ({"status": "accepted", "id": "x"}, 400, "rest.id-differs"),
    ],
)
def test_what_is_no_answer_is_refused(asked, changes, status, code):
    task, before = requested(asked), len(entries(asked))
    changed = {**task, **changes}
    headers = {"content-type": "application/fhir+json", "if-match": f'W/"{task["meta"]["versionId"]}"'}
    answer = asked.ask("PUT", f"Task/{task['id']}", content=msgspec.json.encode(changed), headers=headers)
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert len(entries(asked)) == before


def test_the_version_must_be_the_one_that_holds(asked):
    task = requested(asked)
    headers = {"content-type": "application/fhir+json"}
    answer = asked.ask("PUT", f"Task/{task['id']}", content=msgspec.json.encode(task), headers=headers)
    assert (answer.status_code, codes(answer)) == (428, ["rest.version-needed"])
    put(asked, task, status="accepted")
    assert codes(put(asked, task, status="in-progress")) == ["rest.version-differs"]


@pytest.mark.parametrize("who", ["doctor", "hospital", "citizen", "stranger", "system"])
def test_only_who_is_asked_can_answer(asked, who):
    task, before = requested(asked), len(entries(asked))
    other = Door(asked.house, who, "user/*.cruds" if who not in ("hospital", "system") else "system/*.cruds")
    answer = put(other, task, status="accepted")
    assert answer.status_code in (403, 404)
    assert len(entries(asked)) == before
    assert requested(asked)["status"] == "requested"


def test_without_the_scope_to_write_nothing_is_answered(asked):
    task = requested(asked)
    narrow = Door(asked.house, RECEIVER, "user/*.rs")
    assert codes(put(narrow, task, status="accepted")) == ["identity.insufficient-scope"]
