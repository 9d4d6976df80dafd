"""fhirpy, which nobody here wrote, finds, follows, pages, asks operations, validates and writes at the served door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.clients.serving import address, asked  # noqa: F401 - fixtures
from tests.doors.fhir.test_writing import KINDS
from tests.doors.fhir.world import Door, number

fhirpy = pytest.importorskip("fhirpy", reason="the foreign client fhirpy is not installed")
CPR = "urn:oid:1.2.208.176.1.2"


@pytest.fixture
def client(asked: Door, address: str) -> Any:  # noqa: F811
    return fhirpy.SyncFHIRClient(address, authorization=f"Bearer {asked.token}")


def test_plans_with_what_they_refer_to(asked, client):  # noqa: F811
    found = (
        client.resources("CarePlan").search(patient=f"Patient/{asked.patient}").include("CarePlan", "goal").fetch_raw()
    )
    kinds = {entry.resource.resource_type for entry in found.entry}
    assert {"CarePlan", "Goal"} <= kinds
    plan = next(entry.resource for entry in found.entry if entry.resource.resource_type == "CarePlan")
    assert plan.subject.to_resource().id == asked.patient


def test_every_page_is_fetched(asked, client):  # noqa: F811
    goals = client.resources("Goal").search(patient=asked.patient)
    whole = {one.id for one in goals.limit(50).fetch_all()}
    assert len(whole) > 2
    assert {one.id for one in goals.limit(2).fetch_all()} == whole
    assert goals.count() == len(whole)


def test_an_operation_by_post_gives_the_id_of_a_number(asked, client):  # noqa: F811
    wanted = {"resourceType": "Patient", "identifier": [{"system": CPR, "value": number()}]}
    body = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": wanted}]}
    (entry,) = client.execute("Patient/$match", method="POST", data=body)["entry"]
    assert entry["resource"]["id"] == asked.patient
    assert client.reference("Patient", asked.patient).execute("$overblik", method="GET")["type"] == "document"


def test_a_resource_is_validated(client):
    goal = client.resource("Goal", **KINDS["Goal"], subject={"reference": "Patient/x"})
    assert goal.is_valid()
    assert not client.resource("Goal", description={"text": "x"}).is_valid()


def test_a_number_in_an_address_is_refused_as_the_client_expects(client):
    with pytest.raises(fhirpy.base.exceptions.OperationOutcome, match=r"rest\.number-in-address"):
        client.resources("Patient").search(identifier=f"{CPR}|{number()}").fetch()


def test_what_it_writes_it_reads_again(asked, client):  # noqa: F811
    goal = client.resource("Goal", **KINDS["Goal"], subject={"reference": f"Patient/{asked.patient}"})
    goal.save()
    assert goal.id
    assert client.resources("Goal").search(patient=asked.patient, _id=goal.id).get().id == goal.id
