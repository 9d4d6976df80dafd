"""Who looked, by which rule, and where everything comes from: to the patient, and to an officer who oversees."""

import pytest

from tests.doors.fhir.world import Door, codes, door, resources
from tests.generative.doors.worlds import power


@pytest.fixture(scope="module")
def asked() -> Door:
    """A house where a doctor and the patient have looked, and a stranger was refused."""
    asked = door(powers=(power("plans"),))
    for who in ("doctor", "citizen", "stranger"):
        Door(asked.house, who).get(f"CarePlan?patient=Patient/{asked.patient}")
    return asked


@pytest.mark.parametrize("who", ["citizen", "officer"])
@pytest.mark.parametrize(
    ("name", "hit", "miss"),
    [
        ("date", "ge2026-01-01", "lt2026-01-01"),
        ("action", "R", "D"),
        ("type", "rest", "x"),
        ("subtype", "http://hl7.org/fhir/restful-interaction|read", "http://hl7.org/fhir/restful-interaction|delete"),
        ("outcome", "0", "8"),
        ("agent:identifier", "https://autregweb.sst.dk|ZZ999", "https://autregweb.sst.dk|ZZ000"),
        ("agent-name", "Test", "Ingen"),
        ("policy", "urn:patientoverblik:access-rule:professional-relation", "urn:patientoverblik:access-rule:none"),
        ("entity-role", "4", "20"),
        ("entity-type", "1", "3"),
        ("source:identifier", "urn:oid:1.2.3.5", "urn:oid:9.9"),
    ],
)
def test_each_parameter_finds_what_it_says_and_nothing_else(asked, who, name, hit, miss):
    reader = Door(asked.house, who)
    every = reader.get(f"AuditEvent?patient=Patient/{asked.patient}&_summary=count").json()["total"]
    found, missed = (
        reader.get(f"AuditEvent?patient=Patient/{asked.patient}&{name}={value}").json() for value in (hit, miss)
    )
    assert 0 < found["total"] <= every
    assert missed["total"] == 0
    assert all(one["search"]["mode"] == "match" for one in found["entry"])


def test_the_documents_of_a_look_are_found_by(asked):
    own = Door(asked.house, "citizen", patient=7)
    looked = resources(own.get("AuditEvent?_sort=-date&entity-role=4"))[0]
    document = next(one["what"]["reference"] for one in looked["entity"] if one["role"]["code"] == "4")
    found = resources(own.get(f"AuditEvent?entity={document}"))
    assert looked in found


def test_pages_of_the_log_are_whole_and_in_order(asked):
    own = Door(asked.house, "citizen", patient=7)
    whole = [one["id"] for one in resources(own.get("AuditEvent"))]
    told, answer = [], own.get("AuditEvent?_count=1")
    while True:
        told += [one["id"] for one in resources(answer)]
        further = [one["url"] for one in answer.json()["link"] if one["relation"] == "next"]
        if not further:
            break
        answer = own.get(further[0])
    assert told == whole


def test_an_officer_sees_where_each_document_comes_from_and_nothing_that_it_says(asked):
    officer = Door(asked.house, "officer")
    answer = officer.get(f"Provenance?patient=Patient/{asked.patient}")
    found = resources(answer)
    assert len(found) == len(asked.house.storage.reader().entries(7))
    for one in found:
        assert {"resourceType", "id", "meta", "target", "recorded", "activity", "agent"} >= one.keys()
    first = found[0]
    assert officer.get(f"Provenance/{first['id']}").json() == first
    organisation = first["agent"][0]["who"]["identifier"]
    by = f"agent:identifier={organisation['system']}|{organisation['value']}"
    assert first in resources(officer.get(f"Provenance?patient=Patient/{asked.patient}&{by}"))
    assert first in resources(officer.get(f"Provenance?target={first['target'][0]['reference']}&_id={first['id']}"))
    assert officer.get(f"CarePlan?patient=Patient/{asked.patient}").status_code == 403
    assert officer.get(first["target"][0]["reference"]).status_code == 404


@pytest.mark.parametrize("who", ["citizen", "relative", "doctor"])
def test_a_reader_sees_where_each_resource_comes_from(asked, who):
    reader = Door(asked.house, who)
    found = resources(reader.get(f"Provenance?patient=Patient/{asked.patient}&agent-type=assembler"))
    assert found
    assert all(one["entity"][0]["what"]["reference"].startswith("DocumentReference/") for one in found)


def test_to_oversee_is_in_the_trail(asked):
    before = len(asked.house.storage.reader().events(7))
    Door(asked.house, "officer").get(f"Provenance?patient=Patient/{asked.patient}")
    event = asked.house.storage.reader().events(7)[-1]
    assert len(asked.house.storage.reader().events(7)) == before + 1
    assert (event.act, event.rule, event.outcome) == ("log", "officer-oversees", "done")


def test_nobody_else_is_an_officer(asked):
    for who in ("stranger", "doctor"):
        assert codes(Door(asked.house, who).get(f"AuditEvent?patient=Patient/{asked.patient}")) == ["rest.refused"]
