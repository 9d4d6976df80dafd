"""CarePlan, Goal and Appointment written here: each becomes a document, so there is one truth."""

import pytest

from tests.doors.fhir.world import Door, codes, door, resources
from tests.generative.doors.worlds import power

KINDS = {
    "Goal": {"lifecycleStatus": "active", "description": {"text": "Gå til byen"}, "startDate": "2026-10-01"},
    "CarePlan": {"status": "active", "intent": "plan", "title": "Plan for gangtræning"},
    "Appointment": {"status": "booked", "description": "Kontrol af gang", "start": "2026-11-02T09:00:00+01:00",
                    "end": "2026-11-02T09:30:00+01:00"},
}  # fmt: skip


@pytest.fixture
def asked() -> Door:
    return door()


def resource(asked: Door, kind: str, **more) -> dict:
    patient = {"reference": f"Patient/{asked.patient}"}
    about = (
        {"participant": [{"actor": patient, "status": "accepted"}]} if kind == "Appointment" else {"subject": patient}
    )
    return {"resourceType": kind, **KINDS[kind], **about, **more}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_a_document_that_is_found_read_and_traced(asked, kind):
    before = len(asked.house.storage.reader().entries(7))
    answer = asked.post(kind, resource(asked, kind))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"].endswith(f"{kind}/{made['id']}/_history/{made['meta']['versionId']}")
    assert asked.get(f"{kind}/{made['id']}").json() == made
    assert made["id"] in {one["id"] for one in resources(asked.get(f"{kind}?patient=Patient/{asked.patient}"))}
    entries = asked.house.storage.reader().entries(7)
    assert len(entries) == before + 1
    assert entries[-1].mime_type == "application/fhir+json"
    bytes_ = asked.get(f"Binary/{entries[-1].uuid.rpartition(':')[2]}")
    if kind == "Appointment":
        assert codes(bytes_) == ["sharing.document-withheld"]
    else:
        assert bytes_.json()["type"] == "document"
    traced = resources(asked.get(f"{kind}?_id={made['id']}&_revinclude=Provenance:target"), "include")
    assert traced[0]["entity"][0]["what"]["reference"].endswith(entries[-1].uuid.rpartition(":")[2])


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_keeps_the_id_and_replaces_the_document(asked, kind):
    first = asked.post(kind, resource(asked, kind))
    made, etag = first.json(), first.headers["etag"]
    name = "title" if kind == "CarePlan" else "description"
    words = {"text": "Gå helt til byen"} if kind == "Goal" else "Gå helt til byen"
    changed = resource(asked, kind, id=made["id"], **{name: words})
    asked.house.clock.now += 1000
    answer = put(asked, changed, etag)
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == made["id"]
    assert answer.headers["etag"] != etag
    # Of an appointment in general practice nobody is told the reason, whoever wrote it (DESIGN 12).
    told = "Aftale hos praktiserende læge" if kind == "Appointment" else words
    assert asked.get(f"{kind}/{made['id']}").json()[name] == told
    assert asked.get(f"{kind}/{made['id']}/_history").json()["total"] == 2
    assert asked.get(f"{kind}/{made['id']}/_history/{made['meta']['versionId']}").json() == made
    assert codes(put(asked, changed, etag)) == ["rest.version-differs"]


def put(asked: Door, changed: dict, etag: str = ""):
    import msgspec

    headers = {"content-type": "application/fhir+json"} | ({"if-match": etag} if etag else {})
    path = f"{changed['resourceType']}/{changed['id']}"
    return asked.ask("PUT", path, content=msgspec.json.encode(changed), headers=headers)


def test_a_change_must_say_of_what(asked):
    made = asked.post("Goal", resource(asked, "Goal")).json()
    answer = put(asked, resource(asked, "Goal", id=made["id"]))
    assert (answer.status_code, codes(answer)) == (428, ["rest.version-needed"])
    other = {**resource(asked, "Goal", id="x")}
    assert put(asked, other, 'W/"x"').status_code == 404


def test_what_stands_in_a_document_of_others_is_changed_by_its_document_alone(asked):
    goal = resources(asked.get(f"Goal?patient=Patient/{asked.patient}"))[0]
    changed = resource(asked, "Goal", id=goal["id"])
    assert codes(put(asked, changed, f'W/"{goal["meta"]["versionId"]}"')) == ["rest.not-alone"]


def test_only_the_organisation_it_comes_from_changes_it(asked):
    made = asked.post("Goal", resource(asked, "Goal"))
    before = len(asked.house.storage.reader().entries(7))
    other = Door(asked.house, "eyes")
    answer = put(other, resource(other, "Goal", id=made.json()["id"]), made.headers["etag"])
    assert 400 <= answer.status_code < 500
    assert len(asked.house.storage.reader().entries(7)) == before


def test_a_conditional_create_writes_once(asked):
    own = {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0b8c9c7e-0000-4000-8000-000000000001"}
    condition = {"if-none-exist": f"identifier={own['system']}|{own['value']}"}
    first = asked.post("Goal", resource(asked, "Goal", identifier=[own]), headers=condition)
    again = asked.post("Goal", resource(asked, "Goal", identifier=[own]), headers=condition)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert codes(asked.post("Goal", resource(asked, "Goal"), headers={"if-none-exist": "status=active"})) == [
        "rest.condition"
    ]


@pytest.mark.parametrize(("wish", "content"), [("minimal", b""), ("OperationOutcome", b"OperationOutcome")])
def test_the_answer_is_what_was_preferred(asked, wish, content):
    answer = asked.post("Goal", resource(asked, "Goal"), headers={"prefer": f"return={wish}"})
    assert answer.status_code == 201
    assert content in answer.content
    assert b"Gangtr" not in answer.content
    assert answer.headers["etag"].startswith('W/"')


@pytest.mark.parametrize(
    ("who", "code"), [("citizen", "access.no-right"), ("relative", "access.no-right"), ("officer", None)]
)
def test_who_may_not_write_is_refused(who, code):
    asked = door(powers=(power("plans"),))
    own = Door(asked.house, who, "user/*.cruds")
    answer = own.post("Goal", resource(asked, "Goal"))
    assert answer.status_code == 403
    assert code is None or codes(answer) == [code]


def test_what_is_not_about_a_patient_or_is_of_another_type_is_refused(asked):
    nobody = {"resourceType": "Goal", **KINDS["Goal"], "subject": {"reference": "Patient/x"}}
    assert codes(asked.post("Goal", nobody)) == ["mhd.patient-unnamed"]
    assert codes(asked.post("CarePlan", resource(asked, "Goal"))) == ["rest.wrong-resource"]
    bound = Door(asked.house, "doctor", patient=8)
    assert codes(bound.post("Goal", resource(asked, "Goal"))) == ["identity.other-patient"]
