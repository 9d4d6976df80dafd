"""Documents by IHE MHD 4.2: found, listed and fetched (ITI-66, ITI-67, ITI-68), by GET and POST, in JSON and XML."""

from base64 import b64decode
from hashlib import sha1

import pytest

from patientoverblik.access import Block
from patientoverblik.formats.fhir import decode_xml
from tests.doors.fhir.world import Door, codes, door, number, resources
from tests.generative.doors.worlds import furnished, place, told

CPR = "urn:oid:1.2.208.176.1.2"


@pytest.fixture
def asked() -> Door:
    return door()


def found(asked: Door, more: str = "") -> list[dict]:
    return resources(asked.get(f"DocumentReference?patient=Patient/{asked.patient}{more}"))


def test_what_was_delivered_by_another_door_is_found_here(asked):
    answer = asked.get(f"DocumentReference?patient=Patient/{asked.patient}&status=current")
    entries = asked.house.storage.reader().entries(7)
    current = {one.uuid for one in entries if one.status == "approved"}
    named = {one["identifier"][0]["value"] for one in resources(answer)}
    assert answer.json()["total"] == len(named)
    assert named == current


def test_a_document_is_fetched_byte_by_byte_where_it_is_said_to_be(asked):
    for one in found(asked)[:3]:
        attachment = one["content"][0]["attachment"]
        answer = asked.get(attachment["url"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == attachment["contentType"] == "text/xml"
        assert b64decode(attachment["hash"]) == sha1(answer.content).digest()
        assert attachment["size"] == len(answer.content)
        assert any(one.data == answer.content for one in told("AB"))


def test_a_document_comes_as_a_binary_where_that_is_asked_for(asked):
    address = found(asked)[0]["content"][0]["attachment"]["url"]
    plain = asked.get(address, headers={"accept": "*/*"})
    wrapped = asked.get(address, headers={"accept": "application/fhir+json"}).json()
    assert (wrapped["resourceType"], wrapped["contentType"]) == ("Binary", "text/xml")
    assert b64decode(wrapped["data"]) == plain.content
    refused = asked.get(address, headers={"accept": "image/png"})
    assert (refused.status_code, codes(refused)) == (406, ["rest.not-acceptable"])


def test_a_search_by_post_with_the_number_is_the_search_by_get_with_the_id(asked):
    by_get = asked.get(f"DocumentReference?patient=Patient/{asked.patient}&status=current")
    by_post = asked.search("DocumentReference", **{"patient.identifier": f"{CPR}|{number()}", "status": "current"})
    assert by_get.json() == by_post.json()
    assert number() not in str([one["url"] for one in by_post.json()["link"]])


def test_a_number_in_an_address_is_refused_with_the_way_to_do_it_right(asked):
    for path in (
        f"DocumentReference?patient.identifier={CPR}|{number()}",
        f"Patient?identifier={number()}",
        f"Patient/{number()}",
        f"CarePlan?patient={number()}",
    ):
        answer = asked.get(path)
        assert (answer.status_code, codes(answer)) == (400, ["rest.number-in-address"])
        assert "POST" in answer.text
        assert number() not in answer.text


def test_xml_says_what_json_says(asked):
    path = f"DocumentReference?patient=Patient/{asked.patient}&_count=1"
    as_xml = asked.get(path, headers={"accept": "application/fhir+xml"})
    assert as_xml.headers["content-type"].startswith("application/fhir+xml")
    assert decode_xml(as_xml.content) == asked.get(path).json()
    assert asked.get(f"{path}&_format=xml").content == as_xml.content


@pytest.mark.parametrize(
    ("search", "hits"),
    [
        ("&status=current", True),
        ("&status=superseded,current", True),
        ("&status:not=current&status=current", False),
        ("&type=http://loinc.org|81215-6", True),
        ("&type=urn:oid:2.16.840.1.113883.6.1|81215-6", True),
        ("&type=http://loinc.org|1", False),
        ("&category=urn:oid:1.2.208.184.100.9|001", True),
        ("&setting=http://snomed.info/sct|408443003", True),
        ("&facility=http://snomed.info/sct|394761003", True),
        ("&format=urn:oid:1.2.208.184.100.10|", True),
        ("&security-label=N", True),
        ("&creation=ge2026-01-01&creation=lt2027-01-01", True),
        ("&creation=gt2030", False),
        ("&period=ge2020", True),
        ("&date=ge2020", True),
        ("&date=lt2020", False),
        ("&author.family=Berggren", True),
        ("&author.given=Nancy", True),
        ("&author.family=Ingen", False),
        ("&contenttype=text/xml", True),
        ("&language=da-DK", True),
        ("&related:missing=true", True),
        ("&event=X", False),
    ],
)
def test_every_parameter_finds_what_fits_and_nothing_else(asked, search, hits):
    answer = asked.get(f"DocumentReference?patient=Patient/{asked.patient}{search}")
    assert answer.status_code == 200
    assert (answer.json()["total"] > 0) == hits


def test_a_document_is_found_by_its_own_ids(asked):
    one = found(asked)[0]
    for value in (
        one["identifier"][0]["value"],
        "|".join(one["masterIdentifier"][name] for name in ("system", "value")),
    ):
        assert [each["id"] for each in resources(asked.get(f"DocumentReference?identifier={value}"))] == [one["id"]]
    assert [each["id"] for each in resources(asked.get(f"DocumentReference?_id={one['id']}"))] == [one["id"]]


def test_submission_sets_are_lists_of_what_came_together(asked):
    lists = resources(asked.get(f"List?patient=Patient/{asked.patient}&code=submissionset&status=current"))
    named = {one["item"]["reference"] for each in lists for one in each["entry"]}
    assert lists
    assert named == {f"DocumentReference/{one['id']}" for one in found(asked)}


def test_a_replaced_document_is_superseded_and_told_by_its_successor():
    asked = door(steps="ABC")
    newer = [one for one in found(asked) if "relatesTo" in one]
    assert newer
    for one in newer:
        relation = one["relatesTo"][0]
        older = asked.get(relation["target"]["reference"]).json()
        assert (relation["code"], older["status"]) == ("replaces", "superseded")


def test_a_version_is_known_by_its_etag(asked):
    one = found(asked)[0]
    answer = asked.get(f"DocumentReference/{one['id']}")
    again = asked.get(f"DocumentReference/{one['id']}", headers={"if-none-match": answer.headers["etag"]})
    assert (answer.status_code, again.status_code, again.content) == (200, 304, b"")
    version = answer.json()["meta"]["versionId"]
    assert asked.get(f"DocumentReference/{one['id']}/_history/{version}").json() == answer.json()
    assert asked.get(f"DocumentReference/{one['id']}/_history/77").status_code == 404


def test_pages_follow_one_another_and_are_nobody_elses():
    asked = door(steps="ABC")
    path = f"DocumentReference?patient=Patient/{asked.patient}&_count=3"
    whole, names, address = found(asked), [], path
    while address:
        answer = asked.get(address)
        names += [one["id"] for one in resources(answer)]
        links = {one["relation"]: one["url"] for one in answer.json()["link"]}
        address = links.get("next", "")
    assert names == [one["id"] for one in whole]
    further = next(one["url"] for one in asked.get(path).json()["link"] if one["relation"] == "next")
    other = Door(asked.house, "citizen", "patient/*.rs", patient=7)
    assert codes(other.get(further)) == ["rest.page-ended"]
    asked.house.clock.now += 2 * 60 * 60 * 1000
    late = Door(asked.house)
    assert (late.get(further).status_code, codes(late.get(further))) == (410, ["rest.page-ended"])


def test_a_page_ends_with_the_permit():
    asked = door(steps="ABC")
    path = f"DocumentReference?patient=Patient/{asked.patient}&_count=3"
    further = next(one["url"] for one in asked.get(path).json()["link"] if one["relation"] == "next")
    everything = Block("b", organisation=place("general-practice"), origin_from=1)
    asked.house.storage.act(lambda held: held.put_block(7, everything)).result()
    assert asked.get(further).status_code == 410


def test_what_is_not_known_is_named_and_strictly_refused(asked):
    path = f"DocumentReference?patient=Patient/{asked.patient}&ukendt=1&_include=Nothing:there"
    told_of = resources(asked.get(path), "outcome")[0]["issue"]
    assert [one["details"]["coding"][0]["code"] for one in told_of] == ["rest.parameter-ignored"] * 2
    strict = asked.get(path, headers={"prefer": "handling=strict"})
    assert (strict.status_code, set(codes(strict))) == (400, {"rest.parameter-unknown"})
    for wrong in ("status:above=current", "creation=snart", "_count=mange", "_sort=ingenting", "_count=1&_count=2"):
        assert asked.get(f"DocumentReference?patient=Patient/{asked.patient}&{wrong}").status_code == 400


def test_a_patient_must_be_named_and_only_one(asked):
    assert codes(asked.get("DocumentReference?status=current")) == ["rest.patient-needed"]
    other = asked.get(f"DocumentReference?patient=Patient/{asked.patient}&patient=Patient/x")
    assert codes(other) == ["rest.one-patient"]


def test_nobody_without_access_learns_whether_a_patient_is_here():
    house = furnished(told("AB"))
    stranger = Door(house, "stranger")
    known = stranger.get(f"DocumentReference?patient=Patient/{stranger.patient}")
    unknown = stranger.get("DocumentReference?patient=Patient/nobody")
    assert (known.status_code, known.content) == (403, unknown.content)
    entry = house.storage.reader().entries(7)[0].uuid.removeprefix("urn:uuid:")
    for kind in ("DocumentReference", "Binary"):
        there, nowhere = stranger.get(f"{kind}/{entry}"), stranger.get(f"{kind}/{'0' * 8}-dead-4000-8000-{'0' * 12}")
        assert (there.status_code, there.content) == (404, nowhere.content)


def test_every_look_is_written_down_once_with_what_was_shown(asked):
    before = len(asked.house.storage.reader().looks(7))
    answer = asked.get(f"DocumentReference?patient=Patient/{asked.patient}&_count=2")
    look = asked.house.storage.reader().looks(7)[-1]
    shown = {one["identifier"][0]["value"] for one in resources(answer)}
    assert len(asked.house.storage.reader().looks(7)) == before + 1
    assert {one.entry for one in look.documents} == shown
    assert (look.act, look.actor.id) == ("list", "laege")
